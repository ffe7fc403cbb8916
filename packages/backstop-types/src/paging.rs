//! Pages of a list: every query that lists something takes where the page before
//! ended and how many rows it wants, and reads no more than a page has room for.

use cosmwasm_std::{Addr, Api, StdError, StdResult};

use crate::input::{self, InputError};

/// How many rows a page has: what was asked for, at most 30, ten by default.
pub fn page(limit: Option<u32>) -> usize {
    const DEFAULT: u32 = 10;
    const MAX: u32 = 30;
    limit.unwrap_or(DEFAULT).min(MAX) as usize
}

/// The first page of `all`, each row as `read` makes it.
pub fn rows<R, T, E: From<StdError>>(
    all: impl Iterator<Item = StdResult<R>>,
    limit: Option<u32>,
    mut read: impl FnMut(R) -> Result<T, E>,
) -> Result<Vec<T>, E> {
    all.take(page(limit)).map(|row| read(row?)).collect()
}

/// A page of rows for an answer that leaves some of them out.
pub struct Scan<K, V> {
    /// At least one, where there is one: a page of none would read as nothing
    /// left to look at.
    pub rows: Vec<(K, V)>,
    /// The key after which the next page begins, if there may be one.
    pub next: Option<K>,
}

/// Reads a page of which some rows will be left out.
pub fn scan<K: Clone, V>(
    all: impl Iterator<Item = StdResult<(K, V)>>,
    limit: Option<u32>,
) -> StdResult<Scan<K, V>> {
    let limit = limit.map(|limit| limit.max(1));
    let rows = rows(all, limit, StdResult::Ok)?;
    let full = rows.len() == page(limit);
    let next = rows.last().map(|(key, _)| key.clone()).filter(|_| full);
    Ok(Scan { rows, next })
}

/// The address after which a page begins.
pub fn after(api: &dyn Api, start_after: Option<String>) -> Result<Option<Addr>, InputError> {
    let after = start_after.map(|address| input::address(api, "start_after", &address));
    after.transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_never_longer_than_thirty() {
        assert_eq!(page(None), 10);
        assert_eq!(page(Some(u32::MAX)), 30);
        assert_eq!(page(Some(0)), 0);
    }

    #[test]
    fn rows_are_read_up_to_the_limit_or_the_first_error() {
        let all = || (0..40).map(Ok);
        let plain = rows(all(), Some(2), StdResult::Ok);
        assert_eq!(plain, Ok(vec![0, 1]));
        let doubled = rows(all(), None, |row| StdResult::Ok(row * 2));
        assert_eq!(doubled.map(|rows| rows.len()), Ok(10));
        let broken = [Ok(1), Err(StdError::not_found("row"))];
        assert!(rows(broken.into_iter(), None, StdResult::Ok).is_err());
    }

    #[test]
    fn a_scan_reads_one_row_at_least_and_says_where_the_next_begins() {
        let all = || (0..3).map(|key| Ok((key, ())));
        let keys = |limit| {
            let Scan { rows, next } = scan(all(), limit).unwrap();
            (rows.len(), next)
        };
        assert_eq!(keys(Some(0)), (1, Some(0)));
        assert_eq!(keys(Some(3)), (3, Some(2)));
        assert_eq!(keys(None), (3, None));
    }
}
