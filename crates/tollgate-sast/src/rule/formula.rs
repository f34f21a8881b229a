//! Reads formulas, in the older (`patterns`, `pattern-either`, …) and the newer (`all`, `any`, …) form.

use crate::rule::error::{Place, Problem};
use crate::rule::languages;
use crate::rule::reader::Reader;
use crate::rule::syntax::{Analyzer, At, Condition, Formula, Operator, Test};
use crate::rule::yaml::{Node, Value};

/// Keys that make a formula.
pub(crate) const OPERATORS: &[&str] = &[
    "pattern",
    "patterns",
    "pattern-either",
    "pattern-inside",
    "pattern-not",
    "pattern-not-inside",
    "pattern-regex",
    "pattern-not-regex",
    "pattern-anywhere",
    "pattern-not-anywhere",
    "all",
    "any",
    "not",
    "inside",
    "anywhere",
    "regex",
];

const CONDITIONS: &[&str] = &[
    "metavariable-regex",
    "metavariable-pattern",
    "metavariable-comparison",
    "metavariable-analysis",
    "metavariable-type",
    "focus-metavariable",
];

const REFUSED: &[&str] = &["pattern-where-python", "semgrep-internal-metavariable-name", "metavariable-name"];

/// What else a mapping may hold beside its operator.
const COMPANIONS: &[&str] = &["where", "as", "fix"];

/// Reads a formula from a text (a pattern) or from a mapping that may also have the keys in `besides`.
pub(crate) fn read(reader: &mut Reader<'_>, node: &Node, besides: &[&'static str]) -> Option<Formula> {
    if node.text().is_some() {
        let text = reader.text(node, "a pattern")?;
        return Some(plain(node.place, "pattern", Operator::Pattern(text)));
    }
    let known: Vec<&'static str> = [OPERATORS, CONDITIONS, COMPANIONS, REFUSED, besides]
        .iter()
        .flat_map(|keys| keys.iter().copied())
        .collect();
    let entries = reader.entries(node, "a pattern", &known);
    for (name, key, _) in entries.iter().filter(|(name, ..)| REFUSED.contains(name)) {
        reader.fault(key.place, Problem::Unsupported(format!("`{name}`")));
    }
    let operators: Vec<_> = entries.iter().filter(|(name, ..)| OPERATORS.contains(name)).collect();
    let mut formula = match operators[..] {
        [] => {
            let refused = entries.iter().any(|(name, ..)| REFUSED.contains(name));
            let unknown = reader.errors.last().is_some_and(|error| {
                matches!(error.problem, Problem::UnknownKey { .. })
                    && error.place.is_some_and(|p| p.line >= node.place.line)
            });
            if !refused && !unknown {
                reader.missing(node.place, "pattern", "a formula");
            }
            return None;
        }
        [(name, key, value)] => operator(reader, name, key.place, value)?,
        [_, (name, key, _), ..] => {
            let message =
                format!("`{name}` stands beside another operator; join them under `patterns` or `all`");
            reader.fault(key.place, Problem::Senseless(message));
            return None;
        }
    };
    for (name, key, value) in &entries {
        if *name == "where" {
            read_where(reader, &mut formula, value);
        } else if CONDITIONS.contains(name) {
            // The reference takes no notice of it either.
            let message = format!(
                "`{name}` stands beside an operator and is passed over; put both into a `patterns` list"
            );
            reader.warn(key.place, Problem::Senseless(message));
        }
    }
    Some(formula)
}

fn plain(place: Place, key: &'static str, operator: Operator) -> Formula {
    Formula { place, key, operator, conditions: Vec::new(), focus: Vec::new() }
}

fn operator(reader: &mut Reader<'_>, key: &'static str, place: Place, value: &Node) -> Option<Formula> {
    let boxed =
        |operator: fn(Box<Formula>) -> Operator, inner: Formula| plain(place, key, operator(Box::new(inner)));
    match key {
        "pattern" => {
            if matches!(value.value, Value::Mapping(_)) {
                return read(reader, value, &[]);
            }
            let text = reader.text(value, "`pattern`")?;
            Some(plain(place, key, Operator::Pattern(text)))
        }
        "pattern-regex" | "regex" => {
            let text = reader.text(value, "a regular expression")?;
            Some(plain(place, key, Operator::Regex(text)))
        }
        "pattern-not-regex" => {
            let text = reader.text(value, "a regular expression")?;
            Some(boxed(Operator::Not, plain(value.place, key, Operator::Regex(text))))
        }
        "patterns" | "all" => all(reader, key, place, value),
        "pattern-either" | "any" => any(reader, key, place, value),
        "pattern-not" | "not" => {
            // A text in a map of the newer form is a pattern; of the older form too.
            let inner = read(reader, value, &[])?;
            Some(boxed(Operator::Not, inner))
        }
        "pattern-inside" | "inside" => {
            let inner = read(reader, value, &[])?;
            Some(boxed(Operator::Inside, inner))
        }
        "pattern-not-inside" => {
            let inner = read(reader, value, &[])?;
            Some(boxed(Operator::Not, boxed(Operator::Inside, inner)))
        }
        "pattern-anywhere" | "anywhere" => {
            let inner = read(reader, value, &[])?;
            Some(boxed(Operator::Anywhere, inner))
        }
        "pattern-not-anywhere" => {
            let inner = read(reader, value, &[])?;
            Some(boxed(Operator::Not, boxed(Operator::Anywhere, inner)))
        }
        _ => None,
    }
}

