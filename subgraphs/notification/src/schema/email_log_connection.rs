//! The list of mails, page by page.

use async_graphql::{ComplexObject, Context, InputObject, SimpleObject};
use service::ApiError;
use service::cursor::COUNT_CAP;
use service::graphql::PageInfo;

use super::State;
use super::email_log::{EmailLog, EmailStatus};
use crate::entity::email_log::{self, Filter, Model};

/// Addresses cannot be longer.
const LONGEST_ADDRESS: usize = 254;
/// More values than there are make no sense.
const MOST_VALUES: usize = 20;

/// Narrows the list of e-mails. All given fields must match.
#[derive(Debug, Default, InputObject)]
pub(crate) struct EmailLogFilter {
    /// Only e-mails that stand at one of these.
    status: Option<Vec<EmailStatus>>,
    /// Only e-mails with one of these texts, for example `order_confirmation`; at most 20.
    template: Option<Vec<String>>,
    /// Only e-mails to this address, upper or lower case.
    to: Option<String>,
}

impl EmailLogFilter {
    /// Checks the fields.
    pub(crate) fn parse(self) -> Result<Filter, ApiError> {
        let statuses = self.status.unwrap_or_default();
        let templates = self.template.unwrap_or_default();
        if statuses.len() > MOST_VALUES || templates.len() > MOST_VALUES {
            return Err(ApiError::BadUserInput(format!(
                "a filter takes at most {MOST_VALUES} values"
            )));
        }
        let recipient = self.to.map(|to| to.trim().to_owned());
        let texts = templates.iter().chain(recipient.iter());
        for text in texts {
            if text.chars().count() > LONGEST_ADDRESS || text.chars().any(char::is_control) {
                return Err(ApiError::BadUserInput(format!(
                    "`template` and `to` are at most {LONGEST_ADDRESS} characters on one line"
                )));
            }
        }
        Ok(Filter {
            statuses: statuses.into_iter().map(Into::into).collect(),
            templates,
            recipient,
        })
    }
}

/// A page of e-mails, newest first.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(crate) struct EmailLogConnection {
    /// The e-mails of this page with their cursors.
    edges: Vec<EmailLogEdge>,
    /// The e-mails of this page.
    nodes: Vec<EmailLog>,
    /// Where this page stands in the list.
    page_info: PageInfo,
    #[graphql(skip)]
    filter: Filter,
}

/// An e-mail in a list.
#[derive(SimpleObject)]
pub(crate) struct EmailLogEdge {
    /// Pass it as `after` to get what follows.
    cursor: String,
    /// The e-mail.
    node: EmailLog,
}

#[ComplexObject]
impl EmailLogConnection {
    /// How many e-mails the whole list has; counting stops at 10001.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<i32, ApiError> {
        let state = ctx.data_unchecked::<State>();
        let total = email_log::count(&state.deps.db, &self.filter, COUNT_CAP).await?;
        Ok(i32::try_from(total).unwrap_or(i32::MAX))
    }
}

impl EmailLogConnection {
    /// Reads a page and what the client needs to ask for the next one.
    pub(crate) async fn load(
        state: &State,
        filter: Filter,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Self, ApiError> {
        let size = service::cursor::page_size(first)?;
        let position = match &after {
            Some(cursor) => Some(state.cursors.decode(cursor)?),
            None => None,
        };

        // One more than asked for tells whether there are more.
        let mut emails = email_log::page(&state.deps.db, &filter, position, size + 1).await?;
        let has_next_page = emails.len() as u64 > size;
        emails.truncate(usize::try_from(size).unwrap_or(usize::MAX));

        let cursor = |email: &Model| state.cursors.encode(&email.position());
        let page_info = PageInfo {
            has_next_page,
            has_previous_page: after.is_some(),
            start_cursor: emails.first().map(cursor),
            end_cursor: emails.last().map(cursor),
        };
        let edges = emails
            .iter()
            .map(|email| EmailLogEdge {
                cursor: cursor(email),
                node: EmailLog(email.clone()),
            })
            .collect();
        Ok(Self {
            edges,
            nodes: emails.into_iter().map(EmailLog).collect(),
            page_info,
            filter,
        })
    }
}
