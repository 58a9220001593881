//! Recordings to read from: language by language, the name of each above its words.

use super::Item;
use super::table::seconds;
use crate::cli::terminal::clean;
use crate::cli::transcript::wrap;
use crate::menu::audio::Script;
use crate::report::style::Style;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Columns before the words.
const INDENT: usize = 4;

pub(super) fn print(scripts: &[Script], items: &[Item<'_>], style: Style) -> String {
    let mut page = String::new();
    let mut heading = None;
    for item in items {
        let (script, recording) = (item.script, item.recording);
        let of = (&script.line, &recording.language);
        if heading != Some(of) {
            let title = format!(
                "{}: {}, in {}",
                script.line, script.title, recording.language
            );
            let gap = if heading.is_some() { "\n" } else { "" };
            let _ = writeln!(page, "{gap}{}\n", style.bold(&clean(&title, true)));
            heading = Some(of);
        }
        let length = format!("about {} s", seconds(recording.length.0));
        let file = clean(&recording.file(), true);
        let _ = writeln!(page, "  {file}  {}", style.dim(&length));
        // Words of any language: what a terminal cannot show is left to its font.
        for line in wrap(&clean(&recording.words, true), style.width - INDENT) {
            let _ = writeln!(page, "{:INDENT$}{line}", "");
        }
        if !recording.note.is_empty() {
            let note = clean(&format!("({})", recording.note), true);
            let _ = writeln!(page, "{:INDENT$}{}", "", style.dim(&note));
        }
    }
    let total: u64 = items.iter().map(|item| item.recording.length.0).sum();
    let folders: BTreeSet<String> = scripts
        .iter()
        .map(|script| script.folder.display().to_string())
        .collect();
    let folders: Vec<String> = folders.into_iter().collect();
    let count = match items.len() {
        1 => "1 recording".to_owned(),
        count => format!("{count} recordings"),
    };
    let (minutes, seconds) = (total / 60_000, total / 1000 % 60);
    let folders = clean(&folders.join(", "), true);
    let _ = writeln!(
        page,
        "\n{count} for {folders}, about {minutes} min {seconds} s"
    );
    page
}
