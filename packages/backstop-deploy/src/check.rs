//! Whether a deployed backstop is what its chain's file says: owners, admins, codes
//! and parameters, by questions alone.

use backstop_chain::paged::{ROWS, pages};
use backstop_types::breaker::MarketResponse;
use backstop_types::vault::PolicyResponse;
use backstop_types::{breaker, distributor, timelock, vault};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::addresses::Addresses;
use crate::chain::Ask;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::part::Part;
use crate::state::first_difference;

/// How many pages are read, so that a node which repeats one is left.
const PAGES: u32 = 200;

/// One thing that was compared.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// What.
    pub what: String,
    /// What the chain's file or the record says.
    pub expected: Value,
    /// What the chain says.
    pub found: Value,
    /// Whether they are the same.
    pub good: bool,
}

/// Compares all of it.
pub async fn check<A: Ask>(chain: &A, config: &Config, addresses: &Addresses) -> Result<Vec<Finding>> {
    chain.reach(&config.chain_id).await?;
    let mut look = Look {
        chain,
        config,
        addresses,
        findings: vec![],
    };
    look.custody().await?;
    look.codes().await?;
    look.vault().await?;
    look.policies().await?;
    look.breaker().await?;
    look.policies_beyond().await?;
    look.markets_beyond().await?;
    look.distributor().await?;
    look.exchange().await?;
    Ok(look.findings)
}

struct Look<'a, A> {
    chain: &'a A,
    config: &'a Config,
    addresses: &'a Addresses,
    findings: Vec<Finding>,
}

