//! The overload ladder: what a queue does with those who come, by the wait they would have to expect.
//!
//! What collapses when everybody calls is not the agents, who are busy all the same, but the lines:
//! callers without hope hold them, and those who would be content with an answer find them busy and
//! call again. So the wait is capped, and a call back is offered. A rung is taken at once and left
//! only when the wait has been well below it for a while, so that callers are not told one thing and
//! the next moment another.

use super::Dispatch;
use super::Place;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Moved;
use crate::exchange::dialplan::Overload;
use crate::exchange::dialplan::Queue;
use crate::exchange::dialplan::Rung;
use crate::exchange::id::LanguageId;
use crate::exchange::id::QueueId;
use crate::exchange::limits::OVERLOAD_CALM;
use crate::exchange::limits::OVERLOAD_LEAVE_PERCENT;
use crate::exchange::record::Record;
use crate::exchange::scene::Scene;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use serde::Deserialize;
use serde::Serialize;

/// Where the callers of one queue and language stand.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Ladder {
    rung: Rung,
    /// Since when the expected wait has been well below the rung.
    calm: Option<Tick>,
}

/// The ladders of all queues and languages.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Ladders {
    /// Empty where no queue has one.
    list: Vec<Ladder>,
    languages: usize,
    /// The line or the agents at work have changed since the waits were looked at.
    #[serde(default)]
    may_be_longer: bool,
    #[serde(default)]
    may_be_shorter: bool,
}

impl Ladders {
    pub(super) fn new(plan: &Dialplan) -> Self {
        let languages = plan.languages.len();
        let any = plan.queues.iter().any(|queue| queue.overload.is_some());
        let queues = if any { plan.queues.len() } else { 0 };
        Self {
            list: vec![Ladder::default(); queues * languages],
            languages,
            may_be_longer: false,
            may_be_shorter: false,
        }
    }

    /// Makes room for queues and languages that were added: one that was there before, in older menus,
    /// stands where it stood.
    pub(super) fn grow(&mut self, plan: &Dialplan, before: &Dialplan) {
        let mut grown = Self::new(plan);
        if grown.list.is_empty() {
            return;
        }
        for place in 0..plan.queues.len() {
            let id = QueueId(place as u16);
            let root = plan.queue_root(id);
            let known = (0..before.queues.len()).map(|place| QueueId(place as u16));
            let mut same = known.rev().filter(|other| plan.queue_root(*other) == root);
            let own = (place < before.queues.len()).then_some(id);
            let Some(from) = own.or_else(|| same.next()) else {
                continue;
            };
            for language in (0..self.languages).map(|place| LanguageId(place as u8)) {
                let stood = self
                    .list
                    .get(from.index() * self.languages + language.index());
                *grown.of(id, language) = stood.copied().unwrap_or_default();
            }
        }
        *self = grown;
    }

    /// Goes over to other ids of queues; what is new begins at the bottom.
    pub(super) fn renumber(&mut self, moved: &Moved) {
        if self.list.is_empty() {
            return;
        }
        let rows = self.list.chunks(self.languages);
        let rows: Vec<Vec<Ladder>> = rows.map(<[Ladder]>::to_vec).collect();
        let nothing = vec![Ladder::default(); self.languages];
        self.list = moved.each_queue(&rows, &nothing).concat();
    }

    fn of(&mut self, queue: QueueId, language: LanguageId) -> &mut Ladder {
        &mut self.list[queue.index() * self.languages + language.index()]
    }

    fn rung(&self, queue: QueueId, language: LanguageId) -> Rung {
        let place = queue.index() * self.languages + language.index();
        self.list
            .get(place)
            .map_or(Rung::Queue, |ladder| ladder.rung)
    }

    /// The line or the agents at work have changed, and waits may be longer. Where no queue has a ladder it
    /// comes to nothing.
    #[inline(always)]
    pub(super) fn waits_grow(&mut self) {
        self.may_be_longer = true;
    }

    /// The same, and waits can only be shorter.
    #[inline(always)]
    pub(super) fn waits_shrink(&mut self) {
        self.may_be_shorter = true;
    }

    /// Asked before the plan is, which a decision then need not fetch.
    fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

impl Ladder {
    /// Whether it stays as it is while waits are short: at the bottom, or on a rung whose minute is not over.
    fn is_calm(self, now: Tick) -> bool {
        let is_in_minute = |since| now.since(since) < OVERLOAD_CALM;
        self.rung == Rung::Queue || self.calm.is_some_and(is_in_minute)
    }

