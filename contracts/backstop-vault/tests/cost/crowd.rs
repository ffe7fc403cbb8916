//! A vault with so many other stakers, tickets, pending claims, losses on which
//! money came back, policies, and streams.

use backstop_testing::World;
use backstop_types::distributor::{ExecuteMsg as Rewards, Listing, RewardDistributor, StreamTerms};
use backstop_types::vault::*;
use backstop_types::{Assets, Bps, Denom, Patch, Seconds, Shares, UncheckedDenom};
use cosmwasm_std::{Addr, CosmosMsg, Uint128};
use cw_multi_test::{AppResponse, Executor};

use super::counting;
use crate::support::{Desk, MARKET, terms};

pub struct Crowd {
    pub desk: Desk,
    /// Staked before all others, and bore every loss.
    pub me: Addr,
    /// Ask a premium of the desk's policyholder.
    pub terms: PolicyTerms,
    /// How many others there are.
    pub others: u64,
}

/// Another policyholder's cover: of a unit at a time, never at once, for nothing.
fn of_others() -> PolicyTerms {
    PolicyTerms {
        instant: Assets::ZERO,
        delay: Seconds::days(30),
        ..terms()
    }
}

impl Crowd {
    pub fn of(cw20: bool, others: u64) -> Self {
        let builder = World::builder().without_policy().unwatched();
        let builder = if cw20 { builder.cw20_asset() } else { builder };
        let terms = PolicyTerms {
            limit: 1_000_000_000.into(),
            instant: 1_000_000.into(),
            deductible: 1_000_000.into(),
            premium: Some(Bps::ONE),
            ..terms()
        };
        let mut desk = Desk::of(builder, terms);
        let me = desk.staker("me");
        let mut crowd = Self {
            desk,
            me,
            terms,
            others,
        };
        crowd.begin();
        crowd.fill(others);
        let pool = crowd.desk.pool();
        assert_eq!((pool.losses, pool.pending_claims), (2 * others, others));
        assert_eq!(pool.queued, Shares::new(900 * u128::from(others)));
        crowd.count();
        crowd
    }

    fn begin(&mut self) {
        let desk = &mut self.desk;
        let listing = |denom: Denom| {
            Rewards::ListDenom(Listing {
                denom: UncheckedDenom::from(denom),
                min_rate: Uint128::one(),
            })
        };
        let (owner, distributor, asset) = (
            desk.w.owner.clone(),
            desk.w.distributor.clone(),
            desk.w.asset.clone(),
        );
        for denom in [asset, Denom::Native("ureward".to_string())] {
            desk.w
                .execute(&owner, &distributor, &listing(denom), &[])
                .unwrap();
        }
        let treasury = desk.staker("treasury").to_string();
        desk.update(ParamsUpdate {
            treasury: Some(Patch::Set(treasury)),
            treasury_part: Some(Bps(1_000)),
            max_tickets: Some(100),
            ..Default::default()
        })
        .unwrap();
        let me = self.me.clone();
        desk.deposit(&me, 1_000_000_000_000).unwrap();
        desk.w.set_price("10");
    }

    /// The breaker is not there while the crowd comes: what is lost is held.
    fn fill(&mut self, others: u64) {
        let gone = self.desk.w.app.store_code(super::gone::contract());
        self.migrate(self.desk.w.breaker.clone(), gone);
        let rich = self.desk.staker("rich");
        let funder = self.desk.staker("funder");
        self.desk.w.mint_native(&funder, "ureward", 1_000_000_000_000);
        for number in 1..=others {
            let other = self.desk.w.app.api().addr_make(&format!("other{number}"));
            self.come(&rich, &other);
            self.lose(&other, number);
            self.stream(&funder);
        }
        let shipped = self.desk.w.codes.breaker;
        self.migrate(self.desk.w.breaker.clone(), shipped);
    }

    /// Another staker, with a ticket.
    fn come(&mut self, rich: &Addr, other: &Addr) {
        let (min_shares, receiver) = (None, Some(other.to_string()));
        let deposit = ExecuteMsg::Deposit {
            min_shares,
            receiver: receiver.clone(),
        };
        let hook = HookMsg::Deposit { min_shares, receiver };
        let vault = self.desk.w.vault.clone();
        let deposit = self.desk.w.asset.call(&vault, 2_000u128.into(), &deposit, &hook);
        self.send(rich, deposit.unwrap());
        let unbond = ExecuteMsg::Unbond {
            shares: Some(Shares::new(900)),
            auto_withdraw: Some(true),
        };
        self.tell(other, &unbond);
    }

    /// Two losses by another policyholder: one waits, one came back.
    fn lose(&mut self, other: &Addr, number: u64) {
        let owner = self.desk.w.owner.clone();
        let (policyholder, market) = (other.to_string(), MARKET.to_string());
        let terms = of_others();
        self.tell(
            &owner,
            &ExecuteMsg::AddPolicy {
                policyholder: policyholder.clone(),
                market: market.clone(),
                terms,
            },
        );
        for shortfall in [1, 2] {
            self.tell(
                other,
                &ExecuteMsg::CoverShortfall {
                    shortfall,
                    market: market.clone(),
                    amount: Assets::ONE,
                    price: Some(backstop_types::Price("10".parse().unwrap())),
                },
            );
        }
        self.tell(
            &owner,
            &ExecuteMsg::DeclineClaim {
                claim: 2 * number,
                reason: "nothing was lost".to_string(),
            },
        );
        // Closed, so that the limits in force are the same in any crowd.
        self.tell(
            &owner,
            &ExecuteMsg::ClosePolicy {
                policyholder: Some(policyholder),
                market,
            },
        );
    }

    /// Another stream of a week.
    fn stream(&mut self, funder: &Addr) {
        let distributor = RewardDistributor(self.desk.w.distributor.clone());
        let denom = Denom::Native("ureward".to_string());
        let fund = distributor.fund(&denom, 1_000_000u128.into(), StreamTerms::now(1));
        self.send(funder, fund.unwrap());
    }

    /// From now on vault and distributor run on a storage that counts.
    fn count(&mut self) {
        for (contract, code) in [
            (self.desk.w.vault.clone(), counting::counting_vault()),
            (self.desk.w.distributor.clone(), counting::counting_distributor()),
        ] {
            let code = self.desk.w.app.store_code(code);
            self.migrate(contract, code);
        }
    }

    pub fn migrate(&mut self, contract: Addr, code: u64) {
        let (owner, msg) = (self.desk.w.owner.clone(), cosmwasm_std::Empty {});
        self.desk
            .w
            .app
            .migrate_contract(owner, contract, &msg, code)
            .unwrap();
    }

    pub fn tell(&mut self, sender: &Addr, msg: &ExecuteMsg) -> AppResponse {
        let (app, vault) = (&mut self.desk.w.app, self.desk.w.vault.clone());
        app.execute_contract(sender.clone(), vault, msg, &[]).unwrap()
    }

    pub fn send(&mut self, sender: &Addr, msg: CosmosMsg) -> AppResponse {
        self.desk.w.app.execute(sender.clone(), msg).unwrap()
    }
}
