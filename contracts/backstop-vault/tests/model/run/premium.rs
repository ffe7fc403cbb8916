//! Cover that asks a premium: paid, earned, passed on, and paid back.

use backstop_types::vault::{
    CreditResponse, ExecuteMsg, HookMsg, PolicyResponse, PremiumPurchase, PremiumQuote, QueryMsg,
};
use backstop_types::{Assets, Bps};
use cosmwasm_std::{Addr, Decimal, Timestamp};

use super::Run;
use crate::model::exact::{Exact, ceil, floor, ratio, whole};
use crate::model::ledger::HOLDERS;
use crate::model::premium::{ACCOUNTS, Account, Sale, TREASURY, WAIT};
use crate::model::states::State;
use crate::model::steps::{Insured, Payment, Step};
use crate::support::MARKET;

/// A number with 18 decimals as an exact fraction.
fn exact(decimal: Decimal) -> Exact {
    ratio(decimal.atomics().u128(), 1_000_000_000_000_000_000)
}

impl Run {
    pub(super) fn take_premiums(&mut self, step: Step) {
        match step {
            Step::PayPremium {
                holder,
                payment,
                guard,
            } => {
                let thirty_days = self.book.price(holder).map(|(yearly, _)| yearly * ratio(30, 365));
                let amount = match (payment, thirty_days) {
                    (Payment::Percent(part), Some(price)) => ceil(&(price * ratio(part, 100))),
                    (Payment::Percent(part), None) => part,
                    (Payment::Units(amount), _) => amount,
                };
                self.pay_premium(holder, amount, guard);
            }
            Step::SendPremium { holder } => {
                self.send_premium(holder);
                self.send_premium(holder);
            }
            Step::TakeCredit { account } => self.take_credit(account),
            _ => {}
        }
    }

    fn account(&self, account: Account) -> Addr {
        self.holders.get(account).unwrap_or(&self.treasury).clone()
    }

    /// Pays for all the time that there is room for, and may wait until it covers.
    pub(super) fn insure(&mut self, holder: usize, insured: Insured) {
        let now = self.now();
        let Some((yearly, _)) = self.book.price(holder) else {
            return;
        };
        if insured != Insured::Nothing && !self.book.in_force(holder, now) {
            self.pay_premium(holder, ceil(&yearly), None);
            let from = self.book.policies[holder].as_ref().unwrap().premium.from;
            if insured == Insured::InForce {
                self.wait_until(from);
            }
        }
    }

    fn pay_premium(&mut self, holder: usize, amount: u128, guard: Option<i8>) {
        let now = self.now();
        let sender = self.holders[holder].clone();
        let price = self.book.price(holder);
        let premium = self.book.policies[holder].as_ref().map(|policy| policy.premium);
        let sale = price.as_ref().zip(premium);
        let sale = sale.map(|((yearly, _), premium)| premium.sale(amount, yearly, now));
        self.check_premium_quote(holder, amount, sale);
        let bps = |rate: &Exact| ceil(&(rate * whole(10_000))) as u32;
        let rate = price.as_ref().map(|(_, rate)| bps(rate));
        let most = rate.unwrap_or(1).saturating_add_signed(guard.unwrap_or(0).into());
        let dear = price
            .as_ref()
            .is_some_and(|(_, rate)| *rate > ratio(most.into(), 10_000));
        let may = !dear && matches!(sale, Some(Sale::Sold { .. }));
        let (market, max_rate) = (MARKET.to_string(), Bps(most));
        let msg = ExecuteMsg::PayPremium {
            market: market.clone(),
            max_rate,
        };
        let hook = HookMsg::PayPremium { market, max_rate };
        let (vault, before) = (self.desk.w.vault.clone(), self.desk.balance(&sender));
        let done = self.desk.w.send_asset(&sender, &vault, amount, &msg, &hook);
        assert_eq!(done.is_ok(), may, "{amount} at most {most} by {sale:?}: {done:?}");
        self.seen.saw_if(dear, State::PremiumAboveMaxRate);
        self.seen.saw_if(price.is_none(), State::PremiumRefused);
        let mut spent = 0;
        if let (Some((_, rate)), Some(sale), Some(premium), false) = (&price, sale, premium, dear) {
            if let Sale::Sold { kept, .. } = sale {
                spent = kept;
                let running = now < premium.until;
                let other = premium
                    .rate
                    .is_some_and(|last| last != floor(&(rate * whole(10u128.pow(18)))));
                self.seen.saw_if(running && other, State::PremiumAveraged);
                self.seen.saw_if(running, State::PremiumExtended);
                self.seen.saw_if(!running, State::PremiumBegun);
                self.seen.saw_if(kept < amount, State::PremiumPartlyReturned);
            }
            self.seen.saw_if(sale == Sale::Full, State::PremiumPaidAhead);
            self.seen.saw_if(sale == Sale::TooLittle, State::PremiumTooLittle);
            self.saw_utilisation();
            self.book.buy(holder, sale, rate, now);
        }
        assert_eq!(self.desk.balance(&sender), before - spent);
        self.premiums[holder] += spent;
    }

