//! Prices by hand: points in minutes, joined by lines or held as steps.

use cosmwasm_std::{Decimal, Uint128};

/// What something is worth over time, by points of minute and price in order.
/// Before the first point and after the last it stays as there.
#[derive(Clone)]
pub enum Path {
    /// Along straight lines from point to point.
    Line(Vec<(f64, f64)>),
    /// Each price until the next point.
    Steps(Vec<(f64, f64)>),
}

/// A path along lines.
pub fn line(points: &[(f64, f64)]) -> Path {
    Path::Line(points.to_vec())
}

/// A path in steps.
pub fn steps(points: &[(f64, f64)]) -> Path {
    Path::Steps(points.to_vec())
}

/// Always the same.
pub fn flat(price: f64) -> Path {
    steps(&[(0.0, price)])
}

impl Path {
    /// The price at a minute.
    pub fn at(&self, minute: f64) -> f64 {
        let (Self::Line(points) | Self::Steps(points)) = self;
        let after = points.partition_point(|(at, _)| *at <= minute);
        let Some(before) = points[..after].last() else {
            return points[0].1;
        };
        match (self, points.get(after)) {
            (Self::Line(_), Some((at, price))) => {
                before.1 + (price - before.1) * (minute - before.0) / (at - before.0)
            }
            _ => before.1,
        }
    }
}

/// The price as a contract has it, to a part in 10¹⁵.
pub fn decimal(price: f64) -> Decimal {
    Decimal::new(Uint128::new((price * 1e18) as u128))
}

#[test]
fn a_line_goes_from_point_to_point_and_a_step_stays() {
    let points = [(10.0, 1.0), (20.0, 3.0)];
    let (line, steps) = (line(&points), steps(&points));
    for (minute, on_line, on_step) in [
        (0.0, 1.0, 1.0),
        (15.0, 2.0, 1.0),
        (20.0, 3.0, 3.0),
        (99.0, 3.0, 3.0),
    ] {
        assert_eq!(
            (line.at(minute), steps.at(minute)),
            (on_line, on_step),
            "{minute}"
        );
    }
}
