//! Lines of a given width, with or without colour.

use anstyle::{AnsiColor, Style};

use super::escape;

/// What a stretch of text means, which decides its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Plain,
    Strong,
    Dim,
    Path,
    Rule,
    Critical,
    High,
    Medium,
    Low,
    Good,
    Bad,
    Added,
    Removed,
    Match,
}

impl Role {
    fn style(self) -> Style {
        let color = |color: AnsiColor| Style::new().fg_color(Some(anstyle::Color::Ansi(color)));
        match self {
            Self::Plain => Style::new(),
            Self::Strong => Style::new().bold(),
            Self::Dim => Style::new().dimmed(),
            Self::Path => color(AnsiColor::Cyan).bold(),
            Self::Rule => color(AnsiColor::Blue),
            Self::Critical => color(AnsiColor::Magenta).bold(),
            Self::High | Self::Bad | Self::Match => color(AnsiColor::Red).bold(),
            Self::Medium => color(AnsiColor::Yellow).bold(),
            Self::Low => color(AnsiColor::Cyan),
            Self::Good => color(AnsiColor::Green).bold(),
            Self::Added => color(AnsiColor::Green),
            Self::Removed => color(AnsiColor::Red),
        }
    }
}

/// The text under construction.
#[derive(Debug)]
pub(super) struct Screen {
    pub(super) width: usize,
    color: bool,
    text: String,
}

impl Screen {
    pub(super) fn new(width: usize, color: bool) -> Self {
        Self { width: width.clamp(40, 400), color, text: String::new() }
    }

    /// The text so far; the screen is empty afterwards.
    pub(super) fn take(&mut self) -> String {
        std::mem::take(&mut self.text)
    }

    pub(super) fn push(&mut self, role: Role, text: &str) {
        let style = role.style();
        if self.color && role != Role::Plain && !text.is_empty() {
            self.text.push_str(&format!("{style}{text}{style:#}"));
        } else {
            self.text.push_str(text);
        }
    }

    pub(super) fn end(&mut self) {
        self.text.truncate(self.text.trim_end_matches(' ').len());
        self.text.push('\n');
    }

    pub(super) fn line(&mut self, role: Role, text: &str) {
        self.push(role, text);
        self.end();
    }

    pub(super) fn blank(&mut self) {
        if !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// A paragraph below an indent; its first line starts with `lead`, which stands in the indent.
    pub(super) fn wrapped(&mut self, lead: &[(Role, &str)], indent: usize, role: Role, text: &str) {
        let mut used: usize = lead.iter().map(|(_, text)| escape::width(text)).sum();
        for (role, text) in lead {
            self.push(*role, text);
        }
        let mut pending = String::new();
        let pad = " ".repeat(indent);
        if used < indent {
            self.text.push_str(&" ".repeat(indent - used));
            used = indent;
        }
        let room = self.width.max(indent + 20);
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let wide = escape::width(word);
            let gap = usize::from(!pending.is_empty());
            if used + gap + wide > room && !pending.is_empty() {
                self.push(role, &pending);
                self.end();
                self.text.push_str(&pad);
                pending.clear();
                used = indent;
            }
            let gap = usize::from(!pending.is_empty());
            if gap == 1 {
                pending.push(' ');
            }
            pending.push_str(word);
            used += gap + wide;
        }
        self.push(role, &pending);
        self.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_keep_the_width() {
        let mut screen = Screen::new(40, false);
        screen.wrapped(
            &[(Role::Plain, "  Fix")],
            8,
            Role::Plain,
            "use a parameter instead of building the text",
        );
        assert_eq!(screen.take(), "  Fix   use a parameter instead of\n        building the text\n");
    }
}
