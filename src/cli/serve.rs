//! `juanzong serve`

use std::io::Write;
use std::path::Path;

use tokio::signal::unix::{SignalKind, signal};

use super::failure::Failure;
use super::{ServeArguments, configure};
use crate::archive::Archive;
use crate::catalogue::DataDirectory;
use crate::config::RawConfig;
use crate::http::{AppState, Listening};

pub(super) async fn run(data: &Path, arguments: &ServeArguments, out: &mut impl Write) -> Result<(), Failure> {
    // Before anything is made on disk: a wrong address must not leave a data directory behind.
    RawConfig::default().validate(arguments.listen.as_deref())?;
    let directory = DataDirectory::open(data)?;
    let config = configure(&directory, arguments.listen.as_deref())?;
    crate::telemetry::start(&config.log_filter)?;
    let archive = Archive::open(directory).await?;
    let catalogue = archive.catalogue().clone();
    let ready = archive.index().status().ready;
    let listening = Listening::on(config.listen).await?;
    let mut interrupted = signal(SignalKind::interrupt()).map_err(Failure::Runtime)?;
    let mut terminated = signal(SignalKind::terminate()).map_err(Failure::Runtime)?;

    let address = listening.address();
    writeln!(
        out,
        "卷宗检索服务：http://{address}/api/v1/search（接口说明：http://{address}/api/v1/openapi.json）"
    )?;
    writeln!(out, "尚无账户功能，只监听本机；其他机器无法访问。")?;
    writeln!(
        out,
        "juanzong listens on http://{address}, on loopback only: there are no accounts yet."
    )?;
    if !ready {
        writeln!(
            out,
            "尚未建立索引：导入案卷后即可检索。 There is no index yet: search works after the first ingest."
        )?;
    }
    out.flush()?;

    let state = AppState::new(archive, config.concurrent_searches);
    let stop = async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
        tracing::info!("stopping");
    };
    listening.serve(state, stop).await;
    catalogue.close().await;
    Ok(())
}
