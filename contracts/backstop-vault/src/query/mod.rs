//! Reads. Every list is paged, and the answers that depend on time are those
//! of the present block.

mod claims;
mod erc4626;
mod policies;
mod pool;
mod premiums;
mod stakers;
mod timeline;

use backstop_types::input::{self, InputError};
use backstop_types::vault::QueryMsg;
use cosmwasm_std::{Addr, Binary, Deps, Env, to_json_binary};

use crate::error::ContractError;
use crate::state::CONFIG;

/// One query, one answer.
pub fn answer(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    Ok(match msg {
        QueryMsg::Config {} => to_json_binary(&CONFIG.load(deps.storage)?),
        QueryMsg::Pool {} => to_json_binary(&pool::pool(deps, &env)?),
        QueryMsg::Pauses {} => to_json_binary(&pool::pauses(deps, &env)?),
        QueryMsg::TotalAssets {} => to_json_binary(&erc4626::total_assets(deps)?),
        QueryMsg::ConvertToShares { assets } => to_json_binary(&erc4626::convert_to_shares(deps, assets)?),
        QueryMsg::ConvertToAssets { shares } => to_json_binary(&erc4626::worth(deps, shares)?),
        QueryMsg::PreviewDeposit { assets } => to_json_binary(&erc4626::preview_deposit(deps, assets)?),
        QueryMsg::PreviewWithdraw { assets } => to_json_binary(&erc4626::preview_withdraw(deps, assets)?),
        QueryMsg::PreviewRedeem { shares } => to_json_binary(&erc4626::worth(deps, shares)?),
        QueryMsg::MaxDeposit { receiver } => to_json_binary(&erc4626::max_deposit(deps, &env, &receiver)?),
        QueryMsg::MaxWithdraw { owner } => to_json_binary(&erc4626::max_withdraw(deps, &env, &owner)?),
        QueryMsg::MaxRedeem { owner } => to_json_binary(&erc4626::max_redeem(deps, &env, &owner)?),
        QueryMsg::Stake { staker } => to_json_binary(&stakers::stake(deps, &staker)?),
        QueryMsg::Stakes { start_after, limit } => {
            to_json_binary(&stakers::stakes(deps, start_after, limit)?)
        }
        QueryMsg::Tickets {
            staker,
            start_after,
            limit,
        } => to_json_binary(&stakers::tickets(deps, &staker, start_after, limit)?),
        QueryMsg::HookFailures { start_after, limit } => {
            to_json_binary(&stakers::hook_failures(deps, start_after, limit)?)
        }
        QueryMsg::Policy { policyholder, market } => {
            to_json_binary(&policies::policy(deps, &env, &policyholder, &market)?)
        }
        QueryMsg::Policies { start_after, limit } => {
            to_json_binary(&policies::policies(deps, &env, start_after, limit)?)
        }
        QueryMsg::QuoteCover {
            policyholder,
            market,
            amount,
            price,
            shortfall,
        } => to_json_binary(&policies::quote(
            deps,
            &env,
            &policyholder,
            &market,
            amount,
            price,
            shortfall,
        )?),
        QueryMsg::QuotePremium {
            policyholder,
            market,
            amount,
        } => to_json_binary(&premiums::quote(deps, &env, &policyholder, &market, amount)?),
        QueryMsg::Credit { account } => to_json_binary(&premiums::credit(deps, &account)?),
        QueryMsg::Claim { claim } => to_json_binary(&claims::claim(deps, claim)?),
        QueryMsg::ClaimTimeline { claim } => to_json_binary(&timeline::timeline(deps, &env, claim)?),
        QueryMsg::Claims { start_after, limit } => to_json_binary(&claims::claims(deps, start_after, limit)?),
        QueryMsg::OpenClaims { start_after, limit } => {
            to_json_binary(&claims::open_claims(deps, start_after, limit)?)
        }
        QueryMsg::Loss { loss } => to_json_binary(&claims::loss(deps, loss)?),
        QueryMsg::Losses { start_after, limit } => to_json_binary(&claims::losses(deps, start_after, limit)?),
        QueryMsg::StakerLosses {
            staker,
            start_after,
            limit,
        } => to_json_binary(&claims::staker_losses(deps, &staker, start_after, limit)?),
        QueryMsg::Ownership {} => to_json_binary(&cw_ownable::get_ownership(deps.storage)?),
    }?)
}

fn account(deps: Deps, field: &str, address: &str) -> Result<Addr, InputError> {
    input::address(deps.api, field, address)
}
