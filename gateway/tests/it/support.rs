//! A small shop of three subgraphs, and ways to ask a gateway in front of it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_graphql::{
    Context, EmptySubscription, Enum, ErrorExtensions as _, ID, Interface, Object, Schema,
    SimpleObject, Subscription, Union,
};
use axum::body::Body;
use bytes::Bytes;
use federation::{SubgraphSdl, compose};
use futures_util::future::BoxFuture;
use futures_util::stream::{BoxStream, StreamExt as _};
use gateway::transport::{Subgraph, SubgraphRequest, TransportError};
use gateway::{Config, Gateway};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

/// What mutations did, in order.
#[derive(Clone, Default)]
pub(crate) struct Log(pub Arc<Mutex<Vec<String>>>);

impl Log {
    async fn write(&self, entry: String) {
        // Give a concurrent mutation the chance to get in between.
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
        self.0.lock().unwrap().push(entry);
    }

    pub(crate) fn entries(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

/// Headers of the request to the subgraph.
pub(crate) struct Headers(pub HeaderMap);

// ---- catalog -----------------------------------------------------------------------------------

pub(crate) mod catalog {
    use super::*;

    #[derive(Enum, Clone, Copy, PartialEq, Eq)]
    pub(crate) enum Status {
        Active,
        Archived,
    }

    #[derive(SimpleObject)]
    pub(crate) struct Product {
        pub id: ID,
        /// The name customers see.
        pub name: String,
        pub price: i32,
        pub weight: Option<i32>,
        pub status: Status,
        #[graphql(deprecation = "Use name.")]
        pub title: String,
    }

    #[derive(SimpleObject)]
    pub(crate) struct Author {
        pub id: ID,
        pub name: Option<String>,
    }

    pub(crate) fn product(id: &str) -> Product {
        Product {
            id: id.into(),
            name: format!("Product {id}"),
            price: 100,
            weight: (id != "weightless").then_some(7),
            status: Status::Active,
            title: String::new(),
        }
    }

    pub(crate) struct Query;

    #[Object]
    impl Query {
        /// All products.
        async fn products(&self, #[graphql(default = 3)] first: i32) -> Vec<Product> {
            (1..=first).map(|id| product(&id.to_string())).collect()
        }

        async fn product(&self, id: ID) -> Option<Product> {
            (id != "missing").then(|| product(&id))
        }

        async fn broken(&self) -> async_graphql::Result<Option<String>> {
            Err("SELECT * FROM secrets".into())
        }

        async fn refused(&self) -> async_graphql::Result<Option<String>> {
            Err(async_graphql::Error::new("There is no such thing.")
                .extend_with(|_, extensions| extensions.set("code", "NOT_FOUND")))
        }

        async fn echo_header(&self, ctx: &Context<'_>, name: String) -> Option<String> {
            ctx.data_opt::<Headers>()?
                .0
                .get(name)?
                .to_str()
                .ok()
                .map(str::to_owned)
        }

        #[graphql(entity)]
        async fn find_product(&self, #[graphql(key)] id: ID) -> Option<Product> {
            (id != "ghost").then(|| product(&id))
        }

        #[graphql(entity)]
        async fn find_author(
            &self,
            #[graphql(key)] id: ID,
        ) -> async_graphql::Result<Option<Author>> {
            Ok(Some(Author {
                name: Some(format!("Author {}", *id)),
                id,
            }))
        }
    }

    pub(crate) struct Mutation;

    #[Object]
    impl Mutation {
        async fn product_rename(&self, ctx: &Context<'_>, id: ID, name: String) -> Option<Product> {
            ctx.data_unchecked::<Log>()
                .write(format!("rename {}", *id))
                .await;
            Some(Product {
                name,
                ..product(&id)
            })
        }
    }
}

// ---- inventory ---------------------------------------------------------------------------------

pub(crate) mod inventory {
    use super::*;

    #[derive(SimpleObject)]
    #[graphql(complex)]
    pub(crate) struct Product {
        pub id: ID,
        pub in_stock: bool,
        #[graphql(external)]
        pub weight: Option<i32>,
    }

    #[async_graphql::ComplexObject]
    impl Product {
        #[graphql(requires = "weight")]
        async fn shipping_cost(&self) -> Option<i32> {
            self.weight.map(|weight| weight * 10)
        }

        async fn must_have(&self) -> async_graphql::Result<i32> {
            Err(async_graphql::Error::new("It is not there.")
                .extend_with(|_, extensions| extensions.set("code", "NOT_FOUND")))
        }
    }

    pub(crate) struct Query;

    #[Object]
    impl Query {
        async fn warehouses(&self) -> Vec<String> {
            vec!["MAIN".into(), "EAST".into()]
        }

        #[graphql(entity)]
        async fn find_product(
            &self,
            ctx: &Context<'_>,
            #[graphql(key)] id: ID,
            weight: Option<i32>,
        ) -> Option<Product> {
            if let Some(log) = ctx.data_opt::<Log>() {
                log.0.lock().unwrap().push(format!("stock of {}", *id));
            }
            Some(Product {
                in_stock: id != "2",
                id,
                weight,
            })
        }
    }

    pub(crate) struct Mutation;

    #[Object]
    impl Mutation {
        async fn stock_reserve(&self, ctx: &Context<'_>, id: ID) -> bool {
            ctx.data_unchecked::<Log>()
                .write(format!("reserve {}", *id))
                .await;
            true
        }
    }

    pub(crate) struct Events;

    #[Subscription(name = "Subscription")]
    impl Events {
        async fn stock_changed(
            &self,
            #[graphql(default = 2)] times: i32,
        ) -> impl futures_util::Stream<Item = Product> {
            futures_util::stream::iter((1..=times).map(|id| Product {
                id: id.to_string().into(),
                in_stock: true,
                weight: None,
            }))
        }

        async fn never(&self) -> impl futures_util::Stream<Item = bool> {
            futures_util::stream::pending()
        }

        async fn token(&self, ctx: &Context<'_>) -> impl futures_util::Stream<Item = String> {
            let token = ctx
                .data_opt::<Headers>()
                .and_then(|headers| headers.0.get("authorization"))
                .and_then(|value| value.to_str().ok())
                .unwrap_or("none")
                .to_owned();
            futures_util::stream::iter([token])
        }
    }
}

// ---- reviews -----------------------------------------------------------------------------------

pub(crate) mod reviews {
    use super::*;

    #[derive(SimpleObject, Clone)]
    pub(crate) struct Review {
        pub id: ID,
        pub body: String,
        pub author: Author,
        pub product: Product,
    }

    #[derive(SimpleObject, Clone)]
    pub(crate) struct Author {
        pub id: ID,
    }

    #[derive(SimpleObject, Clone)]
    #[graphql(complex)]
    pub(crate) struct Product {
        pub id: ID,
    }

    #[derive(SimpleObject, Clone)]
    pub(crate) struct Advert {
        pub id: ID,
        pub text: String,
    }

    #[derive(Union)]
    pub(crate) enum FeedItem {
        Review(Review),
        Advert(Advert),
    }

    #[derive(Interface)]
    #[graphql(field(name = "id", ty = "&ID"))]
    pub(crate) enum Node {
        Review(Review),
        Advert(Advert),
    }

    #[async_graphql::ComplexObject]
    impl Product {
        async fn reviews(&self) -> Vec<Review> {
            vec![
                review(&format!("{}-a", *self.id), &self.id),
                review(&format!("{}-b", *self.id), &self.id),
            ]
        }
    }

    fn review(id: &str, product: &str) -> Review {
        Review {
            id: id.into(),
            body: format!("Review {id}"),
            author: Author { id: "1".into() },
            product: Product { id: product.into() },
        }
    }

    fn advert() -> Advert {
        Advert {
            id: "ad".into(),
            text: "Buy!".into(),
        }
    }

    pub(crate) struct Query;

    #[Object]
    impl Query {
        async fn latest_reviews(&self) -> Vec<Review> {
            vec![review("r1", "1"), review("r2", "2")]
        }

        async fn feed(&self) -> Vec<FeedItem> {
            vec![
                FeedItem::Review(review("r1", "1")),
                FeedItem::Advert(advert()),
            ]
        }

        async fn nodes(&self) -> Vec<Node> {
            vec![Node::Review(review("r1", "1")), Node::Advert(advert())]
        }

        #[graphql(entity)]
        async fn find_product(&self, #[graphql(key)] id: ID) -> Option<Product> {
            Some(Product { id })
        }

        #[graphql(entity)]
        async fn find_author(&self, #[graphql(key)] id: ID) -> Option<Author> {
            Some(Author { id })
        }
    }

    pub(crate) struct Mutation;

    #[Object]
    impl Mutation {
        async fn review_add(&self, ctx: &Context<'_>, product_id: ID, body: String) -> Review {
            ctx.data_unchecked::<Log>()
                .write(format!("review {}", *product_id))
                .await;
            Review {
                body,
                ..review("new", &product_id)
            }
        }
    }
}

// ---- the gateway in front of them --------------------------------------------------------------

type Executed = BoxFuture<'static, async_graphql::Response>;
type Execute = Box<dyn Fn(async_graphql::Request) -> Executed + Send + Sync>;
type Stream = Box<
    dyn Fn(async_graphql::Request) -> BoxStream<'static, async_graphql::Response> + Send + Sync,
>;

/// A subgraph of this process.
pub(crate) struct InProcess {
    pub sdl: String,
    execute: Execute,
    stream: Stream,
}

impl InProcess {
    fn new<Q, M, S>(schema: Schema<Q, M, S>) -> Self
    where
        Q: async_graphql::ObjectType + 'static,
        M: async_graphql::ObjectType + 'static,
        S: async_graphql::SubscriptionType + 'static,
    {
        let executing = schema.clone();
        let streaming = schema.clone();
        Self {
            sdl: schema.sdl_with_options(async_graphql::SDLExportOptions::new().federation()),
            execute: Box::new(move |request| {
                let schema = executing.clone();
                Box::pin(async move { schema.execute(request).await })
            }),
            stream: Box::new(move |request| streaming.execute_stream(request)),
        }
    }

    pub(crate) fn request(request: SubgraphRequest) -> async_graphql::Request {
        async_graphql::Request::new(&*request.query)
            .variables(async_graphql::Variables::from_json(Value::Object(
                request.variables(),
            )))
            .data(Headers(request.headers))
    }

    pub(crate) async fn run(&self, request: async_graphql::Request) -> Bytes {
        serde_json::to_vec(&(self.execute)(request).await)
            .unwrap()
            .into()
    }

    pub(crate) fn events(&self, request: async_graphql::Request) -> BoxStream<'static, Bytes> {
        (self.stream)(request)
            .map(|response| serde_json::to_vec(&response).unwrap().into())
            .boxed()
    }
}

impl Subgraph for InProcess {
    fn execute(&self, request: SubgraphRequest) -> BoxFuture<'_, Result<Bytes, TransportError>> {
        Box::pin(async move { Ok(self.run(Self::request(request)).await) })
    }

