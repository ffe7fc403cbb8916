//! The Pyth adapter against a contract that speaks Pyth's interface, and each
//! way in which that can go wrong: always an observation, never an error.

use crate::support::*;
use backstop_testing::mock_pyth::{Mode, PriceFeed};
use backstop_types::breaker::{
    Action, ExecuteMsg, Fault, MarketConfig, MarketState, Observation, Source, Unreadable,
};
use cosmwasm_std::Binary;

fn pyth(setup: &Setup) -> Observation {
    setup.reading().sources[0].observation
}

fn unreadable(why: Unreadable) -> Observation {
    Observation::Unreadable { why }
}

#[test]
fn a_price_is_read_to_the_last_digit() {
    let mut setup = Setup::at("4.06");
    let now = setup.now();
    setup.set_feed(PriceFeed::flat(feed_id(), 1_365_133_270, 574_566, -8, now as i64));
    let expected = Observation::Priced {
        price: price("13.6513327"),
        confidence: price("0.00574566"),
        publish_time: Some(now),
    };
    assert_eq!(pyth(&setup), expected);
}

#[test]
fn every_malformed_answer_is_an_observation_and_the_others_carry_on() {
    let id = feed_id();
    let answer = |price: &str, conf: &str, rest: &str| {
        format!(r#"{{"price_feed":{{"id":"{id}","price":{{"price":{price},"conf":{conf},{rest}}}}}}}"#)
    };
    let usual = r#""expo":-8,"publish_time":1700000000"#;
    let cases = [
        (String::new(), Unreadable::Malformed),
        ("null".into(), Unreadable::Malformed),
        ("[]".into(), Unreadable::Malformed),
        ("{}".into(), Unreadable::Malformed),
        (r#"{"price_feed":null}"#.into(), Unreadable::Malformed),
        ("\u{0}".into(), Unreadable::Malformed),
        ("[".repeat(2_000), Unreadable::Malformed),
        ("[".repeat(2_049), Unreadable::TooLong),
        (answer("406", r#""1""#, usual), Unreadable::Malformed),
        (answer(r#""406""#, "1", usual), Unreadable::Malformed),
        (answer(r#""4.06""#, r#""1""#, usual), Unreadable::Malformed),
        (
            answer(r#""9223372036854775808""#, r#""1""#, usual),
            Unreadable::Malformed,
        ),
        (answer(r#""406""#, r#""-1""#, usual), Unreadable::Malformed),
        (
            answer(r#""406""#, r#""1""#, r#""expo":-8"#),
            Unreadable::Malformed,
        ),
        (
            answer(r#""406""#, r#""1""#, r#""expo":"-8","publish_time":1"#),
            Unreadable::Malformed,
        ),
        (
            answer(r#""406""#, r#""1""#, r#""expo":-19,"publish_time":1"#),
            Unreadable::Exponent,
        ),
        (
            answer(r#""406""#, r#""1""#, r#""expo":13,"publish_time":1"#),
            Unreadable::Exponent,
        ),
        (
            answer(r#""406""#, r#""1""#, r#""expo":2147483648,"publish_time":1"#),
            Unreadable::Malformed,
        ),
        (
            answer(
                r#""9223372036854775807""#,
                r#""1""#,
                r#""expo":12,"publish_time":1"#,
            ),
            Unreadable::Overflow,
        ),
        (
            answer(r#""406""#, r#""1""#, r#""expo":0,"publish_time":-1"#),
            Unreadable::Time,
        ),
    ];
    for (bytes, why) in cases {
        let mut setup = Setup::at("4.06");
        setup.set_mode(Mode::Garbage(Binary::from(bytes.as_bytes())));
        assert_eq!(pyth(&setup), unreadable(why), "{bytes}");
        let verdict = setup.poke(Action::Payout);
        assert_eq!(
            (verdict.state, verdict.allowed),
            (MarketState::Guarded, true),
            "{bytes}"
        );
        assert_eq!(
            (verdict.reasons, verdict.median),
            (vec![Fault::Unreadable], Some(price("4.06")))
        );
    }
}

#[test]
fn a_failing_query_is_an_observation() {
    let mut setup = Setup::at("4.06");
    setup.set_mode(Mode::Fail);
    assert_eq!(pyth(&setup), unreadable(Unreadable::QueryFailed));
}

#[test]
fn the_answer_for_another_feed_is_refused() {
    let mut setup = Setup::at("4.06");
    setup.set_mode(Mode::Mislabelled("cd".repeat(32)));
    assert_eq!(pyth(&setup), unreadable(Unreadable::WrongFeed));
}

#[test]
fn an_unknown_feed_and_an_address_without_contract_are_observations() {
    let mut setup = Setup::bare();
    let mut config = setup.config();
    config
        .sources
        .push(Source::pyth("unknown", "x", &setup.pyth, "00".repeat(32)));
    config
        .sources
        .push(Source::pyth("nobody", "y", &setup.alice, feed_id()));
    setup.add_market(MARKET, config).unwrap();
    setup.says("4.06");
    let reading = setup.reading();
    for i in [3, 4] {
        assert_eq!(
            reading.sources[i].observation,
            unreadable(Unreadable::QueryFailed)
        );
    }
    assert_eq!(reading.median, Some(price("4.06")));
}

#[test]
fn a_price_of_zero_or_below_is_dropped() {
    for bad in [0, -1, i64::MIN] {
        let mut setup = Setup::at("4.06");
        setup.set_feed(PriceFeed::flat(feed_id(), bad, u64::MAX, -8, setup.now() as i64));
        assert_eq!(
            pyth(&setup),
            Observation::NonPositive {
                publish_time: Some(setup.now())
            }
        );
        assert_eq!(setup.poke(Action::Open).reasons, [Fault::NonPositive]);
    }
}

#[test]
fn age_and_future_have_bounds_of_their_own() {
    let cases = [
        (-120, None),
        (-121, Some(Fault::Stale)),
        (15, None),
        (16, Some(Fault::Future)),
    ];
    for (offset, expected) in cases {
        let mut setup = Setup::at("4.06");
        setup.at_a_whole_second();
        let time = setup.now() as i64 + offset;
        setup.set_feed(PriceFeed::flat(feed_id(), 406, 0, -2, time));
        assert_eq!(
            setup.poke(Action::Open).reasons,
            Vec::from_iter(expected),
            "{offset}"
        );
    }
    let mut setup = Setup::at("4.06");
    setup.set_feed(PriceFeed::flat(feed_id(), 406, 0, -2, i64::MAX));
    assert_eq!(setup.poke(Action::Open).reasons, [Fault::Future]);
}

#[test]
fn a_wide_confidence_drops_the_feed() {
    for (confidence, expected) in [("0.0812", None), ("0.081201", Some(Fault::Uncertain))] {
        let mut setup = Setup::at("4.06");
        setup.pyth_says("4.06", confidence, setup.now());
        assert_eq!(
            setup.poke(Action::Open).reasons,
            Vec::from_iter(expected),
            "{confidence}"
        );
    }
}

#[test]
fn a_feed_id_is_64_hex_digits_in_lower_case() {
    let mut setup = Setup::bare();
    for bad in [
        "",
        "ab",
        &"AB".repeat(32),
        &format!("0x{}", "ab".repeat(31)),
        &"zz".repeat(32),
    ] {
        let mut sources = setup.config().sources;
        sources[0] = Source::pyth("pyth", "pyth", &setup.pyth, bad);
        let market = MARKET.to_string();
        let msg = ExecuteMsg::AddMarket {
            market,
            config: MarketConfig::default_for(sources),
        };
        let refused = setup.refused(&setup.owner.clone(), &msg);
        assert!(
            refused.to_string().starts_with("sources.pyth.price_id"),
            "{refused}"
        );
    }
}
