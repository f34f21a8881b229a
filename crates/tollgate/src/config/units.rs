//! Durations, sizes and pairs as users write them.

use std::time::Duration;

use super::syntax::Size;

/// Reads `90s`, `10m`, `1h30m`, `500ms`, `7d`; a plain number is seconds.
///
/// # Errors
/// A message for the user, when the text is no duration.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is no duration such as 90s, 10m, 1h30m or 7d");
    if let Ok(seconds) = text.trim().parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).map_err(|_| wrong());
    }
    let mut total = Duration::ZERO;
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(wrong());
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or_else(wrong)?;
        let number: f64 = rest[..digits].parse().map_err(|_| wrong())?;
        let after = &rest[digits..];
        let unit_end = after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len());
        let factor = match after[..unit_end].trim() {
            "ms" => 0.001,
            "s" | "sec" => 1.0,
            "m" | "min" => 60.0,
            "h" => 3_600.0,
            "d" => 86_400.0,
            "w" => 604_800.0,
            _ => return Err(wrong()),
        };
        total += Duration::try_from_secs_f64(number * factor).map_err(|_| wrong())?;
        rest = &after[unit_end..];
    }
    Ok(total)
}

/// Reads a number of bytes: `500KB`, `5MB`, `1GB`, `4MiB`, or a plain number.
///
/// # Errors
/// A message for the user, when the text is no size.
pub(crate) fn size(size: &Size) -> Result<u64, String> {
    let text = match size {
        Size::Bytes(bytes) => return Ok(*bytes),
        Size::Text(text) => text.trim(),
    };
    let wrong = || format!("`{text}` is no size such as 500KB, 5MB or 1GiB");
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number: u64 = text[..digits].parse().map_err(|_| wrong())?;
    let factor = match text[digits..].trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" => 1_000,
        "kib" => 1 << 10,
        "m" | "mb" => 1_000_000,
        "mib" => 1 << 20,
        "g" | "gb" => 1_000_000_000,
        "gib" => 1 << 30,
        _ => return Err(wrong()),
    };
    number.checked_mul(factor).ok_or_else(wrong)
}

/// Reads `2/5`: the second of five.
///
/// # Errors
/// A message for the user, when the text is no shard.
pub(crate) fn shard(text: &str) -> Result<(u32, u32), String> {
    let wrong = || format!("`{text}` is no shard such as 2/5");
    let (index, count) = text.split_once('/').ok_or_else(wrong)?;
    let index = index.trim().parse().map_err(|_| wrong())?;
    let count = count.trim().parse().map_err(|_| wrong())?;
    if (1..=count).contains(&index) { Ok((index, count)) } else { Err(wrong()) }
}

/// Reads `high=3`.
///
/// # Errors
/// A message for the user, when the text is no such pair.
pub(crate) fn severity_limit(text: &str) -> Result<(String, i64), String> {
    let wrong = || format!("`{text}` is no limit such as medium=20");
    let (severity, limit) = text.split_once('=').ok_or_else(wrong)?;
    let limit: u32 = limit.trim().parse().map_err(|_| wrong())?;
    Ok((severity.trim().to_ascii_lowercase(), i64::from(limit)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_durations_and_sizes() {
        assert_eq!(duration("1h30m"), Ok(Duration::from_secs(5_400)));
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("90"), Ok(Duration::from_secs(90)));
        assert!(duration("soon").is_err());
        assert!(duration("").is_err());
        assert!(duration("1e300s").is_err());
        assert_eq!(size(&Size::Text("5MB".to_owned())), Ok(5_000_000));
        assert!(size(&Size::Text("99999999999GB".to_owned())).is_err());
        assert_eq!(shard("2/5"), Ok((2, 5)));
        assert!(shard("6/5").is_err() && shard("0/5").is_err());
        assert_eq!(severity_limit("High=3"), Ok(("high".to_owned(), 3)));
    }
}
