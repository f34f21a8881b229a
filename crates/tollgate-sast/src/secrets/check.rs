//! Structure checks: what a real value of a format must satisfy beyond its pattern.

use std::str::FromStr;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::placeholder::is_placeholder;

/// A structure check by name, as `rules/secrets/README.md` lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Check {
    /// GitHub's tokens end in the CRC-32 of what stands before, in six base-62 digits.
    GithubCrc32,
    /// npm's tokens end the same way.
    NpmCrc32,
    /// Atlassian's tokens end in the CRC-32 of the token as eight hexadecimal digits; some older ones
    /// use another seed, so only the form is required.
    AtlassianCrc32,
    /// Three base64url parts, the first a JSON object with `alg`.
    Jwt,
    /// A PEM body that is base64 of an ASN.1 sequence or of an OpenSSH key.
    Pem,
    /// Base64 of a JSON object.
    Base64Json,
    /// Not one of the keys that AWS documents use.
    AwsKeyId,
    /// A bot number that is not all the same digit.
    Telegram,
    /// Base64 of `user:password` with a real password.
    BasicAuth,
    /// A password that is no placeholder or reference.
    Password,
    /// A token that is no placeholder.
    Token,
    /// Base64 of something that is no placeholder.
    Base64Secret,
}

impl FromStr for Check {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Ok(match name {
            "github-crc32" => Self::GithubCrc32,
            "npm-crc32" => Self::NpmCrc32,
            "atlassian-crc32" => Self::AtlassianCrc32,
            "jwt" => Self::Jwt,
            "pem" => Self::Pem,
            "base64-json" => Self::Base64Json,
            "aws-key-id" => Self::AwsKeyId,
            "telegram" => Self::Telegram,
            "basic-auth" => Self::BasicAuth,
            "password" => Self::Password,
            "token" => Self::Token,
            "base64-secret" => Self::Base64Secret,
            other => return Err(format!("unknown check `{other}`")),
        })
    }
}

impl Check {
    /// Whether it verifies a checksum, so that failing it proves a value made up.
    pub(super) const fn is_checksum(self) -> bool {
        matches!(self, Self::GithubCrc32 | Self::NpmCrc32)
    }

    /// Whether the value passes.
    pub(super) fn passes(self, value: &str) -> bool {
        match self {
            Self::GithubCrc32 | Self::NpmCrc32 => ends_in_base62_crc32(value),
            Self::AtlassianCrc32 => !is_placeholder(value),
            Self::Jwt => is_jwt(value),
            Self::Pem => is_pem(value),
            Self::Base64Json => {
                let body = value.rsplit_once('_').map_or(value, |(_, body)| body);
                decode(body).is_some_and(|bytes| bytes.starts_with(b"{"))
            }
            Self::AwsKeyId => !value.ends_with("EXAMPLE") && !is_placeholder(value),
            Self::Telegram => value.split_once(':').is_some_and(|(bot, key)| {
                bot.bytes().any(|byte| Some(byte) != bot.bytes().next()) && !is_placeholder(key)
            }),
            Self::BasicAuth => decode(value)
                .and_then(|bytes| String::from_utf8(bytes).ok())
                .is_some_and(|text| text.split_once(':').is_some_and(|(_, password)| is_password(password))),
            Self::Password => is_password(value),
            Self::Token => !is_placeholder(value),
            Self::Base64Secret => decode(value).is_some_and(|bytes| {
                std::str::from_utf8(&bytes)
                    .map_or(bytes.len() >= 12, |text| text.len() >= 6 && is_password(text.trim()))
            }),
        }
    }
}

/// A password someone could use: no reference to a variable and none of the words of examples.
fn is_password(value: &str) -> bool {
    const EXAMPLES: [&str; 26] = [
        "password",
        "passwd",
        "pass",
        "pwd",
        "secret",
        "user",
        "username",
        "root",
        "admin",
        "test",
        "guest",
        "postgres",
        "mysql",
        "redis",
        "token",
        "key",
        "pw",
        "p@ssw0rd",
        "foo",
        "bar",
        "baz",
        "hunter2",
        "mypassword",
        "tiger",
        "p@ss",
        "abc",
    ];
    let lower = value.to_ascii_lowercase().replace("%20", " ").replace("%40", "@");
    value.len() >= 3
        && !EXAMPLES.contains(&&*lower)
        // Whoever percent-encodes a blank writes an example of encoding.
        && !lower.contains(char::is_whitespace)
        && !is_placeholder(value)
        && !value.starts_with(['$', '%', '{', '[', '('])
        && !value.contains(['\\', '*'])
}

