//! Where the text of the files comes from: exact, or as an engine reads it.

use std::path::Path;

use juanzong_indexer::ocr::Engine;

use crate::corpus::Set;
use crate::reading::{self, FileText, Page, Texts};

/// Where the text comes from.
pub(crate) enum Source {
    Truth,
    Engine(Engine),
}

impl Source {
    pub(crate) fn parse(name: &str) -> anyhow::Result<Self> {
        if name == "truth" {
            return Ok(Self::Truth);
        }
        Ok(Self::Engine(reading::engine(name)?))
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Truth => "truth",
            Self::Engine(engine) => engine.code(),
        }
    }

    pub(crate) fn read(&self, sets: &[Set], cache: &Path) -> anyhow::Result<Texts> {
        let documents = sets.iter().flat_map(|set| &set.cases).flat_map(|case| &case.documents);
        match self {
            Self::Truth => {
                let exact = documents.map(|document| {
                    let pages = document.pages.iter().map(|(number, text)| Page {
                        number: *number,
                        width: 0,
                        height: 0,
                        text: text.clone(),
                    });
                    let text = FileText {
                        sha256: "0".repeat(64),
                        pages: pages.collect(),
                        failure: None,
                    };
                    (document.file.clone(), text)
                });
                Ok(exact.collect())
            }
            Self::Engine(engine) => {
                let texts = reading::read(*engine, documents.map(|document| document.file.as_path()), cache)?;
                for (file, text) in &texts {
                    if let Some(failure) = &text.failure {
                        println!("not read: {}: {failure}", file.display());
                    }
                }
                Ok(texts)
            }
        }
    }
}
