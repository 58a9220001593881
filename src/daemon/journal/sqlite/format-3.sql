-- What callers have answered in surveys.
CREATE TABLE survey (
    position INTEGER NOT NULL,
    number INTEGER NOT NULL,
    call TEXT NOT NULL,
    line TEXT NOT NULL,
    survey TEXT NOT NULL,
    question TEXT NOT NULL,
    answer INTEGER,
    agent TEXT,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (position, number)
) STRICT, WITHOUT ROWID;
