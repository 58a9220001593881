//! Menus that come after others in one plan: every id in them moves to where it is then.
//!
//! Everything is taken apart field by field, so that a field that is added cannot be overlooked.

use super::Announce;
use super::Answer;
use super::Ask;
use super::AsksNumber;
use super::Callback;
use super::Collect;
use super::Directory;
use super::Duty;
use super::DutyAct;
use super::Hours;
use super::KeyAction;
use super::KeyNode;
use super::Line;
use super::Listing;
use super::Lookup;
use super::Menu;
use super::Message;
use super::Overload;
use super::Prompt;
use super::Queue;
use super::Recording;
use super::Retry;
use super::Say;
use super::Step;
use super::StepKind;
use super::Survey;
use super::Target;
use super::Ticket;
use super::Transfer;
use super::WaitPrompts;
use crate::exchange::id::CalendarId;
use crate::exchange::id::GroupId;
use crate::exchange::id::KeyNodeId;
use crate::exchange::id::LaneId;
use crate::exchange::id::LanguageId;
use crate::exchange::id::PromptId;
use crate::exchange::id::ReasonId;
use crate::exchange::id::StepId;

/// How far each moves (down by wrapping around), and which of what is shared is which.
pub(super) struct Renumbering {
    pub(super) lines: u16,
    pub(super) steps: u32,
    pub(super) prompts: u32,
    pub(super) key_nodes: u32,
    pub(super) key_actions: u32,
    pub(super) calendars: u16,
    pub(super) queues: u16,
    pub(super) languages: Vec<LanguageId>,
    pub(super) reasons: Vec<ReasonId>,
    pub(super) lanes: Vec<LaneId>,
    pub(super) groups: Vec<GroupId>,
}

impl Renumbering {
    fn at(&self, step: &mut StepId) {
        step.0 = step.0.wrapping_add(self.steps);
    }

    fn said(&self, prompt: &mut PromptId) {
        prompt.0 = prompt.0.wrapping_add(self.prompts);
    }

    fn said_if(&self, prompt: &mut Option<PromptId>) {
        if let Some(prompt) = prompt {
            self.said(prompt);
        }
    }

    fn all_said(&self, prompts: &mut [PromptId]) {
        for prompt in prompts {
            self.said(prompt);
        }
    }

    fn retry(&self, retry: &mut Retry) {
        let Retry {
            wrong,
            silent,
            again,
        } = retry;
        self.all_said(wrong);
        self.all_said(silent);
        self.all_said(again);
    }

    fn keys(&self, node: &mut KeyNodeId) {
        node.0 = node.0.wrapping_add(self.key_nodes);
    }

    fn calendar(&self, calendar: &mut CalendarId) {
        calendar.0 = calendar.0.wrapping_add(self.calendars);
    }

    fn language(&self, language: &mut LanguageId) {
        *language = self.languages[language.index()];
    }

    fn target(&self, target: &mut Target) {
        if let Target::Step(step) = target {
            self.at(step);
        }
    }

    fn target_if(&self, target: &mut Option<Target>) {
        if let Some(target) = target {
            self.target(target);
        }
    }

