//! What was wrong with a report, gathered so that one fault repeated a million times is told once.

use std::collections::BTreeMap;
use std::fmt;

use tollgate_core::{Diagnostic, DiagnosticLevel};

/// Places named for each kind of fault.
const NAMED: usize = 5;

/// A place in a SARIF file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) run: usize,
    pub(super) result: Option<usize>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "runs[{}]", self.run)?;
        self.result.map_or(Ok(()), |result| write!(f, ".results[{result}]"))
    }
}

/// Faults by kind.
#[derive(Debug, Default)]
pub(super) struct Notes {
    file: String,
    faults: BTreeMap<(std::cmp::Reverse<DiagnosticLevel>, String), Fault>,
}

#[derive(Debug, Default)]
struct Fault {
    count: usize,
    places: Vec<String>,
}

impl Notes {
    pub(super) fn new(file: &str) -> Self {
        Self { file: file.to_owned(), faults: BTreeMap::new() }
    }

    /// Notes a fault at a place.
    pub(super) fn add(&mut self, level: DiagnosticLevel, fault: &str, place: Place) {
        self.add_at(level, fault, || place.to_string());
    }

    /// Notes a fault at a place that is put in words only if it will be named.
    pub(super) fn add_at(&mut self, level: DiagnosticLevel, fault: &str, place: impl FnOnce() -> String) {
        let fault = self.faults.entry((std::cmp::Reverse(level), fault.to_owned())).or_default();
        fault.count += 1;
        if fault.places.len() < NAMED {
            fault.places.push(place());
        }
    }

    /// The faults as diagnostics, gravest first.
    pub(super) fn into_diagnostics(self) -> Vec<Diagnostic> {
        let file = self.file;
        self.faults
            .into_iter()
            .map(|((level, fault), Fault { count, places })| {
                let mut at = places.join(", ");
                if count > places.len() {
                    at.push_str(&format!(" and {} more", count - places.len()));
                }
                Diagnostic::new(level.0, format!("{file}: {fault} ({at})"))
            })
            .collect()
    }
}
