//! One long life that fills everything that the contracts can store.

use backstop_core::perps::{Side, Size};
use backstop_testing::World;
use backstop_types::distributor::{self, Listing, Start, StreamTerms};
use backstop_types::vault::{self, Pausable, PolicyTerms};
use backstop_types::{Assets, Bps, Patch, Seconds, Shares, UncheckedDenom, breaker, timelock};
use cosmwasm_std::{Addr, Coin, Decimal, Uint128};
use cw_multi_test::{AppResponse, Executor};
use sample_perps::msg as perps;
use serde::Serialize;

/// One whole unit of the asset, and of the market's base.
const ONE: u128 = 1_000_000;
/// The vault's asset.
pub const ASSET: &str = "uusd";
/// A coin that is nothing but a reward.
pub const REWARD: &str = "ureward";

/// A world at some moment of its life.
pub struct Life {
    /// The chain with vault, distributor, breaker and exchange.
    pub w: World,
    /// The contracts' owner.
    pub timelock: Addr,
}

/// The life up to the moment that is recorded.
pub fn lived() -> Life {
    let mut life = Life {
        w: world(),
        timelock: Addr::unchecked(""),
    };
    life.rewards();
    life.premiums();
    life.claims();
    life.pauses();
    life.exchange();
    life.untold_unbonding();
    life.trips();
    life.changes();
    life.silence();
    life
}

fn world() -> World {
    let listing = |denom: &str| Listing {
        denom: UncheckedDenom::Native(denom.to_string()),
        min_rate: Uint128::one(),
    };
    World::builder()
        .loose()
        .market_params(|m| {
            m.max_jump = Bps(9_000);
            m.guard_threshold = Bps(10_000);
            m.reference_slew = Bps(10_000);
            m.drift_window = None;
        })
        .perps(|p| {
            p.order_fee = Assets::ZERO;
            p.gather_count = 1;
            p.open_fee = Bps(10);
        })
        .policy(|t| {
            t.limit = Assets::new(2_500 * ONE);
            t.instant = Assets::new(1_000 * ONE);
        })
        .vault_params(|p| p.pool_fraction = Decimal::percent(85))
        .rewards(vec![listing(ASSET), listing(REWARD)])
        .seed(|seed| {
            let deposit = |name: &str, units: u128| (name.to_string(), units * ONE);
            seed.deposits = vec![
                deposit("alice", 600_000),
                deposit("bob", 300_000),
                deposit("carol", 100_000),
            ];
            seed.liquidity = 100_000 * ONE;
        })
        .build()
}

/// Cover for a premium: 10 units to bear, 100 at once, the rest in a day.
fn terms() -> PolicyTerms {
    PolicyTerms {
        limit: Assets::new(50_000 * ONE),
        deductible: Assets::new(10 * ONE),
        instant: Assets::new(100 * ONE),
        minimum: Assets::ONE,
        delay: Seconds::DAY,
        priced: true,
        premium: Some(Bps::ONE),
    }
}

impl Life {
    /// A message that must go through.
    pub fn tell<M: Serialize + std::fmt::Debug>(
        &mut self,
        who: &str,
        contract: &Addr,
        msg: &M,
        funds: &[Coin],
    ) -> AppResponse {
        let sender = match who {
            "owner" => self.w.owner.clone(),
            "guardian" => self.w.guardian.clone(),
            name => self.w.addr(name),
        };
        let done = self.w.execute(&sender, contract, msg, funds);
        done.unwrap_or_else(|error| panic!("{who} cannot {msg:?}: {error:#}"))
    }

    /// A message to the vault.
    pub fn vault(&mut self, who: &str, msg: vault::ExecuteMsg) -> AppResponse {
        let vault = self.w.vault.clone();
        self.tell(who, &vault, &msg, &[])
    }

    /// A message to the exchange.
    pub fn perps(&mut self, who: &str, msg: perps::ExecuteMsg) -> AppResponse {
        let perps = self.w.perps.clone();
        self.tell(who, &perps, &msg, &[])
    }

    /// Days on which the sources go on saying the same, read every twelve hours.
    pub fn days(&mut self, days: u64, price: &str) {
        for _ in 0..days * 2 {
            self.w.advance(Seconds(43_200));
            self.w.set_price(price);
        }
    }

    fn fund(&mut self, denom: &str, amount: u128, terms: StreamTerms) {
        let funder = self.w.addr("funder");
        self.w.mint_native(&funder, denom, amount);
        let distributor = self.w.distributor.clone();
        let msg = distributor::ExecuteMsg::Fund(terms);
        self.tell("funder", &distributor, &msg, &[Coin::new(amount, denom)]);
    }

