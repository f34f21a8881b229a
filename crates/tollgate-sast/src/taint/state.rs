//! What is tainted at a point of the program.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::contexts::Part;
use super::known::Known;
use super::trail::{self, At, Step};
use crate::matching::Span;
use crate::tree::Symbol;

/// More origins than this in one value add nothing a reader would look at.
const MAX_TAINTS: usize = 24;
/// Fields of fields deeper than this are taken as one.
pub(super) const MAX_PATH: usize = 3;

/// Where taint came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Origin {
    /// A source, by its number.
    Source(u32),
    /// Whatever the caller passes as this parameter.
    Param(u32),
    /// A source of another file, by its number among those met.
    Foreign(u32),
}

/// One taint of a value.
#[derive(Debug, Clone)]
pub(super) struct Taint {
    pub(super) origin: Origin,
    pub(super) label: u16,
    pub(super) trail: Option<Rc<Step>>,
}

impl Taint {
    pub(super) fn key(&self) -> (Origin, u16) {
        (self.origin, self.label)
    }

    /// The same taint one place further.
    pub(super) fn through(&self, at: impl Into<At>) -> Self {
        Self { trail: trail::further(self.trail.as_ref(), at.into()), ..*self }
    }

    /// The same taint after the way that another one took.
    pub(super) fn along(&self, other: &Self) -> Self {
        Self { trail: trail::along(self.trail.as_ref(), other.trail.as_ref()), ..*self }
    }

    /// The places from first to last.
    pub(super) fn places(&self) -> Vec<At> {
        trail::places(self.trail.as_ref())
    }
}

/// The taints of a value, sorted by origin and label. The way they took does not count in comparisons.
#[derive(Debug, Clone, Default)]
pub(super) struct Taints(Vec<Taint>);

impl PartialEq for Taints {
    fn eq(&self, other: &Self) -> bool {
        self.same(other)
    }
}

impl Taints {
    pub(super) const fn none() -> Self {
        Self(Vec::new())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Taint> {
        self.0.iter()
    }

    /// Whether a taint of that origin and label is there, or no more fit.
    pub(super) fn has(&self, taint: &Taint) -> bool {
        self.0.len() >= MAX_TAINTS || self.0.binary_search_by(|own| own.key().cmp(&taint.key())).is_ok()
    }

    pub(super) fn add(&mut self, taint: Taint) {
        if let Err(at) = self.0.binary_search_by(|own| own.key().cmp(&taint.key()))
            && self.0.len() < MAX_TAINTS
        {
            self.0.insert(at, taint);
        }
    }

    pub(super) fn join(&mut self, other: &Self) {
        if self.0.is_empty() {
            self.0.clone_from(&other.0);
            return;
        }
        for taint in &other.0 {
            if !self.has(taint) {
                self.add(taint.clone());
            }
        }
    }

    pub(super) fn with(mut self, other: &Self) -> Self {
        self.join(other);
        self
    }

    pub(super) fn through(&self, span: Span) -> Self {
        Self(self.0.iter().map(|taint| taint.through(span)).collect())
    }

    pub(super) fn retain(&mut self, keep: impl FnMut(&Taint) -> bool) {
        self.0.retain(keep);
    }

    pub(super) fn same(&self, other: &Self) -> bool {
        self.0.len() == other.0.len() && self.0.iter().zip(&other.0).all(|(a, b)| a.key() == b.key())
    }
}

/// What a place starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Root {
    /// A name defined in the file.
    Defined(u32),
    /// A name defined elsewhere.
    Named(Symbol),
    /// The object whose method runs, by its class.
    This(u32),
    /// What the function at work returns.
    Result,
}

/// What sources of control taint: no name has this symbol.
pub(super) const CONTROL: Root = Root::Named(0);

/// A variable or a field of one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) root: Root,
    pub(super) path: Vec<Symbol>,
}

impl Place {
    pub(super) const fn of(root: Root) -> Self {
        Self { root, path: Vec::new() }
    }

