//! SARIF 2.1.0, out and in.
//!
//! Writing is strict: what leaves here passes the official schema and the rules code hosts check.
//! Reading is lenient: what other tools write is taken as far as it can be understood, and what cannot
//! is named.

mod extras;
mod invocation;
pub mod limits;
mod place;
pub mod read;
mod result;
mod tool;
pub mod write;

/// Name of the tool in reports of Tollgate's own, by which they are recognised.
pub(crate) const DRIVER: &str = "Tollgate";
/// Key of the property bags that hold what SARIF has no word for.
pub(crate) const EXTRAS: &str = "tollgate";
/// Key of Tollgate's own fingerprint among `partialFingerprints`.
pub(crate) const FINGERPRINT: &str = "tollgate/v1";
/// Key of GitHub's fingerprint among `partialFingerprints`.
pub(crate) const LINE_HASH: &str = "primaryLocationLineHash";
/// The base of relative paths.
pub(crate) const SOURCE_ROOT: &str = "%SRCROOT%";
/// Key of the mark on a location that stands in for one a finding does not have.
pub(crate) const STAND_IN: &str = "standIn";
/// Key of the mark on a related location that says what it is taken from.
pub(crate) const ROLE: &str = "role";
