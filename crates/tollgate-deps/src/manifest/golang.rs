//! `go.mod` with its `go.sum`: the modules a build uses.
//!
//! From Go 1.17 on `go.mod` lists every module of the build. Before that it lists the direct ones, and
//! the modules whose archive `go.sum` vouches for, each in its highest version, are the rest.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

use tollgate_core::DiagnosticLevel;

use super::text::numbered;
use super::{Input, report_shape};
use crate::graph::{Ecosystem, Lockfile, Provenance, ResolvedPackage};
use crate::version::compare;

pub(super) fn read(input: Input<'_>) -> Lockfile {
    let mut lockfile = Lockfile::new(input.path.clone());
    let module = parse(input.text);
    for (line, message) in &module.faults {
        let message = format!("could not read all of {}: {message}", input.path);
        lockfile.report(DiagnosticLevel::Error, message, Some(*line));
    }
    if module.name.is_none() && module.faults.is_empty() && !input.text.trim().is_empty() {
        report_shape(&mut lockfile, "no module line in it");
    }
    let mut known: HashMap<String, usize> = HashMap::new();
    for required in &module.required {
        let mut package =
            ResolvedPackage::new(Ecosystem::Go, &required.path, Some(&required.version), required.line);
        package.direct = Some(!required.indirect);
        package.requirement = Some(required.version.clone());
        replace(&mut package, &module.replaced);
        known.insert(required.path.clone(), lockfile.packages.len());
        lockfile.packages.push(package);
    }
    let old = module.go.as_ref().is_none_or(|(version, _)| is_before_1_17(version));
    if old && let Some(sum) = input.sibling("go.sum") {
        for (path, version) in summed(&sum) {
            match known.get(path) {
                Some(&idx) => {
                    let package = &mut lockfile.packages[idx];
                    let raised = package.provenance == Provenance::Registry
                        && package.version.as_deref().is_some_and(|own| is_lower(own, version));
                    if raised && !module.replaced.contains_key(path) {
                        package.version = Some(version.to_owned());
                    }
                }
                None => {
                    let mut package = ResolvedPackage::new(Ecosystem::Go, path, Some(version), 1);
                    package.direct = Some(false);
                    replace(&mut package, &module.replaced);
                    lockfile.packages.push(package);
                }
            }
        }
    }
    add_toolchain(&mut lockfile, &module);
    lockfile
}

/// The `go` line stands for the standard library, a `toolchain` line for it and the tools.
fn add_toolchain(lockfile: &mut Lockfile, module: &Module) {
    let mut add = |name: &str, version: &str, line: u32| {
        let version = release(version);
        let mut package = ResolvedPackage::new(Ecosystem::Go, name, Some(&version), line);
        package.direct = Some(true);
        lockfile.packages.push(package);
    };
    match (&module.go, &module.toolchain) {
        (_, Some((version, line))) => {
            add("stdlib", version, *line);
            add("toolchain", version, *line);
        }
        (Some((version, line)), None) => add("stdlib", version, *line),
        (None, None) => {}
    }
}

/// Go releases as advisories order them: `1.21rc2` comes before `1.21.0`.
fn release(version: &str) -> String {
    match version.find(|c: char| c.is_ascii_alphabetic()) {
        Some(at) if version[..at].matches('.').count() == 1 => {
            let (number, stage) = version.split_at(at);
            format!("{number}.0-{stage}")
        }
        _ => version.to_owned(),
    }
}

fn replace(package: &mut ResolvedPackage, replaced: &BTreeMap<String, Vec<Replacement>>) {
    let Some(list) = replaced.get(&package.name) else { return };
    let version = package.version.as_deref();
    let exact =
        list.iter().find(|replacement| replacement.version.as_deref() == version && version.is_some());
    let Some(found) = exact.or_else(|| list.iter().find(|replacement| replacement.version.is_none())) else {
        return;
    };
    match &found.by {
        None => package.provenance = Provenance::Local,
        Some((path, version)) => {
            let mut other = ResolvedPackage::new(Ecosystem::Go, path, Some(version), package.line);
            other.direct = package.direct;
            *package = other;
        }
    }
}

