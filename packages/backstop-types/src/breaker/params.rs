//! How a market's readings are judged: every threshold with its unit, its
//! default and its bounds. A part of a price is in Bps, and every default that
//! somebody wrote as percent is out of its bounds.

use cosmwasm_schema::cw_serde;
use serde::{Deserialize, Deserializer};

use super::source::MAX_SOURCES;
use super::state::{Action, MarketState};
use crate::{
    Bps, Named, Price, Seconds,
    input::{self, InputError},
};

/// How a market's readings are judged. A config names every parameter but the two
/// bounds of the price: a check that is left out would be off without a word, so
/// one that is to be off is `null`.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[derive(Copy, Eq)]
pub struct MarketParams {
    /// How old a price may be. 5 s to 1 day; 120 s by default.
    pub max_age: Seconds,
    /// How far ahead of the block's time a price may be. 0 to 300 s; 15 s by
    /// default.
    pub max_future: Seconds,
    /// How wide a price's confidence may be, in Bps of the price. 20 to 5,000;
    /// 200 by default.
    pub max_confidence: Bps,
    /// The lowest price that the market can have; none by default.
    pub min_price: Option<Price>,
    /// The highest price that the market can have, above `min_price`; none by
    /// default.
    pub max_price: Option<Price>,
    /// How many new prices with one value make a source frozen, while the
    /// others moved by more than `frozen_move`. 2 to 1,000, or none for never; 5
    /// by default.
    #[serde(deserialize_with = "named_even_if_none")]
    pub frozen_ticks: Option<u32>,
    /// How far the median of the other lineages must have moved meanwhile, in
    /// Bps of what it was. 50 to 5,000; 300 by default.
    pub frozen_move: Bps,
    /// After how many changes in a row to the very value of another lineage a
    /// source counts as its copy. 3 to 1,000, or none for never; 100 by default:
    /// feeds of a steady price in four decimals agree a dozen times by chance.
    #[serde(deserialize_with = "named_even_if_none")]
    pub shared_ticks: Option<u32>,
    /// How far from the median of all a price may be, in Bps of the median. 25
    /// to 2,500 and at most half of `max_disagreement`, so that a source is
    /// dropped before it can trip the market; 250 by default.
    pub max_outlier: Bps,
    /// How many lineages must be left. 2 to 8, and no more than there are; 2 by
    /// default.
    pub min_lineages: u32,
    /// How far the lineages' prices may spread, in Bps of their median. 50 to
    /// 5,000; 500 by default.
    pub max_disagreement: Bps,
    /// How far from a fresh reference the median may be, in Bps of the
    /// reference. 200 to 9,000; 2,000 by default.
    pub max_jump: Bps,
    /// What is added to `max_jump` for each hour of the reference's age, in
    /// Bps. 25 to 10,000; 500 by default.
    pub jump_growth: Bps,
    /// What the reference's age adds at most, in Bps. 200 to 9,000; 2,000 by
    /// default. Beyond it only the time adds in which readings were seen to
    /// stand at the new level.
    pub max_growth: Bps,
    /// How far the reference may move in a minute, in Bps of itself. 2 to
    /// 10,000; 100 by default. Must be more than
    /// `jump_growth / 60 / (1 − max_jump)`, so that a reference that followed a
    /// reading is near enough for the next one like it.
    pub reference_slew: Bps,
    /// How far the median may be from where the reference was up to
    /// `drift_window` ago, in Bps: the larger by the smaller, less one. 1,000 to
    /// 100,000; 10,000 by default, a doubling or a halving.
    pub max_drift: Bps,
    /// Over how long. 1 hour to 7 days, or none for never; 6 hours by default.
    #[serde(deserialize_with = "named_even_if_none")]
    pub drift_window: Option<Seconds>,
    /// What a block usually takes on this chain, in milliseconds. 100 to
    /// 3,600,000; 6,000 by default.
    pub block_time_ms: u32,
    /// How much longer than its blocks and a quarter more the time since the last
    /// poke may be. 30 s to 1 day, or none for never; 600 s by default.
    #[serde(deserialize_with = "named_even_if_none")]
    pub max_halt: Option<Seconds>,
    /// From where the market is guarded, in Bps of the bounds of disagreement,
    /// jump and drift. 1,000 to 10,000 (never); 6,000 by default.
    pub guard_threshold: Bps,
    /// How long a guarded market stays so after it was last unwell. 1 s to 1
    /// day; 300 s by default.
    pub guard_cooldown: Seconds,
    /// How old the reference may be before the market is guarded. 60 s to 7
    /// days; 1 hour by default.
    pub max_unread: Seconds,
    /// How long a trip lasts at least after the last faulty reading. 60 s to 7
    /// days; 1,800 s by default.
    pub cooldown: Seconds,
    /// How many clean readings end a trip. 1 to 20; 3 by default.
    pub recovery_readings: u32,
    /// How far apart they must be at least, and those that confirm a jump. 1 s
    /// to 1 hour; 60 s by default.
    pub recovery_spacing: Seconds,
    /// What a clean reading in a trip must keep, in Bps of `max_confidence`,
    /// `max_outlier`, `max_disagreement` and `max_jump`. 1,000 to 10,000; 5,000
    /// by default.
    pub recovery_tightness: Bps,
    /// How many lineages must agree on a jump that is to be confirmed. 3 to 8, or
    /// 0: none is; 3 by default. A market with fewer lineages confirms none.
    pub confirm_lineages: u32,
    /// How many readings confirm a jump. 2 to 100; 3 by default.
    pub confirm_readings: u32,
    /// How far the median may be from the reading before in a jump that can be
    /// confirmed, in Bps of the latter. 1,000 to 9,900; 6,000 by default.
    pub max_leap: Bps,
    /// How many trips by faults latch the market, each begun within
    /// `latch_window` of the one before; trips by a gap in the feeds alone do not
    /// count. 2 to 100, or none for never; 4 by default.
    #[serde(deserialize_with = "named_even_if_none")]
    pub latch_trips: Option<u32>,
    /// See `latch_trips`. 1 hour to 30 days; 1 day by default.
    pub latch_window: Seconds,
    /// What is allowed up to which state.
    pub actions: ActionMatrix,
}

