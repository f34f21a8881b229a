//! `[scan]`, `[sast]`, `[secrets]` and `[deps]`.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tollgate_core::{Language, ScannerId};
use tollgate_deps::{DepsSettings, LicencePolicy};
use tollgate_pipeline::WalkSettings;
use tollgate_sast::SastSettings;
use tollgate_sast::secrets::SecretsSettings;

use crate::config::{ConfigError, Resolved, closest, units};
use crate::settings::{gate, repository_root};

/// Time for one file in one scanner.
const FILE_TIMEOUT: Duration = Duration::from_secs(10);
/// Advisories older than this make a scan incomplete.
const MAX_ADVISORY_AGE: Duration = Duration::from_secs(30 * 86_400);

/// The paths to scan; the working folder without any.
pub(crate) fn paths(config: &Resolved) -> Vec<PathBuf> {
    let paths: Vec<PathBuf> =
        config.file.scan.paths.iter().map(|path| config.locate("scan.paths", path)).collect();
    if paths.is_empty() { vec![PathBuf::from(".")] } else { paths }
}

/// The root that findings' paths are relative to: the top of the git work tree that holds all paths.
pub(crate) fn root(paths: &[PathBuf]) -> Option<PathBuf> {
    let first = paths.first()?.canonicalize().ok()?;
    let root = repository_root(if first.is_dir() { &first } else { first.parent()? })?;
    let holds_all = paths.iter().all(|path| path.canonicalize().is_ok_and(|path| path.starts_with(&root)));
    holds_all.then_some(root)
}

/// The names of the scanners to run, in the order of reports.
pub(crate) fn scanners(config: &Resolved) -> Result<Vec<String>, ConfigError> {
    let tools: Vec<&str> = config.file.tool.iter().map(|tool| tool.name.as_str()).collect();
    let known: Vec<&str> = ScannerId::BUILT_IN.into_iter().chain(tools.iter().copied()).collect();
    let Some(wanted) = &config.file.scan.scanners else {
        let with_target = config.file.dast.target.is_some();
        let built_in = ScannerId::BUILT_IN.into_iter().filter(|name| *name != ScannerId::DAST || with_target);
        return Ok(built_in.chain(tools).map(str::to_owned).collect());
    };
    for name in wanted {
        if !known.contains(&name.as_str()) {
            return Err(ConfigError::Value {
                key: "scan.scanners".to_owned(),
                origin: config.origin("scan.scanners").to_string(),
                message: format!("there is no scanner `{name}`"),
                hint: Some(closest(name, known.iter().copied()).map_or_else(
                    || format!("scanners: {}", known.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                )),
            });
        }
    }
    if wanted.is_empty() {
        return Err(config.wrong("scan.scanners", "no scanner is enabled"));
    }
    Ok(known
        .into_iter()
        .filter(|name| wanted.iter().any(|wanted| wanted == name))
        .map(str::to_owned)
        .collect())
}

/// Largest file to read, in bytes.
pub(crate) fn max_file_size(config: &Resolved) -> Result<u64, ConfigError> {
    let size = config.file.scan.max_file_size.as_ref().map(units::size).transpose();
    Ok(size
        .map_err(|message| config.wrong("scan.max-file-size", message))?
        .unwrap_or(WalkSettings::MAX_FILE_SIZE))
}

/// Time for all scanners together.
pub(crate) fn timeout(config: &Resolved) -> Result<Option<Duration>, ConfigError> {
    duration(config, "scan.timeout", config.file.scan.timeout.as_deref())
}

/// Threads for each scanner.
pub(crate) fn jobs(config: &Resolved) -> NonZeroUsize {
    let available = || std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    config.file.scan.jobs.unwrap_or_else(available)
}

/// `[sast]`
pub(crate) fn sast(config: &Resolved) -> Result<SastSettings, ConfigError> {
    let sast = &config.file.sast;
    let mut severity_overrides = Vec::new();
    for (rule, word) in &sast.severity {
        severity_overrides.push((rule.clone(), gate::severity(config, "sast.severity", word)?));
    }
    let languages = sast
        .languages
        .as_ref()
        .map(|names| names.iter().map(|name| name.parse::<Language>()).collect::<Result<Vec<_>, _>>())
        .transpose()
        .map_err(|error| config.wrong("sast.languages", error))?;
    Ok(SastSettings {
        rules: sast.rules.iter().map(|path| config.locate("sast.rules", path)).collect(),
        builtin: sast.builtin_rules.unwrap_or(true),
        pack: sast.pack.clone().unwrap_or_else(|| "default".to_owned()),
        disable: sast.disable.clone(),
        severity_overrides,
        languages,
        cross_function: sast.cross_function.unwrap_or(true),
        cross_file: sast.cross_file.unwrap_or(true) && sast.cross_function.unwrap_or(true),
        file_timeout: duration(config, "sast.file-timeout", sast.file_timeout.as_deref())?
            .unwrap_or(FILE_TIMEOUT),
        explain: None,
        lines: config.lines("sast"),
    })
}

/// `[secrets]`
pub(crate) fn secrets(config: &Resolved) -> SecretsSettings {
    let secrets = &config.file.secrets;
    SecretsSettings {
        disable: secrets.disable.clone(),
        allow: secrets.allow.clone(),
        history: secrets.history.unwrap_or(false),
        entropy: secrets.entropy.unwrap_or(true),
        lines: config.lines("secrets"),
    }
}

/// `[deps]`
pub(crate) fn deps(config: &Resolved, index: &Path) -> Result<DepsSettings, ConfigError> {
    let deps = &config.file.deps;
    let licences = (!deps.licences.allow.is_empty() || !deps.licences.deny.is_empty())
        .then(|| LicencePolicy { allow: deps.licences.allow.clone(), deny: deps.licences.deny.clone() });
    Ok(DepsSettings {
        index_dir: deps
            .databases
            .first()
            .map_or_else(|| index.to_owned(), |path| config.locate("deps.databases", path)),
        ignore_dev: deps.ignore_dev.unwrap_or(false),
        offline: deps.offline.unwrap_or(false),
        max_age: duration(config, "deps.max-age", deps.max_age.as_deref())?.unwrap_or(MAX_ADVISORY_AGE),
        licences,
        vex: deps.vex.iter().map(|path| config.locate("deps.vex", path)).collect(),
        lines: config.lines("deps"),
    })
}

fn duration(config: &Resolved, key: &str, text: Option<&str>) -> Result<Option<Duration>, ConfigError> {
    text.map(units::duration).transpose().map_err(|message| config.wrong(key, message))
}
