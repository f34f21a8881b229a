//! The static scanner: reads the files of the inventory and runs the rules on them.

mod explain;
pub(crate) mod file;
pub(crate) mod finding;
pub(crate) mod lines;
pub(crate) mod plan;
mod scope;
mod settings;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use rayon::prelude::*;
use sha2::Digest;
use tollgate_core::{
    Coverage, Diagnostic, DiagnosticLevel, Event, FileEntry, Finding, Language, RuleMeta, ScanContext,
    Scanner, ScannerId, ScannerOutcome, SettingLine, Severity, SkipReason, Skipped,
};

use crate::builtin;
use crate::cache::{self, Cache};
use crate::facts::{self, FileFacts, Told};
use crate::project::{Across, Kept, Lacking, Seen, look_across};
use crate::rule::error::{Problem, RuleError};
use crate::rule::library::Library;
use crate::rule::load::{self, Loaded, Rule};
use crate::scanner::file::{CrossFunction, FileContext, FileResult};
use crate::scanner::plan::LazyPlan;
use crate::scanner::settings::names_rule;
pub use settings::{ExplainRequest, SastSettings};

/// Files this large hold no code anyone wrote; `scan.max-file-size` is usually far lower.
const MAX_BYTES: u64 = 64 << 20;
const STACK: usize = 16 << 20;

/// Runs static rules.
#[derive(Debug)]
pub struct SastScanner {
    settings: SastSettings,
    rules: Vec<Arc<Rule>>,
    warnings: Vec<RuleError>,
}

impl SastScanner {
    /// Loads the rules.
    ///
    /// # Errors
    /// With every fault of every rule file.
    pub fn new(settings: SastSettings) -> Result<Self, Vec<RuleError>> {
        let mut loaded = load::load(&settings.rules);
        if settings.builtin {
            let own = load_builtin(&settings.pack, loaded.library.clone())?;
            loaded.errors.extend(own.errors);
            loaded.rules.extend(own.rules);
        }
        if !loaded.errors.is_empty() {
            return Err(loaded.errors);
        }
        let rules = loaded
            .rules
            .into_iter()
            .filter(|rule| !settings.disable.iter().any(|word| names_rule(word, rule.id().as_str())))
            .map(Arc::new)
            .collect();
        Ok(Self { settings, rules, warnings: loaded.warnings })
    }

    /// The rules, in order of file and place.
    #[must_use]
    pub fn rules(&self) -> &[Arc<Rule>] {
        &self.rules
    }

    /// What is odd about the rule files but no fault.
    #[must_use]
    pub fn warnings(&self) -> &[RuleError] {
        &self.warnings
    }

    /// Stands for the engine, the rules in their order and what changes their results.
    fn digest(&self) -> [u8; 32] {
        let mut digest = cache::engine();
        digest.update(builtin::digest());
        digest.update([u8::from(self.settings.cross_function)]);
        for rule in &self.rules {
            digest.update(rule.id().as_str());
            digest.update(rule.line.to_le_bytes());
            digest.update(rule.file.digest());
            rule.syntax.uses.iter().for_each(|own| digest.update(&*own.text));
        }
        digest.finalize().into()
    }

    fn severity(&self, rule: &Rule) -> Severity {
        let id = rule.id().as_str();
        let changed = self.settings.severity_overrides.iter().rev().find(|(word, _)| names_rule(word, id));
        changed.map_or_else(|| rule.severity(), |(_, severity)| *severity)
    }

    fn is_wanted(&self, language: Language) -> bool {
        self.settings.languages.as_ref().is_none_or(|languages| languages.contains(&language))
    }

