//! `tollgate baseline write`: records today's findings.

use std::fs;

use anyhow::{Context, anyhow};
use tollgate_core::Cancel;
use tollgate_report::{Format, SarifOptions, WriteOptions};

use super::scan;
use crate::cli::{BaselineCommand, OutputArgs};
use crate::failure::{Failure, counted};
use crate::progress::Progress;
use crate::{exit, interrupt, output};

/// Scans and writes the findings; an incomplete scan overwrites nothing.
pub(crate) fn run(command: &BaselineCommand, args: &OutputArgs) -> Result<u8, Failure> {
    let BaselineCommand::Write { to, scan: scan_args } = command;
    let config = scan::resolve(scan_args)?;
    let cancel = Cancel::new();
    interrupt::watch(&cancel)
        .map_err(|error| Failure::Incomplete(anyhow!(error).context("failed to watch for signals")))?;
    let mut plan = scan::plan(&config, &cancel)?;
    let scanned = scan::scan(&config, &mut plan, &Progress::new(args), &cancel)?;
    let report = &scanned.conclusion.report;
    scan::complete_or_refuse(report)?;
    if let Some(folder) = to.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).with_context(|| format!("failed to create {}", folder.display()))?;
    }
    let options = WriteOptions {
        sarif: SarifOptions { unlimited: true, ..SarifOptions::default() },
        ..WriteOptions::default()
    };
    output::replace(to, |file| {
        tollgate_report::write(Format::Sarif, report, &options, file).map_err(output::io_error)
    })
    .with_context(|| format!("failed to write the baseline {}", to.display()))?;
    let count = report.findings.len();
    output::to_stdout(|stdout| writeln!(stdout, "wrote {} to {}", counted(count, "finding"), to.display()))?;
    Ok(exit::PASSED)
}
