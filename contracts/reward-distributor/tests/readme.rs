//! What the README says: the worked example, step by step, and the sizes of
//! what is stored.

use crate::support::{NATIVE, OTHER, Suite, emitted, listing, native};
use backstop_types::Denom;
use backstop_types::events::distributor::RewardReturned;
use cosmwasm_std::Uint256;
use reward_distributor::state::{ACCOUNTS, AHEAD, FUNDINGS};

const DAY: u64 = 86_400;

#[test]
fn two_stakers_two_weeks_and_a_hook_that_fails() {
    let mut suite = Suite::new();
    let (ada, ben) = (suite.addr("ada"), suite.addr("ben"));
    let coin = Denom::Native(NATIVE.to_string());

    // Day 0.
    suite.stake(&ada, 300);
    suite.stake(&ben, 100);
    suite.fund(NATIVE, 1_209_600, 2).unwrap();
    assert_eq!(suite.denoms()[0].rate.to_string(), "1");

    // Day 1.
    suite.wait(DAY);
    assert_eq!(suite.pending(&ada)[0], 64_800);
    suite.claim(&ben);
    assert_eq!(suite.balance(&ben, &coin), 21_600);
    suite.stake_untold(&ben, 0);

    // Day 2.
    suite.wait(DAY);
    assert_eq!(suite.pending(&ada)[0], 129_600);
    assert_eq!(suite.pending(&ben)[0], 0);
    let synced = suite.sync(&ben);
    let returned = &emitted::<RewardReturned>(&synced)[0];
    assert_eq!(returned.amount.u128(), 21_600);
    assert_eq!(suite.denoms()[0].rate.to_string(), "1.020833333333333333");

    // Day 14.
    suite.wait(12 * DAY);
    assert_eq!(suite.pending(&ada)[0], 1_188_000);
    suite.claim(&ada);
    let denom = &suite.denoms()[0];
    let paid = suite.balance(&ada, &coin) + suite.balance(&ben, &coin);
    assert_eq!(paid, 1_209_600);
    assert_eq!(Uint256::from(denom.released), denom.funded);
}

/// The bytes of ledger, account, fall of a rate and funding without its funder.
fn sizes(denoms: &[&str]) -> [usize; 4] {
    let mut suite = Suite::bare();
    let listings: Vec<_> = denoms.iter().map(|denom| listing(native(denom), 1)).collect();
    suite.distributor = suite.instantiate(&listings).unwrap();
    let (ada, ben) = (suite.addr("ada"), suite.addr("ben"));
    suite.stake(&ada, 1_000_000_000_000);
    for denom in denoms {
        suite.fund(denom, 10_000_000_000, 4).unwrap();
    }
    suite.wait(DAY);
    suite.stake(&ben, 20_000_000_000);
    suite.wait(DAY + 1);
    suite.stake(&ben, 10_000_000_000);
    suite.fund(NATIVE, 1_000_000_000, 4).unwrap();

    let state = suite.app.dump_wasm_raw(&suite.distributor);
    let size = |key: &[u8]| state.iter().find(|row| row.0 == key).expect("stored").1.len();
    [
        size(b"ledger"),
        size(&ACCOUNTS.key(&ben)),
        size(&AHEAD.key((0, 5))),
        size(&FUNDINGS.key((0, 2))) - suite.funder().as_bytes().len(),
    ]
}

#[test]
fn the_records_of_the_hot_path_are_as_large_as_the_table_says() {
    let (one, two) = (sizes(&[NATIVE]), sizes(&[NATIVE, OTHER]));
    assert_eq!(one, [62, 43, 20, 27]);
    assert_eq!([two[0] - one[0], two[1] - one[1]], [42, 36]);
}
