//! From a rule as written to queries the engine runs, for one language.

use std::sync::Arc;

use tollgate_core::Language;

use crate::eval::comparison::Comparison;
use crate::generic::regexes::{Anchoring, Regex};
use crate::generic::tokens::{TokenOptions, TokenPattern};
use crate::matching::{Metavar, Pattern, PatternStore};
use crate::rule::error::{Problem, RuleError, SourceFile};
use crate::rule::options::RuleOptions;
use crate::rule::requires::Requires;
use crate::rule::syntax::{
    Analyzer, Condition, Formula, Mode, Operator, RequiresSyntax, RuleLanguage, SideEffect, TaintSyntax,
    Test, Text,
};

/// A compiled formula.
#[derive(Debug, Clone)]
pub struct Query {
    /// The key it was written under, for explanations.
    pub(crate) key: &'static str,
    /// Line of the rule file.
    pub(crate) line: u32,
    /// Operator and operands.
    pub kind: QueryKind,
    pub(crate) checks: Vec<Check>,
    /// Clauses of `focus-metavariable`: a union inside a clause, an intersection of clauses.
    pub focus: Vec<Vec<Metavar>>,
}

/// Operators of compiled formulas.
#[derive(Debug, Clone)]
pub enum QueryKind {
    /// A pattern of the language.
    Pattern(Pattern),
    /// A regular expression over the text.
    Regex(RegexLeaf),
    /// A token sequence over the text.
    Tokens(TokenLeaf),
    /// All positives and none of the negatives.
    All {
        /// What must be there; ranges that only enclose come last.
        positives: Vec<Query>,
        /// What must not.
        negatives: Vec<Query>,
    },
    /// Any of them.
    Any(Vec<Query>),
    /// Its ranges only enclose.
    Inside(Box<Query>),
    /// It must be somewhere in the file.
    Anywhere(Box<Query>),
}

/// A compiled regular expression.
#[derive(Debug, Clone)]
pub struct RegexLeaf(pub(crate) Regex);

/// A compiled token sequence.
#[derive(Debug, Clone)]
pub struct TokenLeaf(pub(crate) Arc<TokenPattern>);

/// A compiled condition.
#[derive(Debug, Clone)]
pub(crate) struct Check {
    pub(crate) key: &'static str,
    pub(crate) line: u32,
    pub(crate) kind: CheckKind,
    /// Whether what it asks about is always a name as written, so that it may be asked as soon as it is bound.
    pub(crate) on_name: bool,
}

impl Query {
    /// Whether it finds each parameter of each function, where the metavariable given is what is reported.
    fn is_any_parameter(&self, focus: Option<&Metavar>) -> bool {
        let focus = match (&self.focus[..], focus) {
            ([], outer) => outer,
            ([clause], None) if clause.len() == 1 => Some(&clause[0]),
            _ => return false,
        };
        if !self.checks.is_empty() {
            return false;
        }
        match &self.kind {
            QueryKind::Pattern(pattern) => focus.is_some() && pattern.any_parameter() == focus,
            QueryKind::Any(operands) => operands.iter().any(|operand| operand.is_any_parameter(focus)),
            QueryKind::All { positives, negatives } => {
                matches!(&positives[..], [only] if negatives.is_empty() && only.is_any_parameter(focus))
            }
            QueryKind::Inside(inner) => inner.is_any_parameter(focus),
            QueryKind::Regex(_) | QueryKind::Tokens(_) | QueryKind::Anywhere(_) => false,
        }
    }

    /// Whether a metavariable is only ever bound to a name as written; nothing when it is not bound here.
    fn is_name(&self, metavariable: &str) -> Option<bool> {
        let both = |operands: &[Self]| {
            operands.iter().filter_map(|operand| operand.is_name(metavariable)).reduce(|a, b| a && b)
        };
        let own = match &self.kind {
            QueryKind::Pattern(pattern) => pattern.is_name(metavariable),
            QueryKind::Regex(regex) => {
                regex.0.metavariables().iter().any(|own| own == metavariable).then_some(false)
            }
            QueryKind::Tokens(tokens) => tokens.0.binds(metavariable).then_some(false),
            QueryKind::Any(operands) | QueryKind::All { positives: operands, .. } => both(operands),
            QueryKind::Inside(inner) | QueryKind::Anywhere(inner) => inner.is_name(metavariable),
        };
        let binds = |check: &Check| match &check.kind {
            CheckKind::Pattern { query, .. } => query.is_name(metavariable).is_some(),
            _ => false,
        };
        if self.checks.iter().any(binds) { Some(false) } else { own }
    }
}

