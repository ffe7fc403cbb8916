//! What stakers earn, and what cover would have to cost for that to be enough.

use backstop_core::math::{MathError, mul_div_ceil, mul_div_floor};
use backstop_core::premium::{rate, utilisation, with_multiplier};
use backstop_types::{Assets, Bps};
use cosmwasm_std::{Decimal, Uint128, Uint256};

use super::{Tuned, Vault, signed};
use crate::people::{Rule, Stay};
use crate::scenario::tables::Scenario;

/// Billionths in a whole.
const WHOLE: u128 = 1_000_000_000;

/// A part of something, in billionths; less than nothing is a loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Billionths(pub i128);

/// What stakers earn a year by the scenario, and what came of it in this run.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Yields {
    /// The premium of a year, of the policy's limit.
    pub premium_rate: Decimal,
    /// Whether the scenario states it; otherwise the vault's curve does.
    pub stated: bool,
    /// The policy's limit.
    pub limit: Assets,
    /// What of the premium goes to the stakers; the rest is the treasury's.
    pub to_stakers: Bps,
    /// The stakers' premium of a year.
    pub premium: Assets,
    /// Their emissions of a year.
    pub emissions: Assets,
    /// How many crashes like this a year's premium is to meet.
    pub crashes_a_year: Decimal,
    /// The pool's assets once everybody who is to come has come.
    pub assets: Assets,
    /// What the pool gave in this run and did not get back, paid or waiting.
    pub lost: Assets,
    /// What the reference staker who stays lost of its deposit: without what it earned,
    /// and less what came back to it.
    pub loss: Billionths,
    /// What the reference staker who stays earned in the run, of its deposit.
    pub gross: Billionths,
    /// The same less what it lost.
    pub net: Billionths,
}

impl Yields {
    /// What the scenario says of it, for a pool of these assets.
    pub(crate) fn of(scenario: &Scenario, tuned: &Tuned, assets: Assets) -> Result<Self, MathError> {
        let (stated, limit) = (scenario.yields.premium_bps, tuned.policy.limit);
        let premium_rate = match stated {
            Some(bps) => Decimal::from_ratio(bps, u128::from(Bps::ONE.0)),
            None => {
                let used = utilisation(limit.wide(), assets)?;
                let multiplier = tuned.policy.premium.unwrap_or(Bps(0));
                with_multiplier(rate(&tuned.vault.premium, used)?, multiplier)?
            }
        };
        let to_stakers = Bps(Bps::ONE.0.saturating_sub(tuned.vault.treasury_part.0));
        let one = Uint256::from(Decimal::one().atomics());
        let premium = mul_div_floor(limit.wide(), premium_rate.atomics().into(), one)?;
        let premium = mul_div_floor(premium, to_stakers.0.into(), Bps::ONE.0.into())?;
        Ok(Self {
            premium_rate,
            stated: stated.is_some(),
            limit,
            to_stakers,
            premium: Assets(Uint128::try_from(premium).unwrap_or(Uint128::MAX)),
            emissions: Assets::new(scenario.yields.emissions.0),
            crashes_a_year: scenario.yields.crashes_a_year.0,
            assets,
            lost: Assets::ZERO,
            loss: Billionths::default(),
            gross: Billionths::default(),
            net: Billionths::default(),
        })
    }

    /// With what came of it.
    pub(super) fn of_run(self, vault: &Vault, stays: &[Stay]) -> Self {
        let stayer = stays.iter().find(|stay| stay.rule == Rule::Stayer);
        let returned = |amount: fn(&Stay) -> i128| {
            stayer.map_or(Billionths::default(), |stay| part(amount(stay), stay.put_in))
        };
        Self {
            lost: Assets(vault.paid.0 + vault.waiting.0),
            loss: returned(|stay| signed(stay.put_in).saturating_sub(signed(stay.ended()))),
            gross: returned(|stay| signed(stay.earned)),
            net: returned(result),
            ..self
        }
    }

    /// Premium and emissions of a year.
    pub fn income(&self) -> Assets {
        Assets(self.premium.0.saturating_add(self.emissions.0))
    }

    /// What a quiet year brings, of the assets.
    pub fn quiet_year(&self) -> Billionths {
        part(signed(self.income()), self.assets)
    }

    /// What a year brings that has so many crashes like this one; at the worst all is
    /// lost.
    pub fn year(&self) -> Billionths {
        let crashes = signed(Assets(self.crashes_a_year.atomics()));
        let one = signed(Assets(Decimal::one().atomics()));
        // Rounded towards the loss.
        let lost = -(-self.loss.0.saturating_mul(crashes)).div_euclid(one);
        Billionths(
            self.quiet_year()
                .0
                .saturating_sub(lost)
                .max(-signed(Assets::new(WHOLE))),
        )
    }

    /// The premium of a year that meets what this run alone lost.
    pub fn premium_of_run(&self) -> Option<Assets> {
        self.break_even_premium(self.lost.wide(), 1)
    }

    /// The same of the limit.
    pub fn rate_of_run(&self) -> Option<Billionths> {
        self.break_even(self.lost.wide(), 1)
    }

    /// The premium of a year of which the stakers' part meets the mean of what so many
    /// runs lost together, each as often a year as a crash comes; rounded up.
    pub fn break_even_premium(&self, lost: Uint256, runs: u64) -> Option<Assets> {
        let one = Uint256::from(Decimal::one().atomics());
        let a_year = mul_div_ceil(lost, self.crashes_a_year.atomics().into(), one).ok()?;
        let part = Uint256::from(runs).checked_mul(self.to_stakers.0.into()).ok()?;
        let premium = mul_div_ceil(a_year, Bps::ONE.0.into(), part).ok()?;
        Uint128::try_from(premium).ok().map(Assets)
    }

