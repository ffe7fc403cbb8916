//! The tables on the page. Amounts are whole units of the asset.

use backstop_replay::record::{Answered, Record, Stay};
use backstop_types::{Assets, Named};
use cosmwasm_std::Timestamp;
use maud::{Markup, html};

use super::table::Kind::{Long, Number, Short, Value};
use super::table::{Table, scrolls, text};
use crate::report::readable::{readable, short_price};
use crate::report::words::{self, asset_name, duration, grouped, money};
use crate::report::{Report, bearers as borne, parameters as listed, yields as earned};

/// Answers listed at most, the largest.
const LISTED: usize = 40;

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
            (scrolls(title, &html! {
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
            }))
            ul class="story" { @for sentence in borne::beside(record) { li { (sentence) } } }
            (scrolls("Limits", &html! {
                table {
                    thead { tr { th scope="col" { "limit" } th scope="col" class="n" { "size" } th scope="col" class="n" { "kept back" } } }
                    tbody {
                        @for limit in &record.limits {
                            tr class=[(limit.bound > 0).then_some("differs")] {
                                th scope="row" { (borne::name(limit.kind)) small { (borne::bound(limit)) } }
                                td class="n" { (amount(limit.size)) }
                                td class="n" { (amount(limit.kept_back)) }
                            }
                        }
                    }
                }
            }))
            p class="hint" { "A limit bound a shortfall where it kept something of it back. What it kept back was not granted, not paid at once, or the exchange's own to bear." }
        }
    }
}

/// What stakers earned, and what cover would have to cost.
pub fn yields(record: &Record, prefix: &str) -> Markup {
    let rows: Vec<_> = earned::rows(record)
        .into_iter()
        .map(|row| vec![text(row.name), text(row.value), text(row.what)])
        .collect();
    Table {
        title: "What stakers earned",
        id: format!("{prefix}yields"),
        before: html! { p { (earned::note(record)) } },
        otherwise: "",
        head: &[("", Short), ("value", Number), ("what", Long)],
        rows,
        stacked: true,
    }
    .section()
}

/// What the three with one rule each ended with.
pub fn reference_stakers(record: &Record, prefix: &str) -> Markup {
    let stays = &record.reference_stakers;
    let row = |name: &str, cell: &dyn Fn(&Stay) -> Markup| {
        std::iter::once(text(name))
            .chain(stays.iter().map(cell))
            .collect()
    };
    let amount = |amount: Assets| text(money(amount, record.decimals));
    let rows = vec![
        row("came (UTC)", &|stay| moment(stay.came)),
        row("began to leave (UTC)", &|stay| moment(stay.left)),
        row("put in", &|stay| amount(stay.put_in)),
        row("withdrew", &|stay| amount(stay.withdrew)),
        row("came back on losses", &|stay| amount(stay.took_back)),
        row("earned", &|stay| amount(stay.earned)),
        row("result", &|stay| text(result(stay))),
    ];
    let before = html! {
        p {
            "Three stakers make the same deposit, each under one rule. The early leaver begins to leave at the first sign of trouble, or half-way if there is none until then, "
            "and withdraws as soon as it can. The stayer leaves at the end. The late depositor comes once a loss is booked."
        }
        p {
            "Shares that unbond still bear losses. So whoever leaves within the unbonding period of a loss bears it too. "
            "What still waits at the end may yet come back. The result is without what was earned. Amounts are in " (asset_name(&record.asset)) "."
        }
    };
    let names = stays.iter().map(|stay| (stay.rule.name(), Value));
    let head: Vec<_> = std::iter::once(("", Long)).chain(names).collect();
    Table {
        title: "Early leaver, stayer, late depositor",
        id: format!("{prefix}reference-stakers"),
        before,
        otherwise: "",
        head: &head,
        rows,
        stacked: false,
    }
    .section()
}

fn result(stay: &Stay) -> String {
    match stay.put_in.u128() {
        0 => "did not come".to_string(),
        put_in => format!(
            "{:+.2} %",
            stay.ended().u128() as f64 / put_in as f64 * 100.0 - 100.0
        ),
    }
}

