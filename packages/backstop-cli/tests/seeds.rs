//! Many seeds of one scenario: what one of them shows may be its draw's alone.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::common::{SMALL, args, read_page, replay, shipped, whole, write};
use backstop_cli::args::ReplayArgs;
use backstop_cli::command::{replay_all, replay_seeds};
use backstop_cli::report::terminal;
use backstop_cli::seeds::json::{Difference, Json};
use backstop_cli::seeds::{self, Outcome};
use backstop_terminal::Paint;

/// Replays under these seeds.
fn under(args: &ReplayArgs, seeds: &str) -> Outcome {
    replay_seeds::replay(args, seeds.parse().unwrap(), &mut std::io::sink()).unwrap()
}

/// The small scenario with a deeper fall, late keepers and a pool that feels it, beside
/// another maintenance margin, and without a breaker.
fn three(folder: &tempfile::TempDir) -> ReplayArgs {
    const LATE: &str = "[keepers]\nlatency = 15\ndepth = 1\n";
    const TERMS: &str = "[policy]\nlimit = 1_000_000_000\ninstant = 300_000_000\ndeductible = 50_000_000\nminimum = 10_000_000\n";
    let deep = SMALL.replace("price = \"7\"", "price = \"3\"");
    let deep = deep.replace("[traders]", &format!("{LATE}{TERMS}[traders]"));
    let mut args = args(&write(folder, &deep));
    args.set = vec!["perps.maintenance_margin=300".parse().unwrap()];
    args.compare = true;
    args
}

