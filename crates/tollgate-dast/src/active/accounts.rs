//! Users made for the purpose, played against each other: passwords set by others, rights taken from the
//! request, what a login tells and allows. Nothing that was there before is changed.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use tollgate_core::dynamic::{Parameter, ParameterPlace};

use super::actor::{
    Actor, at_object, granted, object, object_mut, path_parameter, token_of, variable_segment, visit,
    with_words,
};
use crate::baseline::Baseline;
use crate::client::{Credentials, Halt};
use crate::discover::{Endpoint, SiteMap};
use crate::engine::{Claim, Engine};
use crate::message::{Answer, Template};

/// Wrong logins sent to see whether they are limited.
pub(crate) const WRONG_LOGINS: usize = 30;

/// Endpoints whose answers are searched for a changed value.
const MAX_READERS: usize = 20;

/// Runs the checks of accounts, where users can be made.
pub(super) async fn run(engine: &Engine, map: &SiteMap) -> Result<(), Halt> {
    for accounts in Accounts::all(map) {
        accounts.write_by_others(engine, map).await?;
        accounts.mass_assignment(engine, map).await?;
        accounts.enumeration(engine).await?;
        accounts.unlimited_logins(engine).await?;
    }
    Ok(())
}

/// Logins that are tried.
const MAX_LOGINS: usize = 3;

/// The keys under which a body holds user name and password.
fn account_keys(endpoint: &Endpoint) -> Option<(String, String)> {
    let map = object(endpoint)?;
    let find = |words: &[&str]| {
        map.keys().find(|key| {
            let lower = key.to_ascii_lowercase();
            words.iter().any(|word| lower.contains(word))
        })
    };
    let user = find(&["user", "login"]).or_else(|| find(&["email"]))?;
    Some((user.clone(), find(&["pass"])?.clone()))
}

pub(super) fn is_account(endpoint: &Endpoint) -> bool {
    account_keys(endpoint).is_some()
}

/// Where users are made and sign in.
pub(super) struct Accounts<'a> {
    register: Option<&'a Endpoint>,
    login: &'a Endpoint,
}

/// A user made for the purpose.
struct Guest {
    name: String,
    password: String,
    made: Template,
    answer: Answer,
}

impl<'a> Accounts<'a> {
    /// Every login, with the registration that stands nearest to it.
    pub(super) fn all(map: &'a SiteMap) -> Vec<Self> {
        let posts: Vec<&Endpoint> =
            map.endpoints.iter().filter(|e| e.template.method == "POST" && is_account(e)).collect();
        let named = |endpoint: &Endpoint, words: &[&str]| {
            let lower = endpoint.route.to_ascii_lowercase();
            words.iter().any(|word| lower.contains(word))
        };
        let logs_in = |e: &Endpoint| named(e, &["login", "signin", "sign-in", "session", "token", "auth"]);
        let registers = |e: &Endpoint| named(e, &["register", "signup", "sign-up"]);
        let makes = |e: &Endpoint| !logs_in(e) && named(e, &["user", "account"]);
        let logins = posts.iter().filter(|e| logs_in(e) && !registers(e)).take(MAX_LOGINS);
        logins
            .map(|&login| {
                let nearest = |fits: &dyn Fn(&Endpoint) -> bool| {
                    posts.iter().copied().filter(|e| fits(e)).max_by_key(|e| nearness(e, login))
                };
                Self { register: nearest(&registers).or_else(|| nearest(&makes)), login }
            })
            .collect()
    }

    /// A token of a new user; `None` where none can be made.
    pub(super) async fn token(&self, engine: &Engine) -> Result<Option<String>, Halt> {
        let Some(guest) = self.guest(engine, &[]).await? else { return Ok(None) };
        let Some(template) = self.login_request(&guest.name, &guest.password) else { return Ok(None) };
        Ok(Actor::nobody().send(engine, &template).await?.filter(granted).as_ref().and_then(token_of))
    }

