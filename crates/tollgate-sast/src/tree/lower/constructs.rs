//! Constructs that several grammars build alike.

use tree_sitter::Node as Syntax;

use super::{Kind, Lowering, Open, Role, string_literal, symbol};

impl<'t> Lowering<'t> {
    /// An assignment with the fields `left`, `right` and, where it is not plain, `operator`.
    pub(super) fn assignment(&mut self, node: Syntax<'t>, role: Role) {
        let operator = node.child_by_field_name("operator").map_or("=", |operator| self.text_of(operator));
        let plain = operator == "=";
        let kind = if plain { Kind::Assign } else { Kind::AugAssign };
        self.open(Open::at(kind, role, node).symbol(if plain { 0 } else { symbol(operator) }));
        self.field(node, "left", Role::Left);
        self.field(node, "right", Role::Right);
        self.close();
    }

    /// A string of these parts: a literal, or a template where a part is interpolated.
    pub(super) fn string(
        &mut self,
        node: Syntax<'t>,
        role: Role,
        parts: Vec<Syntax<'t>>,
        interpolated: impl Fn(&Syntax<'t>) -> bool,
    ) {
        if !parts.iter().any(&interpolated) {
            let open = string_literal(self.text_of(node), Open::at(Kind::Str, role, node));
            return self.leaf(open);
        }
        self.open(Open::at(Kind::Template, role, node));
        self.template_parts(&parts, interpolated, |cx, part| {
            cx.open(Open::at(Kind::Interp, Role::Part, part));
            cx.splice(part, Role::Value);
            cx.close();
        });
        self.close();
    }

    /// The parts of a template: what is interpolated, and the text between as one part each, although
    /// grammars split it at escapes.
    pub(super) fn template_parts(
        &mut self,
        parts: &[Syntax<'t>],
        interpolated: impl Fn(&Syntax<'t>) -> bool,
        interpolate: impl Fn(&mut Self, Syntax<'t>),
    ) {
        for run in parts.chunk_by(|a, b| !interpolated(a) && !interpolated(b)) {
            match run {
                [part] if interpolated(part) => interpolate(self, *part),
                [first, .., last] => self.text_part(*first, first.start_byte(), last.end_byte()),
                [part] => self.text_part(*part, part.start_byte(), part.end_byte()),
                [] => {}
            }
        }
    }

    /// Text of a template between two bytes, unless there is none.
    pub(super) fn text_part(&mut self, node: Syntax<'t>, start: usize, end: usize) {
        if let Some(text) = self.source().get(start..end)
            && !text.is_empty()
        {
            let symbol = symbol(text);
            self.leaf(Open::at(Kind::StrPart, Role::Part, node).range(start, end).symbol(symbol));
        }
    }
}