/// `patterns` also holds the conditions; `all` has them under `where`.
fn all(reader: &mut Reader<'_>, key: &'static str, place: Place, value: &Node) -> Option<Formula> {
    let mut formula = plain(place, key, Operator::All(Vec::new()));
    let mut operands = Vec::new();
    let mut faulty = false;
    for item in reader.items(value, "`patterns`") {
        let condition = match &item.value {
            Value::Mapping(entries) => match &entries[..] {
                [(name, value)] => name
                    .text()
                    .and_then(|text| CONDITIONS.iter().copied().find(|known| *known == text))
                    .map(|known| (known, name.place, value)),
                _ => None,
            },
            _ => None,
        };
        match condition {
            Some(("focus-metavariable", _, value)) => focus(reader, &mut formula, value),
            Some((name, place, value)) => match older_condition(reader, name, place, value) {
                Some(condition) => formula.conditions.push(condition),
                None => faulty = true,
            },
            None => match read(reader, item, &[]) {
                Some(operand) => operands.push(operand),
                None => faulty = true,
            },
        }
    }
    if operands.is_empty() && formula.conditions.is_empty() {
        if !faulty {
            reader.shape(place, &format!("`{key}`"), "a list of at least one pattern");
        }
        return None;
    }
    if faulty {
        return None;
    }
    formula.operator = Operator::All(operands);
    Some(formula)
}

fn any(reader: &mut Reader<'_>, key: &'static str, place: Place, value: &Node) -> Option<Formula> {
    let items = reader.items(value, "`pattern-either`");
    let mut operands = Vec::new();
    for item in items {
        let operand = read(reader, item, &[])?;
        if matches!(operand.operator, Operator::Not(_)) {
            let message =
                format!("`{}` finds nothing by itself, so it cannot stand under `{key}`", operand.key);
            reader.fault(operand.place, Problem::Senseless(message));
            return None;
        }
        operands.push(operand);
    }
    if operands.is_empty() {
        reader.shape(place, &format!("`{key}`"), "a list of at least one pattern");
        return None;
    }
    Some(plain(place, key, Operator::Any(operands)))
}

fn focus(reader: &mut Reader<'_>, formula: &mut Formula, value: &Node) {
    let names: Vec<String> = match &value.value {
        Value::Sequence(items) => {
            items.iter().filter_map(|item| reader.metavariable(item, "`focus-metavariable`")).collect()
        }
        _ => reader.metavariable(value, "`focus-metavariable`").into_iter().collect(),
    };
    if !names.is_empty() {
        formula.focus.push(At { place: value.place, value: names });
    }
}

fn older_condition(
    reader: &mut Reader<'_>,
    key: &'static str,
    place: Place,
    value: &Node,
) -> Option<Condition> {
    let test = match key {
        "metavariable-regex" => regex_test(reader, value)?,
        "metavariable-pattern" => pattern_test(reader, value)?,
        "metavariable-comparison" => comparison_test(reader, value)?,
        "metavariable-analysis" => analysis_test(reader, value)?,
        _ => type_test(reader, value)?,
    };
    Some(Condition { place, test })
}

/// `where:` of the newer form: a list of conditions told apart by their keys.
fn read_where(reader: &mut Reader<'_>, formula: &mut Formula, node: &Node) {
    for item in reader.items(node, "`where`") {
        let has = |key: &str| item.get(key).is_some();
        if has("focus") {
            for (_, _, value) in reader.entries(item, "a condition", &["focus"]) {
                focus(reader, formula, value);
            }
            continue;
        }
        let test = if has("comparison") {
            comparison_test(reader, item)
        } else if has("analyzer") {
            analysis_test(reader, item)
        } else if has("type") || has("types") {
            type_test(reader, item)
        } else if has("regex") && has("metavariable") {
            regex_test(reader, item)
        } else {
            pattern_test(reader, item)
        };
        if let Some(test) = test {
            formula.conditions.push(Condition { place: item.place, test });
        }
    }
}

