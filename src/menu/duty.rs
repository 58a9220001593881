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

const ACTS: [&str; 4] = ["sign-in", "ready", "pause", "sign-out"];

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
