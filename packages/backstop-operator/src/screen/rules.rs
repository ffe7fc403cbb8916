//! Changes that wait, pauses, and who has the contracts.

use backstop_types::timelock::FieldChange;
use backstop_types::vault::PauseResponse;

use super::form::{Page, moment};
use crate::snapshot::Snapshot;

/// How many fields of a change are shown.
const SHOWN: usize = 4;

/// Changes that wait.
pub fn timelock(page: &mut Page, snapshot: &Snapshot) {
    let (Some(timelock), now) = (&snapshot.timelock, snapshot.now()) else {
        return;
    };
    page.section(&format!("Changes that wait: {}", timelock.changes.len()));
    for change in &timelock.changes {
        let when = match (change.due, change.lapses) {
            (Some(_), Some(lapses)) if change.is_due(now) => page
                .paint
                .warn(&format!("can be applied, lapses {}", moment(lapses, now))),
            (Some(_), Some(lapses)) if lapses <= now => {
                page.paint.bad(&format!("lapsed {}", moment(lapses, now)))
            }
            (Some(due), Some(lapses)) => format!("due {}, lapses {}", moment(due, now), moment(lapses, now)),
            _ => "has no date".to_string(),
        };
        page.line(&format!("  {} {}: {when}", change.number, change.target));
        for field in change.fields.iter().take(SHOWN) {
            page.line(&format!("    {}", field_words(field)));
        }
        if change.fields.len() > SHOWN {
            page.line(&format!("    and {} more fields", change.fields.len() - SHOWN));
        }
    }
}

fn field_words(field: &FieldChange) -> String {
    let side = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_string());
    let (from, to) = (side(&field.from), side(&field.to));
    format!(
        "{}: {from} to {to}, {} stakers' risk",
        field.field, field.direction
    )
}

/// What the guardian has paused.
pub fn pauses(page: &mut Page, snapshot: &Snapshot) {
    let (Some(vault), now) = (&snapshot.vault, snapshot.now()) else {
        return;
    };
    let pause = |what: &str, pause: Option<PauseResponse>| {
        let pause = pause.filter(|pause| now < pause.until)?;
        Some(
            page.paint
                .bad(&format!("{what} until {}", moment(pause.until, now))),
        )
    };
    let paused = [
        pause("deposits", vault.pauses.deposits),
        pause("payouts", vault.pauses.payouts),
    ];
    let paused: Vec<_> = paused.into_iter().flatten().collect();
    page.section("Guardian");
    page.line(&match paused.is_empty() {
        true => "  nothing is paused".to_string(),
        false => format!("  paused: {}", paused.join(", ")),
    });
}

/// Who has the contracts.
pub fn custody(page: &mut Page, snapshot: &Snapshot) {
    page.section("Custody");
    let Some(timelock) = &snapshot.timelock else {
        let owner = snapshot.vault.as_ref().and_then(|vault| vault.owner.clone());
        let owner = owner.unwrap_or_else(|| "nobody".to_string());
        let words = format!("no timelock: the vault's owner is {owner}, whose changes take effect at once");
        page.line(&format!("  {}", page.paint.warn(&words)));
        return;
    };
    if timelock.custody.complete {
        page.line(&format!(
            "  {}",
            page.paint.good("in order: the timelock owns and administers all")
        ));
        return;
    }
    page.line(&format!("  {}", page.paint.bad("not in order")));
    for contract in &timelock.custody.contracts {
        let admin = contract.admin.as_ref().map_or("nobody", |admin| admin.as_str());
        let owner = contract.owner.as_deref().unwrap_or("nobody");
        page.line(&format!(
            "  {} {}: owner {owner}, admin {admin}",
            contract.contract, contract.address
        ));
    }
}
