//! What a chain does when a code is uploaded: the static check of exports,
//! imports, opcodes, memory and capabilities, and the size.

use std::collections::BTreeSet;

use crate::wasm::{self, MAX_SIZE};

#[test]
fn a_stock_chain_takes_every_contract() {
    let Some(built) = wasm::built() else { return };
    let vm = wasm::vm();
    for (name, code) in built {
        assert!(code.len() <= MAX_SIZE, "{name} has {} bytes", code.len());
        wasm::upload(&vm, code).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn the_contracts_ask_for_nothing_that_a_plain_chain_lacks() {
    let Some(built) = wasm::built() else { return };
    let vm = wasm::vm();
    for (name, code) in built {
        let checksum = wasm::upload(&vm, code).unwrap();
        let report = vm.analyze(&checksum).unwrap();
        let wanted: BTreeSet<&str> = report.required_capabilities.iter().map(String::as_str).collect();
        // No staking, no Stargate: every chain with x/wasm of wasmvm 2 has these.
        let plain = [
            "iterator",
            "cosmwasm_1_1",
            "cosmwasm_1_2",
            "cosmwasm_1_3",
            "cosmwasm_1_4",
        ];
        let newer = ["cosmwasm_2_0", "cosmwasm_2_1"];
        let known: BTreeSet<&str> = plain.into_iter().chain(newer).collect();
        assert!(wanted.is_subset(&known), "{name} requires {wanted:?}");
        assert!(!report.has_ibc_entry_points, "{name}");
    }
}

#[test]
fn every_contract_can_be_set_up_called_asked_and_migrated() {
    let Some(built) = wasm::built() else { return };
    let vm = wasm::vm();
    for (name, code) in built {
        let checksum = wasm::upload(&vm, code).unwrap();
        let report = vm.analyze(&checksum).unwrap();
        let found: BTreeSet<String> = report.entrypoints.iter().map(ToString::to_string).collect();
        for wanted in ["instantiate", "execute", "query", "migrate"] {
            assert!(found.contains(wanted), "{name} has {found:?}");
        }
    }
}

#[test]
fn the_check_refuses_what_is_no_contract() {
    // An empty module: the check above would mean nothing if this passed.
    let empty = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
    let refused = wasm::upload(&wasm::vm(), &empty).unwrap_err().to_string();
    assert!(refused.contains("static Wasm validation"), "{refused}");
}
