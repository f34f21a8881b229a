//! Whether the project's own code gets to a vulnerable package.
//!
//! "Not imported" is said only when every source file of the ecosystem's languages was read. A package
//! that comes in through another one is used by that one, whatever the project imports; unless nothing
//! on the way to it is imported either, nobody can tell.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use tollgate_core::dependency::{PackageFinding, Reachability};
use tollgate_core::facts::{Facts, Import};
use tollgate_core::{
    Inventory, Language, MergedFinding, Position, Region, RepoPath, SourceLocation, Subject,
};

const MAX_PLACES: usize = 50;

/// Fills in the reachability of package findings where it is unknown. `inventory` tells which languages
/// the project has at all.
pub fn reach(findings: &mut [MergedFinding], facts: &Facts, inventory: Option<&Inventory>) {
    let index = ImportIndex::of(&facts.imports);
    let present: BTreeSet<Language> = inventory
        .map(|inventory| inventory.files().iter().filter_map(|file| file.language).collect())
        .unwrap_or_default();
    for finding in findings {
        if let Subject::Package(package) = &mut finding.finding.subject
            && package.reachability == Reachability::Unknown
        {
            package.reachability = reachability(package, &index, facts, &present);
        }
    }
}

fn reachability(
    package: &PackageFinding,
    index: &ImportIndex<'_>,
    facts: &Facts,
    present: &BTreeSet<Language>,
) -> Reachability {
    let Some(languages) = languages_of(&package.ecosystem) else { return Reachability::Unknown };
    if package.import_names.is_empty() {
        return Reachability::Unknown;
    }
    let imports = index.of_modules(&package.import_names, languages);
    if !imports.is_empty() {
        let calls = calls(&imports, &package.affected_symbols);
        if !calls.is_empty() {
            return Reachability::Called(calls);
        }
        let files: BTreeSet<&RepoPath> = imports.iter().map(|import| &import.path).collect();
        return Reachability::Imported(files.into_iter().take(MAX_PLACES).cloned().collect());
    }
    let has_code = languages.iter().any(|language| present.contains(language));
    let all_read =
        languages.iter().all(|language| !present.contains(language) || facts.fully_read.contains(language));
    if !has_code || !all_read {
        return Reachability::Unknown;
    }
    let carriers = carriers(package);
    match carriers {
        Some(names) if index.of_modules(&names, languages).is_empty() => Reachability::NotImported,
        _ => Reachability::Unknown,
    }
}

/// Names under which the packages that bring this one may be imported; empty for a direct dependency,
/// `None` where nobody can tell.
fn carriers(package: &PackageFinding) -> Option<Vec<String>> {
    let mut names = BTreeSet::new();
    if package.dependency_paths.is_empty() {
        return None;
    }
    for step in package.dependency_paths.iter().flatten() {
        let name = step.rsplit_once('@').map_or(&**step, |(name, _)| name);
        if name.is_empty() || name == package.package {
            continue;
        }
        match package.ecosystem.as_str() {
            "npm" | "Go" => {
                names.insert(name.to_owned());
            }
            "crates.io" => {
                names.insert(name.replace('-', "_"));
            }
            // A distribution's name says nothing certain of the modules in it.
            _ => return None,
        }
    }
    Some(names.into_iter().collect())
}

fn languages_of(ecosystem: &str) -> Option<&'static [Language]> {
    let name = ecosystem.split(':').next().unwrap_or(ecosystem);
    Some(match name {
        "npm" => &[Language::Javascript, Language::Typescript],
        "PyPI" => &[Language::Python],
        "Go" => &[Language::Go],
        "crates.io" => &[Language::Rust],
        "Maven" => &[Language::Java, Language::Kotlin, Language::Scala],
        "RubyGems" => &[Language::Ruby],
        "Packagist" => &[Language::Php],
        "NuGet" => &[Language::Csharp],

        _ => return None,
    })
}

/// Imports by the first part of the module's name.
struct ImportIndex<'a>(FxHashMap<&'a str, Vec<&'a Import>>);

impl<'a> ImportIndex<'a> {
    fn of(imports: &'a [Import]) -> Self {
        let mut index: FxHashMap<&str, Vec<&Import>> = FxHashMap::default();
        for import in imports {
            index.entry(head(&import.module)).or_default().push(import);
        }
        Self(index)
    }

