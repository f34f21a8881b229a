//! Redirects to anywhere.

use super::spot::Spot;
use crate::client::Halt;
use crate::message::Answer;

const REDIRECT: &str = "dast.open-redirect";

/// Where the word comes back as the target of a redirect, a foreign address may too. The address belongs
/// to a name that is reserved and never requested.
pub(super) async fn run(spot: &Spot<'_>) -> Result<(), Halt> {
    if !spot.engine.checks.enabled(REDIRECT) || spot.claimed(REDIRECT) {
        return Ok(());
    }
    let goes = |answer: &Answer| target_of_redirect(answer);
    if !goes(&spot.plain).is_some_and(|target| target.contains(&spot.echo)) {
        return Ok(());
    }
    for payload in
        ["https://{word}.example/", "//{word}.example/", "https:{word}.example", "/\\{word}.example/"]
    {
        let mut shots = Vec::new();
        for _ in 0..2 {
            let variables = spot.draw();
            let Some(shot) = spot.shoot(payload, &variables).await? else { break };
            let away = goes(&shot.answer).is_some_and(|target| leads_to(spot, &target, &variables.word));
            if !away {
                break;
            }
            shots.push(shot);
        }
        if let [first, second] = shots.as_slice() {
            let marker = goes(&first.answer);
            spot.claim(REDIRECT, &[first, second], marker);
            return Ok(());
        }
    }
    Ok(())
}

fn leads_to(spot: &Spot<'_>, target: &str, word: &str) -> bool {
    let base = spot.subject.baseline.template.url.url();
    let host = base.join(target).ok().and_then(|url| url.host_str().map(str::to_owned));
    host.is_some_and(|host| host == format!("{word}.example"))
}

/// The address a browser goes to from here by itself.
fn target_of_redirect(answer: &Answer) -> Option<String> {
    if answer.is_redirect() {
        return answer.header("location").map(str::to_owned);
    }
    if let Some(value) = answer.header("refresh") {
        return crate::html::refresh_target(value);
    }
    if !answer.body.contains("http-equiv") && !answer.body.contains("HTTP-EQUIV") {
        return None;
    }
    let document = crate::html::document(&answer.body);
    document.tree.nodes().find_map(|node| {
        let element = node.value().as_element()?;
        let refresh = element.name() == "meta"
            && element.attr("http-equiv").is_some_and(|value| value.eq_ignore_ascii_case("refresh"));
        if refresh { crate::html::refresh_target(element.attr("content")?) } else { None }
    })
}
