//! Targets whose encryption is wrong in every way known: each is told by name, and nothing is sent to it.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use tollgate_core::DiagnosticLevel;

use crate::server::{Server, html};
use crate::{scan, settings};

/// A server that says what the test wants once somebody connects.
struct Encrypted {
    port: u16,
    requests: Arc<AtomicUsize>,
}

impl Encrypted {
    fn start(config: Option<ServerConfig>, first: &'static [u8]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
        let server =
            Self { port: listener.local_addr().expect("it is bound").port(), requests: Arc::default() };
        let (config, requests) = (config.map(Arc::new), Arc::clone(&server.requests));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (config, requests) = (config.clone(), Arc::clone(&requests));
                thread::spawn(move || serve(stream, config, first, &requests));
            }
        });
        server
    }
}

fn serve(mut stream: TcpStream, config: Option<Arc<ServerConfig>>, first: &[u8], requests: &AtomicUsize) {
    let Some(config) = config else {
        let _ = stream.read(&mut [0; 4_096]);
        let _ = stream.write_all(first);
        return;
    };
    let mut stream =
        StreamOwned::new(ServerConnection::new(config).expect("the test says what is sound"), stream);
    let mut buffer = [0; 4_096];
    while let Ok(read @ 1..) = stream.read(&mut buffer) {
        requests.fetch_add(1, Ordering::SeqCst);
        let _ = read;
        let body = "<p>encrypted</p><a href=/inner>inner</a>";
        let head =
            format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n", body.len());
        if stream.write_all((head + body).as_bytes()).is_err() {
            return;
        }
    }
}

struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    file: tempfile::NamedTempFile,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut parameters =
            CertificateParams::new(Vec::<String>::new()).expect("the test says what is sound");
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        parameters.distinguished_name.push(DnType::CommonName, name);
        let issuer = CertifiedIssuer::self_signed(
            parameters,
            KeyPair::generate().expect("the test says what is sound"),
        )
        .expect("the test says what is sound");
        let mut file = tempfile::NamedTempFile::new().expect("the test says what is sound");
        file.write_all(issuer.pem().as_bytes()).expect("the test says what is sound");
        Self { issuer, file }
    }

    fn path(&self) -> PathBuf {
        self.file.path().to_owned()
    }

    fn certificate(&self, name: &str, last_year: i32) -> ServerConfig {
        let mut parameters =
            CertificateParams::new(vec![name.to_owned()]).expect("the test says what is sound");
        parameters.not_after = rcgen::date_time_ymd(last_year, 1, 1);
        let key = KeyPair::generate().expect("the test says what is sound");
        let certificate = parameters.signed_by(&key, &self.issuer).expect("the test says what is sound");
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .expect("the test says what is sound")
    }
}

#[test]
fn an_authority_that_the_settings_name_is_trusted() {
    let authority = Authority::new("authority of the tests");
    let server = Encrypted::start(Some(authority.certificate("localhost", 2_120)), b"");
    let target = format!("https://localhost:{}/", server.port);
    let refused = scan(settings(&target));
    assert!(!refused.is_complete());
    let diagnostic = refused.diagnostics.iter().find(|one| one.level == DiagnosticLevel::Error).unwrap();
    assert!(diagnostic.message.contains("invalid peer certificate"), "{diagnostic:?}");
    assert!(diagnostic.hint.as_ref().is_some_and(|hint| hint.contains("dast.tls.ca-file")), "{diagnostic:?}");
    assert_eq!(server.requests.load(Ordering::SeqCst), 0, "nothing is said to a server nobody vouches for");

    let mut trusting = settings(&target);
    trusting.active = false;
    trusting.tls.ca_file = Some(authority.path());
    let outcome = scan(trusting);
    assert!(outcome.is_complete(), "{:?}", outcome.diagnostics);
    let rules: Vec<&str> = outcome.findings.iter().map(|finding| finding.rule.as_str()).collect();
    assert!(rules.contains(&"dast.hsts-missing"), "{rules:?}");

    let mut careless = settings(&target);
    careless.active = false;
    careless.tls.verify = false;
    assert!(scan(careless).is_complete());
}

#[test]
fn hosts_with_broken_encryption_are_named_and_the_target_is_scanned() {
    let authority = Authority::new("authority of the tests");
    let other = Authority::new("another authority");
    let hosts = [
        (
            "not-tls",
            Encrypted::start(None, b"HTTP/1.1 400 Bad Request\r\n\r\nthis is no TLS"),
            "corrupt message",
        ),
        ("alert", Encrypted::start(None, b"\x15\x03\x03\x00\x02\x02\x28"), "HandshakeFailure"),
        ("closed", Encrypted::start(None, b""), ""),
        ("cut", Encrypted::start(None, b"\x16\x03\x03\x00\x7a\x02\x00\x00"), ""),
        ("unknown", Encrypted::start(Some(other.certificate("localhost", 2_120)), b""), "UnknownIssuer"),
        ("expired", Encrypted::start(Some(authority.certificate("localhost", 2_020)), b""), "expired"),
        (
            "other-name",
            Encrypted::start(Some(authority.certificate("other.test", 2_120)), b""),
            "not valid for name",
        ),
    ];
    let links: String = hosts
        .iter()
        .map(|(name, host, _)| format!("<a href='https://localhost:{}/{name}'>x</a>", host.port))
        .collect();
    let server = Server::start(move |request| match request.path.as_str() {
        "/" => html(format!("{links}<a href=/fine>f</a>")),
        _ => html("<p>fine</p>"),
    });
    let mut settings = settings(&server.address);
    settings.active = false;
    settings.max_answer = Duration::from_secs(30);
    settings.scope.extra_hosts =
        hosts.iter().map(|(_, host, _)| format!("localhost:{}", host.port)).collect();
    settings.tls.ca_file = Some(authority.path());
    let outcome = scan(settings);
    assert!(server.paths().contains(&"/fine".to_owned()));
    let told: Vec<&str> = (outcome.diagnostics.iter())
        .filter(|diagnostic| diagnostic.level == DiagnosticLevel::Error)
        .map(|diagnostic| diagnostic.message.as_str())
        .collect();
    assert!(told.iter().any(|message| message.starts_with("7 pages brought no answer")), "{told:?}");
    assert!(!told.iter().any(|message| message.contains("stopped answering")), "{told:?}");
    for (name, host, reason) in &hosts {
        assert!(told.iter().any(|message| message.contains(reason)), "{name}: {told:?}");
        assert_eq!(host.requests.load(Ordering::SeqCst), 0, "{name}");
    }
}
