//! Deployments of the contracts themselves to a simulated chain, that stop at every
//! place and go on.

mod common;

use backstop_deploy::{Addresses, Config, Deployment, Error, Part, State, Step, check, plan};
use backstop_types::{Seconds, UncheckedDenom};
use common::{Fake, Fault, Place, config};
use cosmwasm_std::Uint128;
use cw_multi_test::Executor;

async fn run(chain: &mut Fake, config: &Config, place: &Place) -> Result<State, Error> {
    let wasm = chain.wasm(place.folder.path(), config);
    let deployment = Deployment {
        config,
        wasm: &wasm,
        state: &place.state,
        wasmd_version: None,
    };
    deployment.run(chain, &mut |_| {}).await
}

fn labels(config: &Config) -> Vec<String> {
    plan(config).iter().map(Step::to_string).collect()
}

async fn wrong(chain: &Fake, config: &Config, state: &State) -> Vec<String> {
    let addresses = Addresses::of(config, state).unwrap();
    let findings = check(chain, config, &addresses).await.unwrap();
    assert!(findings.len() > 40, "{} findings", findings.len());
    let wrong = findings.into_iter().filter(|finding| !finding.good);
    wrong
        .map(|finding| format!("{} {} {}", finding.what, finding.expected, finding.found))
        .collect()
}

#[tokio::test]
async fn all_is_as_the_file_says_and_the_timelock_has_it() {
    let (mut chain, config, place) = (Fake::new(), config(), Place::new());
    let state = run(&mut chain, &config, &place).await.unwrap();
    assert_eq!(chain.sends, labels(&config));
    assert_eq!(wrong(&chain, &config, &state).await, Vec::<String>::new());
    assert_eq!(State::read(&place.state).unwrap(), Some(state.clone()));

    let addresses = Addresses::of(&config, &state).unwrap();
    let path = place.folder.path().join("local.addresses.json");
    addresses.write(&path).unwrap();
    assert_eq!(Addresses::read(&path).unwrap(), addresses);
    assert_eq!(addresses.smoke_ticket.unwrap().staker, chain.deployer.as_str());
}

