//! What is read from the database.

use super::number;
use crate::daemon::journal::EachEntry;
use crate::daemon::journal::Position;
use crate::daemon::journal::error::JournalError;
use crate::daemon::journal::rows::CdrRow;
use crate::daemon::journal::rows::DeliveryRow;
use crate::daemon::journal::rows::EditionRow;
use crate::daemon::journal::rows::MessageRow;
use crate::daemon::journal::rows::Outstanding;
use crate::daemon::journal::rows::Published;
use crate::daemon::journal::rows::PublishedFile;
use crate::daemon::journal::rows::RecordingRow;
use crate::daemon::journal::rows::SealedRow;
use crate::daemon::journal::rows::ShedRow;
use crate::daemon::journal::rows::SurveyRow;
use rusqlite::Connection;
use rusqlite::OptionalExtension as _;
use rusqlite::Params;
use rusqlite::Row;
use rusqlite::params;
use std::collections::BTreeMap;

/// Where the log ends.
pub(super) fn end(connection: &Connection) -> Result<Position, JournalError> {
    let mut last = connection.prepare_cached("SELECT max(position) FROM log")?;
    let last: Option<i64> = last.query_row((), |row| row.get(0))?;
    Ok(Position(last.map_or(0, whole)))
}

/// The first entry that is still there.
pub(super) fn first(connection: &Connection) -> Result<Option<Position>, JournalError> {
    let mut first = connection.prepare_cached("SELECT min(position) FROM log")?;
    let first: Option<i64> = first.query_row((), |row| row.get(0))?;
    Ok(first.map(|first| Position(whole(first))))
}

/// Hands over the entries after one place up to another; none may be missing.
pub(super) fn tail(
    connection: &Connection,
    after: Position,
    end: Position,
    each: &mut EachEntry<'_>,
) -> Result<(), JournalError> {
    let mut entries = connection.prepare_cached(
        "SELECT position, entry FROM log WHERE position > ?1 AND position <= ?2 ORDER BY position",
    )?;
    let mut entries = entries.query([number(after.0), number(end.0)])?;
    let mut expected = after;
    while let Some(row) = entries.next()? {
        let position = Position(whole(row.get(0)?));
        expected = expected.plus(1);
        if position != expected {
            return Err(missing(expected));
        }
        let entry = row.get_ref(1)?.as_str();
        each(position, entry.map_err(rusqlite::Error::from)?)?;
    }
    if expected < end {
        return Err(missing(expected.plus(1)));
    }
    Ok(())
}

fn missing(position: Position) -> JournalError {
    JournalError::Corrupt(format!("entry {position} is missing"))
}

/// The menus of a version.
pub(super) fn published(
    connection: &Connection,
    version: u64,
) -> Result<Option<Published>, JournalError> {
    let files = all(
        connection,
        "SELECT path, hash, text FROM published_files WHERE version = ?1 ORDER BY rowid",
        [number(version)],
        |row| {
            Ok(PublishedFile {
                path: row.get(0)?,
                hash: row.get(1)?,
                text: row.get(2)?,
            })
        },
    )?;
    let found = connection.query_row(
        "SELECT at_ms, zone_version, plan, plan_hash FROM published WHERE version = ?1",
        [number(version)],
        |row| {
            Ok(Published {
                version,
                at_ms: row.get(0)?,
                zone_version: row.get(1)?,
                plan: row.get(2)?,
                plan_hash: row.get(3)?,
                files,
            })
        },
    );
    Ok(found.optional()?)
}

/// The menus published last. Their texts stay where they are.
pub(super) fn editions(
    connection: &Connection,
    limit: usize,
) -> Result<Vec<EditionRow>, JournalError> {
    let query = "SELECT version, at_ms FROM published ORDER BY version DESC LIMIT ?1";
    let mut editions = all(connection, query, [number(limit as u64)], |row| {
        Ok(EditionRow {
            version: whole(row.get(0)?),
            at_ms: row.get(1)?,
            files: Vec::new(),
        })
    })?;
    let query = "SELECT path FROM published_files WHERE version = ?1 ORDER BY rowid";
    for edition in &mut editions {
        edition.files = all(connection, query, [number(edition.version)], |row| {
            row.get(0)
        })?;
    }
    Ok(editions)
}

/// All sealed digits.
pub(super) fn vault(connection: &Connection) -> Result<Vec<SealedRow>, JournalError> {
    let query = "SELECT call, sealed FROM vault ORDER BY call";
    all(connection, query, (), |row| {
        Ok(SealedRow {
            call: row.get(0)?,
            sealed: row.get(1)?,
        })
    })
}