    /// The place at the end of a path from here, as deep as places are told apart; `false` when it is cut.
    pub(super) fn below(mut self, path: impl IntoIterator<Item = Symbol>) -> (Self, bool) {
        self.path.extend(path);
        let fits = self.path.len() <= MAX_PATH;
        self.path.truncate(MAX_PATH);
        (self, fits)
    }
}

/// Taint of every place at a point of the program.
#[derive(Debug, Clone, Default)]
pub(crate) struct State {
    pub(super) places: BTreeMap<Place, Taints>,
    /// Values of variables, where they are known.
    known: BTreeMap<Place, Known>,
    /// Collections, with the number of their elements where it is known.
    pub(super) containers: Rc<BTreeMap<Place, Option<usize>>>,
    /// Variables that are a parameter, or a part of one.
    parts: BTreeMap<Place, Part>,
    /// No path leads here.
    pub(super) dead: bool,
}

impl State {
    /// Steps that a copy is worth.
    pub(super) fn cost(&self) -> u32 {
        u32::try_from(self.places.len() + self.containers.len()).unwrap_or(u32::MAX)
    }

    pub(super) fn nowhere() -> Self {
        Self { dead: true, ..Self::default() }
    }

    /// Taint of the place by what was last written to it or to what it is part of.
    fn written(&self, place: &Place) -> Option<&Taints> {
        if let Some(own) = self.places.get(place) {
            return Some(own);
        }
        let mut outer = place.clone();
        while outer.path.pop().is_some() {
            if let Some(own) = self.places.get(&outer) {
                return Some(own);
            }
        }
        None
    }

    /// Taint of the place by itself, without its parts.
    pub(super) fn own(&self, place: &Place) -> Taints {
        self.written(place).cloned().unwrap_or_default()
    }

