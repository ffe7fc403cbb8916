//! What the breaker's change of state stood on, in numbers: the breaker keeps each
//! change with its reading, and says what each source lacks.

use backstop_testing::World;
use backstop_types::Price;
use backstop_types::breaker::{
    self, Faults, Finding, HistoryResponse, Observation, QueryMsg, ReadingResponse, SourceReading,
};
use cosmwasm_std::{StdResult, Timestamp};

/// What a change of state stood on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evidence {
    /// The median, if enough lineages agreed.
    pub median: Option<Price>,
    /// The price that it was compared with.
    pub reference: Option<Price>,
    /// What was wrong with the market, or near to it.
    pub findings: Vec<Finding>,
    /// What each source said, in the order of the market's sources.
    pub sources: Vec<Said>,
}

/// What one source said.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// Its name.
    pub source: String,
    /// Its price, if it had one above zero.
    pub price: Option<Price>,
    /// How far off it may be either way, where it is known.
    pub confidence: Option<Price>,
    /// When that was.
    pub published: Option<Timestamp>,
    /// What was wrong with it. A measure is there where the breaker says it.
    pub findings: Vec<Finding>,
}

/// The last `count` changes of the market's state as the breaker keeps them, oldest
/// first. It is asked in their block, so that it still reads what it read for them.
pub fn last(world: &World, count: u32) -> StdResult<Vec<Evidence>> {
    let market = world.market.clone();
    let limit = Some(count);
    let asked = QueryMsg::History {
        market: market.clone(),
        start_before: None,
        limit,
    };
    let kept: HistoryResponse = world.query(&world.breaker, &asked)?;
    let now: ReadingResponse = world.query(&world.breaker, &QueryMsg::Reading { market })?;
    let kept = kept.transitions.into_iter().rev();
    Ok(kept.map(|item| evidence(item.transition, &now)).collect())
}

fn evidence(kept: breaker::Transition, now: &ReadingResponse) -> Evidence {
    let said = |said: breaker::Said| {
        let same = |reading: &&SourceReading| reading.source == said.source && now.at == kept.at;
        let reading = now.sources.iter().find(same);
        Said {
            confidence: reading.and_then(|reading| confidence(reading, said.price)),
            findings: measured(said.faults, reading),
            source: said.source,
            price: said.price,
            published: said.publish_time.map(Timestamp::from_seconds),
        }
    };
    Evidence {
        median: kept.median,
        reference: kept.reference,
        findings: kept.findings,
        sources: kept.sources.into_iter().map(said).collect(),
    }
}

/// The confidence of the same price.
fn confidence(reading: &SourceReading, same: Option<Price>) -> Option<Price> {
    match reading.observation {
        Observation::Priced {
            price, confidence, ..
        } if Some(price) == same => Some(confidence),
        _ => None,
    }
}

/// The faults that were kept, each with its measure where the reading still has it.
fn measured(kept: Faults, reading: Option<&SourceReading>) -> Vec<Finding> {
    let known = |fault| {
        let findings = reading.map_or(&[][..], |reading| reading.findings.as_slice());
        findings.iter().find(|finding| finding.fault == fault).copied()
    };
    let bare = |fault| Finding {
        fault,
        measured: None,
        bound: None,
    };
    kept.iter()
        .map(|fault| known(fault).unwrap_or(bare(fault)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use backstop_types::breaker::Fault;

    #[test]
    fn a_fault_that_the_breaker_kept_stays_where_its_measure_is_not_known_any_more() {
        let stale = Finding {
            fault: Fault::Stale,
            measured: Some(130),
            bound: Some(60),
        };
        let reading = SourceReading {
            source: "a".to_string(),
            lineage: "a".to_string(),
            observation: Observation::NonPositive { publish_time: None },
            findings: vec![stale],
        };
        let kept = Faults::of([Fault::Stale, Fault::Outlier]);
        let found = measured(kept, Some(&reading));
        assert_eq!(found[0], stale);
        assert_eq!((found[1].fault, found[1].measured), (Fault::Outlier, None));
        assert_eq!(measured(kept, None).len(), 2);
    }
}
