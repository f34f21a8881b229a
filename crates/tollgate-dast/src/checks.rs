//! The checks, one sorted list. Each is a file: what it finds, and, where data can say it, which requests
//! prove it. Files of the user add to the list or replace a check of the same id.

use std::collections::BTreeMap;
use std::path::Path;

use regex::{Regex, RegexBuilder};
use serde::Deserialize;
use tollgate_core::dynamic::ParameterPlace;
use tollgate_core::{Confidence, Cwe, RuleId, RuleMeta, Severity};

use crate::error::DastError;
use crate::technology::Technology;
use crate::worker::Job;

/// The built-in check files as `(name, text)`, sorted by name.
static BUILT_IN: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/checks.in"));

/// A check as its file says it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct CheckFile {
    id: String,
    summary: String,
    #[serde(default)]
    message: Option<String>,
    help: String,
    severity: String,
    #[serde(default)]
    confidence: Option<String>,
    cwe: Vec<u32>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    references: Vec<String>,
    /// Parameter places; empty means all.
    #[serde(default)]
    places: Vec<String>,
    #[serde(default)]
    probes: Vec<ProbeFile>,
}

/// One way to prove it, as the file says it.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
enum ProbeFile {
    /// An error text that the plain value does not cause.
    Error {
        payloads: Vec<String>,
        patterns: Vec<String>,
        #[serde(default)]
        only: Vec<String>,
    },
    /// A number that only the evaluated payload contains.
    Output {
        payloads: Vec<String>,
        expect: String,
        #[serde(default)]
        reflected: bool,
        #[serde(default)]
        only: Vec<String>,
    },
    /// A text that the control payload does not bring.
    Contains {
        payloads: Vec<String>,
        pattern: String,
        control: String,
        #[serde(default)]
        reflected: bool,
        #[serde(default)]
        only: Vec<String>,
    },
    /// Two payloads that differ in truth only.
    Pair {
        pairs: Vec<PairFile>,
        /// Whether the first pair is worth a request even where nothing changed the answer so far.
        #[serde(default)]
        quick: bool,
        /// Whether the false payload too may be the one that changes the usual answer.
        #[serde(default)]
        either: bool,
        /// Only where this text cannot be sent.
        #[serde(default)]
        without: Option<String>,
        /// Only for parameters whose name fits.
        #[serde(default)]
        named: Option<String>,
        #[serde(default)]
        only: Vec<String>,
    },
    /// A further row asked for in a query, by each of these texts that end the value in it.
    Union { closings: Vec<String> },
    /// A payload that makes the target wait.
    Time {
        payloads: Vec<String>,
        #[serde(default)]
        only: Vec<String>,
    },
    /// A payload that makes the target call back.
    Callback {
        payloads: Vec<String>,
        /// Only for parameters whose name fits.
        #[serde(default)]
        named: Option<String>,
        #[serde(default)]
        only: Vec<String>,
    },
    /// A response header that the payload adds.
    Header { payloads: Vec<String>, header: String },
    /// A page that should not be there.
    Site {
        paths: Vec<String>,
        pattern: String,
        #[serde(default)]
        unless: Option<String>,
        #[serde(default)]
        html: bool,
    },
}

/// A pair as the file says it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct PairFile {
    if_true: String,
    if_false: String,
    /// The same text without its effect.
    control: String,
}

/// A check that cannot be wrong.
#[derive(Debug, Clone)]
pub(crate) struct Check {
    pub(crate) meta: RuleMeta,
    pub(crate) message: String,
    pub(crate) places: Vec<ParameterPlace>,
    probes: Vec<Step>,
}

/// A way to prove it, and the technologies it is made for; none means all.
#[derive(Debug, Clone)]
struct Step {
    only: Vec<Technology>,
    probe: Probe,
}

impl Check {
    /// The ways to prove it on a target of that technology; all of them where that is unknown.
    pub(crate) fn probes(&self, technology: Option<Technology>) -> impl Iterator<Item = &Probe> {
        let fits = move |step: &&Step| {
            step.only.is_empty() || technology.is_none_or(|known| step.only.contains(&known))
        };
        self.probes.iter().filter(fits).map(|step| &step.probe)
    }
}

