use std::path::Path;

use tollgate_core::Subject;

use crate::SastSettings;
use crate::scanner::tests::scan_tree;

const RULE: &str = r"
rules:
- id: flow
  languages: [python, javascript, typescript, java, go, php, ruby]
  severity: ERROR
  message: tainted
  mode: taint
  pattern-sources: [{pattern: get_input(...)}]
  pattern-sinks: [{pattern: run_query(...)}]
  pattern-sanitizers: [{pattern: escape(...)}]
";

/// Where findings stand, each with the files its trace passes.
fn scan(files: &[(&str, &str)], jobs: usize, change: impl FnOnce(&mut SastSettings)) -> Vec<String> {
    scan_with(files, jobs, None, change)
}

/// As [`scan`], with results kept in a folder.
fn scan_with(
    files: &[(&str, &str)],
    jobs: usize,
    cache: Option<&Path>,
    change: impl FnOnce(&mut SastSettings),
) -> Vec<String> {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let outcome = scan_tree(RULE, &files, jobs, cache, change);
    assert!(outcome.diagnostics.is_empty(), "{:?}", outcome.diagnostics);
    outcome
        .findings
        .iter()
        .map(|finding| {
            let Subject::Code(code) = &finding.subject else { panic!("no code") };
            let mut through: Vec<String> = Vec::new();
            for step in code.trace.as_ref().map_or(&[][..], |trace| trace.steps()) {
                let path = step.location.path.to_string();
                if through.last() != Some(&path) {
                    through.push(path);
                }
            }
            format!("{}:{} < {}", code.location.path, code.location.region.start().line, through.join(" > "))
        })
        .collect()
}

fn check(files: &[(&str, &str)], expected: &[&str]) {
    let found = scan(files, 1, |_| {});
    assert_eq!(found, expected);
    assert_eq!(found, scan(files, 3, |_| {}));
    assert!(scan(files, 1, |settings| settings.cross_file = false).is_empty());
}

#[test]
fn python() {
    check(
        &[
            ("app/__init__.py", ""),
            (
                "app/db.py",
                "def find(q):\n    run_query(q)\n\nclass Repo:\n    def load(self, q):\n        run_query(q)\n",
            ),
            ("app/clean.py", "def safe(x):\n    return escape(x)\n"),
            (
                "app/views.py",
                "from .db import find as look, Repo\nfrom app import clean\nfrom . import db\n\ndef view():\n    look(get_input())\n\ndef good():\n    look(clean.safe(get_input()))\n    look('constant')\n\ndef method():\n    repo = Repo()\n    repo.load(get_input())\n",
            ),
        ],
        &["app/db.py:2 < app/views.py > app/db.py", "app/db.py:6 < app/views.py > app/db.py"],
    );
}

#[test]
fn python_source_elsewhere() {
    check(
        &[
            ("source.py", "def wanted():\n    return get_input()\n"),
            ("sink.py", "def store(value):\n    run_query(value)\n"),
            ("main.py", "import source\nimport sink\n\ndef main():\n    sink.store(source.wanted())\n"),
            ("safe.py", "def wanted():\n    return 1\n"),
        ],
        &["sink.py:2 < source.py > main.py > sink.py"],
    );
}

#[test]
fn scripts() {
    check(
        &[
            ("lib/index.ts", "export * from './db';\nexport { safe } from './clean';\n"),
            ("lib/db.ts", "export function find(q: string) {\n  run_query(q);\n}\n"),
            ("lib/clean.ts", "export const safe = (x: string) => escape(x);\n"),
            (
                "main.ts",
                "import { find, safe } from './lib';\nexport function a() { find(get_input()); }\nexport function b() { find(safe(get_input())); }\n",
            ),
            (
                "dao.js",
                "function Dao(db) {\n  this.find = (q) => {\n    run_query(q);\n  };\n}\nmodule.exports = { Dao };\n",
            ),
            (
                "route.js",
                "const { Dao } = require('./dao');\nfunction route(db) {\n  const dao = new Dao(db);\n  dao.find(get_input());\n}\n",
            ),
        ],
        &["dao.js:3 < route.js > dao.js", "lib/db.ts:2 < main.ts > lib/db.ts"],
    );
}

#[test]
fn java() {
    check(
        &[
            (
                "src/a/Dao.java",
                "package a;\npublic class Dao {\n  public void find(String q) {\n    run_query(q);\n  }\n}\n",
            ),
            (
                "src/a/Clean.java",
                "package a;\nclass Clean {\n  static String safe(String x) { return escape(x); }\n}\n",
            ),
            (
                "src/b/Web.java",
                "package b;\nimport a.Dao;\nimport a.Clean;\nclass Web {\n  private Dao dao;\n  void bad() {\n    String q = get_input();\n    dao.find(q);\n  }\n  void good() {\n    new Dao().find(Clean.safe(get_input()));\n  }\n}\n",
            ),
        ],
        &["src/a/Dao.java:4 < src/b/Web.java > src/a/Dao.java"],
    );
}

