//! How likely a life's beginning and each of its steps is.

use backstop_types::vault::Pausable;
use proptest::prelude::*;

use super::exact::SECOND;
use super::ledger::{HOLDERS, STAKERS, Who};
use super::premium::{ACCOUNTS, Tariff};
use super::steps::{
    AfterSilence, Beforehand, Choice, DAY, Former, HOUR, Insured, Payment, Quote, Setup, Size, Step, Terms,
    Tune,
};

fn who() -> impl Strategy<Value = Who> + Clone {
    0..STAKERS
}

/// Less than ten seconds, a few hours, or some days.
fn wait() -> impl Strategy<Value = u64> {
    prop_oneof![2 => 1..SECOND, 2 => 1..10 * SECOND, 3 => 1..12 * HOUR, 2 => 1..6 * DAY, 1 => 1..45 * DAY]
}

/// Off a due time by nothing, by a nanosecond, or by some seconds.
fn about() -> impl Strategy<Value = Option<i64>> {
    let second = SECOND as i64;
    prop_oneof![
        4 => Just(None),
        2 => Just(Some(0)),
        1 => Just(Some(-1)),
        2 => (-second..3 * second).prop_map(Some),
    ]
}

fn amount() -> impl Strategy<Value = u128> {
    prop_oneof![1 => 1u128..20, 4 => 1u128..2_000_000]
}

fn choice() -> impl Strategy<Value = Choice> {
    prop_oneof![
        3 => prop::option::of(0u32..8).prop_map(Choice::Latest),
        1 => prop::collection::vec(any::<u8>(), 0..5).prop_map(Choice::Named),
    ]
}

/// Which losses: one of the log, a page of it, or named ones.
fn looks() -> impl Strategy<Value = Choice> {
    prop_oneof![1 => Just(Choice::Latest(Some(1))), 2 => choice()]
}

fn guard() -> impl Strategy<Value = Option<i8>> {
    prop_oneof![4 => Just(None), 1 => (-1i8..=1).prop_map(Some)]
}

fn terms(priced: impl Strategy<Value = bool>) -> impl Strategy<Value = Terms> {
    let limit = prop_oneof![1 => 2_000u128..100_000, 2 => 100_000u128..6_000_000];
    let deductible = prop_oneof![1 => Just(0u128), 2 => 1u128..40_000];
    let delay = prop_oneof![1 => 1u64..24, 2 => 24u64..240];
    let multiplier = prop_oneof![3 => 1_000u32..30_000, 1 => 1u32..=100_000];
    let premium = prop::option::weighted(0.6, multiplier);
    (
        limit,
        deductible,
        0u128..=100,
        1u128..3_000,
        delay,
        priced,
        premium,
    )
        .prop_map(
            |(limit, deductible, instant, minimum, delay, priced, premium)| Terms {
                limit,
                deductible,
                instant,
                minimum,
                delay,
                priced,
                premium,
            },
        )
}

fn tariff() -> impl Strategy<Value = Tariff> {
    let rate = || prop_oneof![3 => 10u32..3_000, 1 => 1u32..=100_000];
    let part = prop_oneof![1 => Just(0u32), 3 => 1u32..=5_000];
    let curve = (1u32..=10_000, [rate(), rate(), rate()]);
    (curve, prop::bool::weighted(0.8), part).prop_map(|((kink, mut rates), treasury, part)| {
        rates.sort_unstable();
        Tariff {
            kink,
            base: rates[0],
            at_kink: rates[1],
            most: rates[2],
            treasury,
            part: if treasury { part } else { 0 },
        }
    })
}

/// Cover is paid for, and what is earned or owed goes its ways.
fn of_premiums() -> impl Strategy<Value = Step> {
    let payment = prop_oneof![
        1 => (1u128..1_000).prop_map(Payment::Units),
        3 => (1u128..130).prop_map(Payment::Percent),
    ];
    prop_oneof![
        7 => (0..HOLDERS, payment, guard())
            .prop_map(|(holder, payment, guard)| Step::PayPremium { holder, payment, guard }),
        5 => (0..HOLDERS).prop_map(|holder| Step::SendPremium { holder }),
        4 => (0..ACCOUNTS).prop_map(|account| Step::TakeCredit { account }),
    ]
}

