-- What other systems are to be told, until they have taken it.
CREATE TABLE delivery (
    position INTEGER NOT NULL,
    number INTEGER NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    url TEXT NOT NULL,
    address TEXT NOT NULL,
    secret_env TEXT NOT NULL,
    body TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    due_ms INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    given_up INTEGER NOT NULL,
    why TEXT,
    PRIMARY KEY (position, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX delivery_due ON delivery (given_up, address, due_ms);
