//! The secret scanner: reads the files of the inventory, and the git history on request.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use globset::{Glob, GlobSet, GlobSetBuilder};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::Digest as _;
use tollgate_core::{
    CodeFinding, Confidence, Cwe, Diagnostic, DiagnosticLevel, Event, FileEntry, Finding, Language, Region,
    RepoPath, RuleId, RuleMeta, ScanContext, Scanner, ScannerId, ScannerOutcome, SettingLine, Severity,
    SkipReason, Skipped, SourceLocation, Subject, Suppression,
};

use super::find::{Detector, GENERIC_KEY, GENERIC_PASSWORD, Secret};
use super::format::{FILES, FormatError};
use super::{history, redact};
use crate::cache::{self, Cache};
use crate::suppress;

/// What the secret scanner is asked to do.
#[derive(Debug, Clone)]
pub struct SecretsSettings {
    /// Rule ids, or prefixes of them, to leave out.
    pub disable: Vec<String>,
    /// Path globs whose files are left out.
    pub allow: Vec<String>,
    /// Whether to look through the git history too.
    pub history: bool,
    /// Whether to look for values without a format.
    pub entropy: bool,
    /// The settings as `--dry-run` prints them.
    pub lines: Vec<SettingLine>,
}

/// Finds secrets in files and history.
#[derive(Debug)]
pub struct SecretsScanner {
    settings: SecretsSettings,
    detector: Detector,
    allow: GlobSet,
}

/// Why there is no secret scanner.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    /// The embedded formats are wrong.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// `secrets.allow` has a glob that is none.
    #[error("failed to read secrets.allow: {0}")]
    Glob(#[from] globset::Error),
}

impl SecretsScanner {
    /// Prepares the formats.
    ///
    /// # Errors
    /// When a glob of the settings is wrong.
    pub fn new(settings: SecretsSettings) -> Result<Self, SecretsError> {
        let detector = Detector::new(&settings.disable, settings.entropy)?;
        let mut allow = GlobSetBuilder::new();
        for glob in &settings.allow {
            allow.add(Glob::new(glob)?);
        }
        Ok(Self { detector, allow: allow.build()?, settings })
    }

    /// The rules it has, sorted.
    #[must_use]
    pub fn rules(&self) -> Vec<RuleMeta> {
        let formats = self.detector.formats().iter().map(|format| {
            let confidence = if format.near.is_empty() { Confidence::High } else { Confidence::Medium };
            meta(&format.id, &format.name, format.severity, confidence)
        });
        let generic = [(GENERIC_KEY, "random-looking credential"), (GENERIC_PASSWORD, "password")]
            .into_iter()
            .filter(|_| self.settings.entropy)
            .map(|(id, name)| meta(&rule_id(id), name, Severity::High, Confidence::Medium));
        let mut rules: Vec<RuleMeta> = formats.chain(generic).collect();
        rules.sort_by(|a, b| a.id.cmp(&b.id));
        rules
    }

    fn scan_text(&self, path: &RepoPath, text: &str) -> Vec<Finding> {
        self.secrets(path, text).iter().map(|secret| finding(path, text, secret)).collect()
    }

    fn secrets(&self, path: &RepoPath, text: &str) -> Vec<Secret> {
        self.detector.find(text, is_configuration(path), is_test(path))
    }

    /// Stands for the engine, its formats and what changes what they find.
    fn digest(&self) -> [u8; 32] {
        let mut digest = cache::engine();
        for (name, text) in FILES {
            digest.update(name);
            digest.update(text);
        }
        digest.update([u8::from(self.settings.entropy)]);
        self.settings.disable.iter().for_each(|id| digest.update(format!("{id}\n")));
        digest.finalize().into()
    }

