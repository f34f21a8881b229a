//! The list of scanners. Adding one means its crate and a line here.

use std::path::Path;
use std::sync::Arc;

use anyhow::anyhow;
use tollgate_core::{Scanner, ScannerId};
use tollgate_deps::DepsScanner;
use tollgate_sast::SastScanner;
use tollgate_sast::secrets::SecretsScanner;

use crate::config::Resolved;
use crate::failure::Failure;
use crate::settings::scan;
use crate::{folders, staging, tools};

/// The enabled scanners, in the order of reports.
pub(crate) fn enabled(config: &Resolved, root: &Path) -> Result<Vec<Arc<dyn Scanner>>, Failure> {
    let mut enabled: Vec<Arc<dyn Scanner>> = Vec::new();
    for name in scan::scanners(config)? {
        enabled.push(match name.as_str() {
            ScannerId::SAST => sast(config)?,
            ScannerId::SECRETS => {
                Arc::new(SecretsScanner::new(scan::secrets(config)).map_err(|error| {
                    Failure::usage(anyhow!(error), "correct [secrets] in the configuration")
                })?)
            }
            ScannerId::DEPS => Arc::new(DepsScanner::new(scan::deps(config, &folders::advisories()?)?)),
            ScannerId::DAST => staging::scanner(config, root)?,
            tool => tools::scanner(config, tool, root)?,
        });
    }
    Ok(enabled)
}

fn sast(config: &Resolved) -> Result<Arc<dyn Scanner>, Failure> {
    let scanner = SastScanner::new(scan::sast(config)?).map_err(Failure::Rules)?;
    Ok(Arc::new(scanner))
}
