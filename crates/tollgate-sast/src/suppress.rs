//! Comments that suppress a finding: `nosemgrep`, `nosem: id`, `nosec`, `tollgate:ignore RULE reason`.

use tollgate_core::{Suppression, SuppressionKind};

/// Suppressions for a finding of `rule` that starts on the line `current`, `previous` being the line
/// before. A comment counts on the line itself, or alone on the line before.
pub(crate) fn inline(rule: &str, current: &str, previous: Option<&str>) -> Option<Suppression> {
    let found = of_line(rule, current).or_else(|| {
        let previous = previous?;
        stands_alone(previous).then(|| of_line(rule, previous)).flatten()
    })?;
    Some(Suppression { kind: SuppressionKind::Inline, justification: found })
}

/// As [`inline`], for a secret: the comments of other tools that look for secrets count too.
pub(crate) fn inline_secret(rule: &str, current: &str, previous: Option<&str>) -> Option<Suppression> {
    inline(rule, current, previous).or_else(|| {
        let found = of_other_tool(current).or_else(|| {
            let previous = previous?;
            stands_alone(previous).then(|| of_other_tool(previous)).flatten()
        })?;
        Some(Suppression { kind: SuppressionKind::Inline, justification: found })
    })
}

fn of_other_tool(line: &str) -> Option<Option<String>> {
    const MARKS: [&str; 3] = ["gitleaks:allow", "pragma: allowlist secret", "trufflehog:ignore"];
    let (mark, at) = MARKS.iter().find_map(|mark| line.find(mark).map(|at| (mark, at)))?;
    Some(reason(&line[at + mark.len()..]))
}

/// Whether a line holds nothing but a comment.
fn stands_alone(line: &str) -> bool {
    let trimmed = line.trim_start();
    // Words before the mark make it part of a sentence, such as an annotation of a rule test.
    let mark = trimmed.find("nosem").or_else(|| trimmed.find("nosec")).unwrap_or(0);
    if trimmed[..mark].contains(char::is_alphanumeric) && !trimmed.contains("tollgate:ignore") {
        return false;
    }
    ["#", "//", "/*", "<!--", "--", ";", "*", "%", "(*", "{#", "{/*", "'"]
        .iter()
        .any(|opening| trimmed.starts_with(opening))
}

/// The justification of a suppression in a line: `None` when there is none, `Some(None)` when it gives
/// no reason.
fn of_line(rule: &str, line: &str) -> Option<Option<String>> {
    // Most lines have none of these words.
    if !line.contains("nose") && !line.contains("ollgate") {
        return None;
    }
    ignore_comment(rule, line).or_else(|| nosem(rule, line)).or_else(|| nosec(rule, line))
}

fn ignore_comment(rule: &str, line: &str) -> Option<Option<String>> {
    let at = line.find("tollgate:ignore")?;
    let rest = line[at + "tollgate:ignore".len()..].trim_start_matches([':', ' ', '\t', '[', '=']);
    let end = rest.find([' ', '\t', ']']).unwrap_or(rest.len());
    let ids = &rest[..end];
    let named = ids.split(',').any(|id| id == "*" || names(id.trim(), rule));
    named.then(|| reason(&rest[end..]))
}

fn nosem(rule: &str, line: &str) -> Option<Option<String>> {
    let at = line.find("nosem")?;
    let before = line[..at].chars().next_back();
    if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
        return None;
    }
    let rest = &line[at + "nosem".len()..];
    let rest = rest.strip_prefix("grep").unwrap_or(rest);
    if rest.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
        return None;
    }
    let trimmed = rest.trim_start();
    let Some(list) = trimmed.strip_prefix(':').or_else(|| trimmed.strip_prefix('=')) else {
        return Some(reason(trimmed));
    };
    let list = list.trim_start();
    let mut end = 0;
    let mut named = false;
    let mut any = false;
    loop {
        let part = &list[end..];
        let skipped = part.len() - part.trim_start_matches([' ', ',']).len();
        let word = &part[skipped..];
        let length = word.find(|c: char| !(c.is_alphanumeric() || "._-".contains(c))).unwrap_or(word.len());
        // Ids go on after a comma only.
        if length == 0 || (any && !part[..skipped].contains(',')) {
            break;
        }
        any = true;
        named |= names(&word[..length], rule);
        end += skipped + length;
    }
    if !any {
        return Some(None);
    }
    named.then(|| reason(&list[end..]))
}

