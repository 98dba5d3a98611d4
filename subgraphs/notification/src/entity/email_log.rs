//! One outgoing mail: what was asked for, and what became of it.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query};
use sea_orm::{Condition, ConnectionTrait, QueryOrder, QuerySelect, QueryTrait};

/// Where a mail stands.
///
/// ```text
/// QUEUED → SENDING → SENT → DELIVERED | BOUNCED
///             ├→ FAILED → SENDING, when its pause is over
///             └→ DEAD
/// FAILED | DEAD → QUEUED, when staff say so
/// SENDING → SENDING, when whoever claimed it is gone
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Status {
    /// Waits for the sending job.
    #[sea_orm(string_value = "QUEUED")]
    Queued,
    /// Claimed by somebody who sends it.
    #[sea_orm(string_value = "SENDING")]
    Sending,
    /// Handed to the mail server.
    #[sea_orm(string_value = "SENT")]
    Sent,
    /// Arrived, as far as the mail server knows.
    #[sea_orm(string_value = "DELIVERED")]
    Delivered,
    /// Came back.
    #[sea_orm(string_value = "BOUNCED")]
    Bounced,
    /// Not sent; will be tried again by itself.
    #[sea_orm(string_value = "FAILED")]
    Failed,
    /// Not sent; will not be tried again by itself.
    #[sea_orm(string_value = "DEAD")]
    Dead,
}

/// Through whom a mail goes. Sign-in codes go another way than order mail, so that one cannot hold
/// up the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Provider {
    /// Mail about orders.
    #[sea_orm(string_value = "TRANSACTIONAL")]
    Transactional,
    /// Mail about signing in.
    #[sea_orm(string_value = "AUTH")]
    Auth,
}

/// One outgoing mail.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "email_logs")]
pub struct Model {
    /// Also the name of its file and its `Message-ID`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Grows with every change; every change is conditional on it.
    pub version: i64,
    /// When it was queued first.
    pub created_at: DateTimeUtc,
    /// Last change.
    pub updated_at: DateTimeUtc,
    /// Which text.
    pub template: String,
    /// The address as the order gave it; not checked before sending.
    pub recipient: String,
    /// Subject line.
    pub subject: String,
    /// Through whom.
    pub provider: Provider,
    /// Where it stands.
    pub status: Status,
    /// How often it was claimed to be sent, in all.
    pub attempts: i32,
    /// How often it failed since it was queued; decides the next pause.
    pub failures: i32,
    /// What went wrong last.
    pub error: Option<String>,
    /// The event that asked for it.
    pub source_event_id: Uuid,
    /// The story it belongs to: an order id, else a request id.
    pub correlation_id: String,
    /// W3C trace context of the event.
    pub traceparent: Option<String>,
    /// `<event id>:<template>`, unique.
    pub dedupe_key: String,
    /// The event's data, all the text is made from.
    pub payload: String,
    /// The order it is about.
    pub order_id: Option<Uuid>,
    /// The user it is for, none for a guest.
    pub user_id: Option<Uuid>,
    /// When an open mail is due: to be sent, tried again, or taken over from whoever claimed it.
    pub due_at: DateTimeUtc,
    /// Until when whoever sends it is left alone.
    pub claimed_until: Option<DateTimeUtc>,
    /// When it was queued last.
    pub queued_at: DateTimeUtc,
    /// When it was handed to the mail server.
    pub sent_at: Option<DateTimeUtc>,
    /// When it failed last.
    pub failed_at: Option<DateTimeUtc>,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// What a list is narrowed to; empty narrows nothing.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Any of these.
    pub statuses: Vec<Status>,
    /// Any of these.
    pub templates: Vec<String>,
    /// This address, whatever its case.
    pub recipient: Option<String>,
}

impl Filter {
    fn condition(&self) -> Condition {
        let mut condition = Condition::all();
        if !self.statuses.is_empty() {
            condition = condition.add(Column::Status.is_in(self.statuses.iter().copied()));
        }
        if !self.templates.is_empty() {
            condition = condition.add(Column::Template.is_in(&self.templates));
        }
        if let Some(recipient) = &self.recipient {
            // Both sides in the database, which may see letters differently than we do.
            let stored = Func::lower(Expr::col(Column::Recipient));
            condition = condition.add(Expr::expr(stored).eq(Func::lower(recipient.as_str())));
        }
        condition
    }
}

