//! Schemas of bodies and of addresses' parameters, from the types that the handlers themselves read and write.

use schemars::generate::{Contract, SchemaSettings};
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

/// Makes the schema of a type.
pub type Shape = fn(&mut SchemaGenerator) -> Schema;

pub fn of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

/// What is asked and what is given apart: a field that may be left out of a question is in every answer.
pub struct Schemas {
    asked: SchemaGenerator,
    given: SchemaGenerator,
}

fn generator(contract: Contract) -> SchemaGenerator {
    let mut settings = SchemaSettings::draft2020_12();
    settings.contract = contract;
    settings.definitions_path = "/components/schemas".into();
    settings.with_transform(Bounded).into_generator()
}

impl Default for Schemas {
    fn default() -> Schemas {
        Schemas { asked: generator(Contract::Deserialize), given: generator(Contract::Serialize) }
    }
}

/// What stands behind the names of the types in answers.
const GIVEN: &str = "Given";

impl Schemas {
    pub fn asked(&mut self, shape: Shape) -> Value {
        shape(&mut self.asked).to_value()
    }

    pub fn given(&mut self, shape: Shape) -> Value {
        renamed(shape(&mut self.given).to_value())
    }

    /// All that were named.
    pub fn finish(mut self) -> Map<String, Value> {
        let mut all = self.asked.take_definitions(true);
        for (name, schema) in self.given.take_definitions(true) {
            all.insert(name + GIVEN, renamed(schema));
        }
        all
    }
}

fn renamed(schema: Value) -> Value {
    match schema {
        Value::Object(fields) => {
            let renamed = |(name, value)| match value {
                Value::String(at) if name == "$ref" => (name, Value::String(at + GIVEN)),
                value => (name, renamed(value)),
            };
            Value::Object(fields.into_iter().map(renamed).collect())
        }
        Value::Array(all) => Value::Array(all.into_iter().map(renamed).collect()),
        other => other,
    }
}

/// Integers have the bounds of their types, in place of names for them that JSON Schema doesn't know.
#[derive(Clone)]
struct Bounded;

impl Transform for Bounded {
    fn transform(&mut self, schema: &mut Schema) {
        let most = match schema.get("format").and_then(Value::as_str) {
            Some("uint8") => Some(u64::from(u8::MAX)),
            Some("uint16") => Some(u64::from(u16::MAX)),
            Some("uint32") => Some(u64::from(u32::MAX)),
            _ => None,
        };
        if let Some(most) = most {
            schema.remove("format");
            if schema.get("maximum").is_none() {
                schema.insert("maximum".into(), json!(most));
            }
        }
        transform_subschemas(self, schema);
    }
}

/// The parameters of a query that is read as a type.
pub fn parameters(query: Shape) -> Vec<Value> {
    let mut settings = SchemaSettings::draft2020_12();
    settings.contract = Contract::Deserialize;
    settings.inline_subschemas = true;
    let mut schema = query(&mut settings.into_generator());
    Bounded.transform(&mut schema);
    let required: Vec<&str> = schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let fields = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    fields
        .map(
            |(name, schema)| json!({ "name": name, "in": "query", "required": required.contains(&name.as_str()), "schema": there(schema) }),
        )
        .collect()
}

/// An address says nothing by leaving a parameter out: it can't say null.
fn there(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Some(kinds) = schema.get_mut("type")
        && let Some(kind) = kinds.as_array().and_then(|kinds| kinds.iter().find(|kind| *kind != "null").cloned())
    {
        *kinds = kind;
    }
    let one = schema.get("anyOf").and_then(Value::as_array).and_then(|all| all.iter().find(|one| one["type"] != "null").cloned());
    one.unwrap_or(schema)
}
