//! Texts from elsewhere, made harmless.

/// A text that can be shown on any terminal: what would act on it is replaced, and what it cannot
/// show, too.
pub fn clean(text: &str, unicode: bool) -> String {
    let replace = |c: char| match c {
        c if acts(c) => ' ',
        c if !unicode && !c.is_ascii() => '?',
        c => c,
    };
    text.chars().map(replace).collect()
}

/// Control characters, and those that turn the direction of writing or are not seen.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}
