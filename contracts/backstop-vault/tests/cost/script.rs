//! Every message of vault and distributor, each in the ways that differ in cost,
//! in the same order whatever the crowd.

use std::collections::BTreeMap;

use backstop_types::distributor::{
    ExecuteMsg as Rewards, HookMsg as RewardsHook, Listing, QueryMsg as RewardsQuery, RewardDistributor,
    StreamTerms,
};
use backstop_types::vault::*;
use backstop_types::{Assets, Bps, Denom, Seconds, Shares, UncheckedDenom};
use cosmwasm_std::{Addr, Uint128};
use serde::Serialize;

use super::counting::{self, Tally};
use super::crowd::Crowd;
use super::gone;
use crate::support::{MARKET, owner_sets};

type Costs = BTreeMap<&'static str, Tally>;

struct Script {
    crowd: Crowd,
    costs: Costs,
}

pub fn run(crowd: Crowd) -> Costs {
    let costs = Costs::new();
    let mut script = Script { crowd, costs };
    script.stake();
    script.reward();
    script.cover();
    script.come_back();
    script.leave();
    script.charge();
    script.govern();
    script.ask();
    script.costs
}

impl Script {
    /// Counts what this does.
    fn of<T>(&mut self, name: &'static str, act: impl FnOnce(&mut Crowd) -> T) -> T {
        counting::taken();
        let done = act(&mut self.crowd);
        let before = self.costs.insert(name, counting::taken());
        assert_eq!(before, None, "{name} twice");
        done
    }

    fn tell(&mut self, name: &'static str, sender: &Addr, msg: &ExecuteMsg) {
        self.of(name, |crowd| crowd.tell(sender, msg));
    }

    fn tell_distributor(&mut self, name: &'static str, sender: &Addr, msg: &Rewards) {
        self.of(name, |crowd| {
            let distributor = crowd.desk.w.distributor.clone();
            crowd.desk.w.execute(sender, &distributor, msg, &[]).unwrap()
        });
    }

    /// With the asset.
    fn pay(
        &mut self,
        name: &'static str,
        sender: &Addr,
        amount: u128,
        msg: &impl Serialize,
        hook: &impl Serialize,
    ) {
        self.of(name, |crowd| {
            let asset = crowd.desk.w.asset.clone();
            let call = asset.call(&crowd.desk.w.vault, Uint128::new(amount), msg, hook);
            crowd.send(sender, call.unwrap())
        });
    }

    fn account(&mut self, name: &str) -> Addr {
        self.crowd.desk.staker(name)
    }

    fn me(&self) -> Addr {
        self.crowd.me.clone()
    }

    fn holder(&self) -> Addr {
        self.crowd.desk.holder.clone()
    }

    fn owner(&self) -> Addr {
        self.crowd.desk.w.owner.clone()
    }

    fn fresh(&mut self, time: Seconds) {
        self.crowd.desk.advance(time);
        self.crowd.desk.w.set_price("10");
    }

    fn stake(&mut self) {
        self.fresh(Seconds::HOUR);
        let (me, late) = (self.me(), self.account("late"));
        for (name, receiver) in [("Deposit", None), ("Deposit for another", Some(late.to_string()))] {
            let min_shares = None;
            let deposit = ExecuteMsg::Deposit {
                min_shares,
                receiver: receiver.clone(),
            };
            let hook = HookMsg::Deposit { min_shares, receiver };
            self.pay(name, &me, 5_000_000, &deposit, &hook);
        }
        let unbond = |auto| ExecuteMsg::Unbond {
            shares: Some(Shares::new(1_000)),
            auto_withdraw: Some(auto),
        };
        self.tell("Unbond", &me, &unbond(false));
        self.tell("Unbond, auto_withdraw", &me, &unbond(true));
        for _ in 0..3 {
            self.crowd.tell(&me, &unbond(false));
        }
        let ticket = self.crowd.desk.unbond(&me, 1_000).unwrap();
        self.tell("CancelUnbond", &me, &ExecuteMsg::CancelUnbond { ticket });
        let gone = self.crowd.desk.w.app.store_code(gone::contract());
        let distributor = self.crowd.desk.w.distributor.clone();
        self.crowd.migrate(distributor.clone(), gone);
        self.tell("Unbond, untold", &me, &unbond(false));
        let counting = self.crowd.desk.w.app.store_code(counting::counting_distributor());
        self.crowd.migrate(distributor, counting);
    }

