//! Listening, serving, and stopping without cutting anyone off.

use crate::{
    options::{ServeError, ServeOptions},
    router::app_router,
};
use std::{
    future::{Future, IntoFuture as _},
    io::{self, Write as _},
    net::SocketAddr,
    pin::pin,
    time::Duration,
};
use tokio::{net::TcpListener, signal, sync::watch, time};

/// How long requests in flight may take after the stop.
const GRACE: Duration = Duration::from_secs(10);

/// Listens on the address of the options.
///
/// # Errors
/// When the address is taken or not this machine's.
pub async fn bind(listen: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(listen)
        .await
        .map_err(|source| ServeError::Listen { listen, source })
}

/// Serves the app until `shutdown` completes, then accepts nobody new and finishes what is in flight, for at most 10
/// seconds. Says on standard error, in one line, where it listens and what it serves.
///
/// # Errors
/// When an option is wrong, the folder holds no app, or the listener fails.
pub async fn serve(
    options: ServeOptions,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let router = app_router(&options)?;
    let address = listener.local_addr().map_err(ServeError::Serve)?;
    log(&format!(
        "serving http://{address}{} from {}",
        options.normal_base_path()?,
        options.app.display()
    ));
    serve_with_grace(router, listener, shutdown, GRACE).await
}

async fn serve_with_grace(
    router: axum::Router,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
    grace: Duration,
) -> Result<(), ServeError> {
    let (stopping, mut stopped) = watch::channel(false);
    let server = axum::serve(listener, router).with_graceful_shutdown(async move {
        shutdown.await;
        stopping.send_replace(true);
    });
    let mut server = pin!(server.into_future());
    let out_of_patience = async move {
        let asked = stopped.wait_for(|&asked| asked).await.is_ok();
        if asked {
            time::sleep(grace).await;
        } else {
            // The server ended by itself; its own result counts.
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        result = &mut server => result.map_err(ServeError::Serve),
        () = out_of_patience => {
            log(&format!("stopped with requests still open after {} s", grace.as_secs()));
            Ok(())
        }
    }
}

/// Completes when the process is asked to stop: SIGTERM or an interrupt from the keyboard.
pub async fn stop_signal() {
    let interrupt = async {
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut terminate) => {
                terminate.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}

/// One line for the operator; a closed standard error is no reason to stop.
pub(crate) fn log(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{Router, routing::get};
    use std::sync::Arc;
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpStream,
        sync::{Notify, oneshot},
    };

    async fn request(address: SocketAddr, path: &str) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let text = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        stream.write_all(text.as_bytes()).await.unwrap();
        stream
    }

    /// A server whose `/slow` says when it was entered and answers when released.
    async fn slow_server(
        grace: Duration,
    ) -> (
        SocketAddr,
        Arc<Notify>,
        Arc<Notify>,
        oneshot::Sender<()>,
        tokio::task::JoinHandle<Result<(), ServeError>>,
    ) {
        let (entered, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (enter, wait) = (entered.clone(), release.clone());
        let router = Router::new().route(
            "/slow",
            get(move || async move {
                enter.notify_one();
                wait.notified().await;
                "done"
            }),
        );
        let listener = bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, asked) = oneshot::channel::<()>();
        let server = tokio::spawn(serve_with_grace(
            router,
            listener,
            async move {
                let _ = asked.await;
            },
            grace,
        ));
        (address, entered, release, stop, server)
    }

    #[tokio::test]
    async fn a_stop_finishes_what_is_in_flight() {
        let (address, entered, release, stop, server) = slow_server(Duration::from_mins(1)).await;
        let mut in_flight = request(address, "/slow").await;
        entered.notified().await;
        stop.send(()).unwrap();
        // Nobody new gets in: the listener closes. Its closing is not announced, so ask until it has happened.
        while TcpStream::connect(address).await.is_ok() {
            tokio::task::yield_now().await;
        }
        assert!(!server.is_finished(), "a request is still open");
        release.notify_one();
        let mut answer = String::new();
        in_flight.read_to_string(&mut answer).await.unwrap();
        assert!(
            answer.starts_with("HTTP/1.1 200") && answer.ends_with("done"),
            "{answer}"
        );
        server.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn a_stop_does_not_wait_for_ever() {
        let (address, entered, _release, stop, server) =
            slow_server(Duration::from_millis(50)).await;
        let _in_flight = request(address, "/slow").await;
        entered.notified().await;
        stop.send(()).unwrap();
        server.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn a_taken_address_is_named_with_its_remedy() {
        let first = bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let address = first.local_addr().unwrap();
        let error = bind(address).await.unwrap_err().to_string();
        assert!(
            error.contains(&address.to_string()) && error.contains("--listen"),
            "{error}"
        );
    }
}
