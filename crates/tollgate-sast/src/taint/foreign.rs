//! Calls into other files: what a function of one file tells those that call it.

use std::rc::Rc;

use tollgate_core::TraceStep;
use tollgate_core::location::StepKind;

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
use crate::matching::{Bindings, Metavar, Span};
use crate::project::Side;
use crate::tree::{Kind, NodeId, Role, Symbol};

/// Numbers from here on stand for sinks of other files.
pub(super) const FOREIGN_SINKS: u32 = 1 << 30;

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
}
