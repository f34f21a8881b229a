//! Puts the facts of all files together: handlers and prefixes that stand in other files.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use tollgate_core::dynamic::ParameterPlace;
use tollgate_core::facts::{Facts, Import, Route, RouteParameter};
use tollgate_core::{Language, RepoPath, SourceLocation};

use super::{Draft, FileFacts, Function, Mount, Target, template};

/// A router mounted more often than this is looked at as mounted this often.
const MAX_MOUNTS: usize = 4;
const MAX_DEPTH: usize = 5;
const MAX_ROUTES: usize = 20_000;

/// One file's facts and whose they are.
pub(crate) type Told<'a> = (&'a RepoPath, Language, FileFacts);

/// The facts of all files, sorted. `fully_read` is left to the caller, who knows what was skipped.
pub(crate) fn join(files: &[Told<'_>]) -> Facts {
    let index = Index::of(files);
    let mut routes: Vec<Route> = Vec::new();
    for (number, (_, _, facts)) in files.iter().enumerate() {
        for draft in &facts.routes {
            for prefix in index.prefixes(number, &draft.owner, MAX_DEPTH) {
                if routes.len() < MAX_ROUTES {
                    index.route(number, draft, &prefix, &mut routes);
                }
            }
        }
    }
    let key = |route: &Route| (route.handler.path.clone(), route.handler.region.start().line);
    routes.sort_by(|a, b| key(a).cmp(&key(b)).then_with(|| a.cmp(b)));
    routes.dedup();
    let mut imports: Vec<Import> = files
        .iter()
        .flat_map(|(path, language, facts)| {
            facts.imports.iter().map(|import| Import {
                language: *language,
                path: (*path).clone(),
                line: import.line,
                module: import.module.clone(),
                uses: import.uses.clone(),
            })
        })
        .collect();
    imports.sort_by(|a, b| (&a.path, a.line, a).cmp(&(&b.path, b.line, b)));
    Facts { routes, imports, ..Facts::default() }
}

struct Index<'a> {
    files: &'a [Told<'a>],
    by_name: FxHashMap<&'a str, Vec<(usize, &'a Function)>>,
    by_class: FxHashMap<&'a str, Vec<(usize, &'a Function)>>,
    /// Mounts with the file they stand in.
    mounts: Vec<(usize, &'a Mount)>,
}

