//! A chain with an oracle of every kind that cw-multi-test can carry, and the
//! shipped breaker on it. Injective's own query needs a chain of another custom
//! type and is tested in `injective.rs`.

use std::fmt::Debug;

use backstop_testing::mock_modules::{CONNECT, MockModules, Quote, SLINKY};
use backstop_testing::{mock_band, mock_mars, mock_pyth, mock_stride, mock_tunnel, read_all};
use backstop_types::Seconds;
use backstop_types::breaker::{
    Action, ExecuteMsg, InstantiateMsg, MarketConfig, Observation, PokeResponse, QueryMsg, ReadingResponse,
    Report, Source, SourceKind, Transport, Verdict,
};
use cosmwasm_std::{Addr, Decimal, Empty, from_json};
use cw_multi_test::error::AnyResult;
use cw_multi_test::{
    App, AppBuilder, AppResponse, BankKeeper, Contract, ContractWrapper, DistributionKeeper, Executor,
    FailingModule, GovFailingModule, IbcFailingModule, IntoAddr, StakeKeeper, WasmKeeper, no_init,
};
use oracle_breaker::ContractError;
use oracle_breaker::contract::{execute, instantiate, migrate, query};
use serde::Serialize;

use crate::oracle::number;

type Chain = App<
    BankKeeper,
    cosmwasm_std::testing::MockApi,
    cosmwasm_std::testing::MockStorage,
    FailingModule<Empty, Empty, Empty>,
    WasmKeeper<Empty, Empty>,
    StakeKeeper,
    DistributionKeeper,
    IbcFailingModule,
    GovFailingModule,
    MockModules,
>;

pub const ATOM: &str = "ATOM/USD";
/// The names of [`World::eight`], in order.
pub const NAMES: [&str; 8] = [
    "pyth", "band", "tunnel", "slinky", "connect", "osmosis", "mars", "desk",
];
const SIGNAL: &str = "CS:ATOM-USD";
const STATOM: &str = "ibc/STATOM";

pub struct World {
    pub app: Chain,
    pub modules: MockModules,
    pub owner: Addr,
    pub breaker: Addr,
    pub pyth: Addr,
    pub band: Addr,
    pub tunnel: Addr,
    pub mars: Addr,
    pub stride: Addr,
    /// The members of `desk`, of whom two must report.
    pub desk: [Addr; 3],
}

pub fn pyth_id() -> String {
    "ab".repeat(32)
}

impl World {
    /// Every oracle, and a breaker without markets.
    pub fn new() -> Self {
        let modules = MockModules::default();
        let mut app: Chain = AppBuilder::new().with_stargate(modules.clone()).build(no_init);
        let owner = "owner".into_addr();
        let mut deploy = |code: Box<dyn Contract<Empty>>| {
            let code = app.store_code(code);
            let deployed = app.instantiate_contract(code, owner.clone(), &Empty {}, &[], "oracle", None);
            deployed.unwrap()
        };
        let [band, tunnel, mars, stride] = [
            mock_band::contract(),
            mock_tunnel::contract(),
            mock_mars::contract(),
            mock_stride::contract(),
        ]
        .map(&mut deploy);
        let code = app.store_code(mock_pyth::contract());
        let msg = mock_pyth::InstantiateMsg {
            valid_time_period: 60,
        };
        let pyth = app.instantiate_contract(code, owner.clone(), &msg, &[], "pyth", None);
        let breaker = ContractWrapper::new(execute, instantiate, query).with_migrate(migrate);
        let code = app.store_code(Box::new(breaker));
        let msg = InstantiateMsg {
            owner: owner.to_string(),
            guardian: None,
        };
        let breaker = app.instantiate_contract(code, owner.clone(), &msg, &[], "breaker", None);
        Self {
            pyth: pyth.unwrap(),
            breaker: breaker.unwrap(),
            desk: ["ann", "bob", "cat"].map(IntoAddr::into_addr),
            app,
            modules,
            owner,
            band,
            tunnel,
            mars,
            stride,
        }
    }

    /// Eight sources of eight kinds, eight lineages.
    pub fn eight(&self) -> Vec<Source<String>> {
        let (base, quote) = (|| "ATOM".to_string(), || "USD".to_string());
        let kinds = [
            SourceKind::Pyth {
                contract: self.pyth.to_string(),
                price_id: pyth_id(),
            },
            SourceKind::BandReference {
                contract: self.band.to_string(),
                base: base(),
                quote: quote(),
            },
            SourceKind::BandTunnel {
                contract: self.tunnel.to_string(),
                signal_id: SIGNAL.to_string(),
            },
            SourceKind::Slinky {
                base: base(),
                quote: quote(),
                transport: Transport::Grpc,
            },
            SourceKind::Connect {
                base: base(),
                quote: quote(),
                transport: Transport::Stargate,
            },
            SourceKind::OsmosisTwap {
                pool_id: 1,
                base: "uatom".to_string(),
                quote: "uusdc".to_string(),
                window: Seconds(300),
                exponent: 0,
                transport: Transport::Stargate,
            },
            SourceKind::Mars {
                contract: self.mars.to_string(),
                denom: "uatom".to_string(),
                exponent: 0,
            },
            SourceKind::Reporters {
                members: self.desk.iter().map(Addr::to_string).collect(),
                quorum: 2,
            },
        ];
        let named = |(name, kind): (&str, _)| Source::new(name, name, kind);
        NAMES.into_iter().zip(kinds).map(named).collect()
    }

    /// What one stATOM redeems for.
    pub fn rate(&self) -> SourceKind<String> {
        SourceKind::StrideRate {
            contract: self.stride.to_string(),
            denom: STATOM.to_string(),
        }
    }

