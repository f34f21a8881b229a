//! Running scanners side by side so that none can spoil another's result.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use tollgate_core::facts::Facts;
use tollgate_core::{
    Cancel, CancelReason, Diagnostic, DiagnosticLevel, Event, Events, Inventory, ScanContext, Scanner,
    ScannerOutcome, SourceLocation, Stage,
};

use crate::plan::Plan;

const POLL: Duration = Duration::from_millis(25);

/// Runs the plan's scanners: first the static ones, then the dynamic ones with the facts of the first.
///
/// Every scanner runs on a thread of its own. One that panics, or does not return within the plan's
/// grace period after the deadline or an interrupt, leaves an outcome with an error diagnostic; its
/// thread is left behind and holds only shared, unchanging values. In a scan by shards only the first
/// shard runs the dynamic scanners.
#[must_use]
pub fn execute(plan: &Plan, inventory: &Inventory, events: &Events, cancel: &Cancel) -> Vec<ScannerOutcome> {
    let cancel = match plan.timeout {
        Some(timeout) => cancel.with_deadline(Instant::now() + timeout),
        None => cancel.clone(),
    };
    let inventory = Arc::new(match plan.shard {
        Some(shard) => shard.part_of(inventory),
        None => inventory.clone(),
    });
    let run = Run { plan, inventory, events, cancel: &cancel };
    let mut outcomes = run.stage(Stage::Static, &Facts::default());
    if plan.shard.is_none_or(|shard| shard.index() == 1) {
        let facts = gather_facts(&outcomes);
        outcomes.extend(run.stage(Stage::Dynamic, &facts));
    }
    let order =
        |outcome: &ScannerOutcome| plan.scanners.iter().position(|scanner| scanner.id() == outcome.scanner);
    outcomes.sort_by_key(order);
    outcomes
}

/// The facts of several scanners as one, in a fixed order.
#[must_use]
pub fn gather_facts(outcomes: &[ScannerOutcome]) -> Facts {
    let mut all = unordered_facts(outcomes);
    order(&mut all);
    all
}

/// The facts of several scanners, for a caller that adds to them before they are put in order.
pub(crate) fn unordered_facts(outcomes: &[ScannerOutcome]) -> Facts {
    let mut all = Facts::default();
    for facts in outcomes.iter().map(|outcome| &outcome.facts) {
        all.routes.extend_from_slice(&facts.routes);
        all.imports.extend_from_slice(&facts.imports);
        all.packages.extend_from_slice(&facts.packages);
        all.fully_read.extend_from_slice(&facts.fully_read);
    }
    all
}

/// Sorts facts and drops what is said twice.
pub(crate) fn order(all: &mut Facts) {
    fn place(location: &SourceLocation) -> impl Ord + '_ {
        (&location.path, location.region.start(), location.region.end())
    }
    all.routes.sort_by(|a, b| place(&a.handler).cmp(&place(&b.handler)).then_with(|| a.cmp(b)));
    all.routes.dedup();
    all.imports.sort_by(|a, b| (&a.path, a.line, a).cmp(&(&b.path, b.line, b)));
    all.imports.dedup();
    all.packages.sort_by(|a, b| {
        (&a.location.path, &a.name, &a.version, a).cmp(&(&b.location.path, &b.name, &b.version, b))
    });
    all.packages.dedup();
    all.fully_read.sort_unstable();
    all.fully_read.dedup();
}

struct Run<'a> {
    plan: &'a Plan,
    inventory: Arc<Inventory>,
    events: &'a Events,
    cancel: &'a Cancel,
}

