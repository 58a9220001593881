//! What the fields of lines and of their steps ask of each other.

use super::Part::Has;
use super::Part::IsTrue;
use super::Part::IsWritten;
use super::Part::Lacks;
use super::Piece;
use super::Rule;
use super::Rule::Named;
use super::Rule::Never;
use crate::menu::step::TELLING;

/// A line has steps, of its own or of files that it includes.
pub(super) const STEPS: &[Rule] = &[Never(&[
    Lacks(&["include"]),
    Lacks(&["menu"]),
    Lacks(&["say"]),
    Lacks(&["answer"]),
    Lacks(&["collect"]),
    Lacks(&["lookup"]),
    Lacks(&["survey"]),
    Lacks(&["hours"]),
    Lacks(&["queue"]),
    Lacks(&["callback"]),
    Lacks(&["record"]),
    Lacks(&["ticket"]),
    Lacks(&["transfer"]),
    Lacks(&["duty"]),
])];

/// Both ways or neither, and a question that is always asked.
pub(super) const HELPED: &[Rule] = &[
    Never(&[Has(&["helped"]), Lacks(&["not_helped"])]),
    Never(&[Has(&["not_helped"]), Lacks(&["helped"])]),
    Never(&[Has(&["helped"]), Has(&["when"])]),
];

/// What is secret is not read back, and what sounds so says whether it is.
pub(super) const SECRETS: &[Rule] = &[
    Never(&[IsTrue(&["secret"]), IsTrue(&["confirm"])]),
    Never(&[Lacks(&["secret"]), IsWritten(&["save"], SOUNDS_SECRET)]),
    Named(SOUNDS_SECRET, &["secret"]),
];
/// One of its words tells of a secret.
const SOUNDS_SECRET: &[Piece] = &[
    Piece::As(r"([\s\S]*[-_])?"),
    Piece::OneOf(&TELLING),
    Piece::As(r"([-_][\s\S]*)?"),
];

/// Every answer leads somewhere, and so does none.
pub(super) const ANSWERS: &[Rule] = &[
    Never(&[Lacks(&["error", "any"])]),
    Never(&[Has(&["branch"]), Lacks(&["case"])]),
    Never(&[Has(&["case"]), Lacks(&["branch"])]),
    Never(&[Lacks(&["branch"]), Lacks(&["then"])]),
    Never(&[Has(&["classes"]), Lacks(&["set", "class"])]),
    Never(&[Has(&["set", "class"]), Lacks(&["classes"])]),
];

/// A queue that closes says where to, and a start is ahead by one thing only.
pub(super) const WAITING: &[Rule] = &[
    Never(&[Has(&["hours"]), Lacks(&["closed"])]),
    Never(&[Has(&["closed"]), Lacks(&["hours"])]),
    Never(&[Has(&["head_start"]), Has(&["priority"])]),
];
