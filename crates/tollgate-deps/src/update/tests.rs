use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Cursor, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};

use tollgate_core::{Cancel, RuleId};
use zip::write::SimpleFileOptions;

use super::*;
use crate::index::{Index, IndexError, show, status};

/// Files of a bucket by path.
type Files = BTreeMap<String, Vec<u8>>;

fn record(id: &str, modified: &str, package: &str, fixed: &str, more: &str) -> String {
    format!(
        r#"{{"id":"{id}","modified":"{modified}","summary":"flaw {id}",{more}"affected":[{{"package":{{"ecosystem":"npm","name":"{package}"}},"ranges":[{{"type":"SEMVER","events":[{{"introduced":"0"}},{{"fixed":"{fixed}"}}]}}]}}]}}"#
    )
}

fn archive(records: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in records {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A bucket with two advisories of npm.
fn bucket() -> Files {
    let one = record("GHSA-1", "2024-01-01T00:00:00Z", "left", "1.2.0", r#""aliases":["CVE-2024-1"],"#);
    let two = record("GHSA-2", "2024-02-01T00:00:00Z", "right", "2.0.0", "");
    Files::from([
        ("ecosystems.txt".to_owned(), b"npm\nDebian:12\n[EMPTY]\n".to_vec()),
        ("npm/all.zip".to_owned(), archive(&[("GHSA-1.json", &one), ("GHSA-2.json", &two)])),
        (
            "npm/modified_id.csv".to_owned(),
            b"2024-02-01T00:00:00Z,GHSA-2\n2024-01-01T00:00:00Z,GHSA-1\n".to_vec(),
        ),
    ])
}

/// How the server misbehaves.
#[derive(Clone, Copy, PartialEq)]
enum Manner {
    Honest,
    /// Announces the whole and sends half of every archive.
    CutsOff,
}

/// Serves files on the loopback interface and remembers what was asked for.
struct Server {
    source: Source,
    files: Arc<Mutex<Files>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn new(files: Files, manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let source = Source::parse(&format!("http://{}/bucket", listener.local_addr().unwrap())).unwrap();
        let (files, asked) = (Arc::new(Mutex::new(files)), Arc::new(Mutex::new(Vec::new())));
        let server = Self { source, files: Arc::clone(&files), asked: Arc::clone(&asked) };
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (files, asked) = (Arc::clone(&files), Arc::clone(&asked));
                std::thread::spawn(move || answer(stream.unwrap(), &files, &asked, manner));
            }
        });
        server
    }
}

fn answer(mut stream: TcpStream, files: &Mutex<Files>, asked: &Mutex<Vec<String>>, manner: Manner) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
    let Some(request) = lines.next() else { return };
    lines.take_while(|line| !line.is_empty()).for_each(drop);
    let path = request.split(' ').nth(1).unwrap().trim_start_matches("/bucket/").replace("%20", " ");
    asked.lock().unwrap().push(path.clone());
    let body = files.lock().unwrap().get(&path).cloned();
    let (head, body) = match &body {
        Some(body) => ("200 OK", body.as_slice()),
        None => ("404 Not Found", &b"no"[..]),
    };
    let sent =
        if manner == Manner::CutsOff && path.ends_with(".zip") { &body[..body.len() / 2] } else { body };
    let _ = write!(stream, "HTTP/1.1 {head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    let _ = stream.write_all(sent);
}

