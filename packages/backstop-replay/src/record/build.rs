//! From the chain and the tally to the report.

use std::collections::BTreeMap;

use backstop_types::Named;
use backstop_types::breaker::MarketState;
use backstop_types::vault::{Claim, ClaimStatus, CoverReason, LapseReason, Loss as LossRecord};
use backstop_vault::state::{CLAIMS, LOSSES};
use cosmwasm_std::{Decimal, Order};

use super::{
    Adl, Answer, Breaker, Exchange, Friction, Invariants, Loss, Reason, Report, Shortfalls, Time, Transition,
    Tuned, Vault, Witness, expectations,
};
use crate::engine::{self, Answered, Chain, Setting, Tally, Witnesses};
use crate::scenario::tables::Scenario;
use crate::scenario::values::Moment;

/// How many broken invariants are told in words.
const TOLD: usize = 20;

/// The report on what has happened; invariants and hash come with
/// [`Report::finish`].
pub fn build(
    scenario: &Scenario,
    setting: &Setting,
    seed: u64,
    blocks: u64,
    chain: &Chain,
    tuned: &Tuned,
) -> Report {
    let vault = vault(chain);
    let breaker = breaker(&chain.tally, setting.breaker_on());
    let mut report = Report {
        scenario: scenario.name.clone(),
        title: scenario.title.clone(),
        setting: setting.to_string(),
        seed,
        blocks,
        market: scenario.market.name.clone(),
        asset: scenario.market.asset.clone(),
        decimals: scenario.market.decimals,
        time: Time {
            start: scenario.time.start.to_string(),
            end: Moment(chain.now()).to_string(),
            block: scenario.time.block,
        },
        shortfalls: shortfalls(&chain.tally),
        adl: Adl {
            events: chain.tally.adl.events,
            notional: chain.tally.adl.notional.to_string(),
            taken: chain.tally.adl.taken.to_string(),
            compensated: chain.tally.adl.compensated.to_string(),
        },
        vault,
        breaker,
        exchange: exchange(chain),
        friction: friction(&chain.tally.friction),
        witnesses: vec![],
        parameters: tuned.list(),
        invariants: Invariants::default(),
        expectations: vec![],
        steps: 0,
        trace_sha256: String::new(),
        version: env!("CARGO_PKG_VERSION").to_string(),
        command: String::new(),
        off: None,
        against: None,
    };
    let outcome = match setting {
        Setting::BreakerOn | Setting::AsWritten => Some(&scenario.expect.on),
        Setting::BreakerOff => Some(&scenario.expect.off),
        // A scenario expects nothing of parameters that it does not know.
        Setting::Against(_) => None,
    };
    report.expectations = outcome.map_or(vec![], |outcome| expectations::check(outcome, &report));
    report
}

impl Report {
    /// Adds what is known only once the replay is over.
    pub fn finish(&mut self, chain: &mut Chain, witnesses: &Witnesses) {
        self.witnesses = witnesses.all.iter().map(witness).collect();
        let found = &chain.world.violations;
        self.invariants = Invariants {
            checks: chain.world.checks(),
            failures: found.len() as u64,
            found: found.iter().take(TOLD).map(ToString::to_string).collect(),
        };
        (self.trace_sha256, self.steps) = chain.finish_trace();
    }
}

fn shortfalls(tally: &Tally) -> Shortfalls {
    let sum = |part: fn(&Answered) -> u128| tally.answered.iter().map(part).sum::<u128>().to_string();
    let mut reasons: BTreeMap<String, (u64, u128)> = BTreeMap::new();
    for answer in &tally.answered {
        if let Some(reason) = answer.reason {
            let entry = reasons.entry(reason.to_string()).or_default();
            entry.0 += 1;
            entry.1 += answer.pending + answer.uncovered;
        }
    }
    let reasons = reasons.into_iter().map(|(name, (count, not_paid))| {
        let not_paid = not_paid.to_string();
        (name, Reason { count, not_paid })
    });
    Shortfalls {
        count: tally.answered.len() as u64,
        asked: sum(|a| a.asked),
        deductible: sum(|a| a.deductible),
        paid: sum(|a| a.paid),
        pending: sum(|a| a.pending),
        uncovered: sum(|a| a.uncovered),
        unanswered: tally.unanswered.len() as u64,
        reasons: reasons.collect(),
        answers: tally.answered.iter().map(answer).collect(),
    }
}

fn answer(answered: &Answered) -> Answer {
    Answer {
        time: Moment(answered.time).to_string(),
        price: match answered.price {
            Some(price) => price.to_string(),
            None => "none".to_string(),
        },
        asked: answered.asked.to_string(),
        deductible: answered.deductible.to_string(),
        paid: answered.paid.to_string(),
        pending: answered.pending.to_string(),
        uncovered: answered.uncovered.to_string(),
        claim: answered.claim,
        reason: answered.reason.map(|reason| reason.to_string()),
    }
}

