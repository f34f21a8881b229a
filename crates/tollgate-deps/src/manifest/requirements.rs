//! `requirements.txt` as pip reads it: includes, constraints, hashes, markers, continuation lines, and
//! the `# via` notes of pip-compile.

use std::collections::{BTreeMap, HashMap};

use tollgate_core::dependency::Usage;
use tollgate_core::{DiagnosticLevel, RepoPath};

use super::pep508::{Requirement, exact_version};
use super::text::numbered;
use super::{Format, Input, edges};
use crate::graph::{Ecosystem, Lockfile, PackageKey, Provenance, ResolvedPackage};

/// How many files constraints may be read from.
const MAX_CONSTRAINT_FILES: usize = 50;

pub(super) fn read(input: Input<'_>) -> Lockfile {
    let mut lockfile = Lockfile::new(input.path.clone());
    let items = logical_lines(input.text);
    if is_prose(&items) {
        let message = format!("{} holds text rather than requirements and was not checked", input.path);
        lockfile.report(DiagnosticLevel::Warning, message, Some(1));
        return lockfile;
    }
    let mut pins = Constraints::default();
    for item in &items {
        match &item.kind {
            Kind::Constraint(file) => pins.read(&mut lockfile, input, file, item.line),
            Kind::Include(file) => include(&mut lockfile, input, file, item.line),
            _ => {}
        }
    }
    let mut vias: Vec<(usize, Vec<String>)> = Vec::new();
    let mut unpinned: Vec<(u32, String)> = Vec::new();
    for item in &items {
        match &item.kind {
            Kind::Requirement { text, via } => {
                let Some(requirement) = Requirement::parse(text) else {
                    if !is_path(text) {
                        let message = format!(
                            "could not read all of {}: `{}` is no requirement",
                            input.path,
                            super::document::shorten(text)
                        );
                        lockfile.report(DiagnosticLevel::Error, message, Some(item.line));
                    }
                    continue;
                };
                let key = PackageKey::new(Ecosystem::PyPi, requirement.name);
                let version = requirement.pin().or_else(|| pins.get(&key));
                let mut package = ResolvedPackage::new(Ecosystem::PyPi, requirement.name, version, item.line);
                package.requirement =
                    (!requirement.specifier.is_empty()).then(|| requirement.specifier.to_owned());
                package.usage = usage_by_name(input.path);
                if requirement.url.is_some() {
                    package.provenance = Provenance::Foreign;
                }
                if package.version.is_none() {
                    unpinned.push((item.line, requirement.name.to_owned()));
                }
                if !via.is_empty() {
                    vias.push((lockfile.packages.len(), via.clone()));
                }
                lockfile.packages.push(package);
            }
            Kind::Unnamed(text) => {
                let message =
                    format!("{} of {} names no version and was not checked", shown(text), input.path);
                lockfile.report(DiagnosticLevel::Note, message, Some(item.line));
            }
            Kind::Broken(message) => {
                let message = format!("could not read all of {}: {message}", input.path);
                lockfile.report(DiagnosticLevel::Error, message, Some(item.line));
            }
            Kind::Constraint(_) | Kind::Include(_) => {}
        }
    }
    report_unpinned(&mut lockfile, &unpinned, "exact version (`==`)");
    link(&mut lockfile, &vias);
    lockfile
}

/// Other documents are called requirements, too: sentences without a single pin.
fn is_prose(items: &[Item]) -> bool {
    let (mut sound, mut broken) = (0, 0);
    for item in items {
        match &item.kind {
            Kind::Requirement { text, .. } if text.contains("==") => return false,
            Kind::Requirement { text, .. } => match Requirement::parse(text) {
                Some(_) => sound += 1,
                None => broken += 1,
            },
            Kind::Include(_) | Kind::Constraint(_) => return false,
            Kind::Unnamed(_) | Kind::Broken(_) => {}
        }
    }
    broken > sound
}

/// One note for all entries of a file that pin no version.
pub(super) fn report_unpinned(lockfile: &mut Lockfile, unpinned: &[(u32, String)], wanted: &str) {
    const SHOWN: usize = 8;
    let Some((line, _)) = unpinned.first() else { return };
    let names: Vec<&str> = unpinned.iter().take(SHOWN).map(|(_, name)| name.as_str()).collect();
    let more = if unpinned.len() > SHOWN { ", …" } else { "" };
    let message = format!(
        "{} entries of {} state no {wanted} and were not checked: {}{more}",
        unpinned.len(),
        lockfile.path,
        names.join(", ")
    );
    lockfile.report(DiagnosticLevel::Note, message, Some(*line));
}

fn shown(text: &str) -> String {
    format!("`{}`", super::document::shorten(text))
}

