//! The seam between the pipeline and everything that finds flaws.

use std::fmt;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

use crate::cancel::Cancel;
use crate::event::Events;
use crate::facts::Facts;
use crate::inventory::Inventory;
use crate::origin::Origin;
use crate::outcome::ScannerOutcome;

/// Something that finds flaws.
///
/// `scan` blocks; the pipeline runs every scanner on a thread of its own, catches its panics and keeps
/// its deadline. An implementation looks at `cx.cancel` often and hands back what it has when asked to
/// end, with an error diagnostic that says so.
pub trait Scanner: Send + Sync {
    /// Its name, as `--scanner` takes it.
    fn id(&self) -> ScannerId;

    /// When it runs.
    fn stage(&self) -> Stage {
        Stage::Static
    }

    /// What it would do, for `--dry-run`.
    fn describe(&self) -> Vec<SettingLine>;

    /// Finds flaws.
    fn scan(&self, cx: &ScanContext<'_>) -> ScannerOutcome;
}

/// When a scanner runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// First, side by side with the others of its stage; reads files.
    Static,
    /// Second, with the facts the first stage learned; talks to a running application.
    Dynamic,
}

/// What a scanner is given.
#[derive(Debug, Clone)]
pub struct ScanContext<'a> {
    /// The files.
    pub inventory: &'a Inventory,
    /// What earlier stages learned; empty in the first.
    pub facts: &'a Facts,
    /// Where to tell of progress.
    pub events: &'a Events,
    /// When to end.
    pub cancel: &'a Cancel,
    /// How many threads to use.
    pub jobs: NonZeroUsize,
    /// A folder for results that can be reused, `None` with `--no-cache`. Several processes may use it
    /// at the same time.
    pub cache: Option<&'a Path>,
}

/// One printable setting of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingLine {
    /// Dotted key as in `tollgate.toml`.
    pub key: String,
    /// Value as text.
    pub value: String,
    /// Who set it.
    pub origin: Origin,
}

/// The name of a scanner or of the tool behind an import: `sast`, `deps`, `zap`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScannerId(Arc<str>);

impl ScannerId {
    /// Name of the static rules.
    pub const SAST: &'static str = "sast";
    /// Name of the secret detection.
    pub const SECRETS: &'static str = "secrets";
    /// Name of the dependency checks.
    pub const DEPS: &'static str = "deps";
    /// Name of the dynamic scans.
    pub const DAST: &'static str = "dast";
    /// The built-in scanners in the order of reports.
    pub const BUILT_IN: [&'static str; 4] = [Self::SAST, Self::SECRETS, Self::DEPS, Self::DAST];

    /// A scanner by name; any non-empty text may name one.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self(name.into())
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ScannerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
