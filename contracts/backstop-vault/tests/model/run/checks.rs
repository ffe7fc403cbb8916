//! Every figure that the vault gives is the model's.

use std::collections::BTreeMap;

use backstop_types::distributor;
use backstop_types::vault::*;
use backstop_types::{Assets, Open, Shares};
use cosmwasm_std::{Decimal, Uint128};

use super::{POCKET, Run};
use crate::model::claims::{self, Phase};
use crate::model::exact::{ceil, ratio, whole};
use crate::model::ledger::{HOLDERS, STAKERS, Staker, Who, ready_at};
use crate::support::MARKET;

/// After so many steps everything is looked at, not only the totals.
const FULL: usize = 12;

impl Run {
    /// After each step: totals, stakes and policies; now and then the rest.
    pub(super) fn check(&mut self) {
        let now = self.now();
        self.book.refill(now);
        self.check_pool();
        self.check_previews();
        self.check_stakes();
        (0..HOLDERS).for_each(|holder| self.check_policy(holder));
        self.checks += 1;
        if self.checks.is_multiple_of(FULL) {
            self.check_all();
        }
    }

    pub(super) fn check_all(&self) {
        let open: ClaimsResponse = self.desk.query(&QueryMsg::OpenClaims {
            start_after: None,
            limit: Some(30),
        });
        let open: Vec<u64> = open.claims.into_iter().map(|claim| claim.claim).collect();
        let mut pending = self.book.pending();
        pending.truncate(30);
        assert_eq!(open, pending);
        (0..STAKERS).for_each(|who| self.check_staker(who));
        (0..STAKERS).for_each(|who| self.check_most(who));
        (1..=self.book.claims.len() as u64).for_each(|number| self.check_claim(number));
        self.check_pauses();
        self.check_drift();
        for (place, holder) in self.holders.iter().enumerate() {
            let got = POCKET + self.received[place] + self.refunded[place];
            assert_eq!(self.desk.balance(holder), got - self.premiums[place]);
        }
        self.check_credits();
        for (denom, left) in self.denoms.iter().zip(self.rewards) {
            let has = denom.balance(&self.desk.w.querier(), &self.desk.w.distributor);
            assert_eq!(has.unwrap().u128(), left);
        }
    }

    fn check_pool(&self) {
        let (pool, book) = (self.desk.pool(), &self.book);
        let queued = book.shares() - book.active();
        let figures = [
            pool.assets.u128(),
            pool.shares.u128(),
            pool.active.u128(),
            pool.queued.u128(),
        ];
        assert_eq!(figures, [book.assets, book.shares(), book.active(), queued]);
        let counts = (pool.losses, pool.pending_claims);
        assert_eq!(counts, (book.losses.len() as u64, book.pending().len() as u64));
        let reserves = book.reserves();
        assert_eq!([pool.pots.u128(), pool.recoveries.u128()], reserves);
        let apart = [book.premiums_held(), book.credits.iter().sum()];
        assert_eq!([pool.premiums.u128(), pool.credits.u128()], apart);
        assert_eq!(pool.room.u128(), book.pool_room());
        let price = match book.shares() {
            0 => Decimal::one(),
            shares => Decimal::checked_from_ratio(book.assets, shares).unwrap(),
        };
        assert_eq!(pool.share_price, price);
        let vault = self.desk.balance(&self.desk.w.vault);
        let apart = apart[0] + apart[1];
        assert_eq!(
            vault,
            book.assets + reserves[0] + reserves[1] + apart + self.donated
        );
    }

    /// What a deposit would get, what shares are worth, and how many a payment takes.
    fn check_previews(&self) {
        let amount = 1_000_003;
        let (assets, shares) = (Assets::new(amount), Shares::new(amount));
        let minted = self.book.minted(amount);
        let worth = if self.book.shares() == 0 {
            amount
        } else {
            self.book.worth(amount)
        };
        let burned = match self.book.shares() {
            0 => amount,
            all => ceil(&(ratio(all, self.book.assets) * whole(amount))),
        };
        for (query, expected) in [
            (QueryMsg::PreviewDeposit { assets }, minted),
            (QueryMsg::ConvertToShares { assets }, minted),
            (QueryMsg::ConvertToAssets { shares }, worth),
            (QueryMsg::PreviewRedeem { shares }, worth),
            (QueryMsg::PreviewWithdraw { assets }, burned),
            (QueryMsg::TotalAssets {}, self.book.assets),
        ] {
            let found: Uint128 = self.desk.query(&query);
            assert_eq!(found.u128(), expected, "{query:?}");
        }
        let receiver = self.stakers[0].to_string();
        let most: Assets = self.desk.query(&QueryMsg::MaxDeposit { receiver });
        assert_eq!(most.is_zero(), self.book.deposits.until(self.now()).is_some());
    }

