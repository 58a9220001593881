//! Who has driven too often: the carpool problem, which is that of sharing calls among the free.

use super::fixed::ONE_CALL;
use crate::exchange::ahead::fetch_entry;

/// How many rides each member has driven beyond the share.
///
/// A ride counts 1 for its driver, and everybody in the car, the driver too, owes
/// `weight / sum of weights` of it (Fagin and Williams, *A fair carpool scheduling algorithm*, IBM J.
/// Res. Dev. 27, 1983). Whoever always lets the one furthest behind drive keeps everybody within
/// `(n - 1) / 2` rides of the share, whoever rides when (Ajtai, Aspnes, Naor, Rabani, Schulman and
/// Waarts, *Fairness in scheduling*, J. Algorithms 29, 1998; Coppersmith, Nowicki, Paleologo, Tresser
/// and Wu, *The optimality of the online greedy algorithm in carpool and chairman assignment
/// problems*, ACM Trans. Algorithms 7, 2011).
///
/// Members belong to pools, and those of several pools may ride together. What a ride costs is noted
/// with the pool, and each member is charged when leaving it: a ride takes no longer for a full car.
#[derive(Clone, Debug)]
pub struct Carpool {
    pools: Vec<Pool>,
    members: Vec<Member>,
    worst: i64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Pool {
    /// Of those in the car.
    weight: u64,
    /// What all rides have cost for a weight of 1, in units of 2⁻⁶⁴ rides.
    cost: u128,
}

/// In one line of the cache.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Member {
    pool: u32,
    weight: u32,
    is_in: bool,
    /// In the unit of [`super::fixed`], but for the rides since `cost`.
    ahead: i64,
    /// The cost in the pool up to which the member is charged.
    cost: u128,
}

/// What one ride cost, to be given back.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fare(u64);

impl Carpool {
    /// A carpool with nobody in it, who have never driven. Each member has a pool, counted from 0,
    /// and a weight above 0: the part of the rides to drive, against those of the others.
    pub fn new(members: impl IntoIterator<Item = (usize, u32)>) -> Self {
        let member = |(pool, weight): (usize, u32)| Member {
            pool: pool as u32,
            weight,
            is_in: false,
            ahead: 0,
            cost: 0,
        };
        let members: Vec<Member> = members.into_iter().map(member).collect();
        let pools = members.iter().map(|member| member.pool as usize + 1).max();
        Self {
            pools: vec![Pool::default(); pools.unwrap_or(0)],
            members,
            worst: 0,
        }
    }

    /// Forgets all rides; nobody is in the car.
    pub fn reset(&mut self) {
        self.pools.fill(Pool::default());
        for member in &mut self.members {
            (member.is_in, member.ahead, member.cost) = (false, 0, 0);
        }
        self.worst = 0;
    }

    /// Asks for the memory of a member.
    #[inline]
    pub(super) fn fetch(&self, member: usize) {
        fetch_entry(&self.members, member);
    }

    /// A member gets in.
    #[inline]
    pub fn enter(&mut self, member: usize) {
        let member = &mut self.members[member];
        let pool = &mut self.pools[member.pool as usize];
        pool.weight += u64::from(member.weight);
        (member.is_in, member.cost) = (true, pool.cost);
    }

    /// A member gets out; who has driven is out already.
    #[inline]
    pub fn leave(&mut self, member: usize) {
        if self.members[member].is_in {
            self.settle(member);
        }
    }

    /// One ride of all who are in the car, of these pools. The driver is one of them, and gets out
    /// with it.
    #[inline]
    pub fn ride(&mut self, driver: usize, pools: &[u32]) -> Fare {
        let weight = pools.iter().map(|pool| self.pools[*pool as usize].weight);
        let fare = u64::MAX / weight.sum::<u64>();
        self.settle(driver);
        let driver = &mut self.members[driver];
        driver.ahead += ONE_CALL - charge(driver.weight, u128::from(fare));
        self.worst = self.worst.max(driver.ahead);
        for pool in pools {
            self.pools[*pool as usize].cost += u128::from(fare);
        }
        Fare(fare)
    }

    /// A ride of these, whoever is in the car now. The driver is one of them.
    pub fn ride_of(&mut self, driver: usize, riders: &[u32]) {
        let weight = |rider: &u32| u64::from(self.members[*rider as usize].weight);
        let fare = u128::from(u64::MAX / riders.iter().map(weight).sum::<u64>());
        self.members[driver].ahead += ONE_CALL;
        for rider in riders {
            let member = &mut self.members[*rider as usize];
            member.ahead -= charge(member.weight, fare);
            let ahead = self.ahead(*rider as usize).abs();
            self.worst = self.worst.max(ahead);
        }
    }

    /// Takes a ride back: these were in the car, and this one was to drive.
    pub fn take_back(&mut self, driver: usize, riders: &[u32], fare: Fare) {
        for rider in riders {
            let member = &mut self.members[*rider as usize];
            member.ahead += charge(member.weight, u128::from(fare.0));
        }
        self.members[driver].ahead -= ONE_CALL;
    }

    /// How many rides a member has driven beyond the share; below 0 for too few.
    pub fn ahead(&self, member: usize) -> i64 {
        let member = &self.members[member];
        match member.is_in {
            true => member.ahead - member.owes(&self.pools[member.pool as usize]),
            false => member.ahead,
        }
    }

    /// The most that anybody was ever ahead or behind.
    pub fn worst(&self) -> i64 {
        let now = (0..self.members.len()).map(|member| self.ahead(member).abs());
        now.max().unwrap_or(0).max(self.worst)
    }

