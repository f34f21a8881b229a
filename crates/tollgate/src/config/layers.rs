//! Configuration in layers: every leaf value with the place that set it.
//!
//! A layer is a flat map from dotted key to value. Laying one over another replaces leaves; lists of
//! tables (`[[waiver]]`, `[[tool]]`, `[[gate.rule]]`) grow instead, so that a repository adds to its
//! organisation's file.

use std::collections::BTreeMap;

use tollgate_core::Origin;

/// Keys whose lists of tables grow from layer to layer.
pub(super) const GROWING: [&str; 3] = ["waiver", "tool", "gate.rule"];

/// Tables whose keys are the user's own words: they are leaves, their keys may hold dots.
const OPAQUE: [&str; 3] = ["sast.severity", "dast.auth", "dast.start.env"];

/// Leaf values by dotted key.
#[derive(Debug, Clone, Default)]
pub(crate) struct Layer(BTreeMap<String, (toml::Value, Origin)>);

impl Layer {
    /// The leaves of `table`, each with the origin that `origin` gives for its dotted key.
    pub(super) fn of_table(table: &toml::Table, origin: &dyn Fn(&str) -> Origin) -> Self {
        let mut layer = Self::default();
        let mut open: Vec<(String, &toml::Table)> = vec![(String::new(), table)];
        while let Some((prefix, table)) = open.pop() {
            for (key, value) in table {
                let dotted = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
                match value {
                    toml::Value::Table(inner) if !is_opaque(&dotted) => open.push((dotted, inner)),
                    leaf => {
                        let origin = origin(&dotted);
                        layer.0.insert(dotted, (leaf.clone(), origin));
                    }
                }
            }
        }
        layer
    }

    /// Sets one leaf.
    pub(crate) fn set(&mut self, key: &str, value: impl Into<toml::Value>, origin: Origin) {
        self.0.insert(key.to_owned(), (value.into(), origin));
    }

    /// The value and origin of a leaf.
    pub(crate) fn get(&self, key: &str) -> Option<(&toml::Value, &Origin)> {
        self.0.get(key).map(|(value, origin)| (value, origin))
    }

    /// The leaves below `prefix`, the prefix taken off.
    pub(super) fn below(&self, prefix: &str) -> Self {
        let cut = |key: &String| key.strip_prefix(prefix)?.strip_prefix('.').map(str::to_owned);
        Self(self.0.iter().filter_map(|(key, leaf)| Some((cut(key)?, leaf.clone()))).collect())
    }

    /// Every leaf, sorted by key.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &toml::Value, &Origin)> {
        self.0.iter().map(|(key, (value, origin))| (key.as_str(), value, origin))
    }

    /// Lays `upper` over this layer.
    pub(super) fn lay(&mut self, upper: Self) {
        for (key, (value, origin)) in upper.0 {
            let value = match (GROWING.contains(&key.as_str()), self.0.remove(&key), value) {
                (true, Some((toml::Value::Array(mut below), _)), toml::Value::Array(above)) => {
                    below.extend(above);
                    toml::Value::Array(below)
                }
                (_, _, value) => value,
            };
            self.0.insert(key, (value, origin));
        }
    }

    /// The nested table that these leaves came from.
    pub(super) fn to_table(&self) -> toml::Table {
        let mut root = toml::Table::new();
        for (key, (value, _)) in &self.0 {
            let parts: Vec<&str> = key.split('.').collect();
            insert(&mut root, &parts, value.clone());
        }
        root
    }
}

/// Puts a value at a path; where a leaf stands in the way, the reader of the result names it.
fn insert(table: &mut toml::Table, path: &[&str], value: toml::Value) {
    let [first, rest @ ..] = path else { return };
    if rest.is_empty() {
        table.insert((*first).to_owned(), value);
        return;
    }
    let entry = table.entry(*first).or_insert_with(|| toml::Value::Table(toml::Table::new()));
    if let toml::Value::Table(inner) = entry {
        insert(inner, rest, value);
    }
}

fn is_opaque(key: &str) -> bool {
    OPAQUE.iter().any(|opaque| key == *opaque || (key.starts_with("profile.") && key.ends_with(opaque)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(text: &str) -> Layer {
        Layer::of_table(&text.parse().unwrap(), &|_| Origin::Default)
    }

    #[test]
    fn leaves_are_replaced_and_tables_grow() {
        let mut base = layer("[gate]\nfail-on = \"high\"\nmax = { low = 3 }\n[[waiver]]\nrule = \"a\"");
        base.lay(layer("[gate]\nfail-on = \"low\"\n[[waiver]]\nrule = \"b\""));
        let table = base.to_table();
        assert_eq!(table["gate"]["fail-on"].as_str(), Some("low"));
        assert_eq!(table["gate"]["max"]["low"].as_integer(), Some(3));
        assert_eq!(table["waiver"].as_array().map(Vec::len), Some(2));
    }
}
