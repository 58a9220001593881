//! What breaks are for: `pause_reasons` of groups files.

use super::diagnostic::Diagnostic;
use super::fields::Fields;
use super::tree::Name;

/// Those of a groups file that does not say.
pub(super) const DEFAULT: [&str; 4] = ["break", "lunch", "meeting", "training"];
/// Reasons of one site at most.
const REASONS_MAX: usize = 32;

/// Adds the reasons of a groups file to those of the site. Two files may have the same.
pub(super) fn read(root: &mut Fields<'_>, reasons: &mut Vec<String>) {
    if root.value("pause_reasons").is_none() {
        let missing = |name: &&str| !reasons.iter().any(|known| known == name);
        let added: Vec<&str> = DEFAULT.into_iter().filter(missing).collect();
        let room = REASONS_MAX.saturating_sub(reasons.len());
        reasons.extend(added.into_iter().take(room).map(str::to_owned));
        return;
    }
    let names = root.texts("pause_reasons").unwrap_or_default();
    for (place, name) in names.iter().enumerate() {
        let before = names[..place].iter().find(|other| other.text == name.text);
        if name.text.trim().is_empty() {
            let help = "say what the break is for: \"lunch\"";
            root.bad_value(name.place.clone(), "a reason needs a name", help);
        } else if let Some(before) = before {
            let message = format!("the reason \"{}\" is there twice", name.text);
            let diagnostic = Diagnostic::error("bad-value", name.place.clone(), message);
            let diagnostic = diagnostic.label("here again");
            root.push(diagnostic.related(before.place.clone(), "first here"));
        } else if !reasons.contains(&name.text) {
            add(name, root, reasons);
        }
    }
}

fn add(name: &Name, root: &mut Fields<'_>, reasons: &mut Vec<String>) {
    if reasons.len() < REASONS_MAX {
        reasons.push(name.text.clone());
        return;
    }
    let message = format!("more than {REASONS_MAX} reasons for a break");
    root.push(Diagnostic::error("too-large", name.place.clone(), message));
}

/// A reason that no groups file has.
pub(super) fn unknown(name: &Name, known: &[String]) -> Diagnostic {
    let message = format!("no break is for \"{}\"", name.text);
    Diagnostic::error("unknown-reason", name.place.clone(), message)
        .label("not in `pause_reasons` of the groups file")
        .suggest(&name.text, known.iter().map(String::as_str))
}
