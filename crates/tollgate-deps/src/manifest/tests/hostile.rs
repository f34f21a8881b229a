use proptest::prelude::*;
use tollgate_core::DiagnosticLevel;

use super::{read_tree, show};
use crate::graph::Lockfile;

/// A small sample of each format, under a name that selects it.
const SAMPLES: &[(&str, &str)] = &[
    (
        "Cargo.lock",
        "version = 3\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n\n[[package]]\nname = \"b\"\nversion = \"1.0.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n",
    ),
    (
        "package-lock.json",
        "{\n \"lockfileVersion\": 3,\n \"packages\": {\n  \"\": {\"dependencies\": {\"a\": \"1\"}},\n  \"node_modules/a\": {\"version\": \"1.0.0\"},\n  \"node_modules/b\": {\"version\": \"1.0.0\"}\n }\n}\n",
    ),
    (
        "npm-shrinkwrap.json",
        "{\n \"lockfileVersion\": 1,\n \"dependencies\": {\n  \"a\": {\"version\": \"1.0.0\", \"requires\": {\"b\": \"1\"}},\n  \"b\": {\"version\": \"1.0.0\"}\n }\n}\n",
    ),
    (
        "yarn.lock",
        "# yarn lockfile v1\n\na@^1:\n  version \"1.0.0\"\n  dependencies:\n    b \"^1\"\n\nb@^1:\n  version \"1.0.0\"\n",
    ),
    (
        "pnpm-lock.yaml",
        "lockfileVersion: '6.0'\npackages:\n  /a@1.0.0:\n    resolution: {integrity: x}\n  /b@1.0.0:\n    resolution: {integrity: x}\n",
    ),
    (
        "bun.lock",
        "{\n \"lockfileVersion\": 1,\n \"packages\": {\n  \"a\": [\"a@1.0.0\", \"\", {}, \"x\"],\n  \"b\": [\"b@1.0.0\", \"\", {}, \"x\"],\n }\n}\n",
    ),
    ("requirements.txt", "a==1.0.0\nb==1.0.0\n"),
    (
        "poetry.lock",
        "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n\n[[package]]\nname = \"b\"\nversion = \"1.0.0\"\n\n[metadata]\nlock-version = \"2.0\"\n",
    ),
    (
        "Pipfile.lock",
        "{\n \"_meta\": {},\n \"default\": {\n  \"a\": {\"version\": \"==1.0.0\"},\n  \"b\": {\"version\": \"==1.0.0\"}\n }\n}\n",
    ),
    (
        "pdm.lock",
        "[metadata]\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n\n[[package]]\nname = \"b\"\nversion = \"1.0.0\"\n",
    ),
    (
        "uv.lock",
        "version = 1\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n\n[[package]]\nname = \"b\"\nversion = \"1.0.0\"\n",
    ),
    (
        "pylock.toml",
        "lock-version = \"1.0\"\n\n[[packages]]\nname = \"a\"\nversion = \"1.0.0\"\n\n[[packages]]\nname = \"b\"\nversion = \"1.0.0\"\n",
    ),
    ("go.mod", "module h/m\n\ngo 1.21\n\nrequire (\n\th/a v1.0.0\n\th/b v1.0.0\n)\n"),
    (
        "Gemfile.lock",
        "GEM\n  remote: https://rubygems.org/\n  specs:\n    a (1.0.0)\n    b (1.0.0)\n\nDEPENDENCIES\n  a\n",
    ),
    (
        "composer.lock",
        "{\n \"packages\": [\n  {\"name\": \"v/a\", \"version\": \"1.0.0\"},\n  {\"name\": \"v/b\", \"version\": \"1.0.0\"}\n ]\n}\n",
    ),
    (
        "pom.xml",
        "<project>\n<dependencies>\n<dependency><groupId>g</groupId><artifactId>a</artifactId><version>1.0.0</version></dependency>\n<dependency><groupId>g</groupId><artifactId>b</artifactId><version>1.0.0</version></dependency>\n</dependencies>\n</project>\n",
    ),
    ("gradle.lockfile", "g:a:1.0.0=compileClasspath\ng:b:1.0.0=compileClasspath\nempty=\n"),
    ("libs.versions.toml", "[libraries]\na = \"g:a:1.0.0\"\nb = \"g:b:1.0.0\"\n"),
    (
        "packages.lock.json",
        "{\n \"version\": 1,\n \"dependencies\": {\"net8.0\": {\n  \"A\": {\"type\": \"Direct\", \"resolved\": \"1.0.0\"},\n  \"B\": {\"type\": \"Transitive\", \"resolved\": \"1.0.0\"}\n }}\n}\n",
    ),
    (
        "x.csproj",
        "<Project>\n<ItemGroup>\n<PackageReference Include=\"A\" Version=\"1.0.0\" />\n<PackageReference Include=\"B\" Version=\"1.0.0\" />\n</ItemGroup>\n</Project>\n",
    ),
    (
        "packages.config",
        "<packages>\n<package id=\"A\" version=\"1.0.0\" />\n<package id=\"B\" version=\"1.0.0\" />\n</packages>\n",
    ),
    (
        "mix.lock",
        "%{\n  \"a\": {:hex, :a, \"1.0.0\", \"h\", [:mix], [], \"hexpm\", \"h\"},\n  \"b\": {:hex, :b, \"1.0.0\", \"h\", [:mix], [], \"hexpm\", \"h\"},\n}\n",
    ),
    (
        "pubspec.lock",
        "packages:\n  a:\n    source: hosted\n    version: \"1.0.0\"\n  b:\n    source: hosted\n    version: \"1.0.0\"\nsdks:\n  dart: \">=3.0.0\"\n",
    ),
    (
        "Package.resolved",
        "{\n \"pins\": [\n  {\"identity\": \"a\", \"location\": \"https://h/a\", \"state\": {\"version\": \"1.0.0\"}},\n  {\"identity\": \"b\", \"location\": \"https://h/b\", \"state\": {\"version\": \"1.0.0\"}}\n ],\n \"version\": 2\n}\n",
    ),
    ("conan.lock", "{\n \"version\": \"0.5\",\n \"requires\": [\n  \"a/1.0.0\",\n  \"b/1.0.0\"\n ]\n}\n"),
    (
        ".github/workflows/x.yml",
        "jobs:\n  j:\n    steps:\n      - uses: o/a@v1.0.0\n      - uses: o/b@v1.0.0\n",
    ),
    (
        "x.cdx.json",
        "{\n \"bomFormat\": \"CycloneDX\",\n \"components\": [\n  {\"purl\": \"pkg:npm/a@1.0.0\"},\n  {\"purl\": \"pkg:npm/b@1.0.0\"}\n ]\n}\n",
    ),
    (
        "x.spdx.json",
        "{\n \"spdxVersion\": \"SPDX-2.3\",\n \"packages\": [\n  {\"SPDXID\": \"1\", \"externalRefs\": [{\"referenceType\": \"purl\", \"referenceLocator\": \"pkg:npm/a@1.0.0\"}]},\n  {\"SPDXID\": \"2\", \"externalRefs\": [{\"referenceType\": \"purl\", \"referenceLocator\": \"pkg:npm/b@1.0.0\"}]}\n ]\n}\n",
    ),
];

