//! Lines of other systems: their files in, a menu file out, and a word on every piece.
//!
//! Each system has a reader of its own that makes a draft: the same steps, keys and
//! prompts for all of them. `finish` makes of it a line that can be loaded, `write` its text.
//! What has no counterpart is a `# TODO` in the file and a note in the [`Tally`].

mod asterisk;
mod branch;
mod connect;
mod draft;
mod finish;
mod freepbx;
mod freeswitch;
mod glob;
mod groups;
mod include;
mod json;
mod known;
mod names;
mod number;
mod order;
mod record;
mod recording;
mod regex;
mod silence;
mod slots;
mod spoken;
mod tally;
mod transfer;
mod twilio;
mod voicexml;
mod weave;
mod write;
mod xml;

pub use tally::Counts;
pub use tally::Fate;
pub use tally::Note;
pub use tally::Tally;

use super::diagnostic::Diagnostic;
use super::diagnostic::Diagnostics;
use super::diagnostic::Place;
use super::diagnostic::Severity;
use super::line::STEPS_MAX;
use super::source::FileId;
use super::source::Sources;
use super::source::open;
use draft::Draft;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Files of one import at most.
const FILES_MAX: usize = 64;

/// The systems whose files are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// FreeSWITCH: IVR menus, phrase macros, callcenter queues.
    FreeSwitch,
    /// Asterisk: `extensions.conf` and `queues.conf`.
    Asterisk,
    /// FreePBX: generated `ivr-N` contexts, or its tables of IVRs.
    FreePbx,
    /// Twilio Studio: a flow as JSON.
    Twilio,
    /// VoiceXML documents for the keys of a telephone.
    VoiceXml,
    /// Amazon Connect: flows as JSON.
    Connect,
}

impl System {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::FreeSwitch,
        Self::Asterisk,
        Self::FreePbx,
        Self::Twilio,
        Self::VoiceXml,
        Self::Connect,
    ];

    /// What it is called on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::FreeSwitch => "freeswitch",
            Self::Asterisk => "asterisk",
            Self::FreePbx => "freepbx",
            Self::Twilio => "twilio",
            Self::VoiceXml => "voicexml",
            Self::Connect => "connect",
        }
    }

    /// The system with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|system| system.name() == name)
    }
}

/// What to import.
#[derive(Clone, Debug)]
pub struct Request {
    /// Whose files they are.
    pub system: System,
    /// The files, which belong together.
    pub files: Vec<PathBuf>,
    /// Where calls begin, as the original calls it; otherwise the likeliest place.
    pub start: Option<String>,
    /// The time zone of the line, which few systems write down.
    pub timezone: Option<String>,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Imported {
    /// A name for the file, without an ending.
    pub name: String,
    /// The text of the line file.
    pub line: String,
    /// The text of the groups file, where the line needs one.
    pub groups: Option<String>,
    /// What became of each piece.
    pub tally: Tally,
}

/// Reads files of another system; none when they cannot be read, or hold nothing to import.
pub fn import(request: &Request, sources: &mut Sources, out: &mut Diagnostics) -> Option<Imported> {
    if request.files.len() > FILES_MAX {
        let message = format!("more than {FILES_MAX} files");
        out.push(Diagnostic::new("too-large", Severity::Error, None, message));
        return None;
    }
    let mut found = Diagnostics::default();
    let files = request.files.iter();
    let files: Vec<FileId> = files
        .filter_map(|path| open(path, None, sources, &mut found))
        .collect();
    let draft = match found.has_errors() {
        true => None,
        false => read(request, &files, sources, &mut found),
    };
    let good = !found.has_errors();
    out.append(found);
    let mut draft = draft.filter(|_| good)?;
    recording::carry_over(&mut draft);
    if draft.steps.is_empty() {
        out.push(only_hangs_up(files[0]));
        return None;
    }
    if draft.timezone.is_none() {
        draft.timezone.clone_from(&request.timezone);
    }
    finish::finish(&mut draft);
    order::by_reading(&mut draft);
    if draft.steps.len() > STEPS_MAX {
        let message = format!(
            "{} steps are too many: a line has at most {STEPS_MAX}",
            draft.steps.len()
        );
        let diagnostic = Diagnostic::new("too-large", Severity::Error, None, message);
        out.push(diagnostic.help("import the files in parts"));
        return None;
    }
    draft.tally.recordings = recordings(&draft);
    let origin = origin(&files, sources);
    Some(Imported {
        name: names::kebab(&draft.title, "line"),
        line: write::line(&draft, &origin, sources),
        groups: draft.groups.write(&origin),
        tally: draft.tally,
    })
}

fn read(
    request: &Request,
    files: &[FileId],
    sources: &mut Sources,
    out: &mut Diagnostics,
) -> Option<Draft> {
    match request.system {
        System::FreeSwitch => freeswitch::read(request, files, sources, out),
        System::Asterisk => asterisk::read(request, files, sources, out),
        System::FreePbx => freepbx::read(request, files, sources, out),
        System::Twilio => twilio::read(request, files, sources, out),
        System::VoiceXml => voicexml::read(request, files, sources, out),
        System::Connect => connect::read(request, files, sources, out),
    }
}

/// Whether a file holds no more pieces than a line may have steps; more are refused before they are
/// looked at one by one.
fn are_few(count: usize, what: &str, file: FileId, out: &mut Diagnostics) -> bool {
    if count > STEPS_MAX {
        let place = Place { file, span: 0..0 };
        let message = format!("{count} {what} are too many: a line has at most {STEPS_MAX} steps");
        let diagnostic = Diagnostic::error("too-large", place, message);
        out.push(diagnostic.help("import the file in parts"));
    }
    count <= STEPS_MAX
}

/// Files in which a call does nothing that a step would stand for.
fn only_hangs_up(file: FileId) -> Diagnostic {
    let place = Place { file, span: 0..0 };
    let message = "from where calls begin, all they do is hang up: there is nothing to import";
    Diagnostic::error("nothing-to-import", place, message)
        .help("name the menu, the flow or the context in which calls begin: --start NAME")
}

/// How many recordings the line plays of which only the names are known.
fn recordings(draft: &Draft) -> usize {
    let said = draft.steps.iter().filter_map(|step| step.say.as_ref());
    let said = said.chain(draft.phrases.iter().map(|(_, spoken)| spoken));
    let files: BTreeSet<&String> = said.flat_map(|spoken| &spoken.files).collect();
    files.len()
}

/// The names of the files, without the folders in which they happen to lie.
fn origin(files: &[FileId], sources: &Sources) -> String {
    let names = files.iter().map(|file| {
        let path = &sources.get(*file).path;
        path.file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    });
    names.collect::<Vec<String>>().join(", ")
}
