//! `tollgate advisories`: the local advisory index.

use std::fmt::Write;

use anyhow::anyhow;
use tollgate_core::{Cancel, RuleId};
use tollgate_deps::graph::Ecosystem;
use tollgate_deps::index::{self, AdvisoryText, IndexError, IndexStatus};
use tollgate_deps::update::{
    self, Outcome, PUBLIC_BUCKET, RecordCounts, Source, UpdateOptions, UpdateReport,
};

use crate::cli::{AdvisoriesCommand, OutputArgs};
use crate::failure::{Failure, counted};
use crate::{exit, folders, interrupt, output};

/// Updates, shows the state of the index, or shows one advisory.
pub(crate) fn run(command: &AdvisoriesCommand, args: &OutputArgs) -> Result<u8, Failure> {
    let index_dir = folders::advisories()?;
    match command {
        AdvisoriesCommand::Update { from, ecosystem, kev, epss } => {
            let cancel = Cancel::new();
            interrupt::watch(&cancel).map_err(|error| {
                Failure::Incomplete(anyhow!(error).context("failed to watch for signals"))
            })?;
            let options = UpdateOptions {
                from: source(from.as_deref().unwrap_or(PUBLIC_BUCKET))?,
                ecosystems: ecosystems(ecosystem)?,
                index_dir,
                kev: kev.as_deref().map(source).transpose()?,
                epss: epss.as_deref().map(source).transpose()?,
                now: jiff::Timestamp::now().as_second(),
                cancel,
            };
            let report = update::update(&options).map_err(|error| {
                let hint = error.hint().to_owned();
                Failure::IncompleteWithHint { error: anyhow!("failed to {error}"), hint }
            })?;
            if !args.quiet {
                let text = update_text(&report);
                output::to_stdout(|stdout| stdout.write_all(text.as_bytes()))?;
            }
            Ok(if report.is_partial() { exit::INCOMPLETE } else { exit::PASSED })
        }
        AdvisoriesCommand::Status => {
            let text = status_text(&index::status(&index_dir).map_err(index_failure)?);
            output::to_stdout(|stdout| stdout.write_all(text.as_bytes()))?;
            Ok(exit::PASSED)
        }
        AdvisoriesCommand::Show { id } => {
            let rule =
                RuleId::parse(id).map_err(|error| Failure::Usage { error: error.into(), hint: None })?;
            let found = index::show(&index_dir, &rule).map_err(index_failure)?;
            if found.is_empty() {
                return Err(Failure::usage(
                    anyhow!("the index holds no advisory {id}"),
                    "check the id, or update the index: tollgate advisories update",
                ));
            }
            let text = found.iter().map(advisory_text).collect::<Vec<_>>().join("\n");
            output::to_stdout(|stdout| stdout.write_all(text.as_bytes()))?;
            Ok(exit::PASSED)
        }
    }
}

fn source(text: &str) -> Result<Source, Failure> {
    Source::parse(text).map_err(|error| {
        Failure::usage(anyhow!("{text} is no address: {error}"), "give an http or https address, or a folder")
    })
}

fn ecosystems(names: &[String]) -> Result<Option<Vec<Ecosystem>>, Failure> {
    let parse = |name: &String| {
        Ecosystem::ALL
            .into_iter()
            .find(|ecosystem| ecosystem.to_string().eq_ignore_ascii_case(name))
            .ok_or_else(|| {
                let known: Vec<String> = Ecosystem::ALL.iter().map(ToString::to_string).collect();
                Failure::usage(
                    anyhow!("unknown ecosystem {name}"),
                    format!("ecosystems: {}", known.join(", ")),
                )
            })
    };
    let parsed = names.iter().map(parse).collect::<Result<Vec<_>, _>>()?;
    Ok((!parsed.is_empty()).then_some(parsed))
}

fn index_failure(error: IndexError) -> Failure {
    let hint = error.hint().to_owned();
    Failure::IncompleteWithHint { error: anyhow!("failed to {error}"), hint }
}

