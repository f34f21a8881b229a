//! Scans one file: selects rules, parses once, evaluates, turns ranges into findings.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tollgate_core::{Cancel, Diagnostic, DiagnosticLevel, FileEntry, Language, RuleId, SkipReason, Trace};

use crate::cache::Key;
use crate::eval::explain::Explainer;
use crate::eval::ranges::Range;
use crate::eval::{Scope, Troubles, evaluate};
use crate::facts::{self, FileFacts};
use crate::generic::tokens::TokenCache;
use crate::matching::{Dialect, Matcher, ParseError, ParsedFile};
use crate::prefilter::{Need, Present};
use crate::project::{Kept, Lacking, Seen};
use crate::rule::compile::{Program, TaintQuery};
use crate::scanner::explain;
use crate::scanner::finding::{self, FileFinding};
use crate::scanner::lines::{Lines, text_of};
use crate::scanner::plan::{Ready, RulePlan, Selected};
use crate::scanner::settings::ExplainRequest;
use crate::taint::{self, End};

/// What scanning one file gave.
#[derive(Debug, Default)]
pub(crate) struct FileResult {
    pub(crate) findings: Vec<FileFinding>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) skipped: Option<SkipReason>,
    pub(crate) bytes: u64,
    pub(crate) facts: FileFacts,
    pub(crate) lacking: Lacking,
    /// What looking across files need not find out again.
    pub(crate) seen: Option<Seen>,
    /// Stands for the path and the contents, where results are kept.
    pub(crate) key: Option<Key>,
}

/// A range a rule reports, with the data flow behind it.
#[derive(Debug)]
pub(crate) struct Hit {
    pub(crate) range: Range,
    pub(crate) trace: Option<Trace>,
}

/// Whether taint follows calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CrossFunction {
    /// Never.
    Off,
    /// For rules that ask for it.
    Asked,
    /// For rules that do not refuse it.
    On,
}

impl CrossFunction {
    pub(crate) const fn is_on(self, rule: Option<bool>) -> bool {
        match (self, rule) {
            (Self::Off, _) | (Self::Asked, None) => false,
            (Self::On, None) => true,
            (_, Some(own)) => own,
        }
    }
}

/// What all files share.
pub(crate) struct FileContext<'c> {
    pub(crate) plan: &'c RulePlan,
    pub(crate) cancel: &'c Cancel,
    pub(crate) budget: Duration,
    pub(crate) explain: Option<&'c ExplainRequest>,
    pub(crate) cross_function: CrossFunction,
    /// Where files are looked at across each other later, the trees kept for that.
    pub(crate) kept: Option<&'c Kept>,
}

/// Scans what a file holds.
pub(crate) fn scan(cx: &FileContext<'_>, file: &FileEntry, bytes: Vec<u8>) -> FileResult {
    let mut result = FileResult { bytes: bytes.len() as u64, ..FileResult::default() };
    let present = cx.plan.present(&bytes);
    let selected = cx.plan.select(file, &present);
    let follows = |language| cx.plan.taint_rules(language).any(|ready| cx.follows(ready));
    let kept = cx.kept.filter(|_| file.language.is_some_and(follows));
    let asked = cx.explain.filter(|request| file.path.as_str() == request.path);
    let tells = file.language.filter(|language| facts::is_worth_parsing(*language, &bytes));
    if selected.is_empty() {
        explain::unselected(asked, file, &mut result.diagnostics);
        if tells.is_none() {
            result.seen = kept.and_then(|_| Seen::of(file, &bytes, present));
            return result;
        }
    }
    let text = &text_of(bytes);
    let cancel = cx.cancel.with_deadline(Instant::now() + cx.budget);
    let lines = Lines::new(text);
    let cross_function = cx.cross_function;
    let mut run = FileRun { file, text, lines: &lines, cancel: &cancel, asked, cross_function, result };
    let parsed = match tells {
        Some(language) if selected.code.is_empty() => run.parse_for_facts(language),
        _ => run.parse(&selected),
    };
    if let Some(parsed) = &parsed {
        if parsed.has_errors() && !selected.code.is_empty() {
            run.result.skipped = Some(SkipReason::PartlyParsed);
        }
        run.result.facts = facts::of_file(parsed, &file.path);
        let matcher = Matcher::new(parsed, &cancel);
        run.all(&selected.code, Some(&matcher));
        run.look_for_sinks(cx.plan, &present, &matcher);
    }
    run.all(&selected.generic, None);
    run.all(&selected.regex, None);
    explain::unselected_rule(asked, &selected, file, &mut run.result.diagnostics);
    let mut result = run.result;
    finding::dedup(&mut result.findings);
    if let Some(kept) = kept {
        let walked = cx.is_walked(file, &present, &result);
        result.seen = Seen::of(file, text.as_bytes(), present);
        if let (Some(seen), Some(parsed)) = (&mut result.seen, parsed.filter(|_| walked))
            && kept.admits_early(file.size)
        {
            seen.tree = Some(Arc::new(parsed));
        }
    }
    result
}

