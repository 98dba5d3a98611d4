//! Integration tests of the inventory, one module per subject.

mod commit;
mod database;
mod demo;
mod hold;
mod laws;
mod live;
mod sdl;
mod shop;
mod staff;
mod variant_stock;
