//! A breaker with one market on a chain of its own: a Pyth feed and two
//! reporters, three lineages.

// Each test file uses its own part of this.

use backstop_testing::mock_pyth::{self, Mode, PriceFeed};
#[allow(unused_imports)] // each test file uses its part
pub use backstop_testing::{emitted, read_all};
use backstop_types::breaker::{
    Action, ExecuteMsg, InstantiateMsg, MarketConfig, MarketParams, MarketParamsUpdate, MarketRecord,
    MarketResponse, MarketState, OracleBreaker, PokeResponse, QueryMsg, ReadingResponse, Report, Source,
    TripsResponse, Verdict,
};
use backstop_types::{Change, Price, Seconds, Unauthorized, keys};
use cosmwasm_std::{Addr, Coin, Decimal, StdResult, Timestamp, from_json};
use cw_multi_test::error::AnyResult;
use cw_multi_test::{App, AppResponse, ContractWrapper, Executor, IntoAddr};
use oracle_breaker::ContractError;
use oracle_breaker::contract::{execute, instantiate, migrate, query};
use serde::de::DeserializeOwned;

pub const MARKET: &str = "ATOM/USD";

pub struct Setup {
    pub app: App,
    pub owner: Addr,
    pub guardian: Addr,
    pub alice: Addr,
    /// The reporters of the sources `band` and `exchange`.
    pub reporters: [Addr; 2],
    pub pyth: Addr,
    pub breaker: Addr,
    pub code: u64,
}

/// The default parameters, where sources that say the very same are no copies:
/// here they do it on purpose.
pub fn defaults() -> MarketParams {
    MarketParams {
        shared_ticks: None,
        ..MarketParams::default()
    }
}

pub fn feed_id() -> String {
    "ab".repeat(32)
}

pub fn price(text: &str) -> Price {
    Price(text.parse().unwrap())
}

impl Setup {
    /// A breaker without markets.
    pub fn bare() -> Self {
        let mut app = App::default();
        let contract = ContractWrapper::new(execute, instantiate, query).with_migrate(migrate);
        let code = app.store_code(Box::new(contract));
        let pyth_code = app.store_code(mock_pyth::contract());
        let (owner, guardian) = ("owner".into_addr(), "guardian".into_addr());
        let msg = InstantiateMsg {
            owner: owner.to_string(),
            guardian: Some(guardian.to_string()),
        };
        let admin = Some(owner.to_string());
        let breaker = app
            .instantiate_contract(code, owner.clone(), &msg, &[], "breaker", admin)
            .unwrap();
        let msg = mock_pyth::InstantiateMsg {
            valid_time_period: 60,
        };
        let pyth = app
            .instantiate_contract(pyth_code, owner.clone(), &msg, &[], "pyth", None)
            .unwrap();
        Self {
            app,
            owner,
            guardian,
            alice: "alice".into_addr(),
            reporters: ["band".into_addr(), "exchange".into_addr()],
            pyth,
            breaker,
            code,
        }
    }

    /// A breaker with the market, before its first reading.
    pub fn new() -> Self {
        Self::with(defaults())
    }

    pub fn with(params: MarketParams) -> Self {
        let mut setup = Self::bare();
        let config = MarketConfig {
            params,
            ..setup.config()
        };
        setup.add_market(MARKET, config).unwrap();
        setup
    }

    /// A market whose three sources have said this, poked once.
    pub fn at(text: &str) -> Self {
        let mut setup = Self::new();
        setup.says(text);
        assert!(setup.poke(Action::Open).allowed);
        setup
    }

    pub fn config(&self) -> MarketConfig<String> {
        let [band, exchange] = &self.reporters;
        let sources = vec![
            Source::pyth("pyth", "pyth", &self.pyth, feed_id()),
            Source::reporter("band", "band", band),
            Source::reporter("exchange", "exchange", exchange),
        ];
        MarketConfig {
            sources,
            params: defaults(),
        }
    }

    pub fn add_market(&mut self, market: &str, config: MarketConfig<String>) -> AnyResult<AppResponse> {
        let market = market.to_string();
        self.send(&self.owner.clone(), &ExecuteMsg::AddMarket { market, config })
    }

    pub fn now(&self) -> u64 {
        self.app.block_info().time.seconds()
    }

    pub fn advance(&mut self, by: Seconds) {
        self.app.update_block(|block| {
            block.height += by.0.div_ceil(6).max(1);
            block.time = by.after(block.time);
        });
    }

    pub fn send(&mut self, sender: &Addr, msg: &ExecuteMsg) -> AnyResult<AppResponse> {
        self.send_with(sender, msg, &[])
    }

    pub fn send_with(&mut self, sender: &Addr, msg: &ExecuteMsg, coins: &[Coin]) -> AnyResult<AppResponse> {
        let result = self
            .app
            .execute_contract(sender.clone(), self.breaker.clone(), msg, coins);
        result.inspect(read_all)
    }

    /// The error of a message that must be refused.
    pub fn refused(&mut self, sender: &Addr, msg: &ExecuteMsg) -> ContractError {
        refusal(self.send(sender, msg))
    }

