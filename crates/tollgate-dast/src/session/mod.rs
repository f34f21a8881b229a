//! Who the scan acts as: credentials, how they were won and how to tell that they still hold.

mod jar;
mod login;

use std::sync::RwLock;
use std::time::{Duration, Instant};

use regex::Regex;

pub(crate) use jar::Jar;
pub(crate) use login::{LoginError, ResolvedAuth, ResolvedUser};

use crate::client::{Client, Credentials, SendError};
use crate::message::{Answer, Template};
use crate::scope::{InScopeUrl, Scope};

/// A signed-in user, or the visitor nobody knows.
pub(crate) struct Session {
    pub(crate) name: String,
    user: Option<ResolvedUser>,
    state: RwLock<State>,
    logged_in: Option<Regex>,
    logged_out: Option<Regex>,
    renewed: tokio::sync::Mutex<Instant>,
}

/// A session is not renewed again before it is this old, so that a page which is closed to the user does
/// not make the scan sign in without end.
const SHORTEST_SESSION: Duration = Duration::from_secs(10);

#[derive(Debug, Default, Clone)]
struct State {
    headers: Vec<(String, String)>,
    jar: Jar,
}

impl Session {
    /// The visitor nobody knows.
    pub(crate) fn anonymous() -> Self {
        Self {
            name: "anonymous".into(),
            user: None,
            state: RwLock::new(State::default()),
            logged_in: None,
            logged_out: None,
            renewed: tokio::sync::Mutex::new(Instant::now()),
        }
    }

    /// Signs a user in.
    pub(crate) async fn sign_in(
        client: &Client,
        scope: &Scope,
        user: ResolvedUser,
    ) -> Result<Self, LoginError> {
        let regex = |text: &Option<String>| match text {
            Some(text) => {
                Regex::new(text).map(Some).map_err(|error| LoginError::Indicator(error.to_string()))
            }
            None => Ok(None),
        };
        let session = Self {
            name: user.name.clone(),
            logged_in: regex(&user.logged_in)?,
            logged_out: regex(&user.logged_out)?,
            user: Some(user),
            state: RwLock::new(State::default()),
            renewed: tokio::sync::Mutex::new(Instant::now()),
        };
        session.renew(client, scope).await?;
        Ok(session)
    }

    /// Signs in again.
    pub(crate) async fn renew(&self, client: &Client, scope: &Scope) -> Result<(), LoginError> {
        let Some(user) = &self.user else { return Ok(()) };
        let (headers, jar) = login::sign_in(client, scope, user).await?;
        *self.state.write().expect("no holder panics") = State { headers, jar };
        if !self.is_alive(client, scope).await? {
            return Err(LoginError::Refused(self.name.clone()));
        }
        Ok(())
    }

    /// Signs in again where the session is old enough to have run out. `false` where nothing was done.
    pub(crate) async fn refresh(&self, client: &Client, scope: &Scope) -> Result<bool, LoginError> {
        if self.user.is_none() {
            return Ok(false);
        }
        let mut renewed = self.renewed.lock().await;
        if renewed.elapsed() < SHORTEST_SESSION {
            return Ok(true);
        }
        self.renew(client, scope).await?;
        *renewed = Instant::now();
        Ok(true)
    }

    /// Whether an answer looks as if the session had run out.
    pub(crate) fn seems_lost(&self, answer: &Answer) -> bool {
        self.user.is_some()
            && (answer.status == 401
                || self.logged_out.as_ref().is_some_and(|regex| regex.is_match(&answer.body)))
    }

    /// Whether the session still stands, as far as the indicators can tell.
    pub(crate) async fn is_alive(&self, client: &Client, scope: &Scope) -> Result<bool, SendError> {
        let Some(user) = &self.user else { return Ok(true) };
        if self.logged_in.is_none() && self.logged_out.is_none() {
            return Ok(true);
        }
        let target = scope.target();
        let mut page =
            user.page.as_deref().and_then(|page| scope.resolve(&target, page).ok()).unwrap_or(target);
        for _ in 0..5 {
            let answer = client.send(&Template::get(page.clone()), &self.credentials(&page)).await?;
            self.learn(&page, &answer);
            if !answer.is_redirect() {
                return Ok(!self.shows_logged_out(&answer));
            }
            match answer.header("location").and_then(|link| scope.resolve(&page, link).ok()) {
                Some(next) => page = next,
                None => return Ok(false),
            }
        }
        Ok(false)
    }

    fn shows_logged_out(&self, answer: &Answer) -> bool {
        self.logged_out.as_ref().is_some_and(|regex| regex.is_match(&answer.body))
            || self.logged_in.as_ref().is_some_and(|regex| !regex.is_match(&answer.body))
    }

    pub(crate) const fn is_anonymous(&self) -> bool {
        self.user.is_none()
    }

    /// What goes with a request to that address.
    pub(crate) fn credentials(&self, url: &InScopeUrl) -> Credentials {
        let state = self.state.read().expect("no holder panics");
        Credentials { headers: state.headers.clone(), cookies: state.jar.cookies_for(url) }
    }

    /// Keeps the cookies of an answer.
    pub(crate) fn learn(&self, url: &InScopeUrl, answer: &Answer) {
        if answer.header("set-cookie").is_some() {
            let mut state = self.state.write().expect("no holder panics");
            state.jar.store(url, answer);
        }
    }

    /// A bearer token among the credentials, if there is one.
    pub(crate) fn bearer(&self) -> Option<String> {
        let state = self.state.read().expect("no holder panics");
        let (_, value) = state.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("authorization"))?;
        value.split_once(' ').map(|(_, token)| token.to_owned())
    }
}