/// For each action the worst state in which it is allowed, on a reading without
/// a market fault; states get worse in the order normal, guarded, recovering,
/// tripped, latched. What a confirmed jump and a gap's cooldown allow besides is
/// not set here.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[derive(Copy, Eq)]
pub struct ActionMatrix {
    /// Add risk: normal or guarded; normal by default.
    pub open: MarketState,
    /// Take risk off: guarded or recovering; recovering by default.
    pub reduce: MarketState,
    /// Close somebody else's position: normal to recovering; recovering by
    /// default.
    pub liquidate: MarketState,
    /// Close winners against a loss: normal to recovering; recovering by default.
    pub deleverage: MarketState,
    /// Pay a backstop claim: normal or guarded; guarded by default.
    pub payout: MarketState,
}

/// With a function of its own serde takes no missing field for none.
fn named_even_if_none<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer)
}

impl ActionMatrix {
    /// The worst state in which the action is allowed.
    pub const fn worst(&self, action: Action) -> MarketState {
        match action {
            Action::Open => self.open,
            Action::Reduce => self.reduce,
            Action::Liquidate => self.liquidate,
            Action::Deleverage => self.deleverage,
            Action::Payout => self.payout,
        }
    }

    /// Each action must be allowed in a normal market; nothing opens or is paid
    /// out of a trip before it has ended; and who is in can leave a guarded one.
    fn check(&self) -> Result<(), InputError> {
        use MarketState::{Guarded, Normal, Recovering};
        for (field, action, states) in [
            ("actions.open", Action::Open, &[Normal, Guarded][..]),
            ("actions.reduce", Action::Reduce, &[Guarded, Recovering]),
            (
                "actions.liquidate",
                Action::Liquidate,
                &[Normal, Guarded, Recovering],
            ),
            (
                "actions.deleverage",
                Action::Deleverage,
                &[Normal, Guarded, Recovering],
            ),
            ("actions.payout", Action::Payout, &[Normal, Guarded]),
        ] {
            let worst = self.worst(action);
            if !states.contains(&worst) {
                let names: Vec<&str> = states.iter().map(|state| state.name()).collect();
                return Err(InputError::bounds(field, worst, names.join(" or ")));
            }
        }
        Ok(())
    }
}

impl Default for ActionMatrix {
    fn default() -> Self {
        Self {
            open: MarketState::Normal,
            reduce: MarketState::Recovering,
            liquidate: MarketState::Recovering,
            deleverage: MarketState::Recovering,
            payout: MarketState::Guarded,
        }
    }
}

