//! `[dast]`: target, scope, budgets and sign-in.

use std::time::Duration;

use tollgate_core::{Origin, Region, RepoPath, SourceLocation};
use tollgate_dast::{
    AuthMethod, CallbackSettings, CheckSelection, DastSettings, Document, Indicators, ScopeSettings, Secret,
    TlsSettings, UserAuth,
};
use url::Url;

use crate::config::syntax::{Auth, NameOrSecret, Secret as SecretSource};
use crate::config::{ConfigError, Resolved, units};
use crate::readers;

/// Who runs the dynamic scanner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Runner {
    /// A locked-down container where an engine answers, else this process.
    Auto,
    /// A locked-down container; without an engine the scan is incomplete.
    Container,
    /// This process.
    Process,
}

/// Reads `[dast]`; `None` without a target.
pub(crate) fn compile(
    config: &Resolved,
    root: &std::path::Path,
) -> Result<Option<(DastSettings, Runner)>, ConfigError> {
    let dast = &config.file.dast;
    let Some(target) = &dast.target else { return Ok(None) };
    let url = parse_target(target).map_err(|message| config.wrong("dast.target", message))?;
    let mut settings = DastSettings::new(url);
    settings.active = dast.active.unwrap_or(false);
    settings.browser = dast.browser.unwrap_or(false);
    settings.scope = ScopeSettings {
        include: dast.scope.include.clone(),
        exclude: dast.scope.exclude.clone(),
        extra_hosts: dast.scope.hosts.clone(),
    };
    settings.checks =
        CheckSelection { enable: dast.checks.enable.clone(), disable: dast.checks.disable.clone() };
    settings.openapi = document(config, "dast.openapi", dast.openapi.first());
    settings.har = document(config, "dast.har", dast.har.first());
    settings.postman = document(config, "dast.postman", dast.postman.first());
    settings.graphql = dast.graphql.first().cloned();
    settings.rate = dast.rate;
    settings.tls = TlsSettings {
        ca_file: dast.tls.ca_file.as_deref().map(|path| config.locate("dast.tls.ca-file", path)),
        verify: dast.tls.verify.unwrap_or(true),
    };
    settings.rules_dirs = dast.rules.iter().map(|path| config.locate("dast.rules", path)).collect();
    settings.callback = CallbackSettings {
        bind: (dast.callback.bind.as_deref())
            .map(str::parse)
            .transpose()
            .map_err(|error| config.wrong("dast.callback.bind", error))?,
        host: dast.callback.host.clone(),
    };
    if let Some(concurrency) = dast.concurrency {
        settings.concurrency = usize::try_from(concurrency.max(1)).unwrap_or(usize::MAX);
    }
    if let Some(requests) = dast.budget.requests {
        settings.max_requests = requests;
    }
    if let Some(time) = &dast.budget.time {
        settings.max_time =
            units::duration(time).map_err(|message| config.wrong("dast.budget.time", message))?;
    }
    if let Some(time) = &dast.budget.answer {
        settings.max_answer =
            units::duration(time).map_err(|message| config.wrong("dast.budget.answer", message))?;
    }
    if let Some(depth) = dast.budget.depth {
        settings.max_depth = depth;
    }
    if let Some(pages) = dast.budget.pages {
        settings.max_pages = usize::try_from(pages).unwrap_or(usize::MAX);
    }
    if let Some(auth) = &dast.auth {
        settings.auth = users(config, auth)?;
    }
    settings.source = target_definition(config, root);
    settings.readers = readers::readers();
    settings.lines = config.lines("dast");
    let runner = match dast.runner.as_deref() {
        None | Some("auto") => Runner::Auto,
        Some("container") => Runner::Container,
        Some("process") => Runner::Process,
        Some(other) => {
            let message = format!("unknown runner `{other}`: expected auto, container or process");
            return Err(config.wrong("dast.runner", message));
        }
    };
    Ok(Some((settings, runner)))
}

/// Time for the target to answer at all, before the scan begins.
pub(crate) const READY_TIMEOUT: Duration = Duration::from_secs(120);

