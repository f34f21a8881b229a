//! SARIF of any tool, read as far as it can be understood.
//!
//! A file is read twice: first everything that results refer to, then the results one by one, so that a
//! large file never sits in memory. What cannot be read is named in a diagnostic; an error among these
//! makes the outcome incomplete.

mod context;
mod decode;
pub(crate) mod lenient;
mod message;
mod notes;
mod own;
pub(crate) mod package;
mod place;
pub(crate) mod result;
pub(crate) mod rule;
mod scan;
pub(crate) mod secret;
mod uri;

use std::collections::BTreeMap;
use std::io::{self, Read, Seek, SeekFrom};

use serde_json::Value;
use tollgate_core::{
    Diagnostic, DiagnosticLevel, Finding, MergedFinding, RepoPath, Report, RuleId, RuleMeta, ScannerId,
    ScannerOutcome,
};

use self::context::{Results, RuleNames, RunContext};
use self::decode::Decoder;
use self::lenient::{list, str_of, text};
use self::notes::{Notes, Place};
use self::result::{Reader, Taken};
use self::scan::{Next, ScanError, Scanner};
use self::uri::Tree;

/// What the reader is told of the file and the tree its results are about.
#[derive(Default)]
pub struct ReadOptions<'a> {
    /// The file's name for messages.
    pub name: &'a str,
    /// Absolute path of the scanned tree, to make absolute paths in the report relative.
    pub root: Option<&'a str>,
    /// Whether a file is in the scanned tree; finds files of reports that were made at another place.
    pub contains: Option<&'a dyn Fn(&RepoPath) -> bool>,
    /// Findings it refuses are dropped as they are read. Tollgate's own reports are read in full.
    pub keep: Option<&'a dyn Fn(&Finding) -> bool>,
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportedReport {
    /// What other tools found, one outcome for each tool, messages about the file among its diagnostics.
    pub outcomes: Vec<ScannerOutcome>,
    /// Reports of Tollgate's own, restored. Messages about the file are among their diagnostics.
    pub own: Vec<Report>,
    /// Results that `keep` refused.
    pub dropped: u64,
}

impl ImportedReport {
    /// Whether Tollgate wrote all of it.
    #[must_use]
    pub fn is_tollgate(&self) -> bool {
        self.outcomes.is_empty() && !self.own.is_empty()
    }

    /// Whether everything in the file was read and its tools finished their work.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let sound = |diagnostics: &[Diagnostic]| {
            diagnostics.iter().all(|diagnostic| diagnostic.level < DiagnosticLevel::Error)
        };
        self.outcomes.iter().all(ScannerOutcome::is_complete)
            && self.own.iter().all(|report| {
                sound(&report.diagnostics)
                    && report.verdict.gaps().is_empty()
                    && report.scanners.iter().all(|summary| summary.complete)
            })
    }
}

/// A file that holds no report.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The reader failed.
    #[error("read `{name}`")]
    Io {
        /// The file.
        name: String,
        /// Why.
        source: io::Error,
    },
    /// The file is something else.
    #[error("read `{name}` as SARIF or the report of a known tool: {reason}")]
    NotSarif {
        /// The file.
        name: String,
        /// Why.
        reason: String,
    },
}

/// Reads a SARIF file.
///
/// # Errors
/// When the reader fails or the file is no SARIF at all. A file that is SARIF in part is no error.
pub fn read_sarif<R: Read + Seek>(
    mut reader: R,
    options: &ReadOptions<'_>,
) -> Result<ImportedReport, ReadError> {
    let io_error = |source| ReadError::Io { name: options.name.to_owned(), source };
    let mut notes = Notes::new(options.name);
    let runs = read_contexts(Decoder::new(&mut reader), options.name, &mut notes)?;
    reader.seek(SeekFrom::Start(0)).map_err(io_error)?;
    let mut gathered = Gathered::new(&runs, options, &mut notes);
    // A text that breaks off was named when it was first read.
    if let Err(ScanError::Io(source)) = gathered.read_results(Decoder::new(&mut reader), &mut notes) {
        return Err(io_error(source));
    }
    Ok(gathered.into_report(&runs, notes))
}

