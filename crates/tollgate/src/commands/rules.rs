//! `tollgate rules`: list, show, lint and test rules; and `scan --explain`.

use std::fmt::Write;
use std::num::NonZeroUsize;

use anyhow::anyhow;
use tollgate_core::facts::Facts;
use tollgate_core::{Cancel, Cwe, Events, Language, ScanContext, Scanner};
use tollgate_pipeline::WalkSettings;
use tollgate_sast::rules::LintLevel;
use tollgate_sast::{ExplainRequest, SastScanner, SastSettings, compliance};

use crate::cli::{OutputArgs, RuleSetArgs, RulesCommand, ScanArgs};
use crate::config::{Resolved, closest};
use crate::failure::{Failure, failed};
use crate::settings::scan;
use crate::{exit, output};

/// Runs one of the rule author's tools.
pub(crate) fn run(command: &RulesCommand, _: &OutputArgs) -> Result<u8, Failure> {
    match command {
        RulesCommand::List { set, language, cwe, compliance } => {
            list(set, language.as_deref(), cwe.as_deref(), compliance.as_deref())
        }
        RulesCommand::Show { id, set } => show(id, set),
        RulesCommand::Lint { paths } => {
            let messages = tollgate_sast::rules::lint(paths);
            let text: String = messages.iter().map(|message| format!("{message}\n")).collect();
            let errors = messages.iter().filter(|message| message.level == LintLevel::Error).count();
            output::to_stdout(|stdout| {
                stdout.write_all(text.as_bytes())?;
                writeln!(stdout, "{} errors, {} warnings", errors, messages.len() - errors)
            })?;
            Ok(if errors > 0 { exit::USAGE } else { exit::PASSED })
        }
        RulesCommand::Test { paths } => {
            let report = tollgate_sast::testing::test_dir(paths);
            output::to_stdout(|stdout| write!(stdout, "{report}"))?;
            if !report.errors.is_empty() {
                return Err(Failure::Rules(report.errors));
            }
            let (passed, all) = report.counts();
            Ok(if passed == all { exit::PASSED } else { exit::FAILED })
        }
    }
}

/// `scan --explain FILE:LINE --rule ID`: which operator kept or dropped a candidate.
pub(crate) fn explain(args: &ScanArgs, config: &Resolved) -> Result<u8, Failure> {
    let (Some(place), Some(rule)) = (&args.explain, &args.rule) else {
        return Err(Failure::usage(
            anyhow!("--explain and --rule go together"),
            "--explain app.py:12 --rule ID",
        ));
    };
    let (path, line) = place
        .rsplit_once(':')
        .and_then(|(path, line)| Some((path, line.parse().ok()?)))
        .ok_or_else(|| Failure::usage(anyhow!("{place} is no place"), "write FILE:LINE, as app.py:12"))?;
    let mut settings = scan::sast(config)?;
    settings.pack = "extended".to_owned();
    let file = std::path::PathBuf::from(path);
    let walk = WalkSettings { root: scan::root(std::slice::from_ref(&file)), ..WalkSettings::of(file) };
    let cancel = Cancel::new();
    let inventory = tollgate_pipeline::walk(&walk, &cancel).map_err(failed)?;
    let Some(entry) = inventory.files().first() else {
        return Err(Failure::NothingToScan(format!("{path} is ignored or no text")));
    };
    settings.explain = Some(ExplainRequest { path: entry.path.to_string(), line, rule: rule.clone() });
    let scanner = SastScanner::new(settings).map_err(Failure::Rules)?;
    let outcome = scanner.scan(&ScanContext {
        inventory: &inventory,
        facts: &Facts::default(),
        events: &Events::ignored(),
        cancel: &cancel,
        jobs: NonZeroUsize::MIN,
        cache: None,
    });
    output::to_stdout(|stdout| {
        outcome.diagnostics.iter().try_for_each(|said| writeln!(stdout, "{}", said.message))
    })?;
    Ok(exit::PASSED)
}