impl<'a> Index<'a> {
    fn of(files: &'a [Told<'a>]) -> Self {
        let mut by_name: FxHashMap<&str, Vec<(usize, &Function)>> = FxHashMap::default();
        let mut by_class: FxHashMap<&str, Vec<(usize, &Function)>> = FxHashMap::default();
        let mut mounts = Vec::new();
        for (number, (_, _, facts)) in files.iter().enumerate() {
            for function in &facts.functions {
                by_name.entry(&function.name).or_default().push((number, function));
                if let Some(class) = &function.class {
                    by_class.entry(class).or_default().push((number, function));
                }
            }
            mounts.extend(facts.mounts.iter().take(super::MAX_MOUNTS).map(|mount| (number, mount)));
        }
        mounts.truncate(2_000);
        Self { files, by_name, by_class, mounts }
    }

    /// Prefixes below which the routes of a router are served.
    fn prefixes(&self, file: usize, owner: &str, depth: usize) -> Vec<String> {
        let mut found = BTreeSet::new();
        for (from, mount) in &self.mounts {
            if found.len() >= MAX_MOUNTS {
                break;
            }
            if !self.is_mounted(file, owner, *from, mount)
                || (*from == file && mount.owner == owner) && mount.module.is_empty()
            {
                continue;
            }
            let above = match depth.checked_sub(1) {
                Some(depth) => self.prefixes(*from, &mount.owner, depth),
                None => vec![String::new()],
            };
            found.extend(above.iter().map(|above| {
                let whole = template::below(above, &mount.prefix);
                if whole == "/" { String::new() } else { whole }
            }));
        }
        if found.is_empty() {
            return vec![String::new()];
        }
        found.into_iter().take(MAX_MOUNTS).collect()
    }

    fn is_mounted(&self, file: usize, owner: &str, from: usize, mount: &Mount) -> bool {
        let named = mount.name.is_empty() || mount.name == owner;
        if mount.module.is_empty() {
            // The plugin's own parameter is the router there.
            return from == file && mount.name == owner;
        }
        if from == file || self.files[from].1 != self.files[file].1 {
            return false;
        }
        // A module that is imported as a whole hands out its router under any name.
        let script = matches!(self.files[file].1, Language::Javascript | Language::Typescript);
        (named || script && mount.name == "default") && fits(self.files[file].0, &mount.module) > 0
    }

    fn route(&self, file: usize, draft: &Draft, prefix: &str, out: &mut Vec<Route>) {
        let (path, language, facts) = &self.files[file];
        let template = template::below(prefix, &draft.template);
        let found: Vec<(usize, &Function)> = match &draft.target {
            Target::Local(number) => {
                facts.functions.get(*number).map(|own| (file, own)).into_iter().collect()
            }
            Target::Named { module, class, name } => {
                self.named(file, *language, module, class.as_deref(), name)
            }
            Target::Itself => Vec::new(),
        };
        let stated = |name: &String| Some(name.clone()).filter(|name| !name.is_empty());
        if found.is_empty() {
            let name = match &draft.target {
                Target::Named { name, .. } => stated(name),
                _ => None,
            };
            let handler = SourceLocation::new((*path).clone(), draft.place.region());
            out.push(finished(draft, draft.methods.clone(), template, handler, name, &[], Vec::new()));
            return;
        }
        for (home, function) in found {
            let at = self.files[home].0;
            let handler = SourceLocation::new(at.clone(), function.stretch.region());
            let reaches =
                function.reaches.iter().map(|own| SourceLocation::new(at.clone(), own.region())).collect();
            let verb = function.name.to_uppercase();
            let is_verb = matches!(&*function.name, "get" | "post" | "put" | "delete" | "patch");
            let methods =
                if draft.methods.is_empty() && is_verb { vec![verb] } else { draft.methods.clone() };
            let name = stated(&function.name);
            out.push(finished(draft, methods, template.clone(), handler, name, &function.inputs, reaches));
        }
    }

    /// Functions that a name given as a handler stands for: one, or the methods of a class of views.
    fn named(
        &self,
        file: usize,
        language: Language,
        module: &[String],
        class: Option<&str>,
        name: &str,
    ) -> Vec<(usize, &'a Function)> {
        let same = |home: &usize| {
            let own = self.files[*home].1;
            let script = |language| matches!(language, Language::Javascript | Language::Typescript);
            own == language || script(own) && script(language)
        };
        let rank = |home: usize, function: &Function| {
            let module_fit = fits(self.files[home].0, module);
            let class_fit = usize::from(class.is_some() && function.class.as_deref() == class);
            let near = usize::from(folder(self.files[home].0) == folder(self.files[file].0));
            (class_fit, module_fit, near)
        };
        let candidates = self.by_name.get(name).map_or(&[][..], Vec::as_slice);
        let mut candidates: Vec<_> = candidates.iter().copied().filter(|(home, _)| same(home)).collect();
        if class.is_some() && candidates.iter().any(|(_, function)| function.class.as_deref() == class) {
            candidates.retain(|(_, function)| function.class.as_deref() == class);
        }
        // A file that the module cannot mean is no candidate, whatever its functions are called.
        if !module.is_empty() && language != Language::Go {
            candidates.retain(|(home, _)| fits(self.files[*home].0, module) > 0);
        }
        if let Some(best) = candidates.iter().map(|(home, function)| rank(*home, function)).max() {
            let first = candidates.into_iter().find(|(home, function)| rank(*home, function) == best);
            return first.into_iter().collect();
        }
        let views = self.by_class.get(name).map_or(&[][..], Vec::as_slice);
        let verbs = ["get", "post", "put", "delete", "patch"];
        views.iter().copied().filter(|(home, own)| same(home) && verbs.contains(&&*own.name)).collect()
    }
}

fn finished(
    draft: &Draft,
    methods: Vec<String>,
    template: String,
    handler: SourceLocation,
    handler_name: Option<String>,
    inputs: &[super::Input],
    reaches: Vec<SourceLocation>,
) -> Route {
    let mut parameters: Vec<RouteParameter> = template::holes(&template)
        .map(|name| RouteParameter { place: ParameterPlace::Path, name: name.to_owned() })
        .collect();
    let read = inputs
        .iter()
        .chain(&draft.inputs)
        .map(|input| RouteParameter { place: input.place.of_methods(&methods), name: input.name.clone() });
    let holes = parameters.clone();
    // A path parameter is known from the template; one that is not there belongs to another route.
    parameters.extend(read.filter(|own| own.place != ParameterPlace::Path && !is_hole(&holes, own)));
    parameters.sort();
    parameters.dedup();
    Route {
        methods,
        template,
        parameters,
        handler,
        handler_name,
        framework: draft.framework.clone(),
        reaches,
    }
}

/// Whether what looks like a query or form value is a part of the path, as with `params[:id]`.
fn is_hole(holes: &[RouteParameter], own: &RouteParameter) -> bool {
    matches!(own.place, ParameterPlace::Query | ParameterPlace::Form)
        && holes.iter().any(|hole| hole.name == own.name)
}

fn folder(path: &RepoPath) -> &str {
    path.as_str().rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// How many parts of a module's name the end of a file's path has; 0 where it cannot be the module.
fn fits(path: &RepoPath, module: &[String]) -> usize {
    let path = path.as_str();
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let stem = ["/__init__", "/index", "/mod"].iter().find_map(|end| stem.strip_suffix(end)).unwrap_or(stem);
    let have: Vec<&str> = stem.split('/').collect();
    let wanted: Vec<&str> = module
        .iter()
        .flat_map(|part| part.split('/'))
        .filter(|part| !part.is_empty() && !part.chars().all(|c| c == '.'))
        .map(|part| {
            ["js", "ts", "mjs"]
                .iter()
                .find_map(|end| part.strip_suffix(end)?.strip_suffix('.'))
                .unwrap_or(part)
        })
        .collect();
    have.iter().rev().zip(wanted.iter().rev()).take_while(|(a, b)| a == b).count()
}
