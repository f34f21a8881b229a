//! One module for each command.

pub(crate) mod advisories;
pub(crate) mod baseline;
pub(crate) mod completions;
pub(crate) mod gate;
pub(crate) mod init;
pub(crate) mod merge;
pub(crate) mod rules;
pub(crate) mod scan;
pub(crate) mod worker;
