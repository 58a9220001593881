//! Arguments and options of applications that nothing here reads: they are named.

use super::super::tally::Tally;
use super::dialplan::Line;

/// What is read of the arguments of some applications.
struct Read {
    apps: &'static [&'static str],
    /// The places of those that are read, from 0.
    places: &'static [usize],
    /// The place of the options, and the letters of those that are read, or are as it is done anyway.
    options: Option<(usize, &'static str)>,
}

/// Applications of which not all arguments are read; those of others are read, or are named with them.
const READ: [Read; 12] = [
    Read {
        apps: &["dial"],
        places: &[0],
        options: Some((2, "g")),
    },
    Read {
        apps: &["queue"],
        places: &[0, 4],
        options: Some((1, "c")),
    },
    // The greeting of the mailbox is to be written down; there are no instructions behind it.
    Read {
        apps: &["voicemail"],
        places: &[0],
        options: Some((1, "bsu")),
    },
    // A message is kept when a caller hangs up.
    Read {
        apps: &["record"],
        places: &[0, 2],
        options: Some((3, "k")),
    },
    // Calls are answered.
    Read {
        apps: &["background", "backgrounddetect"],
        places: &[0],
        options: Some((1, "ns")),
    },
    Read {
        apps: &["read"],
        places: &[0, 1, 2, 4, 5],
        options: Some((3, "ns")),
    },
    Read {
        apps: &["waitexten"],
        places: &[0],
        options: Some((1, "")),
    },
    // Conversations alone are recorded, both sides in one, in files with names of their own.
    Read {
        apps: &["mixmonitor"],
        places: &[0],
        options: Some((1, "b")),
    },
    Read {
        apps: &["monitor"],
        places: &[0, 1],
        options: Some((2, "bm")),
    },
    Read {
        apps: &["hangup"],
        places: &[],
        options: None,
    },
    Read {
        apps: &["playback"],
        places: &[0],
        options: None,
    },
    Read {
        apps: &[
            "controlplayback",
            "sayalpha",
            "saydigits",
            "saynumber",
            "sayphonetic",
            "transfer",
        ],
        places: &[0],
        options: None,
    },
];
/// Words in the place of options that are as it is done anyway: calls are answered.
const WORDS: [&str; 2] = ["noanswer", "skip"];

/// Tells of the arguments of a line that are not read.
pub(super) fn tell(line: &Line, list: &[String], tally: &mut Tally) {
    let app = line.app.as_str();
    let Some(read) = READ.iter().find(|read| read.apps.contains(&app)) else {
        return;
    };
    let mut left: Vec<&str> = Vec::new();
    for (place, argument) in list.iter().enumerate() {
        let is_word = app == "playback" && WORDS.contains(&argument.as_str());
        match read.options {
            Some((at, letters)) if at == place => {
                let others = options(argument).into_iter();
                left.extend(others.filter(|option| !is_one_of(option, letters)));
            }
            _ if argument.is_empty() || is_word || read.places.contains(&place) => {}
            _ => left.push(argument),
        }
    }
    if !left.is_empty() {
        let note = format!(
            "not carried over of `{}`: {}",
            line.written,
            left.join(", ")
        );
        tally.approximate(&line.place, note);
    }
}

/// Whether an option is given, with or without something in brackets behind it.
pub(super) fn has_option(list: &[String], place: usize, letter: &str) -> bool {
    let given = list.get(place).map_or("", String::as_str);
    options(given)
        .iter()
        .any(|option| is_one_of(option, letter))
}

fn is_one_of(option: &str, letters: &str) -> bool {
    let letter = option.chars().next();
    letter.is_some_and(|letter| letters.contains(letter)) && !option.contains("${")
}

/// Options one by one, `L(60000)gU(sub)`; what is only known during the call is one.
fn options(text: &str) -> Vec<&str> {
    if text.contains("${") {
        return vec![text];
    }
    let mut options = Vec::new();
    let (mut start, mut depth) = (0, 0_usize);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 && at > start => {
                options.push(&text[start..at]);
                start = at;
            }
            _ => {}
        }
    }
    options.push(&text[start..]);
    options.retain(|option| !option.trim().is_empty());
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_with_what_stands_in_brackets_behind_them() {
        assert_eq!(
            options("L(60000:30000)U(sub^a(1))gG(after^s^1)"),
            ["L(60000:30000)", "U(sub^a(1))", "g", "G(after^s^1)"]
        );
        assert_eq!(options("tT"), ["t", "T"]);
        assert_eq!(options("((é)"), ["((é)"]);
        assert_eq!(options("${OPT}g"), ["${OPT}g"]);
        assert!(options("").is_empty());
    }
}
