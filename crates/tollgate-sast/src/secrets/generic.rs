//! Credentials without a format: a random-looking or password-like value assigned to a telling name.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::entropy::shannon;
use super::placeholder::is_placeholder;

/// Words one of which is in every telling name; they select the lines to look at.
pub(super) const KEYWORDS: [&str; 18] = [
    "secret",
    "token",
    "passw",
    "pwd",
    "apikey",
    "api_key",
    "api-key",
    "apiKey",
    "access_key",
    "accesskey",
    "accessKey",
    "credential",
    "auth_key",
    "authKey",
    "private_key",
    "privateKey",
    "encryption_key",
    "encryptionKey",
];

static ASSIGNMENT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?ix)
        ([\w.\-\[\]"']{0,60}?(?:secret|token|passwd|password|passphrase|pwd|api[_-]?key|access[_-]?key|credential|auth[_-]?key|private[_-]?key|encryption[_-]?key)[\w.\-]{0,30})
        ["'\]]{0,2}\s*
        (?::\s*[\w<>\[\]|&*?.]{1,30}\s*=|:=|=>|=|:|,)\s*
        (?:\(?[rbfu]?(?:"([^"\r\n]{6,200})"|'([^'\r\n]{6,200})'|`([^`\r\n]{6,200})`)
          |([A-Za-z0-9_+/=.~!@\#%^&*$()\-]{8,200})\s*(?:\#|;|,|$))
        "#,
    )
    .expect("the pattern is a literal")
});

/// How sure a generic hit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Certainty {
    /// Looks like a password people think up.
    Password,
    /// Looks like a random key.
    Random,
}

/// Values in one line that look like credentials.
pub(super) fn find_in_line(line: &str, is_config: bool) -> Vec<(Range<usize>, Certainty)> {
    if line.len() > 2_000 {
        return Vec::new();
    }
    ASSIGNMENT
        .captures_iter(line)
        .filter_map(|captures| {
            let name = captures.get(1)?.as_str();
            let quoted = captures.get(2).or_else(|| captures.get(3)).or_else(|| captures.get(4));
            let value = match (quoted, captures.get(5)) {
                (Some(quoted), _) => quoted,
                // Without quotes only configuration files hold values; code holds names.
                (None, Some(bare)) if is_config => bare,
                _ => return None,
            };
            certainty(name, value.as_str()).map(|certainty| (value.range(), certainty))
        })
        .collect()
}

fn certainty(name: &str, value: &str) -> Option<Certainty> {
    let lower_name = name.to_ascii_lowercase();
    if is_placeholder(value) || is_reference(value) || names_no_secret(&lower_name) {
        return None;
    }
    let is_digest = digest_name(&lower_name) && value.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_digest && (looks_random(value) || (keeps_one_key(&lower_name) && is_uuid(value))) {
        return Some(Certainty::Random);
    }
    let is_password_name = ["passw", "pwd", "passphrase"].iter().any(|word| lower_name.contains(word))
        && !lower_name.contains("hash");
    (is_password_name && looks_like_password(value)).then_some(Certainty::Password)
}

/// Names of hashes: what was hashed cannot be read from them.
fn digest_name(name: &str) -> bool {
    ["hash", "digest", "checksum", "fingerprint", "hashed"]
        .iter()
        .any(|word| name.trim_matches(|c: char| !c.is_ascii_alphanumeric()).ends_with(word))
}

/// Names that hold one credential, of which some providers give out UUIDs.
fn keeps_one_key(name: &str) -> bool {
    let core = name.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    ["api_key", "apikey", "api-key", "access_key", "accesskey", "auth_key", "client_secret", "secret_key"]
        .iter()
        .any(|word| core.ends_with(word))
}

fn is_uuid(value: &str) -> bool {
    let lengths = [8, 4, 4, 4, 12];
    let mut parts = value.split('-');
    lengths.iter().all(|length| {
        parts
            .next()
            .is_some_and(|part| part.len() == *length && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
    }) && parts.next().is_none()
        && shannon(value) >= 3.0
}

/// Names that hold something about a secret, not the secret.
fn names_no_secret(name: &str) -> bool {
    const SUFFIXES: [&str; 30] = [
        "_name",
        "name",
        "_id",
        "_url",
        "_uri",
        "_path",
        "_file",
        "_type",
        "_field",
        "_header",
        "_endpoint",
        "_length",
        "_expiry",
        "_ttl",
        "_regex",
        "_pattern",
        "_label",
        "_hint",
        "_prefix",
        "_suffix",
        "_text",
        "_message",
        "_error",
        "_placeholder",
        "_env",
        "_var",
        "_count",
        "_limit",
        "tokens",
        "_param",
    ];
    let core = name.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    SUFFIXES.iter().any(|suffix| core.ends_with(suffix)) || core.contains("public") || core.contains("csrf")
}

/// Paths, URLs, expressions, translations: texts that refer to something else.
fn is_reference(value: &str) -> bool {
    let starts = [
        "http://", "https://", "/", "./", "../", "arn:", "data:", "file:", "$", "vault:", "env:", "ENC[",
        "sha256:",
    ];
    let is_resource = |rest: &str| {
        rest.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'_' | b'-' | b'.' | b':'))
    };
    value.contains(char::is_whitespace)
        || value.strip_prefix('@').is_some_and(is_resource)
        || starts.iter().any(|start| value.starts_with(start))
        || value.contains("::")
        || value.contains("()")
        || value.matches('.').count() >= 2
            && value.split('.').all(|part| part.chars().all(|c| c.is_ascii_alphabetic() || c == '_'))
}

/// Long and mixed enough to come from a generator.
fn looks_random(value: &str) -> bool {
    let body = value.trim_end_matches('=');
    if body.len() < 16
        || !body.bytes().all(|b| {
            b.is_ascii_alphanumeric()
                || matches!(
                    b,
                    b'+' | b'/' | b'_' | b'-' | b'.' | b'~' | b'!' | b'@' | b'#' | b'%' | b'^' | b'&' | b'*'
                )
                // Signs of code too, in texts longer than code goes without a word.
                || body.len() >= 32 && matches!(b, b'(' | b')' | b'=' | b'$')
        })
    {
        return false;
    }
    let digits = body.bytes().filter(u8::is_ascii_digit).count();
    let is_hex = body.bytes().all(|b| b.is_ascii_hexdigit());
    if is_hex {
        return body.len() >= 20 && digits > 0 && digits < body.len() && shannon(body) >= 3.0;
    }
    let classes = [
        body.bytes().any(|b| b.is_ascii_lowercase()),
        body.bytes().any(|b| b.is_ascii_uppercase()),
        digits > 0,
    ];
    let words = body
        .split(['_', '-', '.', '/'])
        .filter(|part| part.len() >= 3 && is_word(part))
        .map(str::len)
        .sum::<usize>();
    classes.iter().filter(|&&class| class).count() >= 2
        && digits * 20 >= body.len()
        && words * 2 < body.len()
        && shannon(body) >= if body.len() >= 32 { 3.9 } else { 3.4 }
}

/// A run of letters in one case, perhaps capitalised: a word rather than noise.
fn is_word(part: &str) -> bool {
    let rest = part.get(1..).unwrap_or_default();
    part.bytes().all(|b| b.is_ascii_alphabetic())
        && (rest.bytes().all(|b| b.is_ascii_lowercase()) || part.bytes().all(|b| b.is_ascii_uppercase()))
}

/// A name of a field for a password, such as `new_password2`.
fn is_field_name(value: &str) -> bool {
    let core = value.trim_end_matches(|c: char| c.is_ascii_digit()).to_ascii_lowercase();
    ["password", "passwd", "passphrase", "pwd"].iter().any(|word| {
        core.strip_suffix(word).is_some_and(|before| {
            before.is_empty() || (before.ends_with(['_', '-', '.']) && before.len() < 16)
        })
    }) && core.split(['_', '-', '.']).all(|part| part.is_empty() || is_word(part))
}

/// Of the kind people think up: letters with digits or signs among them.
fn looks_like_password(value: &str) -> bool {
    let letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let signs = value.bytes().filter(u8::is_ascii_punctuation).count();
    let is_identifier = value.split(['_', '-', '.']).all(is_word);
    (8..=64).contains(&value.len())
        && letters >= 3
        && digits + signs >= 2
        && digits >= 1
        && !is_identifier
        && !is_field_name(value)
        && shannon(value) >= 2.8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: &[&str]) {
        let found: Vec<&str> = find_in_line(line, false).into_iter().map(|(range, _)| &line[range]).collect();
        assert_eq!(found, expected, "{line}");
    }

    #[test]
    fn finds_assigned_credentials() {
        check(r#"API_KEY = "k9Qz27LmPw3XvB8tRsYh""#, &["k9Qz27LmPw3XvB8tRsYh"]);
        check(r#""client_secret": "f3a9c1d47be8026d5a1c99e0""#, &["f3a9c1d47be8026d5a1c99e0"]);
        check("const dbPassword = 'Tr0ub4dor&3x';", &["Tr0ub4dor&3x"]);
        check(r#"let token: &str = "9fK2mQ7xL4vR8pW1zT6b";"#, &["9fK2mQ7xL4vR8pW1zT6b"]);
        check(r#"PAYMENT_PASSWORD = "pa55-for-the-Gateway""#, &["pa55-for-the-Gateway"]);
        check(r#"{ "apiKey": "x4gpxHEgA7CXcFrApIgdifQiBlRakd2p" }"#, &["x4gpxHEgA7CXcFrApIgdifQiBlRakd2p"]);
        check(
            r#"API_KEY = "3f1c9a52-7be0-4d6a-9c18-5e2f70b4a6d1""#,
            &["3f1c9a52-7be0-4d6a-9c18-5e2f70b4a6d1"],
        );
        check(
            r#"client_secret = "WF=rlUrTTnP#dL#O3Q5yh%m_Z7(cD6wtbU""#,
            &["WF=rlUrTTnP#dL#O3Q5yh%m_Z7(cD6wtbU"],
        );
        let found = find_in_line("secretAccessKey=u/uhN1RBfpO+KY4Xse2fv2a+gTWjXA0Hd1WsKlmA", true);
        assert_eq!(found.first().map(|(range, _)| range.len()), Some(40));
        assert_eq!(find_in_line("DB_PASSWORD=@Ew^Svj7zlgHr6", true).len(), 1);
    }

    #[test]
    fn leaves_references_and_names_alone() {
        for line in [
            r#"password = os.environ["DB_PASSWORD"]"#,
            r#"token_url = "https://example.org/oauth/token1234567890""#,
            r#"password_field = "userPassword2field""#,
            r#"SECRET_NAME = "prod-database-secret-01""#,
            r#"password = "your_password_here1""#,
            r#"token = "AccessTokenProvider""#,
            r#"secret = "kubernetes.io/service-account-token""#,
            r#"api_key = "${API_KEY}""#,
            r#"password: "Enter your password 123""#,
            r#"password_hash = "1740fd3dcb1853dcc9e844644cd5e38edfe55182f5fbe468d42ca4f7eb66082f""#,
            r#"self.validate_passwords("new_password1", "new_password2")"#,
            r#"token_id = "3f1c9a52-7be0-4d6a-9c18-5e2f70b4a6d1""#,
            r#"secret = "@vault/team/database-2""#,
        ] {
            check(line, &[]);
        }
    }
}