/// What liquidation cost, by cause.
pub fn liquidation_cost(record: &Record, prefix: &str) -> Markup {
    let cost = &record.liquidation_cost;
    let amount = |amount: Assets| text(money(amount, record.decimals));
    let rows = vec![
        (
            "price",
            "below zero when they became liquidatable",
            amount(cost.price),
        ),
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
    let rows = rows
        .into_iter()
        .map(|(name, what, amount)| vec![html! { (name) small { (what) } }, amount]);
    let before = html! {
        p {
            "What the price cost, and what waiting added, in " (asset_name(&record.asset)) ", over " (cost.liquidations) " liquidations. Of these " (cost.below_zero) " were below zero."
        }
        p {
            "The keepers' messages did not get into their block " (words::times(cost.congested)) ". The longest that a position waited was " (cost.longest_wait) " blocks."
        }
    };
    Table {
        title: "What liquidation cost",
        id: format!("{prefix}liquidation-cost"),
        before,
        otherwise: "No position was liquidated.",
        head: &[("cause", Long), ("amount", Number)],
        rows: if cost.liquidations == 0 {
            vec![]
        } else {
            rows.collect()
        },
        stacked: false,
    }
    .section()
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
        p { "What the exchange asked the pool for, in " (asset_name(&record.asset)) ": asked = deductible + paid at once + pending + uncovered. " @if all.answers.len() > LISTED { "These are the " (LISTED) " largest of " (all.count()) "." } }
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
    Table {
        title: "Shortfalls",
        id: format!("{prefix}answers"),
        before,
        otherwise: match all.unanswered {
            0 => "No shortfall reached the pool.",
            _ => "The pool answered no shortfall.",
        },
        head: &head,
        rows,
        stacked: false,
    }
    .section()
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
                html! { (loss.loss) " · " (moment(Some(loss.time))) small { @if let Some(price) = loss.price { "closed at " (short_price(price)) "; " } (words::became(loss)) } },
                amount(loss.granted),
                text(format!("{:.2} %", loss.of_assets_ppm as f64 / 10_000.0)),
                amount(loss.paid),
                amount(loss.waiting),
                amount(loss.recovered),
            ]
        })
        .collect();
    let window = duration(record.tuned.window);
    let before = html! {
        p { "Each granted claim lowered the price of a share at once, in " (asset_name(&record.asset)) ": granted = paid + waiting + came back." }
        p {
            "A limit counts what is granted, when it is granted, and frees itself evenly over one window, here " (window) ". "
            "A claim that is held in a trip, or delayed, is granted then and paid later. A limit empties again while time passes. So within one window more may be granted than the limit, up to twice as much, and more may be paid than was granted in it."
        }
    };
    let head = [
        ("loss, time (UTC)", Long),
        ("granted", Number),
        ("of the pool", Number),
        ("paid", Number),
        ("waiting", Number),
        ("came back", Number),
    ];
    Table {
        title: "Losses, and what came back",
        id: format!("{prefix}losses"),
        before,
        otherwise: "No claim was granted.",
        head: &head,
        rows,
        stacked: false,
    }
    .section()
}

/// Every parameter; where two runs are set side by side, what the other had
/// instead.
pub fn parameters(report: &Report, prefix: &str) -> Markup {
    let record = &report.record;
    let other = report.other().filter(|other| other.record.breaker.enabled);
    let other = other.map(|other| listed::list(&other.record.tuned));
    let rows = listed::list(&record.tuned)
        .into_iter()
        .enumerate()
        .map(|(i, parameter)| {
            let there = other.as_ref().and_then(|list| list.get(i));
            let there = there.filter(|there| there.value != parameter.value);
            let mut row = vec![
                html! { code { (parameter.table) "." wbr; (parameter.name) } },
                text(readable(&parameter, record)),
            ];
            if other.is_some() {
                row.push(html! { @if let Some(there) = there { strong { (readable(there, record)) } } });
            }
            row
        });
    let mut head = vec![("parameter", Long), ("value", Value)];
    head.extend(other.is_some().then_some(("in the other", Value)));
    Table {
        title: "Parameters",
        id: format!("{prefix}parameters"),
        before: html! { p { "What the contracts ran under. What each does is said in the README of its contract." } },
        otherwise: "",
        head: &head,
        rows: rows.collect(),
        stacked: false,
    }
    .section()
}

/// What a run is told from another by, and what was checked in it.
pub fn changed(record: &Record) -> Markup {
    html! { p { "Trace " code class="hash" { (record.trace_sha256) } " of " (grouped(record.steps)) " messages; " (grouped(record.invariants.checks)) " checks, " (record.invariants.failures) " failures." } }
}

/// Expectations and invariants.
pub fn checks(report: &Report, prefix: &str) -> Markup {
    let both = || std::iter::once(report).chain(report.others());
    let mut rows = vec![];
    for run in both() {
        let setting = &run.record.setting;
        let row = |met, what: &str, found: &str| vec![mark(met, &format!("{what} ({setting})")), text(found)];
        for e in &run.expectations {
            rows.push(row(e.met, &e.said.expected, &e.said.found));
        }
        let invariants = &run.record.invariants;
        let checks = format!(
            "{} checks, {} failures",
            grouped(invariants.checks),
            invariants.failures
        );
        rows.push(row(invariants.failures == 0, "every invariant held", &checks));
        rows.extend(invariants.found.iter().map(|found| row(false, found, "")));
    }
    Table {
        title: "What was checked",
        id: format!("{prefix}checks"),
        before: html! { p { "An invariant is what must hold after every message, such as that the books balance. What should happen is said by the scenario." } },
        otherwise: "",
        head: &[("what should be", Long), ("found", Value)],
        rows,
        stacked: false,
    }
    .section()
}

fn mark(met: bool, what: &str) -> Markup {
    match met {
        true => html! { span class="good" { "✓ " } (what) },
        false => html! { strong class="bad" { "NO: " (what) } },
    }
}

/// To the minute: tables say that it is UTC.
pub fn moment(at: Option<Timestamp>) -> Markup {
    let Some(at) = at else { return text("–") };
    let at = words::moment(at);
    html! { time datetime=(at) { (at.replace('T', " ").chars().take(16).collect::<String>()) } }
}

fn price(answered: &Answered) -> String {
    answered.price.map_or("none".to_string(), short_price)
}
