//! The built page and its `config.json` over HTTP, on 127.0.0.1.

use std::net::Ipv4Addr;
use std::path::Path;

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::IntoResponse;
use axum::{Json, Router, routing::get};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::error::{Error, Result};
use crate::page::PageConfig;

/// Serves the page until the process is asked to end. `rpc` is the one node that the
/// page may ask.
///
/// # Errors
/// If the port is taken.
pub async fn serve(port: u16, page: &Path, config: PageConfig, rpc: &str) -> Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
    let listener = listener.map_err(|_| Error::PagePortTaken { port })?;
    let mut asked = signal(SignalKind::terminate()).map_err(Error::file("SIGTERM"))?;
    let end = async move {
        asked.recv().await;
    };
    let served = axum::serve(listener, router(page, config, rpc)?).with_graceful_shutdown(end);
    served.await.map_err(Error::file("the page's server"))
}

/// The page's README says why each header is there.
fn router(page: &Path, config: PageConfig, rpc: &str) -> Result<Router> {
    let headers: [(HeaderName, String); 4] = [
        (CONTENT_SECURITY_POLICY, policy(rpc)),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_string()),
        (REFERRER_POLICY, "no-referrer".to_string()),
        // A network that was made anew has another config.json at the same address.
        (CACHE_CONTROL, "no-cache".to_string()),
    ];
    let mut router = Router::new()
        .route("/config.json", get(async move || Json(config).into_response()))
        .fallback_service(ServeDir::new(page));
    for (name, value) in headers {
        let value = HeaderValue::try_from(&value).map_err(|_| Error::Setting {
            field: "the RPC's address",
            value,
            bound: "printable ASCII".to_string(),
        })?;
        router = router.layer(SetResponseHeaderLayer::overriding(name, value));
    }
    Ok(router)
}

fn policy(rpc: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
         connect-src 'self' {rpc}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}
