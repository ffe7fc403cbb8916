//! What a random life should come across, and how often it did.

use std::fmt;

macro_rules! states {
    ($( $state:ident, )*) => {
        /// Something that a life of the vault came to.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum State { $( $state, )* }

        impl State {
            pub const ALL: &[Self] = &[ $( Self::$state, )* ];
        }
    };
}

states! {
    PaidAtOnce,
    PartPaidPartDelayed,
    DelayedPaid,
    HeldByFaultsPaid,
    HeldByGuardianPaid,
    HeldStands,
    StandingPaid,
    HeldLapsedByPrice,
    LapsedExpired,
    DeclinedDelayed,
    DeclinedHeld,
    HeldWithDeadBreaker,
    HeldWithDeadBreakerPaid,
    EndedByReading,
    EndedByNextTrip,
    EndedByPoke,
    ExpiredAfterNextTrip,
    RepeatedPending,
    RepeatedPaid,
    RepeatedGivenBack,
    RepeatedDeductible,
    AskedAgainAfterNothing,
    GuardianTrip,
    FaultTrip,
    EndedTrip,
    PayoutsPaused,
    SettlementWaitsForPause,
    UnpricedDelayed,
    Repaid,
    RepaidTooMuch,
    RecoveryTakenAfterLeaving,
    RecoveryRestaked,
    RecoveryTakenInSteps,
    RecoveryTakenAgain,
    LookedInVain,
    WithdrawalAfterLoss,
    WithdrawalOfSeveral,
    WithdrawnByStranger,
    StrangerRefused,
    TicketRefusedEarly,
    TicketOpenInLoss,
    UnbondingShortened,
    Cancelled,
    CancelledUntold,
    HookFailed,
    HookSynced,
    DepositRefusedByHook,
    PolicyAddedAgain,
    PolicyLimitReached,
    PoolLimitReached,
    DeductibleOnly,
    DeductibleRestored,
    BelowMinimum,
    PriceOutsideBand,
    PriceMissing,
    RewardsAfterLoss,
    RewardRestaked,
    StreamStopped,
    DepositRefusedPaused,
    DepositForOther,
    BreakerKeptInUse,
    PremiumNeverPaid,
    PremiumWaits,
    PremiumLapsed,
    GrantedUnderPremium,
    GrantedWithoutPremium,
    GrantedInDayToPay,
    PremiumBegun,
    PremiumExtended,
    PremiumAveraged,
    PremiumPartlyReturned,
    PremiumPaidAhead,
    PremiumTooLittle,
    PremiumAboveMaxRate,
    PremiumRefused,
    PremiumSent,
    NothingEarned,
    PremiumKeptByBrokenDistributor,
    TreasuryCredited,
    RefundByClose,
    RefundByTightening,
    RefundByRemoval,
    TimeShortenedByRaise,
    PremiumNewlyAsked,
    CreditOfPolicyholderTaken,
    CreditOfTreasuryTaken,
    CreditNone,
    UtilisationAboveOne,
    UtilisationBelowKink,
    NoActiveAssets,
    HandedOver,
    VoteAtOnce,
    VoteWaits,
    VoteTooEarly,
    VoteApplied,
    VoteOvertaken,
    VoteStale,
    VoteLapsed,
    VoteExitsSlower,
    Trespassed,
    SubSecondBlock,
    MonthPassed,
    VaultEmptied,
}

/// How often each state was reached.
#[derive(Clone)]
pub struct Counts([u64; State::ALL.len()]);

impl Default for Counts {
    fn default() -> Self {
        Self([0; State::ALL.len()])
    }
}

impl Counts {
    pub fn saw(&mut self, state: State) {
        self.0[state as usize] += 1;
    }

    pub fn of(&self, state: State) -> u64 {
        self.0[state as usize]
    }

    pub fn saw_if(&mut self, is: bool, state: State) {
        if is {
            self.saw(state);
        }
    }

    pub fn add(&mut self, other: &Self) {
        for (sum, more) in self.0.iter_mut().zip(other.0) {
            *sum += more;
        }
    }

    /// Those that were reached less often than `least`.
    pub fn rarer(&self, least: u64) -> Vec<State> {
        let rare = |state: &State| self.0[*state as usize] < least;
        State::ALL.iter().copied().filter(rare).collect()
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for state in State::ALL {
            let name = format!("{state:?}");
            writeln!(f, "{name:<28}{:>8}", self.0[*state as usize])?;
        }
        Ok(())
    }
}