impl Run<'_> {
    fn stage(&self, stage: Stage, facts: &Facts) -> Vec<ScannerOutcome> {
        let scanners: Vec<Arc<dyn Scanner>> =
            self.plan.scanners.iter().filter(|scanner| scanner.stage() == stage).cloned().collect();
        if scanners.is_empty() {
            return Vec::new();
        }
        let facts = Arc::new(facts.clone());
        let (sender, receiver) = mpsc::channel();
        let started = Instant::now();
        let mut outcomes: Vec<Option<ScannerOutcome>> = scanners.iter().map(|_| None).collect();
        for (index, scanner) in scanners.iter().enumerate() {
            if let Some(outcome) = self.start(index, Arc::clone(scanner), &facts, sender.clone()) {
                outcomes[index] = Some(outcome);
            }
        }
        drop(sender);
        let mut give_up: Option<Instant> = None;
        while outcomes.iter().any(Option::is_none) {
            match receiver.recv_timeout(POLL) {
                Ok((index, outcome)) => {
                    let outcome: ScannerOutcome = outcome;
                    self.announce(&outcome);
                    outcomes[index] = Some(outcome);
                }
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {}
            }
            if give_up.is_none() && self.cancel.is_cancelled() {
                give_up = Some(Instant::now() + self.plan.grace);
            }
            if give_up.is_some_and(|at| Instant::now() >= at) {
                break;
            }
        }
        outcomes
            .into_iter()
            .zip(&scanners)
            .map(|(outcome, scanner)| {
                outcome.unwrap_or_else(|| {
                    let outcome = abandoned(scanner.as_ref(), started.elapsed());
                    self.announce(&outcome);
                    outcome
                })
            })
            .collect()
    }

    fn start(
        &self,
        index: usize,
        scanner: Arc<dyn Scanner>,
        facts: &Arc<Facts>,
        sender: mpsc::Sender<(usize, ScannerOutcome)>,
    ) -> Option<ScannerOutcome> {
        let inventory = Arc::clone(&self.inventory);
        let facts = Arc::clone(facts);
        let events = self.events.clone();
        let cancel = self.cancel.clone();
        let jobs = self.plan.jobs;
        let cache = self.plan.cache.clone();
        let id = scanner.id();
        let work = move || {
            let started = Instant::now();
            let cx = ScanContext {
                inventory: &inventory,
                facts: &facts,
                events: &events,
                cancel: &cancel,
                jobs,
                cache: cache.as_deref(),
            };
            let result = catch_unwind(AssertUnwindSafe(|| scanner.scan(&cx)));
            let mut outcome =
                result.unwrap_or_else(|payload| failed(scanner.as_ref(), &panic_text(&*payload)));
            outcome.elapsed = started.elapsed();
            note_cancellation(&mut outcome, cancel.reason());
            // The receiver is gone when this scanner was left behind; nobody waits for the outcome then.
            let _ = sender.send((index, outcome));
        };
        match thread::Builder::new().name(format!("scan-{id}")).spawn(work) {
            Ok(_) => None,
            Err(error) => {
                let diagnostic = Diagnostic::new(
                    DiagnosticLevel::Error,
                    format!("scanner `{id}` could not start: {error}"),
                );
                let mut outcome = ScannerOutcome::empty(id);
                outcome.diagnostics.push(diagnostic);
                Some(outcome)
            }
        }
    }

    fn announce(&self, outcome: &ScannerOutcome) {
        self.events.emit(Event::Finished {
            scanner: outcome.scanner.clone(),
            findings: outcome.findings.len(),
            complete: outcome.is_complete(),
            elapsed: outcome.elapsed,
        });
    }
}

fn failed(scanner: &dyn Scanner, text: &str) -> ScannerOutcome {
    let id = scanner.id();
    let mut outcome = ScannerOutcome::empty(id.clone());
    let diagnostic = Diagnostic::new(DiagnosticLevel::Error, format!("scanner `{id}` crashed: {text}"))
        .hint("this is a fault of the scanner: please report it with the input that triggers it");
    outcome.diagnostics.push(diagnostic);
    outcome
}

fn abandoned(scanner: &dyn Scanner, elapsed: Duration) -> ScannerOutcome {
    let id = scanner.id();
    let mut outcome = ScannerOutcome::empty(id.clone());
    outcome.elapsed = elapsed;
    outcome.diagnostics.push(Diagnostic::new(
        DiagnosticLevel::Error,
        format!("scanner `{id}` did not end when asked to; its findings are lost"),
    ));
    outcome
}

/// A scanner that ended early must not look complete, whether it says so itself or not. One that ended
/// by itself just after the cancellation cannot be told from one that heeded it, so both are marked.
fn note_cancellation(outcome: &mut ScannerOutcome, reason: Option<CancelReason>) {
    let (message, hint) = match reason {
        None => return,
        Some(CancelReason::Interrupted) => ("was interrupted", None),
        Some(CancelReason::DeadlinePassed) => ("ran out of time", Some("raise scan.timeout")),
    };
    if !outcome.is_complete() {
        return;
    }
    let id = &outcome.scanner;
    let mut diagnostic = Diagnostic::new(DiagnosticLevel::Error, format!("scanner `{id}` {message}"));
    diagnostic.hint = hint.map(str::to_owned);
    outcome.diagnostics.push(diagnostic);
}

fn panic_text(payload: &(dyn Any + Send)) -> String {
    payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_owned())
}

#[cfg(test)]
mod tests;
