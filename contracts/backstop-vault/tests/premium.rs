//! `PayPremium`, `SendPremium`, `WithdrawCredit`, and what a premium does to cover.

use crate::support::{Desk, MARKET, owner_sets, terms};
use backstop_testing::{World, cause};
use backstop_types::distributor::{self, Listing};
use backstop_types::vault::*;
use backstop_types::{Assets, Bps, Change, InputError, Patch, Seconds, UncheckedDenom};
use backstop_vault::ContractError;
use cosmwasm_std::{Addr, Decimal, Event};
use cw_multi_test::AppResponse;
use cw_multi_test::error::AnyResult;

/// Ten percent a year whatever is used, unless a test sets another.
fn flat(rate: u32) -> PremiumCurve {
    PremiumCurve {
        kink: Bps(8_000),
        base: Bps(rate),
        at_kink: Bps(rate),
        most: Bps(rate),
    }
}

/// A limit of which a day costs 1,000 at ten percent a year.
const LIMIT: u128 = 3_650_000;

fn asking(change: impl FnOnce(&mut PolicyTerms)) -> PolicyTerms {
    let mut terms = PolicyTerms {
        limit: LIMIT.into(),
        instant: LIMIT.into(),
        premium: Some(Bps::ONE),
        ..terms()
    };
    change(&mut terms);
    terms
}

/// 10,000,000 staked, a tenth of what is earned for the treasury.
fn desk(cw20: bool, change: impl FnOnce(&mut PolicyTerms)) -> Desk {
    let builder = World::builder().without_policy();
    let builder = if cw20 { builder.cw20_asset() } else { builder };
    let builder = builder.vault_params(|params| params.premium = flat(1_000));
    let mut desk = Desk::of(builder, asking(change));
    desk.list_asset();
    let treasury = desk.staker("treasury").to_string();
    desk.update(ParamsUpdate {
        treasury: Some(Patch::Set(treasury)),
        treasury_part: Some(Bps(1_000)),
        ..Default::default()
    })
    .unwrap();
    let alice = desk.staker("alice");
    desk.deposit(&alice, 10_000_000).unwrap();
    desk
}

fn native() -> Desk {
    desk(false, |_| {})
}

impl Desk {
    fn list_asset(&mut self) {
        let listing = Listing {
            denom: UncheckedDenom::from(self.w.asset.clone()),
            min_rate: 1u128.into(),
        };
        let (owner, distributor) = (self.w.owner.clone(), self.w.distributor.clone());
        let msg = distributor::ExecuteMsg::ListDenom(listing);
        self.w.execute(&owner, &distributor, &msg, &[]).unwrap();
    }

    fn pay_as(&mut self, sender: &Addr, amount: u128, max_rate: u32) -> AnyResult<AppResponse> {
        let (market, max_rate) = (MARKET.to_string(), Bps(max_rate));
        let msg = ExecuteMsg::PayPremium {
            market: market.clone(),
            max_rate,
        };
        let hook = HookMsg::PayPremium { market, max_rate };
        let vault = self.w.vault.clone();
        self.w.send_asset(sender, &vault, amount, &msg, &hook)
    }

    fn pay(&mut self, amount: u128) -> AnyResult<AppResponse> {
        let holder = self.holder.clone();
        self.pay_as(&holder, amount, 1_000_000)
    }

    fn send(&mut self) -> AnyResult<AppResponse> {
        let anyone = self.staker("anyone");
        let msg = ExecuteMsg::SendPremium {
            policyholder: self.holder.to_string(),
            market: MARKET.to_string(),
        };
        self.execute(&anyone, &msg, &[])
    }

    fn change(&mut self, terms: PolicyTerms) {
        let holder = self.holder.clone();
        self.as_owner(&owner_sets(&holder, terms, false)).unwrap();
    }

    fn add(&mut self, policyholder: &Addr, terms: PolicyTerms) {
        self.as_owner(&owner_sets(policyholder, terms, true)).unwrap();
    }

