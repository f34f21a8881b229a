//! Finding an engine: what is said when there is none, and agreeing on a version with one.

use std::io::{Read, Write};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::thread;

use tollgate_container::{Engine, EngineError};

/// An engine that knows the API versions from `oldest` to `newest`, second numbers only.
#[expect(clippy::unwrap_used, reason = "a helper that fails is a failed test")]
fn engine(socket: &Path, oldest: u32, newest: u32) {
    let listener = UnixListener::bind(socket).unwrap();
    thread::spawn(move || {
        for client in listener.incoming() {
            let mut client = client.unwrap();
            let mut request = [0; 4096];
            let length = client.read(&mut request).unwrap_or(0);
            let text = String::from_utf8_lossy(&request[..length]).into_owned();
            let path = text.split(' ').nth(1).unwrap_or_default();
            let asked =
                path.strip_prefix("/v1.").and_then(|rest| rest.split('/').next()?.parse::<u32>().ok());
            let (status, body) = match asked {
                None if path == "/version" => {
                    let body = format!(r#"{{"Version": "0", "ApiVersion": "1.{newest}", "MinAPIVersion": "1.{oldest}"}}"#);
                    ("200 OK", body)
                }
                Some(asked) if (oldest..=newest).contains(&asked) => {
                    ("200 OK", r#"{"InitBinary": "init", "PidsLimit": true, "SecurityOptions": ["name=seccomp,profile=default"]}"#.to_owned())
                }
                _ => ("400 Bad Request", r#"{"message": "client version is not supported"}"#.to_owned()),
            };
            let head = format!(
                "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                body.len()
            );
            let _ = client.write_all(format!("{head}{body}").as_bytes());
        }
    });
}

#[expect(clippy::unwrap_used, reason = "a helper that fails is a failed test")]
fn connect(host: &str) -> Result<Engine, EngineError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(Engine::connect_to(host))
}

#[test]
fn a_version_both_know_is_found() {
    let check = |oldest, newest, expected: Option<&str>| {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("engine.sock");
        engine(&socket, oldest, newest);
        match (connect(&format!("unix://{}", socket.display())), expected) {
            (Ok(engine), Some(expected)) => {
                assert_eq!(engine.about().api, expected);
                assert!(engine.about().has_init && engine.about().has_seccomp && engine.is_local());
            }
            (Err(error), None) => {
                assert!(matches!(error, EngineError::TooOld { .. }), "{error}");
                assert!(error.hint().contains("update the engine"));
            }
            other => panic!("{other:?}"),
        }
    };
    check(12, 41, Some("1.41"));
    check(24, 45, Some("1.45"));
    check(44, 54, Some("1.51"));
    check(53, 60, Some("1.53"));
    check(12, 40, Some("1.40"));
    check(12, 38, None);
}

#[test]
fn no_engine_is_said_with_what_to_do() {
    let check = |host: &str, expected: &str, hint: &str| {
        let error = connect(host).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        assert!(error.hint().contains(hint), "{}", error.hint());
    };
    check(
        "/nowhere/engine.sock",
        "no container engine answers at /nowhere/engine.sock",
        "start Docker or Podman",
    );
    check("tcp://127.0.0.1:1", "no container engine answers at tcp://127.0.0.1:1", "DOCKER_HOST");
    check("ssh://somewhere", "DOCKER_HOST `ssh://somewhere`", "unix:// socket");
}
