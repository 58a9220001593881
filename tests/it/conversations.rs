//! Conversations as scripts: what callers and agents do, and what the exchange does about it.
//!
//! A script is a text of sections. The first lines say what it is about; `=== shop.toml` begins a
//! line's file (`=== menus/shop.toml` with nothing below it is one that ships), `=== groups.toml` the
//! people, and `=== conversation 2026-11-23T09:00` the conversation, at that time in UTC. There,
//! `> 2.5s key 1` is something that happens 2.5 s after the last such line, and `~ 5s` something that
//! the exchange does by itself, counted likewise. `call 1 dials shop as ana` comes from ana's phone.
//! All other lines are what it did. The runner writes them anew and compares;
//! `SNAPSHOTS=overwrite cargo test --test it` keeps what it wrote.

mod agents;
mod found;
mod told;

use crate::site;
use std::collections::BTreeMap;
use std::collections::VecDeque;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use strowger::exchange::Exchange;
use strowger::exchange::Switch;
use strowger::exchange::dialplan::Dialplan;
use strowger::exchange::dialplan::Form;
use strowger::exchange::dialplan::LookupResult;
use strowger::exchange::dialplan::Part;
use strowger::exchange::dialplan::StepKind;
use strowger::exchange::effect::Effect;
use strowger::exchange::effect::Filling;
use strowger::exchange::id::AgentId;
use strowger::exchange::id::CallId;
use strowger::exchange::id::LanguageId;
use strowger::exchange::id::LineId;
use strowger::exchange::id::LookupId;
use strowger::exchange::id::OfferId;
use strowger::exchange::id::PlayId;
use strowger::exchange::id::PromptId;
use strowger::exchange::id::StepId;
use strowger::exchange::id::VariableId;
use strowger::exchange::input::Input;
use strowger::exchange::key::Key;
use strowger::exchange::record::CallbackFact;
use strowger::exchange::record::Record;
use strowger::exchange::time::Span;
use strowger::exchange::time::Tick;
use strowger::menu::spoken;

const GROUPS: &str = r#"
format = 1
[group.support]
max_waiting = 20
wrap_up = { limit = "30s", then = "ready" }
[agent.ana]
groups = ["support"]
[agent.ben]
groups = ["support"]
"#;

/// Callers are numbered from here.
const CALLERS_FROM: u64 = 1000;

