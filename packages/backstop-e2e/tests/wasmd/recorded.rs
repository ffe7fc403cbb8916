//! What every version stored, put into contracts of a real chain that begins at the
//! recorded time, and taken over by today's code and by the next: it answers as it
//! did, and its life goes on.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use backstop_chain::Message;
use backstop_e2e::{ASSET, REWARD, Stage};
use backstop_puppet::{Entry, ExecuteMsg};
use backstop_types::{UncheckedDenom, distributor, timelock, vault};
use cosmwasm_std::testing::MockApi;
use cosmwasm_std::{Addr, Api, Binary, Coin, Decimal, HexBinary, Timestamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// So many seconds before the recorded moment the chain begins: codes are stored and
/// contracts filled meanwhile.
const BEFORE: u64 = 600;
/// The recorded chain's prefix, and how long addresses of accounts and contracts are.
const PREFIX: &str = "cosmwasm1";
const LENGTHS: [usize; 2] = [47, 67];
/// Who acts here for whom the record names.
const ACTORS: [(&str, &str); 8] = [
    ("alice", "alice"),
    ("bob", "bob"),
    ("carol", "carol"),
    ("holder", "holder"),
    ("owner", "owner"),
    ("guardian", "guardian"),
    ("venue-a", "feed1"),
    ("venue-b", "feed2"),
];

#[derive(Deserialize)]
struct Moment {
    time: Timestamp,
    contracts: BTreeMap<String, Place>,
}

#[derive(Deserialize)]
struct Place {
    address: String,
    admin: Option<String>,
    coins: Vec<Coin>,
}

/// One version's record.
struct Record {
    moment: Moment,
    storage: BTreeMap<String, BTreeMap<String, Binary>>,
    answers: BTreeMap<String, BTreeMap<String, Value>>,
}

fn records() -> Vec<Record> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../backstop-testing/tests/storage/recorded");
    let mut versions: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    versions.sort();
    assert!(!versions.is_empty());
    versions.iter().map(|version| record(version)).collect()
}

fn record(folder: &Path) -> Record {
    let moment: Moment = read(folder, "chain");
    let storage = moment.contracts.keys();
    let storage = storage.map(|name| (name.clone(), read(folder, name))).collect();
    Record {
        storage,
        answers: read(folder, "answers"),
        moment,
    }
}

fn read<T: DeserializeOwned>(folder: &Path, name: &str) -> T {
    let text = fs::read(folder.join(name).with_extension("json")).unwrap();
    serde_json::from_slice(&text).unwrap()
}

/// What the record's names are called on this chain.
struct Here(Vec<(String, String)>);

impl Here {
    fn of(stage: &Stage, record: &Record, contracts: &BTreeMap<String, String>) -> Self {
        let recorded = MockApi::default();
        let here = MockApi::default().with_prefix("wasm");
        let mut known: BTreeMap<String, String> = ACTORS
            .iter()
            .map(|(name, actor)| (recorded.addr_make(name).into_string(), stage.addr(actor)))
            .collect();
        for (name, place) in &record.moment.contracts {
            known.insert(place.address.clone(), contracts[name].clone());
        }
        for address in addresses(record) {
            let bytes = recorded.addr_canonicalize(&address).unwrap();
            let same = here.addr_humanize(&bytes).unwrap().into_string();
            known.entry(address).or_insert(same);
        }
        known.insert("ureward".to_string(), REWARD.to_string());
        Self(known.into_iter().collect())
    }

    fn text(&self, text: &str) -> String {
        let renamed = |text: String, (old, new): &(String, String)| text.replace(old, new);
        self.0.iter().fold(text.to_string(), renamed)
    }

    /// A stored value, which need not be text.
    fn value(&self, value: &[u8]) -> Vec<u8> {
        let letters: String = value.iter().map(|byte| char::from(*byte)).collect();
        let renamed = self.text(&letters);
        renamed
            .chars()
            .map(|letter| u8::try_from(letter).unwrap())
            .collect()
    }

    fn json(&self, value: &Value) -> Value {
        serde_json::from_str(&self.text(&value.to_string())).unwrap()
    }

    /// A stored key: a part that is not the last begins with its length.
    fn key(&self, mut key: Vec<u8>) -> Vec<u8> {
        for (old, new) in &self.0 {
            while let Some(at) = key.windows(old.len()).position(|window| window == old.as_bytes()) {
                let end = at + old.len();
                let measured = (0..at.saturating_sub(1)).rev().find(|place| {
                    let length = usize::from(u16::from_be_bytes([key[*place], key[place + 1]]));
                    length > 0 && place + 2 + length >= end && place + 2 + length <= key.len()
                });
                if let Some(place) = measured {
                    let length = usize::from(u16::from_be_bytes([key[place], key[place + 1]]));
                    let length = u16::try_from(length + new.len() - old.len()).unwrap();
                    key[place..place + 2].copy_from_slice(&length.to_be_bytes());
                }
                key.splice(at..end, new.bytes());
            }
        }
        key
    }

