use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};

use tollgate_core::{ScannerId, SettingLine};

use super::*;
use crate::gate::Policy;
use crate::walk::WalkSettings;

enum Does {
    Return,
    Panic,
    Hang,
    Heed,
}

struct Fake(&'static str, Stage, Does);

impl Scanner for Fake {
    fn id(&self) -> ScannerId {
        ScannerId::new(self.0)
    }

    fn stage(&self) -> Stage {
        self.1
    }

    fn describe(&self) -> Vec<SettingLine> {
        Vec::new()
    }

    fn scan(&self, cx: &ScanContext<'_>) -> ScannerOutcome {
        let mut outcome = ScannerOutcome::empty(self.id());
        outcome.coverage.examined = 7;
        match self.2 {
            Does::Return => {}
            Does::Panic => panic!("bad luck in {}", self.0),
            Does::Hang => {
                static NEVER: AtomicBool = AtomicBool::new(false);
                while !NEVER.load(Ordering::Relaxed) {
                    thread::sleep(Duration::from_millis(20));
                }
            }
            Does::Heed => {
                while !cx.cancel.is_cancelled() {
                    thread::sleep(Duration::from_millis(1));
                }
            }
        }
        outcome
    }
}

fn plan(scanners: Vec<Fake>, timeout: Option<Duration>) -> Plan {
    Plan {
        walk: WalkSettings::of("."),
        scanners: scanners.into_iter().map(|fake| Arc::new(fake) as Arc<dyn Scanner>).collect(),
        policy: Policy::default(),
        waivers: Vec::new(),
        timeout,
        grace: Duration::from_millis(100),
        jobs: NonZeroUsize::MIN,
        cache: None,
        shard: None,
        lines: Vec::new(),
    }
}

fn check(scanners: Vec<Fake>, timeout: Option<Duration>, expected: &[(&str, bool, &str)]) {
    let outcomes =
        execute(&plan(scanners, timeout), &Inventory::default(), &Events::ignored(), &Cancel::new());
    let seen: Vec<_> = outcomes
        .iter()
        .map(|outcome| {
            let message = outcome.diagnostics.first().map_or("", |diagnostic| &diagnostic.message);
            (outcome.scanner.as_str(), outcome.coverage.examined == 7, message)
        })
        .collect();
    assert_eq!(seen, expected);
}

#[test]
fn one_scanner_cannot_spoil_another() {
    check(
        vec![
            Fake("a", Stage::Dynamic, Does::Return),
            Fake("b", Stage::Static, Does::Panic),
            Fake("c", Stage::Static, Does::Return),
        ],
        None,
        &[("a", true, ""), ("b", false, "scanner `b` crashed: bad luck in b"), ("c", true, "")],
    );
}

#[test]
fn a_scanner_that_hangs_is_left_behind() {
    check(
        vec![
            Fake("a", Stage::Static, Does::Return),
            Fake("b", Stage::Static, Does::Hang),
            Fake("c", Stage::Static, Does::Heed),
        ],
        Some(Duration::from_millis(300)),
        &[
            ("a", true, ""),
            ("b", false, "scanner `b` did not end when asked to; its findings are lost"),
            ("c", true, "scanner `c` ran out of time"),
        ],
    );
}

#[test]
fn an_interrupt_ends_all_and_is_told() {
    let cancel = Cancel::new();
    cancel.interrupt();
    let plan = plan(vec![Fake("a", Stage::Static, Does::Heed), Fake("b", Stage::Dynamic, Does::Heed)], None);
    let outcomes = execute(&plan, &Inventory::default(), &Events::ignored(), &cancel);
    let messages: Vec<_> = outcomes.iter().map(|outcome| outcome.diagnostics[0].message.as_str()).collect();
    assert_eq!(messages, ["scanner `a` was interrupted", "scanner `b` was interrupted"]);
}

#[test]
fn the_digest_ignores_what_has_no_effect() {
    let line = |key: &str, value: &str| SettingLine {
        key: key.to_owned(),
        value: value.to_owned(),
        origin: tollgate_core::Origin::Default,
    };
    let with = |lines: Vec<SettingLine>| {
        let mut plan = plan(Vec::new(), None);
        plan.lines = lines;
        plan.digest()
    };
    let base = with(vec![line("gate.fail-on", "high"), line("scan.jobs", "2")]);
    assert_eq!(base, with(vec![line("scan.jobs", "8"), line("gate.fail-on", "high")]));
    assert_ne!(base, with(vec![line("gate.fail-on", "low"), line("scan.jobs", "2")]));
}