/// Edges and direct dependencies from pip-compile's notes.
fn link(lockfile: &mut Lockfile, vias: &[(usize, Vec<String>)]) {
    if vias.is_empty() {
        return;
    }
    let by_key: HashMap<PackageKey, usize> =
        lockfile.packages.iter().enumerate().map(|(idx, package)| (package.key.clone(), idx)).collect();
    let mut found: Vec<Vec<usize>> = vec![Vec::new(); lockfile.packages.len()];
    for (idx, sources) in vias {
        let mut direct = false;
        for source in sources {
            match by_key.get(&PackageKey::new(Ecosystem::PyPi, source)) {
                Some(&parent) if parent != *idx => found[parent].push(*idx),
                // `-r requirements.in`, `project (pyproject.toml)` and the like.
                _ => direct = true,
            }
        }
        lockfile.packages[*idx].direct = Some(direct);
    }
    for (package, targets) in lockfile.packages.iter_mut().zip(found) {
        package.edges = edges(targets);
    }
}

fn usage_by_name(path: &RepoPath) -> Usage {
    let name = path.file_name().to_ascii_lowercase();
    let stem = name.trim_end_matches(".txt");
    let development = stem.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| {
        matches!(word, "dev" | "development" | "test" | "tests" | "testing" | "lint" | "docs" | "doc" | "ci")
    });
    if development { Usage::Development } else { Usage::Production }
}

fn is_path(text: &str) -> bool {
    text.starts_with(['.', '/', '~'])
        || text.contains("://")
        || text.starts_with("file:")
        || text.contains('/')
        || text.ends_with(".whl")
        || text.ends_with(".tar.gz")
        || text.ends_with(".zip")
}

fn include(lockfile: &mut Lockfile, input: Input<'_>, file: &str, line: u32) {
    match resolve(input, file) {
        Ok(Some(path)) => {
            // A file that has its own reader by name is read anyway.
            if Format::of(&path) != Some(Format::Requirements) && !lockfile.includes.contains(&path) {
                lockfile.includes.push(path);
            }
        }
        Ok(None) => {}
        Err(message) => lockfile.report(DiagnosticLevel::Error, message, Some(line)),
    }
}

/// The file of the tree that an option names; `None` for a URL.
fn resolve(input: Input<'_>, file: &str) -> Result<Option<RepoPath>, String> {
    if file.contains("://") {
        return Ok(None);
    }
    let missing = || format!("could not read {file}, which {} includes: not in the scanned tree", input.path);
    let path = input.folder().join(file).map_err(|_| missing())?;
    if input.near.has(&path) { Ok(Some(path)) } else { Err(missing()) }
}

#[derive(Debug, Default)]
struct Constraints {
    pins: BTreeMap<PackageKey, String>,
    files: Vec<RepoPath>,
}

impl Constraints {
    fn get(&self, key: &PackageKey) -> Option<&str> {
        self.pins.get(key).map(String::as_str)
    }

    fn read(&mut self, lockfile: &mut Lockfile, input: Input<'_>, file: &str, line: u32) {
        let first = match resolve(input, file) {
            Ok(Some(path)) => path,
            Ok(None) => return,
            Err(message) => {
                lockfile.report(DiagnosticLevel::Warning, message, Some(line));
                return;
            }
        };
        let mut pending = vec![first];
        while let Some(path) = pending.pop() {
            if self.files.contains(&path) || self.files.len() >= MAX_CONSTRAINT_FILES {
                continue;
            }
            self.files.push(path.clone());
            let Some(text) = input.near.text(&path) else { continue };
            for item in logical_lines(&text) {
                match item.kind {
                    Kind::Requirement { text, .. } => {
                        let Some(requirement) = Requirement::parse(&text) else { continue };
                        if let Some(version) = exact_version(requirement.specifier) {
                            self.pins
                                .entry(PackageKey::new(Ecosystem::PyPi, requirement.name))
                                .or_insert_with(|| version.to_owned());
                        }
                    }
                    Kind::Constraint(file) | Kind::Include(file) => {
                        pending.extend(path.parent().join(&file).ok().filter(|path| input.near.has(path)));
                    }
                    Kind::Unnamed(_) | Kind::Broken(_) => {}
                }
            }
        }
    }
}

#[derive(Debug)]
struct Item {
    line: u32,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Requirement {
        text: String,
        via: Vec<String>,
    },
    Include(String),
    Constraint(String),
    /// An editable or bare URL or path.
    Unnamed(String),
    Broken(String),
}