    fn files<'i>(&self, cx: &ScanContext<'i>) -> Vec<&'i FileEntry> {
        let wanted = |file: &&FileEntry| {
            file.changed
                && !file.generated
                && file.size <= MAX_BYTES
                && file.language.is_none_or(|l| self.is_wanted(l))
        };
        cx.inventory.files().iter().filter(wanted).collect()
    }

    fn run(&self, cx: &ScanContext<'_>, outcome: &mut ScannerOutcome) {
        let files = self.files(cx);
        let mut languages: Vec<Language> = files.iter().filter_map(|file| file.language).collect();
        languages.sort_unstable();
        languages.dedup();
        let plan = LazyPlan::new(&self.rules, languages);
        let files: Vec<&FileEntry> = files
            .into_iter()
            .filter(|file| {
                let read = |language| plan.has_rules_for(language) || facts::is_read(language);
                plan.reads_everything || file.language.is_some_and(read)
            })
            .collect();
        cx.events.emit(Event::Started {
            scanner: ScannerId::new(ScannerId::SAST),
            total: Some(files.len() as u64),
        });
        // An explanation needs the evaluation to happen.
        let folder = cx.cache.filter(|_| self.settings.explain.is_none());
        let cache = folder.map(|folder| Cache::open(folder, ScannerId::SAST, self.digest()));
        let kept = Kept::default();
        let across = (self.settings.cross_file && self.settings.explain.is_none()).then_some(&kept);
        let mut results = self.results(cx, &plan, &files, cache.as_ref(), across);
        if let Some(kept) = across.filter(|_| !cx.cancel.is_cancelled()) {
            self.look_across(cx, &plan, (&files, kept), cache.as_ref(), &mut results, outcome);
        }
        if let Some(cache) = cache {
            cache.save();
        }
        let mut told: Vec<Told<'_>> = Vec::new();
        let mut read: BTreeMap<Language, usize> = BTreeMap::new();
        for (file, mut result) in files.iter().zip(results) {
            if let Some(language) = file.language.filter(|language| facts::is_read(*language)) {
                let whole =
                    result.skipped.is_none() && result.diagnostics.is_empty() && result.facts.is_whole();
                *read.entry(language).or_default() += usize::from(whole);
                told.push((&file.path, language, std::mem::take(&mut result.facts)));
            }
            self.collect(file, result, outcome);
        }
        outcome.facts = facts::join(&told);
        let all = |language: Language| {
            cx.inventory.files().iter().filter(move |file| file.language == Some(language))
        };
        let whole = read.into_iter().filter(|(language, count)| all(*language).count() == *count);
        outcome.facts.fully_read = whole.map(|(language, _)| language).collect();
        if let Some(reason) = cx.cancel.reason() {
            let message = format!("static rules were stopped early: {reason:?}");
            outcome.diagnostics.push(Diagnostic::new(DiagnosticLevel::Error, message));
        }
    }

    const fn cross_function(&self) -> CrossFunction {
        if self.settings.cross_function { CrossFunction::On } else { CrossFunction::Off }
    }

    /// What each file gives: as it was kept, else by scanning it.
    fn results(
        &self,
        cx: &ScanContext<'_>,
        plan: &LazyPlan<'_>,
        files: &[&FileEntry],
        cache: Option<&Cache>,
        trees: Option<&Kept>,
    ) -> Vec<FileResult> {
        let kept: Vec<Option<FileResult>> = match cache.filter(|cache| !cache.is_empty()) {
            Some(cache) => files.par_iter().map(|file| kept(cx, file, cache)).collect(),
            None => files.iter().map(|_| None).collect(),
        };
        if kept.iter().all(Option::is_some) {
            return kept.into_iter().flatten().collect();
        }
        let context = FileContext {
            plan: plan.get(),
            cancel: cx.cancel,
            budget: self.settings.file_timeout,
            explain: self.settings.explain.as_ref(),
            cross_function: self.cross_function(),
            kept: trees,
        };
        let scan = |(file, kept): (&&FileEntry, Option<FileResult>)| {
            kept.unwrap_or_else(|| one(cx, &context, file, cache))
        };
        files.par_iter().zip(kept).map(scan).collect()
    }

    /// Adds flows through several files to what each file gave by itself.
    fn look_across(
        &self,
        cx: &ScanContext<'_>,
        plan: &LazyPlan<'_>,
        (files, trees): (&[&FileEntry], &Kept),
        cache: Option<&Cache>,
        results: &mut [FileResult],
        outcome: &mut ScannerOutcome,
    ) {
        let facts: Vec<FileFacts> =
            results.iter_mut().map(|result| std::mem::take(&mut result.facts)).collect();
        let lacking: Vec<Lacking> =
            results.iter_mut().map(|result| std::mem::take(&mut result.lacking)).collect();
        let seen: Vec<Option<Seen>> = results.iter_mut().map(|result| result.seen.take()).collect();
        let kept = cache.and_then(|cache| {
            let key = Cache::key_of_all(results.iter().map(|result| result.key))?;
            Some((cache, key))
        });
        let crossed = kept.and_then(|(cache, key)| cache.crossed(&key, files)).unwrap_or_else(|| {
            let across = Across {
                plan: plan.get(),
                cancel: cx.cancel,
                cross_function: self.cross_function(),
                files,
                facts: &facts,
                lacking: &lacking,
                kept: trees,
            };
            let crossed = look_across(&across, seen);
            if let Some((cache, key)) = kept.filter(|_| !cx.cancel.is_cancelled()) {
                cache.keep_crossed(key, &crossed);
            }
            crossed
        });
        for (rule, file) in &crossed.replaced {
            results[*file].findings.retain(|finding| finding.rule != *rule);
        }
        for (file, finding) in crossed.findings {
            results[file].findings.push(finding);
        }
        for (result, facts) in results.iter_mut().zip(facts) {
            result.facts = facts;
            finding::dedup(&mut result.findings);
        }
        for rule in crossed.broken {
            let id = self.rules[rule].id();
            let message = format!("the engine broke down on flows of rule {id} through several files");
            let diagnostic = Diagnostic::new(DiagnosticLevel::Error, message)
                .hint("disable the rule or set `sast.cross-file = false`, and report the fault")
                .rule(id.clone());
            outcome.diagnostics.push(diagnostic);
        }
        let mut unfinished = crossed.unfinished;
        unfinished.sort_unstable();
        unfinished.dedup();
        for rule in unfinished {
            let id = self.rules[rule].id();
            let message = format!("rule {id} was not followed through all files of the project");
            outcome.diagnostics.push(Diagnostic::new(DiagnosticLevel::Note, message).rule(id.clone()));
        }
    }

    fn collect(&self, file: &FileEntry, result: FileResult, outcome: &mut ScannerOutcome) {
        outcome.diagnostics.extend(result.diagnostics);
        outcome.coverage.bytes += result.bytes;
        match result.skipped {
            Some(reason) => {
                outcome.coverage.skipped.push(Skipped { path: file.path.clone(), reason });
                outcome.coverage.examined += u64::from(reason == SkipReason::PartlyParsed);
            }
            None => outcome.coverage.examined += 1,
        }
        for own in result.findings {
            let rule = &self.rules[own.rule];
            let severity = self.severity(rule);
            outcome.findings.push(finding::finish(own, rule, severity, &file.path));
        }
    }

    /// Names of the rules that fired, with the severity they have here.
    fn fired(&self, findings: &[Finding]) -> Vec<RuleMeta> {
        let mut ids: Vec<_> = findings.iter().map(|finding| &finding.rule).collect();
        ids.sort_unstable();
        ids.dedup();
        self.rules
            .iter()
            .filter(|rule| ids.binary_search(&rule.id()).is_ok())
            .map(|rule| RuleMeta { severity: Some(self.severity(rule)), ..rule.meta.clone() })
            .collect()
    }
}

