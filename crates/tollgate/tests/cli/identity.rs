//! Findings keep their identity while the files around them change.

use std::collections::BTreeSet;
use std::fs;

use crate::support::{Project, repository, results};

/// A small generator of numbers; the same edits in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

/// Rule, text of the first line and fingerprint of every finding.
fn identities(project: &Project) -> BTreeSet<(String, String, String)> {
    let (_, report) = project.sarif(&["--pack", "extended", "--no-cache"]);
    let prints = report["runs"][0]["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|result| result["partialFingerprints"]["tollgate/v1"].as_str().unwrap().to_owned());
    results(&report)
        .into_iter()
        .zip(prints)
        .map(|((rule, file, line), print)| {
            let text = fs::read_to_string(project.path("tree").join(file)).unwrap();
            let line = text.lines().nth(usize::try_from(line).unwrap() - 1).unwrap_or_default();
            (rule, line.trim().to_owned(), print)
        })
        .collect()
}

#[test]
fn edits_elsewhere_change_no_fingerprint() {
    let project = Project::new(&[]);
    let shop = repository().join("examples/vulnerable-shop/shop");
    let mut files: Vec<(String, String)> = fs::read_dir(&shop)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "py"))
        .map(|path| {
            let name = format!("shop/{}", path.file_name().unwrap().to_str().unwrap());
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    files.sort();
    for (name, text) in &files {
        project.write(name, text.as_bytes());
    }
    let before = identities(&project);
    let prints: BTreeSet<&String> = before.iter().map(|(_, _, print)| print).collect();
    assert!(before.len() > 10 && prints.len() == before.len(), "{before:#?}");
    let mut numbers = Numbers(7);
    for round in 0..12 {
        for (name, text) in &files {
            let mut lines: Vec<&str> = text.lines().collect();
            // Between two definitions a blank line, a comment or a function means nothing to the others.
            let gaps: Vec<usize> = (1..lines.len()).filter(|&at| lines[at].starts_with("def ")).collect();
            for _ in 0..3 {
                let gap = gaps.get(numbers.below(gaps.len().max(1))).copied().unwrap_or(0);
                if lines.get(gap).is_some_and(|line| line.starts_with("def "))
                    && !lines[gap - 1].starts_with('@')
                {
                    let added = ["", "# a note", "def added(value):\n    return value\n\n"];
                    lines.insert(gap, added[numbers.below(added.len())]);
                }
            }
            let end = if numbers.below(2) == 0 { "\n" } else { "\r\n" };
            project.write(name, lines.join("\n").replace('\n', end).as_bytes());
        }
        assert_eq!(identities(&project), before, "round {round}");
    }
}
