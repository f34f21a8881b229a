//! `tollgate.toml`, profiles, environment and flags, resolved into one set of values that each know
//! where they came from.

mod error;
mod layers;
mod load;
mod policy;
mod profiles;
pub(crate) mod syntax;
pub(crate) mod units;

use std::path::{Path, PathBuf};

use serde::Deserialize;
use tollgate_core::{Diagnostic, Origin, SettingLine};

pub(crate) use error::{ConfigError, closest};
pub(crate) use layers::Layer;
pub(crate) use load::{FILE_NAME, discover};

/// All layers merged.
#[derive(Debug, Clone)]
pub(crate) struct Resolved {
    /// The merged values.
    pub(crate) file: syntax::File,
    /// The nearest configuration file, if there is one. Paths in it are relative to its folder.
    pub(crate) path: Option<PathBuf>,
    /// What is worth saying about the policy: refused and granted loosenings.
    pub(crate) diagnostics: Vec<Diagnostic>,
    layer: Layer,
}

impl Resolved {
    /// Where a setting came from; built in when nothing set it.
    pub(crate) fn origin(&self, key: &str) -> Origin {
        self.layer.get(key).map_or(Origin::Default, |(_, origin)| origin.clone())
    }

    /// The lines that say where each set value below `section` came from.
    pub(crate) fn lines(&self, section: &str) -> Vec<SettingLine> {
        self.layer
            .iter()
            .filter(|(key, _, _)| {
                key.strip_prefix(section).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
            .map(|(key, value, origin)| SettingLine {
                key: key.to_owned(),
                value: value.to_string(),
                origin: origin.clone(),
            })
            .collect()
    }

    /// An error about the value of `key`.
    pub(crate) fn wrong(&self, key: &str, message: impl std::fmt::Display) -> ConfigError {
        ConfigError::Value {
            key: key.to_owned(),
            origin: self.origin(key).to_string(),
            message: message.to_string(),
            hint: None,
        }
    }

    /// A path of the configuration: relative ones start at the file that the nearest configuration is,
    /// those of flags and environment at the working folder.
    pub(crate) fn locate(&self, key: &str, path: &str) -> PathBuf {
        let base = match self.origin(key) {
            Origin::File { path, .. } => Path::new(&path).parent().map(Path::to_owned),
            Origin::Profile { .. } => self.path.as_deref().and_then(Path::parent).map(Path::to_owned),
            Origin::Default | Origin::Environment(_) | Origin::Flag(_) => None,
        };
        base.map_or_else(|| PathBuf::from(path), |base| base.join(path))
    }
}

/// Merges the file chain of `path`, the profile and the flags.
///
/// # Errors
/// When a file is missing or wrong, or the profile does not exist.
pub(crate) fn resolve(
    path: Option<&Path>,
    profile: Option<&str>,
    flags: Layer,
) -> Result<Resolved, ConfigError> {
    let chain = path.map(load::load_chain).transpose()?.unwrap_or_default();
    let mut merged = Layer::default();
    let mut overlays: Vec<Layer> = Vec::new();
    let mut locked: Vec<String> = Vec::new();
    let mut diagnostics = Vec::new();
    let mut known_profiles: Vec<String> =
        profiles::BUILT_IN.iter().map(|built_in| built_in.name.to_owned()).collect();

    let mut profile_found = profile.is_none();
    if let Some(built_in) = profiles::BUILT_IN.iter().find(|built_in| Some(built_in.name) == profile) {
        let table = built_in
            .toml
            .parse::<toml::Table>()
            .map_err(|error| ConfigError::syntax(PathBuf::from("built-in"), built_in.toml, &error))?;
        let origin =
            |_: &str| Origin::Profile { name: built_in.name.to_owned(), path: "built-in".to_owned() };
        overlays.push(Layer::of_table(&table, &origin));
        profile_found = true;
    }
    for loaded in &chain {
        let (kept, said) = policy::restrain(&merged, &loaded.layer, &locked);
        diagnostics.extend(said);
        if let Some(name) = profile {
            let own = kept.below(&format!("profile.{name}"));
            if own.iter().next().is_some() {
                profile_found = true;
                let origin =
                    Origin::Profile { name: name.to_owned(), path: loaded.path.display().to_string() };
                let mut overlay = Layer::default();
                own.iter().for_each(|(key, value, _)| overlay.set(key, value.clone(), origin.clone()));
                overlays.push(overlay);
            }
        }
        known_profiles
            .extend(kept.iter().filter_map(|(key, _, _)| {
                key.strip_prefix("profile.")?.split('.').next().map(str::to_owned)
            }));
        merged.lay(kept);
        locked.extend(loaded.locked.iter().cloned());
    }
    if let (false, Some(name)) = (profile_found, profile) {
        known_profiles.sort();
        known_profiles.dedup();
        return Err(ConfigError::Value {
            key: "profile".to_owned(),
            origin: "--profile".to_owned(),
            message: format!("there is no profile `{name}`"),
            hint: Some(closest(name, known_profiles.iter().map(String::as_str)).map_or_else(
                || format!("profiles: {}", known_profiles.join(", ")),
                |near| format!("did you mean `{near}`?"),
            )),
        });
    }
    for overlay in overlays.into_iter().chain([flags]) {
        let (kept, said) = policy::restrain(&merged, &overlay, &locked);
        diagnostics.extend(said);
        merged.lay(kept);
    }
    let mut table = merged.to_table();
    table.remove("profile");
    let file = syntax::File::deserialize(toml::Value::Table(table)).map_err(|error| ConfigError::Value {
        key: "configuration".to_owned(),
        origin: "files, profile and flags together".to_owned(),
        message: error.message().to_owned(),
        hint: None,
    })?;
    Ok(Resolved { file, path: path.map(Path::to_owned), diagnostics, layer: merged })
}
