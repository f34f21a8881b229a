//! Secrets in the git history: every blob that any reachable commit holds, each read once.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;
use tollgate_core::{
    Diagnostic, DiagnosticLevel, Event, Finding, RepoPath, ScanContext, ScannerId, ScannerOutcome, Subject,
};

/// Blobs larger than this are data, not sources.
const MAX_BLOB: usize = 2_000_000;

/// Searches all commits reachable from any reference. Findings that the work tree has too are left out:
/// they are reported there.
pub(super) fn search(
    cx: &ScanContext<'_>,
    scan: &dyn Fn(&RepoPath, &str) -> Vec<Finding>,
    outcome: &mut ScannerOutcome,
) {
    cx.events.emit(Event::Phase {
        scanner: ScannerId::new(ScannerId::SECRETS),
        name: "searching the git history".to_owned(),
    });
    let known: FxHashSet<String> = outcome.findings.iter().filter_map(identity).collect();
    match walk(cx, scan) {
        Ok(found) => {
            let mut by_identity: BTreeMap<String, Finding> = BTreeMap::new();
            for finding in found {
                if let Some(identity) = identity(&finding).filter(|identity| !known.contains(identity)) {
                    by_identity.entry(identity).or_insert(finding);
                }
            }
            outcome.findings.extend(by_identity.into_values());
        }
        Err(error) => outcome.diagnostics.push(
            Diagnostic::new(DiagnosticLevel::Error, format!("failed to search the git history: {error}"))
                .hint("scan inside a git repository, or leave --history out"),
        ),
    }
}

fn identity(finding: &Finding) -> Option<String> {
    match &finding.subject {
        Subject::Code(code) => Some(code.identity.clone()),
        _ => None,
    }
}

fn walk(
    cx: &ScanContext<'_>,
    scan: &dyn Fn(&RepoPath, &str) -> Vec<Finding>,
) -> Result<Vec<Finding>, Box<dyn std::error::Error + Send + Sync>> {
    let repository = gix::discover(cx.inventory.root())?;
    let mut tips = Vec::new();
    for reference in repository.references()?.all()? {
        let mut reference = reference?;
        if let Ok(id) = reference.peel_to_id() {
            tips.push(id.detach());
        }
    }
    tips.extend(repository.head_id().ok().map(gix::Id::detach));
    tips.retain(|tip| repository.find_commit(*tip).is_ok());
    tips.sort();
    tips.dedup();
    let mut seen = FxHashSet::default();
    let mut found = Vec::new();
    for commit in repository.rev_walk(tips).all()? {
        if cx.cancel.is_cancelled() {
            return Err("it ended early".into());
        }
        let commit = commit?;
        let tree = commit.object()?.tree_id()?.detach();
        let short = commit.id.to_hex_with_len(10).to_string();
        // Folders still to open, each with its path; a tree seen once holds nothing new.
        let mut open = vec![(String::new(), tree)];
        while let Some((folder, id)) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            let tree = repository.find_object(id)?.try_into_tree()?;
            for entry in tree.iter() {
                let entry = entry?;
                let name = format!("{folder}{}", entry.filename());
                if entry.mode().is_tree() {
                    open.push((format!("{name}/"), entry.object_id()));
                } else if entry.mode().is_blob() && seen.insert(entry.object_id()) {
                    let blob = repository.find_object(entry.object_id())?;
                    let is_text =
                        blob.data.len() <= MAX_BLOB && !blob.data[..blob.data.len().min(8_000)].contains(&0);
                    let Ok(path) = RepoPath::new(&name) else { continue };
                    if is_text {
                        let text = String::from_utf8_lossy(&blob.data);
                        found
                            .extend(scan(&path, &text).into_iter().map(|finding| in_commit(finding, &short)));
                    }
                }
            }
        }
    }
    Ok(found)
}

/// The finding as it stands in a commit: the place no longer exists in the work tree, so nothing may be
/// read there.
fn in_commit(mut finding: Finding, commit: &str) -> Finding {
    finding.message = format!("In commit {commit}: {}", finding.message);
    if let Subject::Code(code) = &mut finding.subject {
        code.sensitive.clear();
        code.location.region = tollgate_core::Region::line(code.location.region.start().line);
        code.scope = vec!["git history".to_owned()];
    }
    finding
}