    fn close(&mut self) -> AppResponse {
        let holder = self.holder.clone();
        let msg = ExecuteMsg::ClosePolicy {
            policyholder: None,
            market: MARKET.to_string(),
        };
        self.execute(&holder, &msg, &[]).unwrap()
    }

    fn credit(&self, account: &Addr) -> u128 {
        let answer: CreditResponse = self.query(&QueryMsg::Credit {
            account: account.to_string(),
        });
        answer.amount.u128()
    }

    fn take_credit(&mut self, account: &Addr) -> AnyResult<AppResponse> {
        self.execute(account, &ExecuteMsg::WithdrawCredit {}, &[])
    }

    fn premium(&self) -> PremiumState {
        self.policy().premium.unwrap()
    }

    fn quote_premium(&self, amount: Option<u128>) -> PremiumQuote {
        self.query(&QueryMsg::QuotePremium {
            policyholder: self.holder.to_string(),
            market: MARKET.to_string(),
            amount: amount.map(Assets::new),
        })
    }

    fn curve(&mut self, curve: PremiumCurve) {
        self.update(ParamsUpdate {
            premium: Some(Change::to(curve)),
            ..Default::default()
        })
        .unwrap();
    }

    fn now_nanos(&self) -> u64 {
        self.w.app.block_info().time.nanos()
    }

    /// Days from now, rounded down.
    fn days_left(&self) -> u64 {
        let until = self.premium().until.unwrap().nanos();
        until.saturating_sub(self.now_nanos()) / Seconds::DAY.nanos().u64()
    }
}

fn uncovered(amount: u128) -> CoverResponse {
    CoverResponse {
        claim: None,
        paid: Assets::ZERO,
        pending: Assets::ZERO,
        deductible: Assets::ZERO,
        uncovered: amount.into(),
        reason: Some(CoverReason::PremiumUnpaid.into()),
    }
}

#[test]
fn premium_lapse_in_the_middle_of_a_crash() {
    let mut desk = desk(false, |terms| terms.instant = Assets::ZERO);
    // Two days of cover, from tomorrow.
    desk.pay(2_000).unwrap();
    desk.advance(Seconds::days(3).saturating_sub(Seconds(1)));
    desk.w.set_price("9.9");
    let filed = desk.shortfall_at(500, Some("9.9"));
    assert_eq!((filed.claim, filed.pending), (Some(1), 500.into()));
    desk.advance(Seconds(1));
    desk.w.set_price("9.8");
    assert_eq!(desk.shortfall_at(700, Some("9.8")), uncovered(700));
    // What was filed before the lapse is paid.
    desk.advance(Seconds::DAY);
    desk.settle(1).unwrap();
    assert_eq!(desk.claim(1).record.paid, Assets::new(500));
    assert!(!desk.premium().in_force);
}

#[test]
fn two_prepayments_and_a_close_between() {
    for cw20 in [false, true] {
        let mut desk = desk(cw20, |_| {});
        let (holder, treasury) = (desk.holder.clone(), desk.staker("treasury"));
        let start = desk.balance(&holder);
        // Ten days, of which five pass in force after the day of waiting.
        desk.pay(10_000).unwrap();
        desk.advance(Seconds::days(6));
        let state = desk.premium();
        assert_eq!((state.unearned, state.unsent), (5_000.into(), 5_000.into()));
        desk.close();
        assert_eq!(desk.credit(&holder), 5_000);
        assert_eq!(desk.pool().premiums, Assets::new(5_000));

        // The owner adds the policy again: cover begins a day after the payment.
        desk.add(&holder.clone(), asking(|_| {}));
        desk.pay(6_000).unwrap();
        assert_eq!(desk.shortfall(5), uncovered(5));
        desk.advance(Seconds::days(3));
        let state = desk.premium();
        assert_eq!((state.unearned, state.unsent), (4_000.into(), 7_000.into()));
        let before = desk.balance(&desk.w.distributor.clone());
        desk.send().unwrap();
        assert_eq!(desk.balance(&desk.w.distributor.clone()) - before, 6_300);
        assert_eq!(desk.credit(&treasury), 700);

        desk.close();
        assert_eq!(desk.credit(&holder), 9_000);
        for (account, amount) in [(&holder, 9_000), (&treasury, 700)] {
            let before = desk.balance(account);
            desk.take_credit(account).unwrap();
            assert_eq!(desk.balance(account) - before, amount);
            assert_eq!(desk.credit(account), 0);
        }
        assert_eq!(start - desk.balance(&holder), 7_000, "seven days in force");
        let pool = desk.pool();
        assert_eq!((pool.premiums, pool.credits), (Assets::ZERO, Assets::ZERO));
    }
}

