//! One hand long and short. What it gains in a fall, who pays it, and at which margin
//! or deductible it no longer pays, as the README's table has it.
//!
//! To write the table into the README: `UPDATE_README=1 cargo test -p sample-perps
//! --test self_trading`.

use std::fmt::Write;

use crate::support::{Exchange, ONE};
use backstop_core::perps::Side;
use backstop_testing::{World, default_terms};
use backstop_types::breaker::MarketParams;
use backstop_types::vault::{BackstopVault, ExecuteMsg as VaultMsg};
use backstop_types::{Assets, Bps, Seconds};
use sample_perps::Params;
use sample_perps::msg::ExecuteMsg;

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
const MARKS: [&str; 2] = ["<!-- self-trading -->\n", "<!-- end of self-trading -->\n"];

/// Of each side, in units of 10.
const SIZE: u128 = 20_000;

/// What the hand does, in percent: its margins, a slow fall first, hours in which nobody
/// pokes, and then a fast fall.
#[derive(Debug, Clone, Copy)]
struct Play {
    margin: u128,
    slow: u128,
    quiet: u64,
    fall: u128,
}

/// The policy's deductible and instant bucket, in units.
#[derive(Debug, Clone, Copy)]
struct Policy {
    deductible: u128,
    instant: u128,
}

/// Ten times leverage, and half of that margin before a liquidation.
fn loose() -> Params {
    Params {
        initial_margin: Bps(1_000),
        maintenance_margin: Bps(500),
        ..Params::default()
    }
}

/// Who has more or less than before, in units.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Outcome {
    /// Both accounts together.
    hand: i128,
    /// What the stakers have paid once both positions were closed.
    at_once: i128,
    /// And a day later.
    later: i128,
    /// What the providers lost in the end.
    providers: i128,
}

const POLICIES: [Policy; 3] = [
    Policy {
        deductible: 0,
        instant: 20_000,
    },
    Policy {
        deductible: 10_000,
        instant: 5_000,
    },
    SHIPPED,
];

/// The default of `backstop-testing`.
const SHIPPED: Policy = Policy {
    deductible: 90_000,
    instant: 20_000,
};

/// With a maintenance margin of 5 %, and with the shipped one of 22 %.
const LOOSE: [Play; 6] = [
    play(10, 0, 10),
    play(10, 0, 15),
    play(10, 0, 19),
    play(20, 14, 15),
    play(50, 0, 19),
    play(10, 0, 30),
];
const CAREFUL: [Play; 7] = [
    play(25, 0, 19),
    play(25, 2, 19),
    play(50, 25, 19),
    after(1, 24),
    after(4, 35),
    play(25, 0, 30),
    play(50, 25, 30),
];

const fn play(margin: u128, slow: u128, fall: u128) -> Play {
    Play {
        margin,
        slow,
        quiet: 0,
        fall,
    }
}

/// At the shipped margin, after so many hours without a poke.
const fn after(quiet: u64, fall: u128) -> Play {
    Play {
        quiet,
        ..play(25, 0, fall)
    }
}

fn signed(amount: u128) -> i128 {
    i128::try_from(amount).unwrap()
}

/// A price in millionths, as text.
fn text(price: u128) -> String {
    format!("{}.{:06}", price / ONE, price % ONE)
}

/// The shipped breaker, exchange and exposure; a million staked and a million of
/// liquidity.
fn world(params: Params, policy: Policy) -> Exchange {
    let builder = World::builder()
        .perps(|p| *p = params)
        .policy(|t| {
            t.deductible = Assets::new(policy.deductible * ONE);
            t.instant = Assets::new(policy.instant * ONE);
        })
        .seed(|seed| {
            seed.deposits = vec![("staker".to_string(), 1_000_000 * ONE)];
            seed.liquidity = 1_000_000 * ONE;
        });
    Exchange { w: builder.build() }
}

/// The better for the hand of two ways to play it.
fn outcome(params: Params, play: Play, policy: Policy) -> Outcome {
    let [fast, patient] = [false, true].map(|patient| played(params, play, policy, patient));
    if fast.hand >= patient.hand { fast } else { patient }
}