fn parse_target(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("`{text}` is no URL: {error}"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(format!("`{text}` is no http or https URL"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("credentials do not belong into the target: use [dast.auth]".to_owned());
    }
    Ok(url)
}

fn document(config: &Resolved, key: &str, text: Option<&String>) -> Option<Document> {
    let text = text?;
    Some(match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Document::Url(url),
        _ => Document::File(config.locate(key, text)),
    })
}

fn users(config: &Resolved, auth: &Auth) -> Result<Vec<UserAuth>, ConfigError> {
    let mut users = Vec::new();
    for (index, entry) in std::iter::once(auth).chain(&auth.users).enumerate() {
        if index > 0 && !entry.users.is_empty() {
            return Err(config.wrong("dast.auth", "users of users have no meaning"));
        }
        if let Some(user) = user(config, entry, index)? {
            users.push(user);
        }
    }
    if users.is_empty() {
        return Err(config.wrong("dast.auth", "give one of form, json, bearer, oauth2, header or cookie"));
    }
    Ok(users)
}

fn user(config: &Resolved, auth: &Auth, index: usize) -> Result<Option<UserAuth>, ConfigError> {
    let secret = |source: &SecretSource| match source {
        SecretSource::Env(name) => Secret::Environment(name.clone()),
        SecretSource::File(path) => Secret::File(config.locate("dast.auth", path)),
    };
    let name = |source: &NameOrSecret| match source {
        NameOrSecret::Name(text) => Secret::Value(text.clone()),
        NameOrSecret::Secret(source) => secret(source),
    };
    let mut methods = Vec::new();
    if let Some(form) = &auth.form {
        methods.push(AuthMethod::Form {
            page: form.page.clone(),
            username: name(&form.username),
            password: secret(&form.password),
            username_field: form.username_field.clone(),
            password_field: form.password_field.clone(),
        });
    }
    if let Some(json) = &auth.json {
        methods.push(AuthMethod::Json {
            url: json.url.clone(),
            username: name(&json.username),
            password: secret(&json.password),
            username_field: json.username_field.clone().unwrap_or_else(|| "username".to_owned()),
            password_field: json.password_field.clone().unwrap_or_else(|| "password".to_owned()),
            token: json.token.clone(),
            scheme: json.scheme.clone().unwrap_or_else(|| "Bearer".to_owned()),
        });
    }
    if let Some(oauth2) = &auth.oauth2 {
        let user = oauth2.username.as_ref().map(&name).zip(oauth2.password.as_ref().map(&secret));
        methods.push(AuthMethod::OAuth2 {
            url: oauth2.url.clone(),
            client_id: oauth2.client_id.clone(),
            client_secret: secret(&oauth2.client_secret),
            user,
            scopes: oauth2.scopes.clone(),
        });
    }
    methods.extend(auth.bearer.as_ref().map(|source| AuthMethod::Bearer(secret(source))));
    let pairs = |map: &std::collections::BTreeMap<String, SecretSource>| {
        map.iter().map(|(key, source)| (key.clone(), secret(source))).collect::<Vec<_>>()
    };
    if !auth.header.is_empty() {
        methods.push(AuthMethod::Headers(pairs(&auth.header)));
    }
    if !auth.cookie.is_empty() {
        methods.push(AuthMethod::Cookies(pairs(&auth.cookie)));
    }
    if methods.len() > 1 {
        return Err(config.wrong(
            "dast.auth",
            "one user signs in one way: give one of form, json, bearer, oauth2, header or cookie",
        ));
    }
    Ok(methods.pop().map(|method| UserAuth {
        name: auth.name.clone().unwrap_or_else(|| format!("user {}", index + 1)),
        method,
        indicators: Indicators {
            page: auth.page.clone(),
            logged_in: auth.logged_in.clone(),
            logged_out: auth.logged_out.clone(),
        },
    }))
}

/// The line of the configuration that names the target, when the file lies in the scanned tree.
fn target_definition(config: &Resolved, root: &std::path::Path) -> Option<SourceLocation> {
    let Origin::File { path, line } = config.origin("dast.target") else { return None };
    let absolute = std::path::Path::new(&path).canonicalize().ok()?;
    let path = RepoPath::below(root, &absolute).ok()?;
    Some(SourceLocation::new(path, Region::line(line)))
}