#[test]
fn a_second_payment_at_another_rate_averages_what_is_ahead() {
    let mut desk = native();
    desk.pay(10_000).unwrap();
    desk.advance(Seconds::days(6));
    desk.curve(flat(2_000));
    // Five days more: 15,000 are ahead, over ten days.
    desk.pay(10_000).unwrap();
    assert_eq!(desk.days_left(), 10);
    desk.advance(Seconds::days(2));
    let state = desk.premium();
    assert_eq!((state.unearned, state.unsent), (12_000.into(), 8_000.into()));
}

#[test]
fn a_premium_paid_a_second_before_a_known_loss_covers_nothing_for_a_day() {
    let mut desk = native();
    desk.w.set_price("10");
    assert_eq!(desk.shortfall(7), uncovered(7), "never paid");
    desk.pay(5_000).unwrap();
    desk.advance(Seconds(1));
    desk.w.set_price("10");
    assert_eq!(desk.shortfall(7), uncovered(7));
    desk.advance(Seconds::DAY.saturating_sub(Seconds(2)));
    desk.w.set_price("10");
    assert_eq!(desk.shortfall(7), uncovered(7));
    assert!(!desk.premium().in_force);
    desk.advance(Seconds(1));
    desk.w.set_price("10");
    assert!(desk.premium().in_force);
    assert_eq!(desk.shortfall(7).paid, Assets::new(7));
}

#[test]
fn without_a_premium_nothing_is_stored_nothing_asked_and_a_quote_says_the_same() {
    let mut desk = native();
    let before = desk.w.app.dump_wasm_raw(&desk.w.vault);
    let breaker = desk.w.app.dump_wasm_raw(&desk.w.breaker);
    assert_eq!(desk.quote(300, None), uncovered(300));
    assert_eq!(desk.shortfall_at(300, None), uncovered(300));
    assert!(desk.w.app.dump_wasm_raw(&desk.w.vault) == before);
    assert!(desk.w.app.dump_wasm_raw(&desk.w.breaker) == breaker, "no poke");
    // Sent again under the same number once cover is in force, it is granted.
    desk.pay(2_000).unwrap();
    desk.advance(Seconds::DAY);
    desk.w.set_price("10");
    let (holder, number) = (desk.holder.clone(), desk.w.shortfalls_sent());
    desk.w
        .shortfall_numbered(&holder, number, 300, Some("10"))
        .unwrap();
    assert_eq!(desk.claim(1).record.paid, Assets::new(300));
    // What was answered before is answered again, premium or not.
    desk.advance(Seconds::days(2));
    assert!(!desk.premium().in_force);
    let again = desk
        .w
        .shortfall_numbered(&holder, number, 300, Some("10"))
        .unwrap();
    let again: CoverResponse = cosmwasm_std::from_json(again.data.unwrap()).unwrap();
    assert_eq!(again.paid, Assets::new(300));
    assert_eq!(again.reason, Some(CoverReason::AnsweredBefore.into()));
}

#[test]
fn a_policy_without_a_premium_is_always_in_force_and_takes_none() {
    let mut desk = desk(false, |terms| terms.premium = None);
    let state = desk.premium();
    assert!(state.in_force && state.rate.is_none() && state.until.is_none());
    desk.w.set_price("10");
    assert_eq!(desk.shortfall(7).paid, Assets::new(7));
    let refused = desk.refused(|desk| desk.pay(5_000));
    assert!(matches!(refused, ContractError::NoPremium { .. }), "{refused}");
}

