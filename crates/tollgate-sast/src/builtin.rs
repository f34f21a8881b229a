//! The rules that come with the binary.

use std::path::PathBuf;
use std::sync::OnceLock;

use crate::rule::error::SourceFile;
use crate::rule::library::{Faults, Library};
use crate::rule::load::{Loaded, Rule};
use crate::rule::meta;
use crate::rule::yaml;

/// Rule files as the build script packed them: path, a zero byte, text, a zero byte, and so on.
static PACKED: &str = include_str!(concat!(env!("OUT_DIR"), "/rules.txt"));

/// The names of the packs.
pub const PACKS: [&str; 4] = ["default", "extended", "owasp-top-10", "cwe-top-25"];

/// Weaknesses of the CWE Top 25 that static rules can see.
const TOP_25: &[u32] = &[
    79, 787, 89, 352, 22, 125, 78, 416, 862, 434, 94, 20, 77, 287, 269, 502, 200, 863, 918, 119, 476, 798,
    190, 400, 306,
];

/// The rule files, path and text.
pub(crate) fn files() -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut parts = PACKED.split('\0');
    std::iter::from_fn(move || Some((parts.next().filter(|path| !path.is_empty())?, parts.next()?)))
}

/// The folder of the built-in library.
const LIBRARY: &str = "rules/library/";

/// The built-in library.
pub(crate) fn library() -> &'static Library {
    static LIBRARY_ENTRIES: OnceLock<Library> = OnceLock::new();
    LIBRARY_ENTRIES.get_or_init(|| read_library(&mut Faults::default()))
}

fn read_library(faults: &mut Faults) -> Library {
    let mut library = Library::bare();
    for (path, text) in files().filter(|(path, _)| path.starts_with(LIBRARY)) {
        let file = SourceFile::new(PathBuf::from(path), text);
        match yaml::read(&file) {
            Ok(root) => library.add(&file, &root, faults),
            Err(error) => faults.errors.push(error),
        }
    }
    library.finish(faults);
    library
}

/// Reads every built-in rule of a pack.
#[must_use]
pub fn load(pack: &str) -> Loaded {
    load_with(pack, Library::default())
}

/// As [`load`], with a library in which entries may have taken the place of built-in ones.
pub(crate) fn load_with(pack: &str, library: Library) -> Loaded {
    let mut loaded = Loaded { library, ..Loaded::default() };
    let sources: Vec<SourceFile> = files()
        .filter(|(path, _)| !path.starts_with(LIBRARY))
        .map(|(path, text)| SourceFile::new(PathBuf::from(path), text))
        .collect();
    loaded.add(&sources);
    loaded.rules.retain(|rule| is_in_pack(rule, pack));
    loaded
}

/// Whether a rule belongs to a pack.
pub(crate) fn is_in_pack(rule: &Rule, pack: &str) -> bool {
    let named = meta::word(&rule.syntax, "pack");
    match pack {
        "extended" => true,
        "owasp-top-10" => rule.meta.tags.iter().any(|tag| tag.starts_with("OWASP-A")),
        "cwe-top-25" => rule.meta.cwes.iter().any(|cwe| TOP_25.contains(&cwe.0)),
        _ => rule.meta.confidence >= tollgate_core::Confidence::High && named != Some("extended"),
    }
}

/// A digest of the embedded rules, for caches.
pub(crate) fn digest() -> &'static [u8; 32] {
    static DIGEST: OnceLock<[u8; 32]> = OnceLock::new();
    DIGEST.get_or_init(|| {
        use sha2::Digest as _;
        sha2::Sha256::digest(PACKED.as_bytes()).into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::PatternStore;

    #[test]
    fn the_library_compiles() {
        let mut faults = Faults::default();
        let library = read_library(&mut faults);
        library.compile(&mut PatternStore::default(), &mut faults);
        let faults: Vec<String> =
            faults.errors.iter().chain(&faults.warnings).map(|error| error.render()).collect();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }

    #[test]
    fn every_weakness_has_requirements() {
        let loaded = load("extended");
        for rule in &loaded.rules {
            for cwe in &rule.meta.cwes {
                let named = crate::compliance::requirements(*cwe, "nist-800-53");
                assert!(!named.is_empty(), "{} of {} is not in rules/compliance.yaml", cwe, rule.id());
            }
        }
    }

    #[test]
    fn every_built_in_rule_compiles() {
        let mut loaded = load("extended");
        loaded.compile_all();
        loaded.qualify_duplicates();
        let faults: Vec<String> =
            loaded.errors.iter().chain(&loaded.warnings).map(|error| error.render()).collect();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}
