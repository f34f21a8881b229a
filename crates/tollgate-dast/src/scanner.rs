//! The dynamic scanner as the pipeline sees it.

use tollgate_core::facts::Facts;
use tollgate_core::{
    Diagnostic, DiagnosticLevel, ScanContext, Scanner, ScannerId, ScannerOutcome, SettingLine, Stage,
};

use crate::checks;
use crate::engine;
use crate::error::DastError;
use crate::settings::DastSettings;
use crate::worker::Job;

/// Scans a running application in this process, on a runtime of its own.
#[derive(Debug)]
pub struct DastScanner {
    settings: DastSettings,
}

impl DastScanner {
    /// A scanner for these settings, checked as far as that is possible without a request.
    ///
    /// # Errors
    /// When the target, the scope, a check file or a named document is wrong, or a secret is missing.
    pub fn new(settings: DastSettings) -> Result<Self, DastError> {
        let job = Job::from(&settings, &Facts::default())?;
        checks::load(&job)?;
        Ok(Self { settings })
    }
}

impl Scanner for DastScanner {
    fn id(&self) -> ScannerId {
        ScannerId::new(ScannerId::DAST)
    }

    fn stage(&self) -> Stage {
        Stage::Dynamic
    }

    fn describe(&self) -> Vec<SettingLine> {
        self.settings.lines.clone()
    }

    fn scan(&self, cx: &ScanContext<'_>) -> ScannerOutcome {
        match Job::from(&self.settings, cx.facts) {
            Ok(job) => engine::run(&job, self.settings.readers, cx.events, cx.cancel),
            Err(error) => {
                let mut outcome = ScannerOutcome::empty(self.id());
                outcome.diagnostics.push(Diagnostic::new(DiagnosticLevel::Error, error.to_string()));
                outcome
            }
        }
    }
}
