//! Our contracts, instantiated and wired.

use std::sync::atomic::{AtomicU64, Ordering};

use backstop_types::distributor::Listing;
use backstop_types::vault::{ExecuteMsg, InstantiateMsg, Params, PolicyTerms, PremiumCurve};
use backstop_types::{Assets, Bps, Price, Seconds, Shares, UncheckedDenom, distributor};
use cosmwasm_std::{Decimal, Uint128};

use super::World;
use crate::Result;
use crate::chain::Message;

/// The vault's asset.
pub const ASSET: &str = "uusd";
/// The shortest unbonding period and delay.
pub const HOUR: u64 = 3_600;

/// What a backstop is set up with.
pub struct Setup<'a> {
    /// Reward denoms, 1 to 4.
    pub denoms: usize,
    /// The breaker.
    pub breaker: &'a str,
}

/// A vault with its distributor.
pub struct Backstop {
    /// The vault.
    pub vault: String,
    /// The distributor.
    pub distributor: String,
    /// Shortfalls so far: each has a number of its own.
    shortfalls: AtomicU64,
}

impl Backstop {
    /// Instantiates the two and wires them.
    pub fn deploy(world: &mut World, setup: &Setup) -> Result<Self> {
        let owner = world.account("owner");
        let vault = InstantiateMsg {
            owner: owner.address.clone(),
            asset: UncheckedDenom::Native(ASSET.to_string()),
            window: Seconds::days(7),
            params: Params {
                breaker: setup.breaker.to_string(),
                guardian: Some(world.account("guardian").address),
                unbonding_period: Seconds(HOUR),
                notice: Seconds::days(3),
                pool_fraction: Decimal::percent(90),
                min_ticket: Shares::ONE,
                max_tickets: 20,
                hook_gas: 2_000_000,
                poke_gas: 5_000_000,
                premium: PremiumCurve::USUAL,
                treasury: None,
                treasury_part: Bps(0),
            },
        };
        let vault = world
            .chain
            .instantiate(&owner, world.codes["backstop-vault"], &vault, "vault")?;
        let distributor = distributor::InstantiateMsg {
            owner: owner.address.clone(),
            vault: vault.clone(),
            denoms: (1..=setup.denoms).map(listing).collect(),
        };
        let code = world.code("reward-distributor");
        let distributor = world
            .chain
            .instantiate(&owner, code, &distributor, "distributor")?;
        let backstop = Self {
            vault,
            distributor,
            shortfalls: AtomicU64::new(1),
        };
        let wire = ExecuteMsg::SetDistributor {
            distributor: backstop.distributor.clone(),
        };
        world.execute("owner", &backstop.tell(&wire)?)?;
        Ok(backstop)
    }

    /// Grants cover on a market.
    pub fn cover(&self, world: &mut World, policyholder: &str, market: &str, instant: u128) -> Result<()> {
        let terms = PolicyTerms {
            limit: Assets::new(1_000_000_000_000),
            deductible: Assets::ZERO,
            instant: Assets::new(instant),
            minimum: Assets::ONE,
            delay: Seconds(HOUR),
            priced: true,
            premium: None,
        };
        let add = ExecuteMsg::AddPolicy {
            policyholder: policyholder.to_string(),
            market: market.to_string(),
            terms,
        };
        world.execute("owner", &self.tell(&add)?)?;
        Ok(())
    }

    /// A call of the vault without coins.
    pub fn tell(&self, msg: &ExecuteMsg) -> Result<Message> {
        Message::new(&self.vault, msg)
    }

    /// Deposits, for the sender or somebody else.
    pub fn deposit(&self, amount: u128, receiver: Option<String>) -> Result<Message> {
        let msg = ExecuteMsg::Deposit {
            min_shares: None,
            receiver,
        };
        Ok(self.tell(&msg)?.with(amount, ASSET))
    }

    /// Opens a ticket.
    pub fn unbond(&self, shares: u128) -> Result<Message> {
        self.tell(&ExecuteMsg::Unbond {
            shares: Some(Shares::new(shares)),
            auto_withdraw: None,
        })
    }

    /// Makes a ticket's shares active again.
    pub fn cancel(&self, ticket: u64) -> Result<Message> {
        self.tell(&ExecuteMsg::CancelUnbond { ticket })
    }

    /// Pays all tickets that are ready.
    pub fn withdraw(&self) -> Result<Message> {
        self.tell(&ExecuteMsg::Withdraw {
            tickets: None,
            min_assets: None,
            limit: None,
            staker: None,
        })
    }

    /// A shortfall of a policyholder at a price.
    pub fn shortfall(&self, market: &str, amount: u128, price: &str) -> Result<Message> {
        self.tell(&ExecuteMsg::CoverShortfall {
            shortfall: self.shortfalls.fetch_add(1, Ordering::Relaxed),
            market: market.to_string(),
            amount: Assets::new(amount),
            price: Some(Price(price.parse().unwrap_or_default())),
        })
    }

    /// Pays or lapses a pending claim.
    pub fn settle(&self, claim: u64) -> Result<Message> {
        self.tell(&ExecuteMsg::SettleClaim { claim })
    }

    /// Repays a loss.
    pub fn recover(&self, loss: u64, amount: u128) -> Result<Message> {
        Ok(self.tell(&ExecuteMsg::Recover { loss })?.with(amount, ASSET))
    }

    /// Takes what came back on one loss.
    pub fn claim_recovery(&self, loss: u64) -> Result<Message> {
        self.tell(&ExecuteMsg::ClaimRecovery {
            losses: Some(vec![loss]),
            restake: None,
            limit: None,
        })
    }

    /// Streams rewards of one denom.
    pub fn fund(&self, denom: usize, amount: u128, weeks: u32) -> Result<Message> {
        let fund = Message::new(
            &self.distributor,
            &distributor::ExecuteMsg::Fund(distributor::StreamTerms::now(weeks)),
        )?;
        Ok(fund.with(amount, &format!("urew{denom}")))
    }

    /// Takes the rewards in every denom.
    pub fn claim_rewards(&self) -> Result<Message> {
        Message::new(
            &self.distributor,
            &distributor::ExecuteMsg::Claim {
                denoms: None,
                receiver: None,
                restake: None,
            },
        )
    }
}

fn listing(number: usize) -> Listing {
    Listing {
        denom: UncheckedDenom::Native(format!("urew{number}")),
        min_rate: Uint128::one(),
    }
}
