//! The program the tests put into images: a server, a prober of ways out, a memory hog, a sleeper, a
//! flooder of lines, and the two programs that close a network.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::exit,
    reason = "its output and exit code are its answer"
)]

use std::fs;
use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream, ToSocketAddrs, UdpSocket};
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use tollgate_container::{
    ContainerTarget, Egress, Engine, Limits, RelayEgress, RelayLimits, RelayTarget, WorkerSpec, inside,
    relay, routes,
};
use tollgate_core::Cancel;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(9)
        }
    }
}

fn run(words: &[&str]) -> Result<(), Box<dyn std::error::Error>> {
    match words {
        ["worker", "pause"] => inside::pause(),
        ["worker", "strip-routes", keep @ ..] => {
            let keep = keep.iter().map(|host| host.parse()).collect::<Result<Vec<IpAddr>, _>>()?;
            runtime()?.block_on(routes::strip_routes(&keep))?;
        }
        ["serve", port] => serve(port.parse()?)?,
        ["echo", times] => {
            let job = inside::read_job()?;
            for _ in 0..times.parse()? {
                println!("{}", String::from_utf8_lossy(&job));
            }
        }
        ["flood", lines, length] => {
            inside::read_job()?;
            let (lines, length): (usize, usize) = (lines.parse()?, length.parse()?);
            let mut out = io::stdout().lock();
            for line in 0..lines {
                writeln!(out, "{line} {}", "x".repeat(length))?;
            }
        }
        ["check", port] => {
            TcpStream::connect((Ipv4Addr::LOCALHOST, port.parse()?))?;
        }
        ["die"] => {
            println!("first words");
            return Err("cannot find my database".into());
        }
        ["report", target, output] => {
            let address = target.trim_start_matches("http://").trim_end_matches('/');
            let seen = get(address);
            let sarif = format!("{{\"version\":\"2.1.0\",\"runs\":[{{\"seen\":\"{seen}\"}}]}}");
            fs::write(output, sarif)?;
        }
        ["cut"] => {
            inside::read_job()?;
            print!("whole\nhalf a li");
            io::stdout().flush()?;
        }
        ["hog"] => hog()?,
        ["exit", code] => return Err(format!("asked to fail with {code}").into()),
        ["sleep", ..] => {
            inside::read_job()?;
            inside::when_orphaned(|| std::process::abort());
            println!("sleeping");
            thread::sleep(Duration::from_secs(600));
        }
        ["linger", milliseconds] => {
            inside::read_job()?;
            inside::when_orphaned(|| std::process::abort());
            thread::sleep(Duration::from_millis(milliseconds.parse()?));
        }
        ["facts"] => facts()?,
        ["try", targets @ ..] => {
            inside::read_job()?;
            for target in targets {
                println!("{target} {}", attempt(target));
            }
        }
        ["try-gateway", port] => {
            inside::read_job()?;
            let addresses = fs::read_to_string("/proc/net/if_inet6").unwrap_or_default();
            println!("ipv6 addresses {}", addresses.lines().filter(|line| !line.ends_with(" lo")).count());
            let own: Ipv4Addr = std::env::var(relay::CALLBACK_VARIABLE)?.parse()?;
            let [first, second, third, _] = own.octets();
            for target in
                [format!("{first}.{second}.0.1:{port}"), format!("{first}.{second}.{third}.1:{port}")]
            {
                println!("{target} {}", attempt(&target));
            }
        }
        ["orchestrate", container] => {
            let target =
                ContainerTarget { container: (*container).to_owned(), hosts: vec!["app".to_owned()] };
            runtime()?.block_on(orchestrate(Egress::Container(target), "300"))?;
        }
        ["orchestrate-over-relay", address] => {
            let targets = vec![RelayTarget { name: (*address).to_owned(), address: address.parse()? }];
            let relay = RelayEgress { targets, limits: RelayLimits::default(), callback: None };
            runtime()?.block_on(orchestrate(Egress::Relay(relay), "60000"))?;
        }
        ["dns", server, name] => {
            inside::read_job()?;
            println!("{}", resolve(server.parse()?, name));
        }
        ["bridged", targets @ ..] => {
            inside::read_job()?;
            let runtime = runtime()?;
            runtime.block_on(relay::bridge_from_environment())?;
            let _entered = runtime.enter();
            for target in targets {
                println!("{target} {}", get(target));
            }
        }
        ["callback"] => callback()?,
        _ => return Err(format!("unknown command {words:?}").into()),
    }
    Ok(())
}

/// A whole run, to be killed at any point.
async fn orchestrate(egress: Egress, milliseconds: &str) -> Result<(), Box<dyn std::error::Error>> {
    let engine = Engine::connect().await?;
    let cancel = Cancel::new();
    let image = engine.worker_image(&std::env::current_exe()?, &cancel).await?;
    let spec = WorkerSpec {
        image,
        arguments: ["linger", milliseconds].map(ToOwned::to_owned).to_vec(),
        environment: Vec::new(),
        job: b"{}".to_vec(),
        limits: Limits::default(),
        egress,
    };
    let exit = engine.run_worker(&spec, &mut |_, _| {}, &cancel).await?;
    println!("done {}", exit.is_whole());
    Ok(())
}

fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()
}

