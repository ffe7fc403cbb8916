//! Digits in threes.

use std::fmt::Display;

/// A whole number with a comma before each three digits.
pub fn grouped(number: impl Display) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_every_digit() {
        assert_eq!(
            ["0", "7", "123", "999", "1000", "1234567"].map(grouped),
            ["0", "7", "123", "999", "1,000", "1,234,567"]
        );
        let most = u128::MAX;
        assert_eq!(grouped(most).replace(',', ""), most.to_string());
    }
}
