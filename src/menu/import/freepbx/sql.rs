//! What `mysqldump` writes, of MySQL and MariaDB: `CREATE TABLE` and `INSERT INTO … VALUES (…),(…)`.
//!
//! Of a dump only the columns and the rows of some tables are read; all else is passed over word by
//! word, so that no quote of it is taken for one of these.

use super::scan::Scanner;
use super::scan::Token;
use super::scan::Wrong;
use super::scan::is;
use super::scan::wrong;
use std::collections::BTreeMap;
use std::ops::Range;

/// Columns of one table at most.
const COLUMNS_MAX: usize = 1000;
/// Words with which a line of `CREATE TABLE` begins that is about no column.
const NO_COLUMNS: [&str; 8] = [
    "primary",
    "key",
    "unique",
    "index",
    "fulltext",
    "spatial",
    "constraint",
    "foreign",
];
/// Words between `INSERT` and the name of the table.
const BEFORE_NAMES: [&str; 5] = ["into", "ignore", "delayed", "low_priority", "high_priority"];

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Inserted {
    /// The table, in lower case.
    pub(super) table: String,
    /// The values by their columns, which are in lower case; those that are NULL are left out.
    pub(super) cells: BTreeMap<String, String>,
    /// Where it stands, brackets included.
    pub(super) span: Range<usize>,
}

/// Whether a text looks like a dump.
pub(super) fn is_dump(text: &str) -> bool {
    let begins = |line: &str, words: &str| {
        let start = line.trim_start().get(..words.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(words))
    };
    let words = ["insert into ", "create table ", "replace into "];
    text.lines()
        .any(|line| words.iter().any(|words| begins(line, words)))
}

/// The rows of some tables, in the order in which they stand.
pub(super) fn rows(text: &str, tables: &[&str]) -> Result<Vec<Inserted>, Wrong> {
    let mut reader = Reader {
        scanner: Scanner::new(text),
        columns: BTreeMap::new(),
        rows: Vec::new(),
    };
    while let Some((token, span)) = reader.scanner.token()? {
        let Token::Word(word) = token else {
            reader.pass_over(&token)?;
            continue;
        };
        match word.to_ascii_lowercase().as_str() {
            "create" => reader.create(tables)?,
            "insert" | "replace" => reader.insert(span, tables)?,
            "delimiter" => reader.scanner.routines(),
            _ => reader.pass_over(&token)?,
        }
    }
    Ok(reader.rows)
}

struct Reader<'t> {
    scanner: Scanner<'t>,
    columns: BTreeMap<String, Vec<String>>,
    rows: Vec<Inserted>,
}

impl<'t> Reader<'t> {
    /// `CREATE TABLE name (…)`: what the columns are called.
    fn create(&mut self, tables: &[&str]) -> Result<(), Wrong> {
        let mut token = self.scanner.some()?.0;
        while ["temporary", "table", "if", "not", "exists"]
            .iter()
            .any(|word| is(&token, word))
        {
            token = self.scanner.some()?.0;
        }
        let (name, token) = self.name(token)?;
        if !tables.contains(&name.as_str()) || token != Token::Sign('(') {
            return self.pass_over(&token);
        }
        let (mut columns, mut depth, mut is_first) = (Vec::new(), 1_usize, true);
        while depth > 0 {
            let (token, span) = self.scanner.some()?;
            match &token {
                Token::Sign('(') => depth += 1,
                Token::Sign(')') => depth -= 1,
                Token::Name(name) if is_first => columns.push(name.to_lowercase()),
                Token::Word(word) if is_first && !NO_COLUMNS.iter().any(|no| is(&token, no)) => {
                    columns.push(word.to_lowercase());
                }
                _ => {}
            }
            if columns.len() > COLUMNS_MAX {
                let message = format!("`{name}` has more than {COLUMNS_MAX} columns");
                return Err(wrong(message, span, ""));
            }
            is_first = depth == 1 && token == Token::Sign(',');
        }
        self.columns.insert(name, columns);
        self.skip_rest()
    }

