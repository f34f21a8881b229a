//! Staging apps: from an image, a build, a Compose file and a command; ready, seeded, dead.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use tollgate_container::{Readiness, StagingApp, StagingError, StagingSource, StagingSpec};
use tollgate_core::Cancel;

use crate::support::{Bench, probe, with_engine};

fn get(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes()).unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    answer.lines().last().unwrap_or_default().to_owned()
}

async fn start(bench: &Bench, spec: &StagingSpec) -> Result<StagingApp, StagingError> {
    StagingApp::start(Some(&bench.engine), spec, &Cancel::new()).await
}

/// How the app died, once it has.
async fn death(app: &mut StagingApp) -> tollgate_container::Death {
    let until = Instant::now() + Duration::from_secs(60);
    loop {
        if let Some(death) = app.death().await.unwrap() {
            return death;
        }
        assert!(Instant::now() < until, "the app lives on");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[test]
fn an_app_from_an_image_lives_and_dies() {
    with_engine(async |bench| {
        let mut spec = bench.app(&["serve", "8080"]);
        spec.ready.log = Some("listening on 8080".to_owned());
        spec.seed = Some(["/tollgate", "check", "8080"].map(ToOwned::to_owned).to_vec());
        let mut app = start(bench, &spec).await.unwrap();
        assert!(app.address().ip().is_loopback());
        assert_eq!(get(app.address(), "/x"), "GET /x HTTP/1.1 hello");
        assert_eq!(app.death().await.unwrap(), None);
        get(app.address(), "/die");
        let died = death(&mut app).await;
        assert_eq!((died.code, died.out_of_memory), (Some(3), false));
        assert!(died.log.ends_with("last words"), "{}", died.log);
        assert!(app.stop().await.is_empty());

        let mut app = start(bench, &bench.app(&["serve", "8080"])).await.unwrap();
        get(app.address(), "/grow");
        let died = death(&mut app).await;
        assert!(died.out_of_memory, "{died:?}");
        app.stop().await;
    });
}

#[test]
fn an_app_that_does_not_come_up_is_told_with_its_log() {
    with_engine(async |bench| {
        let error = start(bench, &bench.app(&["die"])).await.unwrap_err();
        assert_eq!(error.to_string(), "the staging app ended with exit code 9");
        // The engine keeps two streams and no order between them.
        let log = error.log().unwrap();
        assert!(log.contains("first words") && log.contains("cannot find my database"), "{log}");

        let mut spec = bench.app(&["serve", "8081"]);
        // Long enough for its first line to come through the engine.
        spec.ready.within = Duration::from_secs(5);
        let error = start(bench, &spec).await.unwrap_err();
        assert!(matches!(error, StagingError::NotReady { .. }), "{error}");
        assert_eq!(error.log(), Some("listening on 8081"));

        let mut spec = bench.app(&["serve", "8080"]);
        spec.seed = Some(["/tollgate", "check", "1"].map(ToOwned::to_owned).to_vec());
        let error = start(bench, &spec).await.unwrap_err();
        assert!(matches!(error, StagingError::Seed { code: 9, .. }), "{error}");

        let mut spec = bench.app(&["serve", "8080"]);
        spec.source =
            StagingSource::Image { image: "tollgate-no-such-image:1".to_owned(), arguments: Vec::new() };
        let error = start(bench, &spec).await.unwrap_err();
        assert!(error.to_string().contains("image `tollgate-no-such-image:1` is not available"), "{error}");
    });
}

#[test]
fn a_compose_file_with_a_build_is_brought_up_in_order() {
    with_engine(async |bench| {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("web")).unwrap();
        let image = bench.image.name();
        let dockerfile = format!(
            "FROM {image}\nENV GREETING=built\nEXPOSE 8080\nCMD [\"/tollgate\", \"serve\", \"8080\"]\n"
        );
        fs::write(folder.path().join("web/Dockerfile"), dockerfile).unwrap();
        fs::write(folder.path().join("note.txt"), "x").unwrap();
        let compose = format!(
            r#"
services:
  web:
    build: web
    ports: ["80:8080"]
    environment: {{LD_LIBRARY_PATH: /lib/tollgate}}
    depends_on: {{db: {{condition: service_healthy}}, setup: {{condition: service_completed_successfully}}}}
    volumes: ["./note.txt:/note.txt", "data:/data"]
    tmpfs: /scratch
  db:
    image: {image}
    command: ["/tollgate", "serve", "9000"]
    environment: {{LD_LIBRARY_PATH: /lib/tollgate}}
    healthcheck: {{test: [CMD, /tollgate, check, "9000"], interval: 200ms, retries: 20}}
  setup:
    image: {image}
    command: ["/tollgate", "report", "http://db:9000/", "/report"]
    environment: {{LD_LIBRARY_PATH: /lib/tollgate}}
    depends_on: [db]
volumes: {{data: }}
"#
        );
        let file = folder.path().join("compose.yaml");
        fs::write(&file, compose).unwrap();
        let spec = StagingSpec {
            source: StagingSource::Compose { file, service: None },
            port: None,
            environment: Vec::new(),
            ..bench.app(&[])
        };
        let mut app = start(bench, &spec).await.unwrap();
        assert_eq!(app.container().unwrap().1, 8080);
        assert_eq!(get(app.address(), "/x"), "GET /x HTTP/1.1 built");
        get(app.address(), "/fetch/db:9000");
        // The engine hands on what an app writes a moment after it was written.
        let mut log = String::new();
        for _ in 0..100 {
            log = app.log().await;
            if log.contains("fetched") {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        assert!(log.contains("fetched db:9000: Ok(())"), "{log}");
        assert!(app.stop().await.is_empty());
    });
}

#[test]
fn an_app_that_is_a_command_ends_with_its_children() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        // Among the ports that nobody is given who asks for any.
        let first = 20_000 + u16::try_from(std::process::id() % 5_000).unwrap();
        let is_free = |port: &u16| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok();
        let port = (first..30_000).find(is_free).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let shell = format!("{} serve {port} & wait", probe().display());
        let mut spec = StagingSpec {
            source: StagingSource::Command {
                command: vec!["sh".to_owned(), "-c".to_owned(), shell],
                folder: folder.path().to_owned(),
            },
            port: Some(port),
            environment: vec![("GREETING".to_owned(), "hello".to_owned())],
            memory: 1 << 30,
            ready: Readiness {
                path: Some("/".to_owned()),
                log: Some("listening".to_owned()),
                within: Duration::from_secs(60),
            },
            seed: Some(vec!["true".to_owned()]),
        };
        let app = StagingApp::start(None, &spec, &Cancel::new()).await.unwrap();
        assert_eq!(get(app.address(), "/x"), "GET /x HTTP/1.1 hello");
        app.stop().await;
        assert!(TcpStream::connect(("127.0.0.1", port)).is_err(), "a child is left");

        spec.source = StagingSource::Command {
            command: vec!["sh".to_owned(), "-c".to_owned(), "echo no luck >&2; exit 4".to_owned()],
            folder: folder.path().to_owned(),
        };
        let error = StagingApp::start(None, &spec, &Cancel::new()).await.unwrap_err();
        assert_eq!(error.to_string(), "the staging app ended with exit code 4");
        assert_eq!(error.log(), Some("no luck"));
    });
}
