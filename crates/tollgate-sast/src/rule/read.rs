//! Reads the rules of one file.

use crate::rule::error::{Place, Problem};
use crate::rule::formula;
use crate::rule::languages;
use crate::rule::library::LISTS;
use crate::rule::reader::{Reader, suggest};
use crate::rule::syntax::{
    At, FixRegexSyntax, Mode, Operator, OptionsSyntax, PathsSyntax, PropagatorSyntax, RequiresSyntax,
    RuleSyntax, SanitizerSyntax, SideEffect, SinkSyntax, SourceSyntax, TaintSyntax,
};
use crate::rule::yaml::{Node, Value};

const RULE: &[&str] = &[
    "id",
    "languages",
    "message",
    "severity",
    "metadata",
    "paths",
    "options",
    "fix",
    "fix-regex",
    "fix_regex",
    "min-version",
    "max-version",
    "mode",
    "match",
    "taint",
    "join",
    "extract",
    "dest-language",
    "transform",
    "reduce",
    "json",
    "project-depends-on",
    "r2c-internal-project-depends-on",
    "validators",
    "secrets",
    "steps",
    "requires",
    "product",
    "version",
    "pattern-sources",
    "pattern-sinks",
    "pattern-sanitizers",
    "pattern-propagators",
];

const SEVERITIES: &[&str] =
    &["ERROR", "WARNING", "INFO", "CRITICAL", "HIGH", "MEDIUM", "LOW", "INVENTORY", "EXPERIMENT"];

/// Options rules may set. Others are warned about, as the public syntax lets them pass.
pub(crate) const OPTIONS: &[&str] = &[
    "ac_matching",
    "arrow_is_function",
    "as_metavariables_in_ellipsis",
    "attr_expr",
    "commutative_boolop",
    "commutative_compop",
    "constant_propagation",
    "cpp_parsing_pref",
    "cpp_parsing_opt",
    "decorators_order_matters",
    "generic_caseless",
    "generic_comment_style",
    "generic_ellipsis_max_span",
    "generic_engine",
    "generic_extra_word_characters",
    "generic_multiline",
    "generic_braces",
    "generic_extra_braces",
    "go_deeper_expr",
    "go_deeper_stmt",
    "implicit_deep_exprstmt",
    "implicit_ellipsis",
    "implicit_return",
    "interfile",
    "let_is_var",
    "symbolic_propagation",
    "symmetric_eq",
    "taint_assume_safe_booleans",
    "taint_assume_safe_comparisons",
    "taint_assume_safe_functions",
    "taint_assume_safe_indexes",
    "taint_assume_safe_numbers",
    "taint_focus_on",
    "taint_intrafile",
    "taint_match_on",
    "taint_only_propagate_through_assignments",
    "taint_unify_mvars",
    "unify_ids_strictly",
    "vardef_assign",
    "flddef_assign",
    "xml_attrs_implicit_ellipsis",
    "xml_children_ordered",
    "xml_singleton_loose_matching",
    "xml_permit_additional_children",
];

/// Reads every rule of a file's tree. Faults stay in the reader.
pub(crate) fn file(reader: &mut Reader<'_>, root: &Node) -> Vec<RuleSyntax> {
    let known = ["rules", "library", "missed", "require", "version"];
    let Value::Mapping(_) = &root.value else {
        reader.shape(root.place, "a rule file", "a mapping with the key `rules`");
        return Vec::new();
    };
    let entries = reader.entries(root, "the rule file", &known);
    let Some((_, _, rules)) = entries.iter().find(|(name, ..)| *name == "rules") else {
        if reader.errors.is_empty() && root.get("library").is_none() {
            reader.missing(root.place, "rules", "the rule file");
        }
        return Vec::new();
    };
    if rules.is_null() {
        return Vec::new();
    }
    let items = reader.items(rules, "`rules`");
    items
        .iter()
        .filter_map(|item| {
            reader.rule = item.get("id").and_then(Node::text).map(str::to_owned);
            reader.uses.clear();
            let rule = rule(reader, item);
            reader.rule = None;
            rule
        })
        .collect()
}