    fn subscribe(
        &self,
        request: SubgraphRequest,
    ) -> BoxFuture<'_, Result<BoxStream<'static, Result<Bytes, TransportError>>, TransportError>>
    {
        Box::pin(async move { Ok(self.events(Self::request(request)).map(Ok).boxed()) })
    }
}

pub(crate) type AnswerAs =
    Box<dyn Fn(&SubgraphRequest) -> Result<Bytes, TransportError> + Send + Sync>;

/// A subgraph that answers whatever the test says.
pub(crate) struct Canned(pub AnswerAs);

impl Canned {
    pub(crate) fn text(text: &'static str) -> Arc<dyn Subgraph> {
        Arc::new(Self(Box::new(move |_| {
            Ok(Bytes::from_static(text.as_bytes()))
        })))
    }

    pub(crate) fn json(value: Value) -> Arc<dyn Subgraph> {
        Arc::new(Self(Box::new(move |_| Ok(value.to_string().into()))))
    }

    /// The same entities, under whatever key the request asks for them.
    pub(crate) fn entities(count: usize, answer: Value) -> Arc<dyn Subgraph> {
        Arc::new(Self(Box::new(move |request| {
            let variables = request.variables();
            let representations = variables.values().next().unwrap().as_array().unwrap();
            assert_eq!(representations.len(), count);
            let key = if request.query.contains("_e0:") {
                "_e0"
            } else {
                "_entities"
            };
            Ok(answer.to_string().replace("_entities", key).into())
        })))
    }

