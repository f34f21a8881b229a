//! The egress lock towards containers, and what is left after kills.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tollgate_container::{ContainerTarget, Egress, StagingApp};
use tollgate_core::Cancel;

use crate::support::{Bench, expect_quick_start, probe, with_engine};

/// How long a machine busy with other things may take.
const PATIENCE: Duration = Duration::from_secs(60);

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
        let (mut pids, mut made) = (Vec::new(), 0);
        for round in 0..20 {
            let mut run = Command::new(probe())
                .args(["orchestrate", container])
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            pids.push(run.id());
            if round % 2 == 0 {
                // From before the first network to the middle of the scan, however long that takes here.
                let things = round / 2 % 4;
                while run.try_wait().unwrap().is_none() && bench.left_behind(run.id()).await.len() < things {}
                std::thread::sleep(Duration::from_millis(round as u64 * 15));
                made += bench.left_behind(run.id()).await.len();
                run.kill().unwrap();
                run.wait().unwrap();
            } else {
                let last = BufReader::new(run.stdout.take().unwrap()).lines().map_while(Result::ok).last();
                assert_eq!(last.as_deref(), Some("done true"));
                assert!(run.wait().unwrap().success());
            }
        }
        // Workers of killed orchestrators end by themselves.
        let until = Instant::now() + PATIENCE;
        while bench.running_of(&pids).await > 0 {
            assert!(Instant::now() < until, "a worker outlives its orchestrator");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        // What a run had asked for when it was killed the engine may make later still. Others sweep too, so
        // what this sweep itself removed says nothing.
        assert!(made > 0, "no run was killed half-way");
        for pid in pids {
            while !bench.left_behind(pid).await.is_empty() {
                assert!(Instant::now() < until, "{:?}", bench.left_behind(pid).await);
                bench.engine.sweep().await.unwrap();
            }
            assert_eq!(folders_of(pid), 0);
        }
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
        let until = Instant::now() + PATIENCE;
        while bench.running_of(&[pid]).await == 0 {
            assert!(Instant::now() < until, "no worker starts");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(folders_of(pid), 1);
        run.kill().unwrap();
        run.wait().unwrap();
        let until = Instant::now() + PATIENCE;
        while bench.running_of(&[pid]).await > 0 {
            assert!(Instant::now() < until, "a worker outlives its orchestrator");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        while folders_of(pid) + bench.left_behind(pid).await.len() > 0 {
            assert!(Instant::now() < until, "{:?}", bench.left_behind(pid).await);
            bench.engine.sweep().await.unwrap();
        }
    });
}

/// How many folders of a process lie about.
fn folders_of(pid: u32) -> usize {
    let names = std::fs::read_dir(std::env::temp_dir()).unwrap().flatten().map(|entry| entry.file_name());
    let (prefix, marker) = ("tollgate-", format!("-{pid}-"));
    names
        .filter_map(|name| name.into_string().ok())
        .filter(|n| n.starts_with(prefix) && n.contains(&marker))
        .count()
}