    fn of_modules(&self, names: &[String], languages: &[Language]) -> Vec<&'a Import> {
        let mut found: Vec<&Import> = names
            .iter()
            .flat_map(|name| {
                let candidates = self.0.get(head(name)).map_or(&[][..], Vec::as_slice);
                candidates.iter().copied().filter(move |import| is_within(&import.module, name))
            })
            .filter(|import| languages.contains(&import.language))
            .collect();
        found.sort();
        found.dedup();
        found
    }
}

const SEPARATORS: [char; 4] = ['.', '/', ':', '\\'];

fn head(module: &str) -> &str {
    module.split(SEPARATORS).next().unwrap_or(module)
}

fn is_within(module: &str, name: &str) -> bool {
    module.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(SEPARATORS))
}

/// Places where an import's file uses one of the affected symbols.
fn calls(imports: &[&Import], symbols: &[String]) -> Vec<SourceLocation> {
    let wanted: BTreeSet<&str> = symbols.iter().map(|symbol| last_part(symbol)).collect();
    let mut places: BTreeSet<(&RepoPath, u32)> = BTreeSet::new();
    for import in imports {
        let used = import.uses.iter().filter(|(name, _)| wanted.contains(last_part(name)));
        places.extend(used.map(|(_, line)| (&import.path, *line)));
    }
    places
        .into_iter()
        .take(MAX_PLACES)
        .map(|(path, line)| {
            let at = Position { line, column: 1 };
            SourceLocation::new(path.clone(), Region::new(at, at))
        })
        .collect()
}

fn last_part(symbol: &str) -> &str {
    symbol.rsplit(SEPARATORS).next().unwrap_or(symbol)
}

#[cfg(test)]
mod tests {
    use tollgate_core::dependency::Usage;

    use super::*;

    fn package(ecosystem: &str, name: &str, paths: &[&[&str]]) -> PackageFinding {
        PackageFinding {
            location: SourceLocation::new(RepoPath::new("lock").unwrap(), Region::line(1)),
            ecosystem: ecosystem.to_owned(),
            package: name.to_owned(),
            version: "1".to_owned(),
            purl: String::new(),
            aliases: Vec::new(),
            fixed_versions: Vec::new(),
            dependency_paths: paths
                .iter()
                .map(|path| path.iter().map(|s| (*s).to_owned()).collect())
                .collect(),
            usage: Usage::Production,
            reachability: Reachability::Unknown,
            import_names: vec![name.to_owned()],
            affected_symbols: vec![format!("{name}.load")],
            epss_ppm: None,
            kev: false,
            upgrade: None,
        }
    }

    fn import(language: Language, module: &str, uses: &[&str]) -> Import {
        Import {
            language,
            path: RepoPath::new("app").unwrap(),
            line: 1,
            module: module.to_owned(),
            uses: uses.iter().map(|name| ((*name).to_owned(), 9)).collect(),
        }
    }

    fn check(package: &PackageFinding, imports: Vec<Import>, fully_read: bool, expected: &str) {
        let languages = languages_of(&package.ecosystem).unwrap();
        let facts = Facts {
            imports,
            fully_read: if fully_read { languages.to_vec() } else { Vec::new() },
            ..Facts::default()
        };
        let index = ImportIndex::of(&facts.imports);
        let present = BTreeSet::from([languages[0]]);
        assert_eq!(reachability(package, &index, &facts, &present).as_str(), expected);
    }

    #[test]
    fn imports_decide_and_doubt_is_unknown() {
        let direct = package("PyPI", "yaml", &[&["yaml@1"]]);
        let python = Language::Python;
        check(&direct, vec![import(python, "yaml.loader", &[])], false, "imported");
        check(&direct, vec![import(python, "yaml", &["yaml.load"])], true, "called");
        check(&direct, vec![import(python, "yamllint", &[])], true, "not-imported");
        check(&direct, vec![import(Language::Ruby, "yaml", &[])], true, "not-imported");
        check(&direct, Vec::new(), false, "unknown");
        check(&package("PyPI", "yaml", &[]), Vec::new(), true, "unknown");
        check(&package("PyPI", "yaml", &[&["other@2", "yaml@1"]]), Vec::new(), true, "unknown");
    }

    #[test]
    fn what_another_package_uses_is_not_unreachable() {
        let carried = package("npm", "minimist", &[&["mkdirp@1", "minimist@1"]]);
        let javascript = Language::Javascript;
        check(&carried, vec![import(javascript, "mkdirp", &[])], true, "unknown");
        check(&carried, vec![import(javascript, "express", &[])], true, "not-imported");
    }
}
