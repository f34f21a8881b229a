//! Keys of an extended policy that a repository can tighten but not loosen.

use tollgate_core::Severity;

use super::policy::{Action, Policy};

/// An attempt to loosen a locked key, which was undone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Loosening {
    /// The key, for example `gate.fail-on`.
    pub key: String,
    /// What the repository asked for, with where it did.
    pub wanted: String,
    /// What holds.
    pub held: String,
}

/// The repository's policy with every loosening of a locked key undone, and the list of those.
///
/// `locked` holds keys such as `gate.fail-on`, `gate.max`, `gate.max.high`, `gate.new-only`,
/// `gate.unknown-severity`, `gate.optional-scanners` and `gate.rule`; `gate` locks all of them.
#[must_use]
pub fn restrain(base: &Policy, local: Policy, locked: &[impl AsRef<str>]) -> (Policy, Vec<Loosening>) {
    let is_locked = |key: &str| {
        locked.iter().any(|lock| {
            let lock = lock.as_ref();
            key == lock || key.strip_prefix(lock).is_some_and(|rest| rest.starts_with('.'))
        })
    };
    let mut held = local;
    let mut loosenings = Vec::new();
    let mut undo = |key: &str, wanted: String, kept: String| {
        loosenings.push(Loosening { key: key.to_owned(), wanted, held: kept });
    };
    let words = |severity: Option<Severity>| severity.map_or("none", Severity::as_str).to_owned();

    if is_locked("gate.fail-on") && looser_fail_on(base.fail_on.value, held.fail_on.value) {
        let wanted = format!("{} ({})", words(held.fail_on.value), held.fail_on.origin);
        undo("gate.fail-on", wanted, words(base.fail_on.value));
        held.fail_on = base.fail_on.clone();
    }
    for (severity, limit) in &base.max {
        let key = format!("gate.max.{severity}");
        let own = held.max.get(severity);
        if is_locked(&key) && own.is_none_or(|own| own.value > limit.value) {
            let wanted = own.map_or("no limit".to_owned(), |own| format!("{} ({})", own.value, own.origin));
            undo(&key, wanted, limit.value.to_string());
            held.max.insert(*severity, limit.clone());
        }
    }
    // A threshold of a severity that had none takes its findings away from the next lower one.
    let shadowing: Vec<Severity> = held
        .max
        .iter()
        .filter(|(severity, own)| {
            !base.max.contains_key(severity)
                && base.max_bucket(**severity).is_some_and(|lower| {
                    is_locked(&format!("gate.max.{lower}")) && own.value > base.max[&lower].value
                })
        })
        .map(|(severity, _)| *severity)
        .collect();
    for severity in shadowing {
        if let Some(own) = held.max.remove(&severity) {
            let lower = base.max_bucket(severity).map_or("", Severity::as_str);
            let wanted = format!("{} ({})", own.value, own.origin);
            undo(&format!("gate.max.{severity}"), wanted, format!("counts as {lower}"));
        }
    }
    if is_locked("gate.new-only") && held.new_only.value && !base.new_only.value {
        undo("gate.new-only", format!("true ({})", held.new_only.origin), "false".to_owned());
        held.new_only = base.new_only.clone();
    }
    if is_locked("gate.unknown-severity") && held.unknown_severity.value < base.unknown_severity.value {
        let wanted = format!("{} ({})", held.unknown_severity.value, held.unknown_severity.origin);
        undo("gate.unknown-severity", wanted, base.unknown_severity.value.to_string());
        held.unknown_severity = base.unknown_severity.clone();
    }
    if is_locked("gate.optional-scanners") {
        let added: Vec<_> = held.optional_scanners.difference(&base.optional_scanners).cloned().collect();
        for scanner in added {
            held.optional_scanners.remove(&scanner);
            undo("gate.optional-scanners", scanner.to_string(), "required".to_owned());
        }
    }
    if is_locked("gate.rule") {
        restrain_rules(base, &mut held, &mut undo);
    }
    (held, loosenings)
}

/// The extended policy's rules come first, so that none of the repository's can decide before them;
/// of the repository's own only those that fail the gate at the first match are kept.
fn restrain_rules(base: &Policy, held: &mut Policy, undo: &mut impl FnMut(&str, String, String)) {
    let inherited = |rule: &super::GateRule| {
        base.rules.iter().any(|own| own.origin == rule.origin && own.matcher.text == rule.matcher.text)
    };
    let mut rules = base.rules.clone();
    for rule in std::mem::take(&mut held.rules) {
        if inherited(&rule) {
            continue;
        }
        if rule.action == (Action::Fail { max: 0 }) {
            rules.push(rule);
        } else {
            let wanted = format!("{{ {} }} → {} ({})", rule.matcher.text, rule.action, rule.origin);
            undo("gate.rule", wanted, "left out".to_owned());
        }
    }
    held.rules = rules;
}

fn looser_fail_on(base: Option<Severity>, local: Option<Severity>) -> bool {
    match (base, local) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(base), Some(local)) => local > base,
    }
}
