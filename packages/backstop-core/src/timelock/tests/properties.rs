//! Over any two values of every parameter.

use backstop_types::breaker::{ActionMatrix, MarketParams, MarketState};
use backstop_types::patch::Told;
use backstop_types::timelock::Before;
use backstop_types::vault::{Params, PolicyTerms, PolicyTermsUpdate, PremiumCurve};
use backstop_types::{Assets, Bps, Change as _, Price, Seconds, Shares};
use cosmwasm_std::Decimal;
use proptest::prelude::*;

use super::*;

fn curve() -> impl Strategy<Value = PremiumCurve> {
    let rates = proptest::collection::vec(1u32..6, 3);
    (1u32..5, rates).prop_map(|(kink, mut rates)| {
        rates.sort_unstable();
        PremiumCurve {
            kink: Bps(kink * 2_000),
            base: Bps(rates[0] * 100),
            at_kink: Bps(rates[1] * 100),
            most: Bps(rates[2] * 100),
        }
    })
}

fn account() -> impl Strategy<Value = Option<String>> {
    prop::option::of("[ab]")
}

fn params() -> impl Strategy<Value = Params<String>> {
    let small = proptest::collection::vec(1u32..4, 8);
    (small, "[ab]", account(), account(), curve()).prop_map(|(n, breaker, guardian, treasury, premium)| {
        Params {
            breaker,
            guardian,
            unbonding_period: Seconds(n[0].into()),
            notice: Seconds(n[1].into()),
            pool_fraction: Decimal::percent(n[2].into()),
            min_ticket: Shares::new(n[3].into()),
            max_tickets: n[4],
            hook_gas: n[5].into(),
            poke_gas: n[6].into(),
            premium,
            treasury,
            treasury_part: Bps(n[7]),
        }
    })
}

fn terms() -> impl Strategy<Value = PolicyTerms> {
    let small = proptest::collection::vec(1u32..4, 5);
    (small, any::<bool>(), prop::option::of(1u32..4)).prop_map(|(n, priced, premium)| PolicyTerms {
        limit: Assets::new(n[0].into()),
        deductible: Assets::new(n[1].into()),
        instant: Assets::new(n[2].into()),
        minimum: Assets::new(n[3].into()),
        delay: Seconds(n[4].into()),
        priced,
        premium: premium.map(Bps),
    })
}

fn market() -> impl Strategy<Value = MarketParams> {
    let small = proptest::collection::vec(1u32..4, 26);
    let optional = proptest::collection::vec(prop::option::of(1u32..4), 7);
    (small, optional, proptest::collection::vec(0usize..5, 5)).prop_map(|(n, o, states)| {
        let bps = |i: usize| Bps(n[i]);
        let seconds = |i: usize| Seconds(n[i].into());
        let price = |i: usize| o[i].map(|price| Price(Decimal::percent(price.into())));
        let state = |i: usize| {
            use MarketState::{Guarded, Latched, Normal, Recovering, Tripped};
            [Normal, Guarded, Recovering, Tripped, Latched][states[i]]
        };
        MarketParams {
            max_age: seconds(0),
            max_future: seconds(1),
            max_confidence: bps(2),
            min_price: price(0),
            max_price: price(1),
            frozen_ticks: o[2],
            frozen_move: bps(3),
            shared_ticks: o[3],
            max_outlier: bps(4),
            min_lineages: n[5],
            max_disagreement: bps(6),
            max_jump: bps(7),
            jump_growth: bps(8),
            max_growth: bps(9),
            reference_slew: bps(10),
            max_drift: bps(11),
            drift_window: o[4].map(|window| Seconds(window.into())),
            block_time_ms: n[12],
            max_halt: o[5].map(|halt| Seconds(halt.into())),
            guard_threshold: bps(13),
            guard_cooldown: seconds(14),
            max_unread: seconds(15),
            cooldown: seconds(16),
            recovery_readings: n[17],
            recovery_spacing: seconds(18),
            recovery_tightness: bps(19),
            confirm_lineages: n[20],
            confirm_readings: n[21],
            max_leap: bps(22),
            latch_trips: o[6],
            latch_window: seconds(23),
            actions: ActionMatrix {
                open: state(0),
                reduce: state(1),
                liquidate: state(2),
                deleverage: state(3),
                payout: state(4),
            },
        }
    })
}

