//! Where files come from: a directory, or a server within bounds of time and size.

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::{Client, StatusCode};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use tollgate_core::Cancel;
use url::Url;

use super::write;

const CONNECT: Duration = Duration::from_secs(15);
/// Longest silence of a server.
const SILENCE: Duration = Duration::from_secs(30);
/// Longest time for one file.
const WHOLE: Duration = Duration::from_secs(15 * 60);
/// How often a waiting download looks whether it should end.
const LOOK: Duration = Duration::from_millis(100);
/// Waits before the second and the third attempt.
const PAUSES: [Duration; 2] = [Duration::from_millis(100), Duration::from_millis(400)];
/// How many single records are asked for at a time.
const AT_ONCE: usize = 8;

/// A bucket or file, by address or by path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// On a server.
    Url(Url),
    /// On this machine.
    Path(PathBuf),
}

impl Source {
    /// Reads what a user gave: an `http` or `https` address, else a path.
    ///
    /// # Errors
    /// When it begins like an address and is none.
    pub fn parse(text: &str) -> Result<Self, url::ParseError> {
        if text.starts_with("http://") || text.starts_with("https://") {
            Ok(Self::Url(text.parse()?))
        } else {
            Ok(Self::Path(PathBuf::from(text)))
        }
    }
}

impl fmt::Display for Source {
    /// The address without user and password, or the path.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(url) => {
                let mut url = url.clone();
                let _ = url.set_password(None);
                let _ = url.set_username("");
                f.write_str(url.as_str())
            }
            Self::Path(path) => path.display().fmt(f),
        }
    }
}

/// Why a file could not be had.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    #[error("there is no such file")]
    NotFound,
    #[error("the server answered {0}")]
    Status(StatusCode),
    #[error("{0}")]
    Network(String),
    #[error("it is larger than {0} bytes")]
    TooLarge(u64),
    #[error("it is cut off: {got} of {expected} bytes came")]
    CutOff { got: u64, expected: u64 },
    #[error("it cannot be read: {0}")]
    Io(#[from] io::Error),
    #[error("cancelled")]
    Cancelled,
}

impl FetchError {
    fn may_pass(&self) -> bool {
        match self {
            Self::Network(_) | Self::CutOff { .. } => true,
            Self::Status(status) => status.is_server_error() || *status == StatusCode::TOO_MANY_REQUESTS,
            Self::NotFound | Self::TooLarge(_) | Self::Io(_) | Self::Cancelled => false,
        }
    }
}

/// Reads files of a bucket.
pub(super) struct Reader {
    place: Place,
    cancel: Cancel,
}

enum Place {
    Server { base: Url, client: Client, runtime: Runtime },
    Directory(PathBuf),
}

impl Reader {
    pub(super) fn new(source: &Source, cancel: Cancel) -> Result<Self, FetchError> {
        let place = match source {
            Source::Path(path) => {
                if !path.is_dir() {
                    return Err(FetchError::Network(format!("{} is no directory", path.display())));
                }
                Place::Directory(path.clone())
            }
            Source::Url(url) => {
                let mut base = url.clone();
                if !base.path().ends_with('/') {
                    base.set_path(&format!("{}/", base.path()));
                }
                let (client, runtime) = client()?;
                Place::Server { base, client, runtime }
            }
        };
        Ok(Self { place, cancel })
    }

    /// Reads a small file.
    pub(super) fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, FetchError> {
        match &self.place {
            Place::Directory(dir) => read_file(&dir.join(path), limit),
            Place::Server { base, client, runtime } => {
                let url = join(base, path)?;
                retry(|| {
                    run(
                        runtime,
                        download(client.clone(), url.clone(), limit, self.cancel.clone(), Vec::new()),
                    )
                })
            }
        }
    }

    pub(super) fn exists(&self, path: &str) -> bool {
        match &self.place {
            Place::Directory(dir) => dir.join(path).is_file(),
            Place::Server { base, client, runtime } => join(base, path).is_ok_and(|url| {
                let request = client.head(url).send();
                run(runtime, async { request.await.is_ok_and(|answer| answer.status().is_success()) })
            }),
        }
    }

    /// Reads several small files; `None` when any of them cannot be had.
    pub(super) fn read_all(&self, paths: &[String], limit: u64) -> Option<Vec<Vec<u8>>> {
        match &self.place {
            Place::Directory(_) => paths.iter().map(|path| self.read(path, limit).ok()).collect(),
            Place::Server { base, client, runtime } => {
                let urls: Option<Vec<Url>> = paths.iter().map(|path| join(base, path).ok()).collect();
                run(runtime, download_all(client.clone(), urls?, limit, self.cancel.clone()))
            }
        }
    }

    /// Opens a large file, downloading it into `dir` first where it is on a server.
    pub(super) fn open(&self, path: &str, limit: u64, dir: &Path) -> Result<File, FetchError> {
        match &self.place {
            Place::Directory(source) => open_file(&source.join(path), limit),
            Place::Server { base, client, runtime } => {
                let url = join(base, path)?;
                let mut file = retry(|| {
                    let file = write::temporary(dir)?.into_file();
                    run(runtime, download(client.clone(), url.clone(), limit, self.cancel.clone(), file))
                })?;
                file.seek(SeekFrom::Start(0))?;
                Ok(file)
            }
        }
    }
}

