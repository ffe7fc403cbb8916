//! Running the program's own code on a scenario, as the command line would.

// Each test file uses its own part of these.
#![allow(dead_code)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;

use backstop_cli::args::{ReadArgs, ReplayArgs};
use backstop_cli::error::BadInput;
use backstop_cli::report::Report as Run;
use backstop_cli::report::json::Json as Report;
use tempfile::TempDir;

/// What the program does with these words in a folder.
pub fn backstop(folder: &TempDir, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_backstop"))
        .current_dir(folder.path())
        .args(words)
        .output()
        .unwrap()
}

/// What it wrote.
pub fn said(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A scenario that is shipped.
pub fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name)
}

/// The folder of real series, or nothing, with a message that says so.
pub fn data() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("BACKSTOP_DATA").map_or(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!(
        "skipped: no real series in {}; set BACKSTOP_DATA",
        folder.display()
    );
    None
}

/// How a scenario is replayed when nothing is asked for.
pub fn args(scenario: &Path) -> ReplayArgs {
    ReplayArgs {
        scenario: Some(scenario.to_path_buf()),
        prices: vec![],
        read: ReadArgs::default(),
        seed: None,
        seeds: None,
        jobs: None,
        all: false,
        markdown: false,
        compare: false,
        against: None,
        set: vec![],
        out: None,
        json: false,
        quiet: true,
    }
}

/// Replays and returns what other programs read of the report.
pub fn replay(args: &ReplayArgs) -> Result<Report, BadInput> {
    whole(args).map(|report| Report::from(&report))
}

/// Replays and returns the whole report.
pub fn whole(args: &ReplayArgs) -> Result<Run, BadInput> {
    backstop_cli::command::replay::replay(args, &mut std::io::sink())
}

/// The whole report on a scenario that is shipped, which tests that only read it share:
/// [`whole`] where two runs are to be told apart.
pub fn shared(name: &str, compare: bool) -> Run {
    static RUNS: Mutex<BTreeMap<(String, bool), Run>> = Mutex::new(BTreeMap::new());
    let key = (name.to_string(), compare);
    if let Some(run) = RUNS.lock().unwrap().get(&key) {
        return run.clone();
    }
    let mut args = args(&shipped(name));
    args.compare = compare;
    let run = whole(&args).unwrap();
    RUNS.lock().unwrap().insert(key, run.clone());
    run
}

/// Whether every invariant held and every expectation came true.
pub fn good(report: &Report) -> bool {
    let met = report.expectations.iter().all(|expectation| expectation.met);
    let others = [report.off.as_deref(), report.against.as_deref()];
    met && report.invariants.failures == 0 && others.into_iter().flatten().all(good)
}

/// The number in an amount of the report.
pub fn number(amount: &str) -> u128 {
    amount.parse().unwrap()
}

/// Every sum and difference between a report's figures is exact.
pub fn adds_up(run: &Report) {
    let sum = |parts: &[&String]| parts.iter().map(|part| number(part)).sum::<u128>();
    let all = &run.shortfalls;
    assert_eq!(
        number(&all.asked),
        sum(&[&all.deductible, &all.paid, &all.pending, &all.uncovered])
    );
    assert_eq!(all.count, all.answers.len() as u64);
    for one in &all.answers {
        let parts = sum(&[&one.deductible, &one.paid, &one.pending, &one.uncovered]);
        assert_eq!(number(&one.asked), parts, "{one:?}");
    }
    let asked = all.answers.iter().map(|one| number(&one.asked)).sum::<u128>();
    assert_eq!(number(&all.asked), asked);
    let reasons = all
        .reasons
        .values()
        .map(|reason| number(&reason.not_paid))
        .sum::<u128>();
    assert_eq!(reasons, sum(&[&all.pending, &all.uncovered]));

    let vault = &run.vault;
    assert_eq!(number(&vault.granted), sum(&[&all.paid, &all.pending]));
    assert_eq!(
        number(&vault.granted),
        sum(&[&vault.paid, &vault.waiting, &vault.recovered])
    );
    for loss in &vault.losses {
        let ended = sum(&[&loss.paid, &loss.waiting, &loss.recovered]);
        assert_eq!(number(&loss.granted), ended, "{loss:?}");
        assert!(!loss.why.is_empty());
    }
    let granted = vault
        .losses
        .iter()
        .map(|loss| number(&loss.granted))
        .sum::<u128>();
    assert_eq!(number(&vault.granted), granted);
    assert!(number(&vault.taken_back) <= number(&vault.recovered));
    // One staker deposits on the way. Whatever else leaves the pool is a
    // withdrawal, which waits for three weeks.
    let late = run
        .reference_stakers
        .iter()
        .find(|staker| staker.who == "late depositor");
    let came = late.map_or(0, |late| number(&late.put_in));
    let left = number(&vault.assets_start) + came - number(&vault.assets_end);
    assert!(left >= number(&vault.granted));
    if run.blocks * run.time.block < 21 * 86_400 {
        assert_eq!(left, number(&vault.granted));
    }

    let cost = &run.liquidation_cost;
    let causes = sum(&[&cost.price, &cost.trips, &cost.keepers]);
    assert_eq!(number(&cost.missing) + number(&cost.rebound), causes);
    // What is asked of nobody is of shortfalls without an answer.
    let asked_of_none = number(&cost.missing) - number(&cost.insured) - number(&all.asked);
    assert_eq!(asked_of_none > 0, all.unanswered > 0, "{cost:?}");

    let exchange = &run.exchange;
    let bearers = &run.bearers;
    let closed = number(&exchange.from_insurance) + number(&all.asked) + asked_of_none;
    assert_eq!(
        number(&bearers.missing),
        closed + number(&exchange.underwater_at_market)
    );
    let parts = [
        &bearers.insurance,
        &bearers.pool,
        &bearers.winners,
        &bearers.providers,
        &bearers.open,
    ];
    assert_eq!(number(&bearers.missing), sum(&parts), "{bearers:?}");
    let open = [
        &bearers.open_waiting,
        &bearers.open_deleveraging,
        &bearers.open_unclosed,
    ];
    assert_eq!(number(&bearers.open), sum(&open));
    assert_eq!(bearers.pool, vault.paid);
    assert_eq!(bearers.open_waiting, vault.waiting);
    // What waits may still come back to winners.
    let haircuts = number(&run.adl.taken) - number(&run.adl.compensated);
    assert!(
        number(&bearers.winners) <= haircuts && haircuts <= number(&bearers.winners) + number(&vault.waiting)
    );
    let worst = exchange
        .worst_hole
        .as_ref()
        .map_or(0, |hole| number(&hole.amount));
    assert!(worst >= number(&exchange.underwater_at_market));
    let kept = |name: &str| {
        number(
            &run.limits
                .iter()
                .find(|limit| limit.limit == name)
                .unwrap()
                .kept_back,
        )
    };
    assert_eq!(kept("deductible"), number(&all.deductible));
    assert_eq!(cost.liquidations, exchange.liquidated);
    assert!(number(&run.adl.taken) <= number(&all.asked) - number(&all.paid) + asked_of_none);
    let ended = exchange.closed + exchange.liquidated + exchange.open;
    assert!(ended <= exchange.opened && exchange.opened - ended <= run.adl.events);
    assert!(exchange.underwater <= exchange.liquidated);
}

