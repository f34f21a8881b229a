//! The words under `languages:`.

use tollgate_core::Language;

use crate::rule::error::Problem;
use crate::rule::reader::{Reader, suggest};
use crate::rule::syntax::RuleLanguage;
use crate::rule::yaml::Node;

/// Languages that rules name and this engine has no grammar for.
const WITHOUT_GRAMMAR: &[&str] = &[
    "cairo",
    "circom",
    "clojure",
    "gosu",
    "hack",
    "jsonnet",
    "julia",
    "lisp",
    "lua",
    "move_on_aptos",
    "move_on_sui",
    "move_on_iota",
    "powershell",
    "promql",
    "proto",
    "protobuf",
    "proto3",
    "ql",
    "r",
    "scheme",
    "vb",
    "visualbasic",
];

/// What one word stands for.
pub(crate) enum Word {
    Known(RuleLanguage),
    WithoutGrammar,
    Unknown,
}

pub(crate) fn of_word(word: &str) -> Word {
    match word {
        "generic" | "spacegrep" | "aliengrep" => Word::Known(RuleLanguage::Generic),
        "regex" | "none" => Word::Known(RuleLanguage::Regex),
        _ => match word.parse::<Language>() {
            Ok(language) => Word::Known(RuleLanguage::Code(language)),
            Err(_) if WITHOUT_GRAMMAR.contains(&&*word.to_ascii_lowercase()) => Word::WithoutGrammar,
            Err(_) => Word::Unknown,
        },
    }
}

/// Reads `languages:`. Languages without a grammar are warnings, so that a pack that also has rules for
/// them still loads.
pub(crate) fn read(reader: &mut Reader<'_>, node: &Node) -> Vec<RuleLanguage> {
    let mut languages = Vec::new();
    for word in reader.strings(node, "`languages`") {
        match of_word(&word.value) {
            Word::Known(language) => {
                if !languages.contains(&language) {
                    languages.push(language);
                }
            }
            Word::WithoutGrammar => {
                let what = format!("the language `{}`", word.value);
                reader.warn(word.place, Problem::Unsupported(what));
            }
            Word::Unknown => unknown(reader, word.place, word.value),
        }
    }
    // TypeScript is JavaScript with types: a rule for the one looks at the other as well.
    let (script, typed) =
        (RuleLanguage::Code(Language::Javascript), RuleLanguage::Code(Language::Typescript));
    if languages.contains(&script) && !languages.contains(&typed) {
        languages.push(typed);
    }
    languages
}

pub(crate) fn read_one(reader: &mut Reader<'_>, node: &Node) -> Option<RuleLanguage> {
    let word = reader.string(node, "`language`")?;
    match of_word(&word) {
        Word::Known(language) => Some(language),
        Word::WithoutGrammar => {
            reader.fault(node.place, Problem::Unsupported(format!("the language `{word}`")));
            None
        }
        Word::Unknown => {
            unknown(reader, node.place, word);
            None
        }
    }
}

fn unknown(reader: &mut Reader<'_>, place: crate::rule::error::Place, word: String) {
    let names = Language::ALL.iter().map(|language| language.name()).chain(["generic", "regex"]);
    let suggestion = suggest(&word, names);
    reader.fault(place, Problem::UnknownWord { what: "language", word, suggestion });
}