#[test]
fn go() {
    check(
        &[
            ("internal/db/db.go", "package db\n\nfunc Find(q string) {\n\trun_query(q)\n}\n"),
            (
                "internal/clean/clean.go",
                "package clean\n\nfunc Safe(x string) string {\n\treturn escape(x)\n}\n",
            ),
            (
                "main.go",
                "package main\n\nimport (\n\t\"example.org/app/internal/clean\"\n\t\"example.org/app/internal/db\"\n)\n\nfunc main() {\n\tdb.Find(get_input())\n\tdb.Find(clean.Safe(get_input()))\n}\n",
            ),
        ],
        &["internal/db/db.go:4 < main.go > internal/db/db.go"],
    );
}

#[test]
fn php() {
    check(
        &[
            ("db.php", "<?php\nfunction find($q) {\n  run_query($q);\n}\n"),
            ("src/Clean.php", "<?php\nclass Clean {\n  static function safe($x) { return escape($x); }\n}\n"),
            (
                "index.php",
                "<?php\nrequire_once 'db.php';\nfind(get_input());\nfind(Clean::safe(get_input()));\n",
            ),
        ],
        &["db.php:3 < index.php > db.php"],
    );
}

#[test]
fn ruby() {
    check(
        &[
            ("user_query.rb", "class UserQuery\n  def self.find(q)\n    run_query(q)\n  end\nend\n"),
            ("cleaner.rb", "class Cleaner\n  def self.safe(x)\n    escape(x)\n  end\nend\n"),
            (
                "users.rb",
                "class Users\n  def show\n    UserQuery.find(get_input())\n  end\n  def good\n    UserQuery.find(Cleaner.safe(get_input()))\n  end\nend\n",
            ),
        ],
        &["user_query.rb:3 < users.rb > user_query.rb"],
    );
}

#[test]
fn files_that_call_each_other_come_to_an_end() {
    check(
        &[
            ("a.py", "import b\n\ndef first(x):\n    b.second(x)\n\ndef main():\n    first(get_input())\n"),
            ("b.py", "import a\n\ndef second(x):\n    a.first(x)\n    run_query(x)\n"),
        ],
        &["b.py:5 < a.py > b.py"],
    );
}

#[test]
fn a_sanitizer_elsewhere_clears_a_flow_inside_of_a_file() {
    let files = [
        ("clean.py", "def safe(x):\n    return escape(x)\n"),
        ("main.py", "import clean\n\ndef main():\n    run_query(clean.safe(get_input()))\n"),
    ];
    assert!(scan(&files, 1, |_| {}).is_empty());
    assert_eq!(scan(&files, 1, |settings| settings.cross_file = false), ["main.py:4 < main.py"]);
}

#[test]
fn kept_flows_are_those_of_the_files_as_they_are() {
    let cache = tempfile::tempdir().unwrap();
    let main = ("main.py", "from store import save\nsave(get_input())\n");
    let check = |store: &str, expected: &[&str]| {
        let files = [main, ("store.py", store)];
        for _ in 0..2 {
            assert_eq!(scan_with(&files, 2, Some(cache.path()), |_| {}), expected);
        }
    };
    let flow = ["store.py:2 < main.py > store.py"];
    check("def save(value):\n    run_query(value)\n", &flow);
    check("def save(value):\n    run_query(escape(value))\n", &[]);
    check("def save(value):\n    run_query(value)\n", &flow);
}

#[test]
fn parameters_that_are_sources_are_not_followed_elsewhere() {
    const RULE: &str = r"
rules:
- id: flow
  languages: [javascript]
  severity: ERROR
  message: of $ARG
  mode: taint
  pattern-sources:
  - patterns: [{pattern-inside: 'function ... (..., $ARG, ...) { ... }'}, {focus-metavariable: $ARG}]
  pattern-sinks: [{pattern: run_query(...)}]
";
    let files: [(&str, &[u8]); 2] = [
        ("db.js", b"export function find(q) {\n  run_query(q)\n}\n"),
        ("view.js", b"import { find } from './db'\nfunction view(x) {\n  find(x)\n}\n"),
    ];
    let outcome = scan_tree(RULE, &files, 1, None, |_| {});
    // One finding, of the parameter next to the sink.
    let messages: Vec<&str> = outcome.findings.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(messages, ["of q"]);
}
