//! What a report says: its figures hold together, its page stands alone, and
//! two sets of parameters are set side by side.

use std::fs;
use std::path::Path;

use crate::common::{SMALL, args, number, read_page, replay, shared, shipped, whole, write};
use backstop_cli::report::compare;
use backstop_cli::report::json::Json as Report;

const SECTIONS: [&str; 11] = [
    "bearers",
    "timeline",
    "yields",
    "reference-stakers",
    "liquidation-cost",
    "answers",
    "losses",
    "transitions",
    "parameters",
    "checks",
    "origin",
];

fn luna() -> Report {
    Report::from(&shared("luna-2022-05.toml", false))
}

#[test]
fn what_was_missing_is_the_prices_the_trips_and_the_keepers_and_is_insured_or_asked_for() {
    let report = luna();
    let cost = &report.liquidation_cost;
    let causes = [&cost.price, &cost.trips, &cost.keepers].map(|part| number(part));
    assert_eq!(
        number(&cost.missing) + number(&cost.rebound),
        causes.iter().sum::<u128>()
    );
    // What is below the policy's minimum is asked of nobody: here one shortfall.
    let borne = number(&cost.insured) + number(&report.shortfalls.asked);
    assert_eq!(report.shortfalls.unanswered, 1);
    let small = number(&cost.missing) - borne;
    assert!(small > 0 && small < 100_000_000, "{small}");
    assert_eq!(cost.liquidations, report.exchange.liquidated);
    assert!(
        causes.iter().all(|part| *part > 0) && cost.congested > 0,
        "{cost:?}"
    );
    for part in [&cost.slippage, &cost.fees, &cost.unwinding, &cost.insured] {
        assert!(number(part) > 0);
    }
}

#[test]
fn nobody_leaves_ahead_of_a_loss_within_the_unbonding_period_and_who_comes_after_it_bears_none() {
    let report = luna();
    let of = |who: &str| {
        report
            .reference_stakers
            .iter()
            .find(|staker| staker.who == who)
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
        replay(&args(&path)).unwrap().liquidation_cost
    };
    let (none, much) = (congested(0), congested(9_900));
    assert_eq!(none.congested, 0);
    assert!(much.congested > 0 && much.longest_wait > none.longest_wait);
    assert!(number(&much.keepers) > number(&none.keepers));
}

/// Replays into a folder and returns the page.
fn page(scenario: &Path, change: impl FnOnce(&mut backstop_cli::args::ReplayArgs)) -> (String, Report) {
    let folder = tempfile::tempdir().unwrap();
    let mut args = args(scenario);
    args.out = Some(folder.path().to_path_buf());
    change(&mut args);
    let report = replay(&args).unwrap();
    let page = read_page(&folder.path().join("report.html"));
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
    // Eight drawings of each run and two of both, each for two widths.
    assert_eq!(page.matches("<svg ").count(), 2 * (8 + 8 + 2));
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
        ("60000000000".into(), "20000000000".into())
    );
    assert!(page.contains("in the other"));
    // What is proposed comes first, and what it changes before everything else.
    let compared = page.split("id=\"compared\"").nth(1).unwrap();
    let title = "Side by side: with smaller.toml and with the scenario&#39;s parameters";
    assert!(
        compared.replace('\'', "&#39;").contains(title),
        "{}",
        &compared[..400]
    );
    let changed = "policy.limit: 20,000.00 USD with smaller.toml, 60,000.00 USD with the scenario";
    assert!(compared.find(changed).unwrap() < compared.find("<table").unwrap());
    assert!(compared.contains("less for claims than with the scenario"));
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

/// Black Thursday without its expectations, changed.
fn thursday(changes: &[(&str, &str)]) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let whole = fs::read_to_string(shipped("black-thursday-2020-03.toml")).unwrap();
    let text = whole.split("[expect.on]").next().unwrap().to_string();
    let text = changes.iter().fold(text, |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    });
    replay(&args(&write(&folder, &text))).unwrap()
}