#[test]
fn only_the_policyholder_of_an_active_policy_pays_with_the_asset_alone() {
    for cw20 in [false, true] {
        let mut desk = desk(cw20, |_| {});
        let (holder, mallory) = (desk.holder.clone(), desk.staker("mallory"));
        let refused = desk.refused(|desk| desk.pay_as(&mallory, 5_000, 1_000));
        assert!(
            matches!(refused, ContractError::NotFound { what: "policy", .. }),
            "{refused}"
        );
        let pay = ExecuteMsg::PayPremium {
            market: MARKET.to_string(),
            max_rate: Bps(1_000),
        };
        desk.fund_other(&holder);
        let coins = cosmwasm_std::coins(5, "uother");
        let refused = desk.refused(|desk| desk.execute(&holder, &pay, &coins));
        assert!(matches!(refused, ContractError::Input(_)), "{refused}");
        desk.close();
        let refused = desk.refused(|desk| desk.pay(5_000));
        assert!(matches!(refused, ContractError::PolicyClosed { .. }), "{refused}");
    }
    let hook = HookMsg::PayPremium {
        market: MARKET.to_string(),
        max_rate: Bps(1_000),
    };
    let refused = Desk::cw20().refused(|desk| desk.send_stray_cw20(&hook));
    assert!(
        matches!(refused, ContractError::Input(InputError::WrongToken { .. })),
        "{refused}"
    );
}

#[test]
fn a_rate_above_the_payers_most_is_refused_with_both_named() {
    let mut desk = desk(false, |terms| terms.premium = Some(Bps(15_000)));
    let holder = desk.holder.clone();
    let refused = desk.refused(|desk| desk.pay_as(&holder, 5_000, 1_499));
    let expected = ContractError::PremiumRate {
        rate: Decimal::bps(1_500),
        max_rate: Decimal::bps(1_499),
    };
    assert_eq!(refused, expected);
    desk.pay_as(&holder, 5_000, 1_500).unwrap();
    // The owner's dearer curve comes before a payment that is on its way.
    desk.curve(flat(1_001));
    let refused = desk.refused(|desk| desk.pay_as(&holder, 5_000, 1_500));
    assert!(matches!(refused, ContractError::PremiumRate { .. }), "{refused}");
}

#[test]
fn dust_begins_no_cover_and_what_is_beyond_thirty_days_is_sent_back() {
    let mut desk = native();
    let holder = desk.holder.clone();
    let refused = desk.refused(|desk| desk.pay(999));
    assert!(
        matches!(&refused, ContractError::Input(InputError::OutOfBounds { field, .. }) if field == "amount"),
        "{refused}"
    );
    let before = desk.balance(&holder);
    desk.pay(1_000_000).unwrap();
    assert_eq!(
        before - desk.balance(&holder),
        29_000,
        "from tomorrow until thirty days from now"
    );
    assert_eq!(desk.days_left(), 30);
    let refused = desk.refused(|desk| desk.pay(1));
    assert!(
        matches!(refused, ContractError::PremiumPaidAhead { .. }),
        "{refused}"
    );
    desk.advance(Seconds::days(2));
    desk.pay(1_000_000).unwrap();
    assert_eq!(before - desk.balance(&holder), 31_000);
    assert_eq!(desk.days_left(), 30);
}

#[test]
fn earned_premium_is_passed_on_the_same_however_often_it_is_sent() {
    let (mut often, mut once) = (native(), native());
    for desk in [&mut often, &mut once] {
        desk.pay(7_777).unwrap();
        desk.advance(Seconds::DAY);
    }
    for _ in 0..40 {
        often.advance(Seconds(1_234));
        once.advance(Seconds(1_234));
        // In twenty minutes about fourteen units are earned.
        often.send().unwrap();
    }
    once.send().unwrap();
    let got = |desk: &Desk| desk.balance(&desk.w.distributor.clone());
    let treasury = once.staker("treasury");
    assert_eq!(
        got(&often) + often.credit(&treasury),
        got(&once) + once.credit(&treasury)
    );
    assert_eq!(often.premium(), once.premium());
    let refused = often.refused(|desk| desk.send());
    assert!(
        matches!(refused, ContractError::NothingEarned { .. }),
        "{refused}"
    );
    // The treasury's part is rounded down each time.
    assert!(often.credit(&treasury) <= once.credit(&treasury));
}