    fn reward(&mut self) {
        let (me, funder, owner) = (self.me(), self.account("funder"), self.owner());
        let staker = me.to_string();
        self.tell_distributor("Sync", &funder, &Rewards::Sync { staker });
        let distributor = RewardDistributor(self.crowd.desk.w.distributor.clone());
        let reward = Denom::Native("ureward".to_string());
        let fund = distributor.fund(&reward, 1_000_000u128.into(), StreamTerms::now(3));
        let fund = fund.unwrap();
        self.of("Fund", |crowd| crowd.send(&funder, fund));
        let asset = self.crowd.desk.w.asset.clone();
        let terms = StreamTerms::now(4);
        let fund = asset.call(
            &distributor.0,
            1_000_000_000u128.into(),
            &Rewards::Fund(terms),
            &RewardsHook::Fund(terms),
        );
        let fund = fund.unwrap();
        self.of("Fund with the asset", |crowd| crowd.send(&funder, fund));
        let denom = UncheckedDenom::from(reward);
        let number = 1 + self.crowd.others;
        self.tell_distributor(
            "Stop",
            &owner,
            &Rewards::Stop {
                denom: denom.clone(),
                number,
            },
        );
        self.crowd.desk.advance(Seconds::DAY);
        self.tell_distributor(
            "Advance",
            &funder,
            &Rewards::Advance {
                denom: denom.clone(),
                limit: None,
            },
        );
        let claim = |restake| Rewards::Claim {
            denoms: None,
            receiver: None,
            restake: Some(restake),
        };
        self.tell_distributor("Claim", &me, &claim(false));
        self.crowd.desk.advance(Seconds::DAY);
        self.tell_distributor("Claim, restake", &me, &claim(true));
        let listing = Listing {
            denom: UncheckedDenom::Native("uother".to_string()),
            min_rate: Uint128::one(),
        };
        self.tell_distributor("ListDenom", &owner, &Rewards::ListDenom(listing));
        self.tell_distributor("DelistDenom", &owner, &Rewards::DelistDenom { denom });
    }

    fn cover(&mut self) {
        let (holder, market, max_rate) = (self.holder(), MARKET.to_string(), Bps(1_000_000));
        let pay = ExecuteMsg::PayPremium {
            market: market.clone(),
            max_rate,
        };
        let hook = HookMsg::PayPremium { market, max_rate };
        self.shortfall(
            "CoverShortfall, premium not paid",
            7,
            "10",
            CoverReason::PremiumUnpaid,
        );
        self.pay("PayPremium", &holder, 1_000_000_000, &pay, &hook);
        self.fresh(Seconds::DAY);
        let (parts, _) = self.answered("CoverShortfall, in the deductible", 1_000_000, "10");
        assert_eq!(parts.deductible, Assets::new(1_000_000));
        let (parts, claim) = self.answered("CoverShortfall, paid", 600_000, "10");
        assert_eq!((parts.paid, claim.is_some()), (600_000.into(), true));
        self.again("CoverShortfall, sent again");
        self.shortfall(
            "CoverShortfall, outside the band",
            7,
            "20",
            CoverReason::PriceOutsideBand,
        );
        self.shortfall(
            "CoverShortfall, part delayed",
            600_000,
            "10",
            CoverReason::InstantLimit,
        );
        let delayed = self.crowd.desk.pool().losses;
        self.crowd.desk.shortfall(50_000);
        let declined = self.crowd.desk.pool().losses;

        let breaker = self.crowd.desk.w.breaker.clone();
        let gone = self.crowd.desk.w.app.store_code(gone::contract());
        self.crowd.migrate(breaker.clone(), gone);
        let silent = CoverReason::BreakerUnavailable;
        self.shortfall("CoverShortfall, held", 100, "10", silent);
        self.crowd.desk.shortfall_at(100, Some("20"));
        let shipped = self.crowd.desk.w.codes.breaker;
        self.crowd.migrate(breaker, shipped);
        self.fresh(Seconds::HOUR);
        let anyone = self.account("anyone");
        let settle = |claim| ExecuteMsg::SettleClaim { claim };
        self.tell("SettleClaim, stands", &anyone, &settle(declined + 1));
        self.tell("SettleClaim, lapses", &anyone, &settle(declined + 2));
        self.fresh(Seconds::DAY);
        self.tell("SettleClaim, paid", &anyone, &settle(delayed));
        let owner = self.owner();
        let decline = ExecuteMsg::DeclineClaim {
            claim: declined,
            reason: "nothing was lost".to_string(),
        };
        self.tell("DeclineClaim", &owner, &decline);
        let loss = delayed;
        let hook = HookMsg::Recover { loss };
        self.pay("Recover", &holder, 5_000, &ExecuteMsg::Recover { loss }, &hook);
        self.pay(
            "Recover once more",
            &holder,
            5_000,
            &ExecuteMsg::Recover { loss },
            &hook,
        );
    }

