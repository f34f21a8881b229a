//! Whole scans of small servers on loopback.

mod browser;
mod cookies;
mod flaws;
mod hostile;
mod injections;
mod interpreters;
mod logins;
mod markup;
mod objects;
mod readers;
mod scope;
mod server;
mod tls;
mod tokens;
mod users;
mod workers;

use std::num::NonZeroUsize;
use std::time::Duration;

use tollgate_core::facts::Facts;
use tollgate_core::{Cancel, Events, Inventory, ScanContext, Scanner, ScannerOutcome, Subject};
use tollgate_dast::{DastScanner, DastSettings};

pub(crate) fn settings(target: &str) -> DastSettings {
    let mut settings = DastSettings::new(target.parse().expect("the test names a URL"));
    settings.active = true;
    settings.seed = Some(7);
    settings.concurrency = 4;
    settings.max_time = Duration::from_secs(900);
    settings
}

pub(crate) fn scan(settings: DastSettings) -> ScannerOutcome {
    DastScanner::new(settings).expect("the settings are sound").scan(&ScanContext {
        inventory: &Inventory::default(),
        facts: &Facts::default(),
        events: &Events::ignored(),
        cancel: &Cancel::new(),
        jobs: NonZeroUsize::MIN,
        cache: None,
    })
}

/// Findings as `rule route parameter`, without those about headers of the whole host.
pub(crate) fn found(outcome: &ScannerOutcome) -> Vec<String> {
    let mut out: Vec<String> = outcome
        .findings
        .iter()
        .filter_map(|finding| {
            let Subject::Endpoint(endpoint) = &finding.subject else { return None };
            let parameter = endpoint.parameter.as_ref().map(ToString::to_string).unwrap_or_default();
            let rule = finding.rule.as_str().trim_start_matches("dast.");
            let line = format!("{rule} {} {parameter}", endpoint.route);
            (endpoint.route != "/*").then(|| line.trim_end().to_owned())
        })
        .collect();
    out.sort();
    out
}
