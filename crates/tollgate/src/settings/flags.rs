//! Flags and environment variables as the top layer of the configuration.

use tollgate_core::Origin;

use crate::cli::{ConfigArgs, ScanArgs};
use crate::config::{Layer, units};
use crate::failure::Failure;

/// The settings that the flags of any gating command give.
pub(crate) fn of_config(args: &ConfigArgs) -> Result<Layer, Failure> {
    let mut layer = Layer::default();
    if let Some(severity) = &args.fail_on {
        layer.set("gate.fail-on", severity.to_ascii_lowercase(), flag("--fail-on"));
    }
    for limit in &args.max {
        let (severity, limit) = units::severity_limit(limit)
            .map_err(|message| Failure::usage(anyhow::anyhow!(message), "write --max medium=20"))?;
        layer.set(&format!("gate.max.{severity}"), limit, flag("--max"));
    }
    if let Some(baseline) = &args.baseline {
        layer.set("scan.baseline", baseline.clone(), flag("--baseline"));
    }
    Ok(layer)
}

/// The settings that the flags of `scan` give.
pub(crate) fn of_scan(args: &ScanArgs) -> Result<Layer, Failure> {
    let mut layer = of_config(&args.config)?;
    let texts = |paths: &[std::path::PathBuf]| {
        paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>()
    };
    let list =
        |values: Vec<String>| toml::Value::Array(values.into_iter().map(toml::Value::String).collect());
    if !args.paths.is_empty() {
        layer.set("scan.paths", list(texts(&args.paths)), flag("PATH"));
    }
    if !args.scanner.is_empty() {
        layer.set("scan.scanners", list(args.scanner.clone()), flag("--scanner"));
    }
    if !args.rules.is_empty() {
        layer.set("sast.rules", list(texts(&args.rules)), flag("--rules"));
    }
    if !args.import.is_empty() {
        layer.set("scan.import", list(texts(&args.import)), flag("--import"));
    }
    let mut text = |key: &str, value: &Option<String>, name: &str| {
        if let Some(value) = value {
            layer.set(key, value.clone(), flag(name));
        }
    };
    text("sast.pack", &args.pack, "--pack");
    text("dast.target", &args.target, "--target");
    text("scan.since", &args.since, "--since");
    text("scan.timeout", &args.timeout, "--timeout");
    text("scan.shard", &args.shard, "--shard");
    if let Some(jobs) = args.jobs {
        layer.set("scan.jobs", i64::try_from(jobs.get()).unwrap_or(i64::MAX), flag("--jobs"));
    }
    let switches = [
        (args.no_builtin_rules, "sast.builtin-rules", false, "--no-builtin-rules"),
        (args.active, "dast.active", true, "--active"),
        (args.offline, "deps.offline", true, "--offline"),
        (args.no_cache, "scan.cache", false, "--no-cache"),
        (args.history, "secrets.history", true, "--history"),
    ];
    for (given, key, value, name) in switches {
        if given {
            layer.set(key, value, flag(name));
        }
    }
    Ok(layer)
}

/// The flag, or the variable that stands for it when the flag is not on the command line.
fn flag(name: &str) -> Origin {
    let given = std::env::args_os().any(|argument| {
        let argument = argument.to_string_lossy();
        argument == name || argument.strip_prefix(name).is_some_and(|rest| rest.starts_with('='))
    });
    let variable = format!("TOLLGATE_{}", name.trim_start_matches('-').replace('-', "_").to_uppercase());
    if !given && name.starts_with("--") && std::env::var_os(&variable).is_some() {
        Origin::Environment(variable)
    } else {
        Origin::Flag(name.to_owned())
    }
}
