//! The node's process: set up, started, and ended with this program. Every port
//! is on 127.0.0.1.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::accounts::{Account, COINS, POCKET};
use super::rpc;
use crate::{Error, Result};

/// The chain's name.
pub const CHAIN: &str = "backstop-bench";
/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs a command until the input ends, which it does when this program does,
/// however that came about.
const WITH_US: &str = r#"trap "" INT; "$@" & node=$!; cat >/dev/null; kill $node; wait $node"#;

/// A running node.
pub struct Node {
    wasmd: PathBuf,
    home: PathBuf,
    keep: bool,
    /// Its RPC, as host and port.
    pub rpc: String,
    process: Option<Child>,
}

impl Node {
    /// Sets a chain up in `home` with an account for each of the names.
    pub fn new(wasmd: &Path, home: &Path, names: &[&str], keep: bool) -> Result<(Self, Vec<Account>)> {
        let _ = fs::remove_dir_all(home);
        fs::create_dir_all(home).map_err(Error::file(home))?;
        let node = Self {
            wasmd: wasmd.to_path_buf(),
            home: home.to_path_buf(),
            keep,
            rpc: format!("127.0.0.1:{}", free_port()?),
            process: None,
        };
        node.wasmd(&["init", "bench", "--chain-id", CHAIN])?;
        let accounts = node.accounts(names)?;
        node.genesis(names.first().copied().unwrap_or_default())?;
        node.configure()?;
        Ok((node, accounts))
    }

    /// Makes a key for each name, all at once, and fills their accounts.
    fn accounts(&self, names: &[&str]) -> Result<Vec<Account>> {
        let accounts = std::thread::scope(|scope| {
            let keys: Vec<_> = names.iter().map(|name| scope.spawn(|| self.key(name))).collect();
            keys.into_iter()
                .filter_map(|key| key.join().ok())
                .collect::<Result<Vec<_>>>()
        })?;
        let pocket: Vec<_> = COINS
            .iter()
            .map(|denom| json!({"denom": denom, "amount": POCKET.to_string()}))
            .collect();
        let filled: Vec<_> = accounts
            .iter()
            .map(|account| json!({"address": account.address, "coins": pocket}))
            .collect();
        let path = self.file("accounts.json");
        fs::write(&path, json!(filled).to_string()).map_err(Error::file(&path))?;
        self.wasmd(&["genesis", "bulk-add-genesis-account", &path.display().to_string()])?;
        Ok(accounts)
    }

    fn key(&self, name: &str) -> Result<Account> {
        let made = self.wasmd(&[
            "keys",
            "add",
            name,
            "--keyring-backend",
            "test",
            "--output",
            "json",
        ])?;
        let key: Value = serde_json::from_str(&made).map_err(Error::json("keys add"))?;
        Ok(Account {
            name: name.to_string(),
            address: key["address"].as_str().unwrap_or_default().to_string(),
        })
    }

    fn genesis(&self, validator: &str) -> Result<()> {
        self.wasmd(&[
            "genesis",
            "gentx",
            validator,
            "1000000000stake",
            "--chain-id",
            CHAIN,
            "--keyring-backend",
            "test",
        ])?;
        self.wasmd(&["genesis", "collect-gentxs"])?;
        Ok(())
    }

    /// Ten blocks a second.
    fn configure(&self) -> Result<()> {
        let path = self.home.join("config/config.toml");
        let text = fs::read_to_string(&path).map_err(Error::file(&path))?;
        let lines: Vec<String> = text
            .lines()
            .map(|line| match line.split('=').next().map(str::trim) {
                Some("timeout_commit") => "timeout_commit = \"100ms\"".to_string(),
                Some("pprof_laddr") => "pprof_laddr = \"\"".to_string(),
                _ => line.to_string(),
            })
            .collect();
        fs::write(&path, lines.join("\n")).map_err(Error::file(&path))
    }

