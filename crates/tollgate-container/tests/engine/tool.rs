//! Scanners by others, played by the probe.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};
use std::thread;

use tollgate_container::{
    ContainerTarget, Egress, Format, Limits, RelayEgress, RelayLimits, RelayTarget, StagingApp, Subject,
    Surroundings, ToolImage, ToolNetwork, ToolProgram, ToolScanner, ToolSpec, ToolTarget,
};
use tollgate_core::facts::Facts;
use tollgate_core::{Cancel, Events, Inventory, ScanContext, Scanner, ScannerId, ScannerOutcome};

use crate::support::{probe, with_engine};

fn spec(program: ToolProgram, arguments: &[&str], output: Option<&str>) -> ToolSpec {
    ToolSpec {
        id: ScannerId::new("probe"),
        summary: "the probe".to_owned(),
        homepage: None,
        program,
        arguments: arguments.iter().map(|argument| (*argument).to_owned()).collect(),
        output: output.map(ToOwned::to_owned),
        format: Format::Sarif,
        success_codes: vec![0],
        environment: vec![("LD_LIBRARY_PATH".to_owned(), "/lib/tollgate".to_owned())],
        network: ToolNetwork::Target,
        subject: Subject::Target,
        active: false,
        limits: Limits::default(),
        warning: None,
    }
}

/// The result of a tool, or the first thing it complains about.
fn run(spec: ToolSpec, target: Option<ToolTarget>) -> Result<String, String> {
    let seen = Arc::new(Mutex::new(String::new()));
    let sink = Arc::clone(&seen);
    let parse = move |bytes: &[u8], _: Format| {
        *sink.lock().unwrap() = String::from_utf8_lossy(bytes).into_owned();
        Ok(ScannerOutcome::empty(ScannerId::new("other")))
    };
    let scanner = ToolScanner::new(spec, Surroundings { program: probe(), target }, Arc::new(parse));
    let folder = tempfile::tempdir().unwrap();
    let context = ScanContext {
        inventory: &Inventory::new(folder.path().to_owned(), Vec::new(), Vec::new()),
        facts: &Facts::default(),
        events: &Events::ignored(),
        cancel: &Cancel::new(),
        jobs: NonZeroUsize::MIN,
        cache: None,
    };
    let outcome = thread::scope(|scope| scope.spawn(|| scanner.scan(&context)).join().unwrap());
    assert_eq!(outcome.scanner.as_str(), "probe");
    match outcome.diagnostics.first() {
        Some(diagnostic) => Err(diagnostic.message.clone()),
        None => Ok(seen.lock().unwrap().clone()),
    }
}

#[test]
fn a_tool_in_a_container_reaches_its_target_and_hands_over_its_result() {
    with_engine(async |bench| {
        let program = ToolProgram::Container {
            image: ToolImage::Named(bench.image.name().to_owned()),
            entrypoint: Some(vec!["/tollgate".to_owned()]),
            user: Some("65532:65532".to_owned()),
        };
        let tool = spec(program, &["report", "{target}", "{output}"], Some("/results/deep/report.sarif"));

        let app = StagingApp::start(Some(&bench.engine), &bench.app(&["serve", "8080"]), &Cancel::new())
            .await
            .unwrap();
        let container = app.container().unwrap().0.to_owned();
        let egress = Egress::Container(ContainerTarget { container, hosts: vec!["shop".to_owned()] });
        let target = ToolTarget { url: "http://shop:8080/".to_owned(), egress };
        let result = run(tool.clone(), Some(target)).unwrap();
        assert!(result.contains("GET /through HTTP/1.1 hello"), "{result}");
        app.stop().await;

        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            for client in listener.incoming() {
                let mut client = client.unwrap();
                let _ = client.read(&mut [0; 1024]);
                let _ = client.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nfrom the host");
            }
        });
        let relay = RelayEgress {
            targets: vec![RelayTarget { name: address.to_string(), address }],
            limits: RelayLimits::default(),
            callback: None,
        };
        let target = ToolTarget { url: format!("http://{address}/"), egress: Egress::Relay(relay) };
        let result = run(tool.clone(), Some(target.clone())).unwrap();
        assert!(result.contains("from the host"), "{result}");

        let error = run(
            ToolSpec {
                output: Some("/elsewhere/x".to_owned()),
                arguments: vec!["check".to_owned(), "1".to_owned()],
                ..tool.clone()
            },
            Some(target.clone()),
        );
        assert!(
            error.as_ref().unwrap_err().starts_with("probe gave no result: it ended with exit code 9: "),
            "{error:?}"
        );
        let silent = ["try".to_owned()].to_vec();
        let error = run(ToolSpec { arguments: silent, success_codes: vec![9], ..tool.clone() }, Some(target));
        assert!(
            error.as_ref().unwrap_err().contains("it left no result at /results/deep/report.sarif"),
            "{error:?}"
        );
        let error = run(tool, None);
        assert!(error.unwrap_err().contains("no target"));
    });
}

#[test]
fn a_tool_that_is_a_command_hands_over_its_result() {
    let check = |script: &str, arguments: &[&str], expected: Result<&str, &str>| {
        let program =
            ToolProgram::Command(vec!["sh".to_owned(), "-c".to_owned(), script.to_owned(), "sh".to_owned()]);
        let tool = ToolSpec { subject: Subject::Source, ..spec(program, arguments, None) };
        match (run(tool, None), expected) {
            (Ok(result), Ok(expected)) => assert_eq!(result, expected),
            (Err(error), Err(expected)) => assert!(error.contains(expected), "{error}"),
            other => panic!("{other:?}"),
        }
    };
    check("echo '{}'", &[], Ok("{}\n"));
    check("echo chatter; echo result > $1", &["{output}"], Ok("result\n"));
    check("echo oops >&2; exit 3", &[], Err("it ended with exit code 3: oops"));
    check("true", &["{output}"], Err("it left no result"));
}
