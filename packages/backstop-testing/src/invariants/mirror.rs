//! A contract's map, read straight from its storage and decoded only where it
//! changed, so that looking at everything after every message stays cheap.

use std::collections::BTreeMap;

use cosmwasm_std::{Order, StdError, StdResult, Storage, from_json};
use serde::de::DeserializeOwned;

/// A copy of one map of a contract.
pub struct Mirror<V> {
    decode: fn(&[u8]) -> StdResult<V>,
    start: Vec<u8>,
    end: Vec<u8>,
    rows: BTreeMap<Vec<u8>, Row<V>>,
}

struct Row<V> {
    raw: Vec<u8>,
    value: V,
}

/// What happened to one key since the last look.
pub struct Change<V> {
    /// The key within the map.
    pub key: Vec<u8>,
    /// What it held.
    pub before: Option<V>,
    /// What it holds.
    pub after: Option<V>,
}

impl<V: DeserializeOwned + Clone> Mirror<V> {
    /// Of the map that has this full storage key, such as `MAP.key(0)`: it
    /// begins with the namespace's length and the namespace. Empty before the
    /// first look.
    pub fn new(any_key: &[u8]) -> Self {
        Self::decoding(any_key, |raw| from_json(raw))
    }
}

impl<V: Clone> Mirror<V> {
    /// The same of a map whose values are not JSON.
    pub fn decoding(any_key: &[u8], decode: fn(&[u8]) -> StdResult<V>) -> Self {
        let length = match any_key {
            [high, low, ..] => 2 + usize::from(u16::from_be_bytes([*high, *low])),
            _ => 0,
        };
        let start = any_key.get(..length).unwrap_or_default().to_vec();
        let mut end = start.clone();
        // A namespace is plain ASCII, so its last byte has a successor.
        if let Some(last) = end.last_mut() {
            *last = last.saturating_add(1);
        }
        Self {
            decode,
            start,
            end,
            rows: BTreeMap::new(),
        }
    }

    /// Looks again and says what changed.
    pub fn refresh(&mut self, storage: &dyn Storage) -> StdResult<Vec<Change<V>>> {
        let mut changes = vec![];
        let mut seen = 0;
        for (key, raw) in storage.range(Some(&self.start), Some(&self.end), Order::Ascending) {
            seen += 1;
            let key = key.get(self.start.len()..).unwrap_or_default();
            match self.rows.get_mut(key) {
                Some(row) if row.raw == raw => {}
                Some(row) => {
                    let value = (self.decode)(&raw)?;
                    let before = std::mem::replace(
                        row,
                        Row {
                            raw,
                            value: value.clone(),
                        },
                    );
                    changes.push(Change {
                        key: key.to_vec(),
                        before: Some(before.value),
                        after: Some(value),
                    });
                }
                None => {
                    let value = (self.decode)(&raw)?;
                    changes.push(Change {
                        key: key.to_vec(),
                        before: None,
                        after: Some(value.clone()),
                    });
                    self.rows.insert(key.to_vec(), Row { raw, value });
                }
            }
        }
        if seen < self.rows.len() {
            self.drop_removed(storage, &mut changes);
        }
        Ok(changes)
    }

    fn drop_removed(&mut self, storage: &dyn Storage, changes: &mut Vec<Change<V>>) {
        let start = &self.start;
        self.rows.retain(|key, row| {
            let kept = storage.get(&[start.as_slice(), key].concat()).is_some();
            if !kept {
                changes.push(Change {
                    key: key.clone(),
                    before: Some(row.value.clone()),
                    after: None,
                });
            }
            kept
        });
    }

    /// What a key holds.
    pub fn get(&self, key: &[u8]) -> Option<&V> {
        self.rows.get(key).map(|row| &row.value)
    }

    /// All keys and what they hold, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &V)> {
        self.rows.iter().map(|(key, row)| (key.as_slice(), &row.value))
    }
}

/// The number in a key that is one.
pub fn number(key: &[u8]) -> StdResult<u64> {
    let bytes = key.try_into().map_err(|_| unreadable(key))?;
    Ok(u64::from_be_bytes(bytes))
}

/// The text in a key that is one.
pub fn text(key: &[u8]) -> StdResult<&str> {
    std::str::from_utf8(key).map_err(|_| unreadable(key))
}

/// The two parts of a composite key.
pub fn pair(key: &[u8]) -> StdResult<(&[u8], &[u8])> {
    let length = key.get(..2).and_then(|bytes| bytes.try_into().ok());
    let length = usize::from(u16::from_be_bytes(length.ok_or_else(|| unreadable(key))?));
    key.get(2..)
        .and_then(|rest| rest.split_at_checked(length))
        .ok_or_else(|| unreadable(key))
}

fn unreadable(key: &[u8]) -> StdError {
    StdError::generic_err(format!("a storage key of an unexpected form: {key:02x?}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::testing::MockStorage;
    use cw_storage_plus::Map;

    const NUMBERS: Map<(&str, u64), u32> = Map::new("numbers");
    const OTHER: Map<&str, u32> = Map::new("numbers_too");

    #[test]
    fn a_mirror_follows_what_is_added_changed_and_removed() {
        let mut storage = MockStorage::new();
        let mut mirror = Mirror::<u32>::new(&NUMBERS.key(("", 0)));
        NUMBERS.save(&mut storage, ("a", 1), &10).unwrap();
        NUMBERS.save(&mut storage, ("b", 2), &20).unwrap();
        OTHER.save(&mut storage, "c", &30).unwrap();
        assert_eq!(mirror.refresh(&storage).unwrap().len(), 2);
        assert_eq!(mirror.refresh(&storage).unwrap().len(), 0);

        NUMBERS.save(&mut storage, ("a", 1), &11).unwrap();
        NUMBERS.remove(&mut storage, ("b", 2));
        let changes = mirror.refresh(&storage).unwrap();
        let seen: Vec<_> = changes
            .iter()
            .map(|change| {
                let (name, index) = pair(&change.key).unwrap();
                (
                    text(name).unwrap(),
                    number(index).unwrap(),
                    change.before,
                    change.after,
                )
            })
            .collect();
        assert_eq!(seen, [("a", 1, Some(10), Some(11)), ("b", 2, Some(20), None)]);
        assert_eq!(mirror.iter().count(), 1);
    }
}
