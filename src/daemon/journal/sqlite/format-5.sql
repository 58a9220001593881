-- Why a call ended as it did, where the outcome does not say it.
ALTER TABLE cdr ADD COLUMN detail TEXT;
-- What callers have said to being recorded, and the conversations that were.
ALTER TABLE cdr ADD COLUMN consent TEXT;
ALTER TABLE cdr ADD COLUMN recordings INTEGER NOT NULL DEFAULT 0;
CREATE TABLE recording (
    position INTEGER NOT NULL,
    number INTEGER NOT NULL,
    recording TEXT NOT NULL,
    call TEXT NOT NULL,
    bridge TEXT NOT NULL,
    line TEXT NOT NULL,
    caller TEXT,
    agent TEXT NOT NULL,
    consent TEXT NOT NULL,
    started_ms INTEGER NOT NULL,
    length_ms INTEGER NOT NULL,
    paused_ms INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    PRIMARY KEY (position, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX recording_name ON recording (recording);
