//! How many requests are under way at once. A target that gets slower the more it is asked, such as one
//! whose database locks, is asked by fewer at a time.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Semaphore, SemaphorePermit};

/// How long one width is watched.
const WINDOW: Duration = Duration::from_secs(3);

/// Answers a second below which fewer at a time are tried.
const SLOW: f64 = 20.0;

/// Windows for which a width that proved best stays.
const REST: u32 = 10;

/// Slots for requests, as many as serve the target best.
pub(crate) struct Pace {
    slots: Semaphore,
    /// Slots to take away as soon as they come back.
    debt: AtomicUsize,
    watch: Mutex<Watch>,
}

#[derive(Debug)]
struct Watch {
    width: usize,
    since: Instant,
    answers: u32,
    /// Width and answers a second before the last change.
    before: Option<(usize, f64)>,
    rest: u32,
}

/// Leave to send one request.
pub(crate) struct Slot<'a> {
    permit: Option<SemaphorePermit<'a>>,
    pace: &'a Pace,
}

impl Pace {
    pub(crate) fn new(width: usize) -> Self {
        let watch = Watch { width, since: Instant::now(), answers: 0, before: None, rest: 0 };
        Self { slots: Semaphore::new(width), debt: AtomicUsize::new(0), watch: Mutex::new(watch) }
    }

    /// Waits for a slot; `None` where none will come.
    pub(crate) async fn slot(&self) -> Option<Slot<'_>> {
        let permit = self.slots.acquire().await.ok()?;
        Some(Slot { permit: Some(permit), pace: self })
    }

    /// Counts an answer and changes the width where the last seconds say so.
    fn count(&self, now: Instant) {
        let mut watch = self.watch.lock().unwrap_or_else(PoisonError::into_inner);
        watch.answers += 1;
        let took = now.duration_since(watch.since);
        if took < WINDOW {
            return;
        }
        let speed = f64::from(watch.answers) / took.as_secs_f64();
        let change = watch.judge(speed);
        watch.since = now;
        watch.answers = 0;
        match change {
            Change::Narrower(by) => {
                self.debt.fetch_add(by, Ordering::Relaxed);
            }
            Change::Wider(by) => {
                let settle = |debt: usize| Some(debt.saturating_sub(by));
                let debt = self.debt.fetch_update(Ordering::Relaxed, Ordering::Relaxed, settle).unwrap_or(0);
                self.slots.add_permits(by.saturating_sub(debt));
            }
            Change::Keep => {}
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Change {
    Keep,
    Narrower(usize),
    Wider(usize),
}

impl Watch {
    /// What follows from this many answers a second.
    fn judge(&mut self, speed: f64) -> Change {
        let from = self.width;
        if let Some((width, earlier)) = self.before.take()
            && speed < earlier
        {
            self.width = width;
            self.rest = REST;
            return Change::Wider(width - from);
        }
        if self.rest > 0 {
            self.rest -= 1;
            return Change::Keep;
        }
        if speed >= SLOW || from == 1 {
            return Change::Keep;
        }
        self.before = Some((from, speed));
        self.width = from.div_ceil(2);
        Change::Narrower(from - self.width)
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        let owed = |debt: usize| debt.checked_sub(1);
        let debt = &self.pace.debt;
        if debt.fetch_update(Ordering::Relaxed, Ordering::Relaxed, owed).is_ok()
            && let Some(permit) = self.permit.take()
        {
            permit.forget();
        }
        self.pace.count(Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_that_chokes_is_asked_by_fewer() {
        let mut watch = Pace::new(16).watch.into_inner().unwrap();
        assert_eq!(watch.judge(400.0), Change::Keep);
        assert_eq!(watch.judge(4.0), Change::Narrower(8));
        // Half as many bring no more: back, and no further try for a while.
        assert_eq!(watch.judge(3.0), Change::Wider(8));
        assert_eq!(watch.judge(3.0), Change::Keep);
        watch.rest = 0;
        for (speed, change) in [(4.0, 8), (6.0, 4), (9.0, 2), (15.0, 1)] {
            assert_eq!(watch.judge(speed), Change::Narrower(change));
        }
        assert_eq!(watch.judge(19.0), Change::Keep);
    }

    #[tokio::test]
    async fn slots_come_and_go_with_the_width() {
        let pace = Pace::new(4);
        let start = Instant::now();
        let held = (pace.slot().await, pace.slot().await);
        pace.count(start + WINDOW);
        drop(held);
        assert_eq!(pace.slots.available_permits(), 2);
        pace.watch.lock().unwrap().before = Some((4, 1e9));
        pace.count(start + WINDOW * 2);
        assert_eq!(pace.slots.available_permits(), 4);
    }
}
