//! What is wrong or odd about rules beyond what keeps them from running.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;

use crate::eval::comparison::Comparison;
use crate::generic::regexes::{Anchoring, Regex};
use crate::rule::error::{Place, Problem, RuleError, render_block};
use crate::rule::load::{self, Rule};
use crate::rule::syntax::{Formula, Mode, Operator, Test};

/// How grave a lint is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LintLevel {
    /// The rule does not work.
    Error,
    /// The rule works, but hardly as meant.
    Warning,
}

/// One remark about a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LintMessage {
    /// How grave.
    pub level: LintLevel,
    /// What, and where.
    pub error: RuleError,
}

impl fmt::Display for LintMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.level {
            LintLevel::Error => "error",
            LintLevel::Warning => "warning",
        };
        f.write_str(&render_block(&self.error.problem.to_string(), &self.error, level))
    }
}

/// Everything that is wrong or odd about the rules of files and folders, in order of place.
#[must_use]
pub fn lint(paths: &[PathBuf]) -> Vec<LintMessage> {
    let loaded = load::load(paths);
    let mut messages = Vec::new();
    messages.extend(loaded.errors.into_iter().map(|error| LintMessage { level: LintLevel::Error, error }));
    messages.extend(loaded.warnings.into_iter().map(|error| {
        let fault = matches!(error.problem, Problem::Pattern { .. } | Problem::DuplicateId { .. });
        let level = if fault { LintLevel::Error } else { LintLevel::Warning };
        LintMessage { level, error }
    }));
    for rule in &loaded.rules {
        Linter { rule, messages: &mut messages }.run();
    }
    messages.sort_by(|a, b| {
        (&a.error.path, a.error.place, a.level, a.error.problem.to_string()).cmp(&(
            &b.error.path,
            b.error.place,
            b.level,
            b.error.problem.to_string(),
        ))
    });
    messages.dedup();
    messages
}

struct Linter<'l> {
    rule: &'l Rule,
    messages: &'l mut Vec<LintMessage>,
}

/// Where a formula uses a metavariable.
#[derive(Default)]
struct Uses {
    /// Occurrences in patterns.
    bound: BTreeMap<String, (usize, Option<Place>)>,
    /// Uses in conditions and focus.
    asked: BTreeMap<String, Place>,
}

