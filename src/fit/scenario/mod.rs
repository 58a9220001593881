//! A scenario made of what was found, with a word on each figure and a TODO for what nobody recorded.

mod wanted;

use super::busyness::Spread;
use super::findings::Calls;
use super::findings::Findings;
use super::patience;
use super::patience::HANG_UPS_MIN;
use super::patience::RATE_MAX;
use super::record::Outcome;
use super::redial;
use super::redial::FAILED_MIN;
use super::talk;
use super::talk::TALKS_MIN;
use super::wants;
use super::wants::Wants;
use super::words::digits;
use super::words::length;
use super::words::plural;
use super::words::quoted;
use super::words::rate_digits;
use super::words::sure;
use crate::exchange::dialplan::Dialplan;
use crate::measure::Figure;
use crate::report::clean;
use crate::report::wrap;
use crate::sim::distribution::CV_MAX;
use crate::sim::scenario::ATTEMPTS_MAX;
use crate::sim::scenario::BUSYNESS_CV_MAX;
use crate::sim::scenario::BUSYNESS_CV_MIN;

/// The name of the file beside which the forecast lies.
pub const SCENARIO: &str = "fitted.scenario.toml";
/// That of the forecast.
pub const FORECAST: &str = "forecast.csv";
/// Columns of a comment.
const COLUMNS: usize = 96;

/// The lines whose calls were recorded.
#[derive(Clone, Copy, Debug)]
pub struct Site<'p> {
    /// Their menu files, as the scenario names them.
    pub menus: &'p [String],
    /// What was compiled of these.
    pub plan: &'p Dialplan,
}

/// A scenario file, and what is left to whoever wants to run it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The text.
    pub text: String,
    /// What stands behind each TODO in it.
    pub todo: Vec<String>,
}

/// Writes the scenario.
pub fn draft(findings: &Findings, site: Option<Site<'_>>) -> Draft {
    let mut writer = Writer {
        findings,
        site,
        text: String::new(),
        todo: Vec::new(),
        wants: site.map_or_else(Wants::default, |site| wants::all(findings, site.plan)),
        has_wants: false,
    };
    writer.head();
    writer.staff();
    writer.wants();
    writer.callers();
    Draft {
        text: writer.text,
        todo: writer.todo,
    }
}

struct Writer<'f> {
    findings: &'f Findings,
    site: Option<Site<'f>>,
    text: String,
    todo: Vec<String>,
    /// What callers want, until it is written.
    wants: Wants,
    has_wants: bool,
}

