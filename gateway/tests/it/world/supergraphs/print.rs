//! A split as the SDLs of its subgraphs.

use std::fmt::Write as _;

use super::{ENTITIES, MEDIA, Part, Split, position};

const LINK: &str = r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@shareable", "@external", "@requires", "@provides", "@interfaceObject", "@override"])
enum Unit { CM INCH }
"#;

impl Split<'_> {
    /// What one subgraph prints.
    pub(super) fn sdl(&self, graph: usize) -> String {
        let mut sdl = LINK.to_owned();
        for (root, fields) in [
            ("Query", &self.queries[graph]),
            ("Mutation", &self.mutations[graph]),
        ] {
            if !fields.is_empty() {
                let _ = writeln!(sdl, "type {root} {{ {} }}", fields.join(" "));
            }
        }
        // What one subgraph alone knows of sizes.
        let depth = if graph == 1 {
            " depth: Int! unit: Unit"
        } else {
            ""
        };
        let _ = writeln!(sdl, "type Size {{ width: Int @shareable{depth} }}");
        for (index, (name, _)) in ENTITIES.iter().enumerate() {
            if let Some(part) = &self.parts[index][graph] {
                sdl.push_str(&entity(name, part));
            }
        }
        let media: Vec<&Part> = MEDIA
            .iter()
            .filter_map(|name| self.parts[position(name)][graph].as_ref())
            .collect();
        if self.has_interface_object && graph + 1 == self.graphs {
            sdl.push_str("type Media @key(fields: \"id\") @interfaceObject { id: ID! rating: Int stars: [Int!] }\n");
        } else if !media.is_empty() {
            let key = if self.has_interface_object {
                " @key(fields: \"id\")"
            } else {
                ""
            };
            let has_title = media
                .iter()
                .all(|part| part.fields.iter().any(|it| it.name == "title"));
            let title = if has_title { " title: String" } else { "" };
            let members: Vec<_> = MEDIA
                .iter()
                .filter(|name| self.has(name, graph))
                .copied()
                .collect();
            let _ = writeln!(
                sdl,
                "interface Media{key} {{ id: ID!{title} }}\nunion Item = {}",
                members.join(" | ")
            );
        }
        sdl
    }
}

fn entity(name: &str, part: &Part) -> String {
    let is_media = MEDIA.contains(&name);
    let mut sdl = format!("type {name}");
    if is_media {
        sdl.push_str(" implements Media");
    }
    for key in &part.keys {
        let _ = write!(sdl, " @key(fields: \"{key}\")");
    }
    sdl.push_str(" {");
    let has = |field: &str| {
        part.keys
            .iter()
            .any(|key| key.split(' ').any(|it| it == field))
    };
    if has("id") || is_media {
        sdl.push_str(" id: ID!");
        if !has("id") {
            sdl.push_str(" @shareable");
        }
    }
    if has("code") {
        sdl.push_str(" code: Int!");
    }
    for field in &part.fields {
        let arguments = match field.name {
            "price" => "(currency: String)",
            _ => "",
        };
        let bang = if field.is_promised { "!" } else { "" };
        let _ = write!(
            sdl,
            " {}{arguments}: {}{bang}{}",
            field.name, field.ty, field.directives
        );
    }
    sdl.push_str(" }\n");
    sdl
}
