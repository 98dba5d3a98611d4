//! What the caller of a valid token may do.

use auth::{AuthError, Claims, Principal, Role, Scope};

use crate::fixture::{Fixture, claims, now};

#[test]
fn nobody_may_do_nothing() {
    let nobody = Principal::anonymous();
    assert!(!nobody.is_authenticated() && !nobody.is_staff());
    assert_eq!(nobody.user_id(), None);
    assert_eq!(nobody.email(), None);
    assert_eq!(nobody.scopes().count(), 0);
    assert!(!nobody.has_role(Role::Guest));
    assert_eq!(nobody.require_user(), Err(AuthError::Unauthenticated));
    assert_eq!(
        nobody.require_scope("orders:read"),
        Err(AuthError::Unauthenticated)
    );
    assert_eq!(Principal::default(), nobody);
}

#[test]
fn a_customer_is_known_and_has_no_staff_permission() {
    let customer = Fixture::new().principal(&[Role::Customer]);
    assert_eq!(customer.require_user(), Ok("usr_1"));
    assert_eq!(customer.email(), Some("ani@example.com"));
    assert!(customer.has_role(Role::Customer) && !customer.is_staff());
    let error = customer
        .require_scope(Scope::ORDERS_READ)
        .expect_err("customers see their own orders only");
    assert_eq!(error.code(), "FORBIDDEN");
    assert_eq!(error.to_string(), "this needs the permission orders:read");
}

#[test]
fn staff_have_what_their_roles_grant() {
    let fixture = Fixture::new();
    for role in Role::ALL {
        let principal = fixture.principal(&[role]);
        let expected: Vec<&str> = role.scopes().into_iter().map(Scope::as_str).collect();
        let granted: Vec<&str> = principal.scopes().collect();
        assert_eq!(granted, expected, "{role}");
        assert_eq!(principal.is_staff(), role.is_staff());
    }
    let support = fixture.principal(&[Role::Support]);
    assert_eq!(support.require_scope("orders:write"), Ok(()));
    assert!(support.require_scope("payments:refund").is_err());
}

#[test]
fn a_scope_is_a_whole_word() {
    let admin = Fixture::new().principal(&[Role::Admin]);
    assert!(admin.has_scope("users:write"));
    for not_a_scope in [
        "",
        "users",
        "users:",
        "users:writ",
        "users:write ",
        "users:read users:write",
    ] {
        assert!(!admin.has_scope(not_a_scope), "{not_a_scope:?}");
    }
}

#[test]
fn roles_and_scopes_we_do_not_know_are_kept_apart() {
    // A role of a later release grants nothing; a scope is for whoever asks for it.
    let fixture = Fixture::new();
    let token = fixture.issuer.sign(&Claims {
        roles: vec!["CAPTAIN".to_owned(), "SUPPORT".to_owned()],
        scope: "  ships:steer   orders:read ".to_owned(),
        ..claims()
    });
    let principal = fixture
        .verifier
        .verify(&token.expect("signed"), now())
        .expect("valid");
    assert_eq!(
        principal.as_user().map(|user| user.roles.as_slice()),
        Some(&[Role::Support][..])
    );
    assert!(principal.has_scope("ships:steer") && principal.has_scope("orders:read"));
    assert!(
        !principal.has_scope("orders:write"),
        "the token decides, not the role"
    );
}

#[test]
fn printing_a_principal_shows_no_address() {
    let fixture = Fixture::new();
    let printed = format!("{:?}", fixture.principal(&[Role::Customer]));
    assert!(printed.contains("usr_1"), "{printed}");
    assert!(!printed.contains("ani@example.com"), "{printed}");
    let claims = Claims {
        email: Some("ani@example.com".to_owned()),
        ..claims()
    };
    assert!(!format!("{claims:?}").contains("ani@"));
}