/// A place in the list, newest first.
pub type Position = (DateTimeUtc, Uuid);

/// At most this many mails are listed per user.
pub const NEWEST_PER_USER: i64 = 50;

impl Model {
    /// Its place in the list.
    #[must_use]
    pub fn position(&self) -> Position {
        (self.created_at, self.id)
    }
}

/// The newest `limit` mails that come after `after` in the list.
///
/// # Errors
/// [`DbErr`] if the database does not answer.
pub async fn page(
    db: &impl ConnectionTrait,
    filter: &Filter,
    after: Option<Position>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut query = Entity::find().filter(filter.condition());
    if let Some((created_at, id)) = after {
        query = query.filter(
            Condition::any()
                .add(Column::CreatedAt.lt(created_at))
                .add(Column::CreatedAt.eq(created_at).and(Column::Id.lt(id))),
        );
    }
    query
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(db)
        .await
}

/// How many mails there are, counted up to `cap`.
///
/// # Errors
/// [`DbErr`] if the database does not answer.
pub async fn count(db: &impl ConnectionTrait, filter: &Filter, cap: u64) -> Result<u64, DbErr> {
    let capped = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(filter.condition())
        .limit(cap)
        .into_query();
    let total = Query::select()
        .expr_as(Expr::cust("COUNT(*)"), "total")
        .from_subquery(capped, "capped")
        .to_owned();
    let row = db.query_one(&total).await?;
    let total: i64 = row.map_or(Ok(0), |row| row.try_get("", "total"))?;
    Ok(u64::try_from(total).unwrap_or(0))
}

/// The mails with these ids.
///
/// # Errors
/// [`DbErr`] if the database does not answer.
pub async fn find_by_ids(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::Id.is_in(ids.iter().copied()))
        .all(db)
        .await
}

/// The mails about these orders, oldest first.
///
/// # Errors
/// [`DbErr`] if the database does not answer.
pub async fn find_by_orders(
    db: &impl ConnectionTrait,
    orders: &[Uuid],
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrderId.is_in(orders.iter().copied()))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(db)
        .await
}

/// The newest mails of each of these users, at most [`NEWEST_PER_USER`] each, newest first.
///
/// # Errors
/// [`DbErr`] if the database does not answer.
pub async fn find_newest_by_users(
    db: &impl ConnectionTrait,
    users: &[Uuid],
) -> Result<Vec<Model>, DbErr> {
    let ranked = Entity::find()
        .select_only()
        .column(Column::Id)
        .expr_as(
            Expr::cust(
                "ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY created_at DESC, id DESC)",
            ),
            "place",
        )
        .filter(Column::UserId.is_in(users.iter().copied()))
        .into_query();
    let newest = Query::select()
        .column("id")
        .from_subquery(ranked, "ranked")
        .and_where(Expr::col("place").lte(NEWEST_PER_USER))
        .to_owned();
    Entity::find()
        .filter(Column::Id.in_subquery(newest))
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .all(db)
        .await
}

/// Up to `limit` mails that may be sent now, longest waiting first: new ones, failed ones whose
/// pause is over, and claimed ones whose claim ran out.
///
/// # Errors
/// [`DbErr`] if the database does not answer.
pub async fn find_due(
    db: &impl ConnectionTrait,
    now: DateTimeUtc,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        // Spelled out so that both databases see that the index of open mail serves it.
        .filter(Expr::cust("status IN ('QUEUED', 'SENDING', 'FAILED')"))
        .filter(Column::DueAt.lte(now))
        .order_by_asc(Column::DueAt)
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(db)
        .await
}

/// The user an order's mail was for so far.
///
/// # Errors
/// [`DbErr`] if the database does not answer.
pub async fn find_user_of_order(
    db: &impl ConnectionTrait,
    order_id: Uuid,
) -> Result<Option<Uuid>, DbErr> {
    let user_id: Option<Option<Uuid>> = Entity::find()
        .select_only()
        .column(Column::UserId)
        .filter(Column::OrderId.eq(order_id))
        .filter(Column::UserId.is_not_null())
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    Ok(user_id.flatten())
}
