//! A place of an endpoint under test: sends payloads into it and remembers the answers.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE as BASE64};
use tokio::sync::Mutex;
use tollgate_core::dynamic::Parameter;

use super::Subject;
use crate::client::Halt;
use crate::engine::{Claim, Engine};
use crate::insert::{self, Point, Slot};
use crate::message::{Answer, Template};
use crate::passive;
use crate::technology::Technology;
use crate::token::Tokens;

/// A place under test.
pub(crate) struct Spot<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) subject: &'a Subject<'a>,
    pub(crate) point: Point,
    /// The word of the first payload; payloads that ask for `{token}` carry it.
    pub(crate) token: String,
    /// Answer to the token alone.
    pub(crate) plain: Answer,
    /// Whether the token shows in the body or a header.
    pub(crate) reflected: bool,
    /// The part of the token that shows: some applications cut the ends off.
    pub(crate) echo: String,
    /// Whether the usual value is answered as a word that nothing knows.
    pub(crate) indifferent: bool,
    /// Whether quotes behind a word change more than the word alone.
    pub(crate) shaken: bool,
    /// Whether all that a value and quotes do is to show.
    pub(crate) echo_only: bool,
    /// Whether neither the token nor quotes change the answer.
    pub(crate) inert: bool,
    /// The way this place's payloads name files, like no other's.
    detour: String,
    memo: Mutex<BTreeMap<String, Option<Shot>>>,
}

/// A payload, the request that carried it and what came back.
#[derive(Debug, Clone)]
pub(crate) struct Shot {
    pub(crate) payload: String,
    pub(crate) template: Template,
    pub(crate) answer: Answer,
}

/// Values of the variables a payload may name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Variables {
    pub(crate) x: u64,
    pub(crate) y: u64,
    pub(crate) digits: (char, char),
    pub(crate) seconds: u64,
    pub(crate) callback: String,
    pub(crate) callback_authority: String,
    /// What an object of Java writes about the one on another machine that it stands for, each byte a sign.
    pub(crate) remote_reference: String,
    pub(crate) word: String,
    /// Signs that lead nowhere within a path, so that no two requests name a file alike.
    pub(crate) detour: String,
}

impl Variables {
    /// A payload with its variables filled in.
    pub(crate) fn render(&self, text: &str, value: &str, token: &str) -> String {
        if let Some(inner) = text.strip_prefix("base64:") {
            return BASE64.encode(self.render(inner, value, token));
        }
        // Filled up to whole groups, so that no padding follows.
        if let Some(inner) = text.strip_prefix("base64.:") {
            let mut bytes = self.render(inner, value, token);
            while !bytes.len().is_multiple_of(3) {
                bytes.push('\n');
            }
            return format!("{}.", BASE64.encode(bytes));
        }
        // Each sign a byte.
        if let Some(inner) = text.strip_prefix("bytes:") {
            let signs = self.render(inner, value, token);
            return STANDARD.encode(signs.chars().map(|c| c as u8).collect::<Vec<_>>());
        }
        let value = if value.is_empty() { "1" } else { value };
        text.replace("{value}", value)
            .replace("{token}", token)
            .replace("{word}", &self.word)
            .replace("{x}", &self.x.to_string())
            .replace("{y}", &self.y.to_string())
            .replace("{product}", &self.x.saturating_mul(self.y).to_string())
            .replace("{d}", &self.digits.0.to_string())
            .replace("{e}", &self.digits.1.to_string())
            .replace("{seconds}", &self.seconds.to_string())
            .replace("{detour}", &self.detour)
            .replace("{callback}", &self.callback)
            .replace("{callback-authority}", &self.callback_authority)
            .replace("{remote-reference}", &self.remote_reference)
    }
}

/// Answers that are kept of one place while it is under test.
const KEPT_SHOTS: usize = 200;

/// What upsets most interpreters: both quotes behind a word.
pub(crate) const BREAKER: &str = "{token}'\"";

impl<'a> Spot<'a> {
    /// Sends the first two payloads. `None` where the place takes none.
    pub(crate) async fn open(
        engine: &'a Engine,
        subject: &'a Subject<'a>,
        point: Point,
    ) -> Result<Option<Self>, Halt> {
        let token = engine.tokens.word();
        let Some(template) = insert::apply(&engine.scope, &subject.baseline.template, &point, &token) else {
            return Ok(None);
        };
        let Some(plain) = subject.send(&template).await? else { return Ok(None) };
        let shows = |part: &str| {
            plain.body.contains(part) || plain.headers.iter().any(|(_, value)| value.contains(part))
        };
        let parts = [&token[..], &token[..token.len() - 1], &token[1..]];
        let echo = parts.into_iter().find(|part| shows(part)).map(str::to_owned);
        let mut spot = Self {
            engine,
            subject,
            point,
            reflected: echo.is_some(),
            echo: echo.unwrap_or_else(|| token.clone()),
            token,
            plain,
            indifferent: false,
            shaken: false,
            echo_only: false,
            inert: false,
            detour: draw(&engine.tokens).detour,
            memo: Mutex::default(),
        };
        let breaker = spot.shoot(BREAKER, &Variables::default()).await?;
        let base = &subject.baseline;
        let moved = |answer: &Answer, payload: &str| {
            !base.view(answer, &[payload]).same_but(&base.view(&base.answer, &[payload]), &[])
        };
        if let Some(shot) = &breaker {
            passive::observe_error(engine, &subject.endpoint.route, &shot.template, &shot.answer);
        }
        // Beside the answer to the word alone, which shows it in the same places.
        spot.shaken = breaker.is_none_or(|shot| !spot.alike(&shot, &spot.plain_shot(), &[]));
        spot.inert = !spot.reflected && !spot.shaken && !moved(&spot.plain, &spot.token);
        // What a request did not have may count by being there; only its value is under test.
        if spot.point.is_added()
            && !spot.reflected
            && let Some(shot) = spot.shoot(BREAKER, &Variables::default()).await?
        {
            spot.inert = spot.alike(&shot, &spot.plain_shot(), &[]);
        }
        spot.indifferent = spot.alike(&spot.usual(), &spot.plain_shot(), &[])
            || base.answer.status == spot.plain.status
                && base.answer.body == spot.plain.body.replace(&spot.token, &spot.point.value);
        spot.echo_only = spot.reflected && spot.indifferent && !spot.shaken;
        Ok(Some(spot))
    }

