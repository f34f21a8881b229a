//! Findings about a running application.

use std::fmt;

use crate::location::SourceLocation;

/// A flaw that was seen in an answer of the running application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointFinding {
    /// Method of the request that shows it.
    pub method: String,
    /// URL of the request that shows it.
    pub url: String,
    /// Path with its variable parts as `{name}`: the shape that identifies the endpoint.
    pub route: String,
    /// Where the payload went in, if anywhere.
    pub parameter: Option<Parameter>,
    /// Exchanges that prove it, the decisive one first. At least one.
    pub evidence: Vec<Exchange>,
    /// The stretch of the response that decides.
    pub marker: Option<String>,
    /// A `curl` line that replays the decisive request, credentials replaced by variables.
    pub curl: String,
    /// The handler's source once correlated, else the target's definition in the configuration.
    pub source: Option<SourceLocation>,
}

/// A named input of an endpoint.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Parameter {
    /// Where it stands in the request.
    pub place: ParameterPlace,
    /// Its name; for nested JSON a path such as `user.address[0].city`.
    pub name: String,
}

impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.place, self.name)
    }
}

/// Where a parameter stands in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ParameterPlace {
    /// A segment of the path.
    Path,
    /// The query string.
    Query,
    /// An `application/x-www-form-urlencoded` body.
    Form,
    /// A part of a `multipart/form-data` body.
    Multipart,
    /// A JSON body.
    Json,
    /// An XML body.
    Xml,
    /// A request header.
    Header,
    /// A cookie.
    Cookie,
    /// A GraphQL variable or argument.
    Graphql,
}

impl ParameterPlace {
    /// Every place.
    pub const ALL: [Self; 9] = [
        Self::Path,
        Self::Query,
        Self::Form,
        Self::Multipart,
        Self::Json,
        Self::Xml,
        Self::Header,
        Self::Cookie,
        Self::Graphql,
    ];

    /// The lower-case name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Form => "form",
            Self::Multipart => "multipart",
            Self::Json => "json",
            Self::Xml => "xml",
            Self::Header => "header",
            Self::Cookie => "cookie",
            Self::Graphql => "graphql",
        }
    }
}

impl fmt::Display for ParameterPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A request that a script of a page makes, as far as its text tells.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScriptCall {
    /// Method in upper case.
    pub method: String,
    /// Address as written, what is only known at run time as `{name}`.
    pub address: String,
    /// Where the fields stand: query, form or JSON.
    pub place: ParameterPlace,
    /// Names of what is sent along.
    pub fields: Vec<String>,
}

/// A credential in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeakedSecret {
    /// What it is.
    pub name: String,
    /// Where it stands, in bytes of the text.
    pub range: std::ops::Range<usize>,
}

/// A request and what came back, shortened to what matters, credentials redacted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// The request.
    pub request: Request,
    /// The response; `None` when none came, as for a timeout that proves a delay.
    pub response: Option<Response>,
}

/// A request as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Method.
    pub method: String,
    /// Absolute URL.
    pub url: String,
    /// Headers in order.
    pub headers: Vec<(String, String)>,
    /// Body as text, shortened.
    pub body: String,
}

/// A response as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// Status code.
    pub status: u16,
    /// Headers in order.
    pub headers: Vec<(String, String)>,
    /// An excerpt of the body around the marker.
    pub body: String,
}
