//! Building a world: every parameter of every contract has a default here and
//! can be set.

use backstop_types::breaker::{MarketConfig, MarketParams};
use backstop_types::vault::{Params, PolicyTerms, PremiumCurve};
use backstop_types::{Assets, Bps, Seconds, Shares, distributor};
use cosmwasm_std::{Decimal, Timestamp, Uint128};

/// A price source as a builder names it; addresses come with the world.
#[derive(Debug, Clone)]
pub enum SourceSpec {
    /// A feed of the world's Pyth contract.
    Pyth {
        /// Its name in the market.
        name: String,
        /// Where its data comes from.
        lineage: String,
        /// The feed, 64 hex digits.
        price_id: String,
    },
    /// A reporter of the name's account.
    Reporter {
        /// Its name in the market, and of its account.
        name: String,
        /// Where its data comes from.
        lineage: String,
    },
}

/// What is in a world before its first test message.
#[derive(Debug, Clone)]
pub struct Seed {
    /// The price of all sources, if any.
    pub price: Option<String>,
    /// Deposits in the vault, by name and amount.
    pub deposits: Vec<(String, u128)>,
    /// What the account `lp` adds to the exchange's liquidity pool; zero adds
    /// nothing.
    pub liquidity: u128,
}

/// See [`World::builder`](crate::World::builder).
pub struct WorldBuilder {
    pub(crate) cw20: bool,
    pub(crate) denom: String,
    pub(crate) market: String,
    pub(crate) start: Timestamp,
    pub(crate) window: Seconds,
    pub(crate) breaker_on: bool,
    pub(crate) collect: bool,
    pub(crate) watched: bool,
    pub(crate) sources: Vec<SourceSpec>,
    pub(crate) vault: Params<String>,
    pub(crate) policy: Option<PolicyTerms>,
    pub(crate) perps: sample_perps::params::Params,
    pub(crate) rewards: Vec<distributor::Listing>,
    pub(crate) market_params: MarketParams,
    pub(crate) change_market: Vec<ChangeMarket>,
    pub(crate) seed: Seed,
}

/// The vault's window W unless a builder sets another.
pub const DEFAULT_WINDOW: Seconds = Seconds::days(7);

pub(crate) type ChangeMarket = Box<dyn FnOnce(&mut MarketConfig<String>)>;

impl Default for WorldBuilder {
    fn default() -> Self {
        let reporter = |name: &str| SourceSpec::Reporter {
            name: name.to_string(),
            lineage: name.to_string(),
        };
        let pyth = SourceSpec::Pyth {
            name: "pyth".to_string(),
            lineage: "pyth".to_string(),
            price_id: "1".repeat(64),
        };
        Self {
            cw20: false,
            denom: "uusd".to_string(),
            market: "ATOM/USD".to_string(),
            // 2026-01-01T00:00:00Z.
            start: Timestamp::from_seconds(1_767_225_600),
            window: DEFAULT_WINDOW,
            breaker_on: true,
            collect: false,
            watched: true,
            sources: vec![pyth, reporter("venue-a"), reporter("venue-b")],
            vault: default_params(),
            policy: Some(default_terms()),
            perps: sample_perps::params::Params::default(),
            rewards: vec![],
            // A test's sources say the very same on purpose.
            market_params: MarketParams {
                shared_ticks: None,
                ..MarketParams::default()
            },
            change_market: vec![],
            seed: Seed {
                price: Some("10".to_string()),
                deposits: vec![],
                liquidity: 0,
            },
        }
    }
}

/// A vault's parameters unless a builder sets others: three weeks of unbonding,
/// three days of notice, half of the assets a window. Breaker and guardian come
/// with the world.
pub fn default_params() -> Params<String> {
    Params {
        breaker: String::new(),
        guardian: None,
        unbonding_period: Seconds::days(21),
        notice: Seconds::days(3),
        pool_fraction: Decimal::percent(50),
        min_ticket: Shares::ONE,
        max_tickets: 20,
        hook_gas: 2_000_000,
        poke_gas: 5_000_000,
        premium: PremiumCurve::USUAL,
        treasury: None,
        treasury_part: Bps(0),
    }
}

