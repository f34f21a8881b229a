//! What a policy file has locked, and what later layers loosen.

use tollgate_core::{Diagnostic, DiagnosticLevel, Severity};

use super::layers::Layer;

/// Whether a change of `key` from `before` to `after` lets more through the gate.
///
/// Keys that have no order (paths, names) count as loosened by any change when they are locked.
fn loosens(key: &str, before: Option<&toml::Value>, after: &toml::Value) -> bool {
    match key {
        // A lower threshold is stricter; without one the default stands.
        "gate.fail-on" => threshold(Some(after)) > threshold(before),
        // An unscored finding that counts as less lets more through.
        "gate.unknown-severity" => threshold(Some(after)) < threshold(before),
        "gate.new-only" | "deps.ignore-dev" | "deps.offline" => truth(Some(after)) && !truth(before),
        "gate.require-suppression-reason"
        | "sast.builtin-rules"
        | "sast.cross-function"
        | "sast.cross-file"
        | "secrets.entropy"
        | "secrets.history" => !truth(Some(after)) && truth(before),
        "gate.optional-scanners"
        | "scan.exclude"
        | "sast.disable"
        | "secrets.disable"
        | "secrets.allow"
        | "deps.licences.allow"
        | "deps.vex" => list(Some(after)).iter().any(|item| !list(before).contains(item)),
        "scan.scanners" | "deps.licences.deny" | "deps.databases" => {
            before.is_some() && list(before).iter().any(|item| !list(Some(after)).contains(item))
        }
        _ if key.starts_with("gate.max.") => {
            let most =
                |value: Option<&toml::Value>| value.and_then(toml::Value::as_integer).unwrap_or(i64::MAX);
            most(Some(after)) > most(before)
        }
        // Added waivers and ignoring gate rules let more through.
        "waiver" => true,
        "gate.rule" => list_of_tables(after).iter().any(|rule| {
            let ignores = rule.get("action").and_then(toml::Value::as_str) != Some("fail");
            ignores && !before.is_some_and(|before| list_of_tables(before).contains(rule))
        }),
        _ => false,
    }
}

/// Keys for which [`loosens`] knows which direction is stricter.
fn is_ordered(key: &str) -> bool {
    const ORDERED: [&str; 17] = [
        "gate.fail-on",
        "gate.unknown-severity",
        "gate.new-only",
        "deps.ignore-dev",
        "deps.offline",
        "gate.require-suppression-reason",
        "sast.builtin-rules",
        "sast.cross-function",
        "sast.cross-file",
        "secrets.entropy",
        "secrets.history",
        "gate.optional-scanners",
        "scan.exclude",
        "sast.disable",
        "scan.scanners",
        "waiver",
        "gate.rule",
    ];
    ORDERED.contains(&key)
        || key.starts_with("gate.max.")
        || key.starts_with("secrets.")
        || key.starts_with("deps.")
}

/// `upper` without what it may not loosen in `base`, and what is worth saying about it.
///
/// `locked` holds keys or whole sections (`gate` locks `gate.fail-on`).
pub(super) fn restrain(base: &Layer, upper: &Layer, locked: &[String]) -> (Layer, Vec<Diagnostic>) {
    let mut kept = Layer::default();
    let mut said = Vec::new();
    for (key, value, origin) in upper.iter() {
        let before = base.get(key).map(|(value, _)| value);
        let is_locked = locked.iter().any(|lock| key == lock || key.starts_with(&format!("{lock}.")));
        let loosened = if is_ordered(key) {
            loosens(key, before, value)
        } else {
            is_locked && before.is_some_and(|before| before != value)
        };
        if loosened && is_locked {
            let standing = before.map_or_else(|| "the default".to_owned(), compact);
            said.push(
                Diagnostic::new(
                    DiagnosticLevel::Warning,
                    format!(
                        "`{key} = {}` from {origin} is refused: an extended policy locks it at {standing}",
                        compact(value)
                    ),
                )
                .hint("ask the owner of the policy, or remove the setting"),
            );
            continue;
        }
        if loosened && before.is_some() {
            said.push(Diagnostic::new(
                DiagnosticLevel::Note,
                format!("`{key} = {}` from {origin} loosens the extended policy", compact(value)),
            ));
        }
        kept.set(key, value.clone(), origin.clone());
    }
    (kept, said)
}

fn compact(value: &toml::Value) -> String {
    match value {
        toml::Value::Array(items) if items.iter().any(toml::Value::is_table) => {
            format!("[{} entries]", items.len())
        }
        other => other.to_string(),
    }
}

fn truth(value: Option<&toml::Value>) -> bool {
    value.and_then(toml::Value::as_bool).unwrap_or(false)
}

fn list(value: Option<&toml::Value>) -> Vec<&str> {
    value.and_then(toml::Value::as_array).into_iter().flatten().filter_map(toml::Value::as_str).collect()
}

fn list_of_tables(value: &toml::Value) -> Vec<&toml::Table> {
    value.as_array().into_iter().flatten().filter_map(toml::Value::as_table).collect()
}

/// Severity as a number; `none` is above all, nothing is the default `high`.
fn threshold(value: Option<&toml::Value>) -> usize {
    let word = value.and_then(toml::Value::as_str).unwrap_or("high");
    let severity = word.parse::<Severity>();
    severity.map_or(Severity::ALL.len(), |severity| {
        Severity::ALL.iter().position(|s| *s == severity).unwrap_or(0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tollgate_core::Origin;

    fn check(base: &str, upper: &str, locked: &[&str], expected_kept: usize, expected_said: usize) {
        let layer = |text: &str| Layer::of_table(&text.parse().unwrap(), &|_| Origin::Default);
        let locked: Vec<String> = locked.iter().map(|&key| key.to_owned()).collect();
        let (kept, said) = restrain(&layer(base), &layer(upper), &locked);
        assert_eq!((kept.iter().count(), said.len()), (expected_kept, expected_said), "{upper}");
    }

    #[test]
    fn locked_keys_can_be_tightened_but_not_loosened() {
        let base = "[gate]\nfail-on = 'medium'\nmax = { low = 5 }";
        check(base, "[gate]\nfail-on = 'low'", &["gate"], 1, 0);
        check(base, "[gate]\nfail-on = 'critical'", &["gate"], 0, 1);
        check(base, "[gate]\nfail-on = 'none'", &["gate.fail-on"], 0, 1);
        check(base, "[gate]\nfail-on = 'critical'", &[], 1, 1);
        check(base, "[gate]\nmax = { low = 6 }", &["gate.max"], 0, 1);
        check(base, "[gate]\nmax = { low = 4 }", &["gate.max"], 1, 0);
        check(base, "[[waiver]]\nrule = 'x'", &["waiver"], 0, 1);
        check(base, "[gate]\nnew-only = true", &["gate"], 0, 1);
        check(base, "[dast]\ntarget = 'http://a'", &["dast"], 1, 0);
    }
}
