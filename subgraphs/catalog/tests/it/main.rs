//! Integration tests of the catalog, one module per subject.

mod access;
mod categories;
mod concurrency;
mod demo;
mod entities;
mod fixture;
mod golden;
mod images;
mod listing;
mod product_create;
mod product_status;
mod product_update;
mod products;
mod sdl;
mod search;
mod statements;
mod stock;
mod variants;
