//! From merged configuration to the settings of each room.

pub(crate) mod dast;
pub(crate) mod flags;
pub(crate) mod gate;
pub(crate) mod scan;

use std::path::{Path, PathBuf};

use crate::cli::ConfigArgs;
use crate::config::{self, Layer, Resolved};
use crate::failure::Failure;

/// Reads the configuration that holds for `start`, with the flags on top.
pub(crate) fn resolve(args: &ConfigArgs, start: &Path, flags: Layer) -> Result<Resolved, Failure> {
    let path = match &args.config {
        Some(path) => Some(path.clone()),
        None => {
            let start = start.canonicalize().unwrap_or_else(|_| start.to_owned());
            let folder =
                if start.is_dir() { start.clone() } else { start.parent().unwrap_or(&start).to_owned() };
            let ceiling = repository_root(&folder).unwrap_or_else(|| folder.clone());
            config::discover(&folder, &ceiling).map(|path| shortened(&path))
        }
    };
    Ok(config::resolve(path.as_deref(), args.profile.as_deref(), flags)?)
}

/// The top folder of the git work tree that holds `folder`.
pub(crate) fn repository_root(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().find(|ancestor| ancestor.join(".git").exists()).map(Path::to_owned)
}

/// A path as the user would write it: relative to the working folder where that is shorter.
fn shortened(path: &Path) -> PathBuf {
    let relative =
        std::env::current_dir().ok().and_then(|here| path.strip_prefix(&here).ok().map(Path::to_owned));
    relative.unwrap_or_else(|| path.to_owned())
}
