//! Asking: one function for each way that a question can take, all by the raw
//! query.
//!
//! `querier.query` would turn an answer that cannot be parsed into the same error
//! as a query that failed. The requests to the chain's modules are written as
//! JSON here, byte for byte as cosmwasm-std writes them, because its own types
//! for them stand behind features that would make the contract require a
//! `stargate` capability of every chain:
//!
//! ```json
//! {"grpc":{"path":"/connect.oracle.v2.Query/GetPrice","data":"<base64>"}}
//! {"stargate":{"path":"/connect.oracle.v2.Query/GetPrice","data":"<base64>"}}
//! {"custom":{"route":"oracle","query_data":{…}}}
//! ```
//!
//! A chain that does not know such a request answers with an error, and that is
//! an observation like any other.

use backstop_types::breaker::{Transport, Unreadable};
use cosmwasm_schema::cw_serde;
use cosmwasm_schema::serde::{Serialize, de::DeserializeOwned};
use cosmwasm_std::{
    Addr, Binary, ContractResult, Empty, QuerierWrapper, QueryRequest, SystemResult, WasmQuery, from_json,
    to_json_binary, to_json_vec,
};
use prost::Message;

/// The longest answer that is parsed, in bytes. The longest real one, Pyth's,
/// has some 350; what is longer costs gas without being a price.
pub const MAX_ANSWER: usize = 2_048;

/// A request to a module of the chain, as cosmwasm-std's `QueryRequest` would be
/// written.
#[cw_serde]
enum ModuleRequest {
    /// Protobuf both ways.
    Grpc(ModuleQuery),
    /// A question in protobuf, an answer in JSON.
    Stargate(ModuleQuery),
}

/// A method of a module, and its question in protobuf.
#[cw_serde]
struct ModuleQuery {
    path: String,
    data: Binary,
}

/// Asks a contract.
pub(super) fn contract<T: Serialize>(
    querier: &QuerierWrapper,
    contract: &Addr,
    question: &T,
) -> Result<Vec<u8>, Unreadable> {
    let request = QueryRequest::<Empty>::Wasm(WasmQuery::Smart {
        contract_addr: contract.to_string(),
        msg: to_json_binary(question).map_err(|_| Unreadable::QueryFailed)?,
    });
    raw(querier, &request)
}

/// Asks a module of the chain.
pub(super) fn module(
    querier: &QuerierWrapper,
    transport: Transport,
    path: &str,
    question: &impl Message,
) -> Result<Vec<u8>, Unreadable> {
    let query = ModuleQuery {
        path: path.to_string(),
        data: question.encode_to_vec().into(),
    };
    let request = match transport {
        Transport::Grpc => ModuleRequest::Grpc(query),
        Transport::Stargate => ModuleRequest::Stargate(query),
    };
    raw(querier, &request)
}

/// Asks in the chain's own words.
pub(super) fn custom<T: Serialize>(querier: &QuerierWrapper, question: T) -> Result<Vec<u8>, Unreadable> {
    raw(querier, &QueryRequest::Custom(question))
}

fn raw<T: Serialize>(querier: &QuerierWrapper, request: &T) -> Result<Vec<u8>, Unreadable> {
    let request = to_json_vec(request).map_err(|_| Unreadable::QueryFailed)?;
    match querier.raw_query(&request) {
        SystemResult::Ok(ContractResult::Ok(answer)) if answer.len() > MAX_ANSWER => Err(Unreadable::TooLong),
        SystemResult::Ok(ContractResult::Ok(answer)) => Ok(answer.into()),
        SystemResult::Ok(ContractResult::Err(_)) | SystemResult::Err(_) => Err(Unreadable::QueryFailed),
    }
}

/// An answer in JSON.
pub(super) fn json<T: DeserializeOwned>(answer: &[u8]) -> Result<T, Unreadable> {
    from_json(answer).map_err(|_| Unreadable::Malformed)
}

/// An answer in protobuf.
pub(super) fn protobuf<T: Message + Default>(answer: &[u8]) -> Result<T, Unreadable> {
    T::decode(answer).map_err(|_| Unreadable::Malformed)
}