fn rule(reader: &mut Reader<'_>, node: &Node) -> Option<RuleSyntax> {
    let faults = reader.errors.len();
    let known: Vec<&'static str> =
        [RULE, formula::OPERATORS].iter().flat_map(|keys| keys.iter().copied()).collect();
    let entries = reader.entries_besides(node, "a rule", &known, true);
    let entry =
        |key: &str| entries.iter().find(|(name, ..)| *name == key).map(|(_, key, value)| (*key, *value));
    let value = |key: &str| entry(key).map(|(_, value)| value);

    for (key, reason) in [
        ("join", "join mode (`join`)"),
        ("steps", "multi-step rules (`steps`)"),
        ("extract", "`extract`"),
        ("dest-language", "extract mode (`dest-language`)"),
        ("validators", "validation of secrets over the network (`validators`)"),
    ] {
        if let Some((key, _)) = entry(key) {
            reader.fault(key.place, Problem::Unsupported(reason.to_owned()));
        }
    }
    for key in ["id", "message", "severity", "languages"] {
        if value(key).is_none() && reader.errors.len() == faults {
            reader.missing(node.place, key, "a rule");
        }
    }
    let id_node = value("id")?;
    let id = At { place: id_node.place, value: reader.string(id_node, "`id`")? };
    let languages = languages::read(reader, value("languages")?);
    let message = reader.string(value("message")?, "`message`")?;
    let severity = severity(reader, value("severity")?)?;
    let paths = value("paths").map_or_else(PathsSyntax::default, |node| paths(reader, node));
    let options = value("options").map_or_else(OptionsSyntax::default, |node| options(reader, node));
    let fix = value("fix").and_then(|node| reader.string(node, "`fix`"));
    let fix_regex =
        value("fix-regex").or_else(|| value("fix_regex")).and_then(|node| fix_regex(reader, node));
    let mode = mode(reader, node, &entries);
    if reader.errors.len() > faults {
        return None;
    }
    Some(RuleSyntax {
        place: node.place,
        id,
        languages,
        message,
        severity,
        metadata: value("metadata").cloned(),
        paths,
        options,
        fix,
        fix_regex,
        mode: mode?,
        uses: std::mem::take(&mut reader.uses),
    })
}

fn severity(reader: &mut Reader<'_>, node: &Node) -> Option<At<String>> {
    let word = reader.string(node, "`severity`")?;
    let upper = word.trim().to_ascii_uppercase();
    if !SEVERITIES.contains(&&*upper) {
        let suggestion = SEVERITIES
            .iter()
            .find(|known| strsim::damerau_levenshtein(known, &upper) <= 2)
            .map(|known| (*known).to_owned());
        reader.fault(node.place, Problem::UnknownWord { what: "severity", word, suggestion });
        return None;
    }
    Some(At { place: node.place, value: upper })
}

fn paths(reader: &mut Reader<'_>, node: &Node) -> PathsSyntax {
    let mut paths = PathsSyntax::default();
    if node.is_null() {
        return paths;
    }
    for (name, _, value) in reader.entries(node, "`paths`", &["include", "exclude"]) {
        let globs = reader.strings(value, "`paths`");
        if name == "include" { paths.include = globs } else { paths.exclude = globs }
    }
    paths
}

fn options(reader: &mut Reader<'_>, node: &Node) -> OptionsSyntax {
    let mut options = OptionsSyntax::default();
    if node.is_null() {
        return options;
    }
    let Value::Mapping(entries) = &node.value else {
        reader.shape(node.place, "`options`", "a mapping");
        return options;
    };
    for (key, value) in entries {
        let Some(name) = key.text() else { continue };
        if !OPTIONS.contains(&name) {
            let suggestion = suggest(name, OPTIONS.iter().copied());
            let problem = Problem::UnknownKey { key: name.to_owned(), context: "`options`", suggestion };
            reader.warn(key.place, problem);
        }
        let text = match value.boolean() {
            Some(flag) => flag.to_string(),
            None => value.texts().join(","),
        };
        options.values.insert(name.to_owned(), At { place: value.place, value: text });
    }
    options
}

fn fix_regex(reader: &mut Reader<'_>, node: &Node) -> Option<FixRegexSyntax> {
    let context = "`fix-regex`";
    let (mut regex, mut replacement, mut count) = (None, None, None);
    for (name, _, value) in reader.entries(node, context, &["regex", "replacement", "count"]) {
        match name {
            "regex" => regex = reader.text(value, context),
            "replacement" => replacement = reader.string(value, context),
            _ => count = reader.number(value, context),
        }
    }
    match (regex, replacement) {
        (Some(regex), Some(replacement)) => {
            Some(FixRegexSyntax { regex, replacement, count: count.map(|count| count as usize) })
        }
        (None, _) => {
            reader.missing(node.place, "regex", context);
            None
        }
        (_, None) => {
            reader.missing(node.place, "replacement", context);
            None
        }
    }
}

type Entries<'n> = [(&'static str, &'n Node, &'n Node)];

