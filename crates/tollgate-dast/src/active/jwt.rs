//! JSON Web Tokens: unsigned ones, keys that can be guessed, and public keys taken for secret ones. Keys are
//! guessed here, not at the target; a request with a token of our own proves it.

mod public_key;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::accounts::Accounts;
use super::actor::granted;
use super::settle;
use crate::baseline::Baseline;
use crate::client::{Credentials, Halt};
use crate::discover::SiteMap;
use crate::engine::{Claim, Engine};
use crate::insert::{self, Point};
use crate::message::{Answer, Template};

const UNVERIFIED: &str = "dast.jwt-unverified";
const WEAK: &str = "dast.jwt-weak-key";
const CONFUSED: &str = "dast.jwt-key-confusion";

/// Endpoints asked to find one that a token opens.
const MAX_TRIED: usize = 60;

/// Keys that examples and first drafts use.
#[rustfmt::skip]
const WEAK_KEYS: &[&str] = &[
    "", "secret", "password", "key", "jwt", "token", "test", "dev", "development", "random",
    "changeme", "admin", "default", "private", "supersecret", "super-secret", "super_secret",
    "secretkey", "secret-key", "secret_key", "mysecret", "my-secret", "my_secret", "mysecretkey",
    "jwtsecret", "jwt-secret", "jwt_secret", "jwtkey", "secret123", "password123", "123456",
    "1234567890", "12345678", "qwerty", "letmein", "root", "user", "app", "api", "signing-key",
    "hmac", "example", "sample", "demo", "staging", "production", "prod", "local", "foo", "bar",
    "foobar", "hello", "your-256-bit-secret", "your-secret-key", "shhhhh", "dangerous", "unsafe",
    "insecure", "keyboard cat", "s3cr3t", "secret1", "secrets", "topsecret", "top-secret",
    "verysecret", "very-secret", "passw0rd", "iloveyou",
];

/// Checks the token the scanning user holds, or that of a user made for the purpose.
pub(super) async fn run(engine: &Engine, map: &SiteMap) -> Result<(), Halt> {
    if ![UNVERIFIED, WEAK, CONFUSED].iter().any(|rule| engine.checks.enabled(rule)) {
        return Ok(());
    }
    let held = held(engine);
    let mut tokens = Vec::new();
    match held {
        Some(held) => tokens.push(held),
        None => {
            for accounts in Accounts::all(map) {
                tokens.extend(accounts.token(engine).await?.map(|token| (token, Place::Bearer)));
            }
        }
    }
    for (token, place) in tokens {
        let Some(parts) = Parts::of(&token) else { continue };
        if let Some(door) = Door::guarded(engine, map, place, &token).await? {
            forge(engine, &door, &token, &parts).await?;
        }
        for door in Door::arguments(engine, map, &token).await? {
            forge(engine, &door, &token, &parts).await?;
        }
    }
    Ok(())
}

/// The token among the credentials of the scanning user.
fn held(engine: &Engine) -> Option<(String, Place)> {
    let session = engine.session();
    if let Some(token) = session.bearer().filter(|token| Parts::of(token).is_some()) {
        return Some((token, Place::Bearer));
    }
    let cookies = session.credentials(&engine.scope.target()).cookies;
    cookies
        .into_iter()
        .find(|(_, value)| Parts::of(value).is_some())
        .map(|(name, value)| (value, Place::Cookie(name)))
}

/// A token taken apart.
struct Parts {
    algorithm: String,
    claims: String,
}

impl Parts {
    fn of(token: &str) -> Option<Self> {
        let mut parts = token.split('.');
        let (header, claims, _) = (parts.next()?, parts.next()?, parts.next()?);
        let header: Value = serde_json::from_slice(&BASE64.decode(header).ok()?).ok()?;
        let algorithm = header.get("alg")?.as_str()?.to_owned();
        parts.next().is_none().then(|| Self { algorithm, claims: claims.to_owned() })
    }

