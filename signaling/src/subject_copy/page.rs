//! Any of it as a page: headings, terms and what they say. Nothing in it runs or is fetched.

use serde_json::{Map, Value};

/// What stands above.
pub struct Head {
    title: &'static str,
    about: &'static str,
}

pub const DATA: Head = Head {
    title: "A copy of what is kept",
    about: "This is what is kept about you by this service, on the day it was made. Times are in UTC. Notes and texts are as they were \
        typed: whoever gives this on has to look whether they name anybody else.",
};

pub const REVIEW: Head = Head {
    title: "Review before release",
    about: "For staff. Don't give this on before somebody has looked through it: it tells what keeps a person safe, and it names others. \
        Leave out what could put anybody in danger where the wrong person reads it. Times are in UTC.",
};

const STYLE: &str = "body{font:1.1rem/1.5 sans-serif;max-width:45em;margin:1em auto;padding:0 1em;color:#111;background:#fff}\
    dt{font-weight:bold;margin-top:.5em}dd{margin:0 0 0 1.5em;white-space:pre-wrap;overflow-wrap:anywhere}\
    section{border-top:1px solid #777;margin-top:1.5em}";

pub fn page(Head { title, about }: Head, value: &Value) -> String {
    let mut body = String::new();
    if let Value::Object(parts) = value {
        for (name, part) in parts.iter().filter(|(name, _)| name.as_str() != "format") {
            body.push_str(&format!("<section><h2>{}</h2>{}</section>", label(name), shown(name, part)));
        }
    }
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{title}</title><style>{STYLE}</style></head><body><main><h1>{title}</h1><p>{about}</p>{body}</main></body></html>"
    )
}

/// `starts_at`: "starts at". Names are ours and hold nothing to be escaped, which is done all the same.
fn label(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    escaped(&letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect()))
}

fn shown(name: &str, value: &Value) -> String {
    match value {
        Value::Null => "<p>Nothing.</p>".into(),
        Value::Array(all) if all.is_empty() => "<p>Nothing.</p>".into(),
        Value::Array(all) => format!("<ol>{}</ol>", all.iter().map(|one| format!("<li>{}</li>", shown(name, one))).collect::<String>()),
        Value::Object(fields) => format!("<dl>{}</dl>", fields_of(fields)),
        Value::String(_) | Value::Number(_) | Value::Bool(_) => format!("<p>{}</p>", plain(name, value)),
    }
}

fn fields_of(fields: &Map<String, Value>) -> String {
    let line = |(name, value): (&String, &Value)| {
        let said = match value {
            Value::Array(all) if !all.is_empty() => shown(name, value),
            Value::Object(_) => shown(name, value),
            other => plain(name, other),
        };
        format!("<dt>{}</dt><dd>{said}</dd>", label(name))
    };
    fields.iter().map(line).collect()
}

fn plain(name: &str, value: &Value) -> String {
    match value {
        Value::Bool(true) => "yes".into(),
        Value::Bool(false) => "no".into(),
        Value::Number(number) => number.as_u64().filter(|at| is_time(name, *at)).map_or_else(|| number.to_string(), time),
        Value::String(text) => escaped(text),
        Value::Null | Value::Array(_) | Value::Object(_) => "–".into(),
    }
}

/// Seconds since 1970: minutes of a day and counts are far smaller.
fn is_time(name: &str, number: u64) -> bool {
    number > 1_000_000_000 && (name.ends_with("at") || ["from", "until", "came", "ended", "rung", "since"].contains(&name))
}

fn time(at: u64) -> String {
    let known = i64::try_from(at).ok().and_then(|at| jiff::Timestamp::from_second(at).ok());
    known.map_or_else(|| at.to_string(), |at| at.strftime("%Y-%m-%d %H:%M UTC").to_string())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_somebody_typed_is_never_markup_and_times_can_be_read() {
        let html =
            page(DATA, &json!({ "notes": "<script>x</script> & \"y\"", "starts_at": 1_700_000_000_u32, "hours": [{ "from": 540 }] }));
        assert!(html.contains("&lt;script&gt;x&lt;/script&gt; &amp; &quot;y&quot;") && !html.contains("<script"));
        assert!(html.contains("2023-11-14 22:13 UTC") && html.contains("<dt>From</dt><dd>540</dd>"));
        assert!(!html.contains("http") && !html.contains("src="), "it fetches nothing");
    }
}
