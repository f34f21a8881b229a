//! Readers of serialized objects, one for each language, each with a safe twin that reads plain data.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::interpreters::fetch;
use crate::server::{Incoming, Outgoing, Server, html, status};
use crate::{found, scan, settings};

/// What a reader made of a value: something, or an error with its text.
type Outcome = Result<(), String>;

fn failed(text: &str) -> Outcome {
    Err(text.to_owned())
}

/// The rules that fire for a reader behind `/cart` and its twin behind `/cart-safe`. Errors are shown where
/// `verbose`.
fn rules(
    server: &'static str,
    verbose: bool,
    careless: fn(&str) -> Outcome,
    safe: fn(&str) -> Outcome,
) -> Vec<String> {
    let read = move |request: &Incoming, reader: fn(&str) -> Outcome| {
        let (code, body) = match reader(request.get("state").unwrap_or_default()) {
            Ok(()) => (200, "<p>your cart</p>".to_owned()),
            Err(text) if verbose => (500, format!("<pre>{text}</pre>")),
            Err(_) => (500, "<p>something went wrong</p>".to_owned()),
        };
        let headers = vec![("Server".into(), server.into()), ("Content-Type".into(), "text/html".into())];
        Outgoing::Answer { status: code, headers, body }
    };
    let server = Server::start(move |request| match request.path.as_str() {
        "/" => html("<a href='/cart?state=x'>c</a><a href='/cart-safe?state=x'>c</a>"),
        "/cart" => read(request, careless),
        "/cart-safe" => read(request, safe),
        _ => status(404, "no"),
    });
    let mut lines = found(&scan(settings(&server.address)));
    lines.retain(|line| !line.starts_with("stack-trace"));
    lines
}

/// Text between two others.
fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    text.split_once(before)?.1.split_once(after).map(|(inner, _)| inner)
}

const FOUND: [&str; 1] = ["deserialization /cart query state"];

/// Plain data in JSON, of one kind.
fn plain(value: &str) -> Outcome {
    serde_json::from_str::<serde_json::Value>(value).map(drop).map_err(|error| format!("not JSON: {error}"))
}

/// A stream of objects of Java: the class and the block behind it.
fn java_stream(value: &str) -> Result<(String, Vec<u8>), String> {
    let bytes = STANDARD.decode(value).map_err(|_| "illegal base64 character")?;
    let rest = bytes.strip_prefix(b"\xac\xed\0\x05sr").ok_or("invalid stream header")?;
    let length = usize::from(u16::from_be_bytes([rest[0], rest[1]]));
    let class = String::from_utf8_lossy(rest.get(2..2 + length).ok_or("end of file")?).into_owned();
    let block = rest.windows(2).rposition(|part| part == b"pw").ok_or("end of file")?;
    let length = usize::from(rest[block + 2]);
    let data = rest.get(block + 3..block + 3 + length).ok_or("end of file")?.to_vec();
    if rest.get(block + 3 + length) == Some(&b'x') { Ok((class, data)) } else { Err("end of file".into()) }
}

/// Reads any object. One that stands for another asks the machine that has it to keep it.
fn java(value: &str) -> Outcome {
    let (class, block) = java_stream(value)?;
    let reference = block.strip_prefix(b"\0\x0aUnicastRef").ok_or("no such reference")?;
    if class != "java.rmi.server.RemoteObjectInvocationHandler" {
        return failed("no such class");
    }
    let length = usize::from(reference[1]);
    let host = String::from_utf8_lossy(&reference[2..2 + length]).into_owned();
    let (port, id) = reference[2 + length..].split_at(4);
    assert_eq!((&port[..2], id.len()), (&[0, 0][..], 23), "a number, a unique id and a flag");
    let mut stream =
        TcpStream::connect((host, u16::from_be_bytes([port[2], port[3]]))).map_err(|e| e.to_string())?;
    let mut reply = [0; 8];
    let talk = stream.write_all(b"JRMI\0\x02K").and_then(|()| stream.read_exact(&mut reply));
    talk.map_err(|error| error.to_string())?;
    assert_eq!(reply[..4], *b"\x4e\0\x01x", "the greeting is answered with a name");
    let call = [b"\0\x01y\0\0\0\0P\xac\xed\0\x05 ObjID ", &id[..8], b" java.rmi.dgc.Lease"].concat();
    stream.write_all(&call).map_err(|error| error.to_string())?;
    let _ = stream.read(&mut reply);
    failed("class cast")
}

