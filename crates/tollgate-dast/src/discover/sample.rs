//! Values for inputs that nobody gave one: plausible ones, so that requests reach the code behind checks.

/// What is put into an input that takes any text.
pub(super) const PLAIN_TEXT: &str = "tollgate";

const MAIL: &str = "tollgate@example.org";
/// Names below `invalid` lead nowhere (RFC 2606, section 2), should the application fetch the address.
const URL: &str = "http://tollgate.invalid/";

/// A value for an input by its kind, a `type` of HTML or a `format` of JSON Schema, and else by its name.
pub(super) fn sample(name: &str, kind: &str) -> &'static str {
    match kind {
        "email" => MAIL,
        "uri" | "url" => URL,
        "number" | "range" => "1",
        "tel" => "5550100",
        "date" => "2024-01-15",
        "date-time" => "2024-01-15T10:00:00Z",
        "uuid" => "123e4567-e89b-12d3-a456-426614174000",
        "password" => "Tollgate-1",
        "color" => "#336699",
        "checkbox" | "radio" => "on",
        _ => by_name(&name.to_ascii_lowercase()),
    }
}

fn by_name(name: &str) -> &'static str {
    match name {
        "host" | "hostname" => "127.0.0.1",
        "scheme" | "protocol" => "http",
        "path" => "/",
        "url" | "uri" | "link" => URL,
        _ if name.contains("mail") => MAIL,
        _ if name.ends_with("id") || name.contains("num") => "1",
        _ => PLAIN_TEXT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_come_before_names() {
        let cases = [
            ("mail", "text", MAIL),
            ("mail", "number", "1"),
            ("link", "", URL),
            ("callback", "uri", URL),
            ("user_id", "text", "1"),
            ("comment", "text", PLAIN_TEXT),
        ];
        for (name, kind, expected) in cases {
            assert_eq!(sample(name, kind), expected, "{name} {kind}");
        }
    }
}
