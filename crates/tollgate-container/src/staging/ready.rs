//! Waiting until an app answers, and noticing when it dies instead.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tollgate_core::Cancel;

use super::{Death, Readiness, StagingError};
use crate::error::EngineError;

const TRY_EVERY: Duration = Duration::from_millis(100);
const TRY_WITHIN: Duration = Duration::from_secs(5);

/// Something that lives and prints.
pub(super) trait Living {
    /// How it died, if it did.
    async fn death(&mut self) -> Result<Option<Death>, EngineError>;
    /// The last it printed.
    async fn log(&mut self) -> String;
}

/// Waits until all of `readiness` holds.
pub(super) async fn wait(
    app: &mut impl Living,
    address: SocketAddr,
    readiness: &Readiness,
    cancel: &Cancel,
) -> Result<(), StagingError> {
    let until = Instant::now() + readiness.within;
    loop {
        if let Some(reason) = cancel.reason() {
            let action = "waiting for the staging app".to_owned();
            return Err(EngineError::Cancelled { action, reason }.into());
        }
        if let Some(death) = app.death().await? {
            return Err(StagingError::Died(death));
        }
        let Err(reason) = check(app, address, readiness).await else { return Ok(()) };
        if Instant::now() >= until {
            let log = app.log().await;
            return Err(StagingError::NotReady { within: readiness.within, reason, log });
        }
        tokio::time::sleep(TRY_EVERY).await;
    }
}

async fn check(app: &mut impl Living, address: SocketAddr, readiness: &Readiness) -> Result<(), String> {
    if let Some(text) = &readiness.log
        && !app.log().await.contains(text.as_str())
    {
        return Err(format!("its log has no line with `{text}`"));
    }
    let answer = timeout(TRY_WITHIN, async {
        match &readiness.path {
            Some(path) => status_of(address, path).await.map(Some),
            None => connects(address).await.map(|()| None),
        }
    });
    match answer.await {
        Ok(Ok(Some(status))) if status >= 500 => Err(format!("it answers with status {status}")),
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("it accepts connections and does not answer".to_owned()),
    }
}

/// A published port accepts connections before anybody listens behind it and drops them at once, so
/// a connection counts when it stays open for a moment or says something.
async fn connects(address: SocketAddr) -> std::io::Result<()> {
    let mut stream = TcpStream::connect(address).await?;
    match timeout(Duration::from_millis(200), stream.read_u8()).await {
        Ok(Err(error)) => Err(error),
        _ => Ok(()),
    }
}

async fn status_of(address: SocketAddr, path: &str) -> std::io::Result<u16> {
    let mut stream = TcpStream::connect(address).await?;
    let path: String = path.chars().filter(|c| c.is_ascii_graphic()).collect();
    let slash = if path.starts_with('/') { "" } else { "/" };
    let request = format!("GET {slash}{path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut head = [0; 12];
    stream.read_exact(&mut head).await?;
    std::str::from_utf8(&head)
        .ok()
        .filter(|head| head.starts_with("HTTP/1."))
        .and_then(|head| head.get(9..)?.parse().ok())
        .ok_or_else(|| std::io::Error::other("it does not answer in HTTP"))
}
