//! The keeper on a real chain, killed in the middle of each task and started again:
//! what each does is done, and done once.
//!
//! `BACKSTOP_PROGRAM` names the built `backstop`; `scripts/test chain` builds it.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use backstop_e2e::{ASSET, Backstop, MARKET, MNEMONIC, REWARD, Setup, Stage, index};
use backstop_types::distributor::{self, StreamTerms};
use backstop_types::vault::{ExecuteMsg, PolicyTerms};
use backstop_types::{Assets, Bps, Seconds, Shares, Side};
use serde_json::json;

/// The keeper with one task, and what it sends.
struct Keeper<'a> {
    stage: &'a Stage,
    program: OsString,
    contracts: String,
    folder: PathBuf,
}

impl<'a> Keeper<'a> {
    fn new(program: OsString, backstop: &'a Backstop, timelock: &str) -> Self {
        let folder = backstop.stage.folder().join("keeper");
        fs::create_dir_all(&folder).unwrap();
        let key = folder.join("key");
        fs::write(&key, MNEMONIC).unwrap();
        fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
        let Backstop {
            vault,
            distributor,
            breaker,
            perps,
            ..
        } = backstop;
        Self {
            stage: backstop.stage,
            program,
            contracts: format!(
                "[contracts]\nchain_id = \"{}\"\nprefix = \"wasm\"\nvault = \"{vault}\"\ndistributor = \"{distributor}\"\n\
                 breaker = \"{breaker}\"\ntimelock = \"{timelock}\"\nexchange = \"{perps}\"\n",
                backstop.stage.network.chain_id()
            ),
            folder,
        }
    }

    /// The settings with this task alone. The first address is nobody's.
    fn settings(&self, task: &str, more: &str) -> PathBuf {
        let all = [
            "poke", "settle", "premium", "changes", "perps", "advance", "tickets",
        ];
        let tasks: Vec<String> = all
            .iter()
            .map(|one| {
                format!(
                    "[tasks.{one}]\non = {}\n{}",
                    *one == task,
                    if *one == task { more } else { "" }
                )
            })
            .collect();
        let text = format!(
            "rpc = [\"http://127.0.0.1:9\", \"{}\"]\ngas_price = \"0.025ustake\"\ninterval = 1\njitter = 0\n\
             account = {}\njournal = \"journal.jsonl\"\n{}[metrics]\non = false\n{}",
            self.stage.network.rpc(0),
            index("keeper"),
            self.contracts,
            tasks.join("\n")
        );
        let path = self.folder.join("keeper.toml");
        fs::write(&path, text).unwrap();
        path
    }

    fn start(&self, settings: &Path, more: &[&str]) -> Child {
        let log = fs::File::options()
            .create(true)
            .append(true)
            .open(self.folder.join("log"))
            .unwrap();
        Command::new(&self.program)
            .args(["keeper", "--config"])
            .arg(settings)
            .arg("--key-file")
            .arg(self.folder.join("key"))
            .args(more)
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap()
    }

    fn sent(&self) -> usize {
        let journal = fs::read_to_string(self.folder.join("journal.jsonl")).unwrap_or_default();
        journal.matches("{\"sent\"").count()
    }