/// Plays it. A fast hand closes what has won at the first price that allows it. A
/// patient one waits for the end of a trip, and keepers deleverage meanwhile.
fn played(params: Params, play: Play, policy: Policy, patient: bool) -> Outcome {
    let mut x = world(params, policy);
    let purses = |x: &mut Exchange| signed(x.balance("left") + x.balance("right"));
    let hand = purses(&mut x);
    let pool = signed(x.cash());
    // The fees come on top of the margin.
    let margin = SIZE * 10 * play.margin / 100 + 2_000;
    let long = x.open("left", Side::Long, SIZE, margin);
    let short = x.open("right", Side::Short, SIZE, margin);
    let mut price = 10 * ONE;
    let slow = price - price * play.slow / 100;
    while price > slow {
        price = (price - price / 200).max(slow);
        for _ in 0..3 {
            x.price(&text(price));
        }
    }
    assert!(x.position(long).is_some());
    x.w.advance(Seconds::hours(play.quiet));
    price -= price * play.fall / 100;
    close_both(&mut x, long, short, &text(price), patient);
    for shortfall in 1..=x.pool().ledger.shortfalls {
        x.price(&text(price));
        let _ = x.send_again(shortfall);
    }
    let at_once = paid(&x);
    x.wait(Seconds::days(2), &text(price));
    for claim in 1..=x.pool().ledger.shortfalls {
        let _ = x.vault("anyone", VaultMsg::SettleClaim { claim });
        let _ = x.book(claim);
    }
    for who in ["left", "right"] {
        let _ = x.run(who, ExecuteMsg::Withdraw {});
        let _ = x.compensate(who);
    }
    let unit = signed(ONE);
    Outcome {
        hand: (purses(&mut x) - hand) / unit,
        at_once: at_once / unit,
        later: (paid(&x) - at_once) / unit,
        providers: (pool - signed(x.cash())) / unit,
    }
}

/// What the vault has paid on shortfalls so far.
fn paid(x: &Exchange) -> i128 {
    let vault = BackstopVault(x.w.vault.clone());
    let claims = 1..=x.pool().ledger.shortfalls;
    let records = claims.filter_map(|claim| vault.claim(&x.w.querier(), claim).unwrap());
    records.map(|claim| signed(claim.paid.u128())).sum()
}

/// Every minute until both are closed: keepers liquidate, and the hand closes what has
/// won.
fn close_both(x: &mut Exchange, long: u64, short: u64, price: &str, patient: bool) {
    for _ in 0..600 {
        x.price(price);
        for position in [long, short] {
            let _ = x.liquidate(position);
        }
        if patient {
            for shortfall in 1..=x.pool().ledger.shortfalls {
                let _ = x.send_again(shortfall);
                let _ = x.deleverage(shortfall);
            }
        }
        for (who, position) in [("left", long), ("right", short)] {
            let waits = patient && x.market().trip().is_some();
            if x.position(position).is_some() && !waits {
                let _ = x.close(who, position);
            }
        }
        if x.position(long).is_none() && x.position(short).is_none() {
            return;
        }
        // Orders that wait are given up, so that there is room for the next.
        for order in 1..=x.pool().ledger.orders {
            let _ = x.run("anyone", ExecuteMsg::ReturnOrder { order });
        }
    }
    panic!("the hand is stuck at {price}");
}

fn amount(units: i128) -> String {
    let digits = units.unsigned_abs().to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    let sign = if units < 0 { "−" } else { "" };
    format!("{sign}{text}")
}

fn table() -> String {
    let mut table = String::from("| maintenance, margins, fall |");
    for policy in POLICIES {
        let (deductible, instant) = (amount(signed(policy.deductible)), amount(signed(policy.instant)));
        write!(table, " deductible {deductible}, instant {instant} |").unwrap();
    }
    table.push_str("\n| --- | --- | --- | --- |\n");
    rows(&mut table, loose(), &LOOSE);
    rows(&mut table, Params::default(), &CAREFUL);
    table
}

fn rows(table: &mut String, params: Params, plays: &[Play]) {
    let maintenance = params.maintenance_margin.0 / 100;
    for play in plays {
        let first = match (play.slow, play.quiet) {
            (0, 0) => String::new(),
            (0, 1) => "an hour without a poke, then ".to_string(),
            (0, quiet) => format!("{quiet} hours without a poke, then "),
            (slow, _) => format!("{slow} % slowly, then "),
        };
        let Play { margin, fall, .. } = play;
        write!(table, "| {maintenance} %, {margin} %, {first}{fall} % |").unwrap();
        for policy in POLICIES {
            let one = outcome(params, *play, policy);
            let [hand, at_once, later, providers] =
                [one.hand, one.at_once, one.later, one.providers].map(amount);
            write!(table, " **{hand}**: {at_once}, {later}, {providers} |").unwrap();
        }
        table.push('\n');
    }
}

