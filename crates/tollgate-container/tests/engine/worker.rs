//! Workers: protocol, limits, ends.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, TcpListener};
use std::thread;
use std::time::Duration;

use tollgate_container::{
    Egress, EngineError, Limits, Output, RelayEgress, RelayLimits, RelayTarget, WorkerEnd,
};
use tollgate_core::{Cancel, CancelReason};

use crate::support::{expect_quick_start, probe, with_engine};

#[test]
fn a_job_goes_in_and_lines_come_out() {
    with_engine(async |bench| {
        let ran = bench.run_simply(&["echo", "3"], "{\"a\":1}", Egress::Nothing).await;
        assert_eq!(ran.lines, ["{\"a\":1}"; 3]);
        assert!(ran.exit.is_whole(), "{:?}", ran.exit);
        expect_quick_start(ran.exit.startup);
        eprintln!("start-up without a network: {:?}, whole: {:?}", ran.exit.startup, ran.exit.elapsed);
    });
}

#[test]
fn a_large_job_and_long_lines_stay_whole() {
    with_engine(async |bench| {
        let job = "j".repeat(3 << 20);
        let ran = bench.run_simply(&["echo", "2"], &job, Egress::Nothing).await;
        assert!(ran.lines == [job.as_str(), job.as_str()], "{} lines", ran.lines.len());
        let ran = bench.run_simply(&["flood", "2000", "40000"], "", Egress::Nothing).await;
        assert_eq!(ran.lines.len(), 2000);
        assert!(ran.lines.iter().enumerate().all(|(number, line)| {
            line.len() == 40_000 + number.to_string().len() + 1 && line.starts_with(&format!("{number} "))
        }));
    });
}

#[test]
fn a_line_that_is_cut_off_is_no_whole_answer() {
    with_engine(async |bench| {
        let ran = bench.run_simply(&["cut"], "", Egress::Nothing).await;
        assert_eq!(ran.lines, ["whole"]);
        assert_eq!((ran.exit.cut_off, ran.exit.is_whole()), (9, false));
    });
}

#[test]
fn a_worker_is_locked_down() {
    with_engine(async |bench| {
        let mut spec = bench.spec(&["facts"], "", Egress::Nothing);
        spec.limits.processes = 50;
        let ran = bench.run(&spec, &Cancel::new()).await;
        let text = ran.lines.join("\n");
        for fact in [
            "Uid: 65532 65532 65532 65532",
            "Gid: 65532 65532 65532 65532",
            "CapEff: 0000000000000000",
            "CapPrm: 0000000000000000",
            "CapBnd: 0000000000000000",
            "NoNewPrivs: 1",
            "Seccomp: 2",
            "write / false",
            "write /tmp true",
        ] {
            assert!(text.contains(fact), "{fact} in\n{text}");
        }
        let threads = ran.lines.iter().find_map(|line| line.strip_prefix("threads ")).unwrap();
        assert!(threads.parse::<u32>().unwrap() < 50, "{threads}");
    });
}

#[test]
fn ends_are_told_apart() {
    with_engine(async |bench| {
        let ran = bench.run_simply(&["exit", "9"], "", Egress::Nothing).await;
        assert_eq!(ran.exit.end, WorkerEnd::Exited(9));
        assert_eq!(ran.complaints, ["asked to fail with 9"]);

        let mut spec = bench.spec(&["hog"], "", Egress::Nothing);
        spec.limits = Limits { memory: 64 << 20, ..spec.limits };
        assert_eq!(bench.run(&spec, &Cancel::new()).await.exit.end, WorkerEnd::OutOfMemory);

        // A time that is up before the worker runs is an error; here it is to be up while it sleeps.
        let mut spec = bench.spec(&["sleep"], "", Egress::Nothing);
        spec.limits.time = Duration::from_secs(1);
        let exit = loop {
            spec.limits.time *= 2;
            match bench.engine.run_worker(&spec, &mut |_, _| {}, &Cancel::new()).await {
                Err(EngineError::Cancelled { .. }) => {}
                exit => break exit.unwrap(),
            }
        };
        assert_eq!(exit.end, WorkerEnd::Stopped(CancelReason::DeadlinePassed));

        let spec = bench.spec(&["sleep"], "", Egress::Nothing);
        let cancel = Cancel::new();
        let mut interrupt = |_: Output, _: &[u8]| cancel.interrupt();
        let exit = bench.engine.run_worker(&spec, &mut interrupt, &cancel).await.unwrap();
        assert_eq!(exit.end, WorkerEnd::Stopped(CancelReason::Interrupted));
    });
}