    /// `INSERT INTO name (columns) VALUES (…),(…)`
    fn insert(&mut self, start: Range<usize>, tables: &[&str]) -> Result<(), Wrong> {
        let mut token = self.scanner.some()?.0;
        while BEFORE_NAMES.iter().any(|word| is(&token, word)) {
            token = self.scanner.some()?.0;
        }
        let (table, mut token) = self.name(token)?;
        if !tables.contains(&table.as_str()) {
            return self.pass_over(&token);
        }
        let mut columns = self.columns.get(&table).cloned();
        if token == Token::Sign('(') {
            columns = Some(self.names()?);
            token = self.scanner.some()?.0;
        }
        if !is(&token, "values") && !is(&token, "value") {
            let message = format!("these are no rows of `{table}` that are written out");
            let help = "a dump has INSERT INTO … VALUES (…)";
            return Err(wrong(message, start, help));
        }
        let Some(columns) = columns else {
            let message = format!("what the columns of `{table}` are called is not said before");
            let help = "dump its CREATE TABLE too, or use mysqldump --complete-insert";
            return Err(wrong(message, start, help));
        };
        loop {
            let row = self.row(&table, &columns)?;
            self.rows.push(row);
            let Some((token, _)) = self.scanner.token()? else {
                return Ok(());
            };
            if token != Token::Sign(',') {
                // `ON DUPLICATE KEY UPDATE …` changes nothing in a dump.
                return self.pass_over(&token);
            }
        }
    }

    /// `(1,'a',NULL)`
    fn row(&mut self, table: &str, columns: &[String]) -> Result<Inserted, Wrong> {
        let (token, span) = self.scanner.some()?;
        if token != Token::Sign('(') {
            return Err(wrong(
                "here a row should begin",
                span,
                "rows look like (1,'a',NULL)",
            ));
        }
        let start = span.start;
        let (mut cells, mut count) = (BTreeMap::new(), 0);
        let end = loop {
            let value = self.value()?;
            if let (Some(value), Some(column)) = (value, columns.get(count)) {
                cells.insert(column.clone(), value);
            }
            count += 1;
            let (token, span) = self.scanner.some()?;
            match token {
                Token::Sign(',') => {}
                Token::Sign(')') => break span.end,
                _ => {
                    let help = "values stand between commas";
                    return Err(wrong(
                        "a value ends here, and something follows it",
                        span,
                        help,
                    ));
                }
            }
        };
        let span = start..end;
        if count != columns.len() {
            let message = format!(
                "this row has {count} values, and `{table}` has {} columns",
                columns.len()
            );
            let help = "was the dump changed by hand? make it anew";
            return Err(wrong(message, span, help));
        }
        Ok(Inserted {
            table: table.to_owned(),
            cells,
            span,
        })
    }

    /// A plain value; none for NULL.
    fn value(&mut self) -> Result<Option<String>, Wrong> {
        let (token, span) = self.scanner.some()?;
        let word = match token {
            Token::Text(text) => return Ok(Some(text)),
            Token::Sign(sign @ ('-' | '+')) => {
                let (token, _) = self.scanner.some()?;
                return match token {
                    Token::Word(word) if is_number(word) && sign == '-' => {
                        Ok(Some(format!("-{word}")))
                    }
                    Token::Word(word) if is_number(word) => Ok(Some(word.to_owned())),
                    _ => Err(no_value(span)),
                };
            }
            Token::Word(word) => word,
            Token::Name(_) | Token::Sign(_) => return Err(no_value(span)),
        };
        let lower = word.to_ascii_lowercase();
        if let Some(digits) = lower.strip_prefix("0x") {
            return bytes(digits).map(Some).ok_or_else(|| no_value(span));
        }
        match lower.as_str() {
            "null" | "default" => Ok(None),
            "true" => Ok(Some("1".to_owned())),
            "false" => Ok(Some("0".to_owned())),
            // A text with its character set before it, and digits in quotes.
            "x" | "b" | "n" => self.quoted(&lower, span),
            set if set.starts_with('_') => match self.scanner.some()? {
                (Token::Text(text), _) => Ok(Some(text)),
                (Token::Word(word), span) => {
                    let word = word.to_ascii_lowercase();
                    match word.strip_prefix("0x").and_then(bytes) {
                        Some(text) => Ok(Some(text)),
                        None => self.quoted(&word, span),
                    }
                }
                (_, span) => Err(no_value(span)),
            },
            _ if is_number(word) => Ok(Some(word.to_owned())),
            _ => Err(no_value(span)),
        }
    }

