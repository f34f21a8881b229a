//! Edits of manifests where that is safe: the pinned or declared version is replaced and nothing else.

use tollgate_core::{Edit, Fix, Region, RepoPath};

use crate::graph::ResolvedPackage;
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
    Some((path, start, end, raised(range, target)?))
}

/// The range in the same style with another version; `None` for a style that does not carry over.
fn raised(range: &str, target: &str) -> Option<String> {
    let start = range.find(|c: char| c.is_ascii_digit())?;
    let (operator, version) = range.split_at(start);
    let plain =
        version.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+'));
    let known = matches!(operator, "" | "^" | "~" | "=");
    (plain && known && !version.contains('x')).then(|| format!("{operator}{target}"))
}
