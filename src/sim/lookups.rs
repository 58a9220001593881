//! Other systems, whom lines ask: they answer in their time, or not.

use super::attempt::Aim;
use super::model::by_share;
use super::stream::Purpose;
use super::world::Errand;
use super::world::World;
use crate::exchange::dialplan::Known;
use crate::exchange::dialplan::LookupResult;
use crate::exchange::dialplan::Recognition;
use crate::exchange::dialplan::Recognized;
use crate::exchange::dialplan::StepKind;
use crate::exchange::id::LookupId;
use crate::exchange::id::StepId;
use crate::exchange::input::Input;

impl World<'_> {
    /// A line asks another system for a caller. What takes too long, or never comes, is the exchange's
    /// to notice.
    pub(super) fn is_looked_up(&mut self, slot: u32, lookup: LookupId, step: StepId) {
        let StepKind::Lookup(asked) = &self.model.plan.step(step).kind else {
            return;
        };
        let oracle = self.model.oracle(step);
        let entity = (self.attempts[slot as usize].entity() << 4) | u64::from(lookup.0 & 15);
        let mut stream = self.streams.stream(Purpose::Lookup, entity);
        let latency = oracle.latency.sample(stream.unit());
        let place = by_share(&oracle.results, |(_, share)| *share, stream.unit());
        let (result, _) = oracle.results[place];
        // Whoever had the slot before may have hung up on a question.
        self.recognized.remove(&slot);
        if latency < asked.timeout && result != LookupResult::TimedOut {
            if let Some(set) = asked.set.as_ref().filter(|_| result.is_found()) {
                self.is_recognized(slot, step, set);
            }
            let timer = self.in_time(latency, Errand::LookedUp(slot, lookup, result));
            self.attempts[slot as usize].talk_timer = Some(timer);
        }
    }

    /// What the other system knows of a caller: the same at each look-up, and when the caller calls again.
    fn is_recognized(&mut self, slot: u32, step: StepId, set: &Recognition) {
        let oracle = self.model.oracle(step);
        let name = self.attempts[slot as usize].name;
        let mut stream = self.streams.stream(Purpose::Recognition, name);
        let (knows_language, class) = (stream.chance(oracle.knows_language), stream.unit());
        let mut what = Recognized::default();
        if knows_language && set.language.is_some() {
            what.language = Known::Is(self.attempts[slot as usize].language);
        }
        let mut below = 0.0;
        let found = oracle.classes.iter().find(|(_, share)| {
            below += share;
            class < below
        });
        if let Some((place, _)) = found {
            what.class = Known::Is(*place);
        }
        if !what.is_nothing() {
            self.recognized.insert(slot, what);
        }
    }

    /// What came of a look-up has come: before it, what it says of the caller.
    pub(super) fn is_told_by_lookup(&mut self, slot: u32, lookup: LookupId, result: LookupResult) {
        if let Some(what) = self.recognized.remove(&slot) {
            self.at_call(slot, |call| Input::CallerKnown { call, lookup, what });
        }
        self.at_call(slot, |call| Input::LookedUp {
            call,
            lookup,
            result,
        });
    }
    /// A look-up has found nothing: whoever came for what it says does what they do when it is not enough.
    pub(super) fn finds_nothing(&mut self, slot: u32, step: StepId) {
        let attempt = &self.attempts[slot as usize];
        if attempt.aim == Aim::Reach(step)
            && let Some((_, otherwise)) = self.model.judgement(attempt, step)
        {
            self.attempts[slot as usize].aim = otherwise;
        }
    }
}
