//! What a worker is told: everything the scan needs, documents and secrets included.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use tollgate_core::dynamic::ParameterPlace;
use tollgate_core::facts::{Facts, Route};
use url::Url;

use crate::checks;
use crate::error::DastError;
use crate::roots;
use crate::session::{ResolvedAuth, ResolvedUser};
use crate::settings::{AuthMethod, DastSettings, Document, Secret};

/// Everything a scan needs.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Job {
    #[serde(with = "address")]
    pub(crate) target: Url,
    pub(crate) include: Vec<String>,
    pub(crate) exclude: Vec<String>,
    pub(crate) extra_hosts: Vec<String>,
    pub(crate) openapi: Option<Text>,
    pub(crate) graphql: Option<String>,
    pub(crate) har: Option<Text>,
    pub(crate) postman: Option<Text>,
    pub(crate) active: bool,
    pub(crate) browser: bool,
    pub(crate) enable: Vec<String>,
    pub(crate) disable: Vec<String>,
    pub(crate) rate: Option<u32>,
    pub(crate) concurrency: usize,
    pub(crate) max_requests: u64,
    pub(crate) max_time_ms: u64,
    pub(crate) max_answer_ms: u64,
    pub(crate) max_depth: u32,
    pub(crate) max_pages: usize,
    pub(crate) users: Vec<JobUser>,
    pub(crate) callback_bind: Option<std::net::SocketAddr>,
    pub(crate) callback_host: Option<String>,
    pub(crate) unix_socket: Option<std::path::PathBuf>,
    pub(crate) insecure_tls: bool,
    /// Certificates that this machine trusts, for a worker that has none of its own.
    pub(crate) roots: Option<String>,
    /// Certificates of authorities that the settings name.
    pub(crate) authorities: Option<String>,
    pub(crate) seed: Option<u64>,
    pub(crate) routes: Vec<JobRoute>,
    /// Check files as `(name, text)`.
    pub(crate) check_files: Vec<(String, String)>,
    /// Path and line of the target's definition.
    pub(crate) source: Option<(String, u32)>,
}

impl std::fmt::Debug for Job {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Job").field("target", &self.target.as_str()).finish_non_exhaustive()
    }
}

/// A document, or where the scan can get it from the target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Text {
    Inline(String),
    Url(#[serde(with = "address")] Url),
}

/// Addresses as text.
mod address {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};
    use url::Url;

    pub(super) fn serialize<S: Serializer>(url: &Url, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(url.as_str())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Url, D::Error> {
        let text = String::deserialize(deserializer)?;
        Url::parse(&text).map_err(D::Error::custom)
    }
}

/// A user with secrets in clear.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct JobUser {
    name: String,
    auth: ResolvedAuth,
    page: Option<String>,
    logged_in: Option<String>,
    logged_out: Option<String>,
}

impl JobUser {
    pub(crate) fn resolved(&self) -> ResolvedUser {
        ResolvedUser {
            name: self.name.clone(),
            auth: self.auth.clone(),
            page: self.page.clone(),
            logged_in: self.logged_in.clone(),
            logged_out: self.logged_out.clone(),
        }
    }
}

/// A route the sources declare.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct JobRoute {
    pub(crate) methods: Vec<String>,
    pub(crate) template: String,
    /// Place and name.
    pub(crate) parameters: Vec<(String, String)>,
}

impl JobRoute {
    fn of(route: &Route) -> Self {
        let place = |place: ParameterPlace| place.as_str().to_owned();
        Self {
            methods: route.methods.clone(),
            template: route.template.clone(),
            parameters: route.parameters.iter().map(|p| (place(p.place), p.name.clone())).collect(),
        }
    }
}

