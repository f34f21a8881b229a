//! Forms as endpoints: sensible values for empty fields, hidden tokens, forms better left alone.

use super::sample::sample;
use super::{Endpoint, Origin};
use crate::html::{Field, Form};
use crate::message::{Body, Part, Template};
use crate::scope::{InScopeUrl, Scope};

/// The request that a form sends; `None` where it leads out of scope.
pub(super) fn endpoint(scope: &Scope, page: &InScopeUrl, base: &InScopeUrl, form: &Form) -> Option<Endpoint> {
    let action = if form.action.trim().is_empty() { page.as_str() } else { &form.action };
    let url = scope.resolve(base, action).ok()?;
    let pairs: Vec<(String, String)> =
        form.fields.iter().map(|field| (field.name.clone(), default_value(field))).collect();
    let template = if form.method == "GET" {
        Template::get(url).with_query(scope, &pairs)?
    } else if form.multipart {
        let part = |field: &Field| Part {
            name: field.name.clone(),
            file: (field.kind == "file").then(|| "tollgate.txt".to_owned()),
            value: if field.kind == "file" { "tollgate".to_owned() } else { default_value(field) },
        };
        Template::with_body("POST", url, Body::Multipart(form.fields.iter().map(part).collect()))
    } else {
        Template::with_body("POST", url, Body::Form(pairs))
    };
    let mut endpoint = Endpoint::new(template, Origin::Form);
    endpoint.page = Some(page.clone());
    endpoint.token_field = form.fields.iter().find(|field| is_token(field)).map(|field| field.name.clone());
    endpoint.scripted = !form.submits;
    endpoint.delicate = is_delicate(form);
    Some(endpoint)
}

/// Hidden fields that hold a token against forged requests.
pub(crate) fn is_token(field: &Field) -> bool {
    let name = field.name.to_ascii_lowercase();
    let named = ["csrf", "xsrf", "token", "nonce", "authenticity", "__requestverification"];
    field.kind == "hidden" && field.value.len() >= 8 && named.iter().any(|part| name.contains(part))
}

/// Forms that change a password or destroy something: a payload there cannot be taken back.
fn is_delicate(form: &Form) -> bool {
    let passwords = form.fields.iter().filter(|field| field.kind == "password").count();
    let words =
        ["delete", "destroy", "remove", "drop", "reset", "wipe", "uninstall", "create_db", "shutdown"];
    let sounds = |text: &str| {
        let lower = text.to_ascii_lowercase();
        words.iter().any(|word| lower.contains(word))
    };
    let buttons = form.fields.iter().filter(|field| field.kind == "submit");
    passwords >= 2
        || sounds(&form.action)
        || buttons.into_iter().any(|field| sounds(&field.value) || sounds(&field.name))
}

fn default_value(field: &Field) -> String {
    if !field.value.is_empty() || matches!(field.kind.as_str(), "submit" | "hidden") {
        return field.value.clone();
    }
    sample(&field.name, &field.kind).to_owned()
}

/// Words in a path after which a mere visit changes or destroys something.
const STATEFUL: [&str; 22] = [
    "activate",
    "cancel",
    "createdb",
    "deactivate",
    "delete",
    "destroy",
    "difficulty",
    "disable",
    "drop",
    "enable",
    "purge",
    "reboot",
    "reinstall",
    "reset",
    "restart",
    "shutdown",
    "startover",
    "toggle",
    "truncate",
    "uninstall",
    "unsubscribe",
    "wipe",
];

/// Whether a link by its words changes or destroys something. Pages about a forgotten password do not.
pub(crate) fn is_stateful(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    if lower.contains("password") {
        return false;
    }
    lower.split('/').any(|segment| {
        let words: Vec<&str> = segment.split(|c: char| !c.is_ascii_alphanumeric()).collect();
        words.iter().any(|word| STATEFUL.contains(word)) || STATEFUL.contains(&words.concat().as_str())
    })
}

/// Whether a visit may end the session or change something for good.
pub(crate) fn is_left_alone(url: &InScopeUrl) -> bool {
    is_logout(url.as_str()) || is_stateful(url.url().path())
}

/// Whether a link ends the session.
pub(crate) fn is_logout(url: &str) -> bool {
    let lower = url.to_ascii_lowercase();
    ["logout", "log-out", "log_out", "signout", "sign-out", "sign_out", "logoff", "log-off", "signoff"]
        .iter()
        .any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_that_change_something_are_known_by_their_words() {
        for (path, stateful) in [
            ("/start_over", true),
            ("/difficulty/hard", true),
            ("/users/7/delete", true),
            ("/db-reset.php", true),
            ("/password/reset", false),
            ("/presets", false),
            ("/droplets/enabled-features", false),
        ] {
            assert_eq!(is_stateful(path), stateful, "{path}");
        }
    }
}
