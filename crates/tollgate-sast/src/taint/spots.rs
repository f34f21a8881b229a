//! Where a rule's sources, sinks, sanitizers and propagators match in a file.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::eval::{Found, Scope, evaluate};
use crate::matching::{Binding, Bindings, Matcher, ParsedFile, Span, Value};
use crate::rule::compile::{Query, SinkRequires, TaintQuery};
use crate::rule::syntax::SideEffect;
use crate::tree::{Kind, NodeId, Role};

/// More matches than this of one part of a rule are left aside.
const MAX_SPOTS: usize = 4_000;
/// Further statements of a match are no sinks of their own.
const MAX_STATEMENTS: usize = 100;

/// A match of one of the rule's parts.
#[derive(Debug)]
pub(crate) struct Spot {
    /// The number of the part in the rule.
    pub(super) part: usize,
    /// As reported.
    pub(super) span: Span,
    /// Without a closing `;`.
    pub(super) own: Span,
    /// What lies in it counts as well: less than `own` where a match leaves out how something is declared.
    inner: Span,
    pub(super) bindings: Bindings,
    exact: bool,
    /// The statements of a match of several.
    statements: Vec<Span>,
}

impl Spot {
    /// Whether only the whole match counts, not what lies in it.
    pub(super) const fn is_exact(&self) -> bool {
        self.exact
    }

    /// Whether a span is the whole match, or a whole statement of it.
    pub(super) fn is_whole(&self, span: Span) -> bool {
        self.own == span || self.statements.contains(&span)
    }
}

/// Matches, found by span.
#[derive(Debug, Default)]
pub(crate) struct Spots {
    pub(super) all: Vec<Spot>,
    equal: FxHashMap<Span, Vec<u32>>,
    /// Those that also count inside, by start; with the greatest end so far.
    around: Vec<(Span, u32, u32)>,
}

impl Spots {
    fn new(parts: impl Iterator<Item = (usize, bool, Vec<Found>)>, scope: &Scope<'_>) -> Self {
        let text = scope.text;
        let mut spots = Self::default();
        for (part, exact, found) in parts {
            for range in found.into_iter().take(MAX_SPOTS) {
                let own = trimmed(whole(range.span, range.node, scope), text);
                let statements = if exact { statements(own, range.node, scope) } else { Vec::new() };
                let bindings = range.bindings;
                let inner = trimmed(range.span, text);
                spots.all.push(Spot { part, span: range.span, own, inner, bindings, exact, statements });
            }
        }
        spots.index();
        spots
    }

