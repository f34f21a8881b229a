//! Secrets that other tools' results carry: no output may show them.

use sha2::{Digest, Sha256};
use tollgate_core::{Cwe, Finding, Snippet, Subject};

/// What stands in the place of a secret.
const REDACTED: &str = "[redacted]";
/// Weaknesses whose flawed text is a secret: hard-coded credentials, passwords and keys.
const WEAKNESSES: [Cwe; 4] = [Cwe(798), Cwe(259), Cwe(321), Cwe(547)];
/// Tools that look for nothing else.
const TOOLS: [&str; 7] =
    ["gitleaks", "trufflehog", "ggshield", "detect-secrets", "detectsecrets", "secret-scan", "credscan"];
/// Characters from which on a quoted text may be a secret.
const SHORTEST: usize = 4;

/// Takes the secret out of a finding about one.
pub(super) fn redact(finding: &mut Finding, matched: Option<&str>) {
    let tool = finding.scanner.as_str();
    let is_secret = finding.cwes.iter().any(|cwe| WEAKNESSES.contains(cwe))
        || TOOLS.iter().any(|known| tool.contains(known));
    let Subject::Code(code) = &mut finding.subject else { return };
    if !is_secret {
        return;
    }
    let shown = code.location.snippet.as_ref().map(|snippet| snippet.text.clone()).unwrap_or_default();
    let matched = matched.unwrap_or_default();
    for text in [matched, &shown] {
        for quoted in quoted(text) {
            finding.message = finding.message.replace(quoted, REDACTED);
        }
    }
    if matched.trim().len() >= SHORTEST {
        finding.message = finding.message.replace(matched.trim(), REDACTED);
    }
    code.identity = identity(if matched.is_empty() { &shown } else { matched });
    let first_line = code.location.region.start().line;
    code.location.snippet = Some(Snippet { first_line, text: REDACTED.to_owned() });
}

/// Tells secrets apart without saying anything of use about them: 32 bits of a hash.
pub(crate) fn identity(secret: &str) -> String {
    if secret.is_empty() {
        return String::new();
    }
    let hash = Sha256::digest(secret.as_bytes());
    let digits: String = hash.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("secret:{digits}")
}

/// Texts between quotes.
fn quoted(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for quote in ['"', '\'', '`'] {
        let parts: Vec<&str> = text.split(quote).collect();
        found.extend(parts.iter().skip(1).step_by(2).filter(|part| part.len() >= SHORTEST));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_texts_are_found() {
        assert_eq!(quoted("password = \"hunter2\" + 'abc'"), ["hunter2"]);
        assert!(identity("hunter2").starts_with("secret:"));
    }
}
