//! No operation's cost grows with what others have left behind: stakers,
//! streams, losses. Costs are with the contracts' starts, as a chain charges
//! them; numbers with more digits cost a few bytes more.

use backstop_types::Seconds;
use backstop_types::vault::ExecuteMsg;
use cosmwasm_std::coins;

use crate::gas::{populate, populated, staker};
use crate::scene::{ASSET, ONE, Scene};
use crate::wasm;

/// The most that an operation may cost at the large size, in percent of its
/// cost at the small one.
const MOST: u64 = 102;

type Costs = Vec<(&'static str, u64)>;

fn compare(what: &str, small: &Costs, large: &Costs) {
    for ((name, few), (_, many)) in small.iter().zip(large) {
        println!("{name}, {what}: {few} to {many} gas");
        assert!(
            many * 100 <= few * MOST,
            "{name}, {what}: from {few} to {many} gas, more than {MOST} %"
        );
    }
}

/// Every operation of a staker, and those of others that could grow. `round`
/// keeps the stakers of one round apart from those of the next, so that both
/// find the same.
fn costs(scene: &Scene, round: usize) -> Costs {
    let name = staker(round);
    // A market that nobody read for weeks is guarded, until it is read again.
    for _ in 0..2 {
        scene.wait(Seconds(6));
        scene.price("10");
        scene.poke();
    }
    // Catches up with the weeks since the last message.
    scene.deposit("neighbour", ONE);
    let deposited = scene.deposit(&name, ONE).gas_with_starts();
    let again = scene.deposit(&name, ONE).gas_with_starts();
    let unbonded = scene.unbond(&name, ONE).gas_with_starts();
    scene.wait(Seconds::HOUR);
    let claimed = scene.claim(&name).gas_with_starts();
    let funded = scene.fund(0, 4).gas_with_starts();
    scene.price("10");
    let covered = scene.shortfall(ONE, "10").gas_with_starts();
    let loss = losses(scene);
    let msg = ExecuteMsg::Recover { loss };
    let recovered = scene
        .pay("donor", &scene.vault, &msg, &coins(ONE, ASSET))
        .gas_with_starts();
    let msg = ExecuteMsg::ClaimRecovery {
        losses: Some(vec![loss]),
        restake: None,
        limit: None,
    };
    let taken = scene.send(&name, &scene.vault, &msg).gas_with_starts();
    scene.wait(Seconds::days(21));
    let withdrawn = scene.withdraw(&name).gas_with_starts();
    vec![
        ("deposit after a loss", deposited),
        ("deposit", again),
        ("unbond", unbonded),
        ("claim", claimed),
        ("fund", funded),
        ("shortfall", covered),
        ("recover", recovered),
        ("claim recovery", taken),
        ("withdraw", withdrawn),
    ]
}

fn losses(scene: &Scene) -> u64 {
    let answer: serde_json::Value = scene.query_vault(&backstop_types::vault::QueryMsg::Pool {});
    answer["losses"].as_u64().unwrap()
}

fn lose(scene: &Scene, until: u64) {
    while losses(scene) < until {
        scene.wait(Seconds(60));
        scene.price("10");
        scene.shortfall(ONE, "10");
    }
}

#[test]
fn ten_thousand_stakers_cost_what_ten_do() {
    if wasm::built().is_none() {
        return;
    }
    let scene = populated(10);
    lose(&scene, 10);
    let small = costs(&scene, 3);
    populate(&scene, 10, 10_000);
    lose(&scene, 12);
    let large = costs(&scene, 4);
    compare("10 and 10,000 stakers", &small, &large);
}

#[test]
fn a_hundred_losses_cost_what_ten_do() {
    if wasm::built().is_none() {
        return;
    }
    let scene = populated(10);
    lose(&scene, 10);
    let small = costs(&scene, 3);
    lose(&scene, 100);
    let large = costs(&scene, 4);
    compare("10 and 100 losses", &small, &large);
}

#[test]
fn a_hundred_streams_cost_what_ten_do() {
    if wasm::built().is_none() {
        return;
    }
    let scene = populated(10);
    lose(&scene, 10);
    stream(&scene, 10);
    let small = costs(&scene, 3);
    stream(&scene, 90);
    let large = costs(&scene, 4);
    compare("10 and 100 streams", &small, &large);
}

/// Streams of one denom that end in different weeks.
fn stream(scene: &Scene, count: u32) {
    (0..count).for_each(|number| drop(scene.fund(0, 10 + number % 40)));
}