    /// Takes the rung that this expected wait calls for. True if it is another one.
    fn step(&mut self, overload: &Overload, expected: Span, now: Tick) -> bool {
        let before = self.rung;
        let wanted = highest(overload, expected, 100);
        if wanted >= self.rung {
            (self.rung, self.calm) = (wanted, None);
            return self.rung != before;
        }
        let stays = highest(overload, expected, OVERLOAD_LEAVE_PERCENT);
        let is_over = |since| now.since(since) >= OVERLOAD_CALM;
        match (stays >= self.rung, self.calm.is_some_and(is_over)) {
            (false, false) => _ = self.calm.get_or_insert(now),
            (false, true) => (self.rung, self.calm) = (stays, None),
            (true, false) => self.calm = None,
            // Left before the wait rose again.
            (true, true) => (self.rung, self.calm) = (wanted, None),
        }
        self.rung != before
    }
}

/// The highest rung whose wait, or so much of it, is reached.
fn highest(overload: &Overload, expected: Span, percent: u64) -> Rung {
    let reached = |rung: &Rung| {
        let at = overload.entered_at(*rung);
        at.is_some_and(|at| expected.0 * 100 >= at.0 * percent)
    };
    let rungs = [Rung::NoQueue, Rung::OfferCallback];
    rungs.into_iter().find(reached).unwrap_or_default()
}

impl Dispatch {
    /// Whether the wait in this queue is too long for a call to join. Not where somebody is free, nor
    /// for a call whose wait would be short by a place that its caller has had before, or by the head start
    /// of its caller's class.
    #[inline]
    pub(in crate::exchange) fn is_overloaded(
        &mut self,
        scene: &mut Scene<'_>,
        wish: (QueueId, LanguageId),
        who: impl FnOnce() -> (u64, Option<Place>, Span),
    ) -> bool {
        !self.ladders.is_empty() && self.would_wait_too_long(scene, wish, who())
    }

    #[inline(never)]
    fn would_wait_too_long(
        &mut self,
        scene: &mut Scene<'_>,
        (queue, language): (QueueId, LanguageId),
        (caller, place, head_start): (u64, Option<Place>, Span),
    ) -> bool {
        let Some(overload) = scene.plan.queue(queue).overload else {
            return false;
        };
        self.reckon(scene, queue, language);
        if self.rung(queue, language) != Rung::NoQueue {
            return false;
        }
        let returns = (caller, queue);
        let place = place.or_else(|| self.returning.place(scene.plan, returns, scene.now));
        let own = self.newcomer_waits(scene, (queue, language), (place, head_start));
        match place {
            None if head_start == Span::ZERO => own > Span::ZERO,
            _ => highest(&overload, own, OVERLOAD_LEAVE_PERCENT) == Rung::NoQueue,
        }
    }

    /// Where the callers of a queue and language stand.
    pub(in crate::exchange) fn rung(&self, queue: QueueId, language: LanguageId) -> Rung {
        self.ladders.rung(queue, language)
    }

    /// Whether expected waits may have changed since they were looked at.
    #[inline]
    pub(in crate::exchange) fn has_waits_to_look_at(&self) -> bool {
        let ladders = &self.ladders;
        (ladders.may_be_longer || ladders.may_be_shorter) && !ladders.is_empty()
    }

    /// Looks at what somebody would have to wait who came now, in each queue and language with a ladder.
    #[inline(never)]
    pub(in crate::exchange) fn look_at_waits(&mut self, scene: &mut Scene<'_>) {
        let longer = std::mem::take(&mut self.ladders.may_be_longer);
        let shorter = std::mem::take(&mut self.ladders.may_be_shorter);
        let stays = |ladder: &Ladder| ladder.is_calm(scene.now);
        if !longer && self.ladders.list.iter().all(stays) {
            return;
        }
        // The same for all queues, and asked of all groups.
        let work = self.work_in_line();
        for (place, queue) in scene.plan.queues.iter().enumerate() {
            let Some(overload) = &queue.overload else {
                continue;
            };
            let id = QueueId(place as u16);
            let line = scene.plan.step(queue.step).line;
            for language in &scene.plan.line(line).languages {
                let ladder = *self.ladders.of(id, *language);
                let wish = (queue, *language);
                let may_change = match ladder.is_calm(scene.now) {
                    true => {
                        longer && self.may_reach(scene.plan, wish, (overload, Rung::Queue), work)
                    }
                    // To begin its minute, to be left, or for a higher one.
                    false if shorter || ladder.calm.is_some() => true,
                    false => self.may_reach(scene.plan, wish, (overload, ladder.rung), work),
                };
                // Where nobody is at work nobody can say how long it takes.
                if may_change && self.staff[queue.last_lane(*language).index()].present > 0 {
                    self.reckon(scene, id, *language);
                }
            }
        }
    }

