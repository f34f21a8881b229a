//! Cookies of one user. Hosts are not told apart: the scope admits one application.

use crate::message::Answer;
use crate::scope::InScopeUrl;

/// A cookie as the target set it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Cookie {
    name: String,
    value: String,
    path: String,
}

/// The cookies of a user, in the order they came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Jar {
    cookies: Vec<Cookie>,
}

/// Cookies kept at most, against a target that sets them without end.
const MAX_COOKIES: usize = 4_000;

/// Longest name and value that are kept, as in browsers.
const LONGEST_COOKIE: usize = 4_096;

impl Jar {
    pub(crate) fn store(&mut self, url: &InScopeUrl, answer: &Answer) {
        for line in answer.header_all("set-cookie") {
            let mut parts = line.split(';');
            let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else { continue };
            let mut path = default_path(url);
            let mut expired = value.trim().is_empty();
            for attribute in parts {
                let (key, value) = attribute.split_once('=').unwrap_or((attribute, ""));
                match key.trim().to_ascii_lowercase().as_str() {
                    "path" if value.trim().starts_with('/') => path = value.trim().to_owned(),
                    "max-age" => expired |= value.trim().parse::<i64>().is_ok_and(|age| age <= 0),
                    "expires" => expired |= value.contains("1970"),
                    _ => {}
                }
            }
            let name = name.trim().to_owned();
            self.cookies.retain(|cookie| cookie.name != name || cookie.path != path);
            let fits = name.len() + value.trim().len() <= LONGEST_COOKIE;
            if !expired && fits && self.cookies.len() < MAX_COOKIES {
                self.cookies.push(Cookie { name, value: value.trim().to_owned(), path });
            }
        }
    }

    /// Cookies for an address, those with the longest path first.
    pub(crate) fn cookies_for(&self, url: &InScopeUrl) -> Vec<(String, String)> {
        let path = url.url().path();
        let fits = |cookie: &&Cookie| {
            let own = cookie.path.trim_end_matches('/');
            path.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let mut found: Vec<&Cookie> = self.cookies.iter().filter(fits).collect();
        found.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        found.into_iter().map(|cookie| (cookie.name.clone(), cookie.value.clone())).collect()
    }
}

fn default_path(url: &InScopeUrl) -> String {
    let path = url.url().path();
    match path.rfind('/') {
        Some(0) | None => "/".into(),
        Some(at) => path[..at].to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::Scope;
    use crate::settings::ScopeSettings;

    #[test]
    fn cookies_keep_to_their_paths_and_expire() {
        let scope = Scope::new(&"http://app.test/".parse().unwrap(), &ScopeSettings::default()).unwrap();
        let url = |path: &str| scope.admit(&format!("http://app.test{path}").parse().unwrap()).unwrap();
        let answer = |lines: &[&str]| {
            let headers: Vec<(&str, &str)> = lines.iter().map(|line| ("set-cookie", *line)).collect();
            Answer::made_up(&headers, "")
        };
        let mut jar = Jar::default();
        jar.store(&url("/a/b"), &answer(&["x=1; Path=/", "y=2", "z=3; path=/other"]));
        let names = |jar: &Jar, path: &str| -> Vec<String> {
            jar.cookies_for(&url(path)).into_iter().map(|(name, _)| name).collect()
        };
        assert_eq!(names(&jar, "/a/c"), ["y", "x"]);
        assert_eq!(names(&jar, "/ab"), ["x"]);
        jar.store(&url("/"), &answer(&["x=; Max-Age=0; Path=/"]));
        assert_eq!(names(&jar, "/ab"), Vec::<String>::new());
    }
}
