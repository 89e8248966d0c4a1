//! Looking on at jobs: Server-Sent Events.

use super::*;

/// The next event of a stream: its number and data.
async fn next_event(body: &mut Body) -> Option<(u64, Value)> {
    loop {
        let frame = body.frame().await?.unwrap();
        let text = String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap();
        let line = |name: &str| {
            text.lines()
                .find_map(|line| Some(line.strip_prefix(name)?.trim().to_owned()))
        };
        if let (Some(id), Some(data)) = (line("id:"), line("data:")) {
            assert_eq!(line("event:").as_deref(), Some("job"));
            return Some((id.parse().unwrap(), serde_json::from_str(&data).unwrap()));
        }
    }
}

#[tokio::test]
async fn events_tell_what_changed_end_with_the_job_and_go_on_where_they_broke_off() {
    let sender = Sender::sent().await;
    sender.api.post(&sender.path("/check"), &json!({"manifest": 3})).await;
    sender.checked(&[code(77).as_str()]).await;
    sender.api.post(&sender.path("/ingest"), &json!({})).await;
    let path = format!("/api/v1/jobs/upload-{}/events", sender.id);
    let listen = |last: Option<u64>| {
        let mut request = Request::get(&path).header("authorization", format!("Bearer {}", sender.archive.token()));
        if let Some(last) = last {
            request = request.header("last-event-id", last.to_string());
        }
        sender.api.router.clone().oneshot(request.body(Body::empty()).unwrap())
    };
    let answer = listen(None).await.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    let mut events = answer.into_body();
    let (first, data) = next_event(&mut events).await.unwrap();
    assert_eq!(
        (&data["state"], data["files"].as_array().unwrap().len()),
        (&json!("queued"), 3)
    );
    assert_eq!(data["indexer"], false, "nobody takes it in");

    let (catalogue, work) = (sender.archive.catalogue(), sender.work().await);
    let job = catalogue.queued_jobs(UPLOAD_JOB, 1).await.unwrap().remove(0);
    let now = u64::try_from(jiff::Timestamp::now().as_second()).unwrap();
    catalogue.watcher_is_there(Some(now)).await.unwrap();
    catalogue.start_upload_job(job.job_key, &work).await.unwrap();
    let news = FileNews {
        number: 2,
        state: UploadFileState::Read,
        reason: None,
        pages: Some(1),
        pages_failed: 0,
    };
    catalogue.note_upload_file(&work, &news).await.unwrap();
    let mut seen = first;
    while let Some((number, data)) = next_event(&mut events).await {
        assert!(number >= seen);
        seen = number;
        let files = data["files"].as_array().unwrap();
        if files.iter().any(|file| file["state"] == "read") {
            assert_eq!(
                (files.len(), &files[0]["number"], &data["indexer"]),
                (1, &json!(2), &json!(true)),
                "{data}"
            );
            break;
        }
    }
    // The connection breaks; meanwhile the job ends.
    drop(events);
    catalogue.end_upload(job.job_key, &work, None).await.unwrap();
    let mut events = listen(Some(seen)).await.unwrap().into_body();
    let (last, data) = next_event(&mut events).await.unwrap();
    assert_eq!(data["state"], "done", "{data}");
    assert_eq!(next_event(&mut events).await, None, "it ends with the job");
    assert_eq!(listen(Some(last)).await.unwrap().status(), StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn so_many_look_on_and_no_more() {
    let sender = Sender::sent().await;
    sender.api.post(&sender.path("/check"), &json!({"manifest": 3})).await;
    let path = format!("/api/v1/jobs/check-{}/events", sender.id);
    let mut streams = Vec::new();
    for _ in 0..juanzong::http::limits::JOB_LISTENERS {
        let request = Request::get(&path).header("authorization", format!("Bearer {}", sender.archive.token()));
        let answer = sender
            .api
            .router
            .clone()
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        streams.push(answer.into_body());
    }
    assert_eq!(sender.api.get(&path).await.code(), "too_many_listeners");
    streams.pop();
    let request = Request::get(&path).header("authorization", format!("Bearer {}", sender.archive.token()));
    let answer = sender
        .api
        .router
        .clone()
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "who goes away makes room");
}
