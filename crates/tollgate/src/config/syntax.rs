//! The shape of `tollgate.toml`, key by key. Values are checked where they are compiled.

use std::collections::BTreeMap;

use serde::Deserialize;

/// One configuration file, or all layers merged.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct File {
    /// Files this one builds on, relative to it.
    pub(crate) extends: Vec<String>,
    /// Keys that a file which extends this one may tighten but not loosen.
    pub(crate) locked: Vec<String>,
    pub(crate) profile: BTreeMap<String, Profile>,
    pub(crate) scan: Scan,
    pub(crate) gate: Gate,
    pub(crate) sast: Sast,
    pub(crate) secrets: Secrets,
    pub(crate) deps: Deps,
    pub(crate) dast: Dast,
    pub(crate) waiver: Vec<Waiver>,
    pub(crate) tool: Vec<Tool>,
}

/// Settings of one pipeline step: any of the sections, laid over the rest of the file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct Profile {
    #[serde(rename = "scan")]
    _scan: Scan,
    #[serde(rename = "gate")]
    _gate: Gate,
    #[serde(rename = "sast")]
    _sast: Sast,
    #[serde(rename = "secrets")]
    _secrets: Secrets,
    #[serde(rename = "deps")]
    _deps: Deps,
    #[serde(rename = "dast")]
    _dast: Dast,
    #[serde(rename = "waiver")]
    _waiver: Vec<Waiver>,
    #[serde(rename = "tool")]
    _tool: Vec<Tool>,
}

/// `[scan]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct Scan {
    pub(crate) paths: Vec<String>,
    pub(crate) exclude: Vec<String>,
    pub(crate) scanners: Option<Vec<String>>,
    pub(crate) max_file_size: Option<Size>,
    pub(crate) timeout: Option<String>,
    pub(crate) jobs: Option<std::num::NonZeroUsize>,
    pub(crate) since: Option<String>,
    pub(crate) baseline: Option<String>,
    pub(crate) import: Vec<String>,
    pub(crate) cache: Option<bool>,
    pub(crate) gitignore: Option<bool>,
    pub(crate) shard: Option<String>,
}

/// A number of bytes, or a text such as `5MB`.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum Size {
    Bytes(u64),
    Text(String),
}

/// `[gate]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct Gate {
    pub(crate) fail_on: Option<String>,
    pub(crate) new_only: Option<bool>,
    pub(crate) max: BTreeMap<String, u64>,
    pub(crate) unknown_severity: Option<String>,
    pub(crate) optional_scanners: Vec<String>,
    pub(crate) require_suppression_reason: Option<bool>,
    pub(crate) rule: Vec<GateRule>,
}

/// `[[gate.rule]]`
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct GateRule {
    #[serde(rename = "match", default)]
    pub(crate) matcher: GateMatch,
    pub(crate) action: String,
    pub(crate) reason: Option<String>,
}

/// What a `[[gate.rule]]` is about; all keys given must hold.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct GateMatch {
    pub(crate) cwe: OneOrMany,
    pub(crate) rule: OneOrMany,
    pub(crate) path: OneOrMany,
    pub(crate) scanner: OneOrMany,
    pub(crate) package: OneOrMany,
    pub(crate) severity: OneOrMany,
    pub(crate) reachable: Option<bool>,
    pub(crate) fixable: Option<bool>,
    pub(crate) confirmed: Option<bool>,
    pub(crate) age_days: Option<u32>,
    pub(crate) epss: Option<f64>,
    pub(crate) kev: Option<bool>,
}

/// One text or a list of them.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum OneOrMany {
    One(Scalar),
    Many(Vec<Scalar>),
}

/// A text, or a number read as one (`cwe = 89`).
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum Scalar {
    Text(String),
    Number(u64),
}

impl Default for OneOrMany {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl OneOrMany {
    /// All values as text.
    pub(crate) fn to_vec(&self) -> Vec<String> {
        let text = |scalar: &Scalar| match scalar {
            Scalar::Text(text) => text.clone(),
            Scalar::Number(number) => number.to_string(),
        };
        match self {
            Self::One(one) => vec![text(one)],
            Self::Many(many) => many.iter().map(text).collect(),
        }
    }
}

/// `[sast]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct Sast {
    pub(crate) rules: Vec<String>,
    pub(crate) builtin_rules: Option<bool>,
    pub(crate) pack: Option<String>,
    pub(crate) disable: Vec<String>,
    pub(crate) severity: BTreeMap<String, String>,
    pub(crate) languages: Option<Vec<String>>,
    pub(crate) cross_function: Option<bool>,
    pub(crate) cross_file: Option<bool>,
    pub(crate) file_timeout: Option<String>,
}

/// `[secrets]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct Secrets {
    pub(crate) disable: Vec<String>,
    pub(crate) allow: Vec<String>,
    pub(crate) history: Option<bool>,
    pub(crate) entropy: Option<bool>,
}

/// `[deps]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct Deps {
    pub(crate) databases: Vec<String>,
    pub(crate) ignore_dev: Option<bool>,
    pub(crate) offline: Option<bool>,
    pub(crate) max_age: Option<String>,
    pub(crate) vex: Vec<String>,
    pub(crate) licences: Licences,
}

/// `[deps.licences]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct Licences {
    pub(crate) allow: Vec<String>,
    pub(crate) deny: Vec<String>,
}

