//! `Package.resolved`, versions 1 to 3.

use super::document::Node;
use super::json::{self, Dialect};
use super::requirements::report_unpinned;
use super::{Input, report_shape, start};
use crate::graph::{Ecosystem, Lockfile, Provenance, ResolvedPackage};

pub(super) fn read(input: Input<'_>) -> Lockfile {
    let document = json::parse(input.text, Dialect::Strict);
    let mut lockfile = start(input, &document);
    let root = &document.root;
    let Some(pins) = root.get("pins").or_else(|| root.at(&["object", "pins"])) else {
        if document.faults.is_empty() {
            report_shape(&mut lockfile, "no `pins` in it");
        }
        return lockfile;
    };
    let mut unpinned = Vec::new();
    for pin in pins.items() {
        let Some(location) = pin.text_of("location").or_else(|| pin.text_of("repositoryURL")) else {
            continue;
        };
        let line = pin
            .entries()
            .iter()
            .find(|entry| matches!(entry.key.as_ref(), "identity" | "package"))
            .map_or(pin.line, |entry| entry.line);
        let version = pin.at(&["state", "version"]).and_then(Node::text);
        let mut package = ResolvedPackage::new(Ecosystem::SwiftUrl, location, version, line);
        if matches!(pin.text_of("kind"), Some("localSourceControl" | "fileSystem")) {
            package.provenance = Provenance::Local;
        } else if version.is_none() {
            unpinned.push((line, location.to_owned()));
        }
        lockfile.packages.push(package);
    }
    report_unpinned(&mut lockfile, &unpinned, "version");
    lockfile
}
