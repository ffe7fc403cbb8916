//! What a contract is between two migrations: it fails at everything.

use cosmwasm_std::{Binary, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdError, StdResult};
use cw_multi_test::{Contract, ContractWrapper};

pub fn contract() -> Box<dyn Contract<Empty>> {
    fn fail(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
        Err(StdError::generic_err("broken"))
    }
    fn ask(_: Deps, _: Env, _: Empty) -> StdResult<Binary> {
        Err(StdError::generic_err("broken"))
    }
    fn migrate(_: DepsMut, _: Env, _: Empty) -> StdResult<Response> {
        Ok(Response::new())
    }
    Box::new(ContractWrapper::new(fail, fail, ask).with_migrate(migrate))
}