/// Reads all but the results.
fn read_contexts<R: Read>(
    decoder: Decoder<R>,
    name: &str,
    notes: &mut Notes,
) -> Result<Vec<RunContext>, ReadError> {
    let not_sarif = |reason: &str| ReadError::NotSarif { name: name.to_owned(), reason: reason.to_owned() };
    let mut scanner = Scanner::new(decoder);
    match scanner.next() {
        Ok(Next::Object) => {}
        Ok(_) => return Err(not_sarif("it does not start with a JSON object")),
        Err(ScanError::Io(source)) => return Err(ReadError::Io { name: name.to_owned(), source }),
        Err(_) => return Err(not_sarif("it is empty")),
    }
    let mut runs: Vec<RunContext> = Vec::new();
    let mut has_runs = false;
    let mut version = None;
    let outcome = scanner.object(|scanner, key| match key {
        "runs" => {
            has_runs = true;
            if scanner.next()? != Next::Array {
                return scanner.skip();
            }
            scanner.array(|scanner, _| {
                let at = Place { run: runs.len(), result: None };
                runs.push(RunContext::default());
                if scanner.next()? != Next::Object {
                    notes.add(DiagnosticLevel::Error, "a run is not an object", at);
                    return scanner.skip();
                }
                let run = runs.last_mut().expect("a run was just pushed");
                run.read(scanner, at, notes)
            })
        }
        "version" => {
            let mut raw = Vec::new();
            scanner.value(&mut raw)?;
            version = serde_json::from_slice::<String>(&raw).ok();
            Ok(())
        }
        _ => scanner.skip(),
    });
    let replaced = scanner.source().replaced();
    match outcome {
        Err(ScanError::Io(source)) => return Err(ReadError::Io { name: name.to_owned(), source }),
        Err(error) if has_runs => {
            notes.add_at(DiagnosticLevel::Error, "the file is broken and is read up to there", || {
                error.to_string()
            })
        }
        Err(error) => return Err(not_sarif(&error.to_string())),
        Ok(()) if !has_runs => return Err(not_sarif("it has no `runs`")),
        Ok(()) => {}
    }
    if replaced {
        notes.add_at(DiagnosticLevel::Warning, "bytes that are no text were replaced", || name.to_owned());
    }
    if let Some(version) = version.filter(|version| !version.starts_with('2')) {
        notes.add_at(DiagnosticLevel::Error, "only SARIF 2 is read in full", || {
            format!("the file says version {version}")
        });
    }
    Ok(runs)
}

/// Findings as they come in.
struct Gathered<'a> {
    readers: Vec<Reader<'a>>,
    keep: Option<&'a dyn Fn(&Finding) -> bool>,
    /// By tool, in the order of their first run.
    tools: Vec<(ScannerId, Vec<Finding>)>,
    rules: Vec<BTreeMap<RuleId, RuleMeta>>,
    /// By run.
    tool_of_run: Vec<usize>,
    own: Vec<Vec<MergedFinding>>,
    no_flaw: u64,
    dropped: u64,
}

impl<'a> Gathered<'a> {
    fn new(runs: &'a [RunContext], options: &ReadOptions<'a>, notes: &mut Notes) -> Self {
        let tree =
            Tree { root: options.root.map(|root| root.trim_end_matches('/')), contains: options.contains };
        let mut gathered = Self {
            readers: Vec::new(),
            keep: options.keep,
            tools: Vec::new(),
            rules: Vec::new(),
            tool_of_run: Vec::new(),
            own: runs.iter().map(|_| Vec::new()).collect(),
            no_flaw: 0,
            dropped: 0,
        };
        for (at, run) in runs.iter().enumerate() {
            let place = Place { run: at, result: None };
            if run.tool.is_none() {
                notes.add(DiagnosticLevel::Warning, "a run names no tool", place);
            }
            match run.results {
                Results::Listed => {}
                Results::Missing | Results::Null => {
                    notes.add(DiagnosticLevel::Error, "a run has no list of results", place);
                }
                Results::Elsewhere => {
                    notes.add(DiagnosticLevel::Error, "the results of a run stand in another file", place);
                }
            }
            let scanner = ScannerId::new(&run.tool_name().to_lowercase());
            let tool = gathered.tools.iter().position(|(known, _)| *known == scanner).unwrap_or_else(|| {
                gathered.tools.push((scanner.clone(), Vec::new()));
                gathered.rules.push(BTreeMap::new());
                gathered.tools.len() - 1
            });
            gathered.tool_of_run.push(tool);
            gathered.readers.push(Reader { run, tree, scanner, overrides: overrides(run) });
        }
        gathered
    }

