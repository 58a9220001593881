//! What callers want, and how many people that keeps busy.

use super::Site;
use super::Writer;
use crate::exchange::dialplan::Step;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::StepNames;
use crate::exchange::id::GroupId;
use crate::exchange::id::QueueId;
use crate::fit::aims::Aim;
use crate::fit::aims::End;
use crate::fit::choices;
use crate::fit::findings::Calls;
use crate::fit::mailbox;
use crate::fit::mailbox::SENT_MIN;
use crate::fit::redial;
use crate::fit::wants;
use crate::fit::wants::OfLine;
use crate::fit::words::digits;
use crate::fit::words::key;
use crate::fit::words::quoted;
use crate::fit::words::sure;
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
                "say who is on duty; records do not. These are for each group those whom its busiest \
                 interval keeps busy, and as many more as the square root of them; `strowger staff` finds how many it takes",
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
        let first = (days.first_minute / days.minutes()) as usize;
        let mut loads: BTreeMap<GroupId, Vec<f64>> = BTreeMap::new();
        for of_line in &self.wants.lines {
            for want in &of_line.wants {
                let Aim::Queue(queue, _) = want.aim else {
                    continue;
                };
                let queue = site.plan.queue(queue);
                let law = calls.talk_of(&of_line.line, &queue.name);
                let law = law.or(calls.talk.as_ref());
                let Some(mean_s) = law.and_then(|law| law.mean_s.mean) else {
                    continue;
                };
                let by_time = calls.talk_by_time_of(&of_line.line, &queue.name);
                let load = loads
                    .entry(queue.group)
                    .or_insert_with(|| vec![0.0; want.calls.len()]);
                for (slot, (load, calls)) in load.iter_mut().zip(&want.calls).enumerate() {
                    let own = by_time.and_then(|found| found.means_s.get(&(first + slot)));
                    *load += calls * own.copied().unwrap_or(mean_s) / interval_s;
                }
            }
        }
        // Queues for calls back, and others to which no want leads.
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
        let all = std::mem::take(&mut self.wants);
        // Those who call one line all come to its queue, and want nothing that would have to be said.
        if site.plan.lines.len() == 1 && all.lines.iter().all(|line| line.is_straight) {
            return;
        }
        self.comment(match all.by_time {
            true => {
                "What callers want, by the queue in which they waited last; a queue that others flow over to has theirs, \
                 too. It is not the same all day, so that the forecast has the calls of each want. Which recorded answers \
                 they listened to is in no record."
            }
            false => {
                "What callers want, by the queue in which they waited last, in the hours in which most queues are open; a \
                 queue that others flow over to has theirs, too. It is the same all day, as far as chance lets tell. Which \
                 recorded answers they listened to is in no record."
            }
        });
        self.has_wants = true;
        for of_line in &all.lines {
            self.unknown(of_line);
            if of_line.wants.is_empty() {
                self.todo(&format!(
                    "say what those want who call {}, by `[wants.NAME]` or `[keys.MENU]`: no call tells",
                    of_line.line
                ));
            }
            let parts: Vec<f64> = of_line.wants.iter().map(|want| want.share).collect();
            for (want, share) in of_line.wants.iter().zip(shares(&parts)) {
                let owner = format!("wants.{}", key(&want.name));
                self.line(format!("[{owner}]"));
                if let Aim::End(end) = want.aim {
                    self.divide(&of_line.line, end, names.of(end.step));
                }
                match all.by_time {
                    true => self.comment(&format!(
                        "{:.1} calls a day, by the forecast.",
                        want.calls.iter().sum::<f64>()
                    )),
                    false => self.line(format!("share = {share:?}")),
                }
                match want.aim {
                    Aim::Queue(queue, step) => {
                        self.line(format!("needs = {}", quoted(names.of(step))));
                        self.queue(&owner, queue, (calls, site), &of_line.line);
                    }
                    Aim::End(end) => {
                        self.end(end, site, names.of(end.step));
                        self.called_back(end, (calls, site), &of_line.line);
                    }
                }
            }
        }
        if all.lines.iter().any(|line| line.has_several_queues()) {
            self.todo(
                "say which calls agents hand on to another queue (`[transfers.QUEUE]`): records have the last queue \
                 alone, with all waits and talks",
            );
        }
        self.line("");
    }

    /// Callers for whom there is no want.
    fn unknown(&mut self, of_line: &OfLine) {
        let without = match of_line.lacks_some() {
            true => ", and write their calls into the forecast, which goes without them",
            false => "",
        };
        let (line, unknown) = (&of_line.line, &of_line.unknown);
        if !unknown.gone.is_empty() {
            let gone: Vec<&str> = unknown.gone.iter().map(String::as_str).collect();
            self.todo(&format!(
                "{} of the calls to {line} waited in queues that the menu does not have ({}): say what those callers \
                 want{without}",
                percent(unknown.gone_share),
                gone.join(", ")
            ));
        }
        if unknown.endless_share > 0.0 {
            self.todo(&format!(
                "{} of the calls to {line} came to no queue, and its menu has no answer, mailbox or number outside for \
                 them: say what those callers want{without}",
                percent(unknown.endless_share)
            ));
        }
        for (queue, share) in &of_line.left_over {
            self.todo(&format!(
                "{} of the calls to {line} waited in {queue}, to which no want leads: they came there at hours at which other \
                 queues are closed, or after these. Here they want what others do",
                percent(*share)
            ));
        }
    }

    /// What those of a queue are like.
    fn queue(
        &mut self,
        owner: &str,
        queue: QueueId,
        (calls, site): (&Calls, Site<'_>),
        line: &str,
    ) {
        let queue = site.plan.queue(queue);
        if let Some(law) = calls.talk_of(line, &queue.name) {
            self.talk("talk ", law);
        }
        if let Some(words) = self.findings.talk_differs(line, &queue.name) {
            self.comment(&format!("{words}; here they are the same all day."));
        }
        let found = calls.patience_of(line, &queue.name);
        match found {
            Some(_) if wants::sends_on(site.plan, queue.step) => self.comment(
                "Their patience is that of all queues together: a record has the last queue of a call, with all its \
                 waits, and this line sends callers from one to another.",
            ),
            Some(found) => self.patience_of_queue(owner, found),
            None => {}
        }
    }

    /// Callers who came to no queue, and may have gone elsewhere than is said here.
    fn divide(&mut self, line: &str, end: End, name: &str) {
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
    }

    fn end(&mut self, end: End, site: Site<'_>, name: &str) {
        if choices::is_answer(&site.plan.step(end.step).kind) {
            self.line(format!("answered_by = {}", quoted(name)));
            self.line("satisfied = 1.0");
        } else {
            self.line(format!("needs = {}", quoted(name)));
        }
    }

    /// Those who want to be called back talk as long as others do with whoever calls them.
    fn called_back(&mut self, end: End, (calls, site): (&Calls, Site<'_>), line: &str) {
        let StepKind::Callback(back) = &site.plan.step(end.step).kind else {
            return;
        };
        let StepKind::Queue(queue) = site.plan.step(back.queue).kind else {
            return;
        };
        if let Some(law) = calls.talk_of(line, &site.plan.queue(queue).name) {
            self.talk("talk ", law);
        }
    }

    /// Of callers who come to a mailbox those who leave a message.
    pub(super) fn messages(&mut self) {
        let (Some(site), Some(calls)) = (self.site, &self.findings.calls) else {
            return;
        };
        let is_mailbox = |step: &Step| matches!(step.kind, StepKind::Record(_));
        if !site.plan.steps.iter().any(is_mailbox) {
            return;
        }
        let sent = mailbox::sent(calls, site.plan);
        let (left, all) = (sent.left_message, sent.all());
        let Some(share) = mailbox::share(calls, site.plan) else {
            self.todo(&format!(
                "say how many of those who come to a mailbox leave a message; the others are turned away. It takes \
                 {SENT_MIN} who were sent there to tell; found: {all}, {left} of whom left one. Here all do"
            ));
            self.line("leaves_message = 1.0");
            return;
        };
        self.comment(&format!(
            "Of {all} who were sent to a mailbox {left} left a message: {}.",
            sure(redial::share(left, all), 1.0, 3, "")
        ));
        self.line(format!("leaves_message = {}", digits(share)));
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
