//! What a replay adds up, from the contracts' own events.

use std::collections::BTreeMap;

use backstop_types::breaker::{Faults, MarketState};
use backstop_types::events::{Any, ClaimOutcome, breaker, perps, vault};
use backstop_types::vault::CoverReason;
use backstop_types::{Assets, Price};
use cosmwasm_std::{Timestamp, Uint128};

use super::{Evidence, LiquidationCost};

/// Everything that the report needs beside the contracts' storage.
#[derive(Debug, Default)]
pub struct Tally {
    /// Shortfalls that the vault answered, in order.
    pub answered: Vec<Answered>,
    /// Shortfalls that wait for an answer, each since its first closing.
    pub unanswered: BTreeMap<u64, u64>,
    /// Times that a shortfall got no answer.
    pub no_answers: u64,
    /// Auto-deleveraging.
    pub adl: Adl,
    /// The breaker's changes of state.
    pub transitions: Vec<Transition>,
    /// The exchange.
    pub exchange: Exchange,
    /// How claims that waited ended, by outcome: how many, how much.
    pub settled: BTreeMap<ClaimOutcome, (u64, Assets)>,
    /// What stakers took back of what came back on losses.
    pub taken_back: Assets,
    /// What liquidations cost.
    pub liquidation_cost: LiquidationCost,
}

/// One answer to a shortfall.
#[derive(Debug, Clone)]
pub struct Answered {
    /// When.
    pub time: Timestamp,
    /// Of the market, where the exchange gave one.
    pub price: Option<Price>,
    /// The four parts sum to it.
    pub asked: Assets,
    /// Borne by the exchange.
    pub deductible: Assets,
    /// Paid at once.
    pub paid: Assets,
    /// Granted and waiting.
    pub pending: Assets,
    /// Not covered.
    pub uncovered: Assets,
    /// The claim's number, and the loss's.
    pub claim: Option<u64>,
    /// Why not all was paid at once.
    pub reason: Option<CoverReason>,
    /// The exchange's number of it.
    pub shortfall: u64,
}

/// Auto-deleveraging.
#[derive(Debug, Clone, Copy, Default)]
pub struct Adl {
    /// Positions that were closed, whole or in part.
    pub events: u64,
    /// What of them was closed, at the price.
    pub notional: Assets,
    /// The profit that it took from winners.
    pub taken: Assets,
    /// What was booked for them later.
    pub compensated: Assets,
}

/// One change of the breaker's state.
#[derive(Debug, Clone)]
pub struct Transition {
    /// When.
    pub time: Timestamp,
    /// The state before.
    pub from: MarketState,
    /// The state after.
    pub to: MarketState,
    /// The faults that the reading had.
    pub reasons: Faults,
    /// What each source said, and each fault's measure and bound, as the event has it.
    pub evidence: String,
    /// The same in numbers; none until the breaker was asked for it.
    pub stood_on: Option<Evidence>,
}

/// What happened on the exchange.
#[derive(Debug, Default)]
pub struct Exchange {
    /// Positions opened.
    pub opened: u64,
    /// Positions closed by their traders.
    pub closed: u64,
    /// Positions liquidated.
    pub liquidated: u64,
    /// Liquidations that left a shortfall.
    pub underwater: u64,
    /// What was missing after margin and insurance fund.
    pub missing: Assets,
    /// What the insurance fund paid.
    pub from_insurance: Assets,
    /// Margins that traders put up.
    pub margins: Assets,
    /// What liquidity providers put in.
    pub provided: Assets,
    /// What they took out.
    pub taken_out: Assets,
}

impl Tally {
    /// What policyholders were paid so far, at once and later.
    pub fn paid(&self) -> Assets {
        let at_once: Uint128 = self.answered.iter().map(|answer| answer.paid.0).sum();
        let later = self.settled.get(&ClaimOutcome::Paid);
        Assets(at_once + later.map_or(Uint128::zero(), |(_, amount)| amount.0))
    }

    /// Adds what a message at `time` did.
    pub fn read(&mut self, time: Timestamp, events: &[Any]) {
        for event in events {
            match event {
                Any::Vault(event) => self.read_vault(time, event),
                Any::Perps(event) => self.read_exchange(time, event),
                Any::Breaker(breaker::Emitted::StateChanged(change)) => {
                    self.transitions.push(Transition::new(time, change));
                }
                Any::Breaker(_) | Any::Distributor(_) | Any::Timelock(_) | Any::Common(_) => {}
            }
        }
    }

    fn read_vault(&mut self, time: Timestamp, event: &vault::Emitted) {
        use vault::Emitted as E;
        match event {
            E::ShortfallAnswered(answer) => self.answered.push(Answered::new(time, answer)),
            E::ClaimSettled(claim) => {
                let settled = self.settled.entry(claim.outcome).or_default();
                settled.0 += 1;
                settled.1.0 += claim.amount.0;
            }
            E::RecoveryClaimed(taken) => self.taken_back.0 += taken.amount.0,
            // A repeated answer among them: it was counted when it was given.
            _ => {}
        }
    }

