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
mod names;
mod pattern;
pub(super) mod phrases;
mod queues;
mod rules;
mod steps;

pub use document::document;
pub use names::Names;
pub use names::Of;
pub(super) use steps::step;

use crate::exchange::time::Span;
use std::ops::RangeInclusive;

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
    /// Such a table that is kept under a name of this form has to have these fields.
    Named(&'static [Piece], &'static [&'static str]),
    /// A field has all names of a kind, where these are known.
    All(&'static str, Of),
    /// These, in a file of which it is known which names of this kind there are.
    Where(Of, &'static [Self]),
}

/// Something that may be true of a table; fields are named by their paths, in which [`ANY`] is one of all.
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
    /// It is a number.
    IsNumber(&'static [&'static str]),
    /// It is a table.
    IsTable(&'static [&'static str]),
    /// It is a text of this form.
    IsWritten(&'static [&'static str], &'static [Piece]),
}

/// A field of a table.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The key.
    pub name: &'static str,
    /// What it holds.
    pub holds: Type,
    /// What it is for, in a sentence.
    pub doc: &'static str,
    /// Whether every such table has it.
    pub required: bool,
    /// What holds where it is left out, as far as that is said.
    pub usual: Option<Usual>,
}

/// What holds where a field is left out.
#[derive(Clone, Copy, Debug)]
pub enum Usual {
    /// The same as with this length of time.
    Time(Span),
    /// The same as with this number.
    Whole(i64),
    /// The same as with this.
    Boolean(bool),
    /// The same as with this text.
    Text(&'static str),
    /// The same as with this text, for callers in English.
    English(&'static str),
    /// This, in words.
    Means(&'static str),
}

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub enum Type {
    /// Any text.
    Text,
    /// A text of a certain form, as a regular expression.
    Form(&'static str),
    /// A text made of these pieces.
    Written(&'static [Piece]),
    /// The name of something that stands elsewhere.
    Name(Of),
    /// A text for callers, or one for each language of the line.
    Words,
    /// The same, without placeholders.
    Label,
    /// The address of a look-up, with placeholders.
    Address,
    /// A text that another system is sent, with placeholders.
    Sent,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A whole number within bounds.
    Integer(i64, i64),
    /// A number within bounds.
    Number(f64, f64),
    /// `true` or `false`.
    Boolean,
    /// A length of time with its unit, within bounds.
    Duration(Span, Span),
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
    /// A table whose keys are names of something that stands elsewhere, and hold the same.
    By(Of, &'static Self),
    /// A table with fixed fields whose other keys are names within the one thing that it is of, as a table by
    /// names has it, and hold the same.
    Within(Of, &'static [Field], &'static Self),
    /// A text, a number, a day, or `true` or `false`.
    Scalar,
    /// Anything.
    Any,
    /// One of several.
    Either(&'static [Self]),
}

/// A piece of a text that is made of several.
#[derive(Clone, Copy, Debug)]
pub enum Piece {
    /// A regular expression.
    As(&'static str),
    /// A length of time within bounds.
    Time(Span, Span),
    /// A whole number within bounds.
    Whole(u64, u64),
    /// Two whole numbers within bounds, the smaller one first: `6-10`.
    Rising(u64, u64),
    /// A percentage from 0 to 100, with its sign.
    Percent,
    /// One of these words, in small letters or large ones.
    OneOf(&'static [&'static str]),
    /// Several, one after the other.
    All(&'static [Self]),
}

/// In a path: any of the fields of a table.
pub const ANY: &str = "*";
/// Names that an operator gives.
pub const NAMES: &str = "^.+$";
/// Where a call goes: the name of a step, or a built-in one.
pub const TARGET: Type = Type::Name(Of::Step);
/// A language tag.
pub const LANGUAGE: &str = "^[A-Za-z0-9-]+$";
/// A text for all callers, or one for each language; or several of which each time the next one is said.
pub const WORDS_IN_TURN: Type = Type::Either(&[Type::Words, Type::List(&Type::Words)]);
/// A day.
const DATE: &str = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$";
/// A probability, or a part of a whole.
pub const SHARE: Type = Type::Number(0.0, 1.0);

/// Fields of several lists in one.
macro_rules! fields {
    ($($list:expr),+ $(,)?) => {{
        const LISTS: &[&[$crate::menu::schema::Field]] = &[$($list),+];
        const COUNT: usize = $crate::menu::schema::count(LISTS);
        const ALL: [$crate::menu::schema::Field; COUNT] = $crate::menu::schema::joined(LISTS);
        &ALL
    }};
}
use fields;

const fn count(lists: &[&[Field]]) -> usize {
    let (mut count, mut list) = (0, 0);
    while list < lists.len() {
        count += lists[list].len();
        list += 1;
    }
    count
}

const fn joined<const COUNT: usize>(lists: &[&[Field]]) -> [Field; COUNT] {
    let mut all = [lists[0][0]; COUNT];
    let (mut place, mut list) = (0, 0);
    while list < lists.len() {
        let mut nth = 0;
        while nth < lists[list].len() {
            all[place] = lists[list][nth];
            (place, nth) = (place + 1, nth + 1);
        }
        list += 1;
    }
    all
}

/// A field that need not be there.
pub const fn field(name: &'static str, holds: Type, doc: &'static str) -> Field {
    Field {
        name,
        holds,
        doc,
        required: false,
        usual: None,
    }
}

/// A field that has to be there.
pub const fn required(name: &'static str, holds: Type, doc: &'static str) -> Field {
    Field {
        name,
        holds,
        doc,
        required: true,
        usual: None,
    }
}

/// The version of the file format.
pub const FORMAT: Field = field(
    "format",
    Type::Integer(super::fields::FORMAT, super::fields::FORMAT),
    "The version of the file format.",
)
.usual(Usual::Whole(super::fields::FORMAT));

impl Field {
    /// The same, with what holds where it is left out.
    pub const fn usual(self, usual: Usual) -> Self {
        Self {
            usual: Some(usual),
            ..self
        }
    }

    /// The same, with what that means, in words.
    pub const fn unset(self, means: &'static str) -> Self {
        self.usual(Usual::Means(means))
    }
}

impl Shape {
    /// The field with this name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Whether it differs from one thing to the next.
    fn is_of_one(&self) -> bool {
        let within = |holds: &Type| matches!(holds, Type::Within(..));
        self.fields.iter().any(|field| field.holds.any(&within))
    }

    /// The shape of the table, or the tables, in a field.
    pub fn inner(&self, name: &str) -> Option<&'static Self> {
        self.field(name)?.holds.shape()
    }
}

impl Type {
    /// A length of time within the bounds of its reader.
    pub const fn time(bounds: &RangeInclusive<Span>) -> Self {
        Self::Duration(*bounds.start(), *bounds.end())
    }

    /// The shape of the tables in it.
    fn shape(&self) -> Option<&'static Shape> {
        match self {
            Self::Table(shape) => Some(shape),
            Self::List(of) | Self::Map(_, of) | Self::By(_, of) | Self::Within(_, _, of) => {
                of.shape()
            }
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
