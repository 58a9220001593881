//! Steps that act for the agent whose phone calls.

use super::diagnostic::Diagnostic;
use super::fields::Fields;
use super::graph::Via;
use super::lower::Lowering;
use super::lower::StepTrace;
use super::reasons;
use super::tree::Name;
use crate::exchange::dialplan::Duty;
use crate::exchange::dialplan::DutyAct;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::Target;
use crate::exchange::id::ReasonId;

pub(super) const ACTS: [&str; 4] = ["sign-in", "ready", "pause", "sign-out"];

impl Lowering<'_> {
    /// Lowers `[duty.name]`.
    pub(super) fn duty(&mut self, fields: &mut Fields<'_>, trace: &mut StepTrace) -> StepKind {
        self.require_groups(fields);
        StepKind::Duty(Duty {
            act: self.act(fields),
            then: self.exit_or_dead_end(fields, Via::Then, trace),
            refused: self.refused(fields, trace),
            stranger: self
                .exit(fields, Via::Stranger, trace)
                .unwrap_or(Target::HangUp),
        })
    }

    /// Agents come from a groups file.
    fn require_groups(&self, fields: &mut Fields<'_>) {
        if !self.names_groups {
            let message = format!("{} acts for agents, and this line has none", fields.title());
            let diagnostic = Diagnostic::error("missing-field", fields.place(), message);
            fields.push(diagnostic.help("add `groups = \"groups.toml\"` to [line]"));
        }
    }

    fn act(&self, fields: &mut Fields<'_>) -> DutyAct {
        fields.require("do", "what the agent does: do = \"ready\"");
        let word = fields.word("do", &ACTS);
        let reason = fields.text("reason");
        let act = match word {
            Some("pause") => {
                return DutyAct::Pause(reason.and_then(|name| self.reason(&name, fields)));
            }
            Some("sign-in") => DutyAct::SignIn,
            Some("sign-out") => DutyAct::SignOut,
            _ => DutyAct::Ready,
        };
        if let (Some(word), Some(reason)) = (word, reason) {
            let message = format!("`do = \"{word}\"` takes no reason");
            let help = "`reason` goes with `do = \"pause\"` only: leave it out";
            fields.bad_value(reason.place, message, help);
        }
        act
    }

    /// The reason with this name; an unknown one is reported.
    fn reason(&self, name: &Name, fields: &mut Fields<'_>) -> Option<ReasonId> {
        let known = &self.plan.pause_reasons;
        let place = known.iter().position(|reason| *reason == name.text);
        // Without groups it has been reported that their file could not be read.
        if place.is_none() && !self.roster.groups.is_empty() {
            fields.push(reasons::unknown(name, known));
        }
        place.map(|place| ReasonId(place as u8))
    }

    fn refused(&mut self, fields: &mut Fields<'_>, trace: &mut StepTrace) -> Target {
        if fields.value("refused").is_none() {
            let message = format!(
                "when the agent cannot do that now, {} drops the call",
                fields.title()
            );
            let diagnostic = Diagnostic::warning("no-next-step", trace.name.clone(), message);
            let help = "add `refused`: a step, or \"@hangup\"";
            fields.push(diagnostic.label("no `refused`").help(help));
        }
        self.exit(fields, Via::Refused, trace)
            .unwrap_or(Target::HangUp)
    }
}

#[cfg(test)]
mod tests {
    use super::super::compile::Request;
    use super::super::compile::compile;
    use super::super::diagnostic::Diagnostics;
    use super::super::source::Sources;
    use crate::exchange::dialplan::Dialplan;
    use std::path::Path;
    use std::path::PathBuf;

    const STEP: &str = "[duty.off]\ndo = \"pause\"\nthen = \"@hangup\"\nrefused = \"@hangup\"\n";

    /// A site of lines that each name a groups file of their own.
    fn site(groups: &[&str], step: &str) -> (Option<Dialplan>, Diagnostics) {
        let (mut sources, mut request) = (Sources::default(), Request::default());
        for (place, text) in groups.iter().enumerate() {
            let (line, groups) = (format!("{place}.toml"), format!("{place}.groups.toml"));
            let head = format!(
                "[line]\nname = \"X\"\ngroups = \"{groups}\"\ntimezone = \"UTC\"\n\
                 languages = [\"en\"]\nstart = \"off\"\n"
            );
            sources.add(Path::new(&line), head + step);
            let text = format!("{text}\n[group.g{place}]\n");
            sources.add(Path::new(&groups), text);
            request.lines.push(PathBuf::from(line));
        }
        let mut diagnostics = Diagnostics::default();
        let plan = compile(&request, &mut sources, &mut diagnostics);
        (plan, diagnostics)
    }

    #[test]
    fn reasons_of_several_groups_files_are_put_one_after_the_other() {
        let files = [
            "pause_reasons = [\"tea\", \"lunch\"]",
            "",
            "pause_reasons = []",
        ];
        let plan = site(&files, STEP).0.expect("a plan");
        let reasons = ["tea", "lunch", "break", "meeting", "training"];
        assert_eq!(plan.pause_reasons, reasons);
    }

    #[test]
    fn reasons_have_a_limit() {
        let names: Vec<String> = (0..33).map(|number| format!("\"r{number}\"")).collect();
        let (all, most) = (names.join(", "), names[1..].join(", "));
        let (_, found) = site(&[&format!("pause_reasons = [{all}]")], STEP);
        assert!(found.has("too-large"));
        let (plan, _) = site(&[&format!("pause_reasons = [{most}]"), ""], STEP);
        assert_eq!(plan.expect("a plan").pause_reasons.len(), 32);
    }

    #[test]
    fn a_line_without_groups_has_nobody_to_act_for() {
        let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
        let head = "[line]\nname = \"X\"\ntimezone = \"UTC\"\nlanguages = [\"en\"]\n";
        sources.add(
            Path::new("x.toml"),
            format!("{head}start = \"off\"\n{STEP}"),
        );
        let request = Request {
            lines: vec![PathBuf::from("x.toml")],
            ..Request::default()
        };
        assert!(compile(&request, &mut sources, &mut found).is_none());
        assert!(found.has("missing-field"));
    }
}
