//! Login forms that take one wrong password after the other.

use super::Subject;
use super::accounts::WRONG_LOGINS;
use crate::client::Halt;
use crate::engine::{Claim, Engine, bounded};
use crate::message::{Body, Template};

const RULE: &str = "dast.login-not-limited";

/// Tries every form that by its words is a login. The user of all attempts is one that nobody is.
pub(crate) async fn run(engine: &Engine, subjects: &[Subject<'_>]) -> Result<(), Halt> {
    if !engine.checks.enabled(RULE) {
        return Ok(());
    }
    let work: Vec<_> = subjects.iter().filter_map(|subject| Some((subject, fields(subject)?))).collect();
    bounded(2, work, async |(subject, fields): (&Subject<'_>, Fields)| guess(engine, subject, &fields).await)
        .await
}

/// Numbers of the pairs that hold user and password.
struct Fields {
    user: usize,
    password: usize,
}

fn pairs_of(template: &Template) -> Option<Vec<(String, String)>> {
    match &template.body {
        Body::Form(pairs) => Some(pairs.clone()),
        Body::Empty if template.method == "GET" => Some(template.query()),
        _ => None,
    }
}

fn fields(subject: &Subject<'_>) -> Option<Fields> {
    let pairs = pairs_of(&subject.baseline.template)?;
    let find = |words: &[&str]| {
        pairs.iter().position(|(name, _)| {
            let lower = name.to_ascii_lowercase();
            words.iter().any(|word| lower.contains(word))
        })
    };
    let (user, password) = (find(&["user", "login", "mail", "name"])?, find(&["pass", "pwd"])?);
    let words = ["login", "log in", "signin", "sign in", "sign-in", "logon"];
    let said: Vec<String> = pairs
        .iter()
        .flat_map(|(name, value)| [name, value])
        .chain([&subject.endpoint.route])
        .map(|text| text.to_ascii_lowercase())
        .collect();
    let login = said.iter().any(|text| words.iter().any(|word| text.contains(word)));
    let registers = said.iter().any(|text| text.contains("regist") || text.contains("sign up"));
    (login && !registers && user != password).then_some(Fields { user, password })
}

async fn guess(engine: &Engine, subject: &Subject<'_>, fields: &Fields) -> Result<(), Halt> {
    let name = engine.tokens.word();
    let mut first = None;
    let mut last = None;
    for _ in 0..WRONG_LOGINS {
        let Some(mut pairs) = pairs_of(&subject.baseline.template) else { return Ok(()) };
        let password = engine.tokens.word();
        pairs[fields.user].1.clone_from(&name);
        pairs[fields.password].1.clone_from(&password);
        let template = match subject.baseline.template.body {
            Body::Form(_) => Template { body: Body::Form(pairs), ..subject.baseline.template.clone() },
            _ => match subject.baseline.template.with_query(&engine.scope, &pairs) {
                Some(template) => template,
                None => return Ok(()),
            },
        };
        let Some(answer) = subject.send(&template).await? else { return Ok(()) };
        if answer.status >= 400 && answer.status != 401 || answer.header("retry-after").is_some() {
            return Ok(());
        }
        let view = subject.baseline.view(&answer, &[&name, &password]);
        if !first.get_or_insert_with(|| view.clone()).same_but(&view, &[]) {
            return Ok(());
        }
        last = Some((template, answer));
    }
    if let Some((template, answer)) = last {
        engine.claim(Claim {
            marker: Some(format!("{WRONG_LOGINS} wrong passwords in a row, all answered alike")),
            with: subject.baseline.with.clone(),
            ..Claim::of(RULE, &subject.endpoint.route, &template, Some(&answer))
        });
    }
    Ok(())
}
