//! Lowering of this language.

use tree_sitter::Node as Syntax;

use super::{Lowering, Role};

pub(super) const TABLE: &str = "
";

pub(super) fn custom<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    cx.raw(node, role);
}