fn read(path: &str, bytes: &[u8]) -> Lockfile {
    read_tree(&[(path, bytes)])
}

fn errors(lockfile: &Lockfile) -> Vec<u32> {
    lockfile
        .diagnostics
        .iter()
        .filter(|found| found.level == DiagnosticLevel::Error)
        .map(|found| found.line.expect("an error of a lockfile names a line"))
        .collect()
}

#[test]
fn samples_read_whole() {
    for (path, text) in SAMPLES {
        let lockfile = read(path, text.as_bytes());
        assert!(errors(&lockfile).is_empty(), "{path}: {:?}", lockfile.diagnostics);
        let count = lockfile
            .packages
            .iter()
            .filter(|package| package.version.as_deref().is_some_and(|v| v.ends_with("1.0.0")))
            .count();
        assert_eq!(count, 2, "{path}: {:?}", show(&lockfile));
    }
}

#[test]
fn marks_and_line_ends_change_nothing() {
    for (path, text) in SAMPLES {
        let plain = read(path, text.as_bytes());
        let crlf = read(path, text.replace('\n', "\r\n").as_bytes());
        let marked = read(path, format!("\u{FEFF}{text}").as_bytes());
        for other in [&crlf, &marked] {
            assert_eq!(show(other), show(&plain), "{path}");
            assert!(errors(other).is_empty(), "{path}: {:?}", other.diagnostics);
            assert!(other.diagnostics.iter().any(|found| found.line == Some(1)), "{path}");
        }
    }
}

#[test]
fn merge_conflicts_are_errors_and_both_sides_are_read() {
    for (path, text) in SAMPLES {
        let lines: Vec<&str> = text.lines().collect();
        let at = lines.iter().rposition(|line| line.contains("1.0.0")).unwrap();
        let other = lines[at].replace("1.0.0", "2.0.0");
        let mut conflict: Vec<&str> = lines[..at].to_vec();
        conflict.extend(["<<<<<<< HEAD", lines[at], "=======", &other, ">>>>>>> branch"]);
        conflict.extend(&lines[at + 1..]);
        let lockfile = read(path, format!("{}\n", conflict.join("\n")).as_bytes());
        let line = u32::try_from(at + 1).unwrap();
        assert!(errors(&lockfile).contains(&line), "{path}: {:?}", lockfile.diagnostics);
        for version in ["1.0.0", "2.0.0"] {
            let found = lockfile
                .packages
                .iter()
                .any(|package| package.version.as_deref().is_some_and(|own| own.ends_with(version)));
            assert!(found, "{path} {version}: {:?}", show(&lockfile));
        }
    }
}

