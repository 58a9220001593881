//! A stream of a bridge over TCP: however it is cut into pieces, the same messages come out.
#![no_main]

use libfuzzer_sys::fuzz_target;
use strowger::daemon::bridge::lines::read_message;
use strowger::daemon::bridge::protocol::FromBridge;
use tokio::io::BufReader;

fuzz_target!(|input: (u8, &[u8])| {
    let (piece, stream) = input;
    let whole = messages(stream.len() + 1, stream);
    assert_eq!(messages(usize::from(piece) + 1, stream), whole);
});

fn messages(piece: usize, stream: &[u8]) -> Vec<FromBridge> {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(async {
        let mut reader = BufReader::with_capacity(piece, stream);
        let (mut line, mut all) = (Vec::new(), Vec::new());
        while let Ok(Some(message)) = read_message(&mut reader, &mut line).await {
            all.push(message);
        }
        all
    })
}
