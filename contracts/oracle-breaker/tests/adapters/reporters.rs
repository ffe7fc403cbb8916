//! Groups of reporters on the shipped contract.

use backstop_types::breaker::{Fault, Observation, Source, SourceKind, Unreadable};
use cosmwasm_std::Addr;
use cw_multi_test::IntoAddr;

use crate::oracle::{number, priced, unreadable};
use crate::world::{ATOM, World};

fn group(name: &str, members: &[Addr], quorum: u32) -> Source<String> {
    let kind = SourceKind::Reporters {
        members: members.iter().map(Addr::to_string).collect(),
        quorum,
    };
    Source::new(name, name, kind)
}

/// A market of one group of three, of whom two must report, and another source.
fn market() -> (World, [Addr; 3]) {
    let mut world = World::new();
    let desk = world.desk.clone();
    world
        .add(ATOM, vec![group("desk", &desk, 2), World::reporter("solo")])
        .unwrap();
    (world, desk)
}

#[test]
fn a_group_speaks_when_its_quorum_has_reported() {
    let (mut world, [ann, bob, cat]) = market();
    let now = world.now();
    let missing = unreadable(Unreadable::NoReport);
    assert_eq!(world.observed(ATOM, "desk"), missing);
    world.report(ATOM, &ann, "4", now).unwrap();
    assert_eq!(world.observed(ATOM, "desk"), missing);
    world.report(ATOM, &bob, "4.2", now - 9).unwrap();
    assert_eq!(world.observed(ATOM, "desk"), priced("4.1", now - 9));
    world.report(ATOM, &cat, "9", now - 4).unwrap();
    assert_eq!(world.observed(ATOM, "desk"), priced("4.2", now - 4));
}

#[test]
fn one_lively_member_is_no_news_and_does_not_keep_a_silent_group_alive() {
    let (mut world, [ann, bob, _]) = market();
    let start = world.now();
    world.report(ATOM, &ann, "4", start).unwrap();
    world.report(ATOM, &bob, "4", start).unwrap();
    for _ in 0..13 {
        world.advance(10);
        world.report(ATOM, &ann, "5", world.now()).unwrap();
    }
    let reading = world.reading(ATOM);
    assert_eq!(reading.sources[0].observation, priced("4.5", start));
    assert_eq!(reading.sources[0].findings[0].fault, Fault::Stale);
    world.report(ATOM, &bob, "5", world.now()).unwrap();
    assert_eq!(world.observed(ATOM, "desk"), priced("5", world.now()));
}

#[test]
fn a_report_that_is_too_old_counts_no_longer() {
    let (mut world, [ann, bob, cat]) = market();
    world.report(ATOM, &ann, "400", world.now()).unwrap();
    world.advance(120);
    world.report(ATOM, &bob, "4", world.now()).unwrap();
    world.report(ATOM, &cat, "5", world.now()).unwrap();
    world
        .app
        .update_block(|block| block.time = block.time.plus_nanos(1));
    assert_eq!(world.observed(ATOM, "desk"), priced("4.5", world.now()));
}

#[test]
fn a_sources_own_age_is_that_of_its_reports() {
    let mut world = World::new();
    let [ann, bob, cat] = world.desk.clone();
    let mut desk = group("desk", &[ann.clone(), bob.clone(), cat.clone()], 2);
    desk.max_age = Some(backstop_types::Seconds(600));
    world.add(ATOM, vec![desk, World::reporter("solo")]).unwrap();
    world.report(ATOM, &ann, "400", world.now()).unwrap();
    world.advance(599);
    world.report(ATOM, &bob, "4", world.now()).unwrap();
    world.report(ATOM, &cat, "5", world.now()).unwrap();
    assert_eq!(world.observed(ATOM, "desk"), priced("5", world.now()));
}

#[test]
fn who_left_a_group_no_longer_counts_and_begins_anew_on_return() {
    let (mut world, [ann, bob, cat]) = market();
    let now = world.now();
    for (member, price) in [(&ann, "4"), (&bob, "5"), (&cat, "6")] {
        world.report(ATOM, member, price, now).unwrap();
    }
    let without = vec![
        group("desk", &[ann.clone(), bob.clone()], 2),
        World::reporter("solo"),
    ];
    world.update(ATOM, without).unwrap();
    assert_eq!(world.observed(ATOM, "desk"), priced("4.5", now));
    assert!(world.report(ATOM, &cat, "6", now + 1).is_err());

    let again = vec![
        group("desk", &[ann, bob, cat.clone()], 2),
        World::reporter("solo"),
    ];
    world.update(ATOM, again).unwrap();
    assert_eq!(world.observed(ATOM, "desk"), priced("4.5", now));
    world.report(ATOM, &cat, "6", now).unwrap();
    assert_eq!(world.observed(ATOM, "desk"), priced("5", now));
}

#[test]
fn a_group_under_another_name_and_one_of_a_source_that_went_are_forgotten() {
    let (mut world, [ann, bob, cat]) = market();
    let now = world.now();
    world.report(ATOM, &ann, "4", now).unwrap();
    world.report(ATOM, &bob, "5", now).unwrap();
    let members = [ann, bob, cat];
    world.update(ATOM, vec![World::reporter("spare")]).unwrap();
    let missing = unreadable(Unreadable::NoReport);
    for (gone, named) in [("desk", "other"), ("other", "desk")] {
        world.remove(ATOM, gone).unwrap();
        world.update(ATOM, vec![group(named, &members, 2)]).unwrap();
        assert_eq!(world.observed(ATOM, named), missing);
    }
}

/// Reports of 4 with these confidences.
fn unsure(world: &mut World, reports: &[(&Addr, &str)]) {
    let now = world.now();
    for (member, confidence) in reports {
        let reports = vec![backstop_types::breaker::Report {
            market: ATOM.to_string(),
            price: number("4"),
            confidence: Some(number(confidence)),
            publish_time: now,
        }];
        let msg = backstop_types::breaker::ExecuteMsg::Report { reports };
        world.send(member, &msg).unwrap();
    }
}

fn confidence(world: &World) -> backstop_types::Price {
    match world.observed(ATOM, "desk") {
        Observation::Priced { confidence, .. } => confidence,
        other => panic!("{other:?}"),
    }
}

#[test]
fn of_a_bare_quorum_the_least_sure_says_the_confidence() {
    let (mut world, [ann, bob, _]) = market();
    unsure(&mut world, &[(&ann, "0.01"), (&bob, "0.03")]);
    assert_eq!(confidence(&world), number("0.03"));
    let now = world.now();
    assert!(world.report(ATOM, &"stranger".into_addr(), "4", now).is_err());
}

#[test]
fn one_member_that_is_not_sure_makes_no_group_uncertain() {
    let (mut world, [ann, bob, cat]) = market();
    unsure(&mut world, &[(&ann, "0.01"), (&bob, "0.02"), (&cat, "4")]);
    assert_eq!(confidence(&world), number("0.02"));
}