impl FileContext<'_> {
    fn follows(&self, ready: &Ready) -> bool {
        self.cross_function.is_on(ready.rule.options.cross_function)
    }

    /// Whether a rule is likely to walk the file for what lies in others: by its words it has a source.
    fn is_walked(&self, file: &FileEntry, present: &Present, result: &FileResult) -> bool {
        let of_rule = |ready: &Ready| {
            let need = ready.need_of(End::Source).filter(|need| **need != Need::Always);
            self.follows(ready)
                && need.is_some_and(|need| present.meets(need))
                && !result.lacking.lacks(ready.index, End::Source)
                && !matches!(&*ready.program, Program::Taint(query) if query.takes_any_parameter())
        };
        let language = file.language.filter(|_| result.skipped != Some(SkipReason::TimedOut));
        language.is_some_and(|language| self.plan.taint_rules(language).any(of_rule))
    }
}

struct FileRun<'r> {
    file: &'r FileEntry,
    text: &'r Arc<str>,
    lines: &'r Lines,
    cancel: &'r Cancel,
    asked: Option<&'r ExplainRequest>,
    cross_function: CrossFunction,
    result: FileResult,
}

impl FileRun<'_> {
    fn parse(&mut self, selected: &Selected<'_>) -> Option<ParsedFile> {
        let language = self.file.language.filter(|_| !selected.code.is_empty())?;
        match ParsedFile::parse(language, self.dialect(), Arc::clone(self.text), self.cancel) {
            Ok(parsed) => Some(parsed),
            Err(error) => {
                let reason = match error {
                    ParseError::OutOfTime => SkipReason::TimedOut,
                    _ => SkipReason::PartlyParsed,
                };
                let level = match error {
                    ParseError::OutOfTime => DiagnosticLevel::Error,
                    _ => DiagnosticLevel::Warning,
                };
                self.result.skipped = Some(reason);
                let message = format!("{} was not parsed as {language}: {error}", self.file.path);
                self.result
                    .diagnostics
                    .push(Diagnostic::new(level, message).at(self.file.path.clone(), None));
                None
            }
        }
    }

    /// A file that no rule needs is no gap when it does not parse; only its facts are unknown.
    fn parse_for_facts(&mut self, language: Language) -> Option<ParsedFile> {
        let parsed = ParsedFile::parse(language, self.dialect(), Arc::clone(self.text), self.cancel);
        if parsed.is_err() {
            self.result.facts = FileFacts::unknown();
        }
        parsed.ok()
    }

    fn dialect(&self) -> Dialect {
        match self.file.path.extension() {
            Some("tsx") => Dialect::Tsx,
            _ => Dialect::Plain,
        }
    }

    fn all(&mut self, rules: &[&Ready], matcher: Option<&Matcher<'_>>) {
        let tokens = TokenCache::default();
        let troubles = Troubles::default();
        for ready in rules {
            if self.cancel.is_cancelled() {
                self.out_of_time(ready.rule.id());
                return;
            }
            let asked = self.asked.is_some_and(|request| request.means(ready.rule.id().as_str()));
            let explainer = asked.then(|| {
                let line = self.asked.map_or(1, |request| request.line);
                RefCell::new(Explainer::new(self.lines.span(line, self.text)))
            });
            let scope = Scope {
                explainer: explainer.as_ref(),
                ..match matcher {
                    Some(matcher) => Scope::of_file(matcher, self.cancel, &troubles, &tokens),
                    None => Scope::of_text(self.text, self.cancel, &troubles, &tokens),
                }
            };
            let hits = match &*ready.program {
                Program::Search(query) => {
                    evaluate(query, &scope).into_iter().map(|range| Hit { range, trace: None }).collect()
                }
                Program::Taint(taint) => self.taint(taint, ready, &scope),
            };
            let reported = hits.len();
            for hit in hits {
                let found = finding::build(ready, hit, &scope, self.file, self.text, self.lines);
                self.result.findings.push(found);
            }
            if let (Some(explainer), Some(request)) = (explainer, self.asked) {
                let report = explain::report(request, ready, &explainer.into_inner(), reported);
                self.result.diagnostics.push(report.at(self.file.path.clone(), Some(request.line)));
            }
            if let Some(trouble) = troubles.take() {
                let message =
                    format!("rule {} was not finished on {}: {trouble}", ready.rule.id(), self.file.path);
                let diagnostic = Diagnostic::new(DiagnosticLevel::Warning, message)
                    .at(self.file.path.clone(), None)
                    .rule(ready.rule.id().clone());
                self.result.diagnostics.push(diagnostic);
            }
            if self.cancel.is_cancelled() {
                self.out_of_time(ready.rule.id());
                return;
            }
        }
    }

    fn taint(&mut self, query: &TaintQuery, ready: &Ready, scope: &Scope<'_>) -> Vec<Hit> {
        let options = &ready.rule.options;
        let cross = self.cross_function.is_on(options.cross_function);
        match taint::find(query, options, cross, scope, &self.file.path, self.lines) {
            Ok(flows) => flows.into_iter().map(|flow| Hit { range: flow.range, trace: flow.trace }).collect(),
            Err(missing) => {
                self.result.lacking.note(ready.index, missing);
                Vec::new()
            }
        }
    }

    /// Looks for the sinks of rules that were not chosen for want of a source. Sinks without telling words are
    /// left open, as nearly every file would have to be searched for them; so are sources, which are looked for
    /// where a file is walked.
    fn look_for_sinks(&mut self, plan: &RulePlan, present: &Present, matcher: &Matcher<'_>) {
        let (tokens, troubles) = (TokenCache::default(), Troubles::default());
        let scope = Scope::of_file(matcher, self.cancel, &troubles, &tokens);
        for ready in self.file.language.into_iter().flat_map(|language| plan.taint_rules(language)) {
            let Program::Taint(query) = &*ready.program else { continue };
            let allows = |end: End| ready.need_of(end).is_some_and(|need| present.meets(need));
            if self.cross_function.is_on(ready.rule.options.cross_function)
                && !allows(End::Source)
                && allows(End::Sink)
                && ready.need_of(End::Sink) != Some(&Need::Always)
                && !taint::has_sink(query, &scope)
            {
                self.result.lacking.note(ready.index, End::Sink);
            }
        }
        if self.cancel.is_cancelled() || troubles.take().is_some() {
            self.result.lacking = Lacking::default();
        }
    }

    fn out_of_time(&mut self, rule: &RuleId) {
        self.result.skipped = Some(SkipReason::TimedOut);
        let message = format!("the time for {} ran out in rule {rule}", self.file.path);
        let diagnostic = Diagnostic::new(DiagnosticLevel::Error, message)
            .hint("exclude the file, disable the rule or raise the time limit of a file")
            .at(self.file.path.clone(), None)
            .rule(rule.clone());
        self.result.diagnostics.push(diagnostic);
    }
}
