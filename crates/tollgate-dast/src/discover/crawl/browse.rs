//! The part of the crawl that runs scripts: pages with scripts are opened in the browser, and what they ask
//! for and show is read as everything else.

use super::{Crawl, Endpoint, Origin};
use crate::browser::{BrowserError, Plan};
use crate::discover::form;
use crate::html::{self, Page};
use crate::scope::InScopeUrl;

/// Bytes of script files kept while a browser may run them, in all.
pub(super) const KEPT_SCRIPTS: usize = 8 << 20;

/// Pages opened in the browser, and views below fragments of all of them.
const MAX_BROWSED: usize = 80;
const MAX_VIEWS: usize = 30;

/// Pages with scripts that are remembered.
const MAX_SCRIPTED: usize = 300;

/// Longest scripts of one page, in bytes.
const LONGEST_SCRIPTS: usize = 256 << 10;

/// What stands before the address of a script file.
const FILE_MARK: &str = "\u{1}file ";

impl Crawl<'_> {
    /// Keeps a script file, for telling later what the pages that name it do.
    pub(super) fn keep_file(&mut self, url: &InScopeUrl, text: &str) {
        if self.engine.browser.is_some() && text.len() <= self.room_for_scripts {
            self.room_for_scripts -= text.len();
            self.files.insert(url.to_string(), text.to_owned());
        }
    }

    /// Keeps a page that has scripts, to be opened in the browser.
    pub(super) fn keep_page(&mut self, url: &InScopeUrl, page: &Page, depth: u32) {
        let scripts = !page.scripts.is_empty() || !page.script_sources.is_empty();
        if self.engine.browser.is_none() || !scripts || self.scripted.len() >= MAX_SCRIPTED {
            return;
        }
        let mut text = page.scripts.join("\n");
        for source in &page.script_sources {
            if let Ok(source) = self.engine.scope.resolve(url, source) {
                text += &format!("\n{FILE_MARK}{source}\n");
            }
        }
        text.truncate(text.floor_char_boundary(LONGEST_SCRIPTS / 4));
        self.scripted.push((url.clone(), depth, text));
    }

    /// Opens the pages with scripts that were not opened yet; whether there is anything new to fetch.
    pub(super) async fn browse(&mut self) -> bool {
        let engine = self.engine;
        let Some(browser) = &engine.browser else { return false };
        if self.browsed == 0 {
            engine.phase("browser");
        }
        while self.browsed < self.scripted.len() && self.browsed < MAX_BROWSED {
            let (page, depth, _) = self.scripted[self.browsed].clone();
            self.browsed += 1;
            let mut views = vec![page.to_string()];
            while let Some(address) = views.pop() {
                let plan = Plan { address, press: engine.job.active, ..Plan::default() };
                let visit = match browser.visit(engine, &plan).await {
                    Ok(visit) => visit,
                    Err(BrowserError::Gone) => {
                        engine.fail("the browser ended before all pages were opened in it".to_owned());
                        self.browsed = self.scripted.len();
                        return false;
                    }
                    Err(error) => {
                        engine.warn(format!("`{}` was not opened in the browser: {error}", plan.address));
                        continue;
                    }
                };
                for template in visit.requests {
                    let mut endpoint = Endpoint::new(template, Origin::Script);
                    endpoint.delicate =
                        form::is_left_alone(&endpoint.template.url) || endpoint.template.method == "DELETE";
                    self.add(endpoint, depth + 1);
                }
                let shown = html::parse(&visit.html);
                for link in shown.links.iter().filter(|link| link.starts_with("#/") || link.starts_with("#!"))
                {
                    let view = format!("{page}{link}");
                    if self.views.len() < MAX_VIEWS && self.views.insert(view.clone()) {
                        views.push(view);
                    }
                }
                self.read_page(&page, &shown, depth + 1);
            }
        }
        if self.scripted.len() > MAX_BROWSED {
            engine
                .warn(format!("only the first {MAX_BROWSED} pages with scripts were opened in the browser"));
        }
        !self.next.is_empty()
    }

    /// Puts the texts of script files where the pages name them.
    pub(super) fn gather_scripts(&mut self) {
        for (page, _, text) in std::mem::take(&mut self.scripted) {
            let mut whole = String::new();
            for line in text.lines() {
                let file = line.strip_prefix(FILE_MARK).and_then(|address| self.files.get(address));
                whole.push_str(file.map_or(line, String::as_str));
                whole.push('\n');
                if whole.len() > LONGEST_SCRIPTS {
                    break;
                }
            }
            self.map.scripted.push((page, whole));
        }
    }
}
