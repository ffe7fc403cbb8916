//! Building a world: every parameter of every contract has a default here and
//! can be set.

use backstop_types::breaker::{self, MarketConfig, MarketParams, Source};
use backstop_types::vault::{self, Params, PolicyTerms};
use backstop_types::{Assets, Denom, Seconds, Shares, UncheckedDenom, distributor};
use cosmwasm_std::{Addr, Decimal, Timestamp, Uint128};
use cw_multi_test::App;
use cw_multi_test::error::AnyResult;
use cw20::{Cw20Coin, MinterResponse};

use crate::invariants::Watcher;
use crate::{Codes, World, mock_pyth};

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

/// See [`World::builder`].
pub struct WorldBuilder {
    cw20: bool,
    denom: String,
    market: String,
    start: Timestamp,
    window: Seconds,
    breaker_on: bool,
    collect: bool,
    sources: Vec<SourceSpec>,
    vault: Params<String>,
    policy: Option<PolicyTerms>,
    perps: sample_perps::params::Params,
    rewards: Vec<distributor::Listing>,
    market_params: MarketParams,
    change_market: Vec<ChangeMarket>,
    seed: Seed,
}

/// The vault's window W unless a builder sets another.
pub const DEFAULT_WINDOW: Seconds = Seconds::days(7);

type ChangeMarket = Box<dyn FnOnce(&mut MarketConfig<String>)>;

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
            sources: vec![pyth, reporter("venue-a"), reporter("venue-b")],
            vault: default_params(),
            policy: Some(default_terms()),
            perps: sample_perps::params::Params::default(),
            rewards: vec![],
            market_params: MarketParams::default(),
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
    }
}

