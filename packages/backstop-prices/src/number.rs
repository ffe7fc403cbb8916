//! Prices as files write them: with a decimal point or a decimal comma, with
//! thousands apart or not, in scientific notation, or not at all where nobody
//! traded.

use cosmwasm_std::Decimal;

use crate::decimal;
use crate::error::Bound;

/// Above this a price is a typing error.
const MOST: u128 = 1_000_000_000_000;
/// The finest that a contract's price has.
const PLACES: i32 = 18;
/// What may stand between thousands, beside the sign that is not the decimal
/// sign.
const APART: [char; 5] = [' ', '\'', '_', '\u{a0}', '\u{202f}'];

/// How a file writes the sign before the decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `1,234.5`
    Point,
    /// `1.234,5`
    Comma,
}

/// What a price says about its file's style.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// This one.
    Clear(Style),
    /// Nothing: it reads the same in both.
    None,
    /// `1,234` or `1.234`, which may be a thousand or, in this style, a little
    /// more than one.
    Ambiguous(Style),
}

/// What `text` says about how its file writes numbers; nothing, if it is none.
pub fn evidence(text: &str) -> Evidence {
    let text = text.trim().trim_start_matches(['-', '+']);
    let (points, commas) = (text.matches('.').count(), text.matches(',').count());
    let style = match (points, commas) {
        (0, 0) => return Evidence::None,
        (1, 0) if thousands(text, '.') => return Evidence::Ambiguous(Style::Point),
        (0, 1) if thousands(text, ',') => return Evidence::Ambiguous(Style::Comma),
        (1, 0) => Style::Point,
        (0, 1) => Style::Comma,
        (_, 0) => Style::Comma,
        (0, _) => Style::Point,
        _ if text.rfind('.') > text.rfind(',') => Style::Point,
        _ => Style::Comma,
    };
    match plain(text, style).and_then(|plain| decimal::exact(&plain)) {
        Some(_) => Evidence::Clear(style),
        None => Evidence::None,
    }
}

fn thousands(text: &str, apart: char) -> bool {
    joined(text, &[apart]).is_some_and(|joined| joined.len() < text.len())
}

/// The price in `text`; none where the cell is empty, `null` or `NaN`, as where nobody
/// traded. Digits past the eighteenth place are dropped.
pub fn price(text: &str, style: Style, decimals: Option<u32>) -> Result<Option<Decimal>, Bound> {
    let text = text.trim();
    if text.is_empty() || ["null", "nan"].iter().any(|none| text.eq_ignore_ascii_case(none)) {
        return Ok(None);
    }
    let most = Decimal::new(MOST.saturating_mul(Decimal::one().atomics().u128()).into());
    let price = match decimals {
        None => plain(text, style).and_then(|plain| decimal::exact(&plain)),
        Some(_) if !text.bytes().all(|byte| byte.is_ascii_digit()) => {
            let must_be = "a whole number, since so many of its digits were said to be decimals";
            return Err(Bound::new(
                must_be,
                "leave --decimals out, or source.decimals of the scenario",
            ));
        }
        Some(decimals) => decimal::exact(&format!("{text}e-{decimals}")),
    };
    match price {
        Some(price) if !price.is_zero() && price <= most => Ok(Some(price)),
        _ => Err(bound(text)),
    }
}

fn bound(text: &str) -> Bound {
    let number = text.parse::<f64>();
    let next = match number {
        Ok(number) if !number.is_finite() => "leave the cell empty if nobody traded then, or mend it",
        Ok(number) if number <= 0.0 => {
            "mend it, leave the cell empty if nobody traded then, or take another column with --column"
        }
        Ok(_) => "mend it, or take another column with --column",
        Err(_) => "write it like 1234.5, without a currency; a file has one decimal sign throughout",
    };
    Bound::new(format!("a price above zero and at most {MOST}"), next)
}

/// `text` with a point before the decimals, nothing between thousands, and no
/// more places than a price has.
fn plain(text: &str, style: Style) -> Option<String> {
    let (sign, apart) = match style {
        Style::Point => ('.', ','),
        Style::Comma => (',', '.'),
    };
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, places) = mantissa.split_once(sign).unwrap_or((mantissa, ""));
    let mut allowed = APART.to_vec();
    allowed.push(apart);
    let whole = joined(whole, &allowed)?;
    let kept = usize::try_from(PLACES.saturating_add(exponent)).unwrap_or(0);
    let places = places.get(..kept).unwrap_or(places);
    Some(format!("{whole}.{places}e{exponent}"))
}

