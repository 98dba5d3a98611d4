//! What the service does, one operation per file, and the rules it follows.

pub(crate) mod email_message;
pub(crate) mod email_queue;
pub(crate) mod email_retry;
pub(crate) mod emails_send;
pub(crate) mod money_text;
pub(crate) mod order_confirmed;
pub(crate) mod order_status_changed;
pub(crate) mod render;
pub(crate) mod template;