fn mode(reader: &mut Reader<'_>, node: &Node, entries: &Entries<'_>) -> Option<Mode> {
    let entry =
        |key: &str| entries.iter().find(|(name, ..)| *name == key).map(|(_, key, value)| (*key, *value));
    if let Some((_, value)) = entry("mode") {
        match value.text() {
            Some("search" | "taint") => {}
            Some(word @ ("join" | "extract" | "step" | "steps" | "secrets")) => {
                reader.fault(value.place, Problem::Unsupported(format!("the mode `{word}`")));
                return None;
            }
            other => {
                let word = other.unwrap_or_default().to_owned();
                let suggestion = suggest(&word, ["search", "taint"].into_iter());
                reader.fault(value.place, Problem::UnknownWord { what: "mode", word, suggestion });
                return None;
            }
        }
    }
    if let Some((_, value)) = entry("taint") {
        return taint(reader, value, &["sources", "sinks", "sanitizers", "propagators"]);
    }
    if entry("mode").and_then(|(_, value)| value.text()) == Some("taint") {
        return older_taint(reader, node, entries);
    }
    if let Some((_, value)) = entry("match") {
        let formula = formula::read(reader, value, &[])?;
        return search(reader, formula);
    }
    let operators: Vec<_> = entries.iter().filter(|(name, ..)| formula::OPERATORS.contains(name)).collect();
    match operators[..] {
        [] => {
            let reported = reader.errors.iter().any(|error| error.rule == reader.rule);
            if !reported {
                reader.missing(node.place, "pattern", "a rule");
            }
            None
        }
        [(name, key, value)] => {
            // The operator alone, as a mapping of one key, is a formula.
            let alone =
                Node { place: key.place, value: Value::Mapping(vec![((*key).clone(), (*value).clone())]) };
            let formula = formula::read(reader, &alone, &[]);
            let _ = name;
            search(reader, formula?)
        }
        [_, (name, key, _), ..] => {
            let message = format!("`{name}` stands beside another operator; join them under `patterns`");
            reader.fault(key.place, Problem::Senseless(message));
            None
        }
    }
}

fn search(reader: &mut Reader<'_>, formula: crate::rule::syntax::Formula) -> Option<Mode> {
    if let Some(place) = lacks_positive(&formula) {
        let message = "nothing here finds anything: only negatives and conditions".to_owned();
        reader.fault(place, Problem::Senseless(message));
        return None;
    }
    Some(Mode::Search(formula))
}

/// Where a formula stands that only takes away, if there is one.
fn lacks_positive(formula: &crate::rule::syntax::Formula) -> Option<Place> {
    match &formula.operator {
        Operator::Pattern(_) | Operator::Regex(_) => None,
        Operator::Not(_) => Some(formula.place),
        Operator::Inside(inner) | Operator::Anywhere(inner) => lacks_positive(inner),
        Operator::Any(operands) => operands.iter().find_map(lacks_positive),
        Operator::All(operands) => {
            let positives = operands.iter().filter(|operand| !matches!(operand.operator, Operator::Not(_)));
            let mut count = 0;
            for operand in positives {
                count += 1;
                if let Some(place) = lacks_positive(operand) {
                    return Some(place);
                }
            }
            (count == 0).then_some(formula.place)
        }
    }
}

fn older_taint(reader: &mut Reader<'_>, node: &Node, entries: &Entries<'_>) -> Option<Mode> {
    let mut parts = Vec::new();
    for (name, key, value) in entries {
        if LISTS.contains(name) {
            parts.push(((*key).clone(), (*value).clone()));
        } else if formula::OPERATORS.contains(name) {
            let message = format!("`{name}` has no meaning in taint mode");
            reader.fault(key.place, Problem::Senseless(message));
        }
    }
    let alone = Node { place: node.place, value: Value::Mapping(parts) };
    taint(reader, &alone, &LISTS)
}

fn taint(reader: &mut Reader<'_>, node: &Node, keys: &[&'static str; 4]) -> Option<Mode> {
    let faults = reader.errors.len();
    let mut lists: [Vec<Node>; 4] = Default::default();
    let entries = reader.entries(node, "a taint rule", keys);
    for key in &keys[..2] {
        if !entries.iter().any(|(name, ..)| name == key) {
            reader.missing(node.place, key, "a taint rule");
        }
    }
    for (name, _, value) in entries {
        if value.is_null() {
            continue;
        }
        if let Some(list) = keys.iter().position(|key| *key == name) {
            lists[list] = reader.items(value, name).to_vec();
        }
    }
    let taint = items(reader, &lists);
    (reader.errors.len() == faults).then(|| Mode::Taint(Box::new(taint)))
}

