//! Tests of rules: targets beside a rule file say in comments which lines it must report.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tollgate_core::{Cancel, FileEntry, Finding, Language, RepoPath, repair};

use crate::rule::error::{Problem, RuleError, SourceFile};
use crate::rule::library::Library;
use crate::rule::load::{self, Loaded, Rule};
use crate::rule::paths::PathFilter;
use crate::rule::syntax::PathsSyntax;
use crate::scanner::file::{CrossFunction, FileContext, scan};
use crate::scanner::finding;
use crate::scanner::lines;
use crate::scanner::plan::RulePlan;

/// How long one target may take.
const BUDGET: Duration = Duration::from_secs(60);

/// What testing rules gave.
#[derive(Debug, Default)]
pub struct TestReport {
    /// One entry for each rule and target, in order.
    pub results: Vec<RuleResult>,
    /// Comparisons with repaired targets.
    pub fixes: Vec<FixResult>,
    /// Rule files without a target.
    pub untested: Vec<PathBuf>,
    /// Faults of rule files.
    pub errors: Vec<RuleError>,
}

/// One rule on one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleResult {
    /// The rule.
    pub rule: String,
    /// Its languages.
    pub languages: Vec<String>,
    /// The target.
    pub target: PathBuf,
    /// Lines it had to report.
    pub expected: usize,
    /// Expected lines it did not report, with their text.
    pub missed: Vec<(u32, String)>,
    /// Lines it reported without being asked to, with their text.
    pub extra: Vec<(u32, String)>,
}

impl RuleResult {
    /// Whether the rule reported what it had to.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.missed.is_empty() && self.extra.is_empty()
    }
}

/// A repaired target compared with what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixResult {
    /// The repaired target as it should be.
    pub fixed: PathBuf,
    /// A line-by-line difference; empty when both are the same.
    pub difference: String,
}

impl TestReport {
    /// Whether every rule passed and every repair is as it should be.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.errors.is_empty()
            && self.results.iter().all(RuleResult::passed)
            && self.fixes.iter().all(|fix| fix.difference.is_empty())
    }

    /// Rules that passed on all their targets and rules tested, as `(passed, all)`.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        let mut rules: BTreeMap<(&Path, &str), bool> = BTreeMap::new();
        for result in &self.results {
            let folder = result.target.parent().unwrap_or(Path::new(""));
            *rules.entry((folder, &result.rule)).or_insert(true) &= result.passed();
        }
        (rules.values().filter(|passed| **passed).count(), rules.len())
    }
}

impl fmt::Display for TestReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for error in &self.errors {
            writeln!(f, "{error}")?;
        }
        for result in self.results.iter().filter(|result| !result.passed()) {
            writeln!(f, "FAIL {} on {}", result.rule, result.target.display())?;
            let mut lines: Vec<(u32, char, &str)> = Vec::new();
            lines.extend(result.missed.iter().map(|(line, text)| (*line, '-', &**text)));
            lines.extend(result.extra.iter().map(|(line, text)| (*line, '+', &**text)));
            lines.sort();
            for (line, sign, text) in lines {
                let what = if sign == '-' { "missed" } else { "extra " };
                writeln!(f, "  {sign} {what} {line:>5} | {}", text.trim_end())?;
            }
        }
        for fix in self.fixes.iter().filter(|fix| !fix.difference.is_empty()) {
            writeln!(f, "FAIL fix of {}", fix.fixed.display())?;
            for line in fix.difference.lines() {
                writeln!(f, "  {line}")?;
            }
        }
        let (passed, all) = self.counts();
        let good = self.fixes.iter().filter(|fix| fix.difference.is_empty()).count();
        write!(f, "{passed} of {all} rules passed")?;
        if !self.fixes.is_empty() {
            write!(f, ", {good} of {} fixes", self.fixes.len())?;
        }
        if !self.untested.is_empty() {
            write!(f, ", {} rule files without a target", self.untested.len())?;
        }
        writeln!(f)
    }
}

/// Tests every rule file among the paths and below the folders. Taint follows calls for rules that ask for it.
#[must_use]
pub fn test_dir(paths: &[PathBuf]) -> TestReport {
    test_all(paths, CrossFunction::Asked)
}

/// As [`test_dir`], with calls followed for every rule that does not refuse it, as a scan does.
#[must_use]
pub fn test_dir_across_functions(paths: &[PathBuf]) -> TestReport {
    test_all(paths, CrossFunction::On)
}