    /// A question, which names accounts as `<alice>`.
    fn question(&self, question: &str) -> Value {
        let mut parts = question.split('<');
        let mut named = parts.next().unwrap().to_string();
        for part in parts {
            let (name, rest) = part.split_once('>').unwrap();
            named += MockApi::default().addr_make(name).as_str();
            named += rest;
        }
        serde_json::from_str(&self.text(&named)).unwrap()
    }
}

/// Every address in a record.
fn addresses(record: &Record) -> BTreeSet<String> {
    let mut texts = vec![json!(record.answers).to_string()];
    for entries in record.storage.values() {
        for (key, value) in entries {
            let key = HexBinary::from_hex(key).unwrap();
            texts.extend([&key, value.as_slice()].map(|bytes| String::from_utf8_lossy(bytes).into_owned()));
        }
    }
    let found = texts.iter().flat_map(|text| {
        let places = text.match_indices(PREFIX);
        places.map(|(at, _)| address_at(&text[at..]).unwrap_or_else(|| panic!("{}", &text[at..])))
    });
    let questions = record.answers.values().flat_map(BTreeMap::keys);
    let named = questions
        .flat_map(|question| question.split('<').skip(1))
        .map(|part| part.split_once('>').unwrap().0);
    found
        .chain(named.map(|name| MockApi::default().addr_make(name).into_string()))
        .collect()
}

/// The address with which a text begins.
fn address_at(text: &str) -> Option<String> {
    let candidates = LENGTHS.into_iter().filter_map(|length| text.get(..length));
    let mut valid = candidates.filter(|candidate| MockApi::default().addr_validate(candidate).is_ok());
    valid.next().map(str::to_string)
}

/// The record on a chain, as it was stored and not yet taken over.
struct Placed<'a> {
    stage: &'a Stage,
    record: &'a Record,
    contracts: BTreeMap<String, String>,
    here: Here,
}

impl<'a> Placed<'a> {
    fn new(stage: &'a Stage, record: &'a Record) -> Self {
        let place = |name: &String| (name.clone(), stage.puppet(None, None));
        let contracts = record.moment.contracts.keys().map(place).collect();
        let here = Here::of(stage, record, &contracts);
        let placed = Self {
            stage,
            record,
            contracts,
            here,
        };
        for name in record.storage.keys() {
            placed.fill(name);
        }
        placed
    }

    /// The contracts but for the mock.
    fn shipped(&self) -> impl Iterator<Item = &'a String> + use<'a> {
        self.record.answers.keys()
    }

    fn fill(&self, name: &str) {
        let entry = |(key, value): (&String, &Binary)| Entry {
            key: self.here.key(HexBinary::from_hex(key).unwrap().into()).into(),
            value: self.here.value(value).into(),
        };
        let set = ExecuteMsg::Set {
            answer: None,
            query: None,
            storage: self.record.storage[name].iter().map(entry).collect(),
        };
        self.stage.execute("owner", &self.contracts[name], &set);
        for coin in &self.record.moment.contracts[name].coins {
            if !coin.amount.is_zero() {
                let to = self.contracts[name].clone();
                let coins = vec![Coin::new(coin.amount, self.here.text(&coin.denom))];
                self.stage.send("owner", &[Message::Send { to, coins }]);
            }
        }
    }

    fn to_today(&self) {
        for name in self.contracts.keys() {
            let code = self.stage.code(&name.replace('-', "_"));
            self.stage.migrate(&self.contracts[name], code);
        }
    }

    fn to_raised(&self) {
        for name in self.shipped() {
            let code = self.stage.raised(&name.replace('-', "_"));
            self.stage.migrate(&self.contracts[name], code);
        }
    }

    /// Gives each contract the admin that it had; the chain refuses one that it has.
    fn to_admins(&self) {
        for name in self.shipped() {
            let admin = self.record.moment.contracts[name].admin.as_ref().unwrap();
            let (contract, admin) = (self.contracts[name].clone(), self.here.text(admin));
            if admin != self.stage.addr("owner") {
                self.stage
                    .send("owner", &[Message::UpdateAdmin { contract, admin }]);
            }
        }
    }

