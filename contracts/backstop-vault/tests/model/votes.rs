//! What the owner votes on, by the timelock's README: the fields that a vote names,
//! which of them raise stakers' risk, and when a vote that waits is due.

use backstop_types::vault::PolicyTerms;

use super::ledger::Ledger;
use super::premium::Tariff;
use super::steps::Tune;

/// What an owner can vote on.
#[derive(Debug, Clone, Copy)]
pub enum Vote {
    /// Whether a tariff's treasury is named comes with it.
    Tune(Tune, bool),
    Terms {
        holder: usize,
        terms: PolicyTerms,
        add: bool,
    },
    Close {
        holder: usize,
    },
}

/// A vote that waits.
#[derive(Debug, Clone)]
pub struct Waiting {
    pub number: u64,
    pub vote: Vote,
    /// What its fields were.
    pub from: Fields,
    /// Seconds of unbonding when it was submitted.
    pub unbonding: u64,
    /// Nanoseconds.
    pub due: u64,
    /// Whether another was made that changed a field of it.
    pub overtaken: bool,
}

/// What is named, and its value: none where there is none.
pub type Fields = Vec<(String, Option<i128>)>;

/// What becomes of a vote that is to be applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Refused,
    Applied,
    Overtaken,
    Lapsed,
    ExitsSlower,
}

/// Nanoseconds in which what is due can be applied.
pub const APPLICABLE: u64 = 7 * super::steps::DAY;

enum Raises {
    More,
    Less,
    Any,
    Never,
}

fn rule(field: &str) -> Raises {
    let name = field.rsplit('.').next().unwrap();
    match name {
        "fraction" | "min_ticket" | "kink" | "part" | "limit" | "instant" => Raises::More,
        "notice" | "max_tickets" | "base" | "at_kink" | "most" => Raises::Less,
        "deductible" | "minimum" | "delay" | "priced" | "premium" => Raises::Less,
        "unbonding" | "hook_gas" | "poke_gas" | "breaker" => Raises::Any,
        "treasury" => Raises::Never,
        _ => panic!("{field} is not classed"),
    }
}

fn raises(field: &str, from: Option<i128>, to: Option<i128>) -> bool {
    let (Some(had), Some(has)) = (from, to) else {
        return from != to && to.is_none();
    };
    match rule(field) {
        Raises::More => has > had,
        Raises::Less => has < had,
        Raises::Any => has != had,
        Raises::Never => false,
    }
}

fn of_terms(holder: usize, terms: Option<&PolicyTerms>) -> Fields {
    let amount = |value: u128| Some(i128::try_from(value).unwrap());
    let value = |of: &dyn Fn(&PolicyTerms) -> Option<i128>| terms.and_then(of);
    [
        ("limit", value(&|it| amount(it.limit.u128()))),
        ("deductible", value(&|it| amount(it.deductible.u128()))),
        ("instant", value(&|it| amount(it.instant.u128()))),
        ("minimum", value(&|it| amount(it.minimum.u128()))),
        ("delay", value(&|it| Some(it.delay.0.into()))),
        ("priced", value(&|it| Some(it.priced.into()))),
        ("premium", value(&|it| it.premium.map(|bps| bps.0.into()))),
    ]
    .map(|(name, value)| (format!("{holder}.{name}"), value))
    .to_vec()
}

fn of_tariff(tariff: &Tariff, treasury: bool) -> Fields {
    let mut fields = vec![
        ("kink", tariff.kink),
        ("base", tariff.base),
        ("at_kink", tariff.at_kink),
        ("most", tariff.most),
        ("part", tariff.part),
    ];
    if treasury {
        fields.push(("treasury", u32::from(tariff.treasury)));
    }
    let named = |(name, value): (&str, u32)| (name.to_string(), Some(value.into()));
    fields.into_iter().map(named).collect()
}

fn one(name: &str, value: impl Into<i128>) -> Fields {
    vec![(name.to_string(), Some(value.into()))]
}

fn gas(hook: u64, poke: u64) -> Fields {
    [one("hook_gas", hook), one("poke_gas", poke)].concat()
}

fn small(value: u128) -> i128 {
    i128::try_from(value).unwrap()
}

impl Vote {
    /// What its fields are now.
    pub fn from(&self, book: &Ledger) -> Fields {
        let tuning = &book.tuning;
        match *self {
            Self::Tune(tune, treasury) => match tune {
                Tune::Unbonding(_) => one("unbonding", tuning.unbonding),
                Tune::Notice(_) => one("notice", tuning.notice),
                Tune::Fraction(_) => one("fraction", tuning.fraction),
                Tune::MinTicket(_) => one("min_ticket", small(tuning.min_ticket)),
                Tune::MaxTickets(_) => one("max_tickets", tuning.max_tickets as u64),
                Tune::Gas(_) => gas(tuning.gas[0], tuning.gas[1]),
                Tune::Breaker => one("breaker", 0),
                Tune::Tariff(_) => of_tariff(&book.tariff, treasury),
            },
            Self::Terms { holder, .. } | Self::Close { holder } => {
                let policy = book.policies[holder].as_ref().filter(|policy| !policy.closed);
                of_terms(holder, policy.map(|policy| &policy.terms))
            }
        }
    }

    /// What they are to be.
    pub fn to(&self) -> Fields {
        match self {
            Self::Tune(tune, treasury) => match tune {
                Tune::Unbonding(hours) => one("unbonding", hours * 3_600),
                Tune::Notice(days) => one("notice", days * 86_400),
                Tune::Fraction(part) => one("fraction", *part),
                Tune::MinTicket(shares) => one("min_ticket", small(*shares)),
                Tune::MaxTickets(most) => one("max_tickets", *most),
                Tune::Gas(each) => gas(*each, *each),
                Tune::Breaker => one("breaker", 0),
                Tune::Tariff(tariff) => of_tariff(tariff, *treasury),
            },
            Self::Terms { holder, terms, .. } => of_terms(*holder, Some(terms)),
            Self::Close { holder } => of_terms(*holder, None),
        }
    }

    /// Whether a field of it raises stakers' risk.
    pub fn waits(&self, book: &Ledger) -> bool {
        let pairs = |(from, to): (Fields, Fields)| from.into_iter().zip(to);
        match self {
            Self::Close { .. } => false,
            Self::Terms { add: true, .. } => true,
            _ => pairs((self.from(book), self.to())).any(|((name, from), (_, to))| raises(&name, from, to)),
        }
    }
}

impl Waiting {
    /// Whether a vote that changed these fields makes it void.
    pub fn is_overtaken_by(&self, from: &Fields, to: &Fields) -> bool {
        let changed = from.iter().zip(to).filter(|(from, to)| from.1 != to.1);
        changed
            .into_iter()
            .any(|((name, _), _)| self.from.iter().any(|(own, _)| own == name))
    }

    /// What an application comes to.
    pub fn fate(&self, book: &Ledger, now: u64) -> Fate {
        if self.overtaken || now < self.due {
            Fate::Refused
        } else if now >= self.due + APPLICABLE {
            Fate::Lapsed
        } else if self.vote.from(book) != self.from {
            Fate::Overtaken
        } else if book.tuning.unbonding > self.unbonding {
            Fate::ExitsSlower
        } else {
            Fate::Applied
        }
    }
}
