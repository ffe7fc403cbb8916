//! A staker who holds more tickets than a cap allows, since one for all that is
//! left always passes: what a withdrawal then costs, and that all of it leaves.

use std::cell::Cell;

use crate::support::Desk;
use backstop_types::Seconds;
use backstop_types::vault::{ExecuteMsg, Pool, QueryMsg, Stake, Ticket};
use backstop_vault::ContractError;
use backstop_vault::contract::execute;
use backstop_vault::state::{CONFIG, POOL, STAKES, TICKETS};
use cosmwasm_std::testing::{MockApi, MockQuerier, MockStorage, message_info, mock_env};
use cosmwasm_std::{Addr, Order, OwnedDeps, Record, Storage, Timestamp};
use std::marker::PhantomData;

/// Storage that counts the rows that were read by walking.
#[derive(Default)]
struct Counting {
    inner: MockStorage,
    walked: Cell<u32>,
}

impl Storage for Counting {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        self.inner.get(key)
    }

    fn set(&mut self, key: &[u8], value: &[u8]) {
        self.inner.set(key, value);
    }

    fn remove(&mut self, key: &[u8]) {
        self.inner.remove(key);
    }

    fn range<'a>(
        &'a self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: Order,
    ) -> Box<dyn Iterator<Item = Record> + 'a> {
        let rows = self.inner.range(start, end, order);
        Box::new(rows.inspect(|_| self.walked.set(self.walked.get() + 1)))
    }
}

/// A vault in which one staker has so many tickets of one share, opened a second
/// apart from 1 on, all of them for `delay`.
fn holding(tickets: u64, delay: Seconds) -> (OwnedDeps<Counting, MockApi, MockQuerier>, Addr) {
    let mut deps = OwnedDeps {
        storage: Counting::default(),
        api: MockApi::default(),
        querier: MockQuerier::default(),
        custom_query_type: PhantomData,
    };
    let staker = deps.api.addr_make("staker");
    let config = Desk::native().query(&QueryMsg::Config {});
    CONFIG.save(&mut deps.storage, &config).unwrap();
    let shares = u128::from(tickets);
    let pool = Pool {
        assets: shares.into(),
        queued: shares.into(),
        tickets,
        ..Pool::default()
    };
    POOL.save(&mut deps.storage, &pool).unwrap();
    let stake = Stake {
        active: 0.into(),
        queued: shares.into(),
        tickets: u32::try_from(tickets).unwrap(),
    };
    STAKES.save(&mut deps.storage, &staker, &stake, 0).unwrap();
    for number in 1..=tickets {
        let ticket = Ticket {
            shares: 1.into(),
            opened_at: Timestamp::from_seconds(number),
            delay,
            auto_withdraw: false,
        };
        TICKETS
            .save(&mut deps.storage, (&staker, number), &ticket)
            .unwrap();
    }
    (deps, staker)
}

fn withdraw(
    deps: &mut OwnedDeps<Counting, MockApi, MockQuerier>,
    staker: &Addr,
    tickets: Option<Vec<u64>>,
    now: u64,
) -> Result<u32, ContractError> {
    let msg = ExecuteMsg::Withdraw {
        tickets,
        min_assets: None,
        limit: Some(30),
        staker: None,
    };
    let mut env = mock_env();
    env.block.time = Timestamp::from_seconds(now);
    let before = STAKES.load(&deps.storage, staker).unwrap().tickets;
    deps.storage.walked.set(0);
    execute(deps.as_mut(), env, message_info(staker, &[]), msg)?;
    let stake = STAKES.may_load(&deps.storage, staker).unwrap();
    Ok(before - stake.map_or(0, |stake| stake.tickets))
}

#[test]
fn a_withdrawal_without_numbers_looks_at_the_oldest_tickets_only() {
    let (mut deps, staker) = holding(1_000, Seconds::DAY);
    let refused = withdraw(&mut deps, &staker, None, 100).unwrap_err();
    assert_eq!(
        refused,
        ContractError::NothingToWithdraw {
            staker: staker.clone()
        }
    );
    assert!(
        deps.storage.walked.get() <= 102,
        "{} rows",
        deps.storage.walked.get()
    );
}

#[test]
fn of_any_number_of_tickets_all_leave() {
    let (mut deps, staker) = holding(1_000, Seconds::HOUR);
    // One behind those that are looked at is ready first where it is named.
    let key = (&staker, 700);
    let quick = Ticket {
        delay: Seconds(0),
        ..TICKETS.load(&deps.storage, key).unwrap()
    };
    TICKETS.save(&mut deps.storage, key, &quick).unwrap();
    withdraw(&mut deps, &staker, None, 700).unwrap_err();
    assert_eq!(withdraw(&mut deps, &staker, Some(vec![700]), 700), Ok(1));
    let mut left = 999;
    while left > 0 {
        let paid = withdraw(&mut deps, &staker, None, 1_000 + 3_600).unwrap();
        assert!(deps.storage.walked.get() <= 31 && paid == 30.min(left), "{left}");
        left -= paid;
    }
    assert_eq!(POOL.load(&deps.storage).unwrap().assets, 0.into());
}
