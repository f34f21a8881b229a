//! Loads rule files and folders, reporting every fault at once.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use tollgate_core::{RuleId, RuleMeta, Severity};

use crate::generic::regexes::{Anchoring, Regex};
use crate::matching::PatternStore;
use crate::rule::compile::{self, Program};
use crate::rule::error::{Place, Problem, RuleError, SourceFile};
use crate::rule::library::{self, Faults, Library};
use crate::rule::meta;
use crate::rule::options::RuleOptions;
use crate::rule::paths::PathFilter;
use crate::rule::read;
use crate::rule::reader::Reader;
use crate::rule::syntax::{Mode, RuleLanguage, RuleSyntax};
use crate::rule::yaml::{self, Node};

/// Rule files deeper than this below a given folder are not looked for.
const MAX_FOLDER_DEPTH: usize = 40;

/// A rule, ready to be compiled for each of its languages.
#[derive(Debug)]
pub struct Rule {
    /// What reports say of it.
    pub meta: RuleMeta,
    /// Languages it is for.
    pub languages: Vec<RuleLanguage>,
    /// The file it stands in.
    pub path: Arc<Path>,
    /// Its line in that file.
    pub line: u32,
    /// Its options.
    pub options: RuleOptions,
    pub(crate) syntax: RuleSyntax,
    pub(crate) file: SourceFile,
    pub(crate) filter: PathFilter,
    pub(crate) fix_regex: Option<CompiledFixRegex>,
    pub(crate) programs: BTreeMap<RuleLanguage, OnceLock<Option<Arc<Program>>>>,
}

/// `fix-regex`, compiled.
#[derive(Debug)]
pub(crate) struct CompiledFixRegex {
    pub(crate) regex: Regex,
    pub(crate) replacement: String,
    pub(crate) count: Option<usize>,
}

/// What loading gave.
#[derive(Debug, Default)]
pub struct Loaded {
    pub(crate) library: Library,
    /// Rules, in order of file and place.
    pub rules: Vec<Rule>,
    /// Faults. A scan with any of them must not start.
    pub errors: Vec<RuleError>,
    /// What is odd but no fault: unknown options, languages without a grammar.
    pub warnings: Vec<RuleError>,
}

impl Rule {
    /// The id.
    #[must_use]
    pub fn id(&self) -> &RuleId {
        &self.meta.id
    }

    /// The severity of its findings.
    #[must_use]
    pub fn severity(&self) -> Severity {
        meta::severity(&self.syntax.severity.value)
    }

    /// Whether it tracks taint.
    #[must_use]
    pub fn is_taint(&self) -> bool {
        matches!(self.syntax.mode, Mode::Taint(_))
    }

    /// The message before metavariables are filled in.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.syntax.message
    }

    /// The entries of `metadata:` as text.
    #[must_use]
    pub fn metadata(&self) -> Vec<(String, String)> {
        meta::entries(&self.syntax)
    }

    /// The rule as YAML, with what it uses of the library in place.
    #[must_use]
    pub fn yaml(&self) -> String {
        let written = library::block(&self.file.text, self.line);
        let mut text = String::new();
        for (number, line) in (self.line..).zip(written.lines()) {
            let own = self.syntax.uses.iter().find(|own| own.line == number);
            let indent = &line[..line.len() - line.trim_start().len()];
            match own.filter(|_| line.trim_start().starts_with("- use:")) {
                None => push_line(&mut text, "", line),
                Some(own) => {
                    push_line(&mut text, indent, &format!("# {}", own.name));
                    own.text.lines().for_each(|line| push_line(&mut text, indent, line));
                }
            }
        }
        text
    }

    /// What it runs on files of a language; `None` when it is not for that language or cannot be
    /// compiled for it.
    pub fn program(&self, language: RuleLanguage) -> Option<Arc<Program>> {
        let cell = self.programs.get(&language)?;
        cell.get_or_init(|| self.compile(language, &mut PatternStore::default()).ok().map(Arc::new)).clone()
    }

    /// Compiles the rule for a language and keeps the result.
    pub(crate) fn prepare(
        &self,
        language: RuleLanguage,
        store: &mut PatternStore,
    ) -> Result<(), Vec<RuleError>> {
        let Some(cell) = self.programs.get(&language) else { return Ok(()) };
        if cell.get().is_some() {
            return Ok(());
        }
        let program = self.compile(language, store);
        let kept = program.as_ref().ok().cloned().map(Arc::new);
        cell.get_or_init(|| kept);
        program.map(drop)
    }

    fn compile(&self, language: RuleLanguage, store: &mut PatternStore) -> Result<Program, Vec<RuleError>> {
        let id = self.meta.id.as_str();
        compile::program(&self.syntax.mode, language, &self.options, &self.file, id, store)
    }
}