    fn answered(
        &mut self,
        name: &'static str,
        amount: u128,
        price: &'static str,
    ) -> (CoverResponse, Option<u64>) {
        let answer = self.of(name, |crowd| crowd.desk.shortfall_at(amount, Some(price)));
        let claim = answer.claim;
        (answer, claim)
    }

    fn shortfall(&mut self, name: &'static str, amount: u128, price: &'static str, reason: CoverReason) {
        let (answer, _) = self.answered(name, amount, price);
        assert_eq!(answer.reason, Some(reason.into()), "{name}");
    }

    fn again(&mut self, name: &'static str) {
        let (holder, number) = (self.holder(), self.crowd.desk.w.shortfalls_sent());
        self.of(name, |crowd| {
            let sent = crowd.desk.w.shortfall_numbered(&holder, number, 1, None);
            sent.unwrap()
        });
    }

    fn come_back(&mut self) {
        let me = self.me();
        let last = self.crowd.desk.pool().losses;
        let claim = |losses, restake, limit| ExecuteMsg::ClaimRecovery {
            losses,
            restake: Some(restake),
            limit,
        };
        self.tell(
            "ClaimRecovery, five of the log",
            &me,
            &claim(None, false, Some(5)),
        );
        self.tell(
            "ClaimRecovery, restake",
            &me,
            &claim(Some(vec![last - 2]), true, None),
        );
        self.tell("ClaimRecovery, named", &me, &claim(Some(vec![last]), false, None));
    }

    fn leave(&mut self) {
        self.fresh(Seconds::days(21));
        let (me, anyone) = (self.me(), self.account("anyone"));
        let withdraw = |tickets, limit, staker| ExecuteMsg::Withdraw {
            tickets,
            min_assets: None,
            limit,
            staker,
        };
        let named = 1 + self.crowd.others;
        self.tell("Withdraw, named", &me, &withdraw(Some(vec![named]), None, None));
        self.tell("Withdraw, the oldest two", &me, &withdraw(None, Some(2), None));
        let other = self.crowd.desk.w.app.api().addr_make("other7");
        let staker = Some(other.to_string());
        self.tell("Withdraw for another", &anyone, &withdraw(None, None, staker));
        let unbond = ExecuteMsg::Unbond {
            shares: None,
            auto_withdraw: None,
        };
        self.crowd.tell(&other, &unbond);
        self.fresh(Seconds::days(21));
        self.tell("Withdraw all and be gone", &other, &withdraw(None, None, None));
    }

    fn charge(&mut self) {
        let (holder, owner) = (self.holder(), self.owner());
        let (anyone, treasury) = (self.account("anyone"), self.account("treasury"));
        let pay = ExecuteMsg::PayPremium {
            market: MARKET.to_string(),
            max_rate: Bps(1_000_000),
        };
        let hook = HookMsg::PayPremium {
            market: MARKET.to_string(),
            max_rate: Bps(1_000_000),
        };
        self.pay("PayPremium, once more", &holder, 1_000_000_000, &pay, &hook);
        self.fresh(Seconds::days(2));
        let send = ExecuteMsg::SendPremium {
            policyholder: holder.to_string(),
            market: MARKET.to_string(),
        };
        self.tell("SendPremium", &anyone, &send);
        let mut terms = self.crowd.terms;
        terms.limit = Assets::new(terms.limit.u128() / 2);
        self.tell("ChangePolicy", &owner, &owner_sets(&holder, terms, false));
        self.tell(
            "WithdrawCredit of a refund",
            &holder,
            &ExecuteMsg::WithdrawCredit {},
        );
        self.tell(
            "WithdrawCredit of the treasury",
            &treasury,
            &ExecuteMsg::WithdrawCredit {},
        );
        let close = ExecuteMsg::ClosePolicy {
            policyholder: None,
            market: MARKET.to_string(),
        };
        self.tell("ClosePolicy", &holder, &close);
        self.tell("AddPolicy", &owner, &owner_sets(&holder, terms, true));
        let new = self.account("new");
        self.tell("AddPolicy, another's", &owner, &owner_sets(&new, terms, true));
    }