#[derive(Debug, Clone)]
pub(crate) enum CheckKind {
    Regex { metavariable: Metavar, regex: Regex, constants: bool },
    Pattern { metavariable: Metavar, language: Option<RuleLanguage>, query: Box<Query> },
    Comparison { metavariable: Option<Metavar>, comparison: Arc<Comparison>, strip: bool, base: Option<u32> },
    Analysis { metavariable: Metavar, analyzer: Analyzer },
    Type { metavariable: Metavar, types: Vec<String> },
}

/// A compiled taint rule.
#[derive(Debug, Clone)]
pub struct TaintQuery {
    /// Where taint comes in.
    pub sources: Vec<SourceQuery>,
    /// Where it does harm.
    pub sinks: Vec<SinkQuery>,
    /// What removes it.
    pub sanitizers: Vec<SanitizerQuery>,
    /// What passes it on.
    pub propagators: Vec<PropagatorQuery>,
}

impl TaintQuery {
    /// Whether each parameter of each function is a source.
    pub(crate) fn takes_any_parameter(&self) -> bool {
        self.sources.iter().any(|source| {
            source.label.is_none() && source.requires.is_none() && source.query.is_any_parameter(None)
        })
    }
}

/// A source of taint.
#[derive(Debug, Clone)]
pub struct SourceQuery {
    /// Where it matches.
    pub query: Query,
    /// Only the whole match is a source, not what lies inside it.
    pub exact: bool,
    /// Whether the matched variable stays tainted.
    pub by_side_effect: SideEffect,
    /// A source of control flow rather than data.
    pub control: bool,
    /// Label of its taint; `None` is the label `__SOURCE__`.
    pub label: Option<String>,
    /// Labels the matched expression must already have.
    pub requires: Option<Requires>,
}

/// A sink of taint.
#[derive(Debug, Clone)]
pub struct SinkQuery {
    /// Where it matches.
    pub query: Query,
    /// Only the whole match and its call arguments are sinks.
    pub exact: bool,
    /// Only at the exit of a function.
    pub at_exit: bool,
    /// Labels the taint must have.
    pub requires: Option<SinkRequires>,
}

/// What labels a sink asks for.
#[derive(Debug, Clone)]
pub enum SinkRequires {
    /// Of the taint that reaches it.
    Whole(Requires),
    /// Of the taint in each of these metavariables.
    Each(Vec<(Metavar, Requires)>),
}

/// A sanitizer.
#[derive(Debug, Clone)]
pub struct SanitizerQuery {
    /// Where it matches.
    pub query: Query,
    /// Only the whole match is clean, not what lies inside it.
    pub exact: bool,
    /// Whether the matched variable stays clean.
    pub by_side_effect: SideEffect,
    /// Matches that equal a source or sink do not count.
    pub not_conflicting: bool,
}

/// A propagator.
#[derive(Debug, Clone)]
pub struct PropagatorQuery {
    /// Where it matches.
    pub query: Query,
    /// Taint of this one …
    pub from: Metavar,
    /// … goes to this one.
    pub to: Metavar,
    /// Whether the variable behind `to` stays tainted.
    pub by_side_effect: bool,
    /// New label.
    pub label: Option<String>,
    /// Labels that are replaced by the new one.
    pub replace_labels: Option<Vec<String>>,
    /// Labels the taint must have to be passed on.
    pub requires: Option<Requires>,
}

/// What a rule runs on files of one language.
#[derive(Debug, Clone)]
pub enum Program {
    /// A search.
    Search(Query),
    /// Taint tracking.
    Taint(Box<TaintQuery>),
}

/// Compiles a rule for one of its languages.
pub(crate) fn program(
    mode: &Mode,
    language: RuleLanguage,
    options: &RuleOptions,
    file: &SourceFile,
    rule: &str,
    store: &mut PatternStore,
) -> Result<Program, Vec<RuleError>> {
    let mut compiler = Compiler { language, options, file, rule, store, errors: Vec::new() };
    let program = match mode {
        Mode::Search(formula) => compiler.query(formula).map(Program::Search),
        Mode::Taint(taint) => compiler.taint(taint).map(|taint| Program::Taint(Box::new(taint))),
    };
    match program {
        Some(program) if compiler.errors.is_empty() => Ok(program),
        _ => Err(compiler.errors),
    }
}

struct Compiler<'a> {
    language: RuleLanguage,
    options: &'a RuleOptions,
    file: &'a SourceFile,
    rule: &'a str,
    store: &'a mut PatternStore,
    errors: Vec<RuleError>,
}