impl Linter<'_> {
    fn say(&mut self, place: Place, level: LintLevel, text: String) {
        let error = self.rule.file.error(place, Some(self.rule.id().as_str()), Problem::Senseless(text));
        self.messages.push(LintMessage { level, error });
    }

    fn run(&mut self) {
        let rule = self.rule;
        let formulas: Vec<&Formula> = match &rule.syntax.mode {
            Mode::Search(formula) => vec![formula],
            Mode::Taint(taint) => taint
                .sources
                .iter()
                .map(|source| &source.formula)
                .chain(taint.sinks.iter().map(|sink| &sink.formula))
                .chain(taint.sanitizers.iter().map(|sanitizer| &sanitizer.formula))
                .chain(taint.propagators.iter().map(|propagator| &propagator.formula))
                .collect(),
        };
        let mut uses = Uses::default();
        for formula in &formulas {
            collect(formula, &mut uses);
            self.contradictions(formula);
        }
        if let Mode::Taint(taint) = &rule.syntax.mode {
            for propagator in &taint.propagators {
                for name in [&propagator.from, &propagator.to] {
                    uses.asked.entry(name.clone()).or_insert(propagator.formula.place);
                }
            }
            self.labels(taint);
        }
        self.metavariables(&uses);
        self.metadata();
    }

    fn metavariables(&mut self, uses: &Uses) {
        let id_place = self.rule.syntax.id.place;
        for (name, place) in &uses.asked {
            if !uses.bound.contains_key(name) {
                self.say(*place, LintLevel::Error, format!("`{name}` is asked for but no pattern binds it"));
            }
        }
        let shown: BTreeSet<String> = names_in(self.rule.message())
            .into_iter()
            .chain(self.rule.syntax.fix.as_deref().map(names_in).unwrap_or_default())
            .collect();
        for name in &shown {
            if !uses.bound.contains_key(name) && name.len() > 2 {
                self.say(
                    id_place,
                    LintLevel::Warning,
                    format!("the message or fix shows `{name}`, which no pattern binds"),
                );
            }
        }
        // A name that says what stands there is good; one that is almost another name is a slip.
        let is_used = |name: &str| {
            uses.bound.get(name).is_some_and(|(count, _)| *count > 1)
                || uses.asked.contains_key(name)
                || shown.contains(name)
        };
        for (name, (_, place)) in uses.bound.iter().filter(|(name, _)| !is_used(name)) {
            let meant = uses.bound.keys().find(|other| is_used(other) && is_slip(name, other));
            if let Some(meant) = meant {
                let message = format!("`{name}` is bound once and not used; did you mean `{meant}`?");
                self.say(place.unwrap_or(id_place), LintLevel::Warning, message);
            }
        }
    }

    /// Formulas that cannot find anything.
    fn contradictions(&mut self, formula: &Formula) {
        match &formula.operator {
            Operator::All(operands) => {
                let text = |formula: &Formula| match &formula.operator {
                    Operator::Pattern(text) | Operator::Regex(text) => Some(fold(text.as_str())),
                    Operator::Inside(inner) => match &inner.operator {
                        Operator::Pattern(text) => Some(format!("inside {}", fold(text.as_str()))),
                        _ => None,
                    },
                    _ => None,
                };
                let positives: Vec<String> = operands.iter().filter_map(text).collect();
                for operand in operands {
                    if let Operator::Not(inner) = &operand.operator
                        && text(inner).is_some_and(|negative| positives.contains(&negative))
                    {
                        let message =
                            format!("`{}` takes away all that the pattern beside it finds", operand.key);
                        self.say(operand.place, LintLevel::Error, message);
                    }
                    self.contradictions(operand);
                }
            }
            Operator::Any(operands) => {
                let mut seen = BTreeSet::new();
                for operand in operands {
                    if let Operator::Pattern(text) = &operand.operator
                        && !seen.insert(fold(text.as_str()))
                    {
                        let message = "this alternative stands here a second time".to_owned();
                        self.say(operand.place, LintLevel::Warning, message);
                    }
                    self.contradictions(operand);
                }
            }
            Operator::Not(inner) | Operator::Inside(inner) | Operator::Anywhere(inner) => {
                self.contradictions(inner)
            }
            Operator::Pattern(_) | Operator::Regex(_) => {}
        }
        for condition in &formula.conditions {
            if let Test::Comparison { comparison, .. } = &condition.test
                && let Ok(parsed) = Comparison::parse(comparison.as_str())
                && parsed.metavariables().is_empty()
                && !parsed.holds(&|_| None)
            {
                let message = "this comparison never holds".to_owned();
                self.say(condition.place, LintLevel::Error, message);
            }
        }
    }

    fn labels(&mut self, taint: &crate::rule::syntax::TaintSyntax) {
        let given: BTreeSet<&str> = taint
            .sources
            .iter()
            .filter_map(|source| source.label.as_deref())
            .chain(taint.propagators.iter().filter_map(|propagator| propagator.label.as_deref()))
            .collect();
        let asked = taint.sources.iter().filter_map(|source| source.requires.as_ref()).chain(
            taint.sinks.iter().filter_map(|sink| match &sink.requires {
                Some(crate::rule::syntax::RequiresSyntax::Whole(text)) => Some(text),
                _ => None,
            }),
        );
        let mut unknown = Vec::new();
        for text in asked {
            for word in text.as_str().split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')) {
                let plain = matches!(word, "" | "and" | "or" | "not" | "True" | "False" | "__SOURCE__");
                if !plain && !given.contains(word) {
                    unknown.push((text.node.place, word.to_owned()));
                }
            }
        }
        for (place, word) in unknown {
            self.say(place, LintLevel::Warning, format!("no source or propagator gives the label `{word}`"));
        }
    }

    fn metadata(&mut self) {
        let place = self.rule.syntax.id.place;
        let meta = &self.rule.meta;
        let security = meta.tags.iter().any(|tag| tag == "security")
            || self.rule.syntax.metadata.as_ref().is_none_or(|node| node.get("category").is_none());
        if security && meta.cwes.is_empty() {
            self.say(place, LintLevel::Warning, "`metadata.cwe` is missing".to_owned());
        }
        if self.rule.message().trim().is_empty() {
            self.say(place, LintLevel::Warning, "the message is empty".to_owned());
        }
        let declared = self.rule.syntax.metadata.as_ref().and_then(|node| node.get("confidence"));
        if security && declared.is_none() {
            self.say(place, LintLevel::Warning, "`metadata.confidence` is missing".to_owned());
        }
        if self.rule.languages.is_empty() {
            self.say(place, LintLevel::Warning, "no language of this rule has a grammar here".to_owned());
        }
    }
}

/// Whether a name looks like another one with a slip of the hand.
fn is_slip(name: &str, other: &str) -> bool {
    const SHORTEST: usize = 5;
    let plural = |one: &str, many: &str| many.strip_suffix('S') == Some(one);
    let digit = |text: &str| text.ends_with(|c: char| c.is_ascii_digit());
    name.len() >= SHORTEST
        && other.len() >= SHORTEST
        && strsim::damerau_levenshtein(name, other) == 1
        && !(plural(name, other) || plural(other, name) || digit(name) || digit(other))
}

fn fold(text: &str) -> String {
    text.split_whitespace().collect()
}

