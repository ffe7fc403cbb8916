//! What a contract can ask of the chain: other contracts' storage, other
//! contracts by a query of their own code, balances, and a Pyth contract that
//! answers as the real one does.

use cosmwasm_std::{
    Addr, BalanceResponse, BankQuery, Coin, Empty, QueryRequest, Uint128, WasmQuery, from_json, to_json_vec,
};
use cosmwasm_vm::{BackendResult, GasInfo};
use serde_json::json;
use vm_std::{Binary, ContractResult, SystemError, SystemResult};

use crate::chain::{Chain, account};
use crate::chain_state::Shared;
use crate::store::{MULTIPLIER, read_gas};

/// The address of Pyth's contract.
pub fn pyth() -> Addr {
    account("pyth")
}

/// The chain as a contract asks it.
pub struct Querier(pub Shared);

type Answer = SystemResult<ContractResult<Binary>>;

impl cosmwasm_vm::Querier for Querier {
    fn query_raw(&self, request: &[u8], _gas_limit: u64) -> BackendResult<Answer> {
        let (answer, gas) = match from_json::<QueryRequest<Empty>>(request) {
            Ok(request) => self.answer(request),
            Err(error) => (refused(request, &error.to_string()), 0),
        };
        (Ok(answer), GasInfo::with_externally_used(gas * MULTIPLIER))
    }
}

impl Querier {
    /// The answer, and its price where the asking contract pays it. A smart
    /// query of ours is a leg of its own.
    fn answer(&self, request: QueryRequest<Empty>) -> (Answer, u64) {
        match request {
            QueryRequest::Wasm(WasmQuery::Raw { contract_addr, key }) => {
                let value = self.0.lock().get(&contract_addr, &key).unwrap_or_default();
                let gas = read_gas(key.len(), value.len());
                (given(value), gas)
            }
            QueryRequest::Wasm(WasmQuery::Smart { contract_addr, msg })
                if contract_addr == pyth().as_str() =>
            {
                self.feed(&msg)
            }
            QueryRequest::Wasm(WasmQuery::Smart { contract_addr, msg }) => {
                let answer = Chain::of(&self.0).ask(&contract_addr, &msg);
                let answer = match answer {
                    Ok(answer) => given(answer),
                    Err(error) => SystemResult::Ok(ContractResult::Err(error)),
                };
                (answer, 0)
            }
            QueryRequest::Bank(BankQuery::Balance { address, denom }) => {
                let amount = Uint128::new(self.0.lock().balance(&address, &denom));
                let balance = BalanceResponse::new(Coin { denom, amount });
                (given(to_json_vec(&balance).unwrap()), 0)
            }
            other => (refused(&[], &format!("{other:?}")), 0),
        }
    }

    fn feed(&self, msg: &[u8]) -> (Answer, u64) {
        let asked: serde_json::Value = serde_json::from_slice(msg).unwrap();
        let id = asked["price_feed"]["id"].as_str().unwrap_or_default();
        let Some(feed) = self.0.lock().feeds.get(id).copied() else {
            let error = "price feed not found".to_string();
            return (SystemResult::Ok(ContractResult::Err(error)), 0);
        };
        let price = json!({
            "price": feed.price.to_string(),
            "conf": (feed.price / 1_000).to_string(),
            "expo": -8,
            "publish_time": feed.publish_time,
        });
        let answer = json!({ "price_feed": { "id": id, "price": price, "ema_price": price } });
        (given(answer.to_string().into_bytes()), feed.gas)
    }
}

fn given(answer: Vec<u8>) -> Answer {
    SystemResult::Ok(ContractResult::Ok(Binary::from(answer)))
}

fn refused(request: &[u8], error: &str) -> Answer {
    SystemResult::Err(SystemError::InvalidRequest {
        error: error.to_string(),
        request: Binary::from(request),
    })
}