    /// Lets it do a task, killed as soon as it has put a transaction on record, and
    /// again each time until it has nothing more to send.
    fn does(&self, task: &str, more: &str) {
        let settings = self.settings(task, more);
        let mut kills = 0;
        loop {
            let before = self.sent();
            let mut keeper = self.start(&settings, &["--once"]);
            let begun = Instant::now();
            while self.sent() == before && keeper.try_wait().unwrap().is_none() {
                assert!(
                    begun.elapsed() < Duration::from_secs(60),
                    "{task} hangs: {}",
                    self.log()
                );
                std::thread::sleep(Duration::from_micros(200));
            }
            if self.sent() == before {
                break;
            }
            kills += 1;
            assert!(kills < 10, "{task} never ends: {}", self.log());
            keeper.kill().unwrap();
            keeper.wait().unwrap();
        }
        assert!(kills > 0, "{task} had nothing to do: {}", self.log());
        let ended = self.start(&settings, &["--once"]).wait().unwrap();
        assert!(ended.success(), "{task}: {}", self.log());
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    /// That the keeper's transactions had this event so often.
    fn once(&self, key: &str, value: &str) {
        assert_eq!(
            self.stage.found(key, value),
            [true],
            "{key}='{value}': {}",
            self.log()
        );
    }
}

/// A position below zero, a policy that pays premium, a ticket that anyone may withdraw,
/// a stream of rewards, and a change that waits in the timelock.
fn busy(stage: &Stage) -> (Backstop<'_>, String) {
    let mut setup = Setup::default();
    setup.market.max_jump = Bps(6_000);
    setup.perps.gather_time = Seconds(0);
    setup.terms.instant = Assets::new(100_000_000);
    let backstop = Backstop::deploy(stage, setup);
    backstop.deposit("alice", 100_000_000_000);
    backstop.add_liquidity("provider", 100_000_000_000, "10");
    backstop.open("trader", Side::Long, 1_000_000_000, 1_200_000_000, "10");
    let premium = PolicyTerms {
        premium: Some(Bps(10_000)),
        ..Setup::default().terms
    };
    backstop.grant(&stage.addr("holder"), premium);
    let pay = ExecuteMsg::PayPremium {
        market: MARKET.to_string(),
        max_rate: Bps(10_000),
    };
    stage.execute_with("holder", &backstop.vault, &pay, 1_000_000_000, ASSET);
    let unbond = ExecuteMsg::Unbond {
        shares: Some(Shares::new(1_000)),
        auto_withdraw: Some(true),
    };
    stage.execute("alice", &backstop.vault, &unbond);
    let fund = distributor::ExecuteMsg::Fund(StreamTerms::now(8));
    stage.execute_with("carol", &backstop.distributor, &fund, 8_000_000, REWARD);
    let timelock = backstop.hand_over();
    let raise = json!({"submit": {"change": {"vault": {"change_policy": {
        "policyholder": backstop.perps, "market": MARKET, "update": {"limit": "200000000000"}}}}}});
    stage.execute("owner", &timelock, &raise);
    (backstop, timelock)
}

#[test]
fn a_keeper_that_is_killed_in_the_middle_of_each_task_does_each_once() {
    let Some(program) = std::env::var_os("BACKSTOP_PROGRAM") else {
        eprintln!("left out: BACKSTOP_PROGRAM must name the built program");
        return;
    };
    let Some(stage) = Stage::open() else { return };
    let (backstop, timelock) = busy(&stage);
    let keeper = Keeper::new(program, &backstop, &timelock);

    backstop.set_price("7");
    keeper.does("perps", "");
    keeper.once("wasm-perps_liquidate.position", "1");
    keeper.once("wasm-perps_send_shortfall.shortfall", "1");

    stage.advance(3_700);
    backstop.set_price("7");
    keeper.does("settle", "");
    keeper.once("wasm-backstop_settle_claim.claim", "1");
    keeper.does("perps", "");
    keeper.once("wasm-perps_book_claim.shortfall", "1");
    keeper.does("tickets", "every = 10\nminimum = \"1\"\n");
    keeper.once("wasm-backstop_withdraw.staker", &stage.addr("alice"));

    stage.advance(8 * 86_400);
    keeper.does("advance", "");
    keeper.once("wasm-backstop_advance.denom", &format!("native:{REWARD}"));
    keeper.does("poke", "");
    keeper.does("changes", "");
    keeper.once("wasm-backstop_apply_change.change", "1");
    keeper.does("premium", "minimum = \"1000000\"\n");
    keeper.once("wasm-backstop_send_premium.policyholder", &stage.addr("holder"));

    let all = stage.found("message.sender", &stage.addr("keeper"));
    assert!(
        all.len() > 15 && all.iter().all(|good| *good),
        "a transaction of the keeper failed: {all:?}"
    );
}
