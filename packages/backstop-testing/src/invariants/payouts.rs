//! 9: nothing is granted while the premium is not paid, and nothing is paid on a
//! deny, before its delay, or at a price outside the band or span that it is held
//! to. Only a claim that is filed, found to stand or paid asks the breaker.

use backstop_types::Nanos;
use backstop_types::breaker::{Action, Band, OracleBreaker, VerdictFacts};
use backstop_types::vault::{Claim, ClaimStatus, Held};
use backstop_vault::state::Policy;
use cosmwasm_std::{StdError, StdResult};
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
        if change.before.is_none() && !policy(view, claim)?.in_force(claim.filed_at) {
            found.push(Violation::new(
                9,
                format!("claim {n} was granted without a premium"),
            ));
        }
        if let (Some(before), ClaimStatus::Delayed {}) = (&change.before, &claim.status)
            && let ClaimStatus::Held(hold) = &before.status
        {
            let stood = after_hold(app, view, claim, hold)?;
            found
                .extend(stood.map(|what| Violation::new(9, format!("claim {n} was found to stand: {what}"))));
        }
        if change.before.is_none() && !matches!(claim.status, ClaimStatus::Held(_)) && priced(view, claim)? {
            let judged = by_the_breaker(app, view, claim);
            found.extend(judged.map(|what| Violation::new(9, format!("claim {n} was not held: {what}"))));
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
    Ok(found)
}

/// What speaks against a claim that the breaker's answer of this moment has to
/// support: it was filed just now and is paid, or waits for its delay alone.
fn by_the_breaker(app: &App, view: &VaultView, claim: &Claim) -> Option<String> {
    match verdict(app, view, &claim.market) {
        None => Some("although the breaker does not answer".to_string()),
        Some(VerdictFacts {
            allowed: false,
            faults,
            ..
        }) => Some(format!("on a deny for {faults}")),
        Some(VerdictFacts { band: None, .. }) => Some("without a band".to_string()),
        Some(VerdictFacts { band: Some(band), .. }) => outside(claim, band, "the band"),
    }
}

/// A payment out of the pot.
fn later(app: &App, view: &VaultView, before: &Claim, claim: &Claim) -> StdResult<Vec<String>> {
    let mut found = vec![];
    let now = app.block_info().time;
    let waited = Nanos::between(claim.filed_at, now);
    let holds = view.pauses.payouts.total(now).saturating_sub(claim.paused_before);
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

fn after_hold(app: &App, view: &VaultView, claim: &Claim, held: &Held) -> StdResult<Option<String>> {
    let breaker = OracleBreaker(held.breaker.clone());
    let ended = match held.trip {
        Some(trip) => {
            let trip = breaker.trip(&app.wrap(), &claim.market, trip)?;
            match trip.and_then(|trip| trip.end) {
                Some(end) => end.band,
                None => return Ok(Some("before its trip ended".to_string())),
            }
        }
        None => match well_since(app, &breaker, claim, held)? {
            Some(band) => band,
            None => match verdict(app, view, &claim.market) {
                Some(VerdictFacts {
                    allowed: true,
                    band: Some(band),
                    ..
                }) => band,
                _ => return Ok(Some("although the breaker still denies".to_string())),
            },
        },
    };
    let span = match (held.at_filing, held.last_clean) {
        (Some(at_filing), _) => at_filing,
        (None, Some(before)) => before.span(ended),
        (None, None) => ended,
    };
    Ok(outside(claim, span, "the span"))
}

/// Of a claim that was held without a trip, the last clean band after filing and
/// before the next trip, or else the clean bands that ended that trip.
fn well_since(app: &App, breaker: &OracleBreaker, claim: &Claim, held: &Held) -> StdResult<Option<Band>> {
    let querier = app.wrap();
    let next = breaker.trip(&querier, &claim.market, held.trips + 1)?;
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

fn outside(claim: &Claim, bounds: Band, name: &str) -> Option<String> {
    match claim.price {
        Some(price) if bounds.contains(price) => None,
        Some(price) => Some(format!(
            "at {price}, outside {name} of {} to {}",
            bounds.low, bounds.high
        )),
        None => Some("without a price".to_string()),
    }
}

fn verdict(app: &App, view: &VaultView, market: &str) -> Option<VerdictFacts> {
    let breaker = view.config.as_ref()?.params.breaker.clone();
    OracleBreaker(breaker)
        .verdict(&app.wrap(), market, Action::Payout)
        .ok()
}

/// Whether the claim's policy has prices.
fn priced(view: &VaultView, claim: &Claim) -> StdResult<bool> {
    Ok(policy(view, claim)?.terms.priced)
}

/// The claim's policy. Policies are never removed.
fn policy<'a>(view: &'a VaultView, claim: &Claim) -> StdResult<&'a Policy> {
    for (key, policy) in view.policies.iter() {
        let (policyholder, market) = pair(key)?;
        if text(policyholder)? == claim.policyholder.as_str() && text(market)? == claim.market {
            return Ok(policy);
        }
    }
    Err(StdError::generic_err(format!(
        "a claim of {} on {} without a policy",
        claim.policyholder, claim.market
    )))
}