    pub(crate) fn error(error: TransportError) -> Arc<dyn Subgraph> {
        Arc::new(Self(Box::new(move |_| Err(error.clone()))))
    }
}

impl Subgraph for Canned {
    fn execute(&self, request: SubgraphRequest) -> BoxFuture<'_, Result<Bytes, TransportError>> {
        Box::pin(async move { (self.0)(&request) })
    }

    fn subscribe(
        &self,
        request: SubgraphRequest,
    ) -> BoxFuture<'_, Result<BoxStream<'static, Result<Bytes, TransportError>>, TransportError>>
    {
        Box::pin(async move {
            let answer = (self.0)(&request)?;
            Ok(futures_util::stream::iter([Ok(answer)]).boxed())
        })
    }
}

/// A subgraph that never answers.
pub(crate) struct Silent;

impl Subgraph for Silent {
    fn execute(&self, _: SubgraphRequest) -> BoxFuture<'_, Result<Bytes, TransportError>> {
        Box::pin(std::future::pending())
    }

    fn subscribe(
        &self,
        _: SubgraphRequest,
    ) -> BoxFuture<'_, Result<BoxStream<'static, Result<Bytes, TransportError>>, TransportError>>
    {
        Box::pin(std::future::pending())
    }
}

/// The three subgraphs.
pub(crate) struct Shop {
    pub log: Log,
    pub catalog: Arc<InProcess>,
    pub inventory: Arc<InProcess>,
    pub reviews: Arc<InProcess>,
}