    /// Whether the wait of somebody who comes now may be so long, with so much work in line, that a rung above
    /// this one is taken or kept: asked at little cost, and answered no where it surely is not.
    fn may_reach(
        &self,
        plan: &Dialplan,
        (queue, language): (&Queue, LanguageId),
        (overload, above): (&Overload, Rung),
        work: Span,
    ) -> bool {
        let (_, lane) = self.first_stage(plan, queue, language);
        let longest = self.longest_wait(lane, work);
        highest(overload, longest, OVERLOAD_LEAVE_PERCENT) > above
            && !self.somebody_free(plan, lane)
    }

    /// Looks at the wait that somebody who comes now would have to expect.
    #[inline(never)]
    fn reckon(&mut self, scene: &mut Scene<'_>, queue: QueueId, language: LanguageId) {
        let Some(overload) = scene.plan.queue(queue).overload else {
            return;
        };
        let expected = self.newcomer_waits(scene, (queue, language), (None, Span::ZERO));
        debug_assert!({
            let (_, lane) = self.first_stage(scene.plan, scene.plan.queue(queue), language);
            expected <= self.longest_wait(lane, self.work_in_line())
        });
        let ladder = self.ladders.of(queue, language);
        if ladder.step(&overload, expected, scene.now) {
            let rung = ladder.rung;
            scene.record(Record::Overload {
                queue,
                language,
                rung,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::dialplan::Announce;

    fn overload() -> Overload {
        Overload {
            offer_callback: Some(Span::seconds(100)),
            announce: Announce {
                first: Span::ZERO,
                every: Span::seconds(60),
                position: None,
                wait: None,
                options: None,
            },
            no_queue: Some(Span::seconds(600)),
        }
    }

    #[test]
    fn a_rung_is_taken_at_once_and_left_after_a_calm_minute() {
        let mut ladder = Ladder::default();
        // Expected wait in seconds, time in seconds, where that leads.
        let days = [
            (99, 0, Rung::Queue),
            (100, 1, Rung::OfferCallback),
            (600, 2, Rung::NoQueue),
            // Below the entry, and not by enough.
            (420, 10, Rung::NoQueue),
            (420, 100, Rung::NoQueue),
            // Well below, and not for long enough.
            (419, 110, Rung::NoQueue),
            (419, 168, Rung::NoQueue),
            (420, 169, Rung::NoQueue),
            (419, 171, Rung::NoQueue),
            (80, 231, Rung::OfferCallback),
            (69, 232, Rung::OfferCallback),
            (0, 292, Rung::Queue),
        ];
        for (expected, at, rung) in days {
            let now = Tick(at * 1000);
            let before = ladder.rung;
            let moved = ladder.step(&overload(), Span::seconds(expected), now);
            assert_eq!(ladder.rung, rung, "{expected} s at {at} s");
            assert_eq!(moved, before != rung);
        }
    }

    #[test]
    fn a_minute_that_is_over_is_not_begun_anew() {
        let mut ladder = Ladder::default();
        ladder.step(&overload(), Span::seconds(100), Tick(0));
        ladder.step(&overload(), Span::seconds(60), Tick(1_000));
        // Nobody has looked until it is 80 % of the rung.
        ladder.step(&overload(), Span::seconds(80), Tick(61_000));
        assert_eq!(ladder.rung, Rung::Queue);
    }

    #[test]
    fn whoever_comes_after_a_long_silence_finds_the_queue_open() {
        let mut ladder = Ladder::default();
        ladder.step(&overload(), Span::seconds(700), Tick(0));
        ladder.step(&overload(), Span::ZERO, Tick(5_000));
        ladder.step(&overload(), Span::ZERO, Tick(600_000));
        assert_eq!(ladder.rung, Rung::Queue);
    }
}
