//! Eight sources of eight kinds in one market, through `Poke` on the shipped
//! contract, and every way in which each of them can fail there.

use backstop_testing::mock_mode::Mode;
use backstop_testing::mock_modules::{CONNECT, SLINKY, TWAP};
use backstop_testing::{mock_band, mock_mars, mock_pyth, mock_tunnel};
use backstop_types::breaker::{Fault, MarketState, Unreadable};
use cosmwasm_std::Binary;

use crate::oracle::{number, priced, unreadable};
use crate::world::{ATOM, NAMES, World, pyth_id};

fn market() -> World {
    let mut world = World::new();
    world.add(ATOM, world.eight()).unwrap();
    world.says("4.06");
    assert!(world.poke(ATOM).allowed);
    world
}

/// Makes the source answer in this manner; none if it has no such thing.
fn set_mode(world: &mut World, source: &str, mode: &Mode) -> Option<()> {
    match source {
        "pyth" => {
            let mode = match mode {
                Mode::Fail => mock_pyth::Mode::Fail,
                Mode::Junk(bytes) => mock_pyth::Mode::Garbage(bytes.clone()),
                Mode::Long => mock_pyth::Mode::Garbage(Binary::from(vec![b'['; 10_240])),
                Mode::Mislabelled(_) => mock_pyth::Mode::Mislabelled("cd".repeat(32)),
                Mode::Honest | Mode::Unpriced => return None,
            };
            let msg = mock_pyth::ExecuteMsg::SetMode { id: pyth_id(), mode };
            world.set(&world.pyth.clone(), &msg);
        }
        "band" => world.set(&world.band.clone(), &mock_band::ExecuteMsg::SetMode(mode.clone())),
        "tunnel" => world.set(
            &world.tunnel.clone(),
            &mock_tunnel::ExecuteMsg::SetMode(mode.clone()),
        ),
        "mars" => world.set(&world.mars.clone(), &mock_mars::ExecuteMsg::SetMode(mode.clone())),
        "slinky" => world.modules.set_mode(SLINKY, mode.clone()),
        "connect" => world.modules.set_mode(CONNECT, mode.clone()),
        "osmosis" => world.modules.set_mode(TWAP, mode.clone()),
        _ => return None,
    }
    Some(())
}

#[test]
fn eight_kinds_of_source_are_one_price() {
    let mut world = market();
    let reading = world.reading(ATOM);
    let now = world.now();
    for source in &reading.sources {
        let time = (source.source != "mars").then_some(now);
        assert_eq!(source.observation, priced("4.06", time), "{}", source.source);
    }
    assert_eq!((reading.lineages, reading.median), (8, Some(number("4.06"))));

    world.advance(6);
    world.says("4.1");
    let verdict = world.poke(ATOM);
    assert_eq!(verdict.median, Some(number("4.1")));
    assert_eq!((verdict.state, verdict.reasons), (MarketState::Normal, vec![]));
}

#[test]
fn whatever_one_source_does_the_other_seven_carry_on() {
    use Unreadable::{Malformed, QueryFailed, TooLong, Unavailable, WrongFeed};
    let modes = [
        (Mode::Fail, QueryFailed),
        (Mode::Junk(b"{\"price\":".into()), Malformed),
        (Mode::Junk(b"\xff\xff\xff".into()), Malformed),
        (Mode::Long, TooLong),
    ];
    for source in &NAMES[..7] {
        for (mode, why) in &modes {
            let mut world = market();
            set_mode(&mut world, source, mode).unwrap();
            assert_eq!(
                world.observed(ATOM, source),
                unreadable(*why),
                "{source} {mode:?}"
            );
            let verdict = world.poke(ATOM);
            assert_eq!((verdict.state, verdict.allowed), (MarketState::Guarded, true));
            assert_eq!(verdict.reasons, [Fault::Unreadable], "{source} {mode:?}");
        }
    }
    // Who names the feed is held to it.
    for source in ["pyth", "tunnel", "mars"] {
        let mut world = market();
        set_mode(&mut world, source, &Mode::Mislabelled("other".to_string())).unwrap();
        assert_eq!(world.observed(ATOM, source), unreadable(WrongFeed), "{source}");
    }
    // Each says in its own way that it has no price.
    for (source, why) in [
        ("band", QueryFailed),
        ("tunnel", Unavailable),
        ("slinky", Unavailable),
        ("connect", Unavailable),
        ("mars", QueryFailed),
    ] {
        let mut world = market();
        set_mode(&mut world, source, &Mode::Unpriced).unwrap();
        assert_eq!(world.observed(ATOM, source), unreadable(why), "{source}");
    }
}

#[test]
fn sources_that_stand_still_are_stale_and_those_without_a_past_are_not() {
    let mut world = market();
    world.advance(121);
    let reading = world.reading(ATOM);
    for source in &reading.sources {
        let stale: Vec<Fault> = source.findings.iter().map(|finding| finding.fault).collect();
        // The block's time is the average's, and Mars's answers have none.
        let expected = match source.source.as_str() {
            "osmosis" | "mars" => vec![],
            _ => vec![Fault::Stale],
        };
        assert_eq!(stale, expected, "{}", source.source);
    }
}

#[test]
fn feeds_of_a_chain_without_the_modules_are_observations() {
    let mut world = World::new();
    world.add(ATOM, world.eight()).unwrap();
    for source in ["slinky", "connect", "osmosis"] {
        let expected = unreadable(Unreadable::QueryFailed);
        assert_eq!(world.observed(ATOM, source), expected, "{source}");
    }
}