impl Loaded {
    /// Reads the rules of files, and first the library entries that any of them has.
    pub(crate) fn add(&mut self, files: &[SourceFile]) {
        let roots = self.add_library(files);
        let library = &self.library;
        let read: Vec<Self> =
            roots.into_par_iter().map(|(file, root)| rules_of(file, &root, library)).collect();
        for own in read {
            self.take(own);
        }
    }

    fn take(&mut self, other: Self) {
        self.rules.extend(other.rules);
        self.errors.extend(other.errors);
        self.warnings.extend(other.warnings);
    }

    fn add_library<'f>(&mut self, files: &'f [SourceFile]) -> Vec<(&'f SourceFile, Node)> {
        let mut roots = Vec::new();
        let mut faults = Faults::default();
        let read: Vec<Result<Node, RuleError>> = files.par_iter().map(yaml::read).collect();
        for (file, root) in files.iter().zip(read) {
            match root {
                Ok(root) => {
                    self.library.add(file, &root, &mut faults);
                    roots.push((file, root));
                }
                Err(error) => self.errors.push(error),
            }
        }
        self.library.finish(&mut faults);
        self.errors.append(&mut faults.errors);
        self.warnings.append(&mut faults.warnings);
        roots
    }

    /// The library entries of files, compiled, without their rules.
    pub(crate) fn of_library(files: &[SourceFile]) -> Self {
        let mut loaded = Self::default();
        loaded.add_library(files);
        loaded.compile_library(&mut PatternStore::default());
        loaded
    }

    /// The rules of one file, compiled, with a library that is known to be good.
    pub(crate) fn of_rules(file: &SourceFile, library: &Library) -> Self {
        let mut loaded = Self { library: library.clone(), ..Self::default() };
        // What does not parse was reported with the library.
        if let Ok(root) = yaml::read(file) {
            loaded.take(rules_of(file, &root, library));
            loaded.compile_rules(&mut PatternStore::default());
        }
        loaded
    }

    /// Compiles every rule for every language, so that faults inside patterns show too. A pattern that
    /// fits only some of a rule's languages is a warning.
    pub(crate) fn compile_all(&mut self) {
        let mut store = PatternStore::default();
        if self.compile_library(&mut store) {
            self.compile_rules(&mut store);
        }
    }

    /// Whether the library has no faults.
    fn compile_library(&mut self, store: &mut PatternStore) -> bool {
        let mut faults = Faults::default();
        self.library.compile(store, &mut faults);
        let good = faults.errors.is_empty() && faults.warnings.is_empty();
        self.errors.append(&mut faults.errors);
        self.warnings.append(&mut faults.warnings);
        good
    }

    fn compile_rules(&mut self, store: &mut PatternStore) {
        for rule in &self.rules {
            let mut faults = Vec::new();
            let mut compiled = 0;
            for language in &rule.languages {
                match rule.prepare(*language, store) {
                    Ok(()) => compiled += 1,
                    Err(mut errors) => faults.append(&mut errors),
                }
            }
            if compiled == 0 {
                self.errors.append(&mut faults);
            } else {
                self.warnings.append(&mut faults);
            }
        }
    }

    /// The first rule of an id keeps it; later ones are told apart by their folders.
    pub(crate) fn qualify_duplicates(&mut self) {
        let mut seen: BTreeMap<RuleId, String> = BTreeMap::new();
        for rule in &mut self.rules {
            let place = rule.syntax.id.place;
            let here = format!("{}:{}", rule.path.display(), place.line);
            if let Some(first) = seen.get(rule.id()) {
                let own = (2..).map(|number| qualified(&rule.path, rule.id(), number));
                let free = own.into_iter().find(|own| !seen.contains_key(own)).unwrap_or(rule.id().clone());
                let problem = Problem::DuplicateId {
                    id: rule.id().to_string(),
                    first: first.clone(),
                    own: free.to_string(),
                };
                self.warnings.push(rule.file.error(place, None, problem));
                rule.meta.id = free;
            }
            seen.insert(rule.id().clone(), here);
        }
    }
}

/// An id with the folders of its file before it, as the reference has them; with a number from the third on.
fn qualified(path: &Path, id: &RuleId, number: u32) -> RuleId {
    let folders = path.parent().into_iter().flat_map(Path::components).filter_map(|part| match part {
        Component::Normal(name) => name.to_str(),
        _ => None,
    });
    let mut name: String = folders.flat_map(|folder| [folder, "."]).collect();
    name.push_str(id.as_str());
    if number > 2 {
        name.push_str(&format!("-{number}"));
    }
    RuleId::parse(&name).unwrap_or_else(|_| id.clone())
}

/// The rules of one file, without its library entries.
fn rules_of(file: &SourceFile, root: &Node, library: &Library) -> Loaded {
    let mut reader = Reader::new(file, library);
    let (mut rules, mut errors) = (Vec::new(), Vec::new());
    for syntax in read::file(&mut reader, root) {
        match build(syntax, file) {
            Ok(rule) => rules.push(rule),
            Err(mut faults) => errors.append(&mut faults),
        }
    }
    reader.errors.append(&mut errors);
    Loaded { library: Library::bare(), rules, errors: reader.errors, warnings: reader.warnings }
}

