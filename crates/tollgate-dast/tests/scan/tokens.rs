//! Tokens that a server should not take, each with a server that does not.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use tollgate_dast::{AuthMethod, Indicators, Secret, UserAuth};

use crate::server::{Incoming, Outgoing, Server, html, status};
use crate::{scan, settings};

/// A key of 24 bits, which nobody could sign with, and the file that a server would keep of it.
const KEYS: &str = r#"{"keys":[{"kty":"RSA","n":"wQID","e":"AQAB"}]}"#;
const FILE: &str =
    "-----BEGIN PUBLIC KEY-----\nMB8wDQYJKoZIhvcNAQEBBQADDgAwCwIEAMECAwIDAQAB\n-----END PUBLIC KEY-----\n";

/// A token of user `ann` with that header and signature.
fn token(header: &str, signature: &str) -> String {
    let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}.{}", encode(header), encode(r#"{"sub":"ann"}"#), encode(signature))
}

fn signature(key: &str, body: &str) -> String {
    let mut block = [0_u8; 64];
    let short = if key.len() > 64 { Sha256::digest(key).to_vec() } else { key.as_bytes().to_vec() };
    block[..short.len()].copy_from_slice(&short);
    let inner = Sha256::new().chain_update(block.map(|byte| byte ^ 0x36)).chain_update(body).finalize();
    let outer = Sha256::new().chain_update(block.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize();
    URL_SAFE_NO_PAD.encode(outer)
}

fn signed_with(token: &str, key: &str) -> bool {
    token.rsplit_once('.').is_some_and(|(body, given)| signature(key, body) == given)
}

fn rules(right: &str, handler: impl Fn(&Incoming) -> Outgoing + Send + Sync + 'static) -> Vec<String> {
    let server = Server::start(handler);
    let mut settings = settings(&server.address);
    settings.auth = vec![UserAuth {
        name: "ann".into(),
        method: AuthMethod::Bearer(Secret::Value(right.into())),
        indicators: Indicators::default(),
    }];
    let rules = scan(settings).rules;
    rules.iter().map(|rule| rule.id.to_string()).filter(|rule| rule.contains("jwt")).collect()
}

/// A server that admits bearers of tokens that `accepts`.
fn guarded(request: &Incoming, accepts: impl Fn(&str) -> bool) -> Outgoing {
    let sent = request.header("authorization").and_then(|value| value.strip_prefix("Bearer "));
    match request.path.as_str() {
        "/" => html("<a href=/private>p</a>"),
        "/.well-known/jwks.json" => status(200, KEYS),
        "/private" if sent.is_some_and(accepts) => html("<p>hello ann</p>"),
        "/private" => status(401, "who are you"),
        _ => status(404, "no"),
    }
}

#[test]
fn the_file_of_the_key_is_the_one_of_the_set() {
    let der = STANDARD.decode(FILE.lines().nth(1).unwrap()).unwrap();
    assert!(der.windows(4).any(|bytes| bytes == [0, 0xc1, 2, 3]));
}

#[test]
fn a_public_key_taken_for_a_secret_is_found() {
    let right = token(r#"{"alg":"RS256","typ":"JWT"}"#, "by the private key");
    let known = right.clone();
    let open =
        rules(&right, move |request| guarded(request, |sent| sent == known || signed_with(sent, FILE)));
    assert_eq!(open, ["dast.jwt-key-confusion"]);
    let known = right.clone();
    assert!(rules(&right, move |request| guarded(request, |sent| sent == known)).is_empty());
}

#[test]
fn weak_keys_and_unsigned_tokens_are_found() {
    let header = r#"{"alg":"HS256","typ":"JWT"}"#;
    let with = |key: &str| {
        let plain = token(header, "");
        let body = plain.trim_end_matches('.');
        format!("{body}.{}", signature(key, body))
    };
    let weak = with("changeme");
    assert_eq!(
        rules(&weak, |request| guarded(request, |sent| signed_with(sent, "changeme"))),
        ["dast.jwt-weak-key"]
    );
    let strong = with("uB7-and-much-more-that-nobody-guesses");
    assert!(
        rules(&strong, |request| {
            guarded(request, |sent| signed_with(sent, "uB7-and-much-more-that-nobody-guesses"))
        })
        .is_empty()
    );
    let unsigned =
        |sent: &str| sent.ends_with('.') || signed_with(sent, "uB7-and-much-more-that-nobody-guesses");
    assert_eq!(rules(&strong, move |request| guarded(request, unsigned)), ["dast.jwt-unverified"]);
}

#[test]
fn a_token_among_the_parameters_is_tried_too() {
    let right = token(r#"{"alg":"RS256"}"#, "by the private key");
    let known = right.clone();
    let claims = right.split('.').nth(1).unwrap().to_owned();
    let answer = move |request: &Incoming, checked: bool| {
        let sent = request.get("token").unwrap_or_default();
        let accepted = if checked { sent == known } else { sent.split('.').nth(1) == Some(&claims) };
        if accepted { html("<p>hello ann</p>") } else { html("<p>who are you</p>") }
    };
    let safe = answer.clone();
    let me = |request: &Incoming, answer: &dyn Fn(&Incoming) -> Outgoing| match request.path.as_str() {
        "/" => html("<a href='/me?token=x'>me</a>"),
        "/me" => answer(request),
        _ => status(404, "no"),
    };
    assert_eq!(
        rules(&right, move |request| me(request, &|request| answer(request, false))),
        ["dast.jwt-unverified"]
    );
    assert!(rules(&right, move |request| me(request, &|request| safe(request, true))).is_empty());
}