    pub(crate) fn render(&self, text: &str, variables: &Variables) -> String {
        variables.render(text, &self.point.value, &self.token)
    }

    /// The request that carries the rendered payload.
    pub(crate) fn aim(&self, payload: &str) -> Option<Template> {
        insert::apply(&self.engine.scope, &self.subject.baseline.template, &self.point, payload)
    }

    /// Sends a payload; equal payloads are sent once.
    pub(crate) async fn shoot(&self, text: &str, variables: &Variables) -> Result<Option<Shot>, Halt> {
        let payload = self.render(text, variables);
        if let Some(known) = self.memo.lock().await.get(&payload) {
            return Ok(known.clone());
        }
        let shot = self.shoot_again(&payload).await?;
        let mut memo = self.memo.lock().await;
        if memo.len() < KEPT_SHOTS {
            memo.insert(payload, shot.clone());
        }
        Ok(shot)
    }

    /// Drops the kept answers: few payloads come again once the place was probed, and the answers of all
    /// places would fill the memory.
    pub(crate) async fn forget(&self) {
        self.memo.lock().await.clear();
    }

    /// Sends a rendered payload, whether or not it was sent before.
    pub(crate) async fn shoot_again(&self, payload: &str) -> Result<Option<Shot>, Halt> {
        let Some(template) = self.aim(payload) else { return Ok(None) };
        let answer = self.subject.send(&template).await?;
        Ok(answer.map(|answer| Shot { payload: payload.to_owned(), template, answer }))
    }

    /// Whether two answers are the same apart from echoes and from single characters that the payloads
    /// differ in.
    pub(crate) fn alike(&self, one: &Shot, two: &Shot, allowed: &[(char, char)]) -> bool {
        let payloads = [one.payload.as_str(), two.payload.as_str()];
        let base = &self.subject.baseline;
        base.view(&one.answer, &payloads).same_but(&base.view(&two.answer, &payloads), allowed)
    }

    /// The usual answer as a shot.
    pub(crate) fn usual(&self) -> Shot {
        let base = &self.subject.baseline;
        Shot {
            payload: self.point.value.clone(),
            template: base.template.clone(),
            answer: base.answer.clone(),
        }
    }

    /// The answer to the token alone as a shot.
    pub(crate) fn plain_shot(&self) -> Shot {
        let template = self.subject.baseline.template.clone();
        Shot { payload: self.token.clone(), template, answer: self.plain.clone() }
    }

    pub(crate) fn technology(&self) -> Option<Technology> {
        self.subject.baseline.technology
    }

    pub(crate) fn parameter(&self) -> Parameter {
        let mut parameter = self.point.parameter();
        if matches!(self.point.slot, Slot::BodyName(_) | Slot::HeaderName) {
            parameter.name = format!("{} (name)", parameter.name);
        }
        parameter
    }

    pub(crate) fn route(&self) -> &str {
        &self.subject.endpoint.route
    }

    /// Reports a flaw proved by these shots, the decisive one first.
    pub(crate) fn claim(&self, rule: &str, shots: &[&Shot], marker: Option<String>) {
        let Some(check) = self.engine.checks.get(rule) else { return };
        let parameter = self.parameter();
        let message = check
            .message
            .replace("{parameter}", &format!("`{}` ({})", parameter.name, parameter.place))
            .replace("{route}", self.route())
            .replace("{method}", &self.subject.baseline.template.method);
        self.engine.claim(Claim {
            rule,
            message: Some(message),
            route: self.route(),
            parameter: Some(parameter),
            exchanges: shots.iter().map(|shot| (&shot.template, Some(&shot.answer))).collect(),
            marker,
            with: self.subject.baseline.with.clone(),
        });
    }

    pub(crate) fn claimed(&self, rule: &str) -> bool {
        self.engine.has_claim(rule, self.route(), Some(&self.parameter()))
    }

    /// Fresh numbers, digits and a fresh word.
    pub(crate) fn draw(&self) -> Variables {
        Variables { detour: self.detour.clone(), ..draw(&self.engine.tokens) }
    }
}

/// Fresh numbers, digits and a fresh word.
pub(crate) fn draw(tokens: &Tokens) -> Variables {
    let first = tokens.number(1, 10);
    let second = (first + tokens.number(1, 9)) % 9 + 1;
    let second = if second == first { first % 9 + 1 } else { second };
    let digit = |n: u64| char::from(b'0' + u8::try_from(n % 10).unwrap_or(1));
    Variables {
        x: tokens.number(20_011, 79_999),
        y: tokens.number(20_011, 79_999),
        digits: (digit(first), digit(second)),
        seconds: 0,
        word: tokens.word(),
        detour: (0..10).map(|_| if tokens.number(0, 2) == 0 { "/" } else { "/." }).collect(),
        ..Variables::default()
    }
}
