//! Elements of lists and maps: what was put under a constant key or at a known position is read from there.
//!
//! A place is kept apart by key as a field is. Positions hold only while the length of a list is known; once it
//! is not, all elements count as one.

use super::arguments::Argument;
use super::elements::position;
use super::engine::Engine;
use super::state::{MAX_PATH, Place, Taints};
use crate::matching::Constant;
use crate::tree::{Kind, NodeId, Role, Symbol, symbol};
use tollgate_core::Language;

/// Longer lists count as one value.
pub(super) const MAX_LENGTH: usize = 64;

/// What a call does to the container it is called on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Operation {
    /// Puts its last argument under these keys.
    Put(Place, Vec<Symbol>),
    /// Adds its argument at the end.
    Append(Place, usize),
    /// Reads what lies under these keys.
    Get(Place, Vec<Symbol>),
    /// Takes the element at a position out.
    Take(Place, usize),
    /// Moves elements in an order that is not followed.
    Disturb(Place),
    /// Reads whatever the container holds.
    Read(Place),
}

impl Engine<'_> {
    /// The key of an element as it is known on every path; positions from the end are counted from the front.
    pub(super) fn element(&self, object: &Place, index: NodeId) -> Option<Symbol> {
        let node = self.tree.node(index);
        if node.kind == Kind::Str || node.kind == Kind::Raw && self.functions.is_some() {
            return self.key(index);
        }
        match crate::constants::certain(self.file, index)? {
            Constant::Str(text) => Some(symbol(&text)),
            Constant::Int(at) if at >= 0 => Some(symbol(&at.to_string())),
            Constant::Int(at) => {
                let length = self.state.length(object)? as i128;
                (length + at >= 0).then(|| symbol(&(length + at).to_string()))
            }
            _ => None,
        }
    }

    fn elements(&self, object: &Place, indexes: &[NodeId]) -> Option<Vec<Symbol>> {
        indexes.iter().map(|index| self.element(object, *index)).collect()
    }

    /// What a call of a method does to the container it is called on, where elements can be told apart.
    pub(super) fn operation(
        &self,
        callee: NodeId,
        receiver: NodeId,
        arguments: &[NodeId],
    ) -> Option<Operation> {
        let tree = self.tree;
        let (place, true) = self.place(receiver)? else { return None };
        let property = tree.child(callee, Role::Property)?;
        let name = self.file.node_text(property);
        if arguments.iter().any(|own| tree.node(*own).kind == Kind::Spread) {
            return Some(Operation::Disturb(place));
        }
        let length = self.state.length(&place);
        let fits = |keys: &Vec<Symbol>| place.path.len() + keys.len() <= MAX_PATH;
        match (name, arguments) {
            ("append" | "add" | "push" | "addLast" | "addElement" | "add_last" | "Add", [_]) => {
                let length = length.filter(|_| place.path.len() < MAX_PATH)?;
                Some(Operation::Append(place, length))
            }
            ("put" | "set" | "setProperty" | "setAttribute" | "__setitem__" | "Add", [keys @ .., _])
                if !keys.is_empty() =>
            {
                let keys = self.elements(&place, keys).filter(fits);
                match keys {
                    Some(keys) => Some(Operation::Put(place, keys)),
                    None => Some(Operation::Disturb(place)),
                }
            }
            (
                "get" | "getProperty" | "getAttribute" | "getOrDefault" | "elementAt" | "at" | "__getitem__"
                | "fetch" | "getOrElse" | "getValue" | "GetValueOrDefault" | "dig",
                [first, rest @ ..],
            ) => {
                let first = self.element(&place, *first).filter(|_| place.path.len() < MAX_PATH)?;
                let mut keys = vec![first];
                let mut inner = place.clone();
                inner.path.push(first);
                // A second argument is a key where there are keys below the first, a default elsewhere.
                let nested = self.state.below(&inner).next().is_some();
                if let [second, ..] = rest
                    && nested
                {
                    keys.push(self.element(&place, *second)?);
                }
                Some(Operation::Get(place, keys))
            }
            ("pop" | "remove" | "RemoveAt" | "removeAt", [at]) if length.is_some() => {
                let is_position = name != "remove" || self.file.language() == tollgate_core::Language::Java;
                let at = crate::constants::certain(self.file, *at).filter(|_| is_position);
                match (at, length) {
                    (Some(Constant::Int(at)), Some(length)) => {
                        let at = if at < 0 { at + length as i128 } else { at };
                        match usize::try_from(at) {
                            Ok(at) if at < length => Some(Operation::Take(place, at)),
                            _ => Some(Operation::Disturb(place)),
                        }
                    }
                    _ => Some(Operation::Disturb(place)),
                }
            }
            ("pop" | "removeLast" | "shift" | "removeFirst", []) if length.is_some_and(|own| own > 0) => {
                let from_front = matches!(name, "shift" | "removeFirst");
                let at = if from_front { 0 } else { length? - 1 };
                Some(Operation::Take(place, at))
            }
            (
                "size" | "length" | "isEmpty" | "contains" | "containsKey" | "containsValue" | "has"
                | "indexOf" | "index" | "count" | "add_section" | "has_section" | "has_option" | "keys"
                | "values" | "items" | "entrySet" | "keySet" | "iterator" | "stream" | "toArray" | "toString"
                | "forEach" | "copy" | "clone" | "join" | "equals" | "hashCode",
                _,
            ) => Some(Operation::Read(place)),
            _ => Some(Operation::Disturb(place)),
        }
    }

    /// What an operation reads, once the arguments were looked at.
    pub(super) fn operate(&mut self, operation: Operation, arguments: &[Argument], put: &Taints) -> Taints {
        match operation {
            Operation::Put(mut place, keys) => {
                self.state.forget_length(&place);
                if !self.state.containers.contains_key(&place) {
                    self.state.containers.change().insert(place.clone(), None);
                }
                place.path.extend(keys);
                self.state.write(place, put.clone());
                Taints::none()
            }
            Operation::Append(place, length) if self.state.length(&place) != Some(length) => {
                self.state.merge_elements(&place);
                self.state.pour(place, put);
                Taints::none()
            }
            Operation::Append(place, length) => {
                let mut element = place.clone();
                element.path.push(position(length));
                self.state.forget_length(&place);
                self.state.write(element, put.clone());
                self.state.set_length(&place, length + 1);
                Taints::none()
            }
            Operation::Get(mut place, keys) => {
                let count = keys.len();
                place.path.extend(keys);
                let mut value = self.state.read(&place);
                for argument in arguments.iter().skip(count) {
                    value.join(&argument.value);
                }
                value
            }
            Operation::Take(place, at) => {
                let mut element = place.clone();
                element.path.push(position(at));
                let value = self.state.read(&element);
                self.state.take(&place, at);
                value
            }
            Operation::Disturb(place) if self.state.containers.contains_key(&place) => {
                let value = self.state.read(&place);
                if self.state.length(&place).is_some() {
                    self.state.merge_elements(&place);
                }
                value
            }
            Operation::Read(place) if self.state.containers.contains_key(&place) => self.state.read(&place),
            Operation::Disturb(_) | Operation::Read(_) => Taints::none(),
        }
    }

    /// A list that someone else gets hold of may grow or shrink.
    pub(super) fn hand_out(&mut self, arguments: &[Argument]) {
        if self.state.containers.values().all(Option::is_none) {
            return;
        }
        for argument in arguments {
            if let Some((place, true)) = self.place(argument.node)
                && self.state.length(&place).is_some()
            {
                self.state.merge_elements(&place);
            }
        }
    }

    /// Keeps the elements of a literal, an empty collection or another variable apart in a variable.
    pub(super) fn assign_elements(&mut self, target: NodeId, from: NodeId, own: &Taints) {
        let Some((place, true)) = self.place(target) else { return };
        self.store_elements(place, from, own);
    }

    /// Keeps the elements of an expression's value apart in a place that holds the value.
    pub(super) fn store_elements(&mut self, place: Place, from: NodeId, own: &Taints) {
        let tree = self.tree;
        let node = tree.node(from);
        if self.functions.is_some() && self.result_of(from).is_some() {
            return self.store_result(&place, from);
        }
        match node.kind {
            Kind::List | Kind::Tuple | Kind::Dict => self.assign_literal(place, from),
            Kind::Unary | Kind::Cast | Kind::Await if self.functions.is_some() => {
                let inner = tree.child(from, Role::Operand).or_else(|| tree.child(from, Role::Value));
                let is_plain = node.kind != Kind::Unary || self.file.node_text(from).starts_with(['&', '*']);
                if let Some(inner) = inner.filter(|_| is_plain) {
                    self.store_elements(place, inner, own);
                }
            }
            Kind::New | Kind::Call if self.functions.is_some() && self.is_record(from) => {
                self.assign_record(place, from);
            }
            Kind::New | Kind::Call => {
                let Some(callee) = tree.child(from, Role::Callee) else { return };
                let name = self.file.node_text(callee);
                let name = name.split('<').next().unwrap_or_default();
                let name = name.rsplit(['.', ':']).next().unwrap_or_default().trim();
                if let Some(list) = tree.children(from).find(|child| tree.node(*child).kind == Kind::List)
                    && node.kind == Kind::New
                {
                    return self.assign_literal(place, list);
                }
                const ENDINGS: [&str; 8] =
                    ["Map", "Dict", "dict", "Hashtable", "Properties", "Parser", "HashTable", "Dictionary"];
                const LISTS: [&str; 8] =
                    ["List", "Vector", "list", "Deque", "ArrayList", "LinkedList", "Stack", "Array"];
                let is_empty = tree.child(from, Role::Arg).is_none();
                if LISTS.iter().any(|ending| name.ends_with(ending)) && is_empty {
                    self.state.set_length(&place, 0);
                } else if ENDINGS.iter().any(|ending| name.ends_with(ending)) {
                    self.state.containers.change().insert(place, None);
                }
            }
            Kind::Name | Kind::Member => {
                let Some((source, true)) = self.place(from) else { return };
                let nested = source.root == place.root;
                let read = self.state.read(&source);
                let plain = own.iter().all(|taint| read.iter().any(|other| other.key() == taint.key()));
                let has_parts =
                    self.state.below(&source).next().is_some() || self.state.containers.contains_key(&source);
                if plain && has_parts && !nested && own.iter().count() == read.iter().count() {
                    self.state.move_place(&source, place);
                }
            }
            _ => {}
        }
    }

    /// Keeps the fields of an object apart that is built field by field.
    fn assign_record(&mut self, place: Place, from: NodeId) {
        let tree = self.tree;
        if place.path.len() >= MAX_PATH {
            return;
        }
        let inner = self.record_body(from);
        let whole = self.state.read(&place);
        let mut rest = whole.clone();
        let mut fields = Vec::new();
        for (key, value) in self.slots(inner) {
            let value = match tree.node(value).kind {
                Kind::Assign => tree.child(value, Role::Right).unwrap_or(value),
                _ => value,
            };
            let mut taints = self.peek(value);
            taints.retain(|taint| whole.iter().any(|own| own.key() == taint.key()));
            rest.retain(|taint| !taints.iter().any(|own| own.key() == taint.key()));
            fields.push((key, taints));
        }
        if whole.is_empty() || fields.len() > MAX_LENGTH {
            return;
        }
        let span = self.file.span(from);
        self.state.write(place.clone(), rest);
        for (key, taints) in fields {
            let mut field = place.clone();
            field.path.push(key);
            self.state.write(field, taints.through(span));
        }
    }

    /// What a method puts into the collection it is called on.
    pub(super) fn put_in(
        &mut self,
        callee: NodeId,
        receiver: NodeId,
        operation: Option<&Operation>,
        arguments: &[Argument],
        put: &mut Taints,
    ) {
        if self.options.taint_only_propagate_through_assignments {
            return;
        }
        const PLAIN: [&str; 37] = [
            "append",
            "push",
            "addAll",
            "add_all",
            "addFirst",
            "addLast",
            "addElement",
            "appendleft",
            "extend",
            "unshift",
            "prepend",
            "push_back",
            "push_front",
            "emplace_back",
            "insertAll",
            "enqueue",
            "Enqueue",
            "Push",
            "AddRange",
            "AddLast",
            "AddFirst",
            "InsertRange",
            "appendAll",
            "push_str",
            "extendleft",
            "pushAll",
            "putAll",
            "PushBack",
            "PushFront",
            "Append",
            "AppendLine",
            "AppendFormat",
            "concat!",
            "setdefault",
            "putIfAbsent",
            "+=",
            "++=",
        ];
        const UNCLEAR: [&str; 17] = [
            "add",
            "put",
            "set",
            "insert",
            "update",
            "store",
            "Add",
            "Insert",
            "offer",
            "emplace",
            "write",
            "writeln",
            "writeAll",
            "merge!",
            "setProperty",
            "concat",
            "replace",
        ];
        let tree = self.tree;
        let Some(property) = tree.child(callee, Role::Property) else { return };
        let name = self.file.node_text(property);
        let scripts = matches!(self.file.language(), Language::Javascript | Language::Typescript);
        // Texts of Ruby change in place.
        let in_place =
            self.file.language() == Language::Ruby && matches!(name, "concat" | "replace" | "insert");
        let unclear = UNCLEAR.contains(&name) && !in_place || scripts && !matches!(name, "push" | "unshift");
        if !UNCLEAR.contains(&name) && !PLAIN.contains(&name) {
            return;
        }
        let keyed = matches!(operation, Some(Operation::Put(_, keys)) if !keys.is_empty());
        let Some((place, whole)) = self.place(receiver) else { return };
        let parameter = keyed && self.state.part(&place).is_some();
        if unclear && !parameter && !self.is_collection(receiver, &place) {
            return;
        }
        let mut value = Taints::none();
        let skipped = if keyed { arguments.len().saturating_sub(1) } else { 0 };
        for argument in arguments.iter().skip(skipped) {
            value.join(&argument.value);
        }
        if value.is_empty() {
            return;
        }
        match operation {
            Some(Operation::Put(..) | Operation::Append(..)) => put.join(&value),
            _ => {
                let value = value.through(self.file.span(callee));
                if whole {
                    self.state.pour(place.clone(), &value);
                } else {
                    self.state.add(place.clone(), &value);
                }
                self.put_behind(place, &value);
            }
        }
    }

    /// `items << x` puts a value into what stands on the left.
    pub(super) fn shift_into(&mut self, id: NodeId) {
        let tree = self.tree;
        let (Some(left), Some(right)) = (tree.child(id, Role::Left), tree.child(id, Role::Right)) else {
            return;
        };
        if matches!(self.file.language(), Language::Ruby | Language::Cpp | Language::Go)
            && let Some((place, _)) = self.place(left)
        {
            let value = self.peek(right).through(self.file.span(id));
            self.state.pour(place.clone(), &value);
            self.put_behind(place, &value);
        }
    }

    /// Whether a variable is known to hold a collection or a buffer of text.
    fn is_collection(&self, id: NodeId, place: &Place) -> bool {
        const ENDINGS: [&str; 30] = [
            "List",
            "Map",
            "Set",
            "Vec",
            "Vector",
            "vector",
            "map",
            "list",
            "dict",
            "set",
            "Dict",
            "Dictionary",
            "Deque",
            "deque",
            "Queue",
            "queue",
            "Stack",
            "stack",
            "Array",
            "array",
            "Collection",
            "Hashtable",
            "StringBuilder",
            "StringBuffer",
            "Buffer",
            "Properties",
            "Hash",
            "Seq",
            "StringIO",
            "ListOf",
        ];
        let is_named = |text: &str| {
            let text = text.trim();
            let plain = text.split(['<', '(', '[']).next().unwrap_or_default();
            let last = plain.rsplit(['.', ':', ' ']).next().unwrap_or_default().trim_matches(['&', '*']);
            let last = last.strip_suffix("Of").unwrap_or(last);
            text.contains("[]") || ENDINGS.iter().any(|ending| last.ends_with(ending))
        };
        if self.state.containers.contains_key(place) {
            return true;
        }
        if let Some(declared) = self.file.declared_type(id) {
            return is_named(&declared) || declared.starts_with('[');
        }
        let tree = self.tree;
        let names = self.file.names();
        let value = names.definition_of(id).and_then(|own| names.definition(own).value);
        value.is_some_and(|value| match tree.node(value).kind {
            Kind::List | Kind::Dict | Kind::Set => true,
            Kind::New | Kind::Call => tree.child(value, Role::Callee).is_some_and(|callee| {
                is_named(self.file.node_text(callee).trim_end_matches("::new").trim_end_matches(".new"))
            }),
            _ => false,
        })
    }

    fn assign_literal(&mut self, place: Place, from: NodeId) {
        let tree = self.tree;
        let children: Vec<NodeId> = tree.children(from).collect();
        let has_keys = children.iter().any(|child| tree.node(*child).kind == Kind::Pair);
        let is_list = tree.node(from).kind != Kind::Dict && !has_keys;
        if children.len() > MAX_LENGTH || place.path.len() >= MAX_PATH {
            return;
        }
        let mut elements = Vec::new();
        for (at, child) in children.iter().enumerate() {
            let node = tree.node(*child);
            let element = match node.kind {
                Kind::Spread | Kind::Func | Kind::Comprehension | Kind::Error => None,
                Kind::Pair | Kind::KwArg => {
                    let key = tree.child(*child, Role::Key);
                    key.and_then(|key| match tree.node(key).kind {
                        Kind::Name if self.has_bare_keys() => Some(tree.node(key).symbol),
                        Kind::Raw => self.field_key(key),
                        _ => self.element(&place, key),
                    })
                    .zip(tree.child(*child, Role::Value))
                }
                Kind::Name if !is_list => Some((node.symbol, *child)),
                _ if is_list => Some((position(at), *child)),
                _ => None,
            };
            let Some(element) = element else { return };
            elements.push(element);
        }
        let whole = self.state.read(&place);
        if !whole.is_empty() {
            let values: Vec<(Symbol, Taints)> =
                elements.iter().map(|(key, value)| (*key, self.peek(*value))).collect();
            // What the literal as a whole is by itself, rather than by its elements.
            let mut own = whole;
            own.retain(|taint| {
                !values.iter().any(|(_, value)| value.iter().any(|other| other.key() == taint.key()))
            });
            let span = self.file.span(from);
            // A field that an object literal does not name may come from its prototype.
            if is_list || !self.has_bare_keys() {
                self.state.write(place.clone(), own);
            }
            for (key, value) in values {
                let mut element = place.clone();
                element.path.push(key);
                self.state.write(element, value.through(span));
            }
        }
        if is_list {
            self.state.set_length(&place, elements.len());
        } else {
            self.state.containers.change().insert(place, None);
        }
    }
}
