//! What is recorded of a chain, and a chain made of what was recorded: every contract
//! at its address with its raw storage, and today's code migrated onto it.

use std::collections::BTreeMap;

use backstop_testing::{Codes, World, emitted, mock_pyth};
use backstop_types::breaker::{self, MarketResponse};
use backstop_types::events::common::Migrated;
use cosmwasm_std::{
    Addr, Api, Binary, Coin, Deps, DepsMut, Empty, Env, HexBinary, MessageInfo, Order, Response, StdResult,
    Storage, Timestamp,
};
use cw_multi_test::error::AnyResult;
use cw_multi_test::{AddressGenerator, AppBuilder, ContractWrapper, Executor, WasmKeeper, no_init};
use serde::{Deserialize, Serialize};

use super::scene::{ASSET, Life, REWARD};

/// A contract's raw storage: values in base64 by keys in hex.
pub type Raw = BTreeMap<String, Binary>;

/// The contracts that are shipped, and the oracle that they ask.
pub const SHIPPED: [&str; 5] = [
    "backstop-vault",
    "reward-distributor",
    "oracle-breaker",
    "sample-perps",
    "risk-timelock",
];
const ORACLE: &str = "backstop-mock-pyth";

/// One moment of a chain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    /// The block's time.
    pub time: Timestamp,
    /// The block's height.
    pub height: u64,
    /// The contracts by name.
    pub contracts: BTreeMap<String, Place>,
    /// What each stores.
    #[serde(skip)]
    pub storage: BTreeMap<String, Raw>,
}

/// Where a contract is, who may migrate it, and what it holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// Its address.
    pub address: Addr,
    /// Its admin.
    pub admin: Option<Addr>,
    /// Its coins.
    pub coins: Vec<Coin>,
}

impl Life {
    /// The address of a contract.
    pub fn address(&self, contract: &str) -> &Addr {
        match contract {
            "backstop-vault" => &self.w.vault,
            "reward-distributor" => &self.w.distributor,
            "oracle-breaker" => &self.w.breaker,
            "sample-perps" => &self.w.perps,
            "risk-timelock" => &self.timelock,
            ORACLE => &self.w.pyth,
            other => panic!("{other} is no contract of this test"),
        }
    }
}

/// The moment at which a life is.
pub fn moment(life: &Life) -> Moment {
    let app = &life.w.app;
    let names = || SHIPPED.into_iter().chain([ORACLE]);
    let place = |name: &str| {
        let address = life.address(name).clone();
        let balance = |denom| app.wrap().query_balance(&address, denom).unwrap();
        Place {
            admin: app.contract_data(&address).unwrap().admin,
            coins: [ASSET, REWARD].map(balance).to_vec(),
            address,
        }
    };
    let raw = |name: &str| {
        let storage = app.contract_storage(life.address(name));
        let pairs = storage.range(None, None, Order::Ascending);
        pairs
            .map(|(key, value)| (HexBinary::from(key).to_hex(), value.into()))
            .collect()
    };
    Moment {
        time: app.block_info().time,
        height: app.block_info().height,
        contracts: names().map(|name| (name.to_string(), place(name))).collect(),
        storage: names().map(|name| (name.to_string(), raw(name))).collect(),
    }
}

/// Gives contracts the addresses that they had.
struct Known(Vec<Addr>);

impl AddressGenerator for Known {
    fn contract_address(&self, _: &dyn Api, _: &mut dyn Storage, _code: u64, number: u64) -> AnyResult<Addr> {
        Ok(self.0[usize::try_from(number)?].clone())
    }
}

/// A chain at this moment, with contracts that hold their storage and run no code yet.
pub fn restored(moment: &Moment) -> Life {
    let addresses = moment.contracts.values().map(|place| place.address.clone());
    let keeper = WasmKeeper::new().with_address_generator(Known(addresses.collect()));
    let mut w = World::builder().unwatched().build();
    w.app = AppBuilder::new().with_wasm(keeper).build(no_init);
    w.codes = Codes::store(&mut w.app);
    w.app
        .update_block(|block| (block.time, block.height) = (moment.time, moment.height));
    let at = |name: &str| moment.contracts[name].address.clone();
    (w.vault, w.distributor) = (at("backstop-vault"), at("reward-distributor"));
    (w.breaker, w.perps, w.pyth) = (at("oracle-breaker"), at("sample-perps"), at(ORACLE));
    let blank = w
        .app
        .store_code(Box::new(ContractWrapper::new(refuse, begin, silent)));
    for (name, place) in &moment.contracts {
        let (owner, admin) = (w.owner.clone(), place.admin.clone().map(Addr::into_string));
        let address = w
            .app
            .instantiate_contract(blank, owner, &Empty {}, &[], name, admin)
            .unwrap();
        for coin in place.coins.iter().filter(|coin| !coin.amount.is_zero()) {
            w.mint_native(&address, &coin.denom, coin.amount.u128());
        }
        let mut storage = w.app.contract_storage_mut(&address);
        for (key, value) in &moment.storage[name] {
            storage.set(&HexBinary::from_hex(key).unwrap(), value);
        }
    }
    let timelock = at("risk-timelock");
    Life { w, timelock }
}

/// Migrates every contract to today's code.
pub fn migrate(life: &mut Life) {
    for name in SHIPPED {
        migrate_one(life, name).unwrap_or_else(|error| panic!("{name}: {error:#}"));
    }
    // The oracle is no part of a version: its code is put under its storage.
    let code = ContractWrapper::new(mock_pyth::execute, mock_pyth::instantiate, mock_pyth::query);
    let code = life.w.app.store_code(Box::new(code.with_migrate(take_over)));
    let (admin, pyth) = (life.w.owner.clone(), life.w.pyth.clone());
    life.w.app.migrate_contract(admin, pyth, &Empty {}, code).unwrap();
    let market = breaker::QueryMsg::Market {
        market: life.w.market.clone(),
    };
    let market: MarketResponse = life.w.query(&life.w.breaker, &market).unwrap();
    life.w.sources = market
        .config
        .sources
        .into_iter()
        .map(|source| cosmwasm_std::from_json(cosmwasm_std::to_json_vec(&source).unwrap()).unwrap())
        .collect();
}

/// Migrates one contract to today's code.
pub fn migrate_one(life: &mut Life, name: &str) -> AnyResult<()> {
    let codes = life.w.codes;
    let code = match name {
        "backstop-vault" => codes.vault,
        "reward-distributor" => codes.distributor,
        "oracle-breaker" => codes.breaker,
        "sample-perps" => codes.perps,
        _ => codes.timelock,
    };
    let address = life.address(name).clone();
    let admin = life.w.app.contract_data(&address)?.admin.unwrap();
    let migrated = life.w.app.migrate_contract(admin, address, &Empty {}, code)?;
    assert_eq!(emitted::<Migrated>(&migrated).len(), 1, "{name}");
    Ok(())
}

fn begin(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    Ok(Response::new())
}

fn take_over(_: DepsMut, _: Env, _: Empty) -> StdResult<Response> {
    Ok(Response::new())
}

fn refuse(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    Ok(Response::new())
}

fn silent(_: Deps, _: Env, _: Empty) -> StdResult<Binary> {
    Ok(Binary::default())
}
