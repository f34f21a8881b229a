//! The way a taint took. Ways through called functions are shared with the functions' summaries, not copied.

use std::rc::Rc;

use crate::matching::Span;

/// Longer trails keep their beginning.
const MAX_TRAIL: u32 = 30;
/// Trails that share others over more levels than this are written out.
const MAX_SHARED: u32 = 100;

/// A place in this file, or a stretch of the way through others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    Here(Span),
    There(u32),
}

impl From<Span> for At {
    fn from(span: Span) -> Self {
        Self::Here(span)
    }
}

/// The end of a trail: a place, or a whole trail that was taken, and what came before it.
#[derive(Debug)]
pub(super) struct Step {
    end: End,
    before: Option<Rc<Self>>,
    first: At,
    last: At,
    /// Places from the beginning to here.
    length: u32,
    /// Levels of trails inside of trails.
    depth: u32,
}

#[derive(Debug)]
enum End {
    Place(At),
    Trail(Rc<Step>),
}

/// The trail one place further.
pub(super) fn further(trail: Option<&Rc<Step>>, at: At) -> Option<Rc<Step>> {
    let length = trail.map_or(0, |step| step.length);
    if length >= MAX_TRAIL || trail.is_some_and(|step| step.last == at) {
        return trail.cloned();
    }
    Some(Rc::new(Step {
        end: End::Place(at),
        before: trail.cloned(),
        first: trail.map_or(at, |step| step.first),
        last: at,
        length: length + 1,
        depth: trail.map_or(0, |step| step.depth),
    }))
}

/// A trail, and after it another one.
pub(super) fn along(trail: Option<&Rc<Step>>, other: Option<&Rc<Step>>) -> Option<Rc<Step>> {
    let Some(other) = other else { return trail.cloned() };
    let Some(own) = trail else { return Some(Rc::clone(other)) };
    let doubled = u32::from(own.last == other.first);
    if own.length >= MAX_TRAIL || other.length == doubled {
        return trail.cloned();
    }
    let depth = own.depth.max(other.depth + 1);
    if depth > MAX_SHARED {
        let places = places(Some(other));
        return places.into_iter().fold(trail.cloned(), |trail, at| further(trail.as_ref(), at));
    }
    Some(Rc::new(Step {
        end: End::Trail(Rc::clone(other)),
        before: trail.cloned(),
        first: own.first,
        // Where the trail is cut short, nothing is added behind it any more.
        last: other.last,
        length: (own.length + other.length - doubled).min(MAX_TRAIL),
        depth,
    }))
}

/// The places from first to last.
pub(super) fn places(trail: Option<&Rc<Step>>) -> Vec<At> {
    let mut places: Vec<At> = Vec::new();
    // Steps whose end is still to be written, innermost last.
    let mut open: Vec<&Step> = Vec::new();
    push_all(&mut open, trail.map(|step| &**step));
    while let Some(step) = open.pop() {
        match &step.end {
            End::Place(at) => {
                if places.last() != Some(at) {
                    places.push(*at);
                }
            }
            End::Trail(inner) => push_all(&mut open, Some(inner)),
        }
        if places.len() >= MAX_TRAIL as usize {
            break;
        }
    }
    places
}

/// A step and those before it, the first on top.
fn push_all<'s>(open: &mut Vec<&'s Step>, mut step: Option<&'s Step>) {
    while let Some(own) = step {
        open.push(own);
        step = own.before.as_deref();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trail(places: &[u32]) -> Option<Rc<Step>> {
        places.iter().fold(None, |trail, at| further(trail.as_ref(), At::There(*at)))
    }

    #[test]
    fn shared_trails_read_like_copied_ones() {
        let cases: [(&[u32], &[u32]); 6] = [
            (&[], &[1, 2]),
            (&[1, 2], &[]),
            (&[1, 2], &[2, 3]),
            (&[1, 2], &[2]),
            (&[1, 2], &[3, 1]),
            (
                &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20],
                &[21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33],
            ),
        ];
        for (first, second) in cases {
            let copied =
                second.iter().fold(trail(first), |trail, at| further(trail.as_ref(), At::There(*at)));
            let shared = along(trail(first).as_ref(), trail(second).as_ref());
            assert_eq!(places(shared.as_ref()), places(copied.as_ref()), "{first:?} {second:?}");
        }
    }

    #[test]
    fn sharing_has_a_bound() {
        let mut inner = trail(&[1]);
        for at in 2..100_000 {
            inner = along(trail(&[at]).as_ref(), inner.as_ref());
        }
        assert_eq!(places(inner.as_ref()).len(), MAX_TRAIL as usize);
        assert!(inner.is_some_and(|step| step.depth <= MAX_SHARED));
    }
}