fn scanner(set: &RuleSetArgs) -> Result<SastScanner, Failure> {
    let settings = SastSettings {
        rules: set.rules.clone(),
        builtin: !set.no_builtin_rules,
        pack: set.pack.clone(),
        ..SastSettings::default()
    };
    SastScanner::new(settings).map_err(Failure::Rules)
}

fn list(
    set: &RuleSetArgs,
    language: Option<&str>,
    cwe: Option<&str>,
    standard: Option<&str>,
) -> Result<u8, Failure> {
    let scanner = scanner(set)?;
    let language = language.map(str::parse::<Language>).transpose().map_err(anyhow::Error::from)?;
    let cwe = cwe.map(str::parse::<Cwe>).transpose().map_err(anyhow::Error::from)?;
    if let Some(standard) = standard.filter(|standard| !compliance::STANDARDS.contains(standard)) {
        return Err(Failure::usage(
            anyhow!("unknown standard {standard}"),
            format!("standards: {}", compliance::STANDARDS.join(", ")),
        ));
    }
    let mut text = String::new();
    let mut count = 0;
    for rule in scanner.rules() {
        let languages: Vec<&str> = rule.languages.iter().map(|language| language.name()).collect();
        let requirements: Vec<&str> = standard
            .map(|standard| {
                rule.meta.cwes.iter().flat_map(|cwe| compliance::requirements(*cwe, standard)).collect()
            })
            .unwrap_or_default();
        let wanted = language.is_none_or(|language| languages.contains(&language.name()))
            && cwe.is_none_or(|cwe| rule.meta.cwes.contains(&cwe))
            && (standard.is_none() || !requirements.is_empty());
        if wanted {
            count += 1;
            let severity = rule.severity().as_str();
            let cwes: Vec<String> = rule.meta.cwes.iter().map(ToString::to_string).collect();
            let _ = writeln!(
                text,
                "{:<60} {severity:<8} {:<9} {:<12} {}{}{}",
                rule.id(),
                rule.meta.confidence,
                cwes.join(","),
                languages.join(","),
                if requirements.is_empty() { "" } else { "  " },
                requirements.join(", ")
            );
        }
    }
    output::to_stdout(|stdout| {
        stdout.write_all(text.as_bytes())?;
        writeln!(stdout, "{count} rules")
    })?;
    Ok(exit::PASSED)
}

fn show(id: &str, set: &RuleSetArgs) -> Result<u8, Failure> {
    let scanner = scanner(set)?;
    let Some(rule) = scanner.rules().iter().find(|rule| rule.id().as_str() == id) else {
        let near = closest(id, scanner.rules().iter().map(|rule| rule.id().as_str()));
        let hint = near.map_or_else(
            || "list them: tollgate rules list".to_owned(),
            |near| format!("did you mean {near}?"),
        );
        return Err(Failure::usage(anyhow!("there is no rule {id}"), hint));
    };
    let mut text = String::new();
    let cwes: Vec<String> = rule.meta.cwes.iter().map(|cwe| format!("{cwe} {}", cwe.url())).collect();
    let _ = writeln!(text, "{}\n\n{}\n", rule.id(), rule.message().trim());
    let _ = writeln!(text, "severity    {}", rule.severity());
    let _ = writeln!(text, "confidence  {}", rule.meta.confidence);
    cwes.iter().for_each(|cwe| {
        let _ = writeln!(text, "weakness    {cwe}");
    });
    for standard in compliance::STANDARDS {
        let requirements: Vec<&str> =
            rule.meta.cwes.iter().flat_map(|cwe| compliance::requirements(*cwe, standard)).collect();
        if !requirements.is_empty() {
            let _ = writeln!(text, "{standard:<11} {}", requirements.join(", "));
        }
    }
    for reference in &rule.meta.references {
        let _ = writeln!(text, "reference   {reference}");
    }
    let _ = writeln!(text, "source      {}:{}\n\n{}", rule.path.display(), rule.line, rule.yaml());
    output::to_stdout(|stdout| stdout.write_all(text.as_bytes()))?;
    Ok(exit::PASSED)
}
