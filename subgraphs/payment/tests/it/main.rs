//! Integration tests of payment, one module per subject.

mod captures;
mod crashes;
mod demo_page;
mod initiate;
mod ledger;
mod order_events;
mod queries;
mod reconcile;
mod refunds;
mod scripted;
mod sdl;
mod shop;
mod webhooks;
