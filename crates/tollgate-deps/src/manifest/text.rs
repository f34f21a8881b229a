//! From bytes to text: marks, line ends, merge conflicts and bytes that are no UTF-8.

use super::document::Fault;

/// The text of a file and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decoded {
    /// The readings of the file: one, or in a merge conflict one for each side. Lines keep their
    /// numbers.
    pub(crate) readings: Vec<String>,
    /// What makes the reading doubtful.
    pub(super) faults: Vec<Fault>,
    /// What is unusual but harmless.
    pub(super) remarks: Vec<Fault>,
}

/// Decodes a file.
pub(crate) fn decode(bytes: &[u8]) -> Decoded {
    let mut faults = Vec::new();
    let mut remarks = Vec::new();
    let remark = |message: &str| Fault { line: 1, message: message.to_owned() };
    let text = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => {
            remarks.push(remark("starts with a byte order mark, which was skipped"));
            from_utf8(rest, &mut faults)
        }
        [0xFF, 0xFE, rest @ ..] => {
            remarks.push(remark("is UTF-16 text"));
            from_utf16(rest, u16::from_le_bytes, &mut faults)
        }
        [0xFE, 0xFF, rest @ ..] => {
            remarks.push(remark("is UTF-16 text"));
            from_utf16(rest, u16::from_be_bytes, &mut faults)
        }
        _ => from_utf8(bytes, &mut faults),
    };
    if let Some(at) = memchr_pair(&text) {
        let line = 1 + text.as_bytes()[..at].iter().filter(|&&byte| byte == b'\n').count();
        remarks.push(Fault {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            message: "has CRLF line ends, which were read as line ends".to_owned(),
        });
    }
    let readings = match sides(&text) {
        None => vec![text],
        Some((ours, theirs, line)) => {
            faults.push(Fault { line, message: "merge conflict marker".to_owned() });
            vec![ours, theirs]
        }
    };
    Decoded { readings, faults, remarks }
}

fn memchr_pair(text: &str) -> Option<usize> {
    text.find("\r\n")
}

fn from_utf8(bytes: &[u8], faults: &mut Vec<Fault>) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(error) => {
            let line = 1 + bytes[..error.valid_up_to()].iter().filter(|&&byte| byte == b'\n').count();
            faults.push(Fault {
                line: u32::try_from(line).unwrap_or(u32::MAX),
                message: "bytes that are no UTF-8".to_owned(),
            });
            String::from_utf8_lossy(bytes).into_owned()
        }
    }
}

fn from_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16, faults: &mut Vec<Fault>) -> String {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let text: String = char::decode_utf16(pairs.iter().map(|&pair| unit(pair)))
        .map(|decoded| decoded.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    if !rest.is_empty() || text.contains(char::REPLACEMENT_CHARACTER) {
        faults.push(Fault { line: 1, message: "text that is no UTF-16".to_owned() });
    }
    text
}

/// Both sides of a text with conflict markers and the line of the first marker.
fn sides(text: &str) -> Option<(String, String, u32)> {
    if !text.starts_with("<<<<<<< ") && !text.contains("\n<<<<<<< ") {
        return None;
    }
    #[derive(Clone, Copy)]
    enum Part {
        Both,
        Ours,
        Base,
        Theirs,
    }
    let (mut ours, mut theirs) = (String::with_capacity(text.len()), String::with_capacity(text.len()));
    let mut part = Part::Both;
    let mut first = None;
    for (idx, line) in text.split('\n').enumerate() {
        let bare = line.trim_end_matches('\r');
        let marker = match part {
            Part::Both if bare.starts_with("<<<<<<< ") => {
                first.get_or_insert(idx + 1);
                part = Part::Ours;
                true
            }
            Part::Ours if bare.starts_with("|||||||") => {
                part = Part::Base;
                true
            }
            Part::Ours | Part::Base if bare == "=======" => {
                part = Part::Theirs;
                true
            }
            Part::Theirs if bare.starts_with(">>>>>>>") => {
                part = Part::Both;
                true
            }
            _ => false,
        };
        if idx > 0 {
            ours.push('\n');
            theirs.push('\n');
        }
        if !marker {
            if matches!(part, Part::Both | Part::Ours) {
                ours.push_str(line);
            }
            if matches!(part, Part::Both | Part::Theirs) {
                theirs.push_str(line);
            }
        }
    }
    Some((ours, theirs, u32::try_from(first?).unwrap_or(u32::MAX)))
}

/// Where each line of a text starts.
#[derive(Debug, Clone)]
pub(crate) struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    /// The lines of a text.
    pub(crate) fn new(text: &str) -> Self {
        let breaks = text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n').map(|(at, _)| at + 1);
        Self { starts: std::iter::once(0).chain(breaks).collect() }
    }

    /// The line, from 1, of a byte offset.
    pub(crate) fn line_of(&self, offset: usize) -> u32 {
        u32::try_from(self.starts.partition_point(|&start| start <= offset)).unwrap_or(u32::MAX).max(1)
    }
}

/// Lines of a text with their numbers from 1, line ends removed.
pub(crate) fn numbered(text: &str) -> impl Iterator<Item = (u32, &str)> {
    text.split('\n').enumerate().map(|(idx, line)| {
        (u32::try_from(idx + 1).unwrap_or(u32::MAX), line.strip_suffix('\r').unwrap_or(line))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_of_a_conflict_are_read() {
        let text = b"a\n<<<<<<< HEAD\nb\n||||||| base\nx\n=======\nc\n>>>>>>> other\nd\n";
        let decoded = decode(text);
        assert_eq!(decoded.faults[0].line, 2);
        assert_eq!(decoded.readings, ["a\n\nb\n\n\n\n\n\nd\n", "a\n\n\n\n\n\nc\n\nd\n"]);
    }

    #[test]
    fn marks_and_encodings() {
        assert_eq!(decode(b"\xEF\xBB\xBFa\r\nb").readings, ["a\r\nb"]);
        assert_eq!(decode(b"\xFF\xFEa\0b\0").readings, ["ab"]);
        let broken = decode(b"a\n\xFFb");
        assert_eq!((broken.readings[0].as_str(), broken.faults[0].line), ("a\n\u{FFFD}b", 2));
        assert_eq!(decode(b"plain").faults, []);
    }
}
