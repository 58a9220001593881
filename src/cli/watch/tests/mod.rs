//! Wallboards, compared with files beside this one. `SNAPSHOTS=overwrite cargo test` renews them.

mod sites;

use super::board::Contact;
use super::board::draw;
use crate::cli::terminal::Size;
use crate::cli::terminal::clean;
use crate::daemon::wallboard::Wallboard;
use crate::report::style::Style;
use unicode_width::UnicodeWidthStr;

const PRETTY: Style = Style {
    width: 80,
    colour: false,
    unicode: true,
};
const COLOURED: Style = Style {
    colour: true,
    ..PRETTY
};

fn live() -> Contact {
    Contact::Live("127.0.0.1:4747".to_owned())
}

fn lost() -> Contact {
    Contact::Lost {
        why: "nobody listens there".to_owned(),
        age_s: Some(75),
    }
}

fn page(board: &Wallboard, contact: &Contact, style: Style, size: (usize, usize)) -> String {
    let (columns, rows) = size;
    let lines = draw(Some(board), contact, style, Size { columns, rows });
    lines.join("\n") + "\n"
}

#[test]
fn a_busy_site_at_60_columns() {
    let page = page(&sites::busy(), &live(), PRETTY, (60, 15));
    snapbox::assert_data_eq!(page, snapbox::file!["busy-60.txt"].raw());
}

#[test]
fn a_busy_site_at_80_columns() {
    let page = page(&sites::busy(), &live(), PRETTY, (80, 30));
    snapbox::assert_data_eq!(page, snapbox::file!["busy-80.txt"].raw());
}

#[test]
fn calls_back_that_were_promised_are_shown_at_60_columns() {
    let page = page(&sites::promising(), &live(), PRETTY, (60, 20));
    snapbox::assert_data_eq!(page, snapbox::file!["promising-60.txt"].raw());
}

#[test]
fn a_busy_site_at_80_columns_in_ascii() {
    let page = page(&sites::busy(), &live(), Style::PLAIN, (80, 24));
    assert!(page.is_ascii());
    snapbox::assert_data_eq!(page, snapbox::file!["busy-80-ascii.txt"].raw());
}

#[test]
fn a_busy_site_at_120_columns() {
    let page = page(&sites::busy(), &live(), PRETTY, (120, 40));
    snapbox::assert_data_eq!(page, snapbox::file!["busy-120.txt"].raw());
}

#[test]
fn a_busy_site_printed_once() {
    let page = page(&sites::busy(), &Contact::Once, PRETTY, (100, usize::MAX));
    snapbox::assert_data_eq!(page, snapbox::file!["busy-once.txt"].raw());
}

#[test]
fn an_empty_site() {
    let page = page(&sites::empty(), &live(), PRETTY, (80, 24));
    snapbox::assert_data_eq!(page, snapbox::file!["empty-80.txt"].raw());
}

#[test]
fn a_site_in_trouble() {
    let page = page(&sites::trouble(), &live(), PRETTY, (80, 24));
    snapbox::assert_data_eq!(page, snapbox::file!["trouble-80.txt"].raw());
}

#[test]
fn a_daemon_that_is_gone() {
    let page = page(&sites::busy(), &lost(), PRETTY, (80, 24));
    snapbox::assert_data_eq!(page, snapbox::file!["lost-80.txt"].raw());
}

#[test]
fn colours_only_repeat_what_words_and_marks_say() {
    let coloured = page(&sites::trouble(), &live(), COLOURED, (80, 24));
    snapbox::assert_data_eq!(&coloured, snapbox::file!["trouble-80-colour.txt"].raw());
    let plain = page(&sites::trouble(), &live(), PRETTY, (80, 24));
    assert_eq!(without_colour(&coloured), plain);
}

#[test]
fn every_page_fits_its_terminal() {
    let contacts = [live(), lost(), Contact::Connecting("host:1".to_owned())];
    for contact in &contacts {
        for board in [
            sites::empty(),
            sites::busy(),
            sites::promising(),
            sites::trouble(),
            sites::hostile(),
        ] {
            for columns in (0..220).step_by(7) {
                for rows in [0, 1, 5, 15, 16, 22, 24, 60] {
                    for style in [PRETTY, Style::PLAIN] {
                        let size = Size { columns, rows };
                        let lines = draw(Some(&board), contact, style, size);
                        assert!(lines.len() <= rows, "{} lines of {rows}", lines.len());
                        for line in lines {
                            assert!(line.width() <= columns, "{columns}: {line}");
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn nothing_that_acts_on_a_terminal_comes_through() {
    let page = page(&sites::hostile(), &lost(), PRETTY, (120, 40));
    let acts = |c: char| c != '\n' && (c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c));
    assert!(!page.contains(acts), "{page:?}");
    assert_eq!(clean("a\x1b[2Jb\u{202e}c\u{9b}d", true), "a [2Jb c d");
    assert_eq!(clean("Trần\t", false), "Tr?n ");
}

#[test]
fn before_anything_has_come_it_is_said_what_is_waited_for() {
    let size = Size {
        columns: 80,
        rows: 24,
    };
    let contact = Contact::Connecting("127.0.0.1:4747".to_owned());
    let lines = draw(None, &contact, PRETTY, size);
    assert_eq!(lines[0], " strowger");
    assert_eq!(lines[1], " connecting to 127.0.0.1:4747");
    assert_eq!(lines.len(), 24);
}

fn without_colour(text: &str) -> String {
    let mut parts = text.split('\x1b');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str(part.split_once('m').expect("a colour ends").1);
    }
    plain
}
