//! The contracts on a stage, wired, with prices.

use std::cell::Cell;

use backstop_chain::{Committed, Message};
use backstop_mock_pyth as pyth;
use backstop_types::breaker::{self, MarketConfig, MarketParams, Report, Source};
use backstop_types::vault::{Params, PolicyTerms, PremiumCurve};
use backstop_types::{Assets, Bps, Price, Seconds, Shares, UncheckedDenom, distributor, vault};
use cosmwasm_std::{Coin, Decimal, Uint128};
use cw20::{Cw20Coin, Cw20ExecuteMsg};
use serde::Serialize;

use crate::coins::{ASSET, REWARD};
use crate::stage::Stage;

/// The market.
pub const MARKET: &str = "ATOM/USD";
/// Its feed at Pyth.
pub const FEED: &str = "1111111111111111111111111111111111111111111111111111111111111111";
const HOUR: u64 = 3_600;

/// What a vault holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asset {
    /// A coin of the bank.
    Native,
    /// A cw20.
    Cw20,
}

/// What may differ from one test to another.
pub struct Setup {
    /// What the vault holds.
    pub asset: Asset,
    /// The policy's terms.
    pub terms: PolicyTerms,
    /// How the market is judged.
    pub market: MarketParams,
    /// The exchange's parameters.
    pub perps: sample_perps::params::Params,
}

impl Default for Setup {
    /// Prices stay good for a day and a halt is none, since the clock is moved ahead;
    /// the policy pays up to 20,000 at once, has no deductible and a delay of an hour.
    fn default() -> Self {
        Self {
            asset: Asset::Native,
            terms: PolicyTerms {
                limit: Assets::new(100_000_000_000),
                deductible: Assets::ZERO,
                instant: Assets::new(20_000_000_000),
                minimum: Assets::ONE,
                delay: Seconds(HOUR),
                priced: true,
                premium: None,
            },
            market: MarketParams {
                max_age: Seconds::DAY,
                max_halt: None,
                shared_ticks: None,
                block_time_ms: 500,
                cooldown: Seconds(60),
                recovery_readings: 2,
                recovery_spacing: Seconds(1),
                ..MarketParams::default()
            },
            perps: sample_perps::params::Params {
                initial_margin: Bps(1_000),
                maintenance_margin: Bps(500),
                ..sample_perps::params::Params::default()
            },
        }
    }
}

/// The contracts.
pub struct Backstop<'a> {
    /// Where they are.
    pub stage: &'a Stage,
    /// What the vault holds.
    pub asset: UncheckedDenom,
    /// The vault.
    pub vault: String,
    /// The distributor.
    pub distributor: String,
    /// The breaker.
    pub breaker: String,
    /// The exchange.
    pub perps: String,
    /// The mock Pyth.
    pub pyth: String,
    published: Cell<u64>,
}

impl<'a> Backstop<'a> {
    /// Instantiates and wires them, at a price of 10.
    pub fn deploy(stage: &'a Stage, setup: Setup) -> Self {
        let asset = asset(stage, setup.asset);
        let owner = stage.addr("owner");
        let pyth = stage.instantiate(
            "backstop_mock_pyth",
            &pyth::InstantiateMsg {
                valid_time_period: 60,
            },
        );
        let breaker = stage.instantiate(
            "oracle_breaker",
            &breaker::InstantiateMsg {
                owner: owner.clone(),
                guardian: Some(stage.addr("guardian")),
            },
        );
        let vault = stage.instantiate(
            "backstop_vault",
            &vault::InstantiateMsg {
                owner: owner.clone(),
                asset: asset.clone(),
                window: Seconds::days(7),
                params: params(stage, &breaker),
            },
        );
        let distributor = stage.instantiate(
            "reward_distributor",
            &distributor::InstantiateMsg {
                owner: owner.clone(),
                vault: vault.clone(),
                denoms: [asset.clone(), UncheckedDenom::Native(REWARD.to_string())]
                    .map(listing)
                    .to_vec(),
            },
        );
        let perps = stage.instantiate(
            "sample_perps",
            &sample_perps::msg::InstantiateMsg {
                owner,
                asset: asset.clone(),
                vault: vault.clone(),
                breaker: breaker.clone(),
                market: MARKET.to_string(),
                params: setup.perps,
            },
        );
        let deployed = Self {
            stage,
            asset,
            vault,
            distributor,
            breaker,
            perps,
            pyth,
            published: Cell::new(0),
        };
        deployed.wire(setup.market, setup.terms);
        deployed.set_price("10");
        deployed
    }

    fn wire(&self, market: MarketParams, terms: PolicyTerms) {
        let sources = vec![
            Source::pyth("pyth", "pyth", &self.pyth, FEED),
            Source::reporter("venue-a", "venue-a", self.stage.addr("feed1")),
            Source::reporter("venue-b", "venue-b", self.stage.addr("feed2")),
        ];
        let market = breaker::ExecuteMsg::AddMarket {
            market: MARKET.to_string(),
            config: MarketConfig {
                sources,
                params: market,
            },
        };
        let wire = vault::ExecuteMsg::SetDistributor {
            distributor: self.distributor.clone(),
        };
        let messages = [call(&self.breaker, &market), call(&self.vault, &wire)];
        self.stage.send("owner", &messages);
        self.grant(&self.perps, terms);
    }

