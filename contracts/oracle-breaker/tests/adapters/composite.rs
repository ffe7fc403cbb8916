//! A market times a rate on the shipped contract.

use backstop_testing::mock_mode::Mode;
use backstop_testing::mock_stride;
use backstop_types::breaker::{ExecuteMsg, Fault, MarketState, Observation, Source, SourceKind, Unreadable};
use cw_multi_test::IntoAddr;

use crate::oracle::{number, priced, unreadable};
use crate::world::{ATOM, World, refusal};

const STATOM: &str = "stATOM/USD";

/// ATOM/USD of two reporters, and stATOM/USD of the composite and a reporter.
fn markets() -> World {
    let mut world = World::new();
    let plain = vec![World::reporter("a"), World::reporter("b")];
    world.add(ATOM, plain).unwrap();
    world
        .add(STATOM, vec![world.composite(ATOM), World::reporter("c")])
        .unwrap();
    world.redeems("1.25", world.now());
    says(&mut world, "4", "4");
    world
}

fn says(world: &mut World, a: &str, b: &str) {
    for (name, price) in [("a", a), ("b", b)] {
        world.report(ATOM, &name.into_addr(), price, world.now()).unwrap();
    }
}

fn composite(world: &World) -> Observation {
    world.observed(STATOM, "composite")
}

#[test]
fn a_composite_is_the_median_times_the_rate_through_a_poke() {
    let mut world = markets();
    let now = world.now();
    assert_eq!(composite(&world), priced("5", now));
    world.report(STATOM, &"c".into_addr(), "5", now).unwrap();
    let verdict = world.poke(STATOM);
    assert_eq!(
        (verdict.allowed, verdict.median, verdict.state),
        (true, Some(number("5")), MarketState::Normal)
    );
}

#[test]
fn its_confidence_is_the_wider_side_of_the_band_and_its_time_the_oldest() {
    let mut world = markets();
    world.advance(10);
    let now = world.now();
    world.report(ATOM, &"a".into_addr(), "4.08", now).unwrap();
    // 4 and 4.08: the band is 0.04 either way of 4.04.
    let expected = Observation::Priced {
        price: number("5.05"),
        confidence: number("0.05"),
        publish_time: Some(now - 10),
    };
    assert_eq!(composite(&world), expected);
}

#[test]
fn a_rate_that_is_old_far_ahead_or_gone_is_unavailable() {
    let day = 86_400;
    for (offset, available) in [(-day, true), (-day - 1, false), (15, true), (16, false)] {
        let mut world = markets();
        world.app.update_block(|block| {
            block.time = cosmwasm_std::Timestamp::from_seconds(block.time.seconds());
        });
        let at = world.now().saturating_add_signed(offset);
        world.redeems("1.25", at);
        let observed = composite(&world);
        if available {
            assert_eq!(observed, priced("5", world.now()), "{offset}");
        } else {
            assert_eq!(observed, unreadable(Unreadable::Unavailable), "{offset}");
        }
    }
    for (mode, why) in [
        (Mode::Fail, Unreadable::QueryFailed),
        (Mode::Long, Unreadable::TooLong),
        (Mode::Junk(b"{}".into()), Unreadable::Malformed),
        (Mode::Unpriced, Unreadable::QueryFailed),
    ] {
        let mut world = markets();
        world.set(&world.stride.clone(), &mock_stride::ExecuteMsg::SetMode(mode));
        assert_eq!(composite(&world), unreadable(why));
    }
    let mut world = markets();
    world.redeems("0", world.now());
    let none = Observation::NonPositive {
        publish_time: Some(world.now()),
    };
    assert_eq!(composite(&world), none);
}

#[test]
fn a_market_that_is_unwell_now_or_in_a_trip_is_a_dependency_that_failed() {
    let failed = unreadable(Unreadable::Dependency);
    // Nobody agrees now.
    let mut world = markets();
    world.poke(ATOM);
    world.advance(10);
    says(&mut world, "4", "8");
    assert_eq!(composite(&world), failed);
    // They agree again, but the trip that a poke has opened goes on.
    world.poke(ATOM);
    world.advance(10);
    says(&mut world, "4", "4");
    assert!(world.reading(ATOM).median.is_some());
    assert_eq!(composite(&world), failed);
    assert!(world.poke(STATOM).reasons.contains(&Fault::Unreadable));
    // Nobody speaks.
    let mut world = markets();
    world.advance(121);
    assert_eq!(composite(&world), failed);
}

#[test]
fn a_halt_of_a_market_that_nobody_poked_since_is_none_of_the_composites() {
    let mut world = markets();
    world.poke(ATOM);
    world
        .app
        .update_block(|block| block.time = block.time.plus_seconds(3_600));
    world.redeems("1.25", world.now());
    says(&mut world, "4", "4");
    assert_eq!(composite(&world), priced("5", world.now()));
}

