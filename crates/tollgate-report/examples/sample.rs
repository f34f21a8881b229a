//! Writes one report with findings of every kind in every format into a folder, to look at and to check
//! with other programs: `cargo run -p tollgate-report --example sample -- FOLDER [COUNT]`. With a count the
//! findings are repeated until there are so many.

#[path = "../tests/report/sample.rs"]
mod sample;

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::PathBuf;

use tollgate_report::{Format, TextOptions, WriteOptions, write};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args_os().nth(1).ok_or("name a folder to write to")?);
    fs::create_dir_all(&folder)?;
    let mut report = sample::report();
    if let Some(count) = std::env::args().nth(2) {
        report.findings = report.findings.iter().cycle().take(count.parse()?).cloned().collect();
        report.findings.sort_by_key(|merged| std::cmp::Reverse(merged.finding.severity));
    }
    for (name, width, color) in [("80", 80, false), ("160", 160, false), ("color", 100, true)] {
        let text = TextOptions { width, color, verbose: false };
        let options = WriteOptions { text, ..WriteOptions::default() };
        let out = File::create(folder.join(format!("sample-{name}.txt")))?;
        write(Format::Text, &report, &options, &mut BufWriter::new(out))?;
    }
    for format in Format::ALL {
        let out = File::create(folder.join(format!("sample.{}", format.name())))?;
        write(format, &report, &WriteOptions::default(), &mut BufWriter::new(out))?;
    }
    Ok(())
}
