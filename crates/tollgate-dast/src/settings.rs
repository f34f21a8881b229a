//! What a dynamic scan is asked to do, as the configuration resolved it.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use tollgate_core::{SettingLine, SourceLocation};
use url::Url;

use crate::readers::Readers;

/// Everything a dynamic scan needs to know.
#[derive(Debug, Clone)]
pub struct DastSettings {
    /// Where the application answers. Its host, port and path prefix bound the scope.
    pub target: Url,
    /// What else belongs to it and what does not.
    pub scope: ScopeSettings,
    /// An OpenAPI description.
    pub openapi: Option<Document>,
    /// Path of the GraphQL endpoint, for example `/graphql`; it is looked for where absent.
    pub graphql: Option<String>,
    /// A recording of traffic.
    pub har: Option<Document>,
    /// A Postman collection.
    pub postman: Option<Document>,
    /// Consent to send payloads. Without it the scan only looks.
    pub active: bool,
    /// Which checks run.
    pub checks: CheckSelection,
    /// Requests per second; `None` sends as fast as the target answers.
    pub rate: Option<u32>,
    /// Requests under way at once.
    pub concurrency: usize,
    /// Requests in all.
    pub max_requests: u64,
    /// Time in all.
    pub max_time: Duration,
    /// Time one answer may take.
    pub max_answer: Duration,
    /// Links followed from the start page.
    pub max_depth: u32,
    /// Pages and endpoints kept.
    pub max_pages: usize,
    /// Users to sign in, the first one crawls. Two or more are compared.
    pub auth: Vec<UserAuth>,
    /// Where the target can call back to show blind flaws.
    pub callback: CallbackSettings,
    /// A unix socket that relays to the target, for a scanner without a network.
    pub unix_socket: Option<PathBuf>,
    /// Which certificates are accepted.
    pub tls: TlsSettings,
    /// Number the tokens of payloads derive from; `None` draws one, so that traces a former scan left in
    /// the application are not taken for this one's.
    pub seed: Option<u64>,
    /// Whether a headless browser runs the scripts of pages.
    pub browser: bool,
    /// What reads parts of answers better than this scanner can.
    pub readers: Readers,
    /// The settings as `--dry-run` prints them.
    pub lines: Vec<SettingLine>,
    /// Folders and files with further checks.
    pub rules_dirs: Vec<PathBuf>,
    /// The target's definition in the configuration.
    pub source: Option<SourceLocation>,
}

impl DastSettings {
    /// Settings for a target with every budget at its default.
    #[must_use]
    pub fn new(target: Url) -> Self {
        Self {
            target,
            scope: ScopeSettings::default(),
            openapi: None,
            graphql: None,
            har: None,
            postman: None,
            active: false,
            checks: CheckSelection::default(),
            rate: None,
            concurrency: 16,
            max_requests: 50_000,
            max_time: Duration::from_secs(1_800),
            max_answer: Duration::from_secs(12),
            max_depth: 12,
            max_pages: 2_000,
            auth: Vec::new(),
            callback: CallbackSettings::default(),
            unix_socket: None,
            tls: TlsSettings::default(),
            seed: None,
            browser: false,
            readers: Readers::default(),
            lines: Vec::new(),
            rules_dirs: Vec::new(),
            source: None,
        }
    }
}

/// What belongs to the target.
#[derive(Debug, Clone, Default)]
pub struct ScopeSettings {
    /// Path globs to stay within, for example `/shop/**`; empty admits every path.
    pub include: Vec<String>,
    /// Path globs never to request, for example `/admin/delete*`.
    pub exclude: Vec<String>,
    /// Further hosts, as `host` or `host:port`.
    pub extra_hosts: Vec<String>,
}

/// Which certificates of the target are accepted.
#[derive(Debug, Clone)]
pub struct TlsSettings {
    /// A file with certificates in PEM of authorities to trust beside those that the machine trusts.
    pub ca_file: Option<PathBuf>,
    /// Whether certificates are checked at all.
    pub verify: bool,
}

impl Default for TlsSettings {
    fn default() -> Self {
        Self { ca_file: None, verify: true }
    }
}

/// Which checks run.
#[derive(Debug, Clone, Default)]
pub struct CheckSelection {
    /// Ids or `prefix.*`; empty runs all.
    pub enable: Vec<String>,
    /// Ids or `prefix.*` left out.
    pub disable: Vec<String>,
}

/// Where a description of the application lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Document {
    /// A file.
    File(PathBuf),
    /// A page of the application; it must be in scope.
    Url(Url),
}

/// Where the target can call back.
#[derive(Debug, Clone, Default)]
pub struct CallbackSettings {
    /// Address to listen on; loopback where the target is on loopback, else none.
    pub bind: Option<SocketAddr>,
    /// Host name under which the target reaches it.
    pub host: Option<String>,
}

/// A value that no output may show.
#[derive(Clone, PartialEq, Eq)]
pub enum Secret {
    /// An environment variable.
    Environment(String),
    /// A file; white space around its text is dropped.
    File(PathBuf),
    /// The value itself, for values made during a scan and for tests.
    Value(String),
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Environment(name) => write!(f, "Environment({name})"),
            Self::File(path) => write!(f, "File({})", path.display()),
            Self::Value(_) => f.write_str("Value(…)"),
        }
    }
}

/// A user to sign in as.
#[derive(Debug, Clone)]
pub struct UserAuth {
    /// Name for messages.
    pub name: String,
    /// How.
    pub method: AuthMethod,
    /// How to see whether the session still stands.
    pub indicators: Indicators,
}

/// How to sign in.
#[derive(Debug, Clone)]
pub enum AuthMethod {
    /// A login form; hidden fields such as CSRF tokens are sent along.
    Form {
        /// Path or URL of the page with the form.
        page: String,
        /// User name.
        username: Secret,
        /// Password.
        password: Secret,
        /// Name of the user field; guessed where absent.
        username_field: Option<String>,
        /// Name of the password field; guessed where absent.
        password_field: Option<String>,
    },
    /// A JSON login that answers with a token or a cookie.
    Json {
        /// Path or URL to post to.
        url: String,
        /// User name.
        username: Secret,
        /// Password.
        password: Secret,
        /// Name of the user key.
        username_field: String,
        /// Name of the password key.
        password_field: String,
        /// Pointer to the token in the answer (`/data/token`); the first key that sounds like one where absent.
        token: Option<String>,
        /// What stands before the token in `Authorization`.
        scheme: String,
    },
    /// A fixed bearer token.
    Bearer(Secret),
    /// OAuth2 client credentials, or password where `user` is given.
    OAuth2 {
        /// The token endpoint.
        url: String,
        /// Client id.
        client_id: String,
        /// Client secret.
        client_secret: Secret,
        /// User name and password.
        user: Option<(Secret, Secret)>,
        /// Scopes.
        scopes: Vec<String>,
    },
    /// Fixed headers.
    Headers(Vec<(String, Secret)>),
    /// Fixed cookies.
    Cookies(Vec<(String, Secret)>),
}

/// How to see whether a session still stands. Regular expressions over the body.
#[derive(Debug, Clone, Default)]
pub struct Indicators {
    /// Page to look at; the start page where absent.
    pub page: Option<String>,
    /// Found only when signed in.
    pub logged_in: Option<String>,
    /// Found only when signed out.
    pub logged_out: Option<String>,
}
