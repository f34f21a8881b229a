//! Client libraries with their versions, by file name, banner and the version they keep of themselves.
//!
//! Whether a version has known flaws is for whoever has the advisories to say: the finding names package
//! and version in its marker, as `jquery@3.4.1`.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::engine::{Claim, Engine};
use crate::html;
use crate::message::{Answer, Template};

/// The check that claims client libraries, their package and version in the marker; whether they have flaws is not judged here.
pub const RULE: &str = "dast.vulnerable-library";

/// Names in the npm registry, and further names in file names and banners, in lower case.
const LIBRARIES: [(&str, &[&str]); 42] = [
    ("angular", &["angularjs"]),
    ("axios", &[]),
    ("backbone", &["backbone.js"]),
    ("bootstrap", &["bootstrap.bundle"]),
    ("bootstrap-select", &[]),
    ("bootstrap-table", &[]),
    ("chart.js", &["chart", "chartjs"]),
    ("ckeditor4", &["ckeditor"]),
    ("crypto-js", &["cryptojs"]),
    ("d3", &["d3.js"]),
    ("datatables.net", &["jquery.datatables", "datatables"]),
    ("dojo", &[]),
    ("dompurify", &["purify"]),
    ("ejs", &[]),
    ("handlebars", &["handlebars.js", "handlebars.runtime"]),
    ("highlight.js", &["highlight"]),
    ("jquery", &["jquery javascript library", "jquery.slim", "jquery core"]),
    ("jquery-migrate", &["jquery migrate"]),
    ("jquery-mobile", &["jquery mobile", "jquery.mobile"]),
    ("jquery-ui", &["jquery ui", "jquery.ui"]),
    ("jquery-validation", &["jquery.validate", "jquery validation plugin"]),
    ("jquery.terminal", &[]),
    ("jszip", &[]),
    ("knockout", &["knockout javascript library"]),
    ("lodash", &["lodash.core"]),
    ("marked", &[]),
    ("mermaid", &[]),
    ("moment", &["moment.js", "moment-with-locales"]),
    ("mustache", &["mustache.js"]),
    ("next", &[]),
    ("pdfjs-dist", &["pdfjs", "pdf.js"]),
    ("prismjs", &["prism"]),
    ("quill", &[]),
    ("react", &["react.production"]),
    ("react-dom", &["react-dom.production"]),
    ("select2", &[]),
    ("summernote", &["summernote-bs4", "summernote-lite"]),
    ("swagger-ui-dist", &["swagger-ui", "swagger-ui-bundle"]),
    ("tinymce", &["tiny_mce"]),
    ("underscore", &["underscore.js"]),
    ("video.js", &["video"]),
    ("vue", &["vue.js", "vue.global", "vue.runtime"]),
];

macro_rules! pattern {
    ($name:ident, $text:expr) => {
        static $name: LazyLock<Regex> =
            LazyLock::new(|| Regex::new($text).expect("the pattern is a literal"));
    };
}

