//! Today's contracts beside contracts of other versions, which are played back.

use backstop_testing::World;
use backstop_types::breaker::TripCause;
use backstop_types::vault::{BackstopVault, ClaimStatus, CoverReason, CoverReply, CoverResponse, Held};
use backstop_types::{Assets, Open, Seconds, Shares, distributor, vault};
use cosmwasm_std::{
    Addr, Binary, MsgResponse, Reply, SubMsgResponse, SubMsgResult, from_json, to_json_binary,
};

use super::player::{self, Tape};
use super::{Recorded, additions, scene, versions};

/// An answer as another version gives it: as recorded, or with additions.
type Age = fn(&str) -> String;

/// Every recorded version as it was, and with additions.
fn ages() -> Vec<(String, Recorded, Age)> {
    let each = |(version, recorded): (String, Recorded)| {
        let later = format!("{version} with additions");
        [
            (version, recorded.clone(), str::to_string as Age),
            (later, recorded, additions::later as Age),
        ]
    };
    versions().into_iter().flat_map(each).collect()
}

fn play(w: &mut World, tape: &Tape) -> Addr {
    let code = w.app.store_code(player::contract());
    w.instantiate(code, tape, "player").unwrap()
}

/// A world whose vault asks a breaker that answers pokes with `data`.
fn beside_breaker(data: String, storage: Vec<(Vec<u8>, String)>) -> (World, Addr) {
    let (mut w, holder) = scene::world();
    // The same verdict as a query's answer, and an empty page of markets.
    let mut answer: serde_json::Value = serde_json::from_str(&data).unwrap();
    let mut answer = answer["verdicts"][0].take();
    answer["markets"] = serde_json::json!([]);
    let tape = Tape {
        data: Binary::from(data.into_bytes()),
        answer: Binary::from(answer.to_string().into_bytes()),
        storage: storage
            .into_iter()
            .map(|(key, value)| (key.into(), value.into_bytes().into()))
            .collect(),
    };
    let breaker = play(&mut w, &tape);
    let update = vault::ParamsUpdate {
        breaker: Some(breaker.to_string()),
        ..Default::default()
    };
    let (owner, vault) = (w.owner.clone(), w.vault.clone());
    w.execute(&owner, &vault, &vault::ExecuteMsg::UpdateParams { update }, &[])
        .unwrap();
    (w, holder)
}

fn asked(w: &mut World, holder: &Addr, amount: u128) -> CoverResponse {
    let answered = w.shortfall(holder, amount, Some("10")).unwrap();
    from_json(answered.data.unwrap()).unwrap()
}

fn stored(w: &World, claim: u64) -> vault::Claim {
    let query = vault::QueryMsg::Claim { claim };
    w.query::<vault::ClaimResponse>(&w.vault, &query).unwrap().record
}

#[test]
fn a_vault_pays_on_an_allowance_that_comes_with_more_than_it_knows() {
    for (version, recorded, age) in ages() {
        let (mut w, holder) = beside_breaker(age(&recorded["poke"]), vec![]);
        let answer = asked(&mut w, &holder, 60);
        assert_eq!((answer.paid, answer.reason), (Assets::new(50), None), "{version}");
    }
}

#[test]
fn a_vault_sees_a_trip_behind_a_state_and_a_cause_that_it_does_not_know() {
    for (version, recorded, age) in ages() {
        let key = |w: &World| (scene::markets(w), scene::trip(w));
        let (market, trip) = key(&scene::world().0);
        for renamed in [false, true] {
            let age = |name: &str| {
                let answer = age(&recorded[name]);
                if renamed {
                    additions::renamed(&answer)
                } else {
                    answer
                }
            };
            let storage = vec![
                (market.clone(), age("market_tripped")),
                (trip.clone(), age("trip_ended")),
            ];
            let (mut w, holder) = beside_breaker(age("poke_tripped"), storage);
            let answer = asked(&mut w, &holder, 60);
            assert_eq!(
                answer.reason,
                Some(CoverReason::BreakerDenied.into()),
                "{version}"
            );
            let ClaimStatus::Held(Held {
                trip,
                cause,
                last_clean,
                ..
            }) = stored(&w, 1).status
            else {
                panic!("{version}: not held");
            };
            assert_eq!(
                (trip, cause),
                (
                    Some(1),
                    Some(if renamed {
                        Open::Unknown("added_later".to_string())
                    } else {
                        TripCause::Faults.into()
                    })
                ),
                "{version}"
            );
            assert!(last_clean.is_some(), "{version}");

            // The trip's end is read, and the claim is paid by its span.
            w.advance(Seconds::DAY);
            let (owner, vault) = (w.owner.clone(), w.vault.clone());
            w.execute(&owner, &vault, &vault::ExecuteMsg::SettleClaim { claim: 1 }, &[])
                .unwrap();
            assert_eq!(stored(&w, 1).status, ClaimStatus::Paid {}, "{version}");
        }
    }
}

