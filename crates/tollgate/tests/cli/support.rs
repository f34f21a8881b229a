//! A scratch project and the command under test.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A folder of files with caches and indexes of its own.
pub(crate) struct Project {
    folder: TempDir,
}

/// What a run printed and how it ended.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Project {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir_all(project.path("tree")).unwrap();
        for (name, text) in files {
            project.write(name, text.as_bytes());
        }
        project
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file of the scanned tree.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.path("tree").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Runs the command in the tree.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        let output = self.command(&self.path("tree")).args(arguments).output().unwrap();
        Run::of(output)
    }

    /// The command with nothing of the user's own around it.
    pub(crate) fn command(&self, folder: &Path) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tollgate"));
        command.current_dir(folder).env_clear();
        for name in ["PATH", "LD_LIBRARY_PATH", "DOCKER_HOST"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command
            .env("HOME", self.folder.path())
            .env("LANG", "C.UTF-8")
            .env("TOLLGATE_CACHE_DIR", self.path("cache"))
            .env("TOLLGATE_ADVISORIES_DIR", self.path("advisories"));
        command
    }

    /// Scans with rules only and returns the SARIF report.
    pub(crate) fn sarif(&self, arguments: &[&str]) -> (i32, serde_json::Value) {
        let mut all = vec!["scan", "--scanner", "sast,secrets", "--format", "sarif", "--no-progress"];
        all.extend(arguments);
        let run = self.run(&all);
        let report = serde_json::from_str(&run.stdout)
            .unwrap_or_else(|error| panic!("no SARIF on stdout ({error}): {}", run.stderr));
        (run.code, report)
    }
}

impl Run {
    pub(crate) fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

/// The results of a report, as `(rule, file, line)`.
pub(crate) fn results(report: &serde_json::Value) -> Vec<(String, String, u64)> {
    let results = report["runs"][0]["results"].as_array().expect("results");
    results
        .iter()
        .map(|result| {
            let place = &result["locations"][0]["physicalLocation"];
            (
                result["ruleId"].as_str().unwrap_or_default().to_owned(),
                place["artifactLocation"]["uri"].as_str().unwrap_or_default().to_owned(),
                place["region"]["startLine"].as_u64().unwrap_or_default(),
            )
        })
        .collect()
}

/// The repository's root.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

pub(crate) const FLAWED: &str =
    "import hashlib\n\n\ndef digest(text):\n    return hashlib.md5(text).hexdigest()\n";
pub(crate) const SHELL: &str = "import os\n\n\ndef ping(host):\n    os.system(\"ping \" + host)\n";