    /// `x'6869'`, `b'1'`, `n'text'`
    fn quoted(&mut self, mark: &str, span: Range<usize>) -> Result<Option<String>, Wrong> {
        let (Token::Text(text), _) = self.scanner.some()? else {
            return Err(no_value(span));
        };
        let value = match mark {
            "x" => bytes(&text),
            "b" => u64::from_str_radix(&text, 2)
                .ok()
                .map(|bits| bits.to_string()),
            "n" => Some(text),
            _ => None,
        };
        value.map(Some).ok_or_else(|| no_value(span))
    }

    /// A table's name, perhaps behind that of its database, and what follows it.
    fn name(&mut self, first: Token<'t>) -> Result<(String, Token<'t>), Wrong> {
        let mut name = plain(&first);
        loop {
            let token = self.scanner.some()?.0;
            if token != Token::Sign('.') {
                return Ok((name, token));
            }
            let last = self.scanner.some()?.0;
            name = plain(&last);
        }
    }

    /// The names between brackets.
    fn names(&mut self) -> Result<Vec<String>, Wrong> {
        let mut names = Vec::new();
        loop {
            let (token, span) = self.scanner.some()?;
            match token {
                Token::Sign(')') => return Ok(names),
                Token::Sign(',') => {}
                Token::Sign(_) => {
                    let help = "columns look like (`id`, `name`)";
                    return Err(wrong("here a column should be named", span, help));
                }
                token => names.push(plain(&token)),
            }
            if names.len() > COLUMNS_MAX {
                let message = format!("more than {COLUMNS_MAX} columns");
                return Err(wrong(message, span, ""));
            }
        }
    }

    /// Everything up to the end of a statement, of which a token was read already.
    fn pass_over(&mut self, token: &Token<'_>) -> Result<(), Wrong> {
        match token {
            Token::Sign(';') => Ok(()),
            _ => self.skip_rest(),
        }
    }

    fn skip_rest(&mut self) -> Result<(), Wrong> {
        while let Some((token, _)) = self.scanner.token()? {
            if token == Token::Sign(';') {
                break;
            }
        }
        Ok(())
    }
}

/// Bytes in hexadecimal digits, as text.
fn bytes(digits: &str) -> Option<String> {
    let digits = digits.as_bytes();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    let pair = |pair: &[u8]| {
        let digit = |byte: u8| char::from(byte).to_digit(16);
        Some((digit(pair[0])? * 16 + digit(pair[1])?) as u8)
    };
    let bytes: Option<Vec<u8>> = digits.chunks(2).map(pair).collect();
    Some(String::from_utf8_lossy(&bytes?).into_owned())
}

fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
}

/// A name, in whatever quotes.
fn plain(token: &Token<'_>) -> String {
    match token {
        Token::Word(word) => word.to_lowercase(),
        Token::Name(name) | Token::Text(name) => name.to_lowercase(),
        Token::Sign(sign) => sign.to_string(),
    }
}

