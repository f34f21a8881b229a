//! The egress lock towards containers, and what is left after kills.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tollgate_container::{ContainerTarget, Egress, StagingApp};
use tollgate_core::Cancel;

use crate::support::{Bench, expect_quick_start, probe, with_engine};

/// A running app of one container that answers on port 8080.
async fn app(bench: &Bench) -> StagingApp {
    StagingApp::start(Some(&bench.engine), &bench.app(&["serve", "8080"]), &Cancel::new()).await.unwrap()
}

fn egress(app: &StagingApp) -> Egress {
    let (container, _) = app.container().unwrap();
    Egress::Container(ContainerTarget { container: container.to_owned(), hosts: vec!["app".to_owned()] })
}

#[test]
fn a_locked_scanner_reaches_its_target_and_nothing_else() {
    with_engine(async |bench| {
        let target = app(bench).await;
        let neighbour = app(bench).await;
        // A service of the host on all interfaces, as a database of a developer may be.
        let service = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).unwrap();
        let port = service.local_addr().unwrap().port();
        let names = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).unwrap();
        let names_port = names.local_addr().unwrap().port();
        names.set_nonblocking(true).unwrap();
        let gateways: Vec<String> = bench.gateways().await;
        assert!(!gateways.is_empty());

        let mut closed: Vec<String> = gateways.iter().map(|gateway| format!("{gateway}:{port}")).collect();
        closed.push(bench.address_of(neighbour.container().unwrap().0).await + ":8080");
        closed.push("192.0.2.1:80".to_owned());
        let mut arguments = vec!["try", "app:8080"];
        arguments.extend(closed.iter().map(String::as_str));
        let ran = bench.run_simply(&arguments, "", egress(&target)).await;
        assert_eq!(ran.lines.first().map(String::as_str), Some("app:8080 reached"), "{:?}", ran.complaints);
        assert_eq!(ran.lines.len(), closed.len() + 1);
        for line in &ran.lines[1..] {
            assert!(line.contains(" closed ("), "{line}");
        }
        eprintln!("{:#?}\nstart-up with a locked network: {:?}", ran.lines, ran.exit.startup);
        expect_quick_start(ran.exit.startup);

        // The gateway of the scan network itself is known inside only.
        let scan = bench.run_simply(&["try-gateway", &port.to_string()], "", egress(&target)).await;
        let [addresses, attempts @ ..] = scan.lines.as_slice() else { panic!("{:?}", scan.complaints) };
        assert_eq!(addresses, "ipv6 addresses 0");
        assert!(
            attempts.iter().all(|line| line.contains(" closed (")) && attempts.len() == 2,
            "{attempts:?}"
        );

        for server in
            ["127.0.0.11:53".to_owned(), "127.0.0.1:53".to_owned(), format!("{}:{names_port}", gateways[0])]
        {
            let ran = bench.run_simply(&["dns", &server, "example.com"], "", egress(&target)).await;
            let answer = ran.lines.join(" ");
            assert!(answer.contains("closed") || answer.ends_with(" 0 answers"), "{server}: {answer}");
            eprintln!("name server {server}: {answer}");
        }
        assert!(names.recv(&mut [0; 512]).is_err(), "a query left the scanner");

        // The target itself is as it was.
        assert!(bench.networks_of(target.container().unwrap().0).await == 1);
        assert!(target.stop().await.is_empty());
        assert!(neighbour.stop().await.is_empty());
    });
}

#[test]
fn a_container_target_can_call_back() {
    with_engine(async |bench| {
        let mut target = app(bench).await;
        let ran = bench.run_simply(&["callback"], "app:8080", egress(&target)).await;
        assert_eq!(
            ran.lines,
            ["called back: GET /called HTTP/1.0"],
            "{:?} {}",
            ran.complaints,
            target.log().await
        );
        target.stop().await;
    });
}

#[test]
fn nothing_is_left_after_runs_of_which_half_are_killed() {
    with_engine(async |bench| {
        let target = app(bench).await;
        let (container, _) = target.container().unwrap();
        let mut pids = Vec::new();
        for round in 0..20_u64 {
            let mut run = Command::new(probe())
                .args(["orchestrate", container])
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            pids.push(run.id());
            if round % 2 == 0 {
                // From before the first network to the middle of the scan.
                std::thread::sleep(Duration::from_millis(20 + round * 110));
                run.kill().unwrap();
                run.wait().unwrap();
            } else {
                let last = BufReader::new(run.stdout.take().unwrap()).lines().map_while(Result::ok).last();
                assert_eq!(last.as_deref(), Some("done true"));
                assert!(run.wait().unwrap().success());
            }
        }
        // Workers of killed orchestrators end by themselves.
        let until = Instant::now() + Duration::from_secs(10);
        while bench.running_of(&pids).await > 0 {
            assert!(Instant::now() < until, "a worker outlives its orchestrator");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let swept = bench.engine.sweep().await.unwrap();
        eprintln!("after 20 runs, 10 of them killed: {swept:?}");
        assert!(swept.containers > 0 && swept.networks > 0, "{swept:?}");
        for pid in pids {
            assert_eq!(bench.left_behind(pid).await, Vec::<String>::new());
        }
        assert!(bench.engine.sweep().await.unwrap().is_empty());
        // The living target was spared.
        assert_eq!(bench.networks_of(container).await, 1);
        target.stop().await;
    });
}

#[test]
fn a_killed_run_over_the_relay_leaves_nothing_after_the_next_sweep() {
    with_engine(async |bench| {
        let mut run = Command::new(probe()).args(["orchestrate-over-relay", "127.0.0.1:9"]).spawn().unwrap();
        let pid = run.id();
        let until = Instant::now() + Duration::from_secs(30);
        while bench.running_of(&[pid]).await == 0 {
            assert!(Instant::now() < until, "no worker starts");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        run.kill().unwrap();
        run.wait().unwrap();
        while bench.running_of(&[pid]).await > 0 {
            assert!(Instant::now() < until, "a worker outlives its orchestrator");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let relays = || {
            let names =
                std::fs::read_dir(std::env::temp_dir()).unwrap().map(|entry| entry.unwrap().file_name());
            let marker = format!("-{pid}-");
            names.filter(|name| name.to_string_lossy().contains(&marker)).count()
        };
        assert_eq!(relays(), 1);
        bench.engine.sweep().await.unwrap();
        assert_eq!((relays(), bench.left_behind(pid).await.len()), (0, 0));
    });
}
