//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

const EXIT_CODES: &str = "\
Exit codes:
  0    passed
  1    the gate failed (also when the scan was incomplete besides)
  2    wrong usage, configuration or rule file
  3    incomplete: a scanner that is not optional did not finish
  4    nothing to scan
  130  interrupted

Every option can be given as an environment variable, as TOLLGATE_FAIL_ON for --fail-on.
Stdout carries the report, stderr everything else.";

/// The security gate of a delivery pipeline: static rules, secrets, dependency advisories and dynamic
/// scans in one deduplicated report with thresholds.
#[derive(Debug, Parser)]
#[command(name = "tollgate", version, max_term_width = 100, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// What stderr shows.
#[derive(Debug, Clone, Args)]
pub(crate) struct OutputArgs {
    /// Show neither progress bars nor progress lines
    #[arg(long, global = true, env = "TOLLGATE_NO_PROGRESS")]
    pub(crate) no_progress: bool,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", env = "TOLLGATE_COLOR")]
    pub(crate) color: ColorChoice,
    /// Print nothing on stderr but errors, and only the verdict of a text report
    #[arg(short, long, global = true, env = "TOLLGATE_QUIET")]
    pub(crate) quiet: bool,
    /// Say more: notes, skipped files, every trace
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the enabled scanners, merge, gate and report
    Scan(Box<ScanArgs>),
    /// Merge reports of any tools or shards into one deduplicated report, then gate it
    Merge(MergeArgs),
    /// Evaluate thresholds on an existing report
    Gate(GateArgs),
    /// The rule author's tools
    #[command(subcommand)]
    Rules(RulesCommand),
    /// The local advisory index
    #[command(subcommand)]
    Advisories(AdvisoriesCommand),
    /// Record today's findings so that only new ones gate
    #[command(subcommand)]
    Baseline(BaselineCommand),
    /// Write a commented tollgate.toml, and on request the git hook and the CI snippet
    Init(InitArgs),
    /// Print the completion script of a shell
    Completions {
        /// Shell to complete for
        shell: Shell,
    },
    /// Programs that run inside Tollgate's own containers
    #[command(subcommand, hide = true)]
    Worker(WorkerCommand),
}

/// Options that say which settings hold.
#[derive(Debug, Clone, Args)]
pub(crate) struct ConfigArgs {
    /// Configuration file instead of the nearest tollgate.toml
    #[arg(long, value_name = "FILE", env = "TOLLGATE_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// Profile: pre-commit, pre-push, pull-request, staging, nightly or one of the configuration
    #[arg(long, value_name = "NAME", env = "TOLLGATE_PROFILE")]
    pub(crate) profile: Option<String>,
    /// Fail on unsuppressed findings of this severity or worse: info, low, medium, high, critical, none
    #[arg(long, value_name = "SEVERITY", env = "TOLLGATE_FAIL_ON")]
    pub(crate) fail_on: Option<String>,
    /// Fail on more than N findings of a severity, as `medium=20` (repeatable)
    #[arg(long, value_name = "SEVERITY=N", env = "TOLLGATE_MAX", value_delimiter = ',')]
    pub(crate) max: Vec<String>,
    /// Only findings that are not in this baseline gate: a report file or a git revision
    #[arg(long, value_name = "FILE-or-REV", env = "TOLLGATE_BASELINE")]
    pub(crate) baseline: Option<String>,
    /// Print for each finding which rule of the gate decided
    #[arg(long, env = "TOLLGATE_EXPLAIN_GATE")]
    pub(crate) explain_gate: bool,
}