    fn targets<'a>(&self, targets: impl IntoIterator<Item = &'a mut Target>) {
        for target in targets {
            self.target(target);
        }
    }

    /// What belongs to each language, in the order of all languages there are now.
    fn by_language<T: Clone>(&self, list: &mut Vec<T>, languages: usize, nothing: T) {
        let mut all = vec![nothing; languages];
        for (old, item) in list.drain(..).enumerate() {
            all[self.languages[old].index()] = item;
        }
        *list = all;
    }

    pub(super) fn line(&self, line: &mut Line) {
        let Line {
            name: _,
            title: _,
            numbers: _,
            start,
            trunks: _,
            reserve: _,
            caller_limit: _,
            max_call: _,
            languages,
            timezone: _,
            variables: _,
            dialling: _,
            root: _,
            retired: _,
        } = line;
        self.at(start);
        for language in languages {
            self.language(language);
        }
    }

    pub(super) fn prompt(&self, prompt: &mut Prompt, languages: usize) {
        let Prompt { name: _, speech } = prompt;
        self.by_language(speech, languages, Default::default());
    }

    pub(super) fn node(&self, node: &mut KeyNode) {
        let KeyNode { next, action } = node;
        for next in next.iter_mut().flatten() {
            self.keys(next);
        }
        if let Some(action) = action {
            *action = action.wrapping_add(self.key_actions);
        }
    }

    pub(super) fn action(&self, action: &mut KeyAction) {
        let KeyAction {
            key: _,
            label: _,
            target,
            language,
            self_served: _,
            not_helped: _,
            global: _,
        } = action;
        self.target(target);
        if let Some(language) = language {
            self.language(language);
        }
    }

    pub(super) fn queue(&self, queue: &mut Queue, languages: usize) {
        for lanes in queue.lane_lists() {
            for lane in lanes.iter_mut() {
                *lane = self.lanes[lane.index()];
            }
            let any = lanes.first().copied().unwrap_or(LaneId(0));
            self.by_language(lanes, languages, any);
        }
        let Queue {
            name: _,
            step,
            group,
            lanes: _,
            stages: _,
            hours,
            max_wait: _,
            timeout,
            full,
            no_agents,
            all_paused,
            after,
            head_start: _,
            emergency: _,
            weight: _,
            returning: _,
            overload,
            prefer_last: _,
            greeting,
            announce,
            messages,
            keys,
            music: _,
            recording,
            answer_within: _,
            root: _,
        } = queue;
        self.at(step);
        *group = self.groups[group.index()];
        if let Some((calendar, closed)) = hours {
            self.calendar(calendar);
            self.target(closed);
        }
        self.targets([timeout, full, no_agents]);
        self.target_if(all_paused);
        self.target_if(after);
        if let Some(Overload {
            offer_callback: _,
            announce,
            no_queue: _,
        }) = overload
        {
            self.announce(announce);
        }
        self.said_if(greeting);
        if let Some(announce) = announce {
            self.announce(announce);
        }
        self.all_said(messages);
        self.keys(keys);
        if let Some(Recording {
            asks: _,
            prompt,
            wrong,
            patience: _,
        }) = recording
        {
            self.said(prompt);
            self.said(wrong);
        }
    }

    fn announce(&self, announce: &mut Announce) {
        let Announce {
            first: _,
            every: _,
            position,
            wait,
            options,
        } = announce;
        self.said_if(position);
        self.said_if(options);
        if let Some(WaitPrompts { about, more_than }) = wait {
            self.said(about);
            self.said(more_than);
        }
    }

    pub(super) fn step(&self, step: &mut Step) {
        let Step {
            name: _,
            line,
            kind,
        } = step;
        line.0 = line.0.wrapping_add(self.lines);
        match kind {
            StepKind::Menu(menu) => self.menu(menu),
            StepKind::Say(say) => self.say(say),
            StepKind::Collect(collect) => self.collect(collect),
            StepKind::Directory(directory) => self.directory(directory),
            StepKind::Hours(Hours {
                calendar,
                open,
                closed,
            }) => {
                self.calendar(calendar);
                self.targets([open, closed]);
            }
            StepKind::Queue(queue) => queue.0 = queue.0.wrapping_add(self.queues),
            StepKind::Record(Message {
                prompt,
                max: _,
                mailbox: _,
                notify: _,
                then,
            }) => {
                self.said(prompt);
                self.target(then);
            }
            StepKind::Transfer(Transfer {
                prompt,
                to: _,
                entry: _,
                failed,
            }) => {
                self.said_if(prompt);
                self.target(failed);
            }
            StepKind::Duty(duty) => self.duty(duty),
            StepKind::Callback(callback) => self.callback(callback),
            StepKind::Lookup(lookup) => self.lookup(lookup),
            StepKind::Survey(survey) => self.survey(survey),
            StepKind::Ticket(Ticket {
                office: _,
                fields: _,
                then,
            }) => self.target(then),
        }
    }

    fn menu(&self, menu: &mut Menu) {
        let Menu {
            prompt,
            wrong,
            silent,
            retry,
            keys,
            patience: _,
            barge_in: _,
            give_up,
        } = menu;
        self.said(prompt);
        self.said(wrong);
        self.said(silent);
        self.retry(retry);
        self.keys(keys);
        self.target(give_up);
    }

    fn say(&self, say: &mut Say) {
        let Say {
            prompt,
            then,
            keys,
            barge_in: _,
            when_notice: _,
            answer,
        } = say;
        self.said(prompt);
        self.target(then);
        self.keys(keys);
        if let Some(Answer {
            question: _,
            expires_ms: _,
            expired,
        }) = answer
        {
            self.target(expired);
        }
    }

    fn collect(&self, collect: &mut Collect) {
        let Collect {
            prompt,
            wrong,
            silent,
            retry,
            min: _,
            max: _,
            end_key: _,
            save: _,
            check: _,
            confirm,
            secret: _,
            keys,
            patience: _,
            barge_in: _,
            go,
            give_up,
        } = collect;
        self.said(prompt);
        self.said(wrong);
        self.said(silent);
        self.retry(retry);
        self.said_if(confirm);
        self.keys(keys);
        self.targets([go, give_up]);
    }

    fn directory(&self, directory: &mut Directory) {
        let Directory {
            prompt,
            wrong,
            silent,
            retry,
            more_letters,
            wrong_key,
            choose,
            otherwise,
            entries,
            spellings: _,
            keys,
            patience: _,
            barge_in: _,
            give_up,
        } = directory;
        for prompt in [prompt, wrong, silent, more_letters, wrong_key, otherwise] {
            self.said(prompt);
        }
        self.retry(retry);
        self.all_said(choose);
        for Listing {
            name: _,
            said,
            target,
        } in entries
        {
            self.said(said);
            self.target(target);
        }
        self.keys(keys);
        self.target(give_up);
    }

    fn duty(&self, duty: &mut Duty) {
        let Duty {
            act,
            then,
            refused,
            stranger,
        } = duty;
        if let DutyAct::Pause(Some(reason)) = act {
            *reason = self.reasons[reason.index()];
        }
        self.targets([then, refused, stranger]);
    }

    fn callback(&self, callback: &mut Callback) {
        let Callback {
            say,
            queue,
            keep_place: _,
            calendar,
            attempts: _,
            retry: _,
            ring: _,
            spare_agents: _,
            gap: _,
            by_request: _,
            asks,
            refused,
        } = callback;
        self.say(say);
        if let Some(asks) = asks {
            self.asks_number(asks);
        }
        self.at(queue);
        if let Some(calendar) = calendar {
            self.calendar(calendar);
        }
        self.target(refused);
    }

    fn asks_number(&self, asks: &mut AsksNumber) {
        let AsksNumber {
            own,
            typed,
            which,
            wrong_key,
            wrong,
            silent,
            confirms: _,
            save: _,
            patience: _,
        } = asks;
        for prompt in [own, typed, which, wrong_key, wrong, silent] {
            self.said(prompt);
        }
    }

    fn lookup(&self, lookup: &mut Lookup) {
        let Lookup {
            request: _,
            timeout: _,
            cache: _,
            slow,
            save: _,
            set: _,
            branch: _,
            cases,
            otherwise,
            errors,
            timed_out,
            failed,
        } = lookup;
        self.said_if(slow);
        self.targets(cases.iter_mut().map(|(_, target)| target));
        self.targets(errors.iter_mut().map(|(_, target)| target));
        self.targets([otherwise, timed_out, failed]);
    }

    fn survey(&self, survey: &mut Survey) {
        let Survey {
            intro,
            asks,
            wrong,
            silent,
            patience: _,
            then,
            give_up,
        } = survey;
        self.said_if(intro);
        self.said_if(silent);
        for Ask {
            id: _,
            prompt,
            scale: _,
        } in asks
        {
            self.said(prompt);
        }
        self.said(wrong);
        self.targets([then, give_up]);
    }
}