/// One way to prove it.
#[derive(Debug, Clone)]
pub(crate) enum Probe {
    Error { payloads: Vec<String>, pattern: Regex },
    Output { payloads: Vec<String>, expect: String, reflected: bool },
    Contains { payloads: Vec<String>, pattern: Regex, control: String, reflected: bool },
    Pair { pairs: Vec<Pair>, quick: bool, either: bool, without: Option<String>, named: Option<Regex> },
    Union { closings: Vec<String> },
    Time { payloads: Vec<String> },
    Callback { payloads: Vec<String>, named: Option<Regex> },
    Header { payloads: Vec<String>, header: String },
    Site { paths: Vec<String>, pattern: Regex, unless: Option<Regex>, html: bool },
}

/// Two payloads that differ in truth only, and one without effect.
#[derive(Debug, Clone)]
pub(crate) struct Pair {
    pub(crate) yes: String,
    pub(crate) no: String,
    pub(crate) control: String,
}

/// The checks of a scan, by id.
#[derive(Debug)]
pub(crate) struct Checks {
    all: BTreeMap<RuleId, Check>,
}

impl Checks {
    pub(crate) fn get(&self, id: &str) -> Option<&Check> {
        self.all.get(&RuleId::parse(id).ok()?)
    }

    pub(crate) fn enabled(&self, id: &str) -> bool {
        self.get(id).is_some()
    }

    /// Every check that runs, sorted by id.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Check> {
        self.all.values()
    }
}

/// The ids of the built-in checks, sorted.
#[must_use]
pub fn check_ids() -> Vec<String> {
    let mut ids: Vec<String> = BUILT_IN
        .iter()
        .filter_map(|(name, text)| Some(compile(name, text).ok()?.meta.id.to_string()))
        .collect();
    ids.sort();
    ids
}

/// The checks a job asks for.
pub(crate) fn load(job: &Job) -> Result<Checks, DastError> {
    let mut all = BTreeMap::new();
    for (name, text) in BUILT_IN {
        let check = compile(name, text)?;
        all.insert(check.meta.id.clone(), check);
    }
    for (name, text) in &job.check_files {
        let check = compile(name, text)?;
        all.insert(check.meta.id.clone(), check);
    }
    let fits = |pattern: &str, id: &str| match pattern.strip_suffix('*') {
        Some(prefix) => id.starts_with(prefix),
        None => id == pattern || id.strip_prefix("dast.") == Some(pattern),
    };
    for pattern in job.enable.iter().chain(&job.disable) {
        if !all.keys().any(|id| fits(pattern, id.as_str())) {
            return Err(DastError::UnknownCheck(pattern.clone()));
        }
    }
    all.retain(|id, _| {
        let id = id.as_str();
        let asked = job.enable.is_empty() || job.enable.iter().any(|pattern| fits(pattern, id));
        asked && !job.disable.iter().any(|pattern| fits(pattern, id))
    });
    Ok(Checks { all })
}

/// Reads a check file, or every `.yaml` file of a folder, sorted by name.
pub(crate) fn read_files(path: &Path, out: &mut Vec<(String, String)>) -> Result<(), DastError> {
    let wrong = |source| DastError::Read { what: "check file", path: path.to_owned(), source };
    let mut files = vec![path.to_owned()];
    if path.is_dir() {
        files = std::fs::read_dir(path)
            .map_err(wrong)?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|file| file.extension().is_some_and(|e| e == "yaml" || e == "yml"))
            .collect();
        files.sort();
    }
    for file in files {
        let text = std::fs::read_to_string(&file).map_err(wrong)?;
        out.push((file.display().to_string(), text));
    }
    Ok(())
}

