//! How numbers and times are written, and lines put together.

use cosmwasm_std::Timestamp;

use backstop_terminal::Paint;

/// Lines of text.
#[derive(Debug)]
pub struct Page {
    /// Its colours.
    pub paint: Paint,
    text: String,
}

impl Page {
    /// An empty one.
    pub fn new(paint: Paint) -> Self {
        Self {
            paint,
            text: String::new(),
        }
    }

    /// Adds a line.
    pub fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    /// Adds a heading.
    pub fn section(&mut self, title: &str) {
        let title = self.paint.bold(title);
        self.line("");
        self.line(&title);
    }

    /// Adds names with their values, side by side.
    pub fn pairs(&mut self, pairs: &[(&str, String)]) {
        let pairs: Vec<_> = pairs
            .iter()
            .map(|(name, value)| format!("{name} {value}"))
            .collect();
        self.line(&format!("  {}", pairs.join("   ")));
    }

    /// All of it.
    pub fn text(self) -> String {
        self.text
    }
}

/// A length of time by its two largest units.
pub fn length(seconds: u64) -> String {
    let units = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")];
    let Some(first) = units.iter().position(|(unit, _)| seconds >= *unit) else {
        return "0 s".to_string();
    };
    let mut left = seconds;
    let parts = units.iter().skip(first).take(2).filter_map(|(unit, name)| {
        let many = left / unit;
        left %= unit;
        (many > 0).then(|| format!("{many} {name}"))
    });
    parts.collect::<Vec<_>>().join(" ")
}

/// How long ago, or that it is to come.
pub fn ago(then: Timestamp, now: Timestamp) -> String {
    if then > now {
        return format!("in {}", length(then.seconds() - now.seconds()));
    }
    format!("{} ago", length(now.seconds() - then.seconds()))
}

/// The moment in UTC and how far away it is.
pub fn moment(then: Timestamp, now: Timestamp) -> String {
    let second = i64::try_from(then.seconds()).unwrap_or(i64::MAX);
    let written = jiff::Timestamp::from_second(second).map_or_else(
        |_| then.seconds().to_string(),
        |moment| moment.strftime("%Y-%m-%d %H:%M:%SZ").to_string(),
    );
    format!("{written} ({})", ago(then, now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_by_their_two_largest_units() {
        let cases = [
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (3_661, "1 h 1 min"),
            (90_000, "1 d 1 h"),
            (86_460, "1 d"),
        ];
        for (seconds, text) in cases {
            assert_eq!(length(seconds), text);
        }
        let at = Timestamp::from_seconds;
        assert_eq!(
            moment(at(1_000_000_000), at(1_000_000_060)),
            "2001-09-09 01:46:40Z (1 min ago)"
        );
        assert_eq!(ago(at(70), at(10)), "in 1 min");
    }
}