/// Modules of a `go.sum` whose archive is vouched for, each in its highest version, sorted.
fn summed(text: &str) -> BTreeMap<&str, &str> {
    let mut highest: BTreeMap<&str, &str> = BTreeMap::new();
    for line in text.lines() {
        let mut words = line.split_ascii_whitespace();
        let (Some(path), Some(version), Some(_)) = (words.next(), words.next(), words.next()) else {
            continue;
        };
        if version.ends_with("/go.mod") {
            continue;
        }
        let known = highest.entry(path).or_insert(version);
        if is_lower(known, version) {
            *known = version;
        }
    }
    highest
}

fn is_lower(left: &str, right: &str) -> bool {
    compare(Ecosystem::Go, left, right) == Ordering::Less
}

fn is_before_1_17(version: &str) -> bool {
    let mut parts = version.split(['.', 'r', 'b']).map(|part| part.parse::<u32>().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0)) < (1, 17)
}

#[derive(Debug, Default)]
struct Module {
    name: Option<String>,
    go: Option<(String, u32)>,
    toolchain: Option<(String, u32)>,
    required: Vec<Required>,
    replaced: BTreeMap<String, Vec<Replacement>>,
    faults: Vec<(u32, String)>,
}

#[derive(Debug)]
struct Required {
    path: String,
    version: String,
    line: u32,
    indirect: bool,
}

#[derive(Debug)]
struct Replacement {
    /// The replaced version; `None` for every version.
    version: Option<String>,
    /// Module and version instead; `None` for a folder.
    by: Option<(String, String)>,
}

fn parse(text: &str) -> Module {
    let mut module = Module::default();
    let mut block: Option<(String, u32)> = None;
    for (number, line) in numbered(text) {
        let (code, comment) = line.split_once("//").unwrap_or((line, ""));
        let words: Vec<String> = words(code);
        let Some(first) = words.first() else { continue };
        if first == ")" {
            block = None;
            continue;
        }
        match &block {
            Some((directive, _)) => {
                let directive = directive.clone();
                directive_line(&mut module, &directive, &words, comment, number);
            }
            None if words.get(1).is_some_and(|word| word == "(") => {
                // `require ()` opens and closes at once.
                if words.get(2).is_none_or(|word| word != ")") {
                    block = Some((first.clone(), number));
                }
            }
            None => directive_line(&mut module, first, &words[1..], comment, number),
        }
    }
    if let Some((directive, line)) = block {
        module.faults.push((line, format!("the `{directive}` block has no end: the file is truncated")));
    }
    module
}

/// Words of a line; quotes are dropped, parentheses stand alone.
fn words(code: &str) -> Vec<String> {
    let spaced = code.replace('(', " ( ").replace(')', " ) ");
    spaced.split_whitespace().map(|word| word.trim_matches(['"', '`']).to_owned()).collect()
}

fn directive_line(module: &mut Module, directive: &str, words: &[String], comment: &str, line: u32) {
    match (directive, words) {
        ("module", [name, ..]) => module.name = Some(name.clone()),
        ("go", [version, ..]) => module.go = Some((version.clone(), line)),
        ("toolchain", [version, ..]) => {
            // `default` and `go1.22.3-custom` name no release by themselves.
            let release = version.strip_prefix("go").unwrap_or(version);
            let release = release.split('-').next().unwrap_or(release);
            if release.starts_with(|c: char| c.is_ascii_digit()) {
                module.toolchain = Some((release.to_owned(), line));
            }
        }
        ("require", [path, version, ..]) => module.required.push(Required {
            path: path.clone(),
            version: version.clone(),
            line,
            indirect: comment.trim_start().starts_with("indirect"),
        }),
        ("replace", words) => {
            let Some(arrow) = words.iter().position(|word| word == "=>") else {
                module.faults.push((line, "a replace directive without `=>`".to_owned()));
                return;
            };
            let (Some(path), Some(by)) = (words.first(), words.get(arrow + 1)) else { return };
            let version = (arrow == 2).then(|| words[1].clone());
            let by = words.get(arrow + 2).map(|version| (by.clone(), version.clone()));
            module.replaced.entry(path.clone()).or_default().push(Replacement { version, by });
        }
        ("exclude" | "retract" | "tool" | "godebug" | "ignore", _) => {}
        ("require", _) => module.faults.push((line, "a require directive without a version".to_owned())),
        _ => {
            module.faults.push((line, format!("unknown directive `{}`", super::document::shorten(directive))))
        }
    }
}
