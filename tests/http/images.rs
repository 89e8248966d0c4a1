//! `GET …/image`

use image::RgbImage;

use super::*;
use crate::support::case;

fn decode(answer: &Answer) -> RgbImage {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "image/jpeg");
    image::load_from_memory(&answer.body).unwrap().into_rgb8()
}

#[tokio::test]
async fn an_image_comes_in_the_width_asked_for() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let path = format!("/api/v1/cases/{}/documents/1/pages/1/image", archive.id(1).await);
    for (query, expected) in [
        ("", (800, 1000)),
        ("?width=400", (400, 500)),
        ("?width=160", (160, 200)),
        ("?width=100", (100, 125)),
        ("?width=2400", (800, 1000)),
    ] {
        assert_eq!(
            decode(&api.get(&format!("{path}{query}")).await).dimensions(),
            expected,
            "{query}"
        );
    }
    for query in [
        "?width=0",
        "?width=15",
        "?width=2401",
        "?width=wide",
        "?width=99999999999",
    ] {
        assert_eq!(
            api.get(&format!("{path}{query}")).await.code(),
            "invalid_parameter",
            "{query}"
        );
    }
}

#[tokio::test]
async fn a_query_is_marked_where_it_stands() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let path = format!("/api/v1/cases/{}/documents/1/pages/2/image", archive.id(1).await);
    let image = decode(&api.get(&format!("{path}?q=有效期")).await);
    // The words lie in (100, 200)-(250, 250) of a page twice as wide as its image.
    let yellow = |x, y| {
        let [red, _, blue] = image.get_pixel(x, y).0;
        red > blue.saturating_add(80)
    };
    assert!(yellow(60, 112) && yellow(115, 112));
    assert!(!yellow(150, 112) && !yellow(60, 140) && !yellow(60, 70));
    let plain = decode(&api.get(&format!("{path}?q=没有的词语")).await);
    assert!(plain.pixels().all(|pixel| pixel.0[2] > 200));
}

#[tokio::test]
async fn a_client_that_has_the_image_is_told_so() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let path = format!(
        "/api/v1/cases/{}/documents/1/pages/1/image?width=400",
        archive.id(1).await
    );
    let first = api.get(&path).await;
    let tag = first.header("etag").to_owned();
    assert!(!tag.is_empty());
    assert_eq!(first.header("cache-control"), "private, no-cache");
    for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}")] {
        let again = api.get_with(&path, "if-none-match", &known).await;
        assert_eq!(
            (again.status, again.body.len()),
            (StatusCode::NOT_MODIFIED, 0),
            "{known}"
        );
        assert_eq!(again.header("etag"), tag);
    }
    let other = api.get_with(&format!("{path}0"), "if-none-match", &tag).await;
    assert_ne!(other.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn text_without_a_file_has_no_image() {
    let archive = TestArchive::empty().await;
    let mut imported = case(7, "2019-05-07", "granted", "导入", &["导入的文字"]);
    imported.documents[0].file_sha256 = None;
    archive.add(&imported).await;
    archive.index().await;
    let api = Api::of(&archive).await;
    let path = format!("/api/v1/cases/{}/documents/1/pages/1", archive.id(7).await);
    assert_eq!(api.get(&path).await.json()["image"], false);
    let answer = api.get(&format!("{path}/image")).await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (StatusCode::NOT_FOUND, "image_not_found")
    );
}
