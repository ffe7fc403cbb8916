//! `backstop decode`: a wrong field has its path and what it must be.

use std::io::Write;
use std::process::{Command, Output, Stdio};

fn decode(contract: &str, message: &str) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_backstop"))
        .args(["decode", contract, "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = program.stdin.take().unwrap();
    stdin.write_all(message.as_bytes()).unwrap();
    drop(stdin);
    program.wait_with_output().unwrap()
}

#[test]
fn a_message_that_its_contract_takes_is_printed_as_it_has_it() {
    let done = decode("vault", r#"{"unbond":{"shares":"5"}}"#);
    assert!(done.status.success());
    let printed: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(printed["unbond"]["shares"], "5");
}

#[test]
fn a_query_is_read_too_and_what_is_neither_is_named() {
    let done = decode("timelock", r#"{"change":{"number":7}}"#);
    assert!(done.status.success());
    let wrong = decode(
        "vault",
        r#"{"quote_cover":{"policyholder":"a","market":"m","amount":5}}"#,
    );
    let shown = String::from_utf8(wrong.stderr).unwrap();
    assert!(
        shown.contains("quote_cover.amount: invalid type: integer `5`"),
        "{shown}"
    );
    let neither = decode("vault", r#"{"quote":{}}"#);
    let shown = String::from_utf8(neither.stderr).unwrap();
    assert_eq!(neither.status.code(), Some(2));
    assert!(shown.contains("unknown variant `quote`"), "{shown}");
}

#[test]
fn a_wrong_field_is_named_with_what_to_do() {
    let text = r#"next: write the number as text: "1000000""#;
    for (contract, message, field, next) in [
        (
            "vault",
            r#"{"change_policy":{"policyholder":"a","market":"m","update":{"limit":1000000}}}"#,
            "change_policy.update.limit: invalid type: integer `1000000`",
            text,
        ),
        (
            "vault",
            r#"{"unbond":{"share":"5"}}"#,
            "unbond.share: unknown field `share`",
            "next: correct the field",
        ),
        (
            "vault",
            r#"{"change_policy":{"policyholder":"a","market":"m","update":{"premium":500}}}"#,
            "change_policy.update.premium: expected value",
            r#"next: write which form it has: {"set": value}"#,
        ),
        (
            "breaker",
            r#"{"update_market":{"market":"m","params":{"max_jump":"2000"}}}"#,
            "update_market.params.max_jump: invalid type: string",
            "next: correct the field",
        ),
        (
            "distributor",
            r#"{"list_denom":{"denom":{"native":"uusd"},"min_rate":1000000}}"#,
            "list_denom.min_rate: invalid type: integer",
            text,
        ),
        (
            "exchange",
            r#"{"update_params":{"update":{"depth":1000000}}}"#,
            "update_params.update.depth: invalid type: integer",
            text,
        ),
        (
            "timelock",
            r#"{"submit":{"change":{"vault":{"change_policy":{"policyholder":"a","market":"m","update":{"limit":1000000}}}}}}"#,
            "submit.change.vault.change_policy.update.limit: invalid type: integer `1000000`",
            text,
        ),
        (
            "timelock",
            r#"{"submit":{"change":{"breaker":{"change":{"update_market":{"market":"m","params":{"max_jmp":5}}}}}}}"#,
            "unknown field `max_jmp`",
            "next: correct the field",
        ),
    ] {
        let refused = decode(contract, message);
        let shown = String::from_utf8(refused.stderr).unwrap();
        assert_eq!(refused.status.code(), Some(2), "{shown}");
        assert!(shown.contains(field) && shown.contains(next), "{shown}");
    }
}
