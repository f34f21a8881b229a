//! What a rule says about a node: source, sink, sanitizer, propagator.

use super::calls::RECEIVER;
use super::contexts::PARTS;
use super::engine::{Engine, Reached, Worth};
use super::foreign::FOREIGN_SINKS;
use super::spots::{bound, trimmed};
use super::state::{CONTROL, Origin, Place, Taint, Taints};
use crate::matching::Span;
use crate::rule::compile::SinkRequires;
use crate::rule::syntax::SideEffect;
use crate::tree::{Kind, NodeId, Role};

impl Engine<'_> {
    pub(super) fn is_statement(kind: Kind) -> bool {
        matches!(
            kind,
            Kind::Module
                | Kind::Block
                | Kind::ClassBody
                | Kind::If
                | Kind::While
                | Kind::DoWhile
                | Kind::For
                | Kind::ForEach
                | Kind::Try
                | Kind::Catch
                | Kind::Finally
                | Kind::With
                | Kind::Func
                | Kind::Class
                | Kind::Return
                | Kind::Throw
                | Kind::Declare
                | Kind::Case
        )
    }

    /// Taint that begins at this very node.
    pub(super) fn fresh(&self, id: NodeId, inner: &Taints) -> Taints {
        let mut fresh = Taints::none();
        let span = self.file.span(id);
        for at in self.matches.sources.of(span) {
            let source = &self.query.sources[self.matches.sources.spot(at).part];
            if source.by_side_effect == SideEffect::Only || source.control {
                continue;
            }
            if let Some(taint) = self.begun(at, inner) {
                fresh.add(taint);
            }
        }
        fresh
    }

    /// The taint of a source, when what it asks of its value holds.
    pub(super) fn begun(&self, at: u32, value: &Taints) -> Option<Taint> {
        let source = &self.query.sources[self.matches.sources.spot(at).part];
        let holds =
            source.requires.as_ref().is_none_or(|own| own.holds(&|label| self.has_label(value, label)));
        let label = || self.label(source.label.as_ref());
        holds.then(|| Taint { origin: Origin::Source(at), label: label(), trail: None })
    }

    /// Applies what the rule says about a node to its value.
    pub(super) fn settle(&mut self, id: NodeId, worth: Worth) -> Taints {
        let Worth { mut value, passed } = worth;
        let kind = self.tree.node(id).kind;
        // Matches are compared without the `;` that closes a declaration.
        let span = trimmed(self.file.span(id), self.file.text());
        let names = matches!(kind, Kind::Name | Kind::Member | Kind::Index);
        if !Self::is_statement(kind) {
            if self.matches.is_clean(self.query, span) {
                value = Taints::none();
            } else {
                let fresh = self.fresh(id, &value);
                value.join(&fresh);
            }
            if names {
                self.side_effects(id, span);
            }
            self.propagate(id, span, &mut value);
            self.pass_control(span);
        }
        if self.matches.watched.contains(&span) {
            self.watched.insert(span, value.clone());
        }
        self.check_sinks(id, span, &value, passed.as_ref());
        value
    }

    /// From a source of control on, whatever runs is tainted.
    fn pass_control(&mut self, span: Span) {
        let matches = self.matches;
        for at in matches.sources.equal(span) {
            let source = &self.query.sources[matches.sources.spot(*at).part];
            if source.control {
                let label = self.label(source.label.as_ref());
                let mut taints = Taints::none();
                taints.add(Taint { origin: Origin::Source(*at), label, trail: None });
                self.state.add(Place::of(CONTROL), &taints);
            }
        }
    }

    pub(super) fn side_effects(&mut self, id: NodeId, span: Span) {
        for at in self.matches.sanitizers.equal(span) {
            let own = &self.query.sanitizers[self.matches.sanitizers.spot(*at).part];
            if own.by_side_effect != SideEffect::No
                && let Some((place, _)) = self.place(id)
            {
                self.state.write(place, Taints::none());
            }
        }
        for at in self.matches.sources.equal(span) {
            let own = &self.query.sources[self.matches.sources.spot(*at).part];
            if own.by_side_effect == SideEffect::No {
                continue;
            }
            let Some((place, _)) = self.place(id) else { continue };
            let before = self.state.read(&place);
            if let Some(taint) = self.begun(*at, &before) {
                let mut taints = Taints::none();
                taints.add(taint);
                self.state.add(place, &taints);
            }
        }
    }

    pub(super) fn propagate(&mut self, id: NodeId, span: Span, value: &mut Taints) {
        if self.matches.passages.is_empty() {
            return;
        }
        let matches = self.matches;
        if let Some(starts) = matches.from.get(&span) {
            for at in starts {
                let passage = &matches.passages[*at as usize];
                let own = &self.query.propagators[passage.part];
                let holds =
                    own.requires.as_ref().is_none_or(|own| own.holds(&|label| self.has_label(value, label)));
                if !holds || value.is_empty() {
                    continue;
                }
                let mut carried = Taints::none();
                for taint in value.iter() {
                    let replaced = own
                        .replace_labels
                        .as_ref()
                        .is_none_or(|old| old.contains(&self.labels[taint.label as usize]));
                    let mut taint = taint.through(passage.to);
                    if own.label.is_some() && replaced {
                        taint.label = self.label(own.label.as_ref());
                    }
                    carried.add(taint);
                }
                if let Some((span, put)) = &mut self.putting
                    && *span == passage.to
                {
                    put.join(&carried);
                    continue;
                }
                if own.by_side_effect
                    && let Some(node) = passage.to_node
                    && let Some((place, _)) = self.place(node)
                {
                    self.state.pour(place, &carried);
                }
                self.passing.insert(*at, carried);
            }
        }
        if let Some(ends) = matches.to.get(&span) {
            for at in ends {
                if let Some(carried) = self.passing.get(at) {
                    value.join(carried);
                    let carried = carried.clone();
                    if self.query.propagators[matches.passages[*at as usize].part].by_side_effect
                        && let Some((place, _)) = self.place(id)
                    {
                        self.state.pour(place, &carried);
                    }
                }
            }
        }
    }

    /// What a propagator brings to a parameter.
    pub(super) fn carried_to(&self, span: Span) -> Taints {
        let mut all = Taints::none();
        for at in self.matches.to.get(&span).into_iter().flatten() {
            if let Some(carried) = self.passing.get(at) {
                all.join(carried);
            }
        }
        all
    }

    pub(super) fn check_sinks(&mut self, id: NodeId, span: Span, value: &Taints, passed: Option<&Taints>) {
        let kind = self.tree.node(id).kind;
        let matches = self.matches;
        for at in matches.sinks.of(span) {
            let spot = matches.sinks.spot(at);
            let sink = &self.query.sinks[spot.part];
            let whole = spot.is_whole(span);
            if !whole && Self::is_statement(kind) {
                continue;
            }
            let focused = !sink.query.focus.is_empty();
            if sink.at_exit && !self.is_exit(id) {
                continue;
            }
            let taints = match passed {
                Some(passed) if whole && !focused => passed,
                _ => value,
            };
            let taints = &taints.clone().with(&self.state.own(&Place::of(CONTROL)));
            let has_each = matches!(sink.requires, Some(SinkRequires::Each(_)));
            if !taints.is_empty() || has_each {
                let taints = taints.clone();
                self.reach(at, &taints);
            }
        }
    }

    /// Whether a function ends with this: it returns, throws or comes last.
    fn is_exit(&self, id: NodeId) -> bool {
        let mut at = id;
        loop {
            let node = self.tree.node(at);
            if matches!(node.kind, Kind::Return | Kind::Throw) {
                return true;
            }
            let Some(parent) = self.tree.parent(at) else { return true };
            let last = || self.tree.children_of(parent, Role::Stmt).last() == Some(at);
            if node.kind == Kind::Func || (node.role == Role::Stmt && !last()) {
                return node.kind == Kind::Func;
            }
            at = parent;
        }
    }

    /// Notes that taint reaches a sink.
    pub(super) fn reach(&mut self, at: u32, taints: &Taints) {
        if at >= FOREIGN_SINKS {
            for taint in taints.iter() {
                self.note_reached(at, taint);
            }
            return;
        }
        let sink = &self.query.sinks[self.matches.sinks.spot(at).part];
        let mut all = taints.clone();
        match &sink.requires {
            None => {}
            Some(SinkRequires::Whole(requires)) => {
                let concrete = taints.iter().any(|taint| !matches!(taint.origin, Origin::Param(_)));
                if concrete && !requires.holds(&|label| self.has_label(taints, label)) {
                    all.retain(|taint| matches!(taint.origin, Origin::Param(_)));
                }
            }
            Some(SinkRequires::Each(each)) => {
                let spot = self.matches.sinks.spot(at);
                for (name, requires) in each {
                    let own = spot
                        .bindings
                        .get(name)
                        .and_then(|binding| self.watched.get(&bound(binding, Some(self.file))))
                        .cloned()
                        .unwrap_or_default();
                    if !requires.holds(&|label| self.has_label(&own, label)) {
                        return;
                    }
                    all.join(&own);
                }
            }
        }
        for taint in all.iter() {
            self.note_reached(at, taint);
        }
    }

    /// Whether a sink is reached by the whole parameter that this is a part of, which says as much.
    pub(super) fn reaches_whole(&self, sink: u32, number: u32, label: u16) -> bool {
        if !(PARTS..RECEIVER).contains(&number) {
            return false;
        }
        let (own, _) = self.part(number);
        self.known.get(&(Origin::Param(own), label)).is_some_and(|sinks| sinks.contains(&sink))
    }

    fn note_reached(&mut self, at: u32, taint: &Taint) {
        match taint.origin {
            Origin::Param(number) => {
                let is_new = self.known.entry(taint.key()).or_default().insert(at);
                if is_new && !self.reaches_whole(at, number, taint.label) {
                    self.through.push((at, taint.clone()));
                }
            }
            origin => {
                if let Origin::Source(source) = origin
                    && at < FOREIGN_SINKS
                    && self.options.taint_unify_mvars
                {
                    let (from, to) = (self.matches.sources.spot(source), self.matches.sinks.spot(at));
                    if !self.scope.agree(&from.bindings, &to.bindings) {
                        return;
                    }
                }
                self.met.entry(taint.key()).or_default().insert(at);
                let key = (at, taint.origin, taint.label);
                self.found.entry(key).or_insert_with(|| Reached { taint: taint.clone() });
            }
        }
    }
}