    /// Grants cover on the market.
    pub fn grant(&self, policyholder: &str, terms: PolicyTerms) {
        let policy = vault::ExecuteMsg::AddPolicy {
            policyholder: policyholder.to_string(),
            market: MARKET.to_string(),
            terms,
        };
        self.stage.execute("owner", &self.vault, &policy);
    }

    /// All sources publish this price as of now, and the breaker is poked.
    pub fn set_price(&self, price: &str) {
        self.publish(price);
        self.poke();
    }

    /// All sources publish this price as of now.
    pub fn publish(&self, price: &str) {
        while self.stage.now() <= self.published.get() {
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        let now = self.stage.now();
        self.published.set(now);
        let price: Decimal = price.parse().unwrap();
        let feed = pyth::PriceFeed::at(FEED, price, now);
        self.stage.execute(
            "keeper",
            &self.pyth,
            &pyth::ExecuteMsg::SetFeed { feed, force: false },
        );
        for reporter in ["feed1", "feed2"] {
            self.report(reporter, Price(price), now);
        }
    }

    /// One reporter brings a price.
    pub fn report(&self, reporter: &str, price: Price, publish_time: u64) -> Committed {
        let reports = vec![Report {
            market: MARKET.to_string(),
            price,
            confidence: None,
            publish_time,
        }];
        self.stage
            .execute(reporter, &self.breaker, &breaker::ExecuteMsg::Report { reports })
    }

    /// Pokes the breaker.
    pub fn poke(&self) -> Committed {
        let poke = breaker::ExecuteMsg::Poke {
            markets: vec![MARKET.to_string()],
            action: None,
        };
        self.stage.execute("keeper", &self.breaker, &poke)
    }

    /// Sends an amount of the asset to a contract with a message, which a cw20 calls a
    /// hook's.
    pub fn pay(
        &self,
        sender: &str,
        contract: &str,
        amount: u128,
        msg: &impl Serialize,
        hook: &impl Serialize,
    ) -> Committed {
        match &self.asset {
            UncheckedDenom::Native(denom) => self.stage.execute_with(sender, contract, msg, amount, denom),
            UncheckedDenom::Cw20(token) => {
                let send = Cw20ExecuteMsg::Send {
                    contract: contract.to_string(),
                    amount: Uint128::new(amount),
                    msg: cosmwasm_std::to_json_binary(hook).unwrap(),
                };
                self.stage.execute(sender, token, &send)
            }
        }
    }

    /// Deposits in the vault.
    pub fn deposit(&self, staker: &str, amount: u128) -> Committed {
        let (min_shares, receiver) = (None, None);
        self.pay(
            staker,
            &self.vault,
            amount,
            &vault::ExecuteMsg::Deposit {
                min_shares,
                receiver: receiver.clone(),
            },
            &vault::HookMsg::Deposit { min_shares, receiver },
        )
    }

    /// A shortfall that an account with a policy sends itself.
    pub fn shortfall(&self, policyholder: &str, number: u64, amount: u128, price: &str) -> Committed {
        let cover = vault::ExecuteMsg::CoverShortfall {
            shortfall: number,
            market: MARKET.to_string(),
            amount: Assets::new(amount),
            price: Some(Price(price.parse().unwrap())),
        };
        self.stage.execute(policyholder, &self.vault, &cover)
    }

    /// What an account has of the asset.
    pub fn balance(&self, address: &str) -> u128 {
        match &self.asset {
            UncheckedDenom::Native(denom) => self.stage.balance(address, denom),
            UncheckedDenom::Cw20(token) => {
                let ask = cw20::Cw20QueryMsg::Balance {
                    address: address.to_string(),
                };
                let balance: cw20::BalanceResponse = self.stage.ask(token, &ask);
                balance.balance.u128()
            }
        }
    }
}

/// A call without coins.
pub fn call(contract: &str, msg: &impl Serialize) -> Message {
    Message::execute(contract, msg).unwrap()
}

/// A call with coins.
pub fn call_with(contract: &str, msg: &impl Serialize, amount: u128, denom: &str) -> Message {
    Message::execute_with(contract, msg, vec![Coin::new(amount, denom)]).unwrap()
}

fn asset(stage: &Stage, asset: Asset) -> UncheckedDenom {
    if asset == Asset::Native {
        return UncheckedDenom::Native(ASSET.to_string());
    }
    let holders = ["alice", "bob", "carol", "trader", "other", "provider", "holder"];
    let token = cw20_base::msg::InstantiateMsg {
        name: "The asset".to_string(),
        symbol: "USD".to_string(),
        decimals: 6,
        initial_balances: holders
            .map(|name| Cw20Coin {
                address: stage.addr(name),
                amount: Uint128::new(1_000_000_000_000_000),
            })
            .to_vec(),
        mint: None,
        marketing: None,
    };
    UncheckedDenom::Cw20(stage.instantiate("cw20_base", &token))
}

fn params(stage: &Stage, breaker: &str) -> Params<String> {
    Params {
        breaker: breaker.to_string(),
        guardian: Some(stage.addr("guardian")),
        unbonding_period: Seconds(HOUR),
        notice: Seconds::days(3),
        pool_fraction: Decimal::percent(90),
        min_ticket: Shares::ONE,
        max_tickets: 20,
        hook_gas: 2_000_000,
        poke_gas: 5_000_000,
        premium: PremiumCurve::USUAL,
        treasury: None,
        treasury_part: Bps(0),
    }
}

fn listing(denom: UncheckedDenom) -> distributor::Listing {
    distributor::Listing {
        denom,
        min_rate: Uint128::one(),
    }
}
