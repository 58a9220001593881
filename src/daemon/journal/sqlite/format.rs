//! The tables of the database and how they came to be, one step a format.

use crate::daemon::journal::error::JournalError;
use rusqlite::Connection;

/// What brings a database from the format before to this one; the first makes it.
const STEPS: &[&str] = &[
    include_str!("format-1.sql"),
    include_str!("format-2.sql"),
    include_str!("format-3.sql"),
    include_str!("format-4.sql"),
    include_str!("format-5.sql"),
];

/// The newest format that is known.
pub const FORMAT: u32 = STEPS.len() as u32;

/// Whether there is nothing in the database, not even an empty table.
pub(super) fn is_blank(connection: &Connection) -> Result<bool, JournalError> {
    Ok(count_tables(connection)? == 0)
}

/// Brings the database to the newest format, all steps or none.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), JournalError> {
    let transaction = connection.transaction()?;
    let found: u32 = transaction.query_row("PRAGMA user_version", (), |row| row.get(0))?;
    if found > FORMAT {
        return Err(JournalError::TooNew {
            found,
            known: FORMAT,
        });
    }
    if found == FORMAT {
        return Ok(());
    }
    if found == 0 && count_tables(&transaction)? > 0 {
        let stranger = "its database was made by another program";
        return Err(JournalError::Corrupt(stranger.to_owned()));
    }
    for step in &STEPS[found as usize..] {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", FORMAT)?;
    transaction.commit()?;
    Ok(())
}

fn count_tables(connection: &Connection) -> Result<u32, JournalError> {
    let count = "SELECT count(*) FROM sqlite_schema";
    Ok(connection.query_row(count, (), |row| row.get(0))?)
}
