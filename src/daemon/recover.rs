//! From a journal to an owner: what was there goes on.

use super::clock;
use super::clock::Leap;
use super::entry::Entry;
use super::entry::What;
use super::journal::Journal;
use super::journal::Position;
use super::journal::error::JournalError;
use super::menus::Menus;
use super::menus::zones;
use super::owner::Owner;
use super::owner::is_older_vault_name;
use super::owner::older_vault_name;
use super::owner::vault_name;
use super::site::BridgeId;
use super::site::Edition;
use super::site::Site;
use super::vault::Vault;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::CallId;
use crate::exchange::id::VariableId;
use crate::exchange::key::Digits;
use crate::exchange::limits::VARIABLES_MAX;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How an owner begins.
pub struct Opening {
    /// The menus to put in force; those of the journal go on where there are none.
    pub menus: Option<Menus>,
    /// Keeps secret digits; without it a crash makes callers enter them again.
    pub vault: Option<Vault>,
    /// How long calls wait for a lost bridge.
    pub patience: Span,
    /// What time it is, as Unix time in milliseconds.
    pub wall_ms: i64,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The place in the journal of the snapshot that was used.
    pub snapshot: Option<u64>,
    /// Entries read after it.
    pub entries: u64,
    /// Calls in progress.
    pub calls: usize,
    /// Calls back that are promised, or made, and no calls in progress.
    pub promised: usize,
    /// The menus in force.
    pub version: u64,
    /// Whether these promise calls back.
    pub calls_back: bool,
    /// Secret entries that cannot be opened: they were sealed under another key.
    pub unopened: usize,
    /// What had to be done about the clock, if anything.
    pub leap: Option<Leap>,
    /// Why the menus given are not in force, if so.
    pub passed_over: Option<String>,
}

/// Rebuilds the site of a journal, and begins one in an empty journal.
///
/// # Errors
/// If the journal cannot be read, or holds what this program cannot have written; if there are no menus.
pub fn recover(
    mut journal: Box<dyn Journal>,
    opening: Opening,
) -> Result<(Owner, Found), JournalError> {
    let (site, mut found) = rebuild(&mut *journal)?;
    let Opening {
        menus,
        vault,
        patience,
        wall_ms,
    } = opening;
    let site = match (site, &menus) {
        (None, None) => return Err(corrupt("it holds no menus".to_owned())),
        (None, Some(menus)) => publish_first(&mut *journal, menus, wall_ms)?,
        (Some(site), None) => {
            let (in_force, plan) = (site.version(), site.exchange().plan());
            let lines = plan.lines.iter().filter(|line| !line.retired);
            let lines: Vec<&str> = lines.map(|line| line.name.as_str()).collect();
            found.passed_over = Some(format!(
                "they have errors; version {in_force} of the journal goes on, with {} (strowger publish \
                 takes them up once they are mended)",
                lines.join(", ")
            ));
            site
        }
        (Some(site), Some(menus)) => publish(&mut *journal, site, menus, &mut found)?,
    };
    let exchange = site.exchange();
    found.promised = exchange.callbacks_promised();
    found.calls = exchange.calls_in_progress().saturating_sub(found.promised);
    found.version = site.version();
    found.calls_back = exchange.plan().promises_calls_back();
    let sealed = journal.vault()?;
    let snapshot = Position(found.snapshot.unwrap_or(0));
    let mut owner = Owner::new(site, snapshot, journal, vault, patience);
    owner.begin(Tick(0));
    let (gone, leap) = owner.wake_at(wall_ms)?;
    found.leap = leap;
    owner.started(zones(), gone);
    owner.ask_again();
    owner.take_up_outbox()?;
    let sealed = sealed.into_iter().map(|row| (row.call, row.sealed));
    let sealed = sealed.collect();
    found.unopened = unopened(&owner, &sealed);
    restore_secrets(&mut owner, &sealed);
    owner.commit()?;
    Ok((owner, found))
}

