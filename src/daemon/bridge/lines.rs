//! A bridge over TCP: one message a line. The smallest client there can be.

use super::link;
use super::link::Link;
use super::link::Orders;
use super::protocol::FromBridge;
use super::protocol::MESSAGE_BYTES_MAX;
use super::protocol::ToBridge;
use super::wire;
use std::io;
use tokio::io::AsyncBufRead;
use tokio::io::AsyncBufReadExt;
use tokio::io::AsyncWriteExt;
use tokio::io::BufReader;
use tokio::net::TcpStream;

/// Carries messages between a connection and a session until either ends.
pub async fn carry(stream: TcpStream, link: Link) {
    let (reading, writing) = stream.into_split();
    let reports = link.reports;
    let hear = async {
        let mut reader = BufReader::with_capacity(64 * 1024, reading);
        let mut line = Vec::new();
        while let Ok(Some(message)) = read_message(&mut reader, &mut line).await {
            if !reports.is_closed() {
                drop(reports.send(message.into()).await);
            }
        }
    };
    // What cannot be written is for nobody any more.
    let speak = async { speak(writing, link.orders).await.unwrap_or_default() };
    link::carry(reports.clone(), hear, speak).await;
}

async fn speak(
    mut writing: impl tokio::io::AsyncWrite + Unpin,
    mut orders: Orders,
) -> io::Result<()> {
    let mut text = Vec::new();
    while let Some(batch) = orders.recv_batch().await {
        let mut last = false;
        for order in batch {
            last |= matches!(&order, ToBridge::Error(refusal) if refusal.fatal);
            wire::write_to(&mut text, &order);
            text.push(b'\n');
        }
        writing.write_all(&text).await?;
        text.clear();
        if last {
            break;
        }
    }
    writing.shutdown().await
}

/// Reads the next message, with `line` to work in; none at the end of the stream.
///
/// # Errors
/// If the stream cannot be read.
pub async fn read_message(
    reader: &mut (impl AsyncBufRead + Unpin),
    line: &mut Vec<u8>,
) -> io::Result<Option<FromBridge>> {
    line.clear();
    let found = read_line(reader, line).await?;
    Ok(found.then(|| message(line)))
}

fn message(line: &[u8]) -> FromBridge {
    if line.len() > MESSAGE_BYTES_MAX {
        return FromBridge::Unreadable(wire::too_long());
    }
    match str::from_utf8(line) {
        Ok(text) => wire::parse(text.trim_end_matches('\r')),
        Err(_) => FromBridge::Unreadable(wire::no_text("the line")),
    }
}

/// Reads a line without its end, or as much of it as is too much; false at the end of the stream.
/// Empty lines are passed over.
async fn read_line(
    reader: &mut (impl AsyncBufRead + Unpin),
    line: &mut Vec<u8>,
) -> io::Result<bool> {
    loop {
        let piece = reader.fill_buf().await?;
        if piece.is_empty() {
            return Ok(false);
        }
        let end = piece.iter().position(|byte| *byte == b'\n');
        line.extend_from_slice(&piece[..end.unwrap_or(piece.len())]);
        let read = end.map_or(piece.len(), |end| end + 1);
        reader.consume(read);
        if line.len() > MESSAGE_BYTES_MAX || (end.is_some() && !line.is_empty()) {
            return Ok(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::protocol::Code;
    use super::*;

    async fn lines(bytes: &[u8]) -> Vec<Vec<u8>> {
        let mut reader = BufReader::with_capacity(4, bytes);
        let (mut all, mut line) = (Vec::new(), Vec::new());
        while read_line(&mut reader, &mut line)
            .await
            .expect("bytes can be read")
        {
            all.push(std::mem::take(&mut line));
        }
        all
    }

    #[tokio::test]
    async fn lines_are_put_together_from_pieces_and_a_torn_one_is_left() {
        let read = lines(b"{\"a\":1}\n\n{\"b\":22}\ntorn").await;
        assert_eq!(read, [b"{\"a\":1}".to_vec(), b"{\"b\":22}".to_vec()]);
    }

    #[tokio::test]
    async fn a_line_without_end_is_cut_off() {
        let endless = vec![b'x'; MESSAGE_BYTES_MAX + 100];
        let read = lines(&endless).await;
        assert!(read[0].len() > MESSAGE_BYTES_MAX && read[0].len() < MESSAGE_BYTES_MAX + 100);
        let FromBridge::Unreadable(refusal) = message(&read[0]) else {
            panic!("it was read");
        };
        assert_eq!((refusal.code, refusal.fatal), (Code::TooLong, true));
    }
}
