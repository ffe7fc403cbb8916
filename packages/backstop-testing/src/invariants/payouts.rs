//! 9: nothing is paid on a deny, before its delay, or at a price outside the
//! band or span that it is held to. Only an actual payment asks the breaker.

use backstop_types::Nanos;
use backstop_types::breaker::{Action, Band, OracleBreaker, Verdict};
use backstop_types::vault::{Claim, ClaimStatus, Hold};
use cosmwasm_std::StdResult;
use cw_multi_test::App;

use super::Violation;
use super::mirror::{number, pair, text};
use super::vault::{Changes, VaultView};

/// Judges every payment since the last look.
pub fn judge(app: &App, view: &VaultView, changes: &Changes) -> StdResult<Vec<Violation>> {
    let mut found = vec![];
    for change in &changes.claims {
        let Some(claim) = &change.after else { continue };
        let n = number(&change.key)?;
        if let (Some(before), ClaimStatus::Delayed {}) = (&change.before, &claim.status)
            && let ClaimStatus::Held(hold) = &before.status
        {
            let stood = after_hold(app, view, claim, hold)?;
            found
                .extend(stood.map(|what| Violation::new(9, format!("claim {n} was found to stand: {what}"))));
        }
        let paid_before = change.before.as_ref().map_or(0, |claim| claim.paid.u128());
        if claim.paid.u128() <= paid_before {
            continue;
        }
        let found_here = match &change.before {
            None => at_once(app, view, claim)?,
            Some(before) => later(app, view, before, claim)?,
        };
        found.extend(
            found_here
                .into_iter()
                .map(|what| Violation::new(9, format!("claim {n} was paid: {what}"))),
        );
    }
    Ok(found)
}

/// A payment in the message that filed the claim.
fn at_once(app: &App, view: &VaultView, claim: &Claim) -> StdResult<Vec<String>> {
    let mut found = vec![];
    let now = app.block_info().time;
    if !priced(view, claim)? {
        found.push("at once, under a policy without prices".to_string());
    }
    if view.pauses.payouts.active(now) {
        found.push("at once, under the guardian's hold".to_string());
    }
    let Some(verdict) = verdict(app, view, &claim.market) else {
        return Ok(found);
    };
    if !verdict.allowed {
        found.push(format!("at once, on a deny for {:?}", verdict.reasons));
    }
    found.extend(outside(claim, verdict.band, "the band"));
    Ok(found)
}

/// A payment out of the pot.
fn later(app: &App, view: &VaultView, before: &Claim, claim: &Claim) -> StdResult<Vec<String>> {
    let mut found = vec![];
    let now = app.block_info().time;
    let waited = Nanos::between(claim.filed_at, now);
    let holds = view.pauses.payouts.total(now).saturating_sub(claim.held_before);
    if waited < claim.delay.nanos().saturating_add(holds) {
        found.push(format!(
            "after {} ns, of a delay of {} s and {} ns of the guardian's hold",
            waited.u64(),
            claim.delay,
            holds.u64()
        ));
    }
    match &before.status {
        ClaimStatus::Delayed {} => {}
        ClaimStatus::Held(hold) => found.extend(after_hold(app, view, claim, hold)?),
        status => found.push(format!("although it was {status:?}")),
    }
    Ok(found)
}

fn after_hold(app: &App, view: &VaultView, claim: &Claim, hold: &Hold) -> StdResult<Option<String>> {
    let breaker = OracleBreaker(hold.breaker.clone());
    let ended = match hold.trip {
        Some(trip) => {
            let trip = breaker.trip(&app.wrap(), &claim.market, trip)?;
            match trip.and_then(|trip| trip.end) {
                Some(end) => Some(end.band),
                None => return Ok(Some("before its trip ended".to_string())),
            }
        }
        None => match well_since(app, &breaker, claim, hold)? {
            Some(band) => Some(band),
            None => match verdict(app, view, &claim.market) {
                Some(verdict) if verdict.allowed => verdict.band,
                _ => return Ok(Some("although the breaker still denies".to_string())),
            },
        },
    };
    let span = match (hold.at_filing, hold.last_clean, ended) {
        (Some(at_filing), ..) => Some(at_filing),
        (_, Some(before), Some(ended)) => Some(before.span(ended)),
        (_, before, ended) => before.or(ended),
    };
    Ok(outside(claim, span, "the span"))
}

/// Of a claim that was held without a trip, the last clean band after filing and
/// before the next trip, or else the clean bands that ended that trip.
fn well_since(app: &App, breaker: &OracleBreaker, claim: &Claim, hold: &Hold) -> StdResult<Option<Band>> {
    let querier = app.wrap();
    let next = breaker.trip(&querier, &claim.market, hold.trips + 1)?;
    let (clean, ended) = match next.filter(|trip| trip.began_at >= claim.filed_at) {
        Some(trip) => (
            trip.last_clean.zip(trip.last_clean_at),
            trip.end.map(|end| end.band),
        ),
        None => {
            let record = breaker.record(&querier, &claim.market)?;
            (
                record.and_then(|record| record.last_clean.zip(record.last_clean_at)),
                None,
            )
        }
    };
    let clean = clean.filter(|(_, at)| *at > claim.filed_at).map(|(band, _)| band);
    Ok(clean.or(ended))
}

fn outside(claim: &Claim, bounds: Option<Band>, name: &str) -> Option<String> {
    let bounds = bounds?;
    match claim.price {
        Some(price) if bounds.holds(price) => None,
        Some(price) => Some(format!(
            "at {price}, outside {name} of {} to {}",
            bounds.low, bounds.high
        )),
        None => Some("without a price".to_string()),
    }
}

fn verdict(app: &App, view: &VaultView, market: &str) -> Option<Verdict> {
    let breaker = view.config.as_ref()?.params.breaker.clone();
    OracleBreaker(breaker)
        .verdict(&app.wrap(), market, Action::Payout)
        .ok()
}

/// Whether the claim's policy has prices.
fn priced(view: &VaultView, claim: &Claim) -> StdResult<bool> {
    for (key, policy) in view.policies.iter() {
        let (policyholder, market) = pair(key)?;
        if text(policyholder)? == claim.policyholder.as_str() && text(market)? == claim.market {
            return Ok(policy.terms.priced);
        }
    }
    Ok(true)
}
