//! What happens in a random life of the vault. A step names things by place
//! and in proportion; the run finds out what that is.

use backstop_types::vault::Pausable;

use super::exact::SECOND;
use super::ledger::{HOLDERS, STAKERS, Who};
use super::premium::{Account, Tariff};

pub const HOUR: u64 = 3_600 * SECOND;
pub const DAY: u64 = 24 * HOUR;

/// Where a life begins.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Seconds.
    pub window: u64,
    pub deposits: [u128; STAKERS],
    pub terms: [Terms; HOLDERS],
    pub tariff: Tariff,
    /// Whether the vault belongs to a timelock.
    pub timelock: bool,
}

/// A policy's terms; what exceeds a bound is cut to it.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    pub limit: u128,
    pub deductible: u128,
    /// Percent of the limit.
    pub instant: u128,
    pub minimum: u128,
    /// Hours.
    pub delay: u64,
    pub priced: bool,
    /// The premium's multiplier in Bps.
    pub premium: Option<u32>,
}

/// How much is paid for cover.
#[derive(Debug, Clone, Copy)]
pub enum Payment {
    Units(u128),
    /// Of what thirty days cost, in percent.
    Percent(u128),
}

/// Which of a staker's tickets, or of the losses.
#[derive(Debug, Clone)]
pub enum Choice {
    /// None named, and at most so many.
    Latest(Option<u32>),
    /// Those at these places.
    Named(Vec<u8>),
}

/// How much is missing.
#[derive(Debug, Clone, Copy)]
pub enum Size {
    Units(u128),
    /// Of the vault's assets.
    Permille(u128),
}

/// What is done for a policy that is not in force, before a shortfall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Insured {
    Nothing,
    /// Its premium is paid.
    Paid,
    /// Its premium is paid, and the day after it waited for.
    InForce,
}

/// Which price a shortfall names.
#[derive(Debug, Clone, Copy)]
pub enum Quote {
    /// The sources', so many Bps off.
    Present(i64),
    /// The one before the last jump.
    Former,
    Missing,
}

/// What happens after a breaker's silence, before the next clean reading.
#[derive(Debug, Clone, Copy)]
pub enum AfterSilence {
    /// The claim is settled without a newer price.
    Settle,
    /// The price moves by so many Bps, and the breaker is poked.
    Crash(i64),
    /// The guardian trips the market.
    GuardianTrip,
}

/// How a shortfall stands that is sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Former {
    Paid,
    Delayed,
    Held,
    Declined,
    Lapsed,
    /// All of it was the deductible.
    Deductible,
    /// It was answered with nothing.
    Nothing,
}

impl Former {
    pub const ALL: [Self; 7] = [
        Self::Paid,
        Self::Delayed,
        Self::Held,
        Self::Declined,
        Self::Lapsed,
        Self::Deductible,
        Self::Nothing,
    ];
}

/// A parameter's new value.
#[derive(Debug, Clone, Copy)]
pub enum Tune {
    /// Hours.
    Unbonding(u64),
    /// Days.
    Notice(u64),
    /// Bps.
    Fraction(u64),
    MinTicket(u128),
    MaxTickets(u32),
    Gas(u64),
    /// The breaker, by the one in place.
    Breaker,
    Tariff(Tariff),
}

/// What comes before a vote is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beforehand {
    Nothing,
    /// Of a vote on a policy: its holder closes it.
    Close,
    /// Another vote, by which exits become slower.
    Slower,
}

#[derive(Debug, Clone)]
pub enum Step {
    Wait(u64),
    /// The sources' price moves by so many Bps, and the breaker is poked.
    Price {
        by: i64,
        poke: bool,
    },
    GuardianTrip,
    /// Waits, and pokes with fresh prices until the trip ends; settles what it
    /// held.
    EndTrip {
        hours: u64,
        drift: i64,
        settle: bool,
    },
    /// Dead, the breaker answers nothing.
    Breaker {
        dead: bool,
    },
    /// Broken, the distributor fails at everything.
    Distributor {
        broken: bool,
    },
    Deposit {
        from: Who,
        to: Who,
        amount: u128,
        guard: Option<i8>,
    },
    /// All of it where there is no part, in 255ths.
    Unbond {
        who: Who,
        part: Option<u8>,
        auto: bool,
        untold: bool,
    },
    /// Unbonds some first, of which the distributor is not told.
    Cancel {
        who: Who,
        pick: u8,
        untold: bool,
    },
    /// Waits first, so far off the oldest ticket's time, in nanoseconds.
    Withdraw {
        who: Who,
        /// Who sends it for `who`.
        by: Option<Who>,
        choice: Choice,
        wait: Option<i64>,
        guard: Option<i8>,
    },
    /// Somebody, or everybody, unbonds all, waits, and withdraws.
    Leave {
        who: Option<Who>,
    },
    Shortfall {
        holder: usize,
        size: Size,
        quote: Quote,
        fresh: bool,
        insured: Insured,
    },
    /// One while the breaker is silent; that comes back later, something
    /// happens, and the claim's time may run out.
    Silence {
        holder: usize,
        size: Size,
        quote: Quote,
        wait: u64,
        then: AfterSilence,
        expire: bool,
    },
    /// One that was answered before, by its number; the rest may differ.
    Repeat {
        former: Former,
        pick: u8,
        size: Size,
        quote: Quote,
    },
    /// Waits first, so far off the claim's time, in nanoseconds.
    Settle {
        pick: u8,
        wait: Option<i64>,
        fresh: bool,
    },
    /// Waits until a held claim's time has run out, and settles it.
    Expire {
        pick: u8,
    },
    Decline {
        pick: u8,
    },
    /// In 200ths of what was paid.
    Recover {
        pick: u8,
        part: u8,
    },
    TakeBack {
        who: Who,
        choice: Choice,
        restake: bool,
    },
    Pause {
        what: Pausable,
        nanos: u64,
        /// A shortfall follows.
        then: bool,
    },
    Resume {
        what: Pausable,
    },
    Tune(Tune),
    /// Adds a policy, or changes it. A shortfall follows if a premium is newly asked.
    Terms {
        holder: usize,
        terms: Terms,
        add: bool,
    },
    Close {
        holder: usize,
        by_owner: bool,
    },
    /// Pays for cover; the most that it will pay is so many Bps off the rate.
    PayPremium {
        holder: usize,
        payment: Payment,
        guard: Option<i8>,
    },
    /// Passes on what is earned, and tries again in the same block.
    SendPremium {
        holder: usize,
    },
    TakeCredit {
        account: Account,
    },
    /// The owner hands the vault over, and is handed it back.
    HandOver {
        to: Who,
    },
    /// Anyone applies a vote that waits.
    ApplyVote {
        pick: u8,
        wait: Option<i64>,
        late: bool,
        first: Beforehand,
    },
    /// Messages of somebody who may not send them.
    Trespass {
        who: Who,
    },
    Donate(u128),
    Fund {
        asset: bool,
        amount: u128,
        weeks: u32,
    },
    /// Of the latest fundings, so many back.
    Stop {
        asset: bool,
        back: usize,
    },
    Claim {
        who: Who,
        receiver: Who,
        restake: bool,
    },
    Sync {
        who: Who,
    },
}
