//! The tables on the page. Amounts are whole units of the asset.

use maud::{Markup, html};

use crate::report::words::{asset_name, grouped, money, signed_money};
use crate::report::{Report, number};

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

/// What the three with one rule each ended with.
pub fn witnesses(report: &Report, prefix: &str) -> Markup {
    let amount = |amount: &str| text(money(number(amount), report.decimals));
    let rows: Vec<_> = report
        .witnesses
        .iter()
        .map(|witness| {
            let ended = number(&witness.withdrew) + number(&witness.took_back);
            let result = match number(&witness.put_in) {
                0 => "did not come".to_string(),
                put_in => format!("{:+.2} %", ended as f64 / put_in as f64 * 100.0 - 100.0),
            };
            vec![
                text(&witness.who),
                moment(witness.came.as_deref()),
                moment(witness.left.as_deref()),
                amount(&witness.put_in),
                amount(&witness.withdrew),
                amount(&witness.took_back),
                text(result),
            ]
        })
        .collect();
    let before = html! {
        p {
            "The same deposit under three rules. The early leaver unbonds at the first sign of trouble, or half-way if there is none until then, "
            "and withdraws as soon as it can; the stayer leaves at the end; the late depositor comes once a loss is booked. Shares that unbond still bear losses, so who leaves within the unbonding "
            "period of a loss bears it too; what is still waiting at the end may yet come back. Rewards are not counted."
        }
    };
    let head = [
        ("who", Short),
        ("came (UTC)", Short),
        ("began to leave (UTC)", Short),
        ("put in", Number),
        ("withdrew", Number),
        ("came back on losses", Number),
        ("result", Number),
    ];
    table(
        "Early leaver, stayer, late depositor",
        &format!("{prefix}witnesses"),
        &before,
        &head,
        &rows,
    )
}

/// What liquidation cost, by cause.
pub fn friction(report: &Report, prefix: &str) -> Markup {
    let friction = &report.friction;
    let signed = |amount: &str| text(signed_money(amount.parse().unwrap_or_default(), report.decimals));
    let rows = vec![
        (
            "price",
            "below zero when they became due",
            signed(&friction.price),
        ),
        (
            "trips",
            "added while the breaker allowed no liquidation, or had no price",
            signed(&friction.trips),
        ),
        (
            "keepers",
            "added while keepers were late or crowded out",
            signed(&friction.keepers),
        ),
        ("missing", "the three together", signed(&friction.missing)),
        (
            "insured",
            "of it, what the insurance fund paid before the pool was asked",
            signed(&friction.insured),
        ),
        (
            "slippage",
            "charged by the exchange for the size, out of margins",
            signed(&friction.slippage),
        ),
        (
            "fees",
            "the keepers' and the insurance fund's, out of margins",
            signed(&friction.fees),
        ),
        (
            "unwinding",
            "what selling it on the venues would have cost the liquidity providers",
            signed(&friction.unwinding),
        ),
    ];
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(name, what, amount)| vec![text(name), text(what), amount])
        .collect();
    let before = html! {
        p {
            "What the price cost, and what friction added, over " (friction.liquidations) " liquidations, " (friction.below_zero) " of them below zero. Keepers' messages did not get into their block "
            (friction.congested) " times; the longest that a position waited was " (friction.longest_wait) " blocks."
        }
    };
    table(
        "What liquidation cost",
        &format!("{prefix}friction"),
        &before,
        &[("cause", Short), ("what", Long), ("amount", Number)],
        &rows,
    )
}

