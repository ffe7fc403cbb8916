//! From the chain and the tally to the record.

use std::collections::BTreeMap;

use backstop_types::breaker::MarketState;
use backstop_types::vault::{Claim, CoverReason, Loss as LossRecord, Pool};
use backstop_types::{Assets, Seconds};
use backstop_vault::state::{CLAIMS, LOSSES};
use cosmwasm_std::{Decimal, Order, StdResult, Timestamp, Uint128};
use sample_perps::state::LEDGER;

use super::{
    Answered, Bearers, Breaker, Exchange, Invariants, Loss, Prices, Providers, Reason, Record, Setting,
    Shortfalls, Time, Tuned, Vault, Yields, limits, untested,
};
use crate::chain::{Chain, Tally, Transition};
use crate::people::ReferenceStakers;
use crate::scenario::tables::Scenario;
use crate::sources::Heard;

/// How many broken invariants are told in words.
const TOLD: usize = 20;

impl Record {
    /// What has happened on `chain`; what is known only once everybody has left comes
    /// with [`Record::finish`].
    pub(crate) fn of(
        scenario: &Scenario,
        setting: &Setting,
        seed: u64,
        blocks: u64,
        chain: &Chain,
        tuned: Tuned,
        heard: &[Heard],
    ) -> StdResult<Self> {
        let run = Seconds(chain.now().saturating_sub(scenario.time.start.0));
        Ok(Self {
            untested: untested::of(chain, &tuned, heard, setting.breaker_on(), run),
            scenario: scenario.name.clone(),
            title: scenario.title.clone(),
            setting: setting.clone(),
            seed,
            blocks,
            market: scenario.market.name.clone(),
            asset: scenario.market.asset.clone(),
            decimals: scenario.market.decimals,
            time: Time {
                start: Timestamp::from_seconds(scenario.time.start.0),
                end: chain.time(),
                block: Seconds(scenario.time.block),
            },
            bearers: Bearers::of(chain, chain.unseen.now)?,
            limits: limits::of(chain, &tuned)?,
            shortfalls: shortfalls(&chain.tally),
            adl: chain.tally.adl,
            vault: vault(chain)?,
            breaker: breaker(chain, setting.breaker_on()),
            exchange: exchange(chain),
            providers: providers(chain)?,
            liquidation_cost: chain.tally.liquidation_cost,
            yields: Yields::default(),
            reference_stakers: vec![],
            prices: Prices::of(scenario, heard),
            tuned,
            invariants: Invariants::default(),
            steps: 0,
            trace_sha256: String::new(),
        })
    }

    /// Adds what is known only once the replay is over.
    pub(crate) fn finish(&mut self, chain: &mut Chain, reference: &ReferenceStakers, yields: Yields) {
        self.reference_stakers = reference.stays().to_vec();
        self.yields = yields.of_run(&self.vault, &self.reference_stakers);
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
    let sum =
        |part: fn(&Answered) -> Assets| Assets(tally.answered.iter().map(|answer| part(answer).0).sum());
    let mut reasons: BTreeMap<CoverReason, Reason> = BTreeMap::new();
    for answer in &tally.answered {
        if let Some(reason) = answer.reason {
            let entry = reasons.entry(reason).or_default();
            entry.count += 1;
            entry.not_paid.0 += answer.pending.0 + answer.uncovered.0;
        }
    }
    Shortfalls {
        asked: sum(|answer| answer.asked),
        deductible: sum(|answer| answer.deductible),
        paid: sum(|answer| answer.paid),
        pending: sum(|answer| answer.pending),
        uncovered: sum(|answer| answer.uncovered),
        unanswered: tally.unanswered.len() as u64,
        reasons,
        answers: tally.answered.clone(),
    }
}

fn vault(chain: &Chain) -> StdResult<Vault> {
    let storage = chain.world.app.contract_storage(&chain.world.vault);
    let losses = LOSSES.range(&*storage, None, None, Order::Ascending);
    let losses = losses.map(|loss| {
        let (n, loss) = loss?;
        Ok((n, loss, CLAIMS.load(&*storage, n)?))
    });
    let losses = losses.collect::<StdResult<Vec<(u64, LossRecord, Claim)>>>()?;
    let sum = |part: fn(&(u64, LossRecord, Claim)) -> Uint128| Assets(losses.iter().map(part).sum());
    let end = chain.pool()?;
    Ok(Vault {
        assets_start: chain.start.assets,
        assets_end: end.assets,
        price_start: share_price(&chain.start),
        price_end: share_price(&end),
        granted: sum(|(_, loss, _)| loss.granted.0),
        paid: sum(|(_, _, claim)| claim.paid.0),
        waiting: sum(|(_, _, claim)| claim.pot.0),
        recovered: sum(|(_, loss, _)| loss.from_pot.0 + loss.repaid.0),
        taken_back: sum(|(_, loss, _)| loss.taken.0),
        losses: losses
            .iter()
            .map(|(n, loss, claim)| one_loss(*n, loss, claim, chain))
            .collect(),
    })
}

/// Assets per share with 18 decimals, rounded down; one without shares.
fn share_price(pool: &Pool) -> Decimal {
    let shares = pool.active.0 + pool.queued.0;
    Decimal::checked_from_ratio(pool.assets.0, shares).unwrap_or(Decimal::one())
}

fn one_loss(n: u64, loss: &LossRecord, claim: &Claim, chain: &Chain) -> Loss {
    let answered = chain.tally.answered.iter().find(|answer| answer.claim == Some(n));
    let before = claim.assets_before.u128().max(1);
    Loss {
        loss: n,
        time: loss.booked_at,
        granted: loss.granted,
        paid: claim.paid,
        waiting: claim.pot,
        recovered: Assets(loss.from_pot.0 + loss.repaid.0),
        of_assets_ppm: u64::try_from(loss.granted.u128().saturating_mul(1_000_000) / before)
            .unwrap_or(u64::MAX),
        price: claim.price,
        reason: answered.and_then(|answer| answer.reason),
        at_once: answered.map_or(Assets::ZERO, |answer| answer.paid),
        waits: limits::known(&claim.waits),
        status: claim.status.clone(),
    }
}

fn breaker(chain: &Chain, enabled: bool) -> Breaker {
    let tally = &chain.tally;
    let tripped = |state: MarketState| state.rank() >= MarketState::Tripped.rank();
    let well = |state: MarketState| state.rank() <= MarketState::Guarded.rank();
    let to_trip = |t: &&Transition| tripped(t.to) && well(t.from);
    Breaker {
        enabled,
        trips: tally.transitions.iter().filter(to_trip).count() as u64,
        denied: Seconds(chain.denied),
        transitions: tally.transitions.clone(),
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
        underwater_at_market: chain.unseen.now,
        worst_hole: chain.unseen.worst,
        margins: seen.margins,
        from_insurance: seen.from_insurance,
    }
}

fn providers(chain: &Chain) -> StdResult<Providers> {
    let storage = chain.world.app.contract_storage(&chain.world.perps);
    let cash = LEDGER.load(&*storage)?.cash;
    let seen = &chain.tally.exchange;
    Ok(Providers {
        put_in: seen.provided,
        took_out: seen.taken_out,
        worth: chain.market.map_or(cash, |price| chain.book.left_of(cash, price)),
    })
}