impl<A: Ask> Look<'_, A> {
    fn found(&mut self, what: impl Into<String>, expected: impl Serialize, found: impl Serialize) {
        let (expected, found) = (plain(&expected), plain(&found));
        // Of two tables only the field that differs is told.
        let what = what.into();
        let (what, expected, found) = match first_difference(&what, &expected, &found) {
            Some((place, expected, found)) => (place, expected, found),
            None => (what, expected, found),
        };
        let good = expected == found;
        self.findings.push(Finding {
            what,
            expected,
            found,
            good,
        });
    }

    async fn ask(&self, part: Part, question: impl Serialize) -> Result<Value> {
        let address = self.addresses.address(part).ok_or_else(|| Error::not_yet(part))?;
        self.chain.smart(address, &plain(&question)).await
    }

    /// Who has the contracts, by the timelock's own account of it.
    async fn custody(&mut self) -> Result<()> {
        let custody = self.ask(Part::Timelock, timelock::QueryMsg::Custody {}).await?;
        self.found("custody.complete", true, &custody["complete"]);
        let rows = custody["contracts"].as_array().cloned().unwrap_or_default();
        for part in [Part::Vault, Part::Distributor, Part::Breaker, Part::Timelock] {
            let row = rows.iter().find(|row| row["contract"] == part.name());
            let row = row.cloned().unwrap_or(Value::Null);
            self.found(
                format!("custody.{part}.address"),
                self.addresses.address(part),
                &row["address"],
            );
            self.found(
                format!("custody.{part}.admin"),
                &self.addresses.timelock,
                &row["admin"],
            );
            let checksum = self.addresses.checksums.get(&part);
            self.found(format!("custody.{part}.checksum"), checksum, &row["checksum"]);
            let owner = match part {
                Part::Timelock => &self.config.owner,
                _ => &self.addresses.timelock,
            };
            self.found(format!("custody.{part}.owner"), owner, &row["owner"]);
            self.found(
                format!("custody.{part}.pending_owner"),
                Value::Null,
                &row["pending_owner"],
            );
        }
        Ok(())
    }

    /// The codes and their checksums, by the chain itself.
    async fn codes(&mut self) -> Result<()> {
        for (part, code) in &self.addresses.code_ids {
            let address = self
                .addresses
                .address(*part)
                .ok_or_else(|| Error::not_yet(*part))?;
            let facts = self.chain.contract(address).await?;
            self.found(format!("{part}.code_id"), code, facts.code);
            let checksum = self.chain.checksum(*code).await?;
            self.found(
                format!("{part}.checksum"),
                self.addresses.checksums.get(part),
                checksum,
            );
        }
        Ok(())
    }

    async fn vault(&mut self) -> Result<()> {
        let config = self.ask(Part::Vault, vault::QueryMsg::Config {}).await?;
        self.found("vault.asset", &self.config.asset, &config["asset"]);
        self.found("vault.window", self.config.window, &config["window"]);
        self.found(
            "vault.distributor",
            &self.addresses.distributor,
            &config["distributor"],
        );
        let params = vault::Params {
            breaker: self.addresses.breaker.clone(),
            guardian: self.config.guardian.clone(),
            ..self.config.vault.clone()
        };
        self.found("vault", params, &config["params"]);
        let pool = self.ask(Part::Vault, vault::QueryMsg::Pool {}).await?;
        self.found("vault.pool.losses", 0, &pool["losses"]);
        Ok(())
    }

    async fn policies(&mut self) -> Result<()> {
        for policy in &self.config.policies {
            let question = vault::QueryMsg::Policy {
                policyholder: self.policyholder(&policy.policyholder).to_string(),
                market: policy.market.clone(),
            };
            let found = self.ask(Part::Vault, question).await?;
            let name = format!("policies.{}.{}", policy.policyholder, policy.market);
            self.found(format!("{name}.terms"), policy.terms, &found["terms"]);
            self.found(format!("{name}.closed_at"), Value::Null, &found["closed_at"]);
        }
        Ok(())
    }

    fn policyholder<'b>(&'b self, named: &'b str) -> &'b str {
        match named {
            crate::config::EXCHANGE => self.addresses.exchange.as_deref().unwrap_or_default(),
            address => address,
        }
    }

    /// Cover that the file does not know: whoever had the key until the hand-over could add it.
    async fn policies_beyond(&mut self) -> Result<()> {
        let ask = async |start_after| {
            let limit = Some(ROWS);
            let question = vault::QueryMsg::Policies { start_after, limit };
            let page = self.ask(Part::Vault, question).await?;
            rows(Part::Vault, &page["policies"])
        };
        let key = |row: &PolicyResponse| (row.policyholder.to_string(), row.market.clone());
        let (rows, stopped) = pages(PAGES, None, key, ask).await?;
        for row in rows.iter().filter(|row| row.closed_at.is_none()) {
            let (holder, market) = key(row);
            let known =
                self.config.policies.iter().any(|policy| {
                    self.policyholder(&policy.policyholder) == holder && policy.market == market
                });
            if !known {
                self.found(format!("policies.{holder}.{market}"), Value::Null, row.terms);
            }
        }
        self.ended("policies", stopped.is_none());
        Ok(())
    }

    /// The same of markets.
    async fn markets_beyond(&mut self) -> Result<()> {
        let ask = async |start_after| {
            let limit = Some(ROWS);
            let question = breaker::QueryMsg::Markets { start_after, limit };
            let page = self.ask(Part::Breaker, question).await?;
            rows(Part::Breaker, &page["markets"])
        };
        let (rows, stopped) = pages(PAGES, None, |row: &MarketResponse| row.market.clone(), ask).await?;
        for MarketResponse { market, .. } in &rows {
            if !self.config.markets.iter().any(|known| known.market == *market) {
                self.found(format!("markets.{market}"), Value::Null, true);
            }
        }
        self.ended("markets", stopped.is_none());
        Ok(())
    }

    /// A list that goes on for ever is not checked.
    fn ended(&mut self, list: &str, ended: bool) {
        if !ended {
            self.found(list, "an end", format!("more than {PAGES} pages"));
        }
    }

    async fn breaker(&mut self) -> Result<()> {
        let config = self.ask(Part::Breaker, breaker::QueryMsg::Config {}).await?;
        self.found("breaker.guardian", &self.config.guardian, &config["guardian"]);
        for market in &self.config.markets {
            let mut expected = market.config.clone();
            for source in &mut expected.sources {
                let mock = self.addresses.mock_pyth.as_deref().unwrap_or_default();
                crate::config::names_mock(&mut source.kind, mock);
            }
            let question = breaker::QueryMsg::Market {
                market: market.market.clone(),
            };
            let found = self.ask(Part::Breaker, question).await?;
            self.found(format!("markets.{}", market.market), expected, &found["config"]);
        }
        Ok(())
    }

    async fn distributor(&mut self) -> Result<()> {
        let config = self
            .ask(Part::Distributor, distributor::QueryMsg::Config {})
            .await?;
        self.found("distributor.vault", &self.addresses.vault, &config["vault"]);
        let all = distributor::QueryMsg::Denoms {
            start_after: None,
            limit: Some(30),
        };
        let denoms = self.ask(Part::Distributor, all).await?;
        let denoms = denoms["denoms"].as_array().cloned().unwrap_or_default();
        for reward in &self.config.rewards {
            let denom = plain(&reward.denom);
            let row = denoms.iter().find(|row| row["denom"] == denom);
            let row = row.cloned().unwrap_or(Value::Null);
            self.found(
                format!("rewards.{denom}.min_rate"),
                reward.min_rate,
                &row["min_rate"],
            );
            self.found(format!("rewards.{denom}.listed"), true, &row["listed"]);
        }
        Ok(())
    }

    async fn exchange(&mut self) -> Result<()> {
        let (Some(exchange), Some(address)) = (&self.config.exchange, &self.addresses.exchange) else {
            return Ok(());
        };
        let config = self
            .ask(Part::Exchange, sample_perps::msg::QueryMsg::Config {})
            .await?;
        self.found("exchange.market", &exchange.market, &config["market"]);
        self.found("exchange.vault", &self.addresses.vault, &config["vault"]);
        self.found("exchange.breaker", &self.addresses.breaker, &config["breaker"]);
        self.found("exchange.params", exchange.params, &config["params"]);
        let ownership = self
            .ask(Part::Exchange, sample_perps::msg::QueryMsg::Ownership {})
            .await?;
        self.found(
            "exchange.owner",
            exchange.owner_or(&self.config.owner),
            &ownership["owner"],
        );
        let facts = self.chain.contract(address).await?;
        self.found(
            "exchange.admin",
            exchange.admin_or(&self.config.owner),
            facts.admin,
        );
        Ok(())
    }
}

/// A page's rows, as the contract's own type.
fn rows<T: DeserializeOwned>(part: Part, page: &Value) -> Result<Vec<T>> {
    let read = serde_json::from_value(page.clone());
    Ok(read.map_err(backstop_chain::Error::unreadable(part.name()))?)
}

/// As JSON, without fields that are null: a contract may leave them out or not.
fn plain(value: &impl Serialize) -> Value {
    let value = serde_json::to_value(value).unwrap_or(Value::Null);
    without_null(value)
}

fn without_null(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(
                fields
                    .map(|(key, value)| (key, without_null(value)))
                    .collect::<Map<_, _>>(),
            )
        }
        Value::Array(items) => Value::Array(items.into_iter().map(without_null).collect()),
        other => other,
    }
}
