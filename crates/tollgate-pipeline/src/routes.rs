//! Finding the route that serves a URL.

use tollgate_core::facts::Route;

/// Routes by the number of their parts.
pub(crate) struct RouteTable<'a> {
    routes: Vec<(Vec<&'a str>, &'a Route)>,
}

impl<'a> RouteTable<'a> {
    pub(crate) fn new(routes: &'a [Route]) -> Self {
        Self { routes: routes.iter().map(|route| (parts(&route.template), route)).collect() }
    }

    /// The route that serves a request: of several that fit, the one with most fixed parts, then the
    /// one that names the method, then the first.
    pub(crate) fn find(&self, method: &str, url: &str) -> Option<&'a Route> {
        let asked = parts(path_of(url));
        self.routes
            .iter()
            .filter(|(_, route)| admits(route, method))
            .filter_map(|(template, route)| {
                let fixed = fixed_parts(template, &asked)?;
                Some((fixed, !route.methods.is_empty(), *route))
            })
            .rev()
            .max_by_key(|(fixed, named, _)| (*fixed, *named))
            .map(|(_, _, route)| route)
    }
}

fn admits(route: &Route, method: &str) -> bool {
    let same = |own: &String| own.eq_ignore_ascii_case(method);
    route.methods.is_empty()
        || route.methods.iter().any(|own| same(own) || (method == "HEAD" && own == "GET"))
}

/// A path template without the names of its parameters: `/users/{id}/` is `/users/{}`.
pub(crate) fn shape(template: &str) -> String {
    let mut out = String::with_capacity(template.len());
    for part in parts(path_of(template)) {
        out.push('/');
        match placeholder(part) {
            Some(true) => out.push_str("{*}"),
            Some(false) => out.push_str("{}"),
            None => out.push_str(part),
        }
    }
    if out.is_empty() { "/".to_owned() } else { out }
}

/// The path of a URL, or of a path with a query.
fn path_of(url: &str) -> &str {
    let rest = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |at| &rest[at..]),
        None => url,
    };
    rest.split(['?', '#']).next().unwrap_or(rest)
}

fn parts(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !part.is_empty()).collect()
}

/// `Some(true)` for a catch-all, `Some(false)` for one part, `None` for fixed text.
fn placeholder(part: &str) -> Option<bool> {
    let name = part.strip_prefix('{')?.strip_suffix('}')?;
    Some(name.ends_with('*'))
}

/// How many fixed parts agree; `None` when the path does not fit the template.
fn fixed_parts(template: &[&str], asked: &[&str]) -> Option<usize> {
    let mut fixed = 0;
    for (index, part) in template.iter().enumerate() {
        match placeholder(part) {
            Some(true) => return Some(fixed),
            Some(false) => {
                asked.get(index)?;
            }
            None => {
                let given = asked.get(index)?;
                if !part_fits(part, given) {
                    return None;
                }
                fixed += 1;
            }
        }
    }
    (template.len() == asked.len()).then_some(fixed)
}

/// Whether a part fits fixed text that may hold a placeholder inside, as in `{name}.json`.
fn part_fits(part: &str, given: &str) -> bool {
    match (part.find('{'), part.rfind('}')) {
        (Some(open), Some(close)) if open < close => {
            let (before, after) = (&part[..open], &part[close + 1..]);
            given.len() > before.len() + after.len() && given.starts_with(before) && given.ends_with(after)
        }
        _ => {
            // A scanner may send a placeholder as it stands when it knows no value.
            part == given || placeholder(given).is_some()
        }
    }
}

#[cfg(test)]
mod tests {
    use tollgate_core::{Region, RepoPath, SourceLocation};

    use super::*;

    fn route(methods: &[&str], template: &str) -> Route {
        Route {
            methods: methods.iter().map(|method| (*method).to_owned()).collect(),
            template: template.to_owned(),
            parameters: Vec::new(),
            handler: SourceLocation::new(RepoPath::new("app.py").unwrap(), Region::line(1)),
            handler_name: None,
            framework: "flask".to_owned(),
            reaches: Vec::new(),
        }
    }

    #[test]
    fn urls_find_their_route() {
        let routes = [
            route(&["GET"], "/users/{id}"),
            route(&["GET"], "/users/me"),
            route(&["POST"], "/users/{id}"),
            route(&[], "/files/{path*}"),
            route(&["GET"], "/"),
            route(&["GET"], "/report/{name}.json"),
        ];
        let table = RouteTable::new(&routes);
        let check = |method: &str, url: &str, expected: Option<usize>| {
            let found = table.find(method, url).map(|found| routes.iter().position(|r| r == found).unwrap());
            assert_eq!(found, expected, "{method} {url}");
        };
        check("GET", "http://localhost:5000/users/7?x=1", Some(0));
        check("GET", "http://localhost/users/me/", Some(1));
        check("POST", "http://localhost/users/7", Some(2));
        check("PUT", "http://localhost/files/a/b/c", Some(3));
        check("GET", "http://localhost", Some(4));
        check("GET", "http://localhost/report/may.json", Some(5));
        check("GET", "http://localhost/users/7/x", None);
        check("DELETE", "http://localhost/users/7", None);
    }

    #[test]
    fn shapes_forget_names() {
        assert_eq!(shape("/users/{id}/"), "/users/{}");
        assert_eq!(shape("http://h/f/{rest*}?q"), "/f/{*}");
        assert_eq!(shape("/"), "/");
    }
}
