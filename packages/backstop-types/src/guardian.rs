//! How long a guardian's brakes last, in the vault and in the breaker: long
//! enough for a vote to begin, never long enough to replace one.

use crate::Seconds;

/// The longest pause of deposits or payouts, and what a guardian's trip lasts at
/// least.
pub const LONGEST: Seconds = Seconds::hours(72);
/// From the end of one to the earliest next one of the same kind.
pub const REST: Seconds = Seconds::days(14);