fn build(syntax: RuleSyntax, file: &SourceFile) -> Result<Rule, Vec<RuleError>> {
    let written = syntax.id.value.clone();
    let fault = |place, problem| vec![file.error(place, Some(&written), problem)];
    let id = RuleId::parse(&written).map_err(|error| {
        fault(syntax.id.place, Problem::WrongShape { context: "`id`".into(), expected: error.to_string() })
    })?;
    let filter = PathFilter::compile(&syntax.paths, file, &written)?;
    let fix_regex = match &syntax.fix_regex {
        None => None,
        Some(fix) => {
            let regex = Regex::new(fix.regex.as_str(), Anchoring::Search)
                .map_err(|message| fault(fix.regex.node.place, Problem::Regex(message)))?;
            Some(CompiledFixRegex { regex, replacement: fix.replacement.clone(), count: fix.count })
        }
    };
    let programs = syntax.languages.iter().map(|language| (*language, OnceLock::new())).collect();
    let mut options = RuleOptions::of(&syntax.options);
    options.patterns.text_dots =
        syntax.languages.first() == Some(&RuleLanguage::Code(tollgate_core::Language::Json));
    Ok(Rule {
        meta: meta::of_rule(&syntax, id),
        languages: syntax.languages.clone(),
        path: Arc::clone(&file.path),
        line: syntax.place.line,
        options,
        file: file.clone(),
        filter,
        fix_regex,
        programs,
        syntax,
    })
}

fn push_line(text: &mut String, indent: &str, line: &str) {
    if !line.is_empty() {
        text.push_str(indent);
    }
    text.push_str(line);
    text.push('\n');
}

/// Loads rule files and every `*.yaml` and `*.yml` below folders, and compiles them.
#[must_use]
pub fn load(paths: &[PathBuf]) -> Loaded {
    let mut loaded = read_all(paths);
    loaded.compile_all();
    loaded
}

/// Reads the rules of one text; `path` is for messages. Patterns are not compiled.
#[must_use]
pub fn parse(path: &Path, text: &str) -> Loaded {
    let mut loaded = Loaded::default();
    loaded.add(&[SourceFile::new(path.to_path_buf(), text)]);
    loaded
}

/// As [`load`], without compiling patterns.
pub(crate) fn read_all(paths: &[PathBuf]) -> Loaded {
    let mut loaded = Loaded::default();
    let mut sources = Vec::new();
    for path in paths {
        let mut files = Vec::new();
        let named = !path.is_dir();
        if named {
            files.push(path.clone());
        } else {
            rule_files(path, 0, &mut files);
            files.sort();
        }
        for file in files {
            match std::fs::read(&file) {
                Ok(bytes) => {
                    let text = String::from_utf8_lossy(&bytes);
                    let source = SourceFile::new(file, text.strip_prefix('\u{feff}').unwrap_or(&text));
                    if named || has_rules(&source.text) {
                        sources.push(source);
                    } else if looks_like_rules(&source.text) {
                        let message = "this file has no key `rules` and was left out".to_owned();
                        let place = Place { line: 1, column: 1, width: 1 };
                        loaded.warnings.push(source.error(place, None, Problem::Senseless(message)));
                    }
                }
                Err(error) => {
                    loaded.errors.push(RuleError::of_file(&file, Problem::Unreadable(error.to_string())));
                }
            }
        }
    }
    loaded.add(&sources);
    loaded.qualify_duplicates();
    loaded
}

/// Rule files below a folder; tests of rules (`x.test.yaml`, `x.fixed.yaml`) and hidden folders are none.
pub(crate) fn rule_files(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with('.') {
            continue;
        }
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() && depth < MAX_FOLDER_DEPTH {
            rule_files(&entry.path(), depth + 1, files);
        } else if is_rule_file_name(&name) && entry.path().is_file() {
            files.push(entry.path());
        }
    }
}

/// Folders of rules also hold other YAML: targets of rules, continuous integration files.
pub(crate) fn has_rules(text: &str) -> bool {
    text.lines().any(|line| {
        ["rules:", "\"rules\":", "'rules':", "library:", "{"].iter().any(|start| line.starts_with(start))
    })
}

/// Whether a text was meant to hold rules. Other YAML is no concern of whoever checks rules.
fn looks_like_rules(text: &str) -> bool {
    text.lines().any(|line| line.trim_start_matches(['-', ' ']).starts_with("languages:"))
}

pub(crate) fn is_rule_file_name(name: &str) -> bool {
    let mut parts = name.rsplit('.');
    matches!(parts.next(), Some("yaml" | "yml")) && !parts.any(|part| matches!(part, "test" | "fixed"))
}
