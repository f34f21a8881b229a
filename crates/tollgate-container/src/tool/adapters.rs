//! The adapters of `containers/*.toml`: from their files to tools that cannot be wrong.

use serde::Deserialize;
use tollgate_core::ScannerId;

use super::{Subject, ToolImage, ToolNetwork, ToolProgram, ToolSpec};
use crate::worker::Limits;

/// The adapters that come with Tollgate, sorted by name; a test compares them with the folder.
const ADAPTERS: [(&str, &str); 7] = [
    ("nikto", include_str!("../../../../containers/nikto.toml")),
    ("nuclei", include_str!("../../../../containers/nuclei.toml")),
    ("sqlmap", include_str!("../../../../containers/sqlmap.toml")),
    ("trivy", include_str!("../../../../containers/trivy.toml")),
    ("wapiti", include_str!("../../../../containers/wapiti.toml")),
    ("zap-baseline", include_str!("../../../../containers/zap-baseline.toml")),
    ("zap-full", include_str!("../../../../containers/zap-full.toml")),
];

/// Names of the adapters that come with Tollgate, sorted.
#[must_use]
pub fn adapter_names() -> Vec<&'static str> {
    ADAPTERS.iter().map(|(name, _)| *name).collect()
}

/// An adapter that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AdapterError {
    /// There is none of this name.
    #[error("unknown adapter `{name}`: expected {}", adapter_names().join(", "))]
    Unknown {
        /// The name.
        name: String,
    },
    /// Its file is wrong.
    #[error("adapter `{name}`: {reason}")]
    Invalid {
        /// The name.
        name: String,
        /// What is wrong, with its place where known.
        reason: String,
    },
}

impl ToolSpec {
    /// The adapter of this name that comes with Tollgate.
    ///
    /// # Errors
    /// When there is none.
    pub fn adapter(name: &str) -> Result<Self, AdapterError> {
        match ADAPTERS.iter().find(|(known, _)| *known == name) {
            Some((name, text)) => Self::parse(name, text),
            None => Err(AdapterError::Unknown { name: name.to_owned() }),
        }
    }

    /// An adapter from the text of its file.
    ///
    /// # Errors
    /// When the text is no adapter.
    pub fn parse(name: &str, text: &str) -> Result<Self, AdapterError> {
        let invalid = |reason: String| AdapterError::Invalid { name: name.to_owned(), reason };
        let file: AdapterFile = toml::from_str(text).map_err(|error| invalid(error.to_string()))?;
        compile(name, file).map_err(invalid)
    }
}

/// An adapter as its file has it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct AdapterFile {
    summary: String,
    homepage: Option<String>,
    subject: String,
    network: String,
    #[serde(default)]
    active: bool,
    image: Option<String>,
    dockerfile: Option<String>,
    refresh_days: Option<u32>,
    entrypoint: Option<Vec<String>>,
    user: Option<String>,
    arguments: Vec<String>,
    output: Option<String>,
    format: String,
    #[serde(default)]
    success_codes: Vec<i64>,
    #[serde(default)]
    environment: std::collections::BTreeMap<String, String>,
    memory_mib: Option<u32>,
    processes: Option<u32>,
    minutes: Option<u32>,
    warning: Option<String>,
}

fn compile(name: &str, file: AdapterFile) -> Result<ToolSpec, String> {
    let image = match (file.image, file.dockerfile) {
        (Some(image), None) => {
            if !image.contains("@sha256:") && file.warning.is_none() {
                return Err("an image without a digest needs a `warning` that says so".to_owned());
            }
            ToolImage::Named(image)
        }
        (None, Some(dockerfile)) => ToolImage::Built { dockerfile, refresh_days: file.refresh_days },
        _ => return Err("it needs either `image` or `dockerfile`".to_owned()),
    };
    let subject = match file.subject.as_str() {
        "target" => Subject::Target,
        "source" => Subject::Source,
        other => return Err(format!("unknown subject `{other}`: expected target or source")),
    };
    let default = Limits::default();
    Ok(ToolSpec {
        id: ScannerId::new(name),
        summary: file.summary,
        homepage: file.homepage,
        program: ToolProgram::Container { image, entrypoint: file.entrypoint, user: file.user },
        arguments: file.arguments,
        output: file.output,
        format: file.format.parse()?,
        success_codes: if file.success_codes.is_empty() { vec![0] } else { file.success_codes },
        environment: file.environment.into_iter().collect(),
        network: file.network.parse::<ToolNetwork>()?,
        subject,
        active: file.active,
        limits: Limits {
            memory: file.memory_mib.map_or(default.memory, |mib| u64::from(mib) << 20),
            processes: file.processes.unwrap_or(1024),
            time: file
                .minutes
                .map_or(default.time, |minutes| std::time::Duration::from_secs(u64::from(minutes) * 60)),
            ..default
        },
        warning: file.warning,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_an_adapter() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../containers");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter_map(|name| name.strip_suffix(".toml").map(ToOwned::to_owned))
            .collect();
        files.sort();
        assert_eq!(files, adapter_names());
        for name in adapter_names() {
            let tool = ToolSpec::adapter(name).unwrap_or_else(|error| panic!("{error}"));
            let words: Vec<&str> = tool.arguments.iter().map(String::as_str).collect();
            let subject = if tool.subject == Subject::Target { "{target}" } else { "{source}" };
            assert!(words.iter().any(|word| word.contains(subject)), "{name} is not told what to look at");
            assert!(tool.output.is_some() && tool.warning.is_some(), "{name}");
            assert_ne!(tool.network, ToolNetwork::Internet, "{name}");
        }
    }

    #[test]
    fn mistakes_are_named() {
        let check = |text: &str, expected: &str| {
            let base = "summary = 'x'\nsubject = 'target'\nnetwork = 'target'\narguments = []\n";
            let error = ToolSpec::parse("mine", &format!("{base}{text}")).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        check("format = 'sarif'", "either `image` or `dockerfile`");
        check("format = 'sarif'\nimage = 'x:1'", "without a digest needs a `warning`");
        check("format = 'pdf'\nimage = 'x@sha256:1'", "unknown result format `pdf`");
        check("format = 'sarif'\nimages = 'x'", "unknown field `images`");
        assert!(ToolSpec::adapter("zapp").unwrap_err().to_string().contains("zap-baseline"));
    }
}
