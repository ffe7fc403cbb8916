//! The contract's entry points on a storage that notes every read and write, so
//! that what a message touches can be counted.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::rc::Rc;

use backstop_types::distributor::*;
use backstop_types::vault::Stake;
use backstop_types::{Seconds, Shares};
use cosmwasm_std::testing::{MockApi, MockQuerier, message_info, mock_env};
use cosmwasm_std::{
    Addr, Coin, ContractResult, Env, MemoryStorage, Order, OwnedDeps, Record, Response, Storage,
    SystemResult, WasmQuery, to_json_binary,
};
use reward_distributor::contract::{execute, instantiate};

/// How often each key was read and written.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Touched {
    pub reads: BTreeMap<String, u32>,
    pub writes: BTreeMap<String, u32>,
}

type Log = Rc<RefCell<Touched>>;

#[derive(Default)]
pub struct Counted {
    inner: MemoryStorage,
    log: Log,
}

/// A key without the length of its namespace.
fn name(key: &[u8]) -> String {
    let text = String::from_utf8_lossy(key).into_owned();
    ["accounts", "ahead", "fundings", "denoms", "slots"]
        .into_iter()
        .find(|namespace| text.contains(namespace))
        .map_or(text.clone(), str::to_string)
}

impl Counted {
    fn read(&self, key: &[u8]) {
        *self.log.borrow_mut().reads.entry(name(key)).or_default() += 1;
    }

    fn wrote(&self, key: &[u8]) {
        *self.log.borrow_mut().writes.entry(name(key)).or_default() += 1;
    }
}

impl Storage for Counted {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        self.read(key);
        self.inner.get(key)
    }

    fn set(&mut self, key: &[u8], value: &[u8]) {
        self.wrote(key);
        self.inner.set(key, value);
    }

    fn remove(&mut self, key: &[u8]) {
        self.wrote(key);
        self.inner.remove(key);
    }

    fn range<'a>(
        &'a self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: Order,
    ) -> Box<dyn Iterator<Item = Record> + 'a> {
        let rows = self.inner.range(start, end, order);
        Box::new(rows.inspect(|(key, _)| self.read(key)))
    }
}

/// The distributor with `denoms` coins, `coin0` and so on, whose vault gives
/// every staker the same active shares.
pub struct Bench {
    deps: OwnedDeps<Counted, MockApi, MockQuerier>,
    pub env: Env,
    pub vault: Addr,
}

impl Bench {
    pub fn new(denoms: usize, active: u128) -> Self {
        let mut deps = OwnedDeps {
            storage: Counted::default(),
            api: MockApi::default(),
            querier: MockQuerier::default(),
            custom_query_type: PhantomData,
        };
        let stake = Stake {
            active: Shares::new(active),
            ..Stake::default()
        };
        deps.querier.update_wasm(move |query| match query {
            WasmQuery::Raw { .. } => SystemResult::Ok(ContractResult::Ok(to_json_binary(&stake).unwrap())),
            other => panic!("only raw reads: {other:?}"),
        });
        let [owner, vault] = ["owner", "vault"].map(|name| deps.api.addr_make(name));
        let listings = (0..denoms).map(|n| super::listing(super::native(&format!("coin{n}")), 1));
        let msg = InstantiateMsg {
            owner: owner.to_string(),
            vault: vault.to_string(),
            denoms: listings.collect(),
        };
        let env = mock_env();
        instantiate(deps.as_mut(), env.clone(), message_info(&owner, &[]), msg).unwrap();
        Self { deps, env, vault }
    }

    pub fn addr(&self, name: &str) -> Addr {
        self.deps.api.addr_make(name)
    }

    pub fn wait(&mut self, seconds: u64) {
        self.env.block.time = Seconds(seconds).after(self.env.block.time);
    }

    /// Sends a message; the answer, and what it touched.
    pub fn send(&mut self, sender: &Addr, msg: ExecuteMsg, funds: &[Coin]) -> (Response, Touched) {
        self.deps.storage.log.take();
        let info = message_info(sender, funds);
        let response = execute(self.deps.as_mut(), self.env.clone(), info, msg).unwrap();
        (response, self.deps.storage.log.take())
    }

    /// The vault's notice.
    pub fn tell(&mut self, staker: &Addr, before: u128, after: u128) -> Touched {
        let notice = ExecuteMsg::StakeChanged(StakeChanged {
            staker: staker.to_string(),
            before: Shares::new(before),
            after: Shares::new(after),
        });
        self.send(&self.vault.clone(), notice, &[]).1
    }

    /// Streams a coin.
    pub fn fund(&mut self, denom: usize, amount: u128, terms: StreamTerms) -> Touched {
        let coins = [cosmwasm_std::coin(amount, format!("coin{denom}"))];
        let funder = self.addr("funder");
        self.send(&funder, ExecuteMsg::Fund(terms), &coins).1
    }

    /// How many rate changes of a denom lie ahead, or have not been applied.
    pub fn ahead(&self, denom: u8) -> usize {
        reward_distributor::state::AHEAD
            .range_of(&self.deps.storage.inner, denom, None, None, Order::Ascending)
            .count()
    }
}
