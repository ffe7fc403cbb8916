//! What each source did over its last prices: how often it repeated one value,
//! and how often it went to the very value of another lineage.

use backstop_types::Price;
use backstop_types::breaker::Track;

use super::median::{self, Good};

/// The tracks after a reading. `places` are the sources without a fault of their
/// own, with their position in the config; the tracks of the others stay.
pub(super) fn advance(tracks: &[Track], count: usize, places: &[(usize, Good)]) -> Vec<Track> {
    let mut next = tracks.to_vec();
    next.resize(count, Track::default());
    for (i, good) in places {
        let Some(track) = next.get_mut(*i) else { continue };
        let Some(published) = good.publish_time.filter(|time| *time > track.at) else {
            continue;
        };
        *track = if track.ticks > 0 && track.price == good.price {
            Track {
                at: published,
                ticks: track.ticks.saturating_add(1),
                ..*track
            }
        } else {
            Track {
                at: published,
                price: good.price,
                ticks: 1,
                others: others(places, good.lineage),
                echoes: if echoes(places, good) {
                    track.echoes.saturating_add(1)
                } else {
                    0
                },
            }
        };
    }
    next
}

/// The median of the other lineages.
pub(super) fn others(places: &[(usize, Good)], lineage: &str) -> Option<Price> {
    let others = places.iter().map(|(_, good)| good);
    median::median(others.filter(|good| good.lineage != lineage))
}

/// Whether a source of another lineage says the very same.
fn echoes(places: &[(usize, Good)], source: &Good) -> bool {
    places
        .iter()
        .any(|(_, good)| good.lineage != source.lineage && good.price == source.price)
}
