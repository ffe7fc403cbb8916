//! From a builder to a world: the contracts in the order in which each finds
//! the ones that it needs.

use backstop_types::breaker::{self, MarketConfig, Source};
use backstop_types::{Denom, UncheckedDenom, distributor, vault};
use cosmwasm_std::Addr;
use cw_multi_test::App;
use cw_multi_test::error::{AnyError, AnyResult};
use cw20::{Cw20Coin, MinterResponse};

use crate::builder::{SourceSpec, WorldBuilder};
use crate::invariants::Watcher;
use crate::{Codes, World, mock_pyth};

/// The contract that refused its parameters, and its error.
type Refusal = (&'static str, AnyError);

impl WorldBuilder {
    /// The world, or a panic that says which contract refused what.
    pub fn build(self) -> World {
        match self.try_build() {
            Ok(world) => world,
            Err((contract, error)) => panic!("the {contract} cannot be set up: {error:#}"),
        }
    }

    /// The world, or the contract that refused its parameters, and its error.
    pub fn try_build(self) -> Result<World, Refusal> {
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
            shortfalls: 1 << 32,
            published: 0,
            quoted: String::new(),
            stray: Some(0),
            asset_works: true,
            breaker_on: self.breaker_on,
            violations: vec![],
            collect: self.collect,
            known: Default::default(),
            watcher: None,
            spent: Default::default(),
        };
        self.wire(&mut world)?;
        Ok(world)
    }

    fn wire(mut self, world: &mut World) -> Result<(), Refusal> {
        world.asset = self.asset(world).map_err(|error| ("asset", error))?;
        self.breaker(world).map_err(|error| ("breaker", error))?;
        self.vault(world).map_err(|error| ("vault", error))?;
        self.distributor(world).map_err(|error| ("distributor", error))?;
        self.exchange(world).map_err(|error| ("perps", error))?;
        self.cover(world).map_err(|error| ("policy", error))?;
        world.watcher = self.watched.then(Watcher::new);
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
        let granted = world.grant_policy(&world.perps.clone(), &self.market, terms);
        granted.map(drop)
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
