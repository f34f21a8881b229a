//! Ranges and how conjunctions and negations combine them.

use crate::eval::{Scope, joined};
use crate::matching::{Bindings, NodeId, Span};

/// Below this many pairs looking at each is cheapest.
const FEW_PAIRS: usize = 2_048;

/// A stretch of the file that a formula found.
#[derive(Debug, Clone, PartialEq)]
pub struct Range {
    /// Where.
    pub span: Span,
    /// What the metavariables stand for.
    pub bindings: Bindings,
    /// The node, where the range is one.
    pub node: Option<NodeId>,
    /// Where it ends when `...` at the end of its pattern stands for nothing.
    pub(crate) least_end: u32,
    pub(crate) kind: Kind,
    /// A regular expression found it.
    pub(crate) regex: bool,
}

/// What a range is good for in a conjunction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// It is a result.
    Plain,
    /// It only encloses results.
    Inside,
    /// It must exist somewhere.
    Anywhere,
}

impl Range {
    pub(crate) const fn plain(span: Span, bindings: Bindings, node: Option<NodeId>) -> Self {
        Self { span, bindings, node, least_end: span.end, kind: Kind::Plain, regex: false }
    }
}

/// Sorts by span and drops doubles.
pub(crate) fn normalise(found: &mut Vec<Range>) {
    if found.len() < 2 {
        return;
    }
    found.sort_by_key(|range| (range.span, range.kind));
    let mut kept: Vec<Range> = Vec::with_capacity(found.len());
    for range in found.drain(..) {
        let double = kept
            .iter()
            .rev()
            .take_while(|other| other.span == range.span)
            .take(64)
            .any(|other| other.kind == range.kind && other.bindings == range.bindings);
        if !double {
            kept.push(range);
        }
    }
    *found = kept;
}

/// Whether `a` lies in `b` and may: an enclosing range is never the smaller part of a result.
fn lies_in(a: &Range, b: &Range, scope: &Scope<'_>) -> bool {
    let spans = b.kind == Kind::Anywhere || b.span.contains(a.span);
    spans && (a.kind == Kind::Plain || b.kind != Kind::Plain) && scope.agree(&a.bindings, &b.bindings)
}

/// The smaller ranges of all pairs of which one lies in the other.
pub(crate) fn intersect(a: &[Range], b: &[Range], scope: &Scope<'_>) -> Vec<Range> {
    let mut kept = Vec::new();
    smaller_of(a, b, scope, &mut kept);
    smaller_of(b, a, scope, &mut kept);
    normalise(&mut kept);
    kept
}

fn smaller_of(inner: &[Range], outer: &[Range], scope: &Scope<'_>, kept: &mut Vec<Range>) {
    let mut merge = |a: &Range, b: &Range| {
        if lies_in(a, b, scope) {
            let bindings = joined(&a.bindings, &b.bindings);
            kept.push(Range { bindings, ..a.clone() });
        }
    };
    if inner.len().saturating_mul(outer.len()) <= FEW_PAIRS
        || outer.iter().any(|range| range.kind == Kind::Anywhere)
    {
        for a in inner {
            for b in outer {
                merge(a, b);
            }
        }
        return;
    }
    let index = Enclosing::new(outer);
    for a in inner {
        if scope.cancel.is_cancelled() {
            break;
        }
        index.each(a.span, &mut |b| {
            merge(a, b);
            false
        });
    }
}

/// The ranges that no negative takes away.
pub(crate) fn subtract(found: &[Range], taken: &[Range], scope: &Scope<'_>) -> Vec<Range> {
    let few = found.len().saturating_mul(taken.len()) <= FEW_PAIRS;
    let special = taken.iter().any(|range| range.regex || range.kind == Kind::Anywhere);
    let index = (!few && !special).then(|| Enclosing::new(taken));
    found
        .iter()
        .filter(|x| match &index {
            Some(index) => !index.each(x.span, &mut |y| takes(x, y, scope)),
            None => !taken.iter().any(|y| takes(x, y, scope)),
        })
        .cloned()
        .collect()
}

fn takes(x: &Range, y: &Range, scope: &Scope<'_>) -> bool {
    let spans = match y.kind {
        Kind::Anywhere => true,
        Kind::Inside => y.span.contains(x.span),
        Kind::Plain if y.regex => y.span.contains(x.span) || x.span.contains(y.span),
        Kind::Plain => x.span.start == y.span.start && (y.least_end..=y.span.end).contains(&x.span.end),
    };
    spans && scope.agree(&x.bindings, &y.bindings)
}

/// Ranges by start, with a tree of their ends, so that those around a span are found without looking at
/// all.
struct Enclosing<'r> {
    sorted: Vec<&'r Range>,
    /// A complete binary tree in an array: greatest end below each node.
    ends: Vec<u32>,
    leaves: usize,
}

impl<'r> Enclosing<'r> {
    fn new(ranges: &'r [Range]) -> Self {
        let mut sorted: Vec<&Range> = ranges.iter().collect();
        sorted.sort_by_key(|range| range.span);
        let leaves = sorted.len().next_power_of_two();
        let mut ends = vec![0; 2 * leaves];
        for (at, range) in sorted.iter().enumerate() {
            // An end is stored plus one, so that zero stands for no range.
            ends[leaves + at] = range.span.end.saturating_add(1);
        }
        for at in (1..leaves).rev() {
            ends[at] = ends[2 * at].max(ends[2 * at + 1]);
        }
        Self { sorted, ends, leaves }
    }

    /// Calls `visit` for each range around `span` until it says true.
    fn each(&self, span: Span, visit: &mut dyn FnMut(&'r Range) -> bool) -> bool {
        let limit = self.sorted.partition_point(|range| range.span.start <= span.start);
        let mut open = vec![(1_usize, 0_usize, self.leaves)];
        while let Some((node, first, size)) = open.pop() {
            if first >= limit || self.ends[node] <= span.end {
                continue;
            }
            if size == 1 {
                if visit(self.sorted[first]) {
                    return true;
                }
                continue;
            }
            let half = size / 2;
            open.push((2 * node + 1, first + half, half));
            open.push((2 * node, first, half));
        }
        false
    }
}
