//! Every value comes back, and nothing else is taken for one.

use super::*;
use proptest::collection::vec;
use proptest::prelude::*;
use std::fmt::Debug;

/// Any number, and often one at a limit of a length.
fn wide() -> impl Strategy<Value = Uint256> {
    let any = (any::<[u8; 32]>(), 0usize..=32).prop_map(|(mut bytes, zeros)| {
        bytes[..zeros].fill(0);
        Uint256::from_be_bytes(bytes)
    });
    prop_oneof![Just(Uint256::zero()), Just(Uint256::MAX), any]
}

fn middle() -> impl Strategy<Value = u128> {
    prop_oneof![
        Just(0),
        Just(u128::MAX),
        (any::<u128>(), 0..128u32).prop_map(|(n, by)| n >> by)
    ]
}

fn narrow() -> impl Strategy<Value = u64> {
    prop_oneof![
        Just(0),
        Just(u64::MAX),
        (any::<u64>(), 0..64u32).prop_map(|(n, by)| n >> by)
    ]
}

fn flow() -> impl Strategy<Value = Flow> {
    (narrow(), wide(), wide(), wide()).prop_map(|(at, rate, carry, index)| Flow {
        at: Seconds(at),
        rate,
        carry,
        index,
    })
}

fn ledger() -> impl Strategy<Value = Ledger> {
    (middle(), narrow(), narrow(), vec(flow(), 0..9)).prop_map(|(shares, staked, at, flows)| Ledger {
        clock: Clock {
            shares: Shares::new(shares),
            staked: Seconds(staked),
            at: Timestamp::from_nanos(at),
        },
        flows,
    })
}

fn account() -> impl Strategy<Value = Account> {
    let accrual = (wide(), wide()).prop_map(|(index, owed)| Accrual { index, owed });
    (middle(), vec(accrual, 0..9)).prop_map(|(shares, rewards)| Account {
        shares: Shares::new(shares),
        rewards,
    })
}

fn funding() -> impl Strategy<Value = Funding> {
    (".{0,90}", middle(), middle(), narrow(), narrow(), narrow()).prop_map(
        |(funder, amount, total, at, from, end_week)| Funding {
            funder: Addr::unchecked(funder),
            amount: Uint128::new(amount),
            total: Uint128::new(total),
            funded_at: Timestamp::from_nanos(at),
            from: Seconds(from),
            end_week,
        },
    )
}

fn comes_back<T: Compact + PartialEq + Debug>(value: &T) {
    assert_eq!(T::decode(&value.encode()).as_ref(), Ok(value));
}

/// Either a typed error, or the one value that is stored so.
fn is_read_or_refused<T: Compact + Debug>(bytes: &[u8]) {
    match T::decode(bytes) {
        Ok(value) => assert_eq!(value.encode(), bytes),
        Err(error) => assert!(matches!(error, StdError::ParseErr { .. }), "{error}"),
    }
}

fn is_refused<T: Compact + Debug>(bytes: &[u8]) {
    assert!(
        matches!(T::decode(bytes), Err(StdError::ParseErr { .. })),
        "{bytes:?}"
    );
}

#[test]
fn the_bytes_are_those_of_the_table() {
    let ledger = Ledger {
        clock: Clock {
            shares: Shares::new(0x1234),
            staked: Seconds(7),
            at: Timestamp::from_nanos(0),
        },
        flows: vec![Flow {
            at: Seconds(4),
            rate: Uint256::from(256u128),
            ..Flow::default()
        }],
    };
    assert_eq!(ledger.encode(), [1, 2, 0x12, 0x34, 1, 7, 0, 1, 3, 2, 1, 0, 0, 0]);
    assert_eq!(Account::default().encode(), [1, 0]);
    let mut turn = Turn {
        drop: Uint256::MAX,
        ..Turn::default()
    };
    assert_eq!(turn.encode().len(), 34);
    (turn.drop, turn.rise) = (Uint256::zero(), Uint256::one());
    assert_eq!(turn.encode(), [1, 0, 1, 1]);
}

#[test]
fn what_is_not_an_encoding_is_refused() {
    let cases: [&[u8]; 8] = [
        &[],
        &[1],
        &[0, 0],
        &[2, 0],
        &[1, 2, 7],
        &[1, 1, 0],
        &[1, 0, 0],
        br#""340282366920938463463374607431768211456""#,
    ];
    for bytes in cases {
        is_refused::<Turn>(bytes);
    }
    is_refused::<Turn>(&[&[1, 33][..], &[7; 33]].concat());
    is_refused::<Account>(&[&[1, 17][..], &[7; 17]].concat());
    is_refused::<Funding>(&[1, 0, 0, 0, 0, 0, 0xff]);
}

proptest! {
    #[test]
    fn a_ledger_comes_back(value in ledger()) {
        comes_back(&value);
    }

    #[test]
    fn an_account_comes_back(value in account()) {
        comes_back(&value);
    }

    #[test]
    fn a_funding_comes_back(value in funding()) {
        comes_back(&value);
    }

    #[test]
    fn the_turn_of_a_rate_comes_back(drop in wide(), rise in wide()) {
        comes_back(&Turn { drop, rise });
    }

    #[test]
    fn a_stop_comes_back(refunded in middle(), at in narrow()) {
        comes_back(&Stop {
            refunded: Uint128::new(refunded),
            stopped_at: Timestamp::from_nanos(at),
        });
    }

    #[test]
    fn any_bytes_are_one_value_or_a_typed_error(mut bytes in vec(any::<u8>(), 0..60), small: bool, known: bool) {
        // Short lengths and the known version get further.
        if small {
            bytes.iter_mut().for_each(|byte| *byte %= 4);
        }
        if let Some(first) = bytes.first_mut().filter(|_| known) {
            *first = VERSION;
        }
        is_read_or_refused::<Ledger>(&bytes);
        is_read_or_refused::<Account>(&bytes);
        is_read_or_refused::<Funding>(&bytes);
        is_read_or_refused::<Turn>(&bytes);
        is_read_or_refused::<Stop>(&bytes);
    }

    #[test]
    fn a_damaged_ledger_is_one_value_or_a_typed_error(
        value in ledger(), at: prop::sample::Index, byte: u8, cut: prop::sample::Index,
    ) {
        let mut bytes = value.encode();
        let (at, cut) = (at.index(bytes.len()), cut.index(bytes.len() + 1));
        bytes[at] = byte;
        is_read_or_refused::<Ledger>(&bytes);
        is_read_or_refused::<Ledger>(&bytes[..cut]);
    }
}