    /// The moment that was recorded, or some seconds later.
    fn until_recorded(&self) {
        let recorded = self.record.moment.time.seconds();
        let now = self.stage.now();
        assert!(now < recorded, "placing took longer than {BEFORE} s");
        self.stage.advance(recorded - now);
    }

    /// Asks all that is recorded but what `apart` names.
    fn answers_as_recorded(&self, apart: &[&str]) {
        let mut asked = 0;
        for (name, answers) in &self.record.answers {
            for (question, before) in answers
                .iter()
                .filter(|(question, _)| !apart.contains(&question.as_str()))
            {
                let now: Value = self
                    .stage
                    .ask(&self.contracts[name], &self.here.question(question));
                let before = self.here.json(before);
                assert!(
                    alike(&before, &now),
                    "{name} to {question} said\n{before}\nand says\n{now}"
                );
                asked += 1;
            }
        }
        assert!(asked > 80, "only {asked} questions");
    }

    fn gain(&self, who: &str, denom: &str, contract: &str, msg: &impl serde::Serialize) -> u128 {
        let address = self.stage.addr(who);
        let had = self.stage.balance(&address, denom);
        self.stage.execute(who, &self.contracts[contract], msg);
        self.stage.balance(&address, denom) - had
    }
}

/// The same, but for the order of a list and what some seconds change in a number.
fn alike(before: &Value, now: &Value) -> bool {
    match (before, now) {
        (Value::Object(before), Value::Object(now)) => before.iter().all(|(name, before)| {
            let elsewhere = ["code_id", "checksum"].contains(&name.as_str());
            elsewhere || now.get(name).is_some_and(|now| alike(before, now))
        }),
        (Value::Array(before), Value::Array(now)) => {
            before.len() == now.len() && before.iter().all(|one| now.iter().any(|other| alike(one, other)))
        }
        _ => before == now || near(before, now),
    }
}

fn near(before: &Value, now: &Value) -> bool {
    let number = |value: &Value| match value {
        Value::String(text) => text.parse::<f64>().ok(),
        Value::Number(number) => number.as_f64(),
        _ => None,
    };
    match (number(before), number(now)) {
        (Some(before), Some(now)) => (before - now).abs() <= before.abs() / 1_000.0,
        _ => false,
    }
}

#[test]
fn what_every_version_stored_is_taken_over_and_lives_on() {
    for record in records() {
        let Some(stage) = Stage::at(record.moment.time.seconds() - BEFORE) else {
            return;
        };
        let placed = Placed::new(&stage, &record);
        placed.to_today();
        placed.until_recorded();
        placed.answers_as_recorded(&[r#"{"custody":{}}"#]);
        placed.to_raised();
        placed.to_admins();
        placed.answers_as_recorded(&[]);
        lives_on(&placed);
    }
}

/// Stakers get what they waited for, and the change that was queued is made.
fn lives_on(placed: &Placed) {
    let stage = placed.stage;
    let withdraw = vault::ExecuteMsg::Withdraw {
        tickets: None,
        min_assets: None,
        limit: None,
        staker: None,
    };
    let gained = placed.gain("bob", ASSET, "backstop-vault", &withdraw);
    assert!((99_000_000_000..100_000_000_000).contains(&gained), "{gained}");
    for denom in [ASSET, REWARD] {
        let claim = distributor::ExecuteMsg::Claim {
            denoms: Some(vec![UncheckedDenom::Native(denom.to_string())]),
            receiver: None,
            restake: None,
        };
        let gained = placed.gain("alice", denom, "reward-distributor", &claim);
        assert!(gained > 500_000_000, "{denom}: {gained}");
    }
    let recovery = vault::ExecuteMsg::ClaimRecovery {
        losses: None,
        restake: None,
        limit: None,
    };
    let gained = placed.gain("alice", ASSET, "backstop-vault", &recovery);
    assert!(gained > 100_000_000, "{gained}");

    let timelock = &placed.contracts["risk-timelock"];
    let change: timelock::ChangeResponse = stage.ask(timelock, &timelock::QueryMsg::Change { number: 2 });
    let due = change.record.wait.unwrap().due.seconds();
    stage.advance(due.saturating_sub(stage.now()));
    stage.execute("keeper", timelock, &timelock::ExecuteMsg::Apply { change: 2 });
    let config: vault::Config = stage.ask(&placed.contracts["backstop-vault"], &vault::QueryMsg::Config {});
    let params: vault::Params<Addr> = config.params;
    assert_eq!(params.pool_fraction, Decimal::percent(90));
}
