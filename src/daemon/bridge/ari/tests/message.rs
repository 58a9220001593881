//! Messages of calls that go on, or are over, before Asterisk says that they are recorded.

use super::*;

const ENDED: &str = r#"{"type":"RecordingFinished","recording":{"name":"m-c-7-1","duration":4,
    "target_uri":"channel:c"}}"#;
const DONE: &str = r#"{"type":"recording.done","call":"c","length_ms":4000,"recording":"m-c-7-1"}"#;

fn recording() -> Scene {
    let mut scene = Scene::with_caller();
    scene.told(r#"{"type":"record","call":"c","mailbox":"m","max_ms":90000}"#);
    scene
}

#[test]
fn a_message_is_reported_though_the_line_has_hung_up_at_once() {
    let mut scene = recording();
    scene.told(r#"{"type":"stop","call":"c"}"#);
    scene.told(r#"{"type":"hangup","call":"c"}"#);
    assert_eq!(scene.heard(ENDED), [DONE]);
    assert!(scene.heard(ENDED).is_empty(), "once");
}

#[test]
fn a_message_is_reported_though_its_caller_has_hung_up() {
    let mut scene = recording();
    scene.heard(r#"{"type":"StasisEnd","channel":{"id":"c"}}"#);
    assert_eq!(scene.heard(ENDED), [DONE]);
}

#[test]
fn a_second_message_is_recorded_though_the_first_has_not_ended() {
    let mut scene = recording();
    scene.told(r#"{"type":"stop","call":"c"}"#);
    let second = scene.told(r#"{"type":"record","call":"c","mailbox":"m","max_ms":90000}"#);
    assert!(second[0].starts_with("POST channels/c/record?name=m-c-7-2&"));
    assert_eq!(scene.heard(ENDED), [DONE]);
    let renamed = |text: &str| text.replace("m-c-7-1", "m-c-7-2");
    assert_eq!(scene.heard(&renamed(ENDED)), [renamed(DONE)]);
}