/// Bandit's and gosec's comment. Ids of those tools say nothing about rules of this one.
fn nosec(rule: &str, line: &str) -> Option<Option<String>> {
    let at = line.find("nosec")?;
    let before = line[..at].trim_end_matches([' ', '\t']);
    if !before.ends_with(['#', '/', '*', '-', ';']) {
        return None;
    }
    let rest = line[at + "nosec".len()..].trim_start_matches([':', ' ', '\t']);
    if line[at + "nosec".len()..].starts_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    let first = rest.split([' ', ',', '\t']).next().unwrap_or_default();
    let is_code = first.len() >= 4
        && first.starts_with(|c: char| c.is_ascii_uppercase())
        && first[1..].bytes().all(|byte| byte.is_ascii_digit());
    if is_code {
        return None;
    }
    if first.contains(['.', '-']) && !first.starts_with('-') && !names(first, rule) {
        return None;
    }
    Some(reason(rest))
}

/// Whether a comment's id means the rule: the same, or the same last part.
fn names(id: &str, rule: &str) -> bool {
    if id.is_empty() {
        return false;
    }
    id == rule || rule.ends_with(&format!(".{id}")) || id.ends_with(&format!(".{rule}"))
}

fn reason(text: &str) -> Option<String> {
    let text = text.trim_matches([' ', '\t', '-', ':', ']', '\r']);
    let text = text
        .trim_end_matches("-->")
        .trim_end_matches("*/")
        .trim_end_matches("*)")
        .trim_end_matches("*/}")
        .trim();
    (!text.is_empty()).then(|| text.chars().take(400).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, previous: Option<&str>, expected: Option<Option<&str>>) {
        let found = inline("a.b.eval", line, previous).map(|suppression| suppression.justification);
        assert_eq!(found, expected.map(|reason| reason.map(str::to_owned)), "{line:?} after {previous:?}");
    }

    #[test]
    fn comments_suppress() {
        check("f()  # nosemgrep", None, Some(None));
        check("f()  # nosem", None, Some(None));
        check("f()  # nosemgrep: eval", None, Some(None));
        check("f()  # nosemgrep: a.b.eval, other", None, Some(None));
        check("f()  # nosemgrep: x.a.b.eval", None, Some(None));
        check("f()  # nosemgrep: other", None, None);
        check("f()  # nosemgrep: eval -- checked above", None, Some(Some("checked above")));
        check("f()", Some("# nosemgrep"), Some(None));
        check("f()", Some("g()  # nosemgrep"), None);
        check("f()", Some("# ruleid: nosem"), None);
        check("f()  # nosec", None, Some(None));
        check("f()  # nosec B101", None, None);
        check("f() // #nosec", None, Some(None));
        check("f()  # tollgate:ignore eval input is constant", None, Some(Some("input is constant")));
        check("f()", Some("<!-- tollgate:ignore a.b.eval why -->"), Some(Some("why")));
        check("f()  # tollgate:ignore other why", None, None);
        check("diagnosem()", None, None);
        check("nosecond = 1", None, None);
    }

    #[test]
    fn comments_of_other_tools_suppress_secrets() {
        let found = |line: &str, previous: Option<&str>| {
            inline_secret("secrets.x.token", line, previous).map(|suppression| suppression.justification)
        };
        assert_eq!(found("t = 'x'  # gitleaks:allow", None), Some(None));
        assert_eq!(
            found("t = 'x'  # pragma: allowlist secret: a test", None),
            Some(Some("a test".to_owned()))
        );
        assert_eq!(found("t = 'x'", Some("// trufflehog:ignore")), Some(None));
        assert_eq!(found("t = 'x'", Some("y = 'z'  # gitleaks:allow")), None);
        assert_eq!(found("t = 'x'  # nosemgrep: secrets.x.token", None), Some(None));
        assert_eq!(found("t = 'x'  # nosemgrep: other-rule", None), None);
    }
}
