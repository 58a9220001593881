//! Calls that other programs ask for, through a real daemon: a web form, or a list of numbers.

use crate::called_back::Day;
use crate::called_back::plan_with;
use crate::dialling::GROUPS;
use crate::dialling::Phone;
use crate::dialling::man;
use crate::dialling::says;
use crate::served::Served;
use crate::temporary::Temporary;
use serde_json::Value;
use serde_json::json;
use std::fs;
use strowger::daemon::bridge::protocol::Capability;
use strowger::daemon::bridge::protocol::Event;
use strowger::daemon::entry::AgentAct;
use strowger::daemon::entry::What;
use strowger::daemon::site::CallbackRequest;

pub(crate) const LINE: &str = r#"
format = 1
[line]
name = "Shop"
groups = "groups.toml"
timezone = "Etc/UTC"
languages = ["en", "es"]
numbers = ["+441632960555"]
start = "support"
[dialling]
country = "+44"
national = "0"
allow = ["+44"]
deny = ["+449"]
[queue.support]
group = "support"
max_wait = "5m"
timeout = "@hangup"
full = "@hangup"
no_agents = "@hangup"
[callback.web-form]
queue = "support"
by_request = true
say = { en = "We will call you.", es = "Le llamaremos." }
attempts = 2
retry = "10s"
then = "@hangup"
[callback.own]
queue = "support"
say = { en = "We will call you.", es = "Le llamaremos." }
then = "@hangup"
"#;
const CAN: &[&str] = &["ring", "dial"];
pub(crate) const CAN_DO: [Capability; 2] = [Capability::Ring, Capability::Dial];

fn start(folder: &Temporary) -> Served {
    for (file, text) in [("shop.toml", LINE), ("groups.toml", GROUPS)] {
        fs::write(folder.path().join(file), text).expect("a file");
    }
    Served::start(folder.path(), &["shop.toml"])
}

/// Asks the API; the status and the body.
fn asks(daemon: &Served, what: &str, body: &Value) -> (u16, Value) {
    let body = match body {
        Value::Null => String::new(),
        body => body.to_string(),
    };
    let answer = daemon.ask(what, "", &body);
    let (head, body) = answer.split_once("\r\n\r\n").expect("a body");
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    (
        status.expect("a status"),
        serde_json::from_str(body).expect("JSON"),
    )
}

fn wants(daemon: &Served, body: Value) -> (u16, Value) {
    asks(daemon, "POST /api/v1/callbacks", &body)
}

fn to(number: &str) -> Value {
    json!({ "line": "shop", "step": "web-form", "number": number })
}

#[test]
fn somebody_who_has_left_a_number_is_called_across_a_crash() {
    let folder = Temporary::new(&std::env::temp_dir());
    let mut daemon = start(&folder);
    let mut phone = Phone::new(&daemon, CAN);
    phone.hears("welcome");
    let (status, view) = wants(&daemon, to("01632 960007"));
    assert_eq!(status, 201, "{view}");
    let call = view["call"].as_str().expect("a name").to_owned();
    assert_eq!(view["state"], "in-line");
    assert_eq!(
        (&view["by_request"], &view["dialled"]),
        (&json!(true), &json!(0))
    );

    daemon.kill();
    let daemon = start(&folder);
    let mut phone = Phone::new(&daemon, CAN);
    phone.hears("welcome");
    assert_eq!(says(&daemon, "callbacks")[0]["call"], json!(call));
    man(&daemon);
    let offer = phone.picks_up();
    let dial = phone.hears("dial");
    assert_eq!(
        (&dial["number"], &dial["call"]),
        (&json!("+441632960007"), &json!(call))
    );
    assert_eq!(says(&daemon, "callbacks")[0]["state"], "dialling");
    phone.reports(json!({ "type": "dial.answered", "call": call }));
    phone.is_safe();
    assert_eq!(says(&daemon, "callbacks"), json!([]), "reached");
    phone.reports(json!({ "type": "agent.hung_up", "offer": offer }));
    phone.hears("hangup");
    phone.is_safe();
    let row = &says(&daemon, "calls/recent")[0];
    assert_eq!(row["outcome"], "callback_served");
    assert_eq!(
        (&row["detail"], &row["call"]),
        (&json!("by-request"), &json!(call))
    );
    assert_eq!(
        (&row["caller"], &row["agent"]),
        (&json!("01632 960007"), &json!("ana"))
    );
}

#[test]
fn what_is_not_wanted_any_more_is_not_dialled() {
    let folder = Temporary::new(&std::env::temp_dir());
    let daemon = start(&folder);
    let mut phone = Phone::new(&daemon, CAN);
    phone.hears("welcome");
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let later_ms = now.expect("after 1970").as_millis() as i64 + 300 * 24 * 3_600_000;
    let later = json!({
        "line": "shop", "step": "web-form", "number": "+441632960008", "language": "es",
        "not_before_ms": later_ms,
    });
    let (status, view) = wants(&daemon, later);
    assert_eq!((status, &view["state"]), (201, &json!("waits")), "{view}");
    assert_eq!(view["not_before_ms"], json!(later_ms));
    let call = view["call"].as_str().expect("a name");
    let delete = format!("DELETE /api/v1/callbacks/{call}");
    let (status, taken_back) = asks(&daemon, &delete, &Value::Null);
    assert_eq!((status, &taken_back["call"]), (200, &json!(call)));
    let (status, problem) = asks(&daemon, &delete, &Value::Null);
    assert_eq!((status, &problem["code"]), (404, &json!("not-found")));
    let row = &says(&daemon, "calls/recent")[0];
    assert_eq!(row["outcome"], "callback_withdrawn");
    let (status, _) = wants(&daemon, to("+441632960008"));
    assert_eq!(status, 201, "it may be asked for once more");
}

