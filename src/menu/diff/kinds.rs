//! What can be told of each kind of step.
//!
//! Every field is named here: a new one has to find its words before this compiles, or a `_` where
//! callers cannot notice it. Where steps lead is told of all kinds by one rule, and not here.

use super::portrait::Painter;
use super::portrait::Value;
use super::portrait::What;
use super::turns::Over;
use crate::exchange::dialplan::Announce;
use crate::exchange::dialplan::AsksNumber;
use crate::exchange::dialplan::Callback;
use crate::exchange::dialplan::Collect;
use crate::exchange::dialplan::Directory;
use crate::exchange::dialplan::Duty;
use crate::exchange::dialplan::DutyAct;
use crate::exchange::dialplan::Hours;
use crate::exchange::dialplan::Lookup;
use crate::exchange::dialplan::Menu;
use crate::exchange::dialplan::Message;
use crate::exchange::dialplan::Patience;
use crate::exchange::dialplan::Piece;
use crate::exchange::dialplan::Recognition;
use crate::exchange::dialplan::Retry;
use crate::exchange::dialplan::Say;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::Survey;
use crate::exchange::dialplan::Target;
use crate::exchange::dialplan::Ticket;
use crate::exchange::dialplan::Transfer;
use crate::exchange::dialplan::Webhook;
use crate::exchange::id::PromptId;
use crate::menu::entry;
use jiff::Timestamp;
use jiff::tz::TimeZone;

