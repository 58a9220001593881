//! Notices and closures: what operators switch on a line while it runs.

use super::Site;
use crate::daemon::bridge::protocol::Code;
use crate::exchange::Switch;
use crate::exchange::id::CallId;
use crate::exchange::id::LineId;
use crate::exchange::input::Input;
use crate::exchange::time::Tick;
use std::collections::BTreeMap;

/// A text in each language of a line, by tag.
pub type Words = BTreeMap<String, String>;
/// The words of notices, by the names of lines.
pub type Notices = BTreeMap<String, Words>;

impl Site {
    /// Switches something on a line, on until then or off.
    pub(super) fn switch(
        &mut self,
        at: Tick,
        name: &str,
        (what, until): (Switch, u64),
        words: &Words,
    ) {
        let Some(line) = self.exchange.plan().line_named(name) else {
            return self.object(Code::UnknownLine, "no line has this name");
        };
        if what == Switch::Notice {
            match words.is_empty() {
                true => self.notices.remove(name),
                false => self.notices.insert(name.to_owned(), words.clone()),
            };
        }
        let until = Tick(until);
        self.handle(at, Input::Switched { line, what, until });
    }

    /// The notice of a call's line, in this language if there are such words; empty if there is none.
    pub fn notice(&self, call: CallId, tag: &str) -> &str {
        let line = self.exchange.plan().line(self.line_of_call(call));
        let words = self.notices.get(&line.name);
        words.map_or("", |words| spoken(words, tag))
    }

    /// The words of the notice that is set on a line now.
    pub fn notice_on(&self, line: LineId, now: Tick) -> Option<&Words> {
        let until = self.exchange.switched_until(line, Switch::Notice);
        let name = &self.exchange.plan().line(line).name;
        self.notices.get(name).filter(|_| now < until)
    }
}

/// The words in a language, or the first there are.
fn spoken<'w>(words: &'w Words, tag: &str) -> &'w str {
    let own = words.get(tag).or_else(|| words.values().next());
    own.map_or("", String::as_str)
}
