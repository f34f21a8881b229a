//! Summaries: what a function does with taint, worked out once for each way of calling it.

use std::cell::Cell;
use std::rc::Rc;

use tollgate_core::Language;

use super::calls::RECEIVER;
use super::contexts::{Context, OUTER};
use super::engine::Engine;
use super::known::Known;
use super::returned::{Outcome, Parts};
use super::state::{Origin, Place, Root, State, Taint, Taints};
use crate::names::DefId;
use crate::tree::{Kind, NodeId, Role, Symbol, flag};

/// Depth of the tree that following a call counts for.
const CALL_DEPTH: u32 = 3;
/// Variables outside of a function that it changes.
const MAX_OUTER_EFFECTS: usize = 24;
/// Rounds over functions that call themselves.
const MAX_ROUNDS: usize = 3;

/// A function, and the number of the way it is called.
pub(super) type Called = (u32, u32);

/// What a function does with taint.
#[derive(Debug, Clone, Default)]
pub(super) struct Summary {
    pub(super) returns: Taints,
    /// Sinks that parameters reach.
    pub(super) sinks: Vec<(u32, Taint)>,
    /// What fields of parameters hold in the end: parameter, fields, taint.
    pub(super) effects: Vec<(u32, Vec<Symbol>, Taints)>,
    /// Parameters that are called.
    pub(super) callbacks: Vec<Callback>,
    /// What is returned by itself, and in its parts.
    pub(super) own: Taints,
    pub(super) parts: Parts,
    /// Functions that are returned, and what they captured here.
    pub(super) known: Option<Known>,
    pub(super) captured: Vec<(u32, Taints)>,
    pub(super) thrown: Taints,
    /// What variables outside of the function hold in the end.
    pub(super) outer: Vec<(Place, Taints)>,
    pub(super) is_open: bool,
    /// How deep in the calls it stands while it is open.
    pub(super) depth: u32,
    pub(super) is_recursive: Cell<bool>,
}

/// A call of a parameter.
#[derive(Debug, Clone, Default)]
pub(super) struct Callback {
    pub(super) number: u32,
    pub(super) arguments: Vec<Taints>,
    /// The value when it is not known what is called.
    pub(super) otherwise: Taints,
}

impl Summary {
    fn same(&self, other: &Self) -> bool {
        self.returns.same(&other.returns)
            && self.sinks.len() == other.sinks.len()
            && self.effects.len() == other.effects.len()
            && self.callbacks.len() == other.callbacks.len()
            && self.outer.len() == other.outer.len()
            && self.own.same(&other.own)
            && self.parts == other.parts
            && self.known == other.known
            && self.captured == other.captured
            && self.thrown.same(&other.thrown)
            && self.effects.iter().zip(&other.effects).all(|(a, b)| a.2.same(&b.2))
    }
}

