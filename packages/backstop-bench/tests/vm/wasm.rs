//! Where the built contracts are, and the VM's cache that takes them in as a
//! chain's does at upload.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::OnceLock;

use cosmwasm_vm::testing::MockApi;
use cosmwasm_vm::{Cache, CacheOptions, Size, VmResult, capabilities_from_csv};
use vm_std::Checksum;

use crate::querier::Querier;
use crate::store::Store;

/// The five contracts by the names of their files.
pub const CONTRACTS: [&str; 5] = [
    "backstop_vault",
    "reward_distributor",
    "oracle_breaker",
    "sample_perps",
    "risk_timelock",
];

/// A contract that panics whatever it is asked.
pub const PANICKING: &str = "panicking";
const PANICKING_TEXT: &str = r#"(module
    (memory (export "memory") 1)
    (func (export "interface_version_8"))
    (func (export "allocate") (param i32) (result i32) unreachable)
    (func (export "deallocate") (param i32))
    (func (export "query") (param i32 i32) (result i32) unreachable))"#;

/// What wasmd 0.61 offers on a stock chain.
pub const CAPABILITIES: &str = "iterator,staking,stargate,cosmwasm_1_1,cosmwasm_1_2,cosmwasm_1_3,\
     cosmwasm_1_4,cosmwasm_2_0,cosmwasm_2_1,cosmwasm_2_2,cosmwasm_3_0,ibc2";

/// The largest code that wasmd stores, in bytes.
pub const MAX_SIZE: usize = 800 * 1024;

/// The VM with everything that it holds of the contracts.
pub type Vm = Cache<MockApi, Store, Querier>;

/// The built contracts by name; none where they are not built and nobody asked
/// for them, which is said once.
pub fn built() -> Option<&'static BTreeMap<&'static str, Vec<u8>>> {
    static BUILT: OnceLock<Option<BTreeMap<&'static str, Vec<u8>>>> = OnceLock::new();
    BUILT.get_or_init(read).as_ref()
}

fn read() -> Option<BTreeMap<&'static str, Vec<u8>>> {
    let asked = std::env::var_os("BACKSTOP_WASM").map(PathBuf::from);
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/wasm");
    let folder = asked.clone().unwrap_or_else(|| PathBuf::from(default));
    let mut found = BTreeMap::new();
    for name in CONTRACTS {
        let file = folder.join(name).with_extension("wasm");
        match std::fs::read(&file) {
            Ok(code) => {
                found.insert(name, code);
            }
            Err(error) if asked.is_some() => panic!("{}: {error}: run scripts/build-wasm", file.display()),
            Err(_) => {
                eprintln!("skipped: the contracts are not built; run scripts/build-wasm");
                return None;
            }
        }
    }
    Some(found)
}

/// A new VM with nothing in it.
pub fn vm() -> Vm {
    let folder = tempfile::tempdir().unwrap().keep();
    let options = CacheOptions::new(
        folder,
        capabilities_from_csv(CAPABILITIES),
        Size::mebi(256),
        Size::mebi(32),
    );
    // Sound: the folder is new and nobody else's.
    unsafe { Cache::new(options) }.unwrap()
}

/// Takes a code in as a chain does at upload: checks it, compiles it, keeps it.
pub fn upload(vm: &Vm, code: &[u8]) -> VmResult<Checksum> {
    vm.store_code(code, true, true)
}

/// The one VM that all tests share, with the contracts uploaded and pinned.
pub fn shared() -> &'static (Vm, BTreeMap<&'static str, Checksum>) {
    static SHARED: OnceLock<(Vm, BTreeMap<&'static str, Checksum>)> = OnceLock::new();
    SHARED.get_or_init(|| {
        let vm = vm();
        let mut codes = BTreeMap::new();
        for (name, code) in built().expect("asked for only where the contracts are built") {
            let checksum = upload(&vm, code).unwrap_or_else(|error| panic!("{name}: {error}"));
            vm.pin(&checksum).unwrap();
            codes.insert(*name, checksum);
        }
        let panicking = wat::parse_str(PANICKING_TEXT).unwrap();
        codes.insert(PANICKING, upload(&vm, &panicking).unwrap());
        (vm, codes)
    })
}