fn no_value(span: Range<usize>) -> Wrong {
    let help = "a dump holds texts in quotes, numbers, NULL, and bytes as 0x or x'…'";
    wrong("this is no plain value", span, help)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLES: [&str; 2] = ["a", "b"];

    fn cells(text: &str) -> Vec<String> {
        let rows = rows(text, &TABLES).expect("a dump");
        let cell = |(name, value): (&String, &String)| format!("{name}={value}");
        let row = |row: Inserted| row.cells.iter().map(cell).collect::<Vec<_>>().join(" ");
        rows.into_iter().map(row).collect()
    }

    fn problem(text: &str) -> (String, String) {
        let wrong = rows(text, &TABLES).expect_err("no dump");
        (wrong.message, text[wrong.span].to_owned())
    }

    const CREATE: &str = "CREATE TABLE IF NOT EXISTS `a` (\n  `id` int(11) NOT NULL DEFAULT '0',\n  \
                          `Name` enum('x','y') DEFAULT NULL COMMENT 'a, b',\n  PRIMARY KEY (`id`,`Name`),\n  \
                          KEY `k` (`id`)\n) ENGINE=InnoDB;\n";

    #[test]
    fn columns_come_from_the_table_or_from_the_rows() {
        let text = format!("{CREATE}INSERT INTO `a` VALUES (1,'x'),\n(2,NULL);\n");
        assert_eq!(cells(&text), ["id=1 name=x", "id=2"]);
        let text = "REPLACE INTO db.`a` (name, `id`) VALUES ('x', -1.5) ON DUPLICATE KEY UPDATE id=1;\
                    insert ignore into a (id) value (1e-05)";
        assert_eq!(cells(text), ["id=-1.5 name=x", "id=1e-05"]);
    }

    #[test]
    fn values_are_read_as_mysql_reads_them() {
        for (written, read) in [
            (r"'it\'s \\ \n\0\q\%'", "it's \\ \n\0q\\%"),
            ("'it''s'", "it's"),
            ("\"say \\\"hi\\\"\"", "say \"hi\""),
            ("'); -- no /* end'", "); -- no /* end"),
            ("0x68C3A9", "h\u{e9}"),
            ("X'6869'", "hi"),
            ("_binary 'hi'", "hi"),
            ("_utf8mb4 x'6869'", "hi"),
            ("_binary 0x6869", "hi"),
            ("b'101'", "5"),
            ("TRUE", "1"),
            ("/* a */ 7 # b\n", "7"),
        ] {
            let text = format!("INSERT INTO a (v) VALUES ({written});");
            assert_eq!(cells(&text), [format!("v={read}")], "{written}");
        }
    }

    #[test]
    fn what_is_no_table_of_ours_is_passed_over() {
        let text = format!(
            "/*M!999999\\- enable the sandbox mode */ \n-- don't\n/*!40101 SET NAMES utf8 */;\n\
             INSERT INTO `other` VALUES ('it''s; INSERT INTO a VALUES (1)');\nLOCK TABLES `a` WRITE;\n\
             DELIMITER ;;\nCREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN SET x = 'it; END;;\n\
             DELIMITER ;\n{CREATE}INSERT INTO `a` VALUES (1,'y');"
        );
        assert_eq!(cells(&text), ["id=1 name=y"]);
        assert_eq!(cells(""), [""; 0]);
    }

    #[test]
    fn a_bad_dump_is_refused_where_it_is_bad() {
        let insert = |values: &str| problem(&format!("{CREATE}INSERT INTO `a` VALUES {values}"));
        for (values, message, place) in [
            ("(1,'x", "this text is never closed", "'"),
            ("(1", "the file ends in the middle of a statement", "1"),
            (
                "(1,'x') , ",
                "the file ends in the middle of a statement",
                ",",
            ),
            (
                "(1);",
                "this row has 1 values, and `a` has 2 columns",
                "(1)",
            ),
            ("(1,NOW());", "this is no plain value", "NOW"),
            ("(1 2);", "a value ends here, and something follows it", "2"),
            ("(0xF,1);", "this is no plain value", "0xF"),
            ("1;", "here a row should begin", "1"),
            ("(1,/* x", "this comment is never closed", "/*"),
        ] {
            let expected = (message.to_owned(), place.to_owned());
            assert_eq!(insert(values), expected, "{values}");
        }
        let (message, _) = problem("INSERT INTO a VALUES (1);");
        assert_eq!(
            message,
            "what the columns of `a` are called is not said before"
        );
        let (message, _) = problem("INSERT INTO a SELECT * FROM b;");
        assert_eq!(message, "these are no rows of `a` that are written out");
    }
}
