//! What people can, and in which tier they come in, as files of head counts and rosters write it.

use super::scenario::names::Names;
use super::sheet::Row;
use super::sheet::Sheet;
use crate::menu::TIERS_MAX;
use crate::menu::value;

/// The level of a skill that a file names without one.
pub const SKILL_LEVEL: u8 = 100;

/// Skills with their levels from 0 to 100, in the order of their names.
pub type Skills = Vec<(String, u8)>;

/// The column `skills`: `es ca` or `en=90 es=100`; an empty cell is like no column.
pub(super) fn read(sheet: &Sheet, row: &Row, names: &Names<'_>) -> Option<Option<Skills>> {
    let text = sheet.cell(row, "skills").unwrap_or("");
    let mut skills = Skills::new();
    for word in text.split_whitespace() {
        let (name, level) = match word.split_once('=') {
            Some((name, level)) => (name, level.parse().ok().filter(|level| *level <= 100)),
            // `en:90` is meant as `en=90`, and no name, unless a queue asks for that.
            None => {
                let is_name = !word.contains(':') || names.skills().any(|asked| asked == word);
                (word, Some(SKILL_LEVEL).filter(|_| is_name))
            }
        };
        let is_twice = skills.iter().any(|(other, _)| other == name);
        let Some(level) = level.filter(|_| !name.is_empty() && !is_twice) else {
            let message = match is_twice {
                true => format!("the skill `{name}` is there twice"),
                false => format!("`{word}` is not a skill with a level from 0 to 100"),
            };
            let help = Some("write `es ca`, or with levels `es=100 ca=80`".to_owned());
            sheet.wrong(row, "skills", message, help);
            return None;
        };
        skills.push((name.to_owned(), level));
    }
    misspelt(sheet, row, &skills, names);
    skills.sort();
    Some((!skills.is_empty()).then_some(skills))
}

/// Skills as a file writes them: `en=90 es`.
pub(super) fn written(skills: &Skills) -> String {
    let word = |(name, level): &(String, u8)| match *level {
        SKILL_LEVEL => name.clone(),
        level => format!("{name}={level}"),
    };
    skills.iter().map(word).collect::<Vec<_>>().join(" ")
}

/// Warns of a skill that no queue asks for, and that is but a slip away from one.
fn misspelt(sheet: &Sheet, row: &Row, skills: &Skills, names: &Names<'_>) {
    for (name, _) in skills {
        if names.skills().any(|asked| asked == name) {
            continue;
        }
        if let Some(meant) = value::surely(name, names.skills()) {
            let message = format!("no queue asks for the skill `{name}`");
            let help = format!("did you mean \"{meant}\"?");
            sheet.warn("unknown-skill", (row, "skills"), message, help);
        }
    }
}

/// The column `tier`, which counts in all of the row's groups; an empty cell is like no column.
pub(super) fn tier(sheet: &Sheet, row: &Row) -> Option<u8> {
    let text = match sheet.cell(row, "tier") {
        None | Some("") => return Some(0),
        Some(text) => text,
    };
    let tier = text.parse().ok().filter(|tier| *tier <= TIERS_MAX);
    if tier.is_none() {
        let message = format!("`{text}` is not a tier from 0 to {TIERS_MAX}");
        let help = "those of tier 0, which an empty cell means, are asked first".to_owned();
        sheet.wrong(row, "tier", message, Some(help));
    }
    tier
}
