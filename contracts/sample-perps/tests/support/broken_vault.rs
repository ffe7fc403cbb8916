//! A counterparty that misbehaves: it says what asset it has, and answers
//! shortfalls in ways that the real vault does not. And the real vault, for a while
//! out of order.

use backstop_types::vault::{
    Claim, ClaimStatus, Config, CoverReason, CoverResponse, ExecuteMsg, MigrateMsg, Params, PremiumCurve,
    QueryMsg as VaultQuery,
};
use backstop_types::{Assets, Bps, Denom, Seconds, Shares, keys};
use backstop_vault::{ContractError, contract as shipped};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    Addr, Binary, Decimal, Deps, DepsMut, Empty, Env, MessageInfo, Reply, Response, StdError, StdResult,
    Uint256, to_json_binary,
};
use cw_multi_test::{Contract, ContractWrapper, Executor};
use cw_storage_plus::{Item, Map};

use super::Exchange;

impl Exchange {
    /// The shipped vault fails whatever it is told, until it is mended. What it has
    /// stored stays.
    pub fn break_vault(&mut self) {
        let fails = |_: DepsMut, _: Env, _: MessageInfo, _: ExecuteMsg| -> StdResult<Response> {
            Err(StdError::generic_err("out of order"))
        };
        self.replace_vault(Box::new(
            ContractWrapper::new(fails, shipped::instantiate, shipped::query).with_migrate(shipped::migrate),
        ));
    }

    /// The shipped vault answers what nobody understands, until it is mended.
    pub fn garble_vault(&mut self) {
        let code = ContractWrapper::new(garbled_execute, shipped::instantiate, shipped::query);
        let code = code.with_reply(garbled_reply).with_migrate(shipped::migrate);
        self.replace_vault(Box::new(code));
    }

    /// It is the shipped one again.
    pub fn mend_vault(&mut self) {
        self.migrate_vault(self.w.codes.vault);
    }

    fn replace_vault(&mut self, code: Box<dyn Contract<Empty>>) {
        let code = self.w.app.store_code(code);
        self.migrate_vault(code);
    }

    fn migrate_vault(&mut self, code: u64) {
        let (owner, vault) = (self.w.owner.clone(), self.w.vault.clone());
        let done = self.w.app.migrate_contract(owner, vault, &MigrateMsg {}, code);
        done.unwrap();
    }
}

fn garbled(response: Response) -> Response {
    match &response.data {
        Some(_) => response.set_data(Binary::from(br#"{"granted":{"at_once":"1"}}"#)),
        None => response,
    }
}

fn garbled_execute(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> Result<Response, ContractError> {
    shipped::execute(deps, env, info, msg).map(garbled)
}

fn garbled_reply(deps: DepsMut, env: Env, reply: Reply) -> Result<Response, ContractError> {
    shipped::reply(deps, env, reply).map(garbled)
}

const SETUP: Item<Setup> = Item::new("setup");

#[cw_serde]
pub enum Mode {
    /// Every shortfall is an error.
    Fails,
    /// Ok, and no data.
    NoData,
    /// Ok, and data that is no answer.
    Garbage,
    /// An answer with a claim whose record is of somebody else.
    ForeignClaim,
    /// An answer that holds all, because there is no breaker.
    NoBreaker,
}

#[cw_serde]
pub struct Setup {
    pub mode: Mode,
    pub asset: Denom,
    pub breaker: Addr,
}

pub fn contract() -> Box<dyn Contract<Empty>> {
    Box::new(ContractWrapper::new(execute, instantiate, query))
}

fn instantiate(deps: DepsMut, env: Env, info: MessageInfo, setup: Setup) -> StdResult<Response> {
    SETUP.save(deps.storage, &setup)?;
    let claim = Claim {
        policyholder: info.sender,
        market: "ATOM/USD".to_string(),
        filed_at: env.block.time,
        price: None,
        asked: Assets::new(1_000),
        deductible: Assets::ZERO,
        granted: Assets::new(1_000),
        paid: Assets::new(1_000),
        pot: Assets::ZERO,
        delay: Seconds::DAY,
        paused_before: Default::default(),
        assets_before: Assets::new(1_000),
        pool_refilled: Uint256::zero(),
        deductible_refilled: Uint256::zero(),
        status: ClaimStatus::Paid {},
        bound: None,
        waits: None,
        was_held: None,
        judged: None,
        stood_at: None,
        ended_at: None,
        paid_later: None,
        declined_by: None,
    };
    Map::<u64, Claim>::new(keys::CLAIMS).save(deps.storage, 7, &claim)?;
    Ok(Response::new())
}

fn execute(deps: DepsMut, _env: Env, _info: MessageInfo, msg: ExecuteMsg) -> StdResult<Response> {
    let ExecuteMsg::CoverShortfall { amount, .. } = msg else {
        return Err(StdError::generic_err("only shortfalls"));
    };
    let response = Response::new();
    match SETUP.load(deps.storage)?.mode {
        Mode::Fails => Err(StdError::generic_err("out of order")),
        Mode::NoData => Ok(response),
        Mode::Garbage => Ok(response.set_data(Binary::from(b"{\"paid\":"))),
        Mode::ForeignClaim => Ok(response.set_data(to_json_binary(&CoverResponse {
            claim: Some(7),
            paid: Assets::ZERO,
            pending: amount,
            deductible: Assets::ZERO,
            uncovered: Assets::ZERO,
            reason: None,
        })?)),
        Mode::NoBreaker => Ok(response.set_data(to_json_binary(&CoverResponse {
            claim: Some(7),
            paid: Assets::ZERO,
            pending: amount,
            deductible: Assets::ZERO,
            uncovered: Assets::ZERO,
            reason: Some(CoverReason::BreakerUnavailable.into()),
        })?)),
    }
}

fn query(deps: Deps, _env: Env, _msg: VaultQuery) -> StdResult<Binary> {
    let setup = SETUP.load(deps.storage)?;
    to_json_binary(&Config {
        asset: setup.asset,
        window: Seconds::DAY,
        distributor: None,
        params: Params {
            breaker: setup.breaker,
            guardian: None,
            unbonding_period: Seconds::DAY,
            notice: Seconds::days(3),
            pool_fraction: Decimal::percent(50),
            min_ticket: Shares::ONE,
            max_tickets: 1,
            hook_gas: 1_000_000,
            poke_gas: 1_000_000,
            premium: PremiumCurve::USUAL,
            treasury: None,
            treasury_part: Bps(0),
        },
    })
}
