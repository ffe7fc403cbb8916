//! The vault: books, claims, policies and pauses.

use backstop_chain::Result;
use backstop_chain::paged::{ROWS, pages};
use backstop_types::vault::{
    ClaimsResponse, Config, PausesResponse, PoliciesResponse, PolicyResponse, PoolResponse, QueryMsg,
};
use backstop_types::{Assets, Denom, Seconds};
use cosmwasm_std::{Decimal, Timestamp};
use serde::{Deserialize, Serialize};

use super::Snapshot;
use super::breaker::trip;
use super::claim::{ClaimLine, waits};
use crate::chain::Chain;

/// The vault.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VaultState {
    /// Its one token.
    pub asset: Denom,
    /// Who owns it.
    pub owner: Option<String>,
    /// The breaker that it asks.
    pub breaker: String,
    /// The distributor that serves it.
    pub distributor: Option<String>,
    /// Who may pause it.
    pub guardian: Option<String>,
    /// From unbonding to withdrawal.
    pub unbonding_period: Seconds,
    /// The books.
    pub pool: PoolResponse,
    /// What the guardian has paused.
    pub pauses: PausesResponse,
    /// Claims that are pending, by number.
    pub claims: Vec<ClaimLine>,
    /// Policies that are not closed, by policyholder and market.
    pub policies: Vec<PolicyResponse>,
    /// The assets over the limits of these policies together; none without a policy, or
    /// where not all of them were read.
    pub coverage: Option<Decimal>,
}

/// Reads it into the snapshot.
pub(super) async fn read(chain: &impl Chain, snapshot: &mut Snapshot, most: u32) {
    let vault = snapshot.addresses.vault.clone();
    let read = state(chain, &vault, most).await;
    let Some((state, claims_after, policies_after)) = snapshot.keep("vault", read) else {
        return;
    };
    snapshot.stopped("claims", claims_after);
    let policies_after = policies_after.map(|(holder, market)| format!("{holder} {market}"));
    snapshot.stopped("policies", policies_after);
    // Its owner may have named others since the addresses were read.
    snapshot.addresses.breaker = Some(state.breaker.clone());
    snapshot.addresses.distributor = state
        .distributor
        .clone()
        .or(snapshot.addresses.distributor.take());
    snapshot.vault = Some(state);
}

/// The vault, and where the lists of claims and policies were left.
async fn state(
    chain: &impl Chain,
    vault: &str,
    most: u32,
) -> Result<(VaultState, Option<u64>, Option<PolicyKey>)> {
    let config: Config = chain.smart(vault, &QueryMsg::Config {}).await?;
    let pool: PoolResponse = chain.smart(vault, &QueryMsg::Pool {}).await?;
    let ownership: cw_ownable::Ownership<String> = chain.smart(vault, &QueryMsg::Ownership {}).await?;
    let (claims, claims_after) = claims(chain, vault, most).await?;
    let (policies, policies_after) = policies(chain, vault, most).await?;
    let whole = policies_after.is_none();
    let state = VaultState {
        asset: config.asset,
        owner: ownership.owner,
        breaker: config.params.breaker.to_string(),
        distributor: config.distributor.map(Into::into),
        guardian: config.params.guardian.map(Into::into),
        unbonding_period: config.params.unbonding_period,
        pauses: chain.smart(vault, &QueryMsg::Pauses {}).await?,
        coverage: whole.then(|| coverage(pool.assets, &policies)).flatten(),
        pool,
        claims,
        policies,
    };
    Ok((state, claims_after, policies_after))
}

/// Says of each claim what it waits for, once the markets are known.
pub(super) async fn judge_claims(chain: &impl Chain, snapshot: &mut Snapshot) {
    let Some(mut vault) = snapshot.vault.take() else {
        return;
    };
    for line in &mut vault.claims {
        let trip = trip(chain, &line.response).await;
        let market = snapshot
            .breaker
            .as_ref()
            .and_then(|breaker| breaker.market(&line.response.record.market));
        (line.waits, line.from) = waits(
            &line.response,
            vault.pauses.payouts,
            trip.as_ref(),
            market,
            snapshot.chain.time,
        );
    }
    snapshot.vault = Some(vault);
}

/// What the assets are of the limits together.
fn coverage(assets: Assets, policies: &[PolicyResponse]) -> Option<Decimal> {
    let limits = policies
        .iter()
        .try_fold(Assets::ZERO, |sum, policy| sum.checked_add(policy.terms.limit))
        .ok()?;
    Decimal::checked_from_ratio(assets.0, limits.0).ok()
}

async fn claims(chain: &impl Chain, vault: &str, most: u32) -> Result<(Vec<ClaimLine>, Option<u64>)> {
    let ask = async |start_after| {
        let limit = Some(ROWS);
        let page: ClaimsResponse = chain
            .smart(vault, &QueryMsg::OpenClaims { start_after, limit })
            .await?;
        Ok(page.claims)
    };
    let (claims, after) = pages(
        most,
        None,
        |row: &backstop_types::vault::ClaimResponse| row.claim,
        ask,
    )
    .await?;
    let unjudged = |response: backstop_types::vault::ClaimResponse| ClaimLine {
        waits: super::Waits::Reading {},
        from: None::<Timestamp>,
        response,
    };
    Ok((claims.into_iter().map(unjudged).collect(), after))
}

type PolicyKey = (String, String);

async fn policies(
    chain: &impl Chain,
    vault: &str,
    most: u32,
) -> Result<(Vec<PolicyResponse>, Option<PolicyKey>)> {
    let ask = async |start_after| {
        let limit = Some(ROWS);
        let page: PoliciesResponse = chain
            .smart(vault, &QueryMsg::Policies { start_after, limit })
            .await?;
        Ok(page.policies)
    };
    let key = |row: &PolicyResponse| (row.policyholder.to_string(), row.market.clone());
    let (policies, after) = pages(most, None, key, ask).await?;
    Ok((
        policies
            .into_iter()
            .filter(|policy| policy.closed_at.is_none())
            .collect(),
        after,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coverage_is_none_without_a_limit() {
        assert_eq!(coverage(Assets::new(5), &[]), None);
    }
}
