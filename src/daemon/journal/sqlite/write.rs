//! What a commit writes, inside a transaction that somebody else begins and ends.

use super::number;
use crate::daemon::journal::Position;
use crate::daemon::journal::error::JournalError;
use crate::daemon::journal::rows::CdrRow;
use crate::daemon::journal::rows::DeliveryRow;
use crate::daemon::journal::rows::MessageRow;
use crate::daemon::journal::rows::Published;
use crate::daemon::journal::rows::RecordingRow;
use crate::daemon::journal::rows::Rows;
use crate::daemon::journal::rows::Settled;
use crate::daemon::journal::rows::ShedRow;
use crate::daemon::journal::rows::SurveyRow;
use crate::daemon::journal::rows::Unkept;
use crate::daemon::journal::rows::VaultChange;
use rusqlite::Connection;
use rusqlite::params;

/// Adds entries after a place.
pub(super) fn entries(
    connection: &Connection,
    after: Position,
    entries: &[String],
) -> Result<(), JournalError> {
    let mut insert =
        connection.prepare_cached("INSERT INTO log (position, entry) VALUES (?1, ?2)")?;
    for (place, entry) in entries.iter().enumerate() {
        insert.execute(params![number(after.plus(place + 1).0), entry])?;
    }
    Ok(())
}

/// Deletes entries up to and with a place.
pub(super) fn prune(connection: &Connection, to: Position) -> Result<(), JournalError> {
    let mut delete = connection.prepare_cached("DELETE FROM log WHERE position <= ?1")?;
    delete.execute([number(to.0)])?;
    Ok(())
}

/// Adds all rows; those that are there already are left as they are.
pub(super) fn rows(connection: &Connection, rows: &Rows) -> Result<(), JournalError> {
    for row in &rows.cdrs {
        cdr(connection, row)?;
    }
    for row in &rows.messages {
        message(connection, row)?;
    }
    for row in &rows.surveys {
        survey(connection, row)?;
    }
    for row in &rows.recordings {
        recording(connection, row)?;
    }
    for unkept in &rows.unkept {
        not_kept(connection, unkept)?;
    }
    for row in &rows.shed {
        shed(connection, row)?;
    }
    for change in &rows.vault {
        vault(connection, change)?;
    }
    for row in &rows.deliveries {
        delivery(connection, row)?;
    }
    for settled in &rows.settled {
        settle(connection, settled)?;
    }
    rows.published
        .iter()
        .try_for_each(|menus| published(connection, menus))
}

fn cdr(connection: &Connection, row: &CdrRow) -> Result<(), JournalError> {
    let mut insert = connection.prepare_cached(
        "INSERT OR IGNORE INTO cdr (position, number, call, bridge, line, caller, agent, queue, \
         started_ms, ended_ms, wait_ms, talk_ms, outcome, menus_version, detail, consent, recordings) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
    )?;
    insert.execute(params![
        number(row.position.0),
        row.number,
        row.call,
        row.bridge,
        row.line,
        row.caller,
        row.agent,
        row.queue,
        row.started_ms,
        row.ended_ms,
        row.wait_ms,
        row.talk_ms,
        row.outcome,
        number(row.menus_version),
        row.detail,
        row.consent,
        row.recordings,
    ])?;
    Ok(())
}

fn message(connection: &Connection, row: &MessageRow) -> Result<(), JournalError> {
    let mut insert = connection.prepare_cached(
        "INSERT OR IGNORE INTO message (position, number, call, line, mailbox, caller, recording, \
         length_ms, at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    insert.execute(params![
        number(row.position.0),
        row.number,
        row.call,
        row.line,
        row.mailbox,
        row.caller,
        row.recording,
        row.length_ms,
        row.at_ms,
    ])?;
    Ok(())
}

fn survey(connection: &Connection, row: &SurveyRow) -> Result<(), JournalError> {
    let mut insert = connection.prepare_cached(
        "INSERT OR IGNORE INTO survey (position, number, call, line, survey, question, answer, \
         agent, at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    insert.execute(params![
        number(row.position.0),
        row.number,
        row.call,
        row.line,
        row.survey,
        row.question,
        row.answer,
        row.agent,
        row.at_ms,
    ])?;
    Ok(())
}