#[test]
fn who_was_below_zero_is_told_also_where_the_insurance_fund_had_enough() {
    let whole = shared("ftt-2022-11.toml", false);
    let report = Report::from(&whole);
    assert!(report.liquidation_cost.below_zero > 0 && report.exchange.underwater == 0);
    let story = backstop_cli::report::words::story(&whole.record).join(" ");
    let told = format!(
        "{} of these closed below zero, 0 by more",
        report.liquidation_cost.below_zero
    );
    assert!(story.contains(&told), "{story}");
}

#[test]
fn an_early_leaver_bears_no_loss_that_is_booked_after_it_has_withdrawn() {
    let report = thursday(&[("[vault]\n", "[vault]\nunbonding_period = 3_600\n")]);
    let early = report
        .reference_stakers
        .iter()
        .find(|staker| staker.who == "early leaver")
        .unwrap();
    assert_eq!(early.left.as_deref(), Some("2020-03-12T10:38:00Z"));
    let borne = report
        .vault
        .losses
        .iter()
        .filter(|loss| loss.time.as_str() < "2020-03-12T11:38:00Z");
    let kept: f64 = borne.map(|loss| 1.0 - loss.of_assets_ppm as f64 / 1e6).product();
    let got = number(&early.withdrew) as f64 / number(&early.put_in) as f64;
    assert!((got - kept).abs() < 1e-4, "{got} {kept}");
    assert!(got > report.vault.price_end.parse::<f64>().unwrap() + 0.01);
}

#[test]
fn a_late_depositor_never_comes_before_the_first_loss() {
    let report = thursday(&[
        (
            "end = 2020-03-13T12:00:00Z\nblock",
            "end = 2020-03-12T14:00:00Z\nblock",
        ),
        ("arrive_within = 43_200", "arrive_within = 14_400"),
    ]);
    let late = report
        .reference_stakers
        .iter()
        .find(|staker| staker.who == "late depositor")
        .unwrap();
    assert!(late.came.as_ref().unwrap() >= &report.vault.losses[0].time);
    let quiet = Report::from(&shared("btc-flash-2021-09.toml", false));
    assert!(
        quiet
            .reference_stakers
            .iter()
            .any(|staker| staker.came.is_none() && staker.put_in == "0")
    );
}

#[test]
fn what_a_silence_of_all_sources_adds_is_not_the_prices() {
    // After a silence the breaker lets keepers work at once, so a block in which
    // they would be late, and the price falls on, would be theirs.
    let prompt = [
        (
            "latency = 20\ndepth = 2",
            "latency = 0\ndepth = 200\ncongested_share_bps = 0",
        ),
        (
            "end = 2020-03-13T12:00:00Z\nblock",
            "end = 2020-03-12T18:00:00Z\nblock",
        ),
    ];
    assert_eq!(
        thursday(&prompt).liquidation_cost.missing,
        "0",
        "the same prices, heard, cost nothing"
    );
    let silence = "silent = [{ from = 2020-03-12T10:40:00Z, until = 2020-03-12T11:00:00Z }]\nlineage = \"";
    let whole = fs::read_to_string(shipped("black-thursday-2020-03.toml")).unwrap();
    let mut text = String::new();
    let mut inside = false;
    for line in whole.split("[expect.on]").next().unwrap().lines() {
        // Their own silences make room for the one of all.
        let begins = line.starts_with("silent = [");
        if !begins && !inside {
            text += line;
            text.push('\n');
        }
        inside = (begins || inside) && !line.ends_with(']');
    }
    let text = prompt
        .iter()
        .fold(text, |text, (from, to)| text.replace(from, to));
    let folder = tempfile::tempdir().unwrap();
    let path = write(&folder, &text.replace("lineage = \"", silence));
    let cost = replay(&args(&path)).unwrap().liquidation_cost;
    assert_eq!(cost.price, "0", "{cost:?}");
    assert!(number(&cost.trips) > 0 && cost.missing == cost.trips, "{cost:?}");
}

