//! `strowger explain-code`: what the code of a problem means, with an example that draws it.

use super::Exit;
use super::Format;
use super::output;
use crate::fit::codes::FIT_CODES;
use crate::menu::codes;
use crate::menu::codes::Block;
use crate::menu::codes::Code;
use crate::menu::diagnostic::AUDIO_CODES;
use crate::menu::diagnostic::CALL_CODES;
use crate::menu::diagnostic::CODES;
use crate::menu::diagnostic::IMPORT_CODES;
use crate::menu::value;
use crate::report::style::Style;
use crate::report::wrap;
use crate::sim::codes::SCENARIO_CODES;
use clap::Args;
use serde_json::Value;
use serde_json::json;

/// All codes, by the files that can draw them.
const LISTS: [(&str, &[Code]); 6] = [
    ("Lines and groups", CODES),
    ("Recordings", AUDIO_CODES),
    ("Call tests", CALL_CODES),
    ("Scenarios, besides", SCENARIO_CODES),
    ("Recorded calls", FIT_CODES),
    ("Files of other systems", IMPORT_CODES),
];

#[derive(Debug, Args)]
pub(super) struct ExplainCode {
    /// The code, as it stands in brackets: `error[unknown-target]`. All codes are listed without one.
    #[arg(value_name = "CODE")]
    code: Option<String>,
    /// How to print it.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

impl ExplainCode {
    pub(super) fn run(&self) -> Exit {
        let Some(name) = &self.code else {
            output::print(&match self.format {
                Format::Human => list(output::style()),
                Format::Json => format!("{:#}\n", all().map(object).collect::<Value>()),
            });
            return Exit::Fine;
        };
        let Some(code) = find(name) else {
            eprintln!("error: {}", unknown(name));
            return Exit::Usage;
        };
        output::print(&match self.format {
            Format::Human => page(code, output::style()),
            Format::Json => format!("{:#}\n", object(code)),
        });
        Exit::Fine
    }
}

/// The code with this name; `error[…]` around it is forgiven.
pub(super) fn find(name: &str) -> Option<&'static Code> {
    codes::named(bare(name), &LISTS.map(|(_, list)| list))
}

/// What is said of a name that no code has.
pub(super) fn unknown(name: &str) -> String {
    let names = all().map(|code| code.name);
    let help = value::nearest(bare(name), names).map_or_else(
        || "`strowger explain-code` lists them all".to_owned(),
        |near| format!("did you mean \"{near}\"?"),
    );
    format!("there is no code \"{name}\"\n  = help: {help}")
}

fn bare(name: &str) -> &str {
    let inside = name.split_once('[').map_or(name, |(_, inside)| inside);
    inside.trim_end_matches(']')
}

fn all() -> impl Iterator<Item = &'static Code> + Clone {
    LISTS.into_iter().flat_map(|(_, list)| list)
}

fn object(code: &Code) -> Value {
    json!({ "code": code.name, "summary": code.summary(), "page": code.page })
}

/// Every code with the sentence that sums it up.
fn list(style: Style) -> String {
    let width = all().map(|code| code.name.len()).max().unwrap_or(0);
    let mut lines = Vec::new();
    for (title, codes) in LISTS {
        lines.push(style.bold(title));
        for code in codes {
            let mut name = code.name;
            for line in wrap(&code.summary(), style.width - width - 4) {
                lines.push(format!("  {name:<width$}  {line}"));
                name = "";
            }
        }
        lines.push(String::new());
    }
    lines.push(
        "`strowger explain-code CODE` shows an example of each, and how to mend it.".to_owned(),
    );
    ended(&lines)
}

/// The page, for a terminal.
fn page(code: &Code, style: Style) -> String {
    let mut lines = Vec::new();
    for block in code.blocks() {
        match block {
            Block::Heading(words) => lines.push(style.bold(words)),
            Block::Text(words) => lines.extend(wrap(&words, style.width)),
            Block::Example { file, text } => {
                let name = file.map(|file| style.dim(&format!("# {file}")));
                let text = text.lines().map(str::to_owned);
                let indented = |line: String| format!("    {line}").trim_end().to_owned();
                lines.extend(name.into_iter().chain(text).map(indented));
            }
        }
        lines.push(String::new());
    }
    lines.pop();
    ended(&lines)
}

fn ended(lines: &[String]) -> String {
    lines.join("\n") + "\n"
}
