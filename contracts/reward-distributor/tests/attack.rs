//! What a hostile reader tried with a hook that fails.

mod support;

use support::{NATIVE, Suite, WEEK};

/// While nobody is staked no stream moves; but if the hook of the last to leave
/// fails, somebody still is on record. What that phantom keeps returns within
/// two weeks of the sync that finds it, to whoever is staked then.
#[test]
fn what_only_phantom_shares_kept_returns_to_whoever_is_staked_after_the_sync() {
    let mut suite = Suite::new();
    let (alice, bob) = (suite.addr("alice"), suite.addr("bob"));
    suite.stake(&alice, 1_000);
    suite.fund(NATIVE, 52_000_000, 52).unwrap();
    suite.stake_untold(&alice, 0);
    suite.wait(50 * WEEK);

    suite.stake(&bob, 1);
    suite.sync(&alice);
    assert_eq!(suite.pending(&alice)[0], 0);
    suite.wait(2 * WEEK);
    let bobs = suite.pending(&bob)[0];
    assert!((51_000_000..=52_000_000).contains(&bobs), "{bobs}");
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