#[test]
fn what_still_waits_counts_where_two_runs_are_set_side_by_side() {
    let folder = tempfile::tempdir().unwrap();
    let whole = fs::read_to_string(shipped("black-thursday-2020-03.toml")).unwrap();
    let text = whole.split("[expect.on]").next().unwrap();
    // Nothing at once, and the delay is longer than the replay.
    let late: String = text
        .lines()
        .map(|line| match line.split_once(" = ") {
            Some(("instant", _)) => "instant = 0\n".to_string(),
            Some(("delay", _)) => "delay = 864_000\n".to_string(),
            _ => format!("{line}\n"),
        })
        .collect();
    let changes = folder.path().join("tenth.toml");
    fs::write(&changes, "[policy]\nlimit = 10_000_000_000\n").unwrap();
    let mut args = args(&write(&folder, &late));
    args.against = Some(changes);
    let both = crate::common::whole(&args).unwrap();
    let report = Report::from(&both);
    let against = report.against.as_deref().unwrap();
    assert!(report.vault.paid == "0" && against.vault.paid == "0");
    assert!(number(&report.vault.waiting) > number(&against.vault.waiting));
    // Nobody has borne for good what waits.
    for run in [&report, against] {
        crate::common::adds_up(run);
        assert!(number(&run.bearers.open_waiting) > 0 && run.bearers.pool == "0");
    }
    let words =
        backstop_cli::report::compare::differences(&both.record, &both.other().unwrap().record).join(" ");
    assert!(
        words.contains("more for claims than with tenth.toml") && words.contains("still wait"),
        "{words}"
    );
}

#[test]
fn what_is_wrong_in_a_file_of_parameters_is_told_of_that_file() {
    let folder = tempfile::tempdir().unwrap();
    for wrong in ["[breaker]\nmax_agee = 1\n", "[perps]\nadl_cap = 0\n"] {
        let changes = folder.path().join("changes.toml");
        fs::write(&changes, wrong).unwrap();
        let mut args = args(&write(&folder, SMALL));
        args.against = Some(changes);
        let refused = replay(&args).unwrap_err().to_string();
        assert!(
            refused.contains("changes.toml") && !refused.contains("scenario.toml"),
            "{refused}"
        );
    }
}

#[test]
fn the_command_is_quoted_as_a_shell_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a b.toml");
    fs::write(&path, SMALL).unwrap();
    let command = replay(&args(&path)).unwrap().command;
    assert!(command.contains("/a b.toml' --seed 1"), "{command}");
}

#[test]
fn who_bore_it_is_the_first_table_of_page_and_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let mut args = args(&shipped("luna-2022-05.toml"));
    args.out = Some(folder.path().to_path_buf());
    args.quiet = false;
    let mut terminal = vec![];
    backstop_cli::command::replay::replay(&args, &mut terminal).unwrap();
    let terminal = String::from_utf8(terminal).unwrap();
    let page = read_page(&folder.path().join("report.html"));
    let first = page.find("<table").unwrap();
    let title = page.find("<h2>Who bore it in the end</h2>").unwrap();
    assert!(title < first && !page[..title].contains("<h2>"));
    let who = [
        "what was missing",
        "insurance fund",
        "pool",
        "winners",
        "liquidity providers",
        "still open",
    ];
    let (told, drawn) = (
        terminal.find("Who bore it in the end").unwrap(),
        terminal.find("How it went").unwrap(),
    );
    for name in who {
        assert!(
            terminal[told..drawn].contains(name) && page[title..].contains(name),
            "{name}"
        );
    }
    // The policy's limit bound, and the pool's fraction did not.
    assert!(
        terminal[told..drawn].contains("pool's fraction") && terminal[told..drawn].contains("never bound")
    );
}

#[test]
fn a_hole_that_has_closed_by_the_end_is_told_with_its_worst_block() {
    let mut args = args(&shipped("usdc-2023-03.toml"));
    args.compare = true;
    let whole = whole(&args).unwrap();
    let off = whole.other().unwrap();
    assert!(off.record.exchange.underwater_at_market.is_zero());
    let worst = off.record.exchange.worst_hole.unwrap();
    assert!(worst.amount.u128() > 60_000_000_000, "{worst:?}");
    let beside = backstop_cli::report::bearers::beside(&off.record).join(" ");
    assert!(beside.contains("at the end nothing"), "{beside}");
}