    /// The same claims, signed with a key of ours.
    fn signed(&self, key: &[u8]) -> String {
        let body = format!("{}.{}", BASE64.encode(r#"{"alg":"HS256","typ":"JWT"}"#), self.claims);
        let signature = BASE64.encode(hmac(key, body.as_bytes()));
        format!("{body}.{signature}")
    }
}

/// Tries tokens of our own, the boldest first. A door that opens for one opens for those after it too.
async fn forge(engine: &Engine, door: &Door<'_>, token: &str, parts: &Parts) -> Result<(), Halt> {
    let random = parts.signed(engine.tokens.word().as_bytes());
    if let Some(proof) = door.opened(&random).await? {
        door.tell(UNVERIFIED, &proof, "a token signed with a random key is accepted");
        return Ok(());
    }
    for name in ["none", "None"] {
        let unsigned =
            format!("{}.{}.", BASE64.encode(format!(r#"{{"alg":"{name}","typ":"JWT"}}"#)), parts.claims);
        if let Some(proof) = door.opened(&unsigned).await? {
            door.tell(UNVERIFIED, &proof, "a token without signature is accepted");
            return Ok(());
        }
    }
    if parts.algorithm == "HS256" {
        let Some(key) = WEAK_KEYS.iter().find(|key| signs(token, key.as_bytes())) else { return Ok(()) };
        if let Some(proof) = door.opened(&parts.signed(key.as_bytes())).await? {
            door.tell(WEAK, &proof, &format!("the key is the word `{key}`"));
        }
        return Ok(());
    }
    // A server that takes the algorithm from the token takes its public key for a secret one.
    for key in public_key::candidates(engine).await? {
        if let Some(proof) = door.opened(&parts.signed(key.text.as_bytes())).await? {
            door.tell(CONFUSED, &proof, &format!("the secret is the public key at {}", key.origin));
            return Ok(());
        }
    }
    Ok(())
}

fn signs(token: &str, key: &[u8]) -> bool {
    token
        .rsplit_once('.')
        .is_some_and(|(body, signature)| BASE64.encode(hmac(key, body.as_bytes())) == signature)
}

/// Where the token goes.
#[derive(Debug, Clone)]
enum Place {
    Bearer,
    Cookie(String),
    Argument(Point),
}

/// A request that a token opens.
struct Door<'a> {
    engine: &'a Engine,
    template: Template,
    route: String,
    place: Place,
    /// What the right token brings; the status tells where there is none.
    usual: Option<Baseline>,
}

/// A token that opened a door.
struct Proof {
    template: Template,
    with: Credentials,
    answer: Answer,
}

impl<'a> Door<'a> {
    /// A request that the holder of the token may send and nobody else.
    async fn guarded(
        engine: &'a Engine,
        map: &SiteMap,
        place: Place,
        token: &str,
    ) -> Result<Option<Self>, Halt> {
        let gets = map.endpoints.iter().filter(|e| e.template.method == "GET" && !e.delicate);
        for endpoint in gets.take(MAX_TRIED) {
            let template = endpoint.template.clone();
            let nobody = settle(engine.client.send(&template, &Credentials::default()).await)?;
            let closed = |answer: &Answer| {
                matches!(answer.status, 401 | 403)
                    || matches!(place, Place::Cookie(_)) && answer.is_redirect()
            };
            if !nobody.is_some_and(|answer| closed(&answer)) {
                continue;
            }
            let place = place.clone();
            let door = Self { engine, template, route: "/*".into(), place, usual: None };
            if door.opened(token).await?.is_some() {
                return Ok(Some(door));
            }
        }
        Ok(None)
    }

    /// Requests that take a token among their parameters, and answer the right one otherwise than a wrong one.
    async fn arguments(engine: &'a Engine, map: &SiteMap, token: &str) -> Result<Vec<Self>, Halt> {
        let mut out = Vec::new();
        for endpoint in map.endpoints.iter().filter(|endpoint| !endpoint.delicate) {
            let named = |point: &Point| {
                let lower = point.name.to_ascii_lowercase();
                (lower.contains("token") || lower.contains("jwt")) && !lower.contains("csrf")
            };
            let Some(point) = insert::points(&endpoint.template).into_iter().find(named) else { continue };
            if endpoint.token_field.as_deref() == Some(&*point.name) || out.len() >= 4 {
                continue;
            }
            let template = endpoint.template.clone();
            let mut door = Self {
                engine,
                template,
                route: endpoint.route.clone(),
                place: Place::Argument(point),
                usual: None,
            };
            let (Some(right), Some(again)) = (door.try_on(token).await?, door.try_on(token).await?) else {
                continue;
            };
            if !granted(&right.answer) {
                continue;
            }
            door.usual = Some(Baseline::of(right.template, right.with, right.answer, &again.answer));
            let wrong: Vec<String> = token.split('.').map(|_| engine.tokens.word()).collect();
            if door.opened(&wrong.join(".")).await?.is_none() {
                out.push(door);
            }
        }
        Ok(out)
    }

    async fn try_on(&self, token: &str) -> Result<Option<Proof>, Halt> {
        let mut template = self.template.clone();
        let mut with = Credentials::default();
        match &self.place {
            Place::Bearer => with.headers.push(("Authorization".into(), format!("Bearer {token}"))),
            Place::Cookie(name) => with.cookies.push((name.clone(), token.to_owned())),
            Place::Argument(point) => {
                let Some(changed) = insert::apply(&self.engine.scope, &template, point, token) else {
                    return Ok(None);
                };
                template = changed;
                with = self.engine.session().credentials(&template.url);
            }
        }
        let answer = settle(self.engine.client.send(&template, &with).await)?;
        Ok(answer.map(|answer| Proof { template, with, answer }))
    }

    async fn opened(&self, token: &str) -> Result<Option<Proof>, Halt> {
        let Some(proof) = self.try_on(token).await? else { return Ok(None) };
        let opened = match &self.usual {
            Some(usual) => {
                let view = |answer| usual.view(answer, &[token]);
                view(&proof.answer).same_but(&view(&usual.answer), &[])
            }
            None => {
                let status = proof.answer.status;
                !matches!(status, 400 | 401 | 403 | 422)
                    && status < 500
                    && !(matches!(self.place, Place::Cookie(_)) && proof.answer.is_redirect())
            }
        };
        Ok(opened.then_some(proof))
    }

    fn tell(&self, rule: &str, proof: &Proof, marker: &str) {
        let parameter = match &self.place {
            Place::Argument(point) => Some(point.parameter()),
            Place::Bearer | Place::Cookie(_) => None,
        };
        self.engine.claim(Claim {
            parameter,
            marker: Some(marker.to_owned()),
            with: proof.with.clone(),
            ..Claim::of(rule, &self.route, &proof.template, Some(&proof.answer))
        });
    }
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
