//! From a subgraph's error paths to the client's.

use super::fetch::Place;
use crate::response::PathElement;

/// More places of one error than anybody reads.
const MAX_PLACES: usize = 20;

/// The longest path all places share; `None` if they share nothing.
pub(super) fn common_prefix<'a>(mut places: impl Iterator<Item = &'a Place>) -> Option<Place> {
    let mut prefix = places.next()?.clone();
    for place in places {
        let shared = prefix
            .iter()
            .zip(place)
            .take_while(|(left, right)| left == right)
            .count();
        prefix.truncate(shared);
    }
    (!prefix.is_empty()).then_some(prefix)
}

/// Finds where errors belong.
pub(super) mod locate {
    use federation::{EntityGroup, Rewrite, RewriteSegment};

    use super::{MAX_PLACES, PathElement, Place, common_prefix};
    use crate::oracle::representations::Representations;

    /// The path in the client's terms: keys that a rewrite renames carry their new name.
    pub(in crate::oracle) fn renamed(path: &[PathElement], rewrites: &[Rewrite]) -> Place {
        path.iter()
            .map(|element| match element {
                PathElement::Key(key) => {
                    let renamed = rewrites.iter().find_map(|rewrite| match rewrite {
                        Rewrite::RenameKey { path, to }
                            if path.last() == Some(&RewriteSegment::Key(key.clone())) =>
                        {
                            Some(to.clone())
                        }
                        _ => None,
                    });
                    PathElement::Key(renamed.unwrap_or_else(|| key.clone()))
                }
                PathElement::Index(index) => PathElement::Index(*index),
            })
            .collect()
    }

    /// `["_entities", 3, "name"]` → the places of the entity, each followed by `name`.
    pub(in crate::oracle) fn entity_paths(
        path: Option<&[PathElement]>,
        groups: &[(&EntityGroup, Representations)],
    ) -> Vec<Place> {
        let found = match path {
            Some([PathElement::Key(key), PathElement::Index(index), rest @ ..]) => groups
                .iter()
                .find(|(group, _)| group.response_key == *key)
                .and_then(|(group, representations)| {
                    Some((group, representations.places.get(*index)?, rest))
                }),
            _ => None,
        };
        match found {
            Some((group, places, rest)) => {
                let rest = renamed(rest, &group.output_rewrites);
                places
                    .iter()
                    .take(MAX_PLACES)
                    .map(|place| [place.as_slice(), &rest].concat())
                    .collect()
            }
            None => {
                let places = groups
                    .iter()
                    .flat_map(|(_, found)| found.places.iter().flatten());
                common_prefix(places).into_iter().collect()
            }
        }
    }
}
