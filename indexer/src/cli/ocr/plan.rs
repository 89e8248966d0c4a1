//! Which file becomes which output.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use crate::source;

/// One scan file and where its output goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    /// The scan.
    pub(super) scan: PathBuf,
    /// The output.
    pub(super) target: PathBuf,
}

/// Why outputs cannot be laid out.
#[derive(Debug, thiserror::Error)]
pub(super) enum PlanError {
    /// A path cannot be looked at.
    #[error("无法读取输入（cannot read the input）")]
    Source(#[from] source::Error),
    /// The output folder cannot be used.
    #[error("无法使用输出文件夹 `{path}`（cannot use the output folder）")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// Two scans would get the same output.
    #[error("`{first}` 与 `{second}` 的输出同名，请分别处理（both would have the same output; run them one by one）")]
    SameOutput {
        /// A scan.
        first: PathBuf,
        /// Another scan.
        second: PathBuf,
    },
    /// There is no scan in what was given.
    #[error("没有找到扫描件（no scans were found）")]
    Nothing,
}

/// A scan with its place below the output folder.
struct Found {
    scan: PathBuf,
    folder: PathBuf,
    name: OsString,
    /// Whether the output keeps the extension of the scan, so that `1.tif` and `1.pdf` do not meet.
    keeps_extension: bool,
}

impl Found {
    fn target(&self, out: &Path, extension: &str) -> PathBuf {
        let mut name = if self.keeps_extension {
            self.name.clone()
        } else {
            Path::new(&self.name).file_stem().unwrap_or(&self.name).to_owned()
        };
        name.push(".");
        name.push(extension);
        out.join(&self.folder).join(name)
    }
}

/// Lays out the outputs of files and folders below `out`, in natural order of the scans. Folders keep their inner
/// structure; with several paths each folder keeps its own name too. The extension of the output takes the place of the
/// scan's, and follows it where two outputs would meet or an output would fall on a scan. Scans below `out` are passed
/// over: they are outputs of an earlier run.
pub(super) fn plan(paths: &[PathBuf], out: &Path, extension: &str) -> Result<Vec<Item>, PlanError> {
    fs::create_dir_all(out).map_err(|source| PlanError::Folder {
        path: out.to_path_buf(),
        source,
    })?;
    let real_out = fs::canonicalize(out).map_err(|source| PlanError::Folder {
        path: out.to_path_buf(),
        source,
    })?;
    let mut found = Vec::new();
    let mut scans = BTreeSet::new();
    for path in paths {
        let contains_out = fs::canonicalize(path).is_ok_and(|real| real != real_out && real_out.starts_with(real));
        let root = if path.is_dir() {
            path.as_path()
        } else {
            path.parent().unwrap_or(Path::new(""))
        };
        let above = match (paths.len(), path.is_dir()) {
            (2.., true) => fs::canonicalize(path)
                .ok()
                .and_then(|real| real.file_name().map(PathBuf::from))
                .unwrap_or_default(),
            _ => PathBuf::new(),
        };
        for scan in source::discover(std::slice::from_ref(path), true)?
            .into_iter()
            .flat_map(|case| case.files)
        {
            let real = fs::canonicalize(&scan).unwrap_or_else(|_| scan.clone());
            if (contains_out && real.starts_with(&real_out)) || !scans.insert(real) {
                continue;
            }
            let folder = scan
                .parent()
                .and_then(|folder| folder.strip_prefix(root).ok())
                .unwrap_or(Path::new(""));
            found.push(Found {
                folder: above.join(folder),
                name: scan.file_name().unwrap_or_default().to_owned(),
                scan,
                keeps_extension: false,
            });
        }
    }
    if found.is_empty() {
        return Err(PlanError::Nothing);
    }
    part_outputs(&mut found, &scans, &real_out, extension)?;
    Ok(found
        .into_iter()
        .map(|one| Item {
            target: one.target(out, extension),
            scan: one.scan,
        })
        .collect())
}

/// Lets outputs keep the extension of their scan until no two meet and none falls on a scan.
fn part_outputs(
    found: &mut [Found],
    scans: &BTreeSet<PathBuf>,
    real_out: &Path,
    extension: &str,
) -> Result<(), PlanError> {
    loop {
        let mut by_target: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, one) in found.iter().enumerate() {
            // Some file systems do not tell upper case from lower case.
            let target = one.target(real_out, extension);
            let key = target.to_string_lossy().to_lowercase();
            by_target.entry(key).or_default().push(index);
        }
        let mut changed = false;
        for group in by_target.values() {
            let falls_on_scan = |index: &usize| {
                found
                    .get(*index)
                    .is_some_and(|one| scans.contains(&one.target(real_out, extension)))
            };
            if group.len() == 1 && !group.iter().any(falls_on_scan) {
                continue;
            }
            let open: Vec<usize> = group
                .iter()
                .copied()
                .filter(|index| found.get(*index).is_some_and(|one| !one.keeps_extension))
                .collect();
            if open.is_empty() {
                let scan = |at: usize| {
                    let one = group.get(at).or(group.first()).and_then(|index| found.get(*index));
                    one.map(|one| one.scan.clone()).unwrap_or_default()
                };
                return Err(PlanError::SameOutput {
                    first: scan(0),
                    second: scan(1),
                });
            }
            for index in open {
                if let Some(one) = found.get_mut(index) {
                    one.keeps_extension = true;
                    changed = true;
                }
            }
        }
        if !changed {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, b"x").unwrap();
        }
        folder
    }

    fn targets(root: &Path, out: &str, extension: &str) -> Vec<String> {
        let out = root.join(out);
        let items = plan(&[root.join("in")], &out, extension).unwrap();
        let shown = |item: Item| item.target.strip_prefix(&out).unwrap().to_str().unwrap().to_owned();
        items.into_iter().map(shown).collect()
    }

    #[test]
    fn folders_are_mirrored_and_outputs_never_meet() {
        let folder = tree(&[
            "in/2.tif",
            "in/10.tif",
            "in/b/1.tif",
            "in/b/1.PDF",
            "in/b/1.tif.png",
            "in/notes.doc",
        ]);
        assert_eq!(
            targets(folder.path(), "out", "txt"),
            ["2.txt", "10.txt", "b/1.PDF.txt", "b/1.tif.txt", "b/1.tif.png.txt"]
        );
    }

    #[test]
    fn an_output_never_falls_on_a_scan_and_outputs_are_no_input() {
        let folder = tree(&["in/1.pdf", "in/2.jpg", "in/done/2.pdf"]);
        assert_eq!(
            targets(folder.path(), "in", "pdf"),
            ["1.pdf.pdf", "2.pdf", "done/2.pdf.pdf"]
        );
        assert_eq!(targets(folder.path(), "in/done", "pdf"), ["1.pdf", "2.pdf"]);
    }

    #[test]
    fn folders_of_one_name_are_refused_and_nothing_is_named() {
        let folder = tree(&["a/in/1.tif", "b/in/1.tif", "in/x.doc"]);
        let root = folder.path();
        let out = root.join("out");
        let both = plan(&[root.join("a/in"), root.join("b/in")], &out, "txt");
        assert!(matches!(both, Err(PlanError::SameOutput { .. })), "{both:?}");
        assert!(matches!(plan(&[root.join("in")], &out, "txt"), Err(PlanError::Nothing)));
    }
}
