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
        for part in parts {
            let interpolated = interpolated(&part);
            self.string_part(part, interpolated);
        }
        self.close();
    }

    /// A part of a template: what is interpolated, or text.
    pub(super) fn string_part(&mut self, part: Syntax<'t>, interpolated: bool) {
        if interpolated {
            self.open(Open::at(Kind::Interp, Role::Part, part));
            self.splice(part, Role::Value);
            self.close();
        } else {
            let symbol = symbol(self.text_of(part));
            self.leaf(Open::at(Kind::StrPart, Role::Part, part).symbol(symbol));
        }
    }
}
