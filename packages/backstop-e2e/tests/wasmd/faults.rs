//! Four validators under load, killed and started again. At the end every node has
//! the same state, the books balance, and what was reported committed is there.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use backstop_chain::{Committed, Error, Message, Sender};
use backstop_e2e::{ASSET, Backstop, LOADERS, MARKET, REWARD, Setup, Stage, call, call_with, loaders};
use backstop_types::breaker::{self, Fault};
use backstop_types::distributor::{self, StreamTerms};
use backstop_types::vault::{
    ClaimsResponse, ExecuteMsg, PoolResponse, QueryMsg, StakeResponse, TicketsResponse,
};
use backstop_types::{Assets, Seconds, Shares};
use tokio::runtime::Builder;

/// The most transactions while nodes fail, and of how many accounts.
const MOST: u32 = 1_200;
const ACCOUNTS: u32 = 24;
/// How many deposits each of [`LOADERS`] makes at each number of validators.
const DEPOSITS: u32 = 4;
const _: () = assert!(MOST + 2 * LOADERS * DEPOSITS <= 2_000);
/// More than any of the load's messages uses.
const GAS: u64 = 700_000;
const DEPOSIT: u128 = 1_000;
const UNBOND: u128 = 100;

/// What one account had done, by what the client reported committed.
#[derive(Default)]
struct Done {
    deposits: u64,
    unbonds: u64,
    shortfalls: u64,
    hashes: Vec<String>,
}

/// The load that runs while nodes fail.
struct Load {
    stop: AtomicBool,
    sent: AtomicU32,
    first: u64,
}

impl Load {
    /// Deposits, unbonds and claims of one account, until it is told to stop.
    fn account(&self, mut sender: Sender, backstop: &Addresses, holder: bool) -> Done {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let mut done = Done::default();
        let mut turn = 0u64;
        while !self.stop.load(Ordering::Relaxed) && self.sent.fetch_add(1, Ordering::Relaxed) < MOST {
            turn += 1;
            let (label, message) = match (holder, turn % 3) {
                (true, _) => ("shortfall", backstop.shortfall(self.first + turn)),
                (_, 1 | 2) => ("deposit", backstop.deposit()),
                _ => ("unbond", backstop.unbond()),
            };
            let mut result = runtime.block_on(sender.send_with(label, &[message], GAS));
            // With no node to ask, the journal knows what is on its way.
            while matches!(&result, Err(Error::NoNode { .. } | Error::OnItsWay { .. })) {
                std::thread::sleep(Duration::from_millis(500));
                match runtime.block_on(sender.resume()) {
                    Ok(mut ends) => match ends.pop() {
                        Some(end) => result = end.1,
                        None => break,
                    },
                    Err(error) => result = Err(error),
                }
            }
            match result {
                Ok(committed) => done.count(label, committed),
                // In no block, and never will be: a node that has just been started refuses all.
                Err(Error::Expired { .. } | Error::Refused { .. } | Error::NoNode { .. }) => {}
                Err(error) => panic!("{label}: {error}"),
            }
        }
        done
    }
}

impl Done {
    fn count(&mut self, label: &str, committed: Committed) {
        match label {
            "deposit" => self.deposits += 1,
            "unbond" => self.unbonds += 1,
            _ => self.shortfalls += 1,
        }
        self.hashes.push(committed.hash);
    }
}

/// What the load calls.
#[derive(Clone)]
struct Addresses {
    vault: String,
}

impl Addresses {
    fn deposit(&self) -> Message {
        let deposit = ExecuteMsg::Deposit {
            min_shares: None,
            receiver: None,
        };
        call_with(&self.vault, &deposit, DEPOSIT, ASSET)
    }

    fn unbond(&self) -> Message {
        let unbond = ExecuteMsg::Unbond {
            shares: Some(Shares::new(UNBOND)),
            auto_withdraw: None,
        };
        call(&self.vault, &unbond)
    }

