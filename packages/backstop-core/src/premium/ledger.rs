//! One policy's premium over time. A payment and a change of terms book what has
//! been earned so far apart and begin a new line; between them nothing is written,
//! so that what is earned by a moment is the same however often it was sent.

use backstop_types::vault::{PolicyTerms, PremiumLedger, PremiumPurchase};
use backstop_types::{Assets, Nanos, Seconds};
use cosmwasm_std::{Timestamp, Uint64, Uint256};

use super::curve::Price;
use crate::math::{MathError, mul_div_ceil, mul_div_floor, narrow};

/// How far ahead cover can be paid.
pub const AHEAD: Seconds = Seconds::days(30);
/// From the payment to the beginning of cover that was not in force. It is also
/// the least time that such a payment must buy: otherwise a dust payment a day
/// would keep a beginning at hand that can be extended when a loss is known.
pub const WAIT: Seconds = Seconds::DAY;

/// What a payment does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sale {
    /// It buys time: the ledger afterwards, and what was bought.
    Sold(PremiumLedger, PremiumPurchase),
    /// Cover is paid as far ahead as it can be.
    Full,
    /// It is too little; this is the least that buys something.
    TooLittle(Assets),
}

/// A ledger after a change, and what of it goes back to the policyholder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rebooked {
    /// The ledger afterwards.
    pub ledger: PremiumLedger,
    /// Paid back.
    pub refund: Assets,
}

/// Whether a policy under these terms covers at `now`, as far as its premium goes.
pub fn in_force(terms: &PolicyTerms, ledger: &PremiumLedger, now: Timestamp) -> bool {
    terms.premium.is_none() || (ledger.from <= now && now < ledger.until)
}

/// What of `unearned` is earned by `now`:
/// ⌈`unearned` · (`now` − `from`) / (`until` − `from`)⌉.
pub fn earned(ledger: &PremiumLedger, now: Timestamp) -> Result<Assets, MathError> {
    if now >= ledger.until {
        return Ok(ledger.unearned);
    }
    if now <= ledger.from {
        return Ok(Assets::ZERO);
    }
    let past = Nanos::between(ledger.from, now).wide();
    let whole = Nanos::between(ledger.from, ledger.until).wide();
    let earned = mul_div_ceil(ledger.unearned.wide(), past, whole)?;
    Ok(Assets(narrow(earned)?))
}

/// What is earned by `now` and was not sent.
pub fn unsent(ledger: &PremiumLedger, now: Timestamp) -> Result<Assets, MathError> {
    let since = earned(ledger, now)?.saturating_sub(ledger.sent);
    Ok(ledger.earned.checked_add(since)?)
}

/// The ledger once all that is earned by `now` has been sent, and how much that is.
pub fn send(ledger: &PremiumLedger, now: Timestamp) -> Result<(PremiumLedger, Assets), MathError> {
    let sent = PremiumLedger {
        sent: earned(ledger, now)?.max(ledger.sent),
        earned: Assets::ZERO,
        ..*ledger
    };
    Ok((sent, unsent(ledger, now)?))
}

/// The same ledger with what is earned by `now` booked apart.
fn rebased(ledger: &PremiumLedger, now: Timestamp) -> Result<PremiumLedger, MathError> {
    Ok(PremiumLedger {
        unearned: ledger.unearned.checked_sub(earned(ledger, now)?)?,
        from: ledger.from.max(now).min(ledger.until),
        until: ledger.until,
        sent: Assets::ZERO,
        earned: unsent(ledger, now)?,
    })
}

/// Buys time for `amount`. Cover that is paid for, in force or about to be, is
/// extended; any other begins [`WAIT`] from now, and must be for as long at least.
/// All of it ends within [`AHEAD`] from now, and what is beyond is sent back.
pub fn pay(ledger: &PremiumLedger, amount: Assets, price: &Price, now: Timestamp) -> Result<Sale, MathError> {
    let old = rebased(ledger, now)?;
    let running = now < old.until;
    let (from, paid_until, least) = if running {
        (old.from, old.until, Nanos(Uint64::one()))
    } else {
        let begin = WAIT.after(now);
        (begin, begin, WAIT.nanos())
    };
    let room = Nanos::between(paid_until, AHEAD.after(now));
    if room < least {
        return Ok(Sale::Full);
    }
    let bought = price.time(amount)?;
    if bought < least {
        return Ok(Sale::TooLittle(price.cost(least)?));
    }
    let (time, kept) = match bought <= room {
        true => (bought, amount),
        false => (room, price.cost(room)?),
    };
    let until = time.after(paid_until);
    let ledger = PremiumLedger {
        unearned: old.unearned.checked_add(kept)?,
        from,
        until,
        ..old
    };
    let purchase = PremiumPurchase {
        kept,
        returned: amount.checked_sub(kept)?,
        from,
        until,
    };
    Ok(Sale::Sold(ledger, purchase))
}

/// Ends cover at `now`: all that is not earned goes back.
pub fn close(ledger: &PremiumLedger, now: Timestamp) -> Result<Rebooked, MathError> {
    let old = rebased(ledger, now)?;
    let ledger = PremiumLedger {
        unearned: Assets::ZERO,
        from: old.from.min(now),
        until: old.until.min(now),
        ..old
    };
    Ok(Rebooked {
        ledger,
        refund: old.unearned,
    })
}

/// The ledger under other terms. What is compared is limit × multiplier, the price
/// at any one rate.
///
/// - A lower price keeps the end and pays back the unearned premium's share,
///   ⌊U · (old − new) / old⌋.
/// - A higher one keeps the premium and shortens the time that it pays for, to
///   ⌊remaining · old / new⌋. Time that nothing was paid for stays.
/// - A premium that is asked no more ends as by [`close`].
/// - One that is asked newly leaves cover in force for [`WAIT`], since it was until
///   now, and the policyholder is to have time to pay.
pub fn change(
    ledger: &PremiumLedger,
    old: &PolicyTerms,
    new: &PolicyTerms,
    now: Timestamp,
) -> Result<Rebooked, MathError> {
    let kept = |ledger| Rebooked {
        ledger,
        refund: Assets::ZERO,
    };
    let (before, after) = match (weight(old), weight(new)) {
        (None, None) => return Ok(kept(*ledger)),
        (Some(_), None) => return close(ledger, now),
        (None, Some(_)) => {
            return Ok(kept(PremiumLedger {
                from: now,
                until: WAIT.after(now),
                ..rebased(ledger, now)?
            }));
        }
        (Some(before), Some(after)) => (before, after),
    };
    let free = ledger.unearned.is_zero();
    let ledger = rebased(ledger, now)?;
    if after > before {
        if free {
            return Ok(kept(ledger));
        }
        let left = Nanos::between(ledger.from, ledger.until).wide();
        let left = mul_div_floor(left, before, after)?;
        // Less than it was, which had 64 bits.
        let left = Nanos(Uint64::try_from(narrow(left)?)?);
        let until = left.after(ledger.from);
        return Ok(kept(PremiumLedger { until, ..ledger }));
    }
    let share = mul_div_floor(ledger.unearned.wide(), before.saturating_sub(after), before)?;
    let refund = Assets(narrow(share)?);
    Ok(Rebooked {
        ledger: PremiumLedger {
            unearned: ledger.unearned.checked_sub(refund)?,
            ..ledger
        },
        refund,
    })
}

/// Limit × multiplier; none where no premium is asked.
fn weight(terms: &PolicyTerms) -> Option<Uint256> {
    let multiplier = Uint256::from(terms.premium?.0);
    Some(terms.limit.wide().saturating_mul(multiplier))
}
