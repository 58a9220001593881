//! What an entry does: one of six actions, one of which runs any application.

use super::super::super::diagnostic::Place;
use super::super::super::graph::Via;
use super::super::draft::Draft;
use super::super::draft::Step;
use super::super::draft::To;
use super::super::number;
use super::super::recording;
use super::super::spoken::Spoken;
use super::menu::House;

/// Applications of FreeSWITCH that do something no step does.
const OTHERS: [&str; 28] = [
    "att_xfer",
    "bind_digit_action",
    "bind_meta_app",
    "conference",
    "curl",
    "delay_echo",
    "directory",
    "eavesdrop",
    "echo",
    "endless_playback",
    "enum",
    "execute_extension",
    "hold_music",
    "httapi",
    "intercept",
    "javascript",
    "lua",
    "park",
    "perl",
    "pickup",
    "play_and_get_digits",
    "python",
    "read",
    "rxfax",
    "say",
    "socket",
    "spandsp",
    "valet_park",
];
/// Applications that change nothing callers notice.
const QUIET: [&str; 13] = [
    "answer",
    "bgapi",
    "event",
    "export",
    "info",
    "log",
    "pre_answer",
    "ring_ready",
    "sched_hangup",
    "set",
    "sleep",
    "unset",
    "wait",
];

/// Where to go, and what remains to be done there.
pub(super) type Way = (To, Option<String>);

/// Something a menu does, at a place.
pub(super) struct Action<'a, 'f, 'd> {
    pub(super) house: &'a House<'f, 'd>,
    pub(super) menu: &'a str,
    pub(super) place: Place,
}

/// Whether what was entered is part of what is done: `transfer $1 XML default`.
pub(super) fn holds_entry(param: &str) -> bool {
    let mut after = param.split('$').skip(1);
    after.any(|after| after.starts_with(|c: char| c.is_ascii_digit()))
}

