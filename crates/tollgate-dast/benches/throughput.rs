//! Requests a second against a trivial server on loopback, and the memory that many requests take.
//!
//! `cargo bench -p tollgate-dast`; a number as argument is the number of requests (100,000 unless given).

#![expect(clippy::print_stdout, reason = "a bench tells its figures on stdout")]

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use tollgate_core::facts::Facts;
use tollgate_core::{Cancel, Event, Events, Inventory, ScanContext, Scanner};
use tollgate_dast::{DastScanner, DastSettings};

/// Requests after which memory is looked at, again and again.
const STEP: u64 = 10_000;

/// Pages of the server, each with two parameters.
const PAGES: usize = 1_900;

fn main() {
    let requests = std::env::args().skip(1).find_map(|text| text.parse().ok()).unwrap_or(100_000);
    let address = serve();
    measure("as fast as it answers", &address, requests, None);
    measure("rate 3,000", &address, requests.min(15_000), Some(3_000));
}

fn measure(name: &str, address: &str, requests: u64, rate: Option<u32>) {
    let mut settings = DastSettings::new(address.parse().expect("it is a URL"));
    settings.active = true;
    settings.seed = Some(1);
    settings.rate = rate;
    settings.max_requests = requests;
    settings.max_time = Duration::from_secs(3_600);
    let sent = Arc::new(AtomicU64::new(0));
    let peaks: Arc<Mutex<Vec<u64>>> = Arc::default();
    let (count, seen) = (Arc::clone(&sent), Arc::clone(&peaks));
    let events = Events::new(move |event| {
        let Event::Progress { units, .. } = event else { return };
        let before = count.fetch_add(units, Ordering::Relaxed);
        if before / STEP < (before + units) / STEP {
            seen.lock().expect("no holder panics").push(peak());
        }
    });
    let scanner = DastScanner::new(settings).expect("the settings are sound");
    let started = Instant::now();
    let outcome = scanner.scan(&ScanContext {
        inventory: &Inventory::default(),
        facts: &Facts::default(),
        events: &events,
        cancel: &Cancel::new(),
        jobs: NonZeroUsize::MIN,
        cache: None,
    });
    let took = started.elapsed().as_secs_f64();
    let sent = sent.load(Ordering::Relaxed);
    println!(
        "{name}: {sent} requests in {took:.1} s, {:.0} a second; {} findings; peak memory in MiB after every {STEP}: {}",
        sent as f64 / took,
        outcome.findings.len(),
        peaks
            .lock()
            .expect("no holder panics")
            .iter()
            .map(|kib| format!("{} ", kib >> 10))
            .collect::<String>(),
    );
    for diagnostic in outcome.diagnostics {
        println!("  {}", diagnostic.message);
    }
}

/// The most memory this process ever had, in KiB; 0 where the system does not say.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
    let address = format!("http://{}/", listener.local_addr().expect("it is bound"));
    let index: Arc<str> = (0..PAGES)
        .map(|page| {
            let name: String = [page / 676, page / 26 % 26, page % 26]
                .iter()
                .filter_map(|at| char::from_u32(u32::from(b'a') + u32::try_from(*at).ok()?))
                .collect();
            format!("<a href='/{name}?name=x&kind=y'>{name}</a>")
        })
        .collect::<String>()
        .into();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let index = Arc::clone(&index);
            thread::spawn(move || answer(stream, &index));
        }
    });
    address
}

fn answer(mut stream: TcpStream, index: &str) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    loop {
        let mut head = String::new();
        let mut length = 0;
        loop {
            let from = head.len();
            if reader.read_line(&mut head).ok()? == 0 {
                return None;
            }
            let line = head[from..].trim_end().to_ascii_lowercase();
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().ok()?;
            }
            if line.is_empty() {
                break;
            }
        }
        std::io::copy(&mut std::io::Read::take(&mut reader, length), &mut std::io::sink()).ok()?;
        let target = head.split(' ').nth(1)?;
        let page;
        let (status, body) = match target.split_once("?name=") {
            _ if target == "/" => ("200 OK", index),
            // The letters of what was sent show, so that every payload is worth a try.
            Some((_, sent)) => {
                page = format!("<p>{}</p>", sent.replace(|c: char| !c.is_ascii_alphanumeric(), ""));
                ("200 OK", &*page)
            }
            None => ("404 Not Found", "<p>no</p>"),
        };
        let text = format!(
            "HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(text.as_bytes()).ok()?;
    }
}
