//! Chooses which fixes to apply, and applies them to text.

use std::collections::BTreeMap;

use tollgate_core::{Edit, Finding, RepoPath, SuppressionKind};

/// The edits of a scan by file, in order of place. Where fixes overlap, the one that starts first wins,
/// then the shorter, then the rule that comes first by name; the other waits for the next run. Suppressed
/// findings are left alone.
#[must_use]
pub fn apply(findings: &[Finding]) -> BTreeMap<RepoPath, Vec<Edit>> {
    let mut candidates: Vec<(&Finding, &[Edit])> = findings
        .iter()
        .filter(|finding| !finding.suppressions.iter().any(|own| own.kind == SuppressionKind::Inline))
        .filter_map(|finding| Some((finding, &finding.fixes.first()?.edits[..])))
        .filter(|(_, edits)| !edits.is_empty() && edits.iter().all(|edit| edit.region.bytes().is_some()))
        .collect();
    candidates.sort_by(|(a, left), (b, right)| {
        (&left[0].path, left[0].region.bytes(), &a.rule, left).cmp(&(
            &right[0].path,
            right[0].region.bytes(),
            &b.rule,
            right,
        ))
    });
    let mut chosen: BTreeMap<RepoPath, Vec<Edit>> = BTreeMap::new();
    for (_, edits) in candidates {
        let free = edits.iter().all(|edit| {
            chosen.get(&edit.path).is_none_or(|taken| taken.iter().all(|other| !overlap(edit, other)))
        });
        if free {
            for edit in edits {
                chosen.entry(edit.path.clone()).or_default().push(edit.clone());
            }
        }
    }
    for edits in chosen.values_mut() {
        edits.sort_by_key(|edit| edit.region.bytes());
    }
    chosen
}

fn overlap(a: &Edit, b: &Edit) -> bool {
    let (Some((a_start, a_end)), Some((b_start, b_end))) = (a.region.bytes(), b.region.bytes()) else {
        return true;
    };
    (a_start < b_end && b_start < a_end) || (a_start, a_end) == (b_start, b_end)
}

/// The bytes after the edits, which do not overlap and are in order. Edits past the end are left out.
#[must_use]
pub fn rewrite(bytes: &[u8], edits: &[Edit]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut last = 0;
    for edit in edits {
        let Some((start, end)) = edit.region.bytes().map(|(start, end)| (start as usize, end as usize))
        else {
            continue;
        };
        if start < last || end > bytes.len() {
            continue;
        }
        out.extend_from_slice(&bytes[last..start]);
        out.extend_from_slice(edit.replacement.as_bytes());
        last = end;
    }
    out.extend_from_slice(&bytes[last..]);
    out
}

#[cfg(test)]
mod tests {
    use tollgate_core::Region;

    use super::*;

    #[test]
    fn rewrites_in_order() {
        let path = RepoPath::new("a").unwrap();
        let edit = |start: usize, end: usize, text: &str| Edit {
            path: path.clone(),
            region: Region::of_bytes("abcdef", start, end),
            replacement: text.to_owned(),
        };
        let text = rewrite(b"abcdef", &[edit(1, 2, "XX"), edit(3, 3, "-"), edit(5, 6, "")]);
        assert_eq!(text, b"aXXc-de");
    }
}
