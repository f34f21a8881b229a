//! Which files of a project an import or a class name means, by their paths alone.

use rustc_hash::FxHashMap;
use tollgate_core::{FileEntry, Language};

use crate::tree::{Symbol, symbol};

/// Files one name may mean.
const MAX_FILES: usize = 8;
const SCRIPTS: [&str; 12] = [
    "",
    ".js",
    ".ts",
    ".jsx",
    ".tsx",
    ".mjs",
    ".cjs",
    "/index.js",
    "/index.ts",
    "/index.jsx",
    "/index.tsx",
    ".vue",
];

/// Files by path, folder and class.
#[derive(Debug, Default)]
pub(crate) struct Paths {
    by_path: FxHashMap<String, usize>,
    by_folder: FxHashMap<String, Vec<usize>>,
    by_stem: FxHashMap<Symbol, Vec<usize>>,
    paths: Vec<String>,
    languages: Vec<Option<Language>>,
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn stem_of(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split('.').next().unwrap_or(name)
}

fn join(folder: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// `user_session` names a file of the class `UserSession`.
fn camel(stem: &str) -> String {
    stem.split(['_', '-'])
        .map(|part| {
            let mut rest = part.chars();
            rest.next().map(|first| first.to_uppercase().chain(rest).collect::<String>()).unwrap_or_default()
        })
        .collect()
}

impl Paths {
    pub(crate) fn of(files: &[&FileEntry]) -> Self {
        let mut all = Self::default();
        for (at, file) in files.iter().enumerate() {
            let path = file.path.as_str().to_owned();
            let stem = stem_of(&path);
            all.by_stem.entry(symbol(stem)).or_default().push(at);
            let class = camel(stem);
            if class != stem {
                all.by_stem.entry(symbol(&class)).or_default().push(at);
            }
            all.by_folder.entry(folder_of(&path).to_owned()).or_default().push(at);
            all.by_path.insert(path.clone(), at);
            all.paths.push(path);
            all.languages.push(file.language);
        }
        all
    }

    fn exactly(&self, path: &str) -> Option<usize> {
        self.by_path.get(path).copied()
    }

    /// Files of the same language in the same folder.
    pub(crate) fn beside(&self, from: usize) -> Vec<usize> {
        let own = self.by_folder.get(folder_of(&self.paths[from])).map_or(&[][..], Vec::as_slice);
        own.iter().copied().filter(|at| *at != from && self.languages[*at] == self.languages[from]).collect()
    }

    /// Files named after a class: beside the asking one, or the only one in the project.
    pub(crate) fn of_class(&self, from: usize, class: Symbol) -> Vec<usize> {
        let own: Vec<usize> = self
            .by_stem
            .get(&class)
            .into_iter()
            .flatten()
            .copied()
            .filter(|at| self.languages[*at] == self.languages[from] && *at != from)
            .collect();
        if own.len() <= 1 {
            return own;
        }
        let folder = folder_of(&self.paths[from]);
        own.into_iter().filter(|at| folder_of(&self.paths[*at]) == folder).take(MAX_FILES).collect()
    }

    /// The files a module as written in an import means; `item` may be a module of a package.
    pub(crate) fn module(&self, from: usize, module: &str, item: Option<&str>) -> Vec<usize> {
        let module = module.trim_matches(['"', '\'', '`']);
        let folder = folder_of(&self.paths[from]);
        let mut found = match self.languages[from] {
            Some(Language::Python) => self.python(folder, module, item),
            Some(Language::Javascript | Language::Typescript) => self.script(folder, module),
            Some(Language::Go) => self.go(module),
            Some(Language::Ruby) => self.suffix(folder, module, &[".rb"]),
            Some(Language::Php) => {
                let path = module.replace('\\', "/");
                let path = path.trim_end_matches(".php").trim_start_matches('/');
                self.suffix(folder, path, &[".php"])
            }
            Some(Language::Java | Language::Kotlin | Language::Scala | Language::Csharp) => {
                self.suffix(folder, &module.replace('.', "/"), &[".java", ".kt", ".scala", ".cs"])
            }
            _ => Vec::new(),
        };
        found.retain(|at| *at != from);
        found.sort_unstable();
        found.dedup();
        found.truncate(MAX_FILES);
        found
    }

    fn python(&self, folder: &str, module: &str, item: Option<&str>) -> Vec<usize> {
        let dots = module.bytes().take_while(|byte| *byte == b'.').count();
        let path = module[dots..].replace('.', "/");
        let mut bases: Vec<String> = Vec::new();
        let mut at = folder;
        if dots > 0 {
            for _ in 1..dots {
                at = folder_of(at);
            }
            bases.push(at.to_owned());
        } else {
            loop {
                bases.push(at.to_owned());
                if at.is_empty() {
                    break;
                }
                at = folder_of(at);
            }
            bases.push("src".to_owned());
        }
        for base in bases {
            let Some(whole) = join(&base, &path) else { continue };
            let mut found = Vec::new();
            let inner = item.and_then(|item| join(&whole, item));
            for path in inner.iter().chain(std::iter::once(&whole)) {
                let slash = if path.is_empty() { "" } else { "/" };
                found.extend(self.exactly(&format!("{path}.py")));
                found.extend(self.exactly(&format!("{path}{slash}__init__.py")));
            }
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    fn script(&self, folder: &str, module: &str) -> Vec<usize> {
        let bases: Vec<String> = if module.starts_with('.') {
            join(folder, module).into_iter().collect()
        } else {
            let bare = module.trim_start_matches(['@', '~']).trim_start_matches('/');
            if module.starts_with("@/") || module.starts_with("~/") || module.starts_with("src/") {
                vec![format!("src/{bare}"), bare.to_owned()]
            } else {
                return Vec::new();
            }
        };
        for base in bases {
            let bare = base.strip_suffix(".js").unwrap_or(&base);
            for base in [&*base, bare] {
                let found = SCRIPTS.iter().find_map(|end| self.exactly(&format!("{base}{end}")));
                if let Some(found) = found {
                    return vec![found];
                }
            }
        }
        Vec::new()
    }

    /// A package is the folder whose path ends as the import does; one that is no folder of the project is
    /// somebody else's.
    fn go(&self, module: &str) -> Vec<usize> {
        if !module.split('/').next().is_some_and(|first| first.contains('.')) && !module.contains('/') {
            return Vec::new();
        }
        let parts: Vec<&str> = module.split('/').collect();
        for skip in 1..parts.len() {
            let folder = parts[skip..].join("/");
            if let Some(files) = self.by_folder.get(&folder) {
                return files
                    .iter()
                    .copied()
                    .filter(|at| self.languages[*at] == Some(Language::Go))
                    .collect();
            }
        }
        Vec::new()
    }

    /// The file beside or below whose path ends so; none when several do.
    fn suffix(&self, folder: &str, path: &str, ends: &[&str]) -> Vec<usize> {
        for end in ends {
            if let Some(found) = join(folder, &format!("{path}{end}")).and_then(|path| self.exactly(&path)) {
                return vec![found];
            }
        }
        let stem = path.rsplit('/').next().unwrap_or(path);
        let candidates = self.by_stem.get(&symbol(stem)).map_or(&[][..], Vec::as_slice);
        let fits = |path: &str| {
            let tail = path.split('/').collect::<Vec<_>>();
            // Roots of sources and of namespaces are not part of the name: drop them one by one.
            (0..tail.len().min(3)).find_map(|skip| {
                let tail = tail[skip..].join("/");
                let own: Vec<usize> = candidates
                    .iter()
                    .copied()
                    .filter(|at| {
                        ends.iter().any(|end| {
                            let whole = format!("{tail}{end}");
                            self.paths[*at] == whole || self.paths[*at].ends_with(&format!("/{whole}"))
                        })
                    })
                    .collect();
                (own.len() == 1).then_some(own)
            })
        };
        fits(path.trim_start_matches(['.', '/'])).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(files: &[&str], from: &str, module: &str, item: Option<&str>, expected: &[&str]) {
        let entries: Vec<FileEntry> = files
            .iter()
            .map(|path| FileEntry {
                path: tollgate_core::RepoPath::new(path).unwrap(),
                absolute: path.into(),
                size: 0,
                language: Language::from_file_name(path),
                changed: true,
                generated: false,
            })
            .collect();
        let paths = Paths::of(&entries.iter().collect::<Vec<_>>());
        let from = files.iter().position(|path| *path == from).unwrap();
        let found: Vec<&str> = paths.module(from, module, item).into_iter().map(|at| files[at]).collect();
        assert_eq!(found, expected, "{module}");
    }

    #[test]
    fn imports_lead_to_files() {
        let python = ["app/__init__.py", "app/db.py", "app/views.py", "lib/x.py"];
        check(&python, "app/views.py", ".db", Some("run"), &["app/db.py"]);
        check(&python, "app/views.py", ".", Some("db"), &["app/__init__.py", "app/db.py"]);
        check(&python, "app/views.py", "lib.x", None, &["lib/x.py"]);
        check(&python, "app/views.py", "os", None, &[]);
        let scripts = ["src/a.ts", "src/b/index.js", "src/c.js"];
        check(&scripts, "src/a.ts", "./b", None, &["src/b/index.js"]);
        check(&scripts, "src/b/index.js", "../c", None, &["src/c.js"]);
        check(&scripts, "src/a.ts", "express", None, &[]);
        let java = ["src/main/java/a/b/C.java", "src/main/java/a/D.java"];
        check(&java, "src/main/java/a/D.java", "a.b.C", None, &["src/main/java/a/b/C.java"]);
        let go = ["main.go", "internal/db/db.go"];
        check(&go, "main.go", "example.org/app/internal/db", None, &["internal/db/db.go"]);
        check(&go, "main.go", "fmt", None, &[]);
        let php = ["src/Models/User.php", "index.php"];
        check(&php, "index.php", "App\\Models\\User", None, &["src/Models/User.php"]);
        let ruby = ["app/a.rb", "app/lib/q.rb"];
        check(&ruby, "app/a.rb", "lib/q", None, &["app/lib/q.rb"]);
    }
}
