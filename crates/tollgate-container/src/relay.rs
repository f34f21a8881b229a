//! A way out for a worker without a network: a Unix socket mounted into its container, behind which the
//! orchestrator connects to the targets of the scan and nothing else.
//!
//! One connection carries one line `CONNECT host:port`, answered by `OK` or by a reason for refusing,
//! and then the bytes of the connection, or the line `ACCEPT`, answered by `OK` once somebody connects
//! to the callback address. The relay does not read what it carries; what it counts as an exchange is
//! the client speaking after the server has spoken, which is a request for HTTP/1.1 without pipelining.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::belongings::remove_folders;
use crate::error::EngineError;
use crate::owner::{Owner, Role};

/// Variable that names the socket inside the container.
pub const SOCKET_VARIABLE: &str = "TOLLGATE_RELAY";
/// Variable that lists the targets, as `listen=host:port` separated by blanks.
pub const TARGETS_VARIABLE: &str = "TOLLGATE_RELAY_TARGETS";
/// Variable with the address at which the target can reach the scanner: an address, to which the
/// scanner adds a port it listens on, or address and port of a relay that hands connections on.
pub const CALLBACK_VARIABLE: &str = "TOLLGATE_CALLBACK";

/// Where the socket's folder is mounted.
pub(crate) const MOUNT: &str = "/run/tollgate";
const SOCKET: &str = "relay.sock";

const LONGEST_LINE: usize = 300;
const CONNECT_WITHIN: Duration = Duration::from_secs(10);
const PIECE: usize = 64 << 10;

/// A host and port the worker may reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelayTarget {
    /// `host:port` by which the worker asks for it.
    pub name: String,
    /// Where that is. Settled once, so that a changed name lookup leads nowhere else.
    pub address: SocketAddr,
}

/// What a worker may use up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RelayLimits {
    /// Connections at the same time.
    pub connections: usize,
    /// Exchanges in all.
    pub exchanges: u64,
    /// Exchanges in a second; `None` leaves the rate to the scanner.
    pub exchanges_per_second: Option<u32>,
    /// Bytes in all, both ways.
    pub bytes: u64,
}

impl Default for RelayLimits {
    fn default() -> Self {
        Self { connections: 256, exchanges: 1_000_000, exchanges_per_second: None, bytes: 64 << 30 }
    }
}

/// What a worker has used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RelayUse {
    /// Connections made.
    pub connections: u64,
    /// Connections refused because their target is not in scope.
    pub refused: u64,
    /// Exchanges.
    pub exchanges: u64,
    /// Bytes both ways.
    pub bytes: u64,
    /// Whether a budget was used up, so that the scan did not get everywhere.
    pub exhausted: bool,
}

/// A relay that serves until it is dropped.
#[derive(Debug)]
pub struct Relay {
    folder: PathBuf,
    shared: Arc<Shared>,
    callback: Option<SocketAddr>,
    tasks: JoinSet<()>,
}

#[derive(Debug)]
struct Shared {
    targets: Vec<RelayTarget>,
    limits: RelayLimits,
    connections: AtomicU64,
    refused: AtomicU64,
    exchanges: AtomicU64,
    bytes: AtomicU64,
    exhausted: AtomicBool,
    at_once: Semaphore,
    /// When the next exchange may begin.
    next: Mutex<Option<Instant>>,
}

impl Relay {
    /// Opens the socket and serves it. With `callback`, connections to a free port of that address are
    /// handed to the worker.
    ///
    /// # Errors
    /// When the socket's folder cannot be made, or the callback address not be bound.
    pub async fn start(
        targets: Vec<RelayTarget>,
        limits: RelayLimits,
        callback: Option<std::net::IpAddr>,
    ) -> Result<Self, EngineError> {
        let folder = std::env::temp_dir().join(Owner::current().fresh_name(Role::Worker));
        let trouble = |source| EngineError::File { path: folder.clone(), source };
        let listener = open_socket(&folder).map_err(trouble)?;
        let inbound = match callback {
            Some(address) => Some(TcpListener::bind((address, 0)).await.map_err(trouble)?),
            None => None,
        };
        let callback = inbound.as_ref().and_then(|inbound| inbound.local_addr().ok());
        let shared = Arc::new(Shared {
            at_once: Semaphore::new(limits.connections.min(Semaphore::MAX_PERMITS)),
            targets,
            limits,
            connections: AtomicU64::new(0),
            refused: AtomicU64::new(0),
            exchanges: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            exhausted: AtomicBool::new(false),
            next: Mutex::new(None),
        });
        let mut tasks = JoinSet::new();
        tasks.spawn(serve(listener, inbound.map(Arc::new), Arc::clone(&shared)));
        Ok(Self { folder, shared, callback, tasks })
    }

    /// Folder to mount at [`MOUNT`].
    pub(crate) fn folder(&self) -> PathBuf {
        self.folder.join("mount")
    }

