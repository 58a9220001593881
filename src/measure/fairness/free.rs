//! The free agents of one kind, by what is owed to them: whom a choice passes over is counted by the bin, and
//! not one by one.

use super::idle::Seat;
use super::kinds::Kind;

/// A bin of more is parted, if not all marks in it are alike.
const BIN_MAX: usize = 32;
/// Two that lie side by side and hold no more together are put into one.
const BINS_MIN: usize = BIN_MAX / 2;
/// No two marks of a kind are so far apart.
const FAR: i64 = i64::MAX / 2;
/// Nobody.
pub(super) const NOBODY: u32 = u32::MAX;

/// The free agents of one kind.
#[derive(Clone, Debug)]
pub(super) struct Free {
    pub(super) kind: Kind,
    /// By marks, the lowest first; no two hold the same mark, and none is empty.
    bins: Vec<Bin>,
    /// Empty ones, whose memory is used again.
    spare: Vec<Bin>,
    len: usize,
    /// Who has been free the longest, and the shortest.
    pub(super) first: u32,
    pub(super) last: u32,
}

/// A free agent's mark, see [`super::shares::Shares::mark`], and the same with what is forgiven added: whoever
/// is forgiven is owed so much less.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub(super) own: i64,
    pub(super) net: i64,
}

/// Choices that passed somebody over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Passes {
    /// All whose mark was within the limit.
    pub(super) all: u32,
    /// Of these, those whose net mark was within it too.
    pub(super) still: u32,
}

/// Agents whose marks lie side by side, in no order.
#[derive(Clone, Debug, Default)]
struct Bin {
    /// Lower marks belong to the bin before, if there is one.
    from: i64,
    list: Vec<Marked>,
    own: Range,
    net: Range,
    /// Of everybody in it, beside what is each one's own.
    passes: Passes,
}

/// An agent in a bin. Its passes lack those of the bin, those from before it came among them.
#[derive(Clone, Copy, Debug)]
struct Marked {
    agent: u32,
    passes: Passes,
    mark: Mark,
}

/// Bounds of marks, which wrap round: somebody who has left may have been as low, or as high. Whoever is owed the
/// most comes and is chosen, so that the bound without one of them is kept as well.
#[derive(Clone, Copy, Debug, Default)]
struct Range {
    least: i64,
    /// All are as high but one.
    next: i64,
    most: i64,
}

/// Where marks lie, against a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Within,
    Above,
    Astride,
}

impl Free {
    pub(super) fn new(kind: Kind) -> Self {
        Self {
            kind,
            bins: Vec::new(),
            spare: Vec::new(),
            len: 0,
            first: NOBODY,
            last: NOBODY,
        }
    }

    pub(super) fn reset(&mut self) {
        let bins = self.bins.drain(..).map(Bin::emptied);
        self.spare.extend(bins);
        self.len = 0;
        (self.first, self.last) = (NOBODY, NOBODY);
    }

    /// How many they are.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Who they are.
    pub(super) fn agents(&self) -> impl Iterator<Item = u32> {
        let lists = self.bins.iter().flat_map(|bin| &bin.list);
        lists.map(|marked| marked.agent)
    }

    /// Passes over everybody whose mark is within this limit. Gives nothing where that is nobody, and no `still`
    /// where nobody's net mark is too.
    #[inline]
    pub(super) fn pass(&mut self, limit: Mark) -> Passes {
        match self.bins.first() {
            // Mostly nobody is, and mostly the bound says so.
            Some(bin) if !is_above(bin.own.least, limit.own) => self.pass_bins(limit),
            _ => Passes::default(),
        }
    }

    #[inline(never)]
    fn pass_bins(&mut self, limit: Mark) -> Passes {
        let mut passes = Passes::default();
        for bin in &mut self.bins {
            let more = bin.pass(limit);
            if more.all == 0 {
                break;
            }
            passes = passes.and(more);
        }
        passes
    }

    /// An agent is one of them from now on.
    #[inline]
    pub(super) fn add(&mut self, agent: u32, mark: Mark, seats: &mut [Seat]) {
        self.len += 1;
        let mut place = self.bin_of(mark);
        match self.bins.get(place) {
            Some(bin) if bin.list.len() < BIN_MAX || bin.own.holds(mark.own) => {}
            _ => place = self.open(place, mark.own),
        }
        let bin = &mut self.bins[place];
        seats[agent as usize].place = bin.list.len() as u32;
        bin.add(agent, mark);
        if bin.list.len() > BIN_MAX && bin.own.least != bin.own.most {
            self.part(place, seats);
        }
    }

