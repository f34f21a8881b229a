//! The rules that come with the binary.

use std::path::PathBuf;
use std::sync::OnceLock;

use crate::rule::error::SourceFile;
use crate::rule::load::{Loaded, Rule};
use crate::rule::meta;

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

/// Reads every built-in rule of a pack.
#[must_use]
pub fn load(pack: &str) -> Loaded {
    let mut loaded = Loaded::default();
    for (path, text) in files() {
        loaded.add(&SourceFile::new(PathBuf::from(path), text));
    }
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

    #[test]
    fn every_built_in_rule_compiles() {
        let mut loaded = load("extended");
        loaded.compile_all();
        loaded.refuse_duplicates();
        let faults: Vec<String> =
            loaded.errors.iter().chain(&loaded.warnings).map(|error| error.render()).collect();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}