fn update_text(report: &UpdateReport) -> String {
    let mut text = String::new();
    for (ecosystem, outcome) in &report.ecosystems {
        let (words, counts) = match outcome {
            Outcome::Unchanged => ("unchanged".to_owned(), None),
            Outcome::Increment { changed, removed, records } => {
                (format!("{changed} changed, {removed} removed"), Some(records))
            }
            Outcome::Rebuilt(records) => (counted_advisories(records), Some(records)),
            Outcome::Failed(reason) => (format!("FAILED: {reason}; older data stay in use"), None),
        };
        line(&mut text, format_args!("{:<15} {words}", ecosystem.to_string()));
        for named in counts.iter().flat_map(|counts| &counts.named) {
            line(&mut text, format_args!("{:<15} {named}", ""));
        }
    }
    for (name, feed) in [("KEV", &report.kev), ("EPSS", &report.epss)] {
        match feed {
            Some(Ok(entries)) => line(&mut text, format_args!("{name:<15} {entries} entries")),
            Some(Err(reason)) => line(&mut text, format_args!("{name:<15} FAILED: {reason}")),
            None => {}
        }
    }
    text
}

fn counted_advisories(records: &RecordCounts) -> String {
    let mut words = format!("{} advisories", records.advisories);
    let further = [
        (records.withdrawn, "withdrawn"),
        (records.refused, "not understood"),
        (records.faulty, "understood in part"),
        (records.missing as u64, "missing from the archive"),
    ];
    for (count, what) in further.into_iter().filter(|(count, _)| *count > 0) {
        let _ = write!(words, ", {count} {what}");
    }
    words
}

fn status_text(status: &IndexStatus) -> String {
    let mut text = String::new();
    line(
        &mut text,
        format_args!("{:<15} {:>10} {:>9}  {:<20} source", "ecosystem", "advisories", "size", "updated"),
    );
    for ecosystem in &status.ecosystems {
        line(
            &mut text,
            format_args!(
                "{:<15} {:>10} {:>6} KB  {:<20} {}",
                ecosystem.ecosystem.to_string(),
                ecosystem.advisories,
                ecosystem.bytes / 1_000,
                moment(ecosystem.updated_at),
                ecosystem.source
            ),
        );
    }
    for (name, feed) in [("KEV", &status.kev), ("EPSS", &status.epss)] {
        match feed {
            Some(feed) => {
                line(
                    &mut text,
                    format_args!("{name:<15} {:>10} {:>9}  {}", feed.entries, "", moment(feed.updated_at)),
                );
            }
            None => line(&mut text, format_args!("{name:<15} {:>10}", "none")),
        }
    }
    let newest = status.ecosystems.iter().map(|ecosystem| ecosystem.updated_at).min().unwrap_or_default();
    let days = (jiff::Timestamp::now().as_second() - newest) / 86_400;
    line(
        &mut text,
        format_args!("oldest part is {} old", counted(usize::try_from(days).unwrap_or(0), "day")),
    );
    text
}

fn advisory_text(advisory: &AdvisoryText) -> String {
    let mut text = String::new();
    let join = |ids: &[RuleId]| ids.iter().map(RuleId::as_str).collect::<Vec<_>>().join(", ");
    line(&mut text, format_args!("{}  {}", advisory.id, advisory.summary));
    if !advisory.aliases.is_empty() {
        line(&mut text, format_args!("aliases    {}", join(&advisory.aliases)));
    }
    if let Some(withdrawn) = &advisory.withdrawn {
        line(&mut text, format_args!("withdrawn  {withdrawn}"));
    }
    let severity = match &advisory.rating {
        Some(rating) => {
            let score = rating.score.map(|score| format!(" ({score})")).unwrap_or_default();
            let from = advisory.rating_from.as_ref().map(|id| format!(", by {id}")).unwrap_or_default();
            format!("{}{score}{from}", rating.severity)
        }
        None => "not scored".to_owned(),
    };
    line(&mut text, format_args!("severity   {severity}"));
    if !advisory.cwes.is_empty() {
        let cwes: Vec<String> = advisory.cwes.iter().map(ToString::to_string).collect();
        line(&mut text, format_args!("weakness   {}", cwes.join(", ")));
    }
    for (package, ranges) in &advisory.affected {
        line(&mut text, format_args!("affected   {} {package}  {ranges}", advisory.ecosystem));
    }
    for reference in &advisory.references {
        line(&mut text, format_args!("reference  {reference}"));
    }
    if !advisory.details.is_empty() {
        line(&mut text, format_args!("\n{}", advisory.details.trim_end()));
    }
    text
}

fn moment(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds)
        .map_or_else(|_| "unknown".to_owned(), |time| time.strftime("%Y-%m-%d %H:%M").to_string())
}

/// Writing to a `String` cannot fail.
fn line(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    let _ = writeln!(text, "{arguments}");
}