    /// An agent is one of them no more. Gives how often it was passed over.
    #[inline]
    pub(super) fn remove(&mut self, agent: u32, mark: Mark, seats: &mut [Seat]) -> Passes {
        self.len -= 1;
        let place = self.bin_of(mark);
        let bin = &mut self.bins[place];
        let at = seats[agent as usize].place;
        let passes = bin.list.swap_remove(at as usize).passes.and(bin.passes);
        bin.own.leave(mark.own);
        bin.net.leave(mark.net);
        if let Some(moved) = bin.list.get(at as usize) {
            seats[moved.agent as usize].place = at;
        }
        if bin.list.len() < BINS_MIN && (bin.list.is_empty() || self.bins.len() > 1) {
            self.tidy(place, seats);
        }
        passes
    }

    /// How often an agent of these was passed over so far.
    pub(super) fn passes(&self, place: u32, mark: Mark) -> Passes {
        let bin = &self.bins[self.bin_of(mark)];
        bin.list[place as usize].passes.and(bin.passes)
    }

    /// The bin in which a mark belongs.
    #[inline]
    fn bin_of(&self, mark: Mark) -> usize {
        if self.bins.len() < 2 {
            return 0;
        }
        let is_up_to = |bin: &Bin| !is_above(bin.from, mark.own);
        self.bins.partition_point(is_up_to).saturating_sub(1)
    }

    /// Another bin, beside a full one none of whose marks is beyond this one. Gives its place.
    #[cold]
    fn open(&mut self, beside: usize, mark: i64) -> usize {
        let mut bin = self.spare.pop().unwrap_or_default();
        bin.from = mark;
        let place = match self.bins.get_mut(beside) {
            Some(full) if is_above(full.own.least, mark) => {
                full.from = full.own.least;
                beside
            }
            Some(_) => beside + 1,
            None => beside,
        };
        self.bins.insert(place, bin);
        place
    }

    /// Parts a bin in two, at the mark in its middle.
    #[cold]
    fn part(&mut self, place: usize, seats: &mut [Seat]) {
        let bin = &mut self.bins[place];
        bin.settle();
        let Range { least, most, .. } = bin.own;
        if least == most {
            return;
        }
        let above_least = |marked: &Marked| marked.mark.own.wrapping_sub(least);
        bin.list.sort_unstable_by_key(above_least);
        let middle = above_least(&bin.list[bin.list.len() / 2]).max(1);
        let cut = bin.list.partition_point(|at| above_least(at) < middle);
        let mut upper = self.spare.pop().unwrap_or_default();
        upper.from = bin.list[cut].mark.own;
        upper.list.extend(bin.list.drain(cut..));
        for half in [bin, &mut upper] {
            half.settle();
            half.seat(seats);
        }
        self.bins.insert(place + 1, upper);
    }

    /// Takes a bin away that is empty, and puts small ones together.
    #[inline(never)]
    fn tidy(&mut self, place: usize, seats: &mut [Seat]) {
        if self.bins[place].list.is_empty() {
            let empty = self.bins.remove(place);
            return self.spare.push(empty.emptied());
        }
        let len = |place: usize| self.bins.get(place).map(|bin| bin.list.len());
        let both = |place: usize| Some(len(place)? + len(place + 1)?);
        let pairs = [place.checked_sub(1), Some(place)];
        let mut pairs = pairs.into_iter().flatten();
        let small = |place: &usize| both(*place).is_some_and(|both| both <= BINS_MIN);
        if let Some(place) = pairs.find(small) {
            let mut upper = self.bins.remove(place + 1);
            upper.settle();
            let lower = &mut self.bins[place];
            lower.settle();
            lower.list.append(&mut upper.list);
            lower.settle();
            lower.seat(seats);
            self.spare.push(upper.emptied());
        }
    }
}

impl Mark {
    /// What is left of a worth: what is owed to whoever has this mark, or the mark of those who are owed this.
    #[inline]
    pub(super) fn off(self, worth: i64) -> Self {
        Self {
            own: worth.wrapping_sub(self.own),
            net: worth.wrapping_sub(self.net),
        }
    }

    /// Whether a choice with this limit passes over whoever has this mark.
    #[inline]
    pub(super) fn within(self, limit: Self) -> Passes {
        let all = !is_above(self.own, limit.own);
        let still = all && !is_above(self.net, limit.net);
        Passes {
            all: all.into(),
            still: still.into(),
        }
    }
}