    /// Starts it and waits for its first block.
    pub fn start(&mut self) -> Result<()> {
        let log = File::create(self.log()).map_err(Error::file(self.log()))?;
        let errors = log.try_clone().map_err(Error::file(self.log()))?;
        let p2p = format!("tcp://127.0.0.1:{}", free_port()?);
        // Simulation, which `--gas auto` asks for, is a service of the gRPC server.
        let grpc = format!("127.0.0.1:{}", free_port()?);
        let process = Command::new("sh")
            .args(["-c", WITH_US, "node"])
            .arg(&self.wasmd)
            .arg("start")
            .arg("--home")
            .arg(&self.home)
            .args(["--rpc.laddr", &format!("tcp://{}", self.rpc), "--p2p.laddr", &p2p])
            .args([
                "--grpc.address",
                &grpc,
                "--grpc-web.enable=false",
                "--api.enable=false",
            ])
            .args([
                "--minimum-gas-prices",
                "0stake",
                "--log_level",
                "error",
                "--log_no_color",
            ])
            .env("BACKSTOP_CLOCK", self.clock())
            .env("BACKSTOP_GAS_LOG", self.gas_log())
            .stdin(Stdio::piped())
            .stdout(log)
            .stderr(errors)
            .spawn()
            .map_err(Error::file(&self.wasmd))?;
        self.process = Some(process);
        self.until("make its first block", |node| {
            node.height().is_ok_and(|height| height > 1)
        })
    }

    /// Waits until `done`, at most a minute.
    pub fn until(&self, what: &str, done: impl Fn(&Self) -> bool) -> Result<()> {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            if done(self) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(30));
        }
        Err(Error::Late {
            what: what.to_string(),
            seconds: PATIENCE.as_secs(),
            log: self.log(),
        })
    }

    /// The last block's number.
    pub fn height(&self) -> Result<u64> {
        let status = rpc::get(&self.rpc, "/status")?;
        let height = status["result"]["sync_info"]["latest_block_height"].as_str();
        Ok(height.and_then(|height| height.parse().ok()).unwrap_or_default())
    }

    /// The last block's time, in seconds since the epoch.
    pub fn time(&self) -> Result<u64> {
        let status = rpc::get(&self.rpc, "/status")?;
        let time = status["result"]["sync_info"]["latest_block_time"].as_str();
        Ok(time.and_then(seconds).unwrap_or_default())
    }

    /// Runs the program with these arguments on this node's folder; what it
    /// printed.
    pub fn wasmd(&self, arguments: &[&str]) -> Result<String> {
        let output = Command::new(&self.wasmd)
            .args(arguments)
            .arg("--home")
            .arg(&self.home)
            .stdin(Stdio::null())
            .output()
            .map_err(Error::file(&self.wasmd))?;
        if !output.status.success() {
            let words = String::from_utf8_lossy(&output.stderr);
            return Err(Error::Command {
                arguments: arguments.join(" ").chars().take(300).collect(),
                words: words.lines().take(5).collect::<Vec<_>>().join(" "),
            });
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// A file in its folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.home.join(name)
    }

    /// By how many seconds its clock is ahead.
    pub fn clock(&self) -> PathBuf {
        self.file("clock")
    }

    /// What each transaction was charged for.
    pub fn gas_log(&self) -> PathBuf {
        self.file("gas.jsonl")
    }

    fn log(&self) -> PathBuf {
        self.file("node.log")
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            drop(process.stdin.take());
            let _ = process.wait();
        }
        if self.keep {
            eprintln!("the node's folder is {}", self.home.display());
        } else {
            let _ = fs::remove_dir_all(&self.home);
        }
    }
}

/// A port that nobody listens on.
fn free_port() -> Result<u16> {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    port.map(|address| address.port())
        .map_err(|error| Error::Network {
            address: "127.0.0.1".to_string(),
            error,
        })
}

/// Seconds since the epoch of a time like `2026-01-01T00:00:00.5Z`.
fn seconds(time: &str) -> Option<u64> {
    let mut parts = time.split(['-', 'T', ':', '.', 'Z']).map(str::parse::<u64>);
    let mut next = || parts.next().and_then(|part| part.ok());
    let (year, month, day) = (next()?, next()?, next()?);
    let (hour, minute, second) = (next()?, next()?, next()?);
    // Days since the epoch by the civil calendar, March first.
    let years = if month > 2 { year } else { year.checked_sub(1)? };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = years * 365 + years / 4 - years / 100 + years / 400 + day_of_year;
    Some(days.checked_sub(719_468)? * 86_400 + hour * 3_600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn a_block_s_time_is_read_to_the_second() {
        assert_eq!(seconds("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(seconds("2026-01-01T00:00:00.123456789Z"), Some(1_767_225_600));
        assert_eq!(seconds("2024-02-29T12:34:56Z"), Some(1_709_210_096));
        assert_eq!(seconds("soon"), None);
    }
}
