//! Setting up, parameters and ownership.

use backstop_types::breaker::OracleBreaker;
use backstop_types::distributor::RewardDistributor;
use backstop_types::events::common::{Instantiated, OwnershipChanged};
use backstop_types::events::vault::ParamsChanged;
use backstop_types::input::{self, InputError, within};
use backstop_types::patch::not_empty;
use backstop_types::vault::{
    Bucket, Config, InstantiateMsg, Params, ParamsUpdate, Pool, PremiumCurve, Reserves,
};
use backstop_types::{Bps, Change, Seconds, Shares};
use cosmwasm_std::{Addr, Api, Decimal, DepsMut, Env, MessageInfo, QuerierWrapper, Response, Uint256};

use crate::error::ContractError;
use crate::migrate::{NAME, VERSION};
use crate::state::{CONFIG, LIMITS, PAUSES, POOL, POOL_BUCKET, Pauses, RESERVES, pool_facts};

/// Bounds of the window W.
const WINDOW: (Seconds, Seconds) = (Seconds::HOUR, Seconds::days(90));
/// Bounds of the unbonding period.
const UNBONDING: (Seconds, Seconds) = (Seconds::HOUR, Seconds::days(365));
/// Bounds of the notice.
const NOTICE: (Seconds, Seconds) = (Seconds::days(3), Seconds::days(30));
/// Bounds of the poke's gas.
const POKE_GAS: (u64, u64) = (100_000, 10_000_000);
/// Bounds of the hook's gas. The least is twice what the hook was measured to
/// cost after a year of silence with eight denoms: 630,651 with the contract's
/// start. With less, deposits would fail then, and unbondings go unheard.
const HOOK_GAS: (u64, u64) = (1_300_000, 10_000_000);
/// The most tickets that a staker may have open.
const MAX_TICKETS: u32 = 100;
/// The highest yearly rate of a premium, ten times the limit.
const MAX_RATE: Bps = Bps(100_000);
/// The treasury's largest part of earned premiums, one half.
const MAX_TREASURY_PART: Bps = Bps(5_000);

/// Checks everything and stores it.
pub fn instantiate(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    input::no_funds(&info)?;
    cw2::set_contract_version(deps.storage, NAME, VERSION)?;
    let owner = input::address(deps.api, "owner", &msg.owner)?;
    cw_ownable::initialize_owner(deps.storage, deps.api, Some(owner.as_str()))?;

    let config = Config {
        asset: msg.asset.check(deps.api, &deps.querier, "asset")?,
        window: within("window", msg.window, WINDOW.0, WINDOW.1)?,
        distributor: None,
        params: check(deps.api, &deps.querier, msg.params, None)?,
    };
    CONFIG.save(deps.storage, &config)?;
    POOL.save(deps.storage, &Pool::default())?;
    // What time refills is counted from now: a claim keeps the number.
    let granted = Bucket {
        at: env.block.time,
        ..Default::default()
    };
    POOL_BUCKET.save(deps.storage, &granted)?;
    RESERVES.save(deps.storage, &Reserves::default())?;
    LIMITS.save(deps.storage, &Uint256::zero())?;
    PAUSES.save(deps.storage, &Pauses::default())?;
    Ok(Response::new().add_event(Instantiated {
        contract: NAME.to_string(),
        version: VERSION.to_string(),
        owner,
    }))
}

/// The addresses and bounds of [`Params`]. A breaker that is kept is not asked: one
/// that has failed must not stop the other parameters.
fn check(
    api: &dyn Api,
    querier: &QuerierWrapper,
    params: Params<String>,
    kept: Option<&Addr>,
) -> Result<Params<Addr>, InputError> {
    let checked = Params {
        breaker: match kept {
            Some(kept) => kept.clone(),
            None => breaker(api, querier, &params.breaker)?,
        },
        guardian: input::address_if_any(api, "guardian", params.guardian)?,
        unbonding_period: params.unbonding_period,
        notice: params.notice,
        pool_fraction: params.pool_fraction,
        min_ticket: params.min_ticket,
        max_tickets: params.max_tickets,
        hook_gas: params.hook_gas,
        poke_gas: params.poke_gas,
        premium: params.premium,
        treasury: input::address_if_any(api, "treasury", params.treasury)?,
        treasury_part: params.treasury_part,
    };
    bounds(&checked)?;
    Ok(checked)
}

/// A contract that answers as a breaker. One that is none could not be replaced
/// while a claim waits for it.
fn breaker(api: &dyn Api, querier: &QuerierWrapper, address: &str) -> Result<Addr, InputError> {
    let breaker = OracleBreaker(input::address(api, "breaker", address)?);
    if !breaker.answers(querier) {
        return Err(InputError::bounds(
            "breaker",
            breaker.addr(),
            "a breaker that lists its markets",
        ));
    }
    Ok(breaker.0)
}

