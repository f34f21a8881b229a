//! What a scan will do, as a value that can be printed before it is done.

use std::fmt;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest as _, Sha256};
use tollgate_core::{Scanner, SettingLine, Stage};

use crate::gate::Policy;
use crate::shard::Shard;
use crate::suppress::RawWaiver;
use crate::walk::WalkSettings;

/// Everything a scan will do.
#[derive(Clone)]
pub struct Plan {
    /// Which files.
    pub walk: WalkSettings,
    /// Which scanners, in the order of the report.
    pub scanners: Vec<Arc<dyn Scanner>>,
    /// What the gate demands.
    pub policy: Policy,
    /// Accepted risks.
    pub waivers: Vec<RawWaiver>,
    /// How long all scanners together may take.
    pub timeout: Option<Duration>,
    /// How long a scanner may go on after the deadline or an interrupt before it is left behind.
    pub grace: Duration,
    /// Threads for each scanner.
    pub jobs: NonZeroUsize,
    /// Folder for results that can be reused.
    pub cache: Option<PathBuf>,
    /// The part of the scan to do.
    pub shard: Option<Shard>,
    /// Every setting with its origin.
    pub lines: Vec<SettingLine>,
}

/// Settings that change how a scan runs or shows its result but not the result; the last part of a key.
const WITHOUT_EFFECT: &[&str] = &[
    "cache",
    "color",
    "dry-run",
    "format",
    "jobs",
    "no-cache",
    "no-progress",
    "output",
    "quiet",
    "shard",
    "verbose",
];

impl Plan {
    /// A hash of all settings that can change the result. Shards of one scan have the same digest.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut parts: Vec<String> =
            self.settings().map(|line| format!("{}={}", line.key, line.value)).collect();
        parts.retain(|part| {
            let key = part.split('=').next().unwrap_or_default();
            !WITHOUT_EFFECT.contains(&key.rsplit('.').next().unwrap_or(key))
        });
        parts.sort();
        let mut hash = Sha256::new();
        for part in &parts {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        hash.finalize()[..16].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn settings(&self) -> impl Iterator<Item = SettingLine> {
        let of_scanners = self.scanners.iter().flat_map(|scanner| {
            let id = scanner.id();
            scanner.describe().into_iter().map(move |mut line| {
                if !line.key.starts_with(&format!("{id}.")) {
                    line.key = format!("{id}.{}", line.key);
                }
                line
            })
        });
        self.lines.iter().cloned().chain(of_scanners)
    }
}

impl fmt::Display for Plan {
    /// Prints the steps and then every setting with its origin, in columns.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "plan {}", self.digest())?;
        let of_stage = |stage| {
            let names: Vec<String> = self
                .scanners
                .iter()
                .filter(|scanner| scanner.stage() == stage)
                .map(|scanner| scanner.id().to_string())
                .collect();
            if names.is_empty() { "none".to_owned() } else { names.join(", ") }
        };
        let paths: Vec<String> = self.walk.paths.iter().map(|path| path.display().to_string()).collect();
        writeln!(f, "  1 walk     {}", paths.join(", "))?;
        writeln!(f, "  2 static   {}", of_stage(Stage::Static))?;
        writeln!(f, "  3 dynamic  {}", of_stage(Stage::Dynamic))?;
        writeln!(f, "  4 merge, suppress ({} waivers), gate", self.waivers.len())?;
        if let Some(shard) = self.shard {
            writeln!(f, "  shard {shard}")?;
        }
        writeln!(f, "settings")?;
        let lines: Vec<SettingLine> = self.settings().collect();
        let width = |text: fn(&SettingLine) -> &str| {
            lines.iter().map(|line| text(line).chars().count()).max().unwrap_or(0).min(48)
        };
        let (key, value) = (width(|line| &line.key), width(|line| &line.value));
        for line in &lines {
            writeln!(f, "  {:key$}  {:value$}  {}", line.key, line.value, line.origin)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Plan({})", self.digest())
    }
}
