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

/// The listener. It stops when the runtime does.
#[derive(Debug)]
pub(crate) struct Listener {
    base: String,
    calls: Arc<Mutex<BTreeMap<String, String>>>,
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
        let calls: Arc<Mutex<BTreeMap<String, String>>> = Arc::default();
        let kept = Arc::clone(&calls);
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
        Some(Self { base: format!("http://{host}:{port}/"), calls })
    }

    /// The address that stands for a word.
    pub(crate) fn address(&self, word: &str) -> String {
        format!("{}{word}", self.base)
    }

    /// Address without scheme.
    pub(crate) fn authority(&self) -> &str {
        self.base.trim_start_matches("http://").trim_end_matches('/')
    }

    /// The first line of the request that carried the word, if one came.
    pub(crate) fn call(&self, word: &str) -> Option<String> {
        let calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        calls.get(word).cloned()
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

async fn answer(mut stream: TcpStream, calls: Arc<Mutex<BTreeMap<String, String>>>) {
    let mut buffer = vec![0_u8; 2_048];
    let read = tokio::time::timeout(Duration::from_secs(3), stream.read(&mut buffer)).await;
    let Ok(Ok(length)) = read else { return };
    let text = String::from_utf8_lossy(&buffer[..length]).into_owned();
    let line = text.lines().next().unwrap_or_default().to_owned();
    let path = line.split(' ').nth(1).unwrap_or_default();
    let word: String = path.trim_start_matches('/').chars().take_while(char::is_ascii_lowercase).collect();
    if !word.is_empty() {
        let mut calls = calls.lock().unwrap_or_else(PoisonError::into_inner);
        if calls.len() < MAX_CALLS {
            calls.entry(word.clone()).or_insert(line);
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
