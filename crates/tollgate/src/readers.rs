//! What the static scanners lend to the dynamic one: reading scripts, and knowing credentials by their form.

use std::sync::LazyLock;

use tollgate_core::Severity;
use tollgate_core::dynamic::LeakedSecret;
use tollgate_dast::Readers;
use tollgate_sast::script_calls;
use tollgate_sast::secrets::Detector;

/// The readers of every dynamic scan.
pub(crate) fn readers() -> Readers {
    Readers { script: Some(script_calls), secrets: Some(secrets) }
}

/// Credentials whose form is that of one provider. Tokens of a session belong into answers, and pages of
/// documentation show what a header looks like.
fn secrets(text: &str) -> Vec<LeakedSecret> {
    static DETECTOR: LazyLock<Option<Detector>> = LazyLock::new(|| {
        let shown = ["json-web-token", "basic-authorization", "bearer-authorization", "kubernetes-secret"];
        Detector::new(&shown.map(|name| format!("secrets.generic.{name}")), false).ok()
    });
    let Some(detector) = &*DETECTOR else { return Vec::new() };
    let found = detector.find(text, false, false).into_iter();
    found
        .filter(|secret| secret.severity >= Severity::High)
        .map(|secret| LeakedSecret { name: secret.name, range: secret.range })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_by_the_formats_of_providers() {
        let key = format!("AKIA{}", "Q3VBT7XKLM2ZPNRW");
        let token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U";
        for (text, count) in [
            (format!("{{\"access\": \"{key}\"}}"), 1),
            (format!("{{\"token\": \"{token}\"}}"), 0),
            ("password = hunter2-hunter2".to_owned(), 0),
        ] {
            let found = secrets(&text);
            assert_eq!(found.len(), count, "{text}: {found:?}");
        }
    }
}