impl Bin {
    /// Forgets everything but its memory.
    fn emptied(mut self) -> Self {
        self.list.clear();
        Self {
            list: self.list,
            ..Self::default()
        }
    }

    #[inline]
    fn add(&mut self, agent: u32, mark: Mark) {
        if self.list.is_empty() {
            (self.own, self.net) = (Range::of(mark.own), Range::of(mark.net));
        } else {
            self.own.widen(mark.own);
            self.net.widen(mark.net);
        }
        let passes = Passes::default().less(self.passes);
        self.list.push(Marked {
            agent,
            passes,
            mark,
        });
    }

    fn pass(&mut self, limit: Mark) -> Passes {
        let still = match self.own.side(limit.own) {
            Side::Above => return Passes::default(),
            Side::Astride => return self.pass_each(limit),
            Side::Within => match self.net.side(limit.net) {
                Side::Above => 0,
                Side::Astride => return self.pass_each(limit),
                Side::Within => 1,
            },
        };
        let passes = Passes { all: 1, still };
        self.passes = self.passes.and(passes);
        passes
    }

    /// The same, one by one where the bounds do not say it; they are drawn closer.
    fn pass_each(&mut self, limit: Mark) -> Passes {
        let above = |marked: &Marked| marked.mark.own.wrapping_sub(limit.own);
        let closest = self.list.iter().map(above).fold(i64::MAX, i64::min);
        if closest > 0 {
            self.own.raise(limit.own.wrapping_add(closest));
            return Passes::default();
        }
        let mut found = Passes::default();
        for marked in &mut self.list {
            let passes = marked.mark.within(limit);
            marked.passes = marked.passes.and(passes);
            found = found.and(passes);
        }
        if found.all as usize == self.list.len() {
            // The bounds might have said so.
            self.measure();
        }
        found
    }

    /// Draws the bounds as close as they can be.
    fn measure(&mut self) {
        let mut list = self.list.iter().map(|marked| marked.mark);
        let Some(first) = list.next() else { return };
        (self.own, self.net) = (Range::of(first.own), Range::of(first.net));
        for mark in list {
            self.own.widen(mark.own);
            self.net.widen(mark.net);
        }
    }

    /// Everybody's passes are their own, and the bounds are close.
    fn settle(&mut self) {
        let passes = std::mem::take(&mut self.passes);
        for marked in &mut self.list {
            marked.passes = marked.passes.and(passes);
        }
        self.measure();
    }

    /// Everybody finds the way here.
    fn seat(&self, seats: &mut [Seat]) {
        for (place, marked) in self.list.iter().enumerate() {
            seats[marked.agent as usize].place = place as u32;
        }
    }
}

impl Passes {
    pub(super) fn and(self, more: Self) -> Self {
        Self {
            all: self.all.wrapping_add(more.all),
            still: self.still.wrapping_add(more.still),
        }
    }

    pub(super) fn less(self, fewer: Self) -> Self {
        Self {
            all: self.all.wrapping_sub(fewer.all),
            still: self.still.wrapping_sub(fewer.still),
        }
    }
}

impl Range {
    fn of(mark: i64) -> Self {
        Self {
            least: mark,
            next: mark.wrapping_add(FAR),
            most: mark,
        }
    }

    #[inline]
    fn widen(&mut self, mark: i64) {
        if is_above(self.next, mark) {
            (self.least, self.next) = match is_above(self.least, mark) {
                true => (mark, self.least),
                false => (self.least, mark),
            };
        }
        if is_above(mark, self.most) {
            self.most = mark;
        }
    }

    #[inline]
    fn leave(&mut self, mark: i64) {
        if mark == self.least {
            self.least = self.next;
        }
    }

    /// None is lower than this.
    fn raise(&mut self, least: i64) {
        self.least = least;
        if is_above(least, self.next) {
            self.next = least;
        }
    }

    #[inline]
    fn holds(self, mark: i64) -> bool {
        !is_above(self.least, mark) && !is_above(mark, self.most)
    }

    fn side(self, limit: i64) -> Side {
        match (is_above(self.least, limit), is_above(self.most, limit)) {
            (true, _) => Side::Above,
            (false, true) => Side::Astride,
            (false, false) => Side::Within,
        }
    }
}

/// Whether a mark is above another. They wrap round, see [`super::shares`].
#[inline]
fn is_above(mark: i64, other: i64) -> bool {
    mark.wrapping_sub(other) > 0
}

