//! Parts of JSON values, taken as far as they have the expected shape.

use serde_json::Value;

/// The member as text; a number or boolean is text too.
pub(crate) fn text(value: &Value, key: &str) -> Option<String> {
    as_text(value.get(key)?)
}

/// The value as text; a number or boolean is text too.
pub(crate) fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// The member as text that is borrowed; other values are none.
pub(crate) fn str_of<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key)?.as_str()
}

/// The member as a list; anything else is an empty one.
pub(crate) fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The member as a whole number, whether written as number or text.
pub(crate) fn int(value: &Value, key: &str) -> Option<i64> {
    match value.get(key)? {
        #[expect(clippy::cast_possible_truncation, reason = "a fraction or overflow saturates")]
        Value::Number(number) => number.as_i64().or_else(|| number.as_f64().map(|float| float as i64)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// The member as an index.
pub(crate) fn index(value: &Value, key: &str) -> Option<usize> {
    int(value, key).and_then(|index| usize::try_from(index).ok())
}

/// The value as a number, whether written as number or text.
pub(crate) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}
