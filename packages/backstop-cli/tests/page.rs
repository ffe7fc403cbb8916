//! The report as people read it: findings in words, whole units, where the prices come
//! from, and a headline whose colour is the outcome's.

use std::fs;
use std::path::Path;

use crate::common::{SMALL, args, backstop, blocks, read_page, said, shared, too_long, whole, write};
use backstop_cli::command::replay_seeds;
use backstop_cli::report::json::Json;
use backstop_cli::report::{Report, evidence, terminal, words, write as write_report};
use backstop_cli::seeds;
use backstop_terminal::Paint;

fn page(report: &Report) -> String {
    let folder = tempfile::tempdir().unwrap();
    write_report(folder.path(), report).unwrap();
    read_page(&folder.path().join("report.html"))
}

/// The class of the headline.
fn tone(page: &str) -> &str {
    let (_, rest) = page.split_once("<p class=\"verdict ").unwrap();
    rest.split('"').next().unwrap()
}

#[test]
fn a_finding_names_its_source_its_measure_and_its_bound_and_the_raw_values_fold_out() {
    let report = shared("btc-flash-2021-09.toml", false);
    let changes = &report.record.breaker.transitions;
    let guarded = evidence::lines(&changes[0]);
    // A confidence of four times its price.
    assert_eq!(
        guarded,
        ["pyth: 400 % of its price uncertain; bound 2 %"],
        "{changes:?}"
    );
    let page = page(&report);
    let (_, section) = page.split_once("id=\"transitions\"").unwrap();
    let (section, _) = section.split_once("</section>").unwrap();
    assert!(section.contains("<li>pyth: 400 % of its price uncertain; bound 2 %</li>"));
    // What the event says stands in what folds out, and nowhere else.
    let shown: String = section
        .split("<details>")
        .map(|part| part.rsplit("</details>").next().unwrap())
        .collect();
    assert!(
        section.contains("uncertain 40000&gt;200") && !shown.contains("uncertain 40000"),
        "{section}"
    );
    assert!(section.contains("pyth: 5401.96 ± 21607.9"), "{section}");
}

#[test]
fn a_claim_that_was_held_and_paid_says_so_and_the_page_says_why_more_than_a_limit_may_be_paid() {
    let report = shared("luna-2022-05.toml", false);
    let told: Vec<String> = report.record.vault.losses.iter().map(words::why).collect();
    let held = told.iter().filter(|why| why.contains("held, then paid"));
    assert!(held.clone().count() > 0, "{told:?}");
    assert!(told.iter().any(|why| why.contains("paid at once")), "{told:?}");
    let page = page(&report);
    assert!(page.contains("held, then paid (breaker denied)"));
    assert!(page.contains("frees itself evenly over one window, here 7 d."));
    assert!(page.contains("more may be granted than the limit, up to twice as much"));
    // The trip by a drift, with its measure and its bound.
    let drift = report.record.breaker.transitions.iter().flat_map(evidence::lines);
    let drift: Vec<String> = drift.filter(|line| line.starts_with("market: ")).collect();
    let named = drift
        .iter()
        .any(|line| line.starts_with("market: drifted by ") && line.contains("; bound "));
    assert!(named, "{drift:?}");
}

#[test]
fn the_headline_is_green_only_where_nobody_lost_anything_and_all_was_tested() {
    let flash = shared("btc-flash-2021-09.toml", true);
    let flash = page(&flash);
    assert_eq!(tone(&flash), "good");
    // Without the breaker the pool paid, within its limits.
    let (_, other) = flash.split_once("id=\"other-run\"").unwrap();
    assert_eq!(tone(other), "warn");
    let folder = tempfile::tempdir().unwrap();
    let of = |text: &str| page(&whole(&args(&write(&folder, text))).unwrap());
    // What the limit does not cover.
    let deep = SMALL.replace("price = \"7\"", "price = \"3\"").replace(
        "[traders]",
        "[keepers]\nlatency = 15\ndepth = 1\n[policy]\nlimit = 1_000_000\ninstant = 0\ndeductible = 0\nminimum = 1\n[traders]",
    );
    assert_eq!(tone(&of(&deep)), "bad");
    assert_eq!(tone(&of(&SMALL.replace("count = 20", "count = 0"))), "bad");
    let missed = format!("{SMALL}[expect.on]\nshortfalls_min = 1000\n");
    assert_eq!(tone(&of(&missed)), "bad");
}

