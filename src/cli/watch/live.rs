//! The live wallboard: draws what comes, until somebody has seen enough.

use super::board;
use super::board::Contact;
use super::feed;
use super::feed::Feed;
use super::feed::Source;
use crate::cli::terminal::Screen;
use crate::cli::terminal::leaves;
use crate::cli::terminal::stop_signals;
use crate::report::style::Style;
use crossterm::event;
use crossterm::event::Event;
use std::io;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::time::Instant;
use tokio::sync::watch;

/// How long a new wallboard waits to be drawn at most.
const LOOK: Duration = Duration::from_millis(50);
/// How often it is drawn though nothing came: the age of what is shown goes on.
const REDRAW: Duration = Duration::from_millis(500);

/// Shows wallboards until asked to leave.
pub(super) fn show(source: Source, style: Style) -> Result<(), String> {
    let address = source.address.clone();
    let (runtime, feed) = feed::follow(source)?;
    let asked = stop_signals(&runtime).map_err(|error| error.to_string())?;
    let screen = Screen::take().map_err(|error| error.to_string())?;
    let end = watch_screen(screen, feed, style, &asked, &address);
    // The screen is given back: what is said now stays.
    runtime.shutdown_background();
    end
}

fn watch_screen(
    mut screen: Screen,
    mut feed: watch::Receiver<Feed>,
    style: Style,
    asked: &AtomicBool,
    address: &str,
) -> Result<(), String> {
    let mut drawn: Option<Instant> = None;
    while !asked.load(Ordering::Relaxed) {
        let due = drawn.is_none_or(|drawn| drawn.elapsed() >= REDRAW);
        if due || feed.has_changed().unwrap_or(false) {
            let feed = feed.borrow_and_update().clone();
            if let Some(trouble) = feed.trouble.as_ref().filter(|trouble| !trouble.passing) {
                return Err(format!("{address}: {}", trouble.why));
            }
            draw(&mut screen, &feed, style, address).map_err(|error| error.to_string())?;
            drawn = Some(Instant::now());
        }
        match hear().map_err(|error| error.to_string())? {
            Heard::Nothing => {}
            Heard::Leave => return Ok(()),
            Heard::Resized => {
                screen.forget();
                drawn = None;
            }
        }
    }
    Ok(())
}

fn draw(screen: &mut Screen, feed: &Feed, style: Style, address: &str) -> io::Result<()> {
    let contact = match (&feed.trouble, feed.heard) {
        (Some(trouble), heard) => Contact::Lost {
            why: trouble.why.clone(),
            age_s: heard.map(|heard| heard.elapsed().as_secs()),
        },
        (None, Some(_)) => Contact::Live(address.to_owned()),
        (None, None) => Contact::Connecting(address.to_owned()),
    };
    let board = feed.board.as_ref();
    screen.show(board::draw(board, &contact, style, Screen::size()))
}

enum Heard {
    Nothing,
    Leave,
    Resized,
}

/// What is typed meanwhile.
fn hear() -> io::Result<Heard> {
    if !event::poll(LOOK)? {
        return Ok(Heard::Nothing);
    }
    Ok(match event::read()? {
        Event::Resize(..) => Heard::Resized,
        Event::Key(key) if leaves(&key) => Heard::Leave,
        _ => Heard::Nothing,
    })
}
