//! The outbox in virtual time: what is due when, how much at one time, and what is given up.

use std::path::Path;
use strowger::daemon::bridge::protocol::Event;
use strowger::daemon::bridge::protocol::Hello;
use strowger::daemon::bridge::protocol::Report;
use strowger::daemon::journal::memory::Disk;
use strowger::daemon::journal::memory::MemoryJournal;
use strowger::daemon::journal::rows::DeliveryRow;
use strowger::daemon::journal::rows::Outstanding;
use strowger::daemon::menus::Menus;
use strowger::daemon::outbox::AT_ONCE_EACH_MAX;
use strowger::daemon::outbox::ATTEMPTS_MAX;
use strowger::daemon::outbox::Attempt;
use strowger::daemon::outbox::pause;
use strowger::daemon::owner::Owner;
use strowger::daemon::recover::Opening;
use strowger::daemon::recover::recover;
use strowger::exchange::limits::TICKETS_MAX;
use strowger::exchange::time::Span;
use strowger::exchange::time::Tick;
use strowger::menu::Request;
use strowger::menu::compile;
use strowger::menu::diagnostic::Diagnostics;
use strowger::menu::source::Sources;

/// Each of the keys leaves a ticket, and there is no end to it.
const LINE: &str = r#"
format = 1
[line]
name = "Shop"
timezone = "Etc/UTC"
languages = ["en"]
start = "main"
[menu.main]
say = "{options}"
give_up = "@hangup"
[menu.main.keys]
1 = { go = "one", label = "one office" }
2 = { go = "two", label = "another" }
[ticket.one]
url = "https://one.example/tickets"
secret_env = "SECRET"
then = "main"
[ticket.two]
url = "https://two.example/tickets"
secret_env = "SECRET"
then = "main"
"#;

struct Office {
    disk: Disk,
    owner: Owner,
}

fn open(disk: &Disk, wall_ms: i64) -> Owner {
    let mut sources = Sources::default();
    let mut problems = Diagnostics::default();
    sources.add(Path::new("shop.toml"), LINE.to_owned());
    let request = Request {
        lines: vec!["shop.toml".into()],
        ..Request::default()
    };
    let plan = compile(&request, &mut sources, &mut problems);
    let plan = plan.unwrap_or_else(|| panic!("{}", problems.render(&sources, false)));
    let opening = Opening {
        menus: Some(Menus::new(plan, &sources)),
        vault: None,
        patience: Span::seconds(60),
        wall_ms,
    };
    let journal = MemoryJournal::open(disk).expect("a disk that works");
    recover(Box::new(journal), opening).expect("recovered").0
}

impl Office {
    /// Somebody calls and presses these keys.
    fn after(keys: &str) -> Self {
        let disk = Disk::default();
        let mut owner = open(&disk, 0);
        let hello = Hello {
            protocol: 1,
            bridge: "b".to_owned(),
            token: None,
            can: Vec::new(),
            devices: Vec::new(),
            clock_ms: 0,
            resume: None,
            calls: Vec::new(),
        };
        let now = owner.now();
        owner.begin(now);
        let (bridge, _) = owner.join(&hello).expect("a place for the bridge");
        let call = || "a".to_owned();
        let start = Event::CallStarted {
            call: call(),
            line: Some("shop".to_owned()),
            number: None,
            from: None,
            device: None,
        };
        let keys = keys.chars().map(|key| Event::Key { call: call(), key });
        for (place, event) in std::iter::once(start).chain(keys).enumerate() {
            let report = Report {
                seq: place as u64 + 1,
                at_ms: None,
                event,
            };
            owner
                .report(bridge, now, report)
                .expect("it means something");
        }
        owner.commit().expect("a disk that works");
        Self { disk, owner }
    }

    /// What is due after this time, whatever the wall clock shows.
    fn due(&mut self, after_ms: u64) -> Vec<DeliveryRow> {
        self.owner.begin(self.owner.now() + Span(after_ms));
        self.owner.look_for_due();
        self.owner.due().expect("a disk that works")
    }

    fn attempted(&mut self, row: DeliveryRow, failed: Option<&str>) {
        let failed = failed.map(str::to_owned);
        self.owner.attempted(Attempt { row, failed });
        self.owner.commit().expect("a disk that works");
    }

    fn again(&mut self) -> usize {
        self.owner.send_again().expect("a disk that works")
    }

    fn commit(&mut self) {
        self.owner.commit().expect("a disk that works");
    }

    fn crash(&mut self) {
        let wall_ms = self.owner.site().unix_ms(self.owner.now());
        self.disk.crash();
        self.owner = open(&self.disk, wall_ms);
        let passed = wall_ms - self.owner.site().exchange().origin_ms();
        self.owner.begin(Tick(passed as u64));
    }

    fn left(&self) -> (u64, u64) {
        let Outstanding { waiting, given_up } = self.owner.outstanding();
        (waiting, given_up)
    }
}

#[test]
fn pauses_grow_until_it_is_given_up_and_somebody_has_it_sent_again() {
    let mut office = Office::after("1");
    let mut row = office.due(0).pop().expect("a ticket");
    assert_eq!(office.due(0), [], "it is on its way");
    for attempts in 1..ATTEMPTS_MAX {
        office.attempted(row.clone(), Some("the answer is 503"));
        let pause = pause(attempts).as_millis() as u64;
        assert_eq!(office.due(pause - 1), []);
        if attempts % 10 == 0 {
            office.crash();
        }
        let next = office.due(1).pop().expect("the ticket again");
        assert_eq!((&next.id, &next.body), (&row.id, &row.body));
        assert_eq!(next.attempts, attempts);
        row = next;
    }
    assert_eq!(office.left(), (1, 0));
    office.attempted(row.clone(), Some("the answer is 503"));
    office.crash();
    assert_eq!(office.left(), (0, 1));
    assert_eq!(office.due(1 << 40), []);
    assert_eq!((office.again(), office.again()), (1, 0));
    office.commit();
    assert_eq!(office.again(), 0);
    office.crash();
    assert_eq!(office.left(), (1, 0));
    let again = office.due(0).pop().expect("the ticket again");
    assert_eq!((&again.id, again.attempts), (&row.id, 0));
    office.attempted(again, None);
    office.crash();
    assert_eq!(office.left(), (0, 0));
    assert_eq!(office.due(1 << 40), []);
}

#[test]
fn one_call_leaves_so_many_tickets_and_one_office_keeps_no_other_waiting() {
    let most = usize::from(TICKETS_MAX);
    let keys = "1".repeat(most - 2) + "221";
    let mut office = Office::after(&keys);
    assert_eq!(office.left(), (most as u64, 0), "not one more");
    let due = office.due(0);
    let to =
        |rows: &[DeliveryRow], host: &str| rows.iter().filter(|row| row.url.contains(host)).count();
    assert_eq!((to(&due, "one"), to(&due, "two")), (AT_ONCE_EACH_MAX, 2));
    // The first office says nothing: the other one is told what comes meanwhile, and so is it in turn.
    let first = due.into_iter().find(|row| row.url.contains("one"));
    office.attempted(first.expect("a ticket"), None);
    assert_eq!(to(&office.due(0), "one"), 1);
    // What was on its way is sent once more after a crash: nobody knows whether it came.
    office.crash();
    let due = office.due(0);
    assert_eq!((to(&due, "one"), to(&due, "two")), (AT_ONCE_EACH_MAX, 2));
}
