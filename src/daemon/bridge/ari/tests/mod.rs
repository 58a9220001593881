//! Conversations with an Asterisk that is not there: what is heard and told, and what comes of it.

mod company;
mod message;
mod recording;

use super::dialled::Outside;
use super::heard::parse;
use super::output::Output;
use super::output::Purpose;
use super::playlist::Sounds;
use super::translator::Translator;
use crate::daemon::bridge::protocol::Act;
use crate::daemon::bridge::protocol::FromBridge;
use crate::daemon::bridge::protocol::Report;
use crate::daemon::bridge::protocol::ToBridge;

/// A translator with what is asked for and not answered yet.
struct Scene {
    translator: Translator,
    asked: Vec<(String, Purpose)>,
}

impl Scene {
    fn new() -> Self {
        let outside = Outside::parse("PJSIP/{number}@trunk").ok();
        Self {
            translator: Translator::new("strowger", (Sounds::default(), outside), 7),
            asked: Vec::new(),
        }
    }

    /// One where a caller is in a call that was answered.
    fn with_caller() -> Self {
        let mut scene = Self::new();
        scene.heard(&arrived("c", "PJSIP/trunk-00000001", r#"["call","+44"]"#));
        scene.told(r#"{"type":"answer","call":"c"}"#);
        scene
    }

    /// One where the caller's agent is being rung, by offer 5.
    fn with_ringing() -> Self {
        let mut scene = Self::with_caller();
        scene.told(RING);
        scene
    }

    fn heard(&mut self, text: &str) -> Vec<String> {
        let mut out = Vec::new();
        let heard = parse(text).expect("a message of Asterisk's");
        self.translator.heard(heard, &mut out);
        self.noted(out)
    }

    fn told(&mut self, act: &str) -> Vec<String> {
        let act: Act = serde_json::from_str(act).expect("an act");
        let mut out = Vec::new();
        self.translator.told(act, &mut out);
        self.noted(out)
    }

    /// Asterisk answers the request that begins like this.
    fn answered(&mut self, request: &str, status: u16, body: &str) -> Vec<String> {
        let begins = |(asked, _): &(String, Purpose)| asked.starts_with(request);
        let place = self.asked.iter().position(begins).expect("a request");
        let (_, purpose) = self.asked.remove(place);
        let mut out = Vec::new();
        self.translator.answered(purpose, status, body, &mut out);
        self.noted(out)
    }

    fn resync(&mut self, listed: &[&str], adopt: bool) -> Vec<String> {
        let listed: Vec<String> = listed.iter().map(|id| (*id).to_owned()).collect();
        let mut out = Vec::new();
        self.translator.resync(&listed, adopt, &mut out);
        self.noted(out)
    }

    /// Outputs as lines: requests as they are, reports as JSON without their number.
    fn noted(&mut self, out: Vec<Output>) -> Vec<String> {
        let mut lines = Vec::new();
        for output in out {
            lines.push(match output {
                Output::Ask(request, purpose) => {
                    self.asked.push((request.to_string(), purpose));
                    request.to_string()
                }
                Output::Report(event) => serde_json::to_string(&event).expect("JSON"),
                Output::Wait { ms, .. } => format!("wait {ms}"),
            });
        }
        lines
    }
}

const RING: &str =
    r#"{"type":"ring","call":"c","offer":5,"agent":"ana","device":"PJSIP/201","from":"0201"}"#;
const CONNECT: &str = r#"{"type":"connect","call":"c","offer":5}"#;
const HANG_UP_AGENT: &str = "DELETE channels/strowger-offer-5";
const END_BRIDGE: &str = "DELETE bridges/strowger-talk-5";

fn arrived(id: &str, name: &str, args: &str) -> String {
    format!(
        r#"{{"type":"StasisStart","args":{args},"channel":{{"id":"{id}","name":"{name}",
        "state":"Ring","caller":{{"number":"0201"}},"dialplan":{{"exten":"100"}}}}}}"#
    )
}