    fn govern(&mut self) {
        let (owner, guardian) = (self.owner(), self.crowd.desk.w.guardian.clone());
        let update = ParamsUpdate {
            unbonding_period: Some(Seconds::days(20)),
            ..Default::default()
        };
        self.tell("UpdateParams", &owner, &ExecuteMsg::UpdateParams { update });
        let (what, duration) = (Pausable::Payouts, Seconds::HOUR);
        self.tell("Pause", &guardian, &ExecuteMsg::Pause { what, duration });
        self.shortfall_paused();
        self.tell("Resume", &owner, &ExecuteMsg::Resume { what, pause: 1 });
        let new_owner = self.account("dao");
        let transfer = cw_ownable::Action::TransferOwnership {
            new_owner: new_owner.to_string(),
            expiry: None,
        };
        self.tell(
            "UpdateOwnership, transfer",
            &owner,
            &ExecuteMsg::UpdateOwnership(transfer.clone()),
        );
        let accept = cw_ownable::Action::AcceptOwnership;
        self.tell(
            "UpdateOwnership, accept",
            &new_owner,
            &ExecuteMsg::UpdateOwnership(accept),
        );
        self.tell_distributor(
            "UpdateOwnership of the distributor",
            &owner,
            &Rewards::UpdateOwnership(transfer),
        );
    }

    fn shortfall_paused(&mut self) {
        let mut terms = self.crowd.terms;
        terms.premium = None;
        let (owner, holder) = (self.owner(), self.holder());
        self.crowd.tell(&owner, &owner_sets(&holder, terms, false));
        self.crowd.desk.w.set_price("10");
        self.shortfall(
            "CoverShortfall, payouts paused",
            1_000_100,
            "10",
            CoverReason::PayoutsPaused,
        );
    }

    fn ask_vault(&mut self, name: &'static str, query: QueryMsg) {
        self.of(name, |crowd| crowd.desk.query::<serde_json::Value>(&query));
    }

    /// Of the lists, a page.
    fn ask_lists(&mut self) {
        let (me, last) = (self.me().to_string(), self.crowd.desk.pool().losses);
        for (name, limit) in [("query Claims, 2", 2), ("query Claims, 9", 9)] {
            let (start_after, limit) = (None, Some(limit));
            self.ask_vault(name, QueryMsg::Claims { start_after, limit });
        }
        let (start_after, limit) = (None, Some(2));
        self.ask_vault("query OpenClaims", QueryMsg::OpenClaims { start_after, limit });
        let limit = Some(5);
        self.ask_vault(
            "query Losses",
            QueryMsg::Losses {
                start_after: Some(last - 6),
                limit,
            },
        );
        let staker = me.clone();
        self.ask_vault(
            "query StakerLosses",
            QueryMsg::StakerLosses {
                staker,
                start_after: None,
                limit,
            },
        );
        let start_after = None;
        self.ask_vault("query Stakes", QueryMsg::Stakes { start_after, limit });
        let start_after = None;
        self.ask_vault("query Policies", QueryMsg::Policies { start_after, limit });
        let (staker, start_after) = (me, None);
        self.ask_vault(
            "query Tickets",
            QueryMsg::Tickets {
                staker,
                start_after,
                limit,
            },
        );
        let start_after = None;
        self.ask_vault(
            "query HookFailures",
            QueryMsg::HookFailures { start_after, limit },
        );
    }

    fn ask(&mut self) {
        let (me, holder, last) = (
            self.me().to_string(),
            self.holder().to_string(),
            self.crowd.desk.pool().losses,
        );
        let market = MARKET.to_string();
        self.ask_lists();
        self.ask_vault("query Pool", QueryMsg::Pool {});
        self.ask_vault("query Stake", QueryMsg::Stake { staker: me.clone() });
        self.ask_vault("query Claim", QueryMsg::Claim { claim: last });
        self.ask_vault("query Loss", QueryMsg::Loss { loss: last });
        self.ask_vault("query MaxWithdraw", QueryMsg::MaxWithdraw { owner: me.clone() });
        self.ask_vault("query MaxDeposit", QueryMsg::MaxDeposit { receiver: me.clone() });
        let policy = QueryMsg::Policy {
            policyholder: holder.clone(),
            market: market.clone(),
        };
        self.ask_vault("query Policy", policy);
        let quote = QueryMsg::QuoteCover {
            policyholder: holder,
            market,
            amount: Assets::new(5),
            price: None,
            shortfall: None,
        };
        self.ask_vault("query QuoteCover", quote);
        self.of("query PendingRewards", |crowd| {
            let (distributor, query) = (
                crowd.desk.w.distributor.clone(),
                RewardsQuery::PendingRewards {
                    staker: me,
                    start_after: None,
                    limit: None,
                },
            );
            crowd
                .desk
                .w
                .query::<serde_json::Value>(&distributor, &query)
                .unwrap()
        });
    }
}
