//! The SDL a subgraph hands to composition.

use async_graphql::{ObjectType, SDLExportOptions, Schema, SubscriptionType};

/// The schema's SDL with federation directives, in a stable order.
pub fn federation_sdl<Q, M, S>(schema: &Schema<Q, M, S>) -> String
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    schema.sdl_with_options(
        SDLExportOptions::new()
            .federation()
            .sorted_fields()
            .sorted_enum_items()
            .sorted_arguments(),
    )
}
