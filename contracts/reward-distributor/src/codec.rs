//! How the values of the hot path are stored. A chain charges for each byte of
//! a value, and field names and decimal digits were most of them: here a number
//! takes the bytes that it needs and no name is stored.
//!
//! | part | bytes |
//! | --- | --- |
//! | value | the version, [`VERSION`], then its fields in the order below |
//! | number | a length, then as many bytes, big-endian and without leading zeros; zero is the length 0 alone |
//! | [`Ledger`] | shares, staked seconds, time in nanoseconds; then its flows to the end of the value |
//! | [`Flow`] | by how many seconds it lags behind the clock (modulo 2⁶⁴), rate, carry, index |
//! | [`Account`] | shares; then its accruals to the end of the value |
//! | [`Accrual`] | index, owed |
//! | [`Funding`] | amount, total, time in nanoseconds, from, end week; then the funder's address to the end of the value |
//! | [`Turn`] of a rate | drop; then, if it is not zero, the rise |
//! | [`Stop`] | refunded, time in nanoseconds |
//!
//! There is one encoding of a value, and nothing else decodes: a version that
//! is unknown, a number that is too wide or begins with a zero, bytes that are
//! missing or left over are a [`StdError::ParseErr`].

use backstop_core::rewards::{Account, Accrual, Clock, Flow, Ledger, Turn};
use backstop_types::{Seconds, Shares};
use cosmwasm_std::{Addr, StdError, StdResult, Timestamp, Uint128, Uint256};

use crate::funding::{Funding, Stop};

/// The version of the encoding, a value's first byte.
pub const VERSION: u8 = 1;

/// A value with a compact encoding.
pub trait Compact: Sized {
    /// What it is, for errors.
    const NAME: &'static str;

    /// Appends the fields.
    fn write(&self, to: &mut Writer);

    /// Takes the fields.
    fn read(from: &mut Reader) -> StdResult<Self>;

    /// The value as it is stored.
    fn encode(&self) -> Vec<u8> {
        let mut to = Writer(vec![VERSION]);
        self.write(&mut to);
        to.0
    }

    /// The value that is stored as `bytes`. Any other bytes are an error.
    fn decode(bytes: &[u8]) -> StdResult<Self> {
        let mut from = Reader {
            rest: bytes,
            name: Self::NAME,
        };
        match from.take(1)? {
            [VERSION] => {}
            version => return Err(from.error(format!("version {version:?}: must be {VERSION}"))),
        }
        let value = Self::read(&mut from)?;
        match from.rest.len() {
            0 => Ok(value),
            left => Err(from.error(format!("{left} bytes are left over"))),
        }
    }
}

/// Where fields are appended.
pub struct Writer(Vec<u8>);

impl Writer {
    /// Appends a number by its big-endian bytes, at most 32.
    fn number(&mut self, bytes: &[u8]) {
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        let digits = bytes.get(zeros..).unwrap_or_default();
        self.0.push(digits.len() as u8);
        self.0.extend_from_slice(digits);
    }

    fn u64(&mut self, number: u64) {
        self.number(&number.to_be_bytes());
    }

    fn u128(&mut self, number: u128) {
        self.number(&number.to_be_bytes());
    }

    fn u256(&mut self, number: Uint256) {
        self.number(&number.to_be_bytes());
    }
}

/// Where fields are taken from.
pub struct Reader<'a> {
    rest: &'a [u8],
    name: &'static str,
}

impl<'a> Reader<'a> {
    fn error(&self, what: impl Into<String>) -> StdError {
        StdError::parse_err(self.name, what.into())
    }

