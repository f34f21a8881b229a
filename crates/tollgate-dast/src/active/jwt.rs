//! JSON Web Tokens: unsigned ones, and keys that can be guessed. The key is guessed here, not at the
//! target; one request with a token of our own proves it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::settle;
use crate::client::{Credentials, Halt};
use crate::discover::SiteMap;
use crate::engine::{Claim, Engine};
use crate::message::{Answer, Template};

/// Keys that examples and first drafts use.
const WEAK_KEYS: &[&str] = &[
    "",
    "secret",
    "password",
    "key",
    "jwt",
    "token",
    "test",
    "dev",
    "development",
    "random",
    "changeme",
    "admin",
    "default",
    "private",
    "supersecret",
    "super-secret",
    "super_secret",
    "secretkey",
    "secret-key",
    "secret_key",
    "mysecret",
    "my-secret",
    "my_secret",
    "mysecretkey",
    "jwtsecret",
    "jwt-secret",
    "jwt_secret",
    "jwtkey",
    "secret123",
    "password123",
    "123456",
    "1234567890",
    "12345678",
    "qwerty",
    "letmein",
    "root",
    "user",
    "app",
    "api",
    "signing-key",
    "hmac",
    "example",
    "sample",
    "demo",
    "staging",
    "production",
    "prod",
    "local",
    "foo",
    "bar",
    "foobar",
    "hello",
    "your-256-bit-secret",
    "your-secret-key",
    "shhhhh",
    "dangerous",
    "unsafe",
    "insecure",
    "keyboard cat",
    "s3cr3t",
    "secret1",
    "secrets",
    "topsecret",
    "top-secret",
    "verysecret",
    "very-secret",
    "dvga",
    "passw0rd",
    "iloveyou",
];

/// Checks the token the scanning user holds.
pub(crate) async fn run(engine: &Engine, map: &SiteMap) -> Result<(), Halt> {
    let Some(token) = engine.session().bearer() else { return Ok(()) };
    let parts: Vec<&str> = token.split('.').collect();
    let [header, claims, _] = parts.as_slice() else { return Ok(()) };
    let Some(algorithm) = algorithm_of(header) else { return Ok(()) };
    let Some(guarded) = guarded(engine, map).await? else { return Ok(()) };
    let forged = |header: &str, key: &[u8]| {
        let head = BASE64.encode(header);
        let body = format!("{head}.{claims}");
        let signature = BASE64.encode(hmac(key, body.as_bytes()));
        format!("{body}.{signature}")
    };
    let random = engine.tokens.word();
    let control = forged(r#"{"alg":"HS256","typ":"JWT"}"#, random.as_bytes());
    if accepted(engine, &guarded, &control).await?.is_some() {
        tell(
            engine,
            "dast.jwt-unverified",
            &guarded,
            &control,
            "a token signed with a random key is accepted",
        )
        .await?;
        return Ok(());
    }
    for name in ["none", "None"] {
        let head = BASE64.encode(format!(r#"{{"alg":"{name}","typ":"JWT"}}"#));
        let token = format!("{head}.{claims}.");
        if accepted(engine, &guarded, &token).await?.is_some() {
            tell(engine, "dast.jwt-unverified", &guarded, &token, "a token without signature is accepted")
                .await?;
            return Ok(());
        }
    }
    if algorithm == "HS256"
        && let Some(key) = WEAK_KEYS.iter().find(|key| signs(&token, key.as_bytes()))
    {
        let token = forged(r#"{"typ":"JWT","alg":"HS256"}"#, key.as_bytes());
        if accepted(engine, &guarded, &token).await?.is_some() {
            let marker = format!("the key is the word `{key}`");
            tell(engine, "dast.jwt-weak-key", &guarded, &token, &marker).await?;
        }
    }
    Ok(())
}

fn algorithm_of(header: &str) -> Option<String> {
    let value: Value = serde_json::from_slice(&BASE64.decode(header).ok()?).ok()?;
    value.get("alg")?.as_str().map(str::to_owned)
}

fn signs(token: &str, key: &[u8]) -> bool {
    token
        .rsplit_once('.')
        .is_some_and(|(body, signature)| BASE64.encode(hmac(key, body.as_bytes())) == signature)
}

/// A request that the user may send and nobody else.
async fn guarded(engine: &Engine, map: &SiteMap) -> Result<Option<Template>, Halt> {
    let session = engine.session();
    let gets =
        map.endpoints.iter().filter(|endpoint| endpoint.template.method == "GET" && !endpoint.delicate);
    for endpoint in gets.take(60) {
        let template = &endpoint.template;
        let nobody = settle(engine.client.send(template, &Credentials::default()).await)?;
        if !nobody.is_some_and(|answer| matches!(answer.status, 401 | 403)) {
            continue;
        }
        let own = settle(engine.client.send(template, &session.credentials(&template.url)).await)?;
        if own.is_some_and(|answer| !matches!(answer.status, 401 | 403) && answer.status < 500) {
            return Ok(Some(template.clone()));
        }
    }
    Ok(None)
}

async fn accepted(engine: &Engine, guarded: &Template, token: &str) -> Result<Option<Answer>, Halt> {
    let with = bearer(token);
    let answer = settle(engine.client.send(guarded, &with).await)?;
    Ok(answer.filter(|answer| !matches!(answer.status, 401 | 403 | 400 | 422) && answer.status < 500))
}

fn bearer(token: &str) -> Credentials {
    Credentials { headers: vec![("Authorization".into(), format!("Bearer {token}"))], cookies: Vec::new() }
}

async fn tell(
    engine: &Engine,
    rule: &str,
    guarded: &Template,
    token: &str,
    marker: &str,
) -> Result<(), Halt> {
    let Some(answer) = accepted(engine, guarded, token).await? else { return Ok(()) };
    engine.claim(Claim {
        rule,
        message: None,
        route: "/*",
        parameter: None,
        exchanges: vec![(guarded, Some(&answer))],
        marker: Some(marker.to_owned()),
        with: bearer(token),
    });
    Ok(())
}

/// HMAC with SHA-256 (RFC 2104).
fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut block = [0_u8; 64];
    if key.len() > block.len() {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let pad = |with: u8| block.map(|byte| byte ^ with);
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(text).finalize();
    Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_agrees_with_the_standard() {
        // RFC 4231, test case 2.
        let hex: String =
            hmac(b"Jefe", b"what do ya want for nothing?").iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        // RFC 4231, test case 6: a key longer than a block.
        let hex: String = hmac(&[0xaa; 131], b"Test Using Larger Than Block-Size Key - Hash Key First")
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        assert_eq!(hex, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    }
}
