//! `[[tool]]`: third-party scanners, by a built-in adapter, an image or a command.

use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use anyhow::anyhow;
use tollgate_container::{
    Format, Limits, Subject, Surroundings, ToolImage, ToolNetwork, ToolProgram, ToolScanner, ToolSpec,
    ToolTarget, adapter_names,
};
use tollgate_core::{Scanner, ScannerId, ScannerOutcome};
use tollgate_report::{ReadOptions, read_report};

use crate::config::syntax::Tool;
use crate::config::{Resolved, closest, units};
use crate::failure::Failure;
use crate::settings::dast;
use crate::staging;

/// The scanner of the `[[tool]]` with this name.
pub(crate) fn scanner(config: &Resolved, name: &str, root: &Path) -> Result<Arc<dyn Scanner>, Failure> {
    let Some(tool) = config.file.tool.iter().find(|tool| tool.name == name) else {
        return Err(Failure::usage(
            anyhow!("there is no [[tool]] named {name}"),
            "add it to the configuration",
        ));
    };
    let spec = spec(config, tool)?;
    if spec.active && !config.file.dast.active.unwrap_or(false) {
        return Err(Failure::usage(
            anyhow!("the tool {name} attacks its target"),
            "consent with --active or dast.active = true, or leave it out of scan.scanners",
        ));
    }
    let target = match dast::compile(config, root)? {
        Some((settings, _)) if spec.subject == Subject::Target => {
            let egress = staging::relay_to(&settings.target, &settings)
                .map_err(|message| Failure::usage(anyhow!(message), "check dast.target"))?;
            Some(ToolTarget { url: settings.target.to_string(), egress })
        }
        _ => None,
    };
    let program =
        std::env::current_exe().map_err(|error| anyhow!("failed to find our own program: {error}"))?;
    let (file, root) = (format!("result of {name}"), root.to_string_lossy().into_owned());
    let scanner = ScannerId::new(name);
    let parse = move |bytes: &[u8], _: Format| read(bytes, &file, &root, &scanner);
    Ok(Arc::new(ToolScanner::new(spec, Surroundings { program, target }, Arc::new(parse))))
}

/// Reads a result as one outcome of the tool.
fn read(bytes: &[u8], name: &str, root: &str, scanner: &ScannerId) -> Result<ScannerOutcome, String> {
    let options = ReadOptions { name, root: Some(root), contains: None, keep: None };
    let report = read_report(Cursor::new(bytes), &options).map_err(|error| format!("failed to {error}"))?;
    let mut outcome = ScannerOutcome::empty(scanner.clone());
    for part in report.outcomes {
        outcome.tool = outcome.tool.or(part.tool);
        outcome.findings.extend(part.findings.into_iter().map(|mut finding| {
            finding.scanner = scanner.clone();
            finding
        }));
        outcome.rules.extend(part.rules);
        outcome.diagnostics.extend(part.diagnostics);
        outcome.coverage.examined += part.coverage.examined;
    }
    Ok(outcome)
}

fn spec(config: &Resolved, tool: &Tool) -> Result<ToolSpec, Failure> {
    let wrong =
        |message: String| Failure::from(config.wrong("tool", format!("[[tool]] {}: {message}", tool.name)));
    let mut spec = match (&tool.adapter, &tool.image, &tool.command) {
        (Some(adapter), _, None) => ToolSpec::adapter(adapter).map_err(|error| {
            let near = closest(adapter, adapter_names()).map(|near| format!("did you mean `{near}`?"));
            Failure::usage(
                anyhow!("failed to {error}"),
                near.unwrap_or_else(|| format!("adapters: {}", adapter_names().join(", "))),
            )
        })?,
        (None, Some(image), command) => own(
            tool,
            ToolProgram::Container {
                image: ToolImage::Named(image.clone()),
                entrypoint: command.clone(),
                user: None,
            },
        ),
        (None, None, Some(command)) => own(tool, ToolProgram::Command(command.clone())),
        _ => {
            return Err(wrong("give an adapter (with an image to pin it), an image or a command".to_owned()));
        }
    };
    // An image beside an adapter pins the adapter's own.
    if let (Some(_), Some(pinned), ToolProgram::Container { image, .. }) =
        (&tool.adapter, &tool.image, &mut spec.program)
    {
        *image = ToolImage::Named(pinned.clone());
        spec.warning = None;
    }
    spec.id = ScannerId::new(&tool.name);
    if !tool.args.is_empty() {
        spec.arguments.clone_from(&tool.args);
    }
    if let Some(output) = &tool.output {
        spec.output = Some(output.clone());
    }
    if let Some(format) = &tool.format {
        spec.format = format.parse().map_err(wrong)?;
    }
    if let Some(network) = &tool.network {
        spec.network = network.parse().map_err(wrong)?;
    }
    if let Some(timeout) = &tool.timeout {
        spec.limits.time = units::duration(timeout).map_err(wrong)?;
    }
    if let Some(codes) = &tool.success_codes {
        spec.success_codes.clone_from(codes);
    }
    spec.environment.extend(tool.env.clone());
    Ok(spec)
}

fn own(tool: &Tool, program: ToolProgram) -> ToolSpec {
    let looks_at_target =
        tool.args.iter().chain(tool.command.iter().flatten()).any(|word| word.contains("{target}"));
    ToolSpec {
        id: ScannerId::new(&tool.name),
        summary: format!("{} as configured", tool.name),
        homepage: None,
        program,
        arguments: Vec::new(),
        output: None,
        format: Format::Sarif,
        success_codes: vec![0],
        environment: Vec::new(),
        network: if looks_at_target { ToolNetwork::Target } else { ToolNetwork::Nothing },
        subject: if looks_at_target { Subject::Target } else { Subject::Source },
        active: false,
        limits: Limits::default(),
        warning: None,
    }
}