fn write_bucket(dir: &Path, files: &Files) {
    for (path, bytes) in files {
        let path = dir.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

fn options(from: &Source, dir: &Path) -> UpdateOptions {
    UpdateOptions {
        from: from.clone(),
        ecosystems: None,
        index_dir: dir.to_owned(),
        kev: None,
        epss: None,
        now: 1_700_000_000,
        cancel: Cancel::new(),
    }
}

fn ids(dir: &Path, package: &str, version: &str) -> Vec<String> {
    let matches = Index::open(dir).unwrap().matches(Ecosystem::Npm, package, version).unwrap();
    matches.iter().map(|advisory| advisory.id.to_string()).collect()
}

fn only_outcome(report: &UpdateReport) -> &Outcome {
    assert_eq!(report.ecosystems.len(), 1, "{report:?}");
    &report.ecosystems[0].1
}

fn failure(report: &UpdateReport) -> &str {
    assert!(report.is_partial());
    match only_outcome(report) {
        Outcome::Failed(reason) => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_directory_is_read_once() {
    let (bucket_dir, dir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write_bucket(bucket_dir.path(), &bucket());
    let from = Source::parse(bucket_dir.path().to_str().unwrap()).unwrap();
    let mut options = options(&from, dir.path());
    let kev = bucket_dir.path().join("kev.json");
    std::fs::write(&kev, r#"{"vulnerabilities":[{"cveID":"CVE-2024-1"}]}"#).unwrap();
    options.kev = Some(Source::Path(kev));
    options.epss = Some(Source::Path(bucket_dir.path().join("missing.csv")));
    let report = update(&options).unwrap();
    assert!(
        matches!(only_outcome(&report), Outcome::Rebuilt(counts) if counts.advisories == 2 && counts.missing == 0)
    );
    assert_eq!(report.kev, Some(Ok(1)));
    assert!(report.is_partial() && report.epss.unwrap().unwrap_err().contains("no such file"));

    assert_eq!(ids(dir.path(), "left", "1.1.9"), ["GHSA-1"]);
    assert_eq!(ids(dir.path(), "left", "1.2.0"), [""; 0]);
    assert_eq!(ids(dir.path(), "unheard-of", "1"), [""; 0]);
    let found = Index::open(dir.path()).unwrap().matches(Ecosystem::Npm, "left", "1.0.0").unwrap();
    assert!(found[0].kev && found[0].fixed_versions == ["1.2.0"]);

    options.now += 500;
    (options.kev, options.epss) = (None, None);
    assert_eq!(only_outcome(&update(&options).unwrap()), &Outcome::Unchanged);
    let status = status(dir.path()).unwrap();
    assert_eq!((status.ecosystems.len(), status.ecosystems[0].advisories), (1, 2));
    assert_eq!(status.ecosystems[0].updated_at, options.now);
    assert_eq!(Index::open(dir.path()).unwrap().age(options.now + 60), Some(60));
    assert_eq!(status.kev.unwrap().entries, 1);
    let shown = show(dir.path(), &RuleId::parse("CVE-2024-1").unwrap()).unwrap();
    assert_eq!((shown[0].id.as_str(), shown[0].affected[0].1.as_str()), ("GHSA-1", "< 1.2.0"));
}

#[test]
fn few_changes_are_fetched_one_by_one() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::new(bucket(), Manner::Honest);
    let options = options(&server.source, dir.path());
    assert!(matches!(only_outcome(&update(&options).unwrap()), Outcome::Rebuilt(_)));

    let changed = record("GHSA-1", "2024-03-01T00:00:00Z", "left", "1.3.0", "");
    let added = record("GHSA-3", "2024-03-02T00:00:00Z", "left", "9.0.0", "");
    {
        let mut files = server.files.lock().unwrap();
        files.insert("npm/GHSA-1.json".to_owned(), changed.into_bytes());
        files.insert("npm/GHSA-3.json".to_owned(), added.into_bytes());
        let list =
            b"2024-03-02T00:00:00Z,GHSA-3\n2024-03-01T00:00:00Z,GHSA-1\n2024-03-01T00:00:00Z,../../etc/x\n";
        files.insert("npm/modified_id.csv".to_owned(), list.to_vec());
        server.asked.lock().unwrap().clear();
    }
    let report = update(&options).unwrap();
    assert!(matches!(only_outcome(&report), Outcome::Increment { changed: 2, removed: 1, .. }), "{report:?}");
    let mut asked = std::mem::take(&mut *server.asked.lock().unwrap());
    asked.sort();
    assert_eq!(asked, ["ecosystems.txt", "npm/GHSA-1.json", "npm/GHSA-3.json", "npm/modified_id.csv"]);
    assert_eq!(ids(dir.path(), "left", "1.2.5"), ["GHSA-1", "GHSA-3"]);
    assert_eq!(ids(dir.path(), "right", "1.0.0"), [""; 0], "a removed record does not match");
    assert!(show(dir.path(), &RuleId::parse("GHSA-2").unwrap()).unwrap().is_empty());
    assert_eq!(status(dir.path()).unwrap().ecosystems[0].increment, 3);
    assert_eq!(only_outcome(&update(&options).unwrap()), &Outcome::Unchanged);

    // Where single records are not to be had, the whole archive is read.
    {
        let mut files = server.files.lock().unwrap();
        files.retain(|path, _| !path.contains("GHSA"));
        let one = record("GHSA-1", "2024-04-01T00:00:00Z", "left", "1.4.0", "");
        files.insert("npm/all.zip".to_owned(), archive(&[("GHSA-1.json", &one)]));
        files.insert("npm/modified_id.csv".to_owned(), b"2024-04-01T00:00:00Z,GHSA-1\n".to_vec());
    }
    assert!(matches!(only_outcome(&update(&options).unwrap()), Outcome::Rebuilt(_)));
    assert_eq!(ids(dir.path(), "left", "1.3.5"), ["GHSA-1"]);
    assert!(!increment_path(dir.path(), Ecosystem::Npm).exists());
}

/// Updates from a good bucket, then from a bad one: the reason is named and the old data stay.
fn check_refused(change: impl FnOnce(&mut Files), manner: Manner, expected: &str) {
    let (bucket_dir, dir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write_bucket(bucket_dir.path(), &bucket());
    let from = Source::Path(bucket_dir.path().to_owned());
    update(&options(&from, dir.path())).unwrap();
    let mut files = bucket();
    files.insert("npm/modified_id.csv".to_owned(), b"2025-01-01T00:00:00Z,GHSA-1\n".to_vec());
    change(&mut files);
    let server = Server::new(files, manner);
    let report = update(&options(&server.source, dir.path())).unwrap();
    let reason = failure(&report);
    assert!(reason.contains("npm/all.zip") && reason.contains(expected), "{reason}");
    assert_eq!(ids(dir.path(), "left", "1.0.0"), ["GHSA-1"]);
    let left: Vec<_> =
        std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with(".new-")), "{left:?}");
}

#[test]
fn what_is_damaged_or_too_large_is_refused() {
    let replace =
        |bytes: Vec<u8>| move |files: &mut Files| drop(files.insert("npm/all.zip".to_owned(), bytes));
    check_refused(|_| (), Manner::CutsOff, "");
    check_refused(|files| drop(files.remove("npm/all.zip")), Manner::Honest, "no such file");
    check_refused(replace(b"<html>sorry</html>".to_vec()), Manner::Honest, "no whole zip archive");
    check_refused(replace(archive(&[])), Manner::Honest, "no advisory");
    let strange = r#"{"schema_version":"9.0.0","id":"GHSA-1"}"#;
    check_refused(
        replace(archive(&[("GHSA-1.json", strange)])),
        Manner::Honest,
        "no advisory (1 records were refused)",
    );

    let half = bucket()["npm/all.zip"].clone();
    check_refused(replace(half[..half.len() / 2].to_vec()), Manner::Honest, "no whole zip archive");
    let mut flipped = half;
    let at = 40 + "GHSA-1.json".len();
    flipped[at] ^= 0x55;
    check_refused(replace(flipped), Manner::Honest, "`GHSA-1.json` is damaged");

    let zeros = " ".repeat(16 << 20);
    let bomb: Vec<(String, &str)> = (0..6).map(|at| (format!("B-{at}.json"), zeros.as_str())).collect();
    let bomb: Vec<(&str, &str)> = bomb.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    check_refused(replace(archive(&bomb)), Manner::Honest, "unpacks to more than");
}

#[test]
fn bad_records_are_named_and_the_rest_is_used() {
    let dir = tempfile::tempdir().unwrap();
    let mut files = bucket();
    let good = record("GHSA-1", "2024-01-01T00:00:00Z", "left", "1.2.0", "");
    let bad_range = record("GHSA-4", "2024-01-01T00:00:00Z", "left", "soon", "");
    let newer = record("GHSA-5", "2024-01-01T00:00:00Z", "left", "1.0.0", r#""schema_version":"2.1.0","#);
    let huge = " ".repeat((16 << 20) + 1);
    let records = [
        ("GHSA-1.json", good.as_str()),
        ("GHSA-4.json", &bad_range),
        ("GHSA-5.json", &newer),
        ("GHSA-6.json", "{"),
        ("GHSA-7.json", &huge),
        ("README.md", "no record"),
    ];
    files.insert("npm/all.zip".to_owned(), archive(&records));
    let server = Server::new(files, Manner::Honest);
    let report = update(&options(&server.source, dir.path())).unwrap();
    let Outcome::Rebuilt(counts) = only_outcome(&report) else { panic!("{report:?}") };
    assert_eq!((counts.advisories, counts.refused, counts.faulty, counts.missing), (2, 3, 1, 1));
    for expected in [
        "GHSA-4: a range of `left`: `soon`",
        "GHSA-5.json: its schema version `2.1.0`",
        "GHSA-7.json: it is larger",
    ] {
        assert!(counts.named.iter().any(|line| line.starts_with(expected)), "{:?}", counts.named);
    }
    assert_eq!(ids(dir.path(), "left", "0.5.0"), ["GHSA-1"]);
}

#[test]
fn what_fails_does_not_keep_the_rest_from_being_updated() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::new(bucket(), Manner::Honest);
    let mut options = options(&server.source, dir.path());
    options.ecosystems = Some(vec![Ecosystem::Npm, Ecosystem::Hex]);
    let report = update(&options).unwrap();
    assert!(report.is_partial());
    assert!(matches!(&report.ecosystems[0], (Ecosystem::Npm, Outcome::Rebuilt(_))));
    assert!(
        matches!(&report.ecosystems[1], (Ecosystem::Hex, Outcome::Failed(reason)) if reason.contains("not offer"))
    );
    let index = Index::open(dir.path()).unwrap();
    assert!(index.covers(Ecosystem::Npm) && !index.covers(Ecosystem::Hex));
}

#[test]
fn nothing_reachable_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for from in [format!("http://{port}/"), dir.path().join("missing").display().to_string()] {
        let error = update(&options(&Source::parse(&from).unwrap(), dir.path())).unwrap_err();
        assert!(matches!(error, UpdateError::Unreachable { .. }), "{error}");
    }
    assert!(matches!(Index::open(dir.path()), Err(IndexError::Missing { .. })));
    let cancelled = options(&Server::new(bucket(), Manner::Honest).source, dir.path());
    cancelled.cancel.interrupt();
    assert!(matches!(update(&cancelled), Err(UpdateError::Cancelled)));
}

#[test]
fn an_interrupted_update_leaves_the_old_data() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::new(bucket(), Manner::Honest);
    let options = options(&server.source, dir.path());
    update(&options).unwrap();
    // What a crash can leave: half a new file, and an increment made for another base.
    std::fs::write(dir.path().join(".new-crash"), b"half").unwrap();
    let stray = Builder::new(write::Temporary::new(dir.path()).unwrap(), Ecosystem::Npm).unwrap();
    let (out, _) = stray.finish(|description| description.base = 1).unwrap();
    out.replace(&increment_path(dir.path(), Ecosystem::Npm)).unwrap();
    assert_eq!(ids(dir.path(), "left", "1.0.0"), ["GHSA-1"]);
    update(&options).unwrap();
    assert!(!dir.path().join(".new-crash").exists());

    let held = File::open(dir.path().join("update.lock")).unwrap();
    held.lock().unwrap();
    assert!(matches!(update(&options), Err(UpdateError::Busy { .. })));
}

#[test]
fn a_damaged_index_is_built_anew() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::new(bucket(), Manner::Honest);
    let options = options(&server.source, dir.path());
    update(&options).unwrap();
    let path = base_path(dir.path(), Ecosystem::Npm);
    let mut bytes = std::fs::read(&path).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    assert!(matches!(status(dir.path()), Err(IndexError::Corrupt { .. })));
    assert!(matches!(only_outcome(&update(&options).unwrap()), Outcome::Rebuilt(_)));
    assert!(status(dir.path()).is_ok());
    std::fs::write(&path, &bytes[..50]).unwrap();
    let error = Index::open(dir.path()).err().unwrap();
    assert!(matches!(error, IndexError::Corrupt { .. }) && error.hint().contains("advisories update"));
}

proptest::proptest! {
    /// Whatever happened to the bytes, there is an answer or an error.
    #[test]
    fn damaged_bytes_never_panic(changes in proptest::collection::vec((0_usize..4096, proptest::num::u8::ANY), 1..20)) {
        let dir = tempfile::tempdir().unwrap();
        let bucket_dir = tempfile::tempdir().unwrap();
        write_bucket(bucket_dir.path(), &bucket());
        update(&options(&Source::Path(bucket_dir.path().to_owned()), dir.path())).unwrap();
        let path = base_path(dir.path(), Ecosystem::Npm);
        let mut bytes = std::fs::read(&path).unwrap();
        for (at, value) in changes {
            let header = 160;
            let at = header + at % (bytes.len() - header);
            bytes[at] = value;
        }
        std::fs::write(&path, &bytes).unwrap();
        if let Ok(index) = Index::open(dir.path()) {
            for package in ["left", "right", "other"] {
                let _ = index.matches(Ecosystem::Npm, package, "1.0.0");
                let _ = crate::matching::clears(
                    &index, &crate::graph::PackageKey::new(Ecosystem::Npm, package), "1.0.0", &[],
                );
            }
        }
        let _ = status(dir.path());
        let _ = show(dir.path(), &RuleId::parse("GHSA-1").unwrap());
    }
}
