//! Every field of a chain's file is read, or refused by its name and value.

use backstop_deploy::{Config, Part};
use backstop_types::breaker::MarketParams;

const LOCAL: &str = include_str!("../chains/local.toml");
const EXAMPLE: &str = include_str!("../chains/example.toml");

fn refused(from: &str, to: &str) -> String {
    assert!(LOCAL.contains(from), "{from}");
    let error = Config::from_toml(&LOCAL.replacen(from, to, 1)).unwrap_err();
    assert!(error.is_input());
    error.to_string()
}

#[test]
fn the_shipped_files_are_read() {
    let local = Config::from_toml(LOCAL).unwrap();
    assert_eq!(local.parts().len(), 6);
    let params = &local.markets[0].config.params;
    assert_eq!((params.block_time_ms, params.shared_ticks), (500, None));
    assert_eq!(params.max_age, MarketParams::default().max_age);
    assert_eq!(local.vault.treasury, None);
    let example = Config::from_toml(EXAMPLE).unwrap();
    assert_eq!(
        example.parts(),
        [Part::Breaker, Part::Vault, Part::Distributor, Part::Timelock]
    );
    assert_eq!(example.owner, "osmo10d07y265gmmuvt4z0w9aw880jnsr700jjeq4qp");
}

#[test]
fn a_field_that_is_no_field_is_refused_by_its_path() {
    for (at, path) in [
        ("prefix =", "prefixx"),
        ("notice =", "vault.noticee"),
        ("min_rate =", "rewards[0].min_ratee"),
        ("lineage =", "markets[0].sources[0].lineagee"),
        ("cooldown =", "markets[0].params.cooldownn"),
        ("minimum =", "policies[0].terms.minimumm"),
        ("order_delay =", "exchange.params.order_delayy"),
        ("valid_time_period =", "mock_pyth.valid_time_periodd"),
        ("deposit =", "smoke.depositt"),
    ] {
        let name = path.rsplit('.').next().unwrap();
        let said = refused(at, &format!("{name} ="));
        assert!(
            said.starts_with(path) && said.contains(&format!("unknown field `{name}`")),
            "{path}: {said}"
        );
    }
}

#[test]
fn a_value_out_of_its_bounds_is_refused_with_field_value_and_bound() {
    for (from, to, said) in [
        ("\"backstop-local\"", "\"\"", "chain_id is \"\": must be"),
        ("[\"http://127.0.0.1:26657\"]", "[]", "rpc is []: must be"),
        ("prefix = \"wasm\"", "prefix = \"W\"", "prefix is \"W\": must be"),
        (
            "prefix = \"wasm\"",
            "prefix = \"osmo\"",
            "an address that begins with osmo1",
        ),
        ("0.025ustake", "ustake", "gas_price is \"ustake\": must be"),
        (
            "\"1.4\"",
            "\"0.9\"",
            "gas_adjustment is 0.9: must be from 1 to 10",
        ),
        ("\"1.4\"", "1.4", "gas_adjustment is 1.4: must be a whole number"),
        (
            "gas_adjustment",
            "timeout_blocks = 4\ngas_adjustment",
            "timeout_blocks is 4: must be from 5",
        ),
        (
            "[vault]",
            "[vault]\nbreaker = \"wasm1x\"",
            "vault.breaker is \"wasm1x\": must be left out",
        ),
        (
            "notice = 259200",
            "notice = \"3d\"",
            "vault.notice is \"3d\": must be",
        ),
        (
            "cooldown = 60",
            "cooldown = 59",
            "markets.ATOM/USD.cooldown is 59: must be from 60",
        ),
        (
            "quorum = 1",
            "quorum = 2",
            "markets.ATOM/USD.sources.venue-a.quorum is 2",
        ),
        (
            "[mock_pyth]\nvalid_time_period = 60",
            "",
            "sources.contract is mock: must be an address",
        ),
        (
            "policyholder = \"exchange\"",
            "policyholder = \"me\"",
            "policies.policyholder is \"me\"",
        ),
        (
            "order_delay = 16",
            "order_delay = 301",
            "exchange.params.order_delay is 301: must be",
        ),
        (
            "order_delay = 16",
            "open_fee = \"none\"",
            "exchange.params.open_fee is null",
        ),
        (
            "deposit = \"1000000\"",
            "deposit = \"0\"",
            "smoke.deposit is 0: must be at least 1",
        ),
        (
            "deposit = \"1000000\"",
            "deposit = 5",
            "smoke.deposit is 5: must be",
        ),
        (
            "native = \"urew\" }, amount",
            "native = \"uatom\" }, amount",
            "smoke.fund.denom is",
        ),
    ] {
        let refused = refused(from, to);
        assert!(refused.contains(said), "{said}: {refused}");
    }
}

#[test]
fn what_names_another_part_must_find_it() {
    let market = "[exchange]\nmarket = \"ATOM/USD\"";
    let said = refused(market, "[exchange]\nmarket = \"OSMO/USD\"");
    assert!(
        said.starts_with("exchange.market is OSMO/USD: must be one of the markets"),
        "{said}"
    );
    let policy = "policyholder = \"exchange\"\nmarket = \"ATOM/USD\"";
    let said = refused(policy, "policyholder = \"exchange\"\nmarket = \"OSMO/USD\"");
    assert!(
        said.starts_with("policies.market is OSMO/USD: must be one of the markets"),
        "{said}"
    );
}

#[test]
fn text_that_is_no_toml_is_refused_with_its_line() {
    let said = refused("window = 604800", "window = ");
    assert!(
        said.contains("the file is no TOML") && said.contains("line "),
        "{said}"
    );
}

#[test]
fn prices_that_anybody_may_write_are_for_this_machine_alone() {
    let here = "\"http://127.0.0.1:26657\"";
    for away in [
        "\"https://rpc.osmosis.zone:443\"",
        "\"http://127.0.0.1:26657\", \"http://10.0.0.2:26657\"",
        "\"http://127.0.0.1@rpc.osmosis.zone\"",
        "\"http://localhost.osmosis.zone\"",
    ] {
        let said = refused(here, away);
        assert!(
            said.starts_with("mock_pyth is there: must be left out"),
            "{away}: {said}"
        );
    }
    for local in [
        "\"http://localhost:26657\"",
        "\"http://[::1]:26657\"",
        "\"http://127.0.0.2:1/a\"",
    ] {
        assert!(
            Config::from_toml(&LOCAL.replacen(here, local, 1)).is_ok(),
            "{local}"
        );
    }
}
