//! The arithmetic of the sample perpetuals exchange: fills, margins,
//! liquidation, auto-deleveraging, the liquidity providers' shares, and what
//! becomes of a shortfall. Every function is pure; every amount that is rounded
//! is rounded for the liquidity pool, and money that leaves one place arrives
//! in another to the unit.
//!
//! The exchange is *well funded*: each position sets its entry notional aside
//! in the pool, and that is the most it can win. So the pool can pay every
//! winner in full, whatever the price does and however late the losers are
//! closed.

pub mod adl;
pub mod book;
pub mod compensation;
pub mod fill;
pub mod liquidation;
pub mod lp;
pub mod margin;
pub mod shortfall;
pub mod units;

pub use units::{Pnl, Side, Size};
