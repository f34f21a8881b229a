//! The small languages inside a Compose file: variables, durations and command lines.

use std::time::Duration;

use serde_json::Value;

/// Compose durations: `1m30s`, `500ms`, `10s`.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let bad = || format!("`{text}` is no duration");
    let mut whole = Duration::ZERO;
    let mut rest = text.trim();
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(bad)?;
        let (number, tail) = rest.split_at(digits);
        let letters = tail.find(|c: char| c.is_ascii_digit()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(letters);
        let number: u32 = number.parse().map_err(|_| bad())?;
        let one = match unit {
            "us" => Duration::from_micros(1),
            "ms" => Duration::from_millis(1),
            "s" => Duration::from_secs(1),
            "m" => Duration::from_secs(60),
            "h" => Duration::from_secs(3600),
            _ => return Err(bad()),
        };
        whole = whole.saturating_add(one.saturating_mul(number));
        rest = tail;
    }
    Ok(whole)
}

/// Splits a command line the way a shell would, without expanding anything.
pub(super) fn split_line(line: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some('"') | None, '\\') => word.get_or_insert_default().extend(chars.next()),
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    if quote.is_some() {
        return Err(format!("command `{line}` has an open quote"));
    }
    words.extend(word);
    Ok(words)
}

/// Replaces `${NAME}` and its kin in every text.
pub(super) fn interpolate(
    document: &mut Value,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<(), String> {
    let mut waiting = vec![document];
    while let Some(value) = waiting.pop() {
        match value {
            Value::String(text) if text.contains('$') => *text = interpolated(text, variable)?,
            Value::Array(list) => waiting.extend(list.iter_mut()),
            Value::Object(map) => waiting.extend(map.iter_mut().map(|(_, value)| value)),
            _ => {}
        }
    }
    Ok(())
}

fn interpolated(text: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(tail) = rest.strip_prefix('$') {
            out.push('$');
            rest = tail;
        } else if let Some(tail) = rest.strip_prefix('{') {
            let end = tail.find('}').ok_or_else(|| format!("`{text}` has an open `${{`"))?;
            out.push_str(&expanded(&tail[..end], variable)?);
            rest = &tail[end + 1..];
        } else {
            let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
            if end == 0 {
                return Err(format!("`{text}` has a `$` that names nothing; write `$$` for the sign itself"));
            }
            out.push_str(&variable(&rest[..end]).unwrap_or_default());
            rest = &rest[end..];
        }
    }
    out.push_str(rest);
    Ok(out)
}

fn expanded(inner: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<String, String> {
    let end = inner.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(inner.len());
    let (name, operation) = inner.split_at(end);
    let value = variable(name);
    let filled = value.clone().filter(|value| !value.is_empty());
    let colon = operation.starts_with(':');
    let value = if colon { filled } else { value };
    match operation.trim_start_matches(':').split_at_checked(1) {
        None => Ok(value.unwrap_or_default()),
        Some(("-", default)) => Ok(value.unwrap_or_else(|| default.to_owned())),
        Some(("+", other)) => Ok(value.map(|_| other.to_owned()).unwrap_or_default()),
        Some(("?", message)) => value.ok_or_else(|| format!("variable `{name}` is not set: {message}")),
        Some(_) => Err(format!("`${{{inner}}}` is not understood")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_replaced() {
        let check = |text: &str, expected: &str| {
            assert_eq!(interpolated(text, &|name| (name == "A").then(|| "1".to_owned())).unwrap(), expected);
        };
        check("$A-${A}-$$A", "1-1-$A");
        check("${B:-x}${B-y}${A:+z}${B:+z}", "xyz");
        check("none", "none");
    }
}
