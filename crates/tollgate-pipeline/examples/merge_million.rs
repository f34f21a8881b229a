//! Merges a million generated results and prints time and peak memory. Run with `--release`.

use std::time::Instant;

use tollgate_core::{
    CodeFinding, Confidence, Cwe, Finding, Position, Region, RepoPath, RuleId, ScannerId, Severity,
    SourceLocation, Subject,
};
use tollgate_pipeline::{lift, merge};

#[expect(clippy::print_stdout, reason = "the figures are the example's result")]
fn main() {
    let count: u32 = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(1_000_000);
    let start = Instant::now();
    let part = count.div_ceil(50).max(1);
    let findings: Vec<Vec<Finding>> = (0..count.div_ceil(part))
        .map(|number| (number * part..count.min((number + 1) * part)).map(generated).collect())
        .collect();
    println!("made {count} findings in {:.1?}, {}", start.elapsed(), peak());
    let start = Instant::now();
    let lifted = lift(findings);
    println!("fingerprints in {:.1?}, {}", start.elapsed(), peak());
    let start = Instant::now();
    let merged = merge(vec![lifted], &[]);
    println!("merged to {} in {:.1?}, {}", merged.len(), start.elapsed(), peak());
}

/// The most memory held so far, where the system tells.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default().to_owned()
}

/// Three of four findings have a twin of another tool.
fn generated(number: u32) -> Finding {
    let place = number / 4 * 3 + (number % 4).min(2);
    let tool = format!("tool{}", number % 8);
    let line = place % 2000 * 4 + 1;
    let region = Region::new(Position { line, column: 5 }, Position { line, column: 30 });
    let path = RepoPath::new(format!("src/module{}/file{}.py", place / 2000 % 50, place / 100_000));
    let location = SourceLocation::new(path.expect("the path is relative"), region);
    Finding {
        scanner: ScannerId::new(&tool),
        rule: RuleId::parse("python.lang.sql-injection").expect("the id is a literal"),
        message: format!("query number {place} is built from input that the user controls"),
        severity: Some(Severity::High),
        score: None,
        confidence: Confidence::Medium,
        cwes: vec![Cwe(89)],
        subject: Subject::Code(Box::new(CodeFinding {
            location,
            scope: Vec::new(),
            identity: format!("execute(query{place})"),
            trace: None,
            sensitive: Vec::new(),
        })),
        related: Vec::new(),
        fixes: Vec::new(),
        suppressions: Vec::new(),
    }
}
