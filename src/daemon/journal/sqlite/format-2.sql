-- Menus are published while calls are in progress: which of them a call followed. 0: not known.
ALTER TABLE cdr ADD COLUMN menus_version INTEGER NOT NULL DEFAULT 0;

CREATE TABLE message (
    position INTEGER NOT NULL,
    number INTEGER NOT NULL,
    call TEXT NOT NULL,
    line TEXT NOT NULL,
    mailbox TEXT NOT NULL,
    caller TEXT,
    recording TEXT,
    length_ms INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (position, number)
) STRICT, WITHOUT ROWID;

-- Calls that were turned away, counted together.
CREATE TABLE shed (
    position INTEGER NOT NULL,
    number INTEGER NOT NULL,
    line TEXT NOT NULL,
    reason TEXT NOT NULL,
    calls INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (position, number)
) STRICT, WITHOUT ROWID;

-- Secret digits under a key that is not in this file.
CREATE TABLE vault (
    call TEXT PRIMARY KEY,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE published (
    version INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    zone_version TEXT NOT NULL,
    plan TEXT NOT NULL,
    plan_hash TEXT NOT NULL
) STRICT;

CREATE TABLE published_files (
    version INTEGER NOT NULL,
    path TEXT NOT NULL,
    hash TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (version, path)
) STRICT;

-- Files beside this one. The checksum is that of the file's header, in hexadecimal.
CREATE TABLE snapshot (
    position INTEGER PRIMARY KEY,
    file TEXT NOT NULL,
    checksum TEXT NOT NULL
) STRICT;