    /// A new user, with further keys in the request.
    async fn guest(&self, engine: &Engine, more: &[(String, Value)]) -> Result<Option<Guest>, Halt> {
        let Some(register) = self.register else { return Ok(None) };
        let Some((user_key, password_key)) = account_keys(register) else { return Ok(None) };
        let Some((mut template, _)) = with_words(engine, register) else { return Ok(None) };
        let Some(map) = object_mut(&mut template) else { return Ok(None) };
        // Long enough and mixed, for applications that ask for strong ones.
        let password = format!("Tg1-{}", engine.tokens.word());
        map.insert(password_key, Value::from(password.clone()));
        for (key, value) in more {
            map.insert(key.clone(), value.clone());
        }
        let name = map.get(&user_key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let answer = Actor::nobody().send(engine, &template).await?.filter(granted);
        Ok(answer.map(|answer| Guest { name, password, made: template, answer }))
    }

    fn login_request(&self, name: &str, password: &str) -> Option<Template> {
        let (user_key, password_key) = account_keys(self.login)?;
        let mut template = self.login.template.clone();
        let map = object_mut(&mut template)?;
        map.insert(user_key, Value::from(name));
        map.insert(password_key, Value::from(password));
        Some(template)
    }

    /// Signs in; `None` where the login is refused.
    async fn sign_in(&self, engine: &Engine, name: &str, password: &str) -> Result<Option<Actor>, Halt> {
        let Some(template) = self.login_request(name, password) else { return Ok(None) };
        let answer = Actor::nobody().send(engine, &template).await?.filter(granted);
        let token = answer.as_ref().and_then(token_of);
        Ok(token.map(|token| Actor::bearer(&token)))
    }

    /// One new user sets the password of another.
    async fn write_by_others(&self, engine: &Engine, map: &SiteMap) -> Result<(), Halt> {
        let rule = "dast.broken-object-write";
        if !engine.checks.enabled(rule) {
            return Ok(());
        }
        let changes = map.endpoints.iter().filter(|endpoint| {
            let password = object(endpoint)
                .is_some_and(|map| map.keys().any(|key| key.to_ascii_lowercase().contains("pass")));
            matches!(endpoint.template.method.as_str(), "PUT" | "PATCH" | "POST")
                && variable_segment(endpoint).is_some()
                && password
        });
        for change in changes {
            let (Some(victim), Some(other)) =
                (self.guest(engine, &[]).await?, self.guest(engine, &[]).await?)
            else {
                return Ok(());
            };
            let Some(attacker) = self.sign_in(engine, &other.name, &other.password).await? else {
                return Ok(());
            };
            if self.sign_in(engine, &victim.name, &victim.password).await?.is_none() {
                return Ok(());
            }
            let Some(mut template) = at_object(engine, change, &victim.name) else { continue };
            let chosen = format!("Tg2-{}", engine.tokens.word());
            if let Some(map) = object_mut(&mut template) {
                for (key, value) in map.iter_mut() {
                    if key.to_ascii_lowercase().contains("pass") {
                        *value = Value::from(chosen.clone());
                    }
                }
            }
            if self.sign_in(engine, &victim.name, &chosen).await?.is_some() {
                return Ok(());
            }
            let answer = attacker.send(engine, &template).await?;
            let taken = self.sign_in(engine, &victim.name, &chosen).await?.is_some();
            let old = self.sign_in(engine, &victim.name, &victim.password).await?.is_some();
            if taken && !old {
                let proof = self.login_request(&victim.name, &chosen);
                let mut exchanges = vec![(&template, answer.as_ref())];
                exchanges.extend(proof.as_ref().map(|proof| (proof, None)));
                engine.claim(Claim {
                    rule,
                    message: None,
                    route: &change.route,
                    parameter: path_parameter(change),
                    exchanges,
                    marker: Some(format!(
                        "user {} now signs in with the password user {} set",
                        victim.name, other.name
                    )),
                    with: attacker.with.clone(),
                });
            }
        }
        Ok(())
    }

    /// A key that the registration does not name, but objects of users have, is taken from the request.
    async fn mass_assignment(&self, engine: &Engine, map: &SiteMap) -> Result<(), Halt> {
        let rule = "dast.mass-assignment";
        let Some(register) = self.register.filter(|_| engine.checks.enabled(rule)) else { return Ok(()) };
        let known: BTreeSet<&String> = object(register).into_iter().flat_map(Map::keys).collect();
        let Some(plain) = self.guest(engine, &[]).await? else { return Ok(()) };
        let Some(reader) = self.sign_in(engine, &plain.name, &plain.password).await? else { return Ok(()) };
        let views: Vec<Template> = readers(engine, map, register, &plain.name);
        let mut keys: BTreeSet<(usize, String)> = BTreeSet::new();
        for (idx, view) in views.iter().enumerate() {
            let Some(answer) = reader.send(engine, view).await? else { continue };
            let Some(object) = object_of(&answer, &plain.name) else { continue };
            for (key, value) in object {
                if !known.contains(&key) && privilege(&key, &value).is_some() {
                    keys.insert((idx, key));
                }
            }
        }
        for (idx, key) in keys {
            let raised = Value::from(true);
            let value = match reader.send(engine, &views[idx]).await?.and_then(|a| object_of(&a, &plain.name))
            {
                Some(object) => object.get(&key).and_then(|value| privilege(&key, value)).unwrap_or(raised),
                None => raised,
            };
            let Some(guest) = self.guest(engine, &[(key.clone(), value.clone())]).await? else { continue };
            let seen = readers(engine, map, register, &guest.name);
            let Some(view) = seen.get(idx) else { continue };
            // What shows users to themselves only is asked as the new one.
            let own = self.sign_in(engine, &guest.name, &guest.password).await?;
            let Some(answer) = own.as_ref().unwrap_or(&reader).send(engine, view).await? else { continue };
            let got = object_of(&answer, &guest.name).and_then(|object| object.get(&key).cloned());
            let Some(control) = reader.send(engine, &views[idx]).await? else { continue };
            let without = object_of(&control, &plain.name).and_then(|object| object.get(&key).cloned());
            if got.as_ref() == Some(&value) && without.is_some_and(|without| without != value) {
                engine.claim(Claim {
                    rule,
                    message: None,
                    route: &register.route,
                    parameter: Some(Parameter { place: ParameterPlace::Json, name: key.clone() }),
                    exchanges: vec![(&guest.made, Some(&guest.answer)), (view, Some(&answer))],
                    marker: Some(guest.name.clone()),
                    with: Credentials::default(),
                });
            }
        }
        Ok(())
    }

    /// The answer to a wrong password tells whether the user exists.
    async fn enumeration(&self, engine: &Engine) -> Result<(), Halt> {
        let rule = "dast.user-enumeration";
        if !engine.checks.enabled(rule) {
            return Ok(());
        }
        let mut proofs = Vec::new();
        for _ in 0..2 {
            let Some(guest) = self.guest(engine, &[]).await? else { return Ok(()) };
            let (wrong, unknown, other) = (engine.tokens.word(), engine.tokens.word(), engine.tokens.word());
            let requests = [
                self.login_request(&guest.name, &wrong),
                self.login_request(&unknown, &wrong),
                self.login_request(&other, &wrong),
            ];
            let [Some(known), Some(unknown_request), Some(other_request)] = requests else { return Ok(()) };
            let nobody = Actor::nobody();
            let (Some(one), Some(two), Some(three)) = (
                nobody.send(engine, &known).await?,
                nobody.send(engine, &unknown_request).await?,
                nobody.send(engine, &other_request).await?,
            ) else {
                return Ok(());
            };
            let base = Baseline::of(known.clone(), Credentials::default(), one.clone(), &one);
            let names = [guest.name.as_str(), &unknown, &other, &wrong];
            let (seen, unseen, again) =
                (base.view(&one, &names), base.view(&two, &names), base.view(&three, &names));
            if seen.same_but(&unseen, &[]) || !unseen.same_but(&again, &[]) {
                return Ok(());
            }
            proofs.push((known, one, unknown_request, two));
        }
        if let [(known, one, unknown, two), _] = proofs.as_slice() {
            engine.claim(Claim {
                rule,
                message: None,
                route: &self.login.route,
                parameter: account_keys(self.login)
                    .map(|(name, _)| Parameter { place: ParameterPlace::Json, name }),
                exchanges: vec![(known, Some(one)), (unknown, Some(two))],
                marker: None,
                with: Credentials::default(),
            });
        }
        Ok(())
    }

    /// Many wrong passwords in a row are all answered alike.
    async fn unlimited_logins(&self, engine: &Engine) -> Result<(), Halt> {
        let rule = "dast.login-not-limited";
        if !engine.checks.enabled(rule) {
            return Ok(());
        }
        let guest = self.guest(engine, &[]).await?;
        let name = guest.as_ref().map_or_else(|| engine.tokens.word(), |guest| guest.name.clone());
        let mut last = None;
        let mut first_status = None;
        for _ in 0..WRONG_LOGINS {
            let Some(template) = self.login_request(&name, &engine.tokens.word()) else { return Ok(()) };
            let Some(answer) = Actor::nobody().send(engine, &template).await? else { return Ok(()) };
            let limited = matches!(answer.status, 429 | 423 | 503) || answer.header("retry-after").is_some();
            let status = *first_status.get_or_insert(answer.status);
            if limited || answer.status != status || answer.status >= 500 {
                return Ok(());
            }
            last = Some((template, answer));
        }
        let Some((template, answer)) = last else { return Ok(()) };
        let mut exchanges = vec![(&template, Some(&answer))];
        let mut marker = format!("{WRONG_LOGINS} wrong passwords in a row, all answered alike");
        // An account that is locked after so many refuses the right password too.
        let right = guest.and_then(|guest| self.login_request(&guest.name, &guest.password));
        let proof = match &right {
            Some(right) => Actor::nobody().send(engine, right).await?.filter(granted),
            None => None,
        };
        if let Some(right) = &right {
            let Some(proof) = &proof else { return Ok(()) };
            exchanges.push((right, Some(proof)));
            marker += ", and the right one after them still signs in";
        }
        engine.claim(Claim {
            rule,
            message: None,
            route: &self.login.route,
            parameter: None,
            exchanges,
            marker: Some(marker),
            with: Credentials::default(),
        });
        Ok(())
    }
}

/// A value that gives more rights than the one shown, for keys that sound like it.
fn privilege(key: &str, value: &Value) -> Option<Value> {
    let lower = key.to_ascii_lowercase();
    match value {
        Value::Bool(false) => Some(Value::from(true)),
        Value::Number(number) if number.as_i64() == Some(0) && lower.contains("admin") => {
            Some(Value::from(1))
        }
        Value::String(text) if lower.contains("role") && text != "admin" => Some(Value::from("admin")),
        _ => None,
    }
}

/// Requests whose answers may show a user, those near the registration first: those without parameters and
/// those named by the user.
fn readers(engine: &Engine, map: &SiteMap, register: &Endpoint, user: &str) -> Vec<Template> {
    let mut gets: Vec<&Endpoint> =
        map.endpoints.iter().filter(|e| e.template.method == "GET" && !e.delicate).collect();
    gets.sort_by_key(|endpoint| std::cmp::Reverse(nearness(endpoint, register)));
    gets.into_iter()
        .filter_map(|endpoint| match variable_segment(endpoint) {
            None => Some(endpoint.template.clone()),
            Some(_) => at_object(engine, endpoint, user),
        })
        .take(MAX_READERS)
        .collect()
}

/// Length of what two routes start with alike.
fn nearness(one: &Endpoint, two: &Endpoint) -> usize {
    one.route.bytes().zip(two.route.bytes()).take_while(|(a, b)| a == b).count()
}

/// The object of the answer that names the user.
fn object_of(answer: &Answer, user: &str) -> Option<Map<String, Value>> {
    let value: Value = serde_json::from_str(&answer.body).ok()?;
    let mut found = None;
    visit(&value, &mut |map| {
        if map.values().any(|value| value.as_str() == Some(user)) {
            found = Some(map.clone());
        }
    });
    found
}