/// Answers each connection with its first line; also calls back when asked to.
fn server() -> (u16, thread::JoinHandle<()>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let handle = thread::spawn(move || {
        for client in listener.incoming() {
            let mut client = client.unwrap();
            let mut request = [0; 1024];
            let length = client.read(&mut request).unwrap_or(0);
            let text = String::from_utf8_lossy(&request[..length]).into_owned();
            let line = text.lines().next().unwrap_or_default().to_owned();
            if let Some(peer) = line.split(' ').nth(1).and_then(|path| path.strip_prefix("/fetch/")) {
                let mut peer = std::net::TcpStream::connect(peer).unwrap();
                peer.write_all(b"GET /called HTTP/1.0\r\n\r\n").unwrap();
            }
            let _ = write!(client, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{line}");
        }
    });
    (port, handle)
}

fn behind_relay(targets: &[(String, u16)], limits: RelayLimits) -> Egress {
    let targets = targets
        .iter()
        .map(|(name, port)| RelayTarget { name: name.clone(), address: (Ipv4Addr::LOCALHOST, *port).into() })
        .collect();
    Egress::Relay(RelayEgress { targets, limits, callback: Some(IpAddr::V4(Ipv4Addr::LOCALHOST)) })
}

#[test]
fn a_loopback_target_is_reached_over_the_relay_and_nothing_else() {
    with_engine(async |bench| {
        let (port, _server) = server();
        let (other, _other_server) = server();
        let names = [(format!("127.0.0.1:{port}"), port), (format!("shop.example:{port}"), port)];
        let egress = behind_relay(&names[..1], RelayLimits::default());
        let other = format!("127.0.0.1:{other}");
        let ran = bench.run_simply(&["bridged", &names[0].0, &other], "", egress).await;
        assert_eq!(
            ran.lines,
            [format!("{} GET /through HTTP/1.1", names[0].0), format!("{other} closed (ConnectionRefused)")],
            "{:?}",
            ran.complaints
        );
        let used = ran.exit.relay.unwrap();
        assert_eq!((used.connections, used.exchanges, used.exhausted), (1, 1, false), "{used:?}");

        // A name keeps its meaning although nothing can be looked up in there.
        let egress = behind_relay(&names[1..], RelayLimits::default());
        let ran = bench.run_simply(&["bridged", &names[1].0], "", egress).await;
        assert_eq!(ran.lines, [format!("{} GET /through HTTP/1.1", names[1].0)], "{:?}", ran.complaints);
    });
}

#[test]
fn budgets_of_the_relay_hold() {
    with_engine(async |bench| {
        let (port, _server) = server();
        let name = format!("127.0.0.1:{port}");
        let limits = RelayLimits { exchanges: 2, ..RelayLimits::default() };
        let egress = behind_relay(&[(name.clone(), port)], limits);
        let ran = bench.run_simply(&["bridged", &name, &name, &name, &name], "", egress).await;
        let reached = ran.lines.iter().filter(|line| line.ends_with("GET /through HTTP/1.1")).count();
        assert_eq!(reached, 2, "{:?}", ran.lines);
        assert!(ran.exit.relay.unwrap().exhausted);
    });
}

#[test]
fn a_loopback_target_can_call_back() {
    with_engine(async |bench| {
        let (port, _server) = server();
        let name = format!("127.0.0.1:{port}");
        let egress = behind_relay(&[(name.clone(), port)], RelayLimits::default());
        let ran = bench.run_simply(&["callback"], &name, egress).await;
        assert_eq!(ran.lines, ["called back: GET /called HTTP/1.0"], "{:?}", ran.complaints);
    });
}

#[test]
fn a_worker_ended_from_outside_was_interrupted() {
    with_engine(async |bench| {
        let spec = bench.spec(&["sleep", "from-outside"], "", Egress::Nothing);
        let cancel = Cancel::new();
        let (ran, ()) = tokio::join!(bench.run(&spec, &cancel), bench.end_from_outside("sleep from-outside"));
        let WorkerEnd::Interrupted(reason) = ran.exit.end else { panic!("{:?}", ran.exit) };
        assert_eq!(reason, "ended by signal 15 from outside");
    });
}

#[test]
fn images_of_other_programs_are_pruned() {
    with_engine(async |bench| {
        let folder = tempfile::tempdir().unwrap();
        let other = folder.path().join("other");
        let mut bytes = std::fs::read(probe()).unwrap();
        bytes.extend_from_slice(b"another version");
        std::fs::write(&other, bytes).unwrap();
        let image = bench.engine.worker_image(&other, &Cancel::new()).await.unwrap();
        assert_ne!(image, bench.image);
        assert_eq!(bench.engine.worker_image(&other, &Cancel::new()).await.unwrap(), image);
        assert!(bench.has_image(image.name()).await);
        assert!(bench.has_image(bench.image.name()).await, "a young image of another version stays");
        bench.remove_image(image.name()).await;
        assert!(!bench.has_image(image.name()).await);
    });
}

#[test]
fn a_run_that_is_dropped_half_way_is_removed() {
    with_engine(async |bench| {
        let spec = bench.spec(&["sleep", "dropped"], "", Egress::Nothing);
        let mut on_line = |_: Output, _: &[u8]| {};
        let cancel = Cancel::new();
        let run = bench.engine.run_worker(&spec, &mut on_line, &cancel);
        let made = async { while bench.named("sleep dropped").await.is_empty() {} };
        tokio::select! {
            ended = run => panic!("{ended:?}"),
            () = made => {}
        }
        assert_eq!(bench.named("sleep dropped").await, Vec::<String>::new());
    });
}