fn ends_in_base62_crc32(token: &str) -> bool {
    let Some((_, body)) = token.split_once('_') else { return false };
    if body.len() <= 6 {
        return false;
    }
    let (random, checksum) = body.split_at(body.len() - 6);
    base62(crc32(random.as_bytes())) == checksum
}

fn base62(mut number: u32) -> String {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut digits = [b'0'; 6];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[(number % 62) as usize];
        number /= 62;
    }
    digits.iter().map(|&byte| char::from(byte)).collect()
}

/// CRC-32 as in ISO 3309 and zlib.
pub(super) fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for &byte in bytes {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
        }
    }
    !crc
}

/// Standard or URL-safe base64, padded or not.
fn decode(text: &str) -> Option<Vec<u8>> {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    GeneralPurpose::new(&alphabet::STANDARD, config)
        .decode(text)
        .or_else(|_| GeneralPurpose::new(&alphabet::URL_SAFE, config).decode(text))
        .ok()
}

fn is_jwt(value: &str) -> bool {
    let mut parts = value.split('.');
    let (Some(header), Some(payload)) = (parts.next(), parts.next()) else { return false };
    let json = |part: &str| serde_json::from_slice::<serde_json::Value>(&decode(part)?).ok();
    let Some(header) = json(header) else { return false };
    let signature = parts.next().unwrap_or_default();
    let signed =
        header.get("alg").and_then(|alg| alg.as_str()).is_some_and(|alg| !alg.eq_ignore_ascii_case("none"));
    // The token that jwt.io shows to everyone.
    let is_sample = signature.starts_with("SflKxwRJSMeKKF2QT4");
    signed && !is_sample && json(payload).is_some_and(|payload| payload.is_object())
}

fn is_pem(value: &str) -> bool {
    let Some(body) = value.split_once("KEY").map(|(_, rest)| rest) else { return false };
    let body = body.split("-----").nth(1).unwrap_or_default();
    let mut packed = String::new();
    for line in body.replace("\\n", "\n").replace("\\r", "").lines() {
        let line = line.trim().trim_matches(['"', '\'', '+', ',']).trim();
        // Headers of old encrypted keys.
        if !line.contains(':') {
            packed.push_str(line);
        }
    }
    let packed: String =
        packed.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/')).collect();
    let whole = packed.len() - packed.len() % 4;
    let is_encrypted = value.contains("ENCRYPTED");
    decode(&packed[..whole]).is_some_and(|bytes| {
        bytes.len() >= 32 && (bytes[0] == 0x30 || bytes.starts_with(b"openssh-key-v1") || is_encrypted)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crc_of_the_standard_check_value() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn github_tokens_carry_their_checksum() {
        let random = "k9Qz27LmPw3XvB8tRsYhC4nJ6dFgAe";
        let token = format!("ghp_{random}{}", base62(crc32(random.as_bytes())));
        assert!(Check::GithubCrc32.passes(&token));
        let wrong = format!("ghp_{random}000000");
        assert!(!Check::GithubCrc32.passes(&wrong));
    }

    #[test]
    fn passwords_are_no_examples() {
        assert!(is_password("t7#kLq92"));
        for example in ["password", "${DB_PASS}", "changeme", "%s", "pw", "tiger", "a%20secret", "p%40ss"] {
            assert!(!is_password(example), "{example}");
        }
    }

    #[test]
    fn tokens_have_a_json_header() {
        let encode = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
        let token =
            format!("{}.{}.{}", encode(r#"{"alg":"HS256"}"#), encode(r#"{"sub":"1"}"#), "s".repeat(43));
        assert!(Check::Jwt.passes(&token));
        assert!(!Check::Jwt.passes("eyJhbGciOi.eyJzdWIi.aaaa"));
    }
}