/// Reads one file by its own address or path.
pub(super) fn read_single(source: &Source, limit: u64, cancel: &Cancel) -> Result<Vec<u8>, FetchError> {
    match source {
        Source::Path(path) => read_file(path, limit),
        Source::Url(url) => {
            let (client, runtime) = client()?;
            retry(|| run(&runtime, download(client.clone(), url.clone(), limit, cancel.clone(), Vec::new())))
        }
    }
}

/// Tries again, twice at most, where the next attempt may well succeed.
fn retry<T>(mut attempt: impl FnMut() -> Result<T, FetchError>) -> Result<T, FetchError> {
    for pause in PAUSES {
        match attempt() {
            Err(error) if error.may_pass() => std::thread::sleep(pause),
            other => return other,
        }
    }
    attempt()
}

fn client() -> Result<(Client, Runtime), FetchError> {
    let client = Client::builder()
        .user_agent(concat!("tollgate/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT)
        .read_timeout(SILENCE)
        .timeout(WHOLE)
        .build()
        .map_err(network)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    Ok((client, runtime))
}

/// Waits for a future from synchronous code, on a thread of its own so that the caller may itself run
/// inside of a runtime.
fn run<T: Send>(runtime: &Runtime, future: impl Future<Output = T> + Send) -> T {
    std::thread::scope(|scope| match scope.spawn(|| runtime.block_on(future)).join() {
        Ok(value) => value,
        Err(panic) => std::panic::resume_unwind(panic),
    })
}

fn join(base: &Url, path: &str) -> Result<Url, FetchError> {
    let mut url = base.clone();
    url.path_segments_mut()
        .map_err(|()| FetchError::Network("the address cannot have a path".to_owned()))?
        .pop_if_empty()
        .extend(path.split('/'));
    Ok(url)
}

async fn download<W: Write>(
    client: Client,
    url: Url,
    limit: u64,
    cancel: Cancel,
    mut out: W,
) -> Result<W, FetchError> {
    let mut answer = heed(&cancel, client.get(url).send()).await?.map_err(network)?;
    match answer.status() {
        status if status.is_success() => {}
        // Buckets answer so for what they do not list.
        StatusCode::NOT_FOUND | StatusCode::GONE => return Err(FetchError::NotFound),
        status => return Err(FetchError::Status(status)),
    }
    let expected = answer.content_length();
    if expected.is_some_and(|expected| expected > limit) {
        return Err(FetchError::TooLarge(limit));
    }
    let mut got = 0;
    while let Some(chunk) = heed(&cancel, answer.chunk()).await?.map_err(network)? {
        got += chunk.len() as u64;
        if got > limit {
            return Err(FetchError::TooLarge(limit));
        }
        out.write_all(&chunk)?;
    }
    match expected {
        Some(expected) if expected != got => Err(FetchError::CutOff { got, expected }),
        _ => Ok(out),
    }
}

async fn download_all(client: Client, urls: Vec<Url>, limit: u64, cancel: Cancel) -> Option<Vec<Vec<u8>>> {
    let mut files: Vec<Vec<u8>> = vec![Vec::new(); urls.len()];
    let mut waiting = urls.into_iter().enumerate();
    let mut running = JoinSet::new();
    loop {
        while running.len() < AT_ONCE
            && let Some((at, url)) = waiting.next()
        {
            let (client, cancel) = (client.clone(), cancel.clone());
            running.spawn(async move { (at, download(client, url, limit, cancel, Vec::new()).await) });
        }
        match running.join_next().await {
            None => return Some(files),
            Some(Ok((at, Ok(bytes)))) => files[at] = bytes,
            Some(_) => return None,
        }
    }
}

/// Waits for a step of a download, but not after a cancellation.
async fn heed<T>(cancel: &Cancel, step: impl Future<Output = T>) -> Result<T, FetchError> {
    let mut step = std::pin::pin!(step);
    loop {
        if cancel.is_cancelled() {
            return Err(FetchError::Cancelled);
        }
        if let Ok(value) = tokio::time::timeout(LOOK, &mut step).await {
            return Ok(value);
        }
    }
}

/// The error with its causes, which say what went wrong.
fn network(error: reqwest::Error) -> FetchError {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text.truncate(text.floor_char_boundary(400));
    FetchError::Network(text)
}

fn open_file(path: &Path, limit: u64) -> Result<File, FetchError> {
    let file = File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => FetchError::NotFound,
        _ => FetchError::Io(error),
    })?;
    if file.metadata()?.len() > limit {
        return Err(FetchError::TooLarge(limit));
    }
    Ok(file)
}

fn read_file(path: &Path, limit: u64) -> Result<Vec<u8>, FetchError> {
    let mut bytes = Vec::new();
    let read = open_file(path, limit)?.take(limit + 1).read_to_end(&mut bytes)? as u64;
    if read > limit { Err(FetchError::TooLarge(limit)) } else { Ok(bytes) }
}
