//! What an update's fields mean, in its schema.

use cosmwasm_schema::schemars::JsonSchema;
use cosmwasm_schema::schemars::r#gen::SchemaGenerator;
use cosmwasm_schema::schemars::schema::Schema;

/// The form of an update with the text that each field has in the whole: what a macro
/// declares has none of its own.
pub fn described<W: JsonSchema>(update: Schema) -> Schema {
    let mut update = update.into_object();
    let mut whole = W::json_schema(&mut SchemaGenerator::default()).into_object();
    for (name, field) in &mut update.object().properties {
        let Some(told) = whole.object().properties.remove(name) else {
            continue;
        };
        let mut text = field.clone().into_object();
        text.metadata().description = told.into_object().metadata().description.clone();
        *field = Schema::Object(text);
    }
    Schema::Object(update)
}
