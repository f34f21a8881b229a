//! Apex: Java's syntax with queries, data statements and sharing modifiers.

pub(super) use super::java::custom;

/// Read after Java's table, whose lines it completes.
pub(super) const TABLE: &str = "
parser_output -> =
modifier -> Modifier text
int, decimal, decimal_floating_point_literal, currency_literal -> Num num
boolean -> Bool text
string_literal, multi_line_string_literal -> Str str
map_creation_expression -> New type:Callee value:Arg
map_initializer -> Dict ..:Pair
map_key_initializer -> Pair ..:Value
safe_navigation_operator -> ~
dml_expression -> Raw op
dml_type, insert, update, upsert, delete, undelete, merge -> Raw text
dml_security_mode -> ~
run_as_statement -> With user:Item ..:Body
trigger_declaration -> Func name:Name body:Body object:~ events:~
trigger_body -> =
type_list -> =
query_expression -> Raw
bound_apex_expression -> Raw
enum_constant -> Declare name:Name +field
";