#[test]
fn the_readme_has_what_one_hand_gains_and_who_pays_it() {
    let readme = std::fs::read_to_string(README).unwrap();
    let (before, rest) = readme.split_once(MARKS[0]).unwrap();
    let (old, after) = rest.split_once(MARKS[1]).unwrap();
    let new = format!("\n{}\n", table());
    if std::env::var_os("UPDATE_README").is_some() {
        let text = [before, MARKS[0], &new, MARKS[1], after].concat();
        std::fs::write(README, text).unwrap();
        return;
    }
    assert_eq!(old, new, "UPDATE_README=1 writes it");
}

#[test]
fn by_the_shipped_defaults_a_hand_only_pays_in_a_jump_and_in_a_fall_of_30_percent() {
    for play in [
        after(1, 24),
        play(25, 0, 19),
        play(25, 2, 19),
        play(30, 7, 19),
        play(50, 25, 19),
        play(25, 0, 30),
        play(50, 25, 30),
    ] {
        let outcome = outcome(Params::default(), play, SHIPPED);
        assert!(outcome.hand < 0, "{play:?}: {outcome:?}");
        assert_eq!((outcome.at_once, outcome.later), (0, 0), "{play:?}: {outcome:?}");
        // At most a part of the keeper's fee, where the insurance fund has too little.
        assert!(outcome.providers < 100, "{play:?}: {outcome:?}");
    }
}

#[test]
fn by_the_margins_alone_a_jump_without_a_trip_never_pays() {
    for play in [play(25, 0, 19), play(25, 2, 19), play(50, 25, 19)] {
        let outcome = outcome(Params::default(), play, POLICIES[0]);
        assert!(outcome.hand < 0, "{play:?}: {outcome:?}");
        assert_eq!((outcome.at_once, outcome.later), (0, 0), "{play:?}");
        assert!(outcome.providers <= 0, "{play:?}: {outcome:?}");
    }
}

/// The bound grows while nobody pokes; what the hand then gains is the providers'.
#[test]
fn after_four_hours_without_a_poke_a_fall_of_35_percent_pays_and_costs_the_stakers_nothing() {
    let outcome = outcome(Params::default(), after(4, 35), SHIPPED);
    assert!(outcome.hand > 0 && outcome.providers > 0, "{outcome:?}");
    assert_eq!((outcome.at_once, outcome.later), (0, 0), "{outcome:?}");
}

/// The deductible of the shipped policy is the most that a jump without a trip takes beyond
/// the margin, of all that a side may have open.
#[test]
fn the_shipped_deductible_is_the_largest_jump_less_the_margin_of_the_open_interest() {
    let (params, market) = (Params::default(), MarketParams::default());
    let jump = market.max_jump.0 + market.max_growth.0;
    let beyond = u128::from(jump - params.maintenance_margin.0);
    let open = params.max_open_interest.u128();
    let deductible = default_terms().deductible.u128();
    assert_eq!(deductible, open * beyond / 10_000);
    assert_eq!(deductible, SHIPPED.deductible * ONE);
}

/// 15 % of a side's open interest: the largest jump of 20 % less a maintenance margin of
/// 5 %.
#[test]
fn with_a_deductible_of_15_percent_of_the_open_interest_the_stakers_pay_nothing_in_one_jump() {
    let policy = Policy {
        deductible: SIZE * 10 * 15 / 100,
        instant: 20_000,
    };
    for play in [play(10, 0, 19), play(20, 14, 15), play(10, 4, 19)] {
        let outcome = outcome(loose(), play, policy);
        assert_eq!((outcome.at_once, outcome.later), (0, 0), "{play:?}: {outcome:?}");
    }
}

#[test]
fn with_a_deductible_of_the_fall_less_the_margin_a_fall_in_a_trip_only_costs() {
    let policy = Policy {
        deductible: SIZE * 10 * (30 - 5) / 100,
        instant: 20_000,
    };
    for play in [
        play(10, 0, 30),
        play(50, 0, 30),
        play(20, 10, 30),
        play(10, 4, 25),
    ] {
        let outcome = outcome(loose(), play, policy);
        assert!(outcome.hand < 0, "{play:?}: {outcome:?}");
        assert_eq!((outcome.at_once, outcome.later), (0, 0), "{play:?}: {outcome:?}");
    }
}

#[test]
fn at_ten_times_leverage_a_fall_of_12_percent_pays_and_one_of_11_does_not() {
    let gain = |fall| outcome(loose(), play(10, 0, fall), POLICIES[0]).hand;
    assert!(gain(11) < 0 && gain(12) > 0, "{} {}", gain(11), gain(12));
}