/// Where a life begins: the last policyholder has no prices.
pub fn setup() -> impl Strategy<Value = Setup> {
    let days = prop::sample::select(vec![1u64, 7, 30]);
    let deposits = prop::array::uniform4(100_000u128..3_000_000);
    let terms = (terms(Just(true)), terms(Just(true)), terms(Just(false)));
    let timelock = prop::bool::weighted(0.5);
    let all = (days, deposits, terms, tariff(), timelock);
    all.prop_map(|(days, deposits, terms, tariff, timelock)| Setup {
        window: days * 86_400,
        deposits,
        terms: [terms.0, terms.1, terms.2],
        tariff,
        timelock,
    })
}

/// Stakers come and go.
fn of_stakers() -> impl Strategy<Value = Step> {
    let part = || prop_oneof![1 => Just(None), 5 => any::<u8>().prop_map(Some)];
    let to = (who(), prop::option::weighted(0.2, who()));
    prop_oneof![
        10 => (to, amount(), guard()).prop_map(|((from, to), amount, guard)| Step::Deposit {
            from, to: to.unwrap_or(from), amount, guard
        }),
        9 => (who(), part(), any::<bool>(), prop::bool::weighted(0.3))
            .prop_map(|(who, part, auto, untold)| Step::Unbond { who, part, auto, untold }),
        6 => (who(), any::<u8>(), prop::bool::weighted(0.3))
            .prop_map(|(who, pick, untold)| Step::Cancel { who, pick, untold }),
        3 => prop::option::weighted(0.7, who()).prop_map(|who| Step::Leave { who }),
        10 => (who(), prop::option::weighted(0.4, who()), choice(), about(), guard())
            .prop_map(|(who, by, choice, wait, guard)| Step::Withdraw { who, by, choice, wait, guard }),
        10 => (who(), looks(), prop::bool::weighted(0.3))
            .prop_map(|(who, choice, restake)| Step::TakeBack { who, choice, restake }),
    ]
}

/// For so long, and what then.
fn silence() -> impl Strategy<Value = (u64, AfterSilence)> {
    prop_oneof![
        2 => (1..20 * SECOND).prop_map(|wait| (wait, AfterSilence::Settle)),
        3 => (wait(), -6_000i64..-3_000).prop_map(|(wait, by)| (wait % (12 * HOUR), AfterSilence::Crash(by))),
        1 => wait().prop_map(|wait| (wait, AfterSilence::GuardianTrip)),
    ]
}

fn insured() -> impl Strategy<Value = Insured> {
    prop_oneof![
        3 => Just(Insured::Nothing),
        2 => Just(Insured::Paid),
        12 => Just(Insured::InForce),
    ]
}

/// Shortfalls come, and claims are settled.
fn of_cover() -> impl Strategy<Value = Step> {
    let size = || {
        prop_oneof![
            1 => (1u128..5_000).prop_map(Size::Units),
            3 => (1u128..150).prop_map(Size::Permille),
            1 => (150u128..1_000).prop_map(Size::Permille),
        ]
    };
    let quote = || {
        prop_oneof![
            12 => Just(Quote::Present(0)),
            2 => (-30i64..30).prop_map(Quote::Present),
            1 => (-4_000i64..4_000).prop_map(Quote::Present),
            3 => Just(Quote::Former),
            1 => Just(Quote::Missing),
        ]
    };
    prop_oneof![
        20 => (0..HOLDERS, size(), quote(), prop::bool::weighted(0.9), insured()).prop_map(
            |(holder, size, quote, fresh, insured)| Step::Shortfall { holder, size, quote, fresh, insured }
        ),
        6 => (0..HOLDERS, size(), quote(), silence(), prop::bool::weighted(0.25)).prop_map(
            |(holder, size, quote, (wait, then), expire)| Step::Silence { holder, size, quote, wait, then, expire }
        ),
        8 => (prop::sample::select(Former::ALL.to_vec()), any::<u8>(), size(), quote())
            .prop_map(|(former, pick, size, quote)| Step::Repeat { former, pick, size, quote }),
        16 => (any::<u8>(), about(), prop::bool::weighted(0.7))
            .prop_map(|(pick, wait, fresh)| Step::Settle { pick, wait, fresh }),
        2 => any::<u8>().prop_map(|pick| Step::Expire { pick }),
        2 => any::<u8>().prop_map(|pick| Step::Decline { pick }),
        5 => (any::<u8>(), any::<u8>()).prop_map(|(pick, part)| Step::Recover { pick, part }),
    ]
}

