//! The one consumer of scan events: progress bars on a terminal, plain lines elsewhere, nothing when
//! asked to be quiet.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use tollgate_core::{DiagnosticLevel, Event, Events, ScannerId};

use crate::cli::OutputArgs;

/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Bars,
    Lines,
    Silent,
}

/// Shows events until dropped.
#[derive(Clone)]
pub(crate) struct Progress(Arc<Mutex<State>>);

struct State {
    mode: Mode,
    bars: MultiProgress,
    scanners: BTreeMap<ScannerId, Shown>,
}

struct Shown {
    bar: ProgressBar,
    bytes: u64,
}

impl Progress {
    /// Chooses the mode: bars on a terminal outside CI, lines elsewhere, nothing with `--quiet`.
    pub(crate) fn new(output: &OutputArgs) -> Self {
        let in_ci = std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false");
        let mode = match () {
            () if output.quiet || output.no_progress => Mode::Silent,
            () if io::stderr().is_terminal() && !in_ci => Mode::Bars,
            () => Mode::Lines,
        };
        let bars = MultiProgress::with_draw_target(match mode {
            Mode::Bars => ProgressDrawTarget::stderr_with_hz(12),
            Mode::Lines | Mode::Silent => ProgressDrawTarget::hidden(),
        });
        Self(Arc::new(Mutex::new(State { mode, bars, scanners: BTreeMap::new() })))
    }

    /// Events that this progress shows.
    pub(crate) fn events(&self) -> Events {
        let state = Arc::clone(&self.0);
        Events::new(move |event| state.lock().unwrap_or_else(PoisonError::into_inner).show(event))
    }

    /// Takes the bars off the screen.
    pub(crate) fn clear(&self) {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A terminal that went away cannot be cleared, and nothing depends on it.
        let _ = state.bars.clear();
    }
}

impl State {
    fn say(&self, line: &str) {
        match self.mode {
            Mode::Silent => {}
            Mode::Bars => {
                let _ = self.bars.println(line);
            }
            Mode::Lines => {
                let _ = writeln!(io::stderr(), "{line}");
            }
        }
    }

    fn show(&mut self, event: Event) {
        match event {
            Event::Started { scanner, total } => self.start(&scanner, total),
            Event::Phase { scanner, name } => match self.mode {
                Mode::Lines => self.say(&format!("{scanner}: {name}")),
                Mode::Bars | Mode::Silent => self.shown(&scanner).bar.set_message(name),
            },
            Event::Progress { scanner, units, bytes } => {
                let shown = self.shown(&scanner);
                shown.bytes += bytes;
                let megabytes = megabytes(shown.bytes);
                shown.bar.inc(units);
                if shown.bytes > 0 {
                    shown.bar.set_message(megabytes);
                }
            }
            Event::Diagnostic { scanner, diagnostic } => {
                if diagnostic.level >= DiagnosticLevel::Warning {
                    let level = if diagnostic.level == DiagnosticLevel::Error { "error" } else { "warning" };
                    self.say(&format!("{scanner}: {level}: {}", diagnostic.message));
                }
            }
            Event::Finished { scanner, findings, complete, elapsed } => {
                self.finish(&scanner, findings, complete, elapsed);
            }
        }
    }

    fn start(&mut self, scanner: &ScannerId, total: Option<u64>) {
        let shown = self.shown(scanner);
        match total {
            Some(total) => {
                shown.bar.set_length(total);
                shown.bar.set_style(style("{prefix:>9} [{bar:32}] {pos}/{len}  {msg}  {elapsed}"));
            }
            None => shown.bar.set_style(style("{prefix:>9} {spinner} {pos}  {msg}  {elapsed}")),
        }
        if self.mode == Mode::Bars {
            self.shown(scanner).bar.enable_steady_tick(Duration::from_millis(120));
        } else {
            let count = total.map(|total| format!(" ({total} to do)")).unwrap_or_default();
            self.say(&format!("{scanner}: started{count}"));
        }
    }

    fn finish(&mut self, scanner: &ScannerId, findings: usize, complete: bool, elapsed: Duration) {
        self.shown(scanner).bar.finish_and_clear();
        let state = if complete { "" } else { ", incomplete" };
        let plural = if findings == 1 { "" } else { "s" };
        self.say(&format!("{scanner}: {findings} finding{plural} in {:.1}s{state}", elapsed.as_secs_f64()));
    }

    fn shown(&mut self, scanner: &ScannerId) -> &mut Shown {
        let bars = &self.bars;
        self.scanners.entry(scanner.clone()).or_insert_with(|| {
            let bar = bars.add(ProgressBar::new_spinner());
            bar.set_prefix(scanner.to_string());
            Shown { bar, bytes: 0 }
        })
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("━╸ ")
}

fn megabytes(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "a rounded figure for people")]
    let value = bytes as f64 / 1_000_000.0;
    format!("{value:.1} MB")
}
