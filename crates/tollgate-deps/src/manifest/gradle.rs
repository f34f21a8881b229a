//! Gradle: `gradle.lockfile` and its kin, and version catalogs.

use tollgate_core::DiagnosticLevel;
use tollgate_core::dependency::Usage;

use super::document::Node;
use super::requirements::report_unpinned;
use super::text::numbered;
use super::{Input, report_cut, start, toml_text};
use crate::graph::{Ecosystem, Lockfile, ResolvedPackage};

/// Reads lines of `group:artifact:version=configuration,…`.
pub(super) fn read_lock(input: Input<'_>) -> Lockfile {
    let mut lockfile = Lockfile::new(input.path.clone());
    let buildscript = input.path.file_name().starts_with("buildscript");
    let mut ended = false;
    for (line, raw) in numbered(input.text) {
        let content = raw.trim();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let (module, configurations) = content.split_once('=').unwrap_or((content, ""));
        if module == "empty" {
            ended = true;
            continue;
        }
        let parts: Vec<&str> = module.split(':').collect();
        let [group, artifact, version] = parts.as_slice() else {
            let shown = super::document::shorten(content);
            let message =
                format!("could not read all of {}: `{shown}` is no group:artifact:version", input.path);
            lockfile.report(DiagnosticLevel::Error, message, Some(line));
            continue;
        };
        let mut package =
            ResolvedPackage::new(Ecosystem::Maven, &format!("{group}:{artifact}"), Some(version), line);
        let mut names = configurations.split(',').filter(|name| !name.is_empty()).peekable();
        let development = names.peek().is_some() && names.all(is_development);
        package.usage = if buildscript || development { Usage::Development } else { Usage::Production };
        lockfile.packages.push(package);
    }
    let single = input.path.file_name() == "gradle.lockfile" || buildscript;
    if single && !ended && !input.text.trim().is_empty() {
        report_cut(&mut lockfile, input, "no `empty=` line at its end");
    }
    lockfile
}

fn is_development(configuration: &str) -> bool {
    let lower = configuration.to_ascii_lowercase();
    [
        "test",
        "annotationprocessor",
        "kapt",
        "ksp",
        "checkstyle",
        "pmd",
        "spotbugs",
        "jacoco",
        "detekt",
        "ktlint",
        "lint",
        "errorprone",
        "jmh",
        "spotless",
    ]
    .iter()
    .any(|word| lower.contains(word))
}

/// Reads `[libraries]` of a version catalog.
pub(super) fn read_catalog(input: Input<'_>) -> Lockfile {
    let document = toml_text::parse(input.text);
    let mut lockfile = start(input, &document);
    let versions = document.root.get("versions");
    let mut unpinned = Vec::new();
    for entry in document.root.entries_of("libraries") {
        let node = &entry.node;
        let (module, version) = match node.text() {
            Some(text) => match text.rsplit_once(':') {
                Some((module, version)) if module.contains(':') => (module.to_owned(), Some(version)),
                _ => (text.to_owned(), None),
            },
            None => {
                let module = match (node.text_of("module"), node.text_of("group"), node.text_of("name")) {
                    (Some(module), ..) => module.to_owned(),
                    (None, Some(group), Some(name)) => format!("{group}:{name}"),
                    _ => continue,
                };
                (module, version_of(node.get("version"), versions))
            }
        };
        let version = version.filter(|version| is_fixed(version));
        if version.is_none() {
            unpinned.push((entry.line, module.clone()));
        }
        let mut package = ResolvedPackage::new(Ecosystem::Maven, &module, version, entry.line);
        package.direct = Some(true);
        lockfile.packages.push(package);
    }
    report_unpinned(&mut lockfile, &unpinned, "exact version");
    lockfile
}

/// The version that a library states: a text, a reference into `[versions]` or a rich version.
fn version_of<'n>(version: Option<&'n Node<'n>>, versions: Option<&'n Node<'n>>) -> Option<&'n str> {
    let version = version?;
    if let Some(reference) = version.text_of("ref") {
        return rich(versions?.get(reference)?);
    }
    rich(version)
}

fn rich<'n>(node: &'n Node<'n>) -> Option<&'n str> {
    node.text().or_else(|| ["strictly", "require", "prefer"].iter().find_map(|key| node.text_of(key)))
}

/// Whether a Gradle version names one version.
fn is_fixed(version: &str) -> bool {
    !version.is_empty()
        && !version.contains(['[', '(', ']', ')', ',', '+', '$'])
        && !version.starts_with("latest.")
}
