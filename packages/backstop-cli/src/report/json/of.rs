//! From a report to the text of its JSON.

use cosmwasm_std::Timestamp;

use super::{
    Adl, Answer, Bearers, Breaker, Changed, Compared, Exchange, Hole, Invariants, Json, Limit,
    LiquidationCost, Loss, Providers, Reason, ReferenceStaker, Shortfalls, Time, Transition, Vault, Yields,
};
use crate::report::unit::Unit;
use crate::report::words::{moment, untested, why};
use crate::report::{Report, bearers as borne, compare, one_draw, parameters};
use backstop_replay::record::{self, Answered, Billionths, Record, Setting, Stay};

impl From<&Report> for Json {
    fn from(report: &Report) -> Self {
        let record = &report.record;
        let other = |beside: fn(&Setting) -> bool| {
            let mut others = report.others().iter();
            let other = others.find(|other| beside(&other.record.setting));
            other.map(|other| Box::new(Self::from(other)))
        };
        Self {
            scenario: record.scenario.clone(),
            title: record.title.clone(),
            setting: record.setting.to_string(),
            seed: record.seed,
            blocks: record.blocks,
            market: record.market.clone(),
            asset: record.asset.clone(),
            decimals: record.decimals,
            time: Time {
                start: moment(record.time.start),
                end: moment(record.time.end),
                block: record.time.block.0,
            },
            untested: record.untested.iter().map(untested).collect(),
            notes: report.notes.clone(),
            one_draw: one_draw::words(record),
            bearers: bearers(&record.bearers),
            limits: record.limits.iter().map(limit).collect(),
            shortfalls: shortfalls(&record.shortfalls),
            adl: Adl {
                events: record.adl.events,
                notional: record.adl.notional.to_string(),
                taken: record.adl.taken.to_string(),
                compensated: record.adl.compensated.to_string(),
            },
            vault: vault(&record.vault),
            breaker: breaker(&record.breaker),
            exchange: exchange(&record.exchange),
            liquidity_providers: providers(&record.providers),
            liquidation_cost: liquidation_cost(record),
            yields: yields(&record.yields),
            reference_stakers: record.reference_stakers.iter().map(stay).collect(),
            parameters: parameters::list(&record.tuned),
            invariants: Invariants {
                checks: record.invariants.checks,
                failures: record.invariants.failures,
                found: record.invariants.found.clone(),
            },
            expectations: report.expectations.clone(),
            steps: record.steps,
            trace_sha256: record.trace_sha256.clone(),
            version: env!("CARGO_PKG_VERSION").to_string(),
            command: report.command.clone(),
            off: other(|setting| !setting.breaker_on()),
            against: other(Setting::breaker_on),
            compared: report
                .others()
                .iter()
                .map(|other| compared(record, &other.record))
                .collect(),
        }
    }
}

fn bearers(bearers: &record::Bearers) -> Bearers {
    let open = &bearers.open;
    Bearers {
        missing: bearers.missing.to_string(),
        insurance: bearers.insurance.to_string(),
        pool: bearers.pool.to_string(),
        winners: bearers.winners.to_string(),
        providers: bearers.providers.to_string(),
        open: open.sum().to_string(),
        open_waiting: open.waiting.to_string(),
        open_deleveraging: open.deleveraging.to_string(),
        open_unclosed: open.unclosed.to_string(),
    }
}

fn limit(limit: &record::Limit) -> Limit {
    Limit {
        limit: borne::key(limit.kind),
        size: limit.size.to_string(),
        bound: limit.bound,
        kept_back: limit.kept_back.to_string(),
    }
}

fn providers(providers: &record::Providers) -> Providers {
    Providers {
        put_in: providers.put_in.to_string(),
        took_out: providers.took_out.to_string(),
        worth: providers.worth.to_string(),
        result: providers.result().to_string(),
    }
}

fn shortfalls(all: &record::Shortfalls) -> Shortfalls {
    let reasons = all.reasons.iter().map(|(name, reason)| {
        let reason = Reason {
            count: reason.count,
            not_paid: reason.not_paid.to_string(),
        };
        (name.to_string(), reason)
    });
    Shortfalls {
        count: all.count(),
        asked: all.asked.to_string(),
        deductible: all.deductible.to_string(),
        paid: all.paid.to_string(),
        pending: all.pending.to_string(),
        uncovered: all.uncovered.to_string(),
        unanswered: all.unanswered,
        reasons: reasons.collect(),
        answers: all.answers.iter().map(answer).collect(),
    }
}

