//! A vault of another version whose answers this exchange cannot read has still
//! decided, and may have paid: nothing is granted twice, and what was paid is
//! found by the shortfall's number.

mod common;

use backstop_core::perps::Side;
use backstop_types::events::{self, perps::ShortfallUnanswered};
use backstop_types::vault::{ExecuteMsg, MigrateMsg};
use backstop_types::{Assets, Seconds};
use backstop_vault::ContractError as VaultError;
use backstop_vault::contract;
use common::{Exchange, ONE, both, plain, refusal};
use cosmwasm_std::{Binary, DepsMut, Env, MessageInfo, Reply, Response};
use cw_multi_test::{ContractWrapper, Executor};
use sample_perps::ContractError;

fn garbled(response: Response) -> Response {
    match &response.data {
        Some(_) => response.set_data(Binary::from(br#"{"granted":{"at_once":"1"}}"#)),
        None => response,
    }
}

fn execute(deps: DepsMut, env: Env, info: MessageInfo, msg: ExecuteMsg) -> Result<Response, VaultError> {
    contract::execute(deps, env, info, msg).map(garbled)
}

fn reply(deps: DepsMut, env: Env, reply: Reply) -> Result<Response, VaultError> {
    contract::reply(deps, env, reply).map(garbled)
}

/// The shipped vault, which says what nobody understands.
fn garble(x: &mut Exchange) {
    let code = ContractWrapper::new(execute, contract::instantiate, contract::query)
        .with_reply(reply)
        .with_migrate(contract::migrate);
    let code = x.w.app.store_code(Box::new(code));
    let (owner, vault) = (x.w.owner.clone(), x.w.vault.clone());
    x.w.app
        .migrate_contract(owner, vault, &MigrateMsg {}, code)
        .unwrap();
}

/// 4,000 are missing after the fall, and the vault would pay all of it.
fn fallen(x: &mut Exchange) {
    garble(x);
    let long = x.open("alice", Side::Long, 1_000, 1_000);
    x.price("5");
    x.liquidate(long).unwrap();
}

#[test]
fn it_is_sent_again_26_times_and_paid_once() {
    both(plain, |x| {
        let before = x.w.balance(&x.w.perps.clone());
        fallen(x);
        let paid = x.w.balance(&x.w.vault.clone());
        for _ in 0..25 {
            let sent = x.send_again(1).unwrap();
            let events: Vec<ShortfallUnanswered> = events::all_of(&sent.events).unwrap();
            assert_eq!(
                events,
                [ShortfallUnanswered {
                    shortfall: 1,
                    unreadable: true
                }]
            );
        }
        assert_eq!(x.w.balance(&x.w.vault.clone()), paid);
        assert!(x.w.balance(&x.w.perps.clone()) > before);
        assert!(x.shortfall(1).record.answer.is_none());
    });
}

#[test]
fn what_it_paid_is_booked_by_the_shortfalls_number_and_never_twice() {
    both(plain, |x| {
        fallen(x);
        let cash = x.cash();
        x.book(1).unwrap();
        assert_eq!(x.cash() - cash, 4_000 * ONE);
        assert_eq!(refusal(x.book(1)), ContractError::NothingToBook { shortfall: 1 });

        // The vault is migrated to one that is understood; its answer books nothing more.
        let (owner, vault, code) = (x.w.owner.clone(), x.w.vault.clone(), x.w.codes.vault);
        x.w.app
            .migrate_contract(owner, vault, &MigrateMsg {}, code)
            .unwrap();
        x.send_again(1).unwrap();
        let record = x.shortfall(1).record;
        assert_eq!(record.answer.unwrap().cover.paid, Assets::new(4_000 * ONE));
        assert_eq!(
            (x.cash() - cash, record.books.received.u128()),
            (4_000 * ONE, 4_000 * ONE)
        );
    });
}

#[test]
fn deleveraging_waits_an_hour_and_takes_nothing_that_was_booked() {
    both(plain, |x| {
        let short = x.open("bob", Side::Short, 1_000, 10_000);
        fallen(x);
        assert!(matches!(
            refusal(x.deleverage(1)),
            ContractError::AwaitsAnswer { .. }
        ));
        x.book(1).unwrap();
        x.wait(Seconds::HOUR, "5");
        assert_eq!(refusal(x.deleverage(1)), ContractError::MadeGood { shortfall: 1 });
        x.close("bob", short).unwrap();
    });
}
