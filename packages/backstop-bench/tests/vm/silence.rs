//! The most that the distributor's hook can cost: eight denoms whose rates change
//! every week, and nobody who calls for a year.

use backstop_types::Seconds;
use backstop_types::vault::{ExecuteMsg, ParamsUpdate};

use crate::gas::{populate, staker};
use crate::scene::{ONE, Scene};
use crate::wasm;

/// The least gas that a vault takes for the hook.
const LEAST: u64 = 1_300_000;

/// A contract's first start in a transaction, which counts against the limit.
const START: u64 = 60_000;

/// Eight denoms, each with streams that end in each of 52 weeks.
fn busy() -> Scene {
    let scene = Scene::new(3, 8);
    populate(&scene, 0, 10);
    for place in 0..8 {
        (1..=52).for_each(|weeks| drop(scene.fund(place, weeks)));
    }
    scene
}

#[test]
fn the_least_hook_gas_is_twice_what_a_year_of_silence_with_eight_denoms_costs() {
    if wasm::built().is_none() {
        return;
    }
    let scene = busy();
    let update = ParamsUpdate {
        hook_gas: Some(10_000_000),
        ..Default::default()
    };
    scene.send("owner", &scene.vault, &ExecuteMsg::UpdateParams { update });
    scene.wait(Seconds::days(53 * 7));
    let unbonded = scene.unbond(&staker(3), ONE);
    let hook = START + unbonded.gas_of("reward_distributor", "execute");
    let again = START
        + scene
            .unbond(&staker(4), ONE)
            .gas_of("reward_distributor", "execute");
    println!("hook after a year of silence, 8 denoms: {hook} gas; right after it: {again}");
    assert!(again < hook);
    assert!(
        2 * hook <= LEAST,
        "{hook} gas, of which twice is more than {LEAST}"
    );
    assert!(2 * hook > LEAST / 10 * 8, "{LEAST} is far more than twice {hook}");
}
