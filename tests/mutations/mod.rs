//! Changes to texts, so that readers meet what nobody would write.

use proptest::prelude::*;

/// A change to a text that leaves it text.
#[derive(Clone, Debug)]
pub(crate) enum Mutation {
    Cut(usize),
    Remove(usize, usize),
    Insert(usize, String),
    Swap(usize, usize),
}

pub(crate) fn mutation() -> impl Strategy<Value = Mutation> {
    let anything = "[\\[\\]{}=\"'.,#*0-9a-zé@\n -]{1,6}";
    prop_oneof![
        any::<usize>().prop_map(Mutation::Cut),
        (any::<usize>(), 1_usize..80).prop_map(|(at, count)| Mutation::Remove(at, count)),
        (any::<usize>(), anything).prop_map(|(at, text)| Mutation::Insert(at, text)),
        (any::<usize>(), any::<usize>()).prop_map(|(one, two)| Mutation::Swap(one, two)),
    ]
}

pub(crate) fn apply(text: &str, mutation: &Mutation) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let place = |at: usize| {
        let at = at % (text.len() + 1);
        (0..=at)
            .rev()
            .find(|place| text.is_char_boundary(*place))
            .unwrap_or(0)
    };
    match mutation {
        Mutation::Cut(at) => text[..place(*at)].to_owned(),
        Mutation::Remove(at, count) => {
            let start = place(*at);
            let end = place((start + count).min(text.len())).max(start);
            format!("{}{}", &text[..start], &text[end..])
        }
        Mutation::Insert(at, more) => {
            format!("{}{more}{}", &text[..place(*at)], &text[place(*at)..])
        }
        Mutation::Swap(one, two) if !lines.is_empty() => {
            let mut lines = lines.clone();
            let count = lines.len();
            lines.swap(one % count, two % count);
            lines.join("\n")
        }
        Mutation::Swap(..) => String::new(),
    }
}