fn gone(id: &str) -> String {
    format!(r#"{{"type":"StasisEnd","channel":{{"id":"{id}"}}}}"#)
}

fn agent_arrived() -> String {
    arrived("strowger-offer-5", "PJSIP/201-00000002", r#"["agent","5"]"#)
}

fn played(id: &str, state: &str) -> String {
    format!(r#"{{"type":"PlaybackFinished","playback":{{"id":"{id}","state":"{state}"}}}}"#)
}

fn play(number: u32, prompt: &str) -> String {
    format!(
        r#"{{"type":"play","call":"c","play":{number},"line":"clinic","prompt":"{prompt}","language":"en",
        "parts":[{{"text":"Hello."}}],"length_ms":1500}}"#
    )
}

#[test]
fn a_call_is_named_as_its_channel() {
    let mut scene = Scene::new();
    assert_eq!(
        scene.heard(&arrived("c", "PJSIP/211-00000001", r#"["call","+44"]"#)),
        [r#"{"type":"call.started","call":"c","number":"+44","from":"0201","device":"PJSIP/211"}"#]
    );
    assert_eq!(scene.heard(&arrived("c", "PJSIP/211-1", "[]")), [""; 0]);
    assert_eq!(
        scene.heard(&arrived("d", "Local/1-2", r#"["line","clinic"]"#)),
        [r#"{"type":"call.started","call":"d","line":"clinic","from":"0201"}"#]
    );
    assert_eq!(
        scene.heard(&arrived("e", "Local/1-2", "[]")),
        [r#"{"type":"call.started","call":"e","number":"100","from":"0201"}"#]
    );
    assert_eq!(
        scene.told(r#"{"type":"answer","call":"c"}"#),
        ["POST channels/c/answer"]
    );
    assert_eq!(
        scene.told(r#"{"type":"refuse","call":"d","reason":"busy"}"#),
        ["DELETE channels/d?reason=busy"]
    );
    assert_eq!(scene.heard(&gone("d")), [""; 0]);
    assert_eq!(
        scene.heard(&gone("c")),
        [r#"{"type":"call.ended","call":"c"}"#]
    );
    assert_eq!(scene.heard(&gone("c")), [""; 0]);
}

#[test]
fn keys_are_the_callers_and_those_of_a_phone() {
    let mut scene = Scene::with_ringing();
    let digit = |channel: &str, digit: char| {
        format!(
            r#"{{"type":"ChannelDtmfReceived","digit":"{digit}","channel":{{"id":"{channel}"}}}}"#
        )
    };
    assert_eq!(
        scene.heard(&digit("c", '#')),
        [r##"{"type":"key","call":"c","key":"#"}"##]
    );
    assert_eq!(scene.heard(&digit("c", 'A')), [""; 0]);
    assert_eq!(scene.heard(&digit("strowger-offer-5", '1')), [""; 0]);
}

#[test]
fn prompts_are_played_one_after_another() {
    let mut scene = Scene::with_caller();
    let first = "POST channels/c/play/1-0-1-c?media=sound%3Astrowger%2Fclinic%2Fen%2Fmain&lang=en";
    assert_eq!(scene.told(&play(1, "main")), [first]);
    assert_eq!(scene.told(&play(2, "more")), [""; 0]);
    let done = scene.heard(&played("1-0-1-c", "done"));
    assert_eq!(done[0], r#"{"type":"play.done","call":"c","play":1}"#);
    assert!(done[1].starts_with("POST channels/c/play/2-0-1-c?"));
    assert_eq!(
        scene.heard(&played("2-0-1-c", "done")),
        [r#"{"type":"play.done","call":"c","play":2}"#]
    );
}

#[test]
fn the_late_end_of_a_stopped_prompt_is_not_the_next_ones() {
    let mut scene = Scene::with_caller();
    scene.told(&play(1, "main"));
    assert_eq!(
        scene.told(r#"{"type":"stop","call":"c"}"#),
        ["DELETE playbacks/1-0-1-c"]
    );
    scene.told(&play(2, "more"));
    assert_eq!(scene.heard(&played("1-0-1-c", "done")), [""; 0]);
    assert_eq!(scene.heard(&played("2-0-1-c", "done")).len(), 1);
}

#[test]
fn a_missing_sound_takes_its_time_in_silence() {
    let mut scene = Scene::with_caller();
    scene.told(&play(1, "main"));
    assert_eq!(scene.heard(&played("1-0-1-c", "failed")), ["wait 1500"]);
    let mut out = Vec::new();
    scene.translator.waited("1-0-1-c", &mut out);
    assert_eq!(
        scene.noted(out),
        [r#"{"type":"play.done","call":"c","play":1}"#]
    );
    scene.told(&play(2, "more"));
    let refused = scene.answered("POST channels/c/play/2", 400, "{}");
    assert_eq!(refused, ["wait 1500"]);
}

#[test]
fn music_plays_until_something_else_is_asked_for() {
    let mut scene = Scene::with_caller();
    let music = r#"{"type":"music","call":"c","file":"hold.wav"}"#;
    scene.told(&play(1, "main"));
    assert_eq!(scene.told(music), [""; 0], "after the prompt");
    let done = scene.heard(&played("1-0-1-c", "done"));
    assert_eq!(done[1], "POST channels/c/moh");
    assert_eq!(scene.told(music), [""; 0], "it plays already");
    let next = scene.told(&play(2, "more"));
    assert_eq!(next[0], "DELETE channels/c/moh");
    assert!(next[1].starts_with("POST channels/c/play/2"));
}

const DIAL: &str =
    r#"{"type":"dial","call":"callback-1.0","number":"+44201","show":"+44100","ring_ms":30000}"#;
const DIALLED: &str = "POST channels/callback-1.0?endpoint=PJSIP%2F%2B44201%40trunk&app=strowger&\
    appArgs=dial%2Ccallback-1.0&timeout=35&callerId=%2B44100";
const DIAL_FAILED: &str = r#"{"type":"dial.failed","call":"callback-1.0"}"#;
const DIAL_ANSWERED: &str = r#"{"type":"dial.answered","call":"callback-1.0"}"#;

fn dialled_arrived() -> String {
    arrived(
        "callback-1.0",
        "PJSIP/trunk-00000003",
        r#"["dial","callback-1.0"]"#,
    )
}

#[test]
fn a_number_outside_is_dialled_and_joined_with_the_agent() {
    let mut scene = Scene::new();
    scene.told(&RING.replace("\"c\"", "\"callback-1.0\""));
    scene.heard(&agent_arrived());
    assert_eq!(scene.told(DIAL), [DIALLED]);
    assert_eq!(scene.told(DIAL), [""; 0], "it rings already");
    assert_eq!(scene.heard(&dialled_arrived()), [DIAL_ANSWERED]);
    assert_eq!(scene.heard(&dialled_arrived()), [""; 0]);
    // Whoever asks again does not know.
    assert_eq!(scene.told(DIAL), [DIAL_ANSWERED]);
    let joined = scene.told(&CONNECT.replace("\"c\"", "\"callback-1.0\""));
    assert_eq!(joined[0], "POST bridges/strowger-talk-5?type=mixing");
    assert_eq!(
        scene.heard(&gone("callback-1.0"))[2],
        r#"{"type":"call.ended","call":"callback-1.0"}"#
    );
}

#[test]
fn a_number_outside_that_does_not_answer_has_failed_once() {
    let mut scene = Scene::new();
    scene.told(DIAL);
    assert_eq!(scene.heard(&gone("callback-1.0")), [DIAL_FAILED]);
    assert_eq!(scene.heard(&gone("callback-1.0")), [""; 0]);
    // It is refused.
    scene.asked.clear();
    scene.told(DIAL);
    assert_eq!(scene.answered(DIALLED, 400, "{}"), [DIAL_FAILED]);
    // Strowger has let it ring for long enough; the answer comes too late.
    scene.told(DIAL);
    assert_eq!(
        scene.told(r#"{"type":"hangup","call":"callback-1.0"}"#),
        ["DELETE channels/callback-1.0"]
    );
    assert_eq!(
        scene.heard(&dialled_arrived()),
        ["DELETE channels/callback-1.0"]
    );
    assert_eq!(scene.heard(&gone("callback-1.0")), [""; 0]);
    // No number at all.
    let nobody = DIAL.replace("+44201", "201@elsewhere");
    assert_eq!(scene.told(&nobody), [DIAL_FAILED]);
}

#[test]
fn a_number_outside_goes_on_ringing_over_a_lost_connection() {
    let mut scene = Scene::new();
    let ask = "GET channels/callback-1.0";
    scene.told(DIAL);
    assert_eq!(scene.resync(&[], false), [ask]);
    assert_eq!(
        scene.answered(ask, 200, r#"{"id":"x","state":"Ringing"}"#),
        [""; 0]
    );
    assert_eq!(scene.resync(&[], false), [ask]);
    assert_eq!(
        scene.answered(ask, 200, r#"{"id":"x","state":"Up"}"#),
        [DIAL_ANSWERED]
    );
    scene.heard(&gone("callback-1.0"));
    scene.told(DIAL);
    assert_eq!(scene.resync(&[], false), [ask]);
    assert_eq!(scene.answered(ask, 404, "{}"), [DIAL_FAILED]);
}

#[test]
fn a_number_outside_is_found_ringing_or_answered_after_a_restart() {
    let ask = "GET channels/callback-1.0";
    let answered = [DIAL_ANSWERED];
    let state = |state: &str| format!(r#"{{"id":"callback-1.0","state":"{state}"}}"#);
    let mut scene = Scene::new();
    assert_eq!(scene.resync(&["callback-1.0"], true), [ask]);
    assert_eq!(scene.answered(ask, 200, &state("Ringing")), [""; 0]);
    assert_eq!(scene.heard(&dialled_arrived()), answered);
    assert_eq!(scene.heard(&dialled_arrived()), [""; 0]);
    // It was picked up just before.
    let mut scene = Scene::new();
    scene.resync(&["callback-1.0"], true);
    assert_eq!(scene.answered(ask, 200, &state("Up")), answered);
    // Whether it ever was is not known: it has ended.
    let mut scene = Scene::new();
    scene.resync(&["callback-1.0"], true);
    assert_eq!(
        scene.answered(ask, 404, "{}"),
        [r#"{"type":"call.ended","call":"callback-1.0"}"#]
    );
}

#[test]
fn a_message_is_recorded_and_reported_with_its_length() {
    let mut scene = Scene::with_caller();
    assert_eq!(
        scene.told(r#"{"type":"record","call":"c","mailbox":"../x","max_ms":90000}"#),
        [
            "POST channels/c/record?name=---x-c-7-1&format=wav&maxDurationSeconds=90&\
          maxSilenceSeconds=10&ifExists=fail&beep=true"
        ]
    );
    assert_eq!(
        scene.told(r#"{"type":"stop","call":"c"}"#),
        ["POST recordings/live/---x-c-7-1/stop"]
    );
    let ended = r#"{"type":"RecordingFinished","recording":{"name":"---x-c-7-1","duration":4,
        "target_uri":"channel:c"}}"#;
    assert_eq!(
        scene.heard(ended),
        [r#"{"type":"recording.done","call":"c","length_ms":4000,"recording":"---x-c-7-1"}"#]
    );
    scene.told(r#"{"type":"record","call":"c","mailbox":"m","max_ms":90000}"#);
    assert_eq!(
        scene.answered("POST channels/c/record?name=m", 500, ""),
        [r#"{"type":"recording.done","call":"c","length_ms":0}"#]
    );
}

#[test]
fn an_agent_is_rung_joined_and_parted() {
    let mut scene = Scene::with_caller();
    assert_eq!(
        scene.told(RING),
        [
            "POST channels/strowger-offer-5?endpoint=PJSIP%2F201&app=strowger&\
          appArgs=agent%2C5&timeout=120&callerId=0201"
        ]
    );
    assert_eq!(scene.told(RING), [""; 0], "it comes again");
    assert_eq!(
        scene.heard(&agent_arrived()),
        [r#"{"type":"agent.answered","offer":5}"#]
    );
    assert_eq!(
        scene.told(CONNECT),
        [
            "POST bridges/strowger-talk-5?type=mixing",
            "POST bridges/strowger-talk-5/addChannel?channel=c%2Cstrowger-offer-5",
        ]
    );
    assert_eq!(
        scene.told(r#"{"type":"disconnect","call":"c","offer":5}"#),
        [HANG_UP_AGENT, END_BRIDGE]
    );
    assert_eq!(scene.heard(&gone("strowger-offer-5")), [""; 0]);
}

#[test]
fn whoever_hangs_up_first_the_other_leg_does_not_stay() {
    let mut scene = Scene::with_ringing();
    scene.heard(&agent_arrived());
    scene.told(CONNECT);
    assert_eq!(
        scene.heard(&gone("strowger-offer-5")),
        [END_BRIDGE, r#"{"type":"agent.hung_up","offer":5}"#]
    );
    let mut scene = Scene::with_ringing();
    scene.heard(&agent_arrived());
    scene.told(CONNECT);
    assert_eq!(
        scene.heard(&gone("c")),
        [
            HANG_UP_AGENT,
            END_BRIDGE,
            r#"{"type":"call.ended","call":"c"}"#
        ]
    );
    let mut scene = Scene::with_ringing();
    assert_eq!(
        scene.told(r#"{"type":"hangup","call":"c"}"#),
        [HANG_UP_AGENT, "DELETE channels/c"]
    );
}

#[test]
fn an_agent_who_does_not_come_has_declined() {
    let declined = [r#"{"type":"agent.declined","offer":5}"#];
    let mut scene = Scene::with_ringing();
    assert_eq!(
        scene.answered("POST channels/strowger-offer-5", 500, ""),
        declined
    );
    let mut scene = Scene::with_ringing();
    let busy = r#"{"type":"ChannelDestroyed","cause":17,"channel":{"id":"strowger-offer-5"}}"#;
    assert_eq!(scene.heard(busy), declined);
    let mut scene = Scene::with_ringing();
    assert_eq!(
        scene.told(r#"{"type":"cancel_ring","offer":5}"#),
        [HANG_UP_AGENT]
    );
    assert_eq!(scene.heard(&agent_arrived()), [HANG_UP_AGENT], "too late");
}

#[test]
fn a_phone_that_answers_by_itself_is_joined_when_it_is_there() {
    let mut scene = Scene::with_ringing();
    assert_eq!(scene.told(CONNECT), [""; 0]);
    assert_eq!(
        scene.heard(&agent_arrived()),
        [
            "POST bridges/strowger-talk-5?type=mixing",
            "POST bridges/strowger-talk-5/addChannel?channel=c%2Cstrowger-offer-5",
        ]
    );
    let mut scene = Scene::with_ringing();
    scene.told(CONNECT);
    assert_eq!(
        scene.answered("POST channels/strowger-offer-5", 500, ""),
        [r#"{"type":"agent.hung_up","offer":5}"#]
    );
}

#[test]
fn what_was_missed_is_made_up_for() {
    let mut scene = Scene::with_ringing();
    scene.told(&play(1, "main"));
    scene.heard(&arrived("d", "Local/1-2", "[]"));
    let asked = scene.resync(&["c", "x", "strowger-offer-5"], false);
    assert_eq!(
        asked,
        [
            r#"{"type":"call.ended","call":"d"}"#,
            "DELETE channels/x",
            "GET channels/strowger-offer-5",
            "GET playbacks/1-0-1-c",
        ]
    );
    let up = r#"{"id":"strowger-offer-5","state":"Up"}"#;
    assert_eq!(
        scene.answered("GET channels/strowger-offer-5", 200, up),
        [r#"{"type":"agent.answered","offer":5}"#]
    );
    assert_eq!(
        scene.answered("GET playbacks", 404, ""),
        [r#"{"type":"play.done","call":"c","play":1}"#]
    );
}

#[test]
fn calls_from_before_a_restart_are_adopted() {
    let mut scene = Scene::new();
    scene.resync(&["c", "strowger-offer-5"], true);
    assert_eq!(scene.translator.calls(), ["c"]);
    assert_eq!(
        scene.heard(&played("3-0-1-c", "done")),
        [r#"{"type":"play.done","call":"c","play":3}"#]
    );
    let next = scene.told(&play(4, "main"));
    assert_eq!(
        next[..2],
        ["DELETE channels/c/moh", "DELETE playbacks/3-0-1-c"]
    );
    assert_eq!(scene.heard(&played("3-0-1-c", "done")), [""; 0]);
    assert_eq!(
        scene.heard(&gone("strowger-offer-5")),
        [r#"{"type":"agent.hung_up","offer":5}"#]
    );
}

#[test]
fn the_protocol_reads_what_it_writes() {
    let report = FromBridge::Report(Report {
        seq: 1,
        at_ms: Some(5),
        event: serde_json::from_str(r#"{"type":"key","call":"c","key":"1"}"#).expect("a key"),
    });
    let text = serde_json::to_string(&report).expect("JSON");
    assert_eq!(serde_json::from_str::<FromBridge>(&text).ok(), Some(report));
    let effect = r#"{"effect":3,"type":"hangup","call":"c"}"#;
    assert!(matches!(
        serde_json::from_str(effect),
        Ok(ToBridge::Effect(_))
    ));
}

mod random {
    use super::*;
    use proptest::prelude::*;

    /// What Asterisk and strowger may say of two calls and two ringings, right or wrong.
    fn line() -> impl Strategy<Value = String> {
        let name = prop_oneof![
            Just("c"),
            Just("d"),
            Just("strowger-offer-5"),
            Just("strowger-offer-6"),
        ];
        let call = prop_oneof![Just("c"), Just("d")];
        let playback = (1..4u32, prop_oneof![Just("done"), Just("failed")]);
        prop_oneof![
            name.clone().prop_map(|id| arrived(id, "PJSIP/1-2", "[]")),
            Just(agent_arrived()),
            name.prop_map(gone),
            playback.prop_map(|(play, state)| played(&format!("{play}-0-1-c"), state)),
            (1..4u32).prop_map(|number| play(number, "main")),
            Just(RING.to_owned()),
            Just(CONNECT.to_owned()),
            Just(r#"{"type":"cancel_ring","offer":5}"#.to_owned()),
            Just(r#"{"type":"disconnect","call":"c","offer":5}"#.to_owned()),
            Just(r#"{"type":"record","call":"c","mailbox":"m","max_ms":1}"#.to_owned()),
            Just(r#"{"type":"music","call":"c","file":"x"}"#.to_owned()),
            "(start|pause|resume|stop)".prop_map(recording::told),
            call.clone()
                .prop_map(|call| format!(r#"{{"type":"stop","call":"{call}"}}"#)),
            call.clone()
                .prop_map(|call| format!(r#"{{"type":"hangup","call":"{call}"}}"#)),
            call.prop_map(|call| format!(r#"{{"type":"answer","call":"{call}"}}"#)),
        ]
    }

    proptest! {
        #[test]
        fn nothing_is_reported_twice_and_nothing_stays(lines in prop::collection::vec(line(), 0..40)) {
            let mut scene = Scene::new();
            let (mut begun, mut ended) = (0, 0);
            let mut count = |lines: &[String]| {
                let of = |kind: &str| lines.iter().filter(|line| line.contains(kind)).count();
                begun += of("call.started");
                ended += of("call.ended");
                // Calls that strowger hangs up are not reported.
                prop_assert!(ended <= begun);
                Ok(())
            };
            for line in &lines {
                let out = if serde_json::from_str::<Act>(line).is_ok() {
                    scene.told(line)
                } else {
                    scene.heard(line)
                };
                count(&out)?;
                let unanswered = std::mem::take(&mut scene.asked);
                for (_, purpose) in unanswered {
                    let mut out = Vec::new();
                    scene.translator.answered(purpose, 404, "", &mut out);
                    count(&scene.noted(out))?;
                }
            }
            for id in ["c", "d", "strowger-offer-5", "strowger-offer-6"] {
                scene.heard(&gone(id));
            }
            prop_assert_eq!(scene.translator.calls(), [""; 0]);
            prop_assert_eq!(scene.resync(&[], false), [""; 0]);
        }

        #[test]
        fn no_text_makes_the_parser_panic(text in ".{0,200}") {
            drop(parse(&text));
            drop(parse(&format!(r#"{{"type":"StasisStart","channel":{text}}}"#)));
        }
    }
}
