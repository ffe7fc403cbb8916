//! Pages of a list, read up to a bound.

use std::future::Future;

/// How many rows one question brings: the most that the contracts answer.
pub const ROWS: u32 = 30;

/// Reads pages of [`ROWS`] until one is not full, or there were so many; and says after
/// which key it stopped, if there may be more. A contract that keeps answering the same page
/// is stopped by the bound, too.
pub async fn pages<K, R, E, A>(
    most: u32,
    start: Option<K>,
    key: impl Fn(&R) -> K,
    mut ask: impl FnMut(Option<K>) -> A,
) -> Result<(Vec<R>, Option<K>), E>
where
    K: Clone,
    A: Future<Output = Result<Vec<R>, E>>,
{
    let (mut rows, mut after) = (vec![], start);
    for _ in 0..most {
        let page = ask(after.clone()).await?;
        let full = page.len() >= ROWS as usize;
        after = page.last().map(&key).or(after);
        rows.extend(page);
        if !full {
            return Ok((rows, None));
        }
    }
    Ok((rows, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(most: u32, there: u64) -> (usize, Option<u64>) {
        let ask = |after: Option<u64>| async move {
            let first = after.map_or(1, |after| after + 1);
            Ok::<_, ()>((first..=there).take(ROWS as usize).collect::<Vec<_>>())
        };
        let (rows, stopped) = pages(most, None, |row| *row, ask).await.unwrap();
        (rows.len(), stopped)
    }

    #[tokio::test]
    async fn it_reads_all_within_the_bound_and_says_where_it_stopped() {
        assert_eq!(read(3, 0).await, (0, None));
        assert_eq!(read(3, 29).await, (29, None));
        assert_eq!(read(3, 60).await, (60, None));
        assert_eq!(read(3, 91).await, (90, Some(90)));
    }
}
