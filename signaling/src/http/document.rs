//! The OpenAPI document of `/api`: made once of one table ([`operations`]) and the protocol's own types. Tests hold it to the router and to
//! every reply they get, so that neither can change without it.

mod operations;
mod schemas;

use super::path::LONGEST;
use crate::error::BROKEN;
use axum::body::Bytes;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use operations::{Operation, Who, all};
use schemas::Schemas;
use serde_json::{Map, Value, json};
use sidelight_protocol::http::Problem;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// For anybody: it says what the service can do, and nothing of what is in it.
pub async fn show() -> Response {
    static WRITTEN: OnceLock<Option<Bytes>> = OnceLock::new();
    match WRITTEN.get_or_init(|| serde_json::to_vec(&document()).ok().map(Bytes::from)) {
        Some(written) => ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], written.clone()).into_response(),
        None => BROKEN.into_response(),
    }
}

/// The whole document.
pub fn document() -> Value {
    let mut schemas = Schemas::default();
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for operation in all() {
        let described = described(&operation, &mut schemas);
        paths.entry(operation.path).or_default().insert(operation.method.to_owned(), described);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Sidelight",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "MIT OR Apache-2.0" },
            "description": "Whatever isn't answered as asked is answered with a problem (RFC 9457), whose code is stable. Points in time are \
                whole seconds since 1970-01-01 UTC. Texts are kept without the space at their ends.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas.finish(),
            "securitySchemes": {
                "session": {
                    "type": "apiKey", "in": "cookie", "name": crate::staff::COOKIE,
                    "description": "A member of staff, signed in by POST /api/staff/sign-in.",
                },
                "token": {
                    "type": "http", "scheme": "bearer",
                    "description": "A program, by a token that an administrator made. Never together with a cookie.",
                },
            },
        },
    })
}

fn described(operation: &Operation, schemas: &mut Schemas) -> Value {
    let mut described = json!({
        "operationId": operation.name(),
        "tags": [operation.tag()],
        "summary": operation.summary,
        "parameters": parameters(operation),
        "responses": replies(operation, schemas),
        "security": security(operation),
    });
    if let Some(body) = &operation.body {
        let schema = schemas.asked(*body);
        let content: Map<String, Value> = operation.kinds().iter().map(|kind| ((*kind).to_owned(), json!({ "schema": schema }))).collect();
        described["requestBody"] = json!({ "required": true, "content": content });
    }
    described
}

/// In OpenAPI 3.1 a bearer's scopes stand where roles do.
fn security(operation: &Operation) -> Value {
    match (operation.who, operation.scope()) {
        (Who::Anybody, _) => json!([]),
        (Who::AProgram, scope) => json!([{ "token": scope.map(|scope| [scope]) }]),
        (_, None) => json!([{ "session": [] }]),
        (_, Some(scope)) => json!([{ "session": [] }, { "token": [scope] }]),
    }
}

fn parameters(operation: &Operation) -> Vec<Value> {
    let named = operation.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let mut parameters: Vec<Value> = named
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string", "minLength": 1, "maxLength": LONGEST } }))
        .collect();
    if operation.needs_origin() {
        parameters.push(json!({
            "name": "Origin", "in": "header", "required": true, "schema": { "type": "string", "format": "uri" },
            "description": "The service's own address, as a browser sends it from the service's own pages, and exactly once.",
        }));
    }
    if let Some(query) = operation.query {
        parameters.extend(schemas::parameters(query));
    }
    parameters
}

fn replies(operation: &Operation, schemas: &mut Schemas) -> Map<String, Value> {
    let mut replies = Map::new();
    let (status, content) = &operation.reply;
    let mut good = json!({ "description": "Done." });
    if let Some((kind, shape)) = content {
        let schema = shape.map_or_else(|| json!({ "type": "string" }), |shape| schemas.given(shape));
        good["content"] = json!({ *kind: { "schema": schema } });
    }
    replies.insert(status.to_string(), good);
    let mut codes: BTreeMap<u16, Vec<&str>> = BTreeMap::new();
    for (status, code) in operation.refusals() {
        codes.entry(status).or_default().push(code);
    }
    let problem = schemas.given(schemas::of::<Problem>);
    for (status, mut codes) in codes {
        codes.sort_unstable();
        codes.dedup();
        let said = json!({ "type": "object", "properties": { "status": { "const": status }, "code": { "enum": codes } } });
        let schema = json!({ "allOf": [problem, said] });
        replies.insert(
            status.to_string(),
            json!({ "description": "Refused.", "content": { "application/problem+json": { "schema": schema } } }),
        );
    }
    replies
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::ROUTES;

    /// What stands in one and not in the other.
    fn apart(routes: &[(&str, &str)], operations: &[Operation]) -> Vec<String> {
        let named = |method: &str, path: &str| format!("{method} {path}");
        let routed = routes.iter().filter(|(_, path)| path.starts_with("/api/")).map(|(method, path)| named(method, path));
        let (routed, told): (Vec<String>, Vec<String>) =
            (routed.collect(), operations.iter().map(|one| named(one.method, one.path)).collect());
        let only = |these: &[String], those: &[String]| these.iter().filter(|one| !those.contains(one)).cloned().collect::<Vec<_>>();
        [only(&routed, &told), only(&told, &routed)].concat()
    }

    #[test]
    fn every_address_of_the_router_is_in_the_document_and_no_other_is() {
        assert_eq!(apart(ROUTES, &all()), [""; 0]);
        let more = [ROUTES, &[("get", "/api/everything")]].concat();
        assert_eq!(apart(&more, &all()), ["get /api/everything"], "it can fail");
        let mut fewer = all();
        let gone = fewer.pop().unwrap_or_else(|| panic!("there are none"));
        assert_eq!(apart(ROUTES, &fewer), [format!("{} {}", gone.method, gone.path)], "the other way round too");
    }

    #[test]
    fn every_part_that_the_document_points_to_is_in_it() {
        let document = document();
        let written = document.to_string();
        let named: Vec<&str> = written.split("\"$ref\":\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert!(named.len() > 100);
        for name in named {
            assert!(document.pointer(name.trim_start_matches('#')).is_some(), "{name}");
        }
    }

    #[test]
    fn every_operation_has_a_name_of_its_own() {
        let mut names: Vec<String> = all().iter().map(Operation::name).collect();
        names.sort();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