/// The site as the journal tells it: the newest snapshot, and all entries since.
///
/// # Errors
/// As for [`recover`].
pub fn rebuild(journal: &mut dyn Journal) -> Result<(Option<Site>, Found), JournalError> {
    let mut found = Found::default();
    let snapshot = journal.newest_snapshot()?;
    let (mut site, after) = match &snapshot {
        None => (None, Position::START),
        Some(snapshot) => {
            let site: Site = serde_json::from_slice(&snapshot.content).map_err(|error| {
                corrupt(format!("the snapshot at {}: {error}", snapshot.position))
            })?;
            let versions = site.versions_needed().into_iter();
            let plans: Result<Vec<_>, _> = versions.map(|known| plan(journal, known)).collect();
            let site = site.restore(&plans?);
            let site = site.ok_or_else(|| corrupt("the snapshot is of other menus".to_owned()))?;
            found.snapshot = Some(snapshot.position.0);
            (Some(site), snapshot.position)
        }
    };
    found.entries = read_on(journal, &mut site, after)?;
    Ok((site, found))
}

/// The site as the whole log tells it, whatever snapshots there are; none if the log is empty.
///
/// # Errors
/// As for [`recover`], and if the log does not begin at its beginning any more.
pub fn replay_whole(journal: &mut dyn Journal) -> Result<Option<Site>, JournalError> {
    let mut site = None;
    read_on(journal, &mut site, Position::START)?;
    Ok(site)
}

/// Applies all entries after a place; how many there were.
fn read_on(
    journal: &mut dyn Journal,
    site: &mut Option<Site>,
    after: Position,
) -> Result<u64, JournalError> {
    let known = site.as_ref().map_or(0, Site::version);
    let plans = plans_after(journal, known)?;
    let mut entries = 0;
    journal.tail(after, &mut |place, line| {
        let entry: Entry = serde_json::from_str(line)
            .map_err(|error| corrupt(format!("entry {place}: {error}")))?;
        entries += 1;
        replay(site, &entry, &plans).map_err(|what| corrupt(format!("entry {place}: {what}")))
    })?;
    Ok(entries)
}

fn replay(
    site: &mut Option<Site>,
    entry: &Entry,
    plans: &BTreeMap<u64, Arc<Dialplan>>,
) -> Result<(), String> {
    match (&entry.what, site.as_mut()) {
        (
            What::Published {
                version,
                origin_ms,
                live,
                ..
            },
            site_now,
        ) => {
            let plan = plans.get(version).cloned();
            let plan = plan.ok_or_else(|| format!("there are no menus of version {version}"))?;
            match site_now {
                Some(site) => {
                    entry.check(site.exchange().now())?;
                    let edition = Edition {
                        plan,
                        version: *version,
                        live: *live,
                    };
                    site.publish(Tick(entry.at), &edition)
                        .map_err(|obstacles| obstacles[0].to_string())?;
                }
                None => *site = Some(Site::new(plan, *version, *origin_ms)),
            }
        }
        (_, Some(site)) => {
            entry.check(site.exchange().now())?;
            site.apply(entry);
        }
        (_, None) => return Err("menus come first".to_owned()),
    }
    Ok(())
}

fn plans_after(
    journal: &mut dyn Journal,
    known: u64,
) -> Result<BTreeMap<u64, Arc<Dialplan>>, JournalError> {
    let newest = journal.newest_version()?.unwrap_or(0);
    let mut plans = BTreeMap::new();
    for version in known + 1..=newest {
        plans.insert(version, plan(journal, version)?);
    }
    Ok(plans)
}

fn plan(journal: &mut dyn Journal, version: u64) -> Result<Arc<Dialplan>, JournalError> {
    let published = journal.published(version)?;
    let published =
        published.ok_or_else(|| corrupt(format!("there are no menus of version {version}")))?;
    Menus::plan_of(&published).map_err(corrupt)
}

fn publish_first(
    journal: &mut dyn Journal,
    menus: &Menus,
    origin_ms: i64,
) -> Result<Site, JournalError> {
    let site = Site::new(menus.plan.clone(), 1, origin_ms);
    write_publication(journal, menus, (0, 1, origin_ms))?;
    Ok(site)
}