fn progress(bytes: u64) -> Event {
    Event::Progress { scanner: ScannerId::new(ScannerId::SAST), units: 1, bytes }
}

/// The kept result of a file that did not change.
fn kept(cx: &ScanContext<'_>, file: &FileEntry, cache: &Cache) -> Option<FileResult> {
    if cx.cancel.is_cancelled() {
        return None;
    }
    let bytes = std::fs::read(&file.absolute).ok()?;
    let size = bytes.len() as u64;
    let result = cache.get(&Cache::key(&file.path, &bytes), &file.path, size)?;
    cx.events.emit(progress(size));
    Some(result)
}

fn one(
    cx: &ScanContext<'_>,
    context: &FileContext<'_>,
    file: &FileEntry,
    cache: Option<&Cache>,
) -> FileResult {
    if cx.cancel.is_cancelled() {
        return FileResult { skipped: Some(SkipReason::TimedOut), ..FileResult::default() };
    }
    let Ok(bytes) = std::fs::read(&file.absolute) else {
        return FileResult { skipped: Some(SkipReason::Unreadable), ..FileResult::default() };
    };
    let size = bytes.len() as u64;
    let key = cache.map(|_| Cache::key(&file.path, &bytes));
    let result =
        catch_unwind(AssertUnwindSafe(|| file::scan(context, file, bytes))).unwrap_or_else(|panic| {
            let reason = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or("no reason given");
            let message = format!("the engine broke down on {}: {reason}", file.path);
            let diagnostic = Diagnostic::new(DiagnosticLevel::Error, message)
                .hint("exclude the file and report the fault")
                .at(file.path.clone(), None);
            FileResult { diagnostics: vec![diagnostic], bytes: size, ..FileResult::default() }
        });
    if let Some((cache, key)) = cache.zip(key) {
        cache.put(key, &result);
    }
    cx.events.emit(progress(size));
    FileResult { key, ..result }
}

