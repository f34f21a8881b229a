//! A small server on loopback: one thread a connection, one handler for all requests.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// A request as it came.
pub(crate) struct Incoming {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Incoming {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(have, _)| have == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn form(&self, name: &str) -> Option<String> {
        let pairs = url::form_urlencoded::parse(self.body.as_bytes());
        pairs.into_owned().find(|(have, _)| have == name).map(|(_, value)| value)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(have, _)| have.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }
}

/// What to send back: a whole answer, or anything else by hand.
pub(crate) enum Outgoing {
    Answer { status: u16, headers: Vec<(String, String)>, body: String },
    ByHand(Box<dyn FnOnce(&mut TcpStream) + Send>),
}

pub(crate) fn html(body: impl Into<String>) -> Outgoing {
    Outgoing::Answer {
        status: 200,
        headers: vec![("Content-Type".into(), "text/html".into())],
        body: body.into(),
    }
}

pub(crate) fn status(status: u16, body: &str) -> Outgoing {
    Outgoing::Answer { status, headers: vec![("Content-Type".into(), "text/html".into())], body: body.into() }
}

pub(crate) fn redirect(to: &str) -> Outgoing {
    Outgoing::Answer { status: 302, headers: vec![("Location".into(), to.into())], body: String::new() }
}

/// A running server.
pub(crate) struct Server {
    pub(crate) address: String,
    hits: Arc<AtomicUsize>,
    paths: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(crate) fn start(handler: impl Fn(&Incoming) -> Outgoing + Send + Sync + 'static) -> Self {
        Self::start_at("127.0.0.1", handler)
    }

    pub(crate) fn start_at(
        host: &str,
        handler: impl Fn(&Incoming) -> Outgoing + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind((host, 0)).expect("loopback has free ports");
        let address = format!("http://{}", listener.local_addr().expect("it is bound"));
        let (hits, paths) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(Vec::new())));
        let server = Self { address, hits: Arc::clone(&hits), paths: Arc::clone(&paths) };
        let handler = Arc::new(handler);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (handler, hits, paths) = (Arc::clone(&handler), Arc::clone(&hits), Arc::clone(&paths));
                thread::spawn(move || serve(stream, &*handler, &hits, &paths));
            }
        });
        server
    }

    pub(crate) fn hits(&self) -> usize {
        self.hits.load(Ordering::SeqCst)
    }

    pub(crate) fn paths(&self) -> Vec<String> {
        self.paths.lock().expect("no holder panics").clone()
    }
}

fn serve(
    mut stream: TcpStream,
    handler: &(impl Fn(&Incoming) -> Outgoing + ?Sized),
    hits: &AtomicUsize,
    paths: &Mutex<Vec<String>>,
) {
    let mut reader = BufReader::new(stream.try_clone().expect("a socket can be cloned"));
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        hits.fetch_add(1, Ordering::SeqCst);
        let mut words = line.split(' ');
        let method = words.next().unwrap_or_default().to_owned();
        let target = words.next().unwrap_or_default().to_owned();
        paths.lock().expect("no holder panics").push(target.clone());
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) <= 2 {
                break;
            }
            if let Some((name, value)) = line.trim_end().split_once(':') {
                headers.push((name.to_owned(), value.trim().to_owned()));
            }
        }
        let length = headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .and_then(|(_, value)| value.parse().ok())
            .unwrap_or(0);
        let mut body = vec![0; length];
        if reader.read_exact(&mut body).is_err() {
            return;
        }
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        let incoming = Incoming {
            method,
            path: path.to_owned(),
            query: url::form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
            headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        };
        match handler(&incoming) {
            Outgoing::Answer { status, headers, body } => {
                let mut text = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n", body.len());
                for (name, value) in headers {
                    text += &format!("{name}: {value}\r\n");
                }
                text += "\r\n";
                text += &body;
                if stream.write_all(text.as_bytes()).is_err() {
                    return;
                }
            }
            Outgoing::ByHand(write) => {
                write(&mut stream);
                return;
            }
        }
    }
}