#[test]
fn what_is_sent_reaches_the_stakers_as_a_stream_of_seven_days() {
    let mut desk = native();
    desk.pay(10_000).unwrap();
    desk.advance(Seconds::days(11));
    desk.send().unwrap();
    let alice = desk.staker("alice");
    assert_eq!(rewards_of(&desk, &alice), 0);
    desk.advance(Seconds::days(14));
    let earned = rewards_of(&desk, &alice);
    assert!((8_999..=9_000).contains(&earned), "{earned}");
}

fn rewards_of(desk: &Desk, staker: &Addr) -> u128 {
    let distributor = distributor::RewardDistributor(desk.w.distributor.clone());
    let rewards = distributor.pending_rewards(&desk.w.querier(), staker).unwrap();
    rewards.iter().map(|reward| reward.amount.u128()).sum::<u128>()
}

#[test]
fn a_stranger_who_sends_every_unit_by_itself_takes_nothing_from_the_stakers() {
    let mut desk = native();
    desk.pay(2_000).unwrap();
    desk.advance(Seconds::DAY);
    let mut sent = 0;
    while desk.premium().in_force {
        // A unit is earned in 86.4 s.
        desk.advance(Seconds(90));
        sent += u128::from(desk.send().is_ok());
    }
    assert!(sent > 1_900, "{sent}");
    let stakers = desk.balance(&desk.w.distributor.clone());
    let (alice, treasury) = (desk.staker("alice"), desk.staker("treasury"));
    assert_eq!(stakers + desk.credit(&treasury), 2_000);
    desk.advance(Seconds::days(21));
    let earned = rewards_of(&desk, &alice);
    assert!((stakers - 1..=stakers).contains(&earned), "{earned} of {stakers}");
}

#[test]
fn without_a_distributor_or_a_listed_asset_nothing_is_sent_and_nothing_changes() {
    let builder = World::builder()
        .without_policy()
        .vault_params(|params| params.premium = flat(1_000));
    let mut desk = Desk::of(builder, asking(|_| {}));
    desk.pay(5_000).unwrap();
    desk.advance(Seconds::days(3));
    let before = desk.w.app.dump_wasm_raw(&desk.w.vault);
    let error = desk.send().unwrap_err();
    assert!(format!("{error:#}").contains("uusd"), "{error:#}");
    assert!(desk.w.app.dump_wasm_raw(&desk.w.vault) == before);
    assert_eq!(desk.premium().unsent, Assets::new(2_000));
    desk.list_asset();
    desk.send().unwrap();

    let other = desk.another_vault();
    let msg = ExecuteMsg::SendPremium {
        policyholder: desk.holder.to_string(),
        market: MARKET.to_string(),
    };
    let (owner, app) = (desk.w.owner.clone(), &mut desk.w.app);
    let refused = cw_multi_test::Executor::execute_contract(app, owner, other, &msg, &[]);
    let refused: ContractError = cause(refused.unwrap_err());
    assert_eq!(refused, ContractError::DistributorMissing {});
}

#[test]
fn a_tightened_policy_keeps_its_end_and_gets_its_share_back() {
    let mut desk = native();
    desk.pay(10_000).unwrap();
    desk.advance(Seconds::days(5));
    let until = desk.premium().until;
    // 6,000 are unearned; two fifths of the price go.
    desk.change(asking(|terms| {
        terms.limit = (LIMIT / 10 * 8).into();
        terms.instant = terms.limit;
        terms.premium = Some(Bps(7_500));
    }));
    assert_eq!(desk.credit(&desk.holder), 2_400);
    let state = desk.premium();
    assert_eq!((state.unearned, state.until), (3_600.into(), until));
    assert_eq!(state.unsent, Assets::new(4_000));
}

