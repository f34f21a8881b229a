//! Calls into other files: what is asked for, and what a function of one file tells those that call it.

use std::rc::Rc;

use tollgate_core::location::StepKind;
use tollgate_core::{Language, TraceStep};

use super::arguments::{Argument, Given, Rest, bind_to};
use super::callbacks::BLOCK;
use super::calls::RECEIVER;
use super::contexts::{OUTER, PARTS};
use super::engine::Engine;
use super::returned::Returned;
use super::state::{Origin, Place, Root, Taint, Taints};
use super::step_of;
use super::summaries::{Callback, Summary};
use super::trail::At;
use crate::matching::{Bindings, Metavar, ParsedFile, Span};
use crate::names::Definition;
use crate::project::{Link, Side};
use crate::tree::{Kind, NodeId, Role, Symbol, flag, symbol};

/// Numbers from here on stand for sinks of other files.
pub(super) const FOREIGN_SINKS: u32 = 1 << 30;
/// Files that pass a name on.
const MAX_PASSES: u32 = 3;

/// A function of another file, as a call names it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ask {
    pub(crate) files: Vec<usize>,
    class: Option<Symbol>,
    name: Symbol,
    /// The name the asking file gives it.
    alias: Symbol,
    is_default: bool,
    constructs: bool,
}

impl Ask {
    /// Whether the call makes an object.
    pub(crate) const fn constructs(&self) -> bool {
        self.constructs
    }
}

/// A source of another file.
#[derive(Debug)]
pub(crate) struct ForeignSource {
    key: (usize, u32),
    pub(crate) step: TraceStep,
    pub(crate) bindings: Vec<(Metavar, String)>,
}

/// A sink of another file.
#[derive(Debug)]
pub(crate) struct ForeignSink {
    key: (usize, u32),
    pub(crate) file: usize,
    pub(crate) span: Span,
    pub(crate) bindings: Bindings,
    /// From the function's parameter to the sink.
    pub(crate) steps: Vec<TraceStep>,
}

#[derive(Debug, Clone)]
enum Begin {
    /// A parameter, the object, or what a call of a parameter returns.
    Param(u32),
    /// A field of one.
    Part(u32, Vec<Symbol>),
    Source(Rc<ForeignSource>),
}

#[derive(Debug, Clone)]
struct Carried {
    begin: Begin,
    label: u16,
    steps: Rc<[TraceStep]>,
}

/// A call of a parameter.
#[derive(Debug)]
struct CalledBack {
    begin: Begin,
    arguments: Vec<Vec<Carried>>,
    otherwise: Vec<Carried>,
}

/// What a function does with taint, in terms that hold in any file.
#[derive(Debug)]
pub(crate) struct Exported {
    parameters: Vec<(Symbol, Rest)>,
    returns: Vec<Carried>,
    own: Vec<Carried>,
    parts: Vec<(Vec<Symbol>, Vec<Carried>)>,
    thrown: Vec<Carried>,
    sinks: Vec<(Begin, Rc<ForeignSink>)>,
    effects: Vec<(u32, Vec<Symbol>, Vec<Carried>)>,
    callbacks: Vec<CalledBack>,
    constructs: bool,
}

/// What is known of other files while one is walked.
#[derive(Debug, Default)]
pub(super) struct Outside {
    pub(super) sources: Vec<Rc<ForeignSource>>,
    pub(super) sinks: Vec<Rc<ForeignSink>>,
    pub(super) segments: Vec<Rc<[TraceStep]>>,
}

/// The functions of a file that a call from elsewhere means.
pub(crate) fn functions(side: &Side, ask: &Ask) -> Vec<NodeId> {
    let (file, all) = (&*side.parsed, &*side.functions);
    let tree = file.tree();
    if ask.constructs {
        let class = ask.class.unwrap_or(ask.name);
        if let Some(own) = all.constructors.get(&class) {
            return own.clone();
        }
    }
    let own = all.by_name.get(&ask.name).cloned().unwrap_or_default();
    let of_class = |id: &NodeId| all.class_of.get(&id.number()).copied();
    if let Some(class) = ask.class {
        for class in all.ancestors(class) {
            let fits: Vec<NodeId> = own.iter().copied().filter(|id| of_class(id) == Some(class)).collect();
            if !fits.is_empty() {
                return fits;
            }
        }
    } else {
        let free: Vec<NodeId> = own.iter().copied().filter(|id| of_class(id).is_none()).collect();
        if !free.is_empty() {
            return if free.len() == 1 { free } else { free[..1].to_vec() };
        }
    }
    if own.len() == 1 {
        return own;
    }
    if ask.is_default && own.is_empty() {
        return default_export(file, all.by_name.get(&ask.alias).map_or(&[][..], Vec::as_slice))
            .into_iter()
            .filter(|id| tree.node(*id).kind == Kind::Func)
            .collect();
    }
    Vec::new()
}

