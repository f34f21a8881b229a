//! Named lists of taint items that rules share. In the lists of a taint rule `- use: NAME` stands for the
//! items that a library file gives under that name.

use std::collections::BTreeMap;
use std::sync::Arc;

use saphyr_parser::ScalarStyle;

use crate::builtin;
use crate::matching::PatternStore;
use crate::rule::compile;
use crate::rule::error::{Place, Problem, RuleError, SourceFile};
use crate::rule::languages;
use crate::rule::options::RuleOptions;
use crate::rule::read;
use crate::rule::reader::{Reader, suggest};
use crate::rule::syntax::{Mode, OptionsSyntax, RuleLanguage, TaintSyntax, Use};
use crate::rule::yaml::{Node, Value};

/// The lists of a taint rule, in the order in which [`Entry`] has them.
pub(crate) const LISTS: [&str; 4] =
    ["pattern-sources", "pattern-sinks", "pattern-sanitizers", "pattern-propagators"];

/// What the lists hold, in that order.
const NOUNS: [&str; 4] = ["sources", "sinks", "sanitizers", "propagators"];

/// How deep entries may use each other.
const MAX_DEPTH: usize = 16;

/// How many items one `use` may stand for.
const MAX_ITEMS: usize = 10_000;

/// Entries by name.
#[derive(Debug, Clone)]
pub(crate) struct Library {
    own: BTreeMap<String, Arc<Entry>>,
    /// What holds where `own` has nothing of a name.
    below: Option<&'static Self>,
}

/// One named set of lists.
#[derive(Debug)]
pub(crate) struct Entry {
    file: SourceFile,
    place: Place,
    languages: Vec<RuleLanguage>,
    /// The items as written, for each of [`LISTS`].
    lists: [Vec<Node>; 4],
    /// The same as text.
    texts: [Vec<Arc<str>>; 4],
    /// The items as read, those that the entry uses included.
    taint: Option<TaintSyntax>,
}

impl Default for Library {
    /// The built-in library, to which entries can be added.
    fn default() -> Self {
        Self { own: BTreeMap::new(), below: Some(builtin::library()) }
    }
}

impl Library {
    /// A library without the built-in entries.
    pub(crate) const fn bare() -> Self {
        Self { own: BTreeMap::new(), below: None }
    }

    fn get(&self, name: &str) -> Option<&Arc<Entry>> {
        self.own.get(name).or_else(|| self.below?.get(name))
    }

    fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.below.map(Self::names).unwrap_or_default();
        names.extend(self.own.keys().map(String::as_str));
        names
    }

    /// Adds the entries of a file. An entry takes the place of a built-in one of its name, and may use
    /// that one to add to it.
    pub(crate) fn add(&mut self, file: &SourceFile, root: &Node, faults: &mut Faults) {
        let Some(list) = root.get("library").filter(|node| !node.is_null()) else { return };
        let lookup = Self::bare();
        let mut reader = Reader::new(file, &lookup);
        for item in reader.items(list, "`library`") {
            let Some((name, entry)) = entry(&mut reader, file, item) else { continue };
            if let Some(first) = self.own.get(&name) {
                let first = format!("{}:{}", first.file.path.display(), first.place.line);
                reader.fault(entry.place, Problem::DuplicateId { own: name.clone(), id: name, first });
                continue;
            }
            self.own.insert(name, Arc::new(entry));
        }
        faults.errors.append(&mut reader.errors);
        faults.warnings.append(&mut reader.warnings);
    }

    /// Reads the items of all entries that were added, once all files are known.
    pub(crate) fn finish(&mut self, faults: &mut Faults) {
        let mut finished = Vec::new();
        for (name, entry) in self.own.iter().filter(|(_, entry)| entry.taint.is_none()) {
            let mut reader = Reader::new(&entry.file, self);
            reader.inside = Some(name.clone());
            let taint = read::items(&mut reader, &entry.lists);
            faults.errors.append(&mut reader.errors);
            faults.warnings.append(&mut reader.warnings);
            let entry = Entry {
                file: entry.file.clone(),
                place: entry.place,
                languages: entry.languages.clone(),
                lists: entry.lists.clone(),
                texts: entry.texts.clone(),
                taint: Some(taint),
            };
            finished.push((name.clone(), Arc::new(entry)));
        }
        self.own.extend(finished);
    }

    /// Compiles the patterns of the entries that were added, so that faults are shown where they stand
    /// and not in each rule.
    pub(crate) fn compile(&self, store: &mut PatternStore, faults: &mut Faults) {
        for (name, entry) in &self.own {
            let Some(taint) = &entry.taint else { continue };
            let mode = Mode::Taint(Box::new(taint.clone()));
            let mut own = Vec::new();
            let mut compiled = 0;
            for language in &entry.languages {
                let options = RuleOptions::of(&OptionsSyntax::default());
                match compile::program(&mode, *language, &options, &entry.file, name, store) {
                    Ok(_) => compiled += 1,
                    Err(mut errors) => own.append(&mut errors),
                }
            }
            let to = if compiled == 0 { &mut faults.errors } else { &mut faults.warnings };
            to.append(&mut own);
        }
    }

    /// The items that `use` stands for in a list, placed where it stands, and their text.
    pub(crate) fn expand(&self, reader: &mut Reader<'_>, list: usize, item: &Node) -> Vec<Node> {
        let named = item.get("use").expect("the caller looked");
        if let Value::Mapping(entries) = &item.value
            && let Some((key, _)) = entries.iter().find(|(key, _)| key.text() != Some("use"))
        {
            let message = "`use` stands alone; conditions belong into the library".to_owned();
            reader.fault(key.place, Problem::Senseless(message));
        }
        let Some(name) = reader.string(named, "`use`") else { return Vec::new() };
        let entry = match &reader.inside {
            // An entry that uses its own name adds to the one it replaces.
            Some(own) if *own == name => self.below.and_then(|below| below.get(&name)),
            _ => self.get(&name),
        };
        let Some(entry) = entry else {
            let suggestion = suggest(&name, self.names().into_iter());
            reader.fault(named.place, Problem::UnknownWord { what: "library entry", word: name, suggestion });
            return Vec::new();
        };
        let mut expansion = Expansion::default();
        let mut open = reader.inside.iter().cloned().collect();
        self.collect(&name, entry, list, &mut open, &mut expansion);
        if let Some(again) = &expansion.circle {
            let message =
                format!("`{name}` leads back to `{again}`; entries cannot use each other in a circle");
            reader.fault(named.place, Problem::Senseless(message));
        } else if expansion.nodes.is_empty() {
            let has: Vec<&str> = (0..LISTS.len())
                .filter(|other| !entry.lists[*other].is_empty())
                .map(|other| NOUNS[other])
                .collect();
            let message = format!("`{name}` has no {}, only {}", NOUNS[list], has.join(" and "));
            reader.fault(named.place, Problem::Senseless(message));
        }
        for node in &mut expansion.nodes {
            node.move_to(named.place);
        }
        reader.uses.push(Use { line: item.place.line, name, text: expansion.text.into() });
        expansion.nodes
    }

    fn collect(&self, name: &str, entry: &Entry, list: usize, open: &mut Vec<String>, into: &mut Expansion) {
        open.push(name.to_owned());
        for (item, text) in entry.lists[list].iter().zip(&entry.texts[list]) {
            if into.nodes.len() >= MAX_ITEMS {
                break;
            }
            let Some(used) = item.get("use").and_then(Node::text) else {
                into.nodes.push(item.clone());
                into.text.push_str(text);
                continue;
            };
            // Unknown names are told of where the entry stands.
            let found = if open.len() > MAX_DEPTH {
                None
            } else if used == name {
                self.below.and_then(|below| below.get(used))
            } else if open.iter().any(|other| other == used) {
                into.circle.get_or_insert_with(|| used.to_owned());
                None
            } else {
                self.get(used)
            };
            if let Some(inner) = found {
                self.collect(used, &Arc::clone(inner), list, open, into);
            }
        }
        open.pop();
    }
}

