//! Every message with every role and every kind of bad input: a typed error,
//! and nothing has changed.

use crate::support::{Exchange, ONE, both, message, native, plain, update_params};
use backstop_core::perps::shortfall::PriceClock;
use backstop_core::perps::{Side, Size};
use backstop_types::{Seconds, Shares};
use cosmwasm_std::{Binary, Coin, Timestamp, to_json_binary};
use cw20::{Cw20ExecuteMsg, Cw20ReceiveMsg};
use sample_perps::Params;
use sample_perps::msg::{ExecuteMsg, HookMsg};
use sample_perps::state::Ledger;

/// A world with a position, an unanswered shortfall and roles of every kind.
fn lived_in(x: &mut Exchange) {
    x.open("trader", Side::Short, 1_000, 2_000);
    let long = x.open("loser", Side::Long, 1_000, 1_000);
    x.price("5");
    x.liquidate(long).unwrap();
    x.open("trader", Side::Long, 100, 500);
}

/// Each message, and its parts in the error.
fn refused() -> Vec<(ExecuteMsg, &'static str)> {
    let open = |side, size| ExecuteMsg::Open {
        side,
        size: Size::new(size),
        limit: None,
        lifetime: None,
    };
    let huge = u64::MAX;
    vec![
        (
            ExecuteMsg::AddLiquidity {
                min_shares: None,
                lifetime: None,
            },
            "funds",
        ),
        (open(Side::Long, ONE), "funds"),
        (open(Side::Short, u128::MAX), "funds"),
        (ExecuteMsg::AddMargin { position: 1 }, "funds"),
        (ExecuteMsg::FundInsurance {}, "funds"),
        (
            ExecuteMsg::RemoveLiquidity {
                shares: Shares::ZERO,
                min_assets: None,
                lifetime: None,
            },
            "shares is 0",
        ),
        (
            ExecuteMsg::RemoveLiquidity {
                shares: Shares::new(u128::MAX),
                min_assets: None,
                lifetime: None,
            },
            "the sender has",
        ),
        (
            ExecuteMsg::Close {
                position: huge,
                limit: None,
                lifetime: None,
            },
            "is not open",
        ),
        (
            ExecuteMsg::Close {
                position: 0,
                limit: None,
                lifetime: None,
            },
            "is not open",
        ),
        (ExecuteMsg::Liquidate { position: huge }, "is not open"),
        (
            ExecuteMsg::CloseAtCeiling {
                position: huge,
                lifetime: None,
            },
            "is not open",
        ),
        (ExecuteMsg::ExecuteOrder { order: huge }, "does not exist"),
        (ExecuteMsg::ReturnOrder { order: huge }, "does not exist"),
        (ExecuteMsg::AnnounceSettlement {}, "can be announced from"),
        (ExecuteMsg::Settle { position: huge }, "is not open"),
        (ExecuteMsg::Settle { position: 1 }, "are not settled now"),
        (ExecuteMsg::SendShortfall { shortfall: huge }, "does not exist"),
        (ExecuteMsg::SendShortfall { shortfall: 1 }, "has been answered"),
        (
            ExecuteMsg::Deleverage {
                shortfall: 0,
                limit: None,
            },
            "does not exist",
        ),
        (
            ExecuteMsg::Deleverage {
                shortfall: 1,
                limit: Some(u32::MAX),
            },
            "is made good",
        ),
        (ExecuteMsg::BookClaim { shortfall: huge }, "does not exist"),
        (ExecuteMsg::BookClaim { shortfall: 1 }, "nothing new"),
        (
            ExecuteMsg::ClaimCompensation {
                start_after: Some(huge),
                limit: Some(u32::MAX),
            },
            "nothing is due",
        ),
        (ExecuteMsg::Withdraw {}, "nothing is due"),
        (
            ExecuteMsg::Receive(Cw20ReceiveMsg {
                sender: "anyone".to_string(),
                amount: 1u128.into(),
                msg: Binary::default(),
            }),
            "funds came in",
        ),
        (update_params(Params::default()), "owner"),
        (ExecuteMsg::FollowBreaker {}, "owner"),
        (ExecuteMsg::ProveDepth {}, "this contract"),
        (
            ExecuteMsg::UpdateOwnership(cw_ownable::Action::AcceptOwnership),
            "ownership",
        ),
    ]
}

#[test]
fn every_message_refuses_every_stranger_without_a_trace() {
    both(plain, |x| {
        lived_in(x);
        for (msg, part) in refused() {
            let owners = matches!(
                msg,
                ExecuteMsg::UpdateParams { .. } | ExecuteMsg::FollowBreaker {}
            );
            for role in ["trader", "loser", "lp", "keeper", "mallory", "guardian", "owner"] {
                if owners && role == "owner" {
                    continue;
                }
                let before = x.snapshot();
                let text = message(x.run(role, msg.clone()));
                assert!(text.contains(part), "{role} {msg:?}: {text}");
                assert_eq!(x.snapshot(), before, "{role} {msg:?}");
            }
        }
    });
}