/// Whether all of these leave their work to those that implement them.
pub(crate) fn are_abstract(side: &Side, functions: &[NodeId]) -> bool {
    let tree = side.parsed.tree();
    functions.iter().all(|id| {
        tree.child(*id, Role::Body).is_none_or(|body| {
            let text = side.parsed.node_text(body).trim();
            text.is_empty() || text == "pass" || text.starts_with("raise NotImplementedError")
        })
    })
}

/// The same asked of the classes of a file that implement or extend the one that is asked for.
pub(crate) fn implementing(side: &Side, ask: &Ask) -> Vec<NodeId> {
    let Some(class) = ask.class else { return Vec::new() };
    let all = &*side.functions;
    let Some(own) = all.by_name.get(&ask.name) else { return Vec::new() };
    let classes: Vec<Symbol> = all.descendants(class).into_iter().filter(|own| *own != class).collect();
    let of = |id: &NodeId| all.class_of.get(&id.number()).is_some_and(|own| classes.contains(own));
    own.iter().copied().filter(of).collect()
}

/// What `module.exports = …` and `export default …` give.
fn default_export(file: &ParsedFile, named_alike: &[NodeId]) -> Option<NodeId> {
    let tree = file.tree();
    let function = |id: NodeId| match tree.node(id).kind {
        Kind::Func => Some(id),
        Kind::Name => {
            let definition = file.names().definition(file.names().definition_of(id)?);
            match definition.value {
                Some(value) if tree.node(value).kind == Kind::Func => Some(value),
                _ => (tree.node(definition.site).kind == Kind::Func).then_some(definition.site),
            }
        }
        _ => None,
    };
    for id in file.index().of_kind(Kind::Export) {
        if tree.node(*id).has(flag::DEFAULT)
            && let Some(found) = tree.child(*id, Role::Value).and_then(function)
        {
            return Some(found);
        }
    }
    for id in file.index().of_kind(Kind::Assign) {
        if tree.child(*id, Role::Left).is_some_and(|left| file.node_text(left) == "module.exports")
            && let Some(found) = tree.child(*id, Role::Right).and_then(function)
        {
            return Some(found);
        }
    }
    match named_alike {
        [one] => Some(*one),
        _ => None,
    }
}

/// Where a name that a file only passes on comes from.
pub(crate) fn passed_on(link: &Link<'_>, side: &Side, ask: &Ask, passes: u32) -> Vec<Ask> {
    if passes >= MAX_PASSES {
        return Vec::new();
    }
    let file = &*side.parsed;
    let tree = file.tree();
    let wanted = ask.class.unwrap_or(ask.name);
    let mut asks = Vec::new();
    for (_, definition) in file.names().definitions() {
        if definition.path.is_some()
            && tree.node(definition.name).symbol == wanted
            && let Some((module, item)) = imported(file, definition)
        {
            let files = link.module(side.file, &module, item.as_deref());
            let mut next = Ask { files, ..ask.clone() };
            if let Some(item) = item {
                match next.class {
                    Some(_) => next.class = Some(symbol(&item)),
                    None => next.name = symbol(&item),
                }
            }
            asks.push(next);
        }
    }
    if matches!(file.language(), Language::Javascript | Language::Typescript) {
        for id in file.index().of_kind(Kind::Export) {
            let module = tree.children(*id).filter(|child| tree.node(*child).kind == Kind::Str).last();
            if let Some(module) = module {
                let text = file.contents(module).of(file.text());
                let mut next = Ask { files: link.module(side.file, text, None), ..ask.clone() };
                // `export { a, b as c } from` passes on what it names.
                if let Some((_, list)) = file.node_text(*id).split_once('{') {
                    let list = list.split('}').next().unwrap_or_default();
                    let named = list.split(',').find_map(|own| {
                        let own = own.trim();
                        let (name, alias) = own.split_once(" as ").unwrap_or((own, own));
                        (symbol(alias.trim()) == wanted).then(|| symbol(name.trim()))
                    });
                    let Some(name) = named else { continue };
                    match next.class {
                        Some(_) => next.class = Some(name),
                        None => next.name = name,
                    }
                }
                asks.push(next);
            }
        }
    }
    asks.retain(|ask| !ask.files.is_empty());
    asks
}

