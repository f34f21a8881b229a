//! Ctrl-C and SIGTERM: the first asks every scanner to end, the second ends the process.

use tollgate_core::Cancel;

use crate::exit;

/// Raises `cancel` on the first signal.
pub(crate) fn watch(cancel: &Cancel) -> std::io::Result<()> {
    let cancel = cancel.clone();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        runtime.block_on(async {
            if signal().await.is_ok() {
                cancel.interrupt();
                if signal().await.is_ok() {
                    #[expect(clippy::exit, reason = "the user asked a second time; scanners did not end")]
                    std::process::exit(i32::from(exit::INTERRUPTED));
                }
            }
        });
    })?;
    Ok(())
}

#[cfg(unix)]
async fn signal() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        result = tokio::signal::ctrl_c() => result,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn signal() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