impl Default for MarketParams {
    fn default() -> Self {
        Self {
            max_age: Seconds(120),
            max_future: Seconds(15),
            max_confidence: Bps(200),
            min_price: None,
            max_price: None,
            frozen_ticks: Some(5),
            frozen_move: Bps(300),
            shared_ticks: Some(100),
            max_outlier: Bps(250),
            min_lineages: 2,
            max_disagreement: Bps(500),
            max_jump: Bps(2_000),
            jump_growth: Bps(500),
            max_growth: Bps(2_000),
            reference_slew: Bps(100),
            max_drift: Bps(10_000),
            drift_window: Some(Seconds::hours(6)),
            block_time_ms: 6_000,
            max_halt: Some(Seconds(600)),
            guard_threshold: Bps(6_000),
            guard_cooldown: Seconds(300),
            max_unread: Seconds::HOUR,
            cooldown: Seconds(1_800),
            recovery_readings: 3,
            recovery_spacing: Seconds(60),
            recovery_tightness: Bps(5_000),
            confirm_lineages: 3,
            confirm_readings: 3,
            max_leap: Bps(6_000),
            latch_trips: Some(4),
            latch_window: Seconds::DAY,
            actions: ActionMatrix::default(),
        }
    }
}

impl MarketParams {
    /// Checks each parameter against its bounds, and those that must fit
    /// together.
    pub fn check(&self) -> Result<(), InputError> {
        self.check_sources()?;
        self.check_market()?;
        self.check_trips()?;
        self.check_prices()?;
        self.check_outlier()?;
        self.check_slew()?;
        self.actions.check()
    }

    fn check_sources(&self) -> Result<(), InputError> {
        input::within("max_age", self.max_age.0, 5, Seconds::DAY.0)?;
        input::within("max_future", self.max_future.0, 0, 300)?;
        input::within("max_confidence", self.max_confidence.0, 20, 5_000)?;
        if let Some(ticks) = self.frozen_ticks {
            input::within("frozen_ticks", ticks, 2, 1_000)?;
        }
        input::within("frozen_move", self.frozen_move.0, 50, 5_000)?;
        if let Some(ticks) = self.shared_ticks {
            input::within("shared_ticks", ticks, 3, 1_000)?;
        }
        input::within("max_outlier", self.max_outlier.0, 25, 2_500)?;
        Ok(())
    }

    fn check_market(&self) -> Result<(), InputError> {
        input::within("min_lineages", self.min_lineages, 2, MAX_SOURCES as u32)?;
        input::within("max_disagreement", self.max_disagreement.0, 50, 5_000)?;
        input::within("max_jump", self.max_jump.0, 200, 9_000)?;
        input::within("jump_growth", self.jump_growth.0, 25, 10_000)?;
        input::within("max_growth", self.max_growth.0, 200, 9_000)?;
        input::within("reference_slew", self.reference_slew.0, 2, 10_000)?;
        input::within("max_drift", self.max_drift.0, 1_000, 100_000)?;
        if let Some(window) = self.drift_window {
            input::within("drift_window", window.0, Seconds::HOUR.0, Seconds::days(7).0)?;
        }
        input::within("block_time_ms", self.block_time_ms, 100, 3_600_000)?;
        if let Some(halt) = self.max_halt {
            input::within("max_halt", halt.0, 30, Seconds::DAY.0)?;
        }
        Ok(())
    }

    fn check_trips(&self) -> Result<(), InputError> {
        input::within("guard_threshold", self.guard_threshold.0, 1_000, 10_000)?;
        input::within("guard_cooldown", self.guard_cooldown.0, 1, Seconds::DAY.0)?;
        input::within("max_unread", self.max_unread.0, 60, Seconds::days(7).0)?;
        input::within("cooldown", self.cooldown.0, 60, Seconds::days(7).0)?;
        input::within("recovery_readings", self.recovery_readings, 1, 20)?;
        input::within("recovery_spacing", self.recovery_spacing.0, 1, Seconds::HOUR.0)?;
        input::within("recovery_tightness", self.recovery_tightness.0, 1_000, 10_000)?;
        if self.confirm_lineages != 0 {
            let most = MAX_SOURCES as u32;
            if !(3..=most).contains(&self.confirm_lineages) {
                let bound = format!("0, or from 3 to {most}");
                return Err(InputError::bounds(
                    "confirm_lineages",
                    self.confirm_lineages,
                    bound,
                ));
            }
        }
        input::within("confirm_readings", self.confirm_readings, 2, 100)?;
        input::within("max_leap", self.max_leap.0, 1_000, 9_900)?;
        if let Some(trips) = self.latch_trips {
            input::within("latch_trips", trips, 2, 100)?;
        }
        let month = Seconds::days(30).0;
        input::within("latch_window", self.latch_window.0, Seconds::HOUR.0, month)?;
        Ok(())
    }

