//! What look-ups find, as scripts say it.

use super::Problem;
use super::Stage;
use strowger::exchange::dialplan::LookupResult;
use strowger::exchange::dialplan::StepKind;
use strowger::exchange::id::VariableId;
use strowger::exchange::input::Input;

impl Stage {
    /// The answer of the system that was asked last: `finds status=shipped eta=2026-11-26`.
    pub(super) fn finds(&mut self, caller: usize, values: &[&str]) -> Result<Vec<Input>, Problem> {
        let asked = self.calls.get_mut(caller - 1).ok_or("no such call")?;
        for pair in values {
            let (name, value) = pair.split_once('=').ok_or("name=value")?;
            asked.values.insert(name.to_owned(), value.to_owned());
        }
        let (asking, step) = asked.asked.ok_or("nothing was asked")?;
        let StepKind::Lookup(lookup) = &self.plan.step(step).kind else {
            panic!("a lookup step looks up");
        };
        let line = self.plan.step(step).line;
        let names = &self.plan.line(line).variables;
        let value = |variable: VariableId| {
            let value = asked.values.get(&names[variable.index()]);
            value.map_or("", String::as_str)
        };
        let known = lookup.set.as_ref();
        let known = known.map(|set| set.read(&self.plan, line, value));
        let branch = lookup.branch.map(|place| &lookup.save[usize::from(place)]);
        let name = branch.map(|saved| &names[saved.variable.index()]);
        let value = name.and_then(|name| asked.values.get(name));
        let result = lookup.case_of(value.map(String::as_str));
        let (call, lookup) = (self.call(caller), asking);
        let known = known.filter(|what| !what.is_nothing());
        let known = known.map(|what| Input::CallerKnown { call, lookup, what });
        let looked_up = self.looked_up(caller, result)?;
        Ok(known.into_iter().chain([looked_up]).collect())
    }

    pub(super) fn looked_up(&self, caller: usize, result: LookupResult) -> Result<Input, Problem> {
        let asked = self.calls.get(caller - 1).and_then(|call| call.asked);
        let (lookup, _) = asked.ok_or("nothing was asked")?;
        let call = self.call(caller);
        Ok(Input::LookedUp {
            call,
            lookup,
            result,
        })
    }
}