impl Writer<'_> {
    fn line(&mut self, line: impl AsRef<str>) {
        self.text.push_str(line.as_ref().trim_end());
        self.text.push('\n');
    }

    fn comment(&mut self, words: &str) {
        // Names of the outside may hold anything, and a comment is one line.
        for line in wrap(&clean(words, true), COLUMNS - 2) {
            self.line(format!("# {line}"));
        }
    }

    /// Something that nobody recorded.
    fn todo(&mut self, words: &str) {
        self.comment(&format!("TODO: {words}"));
        self.todo.push(words.to_owned());
    }

    fn head(&mut self) {
        let days = &self.findings.days;
        let (first, last) = (days.used.first(), days.used.last());
        let span = match (first, last) {
            (Some(first), Some(last)) if first != last => format!("{first} to {last}"),
            (Some(first), _) => first.to_string(),
            (None, _) => String::new(),
        };
        let files = self.findings.files.join(", ");
        self.comment(&format!(
            "Made by `strowger fit` of {files}: {} of {span}. Behind each figure stands its 95 % interval and what \
             it comes of.",
            plural(days.used.len() as u64, "day")
        ));
        self.line("format   = 1");
        let menus: Vec<String> = match (self.site, self.findings.column) {
            (Some(site), _) => site.menus.to_vec(),
            (None, "line") => {
                self.todo("say where the menu files of the lines are (`--menu FILE` does)");
                let lines = days.lines.iter();
                lines.map(|line| format!("{}.toml", line.line)).collect()
            }
            (None, _) => {
                self.todo(
                    "say where the menu files are of the lines that begin at these queues (`--menu FILE` does): calls \
                     arrive at lines, and of lines that begin elsewhere it takes the calls by line",
                );
                vec!["line.toml".to_owned()]
            }
        };
        let menus: Vec<String> = menus.iter().map(|menu| quoted(menu)).collect();
        let menus = match &menus[..] {
            [one] => one.clone(),
            several => format!("[{}]", several.join(", ")),
        };
        self.line(format!("menu     = {menus}"));
        self.line(format!("forecast = {}", quoted(FORECAST)));
        let counts = match self.findings.has_redials_apart() {
            true => "first-attempts",
            false => "attempts",
        };
        self.line(format!("forecast_counts = \"{counts}\""));
        self.line("");
    }

    fn callers(&mut self) {
        self.line("[callers]");
        let speaks_several = |site: Site<'_>| {
            let mut lines = site.plan.lines.iter();
            lines.any(|line| line.languages.len() > 1)
        };
        if self.site.is_some_and(speaks_several) {
            self.todo("say which languages callers speak; records do not, and here all speak the line's first");
            self.line("# languages = { en = 0.9, es = 0.1 }");
        }
        if self.has_wants {
            self.comment("Where calls went has those in it who press a wrong key, or none.");
            self.line("slips  = 0.0");
            self.line("silent = 0.0");
        }
        self.messages();
        self.busyness();
        let findings = self.findings;
        let Some(calls) = &findings.calls else {
            self.todo("say how long callers and agents talk; counts do not");
            self.line("# talk     = { distribution = \"lognormal\", mean = \"240s\", cv = 1.0 }");
            self.todo("say how long the work after a call takes (none is 0 s) and how long callers are willing to wait");
            self.line("# wrap_up  = { distribution = \"lognormal\", mean = \"40s\", cv = 0.7 }");
            self.line("# patience = { distribution = \"exponential\", mean = \"180s\" }");
            return;
        };
        match &calls.talk {
            Some(law) => self.talk("talk     ", law),
            None => {
                self.todo(&format!(
                    "say how long callers and agents talk: it takes {TALKS_MIN} talks to tell, and fewer that were \
                     cut off; found: {}, {} cut off",
                    plural(calls.talks, "talk"),
                    calls.cut_off
                ));
                self.line(
                    "# talk     = { distribution = \"lognormal\", mean = \"240s\", cv = 1.0 }",
                );
            }
        }
        self.todo("say how long the work after a call takes: call records end with the call, and here it is 0 s");
        self.line("# wrap_up  = { distribution = \"lognormal\", mean = \"40s\", cv = 0.7 }");
        self.patience(calls);
        let mut ways = calls.ways.values();
        if ways.any(|ways| ways.outcomes.contains_key(&Outcome::Callback)) {
            self.todo(
                "say who accepts a promise to be called back and who is reached then (`accepts_callback`, \
                 `reached_by_callback`); records do not",
            );
        }
        self.redial(calls);
    }

    fn busyness(&mut self) {
        let found = &self.findings.busyness;
        let n = plural(self.findings.days.used.len() as u64, "day");
        let (day, within) = (found.day, found.within);
        if day == Spread::TooFew {
            let least = super::busyness::DAYS_MIN;
            self.todo(&format!(
                "say how much days differ (`busyness`): it takes {least} to tell; found: {n}"
            ));
            return;
        }
        let mut parts = Vec::new();
        if let Some(mean) = day.cv().and_then(|cv| cv.mean) {
            parts.push(format!("cv = {}", digits(mean.min(BUSYNESS_CV_MAX))));
        }
        if let (Some(cv), Some(r)) = (within.cv(), found.correlation) {
            let (cv, r) = (cv.mean.unwrap_or(0.0), r.mean.unwrap_or(0.0));
            let cv = cv.clamp(BUSYNESS_CV_MIN, BUSYNESS_CV_MAX);
            let (cv, r) = (digits(cv), digits(r));
            parts.push(format!("within = {{ cv = {cv}, correlation = {r} }}"));
        }
        let words = |name: &str, spread: Spread| match spread {
            Spread::Cv(figure) => format!("{name} {}", sure(figure, 1.0, 3, "")),
            Spread::Chance => format!("{name} no more than chance"),
            Spread::Intervals => format!("{name} what their intervals do"),
            Spread::Balanced => {
                format!("{name} such that they make up for each other, which no factor tells")
            }
            Spread::TooFew => format!("{name} not known"),
        };
        let correlation = found.correlation.map_or_else(String::new, |figure| {
            format!(", correlation {}", sure(figure, 1.0, 2, ""))
        });
        let words = [words("days differ by", day), words("intervals by", within)].join(", ");
        self.comment(&format!("Of {n}: {words}{correlation}."));
        if !parts.is_empty() {
            self.line(format!("busyness = {{ {} }}", parts.join(", ")));
        }
    }

    fn talk(&mut self, name: &str, law: &talk::Law) {
        let mean = law.mean_s.mean.unwrap_or(0.0);
        let cv = law.cv.mean.unwrap_or(0.0);
        self.comment(&format!(
            "Of {} on {}, as a {} law: mean {}, cv {}.",
            plural(law.talks, "talk"),
            plural(law.days as u64, "day"),
            law.family.words(),
            sure(law.mean_s, 1.0, 1, " s"),
            sure(law.cv, 1.0, 2, "")
        ));
        if let Some(plain) = law.plain_cv {
            self.comment(&format!(
                "These talks have another law than that: by themselves, those that were cut off completed by it, they have \
                 a cv of {plain:.2}, which is taken here. Look at them before you rely on it."
            ));
        }
        let cv = law.plain_cv.unwrap_or(cv).min(CV_MAX);
        let (mean, cv, family) = (length(mean), digits(cv), law.family.name());
        self.line(format!(
            "{name} = {{ distribution = \"{family}\", mean = \"{mean}\", cv = {cv} }}"
        ));
    }

    fn patience(&mut self, calls: &Calls) {
        let found = &calls.patience;
        if found.pieces.is_empty() {
            let hung_up = found.hung_up;
            self.todo(&format!(
                "say how long callers are willing to wait: it takes {HANG_UPS_MIN} who hung up to tell; found: \
                 {hung_up}"
            ));
            self.line("# patience = { distribution = \"exponential\", mean = \"180s\" }");
            return;
        }
        self.patience_law("callers", found);
    }

    /// The patience of a queue's callers, where it is not that of all.
    fn patience_of_queue(&mut self, owner: &str, found: &patience::Found) {
        if found.pieces.is_empty() {
            self.comment(&format!(
                "{} who hung up in this queue are too few (of {HANG_UPS_MIN}) to tell their patience: here it is that of \
                 all queues together.",
                found.hung_up
            ));
            return;
        }
        self.patience_law(owner, found);
    }

    /// A law and what it comes of, as the last thing in the table of its owner.
    fn patience_law(&mut self, owner: &str, found: &patience::Found) {
        self.comment(&format!(
            "Of {} waits, {} of which ended by hanging up; the others were cut off by an answer. Whoever left by a key, \
             was sent on, or was promised a call back counts as cut off, too.",
            found.waits, found.hung_up
        ));
        if let [one] = &found.pieces[..] {
            let rate = one.per_minute;
            let mean_s = |rate: Option<f64>| rate.map(|rate| 60.0 / rate);
            let mean = Figure {
                mean: mean_s(rate.mean),
                low: mean_s(rate.high),
                high: mean_s(rate.low),
            };
            self.comment(&format!(
                "They give up as often at any time: mean {}.",
                sure(mean, 1.0, 1, " s")
            ));
            let mean = length(mean.mean.unwrap_or(0.0));
            self.line(format!(
                "patience = {{ distribution = \"exponential\", mean = \"{mean}\" }}"
            ));
            return;
        }
        self.line(format!("[{owner}.patience]"));
        self.line("distribution = \"hazard\"");
        let from: Vec<String> = found
            .pieces
            .iter()
            .map(|piece| format!("\"{}s\"", piece.from_s))
            .collect();
        let rates = found.pieces.iter().map(|piece| piece.per_minute.mean);
        let rates = rates.map(|rate| rate_digits(rate.unwrap_or(0.0).min(RATE_MAX)));
        let rates: Vec<String> = rates.collect();
        self.line(format!("from         = [{}]", from.join(", ")));
        self.line(format!("per_minute   = [{}]", rates.join(", ")));
        for piece in &found.pieces {
            let per_minute = sure(piece.per_minute, 1.0, 3, "");
            self.line(format!(
                "# from {} s: {per_minute}, of {} who hung up",
                piece.from_s, piece.hung_up
            ));
        }
    }

    fn redial(&mut self, calls: &Calls) {
        let known = match &calls.redial {
            redial::Found::Known(known) if known.delay_s.mean.is_some() => known,
            redial::Found::Known(_) => {
                self.comment("Nobody called again within an hour of an attempt in vain.");
                return;
            }
            redial::Found::NoCallers => {
                self.comment("Who calls again is not known: the records have no callers.");
                return;
            }
            redial::Found::Disorder => {
                self.comment(
                    "Who calls again is not known: the records are in no order, and too many to put them in one.",
                );
                return;
            }
            redial::Found::TooFew(failed) => {
                self.comment(&format!(
                    "Who calls again is not known: it takes {FAILED_MIN} attempts in vain; found: {failed}."
                ));
                return;
            }
        };
        let mut parts = Vec::new();
        self.line("[callers.redial]");
        self.comment(
            "Whoever called the same line again within an hour of an attempt in vain; the forecast does not count \
             these calls.",
        );
        for (how, failed, share) in &known.by {
            let name = match how {
                Outcome::Blocked => "after_blocked",
                Outcome::TurnedAway => "after_turned_away",
                _ => "after_abandoned",
            };
            if *failed < FAILED_MIN {
                self.comment(&format!("{name}: {failed} are too few to tell."));
                continue;
            }
            self.comment(&format!(
                "{name}: {}, of {failed}.",
                sure(*share, 1.0, 3, "")
            ));
            parts.push(format!("{name} = {}", digits(share.mean.unwrap_or(0.0))));
        }
        for part in parts {
            self.line(part);
        }
        self.comment("The shares are of all attempts, and of the last ones, too: nobody stops at a number of them.");
        self.line(format!("attempts = {ATTEMPTS_MAX}"));
        // What has no delay of its own has the one of those who hung up, or else that of all.
        let of = |how: Outcome| {
            let mut delays = known.delays_s.iter();
            delays.find_map(|(known, delay)| (*known == how).then_some(*delay))
        };
        let usual = of(Outcome::Abandoned).unwrap_or(known.delay_s);
        self.delay("delay", usual);
        for (name, how) in [
            ("delay_blocked", Outcome::Blocked),
            ("delay_turned_away", Outcome::TurnedAway),
        ] {
            if let Some(delay) = of(how) {
                self.delay(name, delay);
            }
        }
    }

    fn delay(&mut self, name: &str, delay: Figure) {
        self.comment(&format!("{name}: mean {}.", sure(delay, 1.0, 1, " s")));
        let delay = length(delay.mean.unwrap_or(0.0));
        self.line(format!("{name} = \"{delay}\""));
    }
}