    fn index(&mut self) {
        self.equal.clear();
        self.around.clear();
        for (at, spot) in self.all.iter().enumerate() {
            let at = at as u32;
            self.equal.entry(spot.own).or_default().push(at);
            for span in &spot.statements {
                self.equal.entry(*span).or_default().push(at);
            }
            if !spot.exact {
                self.around.push((spot.inner, at, 0));
            }
        }
        self.around.sort_unstable();
        let mut greatest = 0;
        for (span, _, end) in &mut self.around {
            greatest = greatest.max(span.end);
            *end = greatest;
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub(super) fn spot(&self, at: u32) -> &Spot {
        &self.all[at as usize]
    }

    /// The matches that are this span.
    pub(super) fn equal(&self, span: Span) -> &[u32] {
        self.equal.get(&span).map_or(&[], Vec::as_slice)
    }

    /// The matches that a node counts for: those equal to it, and those around it that are not exact.
    pub(super) fn of(&self, span: Span) -> Vec<u32> {
        let mut found = self.equal(span).to_vec();
        let limit = self.around.partition_point(|(own, ..)| own.start <= span.start);
        for (own, at, greatest) in self.around[..limit].iter().rev() {
            if *greatest < span.end {
                break;
            }
            if own.end >= span.end && *own != span {
                found.push(*at);
            }
        }
        found
    }

    /// Whether any match lies in the span.
    pub(super) fn any_in(&self, span: Span) -> bool {
        self.all.iter().any(|spot| span.contains(spot.own))
    }
}

/// Where what a metavariable stands for begins and ends, without parentheses around it.
pub(super) fn bound(binding: &Binding, file: Option<&ParsedFile>) -> Span {
    match (&binding.value, file) {
        (Value::Node(node), Some(file)) => file.span(*node),
        _ => binding.span,
    }
}

/// Of a declaration, of which a match covers the name and its value, all of it.
fn whole(span: Span, node: Option<NodeId>, scope: &Scope<'_>) -> Span {
    let (Some(node), Some(matcher)) = (node, scope.matcher) else { return span };
    let file = matcher.file();
    let assigns = || file.tree().node(node).kind == Kind::Assign && file.assigned_span(node) == Some(span);
    if span == file.outer(node) || assigns() { file.span(node) } else { span }
}

/// The statements of a match that is no single node, the outermost that lie wholly in it.
fn statements(own: Span, first: Option<NodeId>, scope: &Scope<'_>) -> Vec<Span> {
    let (Some(first), Some(matcher)) = (first, scope.matcher) else { return Vec::new() };
    let file = matcher.file();
    let tree = file.tree();
    let mut found = Vec::new();
    if trimmed(file.span(first), scope.text).end >= own.end {
        return found;
    }
    let mut at = first.number();
    while at < file.names().first_virtual() && found.len() < MAX_STATEMENTS {
        let node = tree.node(NodeId(at));
        let span = trimmed(file.span(NodeId(at)), scope.text);
        if span.start >= own.end {
            break;
        }
        let whole = node.role == Role::Stmt && span.end <= own.end;
        if whole {
            found.push(span);
        }
        at = if whole { node.next } else { at + 1 };
    }
    found
}

/// A span without closing `;` and blanks.
pub(super) fn trimmed(span: Span, text: &str) -> Span {
    let inner = span.of(text).trim_end_matches(|c: char| c == ';' || c.is_whitespace());
    Span { start: span.start, end: span.start + inner.len() as u32 }
}

/// A match of a propagator.
#[derive(Debug)]
pub(crate) struct Passage {
    pub(super) part: usize,
    pub(super) to: Span,
    pub(super) to_node: Option<crate::matching::NodeId>,
}

/// All matches of a rule.
#[derive(Debug)]
pub(crate) struct Matches {
    pub(crate) sources: Spots,
    pub(super) sinks: Spots,
    pub(super) sanitizers: Spots,
    pub(super) passages: Vec<Passage>,
    pub(super) from: FxHashMap<Span, Vec<u32>>,
    pub(super) to: FxHashMap<Span, Vec<u32>>,
    /// Spans whose taint a sink asks for by metavariable.
    pub(super) watched: FxHashSet<Span>,
}

/// One end of a flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Source,
    Sink,
}

/// Whether a file has a sink of a rule.
pub(crate) fn has_sink(query: &TaintQuery, scope: &Scope<'_>) -> bool {
    query.sinks.iter().any(|sink| !evaluate(&sink.query, scope).is_empty())
}

impl Matches {
    /// All matches.
    ///
    /// # Errors
    /// The end that is missing, unless other files may have them.
    pub(crate) fn find(query: &TaintQuery, scope: &Scope<'_>, partial: bool) -> Result<Self, End> {
        let of = |query: &Query| evaluate(query, scope);
        let sinks = Spots::new(
            query.sinks.iter().enumerate().map(|(at, sink)| (at, sink.exact, of(&sink.query))),
            scope,
        );
        if sinks.is_empty() && !partial {
            return Err(End::Sink);
        }
        let sources = Spots::new(
            query.sources.iter().enumerate().map(|(at, source)| (at, source.exact, of(&source.query))),
            scope,
        );
        if sources.is_empty() && !partial {
            return Err(End::Source);
        }
        let mut sanitizers = Spots::new(
            query.sanitizers.iter().enumerate().map(|(at, own)| (at, own.exact, of(&own.query))),
            scope,
        );
        sanitizers.all.retain(|spot| {
            let conflicts = || !sinks.equal(spot.own).is_empty() || !sources.equal(spot.own).is_empty();
            !(query.sanitizers[spot.part].not_conflicting && conflicts())
        });
        sanitizers.index();
        let file = scope.matcher.map(Matcher::file);
        let mut matches = Self {
            sources,
            sinks,
            sanitizers,
            passages: Vec::new(),
            from: FxHashMap::default(),
            to: FxHashMap::default(),
            watched: FxHashSet::default(),
        };
        for (part, propagator) in query.propagators.iter().enumerate() {
            for range in of(&propagator.query).into_iter().take(MAX_SPOTS) {
                let (Some(from), Some(to)) =
                    (range.bindings.get(&propagator.from), range.bindings.get(&propagator.to))
                else {
                    continue;
                };
                let at = matches.passages.len() as u32;
                let to_node = match &to.value {
                    Value::Node(node) => Some(*node),
                    _ => None,
                };
                let to = bound(to, file);
                matches.from.entry(bound(from, file)).or_default().push(at);
                matches.to.entry(to).or_default().push(at);
                matches.passages.push(Passage { part, to, to_node });
            }
        }
        for spot in &matches.sinks.all {
            if let Some(SinkRequires::Each(each)) = &query.sinks[spot.part].requires {
                for (name, _) in each {
                    if let Some(binding) = spot.bindings.get(name) {
                        matches.watched.insert(bound(binding, file));
                    }
                }
            }
        }
        Ok(matches)
    }

    pub(super) fn is_clean(&self, query: &TaintQuery, span: Span) -> bool {
        !self.sanitizers.is_empty()
            && self
                .sanitizers
                .of(span)
                .iter()
                .any(|at| query.sanitizers[self.sanitizers.spot(*at).part].by_side_effect != SideEffect::Only)
    }
}