#[tokio::test]
async fn a_token_contract_can_be_the_asset_and_a_reward() {
    let (mut chain, mut config, place) = (Fake::new(), config(), Place::new());
    let token = UncheckedDenom::Cw20(chain.token().into_string());
    config.asset = token.clone();
    config.rewards[0].denom = token.clone();
    let fund = config.smoke.as_mut().and_then(|smoke| smoke.fund.as_mut());
    fund.unwrap().denom = token;
    let state = run(&mut chain, &config, &place).await.unwrap();
    assert_eq!(wrong(&chain, &config, &state).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_run_that_stopped_anywhere_goes_on_and_does_nothing_twice() {
    let config = config();
    let whole = {
        let (mut chain, place) = (Fake::new(), Place::new());
        run(&mut chain, &config, &place).await.unwrap()
    };
    let mut stopped = 0;
    for step in 0..plan(&config).len() {
        for fault in [Fault::Before(step), Fault::After(step)] {
            let (mut chain, place) = (Fake::new(), Place::new());
            chain.fault = Some(fault);
            let error = run(&mut chain, &config, &place).await.unwrap_err();
            assert!(matches!(error, Error::Chain(_)), "{fault:?}: {error}");
            let state = run(&mut chain, &config, &place).await.unwrap();
            assert_eq!(chain.sends, labels(&config), "{fault:?}");
            assert_eq!(state, whole, "{fault:?}");
            stopped += 1;
        }
    }
    assert_eq!(stopped, 2 * labels(&config).len());
}

#[tokio::test]
async fn a_file_that_was_edited_while_an_answer_was_lost_is_not_put_on_record_as_done() {
    let (mut chain, first, place) = (Fake::new(), config(), Place::new());
    let step = plan(&first)
        .iter()
        .position(|step| *step == Step::Instantiate(Part::Timelock))
        .unwrap();
    chain.fault = Some(Fault::After(step));
    run(&mut chain, &first, &place).await.unwrap_err();
    let mut second = first.clone();
    second.owner = first.guardian.clone().unwrap();
    let sends = chain.sends.len();
    let refused = run(&mut chain, &second, &place).await.unwrap_err();
    assert!(
        refused.is_input() && refused.to_string().starts_with("instantiate timelock was done"),
        "{refused}"
    );
    assert_eq!(chain.sends.len(), sends);
    let state = run(&mut chain, &first, &place).await.unwrap();
    assert_eq!(wrong(&chain, &first, &state).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_third_run_only_looks() {
    let (mut chain, config, place) = (Fake::new(), config(), Place::new());
    let first = run(&mut chain, &config, &place).await.unwrap();
    let sends = chain.sends.len();
    assert_eq!(run(&mut chain, &config, &place).await.unwrap(), first);
    assert_eq!(chain.sends.len(), sends);
}

#[tokio::test]
async fn a_file_that_contradicts_what_was_done_is_refused_by_field() {
    let (mut chain, first, place) = (Fake::new(), config(), Place::new());
    run(&mut chain, &first, &place).await.unwrap();
    type Edit = fn(&mut Config);
    let edits: [(&str, Edit); 7] = [
        ("vault.notice is 300000: must be 259200", |c| {
            c.vault.notice = Seconds(300_000)
        }),
        ("guardian is null", |c| c.guardian = None),
        ("owner is ", |c| c.owner = c.guardian.clone().unwrap()),
        ("markets.ATOM/USD.params.cooldown is 61: must be 60", |c| {
            c.markets[0].config.params.cooldown = Seconds(61)
        }),
        ("policies.exchange.ATOM/USD.limit", |c| {
            c.policies[0].terms.limit = backstop_types::Assets::new(5_000_000)
        }),
        ("rewards[0].min_rate is \"2\": must be \"1000\"", |c| {
            c.rewards[0].min_rate = Uint128::new(2)
        }),
        ("\"smoke cancel\"", |c| c.smoke = None),
    ];
    for (said, edit) in edits {
        let mut second = first.clone();
        edit(&mut second);
        let refused = run(&mut chain, &second, &place).await.unwrap_err();
        assert!(
            matches!(refused, Error::Contradiction { .. }) && refused.is_input(),
            "{refused}"
        );
        assert!(refused.to_string().contains(said), "{said}: {refused}");
    }
}

#[tokio::test]
async fn a_market_that_is_new_after_the_hand_over_is_the_timelock_s() {
    let (mut chain, mut config, place) = (Fake::new(), config(), Place::new());
    run(&mut chain, &config, &place).await.unwrap();
    let mut another = config.markets[0].clone();
    another.market = "OSMO/USD".to_string();
    config.markets.push(another);
    let refused = run(&mut chain, &config, &place).await.unwrap_err();
    assert!(
        matches!(&refused, Error::TooLate { step } if step == "add market OSMO/USD"),
        "{refused}"
    );
}

#[tokio::test]
async fn another_build_of_a_contract_is_refused_once_it_was_uploaded() {
    let (mut chain, config, place) = (Fake::new(), config(), Place::new());
    chain.fault = Some(Fault::Before(3));
    run(&mut chain, &config, &place).await.unwrap_err();
    chain.codes.breaker = chain.codes.always_allow;
    let refused = run(&mut chain, &config, &place).await.unwrap_err().to_string();
    assert!(refused.starts_with("oracle_breaker.wasm is "), "{refused}");
}

#[tokio::test]
async fn a_chain_that_is_no_place_for_it_is_refused_before_anything_is_sent() {
    let config = config();
    let refused = async |spoil: fn(&mut Fake, &Config)| {
        let (mut chain, place) = (Fake::new(), Place::new());
        spoil(&mut chain, &config);
        let refused = run(&mut chain, &config, &place).await.unwrap_err();
        assert!(chain.sends.is_empty() && !place.state.exists());
        refused.to_string()
    };
    let old = refused(|chain, _| chain.wasmd = Some("0.53.2".to_string())).await;
    assert!(old.contains("must be at least 0.53.3"), "{old}");
    let silent = refused(|chain, _| chain.wasmd = None).await;
    assert!(silent.contains("--wasmd-version"), "{silent}");
    let owner = refused(|chain, config| chain.does_not_know(&config.owner)).await;
    assert!(owner.starts_with("owner is cosmwasm1"), "{owner}");
    let poor = refused(|chain, _| {
        let all = chain.app.wrap().query_balance(&chain.deployer, "uusd").unwrap();
        let nobody = chain.app.api().addr_make("nobody");
        chain
            .app
            .send_tokens(chain.deployer.clone(), nobody, &[all])
            .unwrap();
    })
    .await;
    assert!(poor.contains("has 0uusd: must be at least 1000000uusd"), "{poor}");
}

#[tokio::test]
async fn a_dry_run_sends_nothing_and_names_every_step() {
    let (mut chain, config, place) = (Fake::new(), config(), Place::new());
    let wasm = chain.wasm(place.folder.path(), &config);
    let deployment = Deployment {
        config: &config,
        wasm: &wasm,
        state: &place.state,
        wasmd_version: None,
    };
    let planned = deployment.dry_run(&chain).await.unwrap();
    assert_eq!(
        planned.iter().map(|plan| plan.step.clone()).collect::<Vec<_>>(),
        labels(&config)
    );
    assert!(
        planned[0].simulated && planned[0].gas == Some(140_000),
        "{:?}",
        planned[0]
    );
    assert!(planned.iter().all(|plan| plan.fee.is_some()));
    assert!(chain.sends.is_empty() && !place.state.exists());

    chain.fault = Some(Fault::Before(2));
    deployment.run(&mut chain, &mut |_| {}).await.unwrap_err();
    let planned = deployment.dry_run(&chain).await.unwrap();
    assert_eq!(planned.iter().filter(|plan| plan.done.is_some()).count(), 2);
}

#[tokio::test]
async fn a_check_tells_the_field_that_is_another() {
    let (mut chain, config, place) = (Fake::new(), config(), Place::new());
    let state = run(&mut chain, &config, &place).await.unwrap();
    let mut another = config.clone();
    another.vault.max_tickets = 21;
    another.markets[0].config.params.cooldown = Seconds(61);
    another.exchange.as_mut().unwrap().params.adl_cap = 29;
    another.owner = another.guardian.clone().unwrap();
    let wrong = wrong(&chain, &another, &state).await;
    let owners = format!(
        "custody.timelock.owner \"{}\" \"{}\"",
        another.owner, config.owner
    );
    for said in [
        "vault.max_tickets 21 20",
        "markets.ATOM/USD.params.cooldown 61 60",
        "exchange.params.adl_cap 29 30",
        &owners,
    ] {
        assert!(wrong.iter().any(|wrong| wrong == said), "{said}: {wrong:?}");
    }
}

#[tokio::test]
async fn a_check_tells_cover_and_markets_that_the_file_does_not_know() {
    let (mut chain, config, place) = (Fake::new(), config(), Place::new());
    let offer = plan(&config).iter().position(Step::hands_over).unwrap();
    chain.fault = Some(Fault::Before(offer));
    run(&mut chain, &config, &place).await.unwrap_err();
    // Whoever has the key adds cover of its own before the hand-over.
    let before = State::read(&place.state).unwrap().unwrap();
    let friend = chain.app.api().addr_make("friend").into_string();
    let policy = backstop_types::vault::ExecuteMsg::AddPolicy {
        policyholder: friend.clone(),
        market: config.policies[0].market.clone(),
        terms: config.policies[0].terms,
    };
    let context = serde_json::to_value(&config.markets[0].config)
        .unwrap()
        .to_string();
    let mock = before.address(Part::MockPyth).unwrap();
    let market: serde_json::Value =
        serde_json::from_str(&context.replace("\"mock\"", &format!("\"{mock}\""))).unwrap();
    let market = serde_json::json!({"add_market": {"market": "OSMO/USD", "config": market}});
    let deployer = chain.deployer.clone();
    for (part, msg) in [
        (Part::Vault, serde_json::to_value(&policy).unwrap()),
        (Part::Breaker, market),
    ] {
        let contract = cosmwasm_std::Addr::unchecked(before.address(part).unwrap());
        chain
            .app
            .execute_contract(deployer.clone(), contract, &msg, &[])
            .unwrap();
    }
    let state = run(&mut chain, &config, &place).await.unwrap();
    let wrong = wrong(&chain, &config, &state).await;
    assert_eq!(wrong.len(), 2, "{wrong:?}");
    assert!(
        wrong[0].starts_with(&format!("policies.{friend}.ATOM/USD null")),
        "{wrong:?}"
    );
    assert!(wrong[1].starts_with("markets.OSMO/USD null"), "{wrong:?}");
}

#[tokio::test]
async fn the_owner_s_first_message_is_taken_from_the_owner_alone_and_changes_nothing() {
    let (mut chain, config, place) = (Fake::new(), config(), Place::new());
    let state = run(&mut chain, &config, &place).await.unwrap();
    let message = Addresses::of(&config, &state).unwrap().owner_message;
    let timelock = cosmwasm_std::Addr::unchecked(state.address(Part::Timelock).unwrap());
    let owner = cosmwasm_std::Addr::unchecked(&config.owner);
    let by_another =
        chain
            .app
            .execute_contract(chain.deployer.clone(), timelock.clone(), &message["msg"], &[]);
    assert!(by_another.is_err());
    let done = chain
        .app
        .execute_contract(owner, timelock, &message["msg"], &[])
        .unwrap();
    let ended = done
        .events
        .iter()
        .any(|event| event.ty == "wasm-backstop_apply_change");
    assert!(ended, "{:?}", done.events);
    assert_eq!(wrong(&chain, &config, &state).await, Vec::<String>::new());
}
