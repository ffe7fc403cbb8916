//! A distributor that fails at everything, in the place of the shipped one.

use backstop_types::distributor;
use cosmwasm_std::{Binary, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdError, StdResult};
use cw_multi_test::{ContractWrapper, Executor};

use crate::World;

impl World {
    /// Gives the distributor code that fails at everything, or its own again.
    pub fn break_distributor(&mut self, broken: bool) {
        let code = if broken {
            let code = ContractWrapper::new(fail, begin, ask).with_migrate(taken_over);
            self.app.store_code(Box::new(code))
        } else {
            self.codes.distributor
        };
        let (owner, address) = (self.owner.clone(), self.distributor.clone());
        let msg = distributor::MigrateMsg {};
        self.app.migrate_contract(owner, address, &msg, code).unwrap();
    }
}

fn fail(_: DepsMut, _: Env, _: MessageInfo, _: distributor::ExecuteMsg) -> StdResult<Response> {
    Err(StdError::generic_err("broken"))
}

fn begin(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    Ok(Response::new())
}

fn ask(_: Deps, _: Env, _: distributor::QueryMsg) -> StdResult<Binary> {
    Err(StdError::generic_err("broken"))
}

fn taken_over(_: DepsMut, _: Env, _: distributor::MigrateMsg) -> StdResult<Response> {
    Ok(Response::new())
}
