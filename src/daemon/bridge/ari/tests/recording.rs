//! Conversations that are recorded: the bridge of caller and agent.

use super::*;

/// What strowger says of the recording of the talk of offer 5.
pub(super) fn told(act: impl std::fmt::Display) -> String {
    format!(r#"{{"type":"record_talk","call":"c","offer":5,"recording":"desk-1","do":"{act}"}}"#)
}

const FAILED: &str = r#"{"type":"record_talk.failed","recording":"desk-1"}"#;
const START: &str = "POST bridges/strowger-talk-5/record?name=desk-1&format=wav&ifExists=fail";
const PAUSE: &str = "POST recordings/live/desk-1/pause";
const RESUME: &str = "DELETE recordings/live/desk-1/pause";
const STOP: &str = "POST recordings/live/desk-1/stop";
const DISCARD: &str = "DELETE recordings/live/desk-1";

/// A scene where caller and agent talk.
fn talking() -> Scene {
    let mut scene = Scene::with_ringing();
    scene.heard(&agent_arrived());
    scene.told(CONNECT);
    scene
}

fn recorded(event: &str, target: &str) -> String {
    format!(
        r#"{{"type":"{event}","recording":{{"name":"desk-1","format":"wav","state":"done",
        "target_uri":"{target}","duration":7}}}}"#
    )
}

#[test]
fn a_conversation_is_recorded_paused_and_kept() {
    let mut scene = talking();
    assert_eq!(scene.told(&told("start")), [START]);
    assert!(scene.answered(START, 201, "{}").is_empty());
    assert_eq!(scene.told(&told("pause")), [PAUSE]);
    assert!(scene.answered(PAUSE, 204, "").is_empty());
    assert_eq!(scene.told(&told("resume")), [RESUME]);
    assert_eq!(scene.told(&told("stop")), [STOP]);
    // That it is over is no news, and it is no message of the caller's.
    let over = recorded("RecordingFinished", "bridge:strowger-talk-5");
    assert!(scene.heard(&over).is_empty());
}

#[test]
fn a_recording_waits_for_a_phone_that_answers_by_itself() {
    let mut scene = Scene::with_ringing();
    scene.told(CONNECT);
    assert!(scene.told(&told("start")).is_empty());
    let came = scene.heard(&agent_arrived());
    assert_eq!(came.last().map(String::as_str), Some(START));
    assert_eq!(scene.told(&told("stop")), [STOP]);
}

#[test]
fn what_is_paused_before_it_could_begin_begins_paused() {
    let mut scene = Scene::with_ringing();
    scene.told(CONNECT);
    scene.told(&told("start"));
    assert!(scene.told(&told("pause")).is_empty());
    let came = scene.heard(&agent_arrived());
    assert_eq!(came[came.len() - 2..], [START, PAUSE]);
    assert_eq!(scene.told(&told("resume")), [RESUME]);
}

#[test]
fn what_is_over_before_it_could_begin_never_begins() {
    let mut scene = Scene::with_ringing();
    scene.told(CONNECT);
    scene.told(&told("start"));
    assert!(scene.told(&told("stop")).is_empty());
    let came = scene.heard(&agent_arrived());
    assert!(!came.iter().any(|line| line == START), "{came:?}");
}

#[test]
fn an_asterisk_that_cannot_record_says_so() {
    let mut scene = talking();
    scene.told(&told("start"));
    assert_eq!(scene.answered(START, 409, "{}"), [FAILED]);
    let failed = recorded("RecordingFailed", "bridge:strowger-talk-5");
    assert_eq!(scene.heard(&failed), [FAILED]);
}

#[test]
fn a_recording_that_cannot_be_paused_is_thrown_away() {
    let mut scene = talking();
    scene.told(&told("start"));
    scene.told(&told("pause"));
    assert_eq!(scene.answered(PAUSE, 409, "{}"), [DISCARD, FAILED]);
    // One that is over already keeps nothing more, and stays.
    scene.told(&told("pause"));
    assert!(scene.answered(PAUSE, 404, "{}").is_empty());
}

#[test]
fn a_recording_from_before_a_restart_is_known_by_its_name() {
    let mut scene = Scene::new();
    scene.resync(&["c", "strowger-offer-5"], true);
    assert_eq!(scene.told(&told("pause")), [PAUSE]);
    assert_eq!(scene.told(&told("stop")), [STOP]);
}
