//! Which rules run on which files.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use tollgate_core::{FileEntry, Language};

use crate::matching::PatternStore;
use crate::prefilter::{Need, Prefilter, Present, Words};
use crate::rule::compile::Program;
use crate::rule::load::Rule;
use crate::rule::syntax::RuleLanguage;
use crate::taint::End;

/// A rule compiled for one language.
#[derive(Debug)]
pub(crate) struct Ready {
    /// Its place among the scanner's rules.
    pub(crate) index: usize,
    pub(crate) rule: Arc<Rule>,
    pub(crate) program: Arc<Program>,
    need: Need,
    /// What a file needs to have a source, and what to have a sink, of a taint rule.
    ends: Option<(Need, Need)>,
}

impl Ready {
    /// What a file needs to have an end of the flows of a taint rule.
    pub(crate) fn need_of(&self, end: End) -> Option<&Need> {
        let (source, sink) = self.ends.as_ref()?;
        Some(match end {
            End::Source => source,
            End::Sink => sink,
        })
    }
}

/// The rules of every language of a tree, and the words that select them.
#[derive(Debug)]
pub(crate) struct RulePlan {
    by_language: BTreeMap<RuleLanguage, Vec<Ready>>,
    prefilter: Prefilter,
}

/// A plan that is made when it is first needed: kept results need none. Compiling uses the threads of the
/// pool, so that it must not start inside of their work, and [`OnceCell`] sees to that.
#[derive(Debug)]
pub(crate) struct LazyPlan<'r> {
    rules: &'r [Arc<Rule>],
    /// Languages of the tree that rules are for.
    languages: Vec<Language>,
    /// Whether any rule reads files without a grammar.
    pub(crate) reads_everything: bool,
    made: OnceCell<RulePlan>,
}

impl<'r> LazyPlan<'r> {
    pub(crate) fn new(rules: &'r [Arc<Rule>], mut languages: Vec<Language>) -> Self {
        let any = |wanted: RuleLanguage| rules.iter().any(|rule| rule.languages.contains(&wanted));
        languages.retain(|language| any(RuleLanguage::Code(*language)));
        let reads_everything = any(RuleLanguage::Generic) || any(RuleLanguage::Regex);
        Self { rules, languages, reads_everything, made: OnceCell::new() }
    }

    pub(crate) fn get(&self) -> &RulePlan {
        self.made.get_or_init(|| RulePlan::new(self.rules, &self.languages))
    }

    pub(crate) fn has_rules_for(&self, language: Language) -> bool {
        self.languages.contains(&language)
    }
}

/// A rule with its number in the order of the report, and what it runs on files of one language.
type Numbered = (usize, Arc<Rule>, Arc<Program>);

impl RulePlan {
    /// Compiles what the languages need.
    pub(crate) fn new(rules: &[Arc<Rule>], languages: &[Language]) -> Self {
        let wanted: Vec<RuleLanguage> = [RuleLanguage::Generic, RuleLanguage::Regex]
            .into_iter()
            .chain(languages.iter().copied().map(RuleLanguage::Code))
            .collect();
        let compiled: Vec<(RuleLanguage, Vec<Numbered>)> = wanted
            .par_iter()
            .map(|language| {
                let mut store = PatternStore::default();
                let own = rules
                    .iter()
                    .enumerate()
                    .filter(|(_, rule)| rule.languages.contains(language))
                    .filter_map(|(index, rule)| {
                        // A fault here was reported when the rule was loaded.
                        rule.prepare(*language, &mut store).ok()?;
                        Some((index, Arc::clone(rule), rule.program(*language)?))
                    })
                    .collect();
                (*language, own)
            })
            .collect();
        let mut words = Words::default();
        let by_language = compiled
            .into_iter()
            .map(|(language, own)| {
                let ready = own
                    .into_iter()
                    .map(|(index, rule, program)| {
                        let need = words.program(&program);
                        let ends = words.ends(&program);
                        Ready { index, rule, program, need, ends }
                    })
                    .collect();
                (language, ready)
            })
            .collect();
        Self { by_language, prefilter: Prefilter::new(&words) }
    }

    pub(crate) fn present(&self, bytes: &[u8]) -> Present {
        self.prefilter.present(bytes)
    }

    /// Rules for a file: those with a grammar, then those over plain text.
    pub(crate) fn select<'p>(&'p self, file: &FileEntry, present: &Present) -> Selected<'p> {
        let pick = |language: RuleLanguage| -> Vec<&'p Ready> {
            let all = self.by_language.get(&language).map_or(&[][..], Vec::as_slice);
            all.iter()
                .filter(|ready| present.meets(&ready.need) && ready.rule.filter.admits(file.path.as_str()))
                .collect()
        };
        Selected {
            code: file.language.map(|language| pick(RuleLanguage::Code(language))).unwrap_or_default(),
            generic: pick(RuleLanguage::Generic),
            regex: pick(RuleLanguage::Regex),
        }
    }

    /// Taint rules for a language.
    pub(crate) fn taint_rules(&self, language: Language) -> impl Iterator<Item = &Ready> {
        self.by_language
            .get(&RuleLanguage::Code(language))
            .into_iter()
            .flatten()
            .filter(|ready| ready.ends.is_some())
    }
}

/// The rules chosen for one file.
#[derive(Debug)]
pub(crate) struct Selected<'p> {
    pub(crate) code: Vec<&'p Ready>,
    pub(crate) generic: Vec<&'p Ready>,
    pub(crate) regex: Vec<&'p Ready>,
}

impl Selected<'_> {
    pub(crate) const fn is_empty(&self) -> bool {
        self.code.is_empty() && self.generic.is_empty() && self.regex.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use tollgate_core::RepoPath;

    use super::*;
    use crate::rule::load;

    const RULES: &str = r#"
rules:
- id: method
  languages: [javascript]
  severity: ERROR
  message: m
  patterns: [{pattern: $X.$M($A)}, {metavariable-regex: {metavariable: $M, regex: ^(sendFile|sendStatus)$}}]
- id: either
  languages: [javascript]
  severity: ERROR
  message: m
  patterns:
  - pattern-either: [{pattern: $X.$M($A)}, {pattern: "$M + 1"}]
  - metavariable-regex: {metavariable: $M, regex: ^(sendFile|sendStatus)$}
- id: value
  languages: [javascript]
  severity: ERROR
  message: m
  patterns: [{pattern: f($A)}, {metavariable-regex: {metavariable: $A, regex: ^sendFile$}}]
"#;

    #[test]
    fn conditions_on_names_choose_files() {
        let loaded = load::parse(Path::new("rules.yaml"), RULES);
        let plan = RulePlan::new(
            &loaded.rules.into_iter().map(Arc::new).collect::<Vec<_>>(),
            &[Language::Javascript],
        );
        let file = FileEntry {
            path: RepoPath::new("a.js").unwrap(),
            absolute: "a.js".into(),
            size: 0,
            language: Some(Language::Javascript),
            changed: true,
            generated: false,
        };
        let chosen = |text: &str| -> Vec<String> {
            let selected = plan.select(&file, &plan.present(text.as_bytes()));
            selected.code.iter().map(|ready| ready.rule.id().to_string()).collect()
        };
        // A value may be put together from parts, a name may not.
        assert_eq!(chosen("res.send(1); f('send' + 'File')"), ["either", "value"]);
        assert_eq!(chosen("res.sendStatus(1); f()"), ["method", "either", "value"]);
    }
}
