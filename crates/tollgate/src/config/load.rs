//! From files to layers: `extends`, positions, the nearest `tollgate.toml`.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use tollgate_core::Origin;

use super::error::ConfigError;
use super::layers::Layer;
use super::syntax;

/// Name of the configuration file.
pub(crate) const FILE_NAME: &str = "tollgate.toml";

/// One file of the chain, its own values only.
#[derive(Debug, Clone)]
pub(super) struct Loaded {
    /// The file, as the user would name it.
    pub(super) path: PathBuf,
    /// Its values.
    pub(super) layer: Layer,
    /// Keys that later files may not loosen.
    pub(super) locked: Vec<String>,
}

/// The nearest configuration file at or above `start`, not above `ceiling`.
pub(crate) fn discover(start: &Path, ceiling: &Path) -> Option<PathBuf> {
    start
        .ancestors()
        .take_while(|folder| folder.starts_with(ceiling))
        .map(|folder| folder.join(FILE_NAME))
        .find(|file| file.is_file())
}

/// The file and all it extends, the farthest first.
///
/// # Errors
/// When a file cannot be read, is not valid, or extends itself.
pub(super) fn load_chain(file: &Path) -> Result<Vec<Loaded>, ConfigError> {
    let mut chain = Vec::new();
    let mut open = Vec::new();
    load_into(file, None, &mut open, &mut chain)?;
    Ok(chain)
}

fn load_into(
    file: &Path,
    from: Option<&Path>,
    open: &mut Vec<PathBuf>,
    chain: &mut Vec<Loaded>,
) -> Result<(), ConfigError> {
    let canonical = file.canonicalize().unwrap_or_else(|_| file.to_owned());
    if open.contains(&canonical) {
        let through = from.unwrap_or(file).to_owned();
        return Err(ConfigError::Cycle { path: file.to_owned(), through });
    }
    if open.len() > 16 {
        return Err(ConfigError::Value {
            key: "extends".to_owned(),
            origin: file.display().to_string(),
            message: "more than 16 files extend one another".to_owned(),
            hint: None,
        });
    }
    let text = std::fs::read_to_string(file).map_err(|source| ConfigError::Read {
        path: file.to_owned(),
        hint: from.map(|from| format!("it is named by `extends` in {}", from.display())),
        source,
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let parsed = parse(file, text)?;
    open.push(canonical);
    let folder = file.parent().unwrap_or(Path::new(""));
    for extended in &parsed.extends {
        load_into(&folder.join(extended), Some(file), open, chain)?;
    }
    open.pop();
    chain.push(Loaded { path: file.to_owned(), layer: parsed.layer, locked: parsed.locked });
    Ok(())
}

struct Parsed {
    layer: Layer,
    extends: Vec<String>,
    locked: Vec<String>,
}

fn parse(file: &Path, text: &str) -> Result<Parsed, ConfigError> {
    let wrong = |error: &toml::de::Error| ConfigError::syntax(file.to_owned(), text, error);
    let table: toml::Table = toml::from_str(text).map_err(|error| wrong(&error))?;
    // The second reading checks names and types; its result is made anew from all layers.
    let checked = syntax::File::deserialize(toml::Deserializer::parse(text).map_err(|error| wrong(&error))?)
        .map_err(|error| wrong(&error))?;
    let positions = Positions::of(text);
    let path = file.display().to_string();
    let origin = |key: &str| Origin::File { path: path.clone(), line: positions.line(key) };
    let mut table = table;
    table.remove("extends");
    table.remove("locked");
    Ok(Parsed { layer: Layer::of_table(&table, &origin), extends: checked.extends, locked: checked.locked })
}

/// Lines of keys in a file.
struct Positions {
    document: Option<toml_edit::Document<String>>,
    text: String,
}

impl Positions {
    fn of(text: &str) -> Self {
        Self { document: toml_edit::Document::parse(text.to_owned()).ok(), text: text.to_owned() }
    }

    /// Line of a dotted key, from 1; 1 where it is not found.
    fn line(&self, key: &str) -> u32 {
        let Some(document) = &self.document else { return 1 };
        let mut item = document.as_item();
        let mut at = None;
        for part in key.split('.') {
            let Some(table) = item.as_table_like() else { break };
            let Some((name, value)) = table.get_key_value(part) else { break };
            at = name.span().or_else(|| value.span()).or(at);
            item = value;
        }
        let offset = at.map_or(0, |span| span.start).min(self.text.len());
        let breaks = self.text.as_bytes()[..offset].iter().filter(|&&byte| byte == b'\n').count();
        u32::try_from(breaks + 1).unwrap_or(u32::MAX)
    }
}
