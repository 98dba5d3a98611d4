//! `@link`: which specifications a subgraph uses, and under which names.

use std::collections::BTreeMap;

use apollo_compiler::Node;
use apollo_compiler::ast::{Definition, Directive, Document, Value};
use apollo_compiler::parser::SourceSpan;

use super::definitions::{
    FEDERATION_TYPES, LATEST, built_in, in_federation_one, in_federation_two,
};
use crate::compose::codes::{
    Code, INVALID_LINK_DIRECTIVE_USAGE, INVALID_LINK_IDENTIFIER, UNKNOWN_FEDERATION_LINK_VERSION,
};

const APOLLO: &str = "https://specs.apollo.dev/";

/// One linked specification.
#[derive(Debug, Clone)]
pub(in crate::compose) struct Feature {
    /// The URL without the version.
    pub(in crate::compose) identity: String,
    pub(in crate::compose) url: String,
    pub(in crate::compose) version: (u32, u32),
    /// The prefix of its elements, and the name of its eponymous directive.
    pub(in crate::compose) prefix: String,
    /// Name here → name there; directives with their `@`.
    pub(in crate::compose) imports: BTreeMap<String, String>,
    pub(in crate::compose) at: Option<SourceSpan>,
}

/// All specifications a subgraph links.
#[derive(Debug, Clone, Default)]
pub(in crate::compose) struct Links {
    pub(in crate::compose) features: Vec<Feature>,
    /// The minor version of federation 2; `None` for federation 1.
    pub(in crate::compose) federation: Option<u32>,
}

/// What is wrong with a link.
pub(super) type Complaint = (Code, String, Option<SourceSpan>);

impl Links {
    pub(super) fn read(document: &Document, complaints: &mut Vec<Complaint>) -> Self {
        let mut links = Self::default();
        for directive in schema_directives(document) {
            // The directive may be linked under another name itself; its arguments give it away.
            let url = directive
                .specified_argument_by_name("url")
                .and_then(|url| url.as_str());
            let is_link = directive.name == "link"
                || (directive.specified_argument_by_name("as").is_some()
                    && url.is_some_and(|url| url.starts_with("https://specs.apollo.dev/link/")));
            if !is_link {
                continue;
            }
            match read_feature(directive) {
                Ok(feature) => links.add(feature, complaints),
                Err((code, message)) => complaints.push((code, message, directive.location())),
            }
        }
        links
    }

    fn add(&mut self, feature: Feature, complaints: &mut Vec<Complaint>) {
        if self
            .features
            .iter()
            .any(|known| known.identity == feature.identity)
        {
            complaints.push((
                INVALID_LINK_DIRECTIVE_USAGE,
                format!("`{}` is linked twice", feature.identity),
                feature.at,
            ));
            return;
        }
        if feature.identity == format!("{APOLLO}federation") {
            let (major, minor) = feature.version;
            if major != 2 || minor > LATEST {
                complaints.push((
                    UNKNOWN_FEDERATION_LINK_VERSION,
                    format!("federation v{major}.{minor} is not known"),
                    feature.at,
                ));
            }
            for name in feature.imports.values() {
                let is_known = match name.strip_prefix('@') {
                    Some(directive) => in_federation_two(directive, minor).is_some(),
                    None => FEDERATION_TYPES.contains(&name.as_str()),
                };
                if !is_known {
                    complaints.push((
                        INVALID_LINK_DIRECTIVE_USAGE,
                        format!("federation v{major}.{minor} has no `{name}` to import"),
                        feature.at,
                    ));
                }
            }
            self.federation = Some(minor);
        }
        self.features.push(feature);
    }

    /// The specification's name of a directive, if it is federation's or GraphQL's own.
    pub(in crate::compose) fn known(&self, directive: &str) -> Option<&'static str> {
        if let Some(known) = built_in(directive) {
            return Some(known);
        }
        if self.federation.is_none()
            && let Some(known) = in_federation_one(directive)
        {
            return Some(known);
        }
        let (feature, element) = self.origin(directive)?;
        let (name, minor) = (element.as_str(), self.federation.unwrap_or(LATEST));
        let specification = feature.identity.strip_prefix(APOLLO)?;
        match specification {
            "federation" => in_federation_two(name, minor),
            "cost" | "tag" | "inaccessible" | "authenticated" | "requiresScopes" | "policy" => {
                in_federation_two(name, LATEST)
            }
            _ => None,
        }
    }

    /// The specification a directive comes from, and its name there.
    pub(in crate::compose) fn origin(&self, directive: &str) -> Option<(&Feature, String)> {
        let imported = format!("@{directive}");
        for feature in &self.features {
            if let Some(name) = feature.imports.get(&imported) {
                return Some((feature, name.trim_start_matches('@').to_owned()));
            }
        }
        for feature in &self.features {
            if directive == feature.prefix {
                return Some((feature, feature.name().to_owned()));
            }
            if let Some(rest) = directive
                .strip_prefix(feature.prefix.as_str())
                .and_then(|rest| rest.strip_prefix("__"))
            {
                return Some((feature, rest.to_owned()));
            }
        }
        None
    }

    /// Whether a type belongs to the machinery rather than to the subgraph.
    pub(in crate::compose) fn is_machinery(&self, type_name: &str) -> bool {
        matches!(
            type_name,
            "_Any" | "_Entity" | "_Service" | "_FieldSet" | "link__Import" | "link__Purpose"
        ) || (self.federation.is_none() && type_name == "FieldSet")
            || self.features.iter().any(|feature| {
                feature.identity.starts_with(APOLLO)
                    && (feature.imports.contains_key(type_name)
                        || type_name
                            .strip_prefix(feature.prefix.as_str())
                            .is_some_and(|rest| rest.starts_with("__")))
            })
            || type_name.starts_with("federation__")
    }
}