    pub(super) fn below<'s>(&'s self, place: &'s Place) -> impl Iterator<Item = (&'s Place, &'s Taints)> {
        self.places
            .range(place..)
            .take_while(|(own, _)| own.root == place.root && own.path.starts_with(&place.path))
            .filter(|(own, _)| own.path.len() > place.path.len())
    }

    /// Taint of the place and of everything in it.
    pub(super) fn read(&self, place: &Place) -> Taints {
        let mut all = self.written(place).cloned().unwrap_or_default();
        for (_, taints) in self.below(place) {
            all.join(taints);
        }
        all
    }

    /// Replaces what is known of the place and of everything in it.
    pub(super) fn write(&mut self, place: Place, taints: Taints) {
        let inner: Vec<Place> = self.below(&place).map(|(own, _)| own.clone()).collect();
        for own in inner {
            self.places.remove(&own);
        }
        self.places.remove(&place);
        let is_gone = |own: &Place| own.root == place.root && own.path.starts_with(&place.path);
        if self.containers.range(&place..).next().is_some_and(|(own, _)| is_gone(own)) {
            Rc::make_mut(&mut self.containers).retain(|own, _| !is_gone(own));
        }
        if !taints.is_empty() || self.written(&place).is_some_and(|outer| !outer.is_empty()) {
            self.places.insert(place, taints);
        }
    }

    /// Adds to what is known of the place.
    pub(super) fn add(&mut self, place: Place, taints: &Taints) {
        if taints.is_empty() {
            return;
        }
        let all = self.written(&place).cloned().unwrap_or_default().with(taints);
        self.places.insert(place, all);
    }

    /// What holds when the program came here on either way.
    pub(super) fn join(&mut self, other: &Self) {
        if other.dead {
            return;
        }
        if self.dead {
            *self = other.clone();
            return;
        }
        if !self.is_level(other) {
            let mut other = other.clone();
            self.level(&mut other);
            return self.join_places(&other);
        }
        self.join_places(other);
    }

    fn join_places(&mut self, other: &Self) {
        let mut joined = Vec::new();
        for (place, taints) in &self.places {
            let there = other.written(place);
            if !there.is_some_and(|there| there.same(taints)) {
                joined.push((place.clone(), taints.clone().with(there.unwrap_or(&Taints::none()))));
            }
        }
        for (place, taints) in &other.places {
            if !self.places.contains_key(place) {
                let here = self.written(place).cloned().unwrap_or_default();
                joined.push((place.clone(), here.with(taints)));
            }
        }
        self.places.extend(joined);
        self.known.retain(|place, own| match other.known.get(place).and_then(|there| own.join(there)) {
            Some(both) => {
                *own = both;
                true
            }
            None => false,
        });
        self.parts.retain(|place, own| other.parts.get(place) == Some(own));
    }

    /// The part of a parameter that lies at a place, unless something was stored there since.
    pub(super) fn part(&self, place: &Place) -> Option<Part> {
        if self.parts.is_empty() {
            return None;
        }
        let mut outer = place.clone();
        loop {
            if let Some((own, path)) = self.parts.get(&outer) {
                let mut path = path.clone();
                path.extend(&place.path[outer.path.len()..]);
                return Some((*own, path));
            }
            if self.places.contains_key(&outer) && !outer.path.is_empty() {
                return None;
            }
            outer.path.pop()?;
        }
    }

    pub(super) fn note_part(&mut self, place: Place, part: Part) {
        self.parts.insert(place, part);
    }

    pub(super) fn known(&self, place: &Place) -> Option<&Known> {
        self.known.get(place)
    }

    pub(super) fn learn(&mut self, place: Place, known: Known) {
        self.known.insert(place, known);
    }

    /// The place, or a part of it, has another value now.
    pub(super) fn forget(&mut self, place: &Place) {
        if !self.known.is_empty() {
            self.known.retain(|own, _| own.root != place.root);
        }
        if !self.parts.is_empty() {
            self.parts.retain(|own, _| own.root != place.root || !own.path.starts_with(&place.path));
        }
    }

    /// Something may have been added to what the place holds.
    pub(super) fn forget_length(&mut self, place: &Place) {
        if let Some(known) = self.known.remove(place).and_then(|known| known.changed()) {
            self.known.insert(place.clone(), known);
        }
    }

    /// Values that hold whenever a function defined here runs later.
    pub(super) fn retain_known(&mut self, keep: impl Fn(&Place) -> bool) {
        self.known.retain(|place, _| keep(place));
    }

    pub(super) fn same(&self, other: &Self) -> bool {
        self.dead == other.dead
            && self.places.len() == other.places.len()
            && self.places.iter().zip(&other.places).all(|(a, b)| a.0 == b.0 && a.1.same(b.1))
            && self.known == other.known
            && self.containers == other.containers
    }

    /// Takes what the function returns out of the state: by itself, and in its parts.
    pub(super) fn take_result(&mut self) -> (Taints, Vec<(Vec<Symbol>, Taints)>) {
        let result = Place::of(Root::Result);
        let own = self.places.remove(&result).unwrap_or_default();
        let parts: Vec<Place> = self.below(&result).map(|(place, _)| place.clone()).collect();
        let parts = parts
            .into_iter()
            .filter_map(|place| self.places.remove(&place).map(|taints| (place.path, taints)))
            .collect();
        if self.containers.keys().any(|place| place.root == Root::Result) {
            Rc::make_mut(&mut self.containers).retain(|place, _| place.root != Root::Result);
        }
        (own, parts)
    }

    /// Only what objects hold.
    pub(super) fn objects(&self) -> Self {
        let mut levelled = self.clone();
        let lists: Vec<Place> =
            self.containers.iter().filter(|(_, own)| own.is_some()).map(|(place, _)| place.clone()).collect();
        for list in &lists {
            levelled.merge_elements(list);
        }
        Rc::make_mut(&mut levelled.containers).retain(|place, _| matches!(place.root, Root::This(_)));
        let own = levelled.places.iter().filter(|(place, _)| matches!(place.root, Root::This(_)));
        Self {
            places: own.map(|(place, taints)| (place.clone(), taints.clone())).collect(),
            containers: Rc::clone(&levelled.containers),
            ..Self::default()
        }
    }

    /// Drops taint that only holds for one call, and what only that call cleaned.
    pub(super) fn drop_params(&mut self) {
        self.places.retain(|_, taints| {
            taints.retain(|taint| !matches!(taint.origin, Origin::Param(_)));
            !taints.is_empty()
        });
    }
}
