//! What would become of a change, before anybody votes on it.

use backstop_core::timelock::{class, touches, wait};
use backstop_types::timelock::{Change, WhatIfResponse};
use cosmwasm_std::{Deps, Env};

use crate::error::ContractError;
use crate::present::Parties;
use crate::state;

/// The same as `Submit` would find, and which pending changes name a field of it.
pub fn what_if(deps: Deps, env: &Env, change: &Change) -> Result<WhatIfResponse, ContractError> {
    let parties = Parties::load(deps, env)?;
    let subject = parties.subject(deps, change)?;
    let named = subject.fields(change)?;
    let waits = wait(&named, env.block.time, parties.now.pace);
    let mut conflicts = vec![];
    for number in state::waiting_for(deps.storage, &subject.target)? {
        let Ok(other) = state::change(deps.storage, number) else {
            continue;
        };
        if state::named(&other).is_none_or(|other| touches(&named, &other)) {
            conflicts.push(number);
        }
    }
    Ok(WhatIfResponse {
        class: class(&named),
        contract: subject.contract,
        target: subject.target,
        from: subject.before,
        fields: named,
        due: waits.map(|wait| wait.due),
        lapses: waits.map(|wait| wait.lapses),
        conflicts,
    })
}
