//! What the owner can change: every message that the three contracts take from their
//! owner, their code, and who owns and administers them.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Binary, Uint128};
use cw_ownable::Expiration;

use crate::breaker::{MarketConfig, MarketParamsUpdate, Source};
use crate::distributor::Listing;
use crate::vault::{ParamsUpdate, Pausable, PolicyTerms, PolicyTermsUpdate};
use crate::{Patch, UncheckedDenom};

/// One of the contracts that a timelock owns, or itself.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum Contract {
    /// The vault.
    Vault {},
    /// The vault's distributor.
    Distributor {},
    /// A breaker.
    Breaker {
        /// Which; the vault's by default. A policyholder may still use an older one.
        contract: Option<String>,
    },
    /// The timelock.
    Timelock {},
}

/// One change.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum Change {
    /// Of the vault.
    Vault(VaultChange),
    /// Of the vault's distributor.
    Distributor(DistributorChange),
    /// Of a breaker.
    Breaker {
        /// Which; the vault's by default.
        contract: Option<String>,
        /// What.
        change: BreakerChange,
    },
    /// Another code for a contract: migrates it.
    Code {
        /// Which.
        contract: Contract,
        /// The code's number on the chain.
        code_id: u64,
        /// The message to the new code.
        msg: Binary,
    },
    /// Another admin of a contract, who can migrate it, or none.
    Admin {
        /// Of which.
        contract: Contract,
        /// Who.
        admin: Patch<String>,
    },
    /// Another owner, who must accept.
    TransferOwnership {
        /// Of which contract.
        contract: Contract,
        /// Who. The present owner: takes back a transfer that is not accepted yet.
        new_owner: String,
        /// Until when it can be accepted.
        expiry: Option<Expiration>,
    },
    /// No owner from then on.
    RenounceOwnership {
        /// Of which contract.
        contract: Contract,
    },
}

/// What the vault's owner can ask of it, in the vault's own words: see
/// [`crate::vault::ExecuteMsg`].
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum VaultChange {
    /// Grants cover, or grants it again.
    AddPolicy {
        /// The derivatives contract.
        policyholder: String,
        /// Its market.
        market: String,
        /// The cover.
        terms: PolicyTerms,
    },
    /// Other terms for an active policy.
    ChangePolicy {
        /// The derivatives contract.
        policyholder: String,
        /// Its market.
        market: String,
        /// What is to change.
        update: PolicyTermsUpdate,
    },
    /// Ends a policy.
    ClosePolicy {
        /// The derivatives contract.
        policyholder: String,
        /// Its market.
        market: String,
    },
    /// Refuses a pending claim.
    DeclineClaim {
        /// The claim's number.
        claim: u64,
        /// Why.
        reason: String,
    },
    /// Other parameters.
    UpdateParams {
        /// What is to change.
        update: ParamsUpdate,
    },
    /// Once: the distributor.
    SetDistributor {
        /// Its address.
        distributor: String,
    },
    /// Ends the guardian's pause of this number.
    Resume {
        /// Of what.
        what: Pausable,
        /// The pause's number.
        pause: u64,
    },
}

/// What the distributor's owner can ask of it: see [`crate::distributor::ExecuteMsg`].
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum DistributorChange {
    /// Lets a denom be funded, again, or at another minimum rate.
    ListDenom(Listing),
    /// Refuses further funding in a denom.
    DelistDenom {
        /// Which.
        denom: UncheckedDenom,
    },
    /// Ends a stream.
    Stop {
        /// Of which denom.
        denom: UncheckedDenom,
        /// The funding's number.
        number: u64,
    },
}

/// What a breaker's owner can ask of it: see [`crate::breaker::ExecuteMsg`].
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum BreakerChange {
    /// A new market.
    AddMarket {
        /// Its name.
        market: String,
        /// How it is watched.
        #[serde(deserialize_with = "crate::apart::read")]
        config: MarketConfig<String>,
    },
    /// Other parameters or sources of a market.
    UpdateMarket {
        /// Its name.
        market: String,
        /// The parameters that change.
        params: Option<MarketParamsUpdate>,
        /// Sources, each added or put in the place of the one of its name.
        sources: Option<Vec<Source<String>>>,
    },
    /// Drops a source.
    RemoveSource {
        /// The market.
        market: String,
        /// The source's name.
        source: String,
    },
    /// Moves the reference of a market in this trip to the median on which its sources
    /// agree then.
    Reseed {
        /// The market.
        market: String,
        /// The trip's number.
        trip: u64,
    },
    /// Another guardian, or none.
    SetGuardian {
        /// Its address.
        guardian: Patch<String>,
    },
}

/// What the fields that a change names were when it was submitted.
#[cw_serde]
pub enum Before {
    /// The change is of one event, or can be made once: whoever is asked judges whether
    /// it can still be.
    Event {},
    /// Parameters of the vault.
    Params(ParamsUpdate),
    /// Terms of an active policy.
    Terms(PolicyTermsUpdate),
    /// There is no policy, or it is closed.
    NoPolicy {},
    /// Parameters and sources of a market.
    Market {
        /// The parameters.
        params: MarketParamsUpdate,
        /// The sources, in the order of the change.
        sources: Vec<SourceBefore>,
    },
    /// There is no such market.
    NoMarket {},
    /// A breaker's guardian.
    Guardian {
        /// Who.
        guardian: Option<String>,
    },
    /// How a denom is listed; absent where it never was.
    Listing {
        /// Whether it can be funded.
        listed: Option<bool>,
        /// The lowest rate of a funding.
        min_rate: Option<Uint128>,
    },
    /// The code that a contract runs.
    Code {
        /// Its number on the chain.
        code_id: u64,
    },
    /// Who can migrate a contract.
    Admin {
        /// Who.
        admin: Option<String>,
    },
    /// Who owns a contract.
    Ownership {
        /// Who.
        owner: Option<String>,
        /// Who is about to.
        pending_owner: Option<String>,
    },
}

/// A source as it was, if it was.
#[cw_serde]
pub struct SourceBefore {
    /// Its name.
    pub name: String,
    /// How it was read.
    pub source: Option<Source<String>>,
}