#[test]
fn a_composite_reads_another_market_that_is_there_and_plain() {
    let bound = "must be another market that was added, without composites";
    let mut world = markets();
    for (name, market) in [
        ("A/USD", "NONE/USD"),
        ("A/USD", "A/USD"),
        // It has a composite itself.
        ("A/USD", STATOM),
    ] {
        let sources = vec![world.composite(market), World::reporter("c")];
        let refused = refusal(world.add(name, sources));
        assert_eq!(refused, format!("sources.market is {market:?}: {bound}"));
    }
    // A market does not read itself after an update either.
    let sources = vec![world.composite(ATOM), World::reporter("c")];
    let refused = refusal(world.update(ATOM, sources));
    assert_eq!(refused, format!("sources.market is {ATOM:?}: {bound}"));
}

#[test]
fn a_rate_without_a_time_is_refused() {
    let mut world = markets();
    let rate = SourceKind::Mars {
        contract: world.mars.to_string(),
        denom: "ustatom".to_string(),
        exponent: 0,
    };
    let kind = SourceKind::Composite {
        market: ATOM.to_string(),
        rate: Box::new(rate),
        rate_max_age: backstop_types::Seconds::DAY,
    };
    let sources = vec![
        Source::new("x", "x", kind),
        World::reporter("c"),
        World::reporter("d"),
    ];
    assert_eq!(
        refusal(world.add("A/USD", sources)),
        "sources.rate is without a time: must be a feed whose answers have a time, or rate_max_age could not be kept"
    );
}

#[test]
fn a_reading_asks_at_most_eight_sources_those_of_composites_among_them() {
    let mut world = markets();
    let names = ["d", "e", "f", "g", "h", "i", "j"];
    let with = |world: &World, others: usize| {
        let others = names[..others].iter().map(|name| World::reporter(name));
        Vec::from_iter(std::iter::once(world.composite(ATOM)).chain(others))
    };
    // The rate, the two of ATOM/USD, and five others.
    world.add("A/USD", with(&world, 5)).unwrap();
    let refused = refusal(world.add("B/USD", with(&world, 6)));
    assert_eq!(
        refused,
        "sources is 9 with those of the markets that composites read: must be at most 8"
    );
    let refused = refusal(world.update("A/USD", with(&world, 6)));
    assert!(refused.starts_with("sources is 9"), "{refused}");
}

#[test]
fn a_market_that_changed_under_a_composite_is_not_read() {
    let nested = unreadable(Unreadable::Nested);
    // More sources than fit.
    let mut world = markets();
    let many = ["a", "b", "d", "e", "f", "g", "h"].map(World::reporter);
    world.update(ATOM, many.to_vec()).unwrap();
    assert_eq!(composite(&world), nested);
    // A composite of its own.
    let mut world = markets();
    world
        .add("X/USD", vec![World::reporter("a"), World::reporter("b")])
        .unwrap();
    let sources = vec![
        world.composite("X/USD"),
        World::reporter("a"),
        World::reporter("b"),
    ];
    world.update(ATOM, sources).unwrap();
    assert_eq!(composite(&world), nested);
    // The other sources of the market carry on.
    assert_eq!(world.reading(STATOM).sources.len(), 2);
}

#[test]
fn a_source_without_a_time_takes_none_from_the_composite() {
    let mut world = World::new();
    let mars = world.eight().remove(6);
    world
        .add(ATOM, vec![mars, World::reporter("a"), World::reporter("b")])
        .unwrap();
    world
        .add(
            STATOM,
            vec![world.composite(ATOM), World::reporter("c"), World::reporter("d")],
        )
        .unwrap();
    world.redeems("1.25", world.now());
    says(&mut world, "4", "4");
    assert_eq!(composite(&world), priced("5", world.now()));
    let price = backstop_testing::mock_mars::PriceResponse {
        denom: "uatom".to_string(),
        price: number("4").0,
    };
    let msg = backstop_testing::mock_mars::ExecuteMsg::SetPrice(price);
    world.set(&world.mars.clone(), &msg);
    assert_eq!(composite(&world), priced("5", world.now()));
}

#[test]
fn a_composite_costs_no_message_and_writes_nothing_of_the_other_market() {
    let mut world = markets();
    let before = world.reading(ATOM);
    let msg = ExecuteMsg::Poke {
        markets: vec![STATOM.to_string()],
        action: None,
    };
    let sent = world.send(&"x".into_addr(), &msg).unwrap();
    assert!(!sent.events.iter().any(|event| {
        let names_it = |it: &cosmwasm_std::Attribute| it.value == ATOM;
        event.attributes.iter().any(names_it)
    }));
    assert_eq!(world.reading(ATOM), before);
}
