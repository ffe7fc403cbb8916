//! What a later version may do to an answer: give records more fields, bare lists
//! more elements, sets of faults more bits, and names other names.

use serde_json::{Map, Value, json};

/// Objects that stand for one variant of an enum: a field beside it is none.
const VARIANTS: [&str; 2] = ["asset", "status"];
/// Where names of enums stand.
const NAMES: [&str; 6] = ["state", "open_trip", "cause", "trip_cause", "reason", "status"];
/// A fault of a source that no version has yet.
const LATER_FAULT: u64 = 1 << 14;

/// The answer with additions everywhere.
pub fn later(answer: &str) -> String {
    let mut value: Value = serde_json::from_str(answer).unwrap();
    add(&mut value);
    if let Value::Array(row) = &mut value {
        row.extend([json!({ "added_later": [1] }), json!("7")]);
    }
    value.to_string()
}

/// The answer with every name another one.
pub fn renamed(answer: &str) -> String {
    let mut value: Value = serde_json::from_str(answer).unwrap();
    each_object(&mut value, &mut |object| {
        for name in NAMES {
            match object.get_mut(name) {
                Some(Value::Null) | None => {}
                Some(Value::Object(_)) => drop(object.insert(name.to_string(), json!({ "added_later": {} }))),
                Some(known) => *known = json!("added_later"),
            }
        }
    });
    value.to_string()
}

fn add(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(add),
        Value::Object(object) => {
            for (key, part) in object.iter_mut() {
                if key == "faults" {
                    *part = json!(part.as_u64().unwrap() | LATER_FAULT);
                } else if !VARIANTS.contains(&key.as_str()) {
                    add(part);
                }
            }
            object.insert("added_later".to_string(), json!({ "nested": [1, "two", null] }));
        }
        _ => {}
    }
}

fn each_object(value: &mut Value, change: &mut impl FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(|part| each_object(part, change)),
        Value::Object(object) => {
            change(object);
            object.values_mut().for_each(|part| each_object(part, change));
        }
        _ => {}
    }
}