    /// Another market times [`World::rate`].
    pub fn composite(&self, market: &str) -> Source<String> {
        let kind = SourceKind::Composite {
            market: market.to_string(),
            rate: Box::new(self.rate()),
            rate_max_age: Seconds::DAY,
        };
        Source::new("composite", "composite", kind)
    }

    /// One reporter's source.
    pub fn reporter(name: &str) -> Source<String> {
        Source::reporter(name, name, name.into_addr())
    }

    pub fn now(&self) -> u64 {
        self.app.block_info().time.seconds()
    }

    pub fn advance(&mut self, by: u64) {
        self.app.update_block(|block| {
            block.height += by.div_ceil(6).max(1);
            block.time = Seconds(by).after(block.time);
        });
    }

    pub fn set(&mut self, contract: &Addr, msg: &(impl Serialize + Debug)) {
        let owner = self.owner.clone();
        self.app
            .execute_contract(owner, contract.clone(), msg, &[])
            .unwrap();
    }

    pub fn send(&mut self, sender: &Addr, msg: &ExecuteMsg) -> AnyResult<AppResponse> {
        let breaker = self.breaker.clone();
        let sent = self.app.execute_contract(sender.clone(), breaker, msg, &[]);
        sent.inspect(read_all)
    }

    pub fn add(&mut self, market: &str, sources: Vec<Source<String>>) -> AnyResult<AppResponse> {
        let (market, config) = (market.to_string(), MarketConfig::default_for(sources));
        self.send(&self.owner.clone(), &ExecuteMsg::AddMarket { market, config })
    }

    pub fn update(&mut self, market: &str, sources: Vec<Source<String>>) -> AnyResult<AppResponse> {
        let update = ExecuteMsg::UpdateMarket {
            market: market.to_string(),
            params: None,
            sources: Some(sources),
        };
        self.send(&self.owner.clone(), &update)
    }

    pub fn remove(&mut self, market: &str, source: &str) -> AnyResult<AppResponse> {
        let (market, source) = (market.to_string(), source.to_string());
        self.send(&self.owner.clone(), &ExecuteMsg::RemoveSource { market, source })
    }

    /// All eight sources say this price, now.
    pub fn says(&mut self, text: &str) {
        let now = self.now();
        let price: Decimal = text.parse().unwrap();
        let [nano, micro] = [9, 12].map(|cut| price.atomics().u128() / 10_u128.pow(cut));
        let (nano, micro) = (nano as u64, micro as u64);
        let feed = mock_pyth::PriceFeed::flat(pyth_id(), micro as i64, 0, -6, now as i64);
        let msg = mock_pyth::ExecuteMsg::SetFeed { feed, force: true };
        self.set(&self.pyth.clone(), &msg);
        let msg = mock_band::ExecuteMsg::ForceRelay {
            symbol: "ATOM".to_string(),
            rate: nano.into(),
            resolve_time: now.into(),
        };
        self.set(&self.band.clone(), &msg);
        let msg = mock_tunnel::ExecuteMsg::SetPrice(mock_tunnel::Price {
            signal_id: SIGNAL.to_string(),
            status: mock_tunnel::Status::Available,
            price: nano.into(),
            timestamp: (now as i64).into(),
        });
        self.set(&self.tunnel.clone(), &msg);
        for path in [SLINKY, CONNECT] {
            self.modules.set_quote(path, ATOM, self.quote(micro));
        }
        self.modules.set_twap(1, "uatom", "uusdc", price);
        let msg = mock_mars::ExecuteMsg::SetPrice(mock_mars::PriceResponse {
            denom: "uatom".to_string(),
            price,
        });
        self.set(&self.mars.clone(), &msg);
        for member in 0..2 {
            self.report(ATOM, &self.desk[member].clone(), text, now).unwrap();
        }
    }

    /// A quote of this block with six decimals.
    pub fn quote(&self, micro: u64) -> Quote {
        Quote {
            price: micro.into(),
            decimals: 6,
            block_time: self.now(),
            block_height: self.app.block_info().height,
            nonce: 1,
        }
    }

    pub fn redeems(&mut self, rate: &str, update_time: u64) {
        let rate = mock_stride::RedemptionRateResponse {
            redemption_rate: rate.parse().unwrap(),
            update_time,
        };
        let denom = STATOM.to_string();
        self.set(
            &self.stride.clone(),
            &mock_stride::ExecuteMsg::SetRate { denom, rate },
        );
    }

    pub fn report(&mut self, market: &str, member: &Addr, text: &str, at: u64) -> AnyResult<AppResponse> {
        let reports = vec![Report {
            market: market.to_string(),
            price: number(text),
            confidence: None,
            publish_time: at,
        }];
        self.send(member, &ExecuteMsg::Report { reports })
    }

    pub fn poke(&mut self, market: &str) -> Verdict {
        let msg = ExecuteMsg::Poke {
            markets: vec![market.to_string()],
            action: Some(Action::Payout),
        };
        let sent = self.send(&"stranger".into_addr(), &msg).unwrap();
        let answer: PokeResponse = from_json(sent.data.unwrap()).unwrap();
        answer.verdicts.into_iter().next().unwrap()
    }

    pub fn reading(&self, market: &str) -> ReadingResponse {
        let market = market.to_string();
        let asked = QueryMsg::Reading { market };
        self.app.wrap().query_wasm_smart(&self.breaker, &asked).unwrap()
    }

    /// What one source says, by its name.
    pub fn observed(&self, market: &str, source: &str) -> Observation {
        let reading = self.reading(market);
        let found = reading.sources.iter().find(|it| it.source == source);
        found.unwrap().observation
    }
}

/// The text of a refusal.
pub fn refusal(sent: AnyResult<AppResponse>) -> String {
    sent.unwrap_err().downcast::<ContractError>().unwrap().to_string()
}