fn vault(chain: &Chain) -> Vault {
    let storage = chain.world.app.contract_storage(&chain.world.vault);
    let losses: Vec<(u64, LossRecord, Claim)> = LOSSES
        .range(&*storage, None, None, Order::Ascending)
        .flatten()
        .filter_map(|(n, loss)| Some((n, loss, CLAIMS.may_load(&*storage, n).ok().flatten()?)))
        .collect();
    let sum = |part: fn(&(u64, LossRecord, Claim)) -> u128| losses.iter().map(part).sum::<u128>().to_string();
    let end = chain.pool();
    Vault {
        assets_start: chain.start.assets.to_string(),
        assets_end: end.assets.to_string(),
        price_start: share_price(&chain.start),
        price_end: share_price(&end),
        granted: sum(|(_, loss, _)| loss.granted.u128()),
        paid: sum(|(_, _, claim)| claim.paid.u128()),
        waiting: sum(|(_, _, claim)| claim.pot.u128()),
        recovered: sum(|(_, loss, _)| loss.from_pot.u128() + loss.repaid.u128()),
        taken_back: sum(|(_, loss, _)| loss.taken.u128()),
        losses: losses
            .iter()
            .map(|(n, loss, claim)| one_loss(*n, loss, claim, chain))
            .collect(),
    }
}

/// Assets per share with 18 decimals, rounded down; one without shares.
fn share_price(pool: &backstop_types::vault::Pool) -> String {
    let shares = pool.active.0.checked_add(pool.queued.0).unwrap_or_default();
    Decimal::checked_from_ratio(pool.assets.0, shares)
        .unwrap_or(Decimal::one())
        .to_string()
}

fn one_loss(n: u64, loss: &LossRecord, claim: &Claim, chain: &Chain) -> Loss {
    let answered = chain.tally.answered.iter().find(|answer| answer.claim == Some(n));
    let reason = answered.and_then(|answer| answer.reason);
    let before = claim.assets_before.u128().max(1);
    Loss {
        loss: n,
        time: Moment(loss.booked_at.seconds()).to_string(),
        granted: loss.granted.to_string(),
        paid: claim.paid.to_string(),
        waiting: claim.pot.to_string(),
        recovered: (loss.from_pot.u128() + loss.repaid.u128()).to_string(),
        of_assets_ppm: u64::try_from(loss.granted.u128().saturating_mul(1_000_000) / before)
            .unwrap_or(u64::MAX),
        why: why(claim, reason),
    }
}

/// The story of a claim in a few words.
fn why(claim: &Claim, reason: Option<CoverReason>) -> String {
    let closing = match claim.price {
        Some(price) => format!("a position closed below zero at {price}"),
        None => "a position closed below zero".to_string(),
    };
    let filed = match reason {
        Some(reason) => format!(" ({})", reason.name().replace('_', " ")),
        None => String::new(),
    };
    let ended = match &claim.status {
        ClaimStatus::Paid {} if reason.is_none() => "paid at once".to_string(),
        ClaimStatus::Paid {} => format!("paid{filed}"),
        ClaimStatus::Delayed {} => format!("waits for its delay{filed}"),
        ClaimStatus::Held(_) => format!("held until the trip ends{filed}"),
        ClaimStatus::Declined { reason } => format!("declined: {reason}"),
        ClaimStatus::Lapsed { reason } => match reason {
            LapseReason::PriceOutsideSpan => "returned: its price is outside the trip's span".to_string(),
            LapseReason::Expired => "returned: its trip did not end in time".to_string(),
        },
    };
    format!("{closing}; {ended}")
}

fn breaker(tally: &Tally, enabled: bool) -> Breaker {
    let transitions = tally.transitions.iter().map(|transition| Transition {
        time: Moment(transition.time).to_string(),
        from: transition.from.to_string(),
        to: transition.to.to_string(),
        reasons: transition.reasons.iter().map(|fault| fault.to_string()).collect(),
        evidence: transition.evidence.clone(),
    });
    let tripped = |state: MarketState| state.rank() >= MarketState::Tripped.rank();
    let well = |state: MarketState| state.rank() <= MarketState::Guarded.rank();
    let to_trip = |t: &&engine::Transition| tripped(t.to) && well(t.from);
    Breaker {
        enabled,
        trips: tally.transitions.iter().filter(to_trip).count() as u64,
        transitions: transitions.collect(),
    }
}

fn exchange(chain: &Chain) -> Exchange {
    let seen = &chain.tally.exchange;
    Exchange {
        opened: seen.opened,
        closed: seen.closed,
        liquidated: seen.liquidated,
        underwater: seen.underwater,
        open: chain.book.count() as u64,
        underwater_at_market: chain
            .market
            .map_or(0, |price| chain.book.underwater(price))
            .to_string(),
        margins: seen.margins.to_string(),
        from_insurance: seen.from_insurance.to_string(),
    }
}

fn friction(friction: &engine::Friction) -> Friction {
    Friction {
        liquidations: friction.liquidations,
        below_zero: friction.below_zero,
        missing: friction.missing().to_string(),
        price: friction.price.to_string(),
        trips: friction.trips.to_string(),
        keepers: friction.keepers.to_string(),
        insured: friction.insured.to_string(),
        congested: friction.congested,
        longest_wait: friction.longest_wait,
        slippage: friction.slippage.to_string(),
        fees: friction.fees.to_string(),
        unwinding: friction.unwinding.to_string(),
    }
}

fn witness(witness: &engine::Witness) -> Witness {
    let moment = |at: Option<u64>| at.map(|at| Moment(at).to_string());
    Witness {
        who: witness.rule.name().to_string(),
        put_in: witness.put_in.to_string(),
        came: moment(witness.came),
        left: moment(witness.left),
        withdrew: witness.withdrew.to_string(),
        took_back: witness.took_back.to_string(),
    }
}