/// The lines after joining continuations and cutting comments and per-requirement options.
fn logical_lines(text: &str) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let mut joined = String::new();
    let mut first = 0_u32;
    // Whether comment lines belong to a requirement above them.
    let mut in_via = false;
    for (number, line) in numbered(text) {
        let trimmed = line.trim();
        if joined.is_empty() && trimmed.starts_with('#') {
            note_via(&mut items, trimmed, &mut in_via);
            continue;
        }
        let (code, comment) = cut_comment(line);
        if joined.is_empty() {
            first = number;
        }
        if let Some(before) = code.trim_end().strip_suffix('\\')
            && comment.is_none()
        {
            joined.push_str(before);
            joined.push(' ');
            continue;
        }
        joined.push_str(code);
        let logical = std::mem::take(&mut joined);
        in_via = false;
        let logical = logical.trim();
        if logical.is_empty() {
            continue;
        }
        items.push(Item { line: first, kind: classify(logical) });
        if let Some(comment) = comment {
            note_via(&mut items, comment, &mut in_via);
        }
    }
    if !joined.trim().is_empty() {
        items.push(Item { line: first, kind: classify(joined.trim()) });
        items.push(Item { line: first, kind: Kind::Broken("ends in a continued line".to_owned()) });
    }
    items.retain(|item| !matches!(&item.kind, Kind::Unnamed(text) if text.is_empty()));
    items
}

/// A comment starts at the line's start or after white space.
fn cut_comment(line: &str) -> (&str, Option<&str>) {
    let bytes = line.as_bytes();
    let start =
        line.match_indices('#').map(|(at, _)| at).find(|&at| at == 0 || bytes[at - 1].is_ascii_whitespace());
    start.map_or((line, None), |at| (&line[..at], Some(&line[at..])))
}

/// Takes `# via flask`, `#   via`, `#   flask` and `#   -r requirements.in`.
fn note_via(items: &mut [Item], comment: &str, in_via: &mut bool) {
    let text = comment.trim_start_matches('#').trim();
    let Some(Item { kind: Kind::Requirement { via, .. }, .. }) = items.last_mut() else { return };
    let sources = match text.strip_prefix("via") {
        Some(rest) if rest.is_empty() || rest.starts_with([' ', ':']) => {
            *in_via = true;
            rest.trim_start_matches(':').trim()
        }
        _ if *in_via && !text.is_empty() => text,
        _ => {
            *in_via = false;
            return;
        }
    };
    via.extend(sources.split(',').map(str::trim).filter(|source| !source.is_empty()).map(|source| {
        // `flask (extra)` names the package first.
        if source.starts_with('-') || source.contains('(') {
            source.to_owned()
        } else {
            source.to_lowercase()
        }
    }));
}

fn classify(line: &str) -> Kind {
    let option = |names: &[&str]| {
        names.iter().find_map(|name| {
            let rest = line.strip_prefix(name)?;
            let attached = !name.starts_with("--");
            let value = rest.strip_prefix(['=', ' ', '\t']).or_else(|| attached.then_some(rest))?;
            Some(value.trim().trim_matches(['"', '\'']).to_owned())
        })
    };
    if let Some(file) = option(&["--requirement", "-r"]) {
        return Kind::Include(file);
    }
    if let Some(file) = option(&["--constraint", "-c"]) {
        return Kind::Constraint(file);
    }
    if let Some(target) = option(&["--editable", "-e"]) {
        let local = target.starts_with(['.', '/']) || !target.contains("://");
        return Kind::Unnamed(if local { String::new() } else { target });
    }
    if line.starts_with('-') {
        return Kind::Unnamed(String::new());
    }
    // Per-requirement options such as `--hash=sha256:…` follow the requirement.
    let requirement = line.find(" --").map_or(line, |at| &line[..at]).trim();
    if Requirement::parse(requirement).is_none() && is_path(requirement) {
        let remote = requirement.contains("://");
        return Kind::Unnamed(if remote { requirement.to_owned() } else { String::new() });
    }
    Kind::Requirement { text: requirement.to_owned(), via: Vec::new() }
}

/// The byte range of the version in the pin of `package` that starts on `line`, for edits.
pub(crate) fn locate_pin(text: &str, line: u32, version: &str) -> Option<(usize, usize)> {
    let mut offset = 0;
    for (idx, raw) in text.split('\n').enumerate() {
        if u32::try_from(idx + 1).ok()? == line {
            let (code, _) = cut_comment(raw);
            let equals = code.find("==")?;
            let at = equals + code[equals..].find(version)?;
            let end = at + version.len();
            // Hashes pin the old archive, so a line with hashes cannot be edited alone.
            let hashed = code.contains("--hash") || code.trim_end().ends_with('\\');
            let whole =
                code[end..].chars().next().is_none_or(|c| c.is_whitespace() || matches!(c, ';' | ',' | ')'));
            return (whole && !hashed).then_some((offset + at, offset + end));
        }
        offset += raw.len() + 1;
    }
    None
}
