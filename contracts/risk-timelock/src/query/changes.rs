//! Changes as they are stored, with their fields.

use backstop_types::paging;
use backstop_types::timelock::{ChangeRecord, ChangeResponse, ChangesResponse};
use cosmwasm_std::{Deps, Order, StdResult};
use cw_storage_plus::Bound;

use crate::error::ContractError;
use crate::state::{self, CHANGES, PENDING};

/// One change.
pub fn change(deps: Deps, number: u64) -> Result<ChangeResponse, ContractError> {
    told(number, state::change(deps.storage, number)?)
}

/// Changes that wait, by number. A record that this version cannot read is left out,
/// here and in the history, so that it hides no other.
pub fn pending(
    deps: Deps,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<ChangesResponse, ContractError> {
    let start = start_after.map(Bound::exclusive);
    let numbers = PENDING.keys(deps.storage, start, None, Order::Ascending);
    let known = |row: &StdResult<u64>| {
        row.as_ref()
            .is_ok_and(|number| state::change(deps.storage, *number).is_ok())
    };
    let changes = paging::rows(numbers.filter(known), limit, |number| change(deps, number))?;
    Ok(ChangesResponse { changes })
}

/// All changes, the newest first.
pub fn history(
    deps: Deps,
    start_before: Option<u64>,
    limit: Option<u32>,
) -> Result<ChangesResponse, ContractError> {
    let end = start_before.map(Bound::exclusive);
    let rows = CHANGES.range(deps.storage, None, end, Order::Descending);
    let changes = paging::rows(rows.filter(Result::is_ok), limit, |(number, record)| {
        told(number, record)
    })?;
    Ok(ChangesResponse { changes })
}

fn told(number: u64, record: ChangeRecord) -> Result<ChangeResponse, ContractError> {
    Ok(ChangeResponse {
        number,
        class: record.class(),
        fields: state::named(&record).unwrap_or_default(),
        record,
    })
}
