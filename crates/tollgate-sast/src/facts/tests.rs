use std::sync::Arc;

use tollgate_core::facts::Facts;
use tollgate_core::{Cancel, Language, RepoPath};

use super::{join, of_file};
use crate::matching::{Dialect, ParsedFile};

fn facts(files: &[(&str, &str)]) -> Facts {
    let paths: Vec<RepoPath> = files.iter().map(|(path, _)| RepoPath::new(*path).unwrap()).collect();
    let told: Vec<_> = files
        .iter()
        .zip(&paths)
        .map(|((name, text), path)| {
            let language = Language::from_file_name(name.rsplit('/').next().unwrap()).unwrap();
            let parsed =
                ParsedFile::parse(language, Dialect::Plain, Arc::from(*text), &Cancel::new()).unwrap();
            assert!(!parsed.has_errors(), "{name} does not parse");
            let told = of_file(&parsed, path);
            let text = serde_json::to_string(&told).unwrap();
            assert_eq!(told, serde_json::from_str(&text).unwrap());
            (path, language, told)
        })
        .collect();
    join(&told)
}

/// Each route as `methods template parameters handler@file:first-last +reached`.
fn check(files: &[(&str, &str)], expected: &[&str]) {
    let found: Vec<String> = facts(files)
        .routes
        .iter()
        .map(|route| {
            let region = route.handler.region;
            let parameters: Vec<String> =
                route.parameters.iter().map(|own| format!("{}:{}", own.place.as_str(), own.name)).collect();
            let reached =
                if route.reaches.is_empty() { String::new() } else { format!(" +{}", route.reaches.len()) };
            format!(
                "{} {} {} [{}] {}@{}:{}-{}{reached}",
                route.framework,
                route.methods.join(","),
                route.template,
                parameters.join(" "),
                route.handler_name.as_deref().unwrap_or("-"),
                route.handler.path,
                region.start().line,
                region.end().line,
            )
        })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn flask() {
    check(
        &[
            (
                "shop/a.py",
                "from flask import Blueprint, request\nfrom . import store\nbp = Blueprint('a', __name__, url_prefix='/a')\n\n@bp.get('/x/<int:id>')\ndef x(id):\n    q = request.args.get('q', '')\n    return low(q)\n\ndef low(q):\n    return request.cookies['c']\n\n@bp.route('/p', methods=['POST', 'GET'])\ndef p():\n    data = request.get_json()\n    return request.form['f'] + data['j']\n",
            ),
            (
                "shop/__init__.py",
                "from . import a\ndef create():\n    app.register_blueprint(a.bp, url_prefix='/top')\n",
            ),
        ],
        &[
            "flask GET /top/a/x/{id} [path:id query:q cookie:c] x@shop/a.py:5-8 +1",
            "flask GET,POST /top/a/p [form:f json:j] p@shop/a.py:13-16",
        ],
    );
}
