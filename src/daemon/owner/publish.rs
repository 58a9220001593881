//! Menus that are published while the daemon runs.

use super::Owner;
use crate::daemon::clock;
use crate::daemon::entry::Entry;
use crate::daemon::entry::What;
use crate::daemon::journal::error::JournalError;
use crate::daemon::menus::Menus;
use crate::daemon::site::Edition;
use crate::exchange::Obstacle;
use serde::Serialize;
use std::collections::BTreeSet;

/// What came of publishing menus.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Publication {
    /// The version in force.
    pub version: u64,
    /// Whether it is another one than before.
    pub changed: bool,
    /// Calls in progress, and calls back that were promised: they keep the menus that they began with.
    pub calls: usize,
    /// Lines that take calls from now on, and took none before.
    pub new_lines: BTreeSet<String>,
    /// Lines that take no more calls.
    pub gone_lines: BTreeSet<String>,
    /// Agents who had been moved to other groups and are back in those of the files, which have changed.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub moved_back: BTreeSet<String>,
}

/// Why menus were not published.
#[derive(Debug)]
pub enum NotPublished {
    /// Something is in the way.
    Obstacles(Vec<Obstacle>),
    /// There are no menus of this version, or no others to go back to.
    UnknownVersion(Option<u64>),
    /// Others are being written in this moment.
    Busy,
    /// The journal's disk is full.
    DiskFull,
    /// The journal.
    Journal(JournalError),
}

impl Owner {
    /// Puts menus in force for the calls that come from now on. Nobody hears of it before the commit.
    ///
    /// # Errors
    /// If something is in the way: the menus in force stay.
    pub fn publish(&mut self, menus: &Menus) -> Result<Publication, NotPublished> {
        if self.rows.published.is_some() {
            return Err(NotPublished::Busy);
        }
        if self.disk_full {
            return Err(NotPublished::DiskFull);
        }
        let version = self.site.version();
        let in_force = self.journal.published(version);
        let in_force = in_force.map_err(NotPublished::Journal)?;
        if in_force.is_some_and(|published| published.plan_hash == menus.hash()) {
            return Ok(self.publication(version, None));
        }
        // What falls due first may end calls, and is an entry of its own.
        if self.next_deadline().is_some_and(|due| due <= self.now) {
            self.stage(self.now, What::Wake);
        }
        let newest = self.journal.newest_version();
        let newest = newest.map_err(NotPublished::Journal)?.unwrap_or(0);
        let before = (self.lines(), self.moved());
        let put = self.put_in_force(menus, newest + 1);
        put.map_err(NotPublished::Obstacles)?;
        Ok(self.publication(self.site.version(), Some(before)))
    }

    fn put_in_force(&mut self, menus: &Menus, version: u64) -> Result<(), Vec<Obstacle>> {
        let at = self.now.max(self.site.exchange().now());
        let edition = Edition {
            plan: menus.plan.clone(),
            version,
            live: true,
        };
        let applied = self.site.publish(at, &edition)?;
        let what = What::Published {
            version,
            origin_ms: self.site.exchange().origin_ms(),
            plan_hash: menus.hash().to_owned(),
            live: true,
        };
        let entry = Entry { at: at.0, what };
        self.staged
            .push(serde_json::to_string(&entry).expect("an entry is plain data"));
        self.rows.published = Some(menus.publish(version, clock::wall_ms()));
        self.keep(applied);
        self.guard.learn(self.site.exchange().plan());
        Ok(())
    }

    /// Puts menus in force again that were before: those of a version, or the last that were others than
    /// the ones in force.
    ///
    /// # Errors
    /// As for [`Owner::publish`], and if there are no such menus.
    pub fn roll_back(&mut self, to: Option<u64>) -> Result<Publication, NotPublished> {
        let journal = NotPublished::Journal;
        let in_force = self.site.version();
        let present = self.journal.published(in_force).map_err(journal)?;
        let hash = present.map(|published| published.plan_hash);
        let versions: Vec<u64> = match to {
            Some(version) => vec![version],
            None => (1..in_force).rev().collect(),
        };
        for version in versions {
            let published = self.journal.published(version).map_err(journal)?;
            let other = |plan_hash: &String| to.is_some() || Some(plan_hash) != hash.as_ref();
            if let Some(published) = published.filter(|published| other(&published.plan_hash)) {
                let menus = Menus::again(published);
                let menus = menus.map_err(|what| journal(JournalError::Corrupt(what)))?;
                return self.publish(&menus);
            }
        }
        Err(NotPublished::UnknownVersion(to))
    }

    /// `before` are the lines that took calls, and the agents who were moved, if the menus are others.
    fn publication(
        &self,
        version: u64,
        before: Option<(BTreeSet<String>, BTreeSet<String>)>,
    ) -> Publication {
        let (lines, moved) = (self.lines(), self.moved());
        let changed = before.is_some();
        let (lines_before, moved_before) = before.unwrap_or_default();
        Publication {
            version,
            changed,
            calls: self.site.exchange().calls_in_progress(),
            new_lines: &lines - if changed { &lines_before } else { &lines },
            gone_lines: &lines_before - &lines,
            moved_back: &moved_before - &moved,
        }
    }

    /// Agents who are in other groups than those of the files.
    fn moved(&self) -> BTreeSet<String> {
        let exchange = self.site.exchange();
        let agents = exchange.moved_agents();
        agents
            .map(|agent| exchange.plan().agent(agent).name.clone())
            .collect()
    }

    /// The lines that take calls.
    fn lines(&self) -> BTreeSet<String> {
        let all = self.site.exchange().plan().lines.iter();
        let taking = all.filter(|line| !line.retired);
        taking.map(|line| line.name.clone()).collect()
    }
}