fn collect(formula: &Formula, uses: &mut Uses) {
    match &formula.operator {
        Operator::Pattern(text) => {
            for name in names_in(text.as_str()) {
                let entry = uses.bound.entry(name).or_insert((0, None));
                entry.0 += 1;
                entry.1.get_or_insert(text.node.place);
            }
        }
        Operator::Regex(text) => {
            let names = Regex::new(text.as_str(), Anchoring::Search).map(|regex| regex.metavariables());
            for name in names.unwrap_or_default() {
                uses.bound.entry(name).or_insert((2, Some(text.node.place)));
            }
        }
        Operator::All(operands) | Operator::Any(operands) => {
            operands.iter().for_each(|operand| collect(operand, uses));
        }
        Operator::Not(inner) => collect(inner, uses),
        Operator::Inside(inner) | Operator::Anywhere(inner) => collect(inner, uses),
    }
    for clause in &formula.focus {
        for name in &clause.value {
            uses.asked.entry(name.clone()).or_insert(clause.place);
        }
    }
    for condition in &formula.conditions {
        let mut ask = |name: &str| {
            uses.asked.entry(name.to_owned()).or_insert(condition.place);
        };
        match &condition.test {
            Test::Regex { metavariable, .. }
            | Test::Analysis { metavariable, .. }
            | Test::Type { metavariable, .. } => ask(metavariable),
            Test::Comparison { metavariable, comparison, .. } => {
                metavariable.iter().for_each(|name| ask(name));
                if let Ok(parsed) = Comparison::parse(comparison.as_str()) {
                    parsed.metavariables().into_iter().for_each(ask);
                }
            }
            Test::Pattern { metavariable, formula, .. } => {
                ask(metavariable);
                collect(formula, uses);
            }
        }
    }
}

/// Metavariables a text names, each occurrence once.
fn names_in(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in text.match_indices('$') {
        let prefix = if text[at..].starts_with("$...") { 4 } else { 1 };
        let rest = &text[at + prefix..];
        let length = rest
            .bytes()
            .take_while(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_')
            .count();
        let word = &rest[..length];
        let letter = word.starts_with(|c: char| c.is_ascii_uppercase());
        if letter && !rest[length..].starts_with(|c: char| c.is_ascii_lowercase()) {
            names.push(text[at..at + prefix + length].to_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, expected: &[&str]) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("r.yaml");
        let head = "rules:\n- id: r\n  languages: [python]\n  severity: ERROR\n  message: m\n  metadata: {cwe: CWE-1, confidence: LOW}\n";
        std::fs::write(&path, format!("{head}{body}")).unwrap();
        let found: Vec<String> =
            lint(&[path]).iter().map(|message| message.error.problem.to_string()).collect();
        assert_eq!(found, expected, "{body}");
    }

    #[test]
    fn finds_what_is_odd() {
        check("  pattern: f(...)\n", &[]);
        check("  patern: f(...)\n", &["unknown key `patern` in a rule"]);
        check(
            "  patterns:\n  - pattern: f(...)\n  - focus-metavariable: $X\n",
            &["`$X` is asked for but no pattern binds it"],
        );
        check("  pattern: f($X)\n", &[]);
        check(
            "  patterns:\n  - pattern: f($VALUE, $NAME)\n  - pattern-not: g($VALEU)\n  - focus-metavariable: $VALUE\n",
            &["`$VALEU` is bound once and not used; did you mean `$VALUE`?"],
        );
        check(
            "  patterns:\n  - pattern: f(...)\n  - pattern-not: f( ... )\n",
            &["`pattern-not` takes away all that the pattern beside it finds"],
        );
        check(
            "  patterns:\n  - pattern-not: f(...)\n",
            &["nothing here finds anything: only negatives and conditions"],
        );
    }

    #[test]
    fn what_other_tools_read_is_a_warning_and_the_rule_runs() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("r.yaml");
        let rule = "rules:\n- id: r\n  languages: [python]\n  severity: ERROR\n  message: m\n  references: [x]\n  \
                    metadata: {cwe: CWE-1, confidence: LOW}\n  patterns:\n  - pattern: f($A, $B)\n  - metavariable-comparison:\n      \
                    metavariable: $A $B\n      comparison: $A > $B\n";
        std::fs::write(&path, rule).unwrap();
        let messages = lint(&[path]);
        let texts: Vec<String> = messages.iter().map(|message| message.error.problem.to_string()).collect();
        assert_eq!(texts, ["unknown key `references` in a rule"]);
        assert_eq!(messages[0].level, LintLevel::Warning);
    }

    #[test]
    fn unknown_keys_have_a_place_and_a_suggestion() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("r.yaml");
        std::fs::write(&path, "rules:\n- id: r\n  languges: [python]\n").unwrap();
        let message = lint(&[path])[0].to_string();
        assert!(message.contains("r.yaml:3:3"), "{message}");
        assert!(message.contains("^^^^^^^^"), "{message}");
        assert!(message.contains("did you mean `languages`?"), "{message}");
    }
}