fn compile(name: &str, text: &str) -> Result<Check, DastError> {
    let wrong = |reason: String| DastError::Check { file: name.to_owned(), reason };
    let file: CheckFile = serde_saphyr::from_str(text).map_err(|error| wrong(error.to_string()))?;
    let severity: Severity =
        file.severity.parse().map_err(|e: tollgate_core::severity::UnknownSeverity| wrong(e.to_string()))?;
    let confidence = match &file.confidence {
        None => Confidence::Confirmed,
        Some(text) => Confidence::ALL
            .into_iter()
            .find(|confidence| confidence.as_str() == text)
            .ok_or_else(|| wrong(format!("unknown confidence `{text}`")))?,
    };
    let mut places = Vec::new();
    for place in &file.places {
        let found = ParameterPlace::ALL.into_iter().find(|known| known.as_str() == place);
        places.push(found.ok_or_else(|| wrong(format!("unknown parameter place `{place}`")))?);
    }
    let probes =
        file.probes.into_iter().map(|probe| compile_probe(probe).map_err(wrong)).collect::<Result<_, _>>()?;
    let mut cwes: Vec<Cwe> = file.cwe.into_iter().map(Cwe).collect();
    cwes.sort();
    let mut tags = file.tags;
    tags.sort();
    let references =
        if file.references.is_empty() { cwes.iter().map(|cwe| cwe.url()).collect() } else { file.references };
    Ok(Check {
        message: file.message.unwrap_or_else(|| file.summary.clone()),
        meta: RuleMeta {
            id: RuleId::parse(&file.id).map_err(|error| wrong(error.to_string()))?,
            summary: file.summary,
            help: file.help,
            severity: Some(severity),
            score: None,
            confidence,
            cwes,
            tags,
            references,
        },
        places,
        probes,
    })
}

/// Size of a compiled pattern, in bytes; patterns of users are hostile input.
const REGEX_SIZE: usize = 4 << 20;

fn regex(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(pattern).size_limit(REGEX_SIZE).build().map_err(|error| error.to_string())
}

fn compile_probe(probe: ProbeFile) -> Result<Step, String> {
    let technologies = |names: Vec<String>| -> Result<Vec<Technology>, String> {
        let known =
            |name: &String| Technology::ALL.into_iter().find(|technology| technology.as_str() == name);
        names.iter().map(|name| known(name).ok_or_else(|| format!("unknown technology `{name}`"))).collect()
    };
    let any = Vec::new();
    let (only, probe) = match probe {
        ProbeFile::Error { payloads, patterns, only } => {
            let joined: Vec<String> = patterns.iter().map(|pattern| format!("(?:{pattern})")).collect();
            (only, Probe::Error { payloads, pattern: regex(&joined.join("|"))? })
        }
        ProbeFile::Output { payloads, expect, reflected, only } => {
            (only, Probe::Output { payloads, expect, reflected })
        }
        ProbeFile::Contains { payloads, pattern, control, reflected, only } => {
            (only, Probe::Contains { payloads, pattern: regex(&pattern)?, control, reflected })
        }
        ProbeFile::Pair { pairs, quick, either, without, named, only } => {
            let pair = |pair: PairFile| Pair { yes: pair.if_true, no: pair.if_false, control: pair.control };
            let named = named.map(|pattern| regex(&pattern)).transpose()?;
            (
                only,
                Probe::Pair { quick, either, without, named, pairs: pairs.into_iter().map(pair).collect() },
            )
        }
        ProbeFile::Union { closings } => (any, Probe::Union { closings }),
        ProbeFile::Time { payloads, only } => (only, Probe::Time { payloads }),
        ProbeFile::Callback { payloads, named, only } => {
            let named = named.map(|pattern| regex(&pattern)).transpose()?;
            (only, Probe::Callback { payloads, named })
        }
        ProbeFile::Header { payloads, header } => (any, Probe::Header { payloads, header }),
        ProbeFile::Site { paths, pattern, unless, html } => {
            let unless = unless.map(|pattern| regex(&pattern)).transpose()?;
            (any, Probe::Site { paths, pattern: regex(&pattern)?, unless, html })
        }
    };
    Ok(Step { only: technologies(only)?, probe })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_check_is_well_formed_and_named_after_its_file() {
        assert!(!BUILT_IN.is_empty());
        for (name, text) in BUILT_IN {
            let check = compile(name, text).unwrap();
            assert_eq!(format!("dast.{}", name.trim_end_matches(".yaml")), check.meta.id.as_str());
            assert!(!check.meta.cwes.is_empty(), "{name}");
        }
    }

    #[test]
    fn a_wrong_file_is_refused() {
        let head = "id: a\nsummary: b\nhelp: c\nseverity: high\ncwe: [1]\n";
        assert!(compile("x", head).is_ok());
        for wrong in [
            "colour: red\n",
            "places: [moon]\n",
            "probes: [{kind: site, paths: [/a], pattern: '('}]\n",
            "probes: [{kind: time, payloads: [a], only: [cobol]}]\n",
        ] {
            assert!(compile("x", &format!("{head}{wrong}")).is_err(), "{wrong}");
        }
        assert!(compile("x", &head.replace("high", "huge")).is_err());
    }
}
