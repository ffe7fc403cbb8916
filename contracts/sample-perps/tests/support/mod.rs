//! The exchange in a whole world, with short words for what tests do. After
//! every message the exchange's own invariants are checked as well.

pub mod broken_breaker;
pub mod broken_vault;

use backstop_core::perps::{Side, Size};
use backstop_testing::{World, WorldBuilder, emitted};
use backstop_types::breaker::{ExecuteMsg as BreakerMsg, MarketFacts, OracleBreaker};
use backstop_types::events::perps::{ActionDenied, Opened, OrderPlaced, OrderRefused};
use backstop_types::vault::{self, ExecuteMsg as VaultMsg, PolicyFacts};
use backstop_types::{Assets, Bps, Change, Price, Seconds, Shares, keys};
use cosmwasm_std::{Addr, Coin, Timestamp};
use cw_multi_test::AppResponse;
use cw_multi_test::error::{AnyError, AnyResult};
use cw_storage_plus::Map;
use sample_perps::invariants::violations;
use sample_perps::msg::{
    CompensationResponse, ExecuteMsg, HookMsg, InstantiateMsg, LiquidityResponse, PoolResponse,
    PositionResponse, PositionsResponse, QueryMsg, ShortfallResponse,
};
use sample_perps::params::ParamsUpdate;
use sample_perps::state::Config;
use sample_perps::{ContractError, Params};

/// One whole unit of the asset, and of the market's base.
pub const ONE: u128 = 1_000_000;

pub struct Exchange {
    pub w: World,
}

/// A million staked, a hundred thousand of liquidity, no slippage and no
/// opening fee, and a breaker that lets prices fall far.
pub fn plain(builder: WorldBuilder) -> WorldBuilder {
    builder
        .loose()
        .market_params(|m| {
            m.max_jump = Bps(9_000);
            m.guard_threshold = Bps(10_000);
            m.reference_slew = Bps(10_000);
            m.drift_window = None;
        })
        .perps(|p| {
            p.base_slippage = Bps(0);
            p.impact = Bps(0);
            p.max_slippage = Bps(1);
            p.open_fee = Bps(0);
            p.max_utilization = Bps(10_000);
            p.min_notional = Assets::new(ONE);
            p.order_fee = Assets::ZERO;
            p.order_delay = Seconds(0);
            p.bounty = Assets::ZERO;
            p.gather_count = 1;
            p.min_stay = Seconds::HOUR;
            p.adl_cap = 10;
        })
        .seed(|seed| {
            seed.deposits = vec![("staker".to_string(), 1_000_000 * ONE)];
            seed.liquidity = 100_000 * ONE;
        })
}

/// Runs the test with a coin of the bank and with a cw20 token.
pub fn both(setup: impl Fn(WorldBuilder) -> WorldBuilder, test: impl Fn(&mut Exchange)) {
    for builder in [World::builder().native_asset(), World::builder().cw20_asset()] {
        let mut x = Exchange {
            w: setup(builder).build(),
        };
        test(&mut x);
    }
}

pub fn price(text: &str) -> Price {
    Price(text.parse().unwrap())
}

/// Closes a position.
pub fn close(position: u64, limit: Option<&str>, lifetime: Option<u64>) -> ExecuteMsg {
    ExecuteMsg::Close {
        position,
        limit: limit.map(price),
        lifetime: lifetime.map(Seconds),
    }
}

/// Takes liquidity out.
pub fn remove(shares: u128, min_assets: Option<u128>) -> ExecuteMsg {
    ExecuteMsg::RemoveLiquidity {
        shares: Shares::new(shares),
        min_assets: min_assets.map(Assets::new),
        lifetime: None,
    }
}

/// The fee of an order and the smallest position, on which its bound depends.
pub fn fee_update(order_fee: u128, min_notional: u128) -> ExecuteMsg {
    let update = Box::new(ParamsUpdate {
        order_fee: Some(Assets::new(order_fee)),
        min_notional: Some(Assets::new(min_notional)),
        ..ParamsUpdate::default()
    });
    ExecuteMsg::UpdateParams { update }
}

/// What the price said to an order.
pub fn refused(result: AnyResult<AppResponse>) -> String {
    result.unwrap_err().to_string()
}

pub fn refusal(result: AnyResult<AppResponse>) -> ContractError {
    backstop_testing::cause(result.unwrap_err())
}

/// What a message that went through says of the breaker's denial.
pub fn denial(result: AnyResult<AppResponse>) -> ActionDenied {
    let done = result.unwrap_or_else(|error| panic!("must be denied: {error:#}"));
    match emitted::<ActionDenied>(&done).as_slice() {
        [denied] => denied.clone(),
        _ => panic!("must be denied: {:?}", done.events),
    }
}

pub fn message(result: AnyResult<AppResponse>) -> String {
    let error: AnyError = result.unwrap_err();
    format!("{error:#}")
}

