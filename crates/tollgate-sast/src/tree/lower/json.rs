//! JSON.

use tree_sitter::Node as Syntax;

use super::{Lowering, Role};

pub(super) const TABLE: &str = "
object -> Dict ..:Pair
array -> List ..:Elem
pair -> Pair key:Key value:Value
string -> Str str
number -> Num num
true, false -> Bool text
null -> Null text
";

pub(super) fn custom<'t>(cx: &mut Lowering<'t>, node: Syntax<'t>, role: Role) {
    cx.raw(node, role);
}
