//! Elements of lists and maps among the places of a state.

use std::sync::LazyLock;

use super::containers::MAX_LENGTH;
use super::state::{MAX_PATH, Place, State, Taints};
use crate::tree::{Symbol, symbol};

/// The key of an element by its position.
pub(super) fn position(at: usize) -> Symbol {
    static FIRST: LazyLock<Vec<Symbol>> =
        LazyLock::new(|| (0..=MAX_LENGTH).map(|at| symbol(&at.to_string())).collect());
    FIRST.get(at).copied().unwrap_or_else(|| symbol(&at.to_string()))
}

impl State {
    /// The number of elements, where it is known.
    pub(super) fn length(&self, place: &Place) -> Option<usize> {
        self.containers.get(place).copied().flatten()
    }

    pub(super) fn set_length(&mut self, place: &Place, length: usize) {
        let length = (length <= MAX_LENGTH).then_some(length);
        if length.is_none() {
            self.merge_elements(place);
        }
        self.containers.change().insert(place.clone(), length);
    }

    /// Takes all elements as one.
    pub(super) fn merge_elements(&mut self, place: &Place) {
        let whole = self.read(place);
        self.write(place.clone(), whole);
        self.containers.change().insert(place.clone(), None);
    }

    /// Adds taint to the container and to each of its elements.
    pub(super) fn pour(&mut self, place: Place, taints: &Taints) {
        let inner: Vec<Place> = self.below(&place).map(|(own, _)| own.clone()).collect();
        for own in inner {
            self.add(own, taints);
        }
        self.add(place, taints);
    }

    /// Takes the element at a position out; those behind it move up.
    pub(super) fn take(&mut self, place: &Place, at: usize) {
        let Some(length) = self.length(place) else { return self.merge_elements(place) };
        let element = |at: usize| {
            let mut element = place.clone();
            element.path.push(position(at));
            element
        };
        for at in at..length {
            self.move_place(&element(at + 1), element(at));
        }
        self.write(element(length.saturating_sub(1).max(at)), Taints::none());
        self.set_length(place, length.saturating_sub(1));
    }

    /// Copies what one place and its parts hold to another.
    pub(super) fn move_place(&mut self, from: &Place, to: Place) {
        let own = self.own(from);
        let inner: Vec<(Place, Taints)> = self
            .below(from)
            .map(|(inner, taints)| {
                let mut target = to.clone();
                target.path.extend_from_slice(&inner.path[from.path.len()..]);
                target.path.truncate(MAX_PATH);
                (target, taints.clone())
            })
            .collect();
        let length = self.containers.get(from).copied();
        self.write(to.clone(), own);
        for (place, taints) in inner {
            self.write(place, taints);
        }
        if let Some(length) = length {
            self.containers.change().insert(to, length);
        }
    }

    /// Before two states are joined: lists of different lengths have no common positions.
    pub(super) fn level(&mut self, other: &mut Self) {
        let differs = |a: &Self, b: &Self| -> Vec<Place> {
            let known = a
                .containers
                .iter()
                .filter(|(place, length)| length.is_some() && b.containers.get(*place) != Some(*length));
            known.map(|(place, _)| place.clone()).collect()
        };
        let mut places = differs(self, other);
        places.extend(differs(other, self));
        for place in places {
            self.merge_elements(&place);
            other.merge_elements(&place);
        }
        for place in other.containers.keys() {
            if !self.containers.contains_key(place) {
                self.containers.change().insert(place.clone(), None);
            }
        }
    }

    /// Whether joining with the other state needs [`State::level`].
    pub(super) fn is_level(&self, other: &Self) -> bool {
        self.containers == other.containers
    }
}