fn test_all(paths: &[PathBuf], cross_function: CrossFunction) -> TestReport {
    let mut report = TestReport::default();
    let mut sources = Vec::new();
    for path in paths {
        let mut files = Vec::new();
        if path.is_dir() {
            load::rule_files(path, 0, &mut files);
            files.sort();
        } else {
            files.push(path.clone());
        }
        let alone = files.len() == 1 && !path.is_dir();
        for file in files {
            match std::fs::read(&file) {
                // In a folder of rules and targets a YAML file without `rules:` is a target.
                Ok(bytes) => {
                    let text = lines::text_of(bytes);
                    if alone || load::has_rules(&text) {
                        sources.push(SourceFile::new(file, &text));
                    }
                }
                Err(error) => {
                    report.errors.push(RuleError::of_file(&file, Problem::Unreadable(error.to_string())));
                }
            }
        }
    }
    let mut shared = Loaded::of_library(&sources);
    report.errors.append(&mut shared.errors);
    for source in &sources {
        test_file(source, &shared.library, cross_function, &mut report);
    }
    report
}

fn test_file(source: &SourceFile, library: &Library, cross_function: CrossFunction, report: &mut TestReport) {
    let path = &*source.path;
    let mut loaded = Loaded::of_rules(source, library);
    report.errors.append(&mut loaded.errors);
    if loaded.rules.is_empty() {
        return;
    }
    let (targets, fixed) = targets(path);
    if targets.is_empty() {
        report.untested.push(path.to_path_buf());
        return;
    }
    let rules: Vec<Arc<Rule>> = loaded
        .rules
        .into_iter()
        .map(|mut rule| {
            // Targets lie beside the rule, not where `paths:` would look.
            if let Ok(filter) = PathFilter::compile(&PathsSyntax::default(), &rule.file, "") {
                rule.filter = filter;
            }
            Arc::new(rule)
        })
        .collect();
    for target in &targets {
        test_target(&rules, target, &fixed, cross_function, report);
    }
}

fn test_target(
    rules: &[Arc<Rule>],
    target: &Path,
    fixed: &[PathBuf],
    cross_function: CrossFunction,
    report: &mut TestReport,
) {
    let Ok(bytes) = std::fs::read(target) else { return };
    let text = lines::text_of(bytes.clone());
    let name = target.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let Ok(path) = RepoPath::new(&name) else { return };
    let language = language_of(&name, &text);
    let languages: Vec<Language> = language.into_iter().collect();
    let plan = RulePlan::new(rules, &languages);
    let entry = FileEntry {
        path: path.clone(),
        absolute: target.to_path_buf(),
        size: bytes.len() as u64,
        language,
        changed: true,
        generated: false,
    };
    let cancel = Cancel::new();
    let (explain, kept) = (None, None);
    let context = FileContext { plan: &plan, cancel: &cancel, budget: BUDGET, explain, cross_function, kept };
    let result = scan(&context, &entry, bytes.clone());
    let mut findings: Vec<Finding> = Vec::new();
    let mut reported: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
    for own in result.findings {
        let rule = &rules[own.rule];
        if own.suppression.is_none() {
            let line = own.location.region.start().line;
            reported.entry(rule.id().as_str()).or_default().insert(line);
        }
        findings.push(finding::finish(own, rule, rule.severity(), &path));
    }
    let annotations = Annotations::read(&text);
    let shown = |lines: &BTreeSet<u32>, without: [Option<&BTreeSet<u32>>; 2]| -> Vec<(u32, String)> {
        lines
            .iter()
            .filter(|line| !without.iter().flatten().any(|other| other.contains(line)))
            .map(|line| (*line, text.lines().nth(*line as usize - 1).unwrap_or_default().to_owned()))
            .collect()
    };
    let none = BTreeSet::new();
    for rule in rules {
        let id = rule.id().as_str();
        let wanted = annotations.of(&annotations.expected, id);
        let free = annotations.of(&annotations.free, id);
        let got = reported.get(id).unwrap_or(&none);
        if wanted.is_empty() && got.is_empty() {
            continue;
        }
        report.results.push(RuleResult {
            rule: id.to_owned(),
            languages: rule.languages.iter().map(|language| language.name().to_owned()).collect(),
            target: target.to_path_buf(),
            expected: wanted.len(),
            missed: shown(&wanted, [Some(got), Some(&free)]),
            extra: shown(got, [Some(&wanted), Some(&free)]),
        });
    }
    for candidate in fixed {
        if repairs(candidate, target) {
            let edits = repair::choose(findings.iter().filter(|finding| finding.suppressions.is_empty()));
            let after = edits.get(&path).and_then(|edits| repair::rewrite(&bytes, edits));
            let after = after.unwrap_or_else(|| bytes.clone());
            let expected = std::fs::read(candidate).unwrap_or_default();
            let difference = if after == expected { String::new() } else { difference(&expected, &after) };
            report.fixes.push(FixResult { fixed: candidate.clone(), difference });
        }
    }
}

fn difference(expected: &[u8], actual: &[u8]) -> String {
    let (expected, actual) = (String::from_utf8_lossy(expected), String::from_utf8_lossy(actual));
    let text = similar::TextDiff::from_lines(&*expected, &*actual)
        .unified_diff()
        .context_radius(1)
        .header("expected", "after the fix")
        .to_string();
    if text.is_empty() { "files differ in bytes that are no text".to_owned() } else { text }
}

