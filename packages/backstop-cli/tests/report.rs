//! What a report says: its figures hold together, its page stands alone, and
//! two sets of parameters are set side by side.

mod common;

use std::fs;
use std::path::Path;

use backstop_cli::report::{Report, number};
use common::{SMALL, args, replay, shipped, write};

const SECTIONS: [&str; 9] = [
    "course",
    "witnesses",
    "friction",
    "answers",
    "losses",
    "transitions",
    "parameters",
    "checks",
    "origin",
];

fn luna() -> Report {
    replay(&args(&shipped("luna-2022-05.toml"))).unwrap()
}

fn signed(amount: &str) -> i128 {
    amount.parse().unwrap()
}

#[test]
fn what_was_missing_is_the_prices_the_trips_and_the_keepers_and_is_insured_or_asked_for() {
    let report = luna();
    let friction = &report.friction;
    let causes = [&friction.price, &friction.trips, &friction.keepers].map(|part| signed(part));
    assert_eq!(signed(&friction.missing), causes.iter().sum::<i128>());
    assert_eq!(report.shortfalls.unanswered, 0);
    assert_eq!(
        number(&friction.missing),
        number(&friction.insured) + number(&report.shortfalls.asked)
    );
    assert_eq!(friction.liquidations, report.exchange.liquidated);
    assert!(
        causes.iter().all(|part| *part > 0) && friction.congested > 0,
        "{friction:?}"
    );
    for part in [
        &friction.slippage,
        &friction.fees,
        &friction.unwinding,
        &friction.insured,
    ] {
        assert!(number(part) > 0);
    }
}

#[test]
fn nobody_leaves_ahead_of_a_loss_within_the_unbonding_period_and_who_comes_after_it_bears_none() {
    let report = luna();
    let of = |who: &str| {
        report
            .witnesses
            .iter()
            .find(|witness| witness.who == who)
            .unwrap()
    };
    let ended = |who: &str| number(&of(who).withdrew) + number(&of(who).took_back);
    let (early, stayer, late) = ("early leaver", "stayer", "late depositor");
    assert!(of(early).left.as_ref().unwrap() < &report.vault.losses[0].time);
    assert!(ended(early).abs_diff(ended(stayer)) <= 1);
    assert!(ended(stayer) < number(&of(stayer).put_in));
    // The first loss is not the last one.
    assert!(ended(late) > ended(stayer) && report.vault.losses.len() > 1);
    let by_price = number(&of(stayer).put_in) as f64 * report.vault.price_end.parse::<f64>().unwrap();
    assert!((ended(stayer) as f64 - by_price).abs() <= 1.0);
}

#[test]
fn less_congestion_costs_less_at_the_same_prices() {
    let folder = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(shipped("luna-2022-05.toml")).unwrap();
    let keepers = |share: u64| format!("[keepers]\ncongested_share_bps = {share}");
    let congested = |share| {
        let path = write(&folder, &text.replace("[keepers]", &keepers(share)));
        replay(&args(&path)).unwrap().friction
    };
    let (none, much) = (congested(0), congested(9_900));
    assert_eq!(none.congested, 0);
    assert!(much.congested > 0 && much.longest_wait > none.longest_wait);
    assert!(signed(&much.keepers) > signed(&none.keepers));
}

/// Replays into a folder and returns the page.
fn page(scenario: &Path, change: impl FnOnce(&mut backstop_cli::args::ReplayArgs)) -> (String, Report) {
    let folder = tempfile::tempdir().unwrap();
    let mut args = args(scenario);
    args.out = Some(folder.path().to_path_buf());
    change(&mut args);
    let report = replay(&args).unwrap();
    let page = fs::read_to_string(folder.path().join("report.html")).unwrap();
    for drawing in fs::read_dir(folder.path().join("plots")).unwrap() {
        let svg = fs::read_to_string(drawing.unwrap().path()).unwrap();
        assert!(svg.starts_with("<svg ") && svg.trim_end().ends_with("</svg>"));
    }
    (page, report)
}