impl Shop {
    pub(crate) fn new() -> Self {
        let log = Log::default();
        let catalog = Schema::build(catalog::Query, catalog::Mutation, EmptySubscription)
            .enable_federation()
            .data(log.clone());
        let inventory = Schema::build(inventory::Query, inventory::Mutation, inventory::Events)
            .enable_federation()
            .enable_subscription_in_federation()
            .data(log.clone());
        let reviews = Schema::build(reviews::Query, reviews::Mutation, EmptySubscription)
            .enable_federation()
            .data(log.clone());
        Self {
            log,
            catalog: Arc::new(InProcess::new(catalog.finish())),
            inventory: Arc::new(InProcess::new(inventory.finish())),
            reviews: Arc::new(InProcess::new(reviews.finish())),
        }
    }

    pub(crate) fn named(&self) -> [(&'static str, Arc<InProcess>); 3] {
        [
            ("catalog", self.catalog.clone()),
            ("inventory", self.inventory.clone()),
            ("reviews", self.reviews.clone()),
        ]
    }

    pub(crate) fn supergraph(&self) -> String {
        let subgraphs = self.named().map(|(name, subgraph)| SubgraphSdl {
            name: name.to_owned(),
            url: format!("http://{name}.invalid/graphql"),
            sdl: subgraph.sdl.clone(),
        });
        compose(&subgraphs)
            .unwrap_or_else(|errors| panic!("{errors:#?}"))
            .supergraph_sdl
    }

    pub(crate) fn transports(&self) -> HashMap<String, Arc<dyn Subgraph>> {
        self.named()
            .into_iter()
            .map(|(name, subgraph)| (name.to_owned(), subgraph as Arc<dyn Subgraph>))
            .collect()
    }

    pub(crate) fn gateway(&self, config: Config) -> Asker {
        Asker::new(Gateway::new(&self.supergraph(), self.transports(), config).unwrap())
    }
}

/// A gateway in front of the shop, fetch counts exposed.
pub(crate) fn shop() -> Asker {
    Shop::new().gateway(config())
}

/// The shop with one subgraph replaced.
pub(crate) fn shop_with(name: &str, subgraph: Arc<dyn Subgraph>) -> Asker {
    shop_with_config(name, subgraph, config())
}

pub(crate) fn shop_with_config(name: &str, subgraph: Arc<dyn Subgraph>, config: Config) -> Asker {
    let shop = Shop::new();
    let mut transports = shop.transports();
    transports.insert(name.to_owned(), subgraph);
    Asker::new(Gateway::new(&shop.supergraph(), transports, config).unwrap())
}

pub(crate) fn config() -> Config {
    Config {
        expose_fetch_counts: true,
        ..Config::default()
    }
}

/// Asks a gateway through its router.
#[derive(Clone)]
pub(crate) struct Asker {
    pub gateway: Arc<Gateway>,
    pub router: axum::Router,
}

/// An HTTP answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub(crate) fn code(&self) -> String {
        self.json()["errors"][0]["extensions"]["code"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

impl Asker {
    pub(crate) fn new(gateway: Gateway) -> Self {
        let gateway = Arc::new(gateway);
        Self {
            router: gateway.clone().router(),
            gateway,
        }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    /// Posts a query and returns the whole response.
    pub(crate) async fn ask(&self, query: &str) -> Value {
        self.ask_with(query, json!({})).await
    }

    pub(crate) async fn ask_with(&self, query: &str, variables: Value) -> Value {
        let answer = self
            .send(post(
                json!({ "query": query, "variables": variables }).to_string(),
            ))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        answer.json()
    }

    /// Serves the gateway on a free port.
    pub(crate) async fn listen(&self) -> std::net::SocketAddr {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = self.router.clone();
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        address
    }
}

/// A POST of JSON that accepts the current media type.
pub(crate) fn post(body: impl Into<Body>) -> Request<Body> {
    Request::post("/graphql")
        .header("content-type", "application/json")
        .header("accept", "application/graphql-response+json")
        .body(body.into())
        .unwrap()
}

/// Waits for something that must not take long.
pub(crate) async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(10), future)
        .await
        .expect("it takes too long")
}
