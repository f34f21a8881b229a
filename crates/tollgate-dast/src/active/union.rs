//! A row of our own in what a query finds: the columns are counted by the order asked for, and a product
//! that only the database can work out stands in the row.

use super::spot::{Shot, Spot, Variables};
use crate::client::Halt;

/// Columns beyond which no query goes.
const MOST: usize = 60;

/// Columns that are tried one by one where a row of numbers alone does not fit.
const ONE_BY_ONE: usize = 12;

/// Tries each text that may end the value in its query.
pub(super) async fn run(spot: &Spot<'_>, rule: &str, closings: &[String]) -> Result<(), Halt> {
    let number = spot.point.value.parse::<u64>().is_ok();
    for closing in closings {
        // A quote that changes nothing ends nothing, and outside of quotes stand numbers. A value that is
        // shown and otherwise no other than a word is none that a query looks for.
        let quoted = closing.contains(['\'', '"']);
        let fits = if quoted {
            spot.shaken && !(spot.reflected && spot.indifferent)
        } else {
            number && !spot.indifferent
        };
        if !fits {
            continue;
        }
        if let Some(columns) = columns(spot, closing).await?
            && proved(spot, rule, closing, columns).await?
        {
            return Ok(());
        }
    }
    Ok(())
}

/// The number of columns: the last by which rows can be ordered.
async fn columns(spot: &Spot<'_>, closing: &str) -> Result<Option<usize>, Halt> {
    let ordered = |column: usize| format!("{{value}}{closing} ORDER BY {column}-- -");
    let Some(beyond) = spot.shoot(&ordered(MOST), &Variables::default()).await? else { return Ok(None) };
    if spot.alike(&beyond, &spot.usual(), &[]) {
        return Ok(None);
    }
    let fails = |shot: &Shot| {
        let payloads = [shot.payload.as_str(), beyond.payload.as_str()];
        let base = &spot.subject.baseline;
        base.view(&shot.answer, &payloads).same_but_digits(&base.view(&beyond.answer, &payloads))
    };
    let (mut fits, mut too_many) = (0, MOST);
    while too_many - fits > 1 {
        let middle = if fits == 0 { 1 } else { usize::midpoint(fits, too_many) };
        let Some(shot) = spot.shoot(&ordered(middle), &Variables::default()).await? else { return Ok(None) };
        if fails(&shot) {
            too_many = middle;
        } else {
            fits = middle;
        }
    }
    Ok((fits > 0).then_some(fits))
}

async fn proved(spot: &Spot<'_>, rule: &str, closing: &str, columns: usize) -> Result<bool, Halt> {
    // A value that nothing has, so that the row stands alone.
    let nothing = if closing.contains(['\'', '"']) { "{token}" } else { "-{x}" };
    let row = |shown: Option<usize>| {
        let cells: Vec<_> = (0..columns)
            .map(|column| if shown.is_none_or(|shown| shown == column) { "{x}*{y}" } else { "NULL" })
            .collect();
        cells.join(",")
    };
    let singly = (0..columns.min(ONE_BY_ONE)).map(Some).filter(|_| columns > 1);
    for shown in std::iter::once(None).chain(singly) {
        let asking = |union: &str| format!("{nothing}{closing} {union} ALL SELECT {}-- -", row(shown));
        let mut shots = Vec::new();
        for union in ["UNION", "UNION", "UNIXN"] {
            let variables = spot.draw();
            let product = spot.render("{product}", &variables);
            let Some(shot) = spot.shoot(&asking(union), &variables).await? else { break };
            let works = shot.answer.body.contains(&product) && !shot.payload.contains(&product);
            // The same text without its effect must not work it out.
            if works != (union == "UNION") {
                break;
            }
            shots.push((shot, product));
        }
        if let [(first, product), (second, _), (control, _)] = shots.as_slice() {
            let marker = product.clone();
            spot.claim(rule, &[first, second, control], Some(marker));
            return Ok(true);
        }
    }
    Ok(false)
}
