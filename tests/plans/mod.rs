//! Dialplans made by hand, so that tests of other rooms do not need the menu compiler.

use strowger::exchange::dialplan::Answer;
use strowger::exchange::dialplan::Dialplan;
use strowger::exchange::dialplan::Group;
use strowger::exchange::dialplan::KeyAction;
use strowger::exchange::dialplan::KeyNode;
use strowger::exchange::dialplan::Line;
use strowger::exchange::dialplan::Menu;
use strowger::exchange::dialplan::Patience;
use strowger::exchange::dialplan::Queue;
use strowger::exchange::dialplan::Say;
use strowger::exchange::dialplan::Step;
use strowger::exchange::dialplan::StepKind;
use strowger::exchange::dialplan::Target;
use strowger::exchange::id::GroupId;
use strowger::exchange::id::KeyNodeId;
use strowger::exchange::id::LanguageId;
use strowger::exchange::id::LineId;
use strowger::exchange::id::PromptId;
use strowger::exchange::id::QueueId;
use strowger::exchange::id::StepId;
use strowger::exchange::time::Span;

/// A shop: a main menu (1 questions, 2 support), a menu of questions (1 returns, 2 delivery,
/// 9 back), and two groups. The line `hotline` begins in the queue `sales`.
pub(crate) fn shop() -> Dialplan {
    let mut plan = Dialplan {
        languages: vec!["en".to_owned(), "vi".to_owned()],
        groups: vec![group("support"), group("sales")],
        ..Dialplan::default()
    };
    let [main, questions, returns, delivery, support, sales] = [0, 1, 2, 3, 4, 5].map(StepId);
    let to = Target::Step;
    let main_keys = keys(&mut plan, &[(1, to(questions)), (2, to(support))]);
    let question_keys = [(1, to(returns)), (2, to(delivery)), (9, Target::Back)];
    let question_keys = keys(&mut plan, &question_keys);
    let no_keys = keys(&mut plan, &[]);
    let steps = [
        ("main", menu(main_keys, to(support))),
        ("questions", menu(question_keys, Target::HangUp)),
        ("returns", answer(no_keys, to(main))),
        ("delivery", answer(no_keys, to(main))),
        ("support", StepKind::Queue(QueueId(0))),
        ("sales", StepKind::Queue(QueueId(1))),
    ];
    for (name, kind) in steps {
        plan.steps.push(Step {
            name: name.to_owned(),
            line: LineId(u16::from(name == "sales")),
            kind,
        });
    }
    plan.queues = vec![
        queue("support", support, GroupId(0), no_keys),
        queue("sales", sales, GroupId(1), no_keys),
    ];
    plan.lines = vec![line("shop", main), line("hotline", sales)];
    plan
}

fn line(name: &str, start: StepId) -> Line {
    Line {
        name: name.to_owned(),
        title: name.to_owned(),
        numbers: Vec::new(),
        start,
        trunks: Some(60),
        reserve: 0,
        caller_limit: None,
        root: None,
        retired: false,
        max_call: Span::minutes(45),
        languages: vec![LanguageId(0), LanguageId(1)],
        timezone: "America/New_York".to_owned(),
        variables: Vec::new(),
        dialling: Default::default(),
    }
}

fn group(name: &str) -> Group {
    Group {
        name: name.to_owned(),
        ..Group::default()
    }
}

/// A key table: a root, and a leaf for each key.
fn keys(plan: &mut Dialplan, bindings: &[(usize, Target)]) -> KeyNodeId {
    let root = plan.key_nodes.len();
    plan.key_nodes.push(KeyNode::default());
    for (key, target) in bindings {
        let leaf = KeyNodeId(plan.key_nodes.len() as u32);
        plan.key_nodes.push(KeyNode {
            action: Some(plan.key_actions.len() as u32),
            ..KeyNode::default()
        });
        plan.key_nodes[root].next[*key] = Some(leaf);
        plan.key_actions.push(KeyAction {
            key: key.to_string(),
            label: String::new(),
            target: *target,
            language: None,
            self_served: false,
            not_helped: false,
            global: false,
        });
    }
    KeyNodeId(root as u32)
}

fn menu(keys: KeyNodeId, give_up: Target) -> StepKind {
    StepKind::Menu(Menu {
        prompt: PromptId(0),
        wrong: PromptId(0),
        silent: PromptId(0),
        retry: strowger::exchange::dialplan::Retry::default(),
        keys,
        patience: Patience {
            first_key: Span::seconds(5),
            next_key: Span::seconds(2),
            silences: 2,
            wrongs: 2,
        },
        barge_in: true,
        give_up,
    })
}

fn answer(keys: KeyNodeId, then: Target) -> StepKind {
    StepKind::Say(Say {
        prompt: PromptId(0),
        then,
        keys,
        barge_in: true,
        when_notice: false,
        answer: Some(Answer {
            question: String::new(),
            expires_ms: None,
            expired: then,
        }),
    })
}

fn queue(name: &str, step: StepId, group: GroupId, keys: KeyNodeId) -> Queue {
    Queue {
        returning: None,
        overload: None,
        name: name.to_owned(),
        step,
        group,
        lanes: Vec::new(),
        stages: Vec::new(),
        hours: None,
        max_wait: None,
        timeout: Target::HangUp,
        full: Target::HangUp,
        no_agents: Target::HangUp,
        all_paused: None,
        after: None,
        head_start: Span::ZERO,
        emergency: false,
        weight: 0,
        prefer_last: None,
        answer_within: None,
        root: None,
        greeting: None,
        announce: None,
        messages: Vec::new(),
        keys,
        music: String::new(),
        recording: None,
    }
}