    /// The socket on this side.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        self.folder().join(SOCKET)
    }

    /// The environment a worker needs to use the relay.
    pub(crate) fn environment(&self) -> Vec<(String, String)> {
        let targets: Vec<&str> = self.shared.targets.iter().map(|target| target.name.as_str()).collect();
        let mut environment = vec![
            (SOCKET_VARIABLE.to_owned(), format!("{MOUNT}/{SOCKET}")),
            (TARGETS_VARIABLE.to_owned(), targets.join(" ")),
        ];
        environment.extend(self.callback.map(|address| (CALLBACK_VARIABLE.to_owned(), address.to_string())));
        environment
    }

    /// What was used so far.
    #[must_use]
    pub fn used(&self) -> RelayUse {
        let shared = &self.shared;
        RelayUse {
            connections: shared.connections.load(Ordering::Relaxed),
            refused: shared.refused.load(Ordering::Relaxed),
            exchanges: shared.exchanges.load(Ordering::Relaxed),
            bytes: shared.bytes.load(Ordering::Relaxed),
            exhausted: shared.exhausted.load(Ordering::Relaxed),
        }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.tasks.abort_all();
        // A folder that stays is removed by the next sweep.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Removes folders of relays whose process is gone.
pub(crate) fn sweep_folders(observer: &Owner) -> usize {
    let prefix = Owner::name_prefix(Role::Worker);
    remove_folders(&std::env::temp_dir(), |name| {
        name.strip_prefix(&prefix).is_some_and(|rest| observer.outlived_name(rest))
    })
}

fn open_socket(folder: &Path) -> io::Result<UnixListener> {
    let mount = folder.join("mount");
    fs::create_dir(folder)?;
    // Others on this machine cannot come past the outer folder; the worker, who is nobody here, sees
    // only the inner one.
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    fs::create_dir(&mount)?;
    fs::set_permissions(&mount, fs::Permissions::from_mode(0o755))?;
    let path = mount.join(SOCKET);
    let listener = UnixListener::bind(&path)?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666))?;
    Ok(listener)
}

async fn serve(listener: UnixListener, inbound: Option<Arc<TcpListener>>, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        match listener.accept().await {
            Ok((client, _)) => {
                let (shared, inbound) = (Arc::clone(&shared), inbound.clone());
                // A connection that fails is the worker's to notice; it sees its end.
                connections.spawn(async move {
                    let _ = serve_one(client, inbound, &shared).await;
                });
            }
            // Too many open files: those of connections under way will come back.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn serve_one(
    mut client: UnixStream,
    inbound: Option<Arc<TcpListener>>,
    shared: &Shared,
) -> io::Result<()> {
    let line = timeout(CONNECT_WITHIN, read_line(&mut client)).await??;
    if line == "ACCEPT" {
        let Some(inbound) = inbound else { return refuse(&mut client, shared, "no callback address").await };
        let (peer, _) = inbound.accept().await?;
        client.write_all(b"OK\n").await?;
        return carry(client, peer, shared).await;
    }
    let Some(target) = line
        .strip_prefix("CONNECT ")
        .and_then(|name| shared.targets.iter().find(|target| target.name.eq_ignore_ascii_case(name)))
    else {
        return refuse(&mut client, shared, "not a target of this scan").await;
    };
    if shared.exhausted.load(Ordering::Relaxed) {
        return client.write_all(b"budget used up\n").await;
    }
    let Ok(_permit) = shared.at_once.acquire().await else { return Ok(()) };
    let server = match timeout(CONNECT_WITHIN, TcpStream::connect(target.address)).await {
        Ok(Ok(server)) => server,
        Ok(Err(error)) => return client.write_all(format!("{error}\n").as_bytes()).await,
        Err(_) => return client.write_all(b"no answer from the target\n").await,
    };
    server.set_nodelay(true)?;
    shared.connections.fetch_add(1, Ordering::Relaxed);
    client.write_all(b"OK\n").await?;
    carry(client, server, shared).await
}

async fn refuse(client: &mut UnixStream, shared: &Shared, reason: &str) -> io::Result<()> {
    shared.refused.fetch_add(1, Ordering::Relaxed);
    client.write_all(format!("{reason}\n").as_bytes()).await
}

/// Carries bytes both ways until both sides have ended or a budget is used up.
async fn carry(client: UnixStream, server: TcpStream, shared: &Shared) -> io::Result<()> {
    let server_spoke = AtomicBool::new(true);
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let outward = async {
        let mut piece = vec![0; PIECE];
        loop {
            let length = from_client.read(&mut piece).await?;
            if length == 0 {
                return to_server.shutdown().await;
            }
            if server_spoke.swap(false, Ordering::Relaxed) {
                shared.begin_exchange().await?;
            }
            shared.spend(length)?;
            to_server.write_all(&piece[..length]).await?;
        }
    };
    let inward = async {
        let mut piece = vec![0; PIECE];
        loop {
            let length = from_server.read(&mut piece).await?;
            if length == 0 {
                return to_client.shutdown().await;
            }
            server_spoke.store(true, Ordering::Relaxed);
            shared.spend(length)?;
            to_client.write_all(&piece[..length]).await?;
        }
    };
    tokio::try_join!(outward, inward).map(drop)
}

impl Shared {
    async fn begin_exchange(&self) -> io::Result<()> {
        if self.exchanges.fetch_add(1, Ordering::Relaxed) >= self.limits.exchanges {
            self.exchanges.fetch_sub(1, Ordering::Relaxed);
            return Err(self.exhaust());
        }
        let Some(rate) = self.limits.exchanges_per_second.filter(|rate| *rate > 0) else { return Ok(()) };
        let start = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            let start = next.unwrap_or_else(Instant::now).max(Instant::now());
            *next = Some(start + Duration::from_secs(1) / rate);
            start
        };
        tokio::time::sleep_until(start.into()).await;
        Ok(())
    }

    fn spend(&self, bytes: usize) -> io::Result<()> {
        let bytes = bytes as u64;
        if self.bytes.fetch_add(bytes, Ordering::Relaxed) + bytes > self.limits.bytes {
            return Err(self.exhaust());
        }
        Ok(())
    }

    fn exhaust(&self) -> io::Error {
        self.exhausted.store(true, Ordering::Relaxed);
        io::Error::other("budget used up")
    }
}

