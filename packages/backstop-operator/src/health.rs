//! Whether the keeper does what it is there for: each task that is on has succeeded within
//! its time, and a node answers.

use std::collections::BTreeMap;

use cosmwasm_std::Timestamp;
use serde::Serialize;

use crate::task::Task;

/// What the keeper knows of itself.
#[derive(Debug, Clone)]
pub struct Health {
    tasks: BTreeMap<Task, Due>,
    node: Option<String>,
}

#[derive(Debug, Clone, Default)]
struct Due {
    allowed: u64,
    last: Option<Timestamp>,
    error: Option<String>,
}

/// The answer to who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether all is well.
    pub healthy: bool,
    /// Why not.
    pub reasons: Vec<Reason>,
}

/// One thing that is not well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// `node`, or a task's name.
    pub what: String,
    /// What is wrong with it.
    pub why: String,
}

impl Health {
    /// Nothing has succeeded yet.
    pub fn new(tasks: &[(Task, u64)]) -> Self {
        let due = |allowed: &u64| Due {
            allowed: *allowed,
            ..Due::default()
        };
        Self {
            tasks: tasks
                .iter()
                .map(|(task, allowed)| (*task, due(allowed)))
                .collect(),
            node: Some("none was asked yet".to_string()),
        }
    }

    /// Whether a node answered, or why none did.
    pub fn node(&mut self, error: Option<String>) {
        self.node = error;
    }

    /// Notes a success.
    pub fn success(&mut self, task: Task, at: Timestamp) {
        if let Some(due) = self.tasks.get_mut(&task) {
            due.last = Some(at);
            due.error = None;
        }
    }

    /// Notes why a task failed.
    pub fn failure(&mut self, task: Task, error: String) {
        if let Some(due) = self.tasks.get_mut(&task) {
            due.error = Some(error);
        }
    }

    /// How it is at `now`, by this machine's clock.
    pub fn report(&self, now: Timestamp) -> Report {
        let node = self.node.iter().map(|why| Reason {
            what: "node".to_string(),
            why: why.clone(),
        });
        let late = self.tasks.iter().filter_map(|(task, due)| {
            let why = due.late(now)?;
            Some(Reason {
                what: task.to_string(),
                why,
            })
        });
        let reasons: Vec<_> = node.chain(late).collect();
        Report {
            healthy: reasons.is_empty(),
            reasons,
        }
    }
}

impl Due {
    /// Why it is late, if it is.
    fn late(&self, now: Timestamp) -> Option<String> {
        let error = self
            .error
            .as_ref()
            .map(|error| format!(": {error}"))
            .unwrap_or_default();
        let Some(last) = self.last else {
            return Some(format!("has not succeeded yet{error}"));
        };
        let since = now.seconds().saturating_sub(last.seconds());
        let allowed = self.allowed;
        (since > allowed).then(|| format!("last succeeded {since} s ago, must be at most {allowed}{error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    #[test]
    fn it_is_well_only_while_each_task_succeeds_in_time_and_a_node_answers() {
        let mut health = Health::new(&[(Task::Poke, 60), (Task::Settle, 60)]);
        assert_eq!(health.report(at(100)).reasons.len(), 3);
        health.node(None);
        health.success(Task::Poke, at(100));
        assert_eq!(health.report(at(100)).reasons.len(), 1);
        health.success(Task::Settle, at(110));
        assert!(health.report(at(160)).healthy);
        let late = health.report(at(161));
        assert_eq!(late.reasons.len(), 1);
        assert_eq!(late.reasons[0].what, "poke");
        health.success(Task::Poke, at(161));
        health.node(Some("no node answers".to_string()));
        assert_eq!(health.report(at(161)).reasons[0].what, "node");
    }

    #[test]
    fn the_last_failure_is_told_with_the_delay() {
        let mut health = Health::new(&[(Task::Poke, 60)]);
        health.node(None);
        health.failure(Task::Poke, "no funds".to_string());
        assert!(health.report(at(0)).reasons[0].why.contains("no funds"));
        health.failure(Task::Settle, "is off".to_string());
        assert_eq!(health.report(at(0)).reasons.len(), 1);
    }
}
