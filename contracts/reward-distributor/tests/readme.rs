//! The README's worked example, step by step.

mod support;

use backstop_types::Denom;
use support::{NATIVE, Suite, attribute, events};

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
    let returned = &events(&synced, "reward_returned")[0];
    assert_eq!(attribute(returned, "amount"), "21600");
    assert_eq!(suite.denoms()[0].rate.to_string(), "1.020833333333333333");

    // Day 14.
    suite.wait(12 * DAY);
    assert_eq!(suite.pending(&ada)[0], 1_188_000);
    suite.claim(&ada);
    let denom = &suite.denoms()[0];
    assert_eq!(denom.paid.u128(), 1_209_600);
    assert_eq!(denom.released, denom.funded);
}