/// A page's text without the links of its words.
pub fn read_page(path: &Path) -> String {
    let page = std::fs::read_to_string(path).unwrap();
    let mut plain = String::new();
    for part in page.split("<a class=\"word\" ") {
        match plain.is_empty() {
            true => plain += part,
            false => {
                let (_, part) = part.split_once('>').unwrap();
                plain += &part.replacen("</a>", "", 1);
            }
        }
    }
    plain
}

/// Writes a scenario where it can be replayed from.
pub fn write(folder: &tempfile::TempDir, text: &str) -> PathBuf {
    let path = folder.path().join("scenario.toml");
    std::fs::write(&path, text).unwrap();
    path
}

/// A small scenario that runs in an instant.
pub const SMALL: &str = r#"
name = "small"
title = "A fall by a third in an hour"
seed = 1

[time]
start = 2026-01-01T00:00:00Z
end = 2026-01-01T02:00:00Z
block = 60

[market]
name = "ATOM/USD"

[[source]]
name = "a"
kind = "pyth"
lineage = "a"
noise_bps = 10
points = [
  { at = 2025-12-31T23:00:00Z, price = "10" },
  { at = 2026-01-01T01:00:00Z, price = "10" },
  { at = 2026-01-01T02:00:00Z, price = "7" },
]

[[source]]
name = "b"
kind = "reporter"
lineage = "b"
noise_bps = 5
points_of = "a"

[traders]
count = 20
arrive_within = 3_600

[stakers]
count = 5
"#;

/// Words of a sentence at most.
const WORDS: usize = 35;

/// The sentences of a text that are too long.
pub fn too_long(text: &str) -> Vec<String> {
    let mut long = vec![];
    let mut sentence: Vec<&str> = vec![];
    for word in text.split_whitespace() {
        sentence.push(word);
        let bare = word.trim_end_matches(['"', ')', '*', '`', '’']);
        if bare.ends_with(['.', '!', '?']) {
            long.extend((sentence.len() > WORDS).then(|| sentence.join(" ")));
            sentence.clear();
        }
    }
    long.extend((sentence.len() > WORDS).then(|| sentence.join(" ")));
    long
}

/// The text of a page, a block each; neither script nor style, nor what is code.
pub fn blocks(page: &str) -> Vec<String> {
    const INLINE: [&str; 9] = ["a", "strong", "time", "dfn", "span", "b", "wbr", "svg", "em"];
    const HIDDEN: [&str; 4] = ["style", "script", "code", "title"];
    let mut blocks = vec![String::new()];
    let mut hidden = 0_usize;
    for part in page.split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap_or((part, ""));
        let name: String = tag
            .chars()
            .skip_while(|c| *c == '/')
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        if HIDDEN.contains(&name.as_str()) {
            hidden = if tag.starts_with('/') {
                hidden.saturating_sub(1)
            } else {
                hidden + 1
            };
        } else if !INLINE.contains(&name.as_str()) {
            blocks.push(String::new());
        }
        if hidden == 0 {
            blocks.last_mut().unwrap().push_str(text);
        }
    }
    blocks.retain(|block| !block.trim().is_empty());
    blocks
}
