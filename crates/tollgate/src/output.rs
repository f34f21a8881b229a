//! Where reports go: stdout, files, and the step summary of GitHub.

use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use tollgate_core::Report;
use tollgate_report::{Format, GitlabReport, TextOptions, WriteError, WriteOptions};

use crate::cli::{ColorChoice, OutputArgs, ReportArgs};
use crate::failure::Failure;

/// Where a report is to go, checked before the work begins.
#[derive(Debug)]
pub(crate) struct Destinations {
    stdout: Format,
    files: Vec<(PathBuf, Format)>,
}

impl Destinations {
    /// Reads `--format` and `-o`.
    pub(crate) fn of(args: &ReportArgs) -> Result<Self, Failure> {
        let stdout = Format::from_name(&args.format).ok_or_else(|| {
            Failure::usage(
                anyhow::anyhow!("unknown report format `{}`", args.format),
                format!("formats: {}", Format::ALL.map(Format::name).join(", ")),
            )
        })?;
        let mut files = Vec::new();
        for path in &args.output {
            let format = Format::from_path(path).ok_or_else(|| {
                Failure::usage(
                    anyhow::anyhow!("the ending of {} names no report format", path.display()),
                    "endings: .sarif .json .html .junit.xml .md .gitlab.json .csv .cdx.json .txt",
                )
            })?;
            let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty());
            if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
                fs::create_dir_all(folder).with_context(|| {
                    format!("failed to create the folder of the report {}", path.display())
                })?;
            }
            if path.is_dir() {
                return Err(
                    anyhow::anyhow!("failed to write the report {}: it is a folder", path.display()).into()
                );
            }
            files.push((path.clone(), format));
        }
        Ok(Self { stdout, files })
    }

    /// Writes the report everywhere.
    pub(crate) fn write(&self, report: &Report, output: &OutputArgs) -> Result<(), Failure> {
        for (path, format) in &self.files {
            let text = TextOptions { width: 100, color: false, verbose: true };
            let gitlab = GitlabReport::from_path(path).unwrap_or_default();
            let options = WriteOptions { text, gitlab, ..WriteOptions::default() };
            replace(path, |file| tollgate_report::write(*format, report, &options, file).map_err(io_error))
                .with_context(|| format!("failed to write the report {}", path.display()))?;
        }
        if let Some(summary) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) {
            append_summary(Path::new(&summary), report)?;
        }
        if output.quiet && self.stdout == Format::Text {
            return to_stdout(|stdout| writeln!(stdout, "{}", crate::verdict::line(&report.verdict)));
        }
        let color = use_color(output, &io::stdout());
        let text = TextOptions { width: width(), color, verbose: output.verbose > 0 };
        let options = WriteOptions { text, ..WriteOptions::default() };
        to_stdout(|stdout| tollgate_report::write(self.stdout, report, &options, stdout).map_err(io_error))
    }
}

fn append_summary(path: &Path, report: &Report) -> Result<(), Failure> {
    let write = || -> io::Result<()> {
        let mut file = BufWriter::new(File::options().create(true).append(true).open(path)?);
        tollgate_report::write(Format::Markdown, report, &WriteOptions::default(), &mut file)
            .map_err(io_error)?;
        file.flush()
    };
    write()
        .with_context(|| format!("failed to append to the step summary {}", path.display()))
        .map_err(Failure::from)
}

/// The I/O error behind a report that could not be written.
pub(crate) fn io_error(error: WriteError) -> io::Error {
    match error {
        WriteError::Io(error) => error,
        other => io::Error::other(other),
    }
}

/// Writes a file whole or not at all.
pub(crate) fn replace(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    // Devices such as /dev/stdout cannot be replaced.
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        let mut file = BufWriter::new(File::options().write(true).open(path)?);
        write(&mut file)?;
        return file.flush();
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(name);
    let written = File::create(&part).and_then(|file| {
        let mut file = BufWriter::new(file);
        write(&mut file)?;
        file.flush()
    });
    let done = written.and_then(|()| fs::rename(&part, path));
    if done.is_err() {
        // The first error is the one worth reporting.
        let _ = fs::remove_file(&part);
    }
    done
}

/// Writes to stdout. A reader that went away is no error: the exit code still tells the verdict.
pub(crate) fn to_stdout(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let mut stdout = BufWriter::new(io::stdout().lock());
    match write(&mut stdout).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::Incomplete(anyhow::Error::new(error).context("failed to write to stdout")))
        }
        _ => {
            // A second flush on drop would try the closed pipe again.
            let _ = stdout.into_parts();
            Ok(())
        }
    }
}

/// Whether to colour what goes to `stream`.
pub(crate) fn use_color(output: &OutputArgs, stream: &impl IsTerminal) -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    match output.color {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto if set("NO_COLOR") => false,
        ColorChoice::Auto if set("FORCE_COLOR") => true,
        ColorChoice::Auto => {
            stream.is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
        }
    }
}

/// Whether lines may be drawn with characters beyond ASCII.
pub(crate) fn use_unicode() -> bool {
    ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
        .is_none_or(|locale| locale != "C" && locale != "POSIX")
}

/// Columns of the terminal; 100 where there is none.
fn width() -> usize {
    let from_environment = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let columns = from_environment
        .or_else(|| console::Term::stdout().size_checked().map(|(_, columns)| usize::from(columns)));
    columns.unwrap_or(100).clamp(40, 400)
}