#[test]
fn duplicate_keys_are_errors() {
    let check = |path: &str, text: &str, line: u32| {
        assert_eq!(errors(&read(path, text.as_bytes())), [line], "{path}");
    };
    check(
        "package-lock.json",
        "{\"packages\": {\n\"node_modules/a\": {\"version\": \"1\"},\n\"node_modules/a\": {\"version\": \"2\"}}}",
        3,
    );
    check("pnpm-lock.yaml", "lockfileVersion: '9.0'\npackages:\n  a@1.0.0: {}\n  a@1.0.0: {}\n", 4);
    check("poetry.lock", "[[package]]\nname = \"a\"\nname = \"b\"\nversion = \"1\"\n", 3);
}

#[test]
fn foreign_text_is_no_lockfile() {
    for (path, _) in SAMPLES.iter().filter(|(path, _)| !path.ends_with(".txt") && !path.contains("workflows"))
    {
        for text in ["hello\n", "<html><body>not found</body></html>\n"] {
            let lockfile = read(path, text.as_bytes());
            assert!(!errors(&lockfile).is_empty() || path.ends_with(".toml"), "{path}: {text}");
            assert!(lockfile.packages.is_empty(), "{path}: {text}");
        }
    }
}

#[test]
fn deep_nesting_ends_early() {
    for (path, _) in SAMPLES {
        for open in ["[", "{\"a\":", "<a>", "- ", "a:\n ", "{:"] {
            let lockfile = read(path, open.repeat(50_000).as_bytes());
            assert!(lockfile.packages.len() < 60_000, "{path}");
        }
    }
}

#[test]
fn truncation_is_noticed() {
    // Formats whose end can be told from their text.
    let silent = ["pylock.toml", "requirements.txt", ".github/workflows/x.yml"];
    for (path, text) in SAMPLES.iter().filter(|(path, _)| !silent.contains(path)) {
        let cut = text.rfind("1.0.0").unwrap();
        let lockfile = read(path, &text.as_bytes()[..cut]);
        assert!(!errors(&lockfile).is_empty(), "{path}: {:?}", show(&lockfile));
    }
}

/// Where the text breaks off between two packages, what the first ones need tells.
#[test]
fn what_is_needed_and_missing_is_noticed() {
    for (path, text) in [
        ("yarn.lock", "# yarn lockfile v1\n\na@^1:\n  version \"1.0.0\"\n  dependencies:\n    b \"^1\"\n"),
        (
            "yarn.lock",
            "__metadata:\n  version: 6\n\n\"a@npm:^1\":\n  version: 1.0.0\n  resolution: \"a@npm:1.0.0\"\n  dependencies:\n    b: ^1\n",
        ),
        (
            "uv.lock",
            "version = 1\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\ndependencies = [{ name = \"b\" }]\n",
        ),
        ("pdm.lock", "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\ndependencies = [\"b>=1\"]\n"),
        (
            "pnpm-lock.yaml",
            "lockfileVersion: '6.0'\ndependencies:\n  b:\n    specifier: ^1\n    version: 1.0.0\n",
        ),
        (
            "pnpm-lock.yaml",
            "lockfileVersion: '9.0'\npackages:\n  a@1.0.0: {}\n  b@1.0.0: {}\nsnapshots:\n  a@1.0.0: {}\n",
        ),
        ("pubspec.lock", "packages:\n  a:\n    source: hosted\n    version: \"1.0.0\"\n"),
    ] {
        let lockfile = read(path, text.as_bytes());
        assert_eq!(errors(&lockfile).len(), 1, "{path}: {:?}", lockfile.diagnostics);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_text_makes_a_reader_panic(sample in 0..SAMPLES.len(), cut in 0_usize..600, flips in prop::collection::vec((0_usize..600, any::<u8>()), 0..8)) {
        let (path, text) = SAMPLES[sample];
        let mut bytes = text.as_bytes().to_vec();
        for (at, byte) in flips {
            if let Some(place) = bytes.get_mut(at) {
                *place = byte;
            }
        }
        bytes.truncate(cut.max(1));
        let lockfile = read(path, &bytes);
        let parents = lockfile.parents();
        for (idx, package) in lockfile.packages.iter().enumerate() {
            prop_assert!(package.edges.iter().all(|&edge| edge < lockfile.packages.len()));
            prop_assert!(package.line >= 1);
            prop_assert!(lockfile.dependency_paths(&parents, idx, 4).len() <= 4);
            prop_assert!(package.purl().starts_with("pkg:"));
        }
        prop_assert_eq!(&read(path, &bytes), &lockfile);
    }
}
