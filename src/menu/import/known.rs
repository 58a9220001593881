//! What a call knows in the original, and a menu file knows too.

/// What a reference of the original stands for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Known {
    /// A value of an answer, by its name here.
    Answer(String),
    /// What the caller has entered, by its name here.
    Entry(String),
    /// An entry that nobody may hear.
    Secret(String),
    Caller,
    Language,
    /// Words that are known before the call.
    Words(String),
}

impl Known {
    /// How it is written in what is said.
    pub(super) fn spoken(&self) -> Option<String> {
        match self {
            Self::Answer(name) => Some(format!("{{{name}:text}}")),
            Self::Entry(name) => Some(format!("{{{name}:digits}}")),
            Self::Caller => Some("{caller}".to_owned()),
            Self::Words(words) => Some(words.clone()),
            Self::Secret(_) | Self::Language => None,
        }
    }

    /// How it is written in what is sent.
    pub(super) fn sent(&self) -> String {
        match self {
            Self::Answer(name) | Self::Entry(name) | Self::Secret(name) => format!("{{{name}}}"),
            Self::Caller => "{caller}".to_owned(),
            Self::Language => "{language}".to_owned(),
            Self::Words(words) => words.clone(),
        }
    }

    /// How it is written in an address, which is logged: nothing secret.
    pub(super) fn addressed(&self) -> Option<String> {
        match self {
            Self::Secret(_) => None,
            known => Some(known.sent()),
        }
    }
}
