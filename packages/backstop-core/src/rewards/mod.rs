//! Rewards of several denoms, shared by active shares over time. The
//! arithmetic is exact: amounts are counted in 2⁻¹²⁸ base units, every division
//! carries its remainder, and only a payment rounds. So it makes no difference
//! how often anybody looks.
//!
//! A [`Clock`] counts the seconds with somebody staked. A [`Flow`] folds all
//! [`Stream`]s of one denom into one rate and an index, what one share has earned.
//! An [`Account`] is one staker's shares and rewards. A [`Ledger`] keeps the
//! clock and the flows together and the records' sum.
//!
//! # Why nothing overflows
//!
//! With F the base units that were funded in a denom and not refunded,
//! F ≤ 2¹²⁸ − 1 (the caller checks), everything in streams, carries and
//! accounts, the accounts also by what they have not settled yet, sums to at
//! most F × 2¹²⁸ ≤ 2²⁵⁶ − 2¹²⁸ at every moment: a refund takes from a stream what
//! it takes from F, and a payment only takes. A rate times the seconds that it
//! runs is what a stream has left, and where rates turn the falls are taken before
//! the rises; a staker's shares times the growth of the index
//! since the last settlement is what the staker is allotted of it: both are
//! parts of that sum and fit in 256 bits. The index itself is a counter modulo
//! 2²⁵⁶, of which only differences are used, because what is returned and
//! released again, and what is funded again after a refund, may turn it further
//! than F.
//!
//! # What is rounded
//!
//! A carry is less than the recorded shares, below 2¹²⁸, so less than one base
//! unit of a denom is between its streams and its stakers; until the next second
//! the fraction of a refund is there too. A payment
//! rounds down and leaves the fraction owed.

mod account;
mod clock;
mod flow;
mod ledger;
#[cfg(test)]
mod properties;
mod scale;
mod stream;
mod yields;

pub use account::{Account, Accrual};
pub use clock::{Clock, MAX_WEEKS, WEEK, grid, least, reaches, week_of};
pub use flow::{Flow, MAX_CHANGES, per_second};
pub use ledger::{Ledger, Returned};
pub use scale::{RewardsError, SCALE, scaled, whole};
pub use stream::{Edges, RateChange, Stopped, Stream, Turn, released};
pub use yields::{MAX_DECIMALS, Unit, YEAR, value_a_year, yield_in_kind};
