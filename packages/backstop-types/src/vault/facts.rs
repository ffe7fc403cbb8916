//! What other contracts read of the vault beside its bare lists, and nothing
//! else, in forms that grow: fields that a later vault adds are passed over, and
//! names that it adds are kept.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Timestamp};

use super::state::ClaimStatusName;
use crate::{Assets, Denom, Open};

/// Of a [`super::Config`], what an integrator compares with its own.
#[cw_serde]
pub struct ConfigFacts {
    /// The one token that the vault takes.
    pub asset: Denom,
    /// The rest.
    pub params: ParamsFacts,
}

/// Of [`super::Params`], what an integrator compares with its own.
#[cw_serde]
pub struct ParamsFacts {
    /// The breaker that verdicts come from.
    pub breaker: Addr,
}

/// Of a policy's record, what its policyholder needs.
#[cw_serde]
pub struct PolicyFacts {
    /// When it was granted last: nothing from before it is asked for.
    #[serde(default)]
    pub since: Timestamp,
    /// When it was closed, if it was.
    pub closed_at: Option<Timestamp>,
}

/// Of a [`super::Claim`], what its policyholder needs.
#[cw_serde]
pub struct ClaimFacts {
    /// Who asked.
    pub policyholder: Addr,
    /// For which market.
    pub market: String,
    /// What was asked for.
    pub asked: Assets,
    /// What the policyholder bore first.
    pub deductible: Assets,
    /// What left the vault's assets for it.
    pub granted: Assets,
    /// What has been paid so far.
    pub paid: Assets,
    /// What waits: nothing once the claim has ended.
    pub pot: Assets,
    /// How it stands, for people; `pot` says whether more can come.
    pub status: Open<ClaimStatusName>,
}

impl ClaimFacts {
    /// Whether more may be paid.
    pub fn is_pending(&self) -> bool {
        !self.pot.is_zero()
    }
}
