//! What callers have to listen to: long menus, options that come late, and menus that are said once.

use super::super::diagnostic::Diagnostic;
use super::super::diagnostic::Diagnostics;
use super::super::graph;
use super::super::lower::StepTrace;
use super::super::prompt;
use super::super::tree::Name;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Menu;
use crate::exchange::dialplan::Target;
use crate::exchange::id::LanguageId;
use crate::exchange::id::StepId;
use crate::exchange::time::Span;

/// What a menu says at most.
const MENU_MAX: Span = Span::seconds(20);
/// When the first option is spoken at the latest.
const FIRST_OPTION_WITHIN: Span = Span::seconds(10);

/// Checks one menu.
pub(super) fn check(
    plan: &Dialplan,
    step: StepId,
    menu: &Menu,
    trace: &StepTrace,
    out: &mut Diagnostics,
) {
    long_prompts(plan, step, trace, out);
    no_repeat_key(plan, step, menu, trace, out);
}

/// In the language that takes longest, whatever is said: the first time, again, and after a wrong key
/// or silence.
fn long_prompts(plan: &Dialplan, step: StepId, trace: &StepTrace, out: &mut Diagnostics) {
    let line = plan.line(plan.step(step).line);
    let Some(words) = &trace.words else {
        return;
    };
    for (prompt, texts) in &words.prompts {
        let speech = |id: &LanguageId| plan.speech(*prompt, *id);
        let tag = |id: &LanguageId| plan.languages[id.index()].as_str();
        let said = line.languages.iter().zip(&words.texts[texts.clone()]);
        let said = said.map(|(id, text)| (speech(id).length, tag(id), text));
        if let Some(found) = long_prompt(said) {
            out.push(found);
        }
    }
}

/// One prompt: for each language its length, its tag and its text.
fn long_prompt<'a>(
    said: impl Iterator<Item = (Span, &'a str, &'a Name)> + Clone,
) -> Option<Diagnostic> {
    let longest = said.clone().max_by_key(|(length, ..)| *length);
    if let Some((length, _, text)) = longest.filter(|(length, ..)| *length > MENU_MAX) {
        let message = format!("this menu speaks for {} seconds", seconds(length));
        let diagnostic = Diagnostic::warning("long-prompt", text.place.clone(), message);
        let help = format!(
            "say it in at most {} seconds, or lead to a second menu",
            seconds(MENU_MAX)
        );
        return Some(diagnostic.help(help));
    }
    let begins = said.filter_map(|(_, tag, text)| {
        let before = prompt::before_options(&text.text)?;
        Some((prompt::time_to_say(before, tag), text))
    });
    let latest = begins.max_by_key(|(time, _)| *time);
    let (time, text) = latest.filter(|(time, _)| *time > FIRST_OPTION_WITHIN)?;
    let message = format!("the first option comes after {} seconds", seconds(time));
    let diagnostic = Diagnostic::warning("long-prompt", text.place.clone(), message);
    let help = format!(
        "speak of the first key within {} seconds; a `say` step before the menu is heard once",
        seconds(FIRST_OPTION_WITHIN)
    );
    Some(diagnostic.help(help))
}

/// A menu that is said once, for want of a key and of patience.
fn no_repeat_key(
    plan: &Dialplan,
    step: StepId,
    menu: &Menu,
    trace: &StepTrace,
    out: &mut Diagnostics,
) {
    let said_again = |to: Target| matches!(to, Target::Repeat) || to == Target::Step(step);
    let mut actions = graph::actions(plan, menu.keys).into_iter();
    let by_key = actions.any(|action| said_again(plan.key_actions[action as usize].target));
    if by_key || menu.patience.silences > 1 {
        return;
    }
    let message = format!("nothing says \"{}\" again", plan.step(step).name);
    let diagnostic = Diagnostic::warning("no-repeat-key", trace.name.clone(), message);
    let help = "add a key that leads to \"@repeat\", or let silence repeat it: `tries = 2`";
    out.push(
        diagnostic
            .label("said once, and then it gives up")
            .help(help),
    );
}

fn seconds(span: Span) -> u64 {
    span.0.div_ceil(1000)
}
