//! `/metrics` and `/healthz` over HTTP.

use std::net::SocketAddr;
use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Json};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::error::{Error, Result};
use crate::health::Health;
use crate::metrics::Metrics;
use crate::status::clock;

/// What the keeper writes and the endpoints read.
#[derive(Debug)]
pub struct Shared {
    /// The numbers.
    pub metrics: Metrics,
    health: RwLock<Health>,
}

impl Shared {
    /// Both, at the beginning.
    pub fn new(metrics: Metrics, health: Health) -> Self {
        Self {
            metrics,
            health: RwLock::new(health),
        }
    }

    /// Changes what is known of the keeper.
    pub fn health(&self, change: impl FnOnce(&mut Health)) {
        change(&mut self.health.write().unwrap_or_else(PoisonError::into_inner));
    }

    /// What is known of the keeper.
    pub fn read_health(&self) -> Health {
        self.health.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Serves both until `stop` is true. The address is returned: with port 0 the system chose
/// it.
pub async fn serve(
    listen: SocketAddr,
    shared: Arc<Shared>,
    mut stop: watch::Receiver<bool>,
) -> Result<(SocketAddr, JoinHandle<()>)> {
    let refused = |error| Error::Listen {
        address: listen.to_string(),
        error,
    };
    let listener = TcpListener::bind(listen).await.map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    let app = Router::new()
        .route("/metrics", get(metrics))
        .route("/healthz", get(healthz))
        .with_state(shared);
    let stopped = async move {
        // Whoever would have said so is gone: that is an end, too.
        let _ = stop.wait_for(|stop| *stop).await;
    };
    let serving = tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, app).with_graceful_shutdown(stopped).await {
            tracing::error!(%error, "metrics are not served any more");
        }
    });
    Ok((address, serving))
}

async fn metrics(State(shared): State<Arc<Shared>>) -> impl IntoResponse {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], shared.metrics.text())
}

async fn healthz(State(shared): State<Arc<Shared>>) -> impl IntoResponse {
    let report = shared.read_health().report(clock());
    let status = if report.healthy {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(report))
}