impl Exchange {
    pub fn sane(&self) {
        let storage = self.w.app.contract_storage(&self.w.perps);
        let balance = self.w.balance(&self.w.perps).into();
        let broken = violations(&*storage, balance).unwrap();
        assert!(broken.is_empty(), "{broken:#?}");
    }

    /// The address of a name; owner and guardian are the world's.
    pub fn who(&mut self, name: &str) -> Addr {
        match name {
            "owner" => self.w.owner.clone(),
            "guardian" => self.w.guardian.clone(),
            name => self.w.addr(name),
        }
    }

    pub fn run(&mut self, who: &str, msg: ExecuteMsg) -> AnyResult<AppResponse> {
        let sender = self.who(who);
        let result = self.w.execute(&sender, &self.w.perps.clone(), &msg, &[]);
        self.sane();
        result
    }

    pub fn run_with(&mut self, who: &str, msg: ExecuteMsg, funds: &[Coin]) -> AnyResult<AppResponse> {
        let sender = self.w.addr(who);
        let result = self.w.execute(&sender, &self.w.perps.clone(), &msg, funds);
        self.sane();
        result
    }

    pub fn pay(&mut self, who: &str, amount: u128, msg: ExecuteMsg, hook: HookMsg) -> AnyResult<AppResponse> {
        let sender = self.w.addr(who);
        let result = self
            .w
            .send_asset(&sender, &self.w.perps.clone(), amount, &msg, &hook);
        self.sane();
        result
    }

    pub fn add_liquidity(
        &mut self,
        who: &str,
        amount: u128,
        min_shares: Option<u128>,
    ) -> AnyResult<AppResponse> {
        let placed = self.order_add(who, amount, min_shares)?;
        self.fill(placed)
    }

    pub fn order_add(&mut self, who: &str, amount: u128, min_shares: Option<u128>) -> AnyResult<AppResponse> {
        let (min_shares, lifetime) = (min_shares.map(Shares::new), None);
        let msg = ExecuteMsg::AddLiquidity { min_shares, lifetime };
        let hook = HookMsg::AddLiquidity { min_shares, lifetime };
        self.pay(who, amount, msg, hook)
    }

    /// Takes liquidity out, once it has stayed as long as it must.
    pub fn remove_liquidity(&mut self, who: &str, shares: u128) -> AnyResult<AppResponse> {
        self.stay(who);
        let placed = self.order_remove(who, shares, None)?;
        self.fill(placed)
    }

    /// Waits until a provider's liquidity may go, at the price of before.
    pub fn stay(&mut self, who: &str) {
        let now = self.w.app.block_info().time;
        if let Some(until) = self.liquidity(who).stays_until.filter(|until| *until > now) {
            self.w.advance(Seconds(until.seconds() - now.seconds()));
            self.w.publish_again();
        }
    }

    pub fn order_remove(
        &mut self,
        who: &str,
        shares: u128,
        min_assets: Option<u128>,
    ) -> AnyResult<AppResponse> {
        self.wish(who, remove(shares, min_assets))
    }

    /// Executes the order that was placed, at the same price from a second later.
    /// What that refuses is an error here.
    pub fn fill(&mut self, placed: AppResponse) -> AnyResult<AppResponse> {
        let done = self.w.filled(placed)?;
        self.sane();
        match emitted::<OrderRefused>(&done).first() {
            Some(refused) => Err(AnyError::msg(refused.reason.clone())),
            None => Ok(done),
        }
    }

    /// Executes the order that was placed, in the next block and at what the sources
    /// say as of now.
    pub fn attempt(&mut self, placed: AnyResult<AppResponse>) -> AnyResult<AppResponse> {
        let order = emitted::<OrderPlaced>(&placed?)[0].order;
        self.w.next_block(Seconds(0));
        self.run("keeper", ExecuteMsg::ExecuteOrder { order })
    }

    /// Places an order for a position.
    pub fn order(
        &mut self,
        who: &str,
        side: Side,
        size: u128,
        margin: u128,
        limit: Option<&str>,
    ) -> AnyResult<AppResponse> {
        let (size, limit, lifetime) = (Size::new(size), limit.map(price), None);
        let msg = ExecuteMsg::Open {
            side,
            size,
            limit,
            lifetime,
        };
        let hook = HookMsg::Open {
            side,
            size,
            limit,
            lifetime,
        };
        self.pay(who, margin, msg, hook)
    }

    pub fn open_at(
        &mut self,
        who: &str,
        side: Side,
        size: u128,
        margin: u128,
        limit: Option<&str>,
    ) -> AnyResult<AppResponse> {
        let placed = self.order(who, side, size, margin, limit)?;
        self.fill(placed)
    }

