//! What stakers earn: premium and emissions, streamed to them by the distributor.

use backstop_testing::invariants::Violation;
use backstop_types::distributor::{ExecuteMsg, HookMsg, Listing, Start, StreamTerms};
use backstop_types::events::EventError;
use backstop_types::{Assets, Seconds};
use cosmwasm_std::{Uint128, Uint256};

use crate::chain::{Chain, Person};

const WEEK: u64 = 604_800;
const YEAR: u64 = 365 * 86_400;
/// A stream's weeks at most.
const LONGEST: u64 = 52;

/// Whoever brings premium and emissions to the distributor. What a policyholder pays
/// comes from outside of the replay: neither its margins nor its insurance fund is less.
pub struct Income {
    person: Person,
    weekly: u128,
    /// Weeks that have their money.
    funded: u64,
    /// Weeks of the replay.
    weeks: u64,
    began: u64,
}

impl Income {
    /// So much a year for as long as the replay lasts, evenly from now on.
    pub fn begin(chain: &mut Chain, a_year: Assets, lasts: Seconds) -> Result<Self, EventError> {
        let weekly = a_year.wide() * Uint256::from(WEEK) / Uint256::from(YEAR);
        let mut income = Self {
            person: chain.person("income", 0),
            weekly: Uint128::try_from(weekly).map_or(u128::MAX, |weekly| weekly.u128()),
            funded: 0,
            weeks: lasts.0.div_ceil(WEEK),
            began: chain.now(),
        };
        if income.weekly == 0 {
            income.weeks = 0;
            return Ok(income);
        }
        let owner = Person {
            addr: chain.world.owner.clone(),
            index: 0,
        };
        let distributor = chain.world.distributor.clone();
        let listing = ExecuteMsg::ListDenom(Listing {
            denom: chain.world.asset.clone().into(),
            min_rate: Uint128::one(),
        });
        chain.send("distributor/list_denom", &owner, &distributor, &listing)?;
        income.fund(chain, income.weeks.min(LONGEST))?;
        Ok(income)
    }

    /// A year's streams are funded at once; after that a week's, a week before it begins.
    /// What a halt of the chain has put off comes with the next one.
    pub fn act(&mut self, chain: &mut Chain) -> Result<(), EventError> {
        let week = chain.now().saturating_sub(self.began) / WEEK;
        match self.funded {
            funded if funded >= self.weeks || week + 1 < funded => Ok(()),
            funded if week < funded => self.fund(chain, 1),
            funded => {
                // Of this week the rest is left, and the next one.
                let terms = StreamTerms::now(1);
                self.pay(chain, terms, week - funded + 2)
            }
        }
    }

    fn fund(&mut self, chain: &mut Chain, weeks: u64) -> Result<(), EventError> {
        let terms = StreamTerms {
            weeks: u32::try_from(weeks).unwrap_or(u32::MAX),
            start: Some(Start::Week(self.funded)),
        };
        self.pay(chain, terms, weeks)
    }

    fn pay(&mut self, chain: &mut Chain, terms: StreamTerms, weeks: u64) -> Result<(), EventError> {
        let amount = self.weekly.saturating_mul(weeks.into());
        chain.world.mint(&self.person.addr, Uint128::new(amount));
        let distributor = chain.world.distributor.clone();
        let (msg, hook) = (ExecuteMsg::Fund(terms), HookMsg::Fund(terms));
        let sent = chain.pay(
            "distributor/fund",
            &self.person,
            &distributor,
            amount,
            &msg,
            &hook,
        )?;
        if let Some(error) = &sent.error {
            let what = format!("income of {amount} was refused: {error:#}");
            chain.world.violations.push(Violation::new(5, what));
        }
        self.funded += weeks;
        Ok(())
    }
}