/// Puts the menus in force if they are others, unless those in force have taken their place while the
/// daemon ran, or something is in the way.
fn publish(
    journal: &mut dyn Journal,
    mut site: Site,
    menus: &Menus,
    found: &mut Found,
) -> Result<Site, JournalError> {
    let in_force = journal.published(site.version())?;
    if in_force.is_some_and(|published| published.plan_hash == menus.hash()) {
        return Ok(site);
    }
    if site.is_live()
        && let Some(version) = version_with(journal, menus.hash())?
    {
        found.passed_over = Some(format!(
            "version {} was published since: those given are version {version} (strowger rollback \
             --to {version} takes them up again)",
            site.version()
        ));
        return Ok(site);
    }
    let newest = journal.newest_version()?.unwrap_or(0);
    let (at, version) = (site.exchange().now(), newest + 1);
    let edition = Edition {
        plan: menus.plan.clone(),
        version,
        live: false,
    };
    if let Err(obstacles) = site.publish(at, &edition) {
        found.passed_over = Some(obstacles[0].to_string());
        return Ok(site);
    }
    write_publication(journal, menus, (at.0, version, site.exchange().origin_ms()))?;
    Ok(site)
}

/// The newest version that has this hash.
fn version_with(journal: &mut dyn Journal, hash: &str) -> Result<Option<u64>, JournalError> {
    for version in (1..=journal.newest_version()?.unwrap_or(0)).rev() {
        let published = journal.published(version)?;
        if published.is_some_and(|published| published.plan_hash == hash) {
            return Ok(Some(version));
        }
    }
    Ok(None)
}

fn write_publication(
    journal: &mut dyn Journal,
    menus: &Menus,
    (at, version, origin_ms): (u64, u64, i64),
) -> Result<(), JournalError> {
    let what = What::Published {
        version,
        origin_ms,
        plan_hash: menus.hash().to_owned(),
        live: false,
    };
    let entry = Entry { at, what };
    let line = serde_json::to_string(&entry).expect("an entry is plain data");
    let after = journal.end();
    journal.append(after, &[line])?;
    let rows = super::journal::rows::Rows {
        published: Some(menus.publish(version, clock::wall_ms())),
        ..super::journal::rows::Rows::default()
    };
    journal.commit(&rows)
}

/// How many sealed entries the present key does not open, where there is one.
fn unopened(owner: &Owner, sealed: &BTreeMap<String, Vec<u8>>) -> usize {
    let opens = |(row, sealed): &(&String, &Vec<u8>)| owner.unseal(row, sealed).is_some();
    match owner.has_vault() {
        true => sealed.iter().filter(|row| !opens(row)).count(),
        false => 0,
    }
}

/// Gives calls back the digits of their secrets, and has them enter again the one that they were in
/// the middle of if it is lost.
fn restore_secrets(owner: &mut Owner, sealed: &BTreeMap<String, Vec<u8>>) {
    for (call, (bridge, name)) in guarded(owner.site()) {
        let exchange = owner.site().exchange();
        let (taken, entering) = (exchange.secret_digits(call), exchange.secret_entry(call));
        let mut lost = taken > 0;
        for place in 0..VARIABLES_MAX {
            let variable = VariableId(place as u8);
            let opened = |row: String| owner.unseal(&row, sealed.get(&row)?);
            let older = older_vault_name(&bridge, &name, variable).and_then(opened);
            let digits = opened(vault_name(&bridge, &name, variable)).or(older);
            if let Some(digits) = older.filter(|_| digits == older) {
                owner.seal((&bridge, &name), variable, &digits);
            }
            // Digits of an entry that has begun again are of no use.
            let fits = |digits: &Digits| entering != Some(variable) || digits.len() == taken;
            if let Some(digits) = digits.filter(fits) {
                lost &= entering != Some(variable);
                owner.restore_secret(call, variable, digits);
            }
        }
        if lost {
            owner.entry_lost(bridge, name);
        }
    }
    for row in sealed.keys().filter(|row| is_older_vault_name(row)) {
        owner.unseal_no_more(row.clone());
    }
}

/// The calls that may have entered secrets.
fn guarded(site: &Site) -> Vec<(CallId, (String, String))> {
    let bridges = site.bridges();
    let ids = (0..bridges.len()).map(|place| BridgeId(place as u16));
    ids.flat_map(|id| {
        let bridge = bridges.get(id);
        let calls = bridge.calls().iter();
        calls.map(|(name, call)| (*call, (bridge.name.clone(), name.clone())))
    })
    .collect()
}

fn corrupt(what: String) -> JournalError {
    JournalError::Corrupt(what)
}