    fn shortfall(&self, number: u64) -> Message {
        let shortfall = ExecuteMsg::CoverShortfall {
            shortfall: number,
            market: MARKET.to_string(),
            amount: Assets::new(7),
            price: Some(backstop_types::Price("10".parse().unwrap())),
        };
        call(&self.vault, &shortfall)
    }
}

#[test]
fn four_validators_lose_nothing_when_one_two_and_all_of_them_end() {
    let Some(stage) = Stage::with_validators(4, Duration::from_millis(500)) else {
        return;
    };
    let mut setup = Setup::default();
    setup.market.max_halt = Some(Seconds(600));
    let backstop = Backstop::deploy(&stage, setup);
    backstop.deposit("alice", 10_000_000);
    backstop.grant(&stage.addr("holder"), Setup::default().terms);
    let fund = distributor::ExecuteMsg::Fund(StreamTerms::now(1));
    stage.execute_with("carol", &backstop.distributor, &fund, 7_000_000, REWARD);
    let addresses = Addresses {
        vault: backstop.vault.clone(),
    };

    let load = Load {
        stop: AtomicBool::new(false),
        sent: AtomicU32::new(0),
        first: 0,
    };
    let done: BTreeMap<String, Done> = std::thread::scope(|scope| {
        let mut threads = vec![];
        for name in loaders(ACCOUNTS).chain(["holder".to_string()]) {
            let (sender, addresses, load) = (stage.sender(&name), addresses.clone(), &load);
            let holder = name == "holder";
            threads.push((
                name,
                scope.spawn(move || load.account(sender, &addresses, holder)),
            ));
        }
        let end = Stop(&load.stop);
        break_and_mend(&stage, &backstop);
        drop(end);
        threads
            .into_iter()
            .map(|(name, thread)| (name, thread.join().unwrap()))
            .collect()
    });

    everything_is_there(&stage, &backstop, &done);
}

/// Ends the load, also where a check failed: its threads are waited for.
struct Stop<'a>(&'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn break_and_mend(stage: &Stage, backstop: &Backstop) {
    let network = &stage.network;
    std::thread::sleep(Duration::from_secs(4));

    // One of four: the chain goes on without it, and it comes back.
    let before = network.highest().unwrap();
    network.kill(3).unwrap();
    wait_for(|| network.highest().is_some_and(|height| height > before + 6));
    network.start(3).unwrap();
    network.wait_until_all_at(network.highest().unwrap()).unwrap();

    // Two of four: the chain halts. The breaker sees the gap when it is back.
    network.kill(2).unwrap();
    network.kill(1).unwrap();
    std::thread::sleep(Duration::from_secs(5));
    let halted = network.highest().unwrap();
    std::thread::sleep(Duration::from_secs(5));
    assert_eq!(
        network.highest().unwrap(),
        halted,
        "half of the validators made a block"
    );
    network.move_clock(3_600).unwrap();
    network.start(1).unwrap();
    network.start(2).unwrap();
    network.wait_until_all_at(halted + 3).unwrap();
    backstop.set_price("10");
    let poked: breaker::MarketResponse = stage.ask(
        &backstop.breaker,
        &breaker::QueryMsg::Market {
            market: MARKET.to_string(),
        },
    );
    assert!(
        poked.record.watch.faults.list().contains(&Fault::Halt),
        "{:?}",
        poked.record.watch
    );

    // All of them.
    for node in 0..4 {
        network.stop(node).unwrap();
    }
    network.start_all().unwrap();
    network.wait_until_all_at(network.highest().unwrap() + 3).unwrap();
    std::thread::sleep(Duration::from_secs(4));
}

