//! What a distributor is between two migrations of a test.

use backstop_types::distributor::{ExecuteMsg, MigrateMsg, QueryMsg};
use cosmwasm_std::{Binary, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdError, StdResult};
use cw_multi_test::{Contract, ContractWrapper};

/// A distributor that fails at everything until it is migrated away.
pub fn contract() -> Box<dyn Contract<Empty>> {
    fn fail(_: DepsMut, _: Env, _: MessageInfo, _: ExecuteMsg) -> StdResult<Response> {
        Err(StdError::generic_err("broken"))
    }
    fn begin(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
        Ok(Response::new())
    }
    fn ask(_: Deps, _: Env, _: QueryMsg) -> StdResult<Binary> {
        Err(StdError::generic_err("broken"))
    }
    fn migrate(_: DepsMut, _: Env, _: MigrateMsg) -> StdResult<Response> {
        Ok(Response::new())
    }
    Box::new(ContractWrapper::new(fail, begin, ask).with_migrate(migrate))
}
