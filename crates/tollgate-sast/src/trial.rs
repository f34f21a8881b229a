//! One text through the whole engine: what fuzzing and property tests drive. It reads no files but rules.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tollgate_core::{Cancel, FileEntry, Language, RepoPath};

use crate::matching::Dialect;
use crate::rule::load::{self, Loaded, Rule};
use crate::scanner::file::{CrossFunction, FileContext, scan};
use crate::scanner::plan::RulePlan;
use crate::tree::{lower, parse_text};

/// Compiled rules that are tried on texts.
#[derive(Debug)]
pub struct Trial {
    rules: Vec<Arc<Rule>>,
    plans: Mutex<BTreeMap<Option<Language>, Arc<RulePlan>>>,
}

/// What a text gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Rules with the first and the last byte they report, in order.
    pub findings: Vec<(String, u32, u32)>,
    /// Whether the file was left out, wholly or in part.
    pub incomplete: bool,
}

impl Trial {
    /// The rules of files and folders; those with faults are left out.
    #[must_use]
    pub fn of_paths(paths: &[PathBuf]) -> Self {
        Self::of(load::load(paths))
    }

    /// The rules of one text.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        let mut loaded = load::parse(Path::new("rules.yaml"), text);
        loaded.compile_all();
        Self::of(loaded)
    }

    fn of(loaded: Loaded) -> Self {
        Self { rules: loaded.rules.into_iter().map(Arc::new).collect(), plans: Mutex::default() }
    }

    fn plan(&self, language: Option<Language>) -> Arc<RulePlan> {
        let mut plans = self.plans.lock().unwrap_or_else(PoisonError::into_inner);
        let made = || Arc::new(RulePlan::new(&self.rules, language.as_slice()));
        Arc::clone(plans.entry(language).or_insert_with(made))
    }

    /// How many rules there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.rules.len()
    }

    /// Scans a text as a file of that name, following calls.
    #[must_use]
    pub fn scan(&self, name: &str, text: &str, budget: Duration) -> Outcome {
        let nothing = Outcome { findings: Vec::new(), incomplete: true };
        let Ok(path) = RepoPath::new(name) else { return nothing };
        let language = Language::from_file_name(name);
        let plan = self.plan(language);
        let entry = FileEntry {
            path,
            absolute: PathBuf::from(name),
            size: text.len() as u64,
            language,
            changed: true,
            generated: false,
        };
        let cancel = Cancel::new();
        let context = FileContext {
            plan: &plan,
            cancel: &cancel,
            budget,
            explain: None,
            cross_function: CrossFunction::On,
            kept: None,
        };
        let result = scan(&context, &entry, text.as_bytes().to_vec());
        let findings = result
            .findings
            .iter()
            .map(|own| (self.rules[own.rule].id().as_str().to_owned(), own.span.start, own.span.end));
        Outcome {
            findings: findings.collect(),
            incomplete: result.skipped.is_some() || !result.diagnostics.is_empty(),
        }
    }
}

/// Whether a text parses as a file of that name: the least that any look at it costs.
#[must_use]
pub fn parses(name: &str, text: &str) -> bool {
    let Some(language) = Language::from_file_name(name) else { return false };
    let dialect = if name.ends_with(".tsx") { Dialect::Tsx } else { Dialect::Plain };
    let Some(grammar) = lower::grammar(language, dialect) else { return false };
    parse_text(grammar, text, &Cancel::new()).is_ok_and(|tree| !tree.root_node().has_error())
}
