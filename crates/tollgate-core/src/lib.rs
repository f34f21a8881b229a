//! The vocabulary of Tollgate: what a finding is, where it is, how bad it is, who said so and whether
//! the saying was complete.
//!
//! This crate does no I/O and starts no runtime. Scanners produce these values, the pipeline merges and
//! judges them, reports show them; none of the three needs to know the others.

pub mod cancel;
pub mod coverage;
pub mod cwe;
pub mod dependency;
pub mod dynamic;
pub mod event;
pub mod facts;
pub mod finding;
pub mod fingerprint;
pub mod inventory;
pub mod language;
pub mod line_hash;
pub mod location;
pub mod origin;
pub mod outcome;
pub mod path;
pub mod repair;
pub mod report;
pub mod rule;
pub mod scanner;
pub mod severity;
pub mod verdict;

pub use cancel::{Cancel, CancelReason};
pub use coverage::{Coverage, SkipReason, Skipped};
pub use cwe::Cwe;
pub use event::{Event, Events};
pub use finding::{CodeFinding, Edit, Finding, Fix, Related, Subject, Suppression, SuppressionKind};
pub use fingerprint::Fingerprint;
pub use inventory::{FileEntry, Inventory};
pub use language::Language;
pub use location::{Position, Region, Snippet, SourceLocation, Trace, TraceStep};
pub use origin::{Origin, Sourced};
pub use outcome::{Diagnostic, DiagnosticLevel, ScannerOutcome};
pub use path::RepoPath;
pub use report::{BaselineState, MergedFinding, Report, Source};
pub use rule::{Confidence, RuleId, RuleMeta};
pub use scanner::{ScanContext, Scanner, ScannerId, SettingLine, Stage};
pub use severity::{Score, Severity};
pub use verdict::{Verdict, Violation};