impl Action<'_, '_, '_> {
    /// Where an action of an entry leads. In `param`, what a pattern took of the keys is filled in.
    pub(super) fn of(&self, action: &str, param: &str, draft: &mut Draft) -> Way {
        match action {
            "menu-sub" if param == self.menu => (To::Repeat, None),
            "menu-sub" => match self.house.greeting(param) {
                Some(to) => (to, None),
                None => {
                    let todo = format!("there is no menu \"{param}\" in these files");
                    draft.tally.skip(&self.place, &todo);
                    (self.house.goodbye.clone(), Some(todo))
                }
            },
            "menu-top" if self.house.is_start(self.menu) => (To::Repeat, None),
            "menu-top" => (To::Start, None),
            "menu-back" if self.house.is_start(self.menu) => (self.house.goodbye.clone(), None),
            "menu-back" => (To::Back, None),
            "menu-exit" => {
                let todo =
                    "the FreeSWITCH dialplan may go on after `menu-exit`; here the call ends";
                draft.tally.approximate(&self.place, todo);
                (self.house.goodbye.clone(), Some(todo.to_owned()))
            }
            "menu-play-sound" => (self.played(param, draft), None),
            "menu-exec-app" => self.exec(param, draft),
            // Once there were more; FreeSWITCH itself passes over them now.
            other => {
                let todo = format!("FreeSWITCH knows no action \"{other}\"");
                draft.tally.skip(&self.place, &todo);
                (To::Repeat, Some(todo))
            }
        }
    }

    /// Where an application leads.
    pub(super) fn exec(&self, param: &str, draft: &mut Draft) -> Way {
        let (app, data) = param.split_once(' ').unwrap_or((param, ""));
        let (app, data) = (app.trim(), data.trim());
        match app {
            "transfer" => self.transferred(data, draft),
            "bridge" => {
                self.unbridged(data, draft);
                self.dialled(bridged(data), self.house.menu(self.menu), draft)
            }
            "callcenter" | "fifo" => {
                let (queue, others) = data.split_once(' ').unwrap_or((data, ""));
                let others = match others.trim() {
                    "in" => "",
                    others => others.strip_prefix("in ").unwrap_or(others),
                };
                self.unread(param, others, draft);
                (self.house.files.queues.step(queue, self, draft), None)
            }
            "voicemail" if data.starts_with("check") => self.without_step(app, data, draft),
            "voicemail" => (self.message(data, draft), None),
            "playback" | "speak" | "phrase" | "play_and_detect_speech" => {
                let sound = match app {
                    "speak" => format!("say:{}", data.rsplit('|').next().unwrap_or(data)),
                    "phrase" => format!("phrase:{data}"),
                    _ => data.to_owned(),
                };
                (self.played(&sound, draft), None)
            }
            "record_session" => (self.recorded(true, draft), None),
            "stop_record_session" => (self.recorded(false, draft), None),
            "hangup" => {
                self.unread(param, data, draft);
                (To::HangUp, None)
            }
            "ivr" => match self.house.greeting(data) {
                Some(to) => (to, None),
                None => self.without_step(app, data, draft),
            },
            app if QUIET.contains(&app) => {
                let note = format!("`{param}` has no counterpart: the menu is repeated");
                draft.tally.approximate(&self.place, note);
                (To::Repeat, None)
            }
            app if OTHERS.contains(&app) => self.without_step(app, data, draft),
            app => self.unknown(app, data, draft),
        }
    }

    /// A sound, and the menu again.
    fn played(&self, sound: &str, draft: &mut Draft) -> To {
        let spoken = Spoken::of(&self.house.files.phrases.sounds(sound, draft));
        let name = draft.names.unique(&format!("{}-{}", self.menu, "message"));
        let step = Step::new("say", name).at(&self.place).say(spoken);
        draft.add(step.exit(Via::Then, self.house.menu(self.menu)))
    }

    /// The menu again, with the call recorded from here on, or not any more.
    fn recorded(&self, is_on: bool, draft: &mut Draft) -> To {
        let name = draft.names.unique("recording");
        let menu = self.house.menu(self.menu);
        draft.add(recording::mark(&name, &self.place, is_on, menu))
    }

    /// An extension of the dialplan: here its number is dialled.
    fn transferred(&self, data: &str, draft: &mut Draft) -> Way {
        let (options, words): (Vec<&str>, Vec<&str>) = data
            .split_whitespace()
            .partition(|word| word.starts_with('-'));
        let (number, dialplan) = words.split_first().unwrap_or((&"", &[]));
        self.unread("transfer", &options.join(" "), draft);
        if !dialplan.is_empty() {
            let note = format!(
                "`transfer` goes on in the dialplan `{}`; here the number itself is dialled",
                dialplan.join(" ")
            );
            draft.tally.approximate(&self.place, note);
        }
        self.dialled(number, To::HangUp, draft)
    }

    /// Tells of arguments of an application that nothing here reads.
    fn unread(&self, what: &str, others: &str, draft: &mut Draft) {
        if !others.is_empty() {
            let note = format!("not carried over of `{what}`: {others}");
            draft.tally.approximate(&self.place, note);
        }
    }

    /// A number outside, which may fail.
    fn dialled(&self, number: &str, failed: To, draft: &mut Draft) -> Way {
        let dialled = number::dialable(number);
        let name = match &dialled {
            Some(number) => format!("call-{}", number.trim_start_matches('+')),
            None => "call".to_owned(),
        };
        let mut step = Step::new("transfer", draft.names.unique(&name)).at(&self.place);
        step = step.text("to", dialled.as_deref().unwrap_or(number::UNKNOWN));
        if dialled.is_none() {
            let todo =
                format!("set `to`: FreeSWITCH dials `{number}`, which is no telephone number");
            draft.tally.approximate(&self.place, &todo);
            step.add_todo(todo);
        }
        (draft.add(step.exit(Via::Failed, failed)), None)
    }

    /// Tells of what a dial string says beside the first number.
    fn unbridged(&self, data: &str, draft: &mut Draft) {
        let (variables, legs) = variables(data);
        let others = legs.split([',', '|']).skip(1);
        let left = variables.split([',', ';']).chain(others);
        let left: Vec<&str> = left.map(str::trim).filter(|at| !at.is_empty()).collect();
        self.unread(&format!("bridge {data}"), &left.join(", "), draft);
    }

    fn message(&self, data: &str, draft: &mut Draft) -> To {
        let mailbox = data.rsplit(' ').next().unwrap_or(data);
        let name = draft.names.unique(&format!("voicemail-{mailbox}"));
        let step = Step::new("record", name).at(&self.place);
        let step = step
            .say(Spoken::text("Please leave a message after the tone."))
            .text("mailbox", mailbox)
            .todo("the greeting is the mailbox's own in FreeSWITCH: write down what it says");
        draft.tally.approximate(
            &self.place,
            "the greeting of the mailbox is not in these files",
        );
        draft.add(step.exit(Via::Then, self.house.menu(self.menu)))
    }

    fn without_step(&self, app: &str, data: &str, draft: &mut Draft) -> Way {
        let todo = match app {
            "directory" => format!(
                "put a [directory.NAME] in the place of `{app} {data}`, with the names of the users \
                 as `entries`; for now it repeats the menu"
            ),
            _ => format!("`{app} {data}` has no counterpart; for now it repeats the menu"),
        };
        draft.tally.skip(&self.place, &todo);
        (To::Repeat, Some(todo))
    }

    /// FreeSWITCH finds no such application during the call, and ends the menu.
    fn unknown(&self, app: &str, data: &str, draft: &mut Draft) -> Way {
        let todo = match number::dialable(app) {
            Some(_) => format!(
                "there is no application \"{app}\", and FreeSWITCH ends the menu: was `transfer {app} \
                 {data}` meant?"
            ),
            None => format!("there is no application \"{app}\", and FreeSWITCH ends the menu"),
        };
        draft.tally.approximate(&self.place, &todo);
        (self.house.goodbye.clone(), Some(todo))
    }
}

/// The number in a dial string: the last part of `{vars}sofia/gateway/name/5551234@host`.
fn bridged(data: &str) -> &str {
    let (_, legs) = variables(data);
    let first = legs.split([',', '|']).next().unwrap_or(legs);
    let first = first.rsplit(['}', ']']).next().unwrap_or(first);
    let last = first.rsplit('/').find(|part| {
        let number = part.split('@').next().unwrap_or(part);
        number::dialable(number).is_some()
    });
    match last {
        Some(last) => last.split('@').next().unwrap_or(last),
        None => data,
    }
}

/// The variables before a dial string, `{ignore_early_media=true,leg_timeout=20}`, and the rest of it.
fn variables(data: &str) -> (&str, &str) {
    let closed = data.strip_prefix('{').and_then(|rest| rest.split_once('}'));
    closed.unwrap_or(("", data))
}