impl Job {
    /// A job for these settings: reads the documents, check files and secrets they name.
    ///
    /// # Errors
    /// When a file or secret cannot be read or the scope is malformed.
    pub fn from(settings: &DastSettings, facts: &Facts) -> Result<Self, DastError> {
        crate::scope::Scope::new(&settings.target, &settings.scope)?;
        let mut check_files = Vec::new();
        for path in &settings.rules_dirs {
            checks::read_files(path, &mut check_files)?;
        }
        let users = settings.auth.iter().map(|user| {
            Ok(JobUser {
                name: user.name.clone(),
                auth: resolve(&user.method)?,
                page: user.indicators.page.clone(),
                logged_in: user.indicators.logged_in.clone(),
                logged_out: user.indicators.logged_out.clone(),
            })
        });
        // Links may lead to other hosts of the scope in any scheme.
        let is_encrypted = settings.target.scheme() == "https" || !settings.scope.extra_hosts.is_empty();
        Ok(Self {
            target: settings.target.clone(),
            include: settings.scope.include.clone(),
            exclude: settings.scope.exclude.clone(),
            extra_hosts: settings.scope.extra_hosts.clone(),
            openapi: read(settings.openapi.as_ref(), "API description")?,
            graphql: settings.graphql.clone(),
            har: read(settings.har.as_ref(), "traffic recording")?,
            postman: read(settings.postman.as_ref(), "collection")?,
            active: settings.active,
            browser: settings.browser,
            enable: settings.checks.enable.clone(),
            disable: settings.checks.disable.clone(),
            rate: settings.rate,
            concurrency: settings.concurrency,
            max_requests: settings.max_requests,
            max_time_ms: milliseconds(settings.max_time),
            max_answer_ms: milliseconds(settings.max_answer),
            max_depth: settings.max_depth,
            max_pages: settings.max_pages,
            users: users.collect::<Result<_, DastError>>()?,
            callback_bind: settings.callback.bind,
            callback_host: settings.callback.host.clone(),
            unix_socket: settings.unix_socket.clone(),
            insecure_tls: !settings.tls.verify,
            roots: if is_encrypted { roots::read() } else { None },
            authorities: settings.tls.ca_file.as_deref().map(roots::read_file).transpose()?,
            seed: settings.seed,
            routes: facts.routes.iter().map(JobRoute::of).collect(),
            check_files,
            source: settings
                .source
                .as_ref()
                .map(|source| (source.path.to_string(), source.region.start().line)),
        })
    }

    /// The job as one line of JSON.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn to_json(&self) -> Result<String, DastError> {
        serde_json::to_string(self).map_err(|error| DastError::Job(error.to_string()))
    }

    /// Where the target listens, for whoever relays to it.
    #[must_use]
    pub const fn target(&self) -> &Url {
        &self.target
    }

    /// The same job with the application behind another address or a relay, as the engine room needs it.
    #[must_use]
    pub fn through(mut self, target: Url, unix_socket: Option<std::path::PathBuf>) -> Self {
        self.target = target;
        self.unix_socket = unix_socket;
        self
    }

    /// The same job with a place where the target can call back.
    #[must_use]
    pub fn with_callback(mut self, bind: std::net::SocketAddr, host: &str) -> Self {
        self.callback_bind = Some(bind);
        self.callback_host = Some(host.to_owned());
        self
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

fn read(document: Option<&Document>, what: &'static str) -> Result<Option<Text>, DastError> {
    match document {
        None => Ok(None),
        Some(Document::Url(url)) => Ok(Some(Text::Url(url.clone()))),
        Some(Document::File(path)) => match std::fs::read_to_string(path) {
            Ok(text) => Ok(Some(Text::Inline(text))),
            Err(source) => Err(DastError::Read { what, path: path.clone(), source }),
        },
    }
}

fn reveal(secret: &Secret) -> Result<String, DastError> {
    match secret {
        Secret::Value(value) => Ok(value.clone()),
        Secret::Environment(name) => std::env::var(name).map_err(|_| DastError::Secret(name.clone())),
        Secret::File(path) => std::fs::read_to_string(path)
            .map(|text| text.trim().to_owned())
            .map_err(|source| DastError::Read { what: "secret", path: path.clone(), source }),
    }
}

fn resolve(method: &AuthMethod) -> Result<ResolvedAuth, DastError> {
    let all = |pairs: &[(String, Secret)]| -> Result<Vec<(String, String)>, DastError> {
        pairs.iter().map(|(name, secret)| Ok((name.clone(), reveal(secret)?))).collect()
    };
    Ok(match method {
        AuthMethod::Form { page, username, password, username_field, password_field } => ResolvedAuth::Form {
            page: page.clone(),
            username: reveal(username)?,
            password: reveal(password)?,
            username_field: username_field.clone(),
            password_field: password_field.clone(),
        },
        AuthMethod::Json { url, username, password, username_field, password_field, token, scheme } => {
            ResolvedAuth::Json {
                url: url.clone(),
                username: reveal(username)?,
                password: reveal(password)?,
                username_field: username_field.clone(),
                password_field: password_field.clone(),
                token: token.clone(),
                scheme: scheme.clone(),
            }
        }
        AuthMethod::Bearer(token) => ResolvedAuth::Headers {
            headers: vec![("Authorization".into(), format!("Bearer {}", reveal(token)?))],
        },
        AuthMethod::OAuth2 { url, client_id, client_secret, user, scopes } => ResolvedAuth::Oauth2 {
            url: url.clone(),
            client_id: client_id.clone(),
            client_secret: reveal(client_secret)?,
            user: match user {
                Some((name, password)) => Some((reveal(name)?, reveal(password)?)),
                None => None,
            },
            scopes: scopes.clone(),
        },
        AuthMethod::Headers(headers) => ResolvedAuth::Headers { headers: all(headers)? },
        AuthMethod::Cookies(cookies) => ResolvedAuth::Cookies { cookies: all(cookies)? },
    })
}
