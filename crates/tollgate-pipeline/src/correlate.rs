//! What the running application proves of what the source shows.
//!
//! A dynamic finding whose URL a route serves is led to the route's handler. When a static finding of the
//! same weakness lies in the handler or in a function it reaches, the two become one confirmed finding at
//! the static one's place. Otherwise the dynamic finding gets the handler's place.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;
use tollgate_core::dynamic::EndpointFinding;
use tollgate_core::facts::Route;
use tollgate_core::{Confidence, Finding, MergedFinding, Region, Related, RepoPath, SourceLocation, Subject};

use crate::routes::RouteTable;
use crate::weakness::{Family, families};

/// Joins dynamic findings with their static twins. The order of the rest stays.
#[must_use]
pub fn correlate(findings: Vec<MergedFinding>, routes: &[Route]) -> Vec<MergedFinding> {
    let is_endpoint = |merged: &MergedFinding| matches!(merged.finding.subject, Subject::Endpoint(_));
    if routes.is_empty() || !findings.iter().any(is_endpoint) {
        return findings;
    }
    let table = RouteTable::new(routes);
    let mut others = findings;
    let endpoints: Vec<MergedFinding> = others.extract_if(.., |merged| is_endpoint(merged)).collect();
    let statics = StaticIndex::of(&others);
    let mut choices: Vec<(Choice, usize)> = Vec::new();
    let mut homes: Vec<Option<(&Route, usize)>> = Vec::with_capacity(endpoints.len());
    // Proofs of one weakness through one input of one route belong to one flaw, by whatever check.
    let mut inputs: BTreeMap<InputKey<'_>, usize> = BTreeMap::new();
    for endpoint in &endpoints {
        let Subject::Endpoint(subject) = &endpoint.finding.subject else {
            homes.push(None);
            continue;
        };
        let Some(route) = table.find(&subject.method, &subject.url) else {
            homes.push(None);
            continue;
        };
        let parameter = subject.parameter.as_ref().map(|parameter| parameter.name.as_str());
        let key = (&*subject.method, &*route.template, parameter, families(&endpoint.finding));
        let next = inputs.len();
        let input = *inputs.entry(key).or_insert(next);
        homes.push(Some((route, input)));
        if input == next {
            choices.extend(statics.twins(&others, endpoint, subject, route).map(|choice| (choice, input)));
        }
    }
    let twins = assign(choices, inputs.len());
    let homes: Vec<Option<(Route, usize)>> =
        homes.into_iter().map(|home| home.map(|(route, input)| (route.clone(), input))).collect();
    let mut rest = Vec::new();
    for (mut endpoint, home) in endpoints.into_iter().zip(homes) {
        if let Some((route, input)) = home {
            if let Some(twin) = twins[input] {
                confirm(&mut others[twin], endpoint, &route);
                continue;
            }
            settle(&mut endpoint.finding, &route);
        }
        rest.push(endpoint);
    }
    others.extend(rest);
    others
}

/// Method, route template, parameter and weaknesses.
type InputKey<'a> = (&'a str, &'a str, Option<&'a str>, Vec<Family>);

/// A static finding that may be a dynamic one's twin; the greater fits better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Choice {
    /// How well the names of inputs agree.
    names: u8,
    /// Whether it lies in the handler itself.
    in_handler: bool,
    /// Index, turned so that the first is greatest.
    first: std::cmp::Reverse<usize>,
}

/// Gives each proved input at most one twin. Pairs that fit best are settled first, and a static
/// finding that has no proof yet goes before one that has, so that two flaws of one handler are both
/// confirmed when both were proved.
fn assign(mut choices: Vec<(Choice, usize)>, inputs: usize) -> Vec<Option<usize>> {
    choices.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut twins = vec![None; inputs];
    let mut proved: BTreeSet<usize> = BTreeSet::new();
    for only_unproved in [true, false] {
        for (choice, input) in &choices {
            let index = choice.first.0;
            // A parameter that the static finding is seen to read belongs to it, proved or not.
            let blocked = only_unproved && choice.names < 2 && proved.contains(&index);
            if twins[*input].is_none() && !blocked {
                twins[*input] = Some(index);
                proved.insert(index);
            }
        }
    }
    twins
}

/// Static findings by file and weakness.
struct StaticIndex(FxHashMap<(RepoPath, Family), Vec<(Region, usize)>>);

impl StaticIndex {
    fn of(findings: &[MergedFinding]) -> Self {
        let mut index: FxHashMap<(RepoPath, Family), Vec<(Region, usize)>> = FxHashMap::default();
        for (at, merged) in findings.iter().enumerate() {
            let Subject::Code(code) = &merged.finding.subject else { continue };
            let families = families(&merged.finding);
            if families.is_empty() {
                continue;
            }
            let steps = code.trace.iter().flat_map(|trace| trace.steps()).map(|step| &step.location);
            for place in std::iter::once(&code.location).chain(steps) {
                for family in &families {
                    index.entry((place.path.clone(), *family)).or_default().push((place.region, at));
                }
            }
        }
        Self(index)
    }

