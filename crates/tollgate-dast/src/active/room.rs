//! How many answers are kept for comparing: a target whose pages are all as long as may be must not fill
//! the memory.

use crate::engine::Engine;
use crate::message::Answer;

/// Bytes of answers of one kind.
const KEPT: usize = 256 << 20;

/// Room for the answers of things of one kind.
pub(super) struct Room {
    kind: &'static str,
    left: usize,
    refused: usize,
}

impl Room {
    pub(super) const fn new(kind: &'static str) -> Self {
        Self { kind, left: KEPT, refused: 0 }
    }

    /// Whether there is room for this one too.
    pub(super) fn holds(&mut self, answer: &Answer) -> bool {
        let rest = self.left.checked_sub(answer.body.len());
        self.left = rest.unwrap_or(self.left);
        self.refused += usize::from(rest.is_none());
        rest.is_some()
    }

    /// Says what there was no room for.
    pub(super) fn tell(&self, engine: &Engine) {
        if self.refused > 0 {
            engine.fail(format!(
                "{} {} were not probed: the usual answers of the others fill {} MiB",
                self.refused,
                self.kind,
                KEPT >> 20
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_kept_and_the_rest_is_counted() {
        let answer = |length: usize| Answer::made_up(&[], &"x".repeat(length));
        let mut room = Room { left: 10, ..Room::new("pages") };
        let held: Vec<bool> = [6, 5, 4, 1].map(|length| room.holds(&answer(length))).to_vec();
        assert_eq!((held, room.refused), (vec![true, false, true, false], 2));
    }
}
