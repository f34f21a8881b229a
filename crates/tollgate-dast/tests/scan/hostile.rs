//! Targets that try to hold the scanner up or lead it astray.

use std::io::Write;
use std::sync::LazyLock;
use std::time::Duration;

use crate::server::{Outgoing, Server, html, redirect, status};
use crate::{scan, settings};

/// What a trap does, and what the report must say about it.
type Trap = (&'static str, fn() -> Outgoing, Option<&'static str>);

fn raw(bytes: &'static [u8]) -> Outgoing {
    Outgoing::ByHand(Box::new(move |stream| {
        let _ = stream.write_all(bytes);
    }))
}

fn again(first: &'static [u8], then: &'static [u8], pause: Duration) -> Outgoing {
    Outgoing::ByHand(Box::new(move |stream| {
        let mut more = stream.write_all(first).is_ok();
        while more {
            std::thread::sleep(pause);
            more = stream.write_all(then).is_ok();
        }
    }))
}

fn packed(encoding: &str, bytes: &'static [u8]) -> Outgoing {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: {encoding}\r\nContent-Length: {}\r\n\r\n",
        bytes.len()
    );
    Outgoing::ByHand(Box::new(move |stream| {
        let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(bytes));
    }))
}

/// An answer that is small on the wire and huge when unpacked. It is packed before anybody asks for it.
fn bomb(encoding: &'static str, packed: &'static LazyLock<Vec<u8>>) -> Outgoing {
    self::packed(encoding, packed)
}

static UNPACKED: [u8; 1 << 20] = [b'a'; 1 << 20];

/// How often that stands in a bomb.
const TIMES: usize = 64;

static GZIP: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    (0..TIMES).for_each(|_| encoder.write_all(&UNPACKED).expect("a vector takes everything"));
    encoder.finish().expect("a vector takes everything")
});

static DEFLATE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    (0..TIMES).for_each(|_| encoder.write_all(&UNPACKED).expect("a vector takes everything"));
    encoder.finish().expect("a vector takes everything")
});

/// Four runs of 16 MiB.
static BROTLI: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let runs = "cfffff7ff825c2e2b14020f7fe9ffffffff04b00c4610180eefd3fffffffe1970088c32200ddfbfffcffffc72f0110870500baf7ff";
    let byte = |at: usize| u8::from_str_radix(&runs[at..at + 2], 16).expect("the digits are literals");
    (0..runs.len()).step_by(2).map(byte).collect()
});

/// A frame with blocks of one byte repeated 128 KiB often.
static ZSTD: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let block = |last: u32| ((128 << 10 << 3 | 1 << 1 | last).to_le_bytes()[..3].to_vec(), b'a');
    let blocks = (0..TIMES * 8).map(|n| block(u32::from(n + 1 == TIMES * 8)));
    let blocks = blocks.flat_map(|(head, byte)| head.into_iter().chain([byte]));
    b"\x28\xb5\x2f\xfd\0\x58".iter().copied().chain(blocks).collect()
});

/// A frame that asks for more memory than anyone should give it.
static ZSTD_WINDOW: LazyLock<Vec<u8>> = LazyLock::new(|| b"\x28\xb5\x2f\xfd\0\xf8\x0b\0\0a".to_vec());

const LONG: Option<&str> = Some("went on past 1 MiB");
const SLOW: Option<&str> = Some("did not end in time");
const BROKEN: Option<&str> = Some("broke off");
const SILENT: Option<&str> = Some("brought no answer");
const FOREIGN: Option<&str> = Some("an encoding that was not asked for");

const DRIP: Duration = Duration::from_millis(100);

