//! Who may do what: two users are compared on objects made for the purpose, and users made for the
//! purpose are played against each other. Nothing that was there before is changed.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use tollgate_core::dynamic::{Parameter, ParameterPlace};

use super::settle;
use crate::baseline::Baseline;
use crate::client::{Credentials, Halt};
use crate::discover::{Endpoint, SiteMap};
use crate::engine::{Claim, Engine};
use crate::insert::{self, Point, Slot};
use crate::message::{Answer, Body, Template};

/// Wrong logins sent to see whether they are limited.
pub(crate) const WRONG_LOGINS: usize = 30;

/// Endpoints whose answers are searched for a changed value.
const MAX_READERS: usize = 20;

/// Runs the checks that compare users.
pub(crate) async fn run(engine: &Engine, map: &SiteMap) -> Result<(), Halt> {
    let accounts = Accounts::find(map);
    if let [first, second, ..] = engine.sessions.as_slice() {
        let (first, second) = (Actor::of(engine, first), Actor::of(engine, second));
        read_by_others(engine, map, &first, &second).await?;
    }
    if let Some(accounts) = accounts {
        accounts.write_by_others(engine, map).await?;
        accounts.mass_assignment(engine, map).await?;
        accounts.enumeration(engine).await?;
        accounts.unlimited_logins(engine).await?;
    }
    Ok(())
}

/// Someone who sends requests.
struct Actor {
    with: Credentials,
}

impl Actor {
    fn of(engine: &Engine, session: &crate::session::Session) -> Self {
        Self { with: session.credentials(&engine.scope.target()) }
    }

    fn nobody() -> Self {
        Self { with: Credentials::default() }
    }

    async fn send(&self, engine: &Engine, template: &Template) -> Result<Option<Answer>, Halt> {
        settle(engine.client.send(template, &self.with).await)
    }
}

/// The body of a JSON endpoint as an object.
fn object(endpoint: &Endpoint) -> Option<&Map<String, Value>> {
    match &endpoint.template.body {
        Body::Json(Value::Object(map)) => Some(map),
        _ => None,
    }
}

/// The request with every text replaced by a new word; addresses stay addresses.
fn with_words(engine: &Engine, endpoint: &Endpoint) -> Option<(Template, Vec<String>)> {
    let mut map = object(endpoint)?.clone();
    let mut words = Vec::new();
    for (key, value) in &mut map {
        if value.is_string() {
            let word = engine.tokens.word();
            let mail = key.to_ascii_lowercase().contains("mail");
            *value = Value::from(if mail { format!("{word}@example.org") } else { word.clone() });
            words.push(word);
        }
    }
    let template = Template { body: Body::Json(Value::Object(map)), ..endpoint.template.clone() };
    (!words.is_empty()).then_some((template, words))
}

/// Number of the last path segment that is a parameter of the route.
fn variable_segment(endpoint: &Endpoint) -> Option<usize> {
    let parts: Vec<&str> = endpoint.route.trim_start_matches('/').split('/').collect();
    parts.iter().rposition(|part| part.starts_with('{'))
}

/// The request with another value in its last path parameter.
fn at_object(engine: &Engine, endpoint: &Endpoint, value: &str) -> Option<Template> {
    let slot = Slot::Path(variable_segment(endpoint)?);
    let point = Point { place: ParameterPlace::Path, name: String::new(), value: String::new(), slot };
    insert::apply(&engine.scope, &endpoint.template, &point, value)
}

fn path_parameter(endpoint: &Endpoint) -> Option<Parameter> {
    let idx = variable_segment(endpoint)?;
    let part = endpoint.route.trim_start_matches('/').split('/').nth(idx)?;
    Some(Parameter { place: ParameterPlace::Path, name: part.trim_matches(['{', '}']).to_owned() })
}

/// Whether `reader` reads one object of the collection that `maker` adds to.
fn reads_from(reader: &Endpoint, maker: &Endpoint) -> bool {
    let collection = maker.route.trim_end_matches('/');
    let prefix = reader.route.split("/{").next().unwrap_or_default();
    reader.template.method == "GET" && variable_segment(reader).is_some() && prefix == collection
}