impl Compiler<'_> {
    fn fault(&mut self, place: crate::rule::error::Place, problem: Problem) {
        self.errors.push(self.file.error(place, Some(self.rule), problem));
    }

    fn query(&mut self, formula: &Formula) -> Option<Query> {
        let kind = match &formula.operator {
            Operator::Pattern(text) => Some(self.pattern(text)?),
            Operator::Regex(text) => Some(QueryKind::Regex(RegexLeaf(self.regex(text, Anchoring::Search)?))),
            Operator::Any(operands) => {
                let compiled: Vec<Option<Query>> =
                    operands.iter().map(|operand| self.query(operand)).collect();
                compiled.into_iter().collect::<Option<Vec<_>>>().map(QueryKind::Any)
            }
            Operator::All(operands) => self.all(operands),
            Operator::Inside(inner) => Some(QueryKind::Inside(Box::new(self.query(inner)?))),
            Operator::Anywhere(inner) => Some(QueryKind::Anywhere(Box::new(self.query(inner)?))),
            Operator::Not(_) => {
                // Alone, as in a metavariable-pattern: everything but that.
                self.all(std::slice::from_ref(formula))
            }
        };
        let checks: Vec<Option<Check>> =
            formula.conditions.iter().map(|condition| self.check(condition)).collect();
        let checks = checks.into_iter().collect::<Option<Vec<_>>>()?;
        let focus = formula
            .focus
            .iter()
            .map(|clause| clause.value.iter().map(|name| Metavar::from(name.as_str())).collect())
            .collect();
        let mut query = Query { key: formula.key, line: formula.place.line, kind: kind?, checks, focus };
        for at in 0..query.checks.len() {
            if let CheckKind::Regex { metavariable, .. } = &query.checks[at].kind {
                query.checks[at].on_name = query.is_name(metavariable) == Some(true);
            }
        }
        Some(query)
    }

    fn all(&mut self, operands: &[Formula]) -> Option<QueryKind> {
        let (mut positives, mut enclosing, mut negatives) = (Vec::new(), Vec::new(), Vec::new());
        let mut whole = true;
        for operand in operands {
            let (inner, negative) = match &operand.operator {
                Operator::Not(inner) => (&**inner, true),
                _ => (operand, false),
            };
            let Some(mut query) = self.query(inner) else {
                whole = false;
                continue;
            };
            if negative {
                query.key = operand.key;
                negatives.push(query);
            } else if matches!(query.kind, QueryKind::Inside(_) | QueryKind::Anywhere(_)) {
                enclosing.push(query);
            } else {
                positives.push(query);
            }
        }
        // What stands for any expression is looked for last, where something else was found.
        let (bare, mut positives): (Vec<Query>, Vec<Query>) =
            positives.into_iter().partition(|query| match &query.kind {
                QueryKind::Pattern(pattern) => pattern.is_bare(),
                _ => false,
            });
        positives.append(&mut enclosing);
        positives.extend(bare);
        whole.then_some(QueryKind::All { positives, negatives })
    }

    fn pattern(&mut self, text: &Text) -> Option<QueryKind> {
        match self.language {
            RuleLanguage::Code(language) => {
                match self.store.compile(language, text.as_str(), &self.options.patterns) {
                    Ok(pattern) => Some(QueryKind::Pattern(pattern)),
                    Err(error) => {
                        let place = text.node.place_inside(self.file, error.offset, 1);
                        let problem =
                            Problem::Pattern { language: language.name().to_owned(), message: error.message };
                        self.fault(place, problem);
                        None
                    }
                }
            }
            RuleLanguage::Generic => {
                let options = TokenOptions {
                    max_span: match (self.options.generic_flat, self.options.generic_multiline) {
                        (false, _) => self.options.generic_ellipsis_max_span,
                        (true, false) => 0,
                        (true, true) => u32::MAX,
                    },
                    caseless: self.options.generic_caseless,
                    flat: self.options.generic_flat,
                    comments: self.options.generic_comments,
                };
                match TokenPattern::new(text.as_str(), &options) {
                    Ok(pattern) => Some(QueryKind::Tokens(TokenLeaf(Arc::new(pattern)))),
                    Err(message) => {
                        let problem = Problem::Pattern { language: "generic".to_owned(), message };
                        self.fault(text.node.place, problem);
                        None
                    }
                }
            }
            // The only kind of pattern such rules have.
            RuleLanguage::Regex => Some(QueryKind::Regex(RegexLeaf(self.regex(text, Anchoring::Search)?))),
        }
    }

    fn regex(&mut self, text: &Text, anchoring: Anchoring) -> Option<Regex> {
        match Regex::new(text.as_str(), anchoring) {
            Ok(regex) => Some(regex),
            Err(message) => {
                self.fault(text.node.place, Problem::Regex(message));
                None
            }
        }
    }

    fn check(&mut self, condition: &Condition) -> Option<Check> {
        let kind = match &condition.test {
            Test::Regex { metavariable, regex, constants } => CheckKind::Regex {
                metavariable: metavariable.as_str().into(),
                regex: self.regex(regex, Anchoring::Start)?,
                constants: *constants,
            },
            Test::Pattern { metavariable, language, formula } => {
                let outer = self.language;
                self.language = language.unwrap_or(outer);
                let query = self.query(formula);
                self.language = outer;
                CheckKind::Pattern {
                    metavariable: metavariable.as_str().into(),
                    language: language.filter(|language| *language != outer),
                    query: Box::new(query?),
                }
            }
            Test::Comparison { metavariable, comparison, strip, base } => {
                match Comparison::parse(comparison.as_str()) {
                    Ok(compiled) => CheckKind::Comparison {
                        metavariable: metavariable.as_deref().map(Metavar::from),
                        comparison: Arc::new(compiled),
                        strip: *strip,
                        base: *base,
                    },
                    Err(fault) => {
                        let place = comparison.node.place_inside(self.file, fault.offset, 1);
                        let problem = Problem::Expression { what: "comparison", message: fault.message };
                        self.fault(place, problem);
                        return None;
                    }
                }
            }
            Test::Analysis { metavariable, analyzer } => {
                CheckKind::Analysis { metavariable: metavariable.as_str().into(), analyzer: *analyzer }
            }
            Test::Type { metavariable, types } => CheckKind::Type {
                metavariable: metavariable.as_str().into(),
                types: types.iter().map(|text| text.as_str().trim().to_owned()).collect(),
            },
        };
        Some(Check { key: condition.test.key(), line: condition.place.line, kind, on_name: false })
    }

    fn requires(&mut self, text: &Text) -> Option<Requires> {
        match Requires::parse(text.as_str()) {
            Ok(requires) => Some(requires),
            Err(message) => {
                self.fault(text.node.place, Problem::Expression { what: "requires", message });
                None
            }
        }
    }

    fn taint(&mut self, taint: &TaintSyntax) -> Option<TaintQuery> {
        let mut compiled = TaintQuery {
            sources: Vec::new(),
            sinks: Vec::new(),
            sanitizers: Vec::new(),
            propagators: Vec::new(),
        };
        for source in &taint.sources {
            let requires = source.requires.as_ref().and_then(|text| self.requires(text));
            let Some(query) = self.query(&source.formula) else { continue };
            compiled.sources.push(SourceQuery {
                query,
                exact: source.exact,
                by_side_effect: source.by_side_effect,
                control: source.control,
                label: source.label.clone(),
                requires,
            });
        }
        for sink in &taint.sinks {
            let requires = match &sink.requires {
                None => None,
                Some(RequiresSyntax::Whole(text)) => self.requires(text).map(SinkRequires::Whole),
                Some(RequiresSyntax::Each(each)) => {
                    let each = each
                        .iter()
                        .filter_map(|(name, text)| Some((Metavar::from(name.as_str()), self.requires(text)?)))
                        .collect();
                    Some(SinkRequires::Each(each))
                }
            };
            let Some(query) = self.query(&sink.formula) else { continue };
            compiled.sinks.push(SinkQuery { query, exact: sink.exact, at_exit: sink.at_exit, requires });
        }
        for sanitizer in &taint.sanitizers {
            let Some(query) = self.query(&sanitizer.formula) else { continue };
            compiled.sanitizers.push(SanitizerQuery {
                query,
                exact: sanitizer.exact,
                by_side_effect: sanitizer.by_side_effect,
                not_conflicting: sanitizer.not_conflicting,
            });
        }
        for propagator in &taint.propagators {
            let requires = propagator.requires.as_ref().and_then(|text| self.requires(text));
            let Some(query) = self.query(&propagator.formula) else { continue };
            compiled.propagators.push(PropagatorQuery {
                query,
                from: propagator.from.as_str().into(),
                to: propagator.to.as_str().into(),
                by_side_effect: propagator.by_side_effect,
                label: propagator.label.clone(),
                replace_labels: propagator.replace_labels.clone(),
                requires,
            });
        }
        self.errors.is_empty().then_some(compiled)
    }
}

impl RuleLanguage {
    /// The language with a grammar, if it is one.
    #[must_use]
    pub const fn code(self) -> Option<Language> {
        match self {
            Self::Code(language) => Some(language),
            Self::Generic | Self::Regex => None,
        }
    }
}
