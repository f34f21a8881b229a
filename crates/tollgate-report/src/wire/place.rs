//! Places in source text.

use serde::{Deserialize, Serialize};
use tollgate_core as core;
use tollgate_core::line_hash::LineHash;
use tollgate_core::location::StepKind;

use super::Unreadable;

/// A stretch of text; lines and columns from 1, the end column exclusive.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Region {
    pub(crate) start_line: u32,
    pub(crate) start_column: u32,
    pub(crate) end_line: u32,
    pub(crate) end_column: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) bytes: Option<(u32, u32)>,
}

impl From<&core::Region> for Region {
    fn from(region: &core::Region) -> Self {
        Self {
            start_line: region.start().line,
            start_column: region.start().column,
            end_line: region.end().line,
            end_column: region.end().column,
            bytes: region.bytes(),
        }
    }
}

impl From<Region> for core::Region {
    fn from(region: Region) -> Self {
        let built = Self::new(
            core::Position { line: region.start_line, column: region.start_column },
            core::Position { line: region.end_line, column: region.end_column },
        );
        match region.bytes {
            Some((start, end)) => built.with_bytes(start, end),
            None => built,
        }
    }
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Location {
    pub(crate) path: String,
    pub(crate) region: Region,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) snippet: Option<Snippet>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) line_hash: Option<String>,
}

/// The lines around a region.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Snippet {
    pub(crate) first_line: u32,
    pub(crate) text: String,
}

impl From<&core::SourceLocation> for Location {
    fn from(location: &core::SourceLocation) -> Self {
        Self {
            path: location.path.to_string(),
            region: Region::from(&location.region),
            snippet: location
                .snippet
                .as_ref()
                .map(|snippet| Snippet { first_line: snippet.first_line, text: snippet.text.clone() }),
            line_hash: location.line_hash.as_ref().map(ToString::to_string),
        }
    }
}

impl TryFrom<Location> for core::SourceLocation {
    type Error = Unreadable;

    fn try_from(location: Location) -> Result<Self, Unreadable> {
        Ok(Self {
            path: repo_path(&location.path)?,
            region: location.region.into(),
            snippet: location
                .snippet
                .map(|snippet| core::Snippet { first_line: snippet.first_line, text: snippet.text }),
            line_hash: location.line_hash.as_deref().map(LineHash::from_report),
        })
    }
}

pub(crate) fn repo_path(text: &str) -> Result<core::RepoPath, Unreadable> {
    core::RepoPath::new(text).map_err(|_| Unreadable::new("path", text))
}

/// One step of a data flow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Step {
    pub(crate) kind: String,
    pub(crate) location: Location,
    pub(crate) message: String,
}

/// The word for a step of a trace.
pub(crate) const fn step_kind(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Source => "source",
        StepKind::Step => "step",
        StepKind::Sink => "sink",
    }
}

impl From<&core::TraceStep> for Step {
    fn from(step: &core::TraceStep) -> Self {
        Self {
            kind: step_kind(step.kind).to_owned(),
            location: Location::from(&step.location),
            message: step.message.clone(),
        }
    }
}

impl TryFrom<Step> for core::TraceStep {
    type Error = Unreadable;

    fn try_from(step: Step) -> Result<Self, Unreadable> {
        let kind = [StepKind::Source, StepKind::Step, StepKind::Sink]
            .into_iter()
            .find(|kind| step_kind(*kind) == step.kind)
            .ok_or_else(|| Unreadable::new("trace step", step.kind))?;
        Ok(Self { kind, location: step.location.try_into()?, message: step.message })
    }
}
