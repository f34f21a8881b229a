//! Finding and starting the browser.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use tempfile::TempDir;
use tokio::process::{Child, Command};

use super::BrowserError;

/// Names under which systems install it, the smallest first.
const NAMES: [&str; 5] =
    ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/// The browser reads commands from its third and writes answers to its fourth file; the shell hands it our
/// pipes under these numbers.
const HAND_OVER: &str = "exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >/dev/null";

/// A port that nothing listens on: the browser has no way out but through this scanner.
const NO_WAY_OUT: [&str; 5] = [
    "--proxy-server=http://127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--dns-prefetch-disable",
];

const QUIET: [&str; 20] = [
    "--headless",
    "--remote-debugging-pipe",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pings",
    "--mute-audio",
    "--disable-gpu",
    "--disable-breakpad",
    "--disable-sync",
    "--disable-extensions",
    "--disable-default-apps",
    "--disable-component-update",
    "--disable-background-networking",
    "--disable-client-side-phishing-detection",
    "--disable-domain-reliability",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--disable-dev-shm-usage",
    "--metrics-recording-only",
];

/// The program, where there is one.
pub(super) fn find() -> Result<PathBuf, BrowserError> {
    let folders: Vec<PathBuf> =
        std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default();
    let places = NAMES.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    places.into_iter().find(|path| path.is_file()).ok_or_else(|| BrowserError::Missing(NAMES.join(", ")))
}

/// The running browser, and the folder where it keeps what it keeps; both go when they are dropped.
pub(super) fn start(program: &Path) -> Result<(Child, TempDir), BrowserError> {
    let failed = |error: std::io::Error| BrowserError::Start(program.to_owned(), error.to_string());
    let folder = tempfile::Builder::new().prefix("tollgate-browser-").tempdir().map_err(failed)?;
    let mut command = Command::new("sh");
    command.arg("-c").arg(HAND_OVER).arg(program).args(QUIET).args(NO_WAY_OUT);
    command.arg(format!("--user-data-dir={}", folder.path().display()));
    if is_root() {
        // Its sandbox refuses to work for this user.
        command.arg("--no-sandbox");
    }
    command.arg("about:blank").env("HOME", folder.path()).current_dir(folder.path());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
    Ok((command.spawn().map_err(failed)?, folder))
}

#[cfg(unix)]
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

#[cfg(not(unix))]
const fn is_root() -> bool {
    false
}
