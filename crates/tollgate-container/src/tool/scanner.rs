//! A tool as a scanner of the pipeline.

use std::sync::Arc;
use std::time::Instant;

use tollgate_core::{
    Cancel, Diagnostic, DiagnosticLevel, Event, Origin, ScanContext, Scanner, ScannerId, ScannerOutcome,
    SettingLine, Stage,
};

use super::{
    Format, Subject, Surroundings, ToolError, ToolImage, ToolProgram, ToolSpec, command, container, convert,
};
use crate::engine::Engine;

/// What reading a result gives: an outcome, or why there is none.
pub type ParseResult = Result<ScannerOutcome, String>;

type Parse = Arc<dyn Fn(&[u8], Format) -> ParseResult + Send + Sync>;

/// Runs a tool and reads its result.
pub struct ToolScanner {
    spec: ToolSpec,
    surroundings: Surroundings,
    parse: Parse,
}

impl ToolScanner {
    /// A scanner that hands results to `parse`, as SARIF whatever the tool writes.
    pub fn new(spec: ToolSpec, surroundings: Surroundings, parse: Parse) -> Self {
        Self { spec, surroundings, parse }
    }

    async fn result(&self, cx: &ScanContext<'_>) -> Result<Vec<u8>, ToolError> {
        let url = self.surroundings.target.as_ref().map(|target| target.url.as_str());
        if self.spec.subject == Subject::Target && url.is_none() {
            return Err(ToolError::NoTarget);
        }
        let cancel: &Cancel = cx.cancel;
        let source = cx.inventory.root();
        let bytes = match &self.spec.program {
            ToolProgram::Command(words) => command::run(&self.spec, words, source, url, cancel).await?,
            ToolProgram::Container { .. } => {
                let engine = Engine::connect().await?;
                container::run(&engine, &self.spec, &self.surroundings, source, cancel).await?
            }
        };
        convert::to_sarif(self.spec.format, &bytes).map_err(ToolError::BadResult)
    }
}

impl Scanner for ToolScanner {
    fn id(&self) -> ScannerId {
        self.spec.id.clone()
    }

    fn stage(&self) -> Stage {
        match self.spec.subject {
            Subject::Source => Stage::Static,
            Subject::Target => Stage::Dynamic,
        }
    }

    fn describe(&self) -> Vec<SettingLine> {
        let line = |key: &str, value: String| SettingLine {
            key: format!("tool.{}.{key}", self.spec.id),
            value,
            origin: Origin::Default,
        };
        let runs = match &self.spec.program {
            ToolProgram::Command(words) => words.join(" "),
            ToolProgram::Container { image: ToolImage::Named(name), .. } => format!("container of {name}"),
            ToolProgram::Container { image: ToolImage::Built { .. }, .. } => {
                "container of an image built here".to_owned()
            }
        };
        vec![
            line("runs", runs),
            line("arguments", self.spec.arguments.join(" ")),
            line("network", self.spec.network.to_string()),
        ]
    }

    fn scan(&self, cx: &ScanContext<'_>) -> ScannerOutcome {
        let began = Instant::now();
        cx.events.emit(Event::Phase { scanner: self.id(), name: format!("running {}", self.spec.id) });
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let result = match runtime {
            Ok(runtime) => runtime.block_on(self.result(cx)),
            Err(error) => {
                let program = self.spec.id.to_string();
                Err(ToolError::Command { program, reason: error.to_string() })
            }
        };
        let read = result.and_then(|bytes| (self.parse)(&bytes, Format::Sarif).map_err(ToolError::BadResult));
        let mut outcome = read.unwrap_or_else(|error| {
            let mut outcome = ScannerOutcome::empty(self.id());
            let message = format!("{} gave no result: {error}", self.spec.id);
            outcome.diagnostics.push(Diagnostic::new(DiagnosticLevel::Error, message).hint(error.hint()));
            outcome
        });
        outcome.scanner = self.id();
        outcome.elapsed = began.elapsed();
        if let Some(warning) = &self.spec.warning {
            let message = format!("{}: {warning}", self.spec.id);
            outcome.diagnostics.push(Diagnostic::new(DiagnosticLevel::Note, message));
        }
        outcome
    }
}
