//! Tickets that anybody may withdraw for their owner, and no others.

use crate::support::{Desk, both_assets};
use backstop_types::vault::{ExecuteMsg, QueryMsg, TicketsResponse};
use backstop_types::{Assets, InputError, Seconds, Shares};
use backstop_vault::ContractError;
use backstop_vault::state::TICKETS;
use cosmwasm_std::Addr;
use cw_multi_test::AppResponse;
use cw_multi_test::error::AnyResult;

const PERIOD: Seconds = Seconds::days(21);

fn unbond(desk: &mut Desk, staker: &Addr, shares: u128, auto: Option<bool>) {
    let msg = ExecuteMsg::Unbond {
        shares: Some(shares.into()),
        auto_withdraw: auto,
    };
    desk.execute(staker, &msg, &[]).unwrap();
}

fn withdraw_for(
    desk: &mut Desk,
    sender: &Addr,
    staker: &Addr,
    tickets: Option<Vec<u64>>,
    min: Option<u128>,
) -> AnyResult<AppResponse> {
    let msg = ExecuteMsg::Withdraw {
        tickets,
        min_assets: min.map(Assets::new),
        limit: None,
        staker: Some(staker.to_string()),
    };
    desk.execute(sender, &msg, &[])
}

/// Tickets 1 and 3 of alice are her own to withdraw, 2 and 4 are anybody's.
fn four(mut desk: Desk) -> (Desk, Addr, Addr) {
    let (alice, keeper) = (desk.staker("alice"), desk.staker("keeper"));
    desk.deposit(&alice, 1_000).unwrap();
    for (shares, auto) in [
        (100, None),
        (200, Some(true)),
        (300, Some(false)),
        (50, Some(true)),
    ] {
        unbond(&mut desk, &alice, shares, auto);
    }
    (desk, alice, keeper)
}

#[test]
fn anybody_withdraws_marked_tickets_and_their_owner_is_paid() {
    for desk in both_assets() {
        let (mut desk, alice, keeper) = four(desk);
        desk.advance(PERIOD);
        let before = [desk.balance(&alice), desk.balance(&keeper)];
        withdraw_for(&mut desk, &keeper, &alice, None, Some(250)).unwrap();
        let after = [desk.balance(&alice), desk.balance(&keeper)];
        assert_eq!(after, [before[0] + 250, before[1]]);
        let stake = desk.stake(&alice).stake;
        assert_eq!((stake.queued, stake.tickets), (Shares::new(400), 2));
        // Her own are still hers.
        let refused = desk.refused(|desk| withdraw_for(desk, &keeper, &alice, None, None));
        assert_eq!(
            refused,
            ContractError::NothingToAutoWithdraw {
                staker: alice.clone()
            }
        );
        desk.withdraw(&alice, None).unwrap();
        assert_eq!(desk.stake(&alice).stake.tickets, 0);
    }
}

#[test]
fn a_ticket_that_is_not_marked_is_its_owners_alone() {
    let (mut desk, alice, keeper) = four(Desk::native());
    desk.advance(PERIOD);
    for named in [vec![1], vec![3], vec![2, 1], vec![4, 3]] {
        let ticket = *named.last().unwrap();
        let refused = desk.refused(|desk| withdraw_for(desk, &keeper, &alice, Some(named), None));
        let staker = alice.clone();
        assert_eq!(refused, ContractError::NotAutoWithdraw { ticket, staker });
    }
    withdraw_for(&mut desk, &keeper, &alice, Some(vec![4, 2]), None).unwrap();
}

#[test]
fn a_marked_ticket_waits_like_any_other() {
    let (mut desk, alice, keeper) = four(Desk::native());
    desk.advance(Seconds(PERIOD.0 - 1));
    let refused = desk.refused(|desk| withdraw_for(desk, &keeper, &alice, Some(vec![2]), None));
    let left = Seconds(1);
    assert_eq!(refused, ContractError::TicketNotReady { ticket: 2, left });
    let refused = desk.refused(|desk| withdraw_for(desk, &keeper, &alice, None, None));
    assert_eq!(
        refused,
        ContractError::NothingToAutoWithdraw {
            staker: alice.clone()
        }
    );
    desk.advance(Seconds(1));
    let refused = desk.refused(|desk| withdraw_for(desk, &keeper, &alice, None, Some(251)));
    let (paid, min) = (250.into(), 251.into());
    assert_eq!(refused, ContractError::TooFewAssets { paid, min });
    withdraw_for(&mut desk, &keeper, &alice, None, None).unwrap();
}

#[test]
fn who_names_itself_withdraws_all_of_its_own() {
    let (mut desk, alice, _) = four(Desk::native());
    desk.advance(PERIOD);
    withdraw_for(&mut desk, &alice, &alice, None, None).unwrap();
    assert_eq!(desk.stake(&alice).stake.tickets, 0);
}

#[test]
fn a_marked_ticket_is_its_owners_to_cancel() {
    let (mut desk, alice, keeper) = four(Desk::native());
    let cancel = ExecuteMsg::CancelUnbond { ticket: 2 };
    let refused = desk.refused(|desk| desk.execute(&keeper, &cancel, &[]));
    assert!(
        matches!(refused, ContractError::NotFound { what: "ticket", .. }),
        "{refused}"
    );
    desk.execute(&alice, &cancel, &[]).unwrap();
    desk.advance(PERIOD);
    withdraw_for(&mut desk, &keeper, &alice, None, None).unwrap();
    assert_eq!(desk.stake(&alice).stake.active, Shares::new(350 + 200));
}

#[test]
fn a_staker_who_is_no_address_or_has_nothing_is_refused() {
    let (mut desk, _, keeper) = four(Desk::native());
    desk.advance(PERIOD);
    let nobody = desk.staker("nobody");
    let refused = desk.refused(|desk| withdraw_for(desk, &keeper, &nobody, None, None));
    assert_eq!(refused, ContractError::NothingToAutoWithdraw { staker: nobody });
    let shout = Addr::unchecked("ALICE");
    let refused = desk.refused(|desk| withdraw_for(desk, &keeper, &shout, None, None));
    assert!(
        matches!(refused, ContractError::Input(InputError::Address { .. })),
        "{refused}"
    );
}

#[test]
fn a_ticket_says_whether_it_is_marked_and_an_unmarked_one_stores_nothing_for_it() {
    let (desk, alice, _) = four(Desk::native());
    let page: TicketsResponse = desk.query(&QueryMsg::Tickets {
        staker: alice.to_string(),
        start_after: None,
        limit: None,
    });
    let marked: Vec<bool> = page.tickets.iter().map(|ticket| ticket.auto_withdraw).collect();
    assert_eq!(marked, [false, true, false, true]);
    let storage = desk.w.app.contract_storage(&desk.w.vault);
    for (ticket, says) in [(1, false), (2, true), (3, false)] {
        let raw = storage.get(&TICKETS.key((&alice, ticket))).unwrap();
        let text = String::from_utf8(raw).unwrap();
        assert_eq!(text.contains("auto_withdraw"), says, "{text}");
    }
}
