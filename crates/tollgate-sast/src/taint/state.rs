//! What is tainted at a point of the program.

use std::cmp::Ordering;
use std::rc::Rc;

use smallvec::{SmallVec, smallvec};

use super::contexts::Part;
use super::known::Known;
use super::shared::Map;
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
/// Copies share them until they are changed; no taints at all take no memory.
#[derive(Debug, Clone, Default)]
pub(super) struct Taints(Option<Rc<Vec<Taint>>>);

impl PartialEq for Taints {
    fn eq(&self, other: &Self) -> bool {
        self.same(other)
    }
}

impl FromIterator<Taint> for Taints {
    /// From taints that are sorted.
    fn from_iter<I: IntoIterator<Item = Taint>>(taints: I) -> Self {
        let taints: Vec<Taint> = taints.into_iter().collect();
        Self((!taints.is_empty()).then(|| Rc::new(taints)))
    }
}

impl Taints {
    pub(super) const fn none() -> Self {
        Self(None)
    }

    fn all(&self) -> &[Taint] {
        self.0.as_deref().map_or(&[], Vec::as_slice)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Taint> {
        self.all().iter()
    }

    /// Whether a taint of that origin and label is there, or no more fit.
    pub(super) fn has(&self, taint: &Taint) -> bool {
        self.is_full() || self.all().binary_search_by(|own| own.key().cmp(&taint.key())).is_ok()
    }

    /// Whether no more fit.
    pub(super) fn is_full(&self) -> bool {
        self.all().len() >= MAX_TAINTS
    }

    pub(super) fn add(&mut self, taint: Taint) {
        if let Err(at) = self.all().binary_search_by(|own| own.key().cmp(&taint.key()))
            && !self.is_full()
        {
            Rc::make_mut(self.0.get_or_insert_default()).insert(at, taint);
        }
    }

    pub(super) fn join(&mut self, other: &Self) {
        if self.0.is_none() {
            self.0.clone_from(&other.0);
            return;
        }
        if self.is(other) {
            return;
        }
        for taint in other.all() {
            if self.is_full() {
                break;
            }
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
        self.iter().map(|taint| taint.through(span)).collect()
    }

    pub(super) fn retain(&mut self, mut keep: impl FnMut(&Taint) -> bool) {
        let Some(gone) = self.all().iter().position(|taint| !keep(taint)) else { return };
        let (kept, rest) = self.all().split_at(gone);
        *self = kept.iter().chain(rest[1..].iter().filter(|taint| keep(taint))).cloned().collect();
    }

    /// Whether both are the same in memory.
    pub(super) fn is(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(own), Some(other)) => Rc::ptr_eq(own, other),
            (own, other) => own.is_none() && other.is_none(),
        }
    }

    pub(super) fn same(&self, other: &Self) -> bool {
        let (own, there) = (self.all(), other.all());
        self.is(other) || own.len() == there.len() && own.iter().zip(there).all(|(a, b)| a.key() == b.key())
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

/// A field, and fields of it.
type Fields = SmallVec<[Symbol; MAX_PATH]>;

/// A variable or a field of one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) root: Root,
    pub(super) path: Fields,
}

impl Place {
    pub(super) fn of(root: Root) -> Self {
        Self { root, path: Fields::new() }
    }

    /// A field of the object whose method runs.
    pub(super) fn of_field(class: u32, field: Symbol) -> Self {
        Self { root: Root::This(class), path: smallvec![field] }
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
    pub(super) places: Map<Taints>,
    /// Values of variables, where they are known.
    known: Map<Known>,
    /// Collections, with the number of their elements where it is known.
    pub(super) containers: Map<Option<usize>>,
    /// Variables that are a parameter, or a part of one.
    parts: Map<Part>,
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
        self.places.get(place).or_else(|| self.around(place))
    }

