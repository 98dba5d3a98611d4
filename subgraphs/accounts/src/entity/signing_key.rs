//! Keys that sign, or signed, access tokens.

use sea_orm::entity::prelude::*;

/// The one purpose so far.
pub(crate) const ACCESS_TOKEN: &str = "ACCESS_TOKEN";

/// One key.
#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "signing_keys")]
pub struct Model {
    /// The thumbprint of the public half.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kid: String,
    /// What it signs.
    #[sea_orm(column_type = "Text")]
    pub purpose: String,
    /// PKCS#8 PEM: the secret itself.
    #[sea_orm(column_type = "Text")]
    pub private_key: String,
    /// When it was created.
    pub created_at: DateTimeUtc,
    /// When it stopped signing. At most one key of a purpose is not retired.
    pub retired_at: Option<DateTimeUtc>,
}

/// Without the secret.
impl std::fmt::Debug for Model {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("SigningKey")
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// The key that signs now.
pub(crate) async fn find_active(db: &impl ConnectionTrait) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::Purpose.eq(ACCESS_TOKEN))
        .filter(Column::RetiredAt.is_null())
        .one(db)
        .await
}