fn answer(answered: &Answered) -> Answer {
    Answer {
        time: moment(answered.time),
        price: answered
            .price
            .map_or("none".to_string(), |price| price.to_string()),
        asked: answered.asked.to_string(),
        deductible: answered.deductible.to_string(),
        paid: answered.paid.to_string(),
        pending: answered.pending.to_string(),
        uncovered: answered.uncovered.to_string(),
        claim: answered.claim,
        reason: answered.reason.map(|reason| reason.to_string()),
    }
}

fn vault(vault: &record::Vault) -> Vault {
    let losses = vault.losses.iter().map(|loss| Loss {
        loss: loss.loss,
        time: moment(loss.time),
        granted: loss.granted.to_string(),
        paid: loss.paid.to_string(),
        waiting: loss.waiting.to_string(),
        recovered: loss.recovered.to_string(),
        of_assets_ppm: loss.of_assets_ppm,
        why: why(loss),
    });
    Vault {
        assets_start: vault.assets_start.to_string(),
        assets_end: vault.assets_end.to_string(),
        price_start: vault.price_start.to_string(),
        price_end: vault.price_end.to_string(),
        granted: vault.granted.to_string(),
        paid: vault.paid.to_string(),
        waiting: vault.waiting.to_string(),
        recovered: vault.recovered.to_string(),
        taken_back: vault.taken_back.to_string(),
        losses: losses.collect(),
    }
}

fn breaker(breaker: &record::Breaker) -> Breaker {
    let transitions = breaker.transitions.iter().map(|transition| Transition {
        time: moment(transition.time),
        from: transition.from.to_string(),
        to: transition.to.to_string(),
        reasons: transition.reasons.iter().map(|fault| fault.to_string()).collect(),
        evidence: transition.evidence.clone(),
    });
    Breaker {
        enabled: breaker.enabled,
        trips: breaker.trips,
        denied_seconds: breaker.denied.0,
        transitions: transitions.collect(),
    }
}

fn exchange(exchange: &record::Exchange) -> Exchange {
    Exchange {
        opened: exchange.opened,
        closed: exchange.closed,
        liquidated: exchange.liquidated,
        underwater: exchange.underwater,
        open: exchange.open,
        underwater_at_market: exchange.underwater_at_market.to_string(),
        worst_hole: exchange.worst_hole.map(|hole| Hole {
            time: moment(hole.time),
            amount: hole.amount.to_string(),
            price: hole.price.to_string(),
        }),
        margins: exchange.margins.to_string(),
        from_insurance: exchange.from_insurance.to_string(),
    }
}

fn liquidation_cost(record: &Record) -> LiquidationCost {
    let cost = &record.liquidation_cost;
    LiquidationCost {
        liquidations: cost.liquidations,
        below_zero: cost.below_zero,
        missing: cost.missing().to_string(),
        price: cost.price.to_string(),
        trips: cost.trips.to_string(),
        keepers: cost.keepers.to_string(),
        rebound: cost.rebound.to_string(),
        insured: cost.insured.to_string(),
        congested: cost.congested,
        longest_wait: cost.longest_wait,
        slippage: cost.slippage.to_string(),
        fees: cost.fees.to_string(),
        unwinding: cost.unwinding.to_string(),
    }
}

fn stay(stay: &Stay) -> ReferenceStaker {
    let at = |at: Option<Timestamp>| at.map(moment);
    ReferenceStaker {
        who: stay.rule.name().to_string(),
        put_in: stay.put_in.to_string(),
        came: at(stay.came),
        left: at(stay.left),
        withdrew: stay.withdrew.to_string(),
        took_back: stay.took_back.to_string(),
        earned: stay.earned.to_string(),
    }
}

fn yields(yields: &record::Yields) -> Yields {
    let part = |part: Billionths| Unit::Share.json(part.0);
    Yields {
        premium_rate: yields.premium_rate.to_string(),
        premium_stated: yields.stated,
        premium: yields.premium.to_string(),
        emissions: yields.emissions.to_string(),
        crashes_a_year: yields.crashes_a_year.to_string(),
        lost: yields.lost.to_string(),
        gross_return: part(yields.gross),
        net_return: part(yields.net),
        quiet_year: part(yields.quiet_year()),
        stayer_loss: part(yields.loss),
        year_with_crashes: part(yields.year()),
        break_even_premium: yields.premium_of_run().map(|premium| premium.to_string()),
        break_even_rate: yields.rate_of_run().map(part),
    }
}

fn compared(run: &Record, other: &Record) -> Compared {
    let (first, second) = compare::ordered(run, other);
    Compared {
        first: first.setting.to_string(),
        second: second.setting.to_string(),
        changed: compare::changed(first, second)
            .into_iter()
            .map(|(here, there)| Changed {
                table: here.table,
                name: here.name,
                unit: here.unit,
                first: parameters::text(&here.value),
                second: parameters::text(&there.value),
            })
            .collect(),
        figures: compare::figures(first, second),
    }
}
