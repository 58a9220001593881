//! The dial pad without a terminal: what is typed, what is drawn, what is recorded.
//!
//! Screens are compared with files beside this one. `SNAPSHOTS=overwrite cargo test` renews them.

use super::draw::draw;
use super::flags;
use super::pad::Pad;
use crate::cli::terminal::Size;
use crate::exchange::time::Span;
use crate::menu::Request;
use crate::menu::call_test::Agents;
use crate::menu::call_test::Keys;
use crate::menu::call_test::Script;
use crate::menu::call_test::Setting;
use crate::menu::compile;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::source::Sources;
use crate::rehearse;
use crate::rehearse::Doing;
use crate::report::style::Style;
use jiff::civil::date;
use std::sync::Arc;
use unicode_width::UnicodeWidthStr;

const PRETTY: Style = Style {
    width: 80,
    colour: false,
    unicode: true,
};
const BANK: &str = "tests/it/rehearsals/bank.toml";
const SIZE: Size = Size {
    columns: 80,
    rows: 24,
};

/// A call to the bank on a Monday morning.
fn bank(agents: Agents, lookups: &[&str]) -> Pad {
    let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
    let request = Request {
        lines: vec![BANK.into()],
        ..Request::default()
    };
    let plan = compile(&request, &mut sources, &mut found).expect("a line");
    let mut setting = Setting::at(date(2026, 11, 23).at(10, 0, 0, 0));
    setting.agents = agents;
    let lookups: Vec<String> = lookups.iter().map(|text| (*text).to_owned()).collect();
    let script = Script {
        setting,
        keys: Keys::default(),
        hangs_up: None,
        replies: flags::replies(&plan, &lookups).expect("answers"),
    };
    Pad::new(Arc::new(plan), script)
}

fn seconds(pad: &mut Pad, seconds: u64) {
    pad.pass(Span::seconds(seconds));
}

fn press(pad: &mut Pad, keys: &str) {
    keys.chars().for_each(|key| pad.press(key));
}

fn type_in(pad: &mut Pad, text: &str) {
    text.chars().for_each(|c| pad.type_answer(c));
    pad.give_answer();
}

fn page(pad: &Pad) -> String {
    draw(pad, PRETTY, SIZE).join("\n") + "\n"
}

/// What was played live goes the same way once more.
#[track_caller]
fn goes_the_same_way(pad: &Pad, keys: &str) {
    let script = pad.recorded();
    assert_eq!(script.keys.to_string(), keys);
    let played = rehearse::play(&pad.plan, &script);
    assert!(pad.is_like(&played), "{:?}", played.story.path());
}

#[test]
fn what_is_said_shows_while_it_is_said() {
    let mut pad = bank(Agents::Free, &[]);
    seconds(&mut pad, 4);
    snapbox::assert_data_eq!(page(&pad), snapbox::file!["speaks.txt"].raw());
}

#[test]
fn the_time_that_is_left_for_a_key_is_shown() {
    let mut pad = bank(Agents::Free, &[]);
    seconds(&mut pad, 17);
    assert_eq!(pad.rehearsal.doing(), Doing::Asking);
    snapbox::assert_data_eq!(page(&pad), snapbox::file!["asks.txt"].raw());
}

#[test]
fn a_look_up_waits_until_its_answer_is_typed() {
    let mut pad = bank(Agents::Free, &[]);
    press(&mut pad, "14111111111111111");
    press(&mut pad, "4711#1");
    seconds(&mut pad, 60);
    type_in(&mut pad, "stat=open");
    snapbox::assert_data_eq!(page(&pad), snapbox::file!["look-up.txt"].raw());
    (0..9).for_each(|_| pad.erase());
    type_in(&mut pad, "state=open,sum=12.50,day=2026-11-20");
    seconds(&mut pad, 3);
    snapbox::assert_data_eq!(page(&pad), snapbox::file!["answered.txt"].raw());
    goes_the_same_way(&pad, "1xxxxxxxxxxxxxxxx4711#1");
}

#[test]
fn flags_answer_in_turn_and_the_person_after_them() {
    let mut pad = bank(Agents::Free, &["balance.error=404"]);
    for _ in 0..2 {
        press(&mut pad, "1");
        press(&mut pad, "4111111111111111");
        press(&mut pad, "4711#1");
        assert_eq!(pad.answer, None, "a single answer holds always");
        press(&mut pad, "*");
    }
    let two = ["balance.error=404", "balance.error=timeout"];
    let mut pad = bank(Agents::Free, &two);
    press(&mut pad, "1");
    press(&mut pad, "41111111111111114711#1");
    seconds(&mut pad, 10);
    press(&mut pad, "41111111111111114711#1");
    seconds(&mut pad, 20);
    let Doing::Talking(_) = pad.rehearsal.doing() else {
        panic!("no answer in time leads to a person");
    };
}

#[test]
fn a_caller_waits_until_an_agent_comes() {
    let mut pad = bank(Agents::Busy, &[]);
    press(&mut pad, "4");
    seconds(&mut pad, 100);
    snapbox::assert_data_eq!(page(&pad), snapbox::file!["waits.txt"].raw());
    pad.agent();
    seconds(&mut pad, 5);
    pad.agent();
    seconds(&mut pad, 30);
    snapbox::assert_data_eq!(page(&pad), snapbox::file!["over.txt"].raw());
}

#[test]
fn keys_of_a_live_call_become_a_script() {
    let mut pad = bank(Agents::Free, &[]);
    seconds(&mut pad, 21);
    press(&mut pad, "1");
    seconds(&mut pad, 5);
    press(&mut pad, "*");
    seconds(&mut pad, 16);
    press(&mut pad, "742");
    seconds(&mut pad, 10);
    pad.agent();
    pad.hang_up();
    goes_the_same_way(&pad, "- 1 * 742 -");
}

#[test]
fn who_only_listens_is_recorded_with_the_time_of_leaving() {
    let mut pad = bank(Agents::Free, &[]);
    seconds(&mut pad, 17);
    pad.hang_up();
    goes_the_same_way(&pad, "");
    assert_eq!(pad.recorded().hangs_up, Some(Span::seconds(17)));
}

#[test]
fn faster_and_again() {
    let mut pad = bank(Agents::Free, &[]);
    pad.faster();
    seconds(&mut pad, 4);
    assert_eq!(pad.rehearsal.doing(), Doing::Asking, "16 s have passed");
    pad.again();
    assert_eq!((pad.speed(), pad.rehearsal.now().0), (4, 0));
    pad.slower();
    assert_eq!(pad.speed(), 1);
}

#[test]
fn deeds_that_are_not_possible_are_explained() {
    let mut pad = bank(Agents::Nobody, &[]);
    pad.agent();
    assert_eq!(
        pad.complaint.as_deref(),
        Some("no agent can take this call now")
    );
    pad.hang_up();
    press(&mut pad, "1");
    assert_eq!(
        pad.complaint.as_deref(),
        Some("the call is over: r calls again")
    );
}

#[test]
fn every_page_fits_its_terminal() {
    let mut pad = bank(Agents::Busy, &[]);
    press(&mut pad, "14111111111111111");
    press(&mut pad, "4711#1");
    for columns in (0..200).step_by(7) {
        for rows in [0, 1, 5, 15, 16, 22, 60] {
            for style in [PRETTY, Style::PLAIN] {
                let lines = draw(&pad, style, Size { columns, rows });
                assert!(lines.len() <= rows, "{} lines of {rows}", lines.len());
                for line in lines {
                    assert!(line.width() <= columns, "{columns}: {line}");
                }
            }
        }
    }
}
