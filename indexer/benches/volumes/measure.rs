//! Divided volumes against the truth.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use juanzong::record::PageRecord;
use juanzong_indexer::assembly::{BoundFile, Volume};
use juanzong_indexer::sample::VolumeShape;
use juanzong_indexer::sample::truth::CaseTruth;

/// What became of the files of one shape.
#[derive(Clone, Copy, Default)]
struct Counts {
    exact: usize,
    wrong: usize,
    flagged: usize,
    unnoticed: usize,
}

/// What became of the files of one level.
#[derive(Default)]
pub(crate) struct Tally {
    shapes: BTreeMap<&'static str, Counts>,
}

pub(crate) fn truths(folder: &Path) -> anyhow::Result<Vec<CaseTruth>> {
    let mut truths: Vec<CaseTruth> = Vec::new();
    for entry in std::fs::read_dir(folder.join("truth"))? {
        truths.push(serde_json::from_slice(&std::fs::read(entry?.path())?)?);
    }
    truths.sort_by_key(|truth| truth.index);
    Ok(truths)
}

pub(crate) fn file_of(folder: &Path, truth: &CaseTruth) -> PathBuf {
    let name = truth.documents.first().map_or("", |document| document.file.as_str());
    folder.join("cases").join(&truth.folder).join(name)
}

fn name(shape: VolumeShape) -> &'static str {
    match shape {
        VolumeShape::Listed => "1 cover, contents list, remarks",
        VolumeShape::SelfCounting => "2 contents list that counts itself",
        VolumeShape::Unlisted => "3 no contents list",
        VolumeShape::Copies => "4 contents list, copies without titles",
        VolumeShape::Report => "5 (one long report)",
        VolumeShape::Annex => "6 (one decision with an annex)",
        VolumeShape::TwoCases => "7 (two cases)",
    }
}

impl Tally {
    pub(crate) const HEADING: &'static str = "| level | shape | divided exactly | divided wrongly | left whole, flagged | left whole |\n\
                                              |---|---|---|---|---|---|\n";

    pub(crate) fn add(&mut self, truth: &CaseTruth, pages: &[PageRecord], remarks: &mut String) {
        let shape = VolumeShape::of(truth.index);
        let counts = self.shapes.entry(name(shape)).or_default();
        let mut expected = Vec::new();
        let mut from = 0;
        for document in &truth.documents {
            expected.push(from..from + document.pages.len());
            from += document.pages.len();
        }
        let file = BoundFile::of(pages);
        let divided = match &file.volume {
            Volume::Single => {
                counts.unnoticed += 1;
                if !shape.is_volume() && shape != VolumeShape::TwoCases {
                    return;
                }
                Vec::new()
            }
            Volume::Suspected(_) | Volume::SeveralCases(_) => {
                counts.flagged += 1;
                if shape == VolumeShape::TwoCases {
                    return;
                }
                Vec::new()
            }
            Volume::Bound(parts) => {
                let ranges: Vec<_> = parts.iter().map(|part| part.pages.clone()).collect();
                if shape.is_volume() && ranges == expected {
                    counts.exact += 1;
                    return;
                }
                counts.wrong += 1;
                ranges
            }
        };
        let starts: Vec<String> = file
            .starts
            .iter()
            .map(|start| {
                start
                    .as_ref()
                    .map_or("-".into(), |s| format!("{}:{:.2}", s.kind.code(), s.confidence))
            })
            .collect();
        let entries: Vec<_> = file.contents.entries.iter().map(|entry| entry.first_page).collect();
        let _ = writeln!(
            remarks,
            "{} ({}): {:?}\n  divided {divided:?}\n  truth   {expected:?}\n  starts  {starts:?}\n  entries {entries:?}",
            truth.folder,
            name(shape),
            file.volume,
        );
    }

    pub(crate) fn rows(&self, level: &str) -> String {
        let mut text = String::new();
        for (shape, counts) in &self.shapes {
            let Counts {
                exact,
                wrong,
                flagged,
                unnoticed,
            } = counts;
            let _ = writeln!(
                text,
                "| {level} | {shape} | {exact} | {wrong} | {flagged} | {unnoticed} |"
            );
        }
        text
    }
}
