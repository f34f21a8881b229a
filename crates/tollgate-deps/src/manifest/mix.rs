//! `mix.lock`, a map of Elixir terms with one dependency to a line.

use std::collections::HashMap;

use tollgate_core::dependency::Usage;

use super::text::numbered;
use super::{Declarations, Input, edges, report_cut, report_shape};
use crate::graph::{Ecosystem, Lockfile, PackageKey, Provenance, ResolvedPackage};

pub(super) fn read(input: Input<'_>) -> Lockfile {
    let mut lockfile = Lockfile::new(input.path.clone());
    let text = input.text.trim();
    if !text.is_empty() && !text.starts_with("%{") {
        report_shape(&mut lockfile, "no map `%{` at its start");
    } else if !text.is_empty() && !text.ends_with('}') {
        report_cut(&mut lockfile, input, "no `}` at its end");
    }
    let mut needs: Vec<Vec<String>> = Vec::new();
    for (line, raw) in numbered(input.text) {
        let Some((app, term)) = entry(raw) else { continue };
        let strings = strings(term);
        let package = if let Some(rest) = term.strip_prefix("{:hex,") {
            // `:name`, or `:"name"`, then the version as the first text behind it.
            let atom = rest.trim_start().trim_start_matches(':');
            let quoted = atom.starts_with('"');
            let atom = atom.trim_start_matches('"');
            let name = atom.split([',', '"']).next().unwrap_or(app).trim();
            let version = strings.get(usize::from(quoted)).copied();
            ResolvedPackage::new(Ecosystem::Hex, name, version, line)
        } else {
            let mut package = ResolvedPackage::new(Ecosystem::Hex, app, None, line);
            package.provenance = Provenance::Foreign;
            package
        };
        lockfile.packages.push(package);
        needs.push(needed(term));
    }
    let by_name: HashMap<String, usize> =
        lockfile.packages.iter().enumerate().map(|(idx, package)| (package.name.clone(), idx)).collect();
    for (package, needs) in lockfile.packages.iter_mut().zip(needs) {
        package.edges = edges(needs.iter().filter_map(|name| by_name.get(name).copied()));
    }
    if let Some(manifest) = input.sibling("mix.exs") {
        declarations(&manifest).apply(&mut lockfile);
    }
    lockfile
}

/// `"name": {…},` or `name: {…}`.
fn entry(line: &str) -> Option<(&str, &str)> {
    let line = line.trim().trim_start_matches("%{");
    let (name, term) = line.split_once(": {")?;
    let at = name.len() + 2;
    let name = name.trim().trim_matches('"');
    let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let _ = term;
    plain.then(|| (name, &line[at..]))
}

/// The quoted texts of a term in order.
fn strings(term: &str) -> Vec<&str> {
    term.split('"').skip(1).step_by(2).collect()
}

/// Names in the list of dependencies: `{:name, "~> 1.0", [hex: :name, …]}`.
fn needed(term: &str) -> Vec<String> {
    let Some(start) = term.find("[{:") else { return Vec::new() };
    let names = term[start..].split("{:").skip(1).filter_map(|part| part.split([',', '}']).next());
    names.map(|name| name.trim().to_owned()).collect()
}

/// Tuples `{:name, "~> 1.0", only: [:dev, :test]}` of a `mix.exs`.
fn declarations(text: &str) -> Declarations {
    let mut declared = Declarations::default();
    for (_, line) in numbered(text) {
        let code = line.trim();
        let Some(rest) = code.strip_prefix('[').unwrap_or(code).strip_prefix("{:") else { continue };
        let Some((name, rest)) = rest.split_once([',', '}']) else { continue };
        let name = name.trim();
        if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            continue;
        }
        let range = strings(rest).first().copied().filter(|text| text.contains(|c: char| c.is_ascii_digit()));
        let only = rest.split_once("only:").map(|(_, only)| only);
        let usage = match only {
            Some(only) if !only.contains(":prod") => Usage::Development,
            _ if rest.contains("optional: true") => Usage::Optional,
            _ => Usage::Production,
        };
        declared.add(PackageKey::new(Ecosystem::Hex, name), usage, range);
    }
    declared
}
