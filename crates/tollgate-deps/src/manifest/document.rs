//! One tree for JSON, YAML and TOML, every node with its line, so that readers differ only in what they
//! look for. What follows a fault is lost, what stands before it is kept.

use std::borrow::Cow;

/// Deepest nesting that is read; real files stay below 20.
pub(super) const MAX_DEPTH: usize = 100;

/// A value and the line it starts on, from 1.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node<'a> {
    pub(super) line: u32,
    pub(super) value: Value<'a>,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value<'a> {
    Null,
    Bool(bool),
    /// A number or date as written.
    Literal(Cow<'a, str>),
    Text(Cow<'a, str>),
    List(Vec<Node<'a>>),
    Map(Vec<Entry<'a>>),
}

/// A key of a map with its value; `line` is the key's.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry<'a> {
    pub(super) key: Cow<'a, str>,
    pub(super) line: u32,
    pub(super) node: Node<'a>,
}

/// Something that breaks the grammar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) line: u32,
    pub(super) message: String,
}

/// A text as far as it could be read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Document<'a> {
    /// The value, or what there is of it.
    pub(super) root: Node<'a>,
    /// Further documents of a YAML stream.
    pub(super) more: Vec<Node<'a>>,
    /// Why it is not whole.
    pub(super) faults: Vec<Fault>,
}

impl<'a> Node<'a> {
    pub(super) const fn null(line: u32) -> Self {
        Self { line, value: Value::Null }
    }

    /// The entries of a map; none for anything else.
    pub(super) fn entries(&self) -> &[Entry<'a>] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; none for anything else.
    pub(super) fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    /// The value at a path of keys.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// A text value.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A text or number as written: YAML and TOML writers leave versions unquoted.
    pub(super) fn scalar(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) | Value::Literal(text) => Some(text),
            _ => None,
        }
    }

    /// The text of a key.
    pub(super) fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Node::text)
    }

    /// The text or number of a key.
    pub(super) fn scalar_of(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Node::scalar)
    }

    /// The entries of the map under a key; none where there is no map.
    pub(super) fn entries_of(&self, key: &str) -> &[Entry<'a>] {
        self.get(key).map_or(&[], Node::entries)
    }

    /// The items of the list under a key; none where there is no list.
    pub(super) fn items_of(&self, key: &str) -> &[Self] {
        self.get(key).map_or(&[], Node::items)
    }

    /// Whether a key holds `true`.
    pub(super) fn flag(&self, key: &str) -> bool {
        matches!(self.get(key), Some(Node { value: Value::Bool(true), .. }))
    }

    /// Whether this is a map.
    pub(super) const fn is_map(&self) -> bool {
        matches!(self.value, Value::Map(_))
    }
}

/// Collections under construction, shared by the JSON and YAML readers, which both meet values one after
/// the other.
#[derive(Debug, Default)]
pub(super) struct Builder<'a> {
    open: Vec<Open<'a>>,
    finished: Vec<Node<'a>>,
    pub(super) faults: Vec<Fault>,
}

#[derive(Debug)]
struct Open<'a> {
    line: u32,
    kind: OpenKind<'a>,
}

#[derive(Debug)]
enum OpenKind<'a> {
    List(Vec<Node<'a>>),
    Map { entries: Vec<Entry<'a>>, key: Option<(Cow<'a, str>, u32)> },
}

impl<'a> Builder<'a> {
    /// Opens a list; `false` when the nesting is too deep to go on.
    pub(super) fn open_list(&mut self, line: u32) -> bool {
        self.open(line, OpenKind::List(Vec::new()))
    }

    /// Opens a map; `false` when the nesting is too deep to go on.
    pub(super) fn open_map(&mut self, line: u32) -> bool {
        self.open(line, OpenKind::Map { entries: Vec::new(), key: None })
    }

    fn open(&mut self, line: u32, kind: OpenKind<'a>) -> bool {
        if self.open.len() >= MAX_DEPTH {
            self.fault(line, format!("nested deeper than {MAX_DEPTH} levels"));
            return false;
        }
        self.open.push(Open { line, kind });
        true
    }

    /// Whether a map is open that waits for a key.
    pub(super) fn expects_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { kind: OpenKind::Map { key: None, .. }, .. }))
    }

    /// Whether a map, as opposed to a list, is the innermost open collection.
    pub(super) fn in_map(&self) -> bool {
        matches!(self.open.last(), Some(Open { kind: OpenKind::Map { .. }, .. }))
    }

    /// How many collections are open.
    pub(super) const fn depth(&self) -> usize {
        self.open.len()
    }

    /// Takes the key of the next value of the open map.
    pub(super) fn key(&mut self, text: Cow<'a, str>, line: u32) {
        if let Some(Open { kind: OpenKind::Map { key, .. }, .. }) = self.open.last_mut() {
            *key = Some((text, line));
        }
    }

    /// Takes a finished value.
    pub(super) fn value(&mut self, node: Node<'a>) {
        match self.open.last_mut() {
            None => self.finished.push(node),
            Some(Open { kind: OpenKind::List(items), .. }) => items.push(node),
            Some(Open { kind: OpenKind::Map { entries, key }, .. }) => {
                if let Some((key, line)) = key.take() {
                    entries.push(Entry { key, line, node });
                }
            }
        }
    }

    /// Closes the innermost collection.
    pub(super) fn close(&mut self) {
        let Some(open) = self.open.pop() else { return };
        let value = match open.kind {
            OpenKind::List(items) => Value::List(items),
            OpenKind::Map { entries, .. } => {
                self.find_duplicates(&entries);
                Value::Map(entries)
            }
        };
        self.value(Node { line: open.line, value });
    }

    fn find_duplicates(&mut self, entries: &[Entry<'a>]) {
        if entries.len() < 2 {
            return;
        }
        let mut order: Vec<usize> = (0..entries.len()).collect();
        order.sort_by(|&a, &b| entries[a].key.cmp(&entries[b].key).then(a.cmp(&b)));
        let mut twice: Vec<usize> = order
            .windows(2)
            .filter(|pair| entries[pair[0]].key == entries[pair[1]].key)
            .map(|pair| pair[1])
            .collect();
        twice.sort_unstable();
        for idx in twice {
            self.fault(entries[idx].line, format!("duplicate key `{}`", shorten(&entries[idx].key)));
        }
    }

    /// Notes a fault.
    pub(super) fn fault(&mut self, line: u32, message: impl Into<String>) {
        self.faults.push(Fault { line, message: message.into() });
    }

    /// Everything that was read; open collections are closed where they stand.
    pub(super) fn finish(mut self) -> Document<'a> {
        while !self.open.is_empty() {
            self.close();
        }
        let mut documents = self.finished.into_iter();
        let root = documents.next().unwrap_or_else(|| Node::null(1));
        Document { root, more: documents.collect(), faults: self.faults }
    }
}

/// The start of a long text, for messages.
pub(super) fn shorten(text: &str) -> &str {
    &text[..text.floor_char_boundary(80)]
}