/// A policy's terms unless a builder sets others: a hundred thousand a window,
/// a fifth of it at once, nothing deducted.
pub fn default_terms() -> PolicyTerms {
    PolicyTerms {
        limit: Assets::new(100_000_000_000),
        deductible: Assets::ZERO,
        instant: Assets::new(20_000_000_000),
        minimum: Assets::ONE,
        delay: Seconds::days(1),
        priced: true,
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

    /// Keeps broken invariants in `World::violations` in place of a panic.
    pub fn collect_violations(mut self) -> Self {
        self.collect = true;
        self
    }

    /// The world, or a panic that says which contract refused what.
    pub fn build(self) -> World {
        match self.try_build() {
            Ok(world) => world,
            Err((contract, error)) => panic!("the {contract} cannot be set up: {error:#}"),
        }
    }

    /// The world, or the contract that refused its parameters, and its error.
    pub fn try_build(self) -> Result<World, (&'static str, cw_multi_test::error::AnyError)> {
        let mut app = App::default();
        app.update_block(|block| block.time = self.start);
        let codes = Codes::store(&mut app);
        let [owner, guardian] = ["owner", "guardian"].map(|name| app.api().addr_make(name));
        let nowhere = Addr::unchecked("");
        let mut world = World {
            app,
            codes,
            owner,
            guardian,
            asset: Denom::Native(self.denom.clone()),
            market: self.market.clone(),
            vault: nowhere.clone(),
            distributor: nowhere.clone(),
            breaker: nowhere.clone(),
            perps: nowhere.clone(),
            pyth: nowhere,
            sources: vec![],
            published: 0,
            stray: Some(0),
            asset_works: true,
            breaker_on: self.breaker_on,
            violations: vec![],
            collect: self.collect,
            known: Default::default(),
            watcher: None,
        };
        self.wire(&mut world)?;
        Ok(world)
    }

    fn wire(mut self, world: &mut World) -> Result<(), (&'static str, cw_multi_test::error::AnyError)> {
        world.asset = self.asset(world).map_err(|error| ("asset", error))?;
        self.breaker(world).map_err(|error| ("breaker", error))?;
        self.vault(world).map_err(|error| ("vault", error))?;
        self.distributor(world).map_err(|error| ("distributor", error))?;
        self.exchange(world).map_err(|error| ("perps", error))?;
        self.cover(world).map_err(|error| ("policy", error))?;
        world.watcher = Some(Watcher::new());
        world.look();
        self.fill(world);
        Ok(())
    }

    fn asset(&self, world: &mut World) -> AnyResult<Denom> {
        if !self.cw20 {
            return Ok(Denom::Native(self.denom.clone()));
        }
        let msg = cw20_base::msg::InstantiateMsg {
            name: "The asset".to_string(),
            symbol: self.denom.to_uppercase(),
            decimals: 6,
            initial_balances: Vec::<Cw20Coin>::new(),
            mint: Some(MinterResponse {
                minter: world.owner.to_string(),
                cap: None,
            }),
            marketing: None,
        };
        Ok(Denom::Cw20(world.instantiate(world.codes.cw20, &msg, "asset")?))
    }

    fn breaker(&mut self, world: &mut World) -> AnyResult<()> {
        let code = if self.breaker_on {
            world.codes.breaker
        } else {
            world.codes.always_allow
        };
        let pyth = mock_pyth::InstantiateMsg {
            valid_time_period: 60,
        };
        world.pyth = world.instantiate(world.codes.pyth, &pyth, "pyth")?;
        let msg = breaker::InstantiateMsg {
            owner: world.owner.to_string(),
            guardian: Some(world.guardian.to_string()),
        };
        world.breaker = world.instantiate(code, &msg, "breaker")?;
        let mut config = MarketConfig {
            sources: self.sources.iter().map(|source| source.resolve(world)).collect(),
            params: self.market_params,
        };
        for change in std::mem::take(&mut self.change_market) {
            change(&mut config);
        }
        world.sources = config.sources.clone();
        let msg = breaker::ExecuteMsg::AddMarket {
            market: self.market.clone(),
            config,
        };
        world.by_owner(&world.breaker.clone(), &msg)
    }

    fn vault(&mut self, world: &mut World) -> AnyResult<()> {
        if self.vault.breaker.is_empty() {
            self.vault.breaker = world.breaker.to_string();
        }
        if self.vault.guardian.is_none() {
            self.vault.guardian = Some(world.guardian.to_string());
        }
        let msg = vault::InstantiateMsg {
            owner: world.owner.to_string(),
            asset: world.asset.clone().into(),
            window: self.window,
            params: self.vault.clone(),
        };
        world.vault = world.instantiate(world.codes.vault, &msg, "vault")?;
        Ok(())
    }

    fn distributor(&self, world: &mut World) -> AnyResult<()> {
        let msg = distributor::InstantiateMsg {
            owner: world.owner.to_string(),
            vault: world.vault.to_string(),
            denoms: self.rewards.clone(),
        };
        world.distributor = world.instantiate(world.codes.distributor, &msg, "distributor")?;
        let msg = vault::ExecuteMsg::SetDistributor {
            distributor: world.distributor.to_string(),
        };
        world.by_owner(&world.vault.clone(), &msg)
    }

    fn exchange(&self, world: &mut World) -> AnyResult<()> {
        let msg = sample_perps::msg::InstantiateMsg {
            owner: world.owner.to_string(),
            asset: UncheckedDenom::from(world.asset.clone()),
            vault: world.vault.to_string(),
            breaker: world.breaker.to_string(),
            market: self.market.clone(),
            params: self.perps,
        };
        world.perps = world.instantiate(world.codes.perps, &msg, "perps")?;
        Ok(())
    }

    fn cover(&self, world: &mut World) -> AnyResult<()> {
        let Some(terms) = self.policy else {
            return Ok(());
        };
        let msg = vault::ExecuteMsg::AddPolicy {
            policyholder: world.perps.to_string(),
            market: self.market.clone(),
            terms,
        };
        world.by_owner(&world.vault.clone(), &msg)
    }

    fn fill(&self, world: &mut World) {
        if let Some(price) = &self.seed.price {
            world.set_price(price);
        }
        for (name, amount) in &self.seed.deposits {
            let staker = world.addr(name);
            world.deposit(&staker, *amount).unwrap();
        }
        if self.seed.liquidity > 0 {
            let provider = world.addr("lp");
            world.add_liquidity(&provider, self.seed.liquidity).unwrap();
        }
    }
}

impl SourceSpec {
    /// The source with its addresses in `world`.
    fn resolve(&self, world: &World) -> Source<String> {
        match self {
            Self::Pyth {
                name,
                lineage,
                price_id,
            } => Source::pyth(name, lineage, &world.pyth, price_id),
            Self::Reporter { name, lineage } => {
                Source::reporter(name, lineage, world.app.api().addr_make(name))
            }
        }
    }
}

/// What an account is funded with when it is first named.
pub(crate) const POCKET: Uint128 = Uint128::new(1_000_000_000_000_000_000);