    /// The secrets of a text, from the cache where it has them. Values are not kept, only where they stand.
    fn secrets_or_kept(
        &self,
        path: &RepoPath,
        bytes: &[u8],
        text: &str,
        cache: Option<&Cache>,
    ) -> Vec<Secret> {
        let Some(cache) = cache else { return self.secrets(path, text) };
        let key = Cache::key(path, bytes);
        if let Some(kept) = cache.kept::<Vec<Kept>>(&key) {
            let thawed: Option<Vec<Secret>> = kept.iter().map(|kept| self.thaw(kept, text)).collect();
            if let Some(secrets) = thawed {
                return secrets;
            }
        }
        let secrets = self.secrets(path, text);
        let kept: Vec<Kept> = secrets.iter().map(freeze).collect();
        cache.keep(key, &kept);
        secrets
    }

    fn thaw(&self, Kept(rule, start, end): &Kept, text: &str) -> Option<Secret> {
        text.get(*start..*end)?;
        self.detector.secret(rule, *start..*end)
    }

    fn scan_file(&self, file: &FileEntry, cache: Option<&Cache>) -> FileOutcome {
        if self.allow.is_match(file.path.as_str()) {
            return FileOutcome::default();
        }
        let bytes = match fs::read(&file.absolute) {
            Ok(bytes) => bytes,
            Err(_) => return FileOutcome { unreadable: true, ..FileOutcome::default() },
        };
        let length = bytes.len() as u64;
        let text = String::from_utf8_lossy(&bytes);
        let search = || {
            let secrets = self.secrets_or_kept(&file.path, &bytes, &text, cache);
            secrets.iter().map(|secret| finding(&file.path, &text, secret)).collect()
        };
        let scanned = catch_unwind(AssertUnwindSafe(search));
        let panicked = scanned.is_err();
        FileOutcome { findings: scanned.unwrap_or_default(), bytes: length, unreadable: false, panicked }
    }
}

/// A secret in the cache: its rule and the bytes it stands in.
#[derive(Serialize, Deserialize)]
struct Kept(String, usize, usize);

fn freeze(secret: &Secret) -> Kept {
    Kept(secret.rule.to_string(), secret.range.start, secret.range.end)
}

#[derive(Default)]
struct FileOutcome {
    findings: Vec<Finding>,
    bytes: u64,
    unreadable: bool,
    panicked: bool,
}

impl Scanner for SecretsScanner {
    fn id(&self) -> ScannerId {
        ScannerId::new(ScannerId::SECRETS)
    }

    fn describe(&self) -> Vec<SettingLine> {
        self.settings.lines.clone()
    }

    fn scan(&self, cx: &ScanContext<'_>) -> ScannerOutcome {
        let began = Instant::now();
        let mut outcome = ScannerOutcome::empty(self.id());
        let files: Vec<&FileEntry> = cx.inventory.files().iter().filter(|file| file.changed).collect();
        cx.events.emit(Event::Started { scanner: self.id(), total: Some(files.len() as u64) });
        let cache = cx.cache.map(|folder| Cache::open(folder, ScannerId::SECRETS, self.digest()));
        let scan = |file: &&FileEntry| {
            if cx.cancel.is_cancelled() {
                return None;
            }
            let scanned = self.scan_file(file, cache.as_ref());
            cx.events.emit(Event::Progress { scanner: self.id(), units: 1, bytes: scanned.bytes });
            Some(scanned)
        };
        let scanned: Vec<Option<FileOutcome>> =
            match rayon::ThreadPoolBuilder::new().num_threads(cx.jobs.get()).build() {
                Ok(pool) => pool.install(|| files.par_iter().map(scan).collect()),
                // Without threads the work is done here.
                Err(_) => files.iter().map(scan).collect(),
            };
        if let Some(cache) = cache {
            cache.save();
        }
        let mut interrupted = false;
        for (file, scanned) in files.iter().zip(scanned) {
            let Some(scanned) = scanned else {
                interrupted = true;
                continue;
            };
            if scanned.unreadable {
                outcome
                    .coverage
                    .skipped
                    .push(Skipped { path: file.path.clone(), reason: SkipReason::Unreadable });
                continue;
            }
            if scanned.panicked {
                let message = format!("the secret search crashed on {}", file.path);
                outcome.diagnostics.push(
                    Diagnostic::new(DiagnosticLevel::Error, message)
                        .at(file.path.clone(), None)
                        .hint("exclude the file with scan.exclude and report the crash"),
                );
            }
            outcome.coverage.examined += 1;
            outcome.coverage.bytes += scanned.bytes;
            outcome.findings.extend(scanned.findings);
        }
        if interrupted {
            outcome
                .diagnostics
                .push(Diagnostic::new(DiagnosticLevel::Error, "ended before every file was read"));
        }
        if self.settings.history {
            let scan = |path: &RepoPath, text: &str| self.scan_text(path, text);
            history::search(cx, &scan, &mut outcome);
        }
        let used: std::collections::BTreeSet<&RuleId> =
            outcome.findings.iter().map(|finding| &finding.rule).collect();
        outcome.rules = self.rules().into_iter().filter(|rule| used.contains(&rule.id)).collect();
        outcome.elapsed = began.elapsed();
        outcome
    }
}

