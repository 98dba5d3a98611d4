use async_graphql::{Context, ID, MaybeUndefined, Object};
use auth::Scope;
use events::PostalAddress;
use events::id::{AddressId, UserId};
use service::graphql::AddressInput;
use service::{ApiError, RequestInfo};

use crate::domain::SignedIn;
use crate::domain::account_register::{Registration, account_register};
use crate::domain::address_create::{NewAddress, address_create};
use crate::domain::address_delete::address_delete;
use crate::domain::address_set_default::address_set_default;
use crate::domain::address_update::{AddressChange, address_update};
use crate::domain::login::{Login, login};
use crate::domain::logout::logout;
use crate::domain::logout_all::logout_all;
use crate::domain::password_change::password_change;
use crate::domain::profile_update::{ProfileChange, profile_update};
use crate::domain::role_assign::role_assign;
use crate::domain::token_refresh::token_refresh;
use crate::domain::user_status_set::{user_reactivate, user_suspend};
use crate::error::AccountsError;
use crate::schema::inputs::{
    AccountRegisterInput, AddressCreateInput, AddressDeleteInput, AddressSetDefaultInput,
    AddressUpdateInput, LoginInput, LogoutInput, PasswordChangeInput, ProfileUpdateInput,
    RoleAssignInput, TokenRefreshInput, UserReactivateInput, UserSuspendInput,
};
use crate::schema::payloads::{
    AccountRegisterPayload, AddressCreatePayload, AddressDeletePayload, AddressSetDefaultPayload,
    AddressUpdatePayload, LoginPayload, LogoutAllPayload, LogoutPayload, PasswordChangePayload,
    ProfileUpdatePayload, RoleAssignPayload, TokenRefreshPayload, UserReactivatePayload,
    UserSuspendPayload,
};
use crate::schema::session::Session;
use crate::schema::user::User;
use crate::schema::user_error::split;
use crate::schema::{caller, cause, state};

/// Changes.
pub(crate) struct Mutation;

/// What can be changed.
#[Object]
impl Mutation {
    /// Creates an account. It is active at once and nobody is signed in by it: call `login` next.
    async fn account_register(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new account.")] input: AccountRegisterInput,
    ) -> Result<AccountRegisterPayload, ApiError> {
        let registration = Registration {
            email: input.email,
            password: input.password,
            name: input.name,
            locale: input.locale,
        };
        let (user, user_errors) =
            split(account_register(&state(ctx).accounts, &cause(ctx), registration).await)?;
        Ok(AccountRegisterPayload {
            user: user.map(User::visible),
            user_errors,
        })
    }

    /// Starts a session. After several wrong passwords the account answers `RATE_LIMITED` for a
    /// while, which grows with each further one.
    async fn login(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who wants to log in.")] input: LoginInput,
    ) -> Result<LoginPayload, ApiError> {
        // An id that is none, or one without the token, names no cart that could be taken over.
        let cart = input
            .cart_id
            .and_then(|id| id.parse().ok())
            .zip(input.cart_token);
        let login_as = Login {
            email: input.email,
            password: input.password,
            cart,
        };
        let (signed_in, user_errors) =
            split(login(&state(ctx).accounts, &cause(ctx), login_as).await)?;
        let (session, user) = signed_in.map(SignedIn::into_parts).unzip();
        Ok(LoginPayload {
            session,
            user,
            user_errors,
        })
    }

    /// Continues a session: exchanges the refresh token for a new one and a new access token. A
    /// refresh token can be used once. Using it again ends the session (`TOKEN_REUSED`), except
    /// once within ten seconds, for a client that did not get the answer.
    async fn token_refresh(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The session to be continued.")] input: TokenRefreshInput,
    ) -> Result<TokenRefreshPayload, ApiError> {
        let outcome = token_refresh(&state(ctx).accounts, &cause(ctx), &input.refresh_token).await;
        let (session, user_errors) = split(outcome)?;
        Ok(TokenRefreshPayload {
            session: session.map(Session::from),
            user_errors,
        })
    }

