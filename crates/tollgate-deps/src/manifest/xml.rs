//! XML as build files use it, with line numbers. Entities beyond the five of XML itself stay unread, so
//! no file can multiply itself.

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::document::{Fault, MAX_DEPTH};
use super::text::Lines;

/// An element.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Element {
    /// Name without its prefix.
    pub(super) name: String,
    /// Line, from 1.
    pub(super) line: u32,
    pub(super) attributes: Vec<(String, String)>,
    /// Text directly in it, trimmed.
    pub(super) text: String,
    pub(super) children: Vec<Element>,
}

impl Element {
    /// The first child of that name.
    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// Children of that name.
    pub(super) fn children<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// Text of the first child of that name, where it is not empty.
    pub(super) fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.as_str()).filter(|text| !text.is_empty())
    }

    /// Value of an attribute, its name in any case.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// Reads a text as far as it goes; the root has the name of the document element.
pub(super) fn parse(text: &str) -> (Element, Vec<Fault>) {
    let lines = Lines::new(text);
    let mut faults = Vec::new();
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Element> = vec![Element::default()];
    loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let mut fault = |message: String| faults.push(Fault { line: lines.line_of(at), message });
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                if open.len() > MAX_DEPTH {
                    fault(format!("nested deeper than {MAX_DEPTH} levels"));
                    break;
                }
                open.push(element(&start, lines.line_of(at)));
            }
            Ok(Event::Empty(start)) => {
                let element = element(&start, lines.line_of(at));
                if let Some(parent) = open.last_mut() {
                    parent.children.push(element);
                }
            }
            Ok(Event::End(_)) => close(&mut open),
            Ok(Event::Text(content)) => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(content.trim());
                }
            }
            Ok(Event::CData(content)) => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(content.trim());
                }
            }
            Ok(Event::GeneralRef(name)) => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(match &*name {
                        "amp" => "&",
                        "lt" => "<",
                        "gt" => ">",
                        "quot" => "\"",
                        "apos" => "'",
                        _ => "",
                    });
                }
            }
            Ok(Event::Eof) => {
                if open.len() > 1 {
                    fault("ends inside an element: the file is truncated".to_owned());
                }
                break;
            }
            Ok(Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_)) => {}
            Err(error) => {
                fault(error.to_string());
                break;
            }
        }
    }
    while open.len() > 1 {
        close(&mut open);
    }
    let root = open.pop().and_then(|document| document.children.into_iter().next()).unwrap_or_default();
    (root, faults)
}

fn close(open: &mut Vec<Element>) {
    if open.len() < 2 {
        return;
    }
    if let (Some(element), Some(parent)) = (open.pop(), open.last_mut()) {
        parent.children.push(element);
    }
}

fn element(start: &BytesStart<'_>, line: u32) -> Element {
    let name = start.local_name().as_ref().to_owned();
    let attributes = start
        .attributes()
        .filter_map(Result::ok)
        .map(|attribute| {
            let key = attribute.key.local_name().as_ref().to_owned();
            (key, attribute.value.replace("&amp;", "&"))
        })
        .collect();
    Element { name, line, attributes, text: String::new(), children: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_lines_and_keeps_what_stands_before_a_fault() {
        let (root, faults) =
            parse("<?xml version='1.0'?>\n<p xmlns='u'>\n <a k='v'>x &amp; y</a>\n <b/></p>");
        assert_eq!(faults, []);
        assert_eq!((root.name.as_str(), root.children[0].line), ("p", 3));
        assert_eq!(root.child("a").unwrap().attribute("K"), Some("v"));
        let (root, faults) = parse("<p>\n<a>1</a>\n<b>");
        assert_eq!(root.text_of("a"), Some("1"));
        assert_eq!(faults.len(), 1);
        let (_, faults) = parse(&"<a>".repeat(100_000));
        assert!(faults[0].message.contains("nested deeper"));
        let bomb = "<!DOCTYPE x [<!ENTITY a 'aaaa'>]><x>&a;&a;</x>";
        assert_eq!(parse(bomb).0.text, "");
    }
}