#[test]
fn what_cannot_be_is_told() {
    let folder = Temporary::new(&std::env::temp_dir());
    let daemon = start(&folder);
    let (status, problem) = wants(&daemon, to("+441632960009"));
    assert_eq!(
        (status, &problem["code"]),
        (409, &json!("no-bridge")),
        "{problem}"
    );
    let mut phone = Phone::new(&daemon, CAN);
    phone.hears("welcome");
    let with = |key: &str, value: Value| {
        let mut body = to("+441632960009");
        body[key] = value;
        let (status, problem) = wants(&daemon, body);
        (
            status,
            problem["code"].as_str().unwrap_or_default().to_owned(),
        )
    };
    let says = |key, value: Value, wanted: (u16, &str)| {
        let (status, code) = with(key, value);
        assert_eq!((status, code.as_str()), wanted, "{key}");
    };
    says("line", json!("bank"), (422, "unknown-line"));
    says("step", json!("own"), (422, "unknown-step"));
    says("step", json!("support"), (422, "unknown-step"));
    says("language", json!("de"), (422, "unknown-language"));
    says("number", json!("+449009"), (422, "number-not-allowed"));
    says("number", json!("anonymous"), (422, "number-not-allowed"));
    says("number", json!(""), (422, "number-not-allowed"));
    says("number", json!(7), (400, "bad-request"));
    says("colour", json!("red"), (400, "bad-request"));
    says(
        "number",
        json!(format!("+441632960009;ext={}", "7".repeat(60))),
        (400, "bad-request"),
    );
    for far in [4_000_000_000_000, i64::MAX] {
        says("not_before_ms", json!(far), (422, "bad-value"));
    }
    says("not_before_ms", json!(i64::MIN), (201, ""));
    says(
        "number",
        json!("(01632) 960 009"),
        (409, "promised-already"),
    );
}

/// A day in virtual time, with Ana free and a bridge that dials.
fn day() -> Day {
    let plan = plan_with(LINE, crate::called_back::GROUPS);
    Day::with(plan, &CAN_DO)
}

fn request(not_before: u64) -> What {
    What::CallbackAsked(CallbackRequest {
        line: "shop".to_owned(),
        step: "web-form".to_owned(),
        number: "+441632960007".to_owned(),
        language: None,
        not_before,
    })
}

#[test]
fn nobody_is_called_before_the_time_that_was_asked_for() {
    let mut day = day();
    day.happens(request(600_000));
    day.passes(599);
    assert_eq!(day.told("b"), [""; 0]);
    let queue = day.queue();
    assert_eq!((queue.callbacks, queue.oldest_callback_s), (1, 0));
    day.passes(1);
    assert_eq!(day.told("b"), ["ring"]);
    day.passes(5);
    assert_eq!(day.queue().oldest_callback_s, 5);
    let offer = day.last_offer();
    day.picks_up(offer);
    let [(call, number)] = &day.dialled()[..] else {
        panic!("one number is dialled");
    };
    assert_eq!(number, "+441632960007");
    let call = call.clone();
    day.reports(Event::DialAnswered { call: call.clone() });
    assert_eq!(day.queue().callbacks, 0, "the promise is kept");
    day.reports(Event::CallEnded { call });
    assert_eq!(day.ended[0].outcome, "callback_served");
}

#[test]
fn who_gets_through_meanwhile_is_not_called() {
    let mut day = day();
    day.ana_does(AgentAct::Pause { reason: None });
    day.happens(request(0));
    day.comes_from("a", "01632 960007");
    day.ana_does(AgentAct::Ready);
    // The caller is before the call out, which waits for the end of this call.
    let offer = day.last_offer();
    day.picks_up(offer);
    day.passes(60);
    assert_eq!(day.dialled(), []);
    assert_eq!(day.ended[0].outcome, "callback_withdrawn");
}

#[test]
fn who_is_on_the_line_when_it_is_asked_for_is_engaged() {
    let mut day = day();
    day.ana_does(AgentAct::Pause { reason: None });
    day.comes_from("a", "01632 960007");
    day.happens(request(0));
    day.reports(Event::CallEnded {
        call: "a".to_owned(),
    });
    day.ana_does(AgentAct::Ready);
    let offer = day.last_offer();
    day.picks_up(offer);
    assert_eq!(day.dialled().len(), 1, "the line is free again");
}

#[test]
fn what_nothing_can_dial_right_away_is_told() {
    let groups = crate::called_back::GROUPS.replace("rest = ", "ring = \"0s\"\nrest = ");
    let plan = plan_with(&LINE.replace("attempts = 2", "attempts = 1"), &groups);
    let mut day = Day::with(plan, &CAN_DO);
    // What rings Ana cannot dial, and what dials does not ring her.
    for (bridge, can, device) in [
        ("b", &[Capability::Ring, Capability::Dial][..], "IAX2/"),
        ("c", &[Capability::Ring], "SIP/"),
    ] {
        day.happens(What::BridgeJoined {
            bridge: bridge.to_owned(),
            can: can.to_vec(),
            devices: vec![device.to_owned()],
            calls: Some(Vec::new()),
        });
    }
    day.happens(request(0));
    let row = &day.ended[0];
    assert_eq!(row.outcome, "callback_undialled");
    assert_eq!(row.detail.as_deref(), Some("no-bridge"));
    assert!(
        day.site.callbacks(9).is_empty(),
        "it is over by the time it is answered"
    );
}