const TRAPS: &[Trap] = &[
    (
        "endless-body",
        || {
            let head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n";
            // In pieces large enough that a busy machine gets to the limit in time.
            let chunk = format!("2000\r\n{}\r\n", "<p>more ".repeat(1_024)).into_bytes();
            again(head, chunk.leak(), Duration::ZERO)
        },
        LONG,
    ),
    (
        "gigabyte",
        || again(b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n", &[b'x'; 1 << 14], Duration::ZERO),
        LONG,
    ),
    ("gzip-bomb", || bomb("gzip", &GZIP), LONG),
    ("deflate-bomb", || bomb("deflate", &DEFLATE), LONG),
    ("brotli-bomb", || bomb("br", &BROTLI), LONG),
    ("zstd-bomb", || bomb("zstd", &ZSTD), LONG),
    ("zstd-window", || bomb("zstd", &ZSTD_WINDOW), BROKEN),
    ("brotli", || packed("br", b"\x8b\x0b\x80<a href=/by-brotli>x</a>\x03"), None),
    ("zstd", || packed("zstd", b"\x28\xb5\x2f\xfd\x20\x16\xb1\x00\x00<a href=/by-zstd>x</a>"), None),
    ("no-brotli", || packed("br", b"\xff\xff not brotli"), BROKEN),
    ("compress", || packed("compress", b"\x1f\x9d\x90a"), FOREIGN),
    ("twice", || packed("gzip, gzip", b"\x1f\x8b"), FOREIGN),
    (
        "no-gzip",
        || raw(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\nnot gzip!"),
        BROKEN,
    ),
    ("slow-body", || again(b"HTTP/1.1 200 OK\r\nContent-Length: 40000\r\n\r\n", b"x", DRIP), SLOW),
    ("slow-head", || again(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x", DRIP), SILENT),
    ("only-informed", || again(b"", b"HTTP/1.1 102 Processing\r\n\r\n", DRIP), SILENT),
    (
        "bad-chunk",
        || raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nnever\r\n0\r\n\r\n"),
        BROKEN,
    ),
    (
        "huge-chunk",
        || raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nnever\r\n"),
        BROKEN,
    ),
    ("too-short", || raw(b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\nshort"), BROKEN),
    ("too-long", || raw(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nmuch more than that"), None),
    ("two-lengths", || raw(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 9\r\n\r\nmuch"), SILENT),
    ("no-http", || raw(b"\x00\xff\x13 not http at all\r\n\r\n"), SILENT),
    ("no-status", || raw(b"HTTP/1.1 9999999 OK\r\n\r\n"), SILENT),
    ("headers", || again(b"HTTP/1.1 200 OK\r\n", b"X-Flood: flood\r\n", Duration::ZERO), SILENT),
    ("header-line", || again(b"HTTP/1.1 200 OK\r\nX-Long: ", &[b'x'; 1 << 14], Duration::ZERO), SILENT),
    (
        "bytes",
        || {
            raw(b"HTTP/1.1 200 OK\r\nX-\xff: \xfe\r\nContent-Type: text/html; charset=\xff\r\nContent-Length: 4\r\n\r\n\xff\xfe<\xc3")
        },
        None,
    ),
    ("circle", || redirect("/circle-2"), Some("redirect in a circle")),
    ("circle-2", || redirect("/circle"), Some("redirect in a circle")),
    ("nowhere", || redirect("http://[broken/\u{0}"), None),
    ("deep-page", || html("<div>".repeat(100_000)), Some("nest deeper than is read")),
    (
        "deep.json",
        || Outgoing::Answer {
            status: 200,
            headers: vec![("Content-Type".into(), "application/json".into())],
            body: "{\"openapi\":".to_owned() + &"[".repeat(100_000),
        },
        None,
    ),
    (
        "many-links",
        // All lead to one page, so that they do not use up the budget of this test.
        || html("<a href='/fine?'>x</a>".repeat(100_000)),
        Some("have more links than are followed"),
    ),
    ("ever/deeper", || html("<a href='deeper/'>x</a>"), Some("repeat a part of their path without end")),
    ("calendar", || html("<a href='/calendar?year=1'>next</a>"), None),
];

#[test]
fn traps_are_named_and_everything_else_is_scanned() {
    let year = std::sync::atomic::AtomicUsize::new(1);
    [&GZIP, &DEFLATE].into_iter().for_each(|packed| assert!(packed.len() < UNPACKED.len()));
    let server = Server::start(move |request| {
        let path = request.path.trim_start_matches('/');
        match TRAPS.iter().find(|(name, ..)| *name == path) {
            Some(("calendar", ..)) => {
                let next = year.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                html(format!(
                    "<a href='/calendar?year={next}'>next</a><a href='/calendar/{next}/1'>month</a>"
                ))
            }
            Some((_, trap, _)) => trap(),
            None if path.starts_with("ever/deeper") => html("<a href='deeper/'>x</a>"),
            None if path.is_empty() => {
                let links: String =
                    TRAPS.iter().map(|(name, ..)| format!("<a href='/{name}'>x</a>")).collect();
                html(format!("{links}<a href='/fine'>x</a>"))
            }
            None if path.starts_with("calendar") => html("<p>a month"),
            None if path == "fine" => status(500, "Traceback (most recent call last):\n"),
            None => status(404, "no"),
        }
    });
    let mut settings = settings(&server.address);
    settings.active = false;
    settings.max_pages = 200;
    settings.max_answer = Duration::from_secs(6);
    let outcome = scan(settings);
    let told: Vec<&str> = outcome.diagnostics.iter().map(|diagnostic| diagnostic.message.as_str()).collect();
    for (name, _, words) in TRAPS {
        let place = format!("{}/{name}", server.address);
        let named =
            |message: &&&str| words.is_some_and(|words| message.contains(words)) && message.contains(&place);
        assert_eq!(told.iter().filter(named).count(), usize::from(words.is_some()), "{name}: {told:#?}");
        assert!(server.paths().contains(&format!("/{name}")), "{name} was not asked for");
    }
    assert!(!outcome.is_complete(), "pages without an answer were not looked at");
    assert!(server.hits() < 120, "{}", server.hits());
    for path in ["/by-brotli", "/by-zstd"] {
        assert!(server.paths().contains(&path.to_owned()), "{path} was not read");
    }
    assert!(crate::found(&outcome).contains(&"stack-trace /fine".to_owned()), "{:?}", crate::found(&outcome));
}

#[test]
fn endless_pages_end_with_the_page_budget() {
    let server = Server::start(|request| {
        let here = request.path.trim_matches('/').to_owned();
        html(format!("<a href='/{here}a/'>a</a><a href='/{here}b/'>b</a><a href='?p={here}'>p</a>"))
    });
    let mut settings = settings(&server.address);
    settings.active = false;
    settings.max_pages = 50;
    settings.max_depth = 1_000;
    let outcome = scan(settings);
    assert!(server.hits() < 80);
    assert!(!outcome.is_complete(), "a crawl that was cut short is incomplete");
}

#[test]
fn a_hundred_thousand_links_are_followed_as_far_as_the_budget_goes() {
    let server = Server::start(|request| match request.path.as_str() {
        "/" => html((0..100_000).map(|n| format!("<a href='/p{n}x'>x</a>")).collect::<String>()),
        _ => html("page"),
    });
    let mut settings = settings(&server.address);
    settings.active = false;
    settings.max_pages = 60;
    let outcome = scan(settings);
    let told: Vec<&str> = outcome.diagnostics.iter().map(|diagnostic| diagnostic.message.as_str()).collect();
    assert!(told.contains(&"the crawl was cut short: more than 60 pages"), "{told:?}");
    assert!(told.iter().any(|message| message.contains("have more links than are followed")), "{told:?}");
    assert!(server.hits() <= 70, "{}", server.hits());
}

#[test]
fn a_target_that_is_not_there_or_dies_is_never_clean() {
    let outcome = scan(settings("http://127.0.0.1:9/"));
    assert!(!outcome.is_complete());
    let server = Server::start(|_| {
        Outgoing::ByHand(Box::new(|stream| {
            let _ = stream.shutdown(std::net::Shutdown::Both);
        }))
    });
    assert!(!scan(settings(&server.address)).is_complete());
}

#[test]
fn a_refused_login_is_never_clean() {
    use tollgate_dast::{AuthMethod, Indicators, Secret, UserAuth};
    let server = Server::start(|request| match request.path.as_str() {
        "/login" => {
            html("<form method=post><input name=u><input type=password name=p></form> please sign in")
        }
        _ => html("please sign in"),
    });
    let mut settings = settings(&server.address);
    settings.active = false;
    settings.auth.push(UserAuth {
        name: "ann".into(),
        method: AuthMethod::Form {
            page: "/login".into(),
            username: Secret::Value("ann".into()),
            password: Secret::Value("wrong".into()),
            username_field: None,
            password_field: None,
        },
        indicators: Indicators { logged_out: Some("please sign in".into()), ..Indicators::default() },
    });
    assert!(!scan(settings).is_complete());
}

#[test]
fn without_consent_no_payload_is_sent() {
    let server =
        Server::start(|_| html("<a href='/?q=1'>q</a><form method=post action=/save><input name=a></form>"));
    let mut settings = settings(&server.address);
    settings.active = false;
    scan(settings);
    assert!(server.paths().iter().all(|path| !path.contains("save") && !path.contains('\'')));
    assert!(server.hits() < 10);
}
