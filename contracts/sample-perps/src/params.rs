//! How the exchange is tuned, and the bounds of each parameter.

use backstop_core::perps::fill::Curve;
use backstop_types::input::{InputError, within};
use backstop_types::{Assets, Bps, Seconds, patch};
use cosmwasm_schema::cw_serde;

/// The fee of an order is at most this part of the smallest position, and of what an order
/// brings: so that no change of it takes what a position pays out, or what is on its way.
pub const FEE_PART: u128 = 100;

/// The parameters. Fees and margins are parts of a position's notional.
#[cw_serde]
#[derive(Copy)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// The equity that opening asks for: 100 to 10,000 bps, and more than the
    /// maintenance margin.
    pub initial_margin: Bps,
    /// The equity below which anyone may liquidate: 50 to 5,000 bps, and more
    /// than the two liquidation fees together. A position keeps the one that it
    /// was opened under.
    pub maintenance_margin: Bps,
    /// What opening costs: 0 to 100 bps.
    pub open_fee: Bps,
    /// The insurance fund's part of the opening fee; the rest is the liquidity
    /// providers'. 0 to 10,000 bps.
    pub insurance_share: Bps,
    /// The keeper's fee for a liquidation, of the notional at entry: 1 to 100
    /// bps.
    pub keeper_fee: Bps,
    /// The insurance fund's fee for a liquidation, of the notional at entry: 0
    /// to 500 bps.
    pub insurance_fee: Bps,
    /// The slippage of the smallest trade: 0 to 100 bps.
    pub base_slippage: Bps,
    /// What is added to it where a side has `depth` open: 0 to 10,000 bps.
    pub impact: Bps,
    /// The most slippage: 1 to 5,000 bps, and at least the base.
    pub max_slippage: Bps,
    /// The open interest of a side at which slippage is `base_slippage + impact`: at
    /// least 1.
    pub depth: Assets,
    /// The most open interest a side, at entry prices. Zero admits no new
    /// position.
    pub max_open_interest: Assets,
    /// The most of the pool's cash that both sides together may have set aside
    /// when a position is opened: 1,000 to 10,000 bps. The rest stays free for
    /// providers who leave.
    pub max_utilization: Bps,
    /// The smallest position, at its entry price: at least 1,000, so that a
    /// position without a whole unit of profit has won less than 0.1 %.
    pub min_notional: Assets,
    /// Open positions a trader: 1 to 100.
    pub max_positions: u32,
    /// Positions that one `Deleverage` closes at most: 1 to 30.
    pub adl_cap: u32,
    /// What comes with an order for whoever executes it: at most 1 % of `min_notional`.
    /// Zero pays nobody.
    pub order_fee: Assets,
    /// How much later than an order a price must be published to execute it, up to 5
    /// minutes: `max_future` of the market's sources, and two blocks. A price may be
    /// stamped so far ahead, and a block's time lags by about one, so an earlier one
    /// could have been on chain when the order was placed.
    pub order_delay: Seconds,
    /// The most that whoever sends a shortfall, books a claim, or deleverages `adl_cap`
    /// positions gets; never more than 1 % of what that moved.
    pub bounty: Assets,
    /// For how long liquidity stays once it was added: 1 hour to 30 days.
    pub min_stay: Seconds,
    /// For how long a shortfall that was not sent gathers closings, up to 10 minutes.
    pub gather_time: Seconds,
    /// At how many closings, and at each multiple of them, a liquidation sends it: 1 to
    /// 100. With one each is sent by its own liquidation.
    pub gather_count: u32,
    /// Gas for the breaker's poke, 500,000 to 10,000,000.
    pub poke_gas: u64,
}

patch! {
    /// A change of [`Params`]: what is absent stays.
    pub struct ParamsUpdate of Params {
        initial_margin: Bps,
        maintenance_margin: Bps,
        open_fee: Bps,
        insurance_share: Bps,
        keeper_fee: Bps,
        insurance_fee: Bps,
        base_slippage: Bps,
        impact: Bps,
        max_slippage: Bps,
        depth: Assets,
        max_open_interest: Assets,
        max_utilization: Bps,
        min_notional: Assets,
        max_positions: u32,
        adl_cap: u32,
        order_fee: Assets,
        order_delay: Seconds,
        bounty: Assets,
        min_stay: Seconds,
        gather_time: Seconds,
        gather_count: u32,
        poke_gas: u64,
    }
}

impl Default for Params {
    /// For an asset with six digits. Four times leverage, and a maintenance margin above
    /// the largest jump that the breaker's defaults let through between two readings: with
    /// less, one hand that is long and short gains by such a jump.
    fn default() -> Self {
        Self {
            initial_margin: Bps(2_500),
            maintenance_margin: Bps(2_200),
            open_fee: Bps(10),
            insurance_share: Bps(5_000),
            keeper_fee: Bps(50),
            insurance_fee: Bps(100),
            base_slippage: Bps(5),
            impact: Bps(100),
            max_slippage: Bps(1_000),
            depth: Assets::new(1_000_000_000_000),
            max_open_interest: Assets::new(500_000_000_000),
            max_utilization: Bps(8_000),
            min_notional: Assets::new(100_000_000),
            max_positions: 20,
            adl_cap: 30,
            order_fee: Assets::new(50_000),
            order_delay: Seconds(30),
            bounty: Assets::new(3_000_000),
            min_stay: Seconds::DAY,
            gather_time: Seconds(60),
            gather_count: 20,
            poke_gas: 5_000_000,
        }
    }
}