/// The reply of a vault that answered this.
fn reply(answer: &str) -> Reply {
    // Field 1, of so many bytes: the data of a `MsgExecuteContractResponse`.
    let mut encoded = vec![10];
    let length = u32::try_from(answer.len()).unwrap();
    encoded.extend([(length & 127) as u8 | 128, (length >> 7) as u8]);
    encoded.extend(answer.as_bytes());
    let value = Binary::from(encoded);
    #[allow(deprecated)] // must be filled in
    let response = SubMsgResponse {
        events: vec![],
        data: None,
        msg_responses: vec![MsgResponse {
            type_url: "/cosmwasm.wasm.v1.MsgExecuteContractResponse".to_string(),
            value,
        }],
    };
    Reply {
        id: 1,
        payload: Binary::default(),
        gas_used: 0,
        result: SubMsgResult::Ok(response),
    }
}

#[test]
fn an_integrator_reads_the_answer_of_every_later_vault() {
    for (version, recorded, age) in ages() {
        for name in ["cover", "cover_held", "cover_repeated"] {
            for renamed in [false, true] {
                let answer = age(&recorded[name]);
                let answer = if renamed {
                    additions::renamed(&answer)
                } else {
                    answer
                };
                let read = vault::parse_cover_reply(reply(&answer));
                let CoverReply::Answer(cover) = read else {
                    panic!("{name} of {version}: {read:?}")
                };
                assert!(!cover.missing().unwrap().is_zero(), "{name} of {version}");
                assert_eq!(
                    cover.reason.unwrap().known().is_none(),
                    renamed,
                    "{name} of {version}"
                );
            }
        }
    }
}

#[test]
fn what_cannot_be_read_is_never_no_answer() {
    for garbage in [r#"{"paid":"#, "[]", r#"{"granted":"7"}"#, "\"ok\""] {
        let padded = format!("{garbage}{}", " ".repeat(130));
        assert_eq!(
            vault::parse_cover_reply(reply(&padded)),
            CoverReply::Unreadable,
            "{garbage}"
        );
    }
    let failed = Reply {
        result: SubMsgResult::Err("redacted".to_string()),
        ..reply(&" ".repeat(130))
    };
    assert_eq!(vault::parse_cover_reply(failed), CoverReply::NoAnswer);
}

#[test]
fn a_distributor_reads_the_stakes_of_every_later_vault() {
    for (version, recorded, age) in ages() {
        let (mut w, _) = scene::world();
        let a = w.addr("a");
        let tape = Tape {
            data: to_json_binary("").unwrap(),
            answer: to_json_binary("").unwrap(),
            storage: vec![(
                scene::stake(&a).into(),
                age(&recorded["stake"]).into_bytes().into(),
            )],
        };
        let vault = play(&mut w, &tape);
        assert_eq!(
            BackstopVault(vault.clone())
                .stake(&w.querier(), &a)
                .unwrap()
                .active,
            Shares::new(1_000)
        );
        let msg = distributor::InstantiateMsg {
            owner: w.owner.to_string(),
            vault: vault.to_string(),
            denoms: vec![],
        };
        let distributor = w.instantiate(w.codes.distributor, &msg, "another").unwrap();
        let sync = distributor::ExecuteMsg::Sync {
            staker: a.to_string(),
        };
        w.execute(&a, &distributor, &sync, &[]).unwrap();
        let query = distributor::QueryMsg::Staker {
            staker: a.to_string(),
        };
        let staker: distributor::StakerResponse = w.query(&distributor, &query).unwrap();
        assert_eq!(
            (staker.recorded, staker.active),
            (Shares::new(1_000), Shares::new(1_000)),
            "{version}"
        );
    }
}
