//! Whether the project's code gets to a vulnerable package.

use tollgate_core::facts::Facts;
use tollgate_core::{Inventory, MergedFinding};

/// Placeholder.
pub fn reach(_findings: &mut [MergedFinding], _facts: &Facts, _inventory: Option<&Inventory>) {}
