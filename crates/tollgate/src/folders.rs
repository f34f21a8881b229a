//! Tollgate's own folders on the user's machine.

use std::path::PathBuf;

use etcetera::BaseStrategy;

use crate::failure::Failure;

/// Results that can be reused: `$TOLLGATE_CACHE_DIR`, else the user's cache folder.
pub(crate) fn cache() -> Option<PathBuf> {
    let own = std::env::var_os("TOLLGATE_CACHE_DIR").filter(|path| !path.is_empty()).map(PathBuf::from);
    own.or_else(|| Some(etcetera::choose_base_strategy().ok()?.cache_dir().join("tollgate")))
}

/// The advisory index: `$TOLLGATE_ADVISORIES_DIR`, else the user's data folder.
pub(crate) fn advisories() -> Result<PathBuf, Failure> {
    let own = std::env::var_os("TOLLGATE_ADVISORIES_DIR").filter(|path| !path.is_empty()).map(PathBuf::from);
    own.or_else(|| Some(etcetera::choose_base_strategy().ok()?.data_dir().join("tollgate/advisories")))
        .ok_or_else(|| {
            Failure::usage(
                anyhow::anyhow!("failed to find the user's data folder"),
                "set HOME, or TOLLGATE_ADVISORIES_DIR to a folder for the advisory index",
            )
        })
}
