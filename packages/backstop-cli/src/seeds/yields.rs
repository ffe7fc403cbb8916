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
    /// The premium of a year that meets it.
    pub premium: Assets,
    /// The same of the limit; none where the policy has no limit.
    pub rate: Option<Billionths>,
}

impl Expected {
    /// Of these draws; none where there are none, or where one of them tested nothing: its
    /// zero is no figure.
    pub fn of(setting: &Draws) -> Option<Self> {
        let first = setting.draws.first().filter(|_| setting.untested().is_empty())?;
        let lost = setting.draws.iter().map(|draw| draw.yields.lost.wide());
        let lost = lost.fold(Uint256::zero(), |sum, lost| sum.saturating_add(lost));
        let runs = setting.draws.len() as u64;
        let mean = lost.saturating_add(Uint256::from(runs - 1)) / Uint256::from(runs);
        Some(Self {
            lost: Assets(Uint128::try_from(mean).unwrap_or(Uint128::MAX)),
            premium: first.yields.break_even_premium(lost, runs)?,
            rate: first.yields.break_even(lost, runs),
        })
    }
}

/// In two sentences, the first without its capital.
pub fn words(outcome: &Outcome, setting: &Draws) -> Option<String> {
    let expected = Expected::of(setting)?;
    let about = &outcome.about;
    let shown = |amount| format!("{} {}", money(amount, about.decimals), asset_name(&about.asset));
    let limit = setting.draws.first()?.yields.limit;
    let rate = expected.rate.map_or(String::new(), |rate| {
        format!(", {} of the limit of {},", percent(rate, 2), shown(limit))
    });
    Some(format!(
        "on the mean of the seeds the pool gave {}, net of what came back. With such a crash {} a year, a premium of {} a year{rate} would meet that.",
        shown(expected.lost),
        often(&setting.draws.first()?.yields),
        shown(expected.premium)
    ))
}
