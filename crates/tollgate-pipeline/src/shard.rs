//! Cutting one scan into parts that run on several machines.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};
use tollgate_core::{Inventory, Language, RepoPath};

/// One part of a scan: `index` of `count`, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shard {
    index: u32,
    count: u32,
}

/// A text or pair of numbers that is no shard.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a shard: expected I/N with I from 1 to N")]
pub struct NotAShard(pub String);

impl Shard {
    /// Shard `index` of `count`.
    ///
    /// # Errors
    /// When `index` is not between 1 and `count`.
    pub fn new(index: u32, count: u32) -> Result<Self, NotAShard> {
        let valid = (1..=count).contains(&index);
        if valid { Ok(Self { index, count }) } else { Err(NotAShard(format!("{index}/{count}"))) }
    }

    /// Index, from 1.
    #[must_use]
    pub const fn index(self) -> u32 {
        self.index
    }

    /// How many shards the scan has.
    #[must_use]
    pub const fn count(self) -> u32 {
        self.count
    }

    /// Whether this shard looks at the file. The answer depends on the path alone. Program text goes by
    /// its own path; manifests, lockfiles and other data go by their folder, because they are read
    /// together.
    #[must_use]
    pub fn holds(self, path: &RepoPath, language: Option<Language>) -> bool {
        let is_data =
            matches!(language, None | Some(Language::Json | Language::Xml | Language::Yaml | Language::Html));
        let folder;
        let key = if is_data {
            folder = path.parent();
            folder.as_str()
        } else {
            path.as_str()
        };
        let digest = Sha256::digest(key.as_bytes());
        let hash = digest[..8].iter().fold(0_u64, |hash, byte| hash << 8 | u64::from(*byte));
        hash % u64::from(self.count) == u64::from(self.index - 1)
    }

    /// The part of an inventory this shard looks at. What was skipped is told by the first shard only.
    #[must_use]
    pub fn part_of(self, inventory: &Inventory) -> Inventory {
        let files =
            inventory.files().iter().filter(|file| self.holds(&file.path, file.language)).cloned().collect();
        let skipped = if self.index == 1 { inventory.skipped().to_vec() } else { Vec::new() };
        Inventory::new(inventory.root().to_owned(), files, skipped)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

impl FromStr for Shard {
    type Err = NotAShard;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fault = || NotAShard(text.to_owned());
        let (index, count) = text.split_once('/').ok_or_else(fault)?;
        let index = index.trim().parse().map_err(|_| fault())?;
        let count = count.trim().parse().map_err(|_| fault())?;
        Self::new(index, count).map_err(|_| fault())
    }
}

/// What a shard's report says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShardStamp {
    /// The report's file, for messages.
    pub file: String,
    /// Which shard it is.
    pub shard: Shard,
    /// Digest of the plan it ran.
    pub plan_digest: Option<String>,
}

/// Why reports of shards do not add up to one scan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShardError {
    /// A shard's report was not given.
    #[error("merge the shards: shard {0} is missing")]
    Missing(Shard),
    /// Two reports of one shard.
    #[error("merge the shards: `{first}` and `{second}` are both shard {shard}")]
    Doubled {
        /// The shard.
        shard: Shard,
        /// One report.
        first: String,
        /// The other.
        second: String,
    },
    /// Reports of different plans or counts.
    #[error("merge the shards: `{first}` and `{second}` come from different plans")]
    OtherPlan {
        /// One report.
        first: String,
        /// The other.
        second: String,
    },
}

/// Checks that the shards among merged reports are all of one plan, each there once. No shards at all
/// are fine.
///
/// # Errors
/// When one is missing, doubled or of another plan.
pub fn check_shards(stamps: &[ShardStamp]) -> Result<(), ShardError> {
    let Some(first) = stamps.first() else { return Ok(()) };
    let mut seen: BTreeMap<u32, &ShardStamp> = BTreeMap::new();
    for stamp in stamps {
        let same_plan = stamp.shard.count == first.shard.count
            && stamp.plan_digest == first.plan_digest
            && stamp.plan_digest.is_some();
        if !same_plan {
            return Err(ShardError::OtherPlan { first: first.file.clone(), second: stamp.file.clone() });
        }
        if let Some(earlier) = seen.insert(stamp.shard.index, stamp) {
            return Err(ShardError::Doubled {
                shard: stamp.shard,
                first: earlier.file.clone(),
                second: stamp.file.clone(),
            });
        }
    }
    let count = first.shard.count;
    match (1..=count).find(|index| !seen.contains_key(index)) {
        Some(index) => Err(ShardError::Missing(Shard { index, count })),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(shard: &str, plan: &str) -> ShardStamp {
        ShardStamp {
            file: format!("{}.sarif", shard.replace('/', "-")),
            shard: shard.parse().unwrap(),
            plan_digest: Some(plan.to_owned()),
        }
    }

    #[test]
    fn every_file_is_in_exactly_one_shard() {
        for n in 0..500 {
            let path = RepoPath::new(format!("src/module{n}/file{n}.py")).unwrap();
            let holders = (1..=7).filter(|index| Shard::new(*index, 7).unwrap().holds(&path, None)).count();
            assert_eq!(holders, 1);
        }
    }

    #[test]
    fn shards_must_add_up() {
        let check = |stamps: &[ShardStamp]| check_shards(stamps).map_err(|error| error.to_string());
        assert_eq!(check(&[]), Ok(()));
        assert_eq!(check(&[stamp("2/2", "a"), stamp("1/2", "a")]), Ok(()));
        assert_eq!(check(&[stamp("1/2", "a")]), Err("merge the shards: shard 2/2 is missing".into()));
        assert!(check(&[stamp("1/2", "a"), stamp("1/2", "a")]).unwrap_err().contains("both shard 1/2"));
        assert!(check(&[stamp("1/2", "a"), stamp("2/2", "b")]).unwrap_err().contains("different plans"));
        assert!(check(&[stamp("1/2", "a"), stamp("2/3", "a")]).unwrap_err().contains("different plans"));
    }

    #[test]
    fn reads_shards() {
        assert_eq!("2/4".parse::<Shard>().unwrap().to_string(), "2/4");
        for text in ["0/4", "5/4", "1", "a/b", "1/0", "-1/2"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