    /// Opens a position of whole units and returns its number.
    pub fn open(&mut self, who: &str, side: Side, units: u128, margin: u128) -> u64 {
        let opened = self.open_at(who, side, units * ONE, margin * ONE, None).unwrap();
        emitted::<Opened>(&opened)[0].position
    }

    pub fn add_margin(&mut self, who: &str, position: u64, amount: u128) -> AnyResult<AppResponse> {
        let msg = ExecuteMsg::AddMargin { position };
        self.pay(who, amount, msg, HookMsg::AddMargin { position })
    }

    pub fn fund_insurance(&mut self, amount: u128) {
        let msg = ExecuteMsg::FundInsurance {};
        self.pay("donor", amount, msg, HookMsg::FundInsurance {}).unwrap();
    }

    pub fn close(&mut self, who: &str, position: u64) -> AnyResult<AppResponse> {
        let placed = self.order_close(who, position)?;
        self.fill(placed)
    }

    pub fn order_close(&mut self, who: &str, position: u64) -> AnyResult<AppResponse> {
        self.order_close_at(who, position, None)
    }

    pub fn order_close_at(
        &mut self,
        who: &str,
        position: u64,
        limit: Option<&str>,
    ) -> AnyResult<AppResponse> {
        self.wish(who, close(position, limit, None))
    }

    /// Orders a long to be closed at its ceiling.
    pub fn order_ceiling(&mut self, who: &str, position: u64) -> AnyResult<AppResponse> {
        let lifetime = None;
        self.wish(who, ExecuteMsg::CloseAtCeiling { position, lifetime })
    }

    /// Has it closed.
    pub fn close_at_ceiling(&mut self, who: &str, position: u64) -> AnyResult<AppResponse> {
        let placed = self.order_ceiling(who, position)?;
        self.fill(placed)
    }

    /// Places an order that brings the fee of now and nothing else.
    pub fn wish(&mut self, who: &str, msg: ExecuteMsg) -> AnyResult<AppResponse> {
        let fee = self.w.perps_params().order_fee.u128();
        self.wish_for(who, fee, msg)
    }

    /// The same for another fee.
    pub fn wish_for(&mut self, who: &str, fee: u128, msg: ExecuteMsg) -> AnyResult<AppResponse> {
        let sender = self.who(who);
        let result = self.w.order(&sender, fee, &msg);
        self.sane();
        result
    }

    pub fn liquidate(&mut self, position: u64) -> AnyResult<AppResponse> {
        self.run("keeper", ExecuteMsg::Liquidate { position })
    }

    pub fn deleverage(&mut self, shortfall: u64) -> AnyResult<AppResponse> {
        let limit = None;
        self.run("keeper", ExecuteMsg::Deleverage { shortfall, limit })
    }

    pub fn send_again(&mut self, shortfall: u64) -> AnyResult<AppResponse> {
        self.run("keeper", ExecuteMsg::SendShortfall { shortfall })
    }

    pub fn book(&mut self, shortfall: u64) -> AnyResult<AppResponse> {
        self.run("keeper", ExecuteMsg::BookClaim { shortfall })
    }

    pub fn write_off(&mut self, shortfall: u64) -> AnyResult<AppResponse> {
        self.run("anyone", ExecuteMsg::WriteOff { shortfall })
    }

    pub fn compensate(&mut self, who: &str) -> AnyResult<AppResponse> {
        let msg = ExecuteMsg::ClaimCompensation {
            start_after: None,
            limit: None,
        };
        self.run(who, msg)
    }

    /// A price a minute later.
    pub fn price(&mut self, price: &str) {
        self.w.advance(Seconds::MINUTE);
        self.w.set_price(price);
        self.sane();
    }

    /// The guardian trips the market.
    pub fn trip(&mut self) {
        let trip = BreakerMsg::Trip {
            market: self.w.market.clone(),
            reason: "a test".to_string(),
        };
        let (guardian, breaker) = (self.w.guardian.clone(), self.w.breaker.clone());
        self.w.execute(&guardian, &breaker, &trip, &[]).unwrap();
    }

    /// What the breaker has on record of the market.
    pub fn market(&self) -> MarketFacts {
        let breaker = OracleBreaker(self.w.breaker.clone());
        let record = breaker.record(&self.w.querier(), &self.w.market);
        record.unwrap().unwrap()
    }

    /// The same price, after a while.
    pub fn wait(&mut self, time: Seconds, price: &str) {
        self.w.advance(time);
        self.w.set_price(price);
    }

    /// So long, with somebody trading every half hour: there is a price all the time.
    pub fn busy(&mut self, time: Seconds, price: &str) {
        let until = time.after(self.w.app.block_info().time).seconds();
        while self.w.now() < until {
            let step = (until - self.w.now()).min(1_800);
            self.wait(Seconds(step), price);
            let opened = self.open_at("ticker", Side::Long, ONE, 100 * ONE, None).unwrap();
            let position = emitted::<Opened>(&opened)[0].position;
            self.close("ticker", position).unwrap();
        }
    }