#[cfg(test)]
mod tests {
    use super::super::idle::Idle;
    use super::super::kinds::Kinds;
    use super::*;
    use crate::exchange::id::AgentId;
    use crate::exchange::time::Tick;
    use crate::measure::tests::scene;
    use proptest::prelude::*;

    const AGENTS: usize = 400;

    /// So many agents of one kind, none of them free.
    fn crowd() -> Idle {
        let mut plan = scene::plan();
        let one = plan.agents[0].clone();
        plan.agents = vec![one; AGENTS];
        Idle::new(&Kinds::new(&plan))
    }

    /// What is known of each agent by looking at each, for every choice.
    #[derive(Clone, Copy, Default)]
    struct Known {
        free: Option<Mark>,
        forgiven: i64,
        passes: Passes,
    }

    #[derive(Clone, Copy, Debug)]
    enum Act {
        /// Comes to be free with this mark, or is so no more.
        Turn(usize, i64),
        Forgive(usize, i64),
        Pass(i64, i64),
    }

    fn act() -> impl Strategy<Value = Act> {
        let agent = 0..AGENTS;
        prop_oneof![
            20 => (agent.clone(), -40..40_i64).prop_map(|(agent, mark)| Act::Turn(agent, mark)),
            1 => (agent, -9..9_i64).prop_map(|(agent, calls)| Act::Forgive(agent, calls)),
            5 => (-45..45_i64, -45..45_i64).prop_map(|(own, net)| Act::Pass(own, net)),
        ]
    }

    /// Does it all, with marks from somewhere on, whole and in steps.
    fn live(acts: &[Act], start: i64, step: i64) {
        let mut idle = crowd();
        let mut all = [Known::default(); AGENTS];
        let at = |mark: i64| start.wrapping_add(mark / step * step);
        for act in acts {
            match *act {
                Act::Turn(agent, mark) => {
                    let (id, known) = (AgentId(agent as u32), &mut all[agent]);
                    if known.free.take().is_some() {
                        let passes = idle.leave(id);
                        assert_eq!(passes, std::mem::take(&mut known.passes), "{agent}");
                    } else {
                        idle.enter(id, at(mark), Tick(0));
                        let (own, net) = (at(mark), at(mark).wrapping_add(known.forgiven));
                        known.free = Some(Mark { own, net });
                    }
                }
                Act::Forgive(agent, calls) => {
                    idle.forgive(AgentId(agent as u32), calls);
                    all[agent].forgiven += calls;
                }
                Act::Pass(own, net) => {
                    let (own, net) = (at(own), at(net));
                    let limit = Mark { own, net };
                    let mut found = Passes::default();
                    for known in &mut all {
                        let passes = known.free.map(|mark| mark.within(limit));
                        let passes = passes.unwrap_or_default();
                        known.passes = known.passes.and(passes);
                        found = found.and(passes);
                    }
                    let passes = idle.of_mut(0).pass(limit);
                    assert_eq!(
                        (passes.all > 0, passes.still > 0),
                        (found.all > 0, found.still > 0)
                    );
                }
            }
        }
        let free = all.iter().filter(|known| known.free.is_some());
        assert_eq!(idle.of(0).len(), free.clone().count());
        assert_eq!(idle.of(0).agents().count(), free.clone().count());
        let passes = free.map(|known| known.passes);
        assert!(idle.passed().map(|(_, passes)| passes).eq(passes));
    }

    proptest! {
        #[test]
        fn everybody_is_passed_over_as_often_as_if_each_were_looked_at(
            acts in proptest::collection::vec(act(), 0..3000),
            start in prop_oneof![Just(0), Just(i64::MAX - 5), Just(i64::MIN)],
            step in prop_oneof![Just(1), Just(10), Just(50)],
        ) {
            live(&acts, start, step);
        }
    }

    #[test]
    fn bins_are_parted_and_put_together() {
        let mut idle = crowd();
        let agents = || (0..AGENTS).map(|agent| AgentId(agent as u32));
        agents().for_each(|agent| idle.enter(agent, i64::from(agent.0 % 200), Tick(0)));
        let bins = idle.of(0).bins.iter().map(|bin| bin.list.len());
        assert!(bins.clone().all(|len| len <= BIN_MAX) && bins.count() > AGENTS / BIN_MAX);
        agents()
            .filter(|agent| agent.0 % 8 > 0)
            .for_each(|agent| _ = idle.leave(agent));
        let bins = idle.of(0).bins.iter().map(|bin| bin.list.len());
        assert_eq!(bins.clone().sum::<usize>(), 50);
        assert!(bins.count() <= 2 * 50 / BINS_MIN + 1);
    }
}