/// How many calls have ended.
pub(super) fn cdr_count(connection: &Connection) -> Result<u64, JournalError> {
    let count: i64 = connection.query_row("SELECT count(*) FROM cdr", (), |row| row.get(0))?;
    Ok(whole(count))
}

/// The calls that ended last.
pub(super) fn recent_cdrs(
    connection: &Connection,
    limit: usize,
) -> Result<Vec<CdrRow>, JournalError> {
    all(
        connection,
        "SELECT position, number, call, bridge, line, caller, agent, queue, started_ms, ended_ms, \
         wait_ms, talk_ms, outcome, menus_version, detail, consent, recordings FROM cdr \
         ORDER BY position DESC, number DESC LIMIT ?1",
        params![number(limit as u64)],
        |row| {
            Ok(CdrRow {
                position: Position(whole(row.get(0)?)),
                number: row.get(1)?,
                call: row.get(2)?,
                bridge: row.get(3)?,
                line: row.get(4)?,
                caller: row.get(5)?,
                agent: row.get(6)?,
                queue: row.get(7)?,
                started_ms: row.get(8)?,
                ended_ms: row.get(9)?,
                wait_ms: row.get(10)?,
                talk_ms: row.get(11)?,
                outcome: row.get(12)?,
                menus_version: whole(row.get(13)?),
                detail: row.get(14)?,
                consent: row.get(15)?,
                recordings: row.get(16)?,
            })
        },
    )
}

/// The messages left last.
pub(super) fn messages(
    connection: &Connection,
    limit: usize,
) -> Result<Vec<MessageRow>, JournalError> {
    all(
        connection,
        "SELECT position, number, call, line, mailbox, caller, recording, length_ms, at_ms \
         FROM message ORDER BY position DESC, number DESC LIMIT ?1",
        params![number(limit as u64)],
        |row| {
            Ok(MessageRow {
                position: Position(whole(row.get(0)?)),
                number: row.get(1)?,
                call: row.get(2)?,
                line: row.get(3)?,
                mailbox: row.get(4)?,
                caller: row.get(5)?,
                recording: row.get(6)?,
                length_ms: row.get(7)?,
                at_ms: row.get(8)?,
            })
        },
    )
}

/// Deliveries that are due, so many for each address at most, the longest due first.
pub(super) fn deliveries_due(
    connection: &Connection,
    by_ms: i64,
    each: usize,
) -> Result<Vec<DeliveryRow>, JournalError> {
    let mut due = Vec::new();
    let mut address = String::new();
    while let Some(next) = next_address(connection, &address, false)? {
        due.append(&mut some_deliveries(
            connection,
            "WHERE given_up = 0 AND address = ?1 AND due_ms <= ?2 \
             ORDER BY due_ms, position, number LIMIT ?3",
            params![next, by_ms, number(each as u64)],
        )?);
        address = next;
    }
    due.sort_by_key(|row| (row.due_ms, row.position, row.number));
    Ok(due)
}

/// The address after this one to which something is to be sent, or was given up.
fn next_address(
    connection: &Connection,
    after: &str,
    given_up: bool,
) -> Result<Option<String>, JournalError> {
    let mut next = connection.prepare_cached(
        "SELECT address FROM delivery WHERE given_up = ?2 AND address > ?1 \
         ORDER BY address LIMIT 1",
    )?;
    Ok(next
        .query_row(params![after, given_up], |row| row.get(0))
        .optional()?)
}

/// Deliveries that were not taken yet, newest first.
pub(super) fn deliveries(
    connection: &Connection,
    limit: usize,
) -> Result<Vec<DeliveryRow>, JournalError> {
    some_deliveries(
        connection,
        "ORDER BY position DESC, number DESC LIMIT ?1",
        params![number(limit as u64)],
    )
}

/// Deliveries that were given up, so many for each address at most, the oldest first.
pub(super) fn deliveries_given_up(
    connection: &Connection,
    each: usize,
) -> Result<Vec<DeliveryRow>, JournalError> {
    let mut given_up = Vec::new();
    let mut address = String::new();
    while let Some(next) = next_address(connection, &address, true)? {
        given_up.append(&mut some_deliveries(
            connection,
            "WHERE given_up = 1 AND address = ?1 ORDER BY position, number LIMIT ?2",
            params![next, number(each as u64)],
        )?);
        address = next;
    }
    given_up.sort_by_key(|row| (row.position, row.number));
    Ok(given_up)
}

