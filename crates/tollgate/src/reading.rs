//! Reports that others wrote, and VEX statements.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use rayon::prelude::*;
use tollgate_core::{RepoPath, Report, ScannerOutcome};
use tollgate_report::{ImportedReport, ReadOptions, read_report};

use crate::failure::{Failure, failed};

/// What several files hold.
#[derive(Debug, Default)]
pub(crate) struct Imported {
    /// What other tools found, one outcome for each run.
    pub(crate) outcomes: Vec<ScannerOutcome>,
    /// Reports of Tollgate's own.
    pub(crate) own: Vec<Report>,
    /// The file of each report of Tollgate's own.
    pub(crate) own_files: Vec<String>,
}

/// Reads reports of any tool: SARIF, or the native JSON of a tool that is known.
pub(crate) fn imports(files: &[PathBuf], root: Option<&Path>) -> Result<Imported, Failure> {
    let mut imported = Imported::default();
    let reports: Vec<Result<ImportedReport, Failure>> =
        files.par_iter().map(|path| read(path, root)).collect();
    for (path, report) in files.iter().zip(reports) {
        let report = report?;
        imported.own_files.extend(report.own.iter().map(|_| path.display().to_string()));
        imported.outcomes.extend(report.outcomes);
        imported.own.extend(report.own);
    }
    Ok(imported)
}

/// Reads one report.
pub(crate) fn read(path: &Path, root: Option<&Path>) -> Result<ImportedReport, Failure> {
    let name = path.display().to_string();
    let file = File::open(path).with_context(|| format!("failed to open the report {name}"))?;
    let root_text = root.map(|root| root.to_string_lossy().into_owned());
    let contains = |file: &RepoPath| root.is_some_and(|root| file.to_path(root).is_file());
    let options = ReadOptions {
        name: &name,
        root: root_text.as_deref(),
        contains: root.is_some().then_some(&contains),
        keep: None,
    };
    read_report(BufReader::new(file), &options).map_err(failed)
}

/// Reads the report that `gate` and a baseline file need: one that Tollgate wrote.
pub(crate) fn own_report(path: &Path, root: Option<&Path>) -> Result<Report, Failure> {
    let mut report = read(path, root)?;
    match (report.own.len(), report.outcomes.is_empty()) {
        (1, true) => Ok(report.own.remove(0)),
        _ => Err(Failure::usage(
            anyhow!("{} is no report of one Tollgate scan", path.display()),
            format!("make one of it first: tollgate merge {} -o merged.sarif", path.display()),
        )),
    }
}