/// Reads one line byte by byte, so that nothing of what follows it is lost.
async fn read_line(stream: &mut UnixStream) -> io::Result<String> {
    let mut line = Vec::new();
    loop {
        let byte = stream.read_u8().await?;
        if byte == b'\n' {
            return String::from_utf8(line).map_err(|_| io::ErrorKind::InvalidData.into());
        }
        if line.len() == LONGEST_LINE {
            return Err(io::ErrorKind::InvalidData.into());
        }
        line.push(byte);
    }
}

/// The worker's end: listens inside its container at the targets' own addresses, so that their URLs
/// need not change, and hands each connection to the relay. Does nothing where there is no relay.
///
/// # Errors
/// When an address cannot be bound.
pub async fn bridge_from_environment() -> io::Result<()> {
    let Ok(socket) = std::env::var(SOCKET_VARIABLE) else { return Ok(()) };
    let targets = std::env::var(TARGETS_VARIABLE).unwrap_or_default();
    for name in targets.split_whitespace() {
        bridge(Path::new(&socket), name).await?;
    }
    Ok(())
}

/// Listens at `name` (`host:port`) and hands each connection to the relay, as long as the runtime lives.
/// A host name must lead to a loopback address here; the engine writes it into `/etc/hosts`.
///
/// # Errors
/// When the address cannot be bound.
pub async fn bridge(socket: &Path, name: &str) -> io::Result<()> {
    let addresses: Vec<SocketAddr> = tokio::net::lookup_host(name).await?.collect();
    let mut trouble = None;
    let mut listening = false;
    for address in addresses {
        match TcpListener::bind(address).await {
            Ok(listener) => {
                listening = true;
                tokio::spawn(hand_over(listener, socket.to_owned(), name.to_owned()));
            }
            Err(error) => trouble = Some(error),
        }
    }
    // `localhost` has an IPv6 address too, which a container may not have.
    match trouble {
        Some(error) if !listening => Err(error),
        _ => Ok(()),
    }
}

async fn hand_over(listener: TcpListener, socket: PathBuf, name: String) {
    loop {
        let Ok((client, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let (socket, line) = (socket.clone(), format!("CONNECT {name}\n"));
        tokio::spawn(async move {
            let _ = client.set_nodelay(true);
            if let Ok(relay) = ask_relay(&socket, &line).await {
                let _ = splice(client, relay).await;
            }
        });
    }
}

/// Hands connections to the callback address on to `listener`, an address inside the container, as long
/// as the runtime lives. `at_once` of them can wait for a caller.
pub fn bridge_callbacks(socket: &Path, listener: SocketAddr, at_once: usize) {
    for _ in 0..at_once {
        let socket = socket.to_owned();
        tokio::spawn(async move {
            loop {
                match ask_relay(&socket, "ACCEPT\n").await {
                    Ok(relay) => {
                        if let Ok(client) = TcpStream::connect(listener).await {
                            let _ = splice(client, relay).await;
                        }
                    }
                    Err(_) => tokio::time::sleep(Duration::from_millis(200)).await,
                }
            }
        });
    }
}

async fn ask_relay(socket: &Path, line: &str) -> io::Result<UnixStream> {
    let mut relay = UnixStream::connect(socket).await?;
    relay.write_all(line.as_bytes()).await?;
    match read_line(&mut relay).await?.as_str() {
        "OK" => Ok(relay),
        reason => Err(io::Error::new(io::ErrorKind::ConnectionRefused, reason.to_owned())),
    }
}

async fn splice(
    mut one: impl AsyncRead + AsyncWrite + Unpin,
    mut other: impl AsyncRead + AsyncWrite + Unpin,
) -> io::Result<()> {
    tokio::io::copy_bidirectional_with_sizes(&mut one, &mut other, PIECE, PIECE).await.map(drop)
}
