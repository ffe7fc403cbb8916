//! A breaker out of order: what the shipped one becomes by a migration, and
//! back again by another. Its records stay, and can be read raw.

use backstop_types::breaker::{
    Action, ExecuteMsg, Faults, InstantiateMsg, MarketState, MigrateMsg, PokeResponse, QueryMsg, Verdict,
};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Response, StdError, StdResult, to_json_binary};
use cw_multi_test::{ContractWrapper, Executor};
use cw_storage_plus::Item;

use super::Exchange;

const MODE: Item<Mode> = Item::new("mode");

#[cw_serde]
#[derive(Copy)]
pub enum Mode {
    /// Every poke is an error.
    Fails,
    /// Ok, and no data.
    NoData,
    /// Ok, and data that is no answer.
    Junk,
    /// Ok, and an answer about no market.
    NoVerdict,
    /// It allows everything, and has no price.
    NoPrice,
}

impl Exchange {
    /// Puts the breaker out of order.
    pub fn break_breaker(&mut self, mode: Mode) {
        let code = ContractWrapper::new(execute, refuse, query).with_migrate(migrate);
        let code = self.w.app.store_code(Box::new(code));
        self.migrate_breaker(&mode, code);
    }

    /// Makes it the shipped one again.
    pub fn mend_breaker(&mut self) {
        self.migrate_breaker(&MigrateMsg {}, self.w.codes.breaker);
    }

    fn migrate_breaker(&mut self, msg: &impl serde::Serialize, code: u64) {
        let (owner, breaker) = (self.w.owner.clone(), self.w.breaker.clone());
        self.w.app.migrate_contract(owner, breaker, msg, code).unwrap();
    }
}

fn migrate(deps: DepsMut, _env: Env, mode: Mode) -> StdResult<Response> {
    MODE.save(deps.storage, &mode)?;
    Ok(Response::new())
}

fn refuse(_deps: DepsMut, _env: Env, _info: MessageInfo, _msg: InstantiateMsg) -> StdResult<Response> {
    Err(StdError::generic_err("only by migration"))
}

fn execute(deps: DepsMut, _env: Env, _info: MessageInfo, _msg: ExecuteMsg) -> StdResult<Response> {
    let response = Response::new();
    let answer = |verdicts| to_json_binary(&PokeResponse { verdicts });
    match MODE.load(deps.storage)? {
        Mode::Fails => Err(StdError::generic_err("out of order")),
        Mode::NoData => Ok(response),
        Mode::Junk => Ok(response.set_data(Binary::from(b"{\"verdicts\":7"))),
        Mode::NoVerdict => Ok(response.set_data(answer(vec![])?)),
        Mode::NoPrice => Ok(response.set_data(answer(vec![without_price()])?)),
    }
}

fn query(_deps: Deps, _env: Env, _msg: QueryMsg) -> StdResult<Binary> {
    Err(StdError::generic_err("out of order"))
}

fn without_price() -> Verdict {
    Verdict {
        market: "ATOM/USD".to_string(),
        action: Action::Open,
        state: MarketState::Normal,
        allowed: true,
        reasons: vec![],
        faults: Faults::NONE,
        median: None,
        band: None,
        trip: None,
        trip_cause: None,
        last_clean: None,
        reduce_between: None,
        published: None,
    }
}