    fn read_exchange(&mut self, time: Timestamp, event: &perps::Emitted) {
        use perps::Emitted as E;
        match event {
            E::ShortfallAnswered(answer) => {
                self.unanswered.remove(&answer.shortfall);
            }
            E::ShortfallUnanswered(none) => {
                self.no_answers += 1;
                self.unanswered.entry(none.shortfall).or_insert(time.seconds());
            }
            E::Deleveraged(closed) => {
                self.adl.events += 1;
                self.adl.notional.0 += closed.notional.0;
                self.adl.taken.0 += closed.taken.0;
            }
            E::ClaimBooked(booked) => self.adl.compensated.0 += booked.to_deleveraged.0,
            E::Opened(opened) => {
                self.exchange.opened += 1;
                self.exchange.margins.0 += opened.margin.0;
            }
            E::Closed(_) => self.exchange.closed += 1,
            E::LiquidityAdded(added) => self.exchange.provided.0 += added.assets.0,
            E::LiquidityRemoved(removed) => self.exchange.taken_out.0 += removed.assets.0,
            E::Liquidated(closed) => {
                self.exchange.liquidated += 1;
                self.exchange.missing.0 += closed.missing.0;
                self.exchange.from_insurance.0 += closed.from_insurance.0;
                self.exchange.underwater += u64::from(!closed.missing.is_zero());
                if let Some(shortfall) = closed.shortfall {
                    self.unanswered.entry(shortfall).or_insert(time.seconds());
                }
            }
            _ => {}
        }
    }
}

impl Answered {
    fn new(time: Timestamp, answer: &vault::ShortfallAnswered) -> Self {
        Self {
            time,
            price: answer.price,
            asked: answer.asked,
            deductible: answer.deductible,
            paid: answer.paid,
            pending: answer.pending,
            uncovered: answer.uncovered,
            claim: answer.claim,
            reason: answer.reason,
            shortfall: answer.shortfall,
        }
    }
}

impl Transition {
    fn new(time: Timestamp, change: &breaker::StateChanged) -> Self {
        Self {
            time,
            from: change.from,
            to: change.to,
            reasons: change.reasons,
            evidence: change.evidence.clone(),
            stood_on: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use backstop_types::Shares;
    use cosmwasm_std::Addr;

    fn answer() -> vault::ShortfallAnswered {
        vault::ShortfallAnswered {
            policyholder: Addr::unchecked("exchange"),
            shortfall: 4,
            market: "ATOM/USD".to_string(),
            claim: Some(1),
            asked: Assets::new(10),
            deductible: Assets::new(1),
            paid: Assets::new(9),
            pending: Assets::ZERO,
            uncovered: Assets::ZERO,
            reason: None,
            price: None,
            total_assets: Assets::new(100),
            total_shares: Shares::new(100),
        }
    }

    #[test]
    fn an_answer_that_is_repeated_is_counted_once() {
        let answer = answer();
        let repeated = vault::ShortfallRepeated {
            policyholder: answer.policyholder.clone(),
            shortfall: answer.shortfall,
            claim: answer.claim,
        };
        let mut tally = Tally::default();
        tally.read(
            Timestamp::from_seconds(1),
            &[Any::Vault(vault::Emitted::ShortfallAnswered(answer))],
        );
        tally.read(
            Timestamp::from_seconds(2),
            &[Any::Vault(vault::Emitted::ShortfallRepeated(repeated))],
        );
        assert_eq!((tally.answered.len(), tally.paid()), (1, Assets::new(9)));
        assert_eq!(tally.answered[0].shortfall, 4);
    }

    #[test]
    fn a_shortfall_waits_until_it_is_answered() {
        let unanswered = perps::ShortfallUnanswered {
            shortfall: 4,
            unreadable: false,
        };
        let answered = perps::ShortfallAnswered {
            shortfall: 4,
            claim: None,
            paid: Assets::ZERO,
            pending: Assets::ZERO,
            deductible: Assets::ZERO,
            uncovered: Assets::new(10),
            reason: None,
        };
        let mut tally = Tally::default();
        tally.read(
            Timestamp::from_seconds(1),
            &[Any::Perps(perps::Emitted::ShortfallUnanswered(unanswered))],
        );
        assert_eq!((tally.no_answers, tally.unanswered.contains_key(&4)), (1, true));
        tally.read(
            Timestamp::from_seconds(2),
            &[Any::Perps(perps::Emitted::ShortfallAnswered(answered))],
        );
        assert_eq!((tally.no_answers, tally.unanswered.len()), (1, 0));
    }

    #[test]
    fn what_claims_were_settled_for_is_summed_by_how_they_ended() {
        let settled = |outcome, amount| {
            Any::Vault(vault::Emitted::ClaimSettled(vault::ClaimSettled {
                policyholder: cosmwasm_std::Addr::unchecked("perps"),
                market: "ATOM/USD".to_string(),
                span_low: None,
                span_high: None,
                claim: 1,
                outcome,
                amount: Assets::new(amount),
                reason: None,
            }))
        };
        let mut tally = Tally::default();
        let events = [
            settled(ClaimOutcome::Paid, 3),
            settled(ClaimOutcome::Paid, 4),
            settled(ClaimOutcome::Lapsed, 5),
        ];
        tally.read(Timestamp::from_seconds(1), &events);
        assert_eq!(tally.settled[&ClaimOutcome::Paid], (2, Assets::new(7)));
        assert_eq!(tally.settled[&ClaimOutcome::Lapsed], (1, Assets::new(5)));
        assert_eq!(tally.paid(), Assets::new(7));
    }
}