    fn check_prices(&self) -> Result<(), InputError> {
        if let (Some(min), Some(max)) = (self.min_price, self.max_price)
            && min >= max
        {
            return Err(InputError::bounds(
                "min_price",
                min,
                format!("below max_price, {max}"),
            ));
        }
        Ok(())
    }

    /// `2 × max_outlier ≤ max_disagreement`: prices that are within
    /// `max_outlier` of their median spread over at most twice that. So what is
    /// left after the outliers were dropped never disagrees.
    fn check_outlier(&self) -> Result<(), InputError> {
        let most = self.max_disagreement.0 / 2;
        if self.max_outlier.0 > most {
            let bound = format!("at most {most}: half of max_disagreement");
            return Err(InputError::bounds("max_outlier", self.max_outlier, bound));
        }
        Ok(())
    }

    /// `slew × 60 × (1 − max_jump) > growth`: let d be the jump, a the age, b,
    /// g and s base, growth and slew. A reading with d ≤ b + g·a moves the
    /// reference by s·a; what is left of the jump is at most
    /// (d − s·a) / (1 − s·a), which is ≤ b if g ≤ s·(1 − b).
    fn check_slew(&self) -> Result<(), InputError> {
        let whole = u64::from(Bps::ONE.0);
        let room = whole.saturating_sub(u64::from(self.max_jump.0)).max(1);
        let per_hour = u64::from(self.jump_growth.0).saturating_mul(whole);
        let least = per_hour
            .checked_div(room.saturating_mul(60))
            .unwrap_or(u64::MAX)
            .saturating_add(1);
        if u64::from(self.reference_slew.0) < least {
            let bound = format!("at least {least}: more than jump_growth / 60 / (1 - max_jump)");
            return Err(InputError::bounds("reference_slew", self.reference_slew, bound));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::{from_json, to_json_string};

    #[test]
    fn a_check_that_is_left_out_is_an_error_and_null_is_off() {
        let whole = to_json_string(&MarketParams::default()).unwrap();
        let with = |field: &str, text: &str| {
            let written = format!(r#""{field}":"#);
            let (before, after) = whole.split_once(&written).unwrap();
            let (_, rest) = after.split_once(',').unwrap();
            from_json::<MarketParams>(format!("{before}{text}{rest}"))
        };
        for field in [
            "frozen_ticks",
            "shared_ticks",
            "drift_window",
            "max_halt",
            "latch_trips",
            "max_jump",
        ] {
            let refused = with(field, "").unwrap_err().to_string();
            let missing = format!("missing field `{field}`");
            assert!(refused.contains(&missing), "{refused}");
        }
        assert_eq!(with("max_halt", r#""max_halt":null,"#).unwrap().max_halt, None);
    }

    #[test]
    fn the_defaults_are_accepted() {
        assert_eq!(MarketParams::default().check(), Ok(()));
    }

    #[test]
    fn a_source_must_be_dropped_before_it_can_make_a_disagreement() {
        let check = |outlier, disagreement| {
            let params = MarketParams {
                max_outlier: Bps(outlier),
                max_disagreement: Bps(disagreement),
                ..MarketParams::default()
            };
            params.check().map_err(|error| error.to_string())
        };
        for (outlier, disagreement) in [(25, 50), (25, 51), (250, 500), (2_500, 5_000)] {
            assert_eq!(check(outlier, disagreement), Ok(()));
        }
        for (outlier, disagreement, most) in [(251, 500, 250), (26, 51, 25), (2_500, 4_999, 2_499)] {
            let bound = format!("must be at most {most}: half of max_disagreement");
            let refused = format!("max_outlier is {outlier}: {bound}");
            assert_eq!(check(outlier, disagreement), Err(refused));
        }
    }

    #[test]
    fn the_reference_must_move_faster_than_the_bound_grows() {
        // 500 an hour / 60 / (1 - 0.2) is 10.4 a minute.
        let slew = |slew| MarketParams {
            reference_slew: Bps(slew),
            ..MarketParams::default()
        };
        assert_eq!(slew(11).check(), Ok(()));
        let refused = slew(10).check().unwrap_err().to_string();
        assert_eq!(
            refused,
            "reference_slew is 10: must be at least 11: more than jump_growth / 60 / (1 - max_jump)"
        );
    }
}