#[test]
fn readers_of_java_are_found() {
    let filtered = |value: &str| java_stream(value).and_then(|_| failed("filter status: REJECTED"));
    assert_eq!(rules("Jetty(11)", false, java, filtered), FOUND);
    // Documents that name their classes.
    let yaml = |value: &str| {
        if value.starts_with("!!javax.script.ScriptEngineManager") {
            between(value, "!!java.net.URL [\"", "\"]").and_then(fetch);
        }
        failed("could not be read")
    };
    assert_eq!(rules("Apache-Coyote/1.1", false, yaml, |_| failed("could not be read")), FOUND);
    let verbose = |value: &str| match STANDARD.decode(value) {
        Ok(bytes) if bytes.starts_with(b"\xac\xed\0\x05") => failed("java.io.EOFException"),
        _ => failed("java.lang.IllegalArgumentException: illegal base64 character"),
    };
    assert_eq!(rules("Jetty(11)", true, verbose, |_| failed("java.lang.IllegalArgumentException")), FOUND);
}

#[test]
fn readers_of_node_are_found() {
    let eager = |value: &str| {
        let value: serde_json::Value = serde_json::from_str(value).map_err(|error| error.to_string())?;
        let functions = value.as_object().into_iter().flatten().filter_map(|(_, value)| value.as_str());
        for code in functions.filter_map(|text| text.strip_prefix("_$$ND_FUNC$$_")) {
            // A function that is called where it stands.
            if code.ends_with("}()") {
                between(code, "require('http').get('", "')").and_then(fetch);
            }
        }
        Ok(())
    };
    assert_eq!(rules("Express", false, eager, plain), FOUND);
}

#[test]
fn readers_of_dotnet_are_found() {
    let objects = |value: &str| {
        let value: serde_json::Value = serde_json::from_str(value).map_err(|error| error.to_string())?;
        let text =
            |pointer: &str| value.pointer(pointer).and_then(serde_json::Value::as_str).unwrap_or_default();
        let known = text("/$type").starts_with("System.Windows.Data.ObjectDataProvider")
            && text("/ObjectInstance/$type").starts_with("System.Net.WebClient")
            && text("/MethodName") == "OpenRead";
        if known {
            fetch(text("/MethodParameters/$values/0"));
        }
        failed("could not be read")
    };
    assert_eq!(rules("Kestrel", false, objects, plain), FOUND);
    // Without that class, as on systems other than Windows, only the error tells.
    let binary = |value: &str| match STANDARD.decode(value) {
        Ok(bytes) if bytes.starts_with(b"\0\x01\0\0\0\xff\xff\xff\xff\x01") => failed(
            "System.Runtime.Serialization.SerializationException: End of Stream encountered before parsing was completed.",
        ),
        _ => failed("System.FormatException: not a valid Base-64 string"),
    };
    // A reader of one kind of objects complains by the same exception.
    let one_kind = |value: &str| {
        plain(value)
            .and_then(|()| failed("Newtonsoft.Json.JsonSerializationException: Error converting value"))
    };
    assert_eq!(rules("Kestrel", true, binary, one_kind), FOUND);
    let named = |value: &str| match between(value, "{\"$type\":\"", "\"}") {
        Some(class) => failed(&format!(
            "Newtonsoft.Json.JsonSerializationException: Error resolving type specified in JSON '{class}'"
        )),
        None => failed("Newtonsoft.Json.JsonReaderException: unexpected character"),
    };
    assert_eq!(rules("Kestrel", true, named, one_kind), FOUND);
}

/// The class of an object as PHP writes it.
fn php_class(value: &str) -> Option<&str> {
    let (length, rest) = value.strip_prefix("O:")?.split_once(':')?;
    let class = rest.strip_prefix('"')?.split('"').next()?;
    let property = between(rest, ":1:{s:", "\";i:1;}")?;
    let (size, name) = property.split_once(":\"")?;
    let sized = |text: &str, size: &str| size.parse() == Ok(text.len());
    (sized(class, length) && sized(name, size)).then_some(class)
}