/// Reads the items of the four lists; `use` gives way to what it stands for.
pub(crate) fn items(reader: &mut Reader<'_>, lists: &[Vec<Node>; 4]) -> TaintSyntax {
    let mut taint = TaintSyntax::default();
    let library = reader.library;
    for (list, items) in lists.iter().enumerate() {
        for item in items {
            let expanded;
            let meant = if item.get("use").is_some() {
                expanded = library.expand(reader, list, item);
                &expanded[..]
            } else {
                std::slice::from_ref(item)
            };
            for item in meant {
                match list {
                    0 => taint.sources.extend(source(reader, item)),
                    1 => taint.sinks.extend(sink(reader, item)),
                    2 => taint.sanitizers.extend(sanitizer(reader, item)),
                    _ => taint.propagators.extend(propagator(reader, item)),
                }
            }
        }
    }
    taint
}

fn flag(reader: &mut Reader<'_>, node: &Node, key: &str, default: bool) -> bool {
    match node.get(key) {
        Some(value) => reader.boolean(value, key).unwrap_or(default),
        None => default,
    }
}

fn side_effect(reader: &mut Reader<'_>, node: &Node) -> SideEffect {
    match node.get("by-side-effect") {
        None => SideEffect::No,
        Some(value) if value.text() == Some("only") => SideEffect::Only,
        Some(value) => match reader.boolean(value, "`by-side-effect`") {
            Some(true) => SideEffect::Yes,
            _ => SideEffect::No,
        },
    }
}

fn requires(reader: &mut Reader<'_>, node: &Node) -> Option<crate::rule::syntax::Text> {
    let value = node.get("requires")?;
    reader.text(value, "`requires`")
}

fn source(reader: &mut Reader<'_>, node: &Node) -> Option<SourceSyntax> {
    let formula =
        formula::read(reader, node, &["exact", "by-side-effect", "control", "label", "requires", "at-exit"])?;
    Some(SourceSyntax {
        formula,
        exact: flag(reader, node, "exact", false),
        by_side_effect: side_effect(reader, node),
        control: flag(reader, node, "control", false),
        label: node.get("label").and_then(|value| reader.string(value, "`label`")),
        requires: requires(reader, node),
    })
}

fn sink(reader: &mut Reader<'_>, node: &Node) -> Option<SinkSyntax> {
    let formula = formula::read(reader, node, &["exact", "requires", "at-exit", "has-focus", "label"])?;
    let requires = match node.get("requires") {
        None => None,
        Some(value) => match &value.value {
            Value::Sequence(items) => {
                let mut each = Vec::new();
                for item in items {
                    if let Value::Mapping(entries) = &item.value {
                        for (name, condition) in entries {
                            if let (Some(name), Some(text)) =
                                (name.text(), reader.text(condition, "`requires`"))
                            {
                                each.push((name.to_owned(), text));
                            }
                        }
                    } else {
                        reader.shape(item.place, "`requires`", "`$X: EXPRESSION`");
                    }
                }
                Some(RequiresSyntax::Each(each))
            }
            _ => reader.text(value, "`requires`").map(RequiresSyntax::Whole),
        },
    };
    Some(SinkSyntax {
        formula,
        exact: flag(reader, node, "exact", true),
        at_exit: flag(reader, node, "at-exit", false),
        requires,
    })
}

fn sanitizer(reader: &mut Reader<'_>, node: &Node) -> Option<SanitizerSyntax> {
    let besides = ["exact", "by-side-effect", "not_conflicting", "not-conflicting"];
    let formula = formula::read(reader, node, &besides)?;
    Some(SanitizerSyntax {
        formula,
        exact: flag(reader, node, "exact", false),
        by_side_effect: side_effect(reader, node),
        not_conflicting: flag(reader, node, "not_conflicting", false)
            || flag(reader, node, "not-conflicting", false),
    })
}

fn propagator(reader: &mut Reader<'_>, node: &Node) -> Option<PropagatorSyntax> {
    let besides = ["from", "to", "by-side-effect", "label", "replace-labels", "requires"];
    let formula = formula::read(reader, node, &besides)?;
    let end = |reader: &mut Reader<'_>, key: &'static str| match node.get(key) {
        Some(value) => reader.metavariable(value, key),
        None => {
            reader.missing(node.place, key, "a propagator");
            None
        }
    };
    let from = end(reader, "from")?;
    let to = end(reader, "to")?;
    Some(PropagatorSyntax {
        formula,
        from,
        to,
        by_side_effect: flag(reader, node, "by-side-effect", true),
        label: node.get("label").and_then(|value| reader.string(value, "`label`")),
        replace_labels: node.get("replace-labels").map(|value| {
            reader.strings(value, "`replace-labels`").into_iter().map(|label| label.value).collect()
        }),
        requires: requires(reader, node),
    })
}
