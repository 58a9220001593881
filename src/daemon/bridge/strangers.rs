//! Connections over which nobody has said yet who is there: so many at most, for they cost memory.

use super::protocol::Code;
use super::protocol::Refusal;
use super::wire;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use tokio::sync::oneshot;

/// More than there are bridges, each of which may come anew before its last connection has ended.
pub const STRANGERS_MAX: usize = 256;

/// What a session can be ended with until its bridge is known, and by whom it is known after that.
#[derive(Clone, Debug)]
pub struct End(Arc<Mutex<Option<oneshot::Sender<Refusal>>>>);

impl End {
    /// Somebody else ends the session from now on.
    pub fn take(&self) -> Option<oneshot::Sender<Refusal>> {
        lock(&self.0).take()
    }

    fn is_open(&self) -> bool {
        lock(&self.0).as_ref().is_some_and(|end| !end.is_closed())
    }
}

/// All of them, the oldest first.
#[derive(Clone, Debug, Default)]
pub struct Strangers(Arc<Mutex<VecDeque<End>>>);

impl Strangers {
    /// One more has come, whose session ends with what is sent here. Where there are too many, the oldest
    /// makes room: a bridge says hello at once.
    pub fn come(&self, end: oneshot::Sender<Refusal>) -> End {
        let end = End(Arc::new(Mutex::new(Some(end))));
        let mut all = lock(&self.0);
        all.retain(End::is_open);
        if all.len() == STRANGERS_MAX
            && let Some(oldest) = all.pop_front().and_then(|oldest| oldest.take())
        {
            let words =
                format!("say hello at once: {STRANGERS_MAX} that came later wait to be heard");
            // Who has just gone need not be told.
            drop(oldest.send(wire::fatal(Code::TooManyBridges, &words)));
        }
        all.push_back(end.clone());
        end
    }
}

fn lock<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_makes_room_who_has_not_said_hello() {
        let strangers = Strangers::default();
        let come = || {
            let (end, ended) = oneshot::channel();
            (strangers.come(end), ended)
        };
        let (known, mut of_known) = come();
        let owner = known.take();
        let (_, gone) = come();
        drop(gone);
        let mut waiting: Vec<_> = (0..STRANGERS_MAX).map(|_| come().1).collect();
        assert!(waiting.iter_mut().all(|ended| ended.try_recv().is_err()));
        let _one_more = come();
        let told = waiting[0].try_recv().expect("a word");
        assert_eq!((told.code, told.fatal), (Code::TooManyBridges, true));
        assert!(waiting[1].try_recv().is_err() && of_known.try_recv().is_err());
        drop(owner);
    }
}
