//! Which files a rule looks at: `paths: include / exclude`.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::rule::error::{Problem, RuleError, SourceFile};
use crate::rule::syntax::{At, PathsSyntax};

/// The files a rule looks at.
#[derive(Debug, Clone)]
pub(crate) struct PathFilter {
    include: Option<GlobSet>,
    exclude: Option<GlobSet>,
}

impl PathFilter {
    pub(crate) fn compile(
        syntax: &PathsSyntax,
        file: &SourceFile,
        rule: &str,
    ) -> Result<Self, Vec<RuleError>> {
        let mut errors = Vec::new();
        let mut set = |globs: &[At<String>]| {
            if globs.is_empty() {
                return None;
            }
            let mut builder = GlobSetBuilder::new();
            for glob in globs {
                for spelling in spellings(&glob.value) {
                    match GlobBuilder::new(&spelling).literal_separator(true).build() {
                        Ok(compiled) => {
                            builder.add(compiled);
                        }
                        Err(error) => {
                            let problem = Problem::Glob(error.kind().to_string());
                            errors.push(file.error(glob.place, Some(rule), problem));
                            break;
                        }
                    }
                }
            }
            builder.build().ok()
        };
        let filter = Self { include: set(&syntax.include), exclude: set(&syntax.exclude) };
        if errors.is_empty() { Ok(filter) } else { Err(errors) }
    }

    pub(crate) fn admits(&self, path: &str) -> bool {
        self.include.as_ref().is_none_or(|set| set.is_match(path))
            && !self.exclude.as_ref().is_some_and(|set| set.is_match(path))
    }
}

/// A pattern names files and folders anywhere in the tree; a leading `/` ties it to the root.
fn spellings(glob: &str) -> Vec<String> {
    let trimmed = glob.trim().trim_start_matches("./").trim_end_matches('/');
    match trimmed.strip_prefix('/') {
        Some(rooted) => vec![rooted.to_owned(), format!("{rooted}/**")],
        None => {
            let anywhere = trimmed.strip_prefix("**/").unwrap_or(trimmed);
            vec![format!("**/{anywhere}"), format!("**/{anywhere}/**")]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::error::Place;

    fn filter(include: &[&str], exclude: &[&str]) -> PathFilter {
        let at = |globs: &[&str]| {
            let place = Place { line: 1, column: 1, width: 1 };
            globs.iter().map(|glob| At { place, value: (*glob).to_owned() }).collect()
        };
        let file = SourceFile::new("r.yaml".into(), "");
        let syntax = PathsSyntax { include: at(include), exclude: at(exclude) };
        PathFilter::compile(&syntax, &file, "r").unwrap()
    }

    #[test]
    fn names_match_anywhere() {
        let check = |include: &[&str], exclude: &[&str], path: &str, expected: bool| {
            assert_eq!(filter(include, exclude).admits(path), expected, "{include:?} {exclude:?} {path}");
        };
        check(&["*.py"], &[], "a/b.py", true);
        check(&["*.py"], &[], "a/b.rb", false);
        check(&["tests"], &[], "a/tests/b.py", true);
        check(&[], &["tests/"], "tests/b.py", false);
        check(&["**/*.yml"], &[], "x.yml", true);
        check(&["/src"], &[], "a/src/x", false);
        check(&[".github/workflows/*"], &[], ".github/workflows/ci.yml", true);
        check(&["a/*.tf"], &["a/b.tf"], "a/b.tf", false);
    }
}
