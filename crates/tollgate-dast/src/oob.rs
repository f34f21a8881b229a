//! A listener that the target calls when a blind flaw fires.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::worker::Job;

/// Calls that are kept.
const MAX_CALLS: usize = 10_000;

/// Remote calls that are kept, and bytes of each.
const MAX_REMOTE: usize = 500;
const MAX_REMOTE_CALL: usize = 2_048;

/// Bytes of a first line that are read.
const MAX_LINE: usize = 2_048;

/// How a virtual machine of Java greets another.
const GREETING: &[u8] = b"JRMI";

/// Letters of a word that fit into the number of an object.
const NUMBER: usize = 8;

/// The listener. It stops when the runtime does.
#[derive(Debug)]
pub(crate) struct Listener {
    host: String,
    port: u16,
    heard: Arc<Mutex<Heard>>,
}

/// What came in.
#[derive(Debug, Default)]
struct Heard {
    /// First lines by the word of their address.
    calls: BTreeMap<String, String>,
    /// Calls between virtual machines of Java.
    remote: Vec<Vec<u8>>,
}

impl Listener {
    /// Listens where the job says, or on loopback where the target is on loopback. `None` where the
    /// target could not reach it.
    pub(crate) async fn start(job: &Job) -> Option<Self> {
        let loopback = match job.target.host()? {
            url::Host::Ipv4(ip) => ip.is_loopback(),
            url::Host::Ipv6(ip) => ip.is_loopback(),
            url::Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
        };
        let bind = match job.callback_bind {
            Some(bind) => bind,
            None if loopback => SocketAddr::new(IpAddr::from([127, 0, 0, 1]), 0),
            None => return None,
        };
        let socket = TcpListener::bind(bind).await.ok()?;
        let port = socket.local_addr().ok()?.port();
        let host = job.callback_host.clone().unwrap_or_else(|| bind.ip().to_string());
        let heard: Arc<Mutex<Heard>> = Arc::default();
        let kept = Arc::clone(&heard);
        tokio::spawn(async move {
            loop {
                match socket.accept().await {
                    Ok((stream, _)) => {
                        tokio::spawn(answer(stream, Arc::clone(&kept)));
                    }
                    Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
                }
            }
        });
        Some(Self { host, port, heard })
    }

    /// The address that stands for a word.
    pub(crate) fn address(&self, word: &str) -> String {
        format!("http://{}/{word}", self.authority())
    }

    /// Address without scheme.
    pub(crate) fn authority(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// What a serialized object of Java says of the one it stands for, which is called `word` and lives
    /// here: the block behind its class, with its length. Reading it makes a call that asks to keep it.
    pub(crate) fn remote_reference(&self, word: &str) -> String {
        let text = |text: &str| format!("\0{}{text}", char::from(u8::try_from(text.len()).unwrap_or(0)));
        let [high, low] = self.port.to_be_bytes().map(char::from);
        let block = format!(
            "{}{}\0\0{high}{low}{word:_<12}{}",
            text("UnicastRef"),
            text(self.host.trim_matches(['[', ']'])),
            "\0".repeat(11)
        );
        format!("{}{block}", char::from(u8::try_from(block.chars().count()).unwrap_or(0)))
    }

    /// The first line of the request that carried the word, if one came.
    pub(crate) fn call(&self, word: &str) -> Option<String> {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let number = word.get(..NUMBER)?.as_bytes();
        let remote = || heard.remote.iter().any(|call| call.windows(NUMBER).any(|part| part == number));
        heard.calls.get(word).cloned().or_else(|| remote().then(|| format!("a remote call to object {word}")))
    }

    /// Waits until nobody called for that long.
    pub(crate) async fn settle(&self, quiet: Duration, longest: Duration) {
        let count = || {
            let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
            heard.calls.len() + heard.remote.len()
        };
        let until = std::time::Instant::now() + longest;
        loop {
            let before = count();
            tokio::time::sleep(quiet).await;
            if count() == before || std::time::Instant::now() >= until {
                return;
            }
        }
    }

    /// Waits until the word was called or the time is up.
    pub(crate) async fn wait(&self, word: &str, limit: Duration) -> Option<String> {
        let until = std::time::Instant::now() + limit;
        loop {
            if let Some(call) = self.call(word) {
                return Some(call);
            }
            if std::time::Instant::now() >= until {
                return None;
            }
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }
}

/// What a page of the listener says for a word: harmless text that shows in the answer of a target which
/// includes it, and that prints the word reversed where it is run as a script.
pub(crate) fn page_for(word: &str) -> String {
    format!("print('{word}'[::-1]);#<?php echo strrev('{word}'); ?>\n")
}

async fn answer(mut stream: TcpStream, heard: Arc<Mutex<Heard>>) {
    let mut buffer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(3), hear_line(&mut stream, &mut buffer));
    let Ok(Ok(())) = read.await else { return };
    if buffer.starts_with(GREETING) {
        let mut call = Vec::new();
        let talk = tokio::time::timeout(Duration::from_secs(3), hear_remote(&mut stream, &mut call));
        let _ = talk.await;
        let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
        if heard.remote.len() < MAX_REMOTE {
            heard.remote.push(call);
        }
        return;
    }
    let text = String::from_utf8_lossy(&buffer).into_owned();
    let line = text.lines().next().unwrap_or_default().to_owned();
    let path = line.split(' ').nth(1).unwrap_or_default();
    let word: String = path.trim_start_matches('/').chars().take_while(char::is_ascii_lowercase).collect();
    if !word.is_empty() {
        let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
        if heard.calls.len() < MAX_CALLS {
            heard.calls.entry(word.clone()).or_insert(line);
        }
    }
    let body = page_for(&word);
    let reply = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let _ = stream.write_all(reply.as_bytes()).await;
    let _ = stream.shutdown().await;
}

/// Reads as far as the end of the first line, in whatever pieces it comes.
async fn hear_line(stream: &mut TcpStream, line: &mut Vec<u8>) -> std::io::Result<()> {
    let mut piece = [0_u8; MAX_LINE];
    while line.len() < MAX_LINE && !line.contains(&b'\n') && !line.starts_with(GREETING) {
        match stream.read(&mut piece).await? {
            0 => break,
            length => line.extend_from_slice(&piece[..length]),
        }
    }
    Ok(())
}

/// Greets back, as a machine that calls the other one `x`, and hears which objects it asks for.
async fn hear_remote(stream: &mut TcpStream, call: &mut Vec<u8>) {
    if stream.write_all(b"\x4e\0\x01x\0\0\0\x01").await.is_err() {
        return;
    }
    let mut piece = [0_u8; MAX_REMOTE_CALL];
    while let Ok(length @ 1..) = stream.read(&mut piece).await {
        call.extend_from_slice(&piece[..length]);
        // The lease is asked for behind the names of the objects.
        let is_whole = call.windows(5).any(|part| part == b"Lease");
        if is_whole || call.len() >= MAX_REMOTE_CALL {
            return;
        }
    }
}