/// `[dast]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct Dast {
    pub(crate) target: Option<String>,
    pub(crate) active: Option<bool>,
    pub(crate) browser: Option<bool>,
    pub(crate) runner: Option<String>,
    pub(crate) scope: Scope,
    pub(crate) checks: Checks,
    pub(crate) rules: Vec<String>,
    pub(crate) rate: Option<u32>,
    pub(crate) concurrency: Option<u32>,
    pub(crate) budget: Budget,
    pub(crate) openapi: Vec<String>,
    pub(crate) graphql: Vec<String>,
    pub(crate) har: Vec<String>,
    pub(crate) postman: Vec<String>,
    pub(crate) auth: Option<Auth>,
    pub(crate) tls: Tls,
    pub(crate) callback: Callback,
    pub(crate) start: Option<Start>,
}

/// `[dast.scope]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct Scope {
    pub(crate) include: Vec<String>,
    pub(crate) exclude: Vec<String>,
    pub(crate) hosts: Vec<String>,
}

/// `[dast.checks]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct Checks {
    pub(crate) enable: Vec<String>,
    pub(crate) disable: Vec<String>,
}

/// `[dast.budget]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct Budget {
    pub(crate) requests: Option<u64>,
    pub(crate) time: Option<String>,
    pub(crate) answer: Option<String>,
    pub(crate) depth: Option<u32>,
    pub(crate) pages: Option<u32>,
}

/// `[dast.tls]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct Tls {
    pub(crate) ca_file: Option<String>,
    pub(crate) verify: Option<bool>,
}

/// `[dast.callback]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct Callback {
    pub(crate) bind: Option<String>,
    pub(crate) host: Option<String>,
}

/// `[dast.auth]`, and each of `[[dast.auth.users]]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct Auth {
    pub(crate) name: Option<String>,
    pub(crate) form: Option<FormAuth>,
    pub(crate) json: Option<JsonAuth>,
    pub(crate) bearer: Option<Secret>,
    pub(crate) oauth2: Option<OAuth2>,
    pub(crate) header: BTreeMap<String, Secret>,
    pub(crate) cookie: BTreeMap<String, Secret>,
    pub(crate) logged_in: Option<String>,
    pub(crate) logged_out: Option<String>,
    pub(crate) page: Option<String>,
    /// Further users, so that what one may see can be compared with what another may.
    pub(crate) users: Vec<Auth>,
}

/// `[dast.auth.form]`
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct FormAuth {
    pub(crate) page: String,
    pub(crate) username: NameOrSecret,
    pub(crate) password: Secret,
    pub(crate) username_field: Option<String>,
    pub(crate) password_field: Option<String>,
}

/// `[dast.auth.json]`
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct JsonAuth {
    pub(crate) url: String,
    pub(crate) username: NameOrSecret,
    pub(crate) password: Secret,
    pub(crate) username_field: Option<String>,
    pub(crate) password_field: Option<String>,
    pub(crate) token: Option<String>,
    pub(crate) scheme: Option<String>,
}

/// `[dast.auth.oauth2]`
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct OAuth2 {
    pub(crate) url: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: Secret,
    pub(crate) username: Option<NameOrSecret>,
    pub(crate) password: Option<Secret>,
    #[serde(default)]
    pub(crate) scopes: Vec<String>,
}

/// Where a secret comes from; never the secret itself.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum Secret {
    Env(String),
    File(String),
}

/// A user name, plain or from where secrets come from.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum NameOrSecret {
    Name(String),
    Secret(Secret),
}

/// `[dast.start]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct Start {
    pub(crate) image: Option<String>,
    pub(crate) build: Option<String>,
    pub(crate) compose: Option<String>,
    pub(crate) service: Option<String>,
    pub(crate) command: Option<Vec<String>>,
    pub(crate) directory: Option<String>,
    pub(crate) port: Option<u16>,
    pub(crate) env: BTreeMap<String, String>,
    pub(crate) memory: Option<Size>,
    pub(crate) ready: Ready,
    pub(crate) seed: Option<Vec<String>>,
}

/// `[dast.start.ready]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct Ready {
    pub(crate) path: Option<String>,
    pub(crate) log: Option<String>,
    pub(crate) timeout: Option<String>,
}

/// `[[waiver]]`. Everything is optional here: a malformed waiver must not stop the scan, it counts as
/// absent and is reported.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct Waiver {
    pub(crate) rule: Option<String>,
    pub(crate) fingerprint: Option<String>,
    pub(crate) advisory: Option<String>,
    pub(crate) path: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) expires: Option<Date>,
    pub(crate) approved_by: Option<String>,
}

/// A date as TOML date or as text.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum Date {
    Toml(toml::value::Datetime),
    Text(String),
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Toml(date) => date.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
}

/// `[[tool]]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct Tool {
    pub(crate) name: String,
    pub(crate) adapter: Option<String>,
    pub(crate) image: Option<String>,
    pub(crate) command: Option<Vec<String>>,
    pub(crate) args: Vec<String>,
    pub(crate) output: Option<String>,
    pub(crate) format: Option<String>,
    pub(crate) env: BTreeMap<String, String>,
    pub(crate) network: Option<String>,
    pub(crate) timeout: Option<String>,
    pub(crate) success_codes: Option<Vec<i64>>,
}