#[test]
fn each_source_says_whether_its_prices_are_published_reconstructed_or_data() {
    let luna = page(&shared("luna-2022-05.toml", false));
    for said in [
        "No price is a row of a data set: 5 of 27 written prices are published and the others reconstructed.",
        "5 of its 27 points are published, the others reconstructed. In between the price moves by equal ratios, with random noise of 0.4 %. It publishes nothing below its floor of 0.107.",
        "No data of its own: it follows feed, with random noise of 0.15 %. It reaches the chain 20 s later.",
        "<code>https://cryptonews.com.au/news/defi-protocols-report-significant-losses-amid-luna-price-exploit-94780/</code>",
    ] {
        assert!(luna.contains(said), "{said}");
    }
    let folder = tempfile::tempdir().unwrap();
    let rows: String = (0..=180)
        .map(|n| format!("{},{}\n", 1_767_222_000 + 60 * n, 10.0 - 0.01 * f64::from(n)))
        .collect();
    fs::write(folder.path().join("venue.csv"), format!("time,price\n{rows}")).unwrap();
    write(
        &folder,
        &SMALL.replace("seed = 1", "seed = 1\nreferences = [\"https://example.org/\"]"),
    );
    let ended = backstop(
        &folder,
        &[
            "replay",
            "scenario.toml",
            "--prices",
            "a=venue.csv",
            "--prices",
            "b=venue.csv",
            "--out",
            "out",
        ],
    );
    assert!(ended.status.code() != Some(2), "{}", said(&ended.stderr));
    let data = read_page(&folder.path().join("out/report.html"));
    // Two hours, and of the hour before the first block the last row.
    assert!(
        data.contains("Data: 122 rows of venue.csv."),
        "{}",
        data.split("id=\"prices\"")
            .nth(1)
            .unwrap()
            .split("</section>")
            .next()
            .unwrap()
    );
    assert!(
        !data.contains("example.org"),
        "no price of the scenario's is left"
    );
}

#[test]
fn a_reference_that_is_no_address_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (wrong, told) in [
        ("references = [\"example.org\"]", "references[0]"),
        ("references = [\"https://a b\"]", "without spaces"),
        ("references = [\"\"]", "references[0]"),
    ] {
        let text = SMALL.replace("seed = 1", &format!("seed = 1\n{wrong}"));
        let refused = whole(&args(&write(&folder, &text))).unwrap_err().to_string();
        assert!(refused.contains(told), "{refused}");
    }
    let many = format!(
        "seed = 1\nreferences = [{}]",
        "\"https://example.org/\", ".repeat(33)
    );
    let refused = whole(&args(&write(&folder, &SMALL.replace("seed = 1", &many)))).unwrap_err();
    assert!(refused.to_string().contains("32"), "{refused}");
}

#[test]
fn people_read_whole_units_percent_and_days_and_programs_base_units() {
    let folder = tempfile::tempdir().unwrap();
    write(
        &folder,
        &format!("{SMALL}[expect.on]\npool_paid_min = 30_000_000_000\n"),
    );
    let ended = backstop(&folder, &["replay", "scenario.toml", "--out", "out"]);
    let stderr = said(&ended.stderr);
    assert!(
        stderr.contains("the pool pays: at least 30,000.00 USD (found: "),
        "{stderr}"
    );
    let json = fs::read_to_string(folder.path().join("out/report.json")).unwrap();
    assert!(json.contains("\"the pool pays: at least 30000000000\""));
    let page = read_page(&folder.path().join("out/report.html"));
    for said in [
        "30,000.00 USD",
        "7 d</td>",
        " % of the assets a window</td>",
        "2.5 %</td>",
        "100,000.00 USD</td>",
        "121 blocks of 1 min",
    ] {
        assert!(page.contains(said), "{said}");
    }
    for raw in ["30000000000", "100000000000", "604800", "bps"] {
        assert!(!page.contains(raw), "{raw}");
    }
    assert!(said(&ended.stdout).contains("121 blocks of 1 min"));
}

#[test]
fn what_shows_nothing_is_left_out_and_every_link_leads_somewhere() {
    let report = shared("btc-flash-2021-09.toml", false);
    let folder = tempfile::tempdir().unwrap();
    let plots = folder.path().join("plots");
    fs::create_dir(&plots).unwrap();
    // An earlier report's.
    fs::write(plots.join("adl.svg"), "old").unwrap();
    write_report(folder.path(), &report).unwrap();
    assert!(plots.join("price.svg").is_file() && !plots.join("adl.svg").exists());
    let page = page(&report);
    for (id, title) in [
        ("adl", "Auto-deleveraging"),
        ("shortfalls", "Shortfalls"),
        ("hole", "Open positions below zero"),
    ] {
        assert!(!page.contains(&format!("<figure id=\"{id}\"")), "{id}");
        let (_, not_drawn) = page
            .split_once("Not drawn, since there is nothing to see: ")
            .unwrap();
        assert!(not_drawn.split('.').next().unwrap().contains(title), "{title}");
    }
    assert!(page.contains("<figure id=\"price\""));
    // A table without rows is a sentence.
    for (id, sentence) in [
        ("answers", "No shortfall reached the pool."),
        ("losses", "No claim was granted."),
    ] {
        let (_, section) = page.split_once(&format!("<section id=\"{id}\">")).unwrap();
        let section = section.split("</section>").next().unwrap();
        assert!(
            section.contains(sentence) && !section.contains("<table"),
            "{section}"
        );
    }
    let links: Vec<&str> = page
        .split("href=\"#")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert!(links.len() > 10);
    for link in links {
        assert!(page.contains(&format!("id=\"{link}\"")), "{link}");
    }
}