#[test]
fn the_page_has_every_section_once_and_names_nothing_outside_of_itself() {
    let (page, report) = page(&shipped("luna-2022-05.toml"), |args| args.compare = true);
    for id in SECTIONS {
        assert_eq!(page.matches(&format!("id=\"{id}\"")).count(), 1, "{id}");
    }
    for outside in [" src=", "href=\"http", "url(", "@import"] {
        assert!(!page.contains(outside), "{outside}");
    }
    // Seven drawings of each run and two of both, each for two widths.
    assert_eq!(page.matches("<svg ").count(), 2 * (7 + 7 + 2));
    for said in [
        &report.trace_sha256,
        &report.version,
        &report.seed.to_string(),
        "Side by side: with the breaker and without a breaker",
    ] {
        assert!(page.contains(said), "{said}");
    }
    assert!(page.contains("--seed 3 --compare"), "{}", report.command);
}

#[test]
fn what_a_scenario_writes_is_text_on_the_page_and_never_markup() {
    let folder = tempfile::tempdir().unwrap();
    let evil = SMALL.replace(
        "A fall by a third in an hour",
        "<img src=x onerror=alert(1)> & </script> more",
    );
    let (page, _) = page(&write(&folder, &evil), |_| {});
    assert!(!page.contains("<img"));
    assert!(page.contains("&lt;img src=x onerror=alert(1)&gt; &amp; &lt;/script&gt; more"));
    assert_eq!(page.matches("</script>").count(), 2);
}

#[test]
fn other_parameters_are_set_beside_the_scenarios_and_change_what_the_pool_pays() {
    let folder = tempfile::tempdir().unwrap();
    let changes = folder.path().join("smaller.toml");
    fs::write(&changes, "[policy]\nlimit = 20_000_000_000\n").unwrap();
    let (page, report) = page(&shipped("luna-2022-05.toml"), |args| args.against = Some(changes));
    let against = report.against.as_deref().unwrap();
    assert!(report.off.is_none());
    assert_eq!(
        (report.setting.as_str(), against.setting.as_str()),
        ("with the scenario's parameters", "with smaller.toml")
    );
    assert!(number(&against.vault.paid) < number(&report.vault.paid));
    // A limit of 20,000 a week, for two days and a half.
    assert!(number(&against.vault.granted) <= 28_000_000_000);
    let limit = |run: &Report| {
        let found = run
            .parameters
            .iter()
            .find(|p| p.table == "policy" && p.name == "limit");
        found.unwrap().value.clone()
    };
    assert_eq!(
        (limit(&report), limit(against)),
        ("60000000000".to_string(), "20000000000".to_string())
    );
    assert!(page.contains("more than with smaller.toml") && page.contains("in the other"));
    assert_eq!(
        report.trace_sha256,
        luna().trace_sha256,
        "the same run as without the other"
    );
}

#[test]
fn a_file_of_parameters_that_changes_nothing_or_something_else_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |text: &str| {
        let changes = folder.path().join("changes.toml");
        fs::write(&changes, text).unwrap();
        let mut args = args(&write(&folder, SMALL));
        args.against = Some(changes);
        replay(&args).unwrap_err().to_string()
    };
    assert!(refused("").contains("at least one parameter to change"));
    assert!(refused("[traders]\ncount = 1\n").contains("traders"));
    assert!(refused("[policy]\nlimits = 1\n").contains("policy.limits"));
    let mut missing = args(&write(&folder, SMALL));
    missing.against = Some(folder.path().join("nowhere.toml"));
    assert!(replay(&missing).unwrap_err().to_string().contains("nowhere.toml"));
}

#[test]
fn a_report_that_cannot_be_moved_to_its_place_leaves_the_old_ones_and_no_half_ones() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    // A folder stands where the page should be.
    fs::create_dir_all(out.join("report.html")).unwrap();
    fs::write(out.join("report.json"), "old").unwrap();
    let mut args = args(&write(&folder, SMALL));
    args.out = Some(out.clone());
    let refused = replay(&args).unwrap_err().to_string();
    assert!(refused.contains("report.html: cannot be written"), "{refused}");
    assert_eq!(fs::read_to_string(out.join("report.json")).unwrap(), "old");
    let left = fs::read_dir(&out)
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name());
    assert!(
        left.into_iter()
            .all(|name| !name.to_string_lossy().starts_with('.'))
    );
}