impl Params {
    /// The parameters, if each is in its bounds.
    pub fn check(self) -> Result<Self, InputError> {
        let bps = |field: &str, value: Bps, min: u32, max: u32| within(field, value, Bps(min), Bps(max));
        let least = |field: &str, value: Assets| within(field, value, Assets::ONE, Assets::new(u128::MAX));
        bps("initial_margin", self.initial_margin, 100, 10_000)?;
        bps("maintenance_margin", self.maintenance_margin, 50, 5_000)?;
        bps("open_fee", self.open_fee, 0, 100)?;
        bps("insurance_share", self.insurance_share, 0, 10_000)?;
        bps("keeper_fee", self.keeper_fee, 1, 100)?;
        bps("insurance_fee", self.insurance_fee, 0, 500)?;
        bps("base_slippage", self.base_slippage, 0, 100)?;
        bps("impact", self.impact, 0, 10_000)?;
        bps("max_slippage", self.max_slippage, 1, 5_000)?;
        bps("max_utilization", self.max_utilization, 1_000, 10_000)?;
        least("depth", self.depth)?;
        within(
            "min_notional",
            self.min_notional,
            Assets::new(1_000),
            Assets::new(u128::MAX),
        )?;
        within("max_positions", self.max_positions, 1, 100)?;
        within("adl_cap", self.adl_cap, 1, 30)?;
        within("order_delay", self.order_delay, Seconds(0), Seconds(300))?;
        within("min_stay", self.min_stay, Seconds::HOUR, Seconds::days(30))?;
        within("gather_time", self.gather_time, Seconds(0), Seconds(600))?;
        within("gather_count", self.gather_count, 1, 100)?;
        within("poke_gas", self.poke_gas, 500_000, 10_000_000)?;
        self.consistent()
    }

    fn consistent(self) -> Result<Self, InputError> {
        let fees = self.keeper_fee.0.saturating_add(self.insurance_fee.0);
        if self.maintenance_margin.0 <= fees {
            let bound = format!("more than keeper_fee + insurance_fee = {fees}");
            return Err(InputError::bounds(
                "maintenance_margin",
                self.maintenance_margin,
                bound,
            ));
        }
        let dearest = Assets::new(self.min_notional.u128() / FEE_PART);
        within("order_fee", self.order_fee, Assets::ZERO, dearest)?;
        if self.initial_margin <= self.maintenance_margin {
            let bound = format!("more than maintenance_margin = {}", self.maintenance_margin);
            return Err(InputError::bounds("initial_margin", self.initial_margin, bound));
        }
        if self.max_slippage < self.base_slippage {
            let bound = format!("at least base_slippage = {}", self.base_slippage);
            return Err(InputError::bounds("max_slippage", self.max_slippage, bound));
        }
        Ok(self)
    }

    /// The slippage of trades.
    pub fn curve(&self) -> Curve {
        Curve {
            base: self.base_slippage,
            impact: self.impact,
            max: self.max_slippage,
            depth: self.depth,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_within_their_bounds() {
        assert!(Params::default().check().is_ok());
    }

    #[test]
    fn every_bound_is_kept_and_named() {
        type Change = fn(&mut Params);
        let bad: [(&str, Change); 27] = [
            ("initial_margin", |p| p.initial_margin = Bps(10_001)),
            ("initial_margin", |p| p.initial_margin = p.maintenance_margin),
            ("maintenance_margin", |p| p.maintenance_margin = Bps(5_001)),
            ("maintenance_margin", |p| p.maintenance_margin = Bps(150)),
            ("open_fee", |p| p.open_fee = Bps(101)),
            ("insurance_share", |p| p.insurance_share = Bps(10_001)),
            ("keeper_fee", |p| p.keeper_fee = Bps(0)),
            ("insurance_fee", |p| p.insurance_fee = Bps(501)),
            ("base_slippage", |p| p.base_slippage = Bps(101)),
            ("impact", |p| p.impact = Bps(10_001)),
            ("max_slippage", |p| p.max_slippage = Bps(5_001)),
            ("max_slippage", |p| p.max_slippage = Bps(4)),
            ("max_utilization", |p| p.max_utilization = Bps(10_001)),
            ("depth", |p| p.depth = Assets::ZERO),
            ("min_notional", |p| p.min_notional = Assets::new(999)),
            ("max_positions", |p| p.max_positions = 101),
            ("adl_cap", |p| p.adl_cap = 0),
            ("adl_cap", |p| p.adl_cap = 31),
            ("order_fee", |p| p.order_fee = Assets::new(1_000_001)),
            ("order_delay", |p| p.order_delay = Seconds(301)),
            ("min_stay", |p| p.min_stay = Seconds(3_599)),
            ("min_stay", |p| p.min_stay = Seconds::days(31)),
            ("gather_time", |p| p.gather_time = Seconds(601)),
            ("gather_count", |p| p.gather_count = 0),
            ("gather_count", |p| p.gather_count = 101),
            ("poke_gas", |p| p.poke_gas = 499_999),
            ("poke_gas", |p| p.poke_gas = 10_000_001),
        ];
        for (field, change) in bad {
            let mut params = Params::default();
            change(&mut params);
            let refused = params.check().unwrap_err().to_string();
            assert!(refused.starts_with(field), "{field}: {refused}");
        }
    }
}