    fn saw_utilisation(&mut self) {
        let used = self.book.utilisation();
        let kink = ratio(self.book.tariff.kink.into(), 10_000);
        self.seen.saw_if(used.is_none(), State::NoActiveAssets);
        let above = used.as_ref().is_some_and(|used| *used > whole(1));
        self.seen.saw_if(above, State::UtilisationAboveOne);
        let below = used.is_some_and(|used| used < kink);
        self.seen.saw_if(below, State::UtilisationBelowKink);
    }

    /// What a payment would come to, as the vault says before.
    fn check_premium_quote(&self, holder: usize, amount: u128, sale: Option<Sale>) {
        let query = QueryMsg::QuotePremium {
            policyholder: self.holders[holder].to_string(),
            market: MARKET.to_string(),
            amount: Some(amount.into()),
        };
        let found: Option<PremiumQuote> = self.desk.w.query(&self.desk.w.vault, &query).ok();
        let Some((found, (yearly, rate))) = found.as_ref().zip(self.book.price(holder)) else {
            return assert_eq!((found, sale), (None, None), "quoted, or not");
        };
        assert_eq!(found.utilisation.map(exact), self.book.utilisation());
        assert_eq!((exact(found.rate), found.yearly.u128()), (rate, ceil(&yearly)));
        let expected = match sale {
            Some(Sale::Sold { kept, from, until }) => Some(PremiumPurchase {
                kept: kept.into(),
                returned: (amount - kept).into(),
                from: Timestamp::from_nanos(from),
                until: Timestamp::from_nanos(until),
            }),
            _ => None,
        };
        assert_eq!(found.purchase, expected, "{amount} at {}", self.now());
    }

    /// A policy's premium as the vault tells it.
    pub(super) fn check_premium(&self, holder: usize, found: &PolicyResponse) {
        let (now, policy) = (self.now(), self.book.policies[holder].as_ref().unwrap());
        let (found, premium) = (found.premium.unwrap(), policy.premium);
        let in_force = !policy.closed && self.book.in_force(holder, now);
        assert_eq!(found.in_force, in_force, "policy {holder} at {now}");
        let times = [found.from, found.until].map(|time| time.map(|time| time.nanos()));
        let known = (premium.until > 0).then_some([premium.from, premium.until]);
        assert_eq!(
            times,
            known.map_or([None; 2], |known| known.map(Some)),
            "policy {holder}"
        );
        let figures = [found.unearned, found.unsent].map(Assets::u128);
        assert_eq!(
            figures,
            [premium.unearned(now), premium.unsent(now)],
            "policy {holder} at {now}"
        );
        let rate = policy
            .terms
            .premium
            .map(|multiplier| self.book.rate(multiplier.0));
        assert_eq!(found.rate.map(exact), rate, "policy {holder}");
    }

    pub(super) fn check_credits(&self) {
        for account in 0..ACCOUNTS {
            let query = QueryMsg::Credit {
                account: self.account(account).to_string(),
            };
            let found: CreditResponse = self.desk.query(&query);
            assert_eq!(
                found.amount.u128(),
                self.book.credits[account],
                "account {account}"
            );
        }
    }

