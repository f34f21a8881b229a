//! The part of the crawl that runs scripts: pages with scripts are opened in the browser, and what they ask
//! for and show is read as everything else.

use std::collections::VecDeque;

use super::{Crawl, Endpoint, Origin};
use crate::browser::{BrowserError, Plan, TABS, Visit as BrowserVisit};
use crate::discover::form;
use crate::html::{self, Page};
use crate::scope::InScopeUrl;

/// Bytes of script files kept while a browser may run them, in all.
pub(super) const KEPT_SCRIPTS: usize = 8 << 20;

/// Bytes of scripts within pages kept for the same reason.
pub(super) const KEPT_INLINE: usize = 16 << 20;

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
        if self.engine.browser.is_none() || !scripts {
            return;
        }
        let mut text = page.scripts.join("\n");
        for source in &page.script_sources {
            if let Ok(source) = self.engine.scope.resolve(url, source) {
                text += &format!("\n{FILE_MARK}{source}\n");
            }
        }
        text.truncate(text.floor_char_boundary(LONGEST_SCRIPTS / 4));
        if self.scripted.len() >= self.engine.job.max_pages || text.len() > self.room_for_inline {
            self.unopened += 1;
            return;
        }
        self.room_for_inline -= text.len();
        self.scripted.push((url.clone(), depth, text));
    }

    /// Opens the pages with scripts that were not opened yet; whether there is anything new to fetch.
    pub(super) async fn browse(&mut self) -> bool {
        let engine = self.engine;
        let Some(browser) = &engine.browser else { return false };
        if self.browsed == 0 {
            engine.phase("browser");
        }
        let mut views: VecDeque<(InScopeUrl, u32, String)> = VecDeque::new();
        loop {
            let mut batch = Vec::new();
            while batch.len() < TABS {
                if let Some(view) = views.pop_front() {
                    batch.push(view);
                } else if let Some((page, depth, _)) = self.scripted.get(self.browsed) {
                    self.browsed += 1;
                    batch.push((page.clone(), *depth, page.to_string()));
                } else {
                    break;
                }
            }
            if batch.is_empty() {
                break;
            }
            if let Some(halt) = engine.client.halted() {
                let left = batch.len() + views.len() + self.scripted.len() - self.browsed;
                engine.fail(format!("{left} pages with scripts were not opened in the browser: {halt}"));
                self.browsed = self.scripted.len();
                return false;
            }
            let open = batch.into_iter().map(async |(page, depth, address)| {
                let plan = Plan { address, press: engine.job.active, ..Plan::default() };
                (browser.visit(engine, &plan).await, page, depth, plan.address)
            });
            for (visit, page, depth, address) in futures_util::future::join_all(open).await {
                match visit {
                    Ok(visit) => views.extend(self.read_visit(&page, depth, visit)),
                    Err(BrowserError::Gone) => {
                        engine.fail("the browser ended before all pages were opened in it".to_owned());
                        self.browsed = self.scripted.len();
                        return false;
                    }
                    Err(error) => {
                        engine.warn(format!("`{address}` was not opened in the browser: {error}"));
                    }
                }
            }
        }
        !self.next.is_empty()
    }

    /// Takes in what a page asked for and showed; hands back views of it that are to be opened.
    fn read_visit(
        &mut self,
        page: &InScopeUrl,
        depth: u32,
        visit: BrowserVisit,
    ) -> Vec<(InScopeUrl, u32, String)> {
        for template in visit.requests {
            let mut endpoint = Endpoint::new(template, Origin::Script);
            endpoint.delicate =
                form::is_left_alone(&endpoint.template.url) || endpoint.template.method == "DELETE";
            self.add(endpoint, depth + 1);
        }
        let shown = html::parse(&visit.html);
        let room = self.engine.job.max_pages;
        let mut views = Vec::new();
        for link in shown.links.iter().filter(|link| link.starts_with("#/") || link.starts_with("#!")) {
            let view = format!("{page}{link}");
            if self.views.len() >= room.saturating_mul(4) || !self.views.insert(view.clone()) {
                continue;
            }
            if self.views.len() <= room {
                views.push((page.clone(), depth, view));
            } else {
                self.unopened += 1;
            }
        }
        self.read_page(page, &shown, depth + 1);
        views
    }

    /// Says how much the browser did not get to see.
    pub(super) fn tell_unopened(&self) {
        if self.unopened > 0 {
            self.engine.fail(format!(
                "{} pages with scripts were not opened in the browser: there are more than {} pages, or more \
                 than {} MiB of scripts in them",
                self.unopened,
                self.engine.job.max_pages,
                KEPT_INLINE >> 20
            ));
        }
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
