//! Edits of manifests where that is safe: the pinned or declared version is replaced and nothing else.

use tollgate_core::{Edit, Finding, Fix, Region, RepoPath, Subject};

use crate::graph::{Ecosystem, ResolvedPackage};
use crate::manifest::{self, Format};
use crate::ranges::admits;

/// The edit that lifts a direct dependency to `target`, if one is safe. `text_of` gives the text of a
/// file of the tree.
pub(crate) fn fix(
    format: Format,
    lockfile: &RepoPath,
    package: &ResolvedPackage,
    target: &str,
    text_of: &dyn Fn(&RepoPath) -> Option<std::sync::Arc<str>>,
) -> Option<Fix> {
    let (path, start, end, replacement) = match format {
        Format::Requirements => {
            let text = text_of(lockfile)?;
            let (start, end) = manifest::locate_pin(&text, package.line, package.version.as_deref()?)?;
            (lockfile.clone(), start, end, target.to_owned())
        }
        Format::Cargo => {
            declared(lockfile, package, target, "Cargo.toml", manifest::locate_in_cargo_toml, text_of)?
        }
        Format::Npm | Format::Yarn | Format::Pnpm | Format::Bun => {
            declared(lockfile, package, target, "package.json", manifest::locate_in_package_json, text_of)?
        }
        _ => return None,
    };
    let text = text_of(&path)?;
    let edit = Edit { region: Region::of_bytes(&text, start, end), path, replacement };
    let description = format!("Raise {} to {target} in {}", package.name, edit.path);
    Some(Fix { description, edits: vec![edit] })
}

type Locate = fn(&str, &str) -> Option<(usize, usize)>;

/// The range in the manifest beside the lockfile, where it does not admit the target.
fn declared(
    lockfile: &RepoPath,
    package: &ResolvedPackage,
    target: &str,
    manifest: &str,
    locate: Locate,
    text_of: &dyn Fn(&RepoPath) -> Option<std::sync::Arc<str>>,
) -> Option<(RepoPath, usize, usize, String)> {
    if package.direct != Some(true) {
        return None;
    }
    let path = lockfile.parent().join(manifest).ok()?;
    let text = text_of(&path)?;
    let (start, end) = locate(&text, &package.name)?;
    let range = text.get(start..end)?;
    let ecosystem = package.key.ecosystem();
    if admits(ecosystem, range, target) != Some(false) {
        return None;
    }
    Some((path, start, end, raised(ecosystem, range, target)?))
}

/// The range in the same style with another version; `None` for a style that does not carry over.
fn raised(ecosystem: Ecosystem, range: &str, target: &str) -> Option<String> {
    let start = range.find(|c: char| c.is_ascii_digit())?;
    let (operator, version) = range.split_at(start);
    let plain =
        version.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+'));
    let known = match ecosystem {
        Ecosystem::CratesIo => matches!(operator, "" | "^" | "~" | "="),
        _ => matches!(operator, "" | "^" | "~" | "="),
    };
    (plain && known && !version.contains('x')).then(|| format!("{operator}{target}"))
}

/// The edits that the findings' fixes amount to, each once, sorted by file and place. Of edits of one
/// place that differ none is made.
#[must_use]
pub fn plan_fixes(findings: &[Finding]) -> Vec<Edit> {
    let mut edits: Vec<Edit> = findings
        .iter()
        .filter(|finding| matches!(finding.subject, Subject::Package(_)) && finding.suppressions.is_empty())
        .flat_map(|finding| finding.fixes.iter().flat_map(|fix| fix.edits.iter().cloned()))
        .collect();
    edits.sort();
    edits.dedup();
    let place = |edit: &Edit| (edit.path.clone(), edit.region.bytes());
    let contested: Vec<_> = edits
        .windows(2)
        .filter(|pair| place(&pair[0]) == place(&pair[1]))
        .map(|pair| place(&pair[0]))
        .collect();
    edits.retain(|edit| edit.region.bytes().is_some() && !contested.contains(&place(edit)));
    edits
}

/// The text after those edits of one file; `None` where an edit does not fit the text.
#[must_use]
pub fn apply_edits(text: &str, edits: &[Edit]) -> Option<String> {
    let mut ordered: Vec<(usize, usize, &str)> = Vec::new();
    for edit in edits {
        let (start, end) = edit.region.bytes()?;
        ordered.push((start as usize, end as usize, edit.replacement.as_str()));
    }
    ordered.sort_unstable();
    let mut edited = String::with_capacity(text.len());
    let mut from = 0;
    for (start, end, replacement) in ordered {
        edited.push_str(text.get(from..start)?);
        text.get(start..end)?;
        edited.push_str(replacement);
        from = end;
    }
    edited.push_str(text.get(from..)?);
    Some(edited)
}
