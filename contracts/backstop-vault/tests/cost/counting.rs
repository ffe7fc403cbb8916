//! Vault and distributor on a storage that counts.

use std::cell::Cell;
use std::fmt;

use backstop_types::{distributor, vault};
use cosmwasm_std::{
    Binary, Deps, DepsMut, Empty, Env, MessageInfo, Order, Record, Reply, Response, StdResult, Storage,
};
use cw_multi_test::{Contract, ContractWrapper};

/// What was done to the storage.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub gets: u64,
    pub ranges: u64,
    /// What ranges gave.
    pub items: u64,
    pub sets: u64,
    pub removes: u64,
}

impl Tally {
    pub fn reads(&self) -> u64 {
        self.gets + self.ranges + self.items
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} gets, {} ranges of {} items, {} sets, {} removes",
            self.gets, self.ranges, self.items, self.sets, self.removes
        )
    }
}

thread_local! {
    static TALLY: Cell<Tally> = const { Cell::new(Tally { gets: 0, ranges: 0, items: 0, sets: 0, removes: 0 }) };
}

fn count(change: impl FnOnce(&mut Tally)) {
    let mut tally = TALLY.get();
    change(&mut tally);
    TALLY.set(tally);
}

/// What was counted since the last time.
pub fn taken() -> Tally {
    TALLY.take()
}

/// A contract's storage, for reading or for both.
enum Counted<'a> {
    Read(&'a dyn Storage),
    Write(&'a mut dyn Storage),
}

impl Counted<'_> {
    fn reading(&self) -> &dyn Storage {
        match self {
            Self::Read(storage) => *storage,
            Self::Write(storage) => *storage,
        }
    }

    fn writing(&mut self) -> &mut dyn Storage {
        match self {
            Self::Read(_) => panic!("a query writes"),
            Self::Write(storage) => *storage,
        }
    }
}

impl Storage for Counted<'_> {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        count(|tally| tally.gets += 1);
        self.reading().get(key)
    }

    fn range<'b>(
        &'b self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: Order,
    ) -> Box<dyn Iterator<Item = Record> + 'b> {
        count(|tally| tally.ranges += 1);
        let items = self.reading().range(start, end, order);
        Box::new(items.inspect(|_| count(|tally| tally.items += 1)))
    }

    fn set(&mut self, key: &[u8], value: &[u8]) {
        count(|tally| tally.sets += 1);
        self.writing().set(key, value);
    }

    fn remove(&mut self, key: &[u8]) {
        count(|tally| tally.removes += 1);
        self.writing().remove(key);
    }
}

/// A contract's entry points, and the same on a storage that counts.
macro_rules! counted {
    ($name:ident, $contract:ident, $types:ident) => {
        pub fn $name() -> Box<dyn Contract<Empty>> {
            use $contract::contract as shipped;
            type Done = Result<Response, $contract::ContractError>;

            fn with(deps: DepsMut, handle: impl FnOnce(DepsMut) -> Done) -> Done {
                let (api, querier) = (deps.api, deps.querier);
                let storage = &mut Counted::Write(deps.storage);
                handle(DepsMut {
                    storage,
                    api,
                    querier,
                })
            }
            fn instantiate(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
                panic!("a contract of the world is given this code")
            }
            fn execute(deps: DepsMut, env: Env, info: MessageInfo, msg: $types::ExecuteMsg) -> Done {
                with(deps, |deps| shipped::execute(deps, env, info, msg))
            }
            fn reply(deps: DepsMut, env: Env, reply: Reply) -> Done {
                with(deps, |deps| shipped::reply(deps, env, reply))
            }
            fn query(
                deps: Deps,
                env: Env,
                msg: $types::QueryMsg,
            ) -> Result<Binary, $contract::ContractError> {
                let (api, querier) = (deps.api, deps.querier);
                let storage = &Counted::Read(deps.storage);
                shipped::query(
                    Deps {
                        storage,
                        api,
                        querier,
                    },
                    env,
                    msg,
                )
            }
            fn migrate(_: DepsMut, _: Env, _: Empty) -> StdResult<Response> {
                Ok(Response::new())
            }
            let counting = ContractWrapper::new(execute, instantiate, query);
            Box::new(counting.with_reply(reply).with_migrate(migrate))
        }
    };
}

counted!(counting_vault, backstop_vault, vault);
counted!(counting_distributor, reward_distributor, distributor);
