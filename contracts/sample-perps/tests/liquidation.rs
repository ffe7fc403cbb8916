//! `Liquidate`, and the order in which a loss is paid.

use crate::support::{ONE, both, plain, refusal, update_params};
use backstop_core::perps::Side;
use backstop_testing::emitted;
use backstop_types::events::perps::Liquidated;
use backstop_types::{Assets, Bps};
use sample_perps::msg::ExecuteMsg;
use sample_perps::{ContractError, Params};

#[test]
fn a_position_that_meets_its_maintenance_margin_is_left_alone() {
    both(plain, |x| {
        let long = x.open("alice", Side::Long, 1_000, 1_000);
        // Equity 475 of the 475 that 5 % of 9,475 … 9,474 ask for.
        x.price("9.474");
        let refused = refusal(x.liquidate(long));
        assert_eq!(
            refused,
            ContractError::Healthy {
                position: long,
                equity: Assets::new(474 * ONE),
                required: Assets::new(473_700_000),
            }
        );
        x.price("9.47");
        x.liquidate(long).unwrap();
    });
}

#[test]
fn what_is_left_of_the_margin_waits_for_its_trader() {
    both(plain, |x| {
        let long = x.open("alice", Side::Long, 1_000, 1_000);
        x.price("9.4");
        let (alice, keeper) = (x.balance("alice"), x.balance("keeper"));
        x.liquidate(long).unwrap();
        // Margin 1,000, loss 600, keeper 50, insurance fund 100: 250 are left.
        assert_eq!(x.balance("keeper") - keeper, 50 * ONE);
        assert_eq!(x.pool().ledger.insurance, Assets::new(100 * ONE));
        assert_eq!(x.cash(), 100_600 * ONE);
        // Nothing is pushed at a trader, whose account might refuse it.
        assert_eq!(x.balance("alice"), alice);
        assert_eq!(x.credit("alice"), 250 * ONE);
        x.run("alice", ExecuteMsg::Withdraw {}).unwrap();
        assert_eq!(x.balance("alice") - alice, 250 * ONE);
        assert_eq!(
            refusal(x.run("alice", ExecuteMsg::Withdraw {})),
            ContractError::NothingDue
        );
        assert_eq!(x.pool().ledger.shortfalls, 0);
    });
}

#[test]
fn the_insurance_fund_pays_before_the_vault_is_asked() {
    both(plain, |x| {
        x.fund_insurance(2_000 * ONE);
        let long = x.open("alice", Side::Long, 1_000, 1_000);
        x.price("8");
        x.liquidate(long).unwrap();
        // 1,000 missing and 50 for the keeper, all from the fund.
        assert_eq!(x.pool().ledger.insurance, Assets::new(950 * ONE));
        assert_eq!(x.cash(), 102_000 * ONE);
        assert_eq!(x.pool().ledger.shortfalls, 0);
    });
}

#[test]
fn slippage_grows_with_the_size_and_is_never_asked_of_the_vault() {
    let setup = |builder: backstop_testing::WorldBuilder| {
        plain(builder).perps(|p| {
            p.impact = Bps(2_000);
            p.max_slippage = Bps(1_000);
            p.depth = Assets::new(100_000 * ONE);
        })
    };
    both(setup, |x| {
        let small = x.open("alice", Side::Long, 100, 500);
        let large = x.open("bob", Side::Long, 2_000, 10_000);
        let entry = |p| x.position(p).unwrap().record.exposure.entry;
        assert!(entry(large) > entry(small));
        // Well above zero the slippage is the trader's …
        x.price("5.2");
        let cash = x.cash();
        let liquidated = x.liquidate(small).unwrap();
        let to_pool = emitted::<Liquidated>(&liquidated)[0].to_pool;
        assert_eq!(x.cash() - cash, to_pool.u128());
        // … and below zero the shortfall is the loss at the breaker's price, not at the fill.
        x.price("3");
        let exposure = x.position(large).unwrap().record.exposure;
        let missing = exposure.equity(crate::support::price("3")).unwrap().missing();
        let insurance = x.pool().ledger.insurance;
        let keeper: u128 = exposure.set_aside().unwrap().u128() / 200;
        x.liquidate(large).unwrap();
        let left = insurance.u128().saturating_sub(keeper);
        assert_eq!(x.shortfall(1).record.books.asked.u128(), missing.u128() - left);
        assert_eq!(x.shortfall(1).price, crate::support::price("3"));
    });
}

#[test]
fn a_keeper_is_paid_even_when_nothing_is_left() {
    both(plain, |x| {
        let long = x.open("alice", Side::Long, 1_000, 1_000);
        x.price("5");
        let keeper = x.balance("keeper");
        x.liquidate(long).unwrap();
        // By the pool, and not asked of the vault: 5,000 − 1,000 are.
        assert_eq!(x.balance("keeper") - keeper, 50 * ONE);
        let shortfall = x.shortfall(1);
        assert_eq!(shortfall.record.books.asked, Assets::new(4_000 * ONE));
        assert_eq!(shortfall.record.books.to_pool, Assets::new(4_000 * ONE));
        assert_eq!(x.cash(), (105_000 - 50) * ONE);
    });
}

#[test]
fn other_parameters_do_not_liquidate_a_position_that_was_opened_before() {
    both(plain, |x| {
        let long = x.open("alice", Side::Long, 1_000, 1_000);
        let params = Params {
            maintenance_margin: Bps(2_000),
            initial_margin: Bps(3_000),
            ..Params::default()
        };
        let owner = x.w.owner.clone();
        let msg = update_params(params);
        let perps = x.w.perps.clone();
        x.w.execute(&owner, &perps, &msg, &[]).unwrap();
        let refused = refusal(x.liquidate(long));
        assert!(matches!(refused, ContractError::Healthy { .. }), "{refused}");
    });
}

#[test]
fn a_liquidated_position_is_gone_and_its_number_is_never_used_again() {
    both(plain, |x| {
        let long = x.open("alice", Side::Long, 1_000, 1_000);
        x.price("5");
        x.liquidate(long).unwrap();
        let gone = ContractError::UnknownPosition { position: long };
        assert_eq!(refusal(x.liquidate(long)), gone);
        assert_eq!(refusal(x.add_margin("alice", long, 1)), gone);
        let next = x.open("alice", Side::Long, 1_000, 1_000);
        assert_eq!(next, long + 1);
    });
}

#[test]
fn a_liquidation_costs_no_more_slippage_than_the_position_was_opened_under() {
    both(plain, |x| {
        let long = x.open("alice", Side::Long, 1_000, 1_000);
        let config: sample_perps::state::Config = x.ask(sample_perps::msg::QueryMsg::Config {});
        let params = Params {
            base_slippage: Bps(100),
            max_slippage: Bps(5_000),
            ..config.params
        };
        x.run("owner", update_params(params)).unwrap();
        // 9.40 leaves 400 of the margin, less fees of 50 and 100.
        x.price("9.4");
        x.liquidate(long).unwrap();
        assert_eq!(x.credit("alice"), 250 * ONE);
    });
}
