//! Two ways beside each other, the same steps in the same row.

/// One row: what was expected, and what there was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row<T> {
    /// In both.
    Same(T),
    /// Expected, and not there.
    Missing(T),
    /// There, and not expected.
    Unexpected(T),
}

/// Puts two lists beside each other with as many equal rows as possible (the longest common
/// subsequence).
pub fn beside<T: Copy + PartialEq>(expected: &[T], found: &[T]) -> Vec<Row<T>> {
    let lengths = common(expected, found);
    let (mut rows, mut e, mut f) = (Vec::new(), 0, 0);
    while e < expected.len() || f < found.len() {
        let same = e < expected.len() && f < found.len() && expected[e] == found[f];
        if same {
            rows.push(Row::Same(expected[e]));
            (e, f) = (e + 1, f + 1);
        } else if f == found.len() || (e < expected.len() && lengths[e + 1][f] >= lengths[e][f + 1])
        {
            rows.push(Row::Missing(expected[e]));
            e += 1;
        } else {
            rows.push(Row::Unexpected(found[f]));
            f += 1;
        }
    }
    rows
}

/// The length of what the rests of both lists have in common, by where the rests begin.
fn common<T: PartialEq>(expected: &[T], found: &[T]) -> Vec<Vec<usize>> {
    let mut lengths = vec![vec![0; found.len() + 1]; expected.len() + 1];
    for e in (0..expected.len()).rev() {
        for f in (0..found.len()).rev() {
            lengths[e][f] = match expected[e] == found[f] {
                true => lengths[e + 1][f + 1] + 1,
                false => lengths[e + 1][f].max(lengths[e][f + 1]),
            };
        }
    }
    lengths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_equal_stands_in_one_row() {
        assert_eq!(
            beside(&['a', 'b', 'd'], &['a', 'c', 'd', 'e']),
            [
                Row::Same('a'),
                Row::Missing('b'),
                Row::Unexpected('c'),
                Row::Same('d'),
                Row::Unexpected('e'),
            ]
        );
        assert_eq!(beside::<char>(&[], &[]), []);
        assert_eq!(beside(&['a'], &[]), [Row::Missing('a')]);
    }
}
