//! What a change does to stakers' risk, field by field, as a pure function of what is
//! and what is to be.
//!
//! What raises it waits until everyone who disagrees could have left; the rest is made
//! at once. A change with one field that raises it waits whole. The table ([`rows`]) classes
//! every parameter of the three contracts, and a parameter that it does not have does
//! not compile.

mod fields;
mod rule;
mod table;
mod value;

pub use fields::{Unfit, fields};
pub use rule::{Raises, Rule};
pub use table::{Row, rows};

use backstop_types::Seconds;
use backstop_types::timelock::{Class, Direction, FieldChange, Pace, Wait};
use cosmwasm_std::Timestamp;

/// How long a change can be applied once it is due.
pub const APPLICABLE: Seconds = Seconds::days(7);

/// When a change of these fields is made.
pub fn class(fields: &[FieldChange]) -> Class {
    if fields.iter().any(|field| field.direction == Direction::Raises) {
        return Class::Waits;
    }
    Class::AtOnce
}

/// How long a change of these fields waits that is submitted `now`; none where it is
/// made at once. A moment past the end of time is the end of time.
pub fn wait(fields: &[FieldChange], now: Timestamp, pace: Pace) -> Option<Wait> {
    if class(fields) == Class::AtOnce {
        return None;
    }
    let Pace {
        unbonding_period,
        notice,
    } = pace;
    let due = notice.after(unbonding_period.after(now));
    Some(Wait {
        due,
        lapses: APPLICABLE.after(due),
        unbonding_period,
        notice,
    })
}

/// Whether one who is asked to leave by this wait could not: the unbonding period has
/// become longer since.
pub fn exits_slower(wait: &Wait, pace: Pace) -> bool {
    pace.unbonding_period > wait.unbonding_period
}

/// Whether a change of `fields` makes one of `other` void: it changes a field that the
/// other names too. What raises the risk at the same value, as the same code again,
/// changes something, too.
pub fn overtakes(fields: &[FieldChange], other: &[FieldChange]) -> bool {
    let changed = fields
        .iter()
        .filter(|field| field.from != field.to || field.direction == Direction::Raises);
    shared(changed, other)
}

/// Whether the two name a field in common.
pub fn touches(fields: &[FieldChange], other: &[FieldChange]) -> bool {
    shared(fields.iter(), other)
}

fn shared<'a>(mut fields: impl Iterator<Item = &'a FieldChange>, other: &[FieldChange]) -> bool {
    fields.any(|field| other.iter().any(|it| it.field == field.field))
}

#[cfg(test)]
mod tests;