fn recording(connection: &Connection, row: &RecordingRow) -> Result<(), JournalError> {
    let mut insert = connection.prepare_cached(
        "INSERT OR IGNORE INTO recording (position, number, recording, call, bridge, line, caller, \
         agent, consent, started_ms, length_ms, paused_ms, failed) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )?;
    insert.execute(params![
        number(row.position.0),
        row.number,
        row.recording,
        row.call,
        row.bridge,
        row.line,
        row.caller,
        row.agent,
        row.consent,
        row.started_ms,
        row.length_ms,
        row.paused_ms,
        row.failed,
    ])?;
    Ok(())
}

fn not_kept(connection: &Connection, unkept: &Unkept) -> Result<(), JournalError> {
    let mut update = connection.prepare_cached(
        "UPDATE recording SET failed = 1 WHERE recording = ?1 AND bridge = ?2 AND failed = 0 \
         RETURNING position, call",
    )?;
    let marked = update.query_map(params![unkept.recording, unkept.bridge], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    let marked: Vec<(i64, String)> = marked.collect::<Result<_, _>>()?;
    // The call ended with the conversation or after it, and no other had its name meanwhile.
    let mut count_less = connection.prepare_cached(
        "UPDATE cdr SET recordings = recordings - 1 WHERE recordings > 0 AND (position, number) = \
         (SELECT position, number FROM cdr WHERE position >= ?1 AND call = ?2 AND bridge = ?3 \
         ORDER BY position, number LIMIT 1)",
    )?;
    for (position, call) in marked.iter().filter(|_| unkept.counted) {
        count_less.execute(params![position, call, unkept.bridge])?;
    }
    Ok(())
}

fn delivery(connection: &Connection, row: &DeliveryRow) -> Result<(), JournalError> {
    let mut insert = connection.prepare_cached(
        "INSERT OR IGNORE INTO delivery (position, number, id, kind, url, address, secret_env, body, \
         created_ms, due_ms, attempts, given_up, why) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )?;
    insert.execute(params![
        number(row.position.0),
        row.number,
        row.id,
        row.kind,
        row.url,
        row.address(),
        row.secret_env,
        row.body,
        row.created_ms,
        row.due_ms,
        row.attempts,
        row.given_up,
        row.why,
    ])?;
    Ok(())
}

fn settle(connection: &Connection, settled: &Settled) -> Result<(), JournalError> {
    let key = (number(settled.position.0), settled.number);
    match &settled.left {
        None => connection
            .prepare_cached("DELETE FROM delivery WHERE position = ?1 AND number = ?2")?
            .execute(params![key.0, key.1])?,
        Some(left) => connection
            .prepare_cached(
                "UPDATE delivery SET due_ms = ?3, attempts = ?4, given_up = ?5, why = ?6 \
                 WHERE position = ?1 AND number = ?2",
            )?
            .execute(params![
                key.0,
                key.1,
                left.due_ms,
                left.attempts,
                left.given_up,
                left.why,
            ])?,
    };
    Ok(())
}

fn shed(connection: &Connection, row: &ShedRow) -> Result<(), JournalError> {
    let mut insert = connection.prepare_cached(
        "INSERT OR REPLACE INTO shed (position, number, line, reason, calls, at_ms) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    insert.execute(params![
        number(row.position.0),
        row.number,
        row.line,
        row.reason,
        number(row.calls),
        row.at_ms,
    ])?;
    Ok(())
}

fn vault(connection: &Connection, change: &VaultChange) -> Result<(), JournalError> {
    match change {
        VaultChange::Put(row) => connection
            .prepare_cached("INSERT OR REPLACE INTO vault (call, sealed) VALUES (?1, ?2)")?
            .execute(params![row.call, row.sealed])?,
        VaultChange::Delete { call } => connection
            .prepare_cached("DELETE FROM vault WHERE call = ?1")?
            .execute([call])?,
    };
    Ok(())
}

fn published(connection: &Connection, menus: &Published) -> Result<(), JournalError> {
    let version = number(menus.version);
    let added = connection.execute(
        "INSERT OR IGNORE INTO published (version, at_ms, zone_version, plan, plan_hash) \
         VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            version,
            menus.at_ms,
            menus.zone_version,
            menus.plan,
            menus.plan_hash
        ],
    )?;
    if added == 0 {
        return Ok(());
    }
    for file in &menus.files {
        connection.execute(
            "INSERT INTO published_files (version, path, hash, text) VALUES (?1, ?2, ?3, ?4)",
            params![version, file.path, file.hash, file.text],
        )?;
    }
    Ok(())
}
