//! An inferred scenario as a person reads it: every number with its reason.

use backstop_replay::scenario::values::Moment;

use super::figures::leverage;
use super::inferred::{Inferred, Source};

/// The scenario's text.
pub fn write(inferred: &Inferred) -> String {
    let sources: String = match inferred.sources.as_slice() {
        [only] => alone(only),
        several => several.iter().enumerate().map(|(i, s)| source(s, i)).collect(),
    };
    let (head, time, market) = (head(inferred), time(inferred), market(inferred));
    [
        head,
        time,
        market,
        sources,
        people(inferred),
        POOL.into(),
        breaker(inferred),
        EXPECT.into(),
    ]
    .concat()
}

/// `text` as TOML writes it.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

fn head(inferred: &Inferred) -> String {
    format!(
        "# Inferred from price files by `backstop scenario new`. Each number below has its reason;\n\
         # change what you know better. README.md of backstop-cli has every key.\n\n\
         name = {}\n\
         title = {}\n\
         # What the random draws start from.\n\
         seed = 1\n",
        quoted(&inferred.name),
        quoted(&inferred.title)
    )
}

fn time(inferred: &Inferred) -> String {
    let span = &inferred.span;
    let block = match span.step {
        step if step == span.block => format!("As long as a step of the data, {step} s"),
        step => {
            format!("A step of the data is {step} s; a block has 10 s to an hour, and a replay a million")
        }
    };
    let (fall, at) = inferred.fall;
    format!(
        "\n[time]\n\
         # What the files have in common. The price falls by {:.1} % from a high, at the deepest, until\n\
         # {}: move the start towards that for a shorter replay.\n\
         start = {}\n\
         end = {}\n\
         # {block}: {} blocks.\n\
         block = {}\n",
        fall * 100.0,
        Moment(at),
        Moment(span.start),
        Moment(span.end),
        span.blocks(),
        span.block
    )
}

fn market(inferred: &Inferred) -> String {
    let facts = inferred.sources.iter().map(|source| source.file.facts());
    let prices = facts.fold(None, |range, facts| {
        let (low, high) = range.unwrap_or((facts.lowest, facts.highest));
        Some((facts.lowest.min(low), facts.highest.max(high)))
    });
    let prices = prices.map_or(String::new(), |(low, high)| format!("{low} to {high}"));
    format!(
        "\n[market]\n\
         # {}\n\
         name = {}\n\
         # The quote in its smallest unit; amounts below are in it.\n\
         asset = {}\n\
         # Six decimals, as such tokens have on most chains. Prices are {prices}, and are read exactly;\n\
         # only summaries use this.\n\
         decimals = 6\n",
        sentence(&inferred.market_why),
        quoted(&inferred.market),
        quoted(&inferred.asset)
    )
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(letters).chain(".".chars()).collect()
}

/// What was found out about a file.
fn about(source: &Source) -> String {
    let (file, facts) = (&source.file, source.file.facts());
    let kind = if file.bars() { "bars" } else { "prices" };
    let step = facts.step_seconds().unwrap_or(0);
    let mut lines = vec![format!(
        "{} {kind}, mostly {step} s apart; time from {:?}, price from {:?}.",
        facts.rows,
        file.time_column(),
        file.price_column()
    )];
    if file.bars() {
        lines.push("A bar's close is known when the bar ends.".to_string());
    }
    if file.days() {
        lines.push("The price of a date is known when the day ends.".to_string());
    }
    let (silence, since) = (facts.silence.0 / 1_000_000_000, facts.silence.1 / 1_000_000_000);
    if silence > 2 * step {
        lines.push(format!(
            "The longest silence is {silence} s, after {}.",
            Moment(since)
        ));
    }
    if facts.empty > 0 {
        lines.push(format!(
            "{} rows have no price; nothing is filled in.",
            facts.empty
        ));
    }
    if file.dates_in_digits() {
        lines.push(
            "Its times are dates in digits, such as 2022051210, not seconds since the epoch.".to_string(),
        );
    }
    if facts.without_zone > 0 {
        lines.push("Its times name no zone: UTC is taken.".to_string());
    }
    if !file.in_order() {
        lines.push("Its rows are not oldest first; they were sorted.".to_string());
    }
    lines.iter().map(|line| format!("# {line}\n")).collect()
}