    /// Charges a member with the rides since getting in. So far behind it was not before.
    #[inline]
    fn settle(&mut self, member: usize) {
        let member = &mut self.members[member];
        let pool = &mut self.pools[member.pool as usize];
        member.ahead -= member.owes(pool);
        member.is_in = false;
        pool.weight -= u64::from(member.weight);
        self.worst = self.worst.max(-member.ahead);
    }
}

impl Member {
    #[inline]
    fn owes(&self, pool: &Pool) -> i64 {
        charge(self.weight, pool.cost - self.cost)
    }
}

#[inline]
fn charge(weight: u32, cost: u128) -> i64 {
    ((cost * u128::from(weight)) >> 32) as i64
}

#[cfg(test)]
mod tests {
    use super::super::fixed::SLACK;
    use super::*;
    use proptest::prelude::*;

    /// A carpool of one pool for each list of weights.
    fn carpool(pools: &[&[u32]]) -> Carpool {
        let pools = pools.iter().enumerate();
        Carpool::new(pools.flat_map(|(pool, weights)| weights.iter().map(move |at| (pool, *at))))
    }

    /// A ride of these alone.
    fn ride(carpool: &mut Carpool, driver: usize, riders: &[u32], pools: &[u32]) -> Fare {
        riders.iter().for_each(|at| carpool.enter(*at as usize));
        let fare = carpool.ride(driver, pools);
        riders.iter().for_each(|at| carpool.leave(*at as usize));
        fare
    }

    #[track_caller]
    fn is_close(fixed: i64, calls: f64) {
        let exact = calls * ONE_CALL as f64;
        assert!((fixed as f64 - exact).abs() < SLACK as f64, "{fixed}");
    }

    #[test]
    fn everybody_in_the_car_owes_a_part_of_every_ride() {
        let mut carpool = carpool(&[&[1; 4]]);
        ride(&mut carpool, 0, &[0, 1, 2], &[0]);
        ride(&mut carpool, 1, &[0, 1], &[0]);
        ride(&mut carpool, 2, &[2], &[0]);
        let ahead = [2.0 / 3.0 - 0.5, 0.5 - 1.0 / 3.0, -1.0 / 3.0, 0.0];
        for (member, calls) in ahead.into_iter().enumerate() {
            is_close(carpool.ahead(member), calls);
        }
        is_close(carpool.worst(), 2.0 / 3.0);
        carpool.reset();
        assert_eq!((carpool.ahead(0), carpool.worst()), (0, 0));
    }

    #[test]
    fn half_a_weight_owes_half_as_much() {
        let mut carpool = carpool(&[&[500_000, 1_000_000]]);
        ride(&mut carpool, 1, &[0, 1], &[0]);
        is_close(carpool.ahead(0), -1.0 / 3.0);
        is_close(carpool.ahead(1), 1.0 / 3.0);
    }

    #[test]
    fn pools_may_ride_together_or_alone() {
        let mut carpool = carpool(&[&[1, 1], &[1, 1]]);
        (0..4).for_each(|member| carpool.enter(member));
        carpool.ride(0, &[0]);
        carpool.enter(0);
        carpool.ride(2, &[0, 1]);
        for (member, calls) in [0.25, -0.75, 0.75, -0.25].into_iter().enumerate() {
            is_close(carpool.ahead(member), calls);
        }
        is_close(carpool.worst(), 0.75);
    }

    #[test]
    fn a_ride_counts_the_same_when_everybody_has_got_out() {
        let (mut early, mut late) = (carpool(&[&[1, 2, 3]]), carpool(&[&[1, 2, 3]]));
        ride(&mut early, 2, &[0, 2], &[0]);
        late.enter(0);
        late.ride_of(2, &[0, 2]);
        for member in 0..3 {
            assert_eq!(early.ahead(member), late.ahead(member));
        }
        assert_eq!(early.worst(), late.worst());
    }

    #[test]
    fn a_ride_that_is_taken_back_has_not_been() {
        let mut carpool = carpool(&[&[1, 2, 3]]);
        let riders = [0, 1, 2];
        let fare = ride(&mut carpool, 1, &riders, &[0]);
        carpool.enter(0);
        carpool.take_back(1, &riders, fare);
        for member in 0..3 {
            is_close(carpool.ahead(member), 0.0);
        }
    }

    /// Rides of whoever is in the set of bits, driven by the one furthest behind.
    fn drive_greedily(members: usize, rides: &[u16]) -> Carpool {
        let mut carpool = Carpool::new(vec![(0, 1); members]);
        for set in rides {
            let riders = (0..members as u32).filter(|member| set >> member & 1 == 1);
            let riders: Vec<u32> = riders.collect();
            let least = |member: &&u32| carpool.ahead(**member as usize);
            if let Some(driver) = riders.iter().min_by_key(least) {
                ride(&mut carpool, *driver as usize, &riders, &[0]);
            }
        }
        carpool
    }

    proptest! {
        #[test]
        fn the_greedy_driver_keeps_the_published_bound(
            members in 2..12usize,
            rides in prop::collection::vec(any::<u16>(), 0..600),
        ) {
            let carpool = drive_greedily(members, &rides);
            let bound = ONE_CALL * (members as i64 - 1) / 2;
            prop_assert!(carpool.worst() <= bound + SLACK, "{}", carpool.worst());
            let all: i64 = (0..members).map(|member| carpool.ahead(member)).sum();
            prop_assert!(all.abs() < SLACK * rides.len() as i64 + 1, "{}", all);
        }
    }

    #[test]
    fn whoever_drives_first_in_the_list_breaks_it() {
        let mut carpool = carpool(&[&[1; 3]]);
        for _ in 0..10 {
            ride(&mut carpool, 0, &[0, 1, 2], &[0]);
        }
        is_close(carpool.ahead(0), 20.0 / 3.0);
        assert!(carpool.worst() > ONE_CALL);
    }
}