    /// What a staker's ready tickets are, and would be paid.
    fn check_most(&self, who: Who) {
        let owner = self.stakers[who].to_string();
        let ready = self.book.ready(who, self.now());
        let tickets = &self.book.stakers[who].tickets;
        let in_one = ready.iter().take(30);
        let shares = in_one.map(|number| tickets[number].shares).sum::<u128>();
        let paid = if shares == 0 { 0 } else { self.book.worth(shares) };
        let most: Shares = self.desk.query(&QueryMsg::MaxRedeem { owner: owner.clone() });
        let assets: Assets = self.desk.query(&QueryMsg::MaxWithdraw { owner });
        assert_eq!([most.u128(), assets.u128()], [shares, paid], "staker {who}");
    }

    /// Exactly those who have shares are listed.
    fn check_stakes(&self) {
        let query = QueryMsg::Stakes {
            start_after: None,
            limit: Some(30),
        };
        let page: StakesResponse = self.desk.query(&query);
        let row = |row: StakeResponse| {
            let StakeShares {
                active,
                queued,
                tickets,
            } = row.stake;
            let figures = [active.u128(), queued.u128(), tickets.into(), row.assets.u128()];
            (row.staker, figures)
        };
        let found: BTreeMap<_, _> = page.stakes.into_iter().map(row).collect();
        let mut expected = BTreeMap::new();
        for (address, staker) in self.stakers.iter().zip(&self.book.stakers) {
            if staker.shares() > 0 {
                let worth = self.book.worth(staker.shares());
                let figures = [
                    staker.active,
                    staker.queued(),
                    staker.tickets.len() as u128,
                    worth,
                ];
                expected.insert(address.clone(), figures);
            }
        }
        assert_eq!(found, expected);
    }

    fn check_policy(&self, holder: usize) {
        let Some(policy) = &self.book.policies[holder] else {
            return;
        };
        let query = QueryMsg::Policy {
            policyholder: self.holders[holder].to_string(),
            market: MARKET.to_string(),
        };
        let found: PolicyResponse = self.desk.query(&query);
        assert_eq!(
            (found.terms, found.closed_at.is_some()),
            (policy.terms, policy.closed)
        );
        let rooms = [found.room, found.deductible_left, found.instant_left].map(|room| room.u128());
        assert_eq!(
            rooms,
            [policy.room(), policy.to_bear(), policy.instant_room()],
            "policy {holder}"
        );
        self.check_premium(holder, &found);
    }

    /// A staker's tickets, and its part of each loss.
    fn check_staker(&self, who: Who) {
        let staker = self.stakers[who].to_string();
        let (start_after, limit) = (None, Some(30));
        let query = QueryMsg::Tickets {
            staker: staker.clone(),
            start_after,
            limit,
        };
        let page: TicketsResponse = self.desk.query(&query);
        let tickets = &self.book.stakers[who].tickets;
        assert_eq!(page.tickets.len(), tickets.len().min(30));
        for found in page.tickets {
            let ticket = &tickets[&found.ticket];
            let times = [found.opened_at, found.ready_at].map(|time| time.nanos());
            assert_eq!(times, [ticket.opened_at, ready_at(ticket, &self.book.tuning)]);
            assert_eq!(found.auto_withdraw, ticket.auto);
            let figures = [found.shares.u128(), found.assets.u128()];
            assert_eq!(figures, [ticket.shares, self.book.worth(ticket.shares)]);
        }
        let found = self.desk.staker_losses(&self.stakers[who]);
        let losses = 1..=self.book.losses.len() as u64;
        let borne = losses.filter(|number| self.book.loss(*number).stakes[who] > 0);
        let borne: Vec<u64> = borne.collect();
        let listed: Vec<u64> = found.iter().map(|part| part.loss).collect();
        assert_eq!(listed, borne, "staker {who}");
        found.iter().for_each(|part| self.check_part(who, part));
    }