/// The digits of `whole`, if what is between them are groups of three, the first
/// one shorter or not, and without a zero before all others.
fn joined(whole: &str, allowed: &[char]) -> Option<String> {
    let Some(apart) = whole.chars().find(|c| allowed.contains(c)) else {
        return Some(whole.to_string());
    };
    let mut groups = whole.split(apart);
    let first = groups
        .next()
        .filter(|first| (1..=3).contains(&first.len()) && !first.starts_with('0'))?;
    let mut digits = first.to_string();
    for group in groups {
        if group.len() != 3 {
            return None;
        }
        digits.push_str(group);
    }
    digits.bytes().all(|b| b.is_ascii_digit()).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, style: Style) -> Option<String> {
        price(text, style, None).unwrap().map(|price| price.to_string())
    }

    #[test]
    fn numbers_are_read_in_every_usual_spelling() {
        for (text, expected) in [
            ("43500", "43500"),
            ("0.107", "0.107"),
            (".5", "0.5"),
            ("5.", "5"),
            ("5e-05", "0.00005"),
            ("1.25E2", "125"),
            ("1,234.5", "1234.5"),
            ("1,234,567", "1234567"),
            ("12 345.6", "12345.6"),
            ("12\u{202f}345.6", "12345.6"),
            ("12'345.6", "12345.6"),
            // As programs print a double: more places than a price has.
            ("0.00001234567890123456789", "0.000012345678901234"),
            ("1.2345678901234567e-05", "0.000012345678901234"),
        ] {
            assert_eq!(read(text, Style::Point).as_deref(), Some(expected), "{text}");
        }
        for (text, expected) in [
            ("1234,5", "1234.5"),
            ("1.234,5", "1234.5"),
            ("1 234,5", "1234.5"),
            ("1.234", "1234"),
            ("0,107", "0.107"),
            ("5e-05", "0.00005"),
        ] {
            assert_eq!(read(text, Style::Comma).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn an_empty_cell_is_no_price() {
        for text in ["", "  ", "null", "NULL", "NaN", "nan"] {
            assert_eq!(read(text, Style::Point), None, "{text:?}");
        }
    }

    #[test]
    fn what_is_no_price_above_zero_is_refused() {
        for text in [
            "0",
            "0.0",
            "0e5",
            "-1",
            "inf",
            "-Infinity",
            "1e13",
            "1e-19",
            "ten",
            "$5",
            "1,23.4",
            "1234,567.8",
            "1,,234",
            "0,234",
            ",234",
            "1.2.3",
            "1e",
            "--",
            "1\u{e9}",
        ] {
            assert!(price(text, Style::Point, None).is_err(), "{text}");
        }
        assert!(price("1,234.5", Style::Comma, None).is_err());
    }

    #[test]
    fn a_price_tells_its_files_style_or_that_it_cannot() {
        for (text, expected) in [
            ("1234", Evidence::None),
            ("4.061", Evidence::Ambiguous(Style::Point)),
            ("10:00:00,5", Evidence::None),
            ("1.2.3", Evidence::None),
            ("-4.06", Evidence::Clear(Style::Point)),
            ("-1,234", Evidence::Ambiguous(Style::Comma)),
            ("0.061", Evidence::Clear(Style::Point)),
            ("1234.061", Evidence::Clear(Style::Point)),
            ("4.06", Evidence::Clear(Style::Point)),
            ("1,234.5", Evidence::Clear(Style::Point)),
            ("1,234,567", Evidence::Clear(Style::Point)),
            ("1,234", Evidence::Ambiguous(Style::Comma)),
            ("0,234", Evidence::Clear(Style::Comma)),
            ("12,5", Evidence::Clear(Style::Comma)),
            ("1234,567", Evidence::Clear(Style::Comma)),
            ("1.234,5", Evidence::Clear(Style::Comma)),
            ("1.234.567", Evidence::Clear(Style::Comma)),
        ] {
            assert_eq!(evidence(text), expected, "{text}");
        }
    }
}