// `jquery-3.4.1.min.js`, `jquery.min-3.4.1.js`
pattern!(
    FILE,
    r"(?i)(?:^|/)([a-z][a-z0-9._-]*?)(?:\.min)?[-._]v?(\d+\.\d+(?:\.\d+)?(?:-(?:alpha|beta|rc)[.-]?\d*)?)(?:[.-](?:min|slim|prod|production|esm|umd|bundle|core|all|pack|packed|global|full))*\.js$"
);
// `/ajax/libs/jquery/3.4.1/jquery.min.js`, `/npm/bootstrap@4.3.1/dist/js/bootstrap.min.js`
pattern!(
    FOLDER,
    r"(?i)/([a-z][a-z0-9._-]*)[/@]v?(\d+\.\d+\.\d+(?:-(?:alpha|beta|rc)[.-]?\d*)?)/(?:[^?#]*/)?[^/?#]+\.js$"
);
// `/*! jQuery v3.4.1 |`, ` * Bootstrap v4.3.1 (`, `@license AngularJS v1.7.2`, `//! moment.js\n//! version : 2.18.1`
pattern!(
    BANNER,
    r"(?i)(?:^|[\n*!/])[\s*!/]*(?:@license\s+|@preserve\s+|@version\s+)?([a-z][a-z0-9._ -]{0,40}?)(?:\s*\n[\s*!/]*version\s*:?)?[\s-]*(?:[\s@]v?|version\s*:?\s*v?|\bv)(\d+\.\d+\.\d+(?:-(?:alpha|beta|rc)[.-]?\d*)?)\b"
);
// `fn=k.prototype={jquery:"3.4.1"`, as minified bundles hold it
pattern!(JQUERY, r#"\bjquery:\s*["'](\d+\.\d+\.\d+)["']"#);

/// Bytes at the start of a script in which a banner stands.
const BANNER_AREA: usize = 2_000;

/// Libraries that one page or script may tell.
const MAX_TOLD: usize = 40;

pub(super) fn observe(engine: &Engine, template: &Template, answer: &Answer) {
    if !answer.is_success() || !engine.checks.enabled(RULE) {
        return;
    }
    let path = template.url.url().path();
    let mut found: BTreeSet<(String, String)> = BTreeSet::new();
    if answer.is_script() || path.ends_with(".js") && !answer.is_html() {
        let names = by_address(path).into_iter().chain(by_text(&answer.body));
        found.extend(names.map(|library| (path.to_owned(), library)));
    } else if answer.is_html() {
        // Scripts of other hosts are never asked for; their addresses still tell.
        for source in html::parse(&answer.body).script_sources.iter().take(MAX_TOLD) {
            let Ok(url) = template.url.url().join(source) else { continue };
            if engine.scope.admit(&url).is_err()
                && let Some(library) = by_address(url.path())
            {
                found.insert((format!("{}{}", url.authority(), url.path()), library));
            }
        }
    }
    for (route, library) in found.into_iter().take(MAX_TOLD) {
        let (name, version) = library.split_once('@').unwrap_or((&library, ""));
        let message = format!("the page uses {name} {version}");
        let parameter = None;
        if !engine.has_claim(RULE, &format!("{route}#{name}"), parameter.as_ref()) {
            engine.claim(Claim {
                rule: RULE,
                message: Some(message),
                route: &format!("{route}#{name}"),
                parameter,
                exchanges: vec![(template, Some(answer))],
                marker: Some(library.clone()),
                with: engine.session().credentials(&template.url),
            });
        }
    }
}

/// The library that an address names, as `name@version`.
fn by_address(path: &str) -> Option<String> {
    [&FOLDER, &FILE].into_iter().find_map(|pattern| {
        let found = pattern.captures(path)?;
        known(&found[1], &found[2])
    })
}

/// The library that a script says it is.
fn by_text(text: &str) -> Option<String> {
    let head = &text[..text.floor_char_boundary(BANNER_AREA.min(text.len()))];
    let named = BANNER.captures_iter(head).find_map(|found| known(found[1].trim(), &found[2]));
    named.or_else(|| known("jquery", &JQUERY.captures(text)?[1]))
}

fn known(name: &str, version: &str) -> Option<String> {
    let lower = name.to_ascii_lowercase();
    let lower = lower.trim_end_matches([' ', '-', '.']);
    let fits = |(package, others): &&(&str, &[&str])| *package == lower || others.contains(&lower);
    let (package, _) = LIBRARIES.iter().find(fits)?;
    // A version of two parts, as in `jquery-1.9.js`, stands for the first of its line.
    let patch =
        if version.split('-').next().is_some_and(|core| core.matches('.').count() < 2) { ".0" } else { "" };
    Some(format!("{package}@{version}{patch}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_are_known_by_their_address() {
        for (path, library) in [
            ("/js/jquery-3.4.1.min.js", Some("jquery@3.4.1")),
            ("/js/jquery.min-1.9.js", Some("jquery@1.9.0")),
            ("/ajax/libs/jquery/1.12.4/jquery.min.js", Some("jquery@1.12.4")),
            ("/npm/bootstrap@4.3.1/dist/js/bootstrap.bundle.min.js", Some("bootstrap@4.3.1")),
            ("/lib/bootstrap.bundle-5.0.0-beta1.min.js", Some("bootstrap@5.0.0-beta1")),
            ("/jquery-ui-1.12.1.js", Some("jquery-ui@1.12.1")),
            ("/vue@2.6.10/dist/vue.js", Some("vue@2.6.10")),
            ("/js/app-1.2.3.js", None),
            ("/js/jquery.min.js", None),
            ("/js/jquery-3.4.1.css", None),
        ] {
            assert_eq!(by_address(path).as_deref(), library, "{path}");
        }
    }

    #[test]
    fn libraries_are_known_by_what_they_say() {
        for (text, library) in [
            ("/*! jQuery v3.4.1 | (c) JS Foundation */", Some("jquery@3.4.1")),
            ("/*!\n * jQuery JavaScript Library v1.11.0\n * https", Some("jquery@1.11.0")),
            ("/*!\n  * Bootstrap v4.3.1 (https://getbootstrap.com/)", Some("bootstrap@4.3.1")),
            ("/*\n AngularJS v1.7.2\n (c)", Some("angular@1.7.2")),
            ("/**\n * @license\n * Lodash 4.17.11 <https://lodash.com/>", Some("lodash@4.17.11")),
            ("//! moment.js\n//! version : 2.18.1\n", Some("moment@2.18.1")),
            ("/*! jQuery UI - v1.12.1 - 2016-09-14", Some("jquery-ui@1.12.1")),
            ("//     Underscore.js 1.8.3\n", Some("underscore@1.8.3")),
            ("/*! @license DOMPurify 2.0.1 | (c)", Some("dompurify@2.0.1")),
            ("!function(){var k;k.fn=k.prototype={jquery:\"2.2.4\",constructor:k}}()", Some("jquery@2.2.4")),
            ("/*! our shop v3.4.1 */", None),
            ("var version = '1.2.3'", None),
        ] {
            assert_eq!(by_text(text).as_deref(), library, "{text}");
        }
    }

    #[test]
    fn the_table_is_sorted() {
        assert!(LIBRARIES.is_sorted());
    }
}