    fn send_premium(&mut self, holder: usize) {
        let now = self.now();
        let policy = self.book.policies[holder].as_ref();
        let earned = policy.map_or(0, |policy| policy.premium.unsent(now));
        let all_treasurys = self.book.treasury_part(earned).0 == earned;
        let may = earned > 0 && (all_treasurys || !self.distributor_broken);
        let msg = ExecuteMsg::SendPremium {
            policyholder: self.holders[holder].to_string(),
            market: MARKET.to_string(),
        };
        let (anyone, distributor) = (self.funder.clone(), self.desk.w.distributor.clone());
        let before = self.desk.balance(&distributor);
        self.tell(&anyone, &msg, may);
        let mut stakers = 0;
        if may {
            let part;
            (stakers, part) = self.book.send_premium(holder, now);
            self.rewards[0] += stakers;
            self.seen.saw(State::PremiumSent);
            self.seen.saw_if(part > 0, State::TreasuryCredited);
        }
        self.seen.saw_if(earned == 0, State::NothingEarned);
        let kept = earned > 0 && !may;
        self.seen.saw_if(kept, State::PremiumKeptByBrokenDistributor);
        assert_eq!(self.desk.balance(&distributor), before + stakers);
    }

    fn take_credit(&mut self, account: Account) {
        let credit = self.book.credits[account];
        let sender = self.account(account);
        let before = self.desk.balance(&sender);
        self.tell(&sender, &ExecuteMsg::WithdrawCredit {}, credit > 0);
        assert_eq!(self.desk.balance(&sender), before + credit);
        self.book.credits[account] = 0;
        self.refunded[account] += credit;
        self.seen.saw(match (credit, account) {
            (0, _) => State::CreditNone,
            (_, TREASURY) => State::CreditOfTreasuryTaken,
            _ => State::CreditOfPolicyholderTaken,
        });
    }

    /// Why a shortfall's premium is not paid for now.
    pub(super) fn why_unpaid(&self, holder: usize) -> State {
        let premium = self.book.policies[holder].as_ref().unwrap().premium;
        match premium.until {
            0 => State::PremiumNeverPaid,
            _ if self.now() < premium.from => State::PremiumWaits,
            _ => State::PremiumLapsed,
        }
    }

    pub(super) fn saw_grant_by_premium(&mut self, holder: usize, granted: u128) {
        let (now, policy) = (self.now(), self.book.policies[holder].as_ref().unwrap());
        let asked = policy.terms.premium.is_some();
        let free = asked && policy.premium.unearned(now) == 0 && policy.premium.rate.is_none();
        self.seen.saw_if(granted > 0 && asked, State::GrantedUnderPremium);
        self.seen
            .saw_if(granted > 0 && !asked, State::GrantedWithoutPremium);
        self.seen.saw_if(granted > 0 && free, State::GrantedInDayToPay);
    }

    /// A change of an active policy's terms, of which `back` was paid back.
    pub(super) fn saw_terms(&mut self, holder: usize, asked: bool, until: u64, back: u128) {
        let (now, policy) = (self.now(), self.book.policies[holder].as_ref().unwrap());
        let asks = policy.terms.premium.is_some();
        let shorter = asked && asks && policy.premium.until < until && now < until;
        let newly = !asked && asks && policy.premium.until == now + WAIT;
        self.seen.saw_if(shorter, State::TimeShortenedByRaise);
        self.seen.saw_if(newly, State::PremiumNewlyAsked);
        self.seen.saw_if(back > 0 && asks, State::RefundByTightening);
        self.seen.saw_if(back > 0 && !asks, State::RefundByRemoval);
    }

    /// All policies are closed, all that is earned is passed on, and every credit
    /// is taken.
    pub(super) fn end_premiums(&mut self) {
        for holder in 0..HOLDERS {
            self.close(holder, true);
            self.send_premium(holder);
        }
        (0..ACCOUNTS).for_each(|account| self.take_credit(account));
        self.check();
    }
}
