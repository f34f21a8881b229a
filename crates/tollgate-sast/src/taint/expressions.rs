//! The values of expressions of single kinds: fields, elements, operators, comprehensions.

use tollgate_core::Language;

use super::engine::Engine;
use super::state::Taints;
use crate::tree::{Kind, NodeId, Role, symbol};

impl Engine<'_> {
    pub(super) fn comprehension(&mut self, id: NodeId) -> Taints {
        let tree = self.tree;
        let clauses: Vec<NodeId> =
            tree.children(id).filter(|child| tree.node(*child).kind == Kind::CompFor).collect();
        for clause in &clauses {
            self.eval(*clause);
        }
        let mut all = Taints::none();
        for child in tree.children(id).filter(|child| !clauses.contains(child)) {
            let value = self.eval(child);
            if !matches!(tree.node(child).role, Role::Filter | Role::Cond) {
                all.join(&value);
            }
        }
        all
    }

    /// Whether a construct without a lowering binds names: `if let`, `guard let`.
    pub(super) fn binds(&self, id: NodeId) -> bool {
        let text = self.file.node_text(id);
        match self.file.language() {
            Language::Rust => text.starts_with("let "),
            Language::Swift => {
                let words = ["if let ", "if var ", "guard let ", "guard var ", "while let "];
                words.iter().any(|word| text.starts_with(word))
            }
            _ => false,
        }
    }

    pub(super) fn bindings(&mut self, id: NodeId) -> Taints {
        let tree = self.tree;
        let children: Vec<NodeId> = tree.children(id).collect();
        let mut all = Taints::none();
        if self.file.language() == Language::Rust {
            if let [pattern, value] = children[..] {
                all = self.eval(value);
                self.assign(pattern, Some(value), &all.clone());
            }
            return all;
        }
        let mut at = 0;
        while at < children.len() {
            let is_let = matches!(self.file.node_text(children[at]), "let" | "var");
            if is_let && at + 2 < children.len() {
                let value = self.eval(children[at + 2]);
                self.assign(children[at + 1], Some(children[at + 2]), &value);
                at += 3;
                continue;
            }
            all.join(&self.eval(children[at]));
            at += 1;
        }
        all
    }

    pub(super) fn is_value_only(&self, id: NodeId) -> bool {
        let key = self.tree.child(id, Role::Key);
        self.tree.node(id).kind == Kind::KwArg
            || key.is_some_and(|key| self.tree.node(key).kind == Kind::Name && self.has_bare_keys())
    }

    /// Whether what a value is made into is safe for the rule.
    pub(super) fn is_cast_safe(&self, id: NodeId) -> bool {
        let Some(type_node) = self.tree.child(id, Role::Type) else { return false };
        let name = self.file.node_text(type_node);
        self.options.taint_assume_safe_numbers && is_number(name)
            || self.options.taint_assume_safe_booleans && self.types.contains(&symbol(name))
    }

    pub(super) fn member(&mut self, id: NodeId) -> Taints {
        let Some(object) = self.tree.child(id, Role::Object) else {
            let read = self.read(id);
            return self.all(id).with(&read);
        };
        let whole = self.eval(object);
        self.object = Some((object, whole.clone()));
        let Some((place, _)) = self.place(id) else {
            let property = self.tree.child(id, Role::Property).map(|own| self.tree.node(own).symbol);
            return property.and_then(|own| self.result_part(object, &[own], &whole)).unwrap_or(whole);
        };
        let mut value = self.state.read(&place);
        // `items.first` reads any element.
        if let Some((list, _)) = self.place(object)
            && self.state.containers.contains_key(&list)
            && self.tree.child(id, Role::Property).is_some_and(|own| {
                matches!(
                    self.file.node_text(own),
                    "first" | "last" | "single" | "values" | "entries" | "reversed"
                )
            })
        {
            value.join(&self.state.read(&list));
        }
        self.by_itself(object, &mut value);
        self.typed(id, value)
    }

    /// What an object is by itself, rather than by what was stored in it, holds for its parts.
    pub(super) fn by_itself(&self, object: NodeId, value: &mut Taints) {
        let mut at = Some(object);
        while let Some(inner) = at {
            let span = self.file.span(inner);
            if self.matches.is_clean(self.query, span) {
                break;
            }
            value.join(&self.fresh(inner, &Taints::none()));
            at = match self.tree.node(inner).kind {
                Kind::Member | Kind::Index => self.tree.child(inner, Role::Object),
                _ => None,
            };
        }
    }

    /// A value without its taint where the rule takes its type, numbers or booleans, for safe.
    pub(super) fn typed(&self, id: NodeId, value: Taints) -> Taints {
        let options = self.options;
        if value.is_empty() || !(options.taint_assume_safe_booleans || options.taint_assume_safe_numbers) {
            return value;
        }
        let known = match self.tree.node(id).kind {
            Kind::Call => self.result_type(id).map(str::to_owned),
            _ => self.file.declared_type(id),
        };
        let Some(declared) = known else { return value };
        let boolean = options.taint_assume_safe_booleans && self.types.contains(&symbol(declared.trim()));
        let number = options.taint_assume_safe_numbers && is_number(&declared);
        if boolean || number { Taints::none() } else { value }
    }

    /// The type of what well-known methods of Java and its kin return.
    fn result_type(&self, call: NodeId) -> Option<&'static str> {
        if !matches!(self.file.language(), Language::Java | Language::Kotlin | Language::Scala) {
            return None;
        }
        let callee = self.tree.child(call, Role::Callee)?;
        let method = self.tree.child(callee, Role::Property)?;
        let holder = self.tree.child(callee, Role::Object).map(|holder| self.file.node_text(holder));
        let numbers = ["Integer", "Long", "Short", "Double", "Float"];
        match self.file.node_text(method) {
            "length" | "size" | "compareTo" | "parseInt" | "parseLong" | "parseShort" | "parseDouble"
            | "parseFloat" | "intValue" | "longValue" | "doubleValue" | "floatValue" => Some("int"),
            "valueOf" if holder.is_some_and(|holder| numbers.contains(&holder)) => Some("int"),
            "valueOf" if holder == Some("Boolean") => Some("boolean"),
            "isEmpty" | "equals" | "equalsIgnoreCase" | "contains" | "containsKey" | "containsValue"
            | "startsWith" | "endsWith" | "matches" | "parseBoolean" | "booleanValue" => Some("boolean"),
            _ => None,
        }
    }

    pub(super) fn index(&mut self, id: NodeId) -> Taints {
        let tree = self.tree;
        let mut value = Taints::none();
        let element = match self.place(id) {
            Some((place, true)) => Some(place),
            _ => None,
        };
        for child in tree.children(id) {
            let mut own = self.eval(child);
            if tree.node(child).role == Role::Object
                && let Some(element) = &element
            {
                own = self.state.read(element);
                self.by_itself(child, &mut own);
            }
            if tree.node(child).role == Role::Object
                && element.is_none()
                && let Some(key) = tree.child(id, Role::Index).and_then(|index| self.key(index))
                && let Some(part) = self.result_part(child, &[key], &own)
            {
                own = part;
            }
            if tree.node(child).role == Role::Object || !self.options.taint_assume_safe_indexes {
                value.join(&own);
            }
        }
        value
    }

    pub(super) fn binary(&mut self, id: NodeId) -> Taints {
        if self.functions.is_some()
            && self.tree.node(id).symbol == symbol("|>")
            && let (Some(left), Some(right)) =
                (self.tree.child(id, Role::Left), self.tree.child(id, Role::Right))
            && self.tree.node(right).kind == Kind::Call
        {
            let value = self.eval(left);
            self.piped = Some((right, (left, value)));
            return self.eval(right);
        }
        if self.functions.is_some() && [symbol("<<"), symbol("<-")].contains(&self.tree.node(id).symbol) {
            self.shift_into(id);
        }
        let value = self.combined(id);
        let gives_operand = matches!(
            self.file.language(),
            Language::Javascript | Language::Typescript | Language::Python | Language::Ruby
        );
        let own = self.tree.node(id).symbol;
        let joins = || own == symbol("&&") || own == symbol("||");
        if self.options.taint_assume_safe_booleans && !gives_operand && joins() {
            return Taints::none();
        }
        if self.options.taint_assume_safe_comparisons || self.options.taint_assume_safe_booleans {
            const COMPARISONS: [&str; 14] =
                ["==", "!=", "===", "!==", "<", "<=", ">", ">=", "in", "not in", "is", "is not", "<>", "=~"];
            if COMPARISONS.iter().any(|operator| symbol(operator) == own) {
                return Taints::none();
            }
        }
        value
    }

    pub(super) fn ternary(&mut self, id: NodeId) -> Taints {
        let tree = self.tree;
        let mut tested = Taints::none();
        if let Some(cond) = tree.child(id, Role::Cond) {
            tested = self.eval(cond);
        }
        let decided = self
            .file
            .constants()
            .truth(id)
            .or_else(|| tree.child(id, Role::Cond).and_then(|cond| self.decide(cond)));
        let before = self.fork();
        // `a ?: b` is worth `a` or `b`.
        let mut value = match tree.child(id, Role::Then) {
            Some(_) if decided == Some(false) => Taints::none(),
            Some(then) => self.eval(then),
            None => tested,
        };
        let after = std::mem::replace(&mut self.state, before);
        if let Some(other) = tree.child(id, Role::Else).filter(|_| decided != Some(true)) {
            value.join(&self.eval(other));
        }
        self.state.join(&after);
        value
    }
}

fn is_number(name: &str) -> bool {
    const NUMBERS: [&str; 26] = [
        "int",
        "integer",
        "long",
        "short",
        "byte",
        "float",
        "double",
        "number",
        "decimal",
        "bigint",
        "biginteger",
        "bigdecimal",
        "int8",
        "int16",
        "int32",
        "int64",
        "uint",
        "uint8",
        "uint16",
        "uint32",
        "uint64",
        "float32",
        "float64",
        "size_t",
        "usize",
        "isize",
    ];
    NUMBERS.contains(&&*name.trim().to_ascii_lowercase())
}
