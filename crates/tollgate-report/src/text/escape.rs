//! Text from a scanned tree made safe to print.
//!
//! File names, code and HTTP answers are hostile: an escape sequence in them could rewrite what the
//! terminal shows, and a direction override could make code look like other code.

use std::fmt::Write;

use unicode_width::UnicodeWidthChar;

/// How many columns a tab takes.
const TAB: &str = "    ";

/// The character as it may be shown on one line.
pub(super) fn shown(c: char) -> String {
    match c {
        '\t' => TAB.to_owned(),
        c if is_harmful(c) => {
            let mut text = String::new();
            let code = u32::from(c);
            // Writing to a string does not fail.
            let _ =
                if code < 0x100 { write!(text, "\\x{code:02x}") } else { write!(text, "\\u{{{code:x}}}") };
            text
        }
        c => c.to_string(),
    }
}

/// The text on one line: line breaks become blanks, what a terminal would obey becomes visible.
pub(crate) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' => {
                if !line.ends_with(' ') {
                    line.push(' ');
                }
            }
            c if c == '\t' || is_harmful(c) => line.push_str(&shown(c)),
            c => line.push(c),
        }
    }
    line.truncate(line.trim_end().len());
    line
}

/// Columns a text takes on a terminal.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// The text cut to at most `room` columns, the cut shown by `…`.
pub(super) fn clip(text: &str, room: usize) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let mut clipped = String::new();
    let mut used = 0;
    for c in text.chars() {
        let wide = c.width().unwrap_or(0);
        if used + wide + 1 > room {
            break;
        }
        used += wide;
        clipped.push(c);
    }
    clipped.push('…');
    clipped
}

/// As [`clip`], but the part from character `anchor` on stays in view.
pub(super) fn clip_around(text: &str, anchor: usize, room: usize) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let lead: usize = text.chars().take(anchor).map(|c| c.width().unwrap_or(0)).sum();
    let drop = lead.saturating_sub(room / 3);
    if drop == 0 {
        return clip(text, room);
    }
    let mut passed = 0;
    let rest: String = text
        .chars()
        .skip_while(|c| {
            let skip = passed < drop;
            passed += c.width().unwrap_or(0);
            skip
        })
        .collect();
    format!("…{}", clip(&rest, room.saturating_sub(1)))
}

/// Control characters, direction overrides and invisible characters.
fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_a_terminal_obeys_gets_through() {
        assert_eq!(one_line("a\x1b[31mb\u{202e}c\u{9b}d"), "a\\x1b[31mb\\u{202e}c\\x9bd");
        assert_eq!(one_line("a\r\nb\tc\n"), "a b    c");
        assert_eq!(clip("abcdef", 4), "abc…");
        assert_eq!(clip("日本語", 4), "日…");
        assert_eq!(clip_around("abcdefghij", 8, 6), "…ghij");
    }
}