    /// Pyth's feed, with six decimals of price and confidence.
    pub fn pyth_says(&mut self, text: &str, confidence: &str, publish_time: u64) {
        let micros = |text: &str| {
            let atomics = text.parse::<Decimal>().unwrap().atomics().u128();
            u64::try_from(atomics / 1_000_000_000_000).unwrap()
        };
        let (price, conf) = (micros(text) as i64, micros(confidence));
        self.set_feed(PriceFeed::flat(feed_id(), price, conf, -6, publish_time as i64));
    }

    pub fn set_feed(&mut self, feed: PriceFeed) {
        let msg = mock_pyth::ExecuteMsg::SetFeed { feed, force: true };
        self.app
            .execute_contract(self.owner.clone(), self.pyth.clone(), &msg, &[])
            .unwrap();
    }

    pub fn set_mode(&mut self, mode: Mode) {
        let msg = mock_pyth::ExecuteMsg::SetMode { id: feed_id(), mode };
        self.app
            .execute_contract(self.owner.clone(), self.pyth.clone(), &msg, &[])
            .unwrap();
    }

    pub fn report(&mut self, reporter: usize, text: &str) -> AnyResult<AppResponse> {
        let reports = vec![report(text, self.now())];
        self.send(&self.reporters[reporter].clone(), &ExecuteMsg::Report { reports })
    }

    /// All three sources, fresh, without doubt.
    pub fn says(&mut self, text: &str) {
        self.hears([text; 3]);
    }

    /// Each source, fresh, without doubt.
    pub fn hears(&mut self, texts: [&str; 3]) {
        self.pyth_says(texts[0], "0", self.now());
        self.report(0, texts[1]).unwrap();
        self.report(1, texts[2]).unwrap();
    }

    /// All three sources some time later, and a poke.
    pub fn later(&mut self, by: u64, text: &str) -> Verdict {
        self.advance(Seconds(by));
        self.says(text);
        self.poke(Action::Open)
    }

    /// All three sources some time later, and a poke for this.
    pub fn later_for(&mut self, by: u64, text: &str, action: Action) -> Verdict {
        self.advance(Seconds(by));
        self.says(text);
        self.poke(action)
    }

    /// A poke by a stranger.
    pub fn poke(&mut self, action: Action) -> Verdict {
        let response = self.poked(action);
        let answer: PokeResponse = from_json(response.data.unwrap()).unwrap();
        answer.verdicts.into_iter().next().unwrap()
    }

    pub fn poked(&mut self, action: Action) -> AppResponse {
        let msg = ExecuteMsg::Poke {
            markets: vec![MARKET.to_string()],
            action: Some(action),
        };
        self.send(&self.alice.clone(), &msg).unwrap()
    }

    pub fn query<T: DeserializeOwned>(&self, msg: &QueryMsg) -> StdResult<T> {
        self.app.wrap().query_wasm_smart(&self.breaker, msg)
    }

    pub fn verdict(&self, action: Action) -> Verdict {
        let msg = QueryMsg::Verdict {
            market: MARKET.to_string(),
            action: Some(action),
        };
        self.query(&msg).unwrap()
    }

    pub fn reading(&self) -> ReadingResponse {
        self.query(&QueryMsg::Reading {
            market: MARKET.to_string(),
        })
        .unwrap()
    }

    pub fn market(&self) -> MarketResponse {
        self.query(&QueryMsg::Market {
            market: MARKET.to_string(),
        })
        .unwrap()
    }

    pub fn trips(&self) -> TripsResponse {
        let (market, start_after, limit) = (MARKET.to_string(), None, None);
        self.query(&QueryMsg::Trips {
            market,
            start_after,
            limit,
        })
        .unwrap()
    }

    /// The record as it is stored; a consumer reads the same key.
    pub fn record(&self) -> MarketRecord {
        let records = cw_storage_plus::Map::<&str, MarketRecord>::new(keys::MARKETS);
        let record = records.query(&self.app.wrap(), self.breaker.clone(), MARKET);
        record.unwrap().unwrap()
    }

    pub fn state(&self) -> MarketState {
        self.record().state
    }

    /// Moves the block's time on to the next whole second.
    pub fn at_a_whole_second(&mut self) {
        self.app
            .update_block(|block| block.time = Timestamp::from_seconds(block.time.seconds() + 1));
    }

    pub fn helper(&self) -> OracleBreaker {
        OracleBreaker(self.breaker.clone())
    }
}

/// The refusal of a sender without the role.
pub fn unauthorized(sender: &Addr, role: &str) -> ContractError {
    let (sender, role) = (sender.clone(), role.to_string());
    Unauthorized { sender, role }.into()
}

/// A report of the market without a confidence.
pub fn report(text: &str, publish_time: u64) -> Report {
    Report {
        market: MARKET.to_string(),
        price: price(text),
        confidence: None,
        publish_time,
    }
}

/// The contract's error in a refusal.
pub fn refusal(result: AnyResult<AppResponse>) -> ContractError {
    result.unwrap_err().downcast().unwrap()
}

/// The change to this config, which names every parameter and each of its sources.
pub fn update_market(market: &str, config: MarketConfig<String>) -> ExecuteMsg {
    ExecuteMsg::UpdateMarket {
        market: market.to_string(),
        params: Some(MarketParamsUpdate::to(config.params)),
        sources: Some(config.sources),
    }
}
