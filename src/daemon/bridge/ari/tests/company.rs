//! Two agents in one talk: all three are in one bridge.

use super::*;

const RING_COLLEAGUE: &str =
    r#"{"type":"ring","call":"c","offer":6,"agent":"eva","device":"PJSIP/202","from":"0201"}"#;
const CONNECT_COLLEAGUE: &str = r#"{"type":"connect","call":"c","offer":6}"#;
const ADD_COLLEAGUE: &str = "POST bridges/strowger-talk-5/addChannel?channel=strowger-offer-6";
const HANG_UP_COLLEAGUE: &str = "DELETE channels/strowger-offer-6";

fn disconnect(offer: u32) -> String {
    format!(r#"{{"type":"disconnect","call":"c","offer":{offer}}}"#)
}

/// A scene where the agent of offer 5 talks to the caller, and the one of offer 6 has answered.
fn invited() -> Scene {
    let mut scene = Scene::with_ringing();
    scene.heard(&agent_arrived());
    scene.told(CONNECT);
    scene.told(RING_COLLEAGUE);
    assert_eq!(
        scene.heard(&arrived(
            "strowger-offer-6",
            "PJSIP/202-00000003",
            r#"["agent","6"]"#
        )),
        [r#"{"type":"agent.answered","offer":6}"#]
    );
    scene
}

/// The same, with all three in the bridge.
fn together() -> Scene {
    let mut scene = invited();
    assert_eq!(scene.told(CONNECT_COLLEAGUE), [ADD_COLLEAGUE]);
    scene
}

#[test]
fn whoever_leaves_first_the_bridge_stays_for_the_other() {
    let mut scene = together();
    assert_eq!(scene.told(&disconnect(5)), [HANG_UP_AGENT]);
    assert_eq!(scene.told(&disconnect(6)), [HANG_UP_COLLEAGUE, END_BRIDGE]);
    let mut scene = together();
    assert_eq!(scene.told(&disconnect(6)), [HANG_UP_COLLEAGUE]);
    assert_eq!(scene.told(&disconnect(5)), [HANG_UP_AGENT, END_BRIDGE]);
    // They hang up themselves.
    let mut scene = together();
    assert_eq!(
        scene.heard(&gone("strowger-offer-5")),
        [r#"{"type":"agent.hung_up","offer":5}"#]
    );
    assert_eq!(
        scene.heard(&gone("strowger-offer-6")),
        [END_BRIDGE, r#"{"type":"agent.hung_up","offer":6}"#]
    );
}

#[test]
fn a_caller_who_hangs_up_leaves_nobody_behind() {
    let mut scene = together();
    assert_eq!(
        scene.heard(&gone("c")),
        [
            HANG_UP_AGENT,
            HANG_UP_COLLEAGUE,
            END_BRIDGE,
            r#"{"type":"call.ended","call":"c"}"#
        ]
    );
}

#[test]
fn a_colleague_who_is_left_alone_before_the_connection_has_a_bridge_of_their_own() {
    let mut scene = invited();
    assert_eq!(scene.told(&disconnect(5)), [HANG_UP_AGENT, END_BRIDGE]);
    assert_eq!(
        scene.told(CONNECT_COLLEAGUE),
        [
            "POST bridges/strowger-talk-6?type=mixing",
            "POST bridges/strowger-talk-6/addChannel?channel=c%2Cstrowger-offer-6",
        ]
    );
}

#[test]
fn the_colleague_is_recorded_in_the_bridge_where_they_are() {
    let mut scene = together();
    scene.told(&disconnect(5));
    let start = r#"{"type":"record_talk","call":"c","offer":6,"recording":"desk-2","do":"start"}"#;
    assert_eq!(
        scene.told(start),
        ["POST bridges/strowger-talk-5/record?name=desk-2&format=wav&ifExists=fail"]
    );
}

#[test]
fn a_bridge_that_had_forgotten_it_joins_all_three_again() {
    let mut scene = Scene::new();
    scene.resync(&["c", "strowger-offer-5", "strowger-offer-6"], true);
    let joined = scene.told(CONNECT);
    assert_eq!(
        joined.last().map(String::as_str),
        Some("POST bridges/strowger-talk-5/addChannel?channel=c%2Cstrowger-offer-5")
    );
    assert_eq!(scene.told(CONNECT_COLLEAGUE), [ADD_COLLEAGUE]);
    assert_eq!(scene.told(&disconnect(5)), [HANG_UP_AGENT]);
    assert_eq!(scene.told(&disconnect(6)), [HANG_UP_COLLEAGUE, END_BRIDGE]);
}
