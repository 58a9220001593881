//! What recordings are called: `<audio>/<language>/<prompt>.wav`, and with values between the words
//! `<prompt>-1.wav`, `<prompt>-2.wav`, …; where lines lie side by side, each has a folder. The bridges that play them and the tools that make and check
//! them go by this one rule.

/// What every recording ends in.
pub const EXTENSION: &str = "wav";

/// Whether a piece of a prompt has to be recorded: a full stop after a value has not.
pub fn has_words(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

/// The recording of one of the pieces of a prompt that have words; `number` counts from 1.
pub fn of_piece(prompt: &str, number: usize, pieces: usize) -> String {
    let name = file_name(prompt);
    match pieces {
        0 | 1 => name,
        _ => format!("{name}-{number}"),
    }
}

/// The folder of a line among those of other lines, where one place holds the recordings of them all.
pub fn of_line(line: &str) -> String {
    file_name(line)
}

/// A step or a line may have any name, a file may not.
fn file_name(name: &str) -> String {
    let plain = |c: char| match c {
        c if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') => c,
        _ => '-',
    };
    let name: String = name.chars().map(plain).collect();
    match name.strip_prefix('.') {
        Some(rest) => format!("-{rest}"),
        None => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_among_several_has_a_number() {
        assert_eq!(of_piece("main", 1, 1), "main");
        assert_eq!(of_piece("eta", 2, 3), "eta-2");
    }

    #[test]
    fn no_name_leads_out_of_its_folder() {
        assert_eq!(of_piece("../x y", 1, 1), "-.-x-y");
        assert_eq!(of_piece("größe", 1, 1), "größe");
        assert_eq!(of_line("../shop, new"), "-.-shop--new");
    }
}