#[test]
fn readers_of_php_are_found() {
    let objects = |value: &str| match php_class(value) {
        Some("DateTime" | "DateTimeZone") => failed("Invalid serialization data"),
        // A value that cannot be read is an empty one.
        Some(_) | None => Ok(()),
    };
    assert_eq!(rules("PHP/8.2", false, objects, |_| Ok(())), FOUND);
    let encoded = |value: &str| {
        let bytes = base64::engine::general_purpose::URL_SAFE.decode(value).unwrap_or_default();
        match php_class(&String::from_utf8_lossy(&bytes)) {
            Some("DateTime" | "DateTimeZone") => failed("Invalid serialization data"),
            Some(_) | None => Ok(()),
        }
    };
    // A reader that admits no class at all takes every object for the same.
    assert_eq!(rules("PHP/8.2", false, encoded, |_| Ok(())), FOUND);
    let verbose = |value: &str| match php_class(value) {
        None if value.starts_with("O:") => failed("Notice: unserialize(): Error at offset 2 of 20 bytes"),
        _ => Ok(()),
    };
    assert_eq!(rules("PHP/8.2", true, verbose, plain), FOUND);
}

/// What Ruby wrote, without its version.
fn marshalled(value: &str) -> Result<Vec<u8>, String> {
    let bytes = STANDARD.decode(value).map_err(|_| "invalid base64")?;
    Ok(bytes.strip_prefix(b"\x04\x08").ok_or("incompatible marshal file format")?.to_vec())
}

#[test]
fn readers_of_ruby_are_found() {
    let objects = |value: &str| match marshalled(value)?.as_slice() {
        // Short lengths are written five too high.
        [b'"', length, text @ ..] if usize::from(length - 5) == text.len() => Ok(()),
        [b'o', ..] => failed("undefined class/module"),
        _ => failed("dump format error"),
    };
    assert_eq!(rules("puma", false, objects, plain), FOUND);
    // Safe readers of documents name the class that they do not admit.
    let yaml = |value: &str| match between(value, "!ruby/object:", " ") {
        Some(class) => failed(&format!("ArgumentError: undefined class/module {class}")),
        None => Ok(()),
    };
    let safe = |value: &str| match between(value, "!ruby/object:", " ") {
        Some(class) => failed(&format!("Psych::DisallowedClass: Tried to load unspecified class: {class}")),
        None => Ok(()),
    };
    assert_eq!(rules("puma", true, yaml, safe), FOUND);
}

/// A server of Python that ends with its owner.
struct Python {
    child: Child,
    address: String,
}

impl Drop for Python {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const PYTHON: &str = r#"
import base64, json, pickle, sys, urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
READERS = {
    "/cart": lambda value: pickle.loads(value.encode()),
    "/cart-64": lambda value: pickle.loads(base64.urlsafe_b64decode(value)),
    "/cart-safe": json.loads,
}
class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        status, body = 200, "<p>your cart</p>"
        if url.path == "/":
            body = "".join(f"<a href='{path}?state=x'>c</a>" for path in READERS)
        elif url.path in READERS:
            try:
                READERS[url.path](urllib.parse.parse_qs(url.query).get("state", [""])[0])
            except Exception:
                status, body = 500, "<p>something went wrong</p>"
        else:
            status, body = 404, "no"
        self.send_response(status)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())
    def log_message(self, *rest):
        pass
server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
"#;

#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn python() -> Option<Python> {
    let child =
        Command::new("python3").args(["-c", PYTHON]).stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    let Ok(mut child) = child else {
        eprintln!("SKIPPED: python3 is not installed");
        return None;
    };
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("it is piped"))
        .read_line(&mut line)
        .expect("it says where it listens");
    Some(Python { child, address: format!("http://127.0.0.1:{}", line.trim()) })
}

#[test]
fn readers_of_python_are_found() {
    let Some(server) = python() else { return };
    let lines = found(&scan(settings(&server.address)));
    assert_eq!(lines, ["deserialization /cart query state", "deserialization /cart-64 query state"]);
}