    fn check_part(&self, who: Who, found: &StakerLoss) {
        let loss = self.book.loss(found.loss);
        let borne = ceil(&(ratio(loss.granted, loss.stake()) * whole(loss.stakes[who])));
        let shares = [found.stake.u128(), found.total.u128()];
        assert_eq!(shares, [loss.stakes[who], loss.stake()], "staker {who}");
        let figures = [found.borne, found.recovered, found.taken, found.due].map(|part| part.u128());
        let (taken, due) = (loss.taken[who], loss.due(who));
        assert_eq!(figures, [borne, taken + due, taken, due], "staker {who}");
    }

    pub(super) fn phase(&self, number: u64) -> Phase {
        match self.desk.claim(number).record.status {
            ClaimStatus::Paid {} => Phase::Paid,
            ClaimStatus::Delayed {} => Phase::Delayed,
            ClaimStatus::Held(_) => Phase::Held,
            ClaimStatus::Declined { .. } => Phase::Declined,
            ClaimStatus::Lapsed {
                reason: LapseReason::PriceOutsideSpan,
            } => Phase::LapsedByPrice,
            ClaimStatus::Lapsed {
                reason: LapseReason::Expired,
            } => Phase::LapsedByTime,
        }
    }

    /// A claim's record and its loss.
    pub(super) fn check_claim(&self, number: u64) {
        let (found, claim) = (self.desk.claim(number), self.book.claim(number));
        let record = &found.record;
        let parts = [
            record.asked,
            record.deductible,
            record.granted,
            record.paid,
            record.pot,
            record.assets_before,
        ];
        let expected = [
            claim.asked,
            claim.deductible,
            claim.granted,
            claim.paid,
            claim.pot,
            claim.assets_before,
        ];
        assert_eq!(parts.map(|part| part.u128()), expected, "claim {number}");
        assert_eq!(
            (self.phase(number), record.price),
            (claim.phase, claim.price),
            "claim {number}"
        );
        assert_eq!(
            (record.filed_at.nanos(), record.delay.0),
            (claim.filed_at, claim.delay)
        );
        let by = |first| match first {
            claims::First::Reading => JudgedBy::Reading,
            claims::First::Trip => JudgedBy::Trip,
            claims::First::Poke => JudgedBy::Poke,
        };
        assert_eq!(
            record.judged.map(|judged| (judged.span, judged.by)),
            claim.judged.map(|(span, first)| (span, by(first))),
            "claim {number}"
        );
        if let ClaimStatus::Held(held) = &record.status {
            let expected = claims::Held {
                silent: false,
                ..claim.held
            };
            assert_eq!(known(held), expected, "claim {number}");
        }
        self.check_dates(number, &found);
        self.check_timeline(number);
        self.check_loss(number);
    }

    /// A claim's timeline: in order, with the pauses that stopped its clock, and each
    /// part where it went.
    fn check_timeline(&self, number: u64) {
        let claim = self.book.claim(number);
        let found: ClaimTimelineResponse = self.desk.query(&QueryMsg::ClaimTimeline { claim: number });
        let times: Vec<u64> = found.steps.iter().map(|step| step.at.unwrap().nanos()).collect();
        assert!(times.is_sorted() && times[0] == claim.filed_at, "claim {number}");
        let (mut paused, mut went, mut waited, mut stood) = (0, [0; 3], 0, false);
        for step in &found.steps {
            match &step.what {
                ClaimDecision::PaidAtOnce { amount } => went[0] += amount.u128(),
                ClaimDecision::Held { amount, .. } | ClaimDecision::Delayed { amount, .. } => {
                    waited += amount.u128();
                }
                ClaimDecision::Paid { amount, .. } => went[1] += amount.u128(),
                ClaimDecision::Declined { amount, .. } | ClaimDecision::Lapsed { amount, .. } => {
                    went[2] += amount.u128();
                }
                ClaimDecision::Paused { .. } => paused += 1,
                ClaimDecision::Stood { .. } => stood = true,
                ClaimDecision::Filed { .. } | ClaimDecision::Granted { .. } => {}
            }
        }
        let back = self.book.loss(number).from_pot;
        assert_eq!(
            (went[0] + went[1], went[2], went[0] + waited),
            (claim.paid, back, claim.granted),
            "claim {number}"
        );
        assert_eq!(stood, claim.stood, "claim {number}");
        let end = match claim.pot {
            0 => times[times.len() - 1],
            _ => self.now(),
        };
        let stops = |(since, until): &&(u64, u64)| *until > claim.filed_at && *since < end;
        assert_eq!(
            paused,
            self.book.payouts.0.iter().filter(stops).count(),
            "claim {number}"
        );
    }

