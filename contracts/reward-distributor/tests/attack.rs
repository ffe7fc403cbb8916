//! What a hostile reader tried with a hook that fails.

mod support;

use support::{NATIVE, Suite, WEEK};

/// README: "While nobody is staked no stream moves: nothing is released to
/// nobody, and the next staker does not take the gap." If the hook of the last
/// to leave fails, the phantom takes the gap, and what it returns comes within
/// two weeks to whoever is there.
#[test]
fn the_next_staker_does_not_take_a_gap_in_which_only_phantom_shares_were_on_record() {
    let mut suite = Suite::new();
    let (alice, bob) = (suite.addr("alice"), suite.addr("bob"));
    suite.stake(&alice, 1_000);
    suite.fund(NATIVE, 52_000_000, 52).unwrap();
    suite.stake_untold(&alice, 0);
    suite.wait(50 * WEEK);

    suite.stake(&bob, 1);
    suite.sync(&alice);
    suite.wait(2 * WEEK);
    let bobs = suite.pending(&bob)[0];
    assert!(bobs <= 3_000_000, "{bobs} of a year's 52,000,000 in two weeks");
}

/// What phantom shares kept from the others is streamed to whoever is staked
/// when it returns, also to the one who left: with half of the shares a quarter
/// of what was released while nothing of hers was at risk, unless somebody
/// syncs sooner.
#[test]
fn a_staker_whose_hook_failed_shares_in_what_its_phantom_kept_if_nobody_syncs() {
    let taken = |synced: bool| {
        let mut suite = Suite::new();
        let (alice, mallory) = (suite.addr("alice"), suite.addr("mallory"));
        suite.stake(&alice, 100);
        suite.stake(&mallory, 100);
        suite.fund(NATIVE, 10_000_000, 10).unwrap();
        suite.stake_untold(&mallory, 0);
        if synced {
            suite.sync(&mallory);
        }
        suite.wait(10 * WEEK);
        suite.stake(&mallory, 100);
        suite.wait(2 * WEEK);
        suite.pending(&mallory)[0]
    };
    assert_eq!(taken(true), 0, "a quarter of ten weeks, but for one sync");
    assert!((2_400_000..=2_500_000).contains(&taken(false)));
}