    fn read_results<R: Read>(&mut self, decoder: Decoder<R>, notes: &mut Notes) -> Result<(), ScanError> {
        let mut raw = Vec::new();
        Scanner::new(decoder).object(|scanner, key| {
            if key != "runs" || scanner.next()? != Next::Array {
                return scanner.skip();
            }
            scanner.array(|scanner, run| {
                if scanner.next()? != Next::Object || run >= self.readers.len() {
                    return scanner.skip();
                }
                scanner.object(|scanner, key| {
                    if key != "results" || scanner.next()? != Next::Array {
                        return scanner.skip();
                    }
                    scanner.array(|scanner, result| {
                        raw.clear();
                        scanner.value(&mut raw)?;
                        self.take(&raw, Place { run, result: Some(result) }, notes);
                        Ok(())
                    })
                })
            })
        })
    }

    fn take(&mut self, raw: &[u8], at: Place, notes: &mut Notes) {
        let Some(result) = parse(raw, at, notes) else {
            return notes.add(DiagnosticLevel::Error, "a result cannot be read", at);
        };
        let reader = &self.readers[at.run];
        if reader.run.is_own() {
            match own::finding(reader.run, &result) {
                Ok(finding) => self.own[at.run].push(finding),
                Err(error) => notes.add_at(DiagnosticLevel::Error, "a result cannot be restored", || {
                    format!("{at}: {error}")
                }),
            }
            return;
        }
        match reader.read(&result, at, notes) {
            Taken::NoFlaw => self.no_flaw += 1,
            Taken::Unreadable(why) => notes.add(DiagnosticLevel::Error, why, at),
            Taken::Finding(finding) => {
                if self.keep.is_some_and(|keep| !keep(&finding)) {
                    self.dropped += 1;
                    return;
                }
                let tool = self.tool_of_run[at.run];
                if !self.rules[tool].contains_key(&finding.rule) {
                    let rule = reader.run.rule(&RuleNames::of_result(&result));
                    let meta = result::fired(rule, &finding).meta;
                    self.rules[tool].insert(finding.rule.clone(), meta);
                }
                self.tools[tool].1.push(*finding);
            }
        }
    }

    fn into_report(self, runs: &[RunContext], notes: Notes) -> ImportedReport {
        let mut report = ImportedReport { dropped: self.dropped, ..ImportedReport::default() };
        for (at, findings) in self.own.into_iter().enumerate() {
            if runs[at].is_own() {
                report.own.push(own::report(&runs[at], findings));
            }
        }
        for (at, ((scanner, findings), rules)) in self.tools.into_iter().zip(self.rules).enumerate() {
            let foreign = |run: &usize| self.tool_of_run[*run] == at && !runs[*run].is_own();
            let runs: Vec<&RunContext> = (0..runs.len()).filter(foreign).map(|run| &runs[run]).collect();
            let Some(first) = runs.first() else { continue };
            let mut outcome = ScannerOutcome::empty(scanner);
            outcome.tool.clone_from(&first.tool);
            outcome.findings = findings;
            outcome.rules = rules.into_values().collect();
            outcome.coverage.examined = runs.iter().map(|run| run.artifacts.len() as u64).sum();
            outcome.diagnostics = runs.iter().flat_map(|run| told(run)).collect();
            report.outcomes.push(outcome);
        }
        let mut diagnostics = notes.into_diagnostics();
        if self.no_flaw > 0 {
            let text = format!("{} results say that there is no flaw and are passed over", self.no_flaw);
            diagnostics.push(Diagnostic::new(DiagnosticLevel::Note, text));
        }
        match (report.outcomes.first_mut(), report.own.first_mut()) {
            (Some(outcome), _) => outcome.diagnostics.extend(diagnostics),
            (None, Some(own)) => own.diagnostics.extend(diagnostics),
            (None, None) => {
                let mut outcome = ScannerOutcome::empty(ScannerId::new("import"));
                diagnostics
                    .push(Diagnostic::new(DiagnosticLevel::Error, "the file holds no run of any tool"));
                outcome.diagnostics = diagnostics;
                report.outcomes.push(outcome);
            }
        }
        report
    }
}