#[test]
fn a_raised_policy_keeps_its_premium_and_ends_earlier() {
    let mut desk = native();
    desk.pay(10_000).unwrap();
    desk.advance(Seconds::days(5));
    // Six days left, at thrice the price two.
    desk.change(asking(|terms| terms.premium = Some(Bps(30_000))));
    let state = desk.premium();
    assert_eq!(desk.credit(&desk.holder), 0);
    let two_days = Seconds::days(2).nanos().u64();
    assert_eq!(state.until.unwrap().nanos() - desk.now_nanos(), two_days);
    assert_eq!((state.unearned, state.unsent), (6_000.into(), 4_000.into()));
    desk.advance(Seconds::DAY);
    assert_eq!(desk.premium().unearned, Assets::new(3_000));
}

#[test]
fn a_premium_that_is_newly_asked_leaves_a_day_to_pay_and_one_asked_no_more_is_paid_back() {
    let mut desk = desk(false, |terms| terms.premium = None);
    desk.change(asking(|_| {}));
    desk.advance(Seconds::DAY.saturating_sub(Seconds(1)));
    assert!(desk.premium().in_force);
    // Paid in time, cover goes on without a gap.
    desk.pay(5_000).unwrap();
    desk.advance(Seconds(1));
    assert!(desk.premium().in_force);
    assert_eq!(desk.days_left(), 5);
    desk.change(asking(|terms| terms.premium = None));
    let state = desk.premium();
    assert!(state.in_force && state.unearned.is_zero());
    assert_eq!(desk.credit(&desk.holder) + state.unsent.u128(), 5_000);
    // Asked again, it is not in force for what was paid before.
    desk.change(asking(|_| {}));
    desk.advance(Seconds::DAY);
    assert!(!desk.premium().in_force);
}

#[test]
fn closing_and_adding_again_carries_no_cover_over_and_waits_a_day() {
    let mut desk = native();
    let holder = desk.holder.clone();
    desk.pay(20_000).unwrap();
    desk.advance(Seconds::days(2));
    desk.close();
    desk.add(&holder, asking(|_| {}));
    desk.w.set_price("10");
    assert_eq!(desk.shortfall(5), uncovered(5));
    desk.pay(5_000).unwrap();
    assert_eq!(desk.shortfall(5), uncovered(5));
    // A close before the beginning gives everything back.
    desk.close();
    assert_eq!(desk.credit(&holder), 24_000);
    assert_eq!(desk.premium().unsent, Assets::new(1_000));
    assert!(!desk.premium().in_force);
}

#[test]
fn a_close_sends_no_money_so_no_account_can_stop_it() {
    let mut desk = native();
    desk.pay(20_000).unwrap();
    let holder = desk.holder.clone();
    let before = desk.balance(&holder);
    let done = desk.close();
    let moves = |event: &Event| event.ty == "transfer";
    assert!(!done.events.iter().any(moves));
    assert_eq!(desk.balance(&holder), before);
    desk.take_credit(&holder).unwrap();
    let refused = desk.refused(|desk| desk.take_credit(&holder));
    assert_eq!(refused, ContractError::NoCredit { account: holder });
}

/// Two percent at the base, ten at four fifths, fifty at the full.
fn bent() -> PremiumCurve {
    PremiumCurve {
        kink: Bps(8_000),
        base: Bps(200),
        at_kink: Bps(1_000),
        most: Bps(5_000),
    }
}

