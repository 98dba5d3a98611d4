//! The fields of a JSON Schema, flat.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::Value;

/// A field as a schema describes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Field {
    /// JSON types it may have.
    pub types: BTreeSet<String>,
    /// Its format, for example `date-time`.
    pub format: Option<String>,
    /// The regular expression it matches.
    pub pattern: Option<String>,
    /// Whether it is always there, if what it is a field of is there.
    pub required: bool,
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let types: Vec<&str> = self.types.iter().map(String::as_str).collect();
        f.write_str(&types.join(" or "))?;
        for detail in [&self.format, &self.pattern].into_iter().flatten() {
            write!(f, " {detail}")?;
        }
        Ok(())
    }
}

/// Every field below a schema, by path: `lines[].variantId`; `lines[]` is an item of the list.
pub fn fields(schema: &Value) -> BTreeMap<String, Field> {
    let mut found = BTreeMap::new();
    collect(schema, "", &mut found);
    found
}

fn collect(schema: &Value, path: &str, found: &mut BTreeMap<String, Field>) {
    for form in alternatives(schema) {
        let required: BTreeSet<&str> = form["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        for (name, property) in form["properties"].as_object().into_iter().flatten() {
            let path = match path {
                "" => name.clone(),
                parent => format!("{parent}.{name}"),
            };
            let field = describe(property, required.contains(name.as_str()));
            found.insert(path.clone(), field);
            collect(property, &path, found);
        }
        if let Some(items) = form.get("items") {
            let path = format!("{path}[]");
            found.insert(path.clone(), describe(items, true));
            collect(items, &path, found);
        }
    }
}

/// The schema itself, or what it is one of.
fn alternatives(schema: &Value) -> Vec<&Value> {
    match schema.get("anyOf").or_else(|| schema.get("oneOf")) {
        Some(choices) => choices.as_array().into_iter().flatten().collect(),
        None => vec![schema],
    }
}

fn describe(schema: &Value, required: bool) -> Field {
    let mut field = Field {
        required,
        ..Field::default()
    };
    for form in alternatives(schema) {
        match &form["type"] {
            Value::String(one) => {
                field.types.insert(one.clone());
            }
            Value::Array(several) => {
                let names = several.iter().filter_map(Value::as_str);
                field.types.extend(names.map(str::to_owned));
            }
            _ => {}
        }
        let text = |key: &str| form[key].as_str().map(str::to_owned);
        field.format = field.format.or(text("format"));
        field.pattern = field.pattern.or(text("pattern"));
    }
    field
}

/// Whether nothing else lies below `path`: not an object, not a list.
pub(crate) fn is_leaf<T>(path: &str, all: &BTreeMap<String, T>) -> bool {
    !all.keys().any(|other| {
        other
            .strip_prefix(path)
            .is_some_and(|rest| rest.starts_with(['.', '[']))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nested_fields_have_paths() {
        let schema = json!({
            "type": "object",
            "properties": {
                "lines": { "type": "array", "items": {
                    "type": "object",
                    "properties": { "sku": { "type": "string" } },
                    "required": ["sku"],
                } },
                "amount": { "anyOf": [
                    { "type": "object", "properties": { "minor": { "type": "integer", "format": "int64" } } },
                    { "type": "null" },
                ] },
            },
            "required": ["lines"],
        });
        let listed: Vec<String> = fields(&schema)
            .iter()
            .map(|(path, field)| format!("{path}: {field}, {}", field.required))
            .collect();
        assert_eq!(
            listed,
            [
                "amount: null or object, false",
                "amount.minor: integer int64, false",
                "lines: array, true",
                "lines[]: object, true",
                "lines[].sku: string, true",
            ]
        );
    }
}
