//! What the breaker keeps of each source when a market's sources change.

use backstop_types::breaker::Source;

/// What is kept of each source, in the order of another list of sources: that of
/// a source that stayed the same feed of the same lineage, whatever it is held to
/// now; nothing for any other.
pub fn remap<A: PartialEq, T: Copy + Default>(kept: &[T], old: &[Source<A>], new: &[Source<A>]) -> Vec<T> {
    let place = |source: &Source<A>| old.iter().position(|known| same(known, source));
    new.iter()
        .map(|source| {
            place(source)
                .and_then(|i| kept.get(i))
                .copied()
                .unwrap_or_default()
        })
        .collect()
}

fn same<A: PartialEq>(one: &Source<A>, other: &Source<A>) -> bool {
    (&one.name, &one.lineage, &one.kind) == (&other.name, &other.lineage, &other.kind)
}
