//! One source on a chain of one answer: what was asked, to the byte, and what the
//! adapter made of the answer.

use std::cell::RefCell;

use backstop_types::Price;
use backstop_types::breaker::{MarketConfig, Observation, Source, SourceKind, Unreadable};
use cosmwasm_std::testing::{MockApi, MockStorage, mock_env};
use cosmwasm_std::{
    Addr, ContractResult, Deps, Empty, Env, Querier, QuerierResult, QuerierWrapper, SystemError,
    SystemResult, to_base64,
};
use oracle_breaker::adapters::observe_all;

/// What the chain does with the one question.
#[derive(Clone)]
pub enum Answer {
    Bytes(Vec<u8>),
    /// The contract or the module returns an error.
    Error,
    /// The chain does not take such a question.
    Refused,
}

struct Oracle {
    answer: Answer,
    asked: RefCell<Vec<Vec<u8>>>,
}

impl Querier for Oracle {
    fn raw_query(&self, request: &[u8]) -> QuerierResult {
        self.asked.borrow_mut().push(request.to_vec());
        match &self.answer {
            Answer::Bytes(bytes) => SystemResult::Ok(ContractResult::Ok(bytes.clone().into())),
            Answer::Error => SystemResult::Ok(ContractResult::Err("it fails".to_string())),
            Answer::Refused => SystemResult::Err(SystemError::UnsupportedRequest {
                kind: "request is not allowed".to_string(),
            }),
        }
    }
}

/// The block's time is 1571797419.879305533, cosmwasm-std's own.
pub fn env() -> Env {
    mock_env()
}

/// What was asked, and what the source says.
pub fn asked(kind: &SourceKind<Addr>, answer: Answer) -> (Vec<Vec<u8>>, Observation) {
    let oracle = Oracle {
        answer,
        asked: RefCell::default(),
    };
    let (storage, api) = (MockStorage::new(), MockApi::default());
    let deps = Deps {
        storage: &storage,
        api: &api,
        querier: QuerierWrapper::<Empty>::new(&oracle),
    };
    let config = MarketConfig::default_for(vec![Source::new("source", "lineage", kind.clone())]);
    let observed = observe_all(deps, &env(), "ATOM/USD", &config)[0].observation;
    (oracle.asked.into_inner(), observed)
}

/// What the source says to these bytes.
pub fn says(kind: &SourceKind<Addr>, bytes: impl AsRef<[u8]>) -> Observation {
    asked(kind, Answer::Bytes(bytes.as_ref().to_vec())).1
}

/// The one question, as text.
pub fn question(kind: &SourceKind<Addr>) -> String {
    let (mut asked, _) = asked(kind, Answer::Error);
    assert_eq!(asked.len(), 1);
    String::from_utf8(asked.remove(0)).unwrap()
}

/// The request that takes this question to this contract.
pub fn smart(contract: &Addr, question: &str) -> String {
    let msg = to_base64(question.as_bytes());
    format!(r#"{{"wasm":{{"smart":{{"contract_addr":"{contract}","msg":"{msg}"}}}}}}"#)
}

/// The request that takes this protobuf to a module.
pub fn module(transport: &str, path: &str, question: &[u8]) -> String {
    let data = to_base64(question);
    format!(r#"{{"{transport}":{{"path":"{path}","data":"{data}"}}}}"#)
}

/// A price without a confidence.
pub fn priced(price: &str, publish_time: impl Into<Option<u64>>) -> Observation {
    Observation::Priced {
        price: number(price),
        confidence: number("0"),
        publish_time: publish_time.into(),
    }
}

pub fn none_at(publish_time: impl Into<Option<u64>>) -> Observation {
    Observation::NonPositive {
        publish_time: publish_time.into(),
    }
}

pub fn unreadable(why: Unreadable) -> Observation {
    Observation::Unreadable { why }
}

pub fn number(text: &str) -> Price {
    Price(text.parse().unwrap())
}
