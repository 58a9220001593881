//! The shapes of files: which fields a table has, of what type, and what they are for.
//!
//! A reader of a table is given its [`Shape`] (`Fields::shaped`), and may ask only for what the shape
//! lists, in the type and within the bounds that it lists: anything else is a bug that the first test
//! finds. JSON Schemas for editors are printed from the same shapes.

pub mod calls;
mod document;
mod entries;
pub mod groups;
pub mod line;
mod messages;
mod rules;
mod steps;

pub use document::document;
pub(super) use steps::step;

/// A table with fixed fields.
#[derive(Debug)]
pub struct Shape {
    /// Its name among the definitions of a schema.
    pub name: &'static str,
    /// What it is for, in a sentence.
    pub doc: &'static str,
    /// What fields ask of each other. The readers say it in words; here it is for schemas.
    pub rules: &'static [Rule],
    /// The fields.
    pub fields: &'static [Field],
}

/// What the fields of a table ask of each other.
#[derive(Debug)]
pub enum Rule {
    /// All of this is never true at once.
    Never(&'static [Part]),
    /// Where a field is this word, these others have to be there, and no more.
    Kind(&'static str, &'static str, &'static [&'static str]),
}

/// Something that may be true of a table; fields are named by their paths.
#[derive(Debug)]
pub enum Part {
    /// It is there.
    Has(&'static [&'static str]),
    /// It is not there.
    Lacks(&'static [&'static str]),
    /// It is this word.
    Is(&'static [&'static str], &'static str),
    /// It is `true`.
    IsTrue(&'static [&'static str]),
    /// It is a number above 0.
    Above0(&'static [&'static str]),
}

/// A field of a table.
#[derive(Debug)]
pub struct Field {
    /// The key.
    pub name: &'static str,
    /// What it holds.
    pub holds: Type,
    /// What it is for, in a sentence.
    pub doc: &'static str,
    /// Whether every such table has it.
    pub required: bool,
}

/// What a field holds.
#[derive(Debug)]
pub enum Type {
    /// Any text.
    Text,
    /// A text of a certain form, as a regular expression.
    Form(&'static str),
    /// One of these words.
    Word(&'static [&'static str]),
    /// A whole number within bounds.
    Integer(i64, i64),
    /// A number within bounds.
    Number(f64, f64),
    /// `true` or `false`.
    Boolean,
    /// A length of time with its unit.
    Duration,
    /// A day.
    Date,
    /// A day and a time.
    Moment,
    /// A list.
    List(&'static Self),
    /// A table with fixed fields.
    Table(&'static Shape),
    /// A table whose keys are of a certain form and hold the same.
    Map(&'static str, &'static Self),
    /// Anything.
    Any,
    /// One of several.
    Either(&'static [Self]),
}

/// Names that an operator gives.
pub const NAMES: &str = "^.+$";
/// Where a call goes: the name of a step, or a built-in one.
pub const TARGET: Type = Type::Form("^(@(back|start|repeat|hangup)|[^@].*)$");
/// A language tag.
pub const LANGUAGE: &str = "^[A-Za-z0-9-]+$";
/// What is said: every brace of a placeholder is closed.
const SPOKEN: Type = Type::Form(r"^[^{]*(\{[^}]*\}[^{]*)*$");
/// A text for all callers, or one for each language.
pub const WORDS: Type = Type::Either(&[SPOKEN, Type::Map(LANGUAGE, &SPOKEN)]);
/// Such a text, or several of which each time the next one is said.
pub const WORDS_IN_TURN: Type =
    Type::Either(&[SPOKEN, Type::Map(LANGUAGE, &SPOKEN), Type::List(&WORDS)]);
/// A day.
const DATE: &str = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$";
/// A probability, or a part of a whole.
pub const SHARE: Type = Type::Number(0.0, 1.0);

/// A field that need not be there.
pub const fn field(name: &'static str, holds: Type, doc: &'static str) -> Field {
    Field {
        name,
        holds,
        doc,
        required: false,
    }
}

/// A field that has to be there.
pub const fn required(name: &'static str, holds: Type, doc: &'static str) -> Field {
    Field {
        name,
        holds,
        doc,
        required: true,
    }
}

/// The version of the file format.
pub const FORMAT: Field = field(
    "format",
    Type::Integer(super::fields::FORMAT, super::fields::FORMAT),
    "The version of the file format.",
);

impl Shape {
    /// The field with this name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The shape of the table, or the tables, in a field.
    pub fn inner(&self, name: &str) -> Option<&'static Self> {
        self.field(name)?.holds.shape()
    }
}

impl Type {
    /// The shape of the tables in it.
    fn shape(&self) -> Option<&'static Shape> {
        match self {
            Self::Table(shape) => Some(shape),
            Self::List(of) | Self::Map(_, of) => of.shape(),
            Self::Either(types) => types.iter().find_map(Self::shape),
            _ => None,
        }
    }

    /// Whether this, or one of several, is such a type.
    pub fn any(&self, is: &impl Fn(&Self) -> bool) -> bool {
        match self {
            Self::Either(types) => types.iter().any(|one| one.any(is)),
            one => is(one),
        }
    }
}