/// The module an import names as written, and what it takes from it.
pub(super) fn imported(file: &ParsedFile, definition: &Definition) -> Option<(String, Option<String>)> {
    let tree = file.tree();
    let path = definition.path.as_ref()?;
    let site = definition.site;
    match tree.node(site).kind {
        Kind::Import => {
            let module = tree.child(site, Role::Module)?;
            let text = match tree.node(module).kind {
                Kind::Str => file.contents(module).of(file.text()),
                _ => file.node_text(module),
            };
            let item = if tree.child(site, Role::Item).is_some() {
                path.last().cloned()
            } else if tree.node(site).has(flag::DEFAULT) {
                Some("default".to_owned())
            } else {
                None
            };
            Some((text.split_whitespace().collect(), item))
        }
        _ => Some((path.first()?.clone(), path.get(1).cloned())),
    }
}

impl Engine<'_> {
    /// Places of a taint on its way, in whatever files they lie.
    pub(super) fn steps(&self, side: &Side, taint: &Taint) -> Vec<TraceStep> {
        let mut steps = Vec::new();
        for at in taint.places() {
            match at {
                At::Here(span) => steps.push(step_of(side, StepKind::Step, span)),
                At::There(segment) => steps.extend(self.outside.segments[segment as usize].iter().cloned()),
            }
        }
        steps
    }

    pub(super) fn source(&self, side: &Side, origin: Origin) -> Option<Rc<ForeignSource>> {
        match origin {
            Origin::Source(at) => {
                let spot = self.matches.sources.spot(at);
                let bindings = spot
                    .bindings
                    .iter()
                    .map(|(name, binding)| (Metavar::clone(name), binding.text(self.file).to_owned()))
                    .collect();
                let step = step_of(side, StepKind::Source, spot.span);
                Some(Rc::new(ForeignSource { key: (side.file, at), step, bindings }))
            }
            Origin::Foreign(at) => self.outside.sources.get(at as usize).cloned(),
            Origin::Param(_) => None,
        }
    }

    pub(super) fn sink(&self, side: &Side, at: u32) -> Option<Rc<ForeignSink>> {
        if at >= FOREIGN_SINKS {
            return self.outside.sinks.get((at - FOREIGN_SINKS) as usize).cloned();
        }
        let spot = self.matches.sinks.spot(at);
        Some(Rc::new(ForeignSink {
            key: (side.file, at),
            file: side.file,
            span: spot.span,
            bindings: spot.bindings.clone(),
            steps: vec![step_of(side, StepKind::Sink, spot.span)],
        }))
    }

    /// A function's summary for other files.
    pub(crate) fn export(&mut self, side: &Side, id: NodeId, constructs: bool) -> Exported {
        let summary = self.summary(id, Vec::new());
        let parameters = self.parameter_names(id);
        let mut sinks = Vec::new();
        for (at, taint) in &summary.sinks {
            let Origin::Param(number) = taint.origin else { continue };
            let (Some(begin), Some(sink)) = (self.begin(number), self.sink(side, *at)) else { continue };
            let mut steps = self.steps(side, taint);
            steps.extend(sink.steps.iter().cloned());
            let sink = ForeignSink {
                key: sink.key,
                file: sink.file,
                span: sink.span,
                bindings: sink.bindings.clone(),
                steps,
            };
            sinks.push((begin, Rc::new(sink)));
        }
        let carried = |taints: &Taints| self.carried(side, taints);
        let callbacks = summary.callbacks.iter().map(|own| {
            let begin = self.begin(own.number).unwrap_or(Begin::Param(BLOCK));
            let arguments = own.arguments.iter().map(carried).collect();
            CalledBack { begin, arguments, otherwise: carried(&own.otherwise) }
        });
        Exported {
            parameters,
            returns: carried(&summary.returns),
            own: carried(&summary.own),
            parts: summary.parts.iter().map(|(path, taints)| (path.clone(), carried(taints))).collect(),
            thrown: carried(&summary.thrown),
            effects: summary
                .effects
                .iter()
                .map(|(own, path, taints)| (*own, path.clone(), carried(taints)))
                .collect(),
            callbacks: callbacks.collect(),
            sinks,
            constructs,
        }
    }

    /// What a number among the parameters stands for in any file.
    fn begin(&self, number: u32) -> Option<Begin> {
        match number {
            RECEIVER => Some(Begin::Param(RECEIVER)),
            PARTS.. => {
                let (own, path) = self.part(number);
                Some(Begin::Part(own, path))
            }
            OUTER.. => None,
            plain => Some(Begin::Param(plain)),
        }
    }

    fn carried(&self, side: &Side, taints: &Taints) -> Vec<Carried> {
        let of = |taint: &Taint| {
            let begin = match taint.origin {
                Origin::Param(number) => self.begin(number)?,
                origin => Begin::Source(self.source(side, origin)?),
            };
            Some(Carried { begin, label: taint.label, steps: self.steps(side, taint).into() })
        };
        taints.iter().filter_map(of).collect()
    }

    /// The value of a call into another file; nothing when it is not known where it goes.
    pub(super) fn follow_foreign(
        &mut self,
        call: NodeId,
        callee: NodeId,
        receiver: Option<NodeId>,
        object: &Taints,
        arguments: &[Argument],
    ) -> Option<Taints> {
        let link = self.link?;
        let ask = self.ask(link, call, callee, receiver)?;
        if !ask.files.iter().any(|file| link.gives(*file))
            && self.hands_nothing(call, receiver, object, arguments)
        {
            return None;
        }
        let found = link.exported(&ask);
        if found.is_empty() {
            return None;
        }
        let span = self.file.span(call);
        let single = found.len() == 1;
        let mut value = Taints::none();
        let mut returned = Returned::default();
        for own in found {
            let bound = bind_to(&own.parameters, arguments);
            let summary = self.import(&own);
            let mut given = self.given(call, receiver, object, bound, arguments);
            let constructs = own.constructs && !self.is_super(callee);
            self.enter(&summary, &mut given, None, constructs, span, &mut value, &mut returned);
        }
        if single && !returned.is_plain() {
            self.results.insert(call.number(), returned.into());
        }
        Some(value)
    }

    /// Whether a call gives neither taint nor a function to what it calls.
    fn hands_nothing(
        &self,
        call: NodeId,
        receiver: Option<NodeId>,
        object: &Taints,
        arguments: &[Argument],
    ) -> bool {
        let tree = self.tree;
        let is_plain = |own: &Argument| {
            own.value.is_empty()
                && !tree.subtree(own.node).any(|inner| tree.node(inner).kind == Kind::Func)
                && self.callable(own.node).is_none()
                && !self.known(own.node).is_some_and(|known| known.has_function())
        };
        let is_own = receiver.is_none_or(|own| self.is_super(own));
        let this = self.class_around(call).filter(|_| is_own).map(|class| Place::of(Root::This(class)));
        object.is_empty()
            && this.is_none_or(|this| self.state.read(&this).is_empty())
            && arguments.iter().all(is_plain)
    }

    /// What a function of another file does, in terms of this one.
    fn import(&mut self, own: &Exported) -> Summary {
        let mut summary = Summary {
            returns: self.taken_in(&own.returns),
            own: self.taken_in(&own.own),
            thrown: self.taken_in(&own.thrown),
            ..Summary::default()
        };
        for (path, all) in &own.parts {
            summary.parts.push((path.clone(), self.taken_in(all)));
        }
        for (number, path, all) in &own.effects {
            summary.effects.push((*number, path.clone(), self.taken_in(all)));
        }
        for called in &own.callbacks {
            let arguments = called.arguments.iter().map(|all| self.taken_in(all)).collect();
            let otherwise = self.taken_in(&called.otherwise);
            summary.callbacks.push(Callback { number: self.number(&called.begin), arguments, otherwise });
        }
        for (begin, sink) in &own.sinks {
            let at = self.outside.sinks.iter().position(|known| known.key == sink.key);
            let at = at.unwrap_or_else(|| {
                self.outside.sinks.push(Rc::clone(sink));
                self.outside.sinks.len() - 1
            });
            let taint = Taint { origin: Origin::Param(self.number(begin)), label: 0, trail: None };
            summary.sinks.push((FOREIGN_SINKS + at as u32, taint));
        }
        summary
    }

    /// The number that stands for something among the parameters here.
    fn number(&mut self, begin: &Begin) -> u32 {
        match begin {
            Begin::Part(own, path) => self.part_number((*own, path.clone())).unwrap_or(*own),
            Begin::Param(number) => *number,
            Begin::Source(_) => BLOCK,
        }
    }

    fn taken_in(&mut self, all: &[Carried]) -> Taints {
        let mut taints = Taints::none();
        for carried in all {
            let origin = match &carried.begin {
                Begin::Source(source) => {
                    let at = self.outside.sources.iter().position(|known| known.key == source.key);
                    let at = at.unwrap_or_else(|| {
                        self.outside.sources.push(Rc::clone(source));
                        self.outside.sources.len() - 1
                    });
                    Origin::Foreign(at as u32)
                }
                begin => Origin::Param(self.number(begin)),
            };
            let taint = Taint { origin, label: carried.label, trail: None };
            if carried.steps.is_empty() {
                taints.add(taint);
                continue;
            }
            self.outside.segments.push(Rc::clone(&carried.steps));
            taints.add(taint.through(At::There(self.outside.segments.len() as u32 - 1)));
        }
        taints
    }

    /// Calls a function of another file that an expression names, with these values.
    pub(super) fn apply_foreign(&mut self, node: NodeId, values: &[Taints]) -> Option<Taints> {
        let tree = self.tree;
        let link = self.link?;
        let receiver = match tree.node(node).kind {
            Kind::Name => None,
            Kind::Member => Some(tree.child(node, Role::Object)?),
            _ => return None,
        };
        let ask = self.ask(link, node, node, receiver)?;
        let found = link.exported(&ask);
        if found.is_empty() || found.iter().any(|own| own.constructs) {
            return None;
        }
        let arguments: Vec<Argument> =
            values.iter().map(|value| Argument { name: None, node, value: value.clone() }).collect();
        let span = self.file.span(node);
        let mut value = Taints::none();
        for own in found {
            let bound = bind_to(&own.parameters, &arguments);
            let summary = self.import(&own);
            let mut given = Given { bound, ..Given::default() };
            self.enter(&summary, &mut given, None, false, span, &mut value, &mut Returned::default());
        }
        Some(value)
    }

    /// The function of another file that a call names.
    fn ask(&self, link: &Link<'_>, call: NodeId, callee: NodeId, receiver: Option<NodeId>) -> Option<Ask> {
        let tree = self.tree;
        let names = self.file.names();
        let node = tree.node(callee);
        let here = link.file();
        let is_new = tree.node(call).kind == Kind::New;
        let capital = |id: NodeId| self.file.node_text(id).starts_with(char::is_uppercase);
        let definition = |id: NodeId| names.definition_of(id).map(|own| names.definition(own));
        if self.is_super(callee) {
            let class = self.class_symbol(callee)?;
            let ask = Ask { name: symbol("constructor"), constructs: true, ..Ask::default() };
            return self.ask_base(link, class, ask);
        }
        if let (Kind::Name, _) = (node.kind, receiver) {
            let own = definition(callee);
            let constructs = is_new || capital(callee);
            let mut ask = Ask { name: node.symbol, alias: node.symbol, constructs, ..Ask::default() };
            match own {
                Some(own) => {
                    let (module, item) = imported(self.file, own)?;
                    ask.files = link.module(here, &module, item.as_deref());
                    match item.as_deref() {
                        Some("default") | None => ask.is_default = true,
                        Some(item) => ask.name = symbol(item),
                    }
                    if ask.files.is_empty() {
                        ask.files = link.of_class(here, ask.name);
                    }
                }
                None if constructs => ask.files = link.of_class(here, node.symbol),
                None => {
                    let implicit = matches!(
                        self.file.language(),
                        Language::Java
                            | Language::Kotlin
                            | Language::Csharp
                            | Language::Ruby
                            | Language::Scala
                    );
                    let class = self.class_symbol(callee).filter(|_| implicit);
                    if let Some(base) = class.and_then(|class| self.ask_base(link, class, ask.clone())) {
                        return Some(base);
                    }
                    ask.files = match self.file.language() {
                        Language::Go => link.beside(here),
                        Language::Php | Language::Ruby => link.included(self.file),
                        _ => return None,
                    };
                }
            }
            if constructs {
                ask.class = Some(ask.name);
            }
            return Some(ask).filter(|ask| !ask.files.is_empty());
        }
        let property = tree.child(callee, Role::Property)?;
        let mut ask = Ask { name: tree.node(property).symbol, alias: node.symbol, ..Ask::default() };
        let receiver = receiver?;
        let is_name = tree.node(receiver).kind == Kind::Name;
        if self.is_this(receiver) || self.is_super(receiver) {
            let class = self.class_symbol(callee)?;
            return self.ask_base(link, class, ask);
        }
        if is_name && let Some(own) = definition(receiver) {
            if let Some((module, item)) = imported(self.file, own) {
                ask.files = link.module(here, &module, item.as_deref());
                ask.alias = tree.node(receiver).symbol;
                if capital(receiver) {
                    let class = item.filter(|item| item != "default").map(|item| symbol(&item));
                    ask.class = Some(class.unwrap_or(tree.node(receiver).symbol));
                    ask.constructs = ask.name == symbol("new");
                }
                if ask.files.is_empty() {
                    ask.files = link.of_class(here, tree.node(receiver).symbol);
                }
                return Some(ask).filter(|ask| !ask.files.is_empty());
            }
        } else if is_name {
            let own = tree.node(receiver).symbol;
            let text = self.file.node_text(receiver);
            if self.file.language() == Language::Python
                && names.imports().iter().any(|path| path.len() == 1 && path[0] == text)
            {
                ask.files = link.module(here, text, None);
                return Some(ask).filter(|ask| !ask.files.is_empty());
            }
            if self.file.language() == Language::Go {
                ask.files = self.go_package(link, own);
                return Some(ask).filter(|ask| !ask.files.is_empty());
            }
            if capital(receiver) {
                ask.class = Some(own);
                ask.constructs = ask.name == symbol("new");
                ask.files = link.of_class(here, own);
                return Some(ask).filter(|ask| !ask.files.is_empty());
            }
        }
        if self.file.language() == Language::Python && tree.node(receiver).kind == Kind::Member {
            let files = link.module(here, self.file.node_text(receiver), None);
            if !files.is_empty() {
                return Some(Ask { files, ..ask });
            }
        }
        let class = self.class_of_value(receiver).or_else(|| self.class_of_field(receiver))?;
        if self.functions.as_ref().is_some_and(|all| all.classes.contains_key(&class)) {
            return self.ask_base(link, class, ask);
        }
        ask.class = Some(class);
        ask.files = self.files_of_class(link, class);
        Some(ask).filter(|ask| !ask.files.is_empty())
    }

    /// The method of a class of this file that it inherits from one of another.
    fn ask_base(&self, link: &Link<'_>, class: Symbol, ask: Ask) -> Option<Ask> {
        let functions = self.functions.as_ref()?;
        let foreign =
            functions.ancestors(class).into_iter().filter(|own| !functions.classes.contains_key(own));
        for base in foreign {
            let files = self.files_of_class(link, base);
            if !files.is_empty() {
                let constructor = ["__init__", "constructor", "__construct", "initialize"].map(symbol);
                let constructs = constructor.contains(&ask.name);
                return Some(Ask { class: Some(base), files, constructs, ..ask });
            }
        }
        None
    }

    /// The files an imported or a project's class may be defined in.
    fn files_of_class(&self, link: &Link<'_>, class: Symbol) -> Vec<usize> {
        let tree = self.tree;
        for (_, definition) in self.file.names().definitions() {
            if definition.path.is_some()
                && tree.node(definition.name).symbol == class
                && let Some((module, item)) = imported(self.file, definition)
            {
                let files = link.module(link.file(), &module, item.as_deref());
                if !files.is_empty() {
                    return files;
                }
            }
        }
        if self.file.language() == Language::Go {
            return link.beside(link.file());
        }
        link.of_class(link.file(), class)
    }

    fn go_package(&self, link: &Link<'_>, name: Symbol) -> Vec<usize> {
        let tree = self.tree;
        for import in self.file.index().of_kind(Kind::Import) {
            let Some(module) = tree.child(*import, Role::Module) else { continue };
            let text = self.file.contents(module).of(self.file.text());
            let own = match tree.child(*import, Role::Alias) {
                Some(alias) => tree.node(alias).symbol,
                None => symbol(text.rsplit('/').next().unwrap_or(text)),
            };
            if own == name {
                return link.module(link.file(), text, None);
            }
        }
        Vec::new()
    }

    /// The class of what a method of the same file stored in a field.
    fn class_of_field(&self, receiver: NodeId) -> Option<Symbol> {
        let tree = self.tree;
        if tree.node(receiver).kind != Kind::Member && !self.file.node_text(receiver).starts_with('@') {
            return None;
        }
        let text = self.file.node_text(receiver);
        let stored = self.file.index().of_kind(Kind::Assign).iter().find_map(|id| {
            let left = tree.child(*id, Role::Left)?;
            let right = tree.child(*id, Role::Right)?;
            (self.file.node_text(left) == text).then_some(right)
        })?;
        matches!(tree.node(stored).kind, Kind::New | Kind::Call | Kind::Member | Kind::Name)
            .then(|| self.class_of_value(stored))?
    }
}
