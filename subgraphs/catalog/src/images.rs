//! Placeholder pictures: a small drawing per name, the same on every machine. They stand in for
//! photographs until pictures can be uploaded.

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

/// `GET /images/<name>.svg`.
pub(crate) fn routes() -> Router {
    Router::new().route("/images/{file}", get(picture))
}

async fn picture(Path(file): Path<String>) -> Response {
    let name = file.strip_suffix(".svg").filter(|name| is_name(name));
    let Some(name) = name else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml; charset=utf-8"),
        // A name always gives the same picture.
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, draw(name)).into_response()
}

/// Lower-case letters, digits and hyphens: nothing that means anything in SVG.
fn is_name(name: &str) -> bool {
    (1..=100).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn draw(name: &str) -> String {
    let hash = fnv1a(name);
    let hue = hash % 360;
    let other_hue = (hue + 40 + (hash >> 16) % 80) % 360;
    let (x, y, radius) = (
        80 + (hash >> 8) % 240,
        80 + (hash >> 24) % 240,
        60 + (hash >> 32) % 80,
    );
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" role="img" aria-label="{name}">
<defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="hsl({hue} 60% 82%)"/><stop offset="1" stop-color="hsl({other_hue} 55% 62%)"/></linearGradient></defs>
<rect width="400" height="400" fill="url(#g)"/>
<circle cx="{x}" cy="{y}" r="{radius}" fill="#fff" fill-opacity=".35"/>
<text x="200" y="372" text-anchor="middle" font-family="system-ui,sans-serif" font-size="20" fill="#222" fill-opacity=".7">{name}</text>
</svg>
"##
    )
}

/// A hash that stays the same across releases of the compiler, unlike the standard library's.
fn fnv1a(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_gives_the_same_picture_and_another_name_another_one() {
        assert_eq!(draw("demo-product-0001"), draw("demo-product-0001"));
        assert_ne!(
            draw("demo-product-0001").replace("demo-product-0001", ""),
            draw("demo-product-0002").replace("demo-product-0002", "")
        );
    }

    #[test]
    fn only_plain_names_are_drawn() {
        assert!(is_name("demo-product-0001-2"));
        for bad in [
            "",
            "A",
            "a b",
            "<script>",
            "\"",
            "&amp;",
            "..",
            &"a".repeat(101),
        ] {
            assert!(!is_name(bad), "{bad}");
        }
    }
}
