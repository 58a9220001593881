//! What callers want, and how many people that keeps busy.

use super::Site;
use super::Writer;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::StepNames;
use crate::exchange::id::GroupId;
use crate::exchange::id::QueueId;
use crate::fit::findings::Calls;
use crate::fit::wants;
use crate::fit::wants::End;
use crate::fit::wants::Wanted;
use crate::fit::words::key;
use crate::fit::words::quoted;
use std::collections::BTreeMap;

/// Decimals of shares.
const SHARE_UNITS: f64 = 10_000.0;

impl Writer<'_> {
    pub(super) fn staff(&mut self) {
        let needed = self.needed();
        if needed.is_empty() {
            self.todo("say who is on duty; records do not");
            self.line("# [staff]");
            self.line("# support = 12");
        } else {
            self.todo(
                "say who is on duty; records do not. These are those whom the calls of the busiest interval keep \
                 busy and as many more as the square root of them; `strowger staff` finds how many it takes",
            );
            self.line("[staff]");
            for (group, agents) in needed {
                self.line(format!("{} = {agents}", key(&group)));
            }
        }
        self.line("");
    }

    /// By group: a + sqrt(a) agents for an offered load of a in the busiest interval (Halfin and Whitt, 1981).
    fn needed(&self) -> Vec<(String, u32)> {
        let (Some(site), Some(calls)) = (self.site, &self.findings.calls) else {
            return Vec::new();
        };
        let days = &self.findings.days;
        let interval_s = days.interval.as_seconds();
        let mut loads: BTreeMap<GroupId, Vec<f64>> = BTreeMap::new();
        for line in &days.lines {
            for (queue, share) in wants::of(self.findings, Some(site.plan), &line.line).queues {
                let of_queue = &site.plan.queue(queue);
                let law = calls.talk_of(&line.line, &of_queue.name);
                let law = law.or(calls.talk.as_ref());
                let Some(talk_s) = law.and_then(|law| law.mean_s.mean) else {
                    continue;
                };
                let load = loads
                    .entry(of_queue.group)
                    .or_insert_with(|| vec![0.0; line.calls.len()]);
                for (load, calls) in load.iter_mut().zip(&line.calls) {
                    *load += calls * share * talk_s / interval_s;
                }
            }
        }
        // Queues of other hours, and those for calls back, which no want leads to.
        for (line, ways) in &calls.ways {
            for queue in ways.queues.keys() {
                if let Some(queue) = wants::queue_named(site.plan, line, queue) {
                    loads.entry(site.plan.queue(queue).group).or_default();
                }
            }
        }
        let agents = |(group, load): (GroupId, Vec<f64>)| {
            let most = load.iter().copied().fold(0.0, f64::max);
            let agents = (most + most.sqrt()).ceil().max(1.0) as u32;
            (site.plan.group(group).name.clone(), agents)
        };
        loads.into_iter().map(agents).collect()
    }

    pub(super) fn wants(&mut self) {
        let findings = self.findings;
        match (&findings.calls, self.site) {
            (None, _) => {
                self.todo(
                    "say what callers want, by `[wants.NAME]` or `[keys.MENU]`; counts do not",
                );
                self.line("");
            }
            (Some(calls), None) => self.ways(calls),
            (Some(calls), Some(site)) => self.wants_of_lines(calls, site),
        }
    }

    fn ways(&mut self, calls: &Calls) {
        self.todo("say what callers want, by `[wants.NAME]` or `[keys.MENU]`; with `--menu` it is each queue");
        for (line, ways) in &calls.ways {
            let queues: Vec<String> = ways
                .queues
                .iter()
                .map(|(queue, count)| format!("{queue} {count}"))
                .collect();
            let elsewhere = ways.elsewhere();
            self.comment(&format!(
                "{line}: {} calls, by the queue in which they waited last: {}; before any queue ended {elsewhere}",
                ways.calls(),
                queues.join(", ")
            ));
        }
        self.line("");
    }

    fn wants_of_lines(&mut self, calls: &Calls, site: Site<'_>) {
        let names = StepNames::new(site.plan);
        let lines = self.findings.days.lines.iter();
        let all = lines.map(|line| {
            let wanted = wants::of(self.findings, Some(site.plan), &line.line);
            (line.line.as_str(), wanted)
        });
        let all: Vec<(&str, Wanted)> = all.collect();
        // Those who call one line all come to its queue, and want nothing that would have to be said.
        if site.plan.lines.len() == 1 && all.iter().all(|(_, wanted)| wanted.straight.is_some()) {
            return;
        }
        self.comment(
            "What callers want, by the queue in which they waited last, in the hours in which most queues are open; a \
             queue that others flow over to has theirs, too. Which recorded answers they listened to is in no record.",
        );
        self.has_wants = true;
        for (line, wanted) in &all {
            self.unknown(line, wanted);
            if wanted.straight.is_none() && wanted.queues.is_empty() && wanted.ends.is_empty() {
                self.todo(&format!(
                    "say what those want who call {line}, by `[wants.NAME]` or `[keys.MENU]`: no call tells"
                ));
            }
            let queues = match wanted.straight {
                Some(queue) => vec![(queue, 1.0)],
                None => wanted.queues.clone(),
            };
            let ends = wanted.ends.iter().map(|end| end.share);
            let parts: Vec<f64> = queues.iter().map(|(_, share)| *share).chain(ends).collect();
            let shares = shares(&parts);
            let (of_queues, of_ends) = shares.split_at(queues.len());
            for ((queue, _), share) in queues.iter().zip(of_queues) {
                self.queue((*queue, *share), (calls, site), (line, &names));
            }
            for (end, share) in wanted.ends.iter().zip(of_ends) {
                self.end(end, *share, site, (line, &names));
            }
        }
        if all.iter().any(|(_, wanted)| wanted.queues.len() > 1) {
            self.todo(
                "say which calls agents hand on to another queue (`[transfers.QUEUE]`): records have the last queue \
                 alone, with all waits and talks",
            );
        }
        self.line("");
    }

    /// Callers for whom there is no want.
    fn unknown(&mut self, line: &str, wanted: &Wanted) {
        let without = match wanted.kept() < 1.0 {
            true => ", and write their calls into the forecast, which goes without them",
            false => "",
        };
        if !wanted.gone.is_empty() {
            self.todo(&format!(
                "{} of the calls to {line} waited in queues that the menu does not have ({}): say what those callers \
                 want{without}",
                percent(wanted.gone_share),
                wanted.gone.join(", ")
            ));
        }
        if wanted.endless_share > 0.0 {
            self.todo(&format!(
                "{} of the calls to {line} came to no queue, and its menu has no answer, mailbox or number outside for \
                 them: say what those callers want{without}",
                percent(wanted.endless_share)
            ));
        }
    }

    fn queue(
        &mut self,
        (queue, share): (QueueId, f64),
        (calls, site): (&Calls, Site<'_>),
        (line, names): (&str, &StepNames<'_>),
    ) {
        let queue = site.plan.queue(queue);
        let name = names.of(queue.step);
        let owner = self.want_of(name);
        self.line(format!("[{owner}]"));
        self.line(format!("share = {share:?}"));
        self.line(format!("needs = {}", quoted(name)));
        if let Some(law) = calls.talk_of(line, &queue.name) {
            self.talk("talk ", law);
        }
        let found = calls.patience_of(line, &queue.name);
        match found {
            Some(_) if wants::sends_on(site.plan, queue.step) => self.comment(
                "Their patience is that of all queues together: a record has the last queue of a call, with all its \
                 waits, and this line sends callers from one to another.",
            ),
            Some(found) => self.patience_of_queue(&owner, found),
            None => {}
        }
    }

    /// The table of a want that is called after a step; no two have one name.
    fn want_of(&mut self, step: &str) -> String {
        let plain = step.replace('/', "-");
        let mut name = plain.clone();
        let mut number = 1;
        while !self.want_names.insert(name.clone()) {
            number += 1;
            name = format!("{plain}-{number}");
        }
        format!("wants.{}", key(&name))
    }

    /// Callers who came to no queue.
    fn end(
        &mut self,
        end: &End,
        share: f64,
        site: Site<'_>,
        (line, names): (&str, &StepNames<'_>),
    ) {
        let name = names.of(end.step);
        let own = match end.is_told {
            true => name.to_owned(),
            false => format!("{line}-no-queue"),
        };
        let owner = self.want_of(&own);
        self.line(format!("[{owner}]"));
        let kind = &site.plan.step(end.step).kind;
        self.has_messages |= end.is_told && matches!(kind, StepKind::Record(_));
        if !end.is_told {
            self.todo(&format!(
                "divide those of {line} who came to no queue among its answers and other steps; here all of them \
                 have \"{name}\""
            ));
        } else if end.alike > 1 {
            let alike = end.alike;
            self.todo(&format!(
                "divide those of {line} who ended like this among its {alike} steps of this kind; here all of them \
                 have \"{name}\""
            ));
        }
        self.line(format!("share = {share:?}"));
        if wants::is_answer(kind) {
            self.line(format!("answered_by = {}", quoted(name)));
            self.line("satisfied = 1.0");
        } else {
            self.line(format!("needs = {}", quoted(name)));
        }
    }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// Shares with four decimals that add up to 1.
fn shares(parts: &[f64]) -> Vec<f64> {
    let all: f64 = parts.iter().sum();
    if all <= 0.0 {
        return parts.to_vec();
    }
    let mut units: Vec<f64> = parts
        .iter()
        .map(|part| (part / all * SHARE_UNITS).round())
        .collect();
    let off = SHARE_UNITS - units.iter().sum::<f64>();
    let largest = (0..units.len()).max_by(|one, other| units[*one].total_cmp(&units[*other]));
    if let Some(largest) = largest {
        units[largest] += off;
    }
    units.into_iter().map(|units| units / SHARE_UNITS).collect()
}
