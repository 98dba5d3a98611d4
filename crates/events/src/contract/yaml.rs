//! JSON as readable YAML: block style, every string that could be read as something else in quotes.

use serde_json::Value;

/// The document, with a final newline.
pub(crate) fn to_yaml(document: &Value) -> String {
    let mut text = String::new();
    write(document, 0, &mut text);
    text.trim_start_matches('\n').to_owned() + "\n"
}

/// Writes what comes after a key or a dash: a scalar on the same line, or a block on the next.
fn write(value: &Value, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (key, value) in fields {
                text.push_str(&format!("\n{indent}{}:", scalar(key)));
                write(value, depth + 1, text);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                text.push_str(&format!("\n{indent}-"));
                write(item, depth + 1, text);
            }
        }
        Value::String(string) => text.push_str(&format!(" {}", scalar(string))),
        // Numbers, booleans, null and what is empty look the same in both.
        other => text.push_str(&format!(" {other}")),
    }
}

/// JSON's strings are YAML's double-quoted ones.
fn scalar(string: &str) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric() || "_.$/-".contains(c);
    let starts_well = string.starts_with(|c: char| c.is_ascii_alphabetic() || c == '$');
    let reserved = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let is_plain = starts_well
        && string.chars().all(is_word)
        && !reserved.contains(&string.to_ascii_lowercase().as_str());
    if is_plain {
        string.to_owned()
    } else {
        Value::from(string).to_string()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nesting_quoting_and_emptiness() {
        let document = json!({
            "asyncapi": "3.0.0",
            "tags": [{ "name": "order", "$ref": "#/a" }, "no"],
            "note": "one: \"two\"\nthree",
            "empty": {},
            "none": [],
            "count": 3,
        });
        assert_eq!(
            to_yaml(&document),
            r##"asyncapi: "3.0.0"
tags:
  -
    name: order
    $ref: "#/a"
  - "no"
note: "one: \"two\"\nthree"
empty: {}
none: []
count: 3
"##
        );
    }
}