    /// Streams that run, that are to come and that were stopped; rewards owed and taken.
    fn rewards(&mut self) {
        let ahead = StreamTerms {
            weeks: 2,
            start: Some(Start::Week(20)),
        };
        self.fund(ASSET, 52_000 * ONE, StreamTerms::now(51));
        self.fund(REWARD, 7_000 * ONE, StreamTerms::now(30));
        self.fund(REWARD, 5_000 * ONE, StreamTerms::now(8));
        self.fund(ASSET, 3_000 * ONE, ahead);
        let unbond = |units: u128, auto| vault::ExecuteMsg::Unbond {
            shares: Some(Shares::new(units * ONE)),
            auto_withdraw: auto,
        };
        self.vault("bob", unbond(100_000, Some(true)));
        self.days(8, "10");
        let distributor = self.w.distributor.clone();
        let stop = distributor::ExecuteMsg::Stop {
            denom: UncheckedDenom::Native(REWARD.to_string()),
            number: 2,
        };
        self.tell("owner", &distributor, &stop, &[]);
        let claim = distributor::ExecuteMsg::Claim {
            denoms: None,
            receiver: None,
            restake: None,
        };
        self.tell("bob", &distributor, &claim, &[]);
    }

    /// Two policies with premiums, of which one was closed early, and a treasury.
    fn premiums(&mut self) {
        let treasury = self.w.addr("treasury").into_string();
        let update = vault::ParamsUpdate {
            treasury: Some(Patch::Set(treasury)),
            treasury_part: Some(Bps(1_000)),
            ..Default::default()
        };
        self.vault("owner", vault::ExecuteMsg::UpdateParams { update });
        let market = self.w.market.clone();
        for name in ["holder", "leaver"] {
            let policyholder = self.w.addr(name);
            self.w.grant_policy(&policyholder, &market, terms()).unwrap();
            self.pay_premium(name, 20);
        }
        self.days(4, "10");
        let policyholder = self.w.addr("holder").into_string();
        let send = vault::ExecuteMsg::SendPremium {
            policyholder,
            market: market.clone(),
        };
        self.vault("anyone", send);
        let close = vault::ExecuteMsg::ClosePolicy {
            policyholder: None,
            market,
        };
        self.vault("leaver", close);
    }

    fn pay_premium(&mut self, who: &str, units: u128) {
        let pay = vault::ExecuteMsg::PayPremium {
            market: self.w.market.clone(),
            max_rate: Bps(1_000_000),
        };
        let vault = self.w.vault.clone();
        self.tell(who, &vault, &pay, &[Coin::new(units * ONE, ASSET)]);
    }

    fn shortfall(&mut self, number: u64, units: u128, price: &str) {
        let holder = self.w.addr("holder");
        let asked = self
            .w
            .shortfall_numbered(&holder, number, units * ONE, Some(price));
        asked.unwrap_or_else(|error| panic!("shortfall {number}: {error:#}"));
    }

    /// Claims that were paid, declined and left waiting, and money that came back.
    fn claims(&mut self) {
        self.shortfall(1, 1_000, "10");
        self.days(2, "10");
        self.vault("anyone", vault::ExecuteMsg::SettleClaim { claim: 1 });
        let vault = self.w.vault.clone();
        let back = vault::ExecuteMsg::Recover { loss: 1 };
        self.tell("holder", &vault, &back, &[Coin::new(50 * ONE, ASSET)]);
        let recovery = vault::ExecuteMsg::ClaimRecovery {
            losses: None,
            restake: None,
            limit: None,
        };
        self.vault("bob", recovery);
        self.shortfall(2, 700, "10");
        let decline = vault::ExecuteMsg::DeclineClaim {
            claim: 2,
            reason: "the exchange's own error".to_string(),
        };
        self.vault("owner", decline);
        self.pay_premium("holder", 60);
        self.w.advance(Seconds::days(8));
        self.w.set_price("10");
        // Below the deductible, and borne by the policyholder.
        self.shortfall(3, 4, "10");
    }

    /// A pause of payouts that is over, a later one, and one of deposits.
    fn pauses(&mut self) {
        let pause = |what| vault::ExecuteMsg::Pause {
            what,
            duration: Seconds::HOUR,
        };
        self.vault("guardian", pause(Pausable::Payouts));
        self.days(16, "10");
        self.vault("guardian", pause(Pausable::Payouts));
        self.vault("guardian", pause(Pausable::Deposits));
        self.days(1, "10");
    }

