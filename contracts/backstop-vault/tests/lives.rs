//! Random lives of the shipped vault with the shipped distributor and breaker,
//! against a model that keeps its own books in exact fractions. Both must agree
//! on every answer and every figure, the world's invariants hold after every
//! message, and at the end everybody leaves and only dust remains.
//!
//! The lives are the same at each run: `MODEL_SEED=<number>` chooses others, and
//! `PROPTEST_CASES` more or fewer. A life that fails is cut down to the steps
//! that matter and printed. How often each state was reached is printed with
//! `--nocapture`, and too rarely is a failure.

// A panic is a failed test.
#![allow(clippy::disallowed_methods)]

use std::sync::Mutex;

use crate::model::chances::{setup, step};
use crate::model::run::Run;
use crate::model::states::Counts;
use crate::model::steps::{Setup, Step};
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

/// Lives, unless `PROPTEST_CASES` says otherwise, and steps in each.
const CASES: u32 = 640;
const STEPS: std::ops::Range<usize> = 200..230;
/// How often each state is to be reached in so many lives.
const LEAST: u64 = 50;

fn variable<T: std::str::FromStr>(name: &str) -> Option<T> {
    std::env::var(name).ok()?.parse().ok()
}

/// Lives through all steps and the end; what was come across is added.
fn live(cw20: bool, setup: &Setup, steps: Vec<Step>, seen: &Mutex<Counts>) {
    let mut run = Run::new(cw20, setup);
    for step in steps {
        run.take(step);
    }
    let came_across = run.seen.clone();
    run.drain();
    seen.lock().unwrap().add(&came_across);
}

/// One half of the lives: with a coin as the asset, or with a token.
fn lives(cw20: bool, cases: u32, seed: u64, seen: &Mutex<Counts>) {
    let mut bytes = [u8::from(cw20); 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = ProptestConfig {
        cases,
        max_shrink_iters: variable("PROPTEST_MAX_SHRINK_ITERS").unwrap_or(300),
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let life = (setup(), prop::collection::vec(step(), STEPS));
    let result = runner.run(&life, |(setup, steps)| {
        let lived = std::panic::catch_unwind(|| live(cw20, &setup, steps, seen));
        lived.map_err(|panic| {
            let text = panic.downcast_ref::<String>().map_or("a panic", String::as_str);
            TestCaseError::fail(text.to_string())
        })
    });
    match result {
        Ok(()) => {}
        Err(TestError::Fail(why, (setup, steps))) => {
            panic!("MODEL_SEED={seed}, cw20: {cw20}, {setup:?}\n{steps:#?}\n{why}")
        }
        Err(abort) => panic!("{abort}"),
    }
}

#[test]
fn every_life_goes_as_the_books_say_and_ends_with_only_dust() {
    let cases = variable("PROPTEST_CASES").unwrap_or(CASES);
    let seed = variable("MODEL_SEED").unwrap_or(0);
    let seen = Mutex::new(Counts::default());
    std::thread::scope(|scope| {
        let halves = [false, true].map(|cw20| {
            let seen = &seen;
            scope.spawn(move || lives(cw20, cases / 2, seed, seen))
        });
        for half in halves {
            if let Err(panic) = half.join() {
                std::panic::resume_unwind(panic);
            }
        }
    });
    let seen = seen.into_inner().unwrap();
    println!("{cases} lives\n{seen}");
    let least = LEAST * u64::from(cases) / u64::from(CASES);
    let rare = seen.rarer(least);
    assert!(
        rare.is_empty(),
        "reached less than {least} times: {rare:?}\n{seen}"
    );
}
