//! Queues, lines and groups as callers meet them.

use super::portrait::Aspect;
use super::portrait::Painter;
use super::portrait::Value;
use super::portrait::What;
use super::portrait::some;
use super::turns::Over;
use super::view::View;
use crate::exchange::dialplan::Dialling;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Group;
use crate::exchange::dialplan::Line;
use crate::exchange::dialplan::Overload;
use crate::exchange::dialplan::Queue;
use crate::exchange::dialplan::Recording;
use crate::exchange::dialplan::Target;
use crate::exchange::id::LaneId;
use crate::exchange::id::LineId;
use crate::exchange::id::StepId;

/// What holds for a whole line.
pub(super) fn line(view: View<'_>) -> Vec<Aspect> {
    let Line {
        name: _,
        title: _,
        numbers,
        start,
        trunks,
        reserve,
        caller_limit,
        max_call,
        languages: _,
        timezone,
        variables: _,
        dialling,
        root: _,
        retired: _,
    } = view.line();
    let mut painter = Painter {
        view,
        aspects: Vec::new(),
    };
    painter.set("numbers", numbers.join(", "));
    painter.start(*start);
    painter.set("languages", view.tags().collect::<Vec<&str>>().join(", "));
    painter.set("time zone", timezone);
    painter.may("lines from the carrier", *trunks);
    painter.may(
        "of these kept for the menus",
        Some(*reserve).filter(|kept| *kept > 0),
    );
    let limit = caller_limit.map(|(calls, within)| format!("{calls} within {within}"));
    painter.may("calls of one caller", limit);
    painter.set("longest call", max_call);
    painter.dialling(dialling);
    painter.aspects
}

/// What callers notice of a group of agents. Which of them takes a call, and what is counted, they do
/// not.
pub(super) fn group(plan: &Dialplan, group: &Group) -> Vec<Aspect> {
    let view = View::new(plan, LineId(0));
    let mut painter = Painter {
        view,
        aspects: Vec::new(),
    };
    painter.may("callers who may wait", group.max_waiting);
    painter.set("phones ring for", group.ring);
    painter.may("wait for the next tier", some(group.tiers.wait));
    painter.aspects
}

impl Painter<'_> {
    fn dialling(&mut self, dialling: &Dialling) {
        let Dialling {
            country,
            national,
            international,
            allow,
            deny,
            digits: (least, most),
        } = dialling;
        if dialling.is_empty() {
            return;
        }
        self.set("numbers that may be dialled", allow.join(", "));
        self.set("numbers that may not be dialled", deny.join(", "));
        self.set("digits of a number", format!("{least}-{most}"));
        let begins = [international, national, country].map(|text| format!("\"{text}\""));
        self.set("how numbers begin", begins.join(", "));
    }

    pub(super) fn queue(&mut self, queue: &Queue) {
        let Queue {
            name: _,
            step: _,
            group,
            lanes,
            stages,
            hours,
            max_wait,
            timeout: _,
            full: _,
            no_agents: _,
            all_paused: _,
            after: _,
            head_start,
            emergency,
            weight,
            returning,
            overload,
            prefer_last,
            greeting,
            announce,
            messages,
            keys: _,
            music,
            recording,
            answer_within: _,
            root: _,
        } = queue;
        self.may_say("says", *greeting);
        self.set("group", &self.view.plan.group(*group).name);
        self.lanes("asks agents for", lanes);
        for stage in stages {
            self.lanes(
                &format!("after {}, asks agents for", stage.after),
                &stage.lanes,
            );
        }
        self.hours(hours.map(|(calendar, _)| calendar));
        self.may("longest wait", *max_wait);
        self.may("counts as having waited", some(*head_start));
        self.flag("emergency", *emergency);
        self.may("weight", Some(*weight).filter(|weight| *weight > 0));
        self.may("place kept after hanging up", *returning);
        self.may("waits for the agent of the last call", *prefer_last);
        self.announce("announcement", *announce);
        self.in_turn("announcement: says", messages, Over::First);
        if let Some(overload) = overload {
            let Overload {
                offer_callback,
                announce,
                no_queue,
            } = overload;
            self.may("offers a call back from a wait of", *offer_callback);
            let announce = offer_callback.map(|_| *announce);
            self.announce("announcement when a call back is offered", announce);
            self.may("takes nobody in from a wait of", *no_queue);
        }
        self.set("music", music);
        self.recording(*recording);
    }

    /// A wrong answer and silence are met as in the rest of the line.
    fn recording(&mut self, recording: Option<Recording>) {
        let (when, says) = match recording {
            None => ("never", None),
            Some(Recording {
                asks,
                prompt,
                wrong: _,
                patience: _,
            }) => match asks {
                true => ("if the caller agrees", Some(prompt)),
                false => ("always", Some(prompt)),
            },
        };
        self.set("conversations are recorded", when);
        self.may_say("says of recording", says);
    }

    /// The skills that are asked for, by language where they differ.
    fn lanes(&mut self, name: &str, lanes: &[LaneId]) {
        let plan = self.view.plan;
        let languages = self.view.line().languages.iter();
        let asked: Vec<(&str, String)> = languages
            .map(|language| {
                let lane = &plan.lanes[lanes[language.index()].index()];
                let skills = lane.skills.iter().map(|(skill, level)| match level {
                    0 | 1 => skill.clone(),
                    level => format!("{skill} {level}"),
                });
                let mut skills: Vec<String> = skills.collect();
                skills.extend(lane.tier_max.map(|tier| format!("tier up to {tier}")));
                let tag = plan.languages[language.index()].as_str();
                (tag, skills.join(" and "))
            })
            .collect();
        let Some((_, first)) = asked.first() else {
            return;
        };
        let text = match asked.iter().all(|(_, skills)| skills == first) {
            true => first.clone(),
            false => {
                let each = asked
                    .iter()
                    .map(|(tag, skills)| format!("{skills} ({tag})"));
                each.collect::<Vec<String>>().join(", ")
            }
        };
        self.may(name, Some(text).filter(|text| !text.is_empty()));
    }

    fn start(&mut self, start: StepId) {
        self.aspects.push(Aspect {
            what: What::Exit,
            name: "from the start".to_owned(),
            value: Value::To(Target::Step(start), String::new()),
        });
    }
}