/// Faults found while a library is read.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    pub(crate) errors: Vec<RuleError>,
    pub(crate) warnings: Vec<RuleError>,
}

#[derive(Default)]
struct Expansion {
    nodes: Vec<Node>,
    text: String,
    /// An entry that was met inside itself.
    circle: Option<String>,
}

fn entry(reader: &mut Reader<'_>, file: &SourceFile, node: &Node) -> Option<(String, Entry)> {
    let context = "a library entry";
    let known = ["id", "languages", "about", LISTS[0], LISTS[1], LISTS[2], LISTS[3]];
    let entries = reader.entries(node, context, &known);
    let value = |key: &str| entries.iter().find(|(name, ..)| *name == key).map(|(.., value)| *value);
    for key in ["id", "languages"] {
        if value(key).is_none() {
            reader.missing(node.place, key, context);
        }
    }
    let id = value("id")?;
    let name = reader.string(id, "`id`")?;
    let languages = languages::read(reader, value("languages")?);
    let mut lists: [Vec<Node>; 4] = Default::default();
    for (list, key) in lists.iter_mut().zip(LISTS) {
        if let Some(items) = value(key).filter(|items| !items.is_null()) {
            *list = reader.items(items, key).to_vec();
        }
    }
    let texts = lists.each_ref().map(|items| {
        items.iter().map(|item| block(&file.text, item.place.line).into()).collect::<Vec<Arc<str>>>()
    });
    Some((name, Entry { file: file.clone(), place: id.place, languages, lists, texts, taint: None }))
}

/// The item of a block sequence that starts on a line, without the indentation of its dash.
pub(crate) fn block(text: &str, line: u32) -> String {
    let first = (line.max(1) - 1) as usize;
    let mut indent = 0;
    let mut block = String::new();
    for (number, line) in text.lines().enumerate().skip(first) {
        let own = line.len() - line.trim_start().len();
        if number == first {
            indent = own;
        }
        let ends = number > first
            && !line.trim().is_empty()
            && (own < indent || (own == indent && line.trim_start().starts_with('-')));
        if ends {
            break;
        }
        block.push_str(line.get(indent.min(own)..).unwrap_or_default());
        block.push('\n');
    }
    block.truncate(block.trim_end().len());
    block.push('\n');
    block
}

impl Node {
    /// Gives the node and all in it one place.
    fn move_to(&mut self, place: Place) {
        let empty = self.is_null();
        self.place = place;
        match &mut self.value {
            // What other styles say of places inside the text no longer holds.
            Value::Scalar { style, .. } => *style = if empty { *style } else { ScalarStyle::Folded },
            Value::Sequence(items) => items.iter_mut().for_each(|item| item.move_to(place)),
            Value::Mapping(entries) => {
                for (key, value) in entries {
                    key.move_to(place);
                    value.move_to(place);
                }
            }
        }
    }
}