/// The result as a value. A result that is no JSON as a whole is read member by member.
fn parse(raw: &[u8], at: Place, notes: &mut Notes) -> Option<Value> {
    if let Ok(value) = serde_json::from_slice::<Value>(raw) {
        return Some(value);
    }
    let mut members = serde_json::Map::new();
    let mut part = Vec::new();
    let outcome = Scanner::new(raw).object(|scanner, key| {
        part.clear();
        scanner.value(&mut part)?;
        match serde_json::from_slice(&part) {
            Ok(value) => {
                members.insert(key.to_owned(), value);
            }
            Err(_) => {
                let fault = format!("`{key}` of a result cannot be read and is passed over");
                notes.add(DiagnosticLevel::Warning, &fault, at);
            }
        }
        Ok(())
    });
    outcome.ok().map(|()| Value::Object(members))
}

/// Levels that the invocations set for single rules.
fn overrides(run: &RunContext) -> result::Overrides {
    let all = run.invocations.iter().flat_map(|invocation| list(invocation, "ruleConfigurationOverrides"));
    all.filter_map(|change| {
        let level = str_of(change.get("configuration")?, "level")?.to_ascii_lowercase();
        Some((RuleNames::of_reference(change.get("descriptor")?), level))
    })
    .collect()
}

/// What the tool says of its own run: whether it finished, and what went wrong.
fn told(run: &RunContext) -> Vec<Diagnostic> {
    let mut told = Vec::new();
    let name = run.tool_name();
    for invocation in &run.invocations {
        let failed = invocation.get("executionSuccessful").is_some_and(|flag| {
            flag.as_bool() == Some(false)
                || flag.as_str().is_some_and(|word| word.eq_ignore_ascii_case("false"))
        });
        if failed {
            let why = text(invocation, "exitCodeDescription")
                .or_else(|| text(invocation, "processStartFailureMessage"))
                .map(|why| format!(": {}", why.replace(char::is_control, " ")));
            let text = format!("{name} says that it did not finish{}", why.unwrap_or_default());
            told.push(Diagnostic::new(DiagnosticLevel::Error, text));
        }
        for key in ["toolExecutionNotifications", "toolConfigurationNotifications"] {
            for notification in list(invocation, key) {
                let level = match str_of(notification, "level").map(str::to_ascii_lowercase).as_deref() {
                    Some("error") => DiagnosticLevel::Error,
                    Some("note" | "none") => continue,
                    _ => DiagnosticLevel::Warning,
                };
                let message = notification
                    .get("message")
                    .and_then(|value| message::message(value, None, run))
                    .or_else(|| text(notification.get("exception")?, "message"))
                    .unwrap_or_else(|| "a notification without a message".to_owned());
                let message = message.replace(char::is_control, " ");
                let mut short = message.trim().to_owned();
                if short.len() > 500 {
                    short.truncate(short.floor_char_boundary(500));
                    short.push('…');
                }
                told.push(Diagnostic::new(level, format!("{name}: {short}")));
            }
        }
    }
    told.sort();
    told.dedup();
    told
}
