//! What is asked of a chain: contracts, their code and storage, accounts.

use cosmrs::proto::cosmos::auth::v1beta1::{BaseAccount, QueryAccountRequest, QueryAccountResponse};
use cosmrs::proto::cosmos::bank::v1beta1::{QueryBalanceRequest, QueryBalanceResponse};
use cosmrs::proto::cosmos::base::query::v1beta1::PageRequest;
use cosmrs::proto::cosmos::base::tendermint::v1beta1::{GetNodeInfoRequest, GetNodeInfoResponse};
use cosmrs::proto::cosmwasm::wasm::v1::{
    ContractInfo, QueryAllContractStateRequest, QueryAllContractStateResponse, QueryCodeRequest,
    QueryCodeResponse, QueryContractInfoRequest, QueryContractInfoResponse, QueryRawContractStateRequest,
    QueryRawContractStateResponse, QuerySmartContractStateRequest, QuerySmartContractStateResponse,
};
use cosmrs::proto::prost::Message as _;
use cosmwasm_std::{from_json, to_json_vec};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};
use crate::nodes::Nodes;

/// How many entries of a contract's storage are read at once.
const PAGE: u64 = 1_000;

/// An account's place in the chain's order of accounts and transactions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    /// Its number.
    pub number: u64,
    /// Of its next transaction.
    pub sequence: u64,
}

/// Where an account is asked for.
pub(crate) const ACCOUNT: &str = "/cosmos.auth.v1beta1.Query/Account";

impl Account {
    /// As the chain answers.
    pub(crate) fn of(answer: QueryAccountResponse, address: &str) -> Result<Self> {
        let account = answer.account.ok_or_else(|| missing(address))?;
        // Other kinds of account hold a plain one as their first field.
        let account = BaseAccount::decode(account.value.as_slice()).map_err(Error::unreadable(address))?;
        Ok(Self {
            number: account.account_number,
            sequence: account.sequence,
        })
    }
}

impl Nodes {
    /// A contract's answer.
    pub async fn smart<T: DeserializeOwned>(&self, contract: &str, msg: &impl Serialize) -> Result<T> {
        let question = QuerySmartContractStateRequest {
            address: contract.to_string(),
            query_data: to_json_vec(msg).map_err(Error::unreadable("a question"))?,
        };
        let path = "/cosmwasm.wasm.v1.Query/SmartContractState";
        let answer: QuerySmartContractStateResponse = self.ask(path, &question).await?;
        from_json(answer.data).map_err(Error::unreadable(contract))
    }

    /// One entry of a contract's storage; none where there is none.
    pub async fn raw(&self, contract: &str, key: &[u8]) -> Result<Option<Vec<u8>>> {
        let question = QueryRawContractStateRequest {
            address: contract.to_string(),
            query_data: key.to_vec(),
        };
        let path = "/cosmwasm.wasm.v1.Query/RawContractState";
        let answer: QueryRawContractStateResponse = self.ask(path, &question).await?;
        Ok(Some(answer.data).filter(|data| !data.is_empty()))
    }

    /// A contract's whole storage, by key.
    pub async fn storage(&self, contract: &str) -> Result<Vec<(Vec<u8>, Vec<u8>)>> {
        let (mut entries, mut next) = (vec![], vec![]);
        loop {
            let question = QueryAllContractStateRequest {
                address: contract.to_string(),
                pagination: Some(PageRequest {
                    key: next,
                    limit: PAGE,
                    ..Default::default()
                }),
            };
            let path = "/cosmwasm.wasm.v1.Query/AllContractState";
            let page: QueryAllContractStateResponse = self.ask(path, &question).await?;
            entries.extend(page.models.into_iter().map(|model| (model.key, model.value)));
            next = page.pagination.map(|page| page.next_key).unwrap_or_default();
            if next.is_empty() {
                return Ok(entries);
            }
        }
    }

    /// What the chain knows of a contract: code, admin, label.
    pub async fn contract(&self, contract: &str) -> Result<ContractInfo> {
        let question = QueryContractInfoRequest {
            address: contract.to_string(),
        };
        let path = "/cosmwasm.wasm.v1.Query/ContractInfo";
        let answer: QueryContractInfoResponse = self.ask(path, &question).await?;
        answer.contract_info.ok_or_else(|| missing(contract))
    }

    /// The sha256 of a stored code.
    pub async fn checksum(&self, code: u64) -> Result<Vec<u8>> {
        let path = "/cosmwasm.wasm.v1.Query/Code";
        let answer: QueryCodeResponse = self.ask(path, &QueryCodeRequest { code_id: code }).await?;
        let info = answer.code_info.ok_or_else(|| missing("a code"))?;
        Ok(info.data_hash)
    }

    /// An account. One that nobody has paid yet is an error of the chain.
    pub async fn account(&self, address: &str) -> Result<Account> {
        let question = QueryAccountRequest {
            address: address.to_string(),
        };
        Account::of(self.ask(ACCOUNT, &question).await?, address)
    }

    /// What an account has of a denom, in base units.
    pub async fn balance(&self, address: &str, denom: &str) -> Result<u128> {
        let question = QueryBalanceRequest {
            address: address.to_string(),
            denom: denom.to_string(),
        };
        let path = "/cosmos.bank.v1beta1.Query/Balance";
        let answer: QueryBalanceResponse = self.ask(path, &question).await?;
        let balance = answer.balance.ok_or_else(|| missing(address))?;
        balance.amount.parse().map_err(Error::unreadable(address))
    }

    /// The version of wasmd that the chain is built with, if its node says so.
    pub async fn wasmd_version(&self) -> Result<Option<String>> {
        let path = "/cosmos.base.tendermint.v1beta1.Service/GetNodeInfo";
        let answer: GetNodeInfoResponse = self.ask(path, &GetNodeInfoRequest {}).await?;
        let Some(version) = answer.application_version else {
            return Ok(None);
        };
        let module = version
            .build_deps
            .iter()
            .find(|module| module.path == "github.com/CosmWasm/wasmd");
        let own =
            || (version.app_name == "wasmd" && !version.version.is_empty()).then(|| version.version.clone());
        Ok(module.map(|module| module.version.clone()).or_else(own))
    }
}

fn missing(what: &str) -> Error {
    Error::Unreadable {
        what: what.to_string(),
        why: "it is empty".to_string(),
    }
}
