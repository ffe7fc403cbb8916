//! Who has the contracts: for anyone who wants to know that nothing goes around the
//! queue.

use backstop_types::timelock::{ContractName, Custody, CustodyResponse, Reader};
use cosmwasm_std::{Addr, Deps, Env};
use cw_ownable::Ownership;

use crate::error::ContractError;
use crate::present::Parties;

/// Owner, admin and code of each contract.
pub fn custody(deps: Deps, env: &Env) -> Result<CustodyResponse, ContractError> {
    let parties = Parties::load(deps, env)?;
    let of = |contract, address: &Addr| row(deps, &parties, contract, address);
    let mut contracts = vec![of(ContractName::Vault, &parties.vault)?];
    if let Some(distributor) = &parties.now.distributor {
        contracts.push(of(ContractName::Distributor, distributor)?);
    }
    contracts.push(of(ContractName::Breaker, &parties.now.breaker)?);
    contracts.push(of(ContractName::Timelock, &parties.timelock)?);
    let own = parties.timelock.as_str();
    let has = |row: &Custody| {
        let stays = row.pending_owner.as_deref().is_none_or(|pending| pending == own);
        (row.contract == ContractName::Timelock || row.owned && stays) && row.administered
    };
    let complete = parties.now.distributor.is_some() && contracts.iter().all(has);
    Ok(CustodyResponse { contracts, complete })
}

fn row(
    deps: Deps,
    parties: &Parties,
    contract: ContractName,
    address: &Addr,
) -> Result<Custody, ContractError> {
    let Ownership {
        owner, pending_owner, ..
    } = parties.ownership(deps, Reader(deps.querier), address)?;
    let info = deps.querier.query_wasm_contract_info(address)?;
    let code = deps.querier.query_wasm_code_info(info.code_id)?;
    Ok(Custody {
        contract,
        address: address.clone(),
        owned: owner.as_deref() == Some(parties.timelock.as_str()),
        administered: info.admin.as_ref() == Some(&parties.timelock),
        owner,
        pending_owner,
        admin: info.admin,
        code_id: info.code_id,
        checksum: code.checksum.to_hex(),
    })
}
