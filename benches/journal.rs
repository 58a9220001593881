//! What a commit costs: entries appended to the journal and made durable, against the same bytes
//! written to a bare file and flushed beside it.

mod pair;
#[path = "../tests/journal/temporary.rs"]
mod temporary;

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use strowger::daemon::journal::Journal;
use strowger::daemon::journal::rows::Rows;
use strowger::daemon::journal::sqlite::SqliteJournal;
use temporary::Temporary;

/// Entries in a commit.
const BATCHES: &[usize] = &[1, 8, 64, 512];
const ENTRY_BYTES: usize = 120;

/// Writes batches to a file, each with a flush.
fn bare(file: &mut File, batch: &[String], commits: u64) -> u64 {
    let bytes = batch.concat();
    for _ in 0..commits {
        file.write_all(bytes.as_bytes()).expect("written");
        file.sync_data().expect("flushed");
    }
    commits * batch.len() as u64
}

/// Commits batches to the journal.
fn kept(journal: &mut SqliteJournal, batch: &[String], commits: u64) -> u64 {
    let rows = Rows::default();
    for _ in 0..commits {
        let end = journal.end();
        journal.append(end, batch).expect("staged");
        journal.commit(&rows).expect("durable");
        journal.tidy().expect("tidy");
    }
    commits * batch.len() as u64
}

fn main() {
    // Where the build is, because the directory for temporary files may be in memory.
    let directory = Temporary::new(Path::new(env!("CARGO_TARGET_TMPDIR")));
    let mut journal = SqliteJournal::open(directory.path()).expect("a journal");
    let mut file = File::create(directory.path().join("bare")).expect("a file");
    let commits = pair::size(100, 3);
    for size in BATCHES {
        let batch = vec!["x".repeat(ENTRY_BYTES); *size];
        let measured = pair::measure(
            || bare(&mut file, &batch, commits),
            || kept(&mut journal, &batch, commits),
        );
        pair::print(
            &format!("an entry of {size}, written and flushed"),
            measured.first,
        );
        pair::print(
            &format!("an entry of {size}, in the journal"),
            measured.second,
        );
        println!("{:<52} {:>9.2} times as long", "", measured.ratio);
    }
}