    /// Taint of what the place is part of.
    fn around(&self, place: &Place) -> Option<&Taints> {
        if place.path.is_empty() {
            return None;
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
        let is_gone = |own: &Place| own.root == place.root && own.path.starts_with(&place.path);
        if self.containers.range(&place..).next().is_some_and(|(own, _)| is_gone(own)) {
            self.containers.change().retain(|own, _| !is_gone(own));
        }
        let keeps = !taints.is_empty() || self.around(&place).is_some_and(|outer| !outer.is_empty());
        let inner: Vec<Place> = self.below(&place).map(|(own, _)| own.clone()).collect();
        let settled = match self.places.get(&place) {
            Some(own) => keeps && own.is(&taints),
            None => !keeps,
        };
        if inner.is_empty() && settled {
            return;
        }
        let places = self.places.change();
        for own in inner {
            places.remove(&own);
        }
        if keeps {
            places.insert(place, taints);
        } else {
            places.remove(&place);
        }
    }

    /// Adds to what is known of the place.
    pub(super) fn add(&mut self, place: Place, taints: &Taints) {
        if taints.is_empty() {
            return;
        }
        let own = self.places.get(&place);
        if own.is_some_and(|own| taints.iter().all(|taint| own.has(taint))) {
            return;
        }
        let all = own.or_else(|| self.around(&place)).cloned().unwrap_or_default().with(taints);
        self.places.change().insert(place, all);
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
        if !self.places.shares(&other.places) {
            let joined = self.joined(other);
            if !joined.is_empty() {
                self.places.change().extend(joined);
            }
        }
        if !self.known.is_empty() && !self.known.shares(&other.known) {
            self.known.change().retain(|place, own| {
                match other.known.get(place).and_then(|there| own.join(there)) {
                    Some(both) => {
                        *own = both;
                        true
                    }
                    None => false,
                }
            });
        }
        if !self.parts.shares(&other.parts)
            && self.parts.iter().any(|(place, own)| other.parts.get(place) != Some(own))
        {
            self.parts.change().retain(|place, own| other.parts.get(place) == Some(own));
        }
    }

    /// Places that hold more than before when the other state is joined.
    fn joined(&self, other: &Self) -> Vec<(Place, Taints)> {
        let (mut joined, mut new) = (Vec::new(), Vec::new());
        let mut both = |place: &Place, here: &Taints, there: &Taints| {
            if !there.same(here) {
                joined.push((place.clone(), here.clone().with(there)));
            }
        };
        let mut theirs = other.places.iter().peekable();
        let mut mine = self.places.iter().peekable();
        loop {
            let next = match (mine.peek(), theirs.peek()) {
                (Some((own, _)), Some((other, _))) => own.cmp(other),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => break,
            };
            let own = if next.is_le() { mine.next() } else { None };
            let there = if next.is_ge() { theirs.next() } else { None };
            match (own, there) {
                (Some((place, here)), Some((_, there))) => both(place, here, there),
                (Some((place, here)), None) => {
                    if let Some(there) = other.around(place) {
                        both(place, here, there);
                    }
                }
                (None, Some((place, there))) => {
                    let here = self.around(place).cloned().unwrap_or_default();
                    new.push((place.clone(), here.with(there)));
                }
                (None, None) => break,
            }
        }
        joined.append(&mut new);
        joined
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
        self.parts.change().insert(place, part);
    }

    pub(super) fn known(&self, place: &Place) -> Option<&Known> {
        self.known.get(place)
    }

    pub(super) fn learn(&mut self, place: Place, known: Known) {
        self.known.change().insert(place, known);
    }

    /// The place, or a part of it, has another value now.
    pub(super) fn forget(&mut self, place: &Place) {
        if self.known.keys().any(|own| own.root == place.root) {
            self.known.change().retain(|own, _| own.root != place.root);
        }
        let is_gone = |own: &Place| own.root == place.root && own.path.starts_with(&place.path);
        if self.parts.keys().any(is_gone) {
            self.parts.change().retain(|own, _| !is_gone(own));
        }
    }

    /// Something may have been added to what the place holds.
    pub(super) fn forget_length(&mut self, place: &Place) {
        if !self.known.contains_key(place) {
            return;
        }
        if let Some(known) = self.known.change().remove(place).and_then(|known| known.changed()) {
            self.known.change().insert(place.clone(), known);
        }
    }

    /// Values that hold whenever a function defined here runs later.
    pub(super) fn retain_known(&mut self, keep: impl Fn(&Place) -> bool) {
        if self.known.keys().any(|place| !keep(place)) {
            self.known.change().retain(|place, _| keep(place));
        }
    }

    pub(super) fn same(&self, other: &Self) -> bool {
        self.dead == other.dead
            && self.places == other.places
            && self.known == other.known
            && self.containers == other.containers
    }

    /// Takes what the function returns out of the state: by itself, and in its parts.
    pub(super) fn take_result(&mut self) -> (Taints, Vec<(Vec<Symbol>, Taints)>) {
        let result = Place::of(Root::Result);
        let own = self.places.get(&result).cloned();
        let parts: Vec<(Vec<Symbol>, Taints)> =
            self.below(&result).map(|(place, taints)| (place.path.to_vec(), taints.clone())).collect();
        if own.is_some() || !parts.is_empty() {
            self.places.change().retain(|place, _| place.root != Root::Result);
        }
        if self.containers.keys().any(|place| place.root == Root::Result) {
            self.containers.change().retain(|place, _| place.root != Root::Result);
        }
        let own = own.unwrap_or_default();
        (own, parts)
    }

    /// Only what objects hold.
    pub(super) fn objects(&self) -> Self {
        let is_object = |place: &Place| matches!(place.root, Root::This(_));
        let mut levelled = self.clone();
        let lists: Vec<Place> = self
            .containers
            .iter()
            .filter(|(place, own)| own.is_some() && is_object(place))
            .map(|(place, _)| place.clone())
            .collect();
        for list in &lists {
            levelled.merge_elements(list);
        }
        let first = Place::of(Root::This(0));
        let places = levelled.places.range(&first..).take_while(|(place, _)| is_object(place));
        let containers = levelled.containers.range(&first..).take_while(|(place, _)| is_object(place));
        Self {
            places: places.map(|(place, taints)| (place.clone(), taints.clone())).collect(),
            containers: containers.map(|(place, length)| (place.clone(), *length)).collect(),
            ..Self::default()
        }
    }

    /// Drops taint that only holds for one call, and what only that call cleaned.
    pub(super) fn drop_params(&mut self) {
        if self.places.is_empty() {
            return;
        }
        self.places.change().retain(|_, taints| {
            taints.retain(|taint| !matches!(taint.origin, Origin::Param(_)));
            !taints.is_empty()
        });
    }
}
