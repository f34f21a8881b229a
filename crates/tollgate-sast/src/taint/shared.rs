//! A map by place that is copied when it is changed, not when it is kept: most branches change little of what
//! was known before them.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::rc::Rc;

use super::state::Place;

/// Values by place.
#[derive(Debug)]
pub(super) struct Map<V>(Option<Rc<BTreeMap<Place, V>>>);

impl<V: 'static> Map<V> {
    const EMPTY: &'static BTreeMap<Place, V> = &BTreeMap::new();

    /// Whether both are the same map in memory. What is not shared may still be equal.
    pub(super) fn shares(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(own), Some(other)) => Rc::ptr_eq(own, other),
            (own, other) => own.is_none() && other.is_none(),
        }
    }
}

impl<V: Clone> Map<V> {
    /// The map, to be changed.
    pub(super) fn change(&mut self) -> &mut BTreeMap<Place, V> {
        Rc::make_mut(self.0.get_or_insert_default())
    }
}

impl<V: 'static> Deref for Map<V> {
    type Target = BTreeMap<Place, V>;

    fn deref(&self) -> &Self::Target {
        self.0.as_deref().unwrap_or(Self::EMPTY)
    }
}

impl<V> Default for Map<V> {
    fn default() -> Self {
        Self(None)
    }
}

impl<V> Clone for Map<V> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<V: PartialEq + 'static> PartialEq for Map<V> {
    fn eq(&self, other: &Self) -> bool {
        self.shares(other) || **self == **other
    }
}

impl<V> FromIterator<(Place, V)> for Map<V> {
    fn from_iter<I: IntoIterator<Item = (Place, V)>>(entries: I) -> Self {
        let map: BTreeMap<Place, V> = entries.into_iter().collect();
        Self((!map.is_empty()).then(|| Rc::new(map)))
    }
}