/// Prices move, and breaker and distributor fail and come back.
fn of_market() -> impl Strategy<Value = Step> {
    let moves = prop_oneof![6 => -150i64..150, 2 => -6_000i64..-2_000, 1 => 2_500i64..9_000];
    prop_oneof![
        10 => wait().prop_map(Step::Wait),
        8 => (moves, any::<bool>()).prop_map(|(by, poke)| Step::Price { by, poke }),
        2 => Just(Step::GuardianTrip),
        7 => (1u64..20, -100i64..100, prop::bool::weighted(0.8))
            .prop_map(|(hours, drift, settle)| Step::EndTrip { hours, drift, settle }),
        3 => prop::bool::weighted(0.4).prop_map(|dead| Step::Breaker { dead }),
        2 => prop::bool::weighted(0.3).prop_map(|broken| Step::Distributor { broken }),
    ]
}

/// The owner and the guardian act.
fn of_powers() -> impl Strategy<Value = Step> {
    let what = || prop::sample::select(vec![Pausable::Deposits, Pausable::Payouts]);
    let tune = prop_oneof![
        8 => (1u64..500).prop_map(Tune::Unbonding),
        1 => (3u64..=10).prop_map(Tune::Notice),
        2 => (500u64..=9_000).prop_map(Tune::Fraction),
        1 => (1u128..2_000).prop_map(Tune::MinTicket),
        1 => (1u32..20).prop_map(Tune::MaxTickets),
        1 => (1_300_000u64..10_000_000).prop_map(Tune::Gas),
        3 => Just(Tune::Breaker),
        4 => tariff().prop_map(Tune::Tariff),
    ];
    let first = prop_oneof![
        5 => Just(Beforehand::Nothing),
        4 => Just(Beforehand::Close),
        3 => Just(Beforehand::Slower),
    ];
    prop_oneof![
        10 => (what(), 1..=72u64 * 3_600, any::<bool>())
            .prop_map(|(what, seconds, then)| Step::Pause { what, nanos: seconds * SECOND, then }),
        1 => what().prop_map(|what| Step::Resume { what }),
        8 => tune.prop_map(Step::Tune),
        7 => (0..HOLDERS, terms(prop::bool::weighted(0.7)), prop::bool::weighted(0.4))
            .prop_map(|(holder, terms, add)| Step::Terms { holder, terms, add }),
        1 => who().prop_map(|to| Step::HandOver { to }),
        9 => (any::<u8>(), about(), prop::bool::weighted(0.1), first)
            .prop_map(|(pick, wait, late, first)| Step::ApplyVote { pick, wait, late, first }),
        1 => who().prop_map(|who| Step::Trespass { who }),
        3 => (0..HOLDERS, any::<bool>()).prop_map(|(holder, by_owner)| Step::Close { holder, by_owner }),
    ]
}

/// Rewards come and are claimed, and strays arrive.
fn of_rewards() -> impl Strategy<Value = Step> {
    prop_oneof![
        1 => (1u128..1_000).prop_map(Step::Donate),
        6 => (any::<bool>(), 10_000u128..1_000_000_000, 1u32..5)
            .prop_map(|(asset, amount, weeks)| Step::Fund { asset, amount, weeks }),
        4 => (any::<bool>(), 0..3usize).prop_map(|(asset, back)| Step::Stop { asset, back }),
        6 => (who(), prop::option::weighted(0.2, who()), any::<bool>()).prop_map(
            |(who, to, restake)| Step::Claim { who, receiver: to.unwrap_or(who), restake }
        ),
        2 => who().prop_map(|who| Step::Sync { who }),
    ]
}

pub fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        30 => of_stakers(),
        36 => of_cover(),
        24 => of_market(),
        16 => of_powers(),
        10 => of_rewards(),
        14 => of_premiums(),
    ]
}