#[test]
fn coins_are_refused_wherever_none_or_others_are_due() {
    both(plain, |x| {
        lived_in(x);
        for account in ["trader", "owner-of-nothing"] {
            let account = x.w.addr(account);
            x.w.mint_native(&account, "uother", 1_000);
            x.w.mint_native(&account, "uusd", 1_000);
        }
        let funds: [Vec<Coin>; 2] = [
            native("uother", 5),
            vec![Coin::new(5u128, "uother"), Coin::new(5u128, "uusd")],
        ];
        for coins in funds {
            for (msg, _) in refused() {
                let before = x.snapshot();
                let text = message(x.run_with("trader", msg.clone(), &coins));
                // The owner's messages look at the funds first as well.
                assert!(text.contains("funds"), "{msg:?}: {text}");
                assert_eq!(x.snapshot(), before);
            }
            let position = 3;
            for msg in [
                ExecuteMsg::Close {
                    position,
                    limit: None,
                    lifetime: None,
                },
                ExecuteMsg::Liquidate { position },
            ] {
                let text = message(x.run_with("trader", msg, &coins));
                assert!(text.contains("funds"), "{text}");
            }
        }
    });
}

#[test]
fn amounts_at_the_end_of_the_range_are_refused_and_do_not_panic() {
    both(plain, |x| {
        lived_in(x);
        let max = u128::MAX;
        let before = sums(x);
        for size in [0, 1, max / 2, max] {
            for side in [Side::Long, Side::Short] {
                let text = message(x.open_at("trader", side, size, ONE, None));
                assert!(!text.contains("panic"), "{text}");
            }
        }
        let text = message(x.open_at("trader", Side::Long, ONE, 100 * ONE, Some("0")));
        assert!(text.contains("the limit is 0"), "{text}");
        let text = message(x.add_liquidity("lp", ONE, Some(max)));
        assert!(text.contains("min_shares"), "{text}");
        let most = Some("340282366920938463463.374607431768211455");
        let placed = x.order_close_at("trader", 3, most).unwrap();
        let text = message(x.fill(placed));
        assert!(text.contains("the limit is"), "{text}");
        x.stay("lp");
        let placed = x.order_remove("lp", 1, Some(max)).unwrap();
        let text = message(x.fill(placed));
        assert!(text.contains("min_assets"), "{text}");
        // Whatever was kept aside is taken back, and all is as it was.
        x.w.advance(Seconds::HOUR);
        for order in 1..=x.pool().ledger.orders {
            let _ = x.run("anyone", ExecuteMsg::ReturnOrder { order });
        }
        for who in ["trader", "lp"] {
            x.run(who, ExecuteMsg::Withdraw {}).unwrap();
        }
        assert_eq!(sums(x), before);
    });
}

/// All money and all shares, whatever was ordered meanwhile.
fn sums(x: &Exchange) -> (Ledger, usize) {
    let ledger = x.pool().ledger;
    let sums = Ledger {
        orders: 0,
        clock: PriceClock::new(Timestamp::default()),
        ..ledger
    };
    (sums, x.positions().positions.len())
}

#[test]
fn tokens_of_another_contract_are_refused_and_a_bad_hook_too() {
    both(plain, |x| {
        let mallory = x.w.addr("mallory");
        let fake = another_token(x);
        let send = |msg: Binary| Cw20ExecuteMsg::Send {
            contract: x.w.perps.to_string(),
            amount: 5u128.into(),
            msg,
        };
        let hook = to_json_binary(&HookMsg::FundInsurance {}).unwrap();
        let (send_hook, send_bad) = (send(hook), send(Binary::from(b"{\"fund_insurance\":{\"x\":1}}")));
        let text = message(x.w.execute(&mallory, &fake, &send_hook, &[]));
        assert!(text.contains("funds came in"), "{text}");
        if let backstop_types::Denom::Cw20(token) = x.w.asset.clone() {
            let text = message(x.w.execute(&mallory, &token, &send_bad, &[]));
            assert!(text.contains("unknown field"), "{text}");
            x.w.execute(&mallory, &token, &send_hook, &[]).unwrap();
        }
        x.sane();
    });
}

fn another_token(x: &mut Exchange) -> cosmwasm_std::Addr {
    let mallory = x.w.addr("mallory");
    let msg = token::of(&mallory);
    x.w.instantiate(x.w.codes.cw20, &msg, "fake").unwrap()
}

/// The cw20's instantiation, spelt out: the crate itself is not a dependency.
mod token {
    use cosmwasm_schema::cw_serde;
    use cosmwasm_std::{Addr, Uint128};

    #[cw_serde]
    pub struct Balance {
        address: String,
        amount: Uint128,
    }

    #[cw_serde]
    pub struct Setup {
        name: String,
        symbol: String,
        decimals: u8,
        initial_balances: Vec<Balance>,
    }

    pub fn of(holder: &Addr) -> Setup {
        Setup {
            name: "Another".to_string(),
            symbol: "OTHER".to_string(),
            decimals: 6,
            initial_balances: vec![Balance {
                address: holder.to_string(),
                amount: Uint128::new(1_000),
            }],
        }
    }
}

#[test]
fn misspelt_fields_are_refused() {
    let text = cosmwasm_std::from_json::<ExecuteMsg>(br#"{"add_liquidity":{"min_share":"5"}}"#)
        .unwrap_err()
        .to_string();
    assert!(text.contains("unknown field"), "{text}");
}
