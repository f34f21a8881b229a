//! From the verdict to the exit code, and the gate's reasons on request.

use tollgate_core::Verdict;
use tollgate_pipeline::Conclusion;

use crate::exit;
use crate::failure::Failure;

/// The exit code of a verdict. A failed gate stays failed when the scan was incomplete besides.
pub(crate) const fn exit_code(verdict: &Verdict) -> u8 {
    match verdict {
        Verdict::Pass => exit::PASSED,
        Verdict::Fail { .. } => exit::FAILED,
        Verdict::Incomplete { .. } => exit::INCOMPLETE,
    }
}

/// Gives the report its exit code, and the code to the program.
pub(crate) fn settle(conclusion: &mut Conclusion) -> u8 {
    let code = exit_code(&conclusion.report.verdict);
    conclusion.report.invocation.exit_code = code;
    code
}

/// The verdict in one line, for `--quiet`.
pub(crate) fn line(verdict: &Verdict) -> String {
    let reasons = verdict.violations().iter().map(|violation| &violation.message);
    let reasons: Vec<&str> =
        reasons.chain(verdict.gaps().iter().map(|gap| &gap.reason)).map(String::as_str).collect();
    if reasons.is_empty() { verdict.to_string() } else { format!("{verdict}: {}", reasons.join("; ")) }
}

/// Prints on stderr, for each finding, which rule of the gate decided.
pub(crate) fn explain(conclusion: &Conclusion) -> Result<(), Failure> {
    use std::io::Write;
    let mut stderr = std::io::stderr().lock();
    let mut write = || -> std::io::Result<()> {
        writeln!(stderr, "gate decisions")?;
        for (finding, decision) in conclusion.report.findings.iter().zip(&conclusion.decisions) {
            let place = finding.finding.source().map_or_else(
                || "no place in the sources".to_owned(),
                |location| format!("{}:{}", location.path, location.region.start().line),
            );
            let effect = decision.effect.as_str();
            writeln!(stderr, "  {effect:<10} {}  {place}", finding.finding.rule)?;
            writeln!(stderr, "             by {}", decision.by)?;
        }
        Ok(())
    };
    write().map_err(|error| Failure::Incomplete(error.into()))
}
