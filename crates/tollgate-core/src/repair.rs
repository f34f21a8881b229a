//! Which fixes can be made together, and the text after them.

use std::collections::BTreeMap;

use crate::finding::{Edit, Finding};
use crate::path::RepoPath;

/// The edits of the first fix of every finding given, by file and in order of place.
///
/// A fix is made whole or not at all. Where two overlap, the one that starts first wins, then the one of
/// the rule that comes first by name; the other waits for the next run. The same fix of two findings is
/// made once.
#[must_use]
pub fn choose<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> BTreeMap<RepoPath, Vec<Edit>> {
    let mut candidates: Vec<(&Finding, &[Edit])> = findings
        .into_iter()
        .filter_map(|finding| Some((finding, &finding.fixes.first()?.edits[..])))
        .filter(|(_, edits)| !edits.is_empty() && edits.iter().all(|edit| edit.region.bytes().is_some()))
        .collect();
    candidates.sort_by(|(a, left), (b, right)| {
        let key = |edits: &[Edit]| (edits[0].path.clone(), edits[0].region.bytes());
        (key(left), &a.rule, left).cmp(&(key(right), &b.rule, right))
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

/// The bytes after edits of one file that do not overlap and stand in order; `None` where one does not
/// fit, as the file is another than the one that was scanned.
#[must_use]
pub fn rewrite(bytes: &[u8], edits: &[Edit]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut last = 0;
    for edit in edits {
        let (start, end) = edit.region.bytes()?;
        let (start, end) = (start as usize, end as usize);
        if end < start {
            return None;
        }
        bytes.get(start..end)?;
        out.extend_from_slice(bytes.get(last..start)?);
        out.extend_from_slice(edit.replacement.as_bytes());
        last = end;
    }
    out.extend_from_slice(bytes.get(last..)?);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Fix, Subject};
    use crate::location::Region;
    use crate::rule::{Confidence, RuleId};
    use crate::scanner::ScannerId;

    fn edit(start: usize, end: usize, text: &str) -> Edit {
        Edit {
            path: RepoPath::new("a").unwrap(),
            region: Region::of_bytes("abcdef", start, end),
            replacement: text.to_owned(),
        }
    }

    fn finding(rule: &str, edits: Vec<Edit>) -> Finding {
        Finding {
            scanner: ScannerId::new("sast"),
            rule: RuleId::parse(rule).unwrap(),
            message: String::new(),
            severity: None,
            score: None,
            confidence: Confidence::High,
            cwes: Vec::new(),
            subject: Subject::Nowhere,
            related: Vec::new(),
            fixes: vec![Fix { description: String::new(), edits }],
            suppressions: Vec::new(),
        }
    }

    fn check(findings: &[Finding], expected: &str) {
        let chosen = choose(findings);
        let text = rewrite(b"abcdef", &chosen[&RepoPath::new("a").unwrap()]).unwrap();
        assert_eq!(String::from_utf8(text).unwrap(), expected);
    }

    #[test]
    fn fixes_are_made_whole_or_wait() {
        check(&[finding("r", vec![edit(1, 2, "XX"), edit(3, 3, "-"), edit(5, 6, "")])], "aXXc-de");
        check(&[finding("r", vec![edit(0, 3, "1")]), finding("s", vec![edit(2, 4, "2")])], "1def");
        check(&[finding("s", vec![edit(0, 1, "2")]), finding("r", vec![edit(0, 1, "1")])], "1bcdef");
        let torn = finding("s", vec![edit(2, 3, "2"), edit(5, 6, "!")]);
        check(&[finding("r", vec![edit(0, 3, "1")]), torn], "1def");
        check(&[finding("r", vec![edit(0, 1, "1")]), finding("r", vec![edit(0, 1, "1")])], "1bcdef");
    }

    #[test]
    fn an_edit_past_the_end_is_refused() {
        assert_eq!(rewrite(b"ab", &[edit(1, 4, "x")]), None);
    }
}
