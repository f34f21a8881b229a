//! NuGet (<https://learn.microsoft.com/nuget/concepts/package-versioning>): up to four numbers, missing
//! ones are zero, then a Semantic Versioning 2.0 pre-release that ignores case.

use super::key::{KeyWriter, VersionKey};
use super::semver::Parts;

pub(super) fn read(text: &str) -> Option<VersionKey> {
    let lower = text.to_ascii_lowercase();
    let parts = Parts::split(&lower, 4)?;
    if parts.count() > 4 {
        return None;
    }
    let pre_release: Vec<&str> = parts.pre_release().split('.').filter(|part| !part.is_empty()).collect();
    let mut key = KeyWriter::regular();
    parts.write(&mut key, 4, &pre_release);
    Some(key.finish())
}