    pub fn vault(&mut self, who: &str, msg: VaultMsg) -> AnyResult<AppResponse> {
        let sender = self.who(who);
        let result = self.w.execute(&sender, &self.w.vault.clone(), &msg, &[]);
        self.sane();
        result
    }

    pub fn add_policy(&mut self, terms: vault::PolicyTerms) {
        let (perps, market) = (self.w.perps.clone(), self.w.market.clone());
        self.w.grant_policy(&perps, &market, terms).unwrap();
        self.sane();
    }

    pub fn close_policy(&mut self) {
        let msg = VaultMsg::ClosePolicy {
            policyholder: Some(self.w.perps.to_string()),
            market: self.w.market.clone(),
        };
        self.vault("owner", msg).unwrap();
    }

    pub fn balance(&mut self, who: &str) -> u128 {
        let who = self.w.addr(who);
        self.w.balance(&who)
    }

    pub fn ask<T: serde::de::DeserializeOwned>(&self, query: QueryMsg) -> T {
        self.w.query(&self.w.perps, &query).unwrap()
    }

    pub fn pool(&self) -> PoolResponse {
        self.ask(QueryMsg::Pool { price: None })
    }

    pub fn equity(&self, at: &str) -> u128 {
        let at = Some(price(at));
        let pool: PoolResponse = self.ask(QueryMsg::Pool { price: at });
        pool.equity.unwrap().u128()
    }

    pub fn cash(&self) -> u128 {
        self.pool().ledger.cash.u128()
    }

    pub fn shares(&mut self, who: &str) -> u128 {
        self.liquidity(who).shares.u128()
    }

    pub fn liquidity(&mut self, who: &str) -> LiquidityResponse {
        let provider = self.w.addr(who).into_string();
        self.ask(QueryMsg::Liquidity { provider })
    }

    pub fn position(&self, position: u64) -> Option<PositionResponse> {
        let query = QueryMsg::Position {
            position,
            price: None,
        };
        self.w.query(&self.w.perps, &query).ok()
    }

    pub fn positions(&self) -> PositionsResponse {
        self.ask(QueryMsg::Positions {
            owner: None,
            price: None,
            start_after: None,
            limit: Some(30),
        })
    }

    pub fn shortfall(&self, shortfall: u64) -> ShortfallResponse {
        self.ask(QueryMsg::Shortfall { shortfall })
    }

    pub fn compensation(&mut self, who: &str) -> CompensationResponse {
        let trader = self.w.addr(who).into_string();
        self.ask(QueryMsg::Compensation {
            trader,
            start_after: None,
            limit: None,
        })
    }

    /// What an account may withdraw.
    pub fn credit(&mut self, who: &str) -> u128 {
        self.compensation(who).credit.u128()
    }

    /// Goes on with another exchange that is tied to a vault out of order.
    pub fn beside(&mut self, mode: broken_vault::Mode) {
        let code = self.w.app.store_code(broken_vault::contract());
        let setup = broken_vault::Setup {
            mode,
            asset: self.w.asset.clone(),
            breaker: self.w.breaker.clone(),
        };
        let vault = self.w.instantiate(code, &setup, "a vault out of order").unwrap();
        let config: Config = self.ask(QueryMsg::Config {});
        let msg = InstantiateMsg {
            owner: self.w.owner.to_string(),
            asset: self.w.asset.clone().into(),
            vault: vault.to_string(),
            breaker: self.w.breaker.to_string(),
            market: self.w.market.clone(),
            params: config.params,
        };
        self.w.perps = self.w.instantiate(self.w.codes.perps, &msg, "beside").unwrap();
        // That vault's record of a policy that has always been.
        let policy = PolicyFacts {
            since: Timestamp::default(),
            closed_at: None,
        };
        let key = (&self.w.perps.clone(), self.w.market.as_str());
        let mut storage = self.w.app.contract_storage_mut(&vault);
        let policies = Map::<(&Addr, &str), PolicyFacts>::new(keys::POLICIES);
        policies.save(&mut *storage, key, &policy).unwrap();
        drop(storage);
        self.add_liquidity("lp", 100_000 * ONE, None).unwrap();
    }

    pub fn snapshot(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        let storage = self.w.app.contract_storage(&self.w.perps);
        storage
            .range(None, None, cosmwasm_std::Order::Ascending)
            .collect()
    }
}

pub fn native(denom: &str, amount: u128) -> Vec<Coin> {
    vec![Coin::new(amount, denom)]
}

/// The owner's change to these parameters, which names all of them.
pub fn update_params(params: Params) -> ExecuteMsg {
    ExecuteMsg::UpdateParams {
        update: Box::new(Change::to(params)),
    }
}
