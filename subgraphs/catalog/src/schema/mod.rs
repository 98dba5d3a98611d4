//! The GraphQL schema of the catalog.

mod category;
mod category_mutation;
mod connection;
mod image;
mod input;
mod list_input;
mod loaders;
mod mutation;
mod payload;
mod product;
mod property;
mod query;
mod search;
mod user_error;
mod variant;

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, EmptySubscription, MergedObject, Schema};
use auth::{AuthError, Scope};
use chrono::{DateTime, Utc};
use clock::Clock;
use events::Cause;
use money::Currency;
use sea_orm::DatabaseConnection;
use service::cursor::CursorKey;
use service::graphql::DATE_TIME_DESCRIPTION;
use service::{ApiError, Deps, RequestInfo};

use crate::Config;
use crate::domain::listing::Audience;
use category_mutation::CategoryMutation;
use loaders::CatalogLoader;
use mutation::ProductMutation;
use query::Query;

/// What can be changed.
#[derive(MergedObject, Default)]
pub(crate) struct Mutation(ProductMutation, CategoryMutation);

/// What resolvers work with.
struct Catalog {
    db: DatabaseConnection,
    clock: Clock,
    public_url: String,
    sells_in: Currency,
    product_cursors: CursorKey,
    search_cursors: CursorKey,
}

type Loader = DataLoader<CatalogLoader>;

/// Builds the schema.
pub(crate) fn build(deps: &Deps, config: Config) -> Schema<Query, Mutation, EmptySubscription> {
    let catalog = Catalog {
        db: deps.db.clone(),
        clock: deps.clock.clone(),
        public_url: config.public_url,
        sells_in: config.currency,
        product_cursors: CursorKey::new(&deps.secret, "products"),
        search_cursors: CursorKey::new(&deps.secret, "search"),
    };
    let loader = DataLoader::new(
        CatalogLoader {
            db: deps.db.clone(),
        },
        service::spawn_load,
    );
    Schema::build(Query, Mutation::default(), EmptySubscription)
        .enable_federation()
        .override_output_type_description::<DateTime<Utc>>(DATE_TIME_DESCRIPTION)
        // The gateway limits what clients send; these only stop what no gateway would.
        .limit_depth(64)
        .limit_complexity(1_000_000)
        .data(catalog)
        .data(loader)
        .finish()
}

impl Catalog {
    fn of<'a>(ctx: &Context<'a>) -> &'a Self {
        ctx.data_unchecked::<Self>()
    }

    /// The cause of what this request changes.
    fn cause(&self, ctx: &Context<'_>) -> Cause {
        RequestInfo::of(ctx).cause(self.clock.now())
    }
}

fn loader<'a>(ctx: &Context<'a>) -> &'a Loader {
    ctx.data_unchecked::<Loader>()
}

/// Who looks; an error if they sent a token that is no good.
fn audience(ctx: &Context<'_>) -> Result<Audience, ApiError> {
    let is_staff = RequestInfo::of(ctx)
        .principal()?
        .has_scope(Scope::CATALOG_WRITE);
    Ok(if is_staff {
        Audience::Staff
    } else {
        Audience::Public
    })
}

/// Refuses everybody but those who keep the catalog.
fn require_staff(ctx: &Context<'_>) -> Result<(), AuthError> {
    RequestInfo::of(ctx)
        .principal()?
        .require_scope(Scope::CATALOG_WRITE)
}
