//! The calls of each line in the order in which they began: the oldest is the first that has lasted
//! as long as a call may. So one deadline does for a line, and most calls end without having had one.

use super::ahead::fetch_entry;
use super::dialplan::Moved;
use super::id::CallId;
use super::id::LineId;
use super::time::Tick;
use serde::Deserialize;
use serde::Serialize;

const NONE: u32 = u32::MAX;

/// All calls whose length is limited.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Ages {
    lines: Vec<Line>,
    /// By the place of the call; what is left there of calls that have ended means nothing.
    ages: Vec<Age>,
}

/// One line's oldest and latest call.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Line {
    oldest: u32,
    latest: u32,
    /// Whether somebody will look at the oldest.
    is_watched: bool,
}

/// One call among those of its line.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Age {
    call: CallId,
    older: u32,
    younger: u32,
    until: Tick,
}

impl Ages {
    pub(super) fn new(lines: usize) -> Self {
        let line = Line {
            oldest: NONE,
            latest: NONE,
            is_watched: false,
        };
        Self {
            lines: vec![line; lines],
            ages: Vec::new(),
        }
    }

    /// Makes room for lines that were added.
    pub(super) fn extend(&mut self, lines: usize) {
        let Self { lines: all, .. } = Self::new(lines);
        let new = all.into_iter().skip(self.lines.len());
        self.lines.extend(new);
    }

    /// Goes over to other ids of lines.
    pub(super) fn renumber(&mut self, moved: &Moved) {
        let Self { lines: nothing, .. } = Self::new(1);
        self.lines = moved.each_line(&self.lines, &nothing[0]);
    }

    /// A call begins that may last until then, not earlier than any other of its line. True if
    /// somebody has to look at the oldest then, for nobody will before.
    #[inline(always)]
    pub(super) fn begin(&mut self, line: LineId, call: CallId, until: Tick) -> bool {
        let place = call.index;
        let of_line = &mut self.lines[line.index()];
        if place as usize >= self.ages.len() {
            grow(&mut self.ages, place);
        }
        // Field by field: what goes through the stack in pieces is waited for.
        let age = &mut self.ages[place as usize];
        (age.call.index, age.call.generation) = (place, call.generation);
        (age.older, age.younger) = (of_line.latest, NONE);
        age.until = until;
        match std::mem::replace(&mut of_line.latest, place) {
            NONE => of_line.oldest = place,
            before => self.ages[before as usize].younger = place,
        }
        !std::mem::replace(&mut of_line.is_watched, true)
    }

    /// Asks for the memory of a call's age, and does not wait for it.
    #[inline]
    pub(super) fn fetch(&self, call: CallId) {
        fetch_entry(&self.ages, call.index as usize);
    }

    /// The same of those before and after it, which are told when it ends.
    #[inline]
    pub(super) fn fetch_neighbours(&self, call: CallId) {
        if let Some(age) = self.ages.get(call.index as usize) {
            fetch_entry(&self.ages, age.older as usize);
            fetch_entry(&self.ages, age.younger as usize);
        }
    }

    /// A call has ended that had begun.
    #[inline(always)]
    pub(super) fn end(&mut self, line: LineId, call: CallId) {
        let Age { older, younger, .. } = self.ages[call.index as usize];
        match older {
            NONE => self.lines[line.index()].oldest = younger,
            older => self.ages[older as usize].younger = younger,
        }
        match younger {
            NONE => self.lines[line.index()].latest = older,
            younger => self.ages[younger as usize].older = older,
        }
    }

    /// All that have begun and not ended, in no particular order.
    pub(super) fn calls(&self) -> impl Iterator<Item = CallId> + '_ {
        let latest = self.lines.iter().map(|line| line.latest);
        latest.flat_map(|latest| {
            let first = self.ages.get(latest as usize);
            let older = |age: &&Age| self.ages.get(age.older as usize);
            std::iter::successors(first, older).map(|age| age.call)
        })
    }

    /// Somebody looks at the oldest call of a line: it, and until when it may last. None if there is
    /// no call, and then nobody looks any more.
    pub(super) fn look(&mut self, line: LineId) -> Option<(CallId, Tick)> {
        let of_line = &mut self.lines[line.index()];
        let oldest = self.ages.get(of_line.oldest as usize);
        of_line.is_watched = oldest.is_some();
        oldest.map(|age| (age.call, age.until))
    }
}

/// Makes room for a call in a place that nobody has had.
#[cold]
fn grow(ages: &mut Vec<Age>, place: u32) {
    let nobody = Age {
        call: CallId {
            index: 0,
            generation: 0,
        },
        older: NONE,
        younger: NONE,
        until: Tick(0),
    };
    ages.resize(place as usize + 1, nobody);
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: LineId = LineId(0);

    fn call(index: u32) -> CallId {
        CallId {
            index,
            generation: 0,
        }
    }

    #[test]
    fn the_oldest_that_is_left_is_looked_at() {
        let mut ages = Ages::new(1);
        assert!(ages.begin(LINE, call(3), Tick(10)));
        assert!(!ages.begin(LINE, call(0), Tick(20)));
        assert!(!ages.begin(LINE, call(7), Tick(30)));
        assert_eq!(ages.look(LINE), Some((call(3), Tick(10))));
        ages.end(LINE, call(0));
        ages.end(LINE, call(3));
        assert_eq!(ages.look(LINE), Some((call(7), Tick(30))));
        assert!(ages.calls().eq([call(7)]));
        ages.end(LINE, call(7));
        assert_eq!(ages.look(LINE), None);
        assert!(ages.begin(LINE, call(3), Tick(40)), "nobody looks");
        assert_eq!(ages.look(LINE), Some((call(3), Tick(40))));
    }
}