/// Of every field that differs, one direction at least waits, unless the table says
/// why neither does; of one that stays, neither does.
fn one_of_both_directions_waits(there: &[FieldChange], back: &[FieldChange]) -> Result<(), TestCaseError> {
    let rows = rows();
    for (there, back) in there.iter().zip(back) {
        prop_assert_eq!(
            (&there.field, &there.from, &there.to),
            (&back.field, &back.to, &back.from)
        );
        let waits = [there, back].map(|field| field.direction == Direction::Raises);
        let named = |row: &&Row| row.field.rsplit(' ').next() == Some(there.field.as_str());
        let row = rows.iter().find(named);
        let never = row.is_some_and(|row| row.rule.raises == Raises::Never);
        prop_assert!(row.is_some(), "{}", there.field);
        let expected = there.from != there.to && !never;
        prop_assert_eq!(waits.contains(&true), expected, "{:?}", there);
        if row.is_some_and(|row| row.rule.raises == Raises::Any) && expected {
            prop_assert_eq!(waits, [true, true]);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn of_two_values_of_any_parameter_one_waits_for_the_other_or_the_table_says_why(
        (a, b) in (params(), params()), (s, t) in (terms(), terms()), (m, n) in (market(), market()),
    ) {
        one_of_both_directions_waits(&of_params(&a, &b), &of_params(&b, &a))?;
        one_of_both_directions_waits(&of_terms(&s, &t), &of_terms(&t, &s))?;
        one_of_both_directions_waits(&of_market(&m, &n), &of_market(&n, &m))?;
    }

    #[test]
    fn a_change_is_made_at_once_iff_none_of_its_fields_raises_the_risk(
        (a, b) in (params(), params()), (s, t) in (terms(), terms()), (m, n) in (market(), market()),
    ) {
        for fields in [of_params(&a, &b), of_terms(&s, &t), of_market(&m, &n)] {
            let alone = fields.iter().map(|field| class(std::slice::from_ref(field)));
            let waits = alone.filter(|class| *class == Class::Waits).count();
            prop_assert_eq!(class(&fields) == Class::Waits, waits > 0);
            // Nothing changes: nothing waits.
            prop_assert!(waits == 0 || fields.iter().any(|field| field.from != field.to));
        }
    }

    #[test]
    fn a_curve_that_is_changed_at_once_is_nowhere_cheaper(a in curve(), b in curve(), used in 0u64..=12_000) {
        let whole = |premium| Params {
            breaker: String::new(),
            guardian: None,
            unbonding_period: Seconds(1),
            notice: Seconds(1),
            pool_fraction: Decimal::one(),
            min_ticket: Shares::ONE,
            max_tickets: 1,
            hook_gas: 1,
            poke_gas: 1,
            premium,
            treasury: None,
            treasury_part: Bps(0),
        };
        let rate = |curve| crate::premium::rate(curve, Some(Decimal::bps(used))).unwrap();
        if class(&of_params(&whole(a), &whole(b))) == Class::AtOnce {
            prop_assert!(rate(&b) >= rate(&a), "{:?} to {:?}", a, b);
        }
    }

    #[test]
    fn what_a_change_overtakes_no_longer_stands((s, t, u) in (terms(), terms(), terms())) {
        let before = PolicyTermsUpdate::to(s);
        let (one, two) = (PolicyTermsUpdate::to(t), PolicyTermsUpdate { limit: Some(u.limit), ..Default::default() });
        let of = |update: &PolicyTermsUpdate| {
            fields(&change_policy(update.clone()), &Before::Terms(update.among(&before))).unwrap()
        };
        let after = PolicyTermsUpdate::to(one.clone().apply(s));
        let stands = two.among(&after) == two.among(&before);
        prop_assert_eq!(overtakes(&of(&one), &of(&two)), !stands);
        prop_assert!(touches(&of(&one), &of(&two)));
    }
}
