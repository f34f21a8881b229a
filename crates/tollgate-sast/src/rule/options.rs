//! What `options:` means.

use crate::generic::comments::Comments;
use crate::matching::PatternOptions;
use crate::rule::syntax::OptionsSyntax;

/// Options of a rule beyond those that change single patterns.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own that rules set by name")]
pub struct RuleOptions {
    /// How patterns match.
    pub patterns: PatternOptions,
    /// How many lines `...` may cross in generic mode.
    pub generic_ellipsis_max_span: u32,
    /// `generic_engine: aliengrep`: brackets balance, lines and their indentation say nothing.
    pub generic_flat: bool,
    /// Whether generic mode ignores case.
    pub generic_caseless: bool,
    /// Whether generic mode matches line by line, with whole-line `...`.
    pub generic_multiline: bool,
    /// Comments that generic mode passes over: `c`, `cpp` or `shell`.
    pub(crate) generic_comments: Option<Comments>,
    /// Whether taint follows calls into other functions; `None` where the rule does not say.
    pub cross_function: Option<bool>,
    /// Calls do not pass taint from arguments to the result.
    pub taint_assume_safe_functions: bool,
    /// A tainted index does not taint the element.
    pub taint_assume_safe_indexes: bool,
    /// Comparisons are not tainted.
    pub taint_assume_safe_comparisons: bool,
    /// Values of a boolean type are not tainted.
    pub taint_assume_safe_booleans: bool,
    /// Values of a number type are not tainted.
    pub taint_assume_safe_numbers: bool,
    /// Only assignments pass taint on.
    pub taint_only_propagate_through_assignments: bool,
    /// Metavariables of source and sink must agree.
    pub taint_unify_mvars: bool,
}

impl RuleOptions {
    pub(crate) fn of(syntax: &OptionsSyntax) -> Self {
        let default = PatternOptions::default();
        let patterns = PatternOptions {
            constant_propagation: syntax.flag("constant_propagation", default.constant_propagation),
            symbolic_propagation: syntax.flag("symbolic_propagation", default.symbolic_propagation),
            text_dots: default.text_dots,
            ac_matching: syntax.flag("ac_matching", default.ac_matching),
            commutative_compop: syntax.flag("commutative_compop", default.commutative_compop),
            commutative_boolop: syntax.flag("commutative_boolop", default.commutative_boolop),
            symmetric_eq: syntax.flag("symmetric_eq", default.symmetric_eq),
            vardef_assign: syntax.flag("vardef_assign", default.vardef_assign),
            flddef_assign: syntax.flag("flddef_assign", default.flddef_assign),
            attr_expr: syntax.flag("attr_expr", default.attr_expr),
            arrow_is_function: syntax.flag("arrow_is_function", default.arrow_is_function),
            let_is_var: syntax.flag("let_is_var", default.let_is_var),
            implicit_ellipsis: syntax.flag("implicit_ellipsis", default.implicit_ellipsis),
            go_deeper_expr: syntax.flag("go_deeper_expr", default.go_deeper_expr),
            implicit_deep_exprstmt: syntax.flag("implicit_deep_exprstmt", default.implicit_deep_exprstmt),
            decorators_order_matters: syntax
                .flag("decorators_order_matters", default.decorators_order_matters),
            xml_singleton_loose_matching: syntax
                .flag("xml_singleton_loose_matching", default.xml_singleton_loose_matching),
            go_deeper_stmt: syntax.flag("go_deeper_stmt", default.go_deeper_stmt),
            implicit_return: syntax.flag("implicit_return", default.implicit_return),
            xml_children_ordered: syntax.flag("xml_children_ordered", default.xml_children_ordered),
            unify_ids_strictly: syntax.flag("unify_ids_strictly", default.unify_ids_strictly),
            xml_attrs_implicit_ellipsis: syntax
                .flag("xml_attrs_implicit_ellipsis", default.xml_attrs_implicit_ellipsis),
        };
        Self {
            patterns,
            generic_ellipsis_max_span: syntax.number("generic_ellipsis_max_span").unwrap_or(10),
            generic_flat: syntax.values.get("generic_engine").is_some_and(|value| value.value == "aliengrep"),
            generic_caseless: syntax.flag("generic_caseless", false),
            generic_multiline: syntax.flag("generic_multiline", true),
            generic_comments: syntax
                .values
                .get("generic_comment_style")
                .and_then(|value| Comments::from_name(&value.value)),
            cross_function: ["interfile", "taint_intrafile"]
                .iter()
                .filter_map(|name| syntax.values.get(*name))
                .map(|value| value.value == "true")
                .next(),
            taint_assume_safe_functions: syntax.flag("taint_assume_safe_functions", false),
            taint_assume_safe_indexes: syntax.flag("taint_assume_safe_indexes", false),
            taint_assume_safe_comparisons: syntax.flag("taint_assume_safe_comparisons", false),
            taint_assume_safe_booleans: syntax.flag("taint_assume_safe_booleans", false),
            taint_assume_safe_numbers: syntax.flag("taint_assume_safe_numbers", false),
            taint_only_propagate_through_assignments: syntax
                .flag("taint_only_propagate_through_assignments", false),
            taint_unify_mvars: syntax.flag("taint_unify_mvars", false),
        }
    }
}
