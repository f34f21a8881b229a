//! The scanner as a process of its own says what it says in this one.

use std::io::{BufReader, Write};
use std::sync::{Arc, Mutex};

use tollgate_core::facts::Facts;
use tollgate_core::{Cancel, Events};
use tollgate_dast::Readers;
use tollgate_dast::worker::{Job, read_messages, run};

use crate::server::{Server, html};
use crate::{scan, settings};

#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no holder panics").write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn findings_survive_the_wire() {
    let server = Server::start(|request| {
        html(format!("<a href='/?q=x'>x</a>{}", request.get("q").unwrap_or_default()))
    });
    let settings = settings(&server.address);
    let job = Job::from(&settings, &Facts::default()).unwrap().to_json().unwrap();
    let sink = Sink::default();
    run(job.as_bytes(), sink.clone(), Readers::default(), &Cancel::new()).unwrap();
    let text = sink.0.lock().unwrap().clone();
    let outcome = read_messages(BufReader::new(&*text), &Events::ignored());
    let direct = scan(settings);
    assert!(outcome.is_complete() && !outcome.findings.is_empty());
    let key = |finding: &tollgate_core::Finding| {
        (finding.rule.clone(), finding.message.clone(), finding.cwes.clone())
    };
    assert_eq!(
        outcome.findings.iter().map(key).collect::<Vec<_>>(),
        direct.findings.iter().map(key).collect::<Vec<_>>()
    );
    assert_eq!(outcome.rules, direct.rules);
    let cut = &text[..text.len() / 2];
    assert!(!read_messages(BufReader::new(cut), &Events::ignored()).is_complete());
}
