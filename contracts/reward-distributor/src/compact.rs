//! An item and a map whose values are stored in their [`Compact`] encoding,
//! under the keys that `cw_storage_plus` would give them.

use std::marker::PhantomData;

use cosmwasm_std::{Empty, Order, StdError, StdResult, Storage};
use cw_storage_plus::{Bound, KeyDeserialize, Map, Prefix, PrimaryKey, range_with_prefix};

use crate::codec::Compact;

/// One value, at the key that is its name.
pub struct CompactItem<T> {
    key: &'static str,
    value: PhantomData<T>,
}

impl<T: Compact> CompactItem<T> {
    /// At this key.
    pub const fn new(key: &'static str) -> Self {
        Self {
            key,
            value: PhantomData,
        }
    }

    /// The key in storage.
    pub fn as_slice(&self) -> &[u8] {
        self.key.as_bytes()
    }

    /// Stores the value.
    pub fn save(&self, storage: &mut dyn Storage, value: &T) -> StdResult<()> {
        storage.set(self.as_slice(), &value.encode());
        Ok(())
    }

    /// The value, if there is one.
    pub fn may_load(&self, storage: &dyn Storage) -> StdResult<Option<T>> {
        let bytes = storage.get(self.as_slice());
        bytes.map(|bytes| T::decode(&bytes)).transpose()
    }

    /// The value, which must be there.
    pub fn load(&self, storage: &dyn Storage) -> StdResult<T> {
        self.may_load(storage)?
            .ok_or_else(|| StdError::not_found(T::NAME))
    }
}

/// Values by key.
pub struct CompactMap<K, T> {
    keys: Map<K, Empty>,
    value: PhantomData<T>,
}

impl<K, T> CompactMap<K, T> {
    /// Under this namespace.
    pub const fn new(namespace: &'static str) -> Self {
        Self {
            keys: Map::new(namespace),
            value: PhantomData,
        }
    }
}

impl<'k, K: PrimaryKey<'k>, T: Compact> CompactMap<K, T> {
    /// The key in storage.
    pub fn key(&self, key: K) -> Vec<u8> {
        self.keys.key(key).to_vec()
    }

    /// Stores the value.
    pub fn save(&self, storage: &mut dyn Storage, key: K, value: &T) -> StdResult<()> {
        storage.set(&self.keys.key(key), &value.encode());
        Ok(())
    }

    /// Forgets the value.
    pub fn remove(&self, storage: &mut dyn Storage, key: K) {
        self.keys.remove(storage, key);
    }

    /// The value, if there is one.
    pub fn may_load(&self, storage: &dyn Storage, key: K) -> StdResult<Option<T>> {
        let bytes = storage.get(&self.keys.key(key));
        bytes.map(|bytes| T::decode(&bytes)).transpose()
    }

    /// The value, which must be there.
    pub fn load(&self, storage: &dyn Storage, key: K) -> StdResult<T> {
        self.may_load(storage, key)?
            .ok_or_else(|| StdError::not_found(T::NAME))
    }
}

impl<'k, K: PrimaryKey<'k> + KeyDeserialize, T: Compact> CompactMap<K, T> {
    /// Keys and values between two keys.
    pub fn range<'s>(
        &self,
        storage: &'s dyn Storage,
        min: Option<Bound<'k, K>>,
        max: Option<Bound<'k, K>>,
        order: Order,
    ) -> impl Iterator<Item = StdResult<(K::Output, T)>> + use<'s, 'k, K, T> {
        let all = Prefix::<Vec<u8>, Empty>::new(self.keys.namespace_bytes(), &[]);
        rows::<K, T>(storage, &all, min, max, order)
    }
}

impl<T: Compact> CompactMap<(u8, u64), T> {
    /// Numbers and values of one place between two numbers.
    pub fn range_of<'s>(
        &self,
        storage: &'s dyn Storage,
        slot: u8,
        min: Option<Bound<'static, u64>>,
        max: Option<Bound<'static, u64>>,
        order: Order,
    ) -> impl Iterator<Item = StdResult<(u64, T)>> + use<'s, T> {
        let place = Prefix::<Vec<u8>, Empty>::new(self.keys.namespace_bytes(), &slot.key());
        rows::<u64, T>(storage, &place, min, max, order)
    }
}

fn rows<'s, 'k, K: PrimaryKey<'k> + KeyDeserialize, T: Compact>(
    storage: &'s dyn Storage,
    prefix: &[u8],
    min: Option<Bound<'k, K>>,
    max: Option<Bound<'k, K>>,
    order: Order,
) -> impl Iterator<Item = StdResult<(K::Output, T)>> + use<'s, 'k, K, T> {
    let (min, max) = (
        min.map(|min| min.to_raw_bound()),
        max.map(|max| max.to_raw_bound()),
    );
    range_with_prefix(storage, prefix, min, max, order)
        .map(|(key, value)| Ok((K::from_vec(key)?, T::decode(&value)?)))
}
