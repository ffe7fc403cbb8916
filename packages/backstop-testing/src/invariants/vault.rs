//! The vault's storage as one picture, and what changed in it since the last
//! look.

use backstop_types::Assets;
use backstop_types::vault::{Claim, Config, Loss, Pool, Reserves, Stake, Ticket};
use backstop_vault::state::{self, Pauses, Policy};
use cosmwasm_std::{Addr, StdResult, Storage, Uint256};

use super::mirror::{Change, Mirror};

/// The vault's storage.
pub struct VaultView {
    /// What it is and how it is tuned.
    pub config: Option<Config>,
    /// Totals.
    pub pool: Pool,
    /// What is set aside beside the assets.
    pub reserves: Reserves,
    /// The guardian's pauses.
    pub pauses: Pauses,
    /// By staker.
    pub stakes: Mirror<Stake>,
    /// By staker and number.
    pub tickets: Mirror<Ticket>,
    /// By policyholder and market.
    pub policies: Mirror<Policy>,
    /// By number.
    pub claims: Mirror<Claim>,
    /// By number.
    pub losses: Mirror<Loss>,
    /// By staker and loss.
    pub taken: Mirror<Assets>,
    /// By account.
    pub credits: Mirror<Assets>,
    /// Of all active policies together.
    pub limits: Uint256,
    /// The log of losses on which money came back, by place.
    pub came_back: Mirror<u64>,
}

/// What changed since the last look.
#[derive(Default)]
pub struct Changes {
    /// Stakes.
    pub stakes: Vec<Change<Stake>>,
    /// Tickets.
    pub tickets: Vec<Change<Ticket>>,
    /// Policies.
    pub policies: Vec<Change<Policy>>,
    /// Claims.
    pub claims: Vec<Change<Claim>>,
    /// Losses.
    pub losses: Vec<Change<Loss>>,
    /// What was taken.
    pub taken: Vec<Change<Assets>>,
}

impl VaultView {
    /// A view that has not looked yet.
    pub fn new() -> Self {
        let nobody = Addr::unchecked("");
        Self {
            config: None,
            pool: Pool::default(),
            reserves: Reserves::default(),
            pauses: Pauses::default(),
            stakes: Mirror::new(&state::STAKES.key(&nobody)),
            tickets: Mirror::new(&state::TICKETS.key((&nobody, 0))),
            policies: Mirror::new(&state::POLICIES.key((&nobody, ""))),
            claims: Mirror::new(&state::CLAIMS.key(0)),
            losses: Mirror::new(&state::LOSSES.key(0)),
            taken: Mirror::new(&state::TAKEN.key((&nobody, 0))),
            credits: Mirror::new(&state::CREDITS.key(&nobody)),
            limits: Uint256::zero(),
            came_back: Mirror::new(&state::CAME_BACK.key(0)),
        }
    }

    /// Looks again.
    pub fn refresh(&mut self, storage: &dyn Storage) -> StdResult<Changes> {
        self.config = Some(state::CONFIG.load(storage)?);
        self.pool = state::POOL.load(storage)?;
        self.reserves = state::RESERVES.load(storage)?;
        self.pauses = state::PAUSES.may_load(storage)?.unwrap_or_default();
        self.limits = state::LIMITS.load(storage)?;
        self.credits.refresh(storage)?;
        let stakes = self.stakes.refresh(storage)?;
        let tickets = self.tickets.refresh(storage)?;
        let losses = self.losses.refresh(storage)?;
        if !losses.is_empty() {
            self.came_back.refresh(storage)?;
        }
        // What stakers took is a long table, and a loss changes with each row.
        let taken = if losses.is_empty() {
            vec![]
        } else {
            self.taken.refresh(storage)?
        };
        Ok(Changes {
            stakes,
            tickets,
            policies: self.policies.refresh(storage)?,
            claims: self.claims.refresh(storage)?,
            losses,
            taken,
        })
    }

    /// Active and queued shares.
    pub fn shares(&self) -> u128 {
        self.pool.active.u128().saturating_add(self.pool.queued.u128())
    }
}
