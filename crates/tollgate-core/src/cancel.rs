//! Ending early, on request or when time is up.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Instant;

/// Why work should end early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CancelReason {
    /// The user asked for it.
    Interrupted,
    /// The deadline passed.
    DeadlinePassed,
}

/// A flag that long work looks at often. Clones share it.
#[derive(Debug, Clone)]
pub struct Cancel {
    interrupted: Arc<AtomicU8>,
    deadline: Option<Instant>,
}

impl Cancel {
    /// A flag that only [`Cancel::interrupt`] raises.
    #[must_use]
    pub fn new() -> Self {
        Self { interrupted: Arc::new(AtomicU8::new(0)), deadline: None }
    }

    /// The same flag with a deadline; the earlier of two deadlines holds.
    #[must_use]
    pub fn with_deadline(&self, deadline: Instant) -> Self {
        let deadline = self.deadline.map_or(deadline, |own| own.min(deadline));
        Self { interrupted: Arc::clone(&self.interrupted), deadline: Some(deadline) }
    }

    /// Asks everyone who holds a clone to end.
    pub fn interrupt(&self) {
        self.interrupted.store(1, Ordering::Relaxed);
    }

    /// Why to end now, if at all.
    #[must_use]
    pub fn reason(&self) -> Option<CancelReason> {
        if self.interrupted.load(Ordering::Relaxed) != 0 {
            return Some(CancelReason::Interrupted);
        }
        self.deadline
            .is_some_and(|deadline| Instant::now() >= deadline)
            .then_some(CancelReason::DeadlinePassed)
    }

    /// Whether to end now.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.reason().is_some()
    }

    /// When time is up, if ever.
    #[must_use]
    pub const fn deadline(&self) -> Option<Instant> {
        self.deadline
    }
}

impl Default for Cancel {
    fn default() -> Self {
        Self::new()
    }
}
