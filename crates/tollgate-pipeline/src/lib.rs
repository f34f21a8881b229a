//! Plan, execute, merge, suppress and judge.
//!
//! Everything after [`execute()`] is a synchronous function over values; the same input gives the same
//! report. This crate knows no scanner and no report format.

pub mod assemble;
pub mod baseline;
pub mod correlate;
pub mod enrich;
pub mod execute;
pub mod fingerprint;
pub mod gate;
pub mod merge;
pub mod plan;
pub mod rank;
pub mod reachability;
pub mod revision;
pub mod shard;
pub mod suppress;
pub mod walk;

mod foreign_paths;
mod redact;
mod routes;
#[cfg(test)]
mod testing;
mod text_kind;
mod weakness;

pub use assemble::{Conclusion, Material, Rules, conclude, rejudge};
pub use baseline::{Baseline, BaselineError, BaselineScope};
pub use execute::execute;
pub use gate::{Decision, Effect, Judgement, Policy, judge};
pub use merge::{lift, merge};
pub use plan::Plan;
pub use revision::{RevisionError, RevisionTree, Since};
pub use shard::{Shard, ShardError, ShardStamp, check_shards};
pub use suppress::{RawWaiver, Suppressing};
pub use walk::{WalkError, WalkSettings, walk};