impl Engine<'_> {
    /// What a function does when it is called like this, worked out at the first such call.
    pub(super) fn summary(&mut self, id: NodeId, context: Context) -> Rc<Summary> {
        let number = self.context_number(id, &context);
        let context = if number == 0 { Context::new() } else { context };
        let key = (id.number(), number);
        if let Some(known) = self.summaries.get(&key) {
            if known.is_open {
                known.is_recursive.set(true);
                self.rests_on = self.rests_on.min(known.depth);
            } else if let Some(depth) = self.tentative.get(&key) {
                self.rests_on = self.rests_on.min(*depth);
            }
            return Rc::clone(known);
        }
        let depth = self.calls;
        let outer = std::mem::replace(&mut self.rests_on, u32::MAX);
        let mut last = Rc::new(Summary { is_open: true, depth, ..Summary::default() });
        for _ in 0..MAX_ROUNDS {
            self.summaries.insert(key, Rc::clone(&last));
            let next = self.summarise(id, context.clone());
            let recursive = last.is_recursive.get();
            let settled = next.same(&last);
            last = Rc::new(Summary { is_open: true, depth, is_recursive: Cell::new(recursive), ..next });
            if settled || !recursive || self.is_over() {
                break;
            }
        }
        let last = Rc::new(Summary { is_open: false, ..Rc::unwrap_or_clone(last) });
        self.summaries.insert(key, Rc::clone(&last));
        if self.rests_on < depth {
            self.tentative.insert(key, self.rests_on);
            self.rests_on = self.rests_on.min(outer);
        } else {
            self.rests_on = outer;
        }
        last
    }

    fn summarise(&mut self, id: NodeId, context: Context) -> Summary {
        self.calls += 1;
        let depth = self.depth;
        self.depth += CALL_DEPTH;
        self.steps += self.base.cost();
        let state = std::mem::replace(&mut self.state, self.base.clone());
        let through = std::mem::take(&mut self.through);
        let known = std::mem::take(&mut self.known);
        let callbacks = std::mem::take(&mut self.callbacks);
        let at_work = self.at_work.replace(id);
        self.seed_receiver(id);
        self.seed_outer(id);
        self.context = context;
        let (returns, end) = self.function(id, true);
        let outcome = std::mem::take(&mut self.outcome);
        let captured = self.captured(id, outcome.known.as_ref(), &end);
        let Outcome { own, parts, known: returned, thrown } = outcome;
        self.at_work = at_work;
        self.state = state;
        self.depth = depth;
        self.calls -= 1;
        let mut sinks = std::mem::replace(&mut self.through, through);
        sinks.retain(|(sink, taint)| match taint.origin {
            Origin::Param(number) => !self.reaches_whole(*sink, number, taint.label),
            _ => true,
        });
        self.known = known;
        let callbacks = std::mem::replace(&mut self.callbacks, callbacks);
        let mut summary = Summary {
            returns,
            sinks,
            callbacks,
            own,
            parts,
            known: returned,
            captured,
            thrown,
            ..Summary::default()
        };
        self.effects(id, &end, &mut summary);
        let mut objects = end.objects();
        objects.drop_params();
        self.shared.join(&objects);
        summary
    }

    /// What variables of a function hold in the end that functions it returns use.
    fn captured(&mut self, id: NodeId, known: Option<&Known>, end: &State) -> Vec<(u32, Taints)> {
        let mut captured = Vec::new();
        for function in known.map(Known::all_functions).unwrap_or_default() {
            for definition in self.outer_variables(function) {
                let site = self.file.names().definition(DefId(definition)).site;
                if self.tree.contains(id, site) && captured.iter().all(|(own, _)| *own != definition) {
                    captured.push((definition, end.read(&Place::of(Root::Defined(definition)))));
                }
            }
        }
        captured
    }

    /// The object a method runs on carries whatever the caller's object carries.
    fn seed_receiver(&mut self, id: NodeId) {
        let class = self.class_of(id);
        let extends = matches!(self.file.language(), Language::Kotlin | Language::Swift | Language::Scala);
        if class == 0 && !extends {
            return;
        }
        let mut taints = Taints::none();
        taints.add(Taint { origin: Origin::Param(RECEIVER), label: 0, trail: None });
        let place = Place::of(Root::This(class));
        self.state.add(place.clone(), &taints);
        self.state.note_part(place, (RECEIVER, Vec::new()));
    }

    fn effects(&self, id: NodeId, end: &State, summary: &mut Summary) {
        let tree = self.tree;
        for (place, taints) in end.places.iter() {
            if self.base.places.get(place).is_some_and(|before| before.is(taints)) {
                continue;
            }
            let is_outer = match place.root {
                Root::Defined(own) => {
                    let site = self.file.names().definition(DefId(own)).site;
                    !tree.contains(id, site)
                }
                Root::Named(_) => true,
                Root::This(_) | Root::Result => false,
            };
            if !is_outer || summary.outer.len() >= MAX_OUTER_EFFECTS {
                continue;
            }
            let before = self.base.read(place);
            let mut taints = taints.clone();
            taints.retain(|taint| {
                let itself = matches!((taint.origin, place.root), (Origin::Param(number), Root::Defined(own))
                    if number == OUTER + own);
                !itself && !before.iter().any(|known| known.key() == taint.key())
            });
            if !taints.is_empty() {
                summary.outer.push((place.clone(), taints));
            }
        }
        let mut number = 0;
        let mut note = |own: u32, place: &Place| {
            for (inner, taints) in end.below(place) {
                let mut taints = taints.clone();
                taints.retain(|taint| taint.origin != Origin::Param(own));
                if !taints.is_empty() {
                    summary.effects.push((own, inner.path[place.path.len()..].to_vec(), taints));
                }
            }
        };
        for child in tree.children(id) {
            let node = tree.node(child);
            if !matches!(node.role, Role::Param | Role::Receiver) {
                continue;
            }
            let name = self.named_by(child);
            if tree.node(name).kind == Kind::Type {
                continue;
            }
            let own = if node.role == Role::Receiver || (number == 0 && self.is_this(name)) {
                RECEIVER
            } else {
                number += 1;
                number - 1
            };
            if let Some((place, _)) = self.place(name)
                && !self.is_this(name)
            {
                note(own, &place);
            }
        }
        let class = self.class_of(id);
        if class != 0 && (tree.node(NodeId(class)).kind != Kind::Class || !tree.node(id).has(flag::ANON)) {
            note(RECEIVER, &Place::of(Root::This(class)));
        }
    }
}