#[test]
fn the_price_follows_the_limits_of_active_policies_over_the_active_assets() {
    let mut desk = desk(false, |terms| {
        (terms.limit, terms.instant) = (4_000_000.into(), 5.into())
    });
    desk.curve(bent());
    let rate = |desk: &Desk| desk.quote_premium(None).rate;
    let quote = desk.quote_premium(None);
    assert_eq!(quote.utilisation, Some(Decimal::percent(40)));
    assert_eq!((quote.rate, quote.yearly), (Decimal::percent(6), 240_000.into()));
    // Another policy of half the active assets; a smaller one; none.
    let other = desk.staker("other");
    desk.add(
        &other,
        PolicyTerms {
            limit: 5_000_000.into(),
            instant: 5.into(),
            ..terms()
        },
    );
    assert_eq!(rate(&desk), Decimal::percent(30));
    let smaller = PolicyTerms {
        limit: 4_000_000.into(),
        instant: 5.into(),
        ..terms()
    };
    let msg = ExecuteMsg::ChangePolicy {
        policyholder: other.to_string(),
        market: MARKET.to_string(),
        update: Change::to(smaller),
    };
    desk.as_owner(&msg).unwrap();
    assert_eq!(rate(&desk), Decimal::percent(10));
    // Shares that unbond no longer count.
    let alice = desk.staker("alice");
    desk.unbond(&alice, 2_000_000).unwrap();
    assert_eq!(rate(&desk), Decimal::percent(50));
    desk.execute(
        &other,
        &ExecuteMsg::ClosePolicy {
            policyholder: None,
            market: MARKET.to_string(),
        },
        &[],
    )
    .unwrap();
    assert_eq!(rate(&desk), Decimal::percent(7));
    desk.unbond(&alice, 8_000_000).unwrap();
    let quote = desk.quote_premium(None);
    assert_eq!((quote.utilisation, quote.rate), (None, Decimal::percent(50)));
}

#[test]
fn a_quote_is_what_the_payment_buys() {
    let mut desk = native();
    desk.curve(bent());
    for (amount, wait) in [(1_234_567, 5), (77, 1), (31_000, 40)] {
        let quoted = desk.quote_premium(Some(amount)).purchase;
        let (before, paid) = (desk.balance(&desk.holder.clone()), desk.pay(amount));
        assert_eq!(quoted.is_some(), paid.is_ok(), "{amount}");
        if let Some(bought) = quoted {
            assert_eq!(before - desk.balance(&desk.holder.clone()), bought.kept.u128());
            let state = desk.premium();
            assert_eq!((state.from, state.until), (Some(bought.from), Some(bought.until)));
        }
        desk.advance(Seconds::days(wait));
    }
}

#[test]
fn a_deposit_for_one_block_lowers_the_rate_of_thirty_days_at_most() {
    let mut desk = desk(false, |terms| {
        (terms.limit, terms.instant) = (8_000_000.into(), 5.into())
    });
    desk.curve(bent());
    let before = desk.quote_premium(None).rate;
    let friend = desk.staker("friend");
    desk.deposit(&friend, 90_000_000).unwrap();
    let lowered = desk.quote_premium(None).rate;
    assert_eq!((before, lowered), (Decimal::percent(10), Decimal::bps(280)));
    desk.pay(1_000_000_000).unwrap();
    // The deposit bears losses for the unbonding period, and 30 days is all it bought.
    desk.unbond(&friend, 90_000_000).unwrap();
    assert_eq!(desk.quote_premium(None).rate, before);
    assert_eq!(desk.days_left(), 30);
    let refused = desk.refused(|desk| desk.withdraw(&friend, None));
    assert_eq!(refused, ContractError::NothingToWithdraw { staker: friend });
    desk.w.set_price("10");
}

#[test]
fn a_pause_a_dead_breaker_and_a_closed_policy_stop_neither_credit_nor_sending() {
    let mut desk = native();
    desk.pay(20_000).unwrap();
    desk.advance(Seconds::days(3));
    desk.silence_breaker();
    desk.pause(Pausable::Payouts, Seconds::HOUR).unwrap();
    desk.pause(Pausable::Deposits, Seconds::HOUR).unwrap();
    desk.pay(10).unwrap();
    desk.close();
    desk.send().unwrap();
    let holder = desk.holder.clone();
    desk.take_credit(&holder).unwrap();
    assert_eq!(desk.pool().premiums, Assets::ZERO);
}
