//! Who bore what was missing in the end, to the base unit.

use backstop_core::perps::shortfall::MadeGood;
use backstop_types::Assets;
use backstop_vault::state::CLAIMS;
use cosmwasm_std::{Order, StdResult, Timestamp};
use sample_perps::state::{LEDGER, SHORTFALLS, Shortfall};

use crate::chain::Chain;

/// Who bore what was missing. [`Bearers::sum`] of the parts is [`Bearers::missing`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bearers {
    /// What positions were below zero: those that were closed, at the exchange's price,
    /// and those that are open at the end, at the market's.
    pub missing: Assets,
    /// The insurance fund paid it.
    pub insurance: Assets,
    /// The pool paid it; what it set aside and got back is not in here.
    pub pool: Assets,
    /// Winners lost it by deleveraging, and it did not come back to them.
    pub winners: Assets,
    /// The liquidity providers: written off, or nobody can make it good any more.
    pub providers: Assets,
    /// What nobody has borne for good yet.
    pub open: Undecided,
}

/// What nobody has borne for good yet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Undecided {
    /// Set aside by the pool for claims that are neither paid nor over.
    pub waiting: Assets,
    /// Left of shortfalls that deleveraging may still make good.
    pub deleveraging: Assets,
    /// Of positions that nobody has closed.
    pub unclosed: Assets,
}

impl Undecided {
    /// All of it.
    pub fn sum(&self) -> Assets {
        Assets(self.waiting.0 + self.deleveraging.0 + self.unclosed.0)
    }
}

impl Bearers {
    /// The parts together.
    pub fn sum(&self) -> Assets {
        Assets(self.insurance.0 + self.pool.0 + self.winners.0 + self.providers.0 + self.open.sum().0)
    }

    /// How things stand now, with so much below zero in open positions. What was
    /// missing is read from the events of the closings, the parts from the contracts'
    /// books.
    pub(crate) fn of(chain: &Chain, unclosed: Assets) -> StdResult<Self> {
        let seen = &chain.tally.exchange;
        let mut bearers = Self {
            missing: Assets(seen.from_insurance.0 + seen.missing.0 + unclosed.0),
            insurance: seen.from_insurance,
            ..Self::default()
        };
        bearers.open.unclosed = unclosed;
        let storage = chain.world.app.contract_storage(&chain.world.perps);
        let clock = LEDGER.load(&*storage)?.clock;
        let now = Timestamp::from_seconds(chain.now());
        for row in SHORTFALLS.range(&*storage, None, None, Order::Ascending) {
            let (_, shortfall) = row?;
            let over = now >= shortfall.window(&clock, now).until;
            bearers.add(&shortfall.books, granted(chain, &shortfall)?, over);
        }
        Ok(bearers)
    }

    /// Adds one shortfall.
    fn add(&mut self, books: &MadeGood, granted: Granted, over: bool) {
        // What the exchange has not booked yet, and what waits, will go as payments go:
        // to winners first, then to the liquidity providers.
        let to_come = Assets(granted.paid.saturating_sub(books.received).0 + granted.waits.0);
        let winners = books.deleveraged.saturating_sub(books.to_deleveraged);
        let left = to_come.saturating_sub(winners);
        let remaining = books.remaining();
        self.pool.0 += granted.paid.0;
        self.open.waiting.0 += granted.waits.0;
        self.winners.0 += winners.saturating_sub(to_come).0;
        self.providers.0 += books.written_off.saturating_sub(left.saturating_sub(remaining)).0;
        let remaining = remaining.saturating_sub(left);
        let whose = match over {
            true => &mut self.providers,
            false => &mut self.open.deleveraging,
        };
        whose.0 += remaining.0;
    }
}

/// What the pool gave for one shortfall.
#[derive(Debug, Clone, Copy, Default)]
struct Granted {
    paid: Assets,
    waits: Assets,
}

fn granted(chain: &Chain, shortfall: &Shortfall) -> StdResult<Granted> {
    let Some(claim) = shortfall.answer.as_ref().and_then(|answer| answer.cover.claim) else {
        return Ok(Granted::default());
    };
    let storage = chain.world.app.contract_storage(&chain.world.vault);
    let claim = CLAIMS.load(&*storage, claim)?;
    Ok(Granted {
        paid: claim.paid,
        waits: claim.pot,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn books(asked: u128, received: u128, deleveraged: u128, written_off: bool) -> MadeGood {
        let mut books = MadeGood::asked(Assets::new(asked));
        books.deleverage(Assets::new(deleveraged)).unwrap();
        books.pay(Assets::new(received)).unwrap();
        if written_off {
            books.write_off().unwrap();
        }
        books
    }

    fn borne(books: &MadeGood, paid: u128, waits: u128, over: bool) -> Bearers {
        let mut bearers = Bearers::default();
        let granted = Granted {
            paid: Assets::new(paid),
            waits: Assets::new(waits),
        };
        bearers.add(books, granted, over);
        bearers
    }

    #[test]
    fn what_waits_is_borne_by_neither_the_pool_nor_the_winners_yet() {
        // 100 missing: 60 taken from winners, 10 paid to them, 30 wait.
        let bearers = borne(&books(100, 10, 60, false), 10, 30, true);
        let parts = [
            bearers.pool,
            bearers.winners,
            bearers.providers,
            bearers.open.waiting,
        ];
        assert_eq!(parts.map(Assets::u128), [10, 20, 40, 30]);
    }

    #[test]
    fn what_deleveraging_may_still_make_good_is_open_until_its_window_ends() {
        let of = |over| borne(&books(100, 10, 20, false), 10, 0, over);
        assert_eq!(
            (of(false).providers.u128(), of(false).open.deleveraging.u128()),
            (0, 80)
        );
        assert_eq!(
            (of(true).providers.u128(), of(true).open.deleveraging.u128()),
            (80, 0)
        );
    }

    proptest! {
        #[test]
        fn the_parts_of_a_shortfall_sum_to_it(
            asked in 0..1_000_u128, received in 0..1_000_u128, unbooked in 0..1_000_u128, waits in 0..1_000_u128,
            deleveraged in 0..1_000_u128, written_off: bool, over: bool,
        ) {
            let received = received.min(asked);
            let unbooked = unbooked.min(asked - received);
            let waits = waits.min(asked - received - unbooked);
            let books = books(asked, received, deleveraged.min(asked), written_off);
            // A payment may go beyond what was deleveraged only as far as asked.
            prop_assume!(books.to_pool.u128() + books.deleveraged.u128() <= asked);
            let bearers = borne(&books, received + unbooked, waits, over);
            prop_assert_eq!(bearers.sum().u128(), asked);
        }
    }
}
