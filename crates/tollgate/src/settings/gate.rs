//! `[gate]` and `[[waiver]]`.

use std::collections::BTreeSet;

use tollgate_core::{Cwe, ScannerId, Severity, Sourced};
use tollgate_pipeline::gate::{Action, GateRule, Matcher, compile_globs};
use tollgate_pipeline::{Policy, RawWaiver};

use crate::config::syntax::{GateMatch, GateRule as RuleSyntax};
use crate::config::{ConfigError, Resolved, closest};

/// Reads `[gate]`.
pub(crate) fn policy(config: &Resolved) -> Result<Policy, ConfigError> {
    let gate = &config.file.gate;
    let mut policy = Policy::default();
    if let Some(word) = &gate.fail_on {
        let threshold = match word.as_str() {
            "none" => None,
            word => Some(severity(config, "gate.fail-on", word)?),
        };
        policy.fail_on = Sourced::new(threshold, config.origin("gate.fail-on"));
    }
    for (word, limit) in &gate.max {
        let key = format!("gate.max.{word}");
        policy.max.insert(severity(config, &key, word)?, Sourced::new(*limit, config.origin(&key)));
    }
    if let Some(new_only) = gate.new_only {
        policy.new_only = Sourced::new(new_only, config.origin("gate.new-only"));
    }
    if let Some(word) = &gate.unknown_severity {
        let counts_as = severity(config, "gate.unknown-severity", word)?;
        policy.unknown_severity = Sourced::new(counts_as, config.origin("gate.unknown-severity"));
    }
    policy.optional_scanners =
        gate.optional_scanners.iter().map(|name| ScannerId::new(name)).collect::<BTreeSet<_>>();
    policy.rules = gate.rule.iter().map(|rule| gate_rule(config, rule)).collect::<Result<_, _>>()?;
    Ok(policy)
}

/// Reads `[[waiver]]`; a malformed one is passed on as it is, to be reported and not counted.
pub(crate) fn waivers(config: &Resolved) -> Vec<RawWaiver> {
    let origin = config.origin("waiver");
    let waivers = config.file.waiver.iter().map(|waiver| RawWaiver {
        rule: waiver.rule.clone(),
        fingerprint: waiver.fingerprint.clone(),
        advisory: waiver.advisory.clone(),
        path: waiver.path.clone(),
        reason: waiver.reason.clone(),
        expires: waiver.expires.as_ref().map(ToString::to_string),
        approved_by: waiver.approved_by.clone(),
        origin: Some(origin.clone()),
    });
    waivers.collect()
}

/// Reads a severity, with a suggestion where it is misspelt.
pub(crate) fn severity(config: &Resolved, key: &str, word: &str) -> Result<Severity, ConfigError> {
    word.parse::<Severity>().map_err(|error| {
        let names = Severity::ALL.map(Severity::as_str);
        let hint = closest(word, names).map(|near| format!("did you mean `{near}`?"));
        ConfigError::Value {
            key: key.to_owned(),
            origin: config.origin(key).to_string(),
            message: error.to_string(),
            hint,
        }
    })
}

fn gate_rule(config: &Resolved, rule: &RuleSyntax) -> Result<GateRule, ConfigError> {
    let action = match rule.action.as_str() {
        "fail" => Action::Fail { max: 0 },
        "warn" => Action::Warn,
        "ignore" => Action::Ignore,
        other => {
            let message = format!("unknown action `{other}`: expected fail, warn or ignore");
            return Err(config.wrong("gate.rule", message));
        }
    };
    Ok(GateRule { matcher: matcher(config, rule)?, action, origin: config.origin("gate.rule") })
}

fn matcher(config: &Resolved, rule: &RuleSyntax) -> Result<Matcher, ConfigError> {
    let GateMatch {
        cwe,
        rule: id,
        path,
        scanner,
        package,
        severity: severities,
        reachable,
        fixable,
        confirmed,
        age_days,
        epss,
        kev,
    } = &rule.matcher;
    let globs = |patterns: Vec<String>| {
        if patterns.is_empty() {
            return Ok(None);
        }
        compile_globs(&patterns).map(Some).map_err(|error| config.wrong("gate.rule", error))
    };
    let cwes = cwe.to_vec().iter().map(|text| text.parse::<Cwe>()).collect::<Result<Vec<_>, _>>();
    let severities = severities
        .to_vec()
        .iter()
        .map(|word| severity(config, "gate.rule", word))
        .collect::<Result<_, _>>()?;
    let epss_at_least =
        epss.map(probability).transpose().map_err(|message| config.wrong("gate.rule", message))?;
    Ok(Matcher {
        cwes: cwes.map_err(|error| config.wrong("gate.rule", error))?,
        rule: globs(id.to_vec())?,
        path: globs(path.to_vec())?,
        scanners: scanner.to_vec().iter().map(|name| ScannerId::new(name)).collect(),
        package: globs(package.to_vec())?,
        reachable: *reachable,
        fixable: *fixable,
        confirmed: *confirmed,
        age_days: *age_days,
        epss_at_least,
        kev: *kev,
        severities,
        text: words(rule),
    })
}

/// A probability as millionths.
fn probability(value: f64) -> Result<u32, String> {
    if !(0.0..=1.0).contains(&value) {
        return Err(format!("epss = {value} is no probability between 0 and 1"));
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0..=1_000_000 fits u32")]
    Ok((value * 1_000_000.0).round() as u32)
}

/// The conditions and the reason in the words of the configuration.
fn words(rule: &RuleSyntax) -> String {
    let matcher = &rule.matcher;
    let lists = [
        ("cwe", &matcher.cwe),
        ("rule", &matcher.rule),
        ("path", &matcher.path),
        ("scanner", &matcher.scanner),
        ("package", &matcher.package),
        ("severity", &matcher.severity),
    ];
    let mut words: Vec<String> = lists
        .into_iter()
        .map(|(name, values)| (name, values.to_vec()))
        .filter(|(_, values)| !values.is_empty())
        .map(|(name, values)| format!("{name} = {}", values.join("|")))
        .collect();
    let truths = [
        ("reachable", matcher.reachable),
        ("fixable", matcher.fixable),
        ("confirmed", matcher.confirmed),
        ("kev", matcher.kev),
    ];
    words.extend(truths.into_iter().filter_map(|(name, value)| Some(format!("{name} = {}", value?))));
    words.extend(matcher.age_days.map(|days| format!("age-days = {days}")));
    words.extend(matcher.epss.map(|epss| format!("epss = {epss}")));
    words.extend(rule.reason.as_ref().map(|reason| format!("reason: {reason}")));
    words.join(", ")
}