/// The largest shortfalls.
pub fn shortfalls(report: &Report, prefix: &str) -> Markup {
    let amount = |amount: &str| text(money(number(amount), report.decimals));
    let all = &report.shortfalls;
    let mut rows: Vec<_> = all
        .largest(LISTED)
        .iter()
        .map(|a| {
            vec![
                moment(Some(&a.time)),
                text(&a.price),
                amount(&a.asked),
                amount(&a.deductible),
                amount(&a.paid),
                amount(&a.pending),
                amount(&a.uncovered),
                text(a.reason.as_deref().unwrap_or("").replace('_', " ")),
            ]
        })
        .collect();
    if !rows.is_empty() {
        let sums = [
            &all.asked,
            &all.deductible,
            &all.paid,
            &all.pending,
            &all.uncovered,
        ];
        let mut row = vec![html! { strong { "all " (all.count) } }, text("")];
        row.extend(sums.map(|sum| html! { strong { (money(number(sum), report.decimals)) } }));
        row.push(text(""));
        rows.push(row);
    }
    let before = html! {
        p { "Asked = deductible + paid at once + pending + uncovered, in " (asset_name(&report.asset)) ". " @if all.answers.len() > LISTED { "The " (LISTED) " largest of " (all.count) "." } }
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
pub fn losses(report: &Report, prefix: &str) -> Markup {
    let amount = |amount: &str| text(money(number(amount), report.decimals));
    let rows: Vec<_> = report
        .vault
        .losses
        .iter()
        .map(|loss| {
            vec![
                text(loss.loss.to_string()),
                moment(Some(&loss.time)),
                amount(&loss.granted),
                text(format!("{:.2} %", loss.of_assets_ppm as f64 / 10_000.0)),
                amount(&loss.paid),
                amount(&loss.waiting),
                amount(&loss.recovered),
                text(&loss.why),
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
pub fn transitions(report: &Report, prefix: &str) -> Markup {
    let rows: Vec<_> = report.breaker.transitions.iter().map(|t| vec![
        moment(Some(&t.time)),
        html! { (t.from) " → " strong class=(t.to) { (t.to) } },
        text(t.reasons.join(", ").replace('_', " ")),
        html! { @if !t.evidence.is_empty() { details { summary { "evidence" } code { (t.evidence) } } } },
    ]).collect();
    let before = match report.breaker.enabled {
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
    let other = report.against.as_deref().map(|other| &other.parameters);
    let rows: Vec<_> = report
        .parameters
        .iter()
        .enumerate()
        .map(|(i, parameter)| {
            let there = other
                .and_then(|list| list.get(i))
                .filter(|there| there.value != parameter.value);
            vec![
                text(&parameter.table),
                html! { code { (parameter.name) } },
                text(readable(&parameter.value)),
                html! { @if let Some(there) = there { strong { (readable(&there.value)) } } },
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
pub fn changed(report: &Report) -> Markup {
    html! { p { "Trace " code class="hash" { (report.trace_sha256) } " of " (report.steps) " messages; " (report.invariants.checks) " checks, " (report.invariants.failures) " failures." } }
}

/// Expectations and invariants.
pub fn checks(report: &Report, prefix: &str) -> Markup {
    let both = || std::iter::once(report).chain(report.other());
    let mut rows = vec![];
    for run in both() {
        for e in &run.expectations {
            rows.push(vec![
                mark(e.met),
                text(format!("{} ({})", e.expected, run.setting)),
                text(&e.found),
            ]);
        }
        let invariants = &run.invariants;
        let checks = format!("{} checks, {} failures", invariants.checks, invariants.failures);
        rows.push(vec![
            mark(invariants.failures == 0),
            text(format!("every invariant held ({})", run.setting)),
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

/// Digits in threes.
fn readable(value: &str) -> String {
    value.parse().map_or_else(|_| value.to_string(), grouped)
}

fn mark(met: bool) -> Markup {
    match met {
        true => html! { span class="good" { "yes" } },
        false => html! { strong class="bad" { "NO" } },
    }
}

/// To the minute: tables say that it is UTC.
fn moment(at: Option<&str>) -> Markup {
    match at {
        Some(at) => {
            html! { time datetime=(at) { (at.replace('T', " ").chars().take(16).collect::<String>()) } }
        }
        None => text("–"),
    }
}