    /// Opens a position of whole units; its number.
    fn open(&mut self, who: &str, side: Side, units: u128, margin: u128) {
        let trader = self.w.addr(who);
        self.w.open(&trader, side, units * ONE, margin * ONE).unwrap();
    }

    fn price(&mut self, price: &str) {
        self.w.advance(Seconds::MINUTE);
        self.w.set_price(price);
    }

    /// A shortfall that the vault covers in part, and deleveraging for the rest.
    fn exchange(&mut self) {
        self.open("trader", Side::Long, 1_000, 1_200);
        self.open("seller", Side::Short, 100, 1_000);
        self.price("12");
        self.open("seller", Side::Short, 200, 1_500);
        self.price("5");
        self.open("patient", Side::Long, 100, 300);
        self.open("patient", Side::Short, 100, 300);
        self.perps("keeper", perps::ExecuteMsg::Liquidate { position: 1 });
        let deleverage = perps::ExecuteMsg::Deleverage {
            shortfall: 1,
            limit: None,
        };
        self.perps("keeper", deleverage);
    }

    /// An unbonding that the distributor does not hear of.
    fn untold_unbonding(&mut self) {
        self.w.break_distributor(true);
        let (carol, vault) = (self.w.addr("carol"), self.w.vault.clone());
        let unbond = vault::ExecuteMsg::Unbond {
            shares: Some(Shares::new(40_000 * ONE)),
            auto_withdraw: None,
        };
        self.w.app.execute_contract(carol, vault, &unbond, &[]).unwrap();
        self.w.break_distributor(false);
    }

    /// A trip by the guardian that is over, and one by a jump that is not; a claim that
    /// is delayed, and one that is held.
    fn trips(&mut self) {
        let (breaker, market) = (self.w.breaker.clone(), self.w.market.clone());
        self.pay_premium("holder", 40);
        let reason = "a drill".to_string();
        let trip = breaker::ExecuteMsg::Trip { market, reason };
        self.tell("guardian", &breaker, &trip, &[]);
        for _ in 0..96 {
            self.w.advance(Seconds::HOUR);
            self.w.set_price("5");
        }
        self.shortfall(4, 600, "5");
        let (trader, lifetime) = (self.w.addr("patient"), Some(Seconds::DAY));
        let order = perps::ExecuteMsg::Open {
            side: Side::Long,
            size: Size::new(100 * ONE),
            limit: None,
            lifetime,
        };
        let perps = self.w.perps.clone();
        let margin = [Coin::new(200 * ONE, ASSET)];
        self.w.execute(&trader, &perps, &order, &margin).unwrap();
        self.price("0.4");
        self.shortfall(5, 300, "5");
    }

    /// Changes in the timelock's queue that wait, were made, withdrawn and overtaken.
    fn changes(&mut self) {
        self.timelock = self.w.hand_over();
        let policyholder = self.w.addr("holder").into_string();
        let market = self.w.market.clone();
        let limit = |units: u128| {
            timelock::Change::Vault(timelock::VaultChange::ChangePolicy {
                policyholder: policyholder.clone(),
                market: market.clone(),
                update: vault::PolicyTermsUpdate {
                    limit: Some(Assets::new(units * ONE)),
                    ..Default::default()
                },
            })
        };
        let params = |update| timelock::Change::Vault(timelock::VaultChange::UpdateParams { update });
        let fraction = vault::ParamsUpdate {
            pool_fraction: Some(Decimal::percent(90)),
            ..Default::default()
        };
        let sooner = vault::ParamsUpdate {
            notice: Some(Seconds::days(2)),
            ..Default::default()
        };
        let changes = [limit(60_000), params(fraction), limit(40_000), params(sooner)];
        let timelock = self.timelock.clone();
        for change in changes {
            let expect = None;
            self.tell(
                "owner",
                &timelock,
                &timelock::ExecuteMsg::Submit { change, expect },
                &[],
            );
        }
        self.tell(
            "owner",
            &timelock,
            &timelock::ExecuteMsg::Cancel { change: 4 },
            &[],
        );
    }

    /// No source says anything any more, until a settlement is announced.
    fn silence(&mut self) {
        self.w.advance(Seconds::days(8));
        self.perps("anyone", perps::ExecuteMsg::AnnounceSettlement {});
    }
}
