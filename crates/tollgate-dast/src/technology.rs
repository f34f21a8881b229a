//! What a target is written in, as far as its answers say so. Payloads made for one language are not sent
//! to another; where nothing is known all are sent.

use crate::message::Answer;

/// A language or platform of servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Technology {
    Dotnet,
    Java,
    Node,
    Php,
    Python,
    Ruby,
}

impl Technology {
    pub(crate) const ALL: [Self; 6] =
        [Self::Dotnet, Self::Java, Self::Node, Self::Php, Self::Python, Self::Ruby];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Dotnet => "dotnet",
            Self::Java => "java",
            Self::Node => "node",
            Self::Php => "php",
            Self::Python => "python",
            Self::Ruby => "ruby",
        }
    }

    /// Names in the headers of an answer that only one of them uses.
    const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Dotnet => &["asp.net", "kestrel"],
            Self::Java => &["tomcat", "jetty", "undertow", "servlet", "jboss", "jsessionid", "coyote"],
            Self::Node => &["express", "next.js", "connect.sid"],
            Self::Php => &["php"],
            Self::Python => {
                &["werkzeug", "python", "gunicorn", "uvicorn", "waitress", "tornadoserver", "cheroot"]
            }
            Self::Ruby => &["puma", "webrick", "passenger", "unicorn/"],
        }
    }

    /// The technology that the headers of an answer name; `None` where they name none or several.
    pub(crate) fn of(answer: &Answer) -> Option<Self> {
        let telling = ["server", "x-powered-by", "set-cookie"];
        let values: Vec<String> = answer
            .headers
            .iter()
            .filter(|(name, _)| telling.contains(&name.as_str()))
            // Of a cookie only the name tells.
            .map(|(name, value)| match value.split_once('=') {
                Some((cookie, _)) if name == "set-cookie" => cookie.to_ascii_lowercase(),
                _ => value.to_ascii_lowercase(),
            })
            .collect();
        let named = |technology: &Self| {
            technology.names().iter().any(|name| values.iter().any(|value| value.contains(name)))
        };
        let mut found = Self::ALL.into_iter().filter(named);
        found.next().filter(|_| found.next().is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_name_the_technology() {
        for (headers, expected) in [
            (vec![("server", "Werkzeug/3.1 Python/3.12")], Some(Technology::Python)),
            (vec![("server", "nginx"), ("set-cookie", "PHPSESSID=x; path=/")], Some(Technology::Php)),
            (vec![("server", "nginx"), ("set-cookie", "id=python; path=/")], None),
            (vec![("server", "gunicorn"), ("x-powered-by", "Express")], None),
        ] {
            let answer = Answer::made_up(&headers, "");
            assert_eq!(Technology::of(&answer), expected, "{headers:?}");
        }
    }
}
