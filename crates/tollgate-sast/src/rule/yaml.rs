//! YAML as a tree that remembers where each node stands.
//!
//! Rule files are hostile input: nesting, the number of nodes and what aliases expand to are bounded.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span};

use crate::rule::error::{Place, Problem, RuleError, SourceFile};

const MAX_DEPTH: usize = 96;
const MAX_NODES: usize = 1_000_000;
const MAX_BYTES: usize = 32 << 20;

/// A node and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) place: Place,
    pub(crate) value: Value,
}

/// What a node is.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Scalar { text: String, style: ScalarStyle },
    Sequence(Vec<Node>),
    Mapping(Vec<(Node, Node)>),
}

impl Node {
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar { text, style: ScalarStyle::Plain } if matches!(&**text, "" | "~" | "null"))
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        match &self.value {
            Value::Mapping(entries) => {
                entries.iter().find(|(name, _)| name.text() == Some(key)).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    pub(crate) fn boolean(&self) -> Option<bool> {
        match &self.value {
            Value::Scalar { text, .. } => match text.to_ascii_lowercase().as_str() {
                "true" | "yes" | "on" => Some(true),
                "false" | "no" | "off" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// The texts of a scalar or of a sequence of scalars.
    pub(crate) fn texts(&self) -> Vec<&str> {
        match &self.value {
            Value::Scalar { text, .. } => vec![text],
            Value::Sequence(items) => items.iter().filter_map(Self::text).collect(),
            Value::Mapping(_) => Vec::new(),
        }
    }

    /// Where `offset` bytes into the scalar stand in the file; the start of the node where that cannot
    /// be told.
    pub(crate) fn place_inside(&self, file: &SourceFile, offset: usize, width: u32) -> Place {
        let Value::Scalar { text, style } = &self.value else { return self.place };
        let before = &text[..text.floor_char_boundary(offset.min(text.len()))];
        let row = before.matches('\n').count();
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count();
        match style {
            ScalarStyle::Literal => {
                // The mark of a block scalar points at its first line's text or at the `|` itself.
                let marked = file.line(self.place.line);
                let header = marked.trim_end().ends_with(['|', '-', '+'])
                    && marked.chars().nth(self.place.column as usize - 1) == Some('|');
                let first = self.place.line + u32::from(header);
                let line = first + u32::try_from(row).unwrap_or(0);
                let source = file.line(line);
                let content = text.lines().nth(row).unwrap_or_default();
                let indent = source.chars().count().saturating_sub(content.chars().count());
                Place { line, column: u32::try_from(indent + column + 1).unwrap_or(1), width }
            }
            ScalarStyle::Plain if row == 0 => {
                Place { column: self.place.column + u32::try_from(column).unwrap_or(0), width, ..self.place }
            }
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted if row == 0 => Place {
                column: self.place.column + 1 + u32::try_from(column).unwrap_or(0),
                width,
                ..self.place
            },
            _ => self.place,
        }
    }
}

/// Reads the first document of a file.
pub(crate) fn read(file: &SourceFile) -> Result<Node, RuleError> {
    let top = Place { line: 1, column: 1, width: 1 };
    if file.text.len() > MAX_BYTES {
        return Err(file.error(top, None, Problem::TooLarge { what: "bytes", limit: MAX_BYTES }));
    }
    let mut builder = Builder { file, nodes: 0, anchors: BTreeMap::new(), open: Vec::new(), root: None };
    for event in Parser::new_from_str(&file.text) {
        let (event, span) = event.map_err(|error| {
            file.error(place_of(error.marker(), 1), None, Problem::Yaml(error.info().to_owned()))
        })?;
        if builder.feed(event, span)? {
            break;
        }
    }
    builder.root.ok_or_else(|| {
        file.error(
            top,
            None,
            Problem::WrongShape { context: "a rule file".into(), expected: "a mapping".into() },
        )
    })
}

struct Builder<'a> {
    file: &'a SourceFile,
    nodes: usize,
    anchors: BTreeMap<usize, Anchored>,
    open: Vec<Open>,
    root: Option<Node>,
}

/// An anchored node, how many nodes it has and how deep they nest.
#[derive(Clone)]
struct Anchored {
    node: Node,
    size: usize,
    depth: usize,
}

struct Open {
    /// Depth of the deepest child so far.
    depth: usize,
    place: Place,
    anchor: usize,
    first_node: usize,
    key: Option<Node>,
    content: Content,
}

enum Content {
    Sequence(Vec<Node>),
    Mapping(Vec<(Node, Node)>),
}

impl Builder<'_> {
    /// Takes one event in; true once the first document has ended.
    fn feed(&mut self, event: Event<'_>, span: Span) -> Result<bool, RuleError> {
        let place = place_of(&span.start, span.end.index().saturating_sub(span.start.index()));
        match event {
            Event::Scalar(text, style, anchor, _) => {
                self.count(place, 1)?;
                let node = Node { place, value: Value::Scalar { text: text.into_owned(), style } };
                self.finish(Anchored { node, size: 1, depth: 1 }, anchor);
            }
            Event::SequenceStart(anchor, _) => self.open(place, anchor, Content::Sequence(Vec::new()))?,
            Event::MappingStart(anchor, _) => self.open(place, anchor, Content::Mapping(Vec::new()))?,
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(open) = self.open.pop() {
                    let size = self.nodes - open.first_node;
                    let value = match open.content {
                        Content::Sequence(items) => Value::Sequence(items),
                        Content::Mapping(entries) => Value::Mapping(entries),
                    };
                    let node = Node { place: open.place, value };
                    self.finish(Anchored { node, size, depth: open.depth + 1 }, open.anchor);
                }
            }
            Event::Alias(anchor) => {
                let Some(anchored) = self.anchors.get(&anchor).cloned() else {
                    let problem = Problem::Yaml("an alias inside its own anchor".to_owned());
                    return Err(self.file.error(place, None, problem));
                };
                self.count(place, anchored.size)?;
                if self.open.len() + anchored.depth > MAX_DEPTH {
                    let problem = Problem::TooLarge { what: "levels of nesting", limit: MAX_DEPTH };
                    return Err(self.file.error(place, None, problem));
                }
                self.finish(anchored, 0);
            }
            Event::DocumentEnd => return Ok(true),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) => {}
        }
        Ok(false)
    }

    fn count(&mut self, place: Place, nodes: usize) -> Result<(), RuleError> {
        self.nodes += nodes;
        if self.nodes > MAX_NODES {
            return Err(self.file.error(
                place,
                None,
                Problem::TooLarge { what: "YAML nodes", limit: MAX_NODES },
            ));
        }
        Ok(())
    }

    fn open(&mut self, place: Place, anchor: usize, content: Content) -> Result<(), RuleError> {
        if self.open.len() >= MAX_DEPTH {
            let problem = Problem::TooLarge { what: "levels of nesting", limit: MAX_DEPTH };
            return Err(self.file.error(place, None, problem));
        }
        let first_node = self.nodes;
        self.count(place, 1)?;
        self.open.push(Open { depth: 0, place, anchor, first_node, key: None, content });
        Ok(())
    }

    fn finish(&mut self, anchored: Anchored, anchor: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, anchored.clone());
        }
        let Some(parent) = self.open.last_mut() else {
            self.root.get_or_insert(anchored.node);
            return;
        };
        parent.depth = parent.depth.max(anchored.depth);
        match &mut parent.content {
            Content::Sequence(items) => items.push(anchored.node),
            Content::Mapping(entries) => match parent.key.take() {
                None => parent.key = Some(anchored.node),
                Some(key) => entries.push((key, anchored.node)),
            },
        }
    }
}

fn place_of(marker: &Marker, width: usize) -> Place {
    let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Place {
        line: narrow(marker.line()),
        column: narrow(marker.col() + 1),
        width: narrow(width).clamp(1, 400),
    }
}
