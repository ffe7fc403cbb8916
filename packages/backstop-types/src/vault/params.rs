//! How a vault is tuned, and the terms of a policy.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Decimal};
use serde::{Deserialize, Deserializer};

use crate::{Assets, Bps, Denom, Patch, Seconds, Shares, patch};

/// The vault's parameters. `T` is `String` in messages and `Addr` in state.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct Params<T> {
    /// The oracle breaker that verdicts and prices come from.
    pub breaker: T,
    /// Who may pause deposits and payouts for a while.
    pub guardian: Option<T>,
    /// From unbonding to withdrawal, for tickets opened from now on; a shorter
    /// one also shortens the tickets that are open. 1 hour to 365 days.
    pub unbonding_period: Seconds,
    /// What is added to the unbonding period in a held claim's latest date, and in the
    /// wait of a change that raises stakers' risk. 3 to 30 days.
    pub notice: Seconds,
    /// The part F of the assets that grants may take: within any time *t* at
    /// most F × (1 + *t*/W). More than zero and at most 0.9.
    pub pool_fraction: Decimal,
    /// The smallest ticket, unless it is all that the staker has left. At
    /// least 1.
    pub min_ticket: Shares,
    /// Open tickets a staker, 1 to 100; one for all that is left always
    /// passes.
    pub max_tickets: u32,
    /// Gas for the distributor's hook, 1,300,000 to 10,000,000: it costs most
    /// after a year of silence with eight denoms, 630,651 as measured.
    pub hook_gas: u64,
    /// Gas for the breaker's poke, 100,000 to 10,000,000.
    pub poke_gas: u64,
    /// What cover costs a year.
    pub premium: PremiumCurve,
    /// Whose the treasury's part of earned premiums is.
    pub treasury: Option<T>,
    /// The treasury's part of what is earned, 0 to 5,000; above zero there must be
    /// a treasury. What is earned and not yet sent is divided by the part in
    /// force when it is sent.
    pub treasury_part: Bps,
}

/// What cover costs a year, as a part of a policy's limit: a line from `base` to
/// `at_kink`, and a steeper one from there to `most`, over the utilisation. That
/// is the limits of all active policies together over the active assets. The rates
/// are 1 to 100,000 and never fall: cover without a premium is a policy without
/// one, never a rate of zero.
#[cw_serde]
#[derive(Copy, Eq)]
#[serde(deny_unknown_fields)]
pub struct PremiumCurve {
    /// The utilisation at which the line bends, 1 to 10,000.
    pub kink: Bps,
    /// The rate while nothing is used.
    pub base: Bps,
    /// The rate at the kink.
    pub at_kink: Bps,
    /// The rate at a utilisation of one; also above it, and while there are no
    /// active assets.
    pub most: Bps,
}

impl PremiumCurve {
    /// What the project's own vaults start from: 1 % a year of the limit unused, 4 %
    /// at four fifths, 20 % where all is used.
    pub const USUAL: Self = Self {
        kink: Bps(8_000),
        base: Bps(100),
        at_kink: Bps(400),
        most: Bps(2_000),
    };
}

/// Reads the parameters as they are stored: the same code as for those of a message, of
/// which a second copy for addresses would take 3 kB of a contract.
fn stored<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Params<Addr>, D::Error> {
    Ok(Params::<String>::deserialize(deserializer)?.map(Addr::unchecked))
}

impl Params<Addr> {
    /// The same as a message carries it.
    pub fn unchecked(&self) -> Params<String> {
        self.clone().map(Addr::into_string)
    }
}

impl<T> Params<T> {
    /// The same with each address in another form.
    fn map<U>(self, address: fn(T) -> U) -> Params<U> {
        let Self {
            breaker,
            guardian,
            unbonding_period,
            notice,
            pool_fraction,
            min_ticket,
            max_tickets,
            hook_gas,
            poke_gas,
            premium,
            treasury,
            treasury_part,
        } = self;
        Params {
            breaker: address(breaker),
            guardian: guardian.map(address),
            unbonding_period,
            notice,
            pool_fraction,
            min_ticket,
            max_tickets,
            hook_gas,
            poke_gas,
            premium,
            treasury: treasury.map(address),
            treasury_part,
        }
    }
}

patch! {
    /// A change of [`Params`]: what is absent stays. Another breaker is refused
    /// while a claim is pending: a broken one is migrated, not replaced.
    pub struct ParamsUpdate of Params<String> {
        breaker: String,
        guardian: Patch<String>,
        unbonding_period: Seconds,
        notice: Seconds,
        pool_fraction: Decimal,
        min_ticket: Shares,
        max_tickets: u32,
        hook_gas: u64,
        poke_gas: u64,
        premium: PremiumCurveUpdate,
        treasury: Patch<String>,
        treasury_part: Bps,
    }

    /// A change of [`PremiumCurve`]: what is absent stays. What was paid before
    /// keeps its time.
    pub struct PremiumCurveUpdate of PremiumCurve {
        kink: Bps,
        base: Bps,
        at_kink: Bps,
        most: Bps,
    }
}

/// What the vault is and how it is tuned.
#[cw_serde]
pub struct Config {
    /// The one token that it takes. Never changes.
    pub asset: Denom,
    /// The vault's one window W, over which limits refill. Never changes.
    pub window: Seconds,
    /// Where rewards come from; set once, then never changed.
    pub distributor: Option<Addr>,
    /// The rest, which the owner may change.
    #[serde(deserialize_with = "stored")]
    pub params: Params<Addr>,
}

/// The cover that the DAO grants one (derivatives contract, market).
#[cw_serde]
#[derive(Copy)]
#[serde(deny_unknown_fields)]
pub struct PolicyTerms {
    /// Grants: within any time *t* at most this × (1 + *t*/W). At least 1.
    pub limit: Assets,
    /// What the policyholder bears itself of its shortfalls in one window,
    /// before the policy pays; zero bears nothing.
    pub deductible: Assets,
    /// Of the grants in one window, what is paid at once; the rest waits for
    /// the delay. At most the limit; zero pays nothing at once.
    pub instant: Assets,
    /// The smallest grant, at least 1 and at most the limit.
    pub minimum: Assets,
    /// From filing to payment of what is not instant, 1 hour to 30 days.
    pub delay: Seconds,
    /// Whether a claim names a price that must lie in the breaker's band. A
    /// policy without prices (cover for exploits) is never instant.
    pub priced: bool,
    /// The policy's risk as a multiplier of the premium's rate, 1 to 100,000, of
    /// which 10,000 is one. None asks no premium: the policy is always in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub premium: Option<Bps>,
}

patch! {
    /// A change of [`PolicyTerms`]: what is absent stays.
    pub struct PolicyTermsUpdate of PolicyTerms {
        limit: Assets,
        deductible: Assets,
        instant: Assets,
        minimum: Assets,
        delay: Seconds,
        priced: bool,
        premium: Patch<Bps>,
    }
}
