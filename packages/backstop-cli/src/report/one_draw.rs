//! What one seed is: a report of one run says it first.

use backstop_replay::record::Record;

/// In two sentences.
pub fn words(record: &Record) -> String {
    format!(
        "This is one draw: seed {} decides who trades, stakes and liquidates when. Another seed gives other figures; --seeds 20 shows how far they lie apart.",
        record.seed
    )
}