impl Painter<'_> {
    fn patience(&mut self, patience: Patience) {
        let Patience {
            first_key,
            next_key,
            silences,
            wrongs,
        } = patience;
        self.set("wait for the first key", first_key);
        self.set("wait for the next key", next_key);
        self.set("tries in silence", silences);
        self.set("tries with wrong keys", wrongs);
    }

    /// What is said, and the other words on later tries.
    fn asks(&mut self, what: &str, [first, wrong, silent]: [PromptId; 3], retry: &Retry) {
        let Retry {
            wrong: wrongs,
            silent: silences,
            again,
        } = retry;
        let wrong_one = format!("says after a wrong {what}");
        for (name, first, more) in [
            ("says", first, again),
            (wrong_one.as_str(), wrong, wrongs),
            ("says after silence", silent, silences),
        ] {
            let all: Vec<PromptId> = [first].into_iter().chain(more.iter().copied()).collect();
            self.in_turn(name, &all, Over::Last);
        }
    }

    fn recognition(&mut self, set: &Recognition) {
        let Recognition {
            language,
            class,
            agent,
            classes,
        } = set;
        for (name, value) in [
            ("language by", language),
            ("class by", class),
            ("agent whom the caller knows by", agent),
        ] {
            self.may(name, value.map(|value| self.view.variable(value)));
        }
        for (name, head_start) in classes {
            self.set(format!("class {name} counts as having waited"), head_start);
        }
    }

    pub(super) fn step(&mut self, kind: &StepKind) {
        match kind {
            StepKind::Menu(menu) => self.menu(menu),
            StepKind::Say(say) => self.say(say),
            StepKind::Collect(collect) => self.collect(collect),
            StepKind::Directory(directory) => self.directory(directory),
            StepKind::Hours(hours) => {
                let Hours {
                    calendar,
                    open: _,
                    closed: _,
                } = *hours;
                self.hours(Some(calendar));
            }
            StepKind::Queue(queue) => self.queue(self.view.plan.queue(*queue)),
            StepKind::Record(message) => self.record(message),
            StepKind::Transfer(transfer) => {
                let Transfer {
                    prompt,
                    to,
                    entry: _,
                    failed: _,
                } = transfer;
                self.may_say("says", *prompt);
                self.set("number", to);
            }
            StepKind::Duty(duty) => self.duty(*duty),
            StepKind::Callback(callback) => self.callback(callback),
            StepKind::Lookup(lookup) => self.lookup(lookup),
            StepKind::Survey(survey) => self.survey(survey),
            StepKind::Ticket(ticket) => self.ticket(ticket),
        }
    }

    fn menu(&mut self, menu: &Menu) {
        let Menu {
            prompt,
            wrong,
            silent,
            retry,
            keys: _,
            patience,
            barge_in,
            give_up: _,
        } = menu;
        self.asks("key", [*prompt, *wrong, *silent], retry);
        self.patience(*patience);
        self.flag("a key cuts it short", *barge_in);
    }

    fn say(&mut self, say: &Say) {
        let Say {
            prompt,
            then: _,
            keys: _,
            barge_in,
            when_notice,
            answer,
        } = say;
        self.says("says", *prompt);
        self.flag("a key cuts it short", *barge_in);
        self.flag("passed over while no notice is set", *when_notice);
        if let Some(answer) = answer {
            let last = answer.expires_ms.map(|ms| self.last_day(ms));
            self.may("last day", last);
        }
    }

    /// The last day before a moment, in the time of the line.
    fn last_day(&self, expires_ms: i64) -> String {
        let zone = TimeZone::get(&self.view.line().timezone).unwrap_or(TimeZone::UTC);
        let last = Timestamp::from_millisecond(expires_ms - 1);
        last.map_or_else(
            |_| "never".to_owned(),
            |last| last.to_zoned(zone).date().to_string(),
        )
    }

    fn collect(&mut self, collect: &Collect) {
        let Collect {
            prompt,
            wrong,
            silent,
            retry,
            min,
            max,
            end_key,
            save: _,
            check,
            confirm,
            secret,
            keys: _,
            patience,
            barge_in,
            go: _,
            give_up: _,
        } = collect;
        self.asks("entry", [*prompt, *wrong, *silent], retry);
        let digits = match min == max {
            true => max.to_string(),
            false => format!("{min} to {max}"),
        };
        self.set("digits", digits);
        self.may("key that ends an entry", end_key.map(|key| key.to_char()));
        self.may("check", entry::check_name(*check));
        self.may_say("reads the entry back", *confirm);
        self.flag("secret", *secret);
        self.patience(*patience);
        self.flag("a key cuts it short", *barge_in);
    }

    /// Its names are exits, and told as these.
    fn directory(&mut self, directory: &Directory) {
        let Directory {
            prompt,
            wrong,
            silent,
            retry,
            more_letters,
            wrong_key,
            choose,
            otherwise,
            entries: _,
            spellings: _,
            keys: _,
            patience,
            barge_in,
            give_up: _,
        } = directory;
        self.asks("spelling", [*prompt, *wrong, *silent], retry);
        self.set("names offered at one time", choose.len());
        self.says("says when too much is found", *more_letters);
        self.says("says after a wrong key", *wrong_key);
        self.may_say("says after a name", choose.first().copied());
        self.says("says after all names", *otherwise);
        self.patience(*patience);
        self.flag("a key cuts it short", *barge_in);
    }

    fn record(&mut self, message: &Message) {
        let Message {
            prompt,
            max,
            mailbox,
            notify,
            then: _,
        } = message;
        self.says("says", *prompt);
        self.set("longest message", max);
        self.set("mailbox", mailbox);
        if let Some(office) = notify {
            self.tells(office);
        }
    }

    fn ticket(&mut self, ticket: &Ticket) {
        let Ticket {
            office,
            fields,
            then: _,
        } = ticket;
        self.tells(office);
        for (name, pieces) in fields {
            self.set(format!("field {name} that is sent"), self.pieces(pieces));
        }
    }

    fn tells(&mut self, office: &Webhook) {
        let Webhook { url, secret_env } = office;
        self.set("tells", url);
        self.set("signed by", secret_env);
    }

    fn duty(&mut self, duty: Duty) {
        let act = match duty.act {
            DutyAct::SignIn => "sign in".to_owned(),
            DutyAct::Ready => "ready".to_owned(),
            DutyAct::Pause(None) => "pause".to_owned(),
            DutyAct::Pause(Some(reason)) => {
                format!("pause, {}", self.view.plan.pause_reasons[reason.index()])
            }
            DutyAct::SignOut => "sign out".to_owned(),
        };
        self.set("act", act);
    }

    fn callback(&mut self, callback: &Callback) {
        let Callback {
            say,
            queue,
            keep_place,
            calendar,
            attempts,
            retry,
            ring,
            spare_agents,
            gap,
            by_request,
            asks,
            refused: _,
        } = callback;
        self.say(say);
        self.add(
            What::Setting,
            "queue",
            Value::To(Target::Step(*queue), String::new()),
        );
        self.flag("keeps the place in line", *keep_place);
        self.hours(*calendar);
        self.set("attempts", attempts);
        self.set("time between attempts", retry);
        self.set("rings for", ring);
        self.may("agents kept free", *spare_agents);
        self.set("time between calls back", gap);
        self.flag("other programs may ask for calls back", *by_request);
        self.asks_number(asks.as_ref());
    }

    fn asks_number(&mut self, asks: Option<&AsksNumber>) {
        let Some(asks) = asks else {
            return;
        };
        let AsksNumber {
            own,
            typed: _,
            which,
            wrong_key,
            wrong,
            silent,
            confirms,
            save: _,
            patience,
        } = asks;
        self.flag("has the number confirmed", *confirms);
        self.says("says the number", *own);
        self.says("asks for a number", *which);
        self.says("says after a wrong key", *wrong_key);
        self.says("says after a wrong number", *wrong);
        self.says("says after silence", *silent);
        self.patience(*patience);
    }

    fn lookup(&mut self, lookup: &Lookup) {
        let Lookup {
            request,
            timeout,
            cache,
            slow,
            save,
            set,
            branch,
            cases: _,
            otherwise: _,
            errors: _,
            timed_out: _,
            failed: _,
        } = lookup;
        let asks = format!("{} {}", request.method.name(), self.pieces(&request.url));
        self.set("asks", asks);
        for (name, pieces) in &request.body {
            self.set(format!("field {name} that is sent"), self.pieces(pieces));
        }
        self.may("token from", request.bearer_env.as_deref());
        self.set("longest wait", timeout);
        self.may("answer kept for", *cache);
        self.may_say("says while it takes long", *slow);
        for saved in save {
            let name = format!("{} taken from", self.view.variable(saved.variable));
            self.set(name, &saved.pointer);
        }
        if let Some(set) = set {
            self.recognition(set);
        }
        let branch = branch.and_then(|place| save.get(usize::from(place)));
        self.may(
            "goes by",
            branch.map(|saved| self.view.variable(saved.variable)),
        );
    }

    fn pieces(&self, pieces: &[Piece]) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Saved(variable) => format!("{{{}}}", self.view.variable(*variable)),
            Piece::Caller => "{caller}".to_owned(),
            Piece::Language => "{language}".to_owned(),
            Piece::Line => "{line}".to_owned(),
        };
        pieces.iter().map(piece).collect()
    }

    fn survey(&mut self, survey: &Survey) {
        let Survey {
            intro,
            asks,
            wrong,
            silent,
            patience,
            then: _,
            give_up: _,
        } = survey;
        self.may_say("says", *intro);
        for ask in asks {
            self.says(&format!("asks {}", ask.id), ask.prompt);
            let answers = ask.scale.answers().map(|answer| answer.to_string());
            let answers = answers.collect::<Vec<String>>().join(" ");
            self.set(format!("answers to {}", ask.id), answers);
        }
        self.says("says after a wrong key", *wrong);
        self.may_say("says after silence", *silent);
        self.patience(*patience);
    }

    pub(super) fn announce(&mut self, name: &str, announce: Option<Announce>) {
        let Some(announce) = announce else {
            return;
        };
        let Announce {
            first,
            every,
            position,
            wait,
            options,
        } = announce;
        self.set(format!("{name}: first after"), first);
        self.set(format!("{name}: every"), every);
        self.may_say(&format!("{name}: says the place"), position);
        self.may_say(
            &format!("{name}: says the wait"),
            wait.map(|wait| wait.about),
        );
        self.may_say(
            &format!("{name}: says a long wait"),
            wait.map(|wait| wait.more_than),
        );
        self.may_say(&format!("{name}: says the keys"), options);
    }
}
