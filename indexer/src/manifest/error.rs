//! Why a manifest cannot be read at all.

use std::path::PathBuf;

use thiserror::Error;

use super::Manifest;
use crate::decode::Failure;
use crate::report::Severity;

/// Why a manifest could not be read, or cannot be used, as a whole.
#[derive(Debug, Error)]
pub enum Error {
    /// The file could not be read.
    #[error("清单无法读取 (the manifest `{path}` could not be read)")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// An XLS, or a workbook with a password.
    #[error(
        "清单是旧的 .xls 格式或设有密码，请另存为无密码的 .xlsx 或 CSV (the manifest `{path}` is an old .xls or has a password)"
    )]
    OldFormat {
        /// The file.
        path: PathBuf,
    },
    /// A workbook that cannot be decoded.
    #[error("清单“{path}”：{zh} (the workbook: {en}; {detail})", zh = .failure.code.message_zh(), en = .failure.code.message_en(), detail = .failure.detail)]
    Workbook {
        /// The file.
        path: PathBuf,
        /// Why.
        failure: Failure,
    },
    /// No coding makes a table of it.
    #[error(
        "清单既不是 UTF-8、UTF-16，也不是 GB18030 编码的表 (the manifest `{path}` is a table in none of UTF-8, UTF-16 and GB18030)"
    )]
    Encoding {
        /// The file.
        path: PathBuf,
    },
    /// The file, its rows or its columns are too many.
    #[error("清单过大 (the manifest `{path}` has more than 256 MiB, 1048576 rows or 512 columns)")]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// The headings are at fault, so no row can be trusted.
    #[error("清单不能导入 (the manifest cannot be imported):{list}", list = listed(.manifest))]
    Unusable {
        /// The manifest with its findings.
        manifest: Box<Manifest>,
    },
}

fn listed(manifest: &Manifest) -> String {
    let name = manifest.name();
    let faults = manifest
        .findings
        .iter()
        .filter(|f| f.code.severity() == Severity::Table);
    faults
        .map(|f| {
            let (zh, en) = (f.code.message_zh(), f.code.message_en());
            format!("\n{}: [{}] {zh} ({en})", f.place(&name), f.code.code())
        })
        .collect()
}
