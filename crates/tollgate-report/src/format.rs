//! The formats a report can be written in.

use std::fmt;
use std::io::{self, Write};
use std::path::Path;
use std::str::FromStr;

use tollgate_core::Report;

use crate::csv::write_csv;
use crate::cyclonedx::write_cyclonedx;
use crate::gitlab::{GitlabReport, write_gitlab};
use crate::html::write_html;
use crate::json::write_json;
use crate::junit::write_junit;
use crate::markdown::write_markdown;
use crate::sarif::write::{SarifOptions, write_sarif};
use crate::text::{self, TextOptions};

/// A report format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// For people at a terminal.
    Text,
    /// SARIF 2.1.0.
    Sarif,
    /// Tollgate's own JSON, `tollgate-report/1`.
    Json,
    /// One self-contained page.
    Html,
    /// `JUnit` XML: one test case for each finding.
    Junit,
    /// For pull requests and step summaries.
    Markdown,
    /// GitLab's security report.
    Gitlab,
    /// A table.
    Csv,
    /// Bill of materials with vulnerabilities, `CycloneDX` 1.6.
    Cyclonedx,
}

/// A name that no format has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown report format `{0}`: expected text, sarif, json, html, junit, markdown, gitlab, csv or cyclonedx"
)]
pub struct UnknownFormat(pub String);

/// A report that could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The writer failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl Format {
    /// Every format, in the order of the documentation.
    pub const ALL: [Self; 9] = [
        Self::Text,
        Self::Sarif,
        Self::Json,
        Self::Html,
        Self::Junit,
        Self::Markdown,
        Self::Gitlab,
        Self::Csv,
        Self::Cyclonedx,
    ];

    /// The name that `--format` takes.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Sarif => "sarif",
            Self::Json => "json",
            Self::Html => "html",
            Self::Junit => "junit",
            Self::Markdown => "markdown",
            Self::Gitlab => "gitlab",
            Self::Csv => "csv",
            Self::Cyclonedx => "cyclonedx",
        }
    }

    /// The format with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name().eq_ignore_ascii_case(name))
    }

    /// The format that a file's ending asks for; the longest known ending decides.
    #[must_use]
    pub fn from_path(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_string_lossy().to_ascii_lowercase();
        // GitLab gives its report artifacts fixed names.
        if name.starts_with("gl-") && name.ends_with("-report.json") {
            return Some(Self::Gitlab);
        }
        const ENDINGS: [(&str, Format); 15] = [
            (".sarif.json", Format::Sarif),
            (".gitlab.json", Format::Gitlab),
            (".cdx.json", Format::Cyclonedx),
            (".bom.json", Format::Cyclonedx),
            (".junit.xml", Format::Junit),
            (".sarif", Format::Sarif),
            (".json", Format::Json),
            (".html", Format::Html),
            (".htm", Format::Html),
            (".xml", Format::Junit),
            (".md", Format::Markdown),
            (".markdown", Format::Markdown),
            (".csv", Format::Csv),
            (".txt", Format::Text),
            (".text", Format::Text),
        ];
        if name == "bom.json" {
            return Some(Self::Cyclonedx);
        }
        ENDINGS.into_iter().find(|(ending, _)| name.ends_with(ending)).map(|(_, format)| format)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, UnknownFormat> {
        Self::from_name(text).ok_or_else(|| UnknownFormat(text.to_owned()))
    }
}

/// Settings of all writers; each takes what concerns it.
#[derive(Debug, Clone, Default)]
pub struct WriteOptions {
    /// For text.
    pub text: TextOptions,
    /// For SARIF.
    pub sarif: SarifOptions,
    /// For GitLab.
    pub gitlab: GitlabReport,
}

/// Writes the report in a format. The same report gives the same bytes.
///
/// # Errors
/// When the writer fails.
pub fn write(
    format: Format,
    report: &Report,
    options: &WriteOptions,
    out: &mut dyn Write,
) -> Result<(), WriteError> {
    match format {
        Format::Text => text::render(report, &options.text, out),
        Format::Sarif => write_sarif(report, &options.sarif, out),
        Format::Json => write_json(report, out),
        Format::Html => write_html(report, out),
        Format::Junit => write_junit(report, out),
        Format::Markdown => write_markdown(report, out),
        Format::Gitlab => write_gitlab(report, options.gitlab, out),
        Format::Csv => write_csv(report, out),
        Format::Cyclonedx => write_cyclonedx(report, out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_choose_the_format() {
        let check = |name: &str, expected: Option<Format>| {
            assert_eq!(Format::from_path(Path::new(name)), expected, "{name}");
        };
        check("out/report.sarif", Some(Format::Sarif));
        check("report.sarif.json", Some(Format::Sarif));
        check("Report.JSON", Some(Format::Json));
        check("gl-sast-report.json", Some(Format::Gitlab));
        check("x.gitlab.json", Some(Format::Gitlab));
        check("sbom.cdx.json", Some(Format::Cyclonedx));
        check("bom.json", Some(Format::Cyclonedx));
        check("tests.junit.xml", Some(Format::Junit));
        check("report.html", Some(Format::Html));
        check("summary.md", Some(Format::Markdown));
        check("findings.csv", Some(Format::Csv));
        check("report", None);
        check("report.pdf", None);
        for format in Format::ALL {
            assert_eq!(Format::from_name(format.name()), Some(format));
        }
    }
}