/// Options that say where the report goes.
#[derive(Debug, Clone, Args)]
pub(crate) struct ReportArgs {
    /// Format of the report on stdout: text, sarif, json, html, junit, markdown, gitlab, csv, cyclonedx
    #[arg(long, value_name = "FORMAT", default_value = "text", env = "TOLLGATE_FORMAT")]
    pub(crate) format: String,
    /// Also write the report to FILE; its ending gives the format (repeatable)
    #[arg(short, long = "output", value_name = "FILE", env = "TOLLGATE_OUTPUT", value_delimiter = ',')]
    pub(crate) output: Vec<PathBuf>,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct ScanArgs {
    /// Files or folders to scan [default: scan.paths of the configuration, else the current folder]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Scanners to run: sast, secrets, deps, dast, or the name of a tool of the configuration
    #[arg(long, value_name = "LIST", value_delimiter = ',', env = "TOLLGATE_SCANNER")]
    pub(crate) scanner: Vec<String>,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// Rule file or folder to use besides the built-in rules (repeatable)
    #[arg(long, value_name = "FILE-or-DIR", env = "TOLLGATE_RULES", value_delimiter = ',')]
    pub(crate) rules: Vec<PathBuf>,
    /// Do not use the built-in rules
    #[arg(long, env = "TOLLGATE_NO_BUILTIN_RULES")]
    pub(crate) no_builtin_rules: bool,
    /// Built-in rules to use: default, extended, owasp-top-10, cwe-top-25
    #[arg(long, value_name = "PACK", env = "TOLLGATE_PACK")]
    pub(crate) pack: Option<String>,
    /// Base URL of a running application to scan
    #[arg(long, value_name = "URL", env = "TOLLGATE_TARGET")]
    pub(crate) target: Option<String>,
    /// Consent to active checks: probes that try to exploit the target
    #[arg(long, env = "TOLLGATE_ACTIVE")]
    pub(crate) active: bool,
    /// Report only on files changed since this revision
    #[arg(long, value_name = "REV", env = "TOLLGATE_SINCE")]
    pub(crate) since: Option<String>,
    /// Merge the SARIF or native JSON report of another tool (repeatable)
    #[arg(long, value_name = "FILE", env = "TOLLGATE_IMPORT", value_delimiter = ',')]
    pub(crate) import: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) report: ReportArgs,
    /// Use no network at all
    #[arg(long, env = "TOLLGATE_OFFLINE")]
    pub(crate) offline: bool,
    /// Threads to use [default: one per processor]
    #[arg(long, value_name = "N", env = "TOLLGATE_JOBS")]
    pub(crate) jobs: Option<std::num::NonZeroUsize>,
    /// Time for the whole scan, as `90s`, `10m` or `1h`
    #[arg(long, value_name = "DURATION", env = "TOLLGATE_TIMEOUT")]
    pub(crate) timeout: Option<String>,
    /// Neither read nor write results of unchanged files
    #[arg(long, env = "TOLLGATE_NO_CACHE")]
    pub(crate) no_cache: bool,
    /// Scan only the I-th of N shards
    #[arg(long, value_name = "I/N", env = "TOLLGATE_SHARD")]
    pub(crate) shard: Option<String>,
    /// Print what would be done and where each setting comes from, and stop
    #[arg(long, env = "TOLLGATE_DRY_RUN")]
    pub(crate) dry_run: bool,
    /// Apply the fixes of the findings to the files
    #[arg(long, env = "TOLLGATE_FIX")]
    pub(crate) fix: bool,
    /// Say why a rule does or does not match at a line
    #[arg(long, value_name = "FILE:LINE", requires = "rule")]
    pub(crate) explain: Option<String>,
    /// Rule that --explain is about
    #[arg(long, value_name = "ID", requires = "explain")]
    pub(crate) rule: Option<String>,
    /// Also look for secrets in the git history
    #[arg(long, env = "TOLLGATE_HISTORY")]
    pub(crate) history: bool,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct MergeArgs {
    /// Reports to merge
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Root of the sources, for reports with absolute paths and for code frames
    #[arg(long, value_name = "DIR", env = "TOLLGATE_ROOT")]
    pub(crate) root: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    #[command(flatten)]
    pub(crate) report: ReportArgs,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct GateArgs {
    /// The report to judge
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    #[command(flatten)]
    pub(crate) report: ReportArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RulesCommand {
    /// List the rules
    List {
        #[command(flatten)]
        set: RuleSetArgs,
        /// Only rules for this language
        #[arg(long, value_name = "NAME")]
        language: Option<String>,
        /// Only rules for this weakness, as CWE-89
        #[arg(long, value_name = "CWE")]
        cwe: Option<String>,
        /// Only rules whose weakness a requirement of this standard covers: pci-dss, iso-27001, nist-800-53, hipaa, gdpr
        #[arg(long, value_name = "STANDARD")]
        compliance: Option<String>,
    },
    /// Show one rule: what it finds, why it matters, and its source
    Show {
        /// Rule id
        id: String,
        #[command(flatten)]
        set: RuleSetArgs,
    },
    /// Check rule files without running them
    Lint {
        /// Rule files or folders
        #[arg(required = true, value_name = "FILE-or-DIR")]
        paths: Vec<PathBuf>,
    },
    /// Run rules against the annotated files beside them
    Test {
        /// Folders with rules and their annotated files
        #[arg(required = true, value_name = "DIR")]
        paths: Vec<PathBuf>,
    },
}

#[derive(Debug, Clone, Args)]
pub(crate) struct RuleSetArgs {
    /// Rule file or folder besides the built-in rules (repeatable)
    #[arg(long, value_name = "FILE-or-DIR")]
    pub(crate) rules: Vec<PathBuf>,
    /// Leave the built-in rules out
    #[arg(long)]
    pub(crate) no_builtin_rules: bool,
    /// Built-in rules: default, extended, owasp-top-10, cwe-top-25
    #[arg(long, value_name = "PACK", default_value = "extended")]
    pub(crate) pack: String,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AdvisoriesCommand {
    /// Download advisories and build the local index
    Update {
        /// URL or folder with the layout of the public OSV bucket
        #[arg(long, value_name = "URL-or-DIR", env = "TOLLGATE_ADVISORIES_FROM")]
        from: Option<String>,
        /// Ecosystems to update [default: those of the source that Tollgate reads]
        #[arg(long, value_name = "NAME", value_delimiter = ',')]
        ecosystem: Vec<String>,
        /// CISA list of known exploited vulnerabilities (JSON)
        #[arg(long, value_name = "FILE-or-URL")]
        kev: Option<String>,
        /// EPSS scores (CSV, may be gzipped)
        #[arg(long, value_name = "FILE-or-URL")]
        epss: Option<String>,
    },
    /// Show age and size of the index
    Status,
    /// Show one advisory
    Show {
        /// Id or alias, as RUSTSEC-2023-0044 or CVE-2021-44228
        id: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum BaselineCommand {
    /// Scan and write all findings to a baseline file
    Write {
        /// Where to write it
        #[arg(long = "to", value_name = "FILE", default_value = ".tollgate/baseline.sarif")]
        to: PathBuf,
        #[command(flatten)]
        scan: Box<ScanArgs>,
    },
}

#[derive(Debug, Clone, Args)]
pub(crate) struct InitArgs {
    /// Folder to write to
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
    /// Also write a git pre-push hook
    #[arg(long)]
    pub(crate) hook: bool,
    /// Also write a CI job: github or gitlab
    #[arg(long, value_name = "SYSTEM")]
    pub(crate) ci: Option<CiSystem>,
    /// Overwrite files that exist
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CiSystem {
    Github,
    Gitlab,
}

#[derive(Debug, Subcommand)]
pub(crate) enum WorkerCommand {
    /// The dynamic scanner: job on stdin, events and findings on stdout
    Dast,
    /// Hold a network namespace open
    Pause,
    /// Take every route out of a network namespace but those to the addresses given
    StripRoutes {
        /// Addresses that stay reachable
        keep: Vec<std::net::IpAddr>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
