//! How a market is watched: its sources and its parameters. Messages carry
//! addresses as text; state has them checked.

use std::collections::BTreeSet;

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Api};

use super::params::MarketParams;
use super::source::{MAX_SOURCES, MIN_SOURCES, Source};
use super::update::MarketParamsUpdate;
use crate::Change;
use crate::input::{self, InputError};
use crate::patch::not_empty;

/// A market as the breaker watches it.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct MarketConfig<A> {
    /// Where its prices come from: 2 to 8, with different names.
    pub sources: Vec<Source<A>>,
    /// How they are judged.
    #[serde(deserialize_with = "crate::apart::read")]
    pub params: MarketParams,
}

impl<A> MarketConfig<A> {
    /// These sources under the default parameters.
    pub fn default_for(sources: Vec<Source<A>>) -> Self {
        Self {
            sources,
            params: MarketParams::default(),
        }
    }

    /// How many lineages the sources have.
    pub fn lineages(&self) -> u32 {
        count(self.sources.iter())
    }

    /// Checks that the sources can make up the quorum, and can have news.
    pub fn check_quorum(&self) -> Result<(), InputError> {
        let least = self.params.min_lineages;
        let lineages = self.lineages();
        if least > lineages {
            let bound = format!("at most the number of lineages, {lineages}");
            return Err(InputError::bounds("min_lineages", least, bound));
        }
        let timed = count(self.sources.iter().filter(|source| source.timed()));
        if least > timed {
            let bound = format!("at most the number of lineages whose sources have a time, {timed}");
            return Err(InputError::bounds("min_lineages", least, bound));
        }
        Ok(())
    }
}

impl MarketConfig<String> {
    /// The same with every value checked: bounds, names, addresses, and that no
    /// feed or reporter is named twice.
    pub fn check(self, api: &dyn Api) -> Result<MarketConfig<Addr>, InputError> {
        check_count(&self.sources)?;
        let config = MarketConfig {
            sources: check_sources(self.sources, api)?,
            params: self.params,
        };
        config.check_whole()?;
        Ok(config)
    }
}

impl MarketConfig<Addr> {
    /// The same after a change, which must name something: sources are added, or
    /// put in the place of the one of their name.
    pub fn updated(
        &self,
        params: Option<MarketParamsUpdate>,
        sources: Option<Vec<Source<String>>>,
        api: &dyn Api,
    ) -> Result<Self, InputError> {
        let params = params.unwrap_or_default();
        let mut config = self.clone();
        config.params = match sources {
            None => not_empty("params", params)?,
            Some(_) => params,
        }
        .apply(self.params);
        let sources = sources.map(|sources| check_sources(sources, api)).transpose()?;
        for source in sources.unwrap_or_default() {
            match config.sources.iter_mut().find(|known| known.name == source.name) {
                Some(known) => *known = source,
                None => config.sources.push(source),
            }
        }
        config.check_whole()?;
        Ok(config)
    }

    fn check_whole(&self) -> Result<(), InputError> {
        self.params.check()?;
        check_count(&self.sources)?;
        let feeds: Vec<String> = self.sources.iter().map(|source| source.kind.feed()).collect();
        input::distinct("sources", &feeds, MAX_SOURCES)?;
        no_reporter_twice(&self.sources)?;
        self.check_quorum()
    }
}

fn check_count<A>(sources: &[Source<A>]) -> Result<(), InputError> {
    let count = sources.len();
    if !(MIN_SOURCES..=MAX_SOURCES).contains(&count) {
        let bound = format!("from {MIN_SOURCES} to {MAX_SOURCES} elements long");
        return Err(InputError::bounds("sources", format!("{count} elements"), bound));
    }
    Ok(())
}

/// Sources with different names, each checked.
fn check_sources(sources: Vec<Source<String>>, api: &dyn Api) -> Result<Vec<Source<Addr>>, InputError> {
    let names: Vec<&str> = sources.iter().map(|source| source.name.as_str()).collect();
    input::distinct("sources", &names, MAX_SOURCES)?;
    sources
        .into_iter()
        .map(|source| {
            let name = input::market_name("sources.name", &source.name)?.to_string();
            source.check(api).map_err(|error| error.inside("sources", &name))
        })
        .collect()
}

/// A reporter is known by its address alone, so it can be of one source.
fn no_reporter_twice(sources: &[Source<Addr>]) -> Result<(), InputError> {
    let mut known = BTreeSet::new();
    for member in sources.iter().flat_map(|source| source.kind.members()) {
        if !known.insert(member) {
            return Err(InputError::Duplicate {
                field: "sources.members".to_string(),
                value: member.to_string(),
            });
        }
    }
    Ok(())
}

fn count<'a, A: 'a>(sources: impl Iterator<Item = &'a Source<A>>) -> u32 {
    let lineages: BTreeSet<&str> = sources.map(|s| s.lineage.as_str()).collect();
    // At most MAX_SOURCES once checked.
    u32::try_from(lineages.len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::source::SourceKind;
    use super::*;
    use cosmwasm_std::testing::MockApi;

    #[test]
    fn feeds_of_one_lineage_are_one_lineage() {
        let source = |name: &str, lineage: &str| Source::reporter(name, lineage, name);
        let config = MarketConfig::default_for(vec![source("a", "x"), source("b", "x"), source("c", "y")]);
        assert_eq!(config.lineages(), 2);
        assert_eq!(config.check_quorum(), Ok(()));
    }

    #[test]
    fn a_quorum_must_have_sources_with_a_time() {
        let mars = |name: &str| {
            let kind = SourceKind::Mars {
                contract: "mars".to_string(),
                denom: name.to_string(),
                exponent: 0,
            };
            Source::new(name, name, kind)
        };
        let config =
            MarketConfig::default_for(vec![mars("a"), mars("b"), Source::reporter("c", "c", "carol")]);
        assert_eq!(
            config.check_quorum().unwrap_err().to_string(),
            "min_lineages is 2: must be at most the number of lineages whose sources have a time, 1"
        );
    }

    #[test]
    fn a_reporter_reports_for_one_source() {
        let api = MockApi::default();
        let [ann, bob, cat] = ["ann", "bob", "cat"].map(|name| api.addr_make(name).to_string());
        let group = |name: &str, members: [&String; 2]| {
            let kind = SourceKind::Reporters {
                members: members.map(String::clone).to_vec(),
                quorum: 2,
            };
            Source::new(name, name, kind)
        };
        let config = MarketConfig::default_for(vec![group("a", [&ann, &bob]), group("b", [&bob, &cat])]);
        let refused = config.check(&api).unwrap_err();
        assert_eq!(
            refused.to_string(),
            format!("sources.members names {bob} twice: each may appear once")
        );
    }
}
