//! Comments in text without a grammar.

/// How comments are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comments {
    /// `/* … */`
    C,
    /// The same and `// …`.
    Cpp,
    /// `# …`
    Shell,
}

impl Comments {
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "c" => Some(Self::C),
            "cpp" => Some(Self::Cpp),
            "shell" => Some(Self::Shell),
            _ => None,
        }
    }

    /// The text with blanks for comments; every byte stays where it is.
    pub(super) fn blank(self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while !rest.is_empty() {
            let line_ends = || rest.find('\n').unwrap_or(rest.len());
            let comment = match self {
                Self::C | Self::Cpp if rest.starts_with("/*") => {
                    rest[2..].find("*/").map_or(rest.len(), |end| end + 4)
                }
                Self::Cpp if rest.starts_with("//") => line_ends(),
                Self::Shell if rest.starts_with('#') => line_ends(),
                _ => 0,
            };
            let blank = |byte| if byte == b'\n' { '\n' } else { ' ' };
            out.extend(rest[..comment].bytes().map(blank));
            rest = &rest[comment..];
            let next =
                rest.char_indices().skip(usize::from(comment == 0)).find(|(_, c)| matches!(c, '/' | '#'));
            let kept = next.map_or(rest.len(), |(at, _)| at);
            out.push_str(&rest[..kept]);
            rest = &rest[kept..];
        }
        out
    }
}
