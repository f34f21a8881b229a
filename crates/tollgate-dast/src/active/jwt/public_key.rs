//! Public keys that the target gives out, in the shapes in which servers keep them.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;

use crate::active::settle;
use crate::client::{Credentials, Halt};
use crate::engine::Engine;
use crate::message::{Answer, Template};

/// A public key as a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PublicKey {
    pub(super) text: String,
    /// Path it came from.
    pub(super) origin: String,
}

/// Where keys usually are.
const USUAL_PATHS: [&str; 8] = [
    "/.well-known/jwks.json",
    "/.well-known/openid-configuration",
    "/jwks.json",
    "/jwks",
    "/oauth2/jwks",
    "/public.pem",
    "/publickey.pem",
    "/public_key.pem",
];

/// Keys tried.
const MAX_KEYS: usize = 12;

/// Every key found, each in several shapes.
pub(super) async fn candidates(engine: &Engine) -> Result<Vec<PublicKey>, Halt> {
    let mut out = Vec::new();
    let mut paths: Vec<String> = USUAL_PATHS.iter().map(|path| (*path).to_owned()).collect();
    let mut next = 0;
    while let Some(path) = paths.get(next).cloned() {
        next += 1;
        let Ok(url) = engine.scope.resolve(&engine.scope.target(), &path) else { continue };
        let answer = settle(engine.client.send(&Template::get(url), &Credentials::default()).await)?;
        let Some(answer) = answer.filter(Answer::is_success) else { continue };
        if let Ok(value) = serde_json::from_str::<Value>(&answer.body) {
            let named = value.get("jwks_uri").and_then(Value::as_str);
            paths.extend(named.filter(|named| !paths.iter().any(|path| path == named)).map(str::to_owned));
            for text in in_set(&value) {
                out.push(PublicKey { text, origin: path.clone() });
            }
        } else if answer.body.contains("-----BEGIN PUBLIC KEY")
            || answer.body.contains("-----BEGIN CERTIFICATE")
        {
            out.push(PublicKey { text: answer.body.clone(), origin: path.clone() });
            out.push(PublicKey { text: answer.body.trim_end().to_owned(), origin: path.clone() });
        }
        if out.len() >= MAX_KEYS {
            break;
        }
    }
    out.dedup();
    out.truncate(MAX_KEYS);
    Ok(out)
}

/// The keys of a set (RFC 7517): each with and without a line break at the end, and its certificate.
fn in_set(value: &Value) -> Vec<String> {
    let mut out = Vec::new();
    for key in value.get("keys").and_then(Value::as_array).into_iter().flatten().take(4) {
        let number = |name: &str| URL_SAFE_NO_PAD.decode(key.get(name)?.as_str()?).ok();
        if let (Some(modulus), Some(exponent)) = (number("n"), number("e")) {
            let text = pem("PUBLIC KEY", &spki(&modulus, &exponent));
            out.extend([text.trim_end().to_owned(), text]);
        }
        if let Some(chain) = key.pointer("/x5c/0").and_then(Value::as_str)
            && let Ok(der) = STANDARD.decode(chain)
        {
            out.push(pem("CERTIFICATE", &der));
        }
    }
    out
}

/// An RSA key as `SubjectPublicKeyInfo` (RFC 5280).
fn spki(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    const RSA: [u8; 15] = [0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0];
    let numbers = tagged(0x30, &[integer(modulus), integer(exponent)].concat());
    let bits = tagged(3, &[vec![0], numbers].concat());
    tagged(0x30, &[RSA.to_vec(), bits].concat())
}

fn integer(bytes: &[u8]) -> Vec<u8> {
    let mut value: Vec<u8> = bytes.iter().copied().skip_while(|byte| *byte == 0).collect();
    if value.first().is_none_or(|byte| *byte >= 0x80) {
        value.insert(0, 0);
    }
    tagged(2, &value)
}

/// A value with its tag and length (X.690).
fn tagged(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let short: Vec<u8> = length.iter().copied().skip_while(|byte| *byte == 0).collect();
    let mut out = vec![tag];
    match short.as_slice() {
        [] => out.push(0),
        [byte] if *byte < 0x80 => out.push(*byte),
        bytes => {
            out.push(0x80 | u8::try_from(bytes.len()).unwrap_or(8));
            out.extend_from_slice(bytes);
        }
    }
    out.extend_from_slice(content);
    out
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<&str> = (0..text.len()).step_by(64).map(|at| &text[at..text.len().min(at + 64)]).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_a_set_becomes_the_file_that_servers_keep() {
        // Modulus 0xc1…: the sign bit asks for a leading zero.
        let set = serde_json::json!({"keys": [{"kty": "RSA", "n": "wQID", "e": "AQAB"}]});
        let keys = in_set(&set);
        assert_eq!(keys.len(), 2);
        let der = STANDARD.decode(keys[1].lines().nth(1).unwrap()).unwrap();
        let expected: Vec<u8> = [
            &[0x30, 31, 0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0][..],
            &[3, 14, 0, 0x30, 11, 2, 4, 0, 0xc1, 2, 3, 2, 3, 1, 0, 1],
        ]
        .concat();
        assert_eq!(der[2..], expected[2..]);
    }

    #[test]
    fn long_lengths_take_more_bytes() {
        assert_eq!(tagged(4, &[0; 200])[..3], [4, 0x81, 200]);
        assert_eq!(tagged(4, &[0; 300])[..4], [4, 0x82, 1, 44]);
    }
}
