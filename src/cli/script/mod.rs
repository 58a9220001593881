//! `strowger script`: the words to record, for the people who speak them.

mod table;
mod text;

use super::Exit;
use super::output;
use crate::menu::audio;
use crate::menu::audio::Recording;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::source::Sources;
use crate::menu::value;
use clap::Args;
use std::collections::BTreeSet;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(
    after_help = "Example: strowger script menus/shop.toml --language es --format csv > es.csv is \
                        a list for a studio that speaks Spanish. A recording goes into the folder \
                        of the line's recordings, under the name that stands before its words."
)]
pub(super) struct Script {
    /// The lines. What several of them say from one file is printed once; files that are no lines by
    /// their names are passed over.
    #[arg(required = true, value_name = "LINE")]
    lines: Vec<PathBuf>,
    /// Only what is recorded in this language; may be given several times.
    #[arg(long = "language", value_name = "TAG")]
    languages: Vec<String>,
    /// How to print the words.
    #[arg(long, value_enum, default_value = "human")]
    format: ScriptFormat,
}

/// How words are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum ScriptFormat {
    /// To read from.
    Human,
    /// For spreadsheets: a row for each recording.
    Csv,
    /// For programs.
    Json,
}

/// One recording of a line.
struct Item<'s> {
    script: &'s audio::Script,
    recording: &'s Recording,
}

impl Script {
    pub(super) fn run(&self) -> Exit {
        let (mut sources, mut problems) = (Sources::default(), Diagnostics::default());
        let scripts = audio::scripts(
            &super::audio::lines(&self.lines),
            &mut sources,
            &mut problems,
        );
        let exit = output::report(&problems, &sources);
        let Some(scripts) = scripts else {
            return exit;
        };
        let known: BTreeSet<&str> = scripts
            .iter()
            .flat_map(|script| script.languages.iter().map(String::as_str))
            .collect();
        for tag in &self.languages {
            if !known.contains(tag.as_str()) {
                eprintln!("error: none of these lines speaks \"{tag}\"");
                if let Some(help) = value::suggestion(tag, known.iter().copied()) {
                    eprintln!("  = help: {help}");
                }
                return Exit::Usage;
            }
        }
        let items = self.items(&scripts);
        output::print(&match self.format {
            ScriptFormat::Human => text::print(&scripts, &items, output::style()),
            ScriptFormat::Csv => table::csv(&items),
            ScriptFormat::Json => table::json(&items),
        });
        Exit::Fine
    }

    /// What is asked for, each file once.
    fn items<'s>(&self, scripts: &'s [audio::Script]) -> Vec<Item<'s>> {
        let mut files = BTreeSet::new();
        let mut items = Vec::new();
        for script in scripts {
            for recording in &script.recordings {
                let wanted =
                    self.languages.is_empty() || self.languages.contains(&recording.language);
                if wanted && files.insert(script.file(recording)) {
                    items.push(Item { script, recording });
                }
            }
        }
        items
    }
}
