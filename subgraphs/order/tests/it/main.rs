//! Integration tests of the order service.

mod expiry;
mod lists;
mod order_cancel;
mod order_create;
mod order_detail;
mod order_status_update;
mod random_stories;
mod saga;
mod sdl;
mod shop;
mod subscription;