    /// Ends a session. Ending one that has ended is fine. The access token holds until it expires:
    /// forget it.
    async fn logout(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The session to be ended.")] input: LogoutInput,
    ) -> Result<LogoutPayload, ApiError> {
        let (_, user_errors) =
            split(logout(&state(ctx).accounts, &cause(ctx), &input.refresh_token).await)?;
        Ok(LogoutPayload { user_errors })
    }

    /// Ends all sessions of the signed-in user, on every device.
    async fn logout_all(&self, ctx: &Context<'_>) -> Result<LogoutAllPayload, ApiError> {
        let outcome = logout_all(&state(ctx).accounts, &cause(ctx), caller(ctx)?).await;
        let (ended, user_errors) = split(outcome)?;
        let ended_sessions = ended.map(|ended| i64::try_from(ended).unwrap_or(i64::MAX));
        Ok(LogoutAllPayload {
            ended_sessions,
            user_errors,
        })
    }

    /// Changes the signed-in user's password and ends all sessions; the answer has a new one for this
    /// client. Wrong guesses of the old password count like wrong logins.
    async fn password_change(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The old and the new password.")] input: PasswordChangeInput,
    ) -> Result<PasswordChangePayload, ApiError> {
        let accounts = &state(ctx).accounts;
        let (current, new) = (&input.current_password, &input.new_password);
        let outcome = password_change(accounts, &cause(ctx), caller(ctx)?, current, new).await;
        let (signed_in, user_errors) = split(outcome)?;
        let (session, user) = signed_in.map(SignedIn::into_parts).unzip();
        Ok(PasswordChangePayload {
            session,
            user,
            user_errors,
        })
    }

