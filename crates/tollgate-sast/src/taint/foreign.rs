//! Calls into other files: what is asked for, and what a function of one file tells those that call it.

use std::rc::Rc;

use rustc_hash::FxHashMap;
use tollgate_core::location::StepKind;
use tollgate_core::{Language, TraceStep};

use super::arguments::{Argument, Rest, bind_to};
use super::callbacks::RESULTS;
use super::calls::RECEIVER;
use super::contexts::PARTS;
use super::engine::Engine;
use super::state::{At, MAX_PATH, Origin, Taint, Taints};
use super::step_of;
use super::summaries::Summary;
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
    Param(u32),
    Source(Rc<ForeignSource>),
}

#[derive(Debug, Clone)]
struct Carried {
    begin: Begin,
    label: u16,
    steps: Rc<[TraceStep]>,
}

/// What a function does with taint, in terms that hold in any file.
#[derive(Debug)]
pub(crate) struct Exported {
    parameters: Vec<(Symbol, Rest)>,
    returns: Vec<Carried>,
    sinks: Vec<(u32, Rc<ForeignSink>)>,
    effects: Vec<(u32, Vec<Symbol>, Vec<Carried>)>,
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
        let fits: Vec<NodeId> = own.iter().copied().filter(|id| of_class(id) == Some(class)).collect();
        if !fits.is_empty() {
            return fits;
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
                asks.push(Ask { files: link.module(side.file, text, None), ..ask.clone() });
            }
        }
    }
    asks.retain(|ask| !ask.files.is_empty());
    asks
}

/// The module an import names as written, and what it takes from it.
fn imported(file: &ParsedFile, definition: &Definition) -> Option<(String, Option<String>)> {
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
        let summary: Summary = self.summary(id, Vec::new());
        let parameters = self.parameter_names(id);
        let base = |engine: &Self, number: u32| match number {
            RECEIVER => Some(RECEIVER),
            PARTS.. => Some(engine.part(number).0),
            RESULTS.. => None,
            plain => Some(plain),
        };
        let carried = |engine: &Self, taints: &Taints| -> Vec<Carried> {
            let of = |taint: &Taint| {
                let begin = match taint.origin {
                    Origin::Param(number) => Begin::Param(base(engine, number)?),
                    origin => Begin::Source(engine.source(side, origin)?),
                };
                Some(Carried { begin, label: taint.label, steps: engine.steps(side, taint).into() })
            };
            taints.iter().filter_map(of).collect()
        };
        let mut sinks = Vec::new();
        for (at, taint) in &summary.sinks {
            let Origin::Param(number) = taint.origin else { continue };
            let (Some(number), Some(sink)) = (base(self, number), self.sink(side, *at)) else { continue };
            let mut steps = self.steps(side, taint);
            steps.extend(sink.steps.iter().cloned());
            let sink = ForeignSink {
                key: sink.key,
                file: sink.file,
                span: sink.span,
                bindings: sink.bindings.clone(),
                steps,
            };
            sinks.push((number, Rc::new(sink)));
        }
        let returns = carried(self, &summary.returns);
        let effects = summary
            .effects
            .iter()
            .map(|(own, path, taints)| (*own, path.clone(), carried(self, taints)))
            .collect();
        Exported { parameters, returns, sinks, effects, constructs }
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
        let found = link.exported(&ask);
        if found.is_empty() {
            return None;
        }
        let span = self.file.span(call);
        let mut value = Taints::none();
        for own in found {
            let passed = bind_to(&own.parameters, arguments).passed;
            for carried in &own.returns {
                self.arrive(carried, &passed, object, span, &mut value);
            }
            for (number, sink) in &own.sinks {
                let given = given(*number, &passed, object);
                if given.is_empty() {
                    continue;
                }
                let at = self.outside.sinks.iter().position(|known| known.key == sink.key);
                let at = at.unwrap_or_else(|| {
                    self.outside.sinks.push(Rc::clone(sink));
                    self.outside.sinks.len() - 1
                });
                self.reach(FOREIGN_SINKS + at as u32, &given.through(span));
            }
            for (number, path, all) in &own.effects {
                let mut taints = Taints::none();
                for carried in all {
                    self.arrive(carried, &passed, object, span, &mut taints);
                }
                if own.constructs && *number == RECEIVER {
                    value.join(&taints);
                    continue;
                }
                let node = match *number {
                    RECEIVER => receiver,
                    number => passed.get(&number).map(|(node, _)| *node),
                };
                if let Some((mut place, _)) = node.and_then(|node| self.place(node)) {
                    place.path.extend(path);
                    place.path.truncate(MAX_PATH);
                    self.state.add(place, &taints);
                }
            }
        }
        Some(value)
    }

    fn arrive(
        &mut self,
        carried: &Carried,
        passed: &FxHashMap<u32, (NodeId, Taints)>,
        object: &Taints,
        span: Span,
        into: &mut Taints,
    ) {
        let segment = (!carried.steps.is_empty()).then(|| {
            self.outside.segments.push(Rc::clone(&carried.steps));
            At::There(self.outside.segments.len() as u32 - 1)
        });
        match &carried.begin {
            Begin::Param(number) => {
                for taint in given(*number, passed, object).iter() {
                    let taint = taint.through(span);
                    into.add(segment.map_or(taint.clone(), |segment| taint.through(segment)));
                }
            }
            Begin::Source(source) => {
                let at = self.outside.sources.iter().position(|known| known.key == source.key);
                let at = at.unwrap_or_else(|| {
                    self.outside.sources.push(Rc::clone(source));
                    self.outside.sources.len() - 1
                });
                let taint = Taint { origin: Origin::Foreign(at as u32), label: carried.label, trail: None };
                let taint = segment.map_or(taint.clone(), |segment| taint.through(segment));
                into.add(taint.through(span));
            }
        }
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
        if self.is_this(receiver) {
            return None;
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
        ask.class = Some(class);
        ask.files = self.files_of_class(link, class);
        Some(ask).filter(|ask| !ask.files.is_empty())
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

fn given(number: u32, passed: &FxHashMap<u32, (NodeId, Taints)>, object: &Taints) -> Taints {
    match number {
        RECEIVER => object.clone(),
        number => passed.get(&number).map(|(_, value)| value.clone()).unwrap_or_default(),
    }
}
