//! When shares that are unbonding can be withdrawn, whether a ticket for some may
//! be opened, and how many are looked at.

use backstop_types::vault::{Stake, Ticket};
use backstop_types::{Seconds, Shares};
use cosmwasm_std::Timestamp;
use thiserror::Error;

/// How many of a staker's tickets are looked at where none is named, the oldest
/// first: the largest `max_tickets`, and one for all that is left. That one always
/// passes, so a staker who deposits again may hold more; those are named.
pub const MOST_TICKETS: usize = 101;

/// Why a ticket is not opened.
#[derive(Error, Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketError {
    /// A ticket for nothing.
    #[error("shares is 0: must be at least 1")]
    Nothing,

    /// More shares than there are.
    #[error("shares is {asked}: the staker has {active} active shares")]
    NotEnough {
        /// What was asked for.
        asked: Shares,
        /// What is there.
        active: Shares,
    },

    /// A small ticket that is not all that is left.
    #[error("shares is {asked}: must be at least min_ticket {min}, or all {active} active shares")]
    TooSmall {
        /// What was asked for.
        asked: Shares,
        /// The parameter.
        min: Shares,
        /// What is there.
        active: Shares,
    },

    /// One ticket too many, for less than all that is left.
    #[error(
        "open tickets are {open}: at most {max}; withdraw or cancel one, or unbond all {active} active shares"
    )]
    TooMany {
        /// Open ones.
        open: u32,
        /// The parameter.
        max: u32,
        /// What is there.
        active: Shares,
    },
}

/// When a ticket can be withdrawn: after the period in force when it was
/// opened, or the present one if that is shorter.
pub fn ready_at(ticket: &Ticket, unbonding_period: Seconds) -> Timestamp {
    ticket.delay.min(unbonding_period).after(ticket.opened_at)
}

/// Whether somebody may withdraw a ticket: its owner always, others if its owner
/// asked for it. Who else withdraws it pays its owner all the same.
pub fn may_withdraw(ticket: &Ticket, is_owner: bool) -> bool {
    is_owner || ticket.auto_withdraw
}

/// Whether a ticket of `asked` shares may be opened: of at least `min` shares,
/// and with at most `max` open. One for all that is left always may.
pub fn may_open(asked: Shares, stake: &Stake, min: Shares, max: u32) -> Result<(), TicketError> {
    let active = stake.active;
    if asked.is_zero() {
        return Err(TicketError::Nothing);
    }
    if asked > active {
        return Err(TicketError::NotEnough { asked, active });
    }
    if asked == active {
        return Ok(());
    }
    if asked < min {
        return Err(TicketError::TooSmall { asked, min, active });
    }
    if stake.tickets >= max {
        let open = stake.tickets;
        return Err(TicketError::TooMany { open, max, active });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stake(active: u128, tickets: u32) -> Stake {
        Stake {
            active: active.into(),
            queued: Shares::ZERO,
            tickets,
        }
    }

    proptest! {
        #[test]
        fn all_that_is_left_may_always_leave(active in 1u128.., tickets: u32, min: u128, max: u32) {
            prop_assert_eq!(may_open(active.into(), &stake(active, tickets), min.into(), max), Ok(()));
        }

        #[test]
        fn what_is_opened_is_there_and_within_the_bounds(
            asked: u64, active: u64, tickets in 0u32..5, min: u64, max in 0u32..5,
        ) {
            let stake = stake(active.into(), tickets);
            if may_open(Shares::new(asked.into()), &stake, Shares::new(min.into()), max).is_ok() {
                prop_assert!(asked > 0 && asked <= active);
                prop_assert!(asked == active || (asked >= min && tickets < max));
            }
        }

        #[test]
        fn a_change_of_the_period_never_delays_a_ticket(opened: u32, delay: u32, period: u32) {
            let opened_at = Timestamp::from_nanos(opened.into());
            let delay = Seconds(delay.into());
            let ticket = Ticket { shares: Shares::ONE, opened_at, delay, auto_withdraw: false };
            let ready = ready_at(&ticket, Seconds(period.into()));
            prop_assert!(ready <= delay.after(opened_at));
            prop_assert_eq!(ready.nanos(), u64::from(opened) + delay.0.min(period.into()) * 1_000_000_000);
        }
    }

    #[test]
    fn each_refusal_says_what_it_would_take() {
        let refused = |asked: u128, tickets| {
            let refused = may_open(asked.into(), &stake(100, tickets), 10.into(), 2);
            refused.unwrap_err().to_string()
        };
        assert_eq!(refused(0, 0), "shares is 0: must be at least 1");
        assert_eq!(refused(101, 0), "shares is 101: the staker has 100 active shares");
        assert!(refused(9, 0).starts_with("shares is 9: must be at least min_ticket 10"));
        assert!(refused(10, 2).starts_with("open tickets are 2: at most 2"));
        assert_eq!(may_open(10.into(), &stake(100, 1), 10.into(), 2), Ok(()));
    }
}
