//! The world itself: that it stands, and that its invariants notice.

use backstop_core::perps::Side;
use backstop_testing::World;
use backstop_types::Seconds;
use backstop_types::vault::{PoolResponse, QueryMsg};

#[test]
fn a_world_stands_with_either_kind_of_asset() {
    for cw20 in [false, true] {
        let builder = World::builder().seed(|seed| {
            seed.deposits = vec![("alice".to_string(), 1_000_000)];
            seed.liquidity = 1_000_000_000;
        });
        let mut w = if cw20 { builder.cw20_asset() } else { builder }.build();

        let trader = w.addr("trader");
        w.open(&trader, Side::Long, 10_000_000, 50_000_000).unwrap();
        let alice = w.addr("alice");
        w.unbond(&alice, 400_000).unwrap();
        w.advance(Seconds::days(22));
        w.withdraw(&alice).unwrap();

        let pool: PoolResponse = w.query(&w.vault, &QueryMsg::Pool {}).unwrap();
        assert_eq!(pool.assets.u128(), 600_000);
        assert!(w.checks() > 5);
    }
}