fn everything_is_there(stage: &Stage, backstop: &Backstop, done: &BTreeMap<String, Done>) {
    let network = &stage.network;
    let height = network.highest().unwrap();
    network.wait_until_all_at(height + 1).unwrap();
    let hashes: Vec<String> = (0..4)
        .map(|node| network.app_hash(node, height).unwrap())
        .collect();
    assert!(hashes.iter().all(|hash| *hash == hashes[0]), "{hashes:?}");

    let committed: u64 = done
        .values()
        .map(|done| u64::try_from(done.hashes.len()).unwrap())
        .sum();
    assert!(committed > 100, "{committed} transactions");
    for (name, done) in done {
        let sender = stage.sender(name);
        for hash in &done.hashes {
            assert!(
                stage.wait(sender.committed(hash)).unwrap().is_some(),
                "{hash} of {name} is in no block"
            );
        }
        let stake: StakeResponse = stage.ask(
            &backstop.vault,
            &QueryMsg::Stake {
                staker: stage.addr(name),
            },
        );
        let all = stake.stake.active.u128() + stake.stake.queued.u128();
        // The price of shares falls with each loss, so that a deposit buys no fewer.
        assert!(
            all >= u128::from(done.deposits) * DEPOSIT,
            "{name}: {all} shares of {} deposits",
            done.deposits
        );
        let tickets: TicketsResponse = stage.ask(
            &backstop.vault,
            &QueryMsg::Tickets {
                staker: stage.addr(name),
                start_after: None,
                limit: Some(100),
            },
        );
        assert_eq!(
            u64::try_from(tickets.tickets.len()).unwrap(),
            done.unbonds,
            "{name}"
        );
    }
    the_books_balance(stage, backstop, done["holder"].shortfalls);
}

fn the_books_balance(stage: &Stage, backstop: &Backstop, shortfalls: u64) {
    let pool: PoolResponse = stage.ask(&backstop.vault, &QueryMsg::Pool {});
    let owed = [
        pool.assets,
        pool.pots,
        pool.recoveries,
        pool.premiums,
        pool.credits,
    ];
    let owed: u128 = owed.iter().map(|part| part.u128()).sum();
    assert_eq!(backstop.balance(&backstop.vault), owed);
    assert_eq!(pool.active.u128() + pool.queued.u128(), pool.shares.u128());

    let (mut claims, mut last) = (0, None);
    loop {
        let ask = QueryMsg::Claims {
            start_after: last,
            limit: Some(100),
        };
        let page: ClaimsResponse = stage.ask(&backstop.vault, &ask);
        let Some(end) = page.claims.last() else { break };
        last = Some(end.claim);
        claims += u64::try_from(page.claims.len()).unwrap();
    }
    assert_eq!(claims, shortfalls, "a claim was lost, or granted twice");
    let claim = distributor::ExecuteMsg::Claim {
        denoms: None,
        receiver: None,
        restake: None,
    };
    let before = stage.balance(&stage.addr("alice"), REWARD);
    stage.execute("alice", &backstop.distributor, &claim);
    assert!(
        stage.balance(&stage.addr("alice"), REWARD) > before,
        "rewards were lost"
    );
}

fn wait_for(done: impl Fn() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < Duration::from_secs(60), "a minute has passed");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_chain_holds_so_many_transactions_a_second() {
    for validators in [2, 4] {
        let Some(stage) = Stage::with_validators(validators, Duration::from_millis(500)) else {
            return;
        };
        let backstop = Backstop::deploy(&stage, Setup::default());
        let addresses = Addresses {
            vault: backstop.vault.clone(),
        };
        let senders: Vec<Sender> = loaders(LOADERS).map(|name| stage.sender(&name)).collect();
        let begun = Instant::now();
        std::thread::scope(|scope| {
            for mut sender in senders {
                let addresses = &addresses;
                scope.spawn(move || {
                    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
                    for _ in 0..DEPOSITS {
                        let deposit = [addresses.deposit()];
                        runtime
                            .block_on(sender.send_with("deposit", &deposit, GAS))
                            .unwrap();
                    }
                });
            }
        });
        let seconds = begun.elapsed().as_secs_f64();
        let sent = LOADERS * DEPOSITS;
        let rate = f64::from(sent) / seconds;
        println!("{validators} validators: {sent} deposits in {seconds:.1} s, {rate:.1} a second");
        let pool: PoolResponse = stage.ask(&backstop.vault, &QueryMsg::Pool {});
        assert_eq!(pool.assets.u128(), u128::from(sent) * DEPOSIT);
    }
}
