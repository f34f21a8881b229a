//! A Compose file as it is written: its many spellings, not yet settled into one.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::compose_text::split_line;

#[derive(Debug, Deserialize)]
pub(super) struct File {
    #[serde(default)]
    pub(super) services: BTreeMap<String, RawService>,
    #[serde(default)]
    pub(super) networks: BTreeMap<String, Value>,
    #[serde(default)]
    pub(super) volumes: BTreeMap<String, Value>,
    #[serde(flatten)]
    pub(super) rest: BTreeMap<String, Value>,
}

#[derive(Debug, Deserialize)]
pub(super) struct RawService {
    pub(super) image: Option<String>,
    pub(super) build: Option<RawBuild>,
    pub(super) command: Option<Words>,
    pub(super) entrypoint: Option<Words>,
    #[serde(default)]
    pub(super) environment: Pairs,
    #[serde(default)]
    pub(super) env_file: OneOrMany,
    #[serde(default)]
    pub(super) ports: Vec<Value>,
    #[serde(default)]
    pub(super) expose: Vec<Value>,
    #[serde(default)]
    pub(super) depends_on: DependsOn,
    pub(super) healthcheck: Option<RawHealth>,
    pub(super) networks: Option<Networks>,
    #[serde(default)]
    pub(super) volumes: Vec<Value>,
    #[serde(default)]
    pub(super) tmpfs: OneOrMany,
    pub(super) user: Option<Value>,
    pub(super) working_dir: Option<String>,
    #[serde(default)]
    pub(super) read_only: bool,
    #[serde(default)]
    pub(super) profiles: Vec<String>,
    #[serde(flatten)]
    pub(super) rest: BTreeMap<String, Value>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum RawBuild {
    Context(String),
    Long {
        #[serde(default = "here")]
        context: String,
        dockerfile: Option<String>,
        #[serde(default)]
        args: Pairs,
        target: Option<String>,
    },
}

fn here() -> String {
    ".".to_owned()
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Words {
    Line(String),
    List(Vec<String>),
}

impl Words {
    pub(super) fn split(self) -> Result<Vec<String>, String> {
        match self {
            Self::List(words) => Ok(words),
            Self::Line(line) => split_line(&line),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(untagged)]
pub(super) enum OneOrMany {
    #[default]
    None,
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    pub(super) fn list(self) -> Vec<String> {
        match self {
            Self::None => Vec::new(),
            Self::One(one) => vec![one],
            Self::Many(many) => many,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Pairs {
    Map(BTreeMap<String, Value>),
    List(Vec<String>),
}

impl Default for Pairs {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

impl Pairs {
    pub(super) fn settle(self) -> BTreeMap<String, String> {
        match self {
            Self::Map(map) => map
                .into_iter()
                .filter_map(|(name, value)| match value {
                    Value::Null => std::env::var(&name).ok().map(|value| (name, value)),
                    Value::String(text) => Some((name, text)),
                    other => Some((name, other.to_string())),
                })
                .collect(),
            Self::List(list) => list
                .into_iter()
                .filter_map(|line| match line.split_once('=') {
                    Some((name, value)) => Some((name.to_owned(), value.to_owned())),
                    None => std::env::var(&line).ok().map(|value| (line, value)),
                })
                .collect(),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum DependsOn {
    List(Vec<String>),
    Map(BTreeMap<String, RawCondition>),
}

impl Default for DependsOn {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct RawCondition {
    pub(super) condition: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Networks {
    List(Vec<String>),
    Map(BTreeMap<String, Option<RawEndpoint>>),
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct RawEndpoint {
    #[serde(default)]
    pub(super) aliases: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct RawHealth {
    pub(super) test: Option<Words>,
    pub(super) interval: Option<String>,
    pub(super) timeout: Option<String>,
    pub(super) start_period: Option<String>,
    pub(super) retries: Option<i64>,
    #[serde(default)]
    pub(super) disable: bool,
}
