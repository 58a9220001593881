//! What is said, and what is said the next times.

/// A text with its language, for each language of a line.
pub(super) type Transcript = Vec<(String, String)>;

/// What comes after the last of several texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Over {
    /// The last one again.
    Last,
    /// The first one again.
    First,
}

/// Texts of which each time the next one is said; one where it is always the same. The same turns are
/// always written in one way, however they are listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Turns {
    each: Vec<Transcript>,
    over: Over,
}

impl Turns {
    /// None where nothing is said.
    pub(super) fn new(mut each: Vec<Transcript>, over: Over) -> Option<Self> {
        let count = each.len();
        let short = match over {
            Over::Last => {
                let last = each.last()?;
                let differs = each.iter().rposition(|other| other != last);
                differs.map_or(1, |place| place + 2)
            }
            Over::First => {
                let comes_back = |period: &usize| {
                    let mut places = *period..count;
                    count.is_multiple_of(*period)
                        && places.all(|place| each[place] == each[place - period])
                };
                (1..=count).find(comes_back)?
            }
        };
        each.truncate(short);
        Some(Self { each, over })
    }

    /// The texts that differ.
    pub(super) fn each(&self) -> &[Transcript] {
        &self.each
    }

    /// Whether the first one comes again after the last.
    pub(super) fn is_round(&self) -> bool {
        self.over == Over::First
    }

    /// What is said after so many times.
    pub(super) fn after(&self, times: usize) -> &Transcript {
        let place = match self.over {
            Over::Last => times.min(self.each.len() - 1),
            Over::First => times % self.each.len(),
        };
        &self.each[place]
    }

    /// What is said the first time, in the first language.
    pub(super) fn opening(&self) -> Option<&str> {
        let (_, text) = self.each.first()?.first()?;
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turns(texts: &str, over: Over) -> Option<Turns> {
        let each = texts.split_whitespace();
        let each = each.map(|text| vec![("en".to_owned(), text.to_owned())]);
        Turns::new(each.collect(), over)
    }

    #[test]
    fn what_sounds_the_same_is_the_same() {
        assert_eq!(turns("a b b b", Over::Last), turns("a b", Over::Last));
        assert_eq!(turns("a a", Over::Last), turns("a", Over::Last));
        assert_ne!(turns("a b a", Over::Last), turns("a b", Over::Last));
        assert_eq!(turns("a b a b", Over::First), turns("a b", Over::First));
        assert_ne!(turns("a b b", Over::First), turns("a b", Over::First));
        assert_eq!(turns("", Over::First), None);
        assert_eq!(turns("", Over::Last), None);
    }

    #[test]
    fn after_the_last_one_comes_what_is_said_so() {
        let said = |over, times| turns("a b", over).expect("texts").after(times)[0].1.clone();
        assert_eq!([said(Over::Last, 1), said(Over::Last, 2)], ["b", "b"]);
        assert_eq!([said(Over::First, 1), said(Over::First, 2)], ["b", "a"]);
    }
}