#[test]
fn conversations_go_as_their_scripts_say() {
    let overwrite = std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite");
    let mut wrong = String::new();
    for path in scripts() {
        let old = fs::read_to_string(&path).expect("the script can be read");
        let new = replay(&path, &old);
        if old == new {
            continue;
        }
        if overwrite {
            fs::write(&path, new).expect("the script can be written");
        } else {
            let differs = old
                .lines()
                .zip(new.lines())
                .position(|(old, new)| old != new);
            let line = differs.unwrap_or(old.lines().count().min(new.lines().count())) + 1;
            let _ = writeln!(wrong, "{}:{line} differs; now:\n{new}", path.display());
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn scripts() -> Vec<PathBuf> {
    let entries = fs::read_dir("tests/it/scripts").expect("the scripts are here");
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    assert!(paths.len() > 10, "the scripts are here");
    paths
}

/// The script with everything that the exchange does written anew.
fn replay(path: &Path, script: &str) -> String {
    let head_end = script.find("=== conversation").expect("a conversation");
    let (head, rest) = script.split_at(head_end);
    let mut lines = rest.lines();
    let title = lines.next().expect("a heading");
    let moment = title.trim_start_matches("=== conversation").trim();
    let mut stage = Stage::new(plan_of(head), moment);
    let mut text = format!("{head}{title}\n");
    for line in lines {
        if line.starts_with('#') {
            let gap = if text.ends_with(&format!("{title}\n")) {
                ""
            } else {
                "\n"
            };
            let _ = writeln!(text, "{gap}{line}");
        } else if let Some(doing) = line.strip_prefix("> ") {
            stage.perform(doing, &mut text).unwrap_or_else(|problem| {
                panic!("{}: `{line}`: {problem}\n{text}", path.display());
            });
        }
    }
    text
}

/// The files of a script's head.
fn plan_of(head: &str) -> Dialplan {
    let mut files: Vec<(&str, &str)> = Vec::new();
    for section in head.split("\n=== ").skip(1) {
        let (name, text) = section.split_once('\n').expect("a section has lines");
        if text.trim().is_empty() {
            return site::shipped(name.trim());
        }
        files.push((name.trim(), text));
    }
    if !files.iter().any(|(name, _)| *name == "groups.toml") {
        files.push(("groups.toml", GROUPS));
    }
    site::plan_of(&files)
}

/// The exchange, and a bridge that remembers what is being played.
struct Stage {
    plan: Arc<Dialplan>,
    exchange: Exchange,
    now: Tick,
    /// The calls by the order in which they came.
    calls: Vec<Caller>,
    offers: Vec<Option<OfferId>>,
    effects: Vec<Effect>,
}

#[derive(Default)]
struct Caller {
    id: Option<CallId>,
    asked: Option<(LookupId, StepId)>,
    /// What look-ups have found.
    values: BTreeMap<String, String>,
    playing: VecDeque<PlayId>,
    filled: Vec<Filling>,
}

type Problem = String;

impl Stage {
    fn new(plan: Dialplan, moment: &str) -> Self {
        let plan = Arc::new(plan);
        Self {
            exchange: Exchange::new(plan.clone(), site::unix_ms(moment)),
            offers: vec![None; plan.agents.len()],
            plan,
            now: Tick(0),
            calls: Vec::new(),
            effects: Vec::new(),
        }
    }

    /// Carries out `2.5s key 1` and writes what comes of it.
    fn perform(&mut self, doing: &str, text: &mut String) -> Result<(), Problem> {
        let (span, what) = doing.split_once(' ').ok_or("a time, then what happens")?;
        let then = self.now + span_of(span)?;
        while let Some(due) = self.exchange.next_deadline().filter(|due| *due <= then) {
            self.exchange.wake(due, &mut self.effects);
            if !self.effects.is_empty() {
                let _ = writeln!(text, "~ {}", shown(due - self.now));
                self.write_effects(text);
            }
        }
        self.now = then;
        let _ = writeln!(text, "> {doing}");
        for input in self.inputs(what)? {
            self.exchange.handle(then, input, &mut self.effects);
            assert!(self.exchange.is_sound(), "{text}");
            assert!(self.exchange.is_exclusive(), "{text}");
            self.write_effects(text);
        }
        Ok(())
    }

    fn inputs(&mut self, what: &str) -> Result<Vec<Input>, Problem> {
        let words: Vec<&str> = what.split(' ').collect();
        let (caller, words) = match words[..] {
            ["call", number, ref rest @ ..] => (number.parse().map_err(|_| "a number")?, rest),
            _ => (1, &words[..]),
        };
        let call = self.call(caller);
        Ok(match *words {
            ["waits"] => Vec::new(),
            ["dials", line] => vec![self.arrival(caller, line, None)],
            // The same person as in that call.
            ["dials", line, "like", number] => {
                let same: u64 = number.parse().map_err(|_| "a number")?;
                let mut arrival = self.arrival(caller, line, None);
                if let Input::CallArrived { caller, .. } = &mut arrival {
                    *caller = CALLERS_FROM + same;
                }
                vec![arrival]
            }
            ["dials", line, "withheld"] => {
                let mut arrival = self.arrival(caller, line, None);
                if let Input::CallArrived { caller, .. } = &mut arrival {
                    *caller = 0;
                }
                vec![arrival]
            }
            ["dials", line, "as", name] => {
                vec![self.arrival(caller, line, Some(self.agent(name)?))]
            }
            ["key" | "keys", keys] => keys
                .chars()
                .map(|key| {
                    let key = Key::from_char(key).ok_or("a key")?;
                    Ok(Input::Key { call, key })
                })
                .collect::<Result<_, Problem>>()?,
            ["prompt", "ends"] => {
                let playing = self.calls.get_mut(caller - 1).ok_or("no such call")?;
                let ended: Vec<PlayId> = playing.playing.drain(..).collect();
                if ended.is_empty() {
                    return Err("nothing is playing".to_owned());
                }
                let end = |play| Input::PromptEnded { call, play };
                ended.into_iter().map(end).collect()
            }
            ["prompt", number, "ends"] => {
                let play = PlayId(number.parse().map_err(|_| "a number")?);
                vec![Input::PromptEnded { call, play }]
            }
            ["hangs", "up"] | ["caller", "hangs", "up"] => vec![Input::CallerHungUp { call }],
            ["notice", "is", "set"] => vec![self.switched(Switch::Notice, u64::MAX)],
            ["notice", "is", "cleared"] => vec![self.switched(Switch::Notice, 0)],
            ["line", "closes", "for", span] => {
                let until = self.now + span_of(span)?;
                vec![self.switched(Switch::Closure, until.0)]
            }
            ["finds", ref values @ ..] => self.finds(caller, values)?,
            ["gets", "no", "answer"] => {
                vec![self.looked_up(caller, LookupResult::Failed)?]
            }
            ["gets", "error", status] => {
                let status = status.parse().map_err(|_| "a status")?;
                vec![self.looked_up(caller, LookupResult::Status(status))?]
            }
            ["number", "is", "barred"] => vec![Input::NumberBarred { call }],
            ["cannot", "be", "recorded"] => vec![Input::RecordingFailed { call }],
            ["recording", "ends"] => vec![Input::RecordingEnded { call, length: None }],
            ["recording", "ends", "after", span] => {
                let length = Some(span_of(span)?);
                vec![Input::RecordingEnded { call, length }]
            }
            ["transfer", "done"] => vec![Input::TransferDone { call }],
            ["is", "reached"] => vec![Input::CallbackReached { call }],
            ["is", "busy"] => vec![Input::CallbackFailed { call }],
            ["cannot", "be", "dialled"] => vec![Input::CallbackUndialled { call, away: false }],
            ["cannot", "be", "dialled", "yet"] => {
                vec![Input::CallbackUndialled { call, away: true }]
            }
            ["can", "be", "dialled"] => vec![Input::CallbackDialable { call }],
            ["transfer", "failed"] => vec![Input::TransferFailed { call }],
            ["is", "adrift"] => vec![Input::CallAdrift {
                call,
                patience: Span::seconds(60),
            }],
            ["is", "back"] => vec![Input::CallBack {
                call,
                afresh: false,
            }],
            ["is", "back", "afresh"] => vec![Input::CallBack { call, afresh: true }],
            ["hides", "a", "digit"] => vec![Input::HiddenKey { call, fits: false }],
            ["hides", "a", "fitting", "digit"] => vec![Input::HiddenKey { call, fits: true }],
            ["loses", "the", "entry"] => vec![Input::EntryLost { call }],
            [name, ref deed @ ..] => self.agent_inputs(name, deed)?,
            [] => return Err("nothing happens".to_owned()),
        })
    }

    /// Something on the first line.
    fn switched(&self, what: Switch, until: u64) -> Input {
        Input::Switched {
            line: LineId(0),
            what,
            until: Tick(until),
        }
    }

    fn arrival(&self, caller: usize, line: &str, agent: Option<AgentId>) -> Input {
        Input::CallArrived {
            line: self.plan.line_named(line).unwrap_or(LineId(99)),
            tag: caller as u64,
            caller: CALLERS_FROM + caller as u64,
            agent,
        }
    }

    fn agent(&self, name: &str) -> Result<AgentId, Problem> {
        let place = self.plan.agents.iter().position(|agent| agent.name == name);
        Ok(match name {
            "nobody" => AgentId(99),
            _ => AgentId(place.ok_or_else(|| format!("who is {name}?"))? as u32),
        })
    }

    fn call(&self, caller: usize) -> CallId {
        let known = self.calls.get(caller - 1).and_then(|call| call.id);
        known.unwrap_or(CallId {
            index: 99,
            generation: 0,
        })
    }

    /// The number of a call in the script, from 1.
    fn number(&self, call: CallId) -> usize {
        let place = self.calls.iter().position(|known| known.id == Some(call));
        place.expect("a call that was answered") + 1
    }

    fn write_effects(&mut self, text: &mut String) {
        for effect in std::mem::take(&mut self.effects) {
            self.meet_callback(&effect);
            let line = self.effect(&effect);
            if !line.is_empty() {
                let _ = writeln!(text, "{line}");
            }
        }
    }

    /// A call back is a call of its own, numbered like the others.
    fn meet_callback(&mut self, effect: &Effect) {
        if let Effect::Record(Record::Callback {
            call,
            what: CallbackFact::Booked { .. },
            ..
        }) = *effect
        {
            self.calls.push(Caller {
                id: Some(call),
                ..Caller::default()
            });
        }
    }

    /// One effect in words; nothing for one that shows in the next.
    fn effect(&mut self, effect: &Effect) -> String {
        match *effect {
            Effect::Answer { call, tag } => {
                let caller = tag as usize;
                if self.calls.len() < caller {
                    self.calls.resize_with(caller, Caller::default);
                }
                self.calls[caller - 1].id = Some(call);
                self.said(call, "answer")
            }
            Effect::Refuse { tag, .. } => format!("    call {tag}: busy signal"),
            Effect::Fill { call, with } => {
                let number = self.number(call);
                self.calls[number - 1].filled.push(with);
                String::new()
            }
            Effect::Play {
                call,
                play,
                prompt,
                language,
                step,
            } => self.play(call, play, (step, prompt), language),
            Effect::Stop { call } => {
                let number = self.number(call);
                self.calls[number - 1].playing.clear();
                self.said(call, "stop")
            }
            Effect::HoldMusic { call, queue } => {
                self.said(call, format!("music of {}", self.plan.queue(queue).name))
            }
            Effect::TakeMessage { call, step, max } => {
                let StepKind::Record(message) = &self.plan.step(step).kind else {
                    panic!("a message is taken by a record step");
                };
                let what = format!("tone, then record for {} at most {max}", message.mailbox);
                self.said(call, what)
            }
            Effect::LookUp { call, lookup, step } => {
                let number = self.number(call);
                let filled = std::mem::take(&mut self.calls[number - 1].filled);
                self.calls[number - 1].asked = Some((lookup, step));
                let entries = filled.iter().map(|with| match with {
                    Filling::Digits(_, digits) => format!(" {digits}"),
                    other => panic!("{other:?} for a look-up"),
                });
                let entries: String = entries.collect();
                let name = &self.plan.step(step).name;
                self.said(call, format!("ask {name}{entries} (look-up {})", lookup.0))
            }
            Effect::Ticket { call, step, .. } => {
                let number = self.number(call);
                let filled = std::mem::take(&mut self.calls[number - 1].filled);
                let entries = filled.iter().map(|with| match with {
                    Filling::Digits(_, digits) => format!(" {digits}"),
                    other => panic!("{other:?} for a ticket"),
                });
                let entries: String = entries.collect();
                let name = &self.plan.step(step).name;
                self.said(call, format!("ticket {name}{entries}"))
            }
            Effect::Dial {
                call, caller, step, ..
            } => {
                let typed = self.exchange.typed_number(call);
                let rules = &self.plan.line(self.plan.step(step).line).dialling;
                let number = match typed.is_empty() {
                    true => caller.to_string(),
                    false => rules.number(&typed),
                };
                self.said(call, format!("dial {number}"))
            }
            Effect::Transfer { call, step } => {
                let StepKind::Transfer(transfer) = &self.plan.step(step).kind else {
                    panic!("a transfer step transfers");
                };
                let rules = &self.plan.line(self.plan.step(step).line).dialling;
                let to = transfer.number(rules, |entry| self.exchange.saved(call, entry));
                self.said(call, format!("transfer to {to}"))
            }
            Effect::Ring { agent, offer, call } => {
                self.offers[agent.index()] = Some(offer);
                self.said(
                    call,
                    format!("ring {} (offer {})", self.name(agent), offer.0),
                )
            }
            Effect::CancelRing { agent, offer } => {
                format!("    stop ringing {} (offer {})", self.name(agent), offer.0)
            }
            Effect::Connect { call, agent } => {
                self.said(call, format!("connect with {}", self.name(agent)))
            }
            Effect::Recording { call, agent, act } => {
                let what = format!("recording with {}: {}", self.name(agent), told::words(act));
                self.said(call, what)
            }
            Effect::Disconnect { call, agent } => {
                self.said(call, format!("part from {}", self.name(agent)))
            }
            Effect::HangUp { call } => self.said(call, "hang up"),
            Effect::Record(record) => self.record(&record),
            Effect::Ignored(reason) => format!("    ignored: {}", self.reason(reason)),
        }
    }

    fn said(&self, call: CallId, what: impl AsRef<str>) -> String {
        let what = what.as_ref();
        match (self.calls.len(), self.number(call)) {
            (1, _) => format!("    {what}"),
            (_, number) => format!("    call {number}: {what}"),
        }
    }

    fn play(
        &mut self,
        call: CallId,
        play: PlayId,
        (step, prompt): (StepId, PromptId),
        language: LanguageId,
    ) -> String {
        let number = self.number(call);
        let caller = &mut self.calls[number - 1];
        caller.playing.push_back(play);
        let mut words = String::new();
        let mut filled = std::mem::take(&mut caller.filled).into_iter();
        for part in &self.plan.speech(prompt, language).parts {
            match part {
                Part::Text(text) => words.push_str(text),
                Part::Notice => words.push_str("THE NOTICE"),
                Part::Caller => words.push_str("THE NUMBER"),
                Part::Value(variable, form) => {
                    let line = self.plan.step(step).line;
                    let names = &self.plan.line(line).variables;
                    let value = |at: &VariableId| caller.values.get(&names[at.index()]);
                    let currency = match form {
                        Form::Money(Some(currency)) => value(currency).map_or("", String::as_str),
                        _ => "",
                    };
                    let found = value(variable).map_or("", String::as_str);
                    let tag = &self.plan.languages[language.index()];
                    let today = Some(jiff::civil::date(2026, 11, 23));
                    words += &spoken::say(*form, found, currency, tag, today).text();
                }
                Part::Digits(_) | Part::Position | Part::Wait => match filled.next() {
                    Some(Filling::Digits(_, digits)) => words += &digits.to_string(),
                    Some(Filling::Position(position)) => words += &position.to_string(),
                    Some(Filling::Wait(minutes)) => {
                        let _ = write!(words, "{minutes} min");
                    }
                    None => words.push_str("NOT FILLED IN"),
                },
            }
        }
        assert!(filled.next().is_none(), "a value that nobody speaks");
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let name = &self.plan.prompts[prompt.index()].name;
        let tongue = match self.plan.languages.len() {
            1 => String::new(),
            _ => format!(" in {}", self.plan.languages[language.index()]),
        };
        self.said(call, format!("play {name}{tongue} \"{words}\""))
    }

    fn name(&self, agent: AgentId) -> &str {
        &self.plan.agent(agent).name
    }
}

/// `2.5s`, `10m`, `3h`.
fn span_of(text: &str) -> Result<Span, Problem> {
    let unit = text.chars().next_back().unwrap_or(' ');
    let ms = match unit {
        's' => 1000.0,
        'm' => 60_000.0,
        'h' => 3_600_000.0,
        _ => return Err(format!("{text} is no time")),
    };
    let number = text[..text.len() - 1].parse::<f64>();
    let number = number.map_err(|_| format!("{text} is no time"))?;
    Ok(Span((number * ms).round() as u64))
}

/// `2.5s`.
fn shown(span: Span) -> String {
    format!("{}s", span.as_seconds())
}