fn load_builtin(pack: &str, library: Library) -> Result<Loaded, Vec<RuleError>> {
    if !builtin::PACKS.contains(&pack) {
        let suggestion = crate::rule::reader::suggest(pack, builtin::PACKS.into_iter());
        let problem = Problem::UnknownWord { what: "rule pack", word: pack.to_owned(), suggestion };
        return Err(vec![RuleError::of_file(std::path::Path::new("tollgate.toml"), problem)]);
    }
    Ok(builtin::load_with(pack, library))
}

impl Scanner for SastScanner {
    fn id(&self) -> ScannerId {
        ScannerId::new(ScannerId::SAST)
    }

    fn describe(&self) -> Vec<SettingLine> {
        self.settings.lines.clone()
    }

    fn scan(&self, cx: &ScanContext<'_>) -> ScannerOutcome {
        let started = Instant::now();
        let mut outcome = ScannerOutcome::empty(self.id());
        for warning in &self.warnings {
            let mut diagnostic = Diagnostic::new(
                DiagnosticLevel::Note,
                format!("{}: {}", warning.location(), warning.problem),
            );
            diagnostic.hint = warning.hint();
            outcome.diagnostics.push(diagnostic);
        }
        let pool = rayon::ThreadPoolBuilder::new().num_threads(cx.jobs.get()).stack_size(STACK).build();
        match pool {
            Ok(pool) => pool.install(|| self.run(cx, &mut outcome)),
            Err(error) => {
                let message = format!("static rules did not start: {error}");
                outcome.diagnostics.push(Diagnostic::new(DiagnosticLevel::Error, message));
            }
        }
        outcome.rules = self.fired(&outcome.findings);
        outcome.rules.sort_by(|a, b| a.id.cmp(&b.id));
        outcome.rules.dedup_by(|a, b| a.id == b.id);
        outcome.coverage = sorted(std::mem::take(&mut outcome.coverage));
        outcome.elapsed = started.elapsed();
        outcome
    }
}

fn sorted(mut coverage: Coverage) -> Coverage {
    coverage.skipped.sort();
    coverage
}

#[cfg(test)]
pub(crate) mod tests;
