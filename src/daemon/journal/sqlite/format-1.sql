-- The log, one JSON text a row.
CREATE TABLE log (
    position INTEGER PRIMARY KEY,
    entry TEXT NOT NULL
) STRICT;

-- Calls that ended. Entry and number name a row, so that a replay cannot double it.
CREATE TABLE cdr (
    position INTEGER NOT NULL,
    number INTEGER NOT NULL,
    call TEXT NOT NULL,
    bridge TEXT NOT NULL,
    line TEXT NOT NULL,
    caller TEXT,
    agent TEXT,
    queue TEXT,
    started_ms INTEGER NOT NULL,
    ended_ms INTEGER NOT NULL,
    wait_ms INTEGER NOT NULL,
    talk_ms INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    PRIMARY KEY (position, number)
) STRICT, WITHOUT ROWID;
