//! Signing in: forms with their hidden tokens, JSON, OAuth2 and fixed credentials.

use serde_json::Value;

use super::jar::Jar;
use crate::client::{Client, Credentials, SendError};
use crate::html::{self, Form};
use crate::message::{Answer, Body, Template};
use crate::scope::{InScopeUrl, OutOfScope, Scope};

/// A user whose secrets were read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ResolvedUser {
    pub(crate) name: String,
    pub(crate) auth: ResolvedAuth,
    pub(crate) page: Option<String>,
    pub(crate) logged_in: Option<String>,
    pub(crate) logged_out: Option<String>,
}

/// How to sign in, secrets in clear.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "method", rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum ResolvedAuth {
    Form {
        page: String,
        username: String,
        password: String,
        username_field: Option<String>,
        password_field: Option<String>,
    },
    Json {
        url: String,
        username: String,
        password: String,
        username_field: String,
        password_field: String,
        token: Option<String>,
        scheme: String,
    },
    Oauth2 {
        url: String,
        client_id: String,
        client_secret: String,
        user: Option<(String, String)>,
        scopes: Vec<String>,
    },
    Headers {
        headers: Vec<(String, String)>,
    },
    Cookies {
        cookies: Vec<(String, String)>,
    },
}

/// Why a user could not be signed in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LoginError {
    #[error(transparent)]
    Send(#[from] SendError),
    #[error("login address {0}")]
    Scope(#[from] OutOfScope),
    #[error("page `{0}` has no form with a password field")]
    NoForm(String),
    #[error("login at `{0}` was answered with status {1}")]
    Status(String, u16),
    #[error("the answer of `{0}` holds no token")]
    NoToken(String),
    #[error("user `{0}` is not signed in after the login")]
    Refused(String),
    #[error("indicator is no regular expression: {0}")]
    Indicator(String),
}

type Won = (Vec<(String, String)>, Jar);

pub(super) async fn sign_in(client: &Client, scope: &Scope, user: &ResolvedUser) -> Result<Won, LoginError> {
    match &user.auth {
        ResolvedAuth::Headers { headers } => Ok((headers.clone(), Jar::default())),
        ResolvedAuth::Cookies { cookies } => Ok((Vec::new(), jar_of(scope, cookies))),
        ResolvedAuth::Form { page, username, password, username_field, password_field } => {
            let page = scope.resolve(&scope.target(), page)?;
            let fields = (username_field.as_deref(), password_field.as_deref());
            let jar = form(client, scope, page, fields, (username, password)).await?;
            Ok((Vec::new(), jar))
        }
        ResolvedAuth::Json { url, username, password, username_field, password_field, token, scheme } => {
            let url = scope.resolve(&scope.target(), url)?;
            let mut body = serde_json::Map::new();
            body.insert(username_field.clone(), Value::String(username.clone()));
            body.insert(password_field.clone(), Value::String(password.clone()));
            let template = Template::with_body("POST", url.clone(), Body::Json(Value::Object(body)));
            let answer = client.send(&template, &Credentials::default()).await?;
            if !answer.is_success() {
                return Err(LoginError::Status(url.to_string(), answer.status));
            }
            let mut jar = Jar::default();
            jar.store(&url, &answer);
            match find_token(&answer, token.as_deref()) {
                Some(token) => Ok((vec![("Authorization".into(), format!("{scheme} {token}"))], jar)),
                None if jar != Jar::default() => Ok((Vec::new(), jar)),
                None => Err(LoginError::NoToken(url.to_string())),
            }
        }
        ResolvedAuth::Oauth2 { url, client_id, client_secret, user, scopes } => {
            let url = scope.resolve(&scope.target(), url)?;
            let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
            let mut pairs = vec![pair("client_id", client_id), pair("client_secret", client_secret)];
            match user {
                Some((name, password)) => pairs.extend([
                    pair("grant_type", "password"),
                    pair("username", name),
                    pair("password", password),
                ]),
                None => pairs.push(pair("grant_type", "client_credentials")),
            }
            if !scopes.is_empty() {
                pairs.push(pair("scope", &scopes.join(" ")));
            }
            let template = Template::with_body("POST", url.clone(), Body::Form(pairs));
            let answer = client.send(&template, &Credentials::default()).await?;
            if !answer.is_success() {
                return Err(LoginError::Status(url.to_string(), answer.status));
            }
            let token = find_token(&answer, Some("/access_token"));
            let token = token.ok_or_else(|| LoginError::NoToken(url.to_string()))?;
            Ok((vec![("Authorization".into(), format!("Bearer {token}"))], Jar::default()))
        }
    }
}

fn jar_of(scope: &Scope, cookies: &[(String, String)]) -> Jar {
    let mut jar = Jar::default();
    for (name, value) in cookies {
        let answer = Answer::made_up(&[("set-cookie", &format!("{name}={value}; Path=/"))], "");
        jar.store(&scope.target(), &answer);
    }
    jar
}

async fn form(
    client: &Client,
    scope: &Scope,
    page: InScopeUrl,
    fields: (Option<&str>, Option<&str>),
    secret: (&str, &str),
) -> Result<Jar, LoginError> {
    let mut jar = Jar::default();
    let (page, answer) = follow(client, scope, Template::get(page), &mut jar).await?;
    let parsed = html::parse(&answer.body);
    let named = |form: &&Form| match fields.1 {
        Some(name) => form.fields.iter().any(|field| field.name == name),
        None => form.has_password(),
    };
    let found = parsed.forms.iter().find(named).ok_or_else(|| LoginError::NoForm(page.to_string()))?;
    let pairs = fill(found, fields, secret);
    let action = scope.resolve(&page, if found.action.is_empty() { page.as_str() } else { &found.action })?;
    let template = if found.method == "POST" {
        Template::with_body("POST", action, Body::Form(pairs))
    } else {
        let template = Template::get(action.clone());
        template.with_query(scope, &pairs).ok_or_else(|| OutOfScope(action.to_string()))?
    };
    let (at, answer) = follow(client, scope, template, &mut jar).await?;
    if answer.status >= 400 {
        return Err(LoginError::Status(at.to_string(), answer.status));
    }
    Ok(jar)
}

/// The login form with user and password put in, hidden tokens as they came.
fn fill(form: &Form, fields: (Option<&str>, Option<&str>), secret: (&str, &str)) -> Vec<(String, String)> {
    let password = fields.1.map(str::to_owned).or_else(|| {
        form.fields.iter().find(|field| field.kind == "password").map(|field| field.name.clone())
    });
    let text = |kind: &str| matches!(kind, "text" | "email" | "tel" | "");
    let username = fields.0.map(str::to_owned).or_else(|| {
        let before = form.fields.iter().take_while(|field| Some(&field.name) != password.as_ref());
        before.filter(|field| text(&field.kind)).last().map(|field| field.name.clone())
    });
    let value = |name: &str, given: &str| {
        if Some(name) == username.as_deref() {
            secret.0.to_owned()
        } else if Some(name) == password.as_deref() {
            secret.1.to_owned()
        } else {
            given.to_owned()
        }
    };
    form.fields.iter().map(|field| (field.name.clone(), value(&field.name, &field.value))).collect()
}

/// Sends and follows redirects that stay in scope, keeping the cookies.
async fn follow(
    client: &Client,
    scope: &Scope,
    mut template: Template,
    jar: &mut Jar,
) -> Result<(InScopeUrl, Answer), LoginError> {
    let mut hops = 0;
    loop {
        let with = Credentials { headers: Vec::new(), cookies: jar.cookies_for(&template.url) };
        let answer = client.send(&template, &with).await?;
        jar.store(&template.url, &answer);
        hops += 1;
        let next = answer.header("location").filter(|_| answer.is_redirect() && hops < 8);
        match next {
            Some(link) => template = Template::get(scope.resolve(&template.url, link)?),
            None => return Ok((template.url, answer)),
        }
    }
}

fn find_token(answer: &Answer, pointer: Option<&str>) -> Option<String> {
    let value: Value = serde_json::from_str(&answer.body).ok()?;
    if let Some(pointer) = pointer {
        return value.pointer(pointer)?.as_str().map(str::to_owned);
    }
    let mut work = vec![&value];
    while let Some(value) = work.pop() {
        if let Value::Object(map) = value {
            for (key, inner) in map {
                let key = key.to_ascii_lowercase();
                if let Some(text) = inner.as_str()
                    && (key.contains("token") || key == "jwt")
                {
                    return Some(text.to_owned());
                }
                work.push(inner);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_keeps_its_hidden_fields() {
        let page = html::parse(
            "<form method=post><input name=user><input type=password name=pw><input type=hidden name=csrf \
             value=abc><input type=submit name=go value=Login></form>",
        );
        let pairs = fill(&page.forms[0], (None, None), ("ann", "s3cret"));
        let shown: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(shown, ["user=ann", "pw=s3cret", "csrf=abc", "go=Login"]);
    }
}