    fn take(&mut self, length: usize) -> StdResult<&'a [u8]> {
        let parts = self.rest.split_at_checked(length);
        let (taken, rest) = parts.ok_or_else(|| self.error("bytes are missing"))?;
        self.rest = rest;
        Ok(taken)
    }

    /// Takes a number of at most `N` bytes.
    fn number<const N: usize>(&mut self) -> StdResult<[u8; N]> {
        let length = self.take(1)?.first().copied().map_or(0, usize::from);
        let digits = self.take(length)?;
        if length > N || digits.first() == Some(&0) {
            return Err(self.error(format!(
                "a number of {length} bytes: must be {N} at most, without leading zeros"
            )));
        }
        let mut number = [0; N];
        for (to, from) in number.iter_mut().rev().zip(digits.iter().rev()) {
            *to = *from;
        }
        Ok(number)
    }

    fn u64(&mut self) -> StdResult<u64> {
        Ok(u64::from_be_bytes(self.number()?))
    }

    fn u128(&mut self) -> StdResult<u128> {
        Ok(u128::from_be_bytes(self.number()?))
    }

    fn u256(&mut self) -> StdResult<Uint256> {
        Ok(Uint256::from_be_bytes(self.number()?))
    }

    /// Takes parts to the end of the value.
    fn all<T>(&mut self, mut part: impl FnMut(&mut Self) -> StdResult<T>) -> StdResult<Vec<T>> {
        let mut parts = Vec::new();
        while !self.rest.is_empty() {
            parts.push(part(self)?);
        }
        Ok(parts)
    }
}

impl Compact for Ledger {
    const NAME: &'static str = "Ledger";

    fn write(&self, to: &mut Writer) {
        to.u128(self.clock.shares.u128());
        to.u64(self.clock.staked.0);
        to.u64(self.clock.at.nanos());
        for flow in &self.flows {
            to.u64(self.clock.staked.0.wrapping_sub(flow.at.0));
            to.u256(flow.rate);
            to.u256(flow.carry);
            to.u256(flow.index);
        }
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        let clock = Clock {
            shares: Shares::new(from.u128()?),
            staked: Seconds(from.u64()?),
            at: Timestamp::from_nanos(from.u64()?),
        };
        let flows = from.all(|from| {
            Ok(Flow {
                at: Seconds(clock.staked.0.wrapping_sub(from.u64()?)),
                rate: from.u256()?,
                carry: from.u256()?,
                index: from.u256()?,
            })
        })?;
        Ok(Self { clock, flows })
    }
}

impl Compact for Account {
    const NAME: &'static str = "Account";

    fn write(&self, to: &mut Writer) {
        to.u128(self.shares.u128());
        for accrual in &self.rewards {
            to.u256(accrual.index);
            to.u256(accrual.owed);
        }
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        let shares = Shares::new(from.u128()?);
        let rewards = from.all(|from| {
            Ok(Accrual {
                index: from.u256()?,
                owed: from.u256()?,
            })
        })?;
        Ok(Self { shares, rewards })
    }
}

impl Compact for Funding {
    const NAME: &'static str = "Funding";

    fn write(&self, to: &mut Writer) {
        to.u128(self.amount.u128());
        to.u128(self.total.u128());
        to.u64(self.funded_at.nanos());
        to.u64(self.from.0);
        to.u64(self.end_week);
        to.0.extend_from_slice(self.funder.as_bytes());
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        let (amount, total) = (Uint128::new(from.u128()?), Uint128::new(from.u128()?));
        let funded_at = Timestamp::from_nanos(from.u64()?);
        let (stream, end_week) = (Seconds(from.u64()?), from.u64()?);
        let funder = from.take(from.rest.len())?;
        let funder = std::str::from_utf8(funder).map_err(|error| from.error(error.to_string()))?;
        Ok(Self {
            funder: Addr::unchecked(funder),
            amount,
            total,
            funded_at,
            from: stream,
            end_week,
        })
    }
}

impl Compact for Turn {
    const NAME: &'static str = "Turn";

    fn write(&self, to: &mut Writer) {
        to.u256(self.drop);
        if !self.rise.is_zero() {
            to.u256(self.rise);
        }
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        let drop = from.u256()?;
        if from.rest.is_empty() {
            return Ok(Self {
                drop,
                ..Self::default()
            });
        }
        let rise = from.u256()?;
        if rise.is_zero() {
            return Err(from.error("a rise of zero: must be left out"));
        }
        Ok(Self { drop, rise })
    }
}

impl Compact for Stop {
    const NAME: &'static str = "Stop";

    fn write(&self, to: &mut Writer) {
        to.u128(self.refunded.u128());
        to.u64(self.stopped_at.nanos());
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            refunded: Uint128::new(from.u128()?),
            stopped_at: Timestamp::from_nanos(from.u64()?),
        })
    }
}

#[cfg(test)]
mod tests;