fn language_of(name: &str, text: &str) -> Option<Language> {
    Language::from_file_name(name).or_else(|| Language::from_shebang(text.lines().next().unwrap_or_default()))
}

fn endings(name: &str) -> Vec<&str> {
    name.split('.').skip(1).collect()
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn stem(name: &str) -> &str {
    name.split('.').next().unwrap_or_default()
}

fn repairs(fixed: &Path, target: &Path) -> bool {
    let (fixed, target) = (file_name(fixed), file_name(target));
    stem(&fixed) == stem(&target) && endings(&fixed).last() == endings(&target).last()
}

/// Targets and repaired targets of a rule file: files of the same stem, and all files of a folder of
/// that name.
fn targets(rule_file: &Path) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let name = file_name(rule_file);
    let stem = stem(&name);
    let folder = rule_file.parent().unwrap_or(Path::new("."));
    let (mut targets, mut fixed) = (Vec::new(), Vec::new());
    let mut open = vec![(folder.to_path_buf(), 0)];
    while let Some((folder, depth)) = open.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let path = entry.path();
            let name = file_name(&path);
            if depth == 0 && crate::testing::stem(&name) != stem {
                continue;
            }
            if path.is_dir() {
                if depth < 8 {
                    open.push((path, depth + 1));
                }
            } else if endings(&name).contains(&"fixed") {
                fixed.push(path);
            } else if !load::is_rule_file_name(&name) {
                targets.push(path);
            }
        }
    }
    targets.sort();
    fixed.sort();
    (targets, fixed)
}

/// The lines that comments speak of, by rule.
struct Annotations {
    expected: BTreeMap<String, BTreeSet<u32>>,
    free: BTreeMap<String, BTreeSet<u32>>,
}

const KINDS: [&str; 4] = ["todoruleid", "todook", "ruleid", "ok"];
const OPENINGS: [&str; 9] = ["#", "//", "<!--", "(*", "/*", ";;", "--", "%", "'"];

impl Annotations {
    fn read(text: &str) -> Self {
        let mut annotations = Self { expected: BTreeMap::new(), free: BTreeMap::new() };
        for (number, line) in text.lines().enumerate() {
            if let Some((kind, ids)) = annotation(line) {
                let next = u32::try_from(number + 2).unwrap_or(u32::MAX);
                let lines = match kind {
                    "ruleid" => &mut annotations.expected,
                    "todoruleid" | "todook" => &mut annotations.free,
                    _ => continue,
                };
                for id in ids {
                    lines.entry(id.to_owned()).or_default().insert(next);
                }
            }
        }
        annotations
    }

    fn of(&self, lines: &BTreeMap<String, BTreeSet<u32>>, id: &str) -> BTreeSet<u32> {
        lines
            .iter()
            .filter(|(own, _)| *own == id || own.ends_with(&format!(".{id}")))
            .flat_map(|(_, lines)| lines.iter().copied())
            .collect()
    }
}

/// The kind and ids of a line's annotation. Annotations for other engines (`proruleid`, `deepok`) count as
/// none, also after a plain one.
fn annotation(line: &str) -> Option<(&str, Vec<&str>)> {
    if !line.contains("ruleid:") && !line.contains("ok:") {
        return None;
    }
    for (at, _) in line.char_indices() {
        let Some(opening) = OPENINGS.iter().find(|opening| line[at..].starts_with(**opening)) else {
            continue;
        };
        let after = &line[at + opening.len()..];
        let after = after.strip_prefix([' ', '\t']).unwrap_or(after);
        let (mut kind, mut rest) = (None, after);
        while let Some((own, tail)) = leading(rest) {
            if KINDS.contains(&own) {
                kind = Some(own);
            } else if kind.is_none() {
                kind = Some("other");
            }
            rest = tail;
        }
        let Some(kind) = kind else { continue };
        let end = ["-->", "*)", "*/"].iter().filter_map(|close| rest.find(close)).min().unwrap_or(rest.len());
        let ids = rest[..end].split(',').map(str::trim).filter(|id| !id.is_empty()).collect();
        return Some((kind, ids));
    }
    None
}

fn leading(text: &str) -> Option<(&str, &str)> {
    let (word, rest) = text.split_once(':')?;
    let plain = word.strip_prefix("pro").or_else(|| word.strip_prefix("deep")).unwrap_or(word);
    KINDS.contains(&plain).then(|| (word, rest.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_annotations() {
        assert_eq!(annotation("  # ruleid: a, b"), Some(("ruleid", vec!["a", "b"])));
        assert_eq!(annotation("<!-- ok: a -->"), Some(("ok", vec!["a"])));
        assert_eq!(annotation("// ruleid: deepok: a"), Some(("ruleid", vec!["a"])));
        assert_eq!(annotation("// proruleid: a"), Some(("other", vec!["a"])));
        assert_eq!(annotation("/* todoruleid: a */"), Some(("todoruleid", vec!["a"])));
        assert_eq!(annotation("x = 'token: 1'"), None);
    }
}
