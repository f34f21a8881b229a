//! A stretch of code with its match underlined.

use unicode_width::UnicodeWidthChar;

use tollgate_core::{Region, SourceLocation};

use super::escape;
use super::screen::{Role, Screen};

/// Lines of context above and below a match.
const AROUND: u32 = 2;
/// Matched lines shown before the middle of a long match is left out.
const HEAD: u32 = 6;
/// Matched lines shown after it.
const TAIL: u32 = 2;

/// Draws the lines of a location; draws nothing where its text is not known.
pub(super) fn code_frame(screen: &mut Screen, location: &SourceLocation, indent: usize) {
    let Some(snippet) = &location.snippet else { return };
    let lines: Vec<&str> = snippet.text.split('\n').collect();
    let region = &location.region;
    let (first, last) = (region.start().line, last_line(region));
    let from = first.saturating_sub(AROUND);
    let to = last.saturating_add(AROUND);
    let numbers = snippet.first_line..snippet.first_line.saturating_add(lines.len() as u32);
    let shown: Vec<(u32, &str)> =
        numbers.zip(lines.iter().copied()).filter(|(number, _)| (from..=to).contains(number)).collect();
    let gutter = shown.last().map_or(1, |(number, _)| number.to_string().len());
    let pad = " ".repeat(indent);
    let mut left_out = false;
    for (number, line) in trim_blank(&shown) {
        let inside = (first..=last).contains(number);
        if inside && *number >= first + HEAD && number + TAIL <= last && last - first >= HEAD + TAIL {
            if !left_out {
                screen.line(Role::Dim, &format!("{pad}{:>gutter$} ┆", "⋮"));
                left_out = true;
            }
            continue;
        }
        let marked = if inside { columns(region, *number, line) } else { None };
        let room = screen.width.saturating_sub(indent + gutter + 3);
        let window = Window::new(line, marked, room);
        screen.push(Role::Dim, &format!("{pad}{number:>gutter$} │ "));
        screen.push(Role::Plain, &window.before);
        screen.push(Role::Match, &window.matched);
        screen.line(Role::Plain, &window.after);
        if !window.matched.is_empty() && last == first {
            screen.push(Role::Dim, &format!("{pad}{:>gutter$} │ ", ""));
            let blank = " ".repeat(escape::width(&window.before));
            let carets = "^".repeat(escape::width(&window.matched).max(1));
            screen.line(Role::Match, &format!("{blank}{carets}"));
        } else if inside && last > first && *number == last {
            let depth = escape::width(&window.before);
            screen.push(Role::Dim, &format!("{pad}{:>gutter$} │ ", ""));
            let carets = "^".repeat(escape::width(&window.matched).max(1));
            screen.line(Role::Match, &format!("{}{carets} up to here", " ".repeat(depth)));
        }
    }
}

/// The last line of which the region holds a character.
fn last_line(region: &Region) -> u32 {
    let (start, end) = (region.start(), region.end());
    if end.column == 1 && end.line > start.line { end.line - 1 } else { end.line }
}

fn trim_blank<'a, 'b>(lines: &'a [(u32, &'b str)]) -> &'a [(u32, &'b str)] {
    let blank = |line: &(u32, &str)| line.1.trim().is_empty();
    let start = lines.iter().position(|line| !blank(line)).unwrap_or(0);
    let end = lines.iter().rposition(|line| !blank(line)).map_or(lines.len(), |at| at + 1);
    &lines[start..end]
}

/// The matched columns of a line as character offsets; `None` where there is nothing to underline.
fn columns(region: &Region, number: u32, line: &str) -> Option<(usize, usize)> {
    let length = line.chars().count();
    let indent = line.chars().take_while(|c| c.is_whitespace()).count();
    let (start, end) = (region.start(), region.end());
    if region.is_whole_line() {
        return (length > indent).then_some((indent, line.trim_end().chars().count()));
    }
    let from = if number == start.line { start.column as usize - 1 } else { indent };
    let to = if number == end.line { end.column as usize - 1 } else { length };
    let (from, to) = (from.min(length), to.min(length));
    (to > from).then_some((from, to)).or_else(|| (from < length).then_some((from, from + 1)))
}

/// The part of a line that fits, the match in view.
struct Window {
    before: String,
    matched: String,
    after: String,
}

impl Window {
    fn new(line: &str, marked: Option<(usize, usize)>, room: usize) -> Self {
        // Only what can come into view is turned into text, so that a line of megabytes costs little.
        let anchor = marked.map_or(0, |(from, _)| from);
        let skip = if line.len() > 4 * room { anchor.saturating_sub(room) } else { 0 };
        let cells: Vec<(usize, String, usize)> = line
            .chars()
            .enumerate()
            .skip(skip)
            .take(2 * room + 2)
            .map(|(at, c)| {
                let text = escape::shown(c);
                let wide =
                    if text.len() == c.len_utf8() { c.width().unwrap_or(0) } else { escape::width(&text) };
                (at, text, wide)
            })
            .collect();
        let (from, to) = marked.unwrap_or((usize::MAX, usize::MAX));
        let lead: usize = cells.iter().filter(|cell| cell.0 < from).map(|cell| cell.2).sum();
        let total: usize = cells.iter().map(|cell| cell.2).sum();
        let mut drop = 0;
        if (total > room && marked.is_some() && lead > room / 2) || skip > 0 {
            // Keep a quarter of the room for what leads up to the match.
            drop = lead.saturating_sub(room / 4);
        }
        let mut window = Self { before: String::new(), matched: String::new(), after: String::new() };
        let (mut passed, mut used) = (0, 0);
        if drop > 0 {
            window.before.push('…');
            used = 1;
        }
        for (at, text, wide) in cells {
            if passed < drop {
                passed += wide;
                continue;
            }
            let part = match at {
                at if at < from => &mut window.before,
                at if at < to => &mut window.matched,
                _ => &mut window.after,
            };
            if used + wide > room.saturating_sub(1) && used + wide + 1 > room {
                part.push('…');
                break;
            }
            part.push_str(&text);
            used += wide;
        }
        if marked.is_none() {
            window.after = std::mem::take(&mut window.before);
        }
        window
    }
}