/// Answers every request with its first line and the environment variable `GREETING`.
fn serve(port: u16) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, port))?;
    println!("listening on {port}");
    for client in listener.incoming() {
        let Ok(mut client) = client else { continue };
        thread::spawn(move || {
            let mut request = vec![0; 4096];
            let length = client.read(&mut request).unwrap_or(0);
            let text = String::from_utf8_lossy(&request[..length]).into_owned();
            let line = text.lines().next().unwrap_or_default();
            if line.contains("/grow") {
                let mut held = Vec::new();
                while held.len() < 4096 {
                    held.push(vec![1_u8; 8 << 20]);
                }
            }
            if line.contains("/die") {
                println!("last words");
                std::process::exit(3);
            }
            if let Some(peer) = line.split(' ').nth(1).and_then(|path| path.strip_prefix("/fetch/")) {
                let called = TcpStream::connect(peer)
                    .and_then(|mut peer| peer.write_all(b"GET /called HTTP/1.0\r\n\r\n"));
                println!("fetched {peer}: {called:?}");
            }
            let body = format!("{line} {}", std::env::var("GREETING").unwrap_or_default());
            let _ = write!(
                client,
                "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
        });
    }
    Ok(())
}

fn hog() -> io::Result<()> {
    inside::read_job()?;
    let mut held = Vec::new();
    loop {
        held.push(vec![1_u8; 8 << 20]);
        if held.len() > 4096 {
            return Ok(());
        }
    }
}

fn facts() -> io::Result<()> {
    inside::read_job()?;
    let status = fs::read_to_string("/proc/self/status")?;
    for wanted in ["Uid:", "Gid:", "CapEff:", "CapPrm:", "CapBnd:", "NoNewPrivs:", "Seccomp:"] {
        let line = status.lines().find(|line| line.starts_with(wanted)).unwrap_or(wanted);
        println!("{}", line.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    println!("write / {}", fs::write("/new", "x").is_ok());
    println!("write /tmp {}", fs::write("/tmp/new", "x").is_ok());
    let mut threads = 0;
    while thread::Builder::new().spawn(|| thread::sleep(Duration::from_secs(60))).is_ok() {
        threads += 1;
        if threads > 2000 {
            break;
        }
    }
    println!("threads {threads}");
    println!("sleepers are left behind");
    io::stdout().flush()?;
    std::process::exit(0);
}

fn attempt(target: &str) -> String {
    let Some(address) = target.to_socket_addrs().ok().and_then(|mut addresses| addresses.next()) else {
        return "unknown".to_owned();
    };
    match TcpStream::connect_timeout(&address, Duration::from_millis(1500)) {
        Ok(_) => "reached".to_owned(),
        Err(error) => format!("closed ({:?})", error.kind()),
    }
}

fn get(target: &str) -> String {
    let answer = TcpStream::connect(target).and_then(|mut stream| {
        let request = format!("GET /through HTTP/1.1\r\nHost: {target}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    });
    match answer {
        Ok(answer) => answer.lines().last().unwrap_or("nothing").to_owned(),
        Err(error) => format!("closed ({:?})", error.kind()),
    }
}

/// Asks a name server for an address and tells what it says.
fn resolve(server: SocketAddr, name: &str) -> String {
    let mut question = vec![0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    for label in name.split('.') {
        question.push(u8::try_from(label.len()).unwrap_or(0));
        question.extend_from_slice(label.as_bytes());
    }
    question.extend_from_slice(&[0, 0, 1, 0, 1]);
    let asked = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).and_then(|socket| {
        socket.set_read_timeout(Some(Duration::from_secs(5)))?;
        socket.send_to(&question, server)?;
        let mut answer = [0; 512];
        let length = socket.recv(&mut answer)?;
        Ok((answer[3] & 15, u16::from_be_bytes([answer[6], answer[7]]), length))
    });
    match asked {
        Ok((code, answers, _)) => format!("code {code}, {answers} answers"),
        Err(error) => format!("closed ({:?})", error.kind()),
    }
}

/// Asks the target to call back and waits for the call.
fn callback() -> Result<(), Box<dyn std::error::Error>> {
    let job = String::from_utf8(inside::read_job()?)?;
    let advertised = std::env::var(relay::CALLBACK_VARIABLE)?;
    let runtime = runtime()?;
    let _entered = runtime.enter();
    runtime.block_on(relay::bridge_from_environment())?;
    let (listener, peer) = match advertised.parse::<SocketAddr>() {
        Ok(peer) => {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
            let socket = std::env::var(relay::SOCKET_VARIABLE)?;
            relay::bridge_callbacks(socket.as_ref(), listener.local_addr()?, 2);
            (listener, peer.to_string())
        }
        Err(_) => {
            let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0))?;
            let port = listener.local_addr()?.port();
            (listener, format!("{advertised}:{port}"))
        }
    };
    let mut target = TcpStream::connect(job.trim())?;
    target.write_all(format!("GET /fetch/{peer} HTTP/1.1\r\n\r\n").as_bytes())?;
    let (mut caller, _) = listener.accept()?;
    let mut request = [0; 128];
    let length = caller.read(&mut request)?;
    println!(
        "called back: {}",
        String::from_utf8_lossy(&request[..length]).lines().next().unwrap_or_default()
    );
    Ok(())
}
