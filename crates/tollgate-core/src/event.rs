//! What a running scan tells whoever shows progress.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::outcome::Diagnostic;
use crate::scanner::ScannerId;

/// Something that happened while scanning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A scanner began; `total` files or requests are expected, where known.
    Started {
        /// Who.
        scanner: ScannerId,
        /// Units of work expected.
        total: Option<u64>,
    },
    /// A scanner entered a phase, for example `crawl`.
    Phase {
        /// Who.
        scanner: ScannerId,
        /// A few words.
        name: String,
    },
    /// A scanner did this much more since it last said so.
    Progress {
        /// Who.
        scanner: ScannerId,
        /// Files or requests.
        units: u64,
        /// Bytes.
        bytes: u64,
    },
    /// A message worth showing at once.
    Diagnostic {
        /// Who.
        scanner: ScannerId,
        /// What.
        diagnostic: Diagnostic,
    },
    /// A scanner ended.
    Finished {
        /// Who.
        scanner: ScannerId,
        /// How many findings it has, before merging.
        findings: usize,
        /// Whether it looked at all it was asked to.
        complete: bool,
        /// Wall-clock time.
        elapsed: Duration,
    },
}

/// Where events go. Clones share the consumer.
#[derive(Clone)]
pub struct Events(Arc<dyn Fn(Event) + Send + Sync>);

impl Events {
    /// Events that `consumer` receives, from any thread.
    pub fn new(consumer: impl Fn(Event) + Send + Sync + 'static) -> Self {
        Self(Arc::new(consumer))
    }

    /// Events nobody looks at.
    #[must_use]
    pub fn ignored() -> Self {
        Self::new(|_| {})
    }

    /// Tells the consumer.
    pub fn emit(&self, event: Event) {
        (self.0)(event);
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Events")
    }
}