fn rule_id(id: &str) -> RuleId {
    RuleId::parse(id).expect("the id is a literal")
}

fn meta(id: &RuleId, name: &str, severity: Severity, confidence: Confidence) -> RuleMeta {
    RuleMeta {
        id: id.clone(),
        summary: format!("{} in the sources", capitalised(name)),
        help: format!(
            "The file holds what looks like a {name}. Whoever reads the repository can use it, and so can everyone \
             who ever gets a copy of its history. Revoke it at its issuer first, then take it from the environment \
             or a secret store."
        ),
        severity: Some(severity),
        score: None,
        confidence,
        cwes: vec![Cwe(798)],
        tags: vec!["OWASP-A07:2021".to_owned(), "secret".to_owned()],
        references: vec![
            "https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html".to_owned(),
        ],
    }
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

fn finding(path: &RepoPath, text: &str, secret: &Secret) -> Finding {
    let value = &text[secret.range.clone()];
    let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    Finding {
        scanner: ScannerId::new(ScannerId::SECRETS),
        rule: secret.rule.clone(),
        message: format!(
            "A {} stands in the file (`{}`). Revoke it, then read it from the environment or a secret store.",
            secret.name,
            redact::redacted(value)
        ),
        severity: Some(secret.severity),
        score: None,
        confidence: secret.confidence,
        cwes: vec![Cwe(798)],
        subject: Subject::Code(Box::new(CodeFinding {
            location: SourceLocation::new(
                path.clone(),
                Region::of_bytes(text, secret.range.start, secret.range.end),
            ),
            scope: Vec::new(),
            identity: redact::identity(value),
            trace: None,
            sensitive: vec![(narrow(secret.range.start), narrow(secret.range.end))],
        })),
        related: Vec::new(),
        fixes: Vec::new(),
        suppressions: suppression(secret.rule.as_str(), text, secret.range.start).into_iter().collect(),
    }
}

/// A comment on the line of the secret or alone on the line before that says it may stay.
fn suppression(rule: &str, text: &str, at: usize) -> Option<Suppression> {
    let start = text[..at].rfind('\n').map_or(0, |found| found + 1);
    let end = text[at..].find('\n').map_or(text.len(), |found| at + found);
    let previous =
        text[..start].strip_suffix('\n').map(|before| before.rsplit('\n').next().unwrap_or_default());
    suppress::inline_secret(rule, &text[start..end], previous)
}

fn is_configuration(path: &RepoPath) -> bool {
    const EXTENSIONS: [&str; 16] = [
        "env",
        "ini",
        "cfg",
        "conf",
        "config",
        "toml",
        "yaml",
        "yml",
        "properties",
        "tfvars",
        "sh",
        "bash",
        "cnf",
        "npmrc",
        "pypirc",
        "netrc",
    ];
    let name = path.file_name();
    name.starts_with(".env")
        || name.starts_with('.') && name.ends_with("rc")
        || path.extension().is_some_and(|extension| EXTENSIONS.contains(&extension))
        || Language::from_file_name(name) == Some(Language::Dockerfile)
}

/// Tests and their data hold made-up credentials: only formats count there.
fn is_test(path: &RepoPath) -> bool {
    const FOLDERS: [&str; 12] = [
        "test",
        "tests",
        "testing",
        "testdata",
        "spec",
        "specs",
        "__tests__",
        "fixtures",
        "fixture",
        "mocks",
        "e2e",
        "cypress",
    ];
    let lower = path.as_str().to_ascii_lowercase();
    let (folders, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
    folders.split('/').any(|folder| FOLDERS.contains(&folder))
        || name.starts_with("test_")
        || ["_test.", ".test.", ".spec.", "_spec.", "tests.", "test."].iter().any(|mark| name.contains(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, text: &str, expected: &[(&str, bool)]) {
        let scanner = SecretsScanner::new(SecretsSettings {
            disable: Vec::new(),
            allow: Vec::new(),
            history: false,
            entropy: true,
            lines: Vec::new(),
        })
        .unwrap();
        let found = scanner.scan_text(&RepoPath::new(path).unwrap(), text);
        let shown: Vec<(&str, bool)> =
            found.iter().map(|finding| (finding.rule.as_str(), finding.suppressions.is_empty())).collect();
        assert_eq!(shown, expected, "{text}");
        for finding in &found {
            assert!(finding.message.len() < 250, "{}", finding.message);
        }
    }

    #[test]
    fn what_is_kept_names_the_same_secrets() {
        let settings = SecretsSettings {
            disable: Vec::new(),
            allow: Vec::new(),
            history: false,
            entropy: true,
            lines: Vec::new(),
        };
        let scanner = SecretsScanner::new(settings).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = RepoPath::new("a.env").unwrap();
        let aws = ["AKIA", "QX7K2MZ5WR3T6VBN"].concat();
        let text = format!("KEY={aws}\nDB_PASSWORD=Tr0ub4dor&3x\n");
        let search = |text: &str| {
            let cache = Cache::open(folder.path(), ScannerId::SECRETS, scanner.digest());
            let found = scanner.secrets_or_kept(&path, text.as_bytes(), text, Some(&cache));
            cache.save();
            found
        };
        let first = search(&text);
        assert_eq!(first.len(), 2);
        assert_eq!(search(&text), first);
        assert_eq!(first, scanner.secrets(&path, &text));
        assert!(search("KEY=none\n").is_empty());
        let kept = std::fs::read(folder.path().join("secrets-results.bin")).unwrap();
        assert!(!kept.windows(aws.len()).any(|part| part == aws.as_bytes()), "values are not kept");
    }

    #[test]
    fn reports_formats_and_generic_values() {
        let aws = ["AKIA", "QX7K2MZ5WR3T6VBN"].concat();
        check("a.py", &format!("key = '{aws}'\n"), &[("secrets.aws.access-key-id", true)]);
        check(
            "a.py",
            &format!("key = '{aws}'  # tollgate:ignore access-key-id rotated\n"),
            &[("secrets.aws.access-key-id", false)],
        );
        check("a.py", "password = 'Tr0ub4dor&3x'\n", &[("secrets.generic.password", true)]);
        check(
            "a.py",
            "password = 'Tr0ub4dor&3x'  # nosemgrep: some.other-rule\n",
            &[("secrets.generic.password", true)],
        );
        check(
            "a.py",
            "# nosemgrep: secrets.generic.password\npassword = 'Tr0ub4dor&3x'\n",
            &[("secrets.generic.password", false)],
        );
        check("tests/a.py", "password = 'Tr0ub4dor&3x'\n", &[]);
        check(".env", "DB_PASSWORD=Tr0ub4dor&3x\n", &[("secrets.generic.password", true)]);
        check("a.py", "key = 'AKIAIOSFODNN7EXAMPLE'\n", &[]);
        check("a.yaml", "url: postgres://app:k3Yq9zLm@db/x\n", &[("secrets.generic.password-in-url", true)]);
        check("a.yaml", "url: postgres://app:${PASSWORD}@db/x\n", &[]);
    }
}