#[test]
fn what_a_rebound_gave_back_is_its_own_line_and_no_part_is_negative() {
    let mut args = args(&shipped("eth-2021-05-19.toml"));
    args.compare = true;
    let report = replay(&args).unwrap();
    let off = report.off.as_deref().unwrap();
    for run in [&report, off] {
        let cost = &run.liquidation_cost;
        let parts = [
            &cost.price,
            &cost.trips,
            &cost.keepers,
            &cost.rebound,
            &cost.missing,
        ];
        assert!(parts.iter().all(|part| !part.starts_with('-')), "{cost:?}");
    }
}

#[test]
fn liquidity_providers_have_a_result() {
    let report = luna();
    let providers = &report.liquidity_providers;
    // Five with 1,000,000 each.
    assert_eq!(
        (providers.put_in.as_str(), providers.took_out.as_str()),
        ("5000000000000", "0")
    );
    let result: i128 = providers.result.parse().unwrap();
    assert_eq!(
        result,
        number(&providers.worth) as i128 - number(&providers.put_in) as i128
    );
    assert_ne!(result, 0);
}

/// The rows of a comparison of two runs of a scenario, the proposed one first.
fn rows_against(scenario: &Path, changes: &str) -> (Vec<compare::Row>, Report) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("proposal.toml");
    fs::write(&file, changes).unwrap();
    let mut args = args(scenario);
    args.against = Some(file);
    let whole = whole(&args).unwrap();
    let (first, second) = compare::ordered(&whole.record, &whole.other().unwrap().record);
    (compare::rows(first, second), Report::from(&whole))
}

fn row<'a>(rows: &'a [compare::Row], name: &str) -> &'a compare::Row {
    rows.iter().find(|row| row.name.trim() == name).unwrap()
}

#[test]
fn what_a_raised_limit_buys_the_winners_is_in_a_row_with_its_difference() {
    let folder = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(shipped("black-thursday-2020-03.toml")).unwrap();
    let text = text.split("[expect.on]").next().unwrap();
    // Winners make good what a small limit leaves, and have it back where it is larger.
    let tight: String = text
        .lines()
        .map(|line| match line.split_once(" = ") {
            Some(("limit", _)) => "limit = 20_000_000_000\n".to_string(),
            Some(("instant", _)) => "instant = 1_000_000_000\n".to_string(),
            _ => format!("{line}\n"),
        })
        .collect();
    let (rows, report) = rows_against(&write(&folder, &tight), "[policy]\nlimit = 40_000_000_000\n");
    let proposed = report.against.as_deref().unwrap();
    let back = |run: &Report| number(&run.adl.compensated) as i128;
    let more = back(proposed) - back(&report);
    assert!(more > 0, "{more}");
    let row = row(&rows, "came back to winners");
    let shown = |amount: i128| backstop_cli::report::words::signed_money(amount, 6);
    assert_eq!(
        (row.first.clone(), row.second.clone()),
        (shown(back(proposed)), shown(back(&report)))
    );
    assert_eq!(row.difference, format!("+{}", shown(more)));
}

#[test]
fn a_comparison_has_rows_for_unseen_holes_and_for_the_time_in_which_liquidation_was_denied() {
    let mut args = args(&shipped("luna-2022-05.toml"));
    args.compare = true;
    let whole = whole(&args).unwrap();
    let (first, second) = compare::ordered(&whole.record, &whole.other().unwrap().record);
    assert!(first.breaker.enabled && !second.breaker.enabled);
    let rows = compare::rows(first, second);
    let hole = row(&rows, "worst hole, not closed");
    let worst = second.exchange.worst_hole.unwrap().amount;
    assert_eq!(hole.second, backstop_cli::report::words::money(worst, 6));
    assert!(hole.difference.starts_with('−'));
    let denied = row(&rows, "liquidation was denied");
    assert!(first.breaker.denied > second.breaker.denied && denied.difference.starts_with('+'));
    // Nothing is said of what is the same.
    let same = rows.iter().filter(|row| row.first == row.second);
    assert!(same.clone().count() > 0 && same.into_iter().all(|row| row.difference.is_empty()));
    let changes = compare::changes(first, second);
    assert_eq!(changes.len(), 1);
    assert!(changes[0].starts_with("without a breaker the first source is taken as it comes"));
}
