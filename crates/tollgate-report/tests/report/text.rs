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
    insta::assert_snapshot!(rendered(&sample::report(), 80, false, false), @r####"
Critical · 1 finding ───────────────────────────────────────────────────────────
app/shop.py
  12:47  python.flask.sql-injection  CWE-89 · CVSS 9.8 · new · confirmed
    A request parameter becomes part of an SQL statement. Whoever sends the
    request can read and change the whole database; pass the value as a
    parameter of `execute` instead.
     10 │     name = request.args["name"]
     11 │     query = build(name)
     12 │ …hop.db").execute("SELECT * FROM goods WHERE name = '" + query + "'")
        │                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
     13 │     return {"rows": list(rows)}
    Source     app/shop.py:10  name = request.args["name"]  a request parameter
    Through    app/shop.py:11  query = build(name)  passed through `build`
               app/shop.py:17  return text.strip()
    Sink       app/shop.py:12  …op.db").execute("SELECT * FROM goods WHERE name…
                               becomes part of an SQL statement
    See also   app/shop.py:9: the handler
    Confirmed  by dast at GET http://127.0.0.1:5000/search?name=x%27: A quote in
               `name` provokes an SQL error.
    Evidence   sqlite3.OperationalError: unrecognized token
    Replay     curl -H 'Cookie: session=$SESSION'
               'http://127.0.0.1:5000/search?name=x%27'
    Fix        Pass the value as a parameter
     - …nect("shop.db").execute("SELECT * FROM goods WHERE name = '" + query + …
     + …nect("shop.db").execute("SELECT * FROM goods WHERE name = ?", (query,))
    Seen by    sast (python.flask.sql-injection), semgrep oss
               (python.lang.security.sqli)

High · 1 finding ───────────────────────────────────────────────────────────────
web/package-lock.json
  lodash@4.17.15  GHSA-p6mc-m468-83gw  Prototype pollution in lodash.

Unknown severity · 1 finding ───────────────────────────────────────────────────
web/with space & ümlaut.js
  7  X-1  changed
    Something is odd with \x1b[31m`eval`\x1b[0m.

Low · 2 findings ───────────────────────────────────────────────────────────────
(no file)
  GET http://127.0.0.1:5000/  missing-header.content-security-policy  CWE-693
    The page is sent without a Content-Security-Policy.
    Route      /
    Answer     no answer within the time allowed
    Replay     curl -H 'Cookie: session=$SESSION'
               'http://127.0.0.1:5000/search?name=x%27'

  –  X-2
    The project has no policy.

warning  the waiver for `GHSA-x` is not used
         hint: remove it from tollgate.toml
warning  sast: app/broken.py:3: only a part of the file follows the grammar
         hint: check the syntax near line 3

Summary ────────────────────────────────────────────────────────────────────────
Scanner        Crit  High     ?   Med   Low  Info   Examined  Skipped    Time
sast              1     0     0     0     0     0      1,204        2   1.2 s !
secrets           0     0     0     0     0     0      1,204        0   1.2 s
deps              0     1     0     0     0     0      1,204        0   1.2 s
dast              0     0     0     0     1     0      1,204        0   1.2 s
legacy linter     0     0     1     0     1     0      1,204        0   1.2 s
Total             1     1     1     0     2     0
1 suppressed: 1 inline
1 known from the baseline
1 gone since the baseline

FAIL  a threshold is broken, and not everything was looked at
  ✗ gate.fail-on = "high"  3 findings are of severity high or above
      app/shop.py:12  python.flask.sql-injection
      web/package-lock.json:3  GHSA-p6mc-m468-83gw
      web/with space & ümlaut.js:7  X-1
  ? sast: `data/dump.sql` is larger than scan.max-file-size
"####);
}

#[test]
fn wide_terminal() {
    insta::assert_snapshot!(rendered(&sample::report(), 160, false, false), @r####"
Critical · 1 finding ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
app/shop.py
  12:47  python.flask.sql-injection  CWE-89 · CVSS 9.8 · new · confirmed
    A request parameter becomes part of an SQL statement. Whoever sends the request can read and change the whole database; pass the value as a parameter of
    `execute` instead.
     10 │     name = request.args["name"]
     11 │     query = build(name)
     12 │     rows = sqlite3.connect("shop.db").execute("SELECT * FROM goods WHERE name = '" + query + "'")
        │                                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
     13 │     return {"rows": list(rows)}
    Source     app/shop.py:10  name = request.args["name"]  a request parameter
    Through    app/shop.py:11  query = build(name)  passed through `build`
               app/shop.py:17  return text.strip()
    Sink       app/shop.py:12  rows = sqlite3.connect("shop.db").execute("SELECT * FROM goods WHERE name = '" + query + "'")  becomes part of an SQL statement
    See also   app/shop.py:9: the handler
    Confirmed  by dast at GET http://127.0.0.1:5000/search?name=x%27: A quote in `name` provokes an SQL error.
    Evidence   sqlite3.OperationalError: unrecognized token
    Replay     curl -H 'Cookie: session=$SESSION' 'http://127.0.0.1:5000/search?name=x%27'
    Fix        Pass the value as a parameter
     -     rows = sqlite3.connect("shop.db").execute("SELECT * FROM goods WHERE name = '" + query + "'")
     +     rows = sqlite3.connect("shop.db").execute("SELECT * FROM goods WHERE name = ?", (query,))
    Seen by    sast (python.flask.sql-injection), semgrep oss (python.lang.security.sqli)

High · 1 finding ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
web/package-lock.json
  lodash@4.17.15  GHSA-p6mc-m468-83gw  Prototype pollution in lodash.

Unknown severity · 1 finding ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
web/with space & ümlaut.js
  7  X-1  changed
    Something is odd with \x1b[31m`eval`\x1b[0m.

Low · 2 findings ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
(no file)
  GET http://127.0.0.1:5000/  missing-header.content-security-policy  CWE-693
    The page is sent without a Content-Security-Policy.
    Route      /
    Answer     no answer within the time allowed
    Replay     curl -H 'Cookie: session=$SESSION' 'http://127.0.0.1:5000/search?name=x%27'

  –  X-2
    The project has no policy.

warning  the waiver for `GHSA-x` is not used
         hint: remove it from tollgate.toml
warning  sast: app/broken.py:3: only a part of the file follows the grammar
         hint: check the syntax near line 3

Summary ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
Scanner        Crit  High     ?   Med   Low  Info   Examined  Skipped    Time
sast              1     0     0     0     0     0      1,204        2   1.2 s  incomplete
secrets           0     0     0     0     0     0      1,204        0   1.2 s
deps              0     1     0     0     0     0      1,204        0   1.2 s
dast              0     0     0     0     1     0      1,204        0   1.2 s
legacy linter     0     0     1     0     1     0      1,204        0   1.2 s
Total             1     1     1     0     2     0
1 suppressed: 1 inline
1 known from the baseline
1 gone since the baseline

FAIL  a threshold is broken, and not everything was looked at
  ✗ gate.fail-on = "high"  3 findings are of severity high or above
      app/shop.py:12  python.flask.sql-injection
      web/package-lock.json:3  GHSA-p6mc-m468-83gw
      web/with space & ümlaut.js:7  X-1
  ? sast: `data/dump.sql` is larger than scan.max-file-size
"####);
}

#[test]
fn everything() {
    insta::assert_snapshot!(rendered(&sample::report(), 100, false, true), @r####"
Critical · 1 finding ───────────────────────────────────────────────────────────────────────────────
app/shop.py
  12:47  python.flask.sql-injection  CWE-89 · CVSS 9.8 · new · confirmed
    A request parameter becomes part of an SQL statement. Whoever sends the request can read and
    change the whole database; pass the value as a parameter of `execute` instead.
     10 │     name = request.args["name"]
     11 │     query = build(name)
     12 │ …ct("shop.db").execute("SELECT * FROM goods WHERE name = '" + query + "'")
        │                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
     13 │     return {"rows": list(rows)}
    Source     app/shop.py:10  name = request.args["name"]  a request parameter
    Through    app/shop.py:11  query = build(name)  passed through `build`
               app/shop.py:17  return text.strip()
    Sink       app/shop.py:12  …ect("shop.db").execute("SELECT * FROM goods WHERE name = '" + query…
                               becomes part of an SQL statement
    See also   app/shop.py:9: the handler
    Confirmed  by dast at GET http://127.0.0.1:5000/search?name=x%27: A quote in `name` provokes an
               SQL error.
    Evidence   sqlite3.OperationalError: unrecognized token
    Replay     curl -H 'Cookie: session=$SESSION' 'http://127.0.0.1:5000/search?name=x%27'
    Fix        Pass the value as a parameter
     - …te3.connect("shop.db").execute("SELECT * FROM goods WHERE name = '" + query + "'")
     +     rows = sqlite3.connect("shop.db").execute("SELECT * FROM goods WHERE name = ?", (query,))
    Seen by    sast (python.flask.sql-injection), semgrep oss (python.lang.security.sqli)

High · 1 finding ───────────────────────────────────────────────────────────────────────────────────
web/package-lock.json
  lodash@4.17.15  GHSA-p6mc-m468-83gw  CWE-770 · CWE-1321 · CVSS 7.4
    Prototype pollution in lodash.
    Also       CVE-2020-8203
    Used as    npm, development dependency
    Path       grunt@1.0.4 → lodash@4.17.15 (and 1 more path)
    Reachable  affected code used at web/app.js:1
    Exploited  known to be exploited (CISA KEV)
    EPSS       3.1 % chance of exploitation within 30 days
    Fixed in   4.17.19
    Upgrade    npm install lodash@4.17.19 (within the declared range)

Unknown severity · 1 finding ───────────────────────────────────────────────────────────────────────
web/with space & ümlaut.js
  7  X-1  changed
    Something is odd with \x1b[31m`eval`\x1b[0m.

Medium · 1 finding ─────────────────────────────────────────────────────────────────────────────────
app/shop.py
  suppressed, inline: a test token
  suppressed, waiver: no reason given
  20:1  generic-api-token  CWE-798
    A token stands in the source.
     20 │ TOKEN = "[redacted]"
        │ ^^^^^^^^^^^^^^^^^^^^

Low · 2 findings ───────────────────────────────────────────────────────────────────────────────────
(no file)
  GET http://127.0.0.1:5000/  missing-header.content-security-policy  CWE-693
    The page is sent without a Content-Security-Policy.
    Route      /
    Answer     no answer within the time allowed
    Replay     curl -H 'Cookie: session=$SESSION' 'http://127.0.0.1:5000/search?name=x%27'

  –  X-2
    The project has no policy.

Info · 1 finding ───────────────────────────────────────────────────────────────────────────────────
app/old.py
  gone since the baseline
  1  python.debug-mode
    Debug mode is on.

warning  the waiver for `GHSA-x` is not used
         hint: remove it from tollgate.toml
warning  sast: app/broken.py:3: only a part of the file follows the grammar
         hint: check the syntax near line 3
note     advisories are 2 days old

Summary ────────────────────────────────────────────────────────────────────────────────────────────
Scanner        Crit  High     ?   Med   Low  Info   Examined  Skipped    Time
sast              1     0     0     0     0     0      1,204        2   1.2 s  incomplete
secrets           0     0     0     0     0     0      1,204        0   1.2 s
deps              0     1     0     0     0     0      1,204        0   1.2 s
dast              0     0     0     0     1     0      1,204        0   1.2 s
legacy linter     0     0     1     0     1     0      1,204        0   1.2 s
Total             1     1     1     0     2     0
1 suppressed: 1 inline
1 known from the baseline
1 gone since the baseline

FAIL  a threshold is broken, and not everything was looked at
  ✗ gate.fail-on = "high"  3 findings are of severity high or above
      app/shop.py:12  python.flask.sql-injection
      web/package-lock.json:3  GHSA-p6mc-m468-83gw
      web/with space & ümlaut.js:7  X-1
  ? sast: `data/dump.sql` is larger than scan.max-file-size
"####);
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