impl Feature {
    /// The last part of its identity.
    pub(in crate::compose) fn name(&self) -> &str {
        self.identity.rsplit('/').next().unwrap_or(&self.identity)
    }
}

fn schema_directives(document: &Document) -> impl Iterator<Item = &Node<Directive>> {
    document
        .definitions
        .iter()
        .filter_map(|definition| match definition {
            Definition::SchemaDefinition(schema) => Some(&schema.directives),
            Definition::SchemaExtension(schema) => Some(&schema.directives),
            _ => None,
        })
        .flat_map(|directives| directives.iter())
}

fn read_feature(directive: &Node<Directive>) -> Result<Feature, (Code, String)> {
    let usage = |message: String| (INVALID_LINK_DIRECTIVE_USAGE, message);
    let url = directive
        .specified_argument_by_name("url")
        .and_then(|url| url.as_str())
        .ok_or_else(|| usage("`@link` has no `url`".to_owned()))?;
    let (identity, version) = split_url(url).ok_or_else(|| {
        (
            INVALID_LINK_IDENTIFIER,
            format!("`{url}` does not end in a name and a version"),
        )
    })?;
    let name = identity.rsplit('/').next().unwrap_or_default();
    let prefix = match directive
        .specified_argument_by_name("as")
        .map(|value| &**value)
    {
        None | Some(Value::Null) => name.to_owned(),
        Some(Value::String(prefix)) => prefix.trim_start_matches('@').to_owned(),
        Some(_) => return Err(usage("`as` is no string".to_owned())),
    };

    let mut imports = BTreeMap::new();
    let listed = match directive
        .specified_argument_by_name("import")
        .map(|value| &**value)
    {
        None | Some(Value::Null) => &[],
        Some(Value::List(items)) => items.as_slice(),
        Some(_) => return Err(usage("`import` is no list".to_owned())),
    };
    for item in listed {
        let (local, original) = read_import(item).ok_or_else(|| {
            usage(format!(
                "`{item}` cannot be imported: write `\"@name\"` or `{{name: \"@name\", as: \"@other\"}}`"
            ))
        })?;
        if imports.insert(local.clone(), original).is_some() {
            return Err(usage(format!("`{local}` is imported twice")));
        }
    }
    Ok(Feature {
        identity: identity.to_owned(),
        url: url.to_owned(),
        version,
        prefix,
        imports,
        at: directive.location(),
    })
}

/// Name here, name there.
fn read_import(item: &Value) -> Option<(String, String)> {
    match item {
        Value::String(name) => Some((name.clone(), name.clone())),
        Value::Object(members) => {
            let member = |wanted: &str| {
                members
                    .iter()
                    .find(|(name, _)| name == wanted)
                    .and_then(|(_, value)| value.as_str())
            };
            let name = member("name")?;
            let local = member("as").unwrap_or(name);
            (name.starts_with('@') == local.starts_with('@'))
                .then(|| (local.to_owned(), name.to_owned()))
        }
        _ => None,
    }
}

/// Identity and version of a specification's URL.
fn split_url(url: &str) -> Option<(&str, (u32, u32))> {
    let (identity, version) = url.trim_end_matches('/').rsplit_once('/')?;
    let (major, minor) = version.strip_prefix('v')?.split_once('.')?;
    let name = identity.rsplit('/').next()?;
    let is_name = name
        .chars()
        .all(|character| character.is_ascii_alphanumeric() || "_-".contains(character));
    (!name.is_empty() && is_name).then_some((identity, (major.parse().ok()?, minor.parse().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::split_url;

    #[test]
    fn urls_end_in_a_name_and_a_version() {
        assert_eq!(
            split_url("https://specs.apollo.dev/federation/v2.9"),
            Some(("https://specs.apollo.dev/federation", (2, 9)))
        );
        for broken in ["", "federation", "https://a/v2", "https://a//v1.0", "v1.0"] {
            assert_eq!(split_url(broken), None, "{broken}");
        }
    }
}