/// All files below a folder, with their names.
fn files(folder: &Path) -> Vec<(String, String)> {
    let mut found = vec![];
    for entry in fs::read_dir(folder).unwrap().flatten() {
        match entry.path().is_dir() {
            true => found.extend(files(&entry.path())),
            false => {
                let name = entry.file_name().to_string_lossy().into_owned();
                found.push((name, fs::read_to_string(entry.path()).unwrap()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn the_same_seeds_give_the_same_bytes_on_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let on = |jobs: u16| {
        let out = folder.path().join(jobs.to_string());
        let mut args = three(&folder);
        args.jobs = Some(jobs);
        args.out = Some(out.clone());
        let outcome = under(&args, "1..6");
        (seeds::text(&outcome, Paint::plain()), files(&out))
    };
    let one = on(1);
    assert!(one.1.len() > 2, "{:?}", one.1);
    for jobs in [2, 3, 7] {
        assert_eq!(on(jobs), one, "{jobs} threads");
    }
}

#[test]
fn a_seed_among_many_is_the_run_of_that_seed_alone() {
    let folder = tempfile::tempdir().unwrap();
    let args = three(&folder);
    let json = Json::from(&under(&args, "4..6"));
    for (place, seed) in [4, 5, 6].into_iter().enumerate() {
        let mut alone = args.clone();
        alone.seed = Some(seed);
        let alone = replay(&alone).unwrap();
        let runs = [
            &alone,
            alone.against.as_deref().unwrap(),
            alone.off.as_deref().unwrap(),
        ];
        for (run, setting) in runs.into_iter().zip(&json.settings) {
            let among = &setting.runs[place];
            assert_eq!(among.seed, seed);
            assert_eq!(
                (&run.setting, &run.trace_sha256),
                (&setting.setting, &among.trace_sha256)
            );
            assert_eq!(among.figures["pool_paid"], run.vault.paid.as_str());
            assert_eq!(among.figures["liquidated"], run.exchange.liquidated);
        }
    }
}

#[test]
fn a_spread_and_its_pairs_are_of_the_runs_that_are_listed() {
    let folder = tempfile::tempdir().unwrap();
    let json = Json::from(&under(&three(&folder), "1..9"));
    let amount = |value: &serde_json::Value| value.as_str().unwrap().parse::<i128>().unwrap();
    let values = |setting: usize| -> Vec<i128> {
        let runs = json.settings[setting].runs.iter();
        runs.map(|run| amount(&run.figures["pool_paid"])).collect()
    };
    let of = |name: &str, figures: &[backstop_cli::seeds::json::Apart]| {
        figures
            .iter()
            .find(|figure| figure.figure == name)
            .unwrap()
            .clone()
    };
    for (place, setting) in json.settings.iter().enumerate() {
        let mut sorted = values(place);
        sorted.sort_unstable();
        let apart = of("pool_paid", &setting.figures);
        let five = [
            &apart.least,
            &apart.lower_quartile,
            &apart.median,
            &apart.upper_quartile,
            &apart.most,
        ];
        // Of nine values the quartiles are values.
        let expected = [sorted[0], sorted[2], sorted[4], sorted[6], sorted[8]];
        assert_eq!(five.map(amount), expected);
        if let Some(worst) = apart.worst_seed {
            assert_eq!(values(place)[worst as usize - 1], sorted[8]);
        }
    }
    assert!(values(0).iter().any(|value| *value > 0));
    for (paired, place) in json.paired.iter().zip(1..) {
        let difference = paired
            .figures
            .iter()
            .find(|d| d.apart.figure == "pool_paid")
            .unwrap();
        let expected: Vec<i128> = values(place)
            .into_iter()
            .zip(values(0))
            .map(|(other, first)| other - first)
            .collect();
        let by_seed: Vec<i128> = difference.by_seed.iter().map(amount).collect();
        assert_eq!(by_seed, expected);
        assert_eq!(difference.more + difference.less + difference.same, 9);
        assert_eq!(
            difference.more,
            expected.iter().filter(|value| **value > 0).count()
        );
    }
}

#[test]
fn half_as_much_limit_again_costs_black_thursdays_stakers_more_though_not_under_the_shipped_seed() {
    let mut args = args(&shipped("black-thursday-2020-03.toml"));
    args.set = vec!["policy.limit=+50%".parse().unwrap()];
    let outcome = under(&args, "1..8");
    let json = Json::from(&outcome);
    let figure = |name: &str| -> &Difference {
        let figures = &json.paired[0].figures;
        figures.iter().find(|d| d.apart.figure == name).unwrap()
    };
    let lost = figure("stayer_loss");
    // The shipped seed alone says that it costs nothing.
    let under = |seed: usize| lost.by_seed[seed - 1].as_str().unwrap().parse::<f64>().unwrap();
    assert_eq!(under(3), 0.0);
    for seed in [2, 7] {
        assert!(under(seed) > 0.005, "{}", under(seed));
    }
    assert!(lost.more >= 4 && lost.less == 0, "{lost:?}");
    // What it buys: winners bear less.
    let bore = figure("winners_bore");
    assert!(bore.less >= 4 && bore.more == 0, "{bore:?}");
    let told = seeds::text(&outcome, Paint::plain());
    let sentence = format!(
        "With policy.limit=+50%, a stayer lost: more in {} of 8 seeds, less in 0",
        lost.more
    );
    assert!(told.contains(&sentence), "{told}");
    // In how many seeds the limit bound before, and after.
    let bound = |setting: usize| json.settings[setting].limits[0].seeds;
    assert!(
        bound(0) >= lost.more && bound(1) <= bound(0),
        "{} {}",
        bound(0),
        bound(1)
    );
}

#[test]
fn the_page_of_the_seeds_stands_alone_with_every_drawing() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let mut args = three(&folder);
    args.out = Some(out.clone());
    under(&args, "1..6");
    let page = read_page(&out.join("seeds.html"));
    for outside in [" src=", "href=\"http", "url(", "@import", "<script"] {
        assert!(!page.contains(outside), "{outside}");
    }
    let ids: Vec<&str> = page
        .split(" id=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{ids:?}");
    for id in [
        "drawings",
        "figures-0",
        "figures-2",
        "paired-0",
        "paired-1",
        "limits",
        "runs-0",
        "origin",
    ] {
        assert!(ids.contains(&id), "{id}: {ids:?}");
    }
    let drawings = files(&out.join("plots"));
    assert!(!drawings.is_empty());
    for (name, svg) in &drawings {
        assert!(
            svg.starts_with("<svg ") && svg.trim_end().ends_with("</svg>"),
            "{name}"
        );
        assert!(ids.contains(&name.trim_end_matches(".svg")), "{name}: {ids:?}");
    }
    assert_eq!(page.matches("<svg ").count(), 2 * drawings.len());
    assert!(page.contains("--seeds 1..6"));
    let json = fs::read_to_string(out.join("seeds.json")).unwrap();
    assert!(json.contains("\"worst_seed\""));
}

#[test]
fn a_report_of_one_seed_says_first_that_it_is_one_draw() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let mut args = args(&write(&folder, SMALL));
    args.out = Some(out.clone());
    let text = terminal::summary(&whole(&args).unwrap(), Paint::plain());
    let first: Vec<&str> = text.lines().take(3).collect();
    assert!(first.join(" ").contains("one draw: seed 1 decides"), "{first:?}");
    let page = read_page(&out.join("report.html"));
    let header = page.split("</header>").next().unwrap();
    assert!(header.contains("one draw: seed 1 decides"));
}

#[test]
fn seeds_that_are_none_are_refused_with_what_is_asked_for() {
    for (given, told) in [
        (vec!["--seeds", "1"], "is one seed"),
        (vec!["--seeds", "many"], "neither 20 nor 1..20"),
        (vec!["--seeds", "1..20000"], "from 2 to 10000 seeds"),
        (vec!["--seeds", "3", "--seed", "4"], "cannot be used with"),
        (vec!["--jobs", "3"], "--seeds"),
        (vec!["--all"], "cannot be used with"),
        (vec!["--markdown"], "cannot be used with"),
    ] {
        let mut words = vec!["replay", "luna-2022-05"];
        words.extend(given);
        let ended = Command::new(env!("CARGO_BIN_EXE_backstop"))
            .args(&words)
            .output()
            .unwrap();
        assert_eq!(ended.status.code(), Some(2), "{words:?}");
        let error = String::from_utf8(ended.stderr).unwrap();
        assert!(error.contains(told), "{error}");
    }
}

#[test]
fn every_shipped_scenario_has_a_line_for_each_setting_in_one_table() {
    let mut args = args(Path::new(""));
    args.scenario = None;
    args.all = true;
    args.markdown = true;
    args.compare = true;
    args.seeds = Some("1..2".parse().unwrap());
    let mut printed = vec![];
    let outcomes = replay_all::replay(&args, &mut printed).unwrap();
    assert!(outcomes.len() == 7 && outcomes.iter().all(Outcome::good));
    let table = String::from_utf8(printed).unwrap();
    // Of all seven, what the first two seeds did: the table of twenty has their hash.
    let digest = table.lines().last().unwrap();
    assert!(
        written().lines().any(|line| line == digest),
        "{digest} is not in the README: run `backstop replay --all --compare --markdown` for its table"
    );
    let rows: Vec<&str> = table.lines().filter(|line| line.starts_with("| ")).collect();
    assert_eq!(rows.len(), 2 + 2 * 7, "{table}");
    for outcome in &outcomes {
        for setting in ["with the breaker", "without a breaker"] {
            let begins = format!("| {} | {setting} | ", outcome.about.scenario);
            assert_eq!(
                rows.iter().filter(|row| row.starts_with(&begins)).count(),
                1,
                "{table}"
            );
        }
    }
}

/// The table of twenty seeds in the README.
fn written() -> String {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(readme).unwrap();
    let (_, after) = readme.split_once("<!-- seeds: begin -->").unwrap();
    let (written, _) = after.split_once("<!-- seeds: end -->").unwrap();
    written.to_string()
}

#[test]
fn the_readme_has_the_table_that_the_command_prints() {
    let written = written();
    // Those that run in seconds; the table's length is that of all seven.
    let cheap = ["btc-flash-2021-09", "atom-2025-10-10", "eth-2021-05-19"].map(|name| {
        let mut args = args(Path::new(name));
        args.compare = true;
        under(&args, "20")
    });
    for line in seeds::all::markdown(&cheap)
        .lines()
        .filter(|line| !line.starts_with("<!--"))
    {
        assert!(
            written.lines().any(|other| other == line),
            "{line}\nis not in\n{written}"
        );
    }
    assert_eq!(
        written.lines().filter(|line| line.starts_with("| ")).count(),
        2 + 2 * 7
    );
}

#[test]
fn seeds_that_test_nothing_say_so_first_and_end_with_3() {
    let folder = tempfile::tempdir().unwrap();
    let nobody = write(&folder, &SMALL.replace("count = 20", "count = 0"));
    let ended = Command::new(env!("CARGO_BIN_EXE_backstop"))
        .arg("replay")
        .arg(&nobody)
        .args(["--seeds", "3"])
        .output()
        .unwrap();
    assert_eq!(ended.status.code(), Some(3));
    let text = String::from_utf8(ended.stdout).unwrap();
    let (_, after) = text.split_once("What happened\n").unwrap();
    assert!(
        after.starts_with("  Nothing tested with the breaker, in 3 of 3 runs: no position was opened"),
        "{text}"
    );
}
