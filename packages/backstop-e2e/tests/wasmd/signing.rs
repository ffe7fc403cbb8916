//! Every message of every contract, signed as Keplr signs it: directly, and as the
//! JSON that a Ledger device shows. A node checks a signature before anything else,
//! so a message that its contract refuses tells as much as one that it takes.

use std::path::Path;

use backstop_chain::{Message, SignMode};
use backstop_e2e::Stage;
use serde_json::{Map, Value, json};

/// An example of what a schema describes: each optional field is there, and texts
/// hold what must be escaped.
fn example(schema: &Value, definitions: &Value, depth: u32) -> Value {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.trim_start_matches("#/definitions/");
        return example(&definitions[name], definitions, depth);
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        if let Some(choices) = schema[choice].as_array() {
            let chosen = choices.iter().find(|one| one["type"] != json!("null")).unwrap();
            return example(chosen, definitions, depth);
        }
    }
    if let Some(names) = schema["enum"].as_array() {
        return names[0].clone();
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str());
    match kind {
        Some("object") if depth < 8 => {
            let mut object = Map::new();
            for (key, field) in schema["properties"].as_object().into_iter().flatten() {
                object.insert(key.clone(), example(field, definitions, depth + 1));
            }
            Value::Object(object)
        }
        Some("array") => match &schema["items"] {
            Value::Array(items) => items
                .iter()
                .map(|item| example(item, definitions, depth + 1))
                .collect(),
            item => json!([example(item, definitions, depth + 1)]),
        },
        Some("integer" | "number") => json!(7),
        Some("boolean") => json!(true),
        _ => json!("a <text> & \"more\" — ü"),
    }
}

/// One of each message that a contract takes.
fn messages(contract: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../schema/{contract}.json"));
    let schema: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    let execute = &schema["execute"];
    let variants = execute["oneOf"].as_array().unwrap();
    variants
        .iter()
        .map(|variant| example(variant, &execute["definitions"], 0))
        .collect()
}

#[test]
fn every_message_is_taken_signed_directly_and_by_amino() {
    let Some(stage) = Stage::open() else { return };
    let puppet = stage.puppet(Some(backstop_puppet::Conduct::Answer { data: None }), None);
    let mut signed = 0;
    for contract in [
        "backstop-vault",
        "reward-distributor",
        "oracle-breaker",
        "sample-perps",
        "risk-timelock",
    ] {
        for message in messages(contract) {
            let name = message.as_object().unwrap().keys().next().unwrap().clone();
            for mode in [SignMode::Direct, SignMode::Amino] {
                let call = Message::execute(&puppet, &message).unwrap();
                stage
                    .send_signed("alice", mode, &[call])
                    .unwrap_or_else(|error| panic!("{contract} {name} {mode}: {error}"));
                signed += 1;
            }
        }
    }
    assert!(signed > 130, "{signed} signatures");
}
