//! Reads reports of any kind and writes each in another format, unmerged and ungated, to see what the
//! reader makes of a file: `cargo run -p tollgate-report --example convert -- FORMAT FOLDER FILE…`. With
//! `count` in the place of a format every finding is dropped as it is read, and nothing is written.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Write};
use std::path::PathBuf;
use std::time::Instant;

use tollgate_core::report::{Invocation, ScannerSummary};
use tollgate_core::{Fingerprint, MergedFinding, Report, ScannerOutcome, Source, Verdict};
use tollgate_report::{Format, ReadOptions, WriteOptions, read_report, write};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let format = arguments.next().ok_or("name a format")?;
    if format == "count" {
        return count(arguments);
    }
    let format: Format = format.parse()?;
    let folder = PathBuf::from(arguments.next().ok_or("name a folder")?);
    fs::create_dir_all(&folder)?;
    let mut stdout = io::stdout().lock();
    for (at, name) in arguments.enumerate() {
        let started = Instant::now();
        let file = BufReader::new(File::open(&name)?);
        let imported = match read_report(file, &ReadOptions { name: &name, ..ReadOptions::default() }) {
            Ok(imported) => imported,
            Err(error) => {
                writeln!(stdout, "{at:03} REFUSED {error}")?;
                continue;
            }
        };
        let complete = imported.is_complete();
        let reports = imported.own.into_iter().chain([unmerged(imported.outcomes)]);
        for report in reports.filter(|report| !report.scanners.is_empty()) {
            let tools: Vec<String> = report.scanners.iter().map(|s| s.scanner.to_string()).collect();
            writeln!(
                stdout,
                "{at:03} {} findings of {} in {} ms, {}: {name}",
                report.findings.len(),
                tools.join(", "),
                started.elapsed().as_millis(),
                if complete { "complete" } else { "incomplete" }
            )?;
            for diagnostic in report.scanners.iter().flat_map(|summary| &summary.diagnostics) {
                writeln!(stdout, "      {:?} {}", diagnostic.level, diagnostic.message)?;
            }
            let out = File::create(folder.join(format!("{at:03}.{}", format.name())))?;
            write(format, &report, &WriteOptions::default(), &mut BufWriter::new(out))?;
        }
    }
    Ok(())
}

fn count(files: impl Iterator<Item = String>) -> Result<(), Box<dyn std::error::Error>> {
    for name in files {
        let started = Instant::now();
        let options = ReadOptions { name: &name, keep: Some(&|_| false), ..ReadOptions::default() };
        let imported = read_report(BufReader::new(File::open(&name)?), &options)?;
        writeln!(
            io::stdout(),
            "{} dropped in {} ms: {name}",
            imported.dropped,
            started.elapsed().as_millis()
        )?;
    }
    Ok(())
}

/// A report of the outcomes as they are.
fn unmerged(outcomes: Vec<ScannerOutcome>) -> Report {
    let mut findings = Vec::new();
    let mut scanners = Vec::new();
    for outcome in outcomes {
        let complete = outcome.is_complete();
        for (at, finding) in outcome.findings.into_iter().enumerate() {
            findings.push(MergedFinding {
                fingerprint: Fingerprint::of_parts([outcome.scanner.as_str(), &at.to_string()]),
                sources: vec![Source {
                    tool: outcome.scanner.to_string(),
                    rule: finding.rule.clone(),
                    severity: finding.severity,
                    message: finding.message.clone(),
                }],
                confirmed_by: Vec::new(),
                merged_because: Vec::new(),
                baseline: None,
                first_seen: None,
                suppressions: finding.suppressions.clone(),
                rank: 500,
                finding,
            });
        }
        scanners.push(ScannerSummary {
            scanner: outcome.scanner,
            tool: outcome.tool,
            rules: outcome.rules,
            coverage: outcome.coverage,
            diagnostics: outcome.diagnostics,
            complete,
            elapsed: outcome.elapsed,
        });
    }
    Report {
        root: None,
        findings,
        scanners,
        packages: Vec::new(),
        routes: Vec::new(),
        diagnostics: Vec::new(),
        verdict: Verdict::Pass,
        invocation: Invocation::default(),
    }
}