/// An object that the first user makes is read by the second, and by nobody without a login.
async fn read_by_others(engine: &Engine, map: &SiteMap, first: &Actor, second: &Actor) -> Result<(), Halt> {
    let rule = "dast.broken-object-authorization";
    if !engine.checks.enabled(rule) {
        return Ok(());
    }
    for maker in map.endpoints.iter().filter(|e| e.template.method == "POST" && !e.delicate && !is_account(e))
    {
        let readers: Vec<&Endpoint> =
            map.endpoints.iter().filter(|reader| reads_from(reader, maker)).collect();
        if readers.is_empty() {
            continue;
        }
        let Some((template, words)) = with_words(engine, maker) else { continue };
        let Some(made) = first.send(engine, &template).await?.filter(Answer::is_success) else { continue };
        let mut names = words.clone();
        names.extend(ids(&made));
        for reader in readers {
            for name in &names {
                let Some(template) = at_object(engine, reader, name) else { continue };
                let secret = |answer: &Answer| {
                    let inner =
                        words.iter().find(|word| *word != name && answer.body.contains(word.as_str()));
                    inner.filter(|_| answer.is_success()).cloned()
                };
                let Some(own) = first.send(engine, &template).await? else { continue };
                let Some(word) = secret(&own) else { continue };
                let Some(foreign) = second.send(engine, &template).await? else { continue };
                let open = Actor::nobody().send(engine, &template).await?;
                let public = open.as_ref().is_none_or(|answer| secret(answer).is_some());
                let nothing = at_object(engine, reader, &engine.tokens.word());
                let control = match &nothing {
                    Some(template) => second.send(engine, template).await?,
                    None => None,
                };
                let blind = control.as_ref().is_some_and(|answer| secret(answer).is_some());
                if secret(&foreign).is_some() && !public && !blind {
                    engine.claim(Claim {
                        rule,
                        message: None,
                        route: &reader.route,
                        parameter: path_parameter(reader),
                        exchanges: vec![(&template, Some(&foreign)), (&template, open.as_ref())],
                        marker: Some(word),
                        with: second.with.clone(),
                    });
                }
                break;
            }
        }
    }
    Ok(())
}

/// Values of keys that sound like an id in the answer.
fn ids(answer: &Answer) -> Vec<String> {
    let Ok(value) = serde_json::from_str::<Value>(&answer.body) else { return Vec::new() };
    let mut out = Vec::new();
    visit(&value, &mut |map| {
        for (key, value) in map {
            let lower = key.to_ascii_lowercase();
            if lower == "id" || lower.ends_with("_id") || key.ends_with("Id") || lower == "uuid" {
                match value {
                    Value::String(text) => out.push(text.clone()),
                    Value::Number(number) => out.push(number.to_string()),
                    _ => {}
                }
            }
        }
    });
    out.truncate(4);
    out
}

/// Calls `look` with every object in a value.
fn visit<'a>(value: &'a Value, look: &mut impl FnMut(&'a Map<String, Value>)) {
    let mut work = vec![value];
    while let Some(value) = work.pop() {
        match value {
            Value::Object(map) => {
                look(map);
                work.extend(map.values());
            }
            Value::Array(items) => work.extend(items),
            _ => {}
        }
    }
}

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

fn is_account(endpoint: &Endpoint) -> bool {
    account_keys(endpoint).is_some()
}

