//! `juanzong serve`

use std::io::Write;
use std::path::Path;

use tokio::signal::unix::{SignalKind, signal};

use super::desk::open_access;
use super::failure::Failure;
use super::{ServeArguments, configure};
use crate::archive::Archive;
use crate::catalogue::DataDirectory;
use crate::config::RawConfig;
use crate::http::{AppState, Listening, Site, Tls};

pub(super) async fn run(data: &Path, arguments: &ServeArguments, out: &mut impl Write) -> Result<(), Failure> {
    // Before anything is made on disk: a wrong address must not leave a data directory behind.
    RawConfig::read(&data.join("juanzong.toml"))?.validate(arguments.listen.as_deref())?;
    let directory = DataDirectory::open(data)?;
    let config = configure(&directory, arguments.listen.as_deref())?;
    let directory = directory.with_keys(config.keys.clone());
    crate::telemetry::start(&config.log_filter)?;
    let access = open_access(&directory, &config).await?;
    let archive = Archive::open(directory).await?;
    let catalogue = archive.catalogue().clone();
    let ready = archive.index().status().ready;
    let tls = match &config.certificate {
        Some((certificate, key)) => Some(Tls::load(certificate, key)?),
        None => None,
    };
    let mut listening = Listening::on(config.listen).await?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    let mut certificate = None;
    if let Some(tls) = tls {
        let hangup = signal(SignalKind::hangup()).map_err(Failure::Runtime)?;
        certificate = Some(tokio::spawn(tls.clone().follow(hangup)));
        listening = listening.with_tls(tls);
    }
    let mut interrupted = signal(SignalKind::interrupt()).map_err(Failure::Runtime)?;
    let mut terminated = signal(SignalKind::terminate()).map_err(Failure::Runtime)?;

    let address = listening.address();
    writeln!(
        out,
        "卷宗检索服务：{scheme}://{address}/api/v1/search（接口说明：{scheme}://{address}/api/v1/openapi.json）"
    )?;
    writeln!(out, "juanzong listens on {scheme}://{address}")?;
    if access.keys().path().starts_with(archive.directory().root()) {
        writeln!(
            out,
            "注意：密钥与数据在同一目录，数据目录失窃时密钥一并失窃；请在 juanzong.toml 的 [keys] directory 指定其他位置。\n\
             warning: the keys lie in the data directory; name another place in [keys] directory of juanzong.toml"
        )?;
    }
    for first in access.first_administrators().await? {
        writeln!(
            out,
            "首次启动，已建账户 (first start, account made)：{}  用户名 {}  一次性口令 {}",
            first.role.label_zh(),
            first.name,
            first.password
        )?;
    }
    if !ready {
        writeln!(
            out,
            "尚未建立索引：导入案卷后即可检索。 There is no index yet: search works after the first ingest."
        )?;
    }
    out.flush()?;

    let site = Site {
        names: config.names,
        tls: config.tls,
        proxy: config.proxy,
        citizen: config.citizen,
        maintenance: config.maintenance,
    };
    let state = AppState::new(archive, access.clone(), site, config.concurrent_searches);
    let stop = async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
        tracing::info!("stopping");
    };
    listening.serve(state, stop).await;
    if let Some(certificate) = certificate {
        certificate.abort();
    }
    access.close().await;
    catalogue.close().await;
    Ok(())
}