/// A policy's terms unless a builder sets others: a hundred thousand a window, a fifth of
/// it at once, and not below a hundred. The deductible is what the largest jump that the
/// breaker's defaults let through, 40 % after hours without a poke, takes beyond the exchange's
/// maintenance margin of 22 %, of all that a side may have open there. So the stakers pay for no
/// such jump, and one hand, long and short, gains nothing of them.
pub fn default_terms() -> PolicyTerms {
    PolicyTerms {
        limit: Assets::new(100_000_000_000),
        deductible: Assets::new(90_000_000_000),
        instant: Assets::new(20_000_000_000),
        minimum: Assets::new(100_000_000),
        delay: Seconds::days(1),
        priced: true,
        premium: None,
    }
}

impl WorldBuilder {
    /// A cw20 token as the asset.
    pub fn cw20_asset(mut self) -> Self {
        self.cw20 = true;
        self
    }

    /// A coin of the bank as the asset, the default.
    pub fn native_asset(mut self) -> Self {
        self.cw20 = false;
        self
    }

    /// The asset's denom, or its symbol if it is a cw20; `uusd` by default.
    pub fn denom(mut self, denom: &str) -> Self {
        self.denom = denom.to_string();
        self
    }

    /// The market's name; `ATOM/USD` by default.
    pub fn market_name(mut self, name: &str) -> Self {
        self.market = name.to_string();
        self
    }

    /// The first block's time; the beginning of 2026 by default.
    pub fn start_at(mut self, start: Timestamp) -> Self {
        self.start = start;
        self
    }

    /// The vault's window W; 7 days by default.
    pub fn window(mut self, window: Seconds) -> Self {
        self.window = window;
        self
    }

    /// The vault's parameters. Breaker and guardian are set afterwards, unless
    /// they are given here.
    pub fn vault_params(mut self, change: impl FnOnce(&mut Params<String>)) -> Self {
        change(&mut self.vault);
        self
    }

    /// All of the vault's parameters, the breaker and the guardian aside.
    pub fn all_vault_params(mut self, params: Params<String>) -> Self {
        self.vault = params;
        self
    }

    /// The terms of the exchange's policy.
    pub fn policy(mut self, change: impl FnOnce(&mut PolicyTerms)) -> Self {
        let mut terms = self.policy.unwrap_or_else(default_terms);
        change(&mut terms);
        self.policy = Some(terms);
        self
    }

    /// What tests of the arithmetic want: ten times leverage, no bound of open interest that
    /// matters, and a policy without deductible that pays from the first unit. One hand,
    /// long and short, gains by it: never a policy.
    pub fn loose(self) -> Self {
        self.perps(|p| {
            p.initial_margin = Bps(1_000);
            p.maintenance_margin = Bps(500);
            p.max_open_interest = Assets::new(10_000_000_000_000);
        })
        .policy(|t| {
            t.deductible = Assets::ZERO;
            t.minimum = Assets::ONE;
        })
    }

    /// No policy for the exchange.
    pub fn without_policy(mut self) -> Self {
        self.policy = None;
        self
    }

    /// The market's sources, in place of a Pyth feed and two reporters.
    pub fn sources(mut self, sources: Vec<SourceSpec>) -> Self {
        self.sources = sources;
        self
    }

    /// How the market's readings are judged.
    pub fn market_params(mut self, change: impl FnOnce(&mut MarketParams)) -> Self {
        change(&mut self.market_params);
        self
    }

    /// The market's whole config, once its sources have addresses.
    pub fn market(mut self, change: impl FnOnce(&mut MarketConfig<String>) + 'static) -> Self {
        self.change_market.push(Box::new(change));
        self
    }

    /// The exchange's parameters.
    pub fn perps(mut self, change: impl FnOnce(&mut sample_perps::params::Params)) -> Self {
        change(&mut self.perps);
        self
    }

    /// Denoms that the distributor can be funded in from the start.
    pub fn rewards(mut self, listings: Vec<distributor::Listing>) -> Self {
        self.rewards = listings;
        self
    }

    /// What is in the world from the start.
    pub fn seed(mut self, change: impl FnOnce(&mut Seed)) -> Self {
        change(&mut self.seed);
        self
    }

    /// A breaker that judges nothing in place of the shipped one.
    pub fn breaker_off(mut self) -> Self {
        self.breaker_on = false;
        self
    }

    /// Checks no invariant: for many runs of what was checked once.
    pub fn unwatched(mut self) -> Self {
        self.watched = false;
        self
    }

    /// Keeps broken invariants in `World::violations` in place of a panic.
    pub fn collect_violations(mut self) -> Self {
        self.collect = true;
        self
    }
}

/// What an account is funded with when it is first named.
pub(crate) const POCKET: Uint128 = Uint128::new(1_000_000_000_000_000_000);
