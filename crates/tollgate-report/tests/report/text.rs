//! The report in a terminal.

use tollgate_core::Report;
use tollgate_report::{Format, TextOptions, WriteOptions, write};

use crate::sample;

fn rendered(report: &Report, width: usize, color: bool, verbose: bool) -> String {
    let options = WriteOptions { text: TextOptions { width, color, verbose }, ..WriteOptions::default() };
    let mut out = Vec::new();
    write(Format::Text, report, &options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn narrow_terminal() {
    insta::assert_snapshot!(rendered(&sample::report(), 80, false, false));
}

#[test]
fn wide_terminal() {
    insta::assert_snapshot!(rendered(&sample::report(), 160, false, false));
}

#[test]
fn everything() {
    insta::assert_snapshot!(rendered(&sample::report(), 100, false, true));
}

#[test]
fn lines_keep_the_width() {
    for width in [80, 100, 160] {
        for line in rendered(&sample::report(), width, false, true).lines() {
            assert!(line.chars().count() <= width, "{width}: {line}");
        }
    }
}

#[test]
fn colour_only_repeats_what_words_say() {
    let plain = rendered(&sample::report(), 100, false, true);
    let colored = rendered(&sample::report(), 100, true, true);
    let mut stripped = String::new();
    let mut rest = colored.as_str();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        stripped.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    stripped.push_str(rest);
    let trimmed = |text: &str| text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    assert_eq!(trimmed(&stripped), trimmed(&plain));
}

#[test]
fn nothing_hostile_reaches_the_terminal() {
    let text = rendered(&sample::report(), 100, false, true);
    assert!(text.chars().all(|c| c == '\n' || !c.is_control()));
    assert!(!text.contains('\u{202e}'));
}

#[test]
fn many_findings_get_a_line_each() {
    let mut report = sample::report();
    report.findings = vec![report.findings[0].clone(); 300];
    let text = rendered(&report, 100, false, false);
    assert_eq!(text.matches("    Replay ").count(), 100);
    assert!(text.contains("200 findings in one line each; -v shows all"));
    assert!(rendered(&report, 100, false, true).matches("    Replay ").count() == 300);
}
