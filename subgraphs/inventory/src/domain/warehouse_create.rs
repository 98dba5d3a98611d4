//! Opens a warehouse.

use events::Cause;
use events::id::WarehouseId;
use sea_orm::ActiveValue::Set;
use sea_orm::{DatabaseConnection, EntityTrait, SqlErr};

use super::input::{self, MAX_NAME};
use crate::InventoryError;
use crate::entity::warehouse;

/// A warehouse to be.
#[derive(Debug, Clone)]
pub(crate) struct NewWarehouse {
    /// Unique short name.
    pub(crate) code: String,
    /// Name.
    pub(crate) name: String,
    /// Orders are served from the lowest number first.
    pub(crate) priority: i32,
}

/// Opens a warehouse, empty and active.
pub(crate) async fn warehouse_create(
    db: &DatabaseConnection,
    cause: &Cause,
    new: &NewWarehouse,
) -> Result<warehouse::Model, InventoryError> {
    let row = warehouse::Model {
        id: WarehouseId::generate().uuid(),
        version: 1,
        code: input::warehouse_code(&new.code)?,
        name: input::text("name", &new.name, MAX_NAME)?,
        priority: new.priority,
        is_active: true,
        created_at: cause.now,
        updated_at: cause.now,
    };
    let insert = warehouse::ActiveModel {
        id: Set(row.id),
        version: Set(row.version),
        code: Set(row.code.clone()),
        name: Set(row.name.clone()),
        priority: Set(row.priority),
        is_active: Set(row.is_active),
        created_at: Set(row.created_at),
        updated_at: Set(row.updated_at),
    };
    match warehouse::Entity::insert(insert)
        .exec_without_returning(db)
        .await
    {
        Ok(_) => Ok(row),
        Err(error) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
            Err(InventoryError::WarehouseCodeTaken)
        }
        Err(error) => Err(error.into()),
    }
}