    /// Changes the signed-in user's profile.
    async fn profile_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: ProfileUpdateInput,
    ) -> Result<ProfileUpdatePayload, ApiError> {
        let change = ProfileChange {
            name: given(input.name),
            phone: given(input.phone),
            locale: input.locale,
        };
        let outcome = profile_update(&state(ctx).accounts, &cause(ctx), caller(ctx)?, change).await;
        let (user, user_errors) = split(outcome)?;
        Ok(ProfileUpdatePayload {
            user: user.map(User::visible),
            user_errors,
        })
    }

    /// Saves an address of the signed-in user; at most 100. The first one becomes the default for
    /// parcels and bills.
    async fn address_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The address to be saved.")] input: AddressCreateInput,
    ) -> Result<AddressCreatePayload, ApiError> {
        let caller = caller(ctx)?;
        let outcome = async {
            let new = NewAddress {
                label: input.label,
                address: parse_address(input.address)?,
                is_default_shipping: input.is_default_shipping,
                is_default_billing: input.is_default_billing,
            };
            address_create(&state(ctx).accounts, &cause(ctx), caller, new).await
        };
        let (saved, user_errors) = split(outcome.await)?;
        let (user, address) = saved.unzip();
        Ok(AddressCreatePayload {
            address: address.map(Into::into),
            user: user.map(User::visible),
            user_errors,
        })
    }

    /// Changes a saved address of the signed-in user.
    async fn address_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: AddressUpdateInput,
    ) -> Result<AddressUpdatePayload, ApiError> {
        let caller = caller(ctx)?;
        let outcome = async {
            let id = parse_address_id(&input.address_id)?;
            let change = AddressChange {
                label: given(input.label),
                address: input.address.map(parse_address).transpose()?,
            };
            address_update(&state(ctx).accounts, &cause(ctx), caller, id, change).await
        };
        let (changed, user_errors) = split(outcome.await)?;
        let (user, address) = changed.unzip();
        Ok(AddressUpdatePayload {
            address: address.map(Into::into),
            user: user.map(User::visible),
            user_errors,
        })
    }

    /// Deletes a saved address of the signed-in user. If it was a default, there is none until
    /// another is chosen.
    async fn address_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The address to be deleted.")] input: AddressDeleteInput,
    ) -> Result<AddressDeletePayload, ApiError> {
        let caller = caller(ctx)?;
        let outcome = async {
            let id = parse_address_id(&input.address_id)?;
            address_delete(&state(ctx).accounts, &cause(ctx), caller, id).await
        };
        let (user, user_errors) = split(outcome.await)?;
        Ok(AddressDeletePayload {
            deleted_address_id: user.is_some().then_some(input.address_id),
            user: user.map(User::visible),
            user_errors,
        })
    }

    /// Makes a saved address the default for parcels or bills, instead of the one that is.
    async fn address_set_default(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which address, for what.")] input: AddressSetDefaultInput,
    ) -> Result<AddressSetDefaultPayload, ApiError> {
        let caller = caller(ctx)?;
        let outcome = async {
            let id = parse_address_id(&input.address_id)?;
            address_set_default(
                &state(ctx).accounts,
                &cause(ctx),
                caller,
                id,
                input.kind.into(),
            )
            .await
        };
        let (changed, user_errors) = split(outcome.await)?;
        let (user, address) = changed.unzip();
        Ok(AddressSetDefaultPayload {
            address: address.map(Into::into),
            user: user.map(User::visible),
            user_errors,
        })
    }

    /// Gives a user exactly these roles, for staff with the permission `users:write`. They show in
    /// the user's permissions after the next login or token refresh.
    async fn role_assign(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who is to have which roles.")] input: RoleAssignInput,
    ) -> Result<RoleAssignPayload, ApiError> {
        let staff = staff(ctx)?;
        let outcome = async {
            let id = parse_user_id(&input.user_id)?;
            let roles = input.roles.into_iter().map(Into::into).collect();
            role_assign(&state(ctx).accounts, &cause(ctx), staff, id, roles).await
        };
        let (user, user_errors) = split(outcome.await)?;
        Ok(RoleAssignPayload {
            user: user.map(|row| User::for_caller(ctx, row)),
            user_errors,
        })
    }

    /// Shuts a user out and ends all their sessions, for staff with the permission `users:write`.
    async fn user_suspend(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom to shut out.")] input: UserSuspendInput,
    ) -> Result<UserSuspendPayload, ApiError> {
        let staff = staff(ctx)?;
        let outcome = async {
            let id = parse_user_id(&input.user_id)?;
            user_suspend(&state(ctx).accounts, &cause(ctx), staff, id).await
        };
        let (user, user_errors) = split(outcome.await)?;
        Ok(UserSuspendPayload {
            user: user.map(|row| User::for_caller(ctx, row)),
            user_errors,
        })
    }

    /// Lets a suspended user in again, for staff with the permission `users:write`.
    async fn user_reactivate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom to let in.")] input: UserReactivateInput,
    ) -> Result<UserReactivatePayload, ApiError> {
        let staff = staff(ctx)?;
        let outcome = async {
            let id = parse_user_id(&input.user_id)?;
            user_reactivate(&state(ctx).accounts, &cause(ctx), staff, id).await
        };
        let (user, user_errors) = split(outcome.await)?;
        Ok(UserReactivatePayload {
            user: user.map(|row| User::for_caller(ctx, row)),
            user_errors,
        })
    }
}

impl SignedIn {
    fn into_parts(self) -> (Session, User) {
        (self.session.into(), User::visible(self.user))
    }
}

/// The caller, if they may change users.
fn staff(ctx: &Context<'_>) -> Result<UserId, ApiError> {
    RequestInfo::of(ctx)
        .principal()?
        .require_scope(Scope::USERS_WRITE)?;
    caller(ctx)
}

fn given(value: MaybeUndefined<String>) -> Option<Option<String>> {
    match value {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(value) => Some(Some(value)),
    }
}

fn parse_address(input: AddressInput) -> Result<PostalAddress, AccountsError> {
    input
        .parse()
        .map_err(|field| AccountsError::AddressInvalid { field })
}

fn parse_address_id(id: &ID) -> Result<AddressId, AccountsError> {
    id.parse().map_err(|_| AccountsError::AddressNotFound)
}

fn parse_user_id(id: &ID) -> Result<UserId, AccountsError> {
    id.parse().map_err(|_| AccountsError::UserNotFound)
}