fn regex_test(reader: &mut Reader<'_>, node: &Node) -> Option<Test> {
    let context = "`metavariable-regex`";
    let (mut metavariable, mut regex, mut constants) = (None, None, false);
    for (name, _, value) in reader.entries(node, context, &["metavariable", "regex", "constant-propagation"])
    {
        match name {
            "metavariable" => metavariable = reader.metavariable(value, context),
            "regex" => regex = reader.text(value, context),
            _ => constants = reader.boolean(value, context).unwrap_or_default(),
        }
    }
    let metavariable = required(reader, node, metavariable, "metavariable", context)?;
    let regex = required(reader, node, regex, "regex", context)?;
    Some(Test::Regex { metavariable, regex, constants })
}

fn pattern_test(reader: &mut Reader<'_>, node: &Node) -> Option<Test> {
    let context = "`metavariable-pattern`";
    let metavariable = match node.get("metavariable") {
        Some(value) => reader.metavariable(value, context),
        None => None,
    };
    let metavariable = required(reader, node, metavariable, "metavariable", context)?;
    let language = match node.get("language") {
        Some(value) => Some(languages::read_one(reader, value)?),
        None => None,
    };
    let formula = read(reader, node, &["metavariable", "language"])?;
    Some(Test::Pattern { metavariable, language, formula: Box::new(formula) })
}

fn comparison_test(reader: &mut Reader<'_>, node: &Node) -> Option<Test> {
    let context = "`metavariable-comparison`";
    let (mut named, mut comparison, mut strip, mut base) = (None, None, false, None);
    for (name, _, value) in reader.entries(node, context, &["metavariable", "comparison", "strip", "base"]) {
        match name {
            "metavariable" => named = Some(value),
            "comparison" => comparison = reader.text(value, context),
            "strip" => strip = reader.boolean(value, context).unwrap_or_default(),
            _ => base = reader.number(value, context),
        }
    }
    let comparison = required(reader, node, comparison, "comparison", context)?;
    // It says whose text is read as a number; without that the comparison alone counts.
    let metavariable = named.filter(|_| strip || base.is_some());
    let metavariable = metavariable.and_then(|named| reader.metavariable(named, context));
    Some(Test::Comparison { metavariable, comparison, strip, base })
}

fn analysis_test(reader: &mut Reader<'_>, node: &Node) -> Option<Test> {
    let context = "`metavariable-analysis`";
    let (mut metavariable, mut analyzer) = (None, None);
    for (name, _, value) in reader.entries(node, context, &["metavariable", "analyzer"]) {
        match name {
            "metavariable" => metavariable = reader.metavariable(value, context),
            _ => match value.text() {
                Some("entropy") => analyzer = Some(Analyzer::Entropy),
                Some("entropy_v2") => analyzer = Some(Analyzer::EntropyV2),
                Some("redos") => analyzer = Some(Analyzer::Redos),
                other => {
                    let word = other.unwrap_or_default().to_owned();
                    let suggestion =
                        crate::rule::reader::suggest(&word, ["entropy", "entropy_v2", "redos"].into_iter());
                    reader.fault(value.place, Problem::UnknownWord { what: "analyzer", word, suggestion });
                    return None;
                }
            },
        }
    }
    let metavariable = required(reader, node, metavariable, "metavariable", context)?;
    let analyzer = required(reader, node, analyzer, "analyzer", context)?;
    Some(Test::Analysis { metavariable, analyzer })
}

fn type_test(reader: &mut Reader<'_>, node: &Node) -> Option<Test> {
    let context = "`metavariable-type`";
    let (mut metavariable, mut types) = (None, Vec::new());
    for (name, _, value) in reader.entries(node, context, &["metavariable", "type", "types", "language"]) {
        match name {
            "metavariable" => metavariable = reader.metavariable(value, context),
            "type" => types.extend(reader.text(value, context)),
            "types" => {
                for item in reader.items(value, context) {
                    types.extend(reader.text(item, context));
                }
            }
            _ => {}
        }
    }
    let metavariable = required(reader, node, metavariable, "metavariable", context)?;
    if types.is_empty() {
        reader.missing(node.place, "type", context);
        return None;
    }
    Some(Test::Type { metavariable, types })
}

fn required<T>(
    reader: &mut Reader<'_>,
    node: &Node,
    value: Option<T>,
    key: &'static str,
    context: &'static str,
) -> Option<T> {
    if value.is_none() && node.get(key).is_none() {
        reader.missing(node.place, key, context);
    }
    value
}