    fn check_dates(&self, number: u64, found: &ClaimResponse) {
        let now = self.now();
        let expected = [self.book.payable_at(number, now), self.book.latest(number, now)];
        let dates = [found.payable_at, found.latest].map(|date| date.nanos());
        assert_eq!(dates, expected, "claim {number}");
    }

    fn check_loss(&self, number: u64) {
        let (found, loss) = (self.desk.loss(number), self.book.loss(number));
        let taken = loss.taken.iter().sum();
        let figures = [found.granted, found.from_pot, found.repaid, found.taken].map(|part| part.u128());
        assert_eq!(
            figures,
            [loss.granted, loss.from_pot, loss.repaid, taken],
            "loss {number}"
        );
        assert_eq!(found.stake.u128(), loss.stake(), "loss {number}");
        let claim = self.book.claim(number);
        let listed: LossResponse = self.desk.query(&QueryMsg::Loss { loss: number });
        let figures = [listed.paid, listed.pot, listed.recovered].map(|part| part.u128());
        assert_eq!(
            figures,
            [claim.paid, claim.pot, loss.recovered()],
            "loss {number}"
        );
    }

    fn check_pauses(&self) {
        let found: PausesResponse = self.desk.query(&QueryMsg::Pauses {});
        let until = [found.deposits, found.payouts].map(|pause| pause.map(|pause| pause.until.nanos()));
        let now = self.now();
        assert_eq!(
            until,
            [self.book.deposits.until(now), self.book.payouts.until(now)]
        );
    }

    /// The distributor's record is off for exactly those whose unbonding it was
    /// not told and who were not synced since; the vault lists them with how
    /// often it failed to tell, or all whom it ever failed while the distributor
    /// answers nothing.
    fn check_drift(&self) {
        let query = QueryMsg::HookFailures {
            start_after: None,
            limit: Some(30),
        };
        let page: HookFailuresResponse = self.desk.query(&query);
        let found: BTreeMap<_, _> = page
            .failures
            .into_iter()
            .map(|row| (row.staker, row.failures))
            .collect();
        let pairs = || self.stakers.iter().cloned().zip(&self.book.stakers);
        let broken = self.distributor_broken;
        let off = |staker: &Staker| broken || staker.recorded != staker.active;
        let failed = pairs().filter(|(_, staker)| staker.hook_failures > 0 && off(staker));
        let failed: BTreeMap<_, _> = failed
            .map(|(address, staker)| (address, staker.hook_failures))
            .collect();
        assert_eq!(found, failed);
        if self.distributor_broken {
            return;
        }
        for (address, staker) in pairs() {
            let query = distributor::QueryMsg::Staker {
                staker: address.to_string(),
            };
            let found: distributor::StakerResponse =
                self.desk.w.query(&self.desk.w.distributor, &query).unwrap();
            assert_eq!(
                [found.recorded.u128(), found.active.u128()],
                [staker.recorded, staker.active]
            );
        }
    }
}

/// What the record says of a held claim in the model's terms;
/// whether the breaker was silent it does not say.
fn known(held: &Held) -> claims::Held {
    claims::Held {
        trip: held.trip,
        trips: held.trips,
        cause: held.cause.as_ref().and_then(Open::known),
        last_clean: held.last_clean,
        at_filing: held.at_filing,
        silent: false,
    }
}
