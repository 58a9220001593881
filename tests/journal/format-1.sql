-- A journal as strowger left it when its format was 1.
PRAGMA journal_mode = WAL;
PRAGMA user_version = 1;
CREATE TABLE log (
    position INTEGER PRIMARY KEY,
    entry TEXT NOT NULL
) STRICT;
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
INSERT INTO log VALUES (1, '{"at":10,"arrived":{"call":"a1","line":"Clinic"}}');
INSERT INTO log VALUES (2, '{"at":20,"arrived":{"call":"a2","line":"Zahnärzte"}}');
INSERT INTO log VALUES (3, '{"at":9000,"hung_up":{"call":"a1"}}');
INSERT INTO log VALUES (4, '{"at":9500,"hung_up":{"call":"a2"}}');
INSERT INTO cdr VALUES (3, 0, 'a1', 'asterisk', 'Clinic', '+441632960001', 'eva', 'desk',
                        1764000000010, 1764000009000, 1500, 7000, 'answered');
INSERT INTO cdr VALUES (4, 0, 'a2', 'asterisk', 'Zahnärzte', NULL, NULL, NULL,
                        1764000000020, 1764000009500, 0, 0, 'abandoned');
