//! `chongtu serve`.

use crate::args::ServeArgs;
use crate::error::{CliError, Result};
use crate::output::Streams;
use anyhow::Context as _;
use chongtu_gateway::{ServeError, ServeOptions, app_router, bind, serve, stop_signal};

pub(crate) fn run(args: &ServeArgs, streams: &mut Streams<'_>) -> Result<()> {
    let options = ServeOptions {
        listen: args.listen,
        app: args.app.clone(),
        frame_ancestors: args.frame_ancestors.clone(),
        base_map_origins: args.base_map_origins.clone(),
        base_path: args.base_path.clone(),
    };
    // Wrong options are refused before anybody is told that we listen.
    drop(app_router(&options).map_err(refused)?);
    let base = match args.base_path.trim_matches('/') {
        "" => "/".to_owned(),
        inner => format!("/{inner}/"),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the runtime cannot start")?;
    runtime.block_on(async {
        let listener = bind(options.listen).await.map_err(refused)?;
        let address = listener
            .local_addr()
            .context("the listener has no address")?;
        streams.line(&format!("listening on http://{address}{base}"))?;
        streams.out.flush().map_err(CliError::writing)?;
        serve(options, listener, stop_signal())
            .await
            .map_err(refused)
    })
}

fn refused(error: ServeError) -> CliError {
    match error {
        ServeError::Serve(_) => CliError::Internal(error.into()),
        other => CliError::usage(other.to_string()),
    }
}