#[test]
fn trips_and_shortfalls_are_marked_on_the_price_and_told_with_its_values() {
    let report = shared("luna-2022-05.toml", false);
    let page = page(&report);
    let (_, data) = page.split_once("id=\"data\">").unwrap();
    let data: serde_json::Value = serde_json::from_str(data.split("</script>").next().unwrap()).unwrap();
    let price = data
        .as_array()
        .unwrap()
        .iter()
        .find(|figure| figure["id"] == "price")
        .unwrap();
    let count = |name: &str| {
        let marks = price["marks"].as_array().unwrap().iter();
        marks
            .filter(|marks| marks[0] == name)
            .map(|marks| marks[1].as_array().unwrap().len())
            .sum::<usize>() as u64
    };
    assert_eq!(count("shortfall"), report.record.shortfalls.count());
    assert!(count("trip") >= report.record.breaker.trips && count("trip") > 0);
    let figure = page
        .split("<figure id=\"price\">")
        .nth(1)
        .unwrap()
        .split("</figure>")
        .next()
        .unwrap();
    assert!(figure.contains("trip") && figure.contains("shortfall") && figure.contains("<polygon"));
}

#[test]
fn seeds_under_which_an_invariant_failed_say_so_before_anything_else() {
    let folder = tempfile::tempdir().unwrap();
    let small = args(&write(&folder, SMALL));
    let mut outcome = replay_seeds::replay(&small, "1..2".parse().unwrap(), &mut std::io::sink()).unwrap();
    let head = |outcome: &seeds::Outcome| {
        seeds::write(folder.path(), outcome).unwrap();
        let page = read_page(&folder.path().join("seeds.html"));
        assert!(page.contains("id=\"words\"") && page.contains("<nav id=\"contents\""));
        let long: Vec<String> = blocks(&page).iter().flat_map(|block| too_long(block)).collect();
        assert!(long.is_empty(), "{long:#?}");
        page.split("</header>").next().unwrap().to_string()
    };
    let told = "Something that must always hold did not";
    assert!(!head(&outcome).contains(told));
    outcome.settings[0].draws[0].broken = 3;
    let header = head(&outcome);
    let first = header
        .split("</p>")
        .find(|part| part.contains("<p class=\"verdict"))
        .unwrap();
    assert!(first.contains(told) && first.contains("3 failures"), "{header}");
    assert!(header.find(told) < header.find("2 seeds, 1 to 2"));
    assert!(seeds::text(&outcome, Paint::plain()).starts_with(told));
}

#[test]
fn no_sentence_of_a_small_report_or_of_its_terminal_is_too_long() {
    let folder = tempfile::tempdir().unwrap();
    let report = whole(&args(&write(&folder, SMALL))).unwrap();
    let long: Vec<String> = blocks(&page(&report))
        .iter()
        .flat_map(|block| too_long(block))
        .collect();
    assert!(long.is_empty(), "{long:#?}");
    let terminal = terminal::summary(&report, Paint::plain());
    let long: Vec<String> = terminal.lines().flat_map(too_long).collect();
    assert!(long.is_empty(), "{long:#?}");
    assert_eq!(Json::from(&report).notes.len(), report.notes.len());
}

/// Paragraphs, items and cells of Markdown, and comments of a scenario.
fn prose(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap();
    let toml = path.extension().is_some_and(|extension| extension == "toml");
    let (mut blocks, mut fenced) = (vec![String::new()], false);
    for line in text.lines() {
        let line = match toml {
            true => line.strip_prefix('#').unwrap_or("").trim(),
            false => line.trim(),
        };
        fenced ^= line.starts_with("```");
        let line = line.strip_prefix("- ").map_or(line, |item| {
            blocks.push(String::new());
            item
        });
        let item =
            line.starts_with('#') || line.starts_with(|c: char| c.is_ascii_digit()) && line.contains(". ");
        if fenced || line.is_empty() || line.starts_with("http") {
            blocks.push(String::new());
        } else if line.starts_with('|') {
            blocks.extend(line.split('|').map(ToString::to_string));
            blocks.push(String::new());
        } else {
            if item {
                blocks.push(String::new());
            }
            let last = blocks.last_mut().unwrap();
            last.push(' ');
            last.push_str(line);
        }
    }
    blocks
}

#[test]
fn no_sentence_of_the_readmes_and_the_scenarios_is_too_long_and_nothing_is_due() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = vec![
        here.join("README.md"),
        here.join("../backstop-replay/README.md"),
        here.join("../backstop-prices/README.md"),
    ];
    files.extend(
        fs::read_dir(here.join("scenarios"))
            .unwrap()
            .map(|entry| entry.unwrap().path()),
    );
    assert!(files.len() == 10, "{files:?}");
    for file in files {
        let blocks = prose(&file);
        let long: Vec<String> = blocks.iter().flat_map(|block| too_long(block)).collect();
        assert!(long.is_empty(), "{}: {long:#?}", file.display());
        let due = |block: &&String| {
            block
                .split(|c: char| !c.is_alphabetic())
                .any(|word| word == "due")
        };
        assert_eq!(blocks.iter().find(due), None, "{}", file.display());
    }
}