/// A file as a source. The first speaks Pyth's interface and the rest report,
/// so that a replay has both.
fn source(source: &Source, index: usize) -> String {
    let kind = if index == 0 { "pyth" } else { "reporter" };
    let first = if index == 0 {
        "# The first source is what the exchange takes raw without a breaker.\n"
    } else {
        ""
    };
    format!(
        "\n{}{first}[[source]]\n\
         name = {}\n\
         kind = \"{kind}\"\n\
         # A source that takes its data from another belongs to the other's lineage.\n\
         lineage = {}\n\
         csv = {}\n\
         {}# A tenth of a percent, as liquid feeds publish.\n\
         confidence_bps = 10\n",
        about(source),
        quoted(&source.name),
        quoted(&source.name),
        quoted(&source.csv),
        read_so(source)
    )
}

/// How the file is read where it does not say so itself.
fn read_so(source: &Source) -> String {
    let wanted = &source.wanted;
    let texts = [
        ("column", &wanted.price),
        ("time_column", &wanted.time),
        ("symbol", &wanted.symbol),
    ];
    let texts = texts
        .iter()
        .filter_map(|(key, value)| Some((key, value.as_ref()?)));
    let mut lines: String = texts
        .map(|(key, value)| format!("{key} = {}\n", quoted(value)))
        .collect();
    if let Some(decimals) = wanted.decimals {
        lines += &format!("# So many of a whole answer's last digits are decimals.\ndecimals = {decimals}\n");
    }
    lines
}

/// The only file, and two sources that follow it.
fn alone(only: &Source) -> String {
    let mut text = source(only, 0);
    for (n, lag) in [(1, 0), (2, 10)] {
        let name = quoted(&format!("{}-echo-{n}", only.name));
        text += &format!(
            "\n# NOT DATA: the breaker needs two lineages and there is one file, so this source follows it\n\
             # with a little noise. It can never disagree with it; give a second file to see that.\n\
             [[source]]\n\
             name = {name}\n\
             kind = \"reporter\"\n\
             lineage = {name}\n\
             points_of = {}\n\
             noise_bps = 5\n\
             lag = {lag}\n",
            quoted(&only.name)
        );
    }
    text
}

fn people(inferred: &Inferred) -> String {
    let span = &inferred.span;
    let (fall, _) = inferred.fall;
    format!(
        "\n[traders]\n\
         # Enough for a cascade; a long replay has fewer.\n\
         count = {}\n\
         # In a crash most are long.\n\
         long_share_bps = 7_000\n\
         # Half are below a thousand, few are large.\n\
         margin = {{ kind = \"lognormal\", median = 1_000_000_000, sigma = 1.0, min = 50_000_000, max = 50_000_000_000 }}\n\
         # Calm markets are traded at more: by the deepest fall, {:.1} %. The exchange admits 4,\n\
         # by its initial margin of 25 %: what is more is cut.\n\
         leverage = {{ kind = \"lognormal\", median = {}, sigma = 0.5, min = 1, max = 9 }}\n\
         # In the first half of the run.\n\
         arrive_within = {}\n\
         # Three times in the run, within 0.1 and 24.\n\
         closes_per_day = {:?}\n\
         # Most come back, after a fiftieth of the run.\n\
         return_share_bps = 8_000\n\
         return_after = {}\n{OTHERS}",
        span.traders(),
        fall * 100.0,
        leverage(fall),
        span.seconds() / 2,
        span.closes_per_day(),
        span.return_after()
    )
}

const OTHERS: &str = r#"
[keepers]
# Blocks from liquidatable to tried, and how many a block.
latency = 1
depth = 20

[lps]
# 2.5 million in all: some fifteen times the traders' margins at one time.
count = 5
deposit = { kind = "fixed", value = 500_000_000_000 }

[stakers]
# Some 600,000 in all.
count = 30
deposit = { kind = "lognormal", median = 15_000_000_000, sigma = 0.8, min = 500_000_000, max = 200_000_000_000 }
"#;

const POOL: &str = r#"
[vault]
# Seven days, three weeks, and three tenths of the assets: what a careful DAO would begin with.
window = 604_800
unbonding_period = 1_814_400
pool_fraction = "0.3"

[policy]
# A quarter of the pool in a window; small losses are the exchange's own.
limit = 150_000_000_000
deductible = 5_000_000_000
# A third of the limit at once, the rest after six hours.
instant = 50_000_000_000
minimum = 10_000_000
delay = 21_600

[perps]
# The size that slips by a percent: somewhat less than the liquidity.
depth = 2_000_000_000_000
"#;

const EXPECT: &str = r#"
# What should happen is for you to say; the program then ends with 1 if it does not.
# [expect.on]
# tripped = false
# pool_paid_max = 0
"#;

fn breaker(inferred: &Inferred) -> String {
    format!(
        "\n[breaker]\n\
         # As old as 99 of 100 prices of the slowest file get, and a step more, from two minutes to a day: so\n\
         # what is usual for it is no fault, and a silence is.\n\
         max_age = {}\n",
        inferred.span.max_age
    )
}
