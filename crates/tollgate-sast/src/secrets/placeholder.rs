//! Values that stand where a secret would but are none: placeholders, references, examples.

const WORDS: [&str; 34] = [
    "example",
    "sample",
    "dummy",
    "placeholder",
    "changeme",
    "change_me",
    "change-me",
    "your_",
    "your-",
    "yourkey",
    "yourtoken",
    "yoursecret",
    "yourpassword",
    "insert",
    "replace",
    "redacted",
    "removed",
    "xxxx",
    "****",
    "....",
    "<",
    "${",
    "{{",
    "$(",
    "%(",
    "%s",
    "#{",
    "todo",
    "fixme",
    "foobar",
    "lorem",
    "deadbeef",
    "0123456789",
    "not-a-real",
];

/// Whether a value is a stand-in rather than a secret.
pub(super) fn is_placeholder(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    WORDS.iter().any(|word| lower.contains(word)) || is_monotonous(value) || is_sequence(&lower)
}

/// Few distinct characters for its length, or one long run of the same.
fn is_monotonous(value: &str) -> bool {
    let mut distinct: Vec<char> = value.chars().collect();
    let length = distinct.len();
    let longest_run = distinct.chunk_by(|a, b| a == b).map(<[char]>::len).max().unwrap_or(0);
    distinct.sort_unstable();
    distinct.dedup();
    length == 0 || distinct.len() * 6 < length.min(48) || longest_run * 2 > length || longest_run >= 8
}

/// Letters or digits in order for most of the value, such as `abcdefgh1234`.
fn is_sequence(value: &str) -> bool {
    let bytes = value.as_bytes();
    let ascending = bytes.windows(2).filter(|pair| pair[1] == pair[0].wrapping_add(1)).count();
    bytes.len() >= 6 && ascending * 10 >= (bytes.len() - 1) * 6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_stand_ins_from_values() {
        for stand_in in [
            "your_api_key",
            "xxxxxxxxxxxxxxxx",
            "${TOKEN}",
            "aaaaaaaaaaaaaaaaaaaa",
            "abcdefghijkl",
            "{{ token }}",
        ] {
            assert!(is_placeholder(stand_in), "{stand_in}");
        }
        for value in ["k9Qz27LmPw3XvB8tRsYh", "f3a9c1d47be8026d5a1c"] {
            assert!(!is_placeholder(value), "{value}");
        }
    }
}