    fn twins<'a>(
        &'a self,
        findings: &'a [MergedFinding],
        endpoint: &'a MergedFinding,
        subject: &'a EndpointFinding,
        route: &'a Route,
    ) -> impl Iterator<Item = Choice> + 'a {
        let stretches = std::iter::once(&route.handler).chain(&route.reaches).enumerate();
        let families = families(&endpoint.finding);
        let mut found: FxHashMap<usize, bool> = FxHashMap::default();
        for (number, stretch) in stretches {
            for family in &families {
                let places = self.0.get(&(stretch.path.clone(), *family)).map_or(&[][..], Vec::as_slice);
                for (_, index) in places.iter().filter(|(region, _)| within(region, &stretch.region)) {
                    *found.entry(*index).or_default() |= number == 0;
                }
            }
        }
        let mut found: Vec<(usize, bool)> = found.into_iter().collect();
        found.sort_unstable();
        found.into_iter().filter_map(move |(index, in_handler)| {
            let names = name_agreement(&findings[index], subject);
            let of_another = names == 0 && reads_another(&findings[index], subject, route);
            let first = std::cmp::Reverse(index);
            (!of_another).then_some(Choice { names, in_handler, first })
        })
    }
}

fn within(region: &Region, stretch: &Region) -> bool {
    (stretch.start().line..=stretch.end().line).contains(&region.start().line)
}

/// Whether the static finding is seen to read the parameter: in the source of its data flow (3), in a
/// later step (2), in the flawed lines (1), or not (0).
fn name_agreement(merged: &MergedFinding, endpoint: &EndpointFinding) -> u8 {
    let (Some(parameter), Subject::Code(code)) = (&endpoint.parameter, &merged.finding.subject) else {
        return 0;
    };
    let last_part = parameter.name.rsplit(['.', ']', '[']).find(|part| !part.is_empty());
    let name = last_part.unwrap_or(&parameter.name);
    let steps = code.trace.as_ref().map_or(&[][..], |trace| trace.steps());
    let in_step = |step: &tollgate_core::TraceStep| {
        has_word(&step.message, name) || region_text(&step.location).is_some_and(|text| has_word(&text, name))
    };
    if steps.first().is_some_and(in_step) {
        return 3;
    }
    if steps.iter().skip(1).any(in_step) {
        return 2;
    }
    u8::from(region_text(&code.location).is_some_and(|text| has_word(&text, name)))
}

/// Whether the data flow is seen to start at another parameter of the route.
fn reads_another(merged: &MergedFinding, endpoint: &EndpointFinding, route: &Route) -> bool {
    let (Some(parameter), Some(trace)) = (&endpoint.parameter, merged.finding.trace()) else { return false };
    let Some(source) = trace.steps().first() else { return false };
    let text = region_text(&source.location).unwrap_or_default();
    let mut others = route.parameters.iter().filter(|other| other.name != parameter.name);
    others.any(|other| has_word(&source.message, &other.name) || has_word(&text, &other.name))
}

/// The lines of a region, from the snippet around it.
fn region_text(location: &SourceLocation) -> Option<String> {
    let snippet = location.snippet.as_ref()?;
    let skip = location.region.start().line.checked_sub(snippet.first_line)?;
    let count = location.region.end().line - location.region.start().line + 1;
    let lines: Vec<&str> = snippet.text.lines().skip(skip as usize).take(count as usize).collect();
    Some(lines.join("\n"))
}

fn has_word(text: &str, word: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    !word.is_empty()
        && text.match_indices(word).any(|(at, _)| {
            let before = text[..at].chars().next_back();
            let after = text[at + word.len()..].chars().next();
            !before.is_some_and(is_word) && !after.is_some_and(is_word)
        })
}

/// Makes one confirmed finding of a static finding and its proof. A suppression of the code does not
/// outlive the proof, unless the proof is suppressed as well.
fn confirm(code: &mut MergedFinding, proof: MergedFinding, route: &Route) {
    let (method, url) = match &proof.finding.subject {
        Subject::Endpoint(endpoint) => (endpoint.method.clone(), route.template.clone()),
        _ => (String::new(), String::new()),
    };
    code.merged_because.push(format!(
        "the running application shows the same weakness at {method} {url}, which {} handles",
        handler_words(route)
    ));
    if proof.suppressions.is_empty() {
        let dropped = std::mem::take(&mut code.suppressions);
        code.merged_because.extend(dropped.into_iter().map(|suppression| {
            let reason = suppression.justification.unwrap_or_else(|| "no reason given".to_owned());
            format!("a suppression was set aside because the flaw was proved: {reason}")
        }));
    }
    code.merged_because.extend(proof.merged_because);
    code.merged_because.sort();
    code.merged_because.dedup();
    code.sources.extend(proof.sources);
    code.sources.sort();
    code.sources.dedup();
    let finding = &mut code.finding;
    finding.confidence = Confidence::Confirmed;
    finding.severity = finding.severity.max(proof.finding.severity);
    finding.score = finding.score.max(proof.finding.score);
    finding.cwes.extend_from_slice(&proof.finding.cwes);
    finding.cwes.sort_unstable();
    finding.cwes.dedup();
    code.confirmed_by.push(proof.finding);
    code.confirmed_by.extend(proof.confirmed_by);
}

/// Leads a dynamic finding without a twin to the handler; what it named before becomes related.
fn settle(finding: &mut Finding, route: &Route) {
    let Subject::Endpoint(endpoint) = &mut finding.subject else { return };
    let before = endpoint.source.replace(route.handler.clone());
    if let Some(location) = before.filter(|before| *before != route.handler) {
        finding.related.push(Related { location, message: "the target's definition".to_owned() });
    }
    let related = Related {
        location: route.handler.clone(),
        message: format!("{} handles {}", handler_words(route), route.template),
    };
    if !finding.related.contains(&related) {
        finding.related.push(related);
    }
}

fn handler_words(route: &Route) -> String {
    match &route.handler_name {
        Some(name) => format!("`{name}`"),
        None => format!("{}:{}", route.handler.path, route.handler.region.start().line),
    }
}

#[cfg(test)]
mod tests;
