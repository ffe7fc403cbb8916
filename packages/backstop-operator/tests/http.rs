//! The endpoints over a real connection.

use std::net::SocketAddr;
use std::sync::Arc;

use backstop_operator::health::Health;
use backstop_operator::metrics::Metrics;
use backstop_operator::serve::{Shared, serve};
use backstop_operator::status::clock;
use backstop_operator::task::Task;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;

async fn get(address: SocketAddr, path: &str) -> (String, String) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_string(), body.to_string())
}

#[tokio::test]
async fn healthz_is_200_only_while_all_is_well_and_says_why_not() {
    let health = Health::new(&[(Task::Poke, 60)]);
    let shared = Arc::new(Shared::new(Metrics::default(), health));
    let (tell, stop) = watch::channel(false);
    let listen = "127.0.0.1:0".parse().unwrap();
    let (address, serving) = serve(listen, shared.clone(), stop).await.unwrap();

    let (head, body) = get(address, "/healthz").await;
    assert!(head.starts_with("HTTP/1.1 503"), "{head}");
    let report: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(report["healthy"], false);
    assert_eq!(report["reasons"][0]["what"], "node");
    assert_eq!(report["reasons"][1]["what"], "poke");

    shared.health(|health| {
        health.node(None);
        health.success(Task::Poke, clock());
    });
    let (head, body) = get(address, "/healthz").await;
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert_eq!(body, r#"{"healthy":true,"reasons":[]}"#);

    shared.health(|health| health.success(Task::Poke, clock().minus_seconds(120)));
    let (head, body) = get(address, "/healthz").await;
    assert!(
        head.starts_with("HTTP/1.1 503") && body.contains("must be at most 60"),
        "{head} {body}"
    );

    tell.send(true).unwrap();
    serving.await.unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn metrics_are_in_the_form_that_they_say_they_are() {
    let metrics = Metrics::default();
    metrics.observe(&crate::support::snapshot().await);
    let shared = Arc::new(Shared::new(metrics, Health::new(&[])));
    let (_tell, stop) = watch::channel(false);
    let (address, _serving) = serve("127.0.0.1:0".parse().unwrap(), shared, stop).await.unwrap();
    let (head, body) = get(address, "/metrics").await;
    assert!(
        head.contains("content-type: application/openmetrics-text"),
        "{head}"
    );
    assert!(
        body.contains("\nbackstop_share_price{} 1.25\n") && body.ends_with("# EOF\n"),
        "{body}"
    );
    assert!(get(address, "/").await.0.starts_with("HTTP/1.1 404"));
}

#[tokio::test]
async fn a_port_that_is_taken_is_named_with_what_to_do() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let shared = Arc::new(Shared::new(Metrics::default(), Health::new(&[])));
    let (_tell, stop) = watch::channel(false);
    let refused = serve(address, shared, stop).await.unwrap_err().to_string();
    assert!(
        refused.contains(&address.to_string()) && refused.contains("next:"),
        "{refused}"
    );
}
