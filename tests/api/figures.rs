//! Figures through the API.

use super::desk::{APP, CALL, Desk};

#[tokio::test]
async fn figures_are_of_a_filter_and_of_a_person() {
    let desk = Desk::open().await;
    desk.post_call(APP, CALL).await;
    let all = desk.get("/api/figures?zone=Asia/Shanghai&from=0&compare=before").await.json;
    assert_eq!((&all["calls"], &all["compared"]["calls"]), (&1.into(), &0.into()), "{all}");
    let none = desk.get("/api/figures?zone=utc&result=reject").await.json;
    assert_eq!(
        (&none["calls"], &none["answer_rate"], &none["compared"]),
        (&0.into(), &().into(), &().into()),
        "{none}"
    );

    let user = all["people"][0]["user"].as_str().expect("somebody was in the call");
    let one = desk.get(&format!("/api/people/{user}/figures?zone=utc")).await;
    assert_eq!((one.status, one.json["people"].as_array().map(Vec::len)), (200, Some(1)), "{}", one.json);
    assert_eq!(desk.get("/api/people/no%2Fbody/figures?zone=utc").await.status, 404, "of whom nobody ever heard");

    let hour = |text: &str| format!("/api/calls?hour={}", text.replace(' ', "%20"));
    assert_eq!(desk.get(&hour("4-17 Europe/Berlin")).await.status, 200);
    for text in ["4-17", "4-17 Mars/Olympus", "7-1 utc", "4-24 utc"] {
        assert_eq!(desk.get(&hour(text)).await.status, 400, "{text} is no hour of the week");
    }
    assert_eq!(desk.get("/api/figures?zone=Mars").await.status, 400, "no such clocks");
    desk.close().await;
}
