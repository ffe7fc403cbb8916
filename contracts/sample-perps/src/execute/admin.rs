//! Setting up, the owner's messages, and gifts to the insurance fund.

use backstop_types::breaker::OracleBreaker;
use backstop_types::events::common::{Instantiated, OwnershipChanged};
use backstop_types::events::perps::{BreakerFollowed, InsuranceFunded, ParamsChanged};
use backstop_types::input::{address, market_name, no_funds};
use backstop_types::patch::not_empty;
use backstop_types::vault::BackstopVault;
use backstop_types::{Change, Seconds};
use cosmwasm_std::{DepsMut, Env, Event, MessageInfo, Response};
use cw_ownable::{Action, assert_owner, initialize_owner};
use cw2::set_contract_version;

use super::payment::Paid;
use crate::error::ContractError;
use crate::migrate::{NAME, VERSION};
use crate::msg::InstantiateMsg;
use crate::params::ParamsUpdate;
use crate::state::{CONFIG, Config, LEDGER, Ledger, SETTLEMENT};

/// Sets the exchange up, if the vault is of its asset and asks its breaker.
pub fn instantiate(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    no_funds(&info)?;
    let owner = address(deps.api, "owner", &msg.owner)?;
    let vault = address(deps.api, "vault", &msg.vault)?;
    let breaker = address(deps.api, "breaker", &msg.breaker)?;
    market_name("market", &msg.market)?;
    let params = msg.params.check()?;
    let asset = msg.asset.check(deps.api, &deps.querier, "asset")?;
    let vault = BackstopVault(vault);
    let served = vault.config(&deps.querier)?;
    if served.asset != asset {
        return Err(ContractError::AssetMismatch {
            asset: asset.to_string(),
            vault: served.asset.to_string(),
        });
    }
    if served.params.breaker != breaker {
        return Err(ContractError::BreakerMismatch {
            breaker: breaker.into_string(),
            vault: served.params.breaker.into_string(),
        });
    }
    set_contract_version(deps.storage, NAME, VERSION)?;
    initialize_owner(deps.storage, deps.api, Some(owner.as_str()))?;
    LEDGER.save(deps.storage, &Ledger::new(env.block.time))?;
    let config = Config {
        asset,
        vault,
        breaker: OracleBreaker(breaker),
        market: msg.market,
        params,
    };
    CONFIG.save(deps.storage, &config)?;
    Ok(Response::new().add_event(Instantiated {
        contract: NAME.to_string(),
        version: VERSION.to_string(),
        owner,
    }))
}

/// Other parameters. Open positions keep the terms that they were opened under.
pub fn update_params(
    deps: DepsMut,
    info: MessageInfo,
    update: ParamsUpdate,
) -> Result<Response, ContractError> {
    no_funds(&info)?;
    assert_owner(deps.storage, &info.sender)?;
    let mut config = CONFIG.load(deps.storage)?;
    config.params = not_empty("update", update)?.apply(config.params).check()?;
    CONFIG.save(deps.storage, &config)?;
    Ok(Response::new().add_event(Event::from(ParamsChanged { by: info.sender })))
}

/// Takes the breaker that the vault asks now, once that has had a clean price of the market within the day;
/// a settlement at a price of the old one is off. What gathers closings at the old one's
/// prices gathers no more, and what is not answered yet is not sent any more: no claim
/// has the prices of two.
pub fn follow_breaker(deps: DepsMut, env: Env, info: MessageInfo) -> Result<Response, ContractError> {
    no_funds(&info)?;
    assert_owner(deps.storage, &info.sender)?;
    let mut config = CONFIG.load(deps.storage)?;
    let asked = config.vault.config(&deps.querier)?.params.breaker;
    if asked == *config.breaker.addr() {
        return Err(ContractError::SameBreaker { breaker: asked });
    }
    let breaker = OracleBreaker(asked);
    let Some(record) = breaker.record(&deps.querier, &config.market)? else {
        return Err(ContractError::UnknownMarket {
            market: config.market,
        });
    };
    // Without one there would be no settlement if it never has any, and with an old one a
    // settlement at it.
    let clean_at = record.last_clean_at.ok_or(ContractError::NoPriceYet)?;
    let until = Seconds::DAY.after(clean_at);
    if env.block.time > until {
        return Err(ContractError::OldPrice { clean_at });
    }
    SETTLEMENT.remove(deps.storage);
    let mut ledger = LEDGER.load(deps.storage)?;
    ledger.gathers_long = None;
    ledger.gathers_short = None;
    LEDGER.save(deps.storage, &ledger)?;
    config.breaker = breaker;
    CONFIG.save(deps.storage, &config)?;
    Ok(Response::new().add_event(Event::from(BreakerFollowed {
        by: info.sender,
        breaker: config.breaker.addr().clone(),
    })))
}

/// Ownership in two steps.
pub fn update_ownership(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    action: Action,
) -> Result<Response, ContractError> {
    no_funds(&info)?;
    let ownership = cw_ownable::update_ownership(deps, &env.block, &info.sender, action)?;
    Ok(Response::new().add_event(OwnershipChanged::from(ownership)))
}

/// A gift to the insurance fund.
pub fn fund_insurance(deps: DepsMut, paid: Paid) -> Result<Response, ContractError> {
    let mut ledger = LEDGER.load(deps.storage)?;
    ledger.insurance = ledger.insurance.checked_add(paid.amount)?;
    LEDGER.save(deps.storage, &ledger)?;
    Ok(Response::new().add_event(Event::from(InsuranceFunded {
        sender: paid.sender,
        amount: paid.amount,
        insurance: ledger.insurance,
    })))
}
