//! Changes of how a market is watched: what a message leaves out stays.

use super::params::{ActionMatrix, MarketParams};
use super::state::MarketState;
use crate::patch::told_as_it_is;
use crate::{Bps, Patch, Price, Seconds, patch};

told_as_it_is!(MarketState);

patch! {
    /// A change of [`MarketParams`]: what is absent stays.
    pub struct MarketParamsUpdate of MarketParams {
        max_age: Seconds,
        max_future: Seconds,
        max_confidence: Bps,
        min_price: Patch<Price>,
        max_price: Patch<Price>,
        frozen_ticks: Patch<u32>,
        frozen_move: Bps,
        shared_ticks: Patch<u32>,
        max_outlier: Bps,
        min_lineages: u32,
        max_disagreement: Bps,
        max_jump: Bps,
        jump_growth: Bps,
        max_growth: Bps,
        reference_slew: Bps,
        max_drift: Bps,
        drift_window: Patch<Seconds>,
        block_time_ms: u32,
        max_halt: Patch<Seconds>,
        guard_threshold: Bps,
        guard_cooldown: Seconds,
        max_unread: Seconds,
        cooldown: Seconds,
        recovery_readings: u32,
        recovery_spacing: Seconds,
        recovery_tightness: Bps,
        confirm_lineages: u32,
        confirm_readings: u32,
        max_leap: Bps,
        latch_trips: Patch<u32>,
        latch_window: Seconds,
        actions: ActionMatrixUpdate,
    }

    /// A change of [`ActionMatrix`]: what is absent stays.
    pub struct ActionMatrixUpdate of ActionMatrix {
        open: MarketState,
        reduce: MarketState,
        liquidate: MarketState,
        deleverage: MarketState,
        payout: MarketState,
    }
}