/// Where users are made and sign in.
struct Accounts<'a> {
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
    fn find(map: &'a SiteMap) -> Option<Self> {
        let posts = || map.endpoints.iter().filter(|e| e.template.method == "POST" && is_account(e));
        let named = |words: &'static [&'static str]| {
            move |endpoint: &&Endpoint| {
                let lower = endpoint.route.to_ascii_lowercase();
                words.iter().any(|word| lower.contains(word))
            }
        };
        let login = posts().find(named(&["login", "signin", "sign-in", "session", "token", "auth"]))?;
        let register = posts().find(named(&["register", "signup", "sign-up"])).or_else(|| {
            posts().find(|endpoint| endpoint.route != login.route && named(&["user", "account"])(endpoint))
        });
        Some(Self { register, login })
    }

    /// A new user, with further keys in the request.
    async fn guest(&self, engine: &Engine, more: &[(String, Value)]) -> Result<Option<Guest>, Halt> {
        let Some(register) = self.register else { return Ok(None) };
        let Some((user_key, password_key)) = account_keys(register) else { return Ok(None) };
        let Some((mut template, _)) = with_words(engine, register) else { return Ok(None) };
        let Body::Json(Value::Object(map)) = &mut template.body else { return Ok(None) };
        // Long enough and mixed, for applications that ask for strong ones.
        let password = format!("Tg1-{}", engine.tokens.word());
        map.insert(password_key, Value::from(password.clone()));
        for (key, value) in more {
            map.insert(key.clone(), value.clone());
        }
        let name = map.get(&user_key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let answer = Actor::nobody().send(engine, &template).await?.filter(Answer::is_success);
        Ok(answer.map(|answer| Guest { name, password, made: template, answer }))
    }

    fn login_request(&self, name: &str, password: &str) -> Option<Template> {
        let (user_key, password_key) = account_keys(self.login)?;
        let mut map = object(self.login)?.clone();
        map.insert(user_key, Value::from(name));
        map.insert(password_key, Value::from(password));
        Some(Template { body: Body::Json(Value::Object(map)), ..self.login.template.clone() })
    }

    /// Signs in; `None` where the login is refused.
    async fn sign_in(&self, engine: &Engine, name: &str, password: &str) -> Result<Option<Actor>, Halt> {
        let Some(template) = self.login_request(name, password) else { return Ok(None) };
        let answer = Actor::nobody().send(engine, &template).await?.filter(Answer::is_success);
        let token = answer.as_ref().and_then(token_of);
        Ok(token.map(|token| Actor {
            with: Credentials {
                headers: vec![("Authorization".into(), format!("Bearer {token}"))],
                cookies: Vec::new(),
            },
        }))
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
            if let Body::Json(Value::Object(map)) = &mut template.body {
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
        let views: Vec<Template> = readers(engine, map, &plain.name);
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
            let seen = readers(engine, map, &guest.name);
            let Some(view) = seen.get(idx) else { continue };
            let Some(answer) = reader.send(engine, view).await? else { continue };
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
            if one.is_success() && two.is_success() && seen.same_but(&unseen, &[])
                || seen.same_but(&unseen, &[])
                || !unseen.same_but(&again, &[])
            {
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
        let name = match self.guest(engine, &[]).await? {
            Some(guest) => guest.name,
            None => engine.tokens.word(),
        };
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
        if let Some((template, answer)) = last {
            engine.claim(Claim {
                rule,
                message: None,
                route: &self.login.route,
                parameter: None,
                exchanges: vec![(&template, Some(&answer))],
                marker: Some(format!("{WRONG_LOGINS} wrong passwords in a row, all answered alike")),
                with: Credentials::default(),
            });
        }
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

/// Requests whose answers may show a user: those without parameters and those named by the user.
fn readers(engine: &Engine, map: &SiteMap, user: &str) -> Vec<Template> {
    let gets = map.endpoints.iter().filter(|e| e.template.method == "GET" && !e.delicate);
    gets.filter_map(|endpoint| match variable_segment(endpoint) {
        None => Some(endpoint.template.clone()),
        Some(_) => at_object(engine, endpoint, user),
    })
    .take(MAX_READERS)
    .collect()
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

fn token_of(answer: &Answer) -> Option<String> {
    let value: Value = serde_json::from_str(&answer.body).ok()?;
    let mut found = None;
    visit(&value, &mut |map| {
        for (key, value) in map {
            let lower = key.to_ascii_lowercase();
            if let Some(text) = value.as_str()
                && (lower.contains("token") || lower == "jwt")
            {
                found = Some(text.to_owned());
            }
        }
    });
    found
}
