//! Reading mappings strictly: every key is known, every value has its shape, every fault its place.

use crate::rule::error::{Place, Problem, RuleError, SourceFile};
use crate::rule::library::Library;
use crate::rule::syntax::{At, Text, Use};
use crate::rule::yaml::{Node, Value};

/// Collects the faults of one file while it is read.
pub(crate) struct Reader<'a> {
    pub(crate) file: &'a SourceFile,
    pub(crate) rule: Option<String>,
    /// What `use` looks names up in.
    pub(crate) library: &'a Library,
    /// The library entry that is being read, if it is one.
    pub(crate) inside: Option<String>,
    /// What the rule that is being read has used so far.
    pub(crate) uses: Vec<Use>,
    pub(crate) errors: Vec<RuleError>,
    pub(crate) warnings: Vec<RuleError>,
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(file: &'a SourceFile, library: &'a Library) -> Self {
        Self {
            file,
            rule: None,
            library,
            inside: None,
            uses: Vec::new(),
            errors: Vec::new(),
            warnings: Vec::new(),
        }
    }

    pub(crate) fn fault(&mut self, place: Place, problem: Problem) {
        self.errors.push(self.file.error(place, self.rule.as_deref(), problem));
    }

    pub(crate) fn warn(&mut self, place: Place, problem: Problem) {
        self.warnings.push(self.file.error(place, self.rule.as_deref(), problem));
    }

    pub(crate) fn shape(&mut self, place: Place, context: &str, expected: &str) {
        let problem = Problem::WrongShape { context: context.to_owned(), expected: expected.to_owned() };
        self.fault(place, problem);
    }

    /// The entries of a mapping by key name. Keys outside `known` and repeated keys are faults.
    pub(crate) fn entries<'n>(
        &mut self,
        node: &'n Node,
        context: &'static str,
        known: &[&'static str],
    ) -> Vec<(&'static str, &'n Node, &'n Node)> {
        self.entries_besides(node, context, known, false)
    }

    /// [`Self::entries`] of a mapping that may hold what `foreign` tools read: a key that resembles no known
    /// one is passed over with a warning.
    pub(crate) fn entries_besides<'n>(
        &mut self,
        node: &'n Node,
        context: &'static str,
        known: &[&'static str],
        foreign: bool,
    ) -> Vec<(&'static str, &'n Node, &'n Node)> {
        let Value::Mapping(entries) = &node.value else {
            self.shape(node.place, context, "a mapping");
            return Vec::new();
        };
        let mut found: Vec<(&'static str, &Node, &Node)> = Vec::new();
        for (key, value) in entries {
            let Some(text) = key.text() else {
                self.shape(key.place, &format!("a key of {context}"), "a word");
                continue;
            };
            match known.iter().find(|name| **name == text) {
                None => {
                    let suggestion = suggest(text, known.iter().copied());
                    let is_foreign = foreign && suggestion.is_none();
                    let problem = Problem::UnknownKey { key: text.to_owned(), context, suggestion };
                    if is_foreign {
                        self.warn(key.place, problem);
                    } else {
                        self.fault(key.place, problem);
                    }
                }
                Some(name) if found.iter().any(|(seen, ..)| seen == name) => {
                    self.fault(key.place, Problem::DuplicateKey(text.to_owned()));
                }
                Some(name) => found.push((name, key, value)),
            }
        }
        found
    }

    pub(crate) fn string(&mut self, node: &Node, context: &str) -> Option<String> {
        let text = node.text().map(str::to_owned);
        if text.is_none() {
            self.shape(node.place, context, "a text");
        }
        text
    }

    pub(crate) fn text(&mut self, node: &Node, context: &str) -> Option<Text> {
        if node.text().is_none() {
            self.shape(node.place, context, "a text");
            return None;
        }
        Some(Text { node: node.clone() })
    }

    pub(crate) fn boolean(&mut self, node: &Node, context: &str) -> Option<bool> {
        let value = node.boolean();
        if value.is_none() {
            self.shape(node.place, context, "true or false");
        }
        value
    }

    pub(crate) fn number(&mut self, node: &Node, context: &str) -> Option<u32> {
        let value = node.text().and_then(|text| text.parse().ok());
        if value.is_none() {
            self.shape(node.place, context, "a number");
        }
        value
    }

    pub(crate) fn items<'n>(&mut self, node: &'n Node, context: &str) -> &'n [Node] {
        match &node.value {
            Value::Sequence(items) => items,
            _ => {
                self.shape(node.place, context, "a list");
                &[]
            }
        }
    }

    pub(crate) fn strings(&mut self, node: &Node, context: &str) -> Vec<At<String>> {
        if node.is_null() {
            return Vec::new();
        }
        let one = std::slice::from_ref(node);
        let items = if let Value::Sequence(items) = &node.value { items } else { one };
        items
            .iter()
            .filter_map(|item| {
                let value = self.string(item, context)?;
                Some(At { place: item.place, value })
            })
            .collect()
    }

    /// A metavariable's name, `$X` or `$...X`.
    pub(crate) fn metavariable(&mut self, node: &Node, context: &str) -> Option<String> {
        let name = self.string(node, context)?;
        let name = name.trim();
        if !is_metavariable(name) {
            self.shape(node.place, context, "a metavariable such as `$X`");
            return None;
        }
        Some(name.to_owned())
    }

    pub(crate) fn missing(&mut self, place: Place, key: &str, context: &'static str) {
        self.fault(place, Problem::MissingKey { key: key.to_owned(), context });
    }
}

/// Whether a text is a metavariable: `$X`, `$_`, `$1`, `$...ARGS`.
pub(crate) fn is_metavariable(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('$') else { return false };
    let rest = rest.strip_prefix("...").unwrap_or(rest);
    !rest.is_empty() && rest.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The known word closest to `word`, when it is close enough to be meant.
pub(crate) fn suggest<'w>(word: &str, known: impl Iterator<Item = &'w str>) -> Option<String> {
    let lower = word.to_ascii_lowercase().replace('_', "-");
    known
        .map(|candidate| (strsim::damerau_levenshtein(&lower, &candidate.replace('_', "-")), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate.to_owned())
}
