//! Rules as their author wrote them: the shape of the file, with a place for all that can be wrong.

use std::collections::BTreeMap;
use std::sync::Arc;

use tollgate_core::Language;

use crate::rule::error::Place;
use crate::rule::yaml::Node;

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct At<T> {
    pub(crate) place: Place,
    pub(crate) value: T,
}

/// A text with the node it came from, so that a fault inside it can be placed.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    pub(crate) node: Node,
}

impl Text {
    pub(crate) fn as_str(&self) -> &str {
        self.node.text().unwrap_or_default()
    }
}

/// What a rule's patterns are read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RuleLanguage {
    /// A language with a grammar.
    Code(Language),
    /// Token sequences in any text.
    Generic,
    /// Regular expressions over any text.
    Regex,
}

impl RuleLanguage {
    /// The name used in `languages:`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Code(language) => language.name(),
            Self::Generic => "generic",
            Self::Regex => "regex",
        }
    }
}

/// A rule as written.
#[derive(Debug, Clone)]
pub(crate) struct RuleSyntax {
    pub(crate) place: Place,
    pub(crate) id: At<String>,
    pub(crate) languages: Vec<RuleLanguage>,
    pub(crate) message: String,
    pub(crate) severity: At<String>,
    pub(crate) metadata: Option<Node>,
    pub(crate) paths: PathsSyntax,
    pub(crate) options: OptionsSyntax,
    pub(crate) fix: Option<String>,
    pub(crate) fix_regex: Option<FixRegexSyntax>,
    pub(crate) mode: Mode,
    pub(crate) uses: Vec<Use>,
}

/// A `use` of a library entry.
#[derive(Debug, Clone)]
pub(crate) struct Use {
    /// Its line in the rule file.
    pub(crate) line: u32,
    /// The entry.
    pub(crate) name: String,
    /// The items it stands for, as YAML.
    pub(crate) text: Arc<str>,
}

/// How a rule looks for flaws.
#[derive(Debug, Clone)]
pub(crate) enum Mode {
    Search(Formula),
    Taint(Box<TaintSyntax>),
}

/// `paths:`.
#[derive(Debug, Clone, Default)]
pub(crate) struct PathsSyntax {
    pub(crate) include: Vec<At<String>>,
    pub(crate) exclude: Vec<At<String>>,
}

/// `options:`, by name; values as text.
#[derive(Debug, Clone, Default)]
pub(crate) struct OptionsSyntax {
    pub(crate) values: BTreeMap<String, At<String>>,
}

impl OptionsSyntax {
    pub(crate) fn flag(&self, name: &str, default: bool) -> bool {
        self.values.get(name).map_or(default, |value| value.value == "true")
    }

    pub(crate) fn number(&self, name: &str) -> Option<u32> {
        self.values.get(name)?.value.parse().ok()
    }
}

/// `fix-regex:`.
#[derive(Debug, Clone)]
pub(crate) struct FixRegexSyntax {
    pub(crate) regex: Text,
    pub(crate) replacement: String,
    pub(crate) count: Option<usize>,
}

/// A formula: an operator, its operands, and what is asked of each match.
#[derive(Debug, Clone)]
pub(crate) struct Formula {
    pub(crate) place: Place,
    /// The key that wrote it, for messages.
    pub(crate) key: &'static str,
    pub(crate) operator: Operator,
    pub(crate) conditions: Vec<Condition>,
    /// Clauses of `focus-metavariable`: a union inside a clause, an intersection of clauses.
    pub(crate) focus: Vec<At<Vec<String>>>,
}

/// The operators of formulas.
#[derive(Debug, Clone)]
pub(crate) enum Operator {
    Pattern(Text),
    Regex(Text),
    All(Vec<Formula>),
    Any(Vec<Formula>),
    Not(Box<Formula>),
    Inside(Box<Formula>),
    Anywhere(Box<Formula>),
}

/// A condition on the metavariables of a match.
#[derive(Debug, Clone)]
pub(crate) struct Condition {
    pub(crate) place: Place,
    pub(crate) test: Test,
}

/// What a condition asks.
#[derive(Debug, Clone)]
pub(crate) enum Test {
    Regex { metavariable: String, regex: Text, constants: bool },
    Pattern { metavariable: String, language: Option<RuleLanguage>, formula: Box<Formula> },
    Comparison { metavariable: Option<String>, comparison: Text, strip: bool, base: Option<u32> },
    Analysis { metavariable: String, analyzer: Analyzer },
    Type { metavariable: String, types: Vec<Text> },
}

impl Test {
    pub(crate) const fn key(&self) -> &'static str {
        match self {
            Self::Regex { .. } => "metavariable-regex",
            Self::Pattern { .. } => "metavariable-pattern",
            Self::Comparison { .. } => "metavariable-comparison",
            Self::Analysis { .. } => "metavariable-analysis",
            Self::Type { .. } => "metavariable-type",
        }
    }
}

/// Analyses of `metavariable-analysis`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Analyzer {
    Entropy,
    EntropyV2,
    Redos,
}

/// A rule in taint mode.
#[derive(Debug, Clone, Default)]
pub(crate) struct TaintSyntax {
    pub(crate) sources: Vec<SourceSyntax>,
    pub(crate) sinks: Vec<SinkSyntax>,
    pub(crate) sanitizers: Vec<SanitizerSyntax>,
    pub(crate) propagators: Vec<PropagatorSyntax>,
}

/// Whether a match acts on the variable from then on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SideEffect {
    /// Only on that expression.
    #[default]
    No,
    /// On the variable too.
    Yes,
    /// Only on the variable.
    Only,
}

#[derive(Debug, Clone)]
pub(crate) struct SourceSyntax {
    pub(crate) formula: Formula,
    pub(crate) exact: bool,
    pub(crate) by_side_effect: SideEffect,
    pub(crate) control: bool,
    pub(crate) label: Option<String>,
    pub(crate) requires: Option<Text>,
}

#[derive(Debug, Clone)]
pub(crate) struct SinkSyntax {
    pub(crate) formula: Formula,
    pub(crate) exact: bool,
    pub(crate) at_exit: bool,
    pub(crate) requires: Option<RequiresSyntax>,
}

/// `requires` of a sink: one expression, or one for each metavariable.
#[derive(Debug, Clone)]
pub(crate) enum RequiresSyntax {
    Whole(Text),
    Each(Vec<(String, Text)>),
}

#[derive(Debug, Clone)]
pub(crate) struct SanitizerSyntax {
    pub(crate) formula: Formula,
    pub(crate) exact: bool,
    pub(crate) by_side_effect: SideEffect,
    pub(crate) not_conflicting: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct PropagatorSyntax {
    pub(crate) formula: Formula,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) by_side_effect: bool,
    pub(crate) label: Option<String>,
    pub(crate) replace_labels: Option<Vec<String>>,
    pub(crate) requires: Option<Text>,
}
