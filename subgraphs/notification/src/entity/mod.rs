//! Tables of the notification service.

pub mod email_log;
