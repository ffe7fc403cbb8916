//! The tables on the page. Amounts are whole units of the asset.

use backstop_replay::record::{Answered, Record};
use backstop_types::breaker::Faults;
use backstop_types::{Assets, Named};
use cosmwasm_std::Timestamp;
use maud::{Markup, html};

use crate::report::words::{self, asset_name, grouped_digits, money};
use crate::report::{Report, bearers as borne, parameters as listed, yields as earned};

/// Answers listed at most, the largest.
const LISTED: usize = 40;

/// What a column holds.
#[derive(Clone, Copy)]
enum Kind {
    /// A word or a moment, in one line.
    Short,
    /// A number, to the right.
    Number,
    /// Text, in several lines where it must.
    Long,
}

use Kind::{Long, Number, Short};

impl Kind {
    fn class(self) -> &'static str {
        match self {
            Short => "s",
            Number => "n",
            Long => "l",
        }
    }
}

/// A table that scrolls by itself where the screen is narrow.
fn table(title: &str, id: &str, before: &Markup, head: &[(&str, Kind)], rows: &[Vec<Markup>]) -> Markup {
    html! {
        section id=(id) {
            h2 { (title) }
            (before)
            @if rows.is_empty() { p class="none" { "None." } } @else {
                div class="scroll" tabindex="0" role="region" aria-label=(title) {
                    table {
                        thead { tr { @for (name, kind) in head { th scope="col" class=(kind.class()) { (name) } } } }
                        tbody {
                            @for row in rows {
                                tr { @for (cell, (_, kind)) in row.iter().zip(head) { td class=(kind.class()) { (cell) } } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn text(text: impl AsRef<str>) -> Markup {
    html! { (text.as_ref()) }
}

/// Who bore what was missing, and beside it the pool and its limits.
pub fn bearers(record: &Record, prefix: &str) -> Markup {
    let amount = |amount: Assets| money(amount, record.decimals);
    let title = "Who bore it in the end";
    html! {
        section id={ (prefix) "bearers" } {
            h2 { (title) }
            p {
                "What positions were below zero when they were closed, and what open ones are at the end, in " (asset_name(&record.asset)) ". "
                "Pool and winners are net of what came back to them. The lines sum to what was missing, to the base unit."
            }
            div class="scroll" tabindex="0" role="region" aria-label=(title) {
                table {
                    thead { tr { th scope="col" { "who" } th scope="col" class="n" { "amount" } } }
                    tbody {
                        @for row in borne::rows(&record.bearers) {
                            tr {
                                th scope="row" class=[["", "part", "part deep"].get(row.depth).filter(|class| !class.is_empty())] { (row.name) }
                                td class="n" { @if row.depth == 0 { strong { (amount(row.amount)) } } @else { (amount(row.amount)) } }
                            }
                        }
                    }
                }
            }
            ul class="story" { @for sentence in borne::beside(record) { li { (sentence) } } }
            div class="scroll" tabindex="0" role="region" aria-label="Limits" {
                table {
                    thead { tr { th scope="col" { "limit" } th scope="col" class="n" { "size" } th scope="col" { "bound" } th scope="col" class="n" { "kept back" } } }
                    tbody {
                        @for limit in &record.limits {
                            tr class=[(limit.bound > 0).then_some("differs")] {
                                th scope="row" { (borne::name(limit)) }
                                td class="n" { (amount(limit.size)) }
                                td class="s" { (borne::bound(limit)) }
                                td class="n" { (amount(limit.kept_back)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What stakers earned, and what cover would have to cost.
pub fn yields(record: &Record, prefix: &str) -> Markup {
    let rows: Vec<_> = earned::rows(record)
        .into_iter()
        .map(|row| vec![text(row.name), text(row.value), text(row.what)])
        .collect();
    table(
        "What stakers earned",
        &format!("{prefix}yields"),
        &html! { p { (earned::note(record)) } },
        &[("", Short), ("value", Number), ("what", Long)],
        &rows,
    )
}

/// What the three with one rule each ended with.
pub fn reference_stakers(record: &Record, prefix: &str) -> Markup {
    let amount = |amount: Assets| text(money(amount, record.decimals));
    let rows: Vec<_> = record
        .reference_stakers
        .iter()
        .map(|stay| {
            let ended = stay.ended().u128();
            let result = match stay.put_in.u128() {
                0 => "did not come".to_string(),
                put_in => format!("{:+.2} %", ended as f64 / put_in as f64 * 100.0 - 100.0),
            };
            vec![
                text(stay.rule.name()),
                moment(stay.came),
                moment(stay.left),
                amount(stay.put_in),
                amount(stay.withdrew),
                amount(stay.took_back),
                amount(stay.earned),
                text(result),
            ]
        })
        .collect();
    let before = html! {
        p {
            "The same deposit under three rules. The early leaver unbonds at the first sign of trouble, or half-way if there is none until then, "
            "and withdraws as soon as it can; the stayer leaves at the end; the late depositor comes once a loss is booked. Shares that unbond still bear losses, so who leaves within the unbonding "
            "period of a loss bears it too; what is still waiting at the end may yet come back. The result is without what was earned."
        }
    };
    let head = [
        ("who", Short),
        ("came (UTC)", Short),
        ("began to leave (UTC)", Short),
        ("put in", Number),
        ("withdrew", Number),
        ("came back on losses", Number),
        ("earned", Number),
        ("result", Number),
    ];
    table(
        "Early leaver, stayer, late depositor",
        &format!("{prefix}reference-stakers"),
        &before,
        &head,
        &rows,
    )
}

/// What liquidation cost, by cause.
pub fn liquidation_cost(record: &Record, prefix: &str) -> Markup {
    let cost = &record.liquidation_cost;
    let amount = |amount: Assets| text(money(amount, record.decimals));
    let rows = vec![
        ("price", "below zero when they became due", amount(cost.price)),
        (
            "trips",
            "added while the breaker allowed no liquidation, or had no price",
            amount(cost.trips),
        ),
        (
            "keepers",
            "added while keepers were late or crowded out",
            amount(cost.keepers),
        ),
        (
            "rebound",
            "given back by a price that recovered while positions waited",
            amount(cost.rebound),
        ),
        (
            "missing",
            "the first three less the rebound",
            amount(cost.missing()),
        ),
        (
            "insured",
            "of it, what the insurance fund paid before the pool was asked",
            amount(cost.insured),
        ),
        (
            "slippage",
            "charged by the exchange for the size, out of margins",
            amount(cost.slippage),
        ),
        (
            "fees",
            "the keepers' and the insurance fund's, out of margins",
            amount(cost.fees),
        ),
        (
            "unwinding",
            "what selling it on the venues would have cost the liquidity providers",
            amount(cost.unwinding),
        ),
    ];
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(name, what, amount)| vec![text(name), text(what), amount])
        .collect();
    let before = html! {
        p {
            "What the price cost, and what waiting added, over " (cost.liquidations) " liquidations, " (cost.below_zero) " of them below zero. Keepers' messages did not get into their block "
            (cost.congested) " times; the longest that a position waited was " (cost.longest_wait) " blocks."
        }
    };
    table(
        "What liquidation cost",
        &format!("{prefix}liquidation-cost"),
        &before,
        &[("cause", Short), ("what", Long), ("amount", Number)],
        &rows,
    )
}

/// The largest shortfalls.
pub fn shortfalls(record: &Record, prefix: &str) -> Markup {
    let amount = |amount: Assets| text(money(amount, record.decimals));
    let all = &record.shortfalls;
    let mut rows: Vec<_> = all
        .largest(LISTED)
        .iter()
        .map(|a| {
            vec![
                moment(Some(a.time)),
                text(price(a)),
                amount(a.asked),
                amount(a.deductible),
                amount(a.paid),
                amount(a.pending),
                amount(a.uncovered),
                text(a.reason.map_or("", |reason| reason.name()).replace('_', " ")),
            ]
        })
        .collect();
    if !rows.is_empty() {
        let sums = [all.asked, all.deductible, all.paid, all.pending, all.uncovered];
        let mut row = vec![html! { strong { "all " (all.count()) } }, text("")];
        row.extend(sums.map(|sum| html! { strong { (money(sum, record.decimals)) } }));
        row.push(text(""));
        rows.push(row);
    }
    let before = html! {
        p { "Asked = deductible + paid at once + pending + uncovered, in " (asset_name(&record.asset)) ". " @if all.answers.len() > LISTED { "The " (LISTED) " largest of " (all.count()) "." } }
    };
    let head = [
        ("time (UTC)", Short),
        ("price", Number),
        ("asked", Number),
        ("deductible", Number),
        ("paid at once", Number),
        ("pending", Number),
        ("uncovered", Number),
        ("why", Long),
    ];
    table("Shortfalls", &format!("{prefix}answers"), &before, &head, &rows)
}

/// Losses and what came back.
pub fn losses(record: &Record, prefix: &str) -> Markup {
    let amount = |amount: Assets| text(money(amount, record.decimals));
    let rows: Vec<_> = record
        .vault
        .losses
        .iter()
        .map(|loss| {
            vec![
                text(loss.loss.to_string()),
                moment(Some(loss.time)),
                amount(loss.granted),
                text(format!("{:.2} %", loss.of_assets_ppm as f64 / 10_000.0)),
                amount(loss.paid),
                amount(loss.waiting),
                amount(loss.recovered),
                text(words::why(loss)),
            ]
        })
        .collect();
    let before = html! { p { "Each claim that was granted lowered the price of a share at once. Granted = paid + waiting + came back." } };
    let head = [
        ("loss", Number),
        ("time (UTC)", Short),
        ("granted", Number),
        ("of the pool", Number),
        ("paid", Number),
        ("waiting", Number),
        ("came back", Number),
        ("why", Long),
    ];
    table(
        "Losses, and what came back",
        &format!("{prefix}losses"),
        &before,
        &head,
        &rows,
    )
}

/// The breaker's changes of state.
pub fn transitions(record: &Record, prefix: &str) -> Markup {
    let rows: Vec<_> = record.breaker.transitions.iter().map(|t| vec![
        moment(Some(t.time)),
        html! { (t.from) " → " strong class=(t.to) { (t.to) } },
        text(names(t.reasons)),
        html! { @if !t.evidence.is_empty() { details { summary { "evidence" } code { (t.evidence) } } } },
    ]).collect();
    let before = match record.breaker.enabled {
        true => {
            html! { p { "Every change of the market's state, what was wrong with the reading, and what each source said." } }
        }
        false => html! { p { "There was no breaker." } },
    };
    let head = [
        ("time (UTC)", Short),
        ("state", Short),
        ("reasons", Long),
        ("evidence", Long),
    ];
    table(
        "The breaker",
        &format!("{prefix}transitions"),
        &before,
        &head,
        &rows,
    )
}

/// Every parameter; where two runs are set side by side, what the other had
/// instead.
pub fn parameters(report: &Report, prefix: &str) -> Markup {
    let other = report.other().filter(|other| other.record.breaker.enabled);
    let other = other.map(|other| listed::list(&other.record.tuned));
    let rows: Vec<_> = listed::list(&report.record.tuned)
        .iter()
        .enumerate()
        .map(|(i, parameter)| {
            let there = other
                .as_ref()
                .and_then(|list| list.get(i))
                .filter(|there| there.value != parameter.value);
            vec![
                text(&parameter.table),
                html! { code { (parameter.name) } },
                text(grouped_digits(&parameter.value)),
                html! { @if let Some(there) = there { strong { (grouped_digits(&there.value)) } } },
                text(&parameter.unit),
            ]
        })
        .collect();
    let head = [
        ("table", Short),
        ("parameter", Short),
        ("value", Number),
        (if other.is_some() { "in the other" } else { "" }, Number),
        ("unit", Long),
    ];
    table(
        "Parameters",
        &format!("{prefix}parameters"),
        &html! {},
        &head,
        &rows,
    )
}

/// The parameters of a run, if it had its own.
pub fn changed(record: &Record) -> Markup {
    html! { p { "Trace " code class="hash" { (record.trace_sha256) } " of " (record.steps) " messages; " (record.invariants.checks) " checks, " (record.invariants.failures) " failures." } }
}

/// Expectations and invariants.
pub fn checks(report: &Report, prefix: &str) -> Markup {
    let both = || std::iter::once(report).chain(report.others());
    let mut rows = vec![];
    for run in both() {
        for e in &run.expectations {
            rows.push(vec![
                mark(e.met),
                text(format!("{} ({})", e.expected, run.record.setting)),
                text(&e.found),
            ]);
        }
        let invariants = &run.record.invariants;
        let checks = format!("{} checks, {} failures", invariants.checks, invariants.failures);
        rows.push(vec![
            mark(invariants.failures == 0),
            text(format!("every invariant held ({})", run.record.setting)),
            text(checks),
        ]);
        for found in &invariants.found {
            rows.push(vec![mark(false), text(found), text("")]);
        }
    }
    let head = [("", Short), ("what should be", Long), ("found", Long)];
    table(
        "What was checked",
        &format!("{prefix}checks"),
        &html! {},
        &head,
        &rows,
    )
}

fn mark(met: bool) -> Markup {
    match met {
        true => html! { span class="good" { "yes" } },
        false => html! { strong class="bad" { "NO" } },
    }
}

/// To the minute: tables say that it is UTC.
fn moment(at: Option<Timestamp>) -> Markup {
    let Some(at) = at else { return text("–") };
    let at = words::moment(at);
    html! { time datetime=(at) { (at.replace('T', " ").chars().take(16).collect::<String>()) } }
}

fn price(answered: &Answered) -> String {
    answered
        .price
        .map_or("none".to_string(), |price| price.to_string())
}

fn names(faults: Faults) -> String {
    let names: Vec<&str> = faults.iter().map(|fault| fault.name()).collect();
    names.join(", ").replace('_', " ")
}
