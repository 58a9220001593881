//! Another system, which answers over HTTP as a test says.

use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::TcpListener;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::thread;

/// What it was asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) request: String,
    pub(crate) token: String,
    /// The headers of a webhook: name, time and signature.
    pub(crate) signed: [String; 3],
    pub(crate) body: String,
}

/// What it answers: a status and a body; never, with a status of 0.
type Mind = dyn Fn(&Asked) -> (u16, String) + Send + Sync;

pub(crate) struct OtherSystem {
    pub(crate) url: String,
    port: u16,
    asked: Arc<(Mutex<Vec<Asked>>, Condvar)>,
    has_left: Arc<AtomicBool>,
}

impl OtherSystem {
    pub(crate) fn answering(
        mind: impl Fn(&Asked) -> (u16, String) + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let asked = Arc::new((Mutex::new(Vec::new()), Condvar::new()));
        let has_left = Arc::new(AtomicBool::new(false));
        let (notes, left, mind): (_, _, Arc<Mind>) =
            (Arc::clone(&asked), Arc::clone(&has_left), Arc::new(mind));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if left.load(Ordering::SeqCst) {
                    return;
                }
                let (notes, mind) = (Arc::clone(&notes), Arc::clone(&mind));
                thread::spawn(move || answer(&stream, &notes, &*mind));
            }
        });
        Self {
            url: format!("http://127.0.0.1:{port}"),
            port,
            asked,
            has_left,
        }
    }

    /// All that it was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.0.lock().expect("notes").clone()
    }

    /// Waits until it was asked so often.
    pub(crate) fn wait_for(&self, times: usize) {
        let notes = self.asked.0.lock().expect("notes");
        let enough = self.asked.1.wait_while(notes, |notes| notes.len() < times);
        drop(enough.expect("notes"));
    }

    /// Listens no more.
    pub(crate) fn leave(&self) {
        self.has_left.store(true, Ordering::SeqCst);
        // Wakes it, so that its port is closed.
        drop(TcpStream::connect(("127.0.0.1", self.port)));
        while TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
            thread::yield_now();
        }
    }
}

fn answer(stream: &TcpStream, notes: &(Mutex<Vec<Asked>>, Condvar), mind: &Mind) {
    let mut reader = BufReader::new(stream);
    let mut asked = Asked::default();
    if reader.read_line(&mut asked.request).unwrap_or(0) == 0 {
        return;
    }
    asked.request = asked.request.trim().to_owned();
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).expect("a header");
        let Some((name, value)) = line.trim().split_once(": ") else {
            break;
        };
        match name.to_lowercase().as_str() {
            "authorization" => asked.token = value.to_owned(),
            "webhook-id" => asked.signed[0] = value.to_owned(),
            "webhook-timestamp" => asked.signed[1] = value.to_owned(),
            "webhook-signature" => asked.signed[2] = value.to_owned(),
            "content-length" => length = value.parse().expect("a length"),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("a body");
    asked.body = String::from_utf8(body).expect("text");
    let (status, body) = mind(&asked);
    notes.0.lock().expect("notes").push(asked);
    notes.1.notify_all();
    if status == 0 {
        // Whoever asked hangs up first.
        drop(reader.read_to_end(&mut Vec::new()));
        return;
    }
    let length = body.len();
    let elsewhere = match status {
        300..=399 => "Location: /elsewhere\r\n",
        _ => "",
    };
    let head = format!(
        "HTTP/1.1 {status} x\r\n{elsewhere}Content-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    let mut stream = stream;
    drop(stream.write_all((head + &body).as_bytes()));
}