    /// The same as a yearly rate, of the limit. None where the policy has no limit. Rates of
    /// different limits cannot be compared; the premiums themselves can.
    pub fn break_even(&self, lost: Uint256, runs: u64) -> Option<Billionths> {
        let one = Decimal::one().atomics();
        let up = |a: Uint256, b: u128, c: Uint256| mul_div_ceil(a, Uint256::from(b), c).ok();
        // Each step is rounded up, so that none is lost to the next.
        let a_year = up(lost, self.crashes_a_year.atomics().u128(), Uint256::from(runs))?;
        let in_billionths = up(a_year, WHOLE * u128::from(Bps::ONE.0), self.to_stakers.0.into())?;
        let of_limit = up(in_billionths, 1, self.limit.wide().checked_mul(one.into()).ok()?)?;
        let of_limit = Uint128::try_from(of_limit).ok()?;
        i128::try_from(of_limit.u128()).ok().map(Billionths)
    }
}

/// What a stay brought, less what was put in.
fn result(stay: &Stay) -> i128 {
    signed(Assets(stay.ended().0 + stay.earned.0)).saturating_sub(signed(stay.put_in))
}

/// Rounded down.
fn part(amount: i128, of: Assets) -> Billionths {
    let part = amount
        .saturating_mul(signed(Assets::new(WHOLE)))
        .checked_div_euclid(signed(of));
    Billionths(part.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn yields(limit: u128, to_stakers: u32, crashes: &str) -> Yields {
        Yields {
            limit: Assets::new(limit),
            to_stakers: Bps(to_stakers),
            crashes_a_year: crashes.parse().unwrap(),
            ..Yields::default()
        }
    }

    #[test]
    fn a_premium_breaks_even_where_a_year_of_it_is_the_mean_loss_of_a_year() {
        let rate = |yields: &Yields, lost: u128, runs| yields.break_even(Uint256::from(lost), runs);
        // 30 + 60 + 0 lost in three runs of a limit of 1,000: 3 % once a year.
        assert_eq!(
            rate(&yields(1_000, 10_000, "1"), 90, 3),
            Some(Billionths(30_000_000))
        );
        // Twice a year, and every fourth year.
        assert_eq!(
            rate(&yields(1_000, 10_000, "2"), 90, 3),
            Some(Billionths(60_000_000))
        );
        assert_eq!(
            rate(&yields(1_000, 10_000, "0.25"), 80, 2),
            Some(Billionths(10_000_000))
        );
        // Where a fifth of the premium is the treasury's, it has to be a quarter more.
        assert_eq!(
            rate(&yields(1_000, 8_000, "1"), 80, 2),
            Some(Billionths(50_000_000))
        );
        assert_eq!(rate(&yields(0, 10_000, "1"), 80, 2), None);
        // As an amount: 40 a crash, of which a fifth would go to the treasury.
        let premium = |yields: &Yields| yields.break_even_premium(Uint256::from(80_u128), 2);
        assert_eq!(premium(&yields(1_000, 8_000, "1")), Some(Assets::new(50)));
        assert_eq!(premium(&yields(2_000, 8_000, "1")), Some(Assets::new(50)));
    }

    #[test]
    fn a_year_has_its_income_less_its_crashes() {
        let yields = Yields {
            premium: Assets::new(30),
            emissions: Assets::new(20),
            assets: Assets::new(1_000),
            ..yields(1_000, 10_000, "2")
        };
        assert_eq!(yields.quiet_year(), Billionths(50_000_000));
        let with = |loss: i128| Yields {
            loss: Billionths(loss),
            ..yields
        };
        assert_eq!(with(40_000_000).year(), Billionths(-30_000_000));
        assert_eq!(with(900_000_000).year(), Billionths(-1_000_000_000));
        // A pool without assets at the beginning has no return.
        assert_eq!(Yields::default().quiet_year(), Billionths(0));
    }

    proptest! {
        #[test]
        fn at_the_break_even_rate_the_stakers_part_of_the_premium_meets_the_loss_and_a_billionth_less_does_not(
            limit in 1_u128..1_000_000_000_000_000,
            lost in 0_u128..1_000_000_000_000_000,
            runs in 1_u64..1_000,
            to_stakers in 5_000_u32..=10_000,
            percents in 1_u128..10_000,
        ) {
            let crashes = Decimal::from_ratio(percents, 100_u128);
            let yields = yields(limit, to_stakers, &crashes.to_string());
            let rate = yields.break_even(Uint256::from(lost), runs).unwrap();
            // limit × rate × part × runs ≥ lost × crashes, all in the same small units.
            let brings = |rate: i128| {
                let rate = Uint256::from(rate.unsigned_abs());
                Uint256::from(limit) * rate * Uint256::from(to_stakers) * Uint256::from(runs) * Uint256::from(100_u128)
            };
            let needs = Uint256::from(lost)
                * Uint256::from(percents)
                * Uint256::from(WHOLE)
                * Uint256::from(10_000_u128);
            prop_assert!(brings(rate.0) >= needs);
            if rate.0 > 1 {
                prop_assert!(brings(rate.0 - 2) < needs);
            }
        }
    }
}