/// How many deliveries were not taken yet, by address.
pub(super) fn outstanding(
    connection: &Connection,
) -> Result<BTreeMap<String, Outstanding>, JournalError> {
    let rows = all(
        connection,
        "SELECT address, count(*), sum(given_up) FROM delivery GROUP BY address",
        (),
        |row| {
            let (all, given_up) = (whole(row.get(1)?), whole(row.get(2)?));
            let waiting = all - given_up;
            Ok((row.get(0)?, Outstanding { waiting, given_up }))
        },
    )?;
    Ok(rows.into_iter().collect())
}

/// Those deliveries that the rest of the query selects.
fn some_deliveries(
    connection: &Connection,
    which: &str,
    parameters: impl Params,
) -> Result<Vec<DeliveryRow>, JournalError> {
    let query = format!(
        "SELECT position, number, id, kind, url, secret_env, body, created_ms, due_ms, attempts, \
         given_up, why FROM delivery {which}"
    );
    all(connection, &query, parameters, |row| {
        Ok(DeliveryRow {
            position: Position(whole(row.get(0)?)),
            number: row.get(1)?,
            id: row.get(2)?,
            kind: row.get(3)?,
            url: row.get(4)?,
            secret_env: row.get(5)?,
            body: row.get(6)?,
            created_ms: row.get(7)?,
            due_ms: row.get(8)?,
            attempts: row.get(9)?,
            given_up: row.get(10)?,
            why: row.get(11)?,
        })
    })
}

/// The questions of surveys that were put last.
pub(super) fn surveys(
    connection: &Connection,
    limit: usize,
) -> Result<Vec<SurveyRow>, JournalError> {
    all(
        connection,
        "SELECT position, number, call, line, survey, question, answer, agent, at_ms FROM survey \
         ORDER BY position DESC, number DESC LIMIT ?1",
        params![number(limit as u64)],
        |row| {
            Ok(SurveyRow {
                position: Position(whole(row.get(0)?)),
                number: row.get(1)?,
                call: row.get(2)?,
                line: row.get(3)?,
                survey: row.get(4)?,
                question: row.get(5)?,
                answer: row.get(6)?,
                agent: row.get(7)?,
                at_ms: row.get(8)?,
            })
        },
    )
}

/// The conversations recorded last.
pub(super) fn recordings(
    connection: &Connection,
    limit: usize,
) -> Result<Vec<RecordingRow>, JournalError> {
    all(
        connection,
        "SELECT position, number, recording, call, bridge, line, caller, agent, consent, started_ms, \
         length_ms, paused_ms, failed FROM recording ORDER BY position DESC, number DESC LIMIT ?1",
        params![number(limit as u64)],
        |row| {
            Ok(RecordingRow {
                position: Position(whole(row.get(0)?)),
                number: row.get(1)?,
                recording: row.get(2)?,
                call: row.get(3)?,
                bridge: row.get(4)?,
                line: row.get(5)?,
                caller: row.get(6)?,
                agent: row.get(7)?,
                consent: row.get(8)?,
                started_ms: row.get(9)?,
                length_ms: row.get(10)?,
                paused_ms: row.get(11)?,
                failed: row.get(12)?,
            })
        },
    )
}

/// The calls turned away last.
pub(super) fn shed(connection: &Connection, limit: usize) -> Result<Vec<ShedRow>, JournalError> {
    all(
        connection,
        "SELECT position, number, line, reason, calls, at_ms FROM shed \
         ORDER BY position DESC, number DESC LIMIT ?1",
        params![number(limit as u64)],
        |row| {
            Ok(ShedRow {
                position: Position(whole(row.get(0)?)),
                number: row.get(1)?,
                line: row.get(2)?,
                reason: row.get(3)?,
                calls: whole(row.get(4)?),
                at_ms: row.get(5)?,
            })
        },
    )
}

/// All rows of an answer.
pub(super) fn all<T>(
    connection: &Connection,
    query: &str,
    parameters: impl Params,
    row: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, JournalError> {
    let mut statement = connection.prepare_cached(query)?;
    let rows = statement.query_map(parameters, row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A number as it was before it was stored; none of ours is negative.
pub(super) fn whole(stored: i64) -> u64 {
    u64::try_from(stored).unwrap_or(0)
}