fn bounds(params: &Params<Addr>) -> Result<(), InputError> {
    within(
        "unbonding_period",
        params.unbonding_period,
        UNBONDING.0,
        UNBONDING.1,
    )?;
    within("notice", params.notice, NOTICE.0, NOTICE.1)?;
    within(
        "pool_fraction",
        params.pool_fraction,
        Decimal::raw(1),
        Decimal::percent(90),
    )?;
    within(
        "min_ticket",
        params.min_ticket,
        Shares::ONE,
        Shares(cosmwasm_std::Uint128::MAX),
    )?;
    within("max_tickets", params.max_tickets, 1, MAX_TICKETS)?;
    within("hook_gas", params.hook_gas, HOOK_GAS.0, HOOK_GAS.1)?;
    within("poke_gas", params.poke_gas, POKE_GAS.0, POKE_GAS.1)?;
    curve(&params.premium)?;
    within("treasury_part", params.treasury_part, Bps(0), MAX_TREASURY_PART)?;
    if params.treasury.is_none() && params.treasury_part > Bps(0) {
        let bound = "0 while there is no treasury";
        return Err(InputError::bounds("treasury_part", params.treasury_part, bound));
    }
    Ok(())
}

/// The bounds of [`PremiumCurve`]. Its least rate is above zero, so that time
/// always has a price.
fn curve(curve: &PremiumCurve) -> Result<(), InputError> {
    within("premium.kink", curve.kink, Bps(1), Bps::ONE)?;
    within("premium.base", curve.base, Bps(1), MAX_RATE)?;
    within("premium.at_kink", curve.at_kink, curve.base, MAX_RATE)?;
    within("premium.most", curve.most, curve.at_kink, MAX_RATE)?;
    Ok(())
}

/// `UpdateParams`.
pub fn update_params(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    update: ParamsUpdate,
) -> Result<Response, ContractError> {
    input::no_funds(&info)?;
    cw_ownable::assert_owner(deps.storage, &info.sender)?;
    let update = not_empty("update", update)?;
    let mut config = CONFIG.load(deps.storage)?;
    let pool = POOL.load(deps.storage)?;
    if update.breaker.is_some() && pool.pending > 0 {
        return Err(ContractError::BreakerInUse {
            pending: pool.pending,
        });
    }
    // The time until now refills at the old fraction.
    let granted = POOL_BUCKET.load(deps.storage)?;
    let limit = pool_facts(&config, &pool, granted).limit();
    POOL_BUCKET.save(deps.storage, &limit.refill(granted, env.block.time))?;

    let old = config.params.clone();
    let kept = update.breaker.is_none().then_some(&old.breaker);
    let params = update.apply(old.unchecked());
    config.params = check(deps.api, &deps.querier, params, kept)?;
    CONFIG.save(deps.storage, &config)?;
    Ok(Response::new().add_events(changes(&old, &config.params)))
}

/// One event a field that changed.
fn changes(old: &Params<Addr>, new: &Params<Addr>) -> Vec<ParamsChanged> {
    let name = |address: &Option<Addr>| address.as_ref().map_or("none".to_string(), Addr::to_string);
    let curve = |curve: PremiumCurve| {
        let PremiumCurve {
            kink,
            base,
            at_kink,
            most,
        } = curve;
        format!("{kink}/{base}/{at_kink}/{most}")
    };
    let fields = |params: &Params<Addr>| {
        [
            ("breaker", params.breaker.to_string()),
            ("guardian", name(&params.guardian)),
            ("unbonding_period", params.unbonding_period.to_string()),
            ("notice", params.notice.to_string()),
            ("pool_fraction", params.pool_fraction.to_string()),
            ("min_ticket", params.min_ticket.to_string()),
            ("max_tickets", params.max_tickets.to_string()),
            ("hook_gas", params.hook_gas.to_string()),
            ("poke_gas", params.poke_gas.to_string()),
            ("premium", curve(params.premium)),
            ("treasury", name(&params.treasury)),
            ("treasury_part", params.treasury_part.to_string()),
        ]
    };
    fields(old)
        .into_iter()
        .zip(fields(new))
        .filter(|((_, old), (_, new))| old != new)
        .map(|((field, old), (_, new))| ParamsChanged {
            field: field.to_string(),
            old,
            new,
        })
        .collect()
}

/// `SetDistributor`.
pub fn set_distributor(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    distributor: String,
) -> Result<Response, ContractError> {
    input::no_funds(&info)?;
    cw_ownable::assert_owner(deps.storage, &info.sender)?;
    let mut config = CONFIG.load(deps.storage)?;
    if let Some(distributor) = config.distributor {
        return Err(ContractError::DistributorSet { distributor });
    }
    let distributor = input::address(deps.api, "distributor", &distributor)?;
    let served = RewardDistributor(distributor.clone()).vault(&deps.querier);
    if served.as_ref() != Ok(&env.contract.address) {
        let bound = format!("a distributor that serves {}", env.contract.address);
        return Err(InputError::bounds("distributor", distributor, bound).into());
    }
    config.distributor = Some(distributor.clone());
    CONFIG.save(deps.storage, &config)?;
    Ok(Response::new().add_event(ParamsChanged {
        field: "distributor".to_string(),
        old: "none".to_string(),
        new: distributor.into_string(),
    }))
}

/// `UpdateOwnership`.
pub fn update_ownership(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    action: cw_ownable::Action,
) -> Result<Response, ContractError> {
    input::no_funds(&info)?;
    let ownership = cw_ownable::update_ownership(deps, &env.block, &info.sender, action)?;
    Ok(Response::new().add_event(OwnershipChanged::from(ownership)))
}
