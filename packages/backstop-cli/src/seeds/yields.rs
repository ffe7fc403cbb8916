//! The mean loss over the seeds, and the premium that would meet it.

use backstop_replay::record::Billionths;
use backstop_types::Assets;
use cosmwasm_std::{Uint128, Uint256};

use super::{Draws, Outcome};
use crate::report::words::{asset_name, money, percent};
use crate::report::yields::often;

/// What is expected of a setting, every seed as likely as another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected {
    /// The mean of what the pool gave and did not get back, rounded up.
    pub lost: Assets,
    /// The yearly rate, of the limit, at which the stakers' premium meets it; none
    /// where the policy has no limit.
    pub break_even: Option<Billionths>,
}

impl Expected {
    /// Of these draws; none where there are none.
    pub fn of(setting: &Draws) -> Option<Self> {
        let first = setting.draws.first()?;
        let lost = setting.draws.iter().map(|draw| draw.yields.lost.wide());
        let lost = lost.fold(Uint256::zero(), |sum, lost| sum.saturating_add(lost));
        let runs = setting.draws.len() as u64;
        let mean = lost.saturating_add(Uint256::from(runs - 1)) / Uint256::from(runs);
        Some(Self {
            lost: Assets(Uint128::try_from(mean).unwrap_or(Uint128::MAX)),
            break_even: first.yields.break_even(lost, runs),
        })
    }
}

/// In two sentences, the first without its capital.
pub fn words(outcome: &Outcome, setting: &Draws) -> Option<String> {
    let expected = Expected::of(setting)?;
    let about = &outcome.about;
    let lost = format!(
        "{} {}",
        money(expected.lost, about.decimals),
        asset_name(&about.asset)
    );
    let mean = format!("on the mean of the seeds the pool gave {lost}, net of what came back");
    let Some(rate) = expected.break_even else {
        return Some(format!("{mean}."));
    };
    let yields = setting.draws.first()?.yields;
    Some(format!(
        "{mean}. With such a crash {} a year, a premium of {} of the limit a year would meet that.",
        often(&yields),
        percent(rate, 2)
    ))
}
