//! `juanzong dictionary check|add|list`
//!
//! The archive's own dictionaries lie in `dictionaries/` of the data directory. A running server follows them.

use std::io::Write;
use std::path::Path;

use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;

use super::failure::Failure;
use super::{JsonArgument, write_json};
use crate::analysis::Analyser;
use crate::analysis::dictionary::{Addition, Dictionaries, EditError, Error};
use crate::archive::{DictionaryKind, dictionary_entries};
use crate::catalogue::DataDirectory;
use crate::index::CaseIndex;
use crate::text_table::{Table, one_line};

/// Frequency of a word that is added without one: that of the names of agencies, which beat their parts.
const FREQUENCY: usize = 500;

#[derive(Debug, Subcommand)]
pub(super) enum DictionaryCommand {
    /// 检查本馆词典，逐行报错 · Check the archive's own dictionaries
    Check(JsonArgument),
    /// 添加词条 · Add to the archive's own dictionaries
    #[command(subcommand)]
    Add(AddCommand),
    /// 列出词条 · List what the dictionaries hold
    List(ListArguments),
}

#[derive(Clone, Debug, Subcommand)]
pub(super) enum AddCommand {
    /// 词语（须重建索引） · A word; needs a reindex
    Word {
        /// 两个以上汉字 · Two or more Han characters
        term: String,
        /// 词频 · How frequent it is, of 60 million words in all
        #[arg(long, value_name = "N", default_value_t = FREQUENCY)]
        frequency: usize,
    },
    /// 同义词 · Words of the same meaning
    Synonym {
        /// 词语 · The term
        term: String,
        /// 同义词 · Its synonyms
        #[arg(required = true)]
        synonyms: Vec<String>,
    },
    /// 机关名称与沿革 · A name of an agency, and its successors
    Agency {
        /// 不含地名的机关名称 · The name without a place
        name: String,
        /// 与该机关同为一个机关 · Another name of this kind of agency
        #[arg(long, value_name = "NAME")]
        same_as: Option<String>,
        /// 启用年份 · First year of the name
        #[arg(long, value_name = "YEAR")]
        from: Option<u16>,
        /// 停用年份 · Last year of the name
        #[arg(long, value_name = "YEAR")]
        to: Option<u16>,
        /// 职能划入的机关，可重复；部分职能前加 ~ · Agency that took over; repeatable; `~` before it: in part
        #[arg(long = "successor", value_name = "NAME")]
        successors: Vec<String>,
    },
    /// 审批事项及别名 · A matter and its other names
    Matter {
        /// 事项名称 · Its name
        name: String,
        /// 别名 · Its other names
        synonyms: Vec<String>,
        /// 普通、特许、认可、核准、登记、其他 · Its category
        #[arg(long, value_name = "CATEGORY")]
        category: Option<String>,
        /// 决定机关，可重复 · Kind of agency that decides it; repeatable
        #[arg(long = "agency", value_name = "NAME")]
        agencies: Vec<String>,
    },
}

#[derive(Debug, Args)]
pub(super) struct ListArguments {
    /// 哪种词典 · Which dictionary
    #[arg(value_enum)]
    which: Which,
    /// 只列含有这些字的词条 · Only what holds these letters
    #[arg(long, value_name = "TEXT", default_value = "")]
    containing: String,
    #[command(flatten)]
    output: JsonArgument,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Which {
    /// 词语 · Words
    Words,
    /// 同义词 · Synonyms
    Synonyms,
    /// 机关 · Agencies
    Agencies,
    /// 事项 · Matters
    Matters,
}

/// What can be wrong with the dictionaries, as the command line tells it.
#[derive(Debug, thiserror::Error)]
pub(super) enum DictionaryFailure {
    #[error(transparent)]
    Dictionary(#[from] Error),
    #[error(transparent)]
    Edit(#[from] EditError),
}

#[derive(Serialize)]
struct Checked {
    entries: usize,
    needs_reindex: bool,
}

pub(super) fn run(data: &Path, command: &DictionaryCommand, out: &mut impl Write) -> Result<(), Failure> {
    let directory = DataDirectory::existing(data)?;
    let folder = directory.dictionaries();
    match command {
        DictionaryCommand::Check(output) => check(&directory, output.json, out),
        DictionaryCommand::Add(command) => {
            let added = command.addition().write_to(&folder).map_err(DictionaryFailure::from)?;
            writeln!(out, "已写入 {}：{}", added.file, added.row.replace('\t', " "))?;
            if added.needs_reindex {
                writeln!(
                    out,
                    "词语改变了分词，请运行 juanzong-indexer reindex；在此之前检索照旧。"
                )?;
            }
            Ok(())
        }
        DictionaryCommand::List(arguments) => {
            let dictionaries = Dictionaries::extended(&folder).map_err(DictionaryFailure::from)?;
            list(&dictionaries, arguments, out)
        }
    }
}

fn check(directory: &DataDirectory, json: bool, out: &mut impl Write) -> Result<(), Failure> {
    let dictionaries = Dictionaries::extended(&directory.dictionaries()).map_err(DictionaryFailure::from)?;
    let entries = dictionaries.entries();
    let path = directory.index();
    let index = CaseIndex::open(&path, &Analyser::new(dictionaries));
    let index = index.map_err(|source| Failure::Open(crate::archive::OpenError::Index { path, source }))?;
    let needs_reindex = index.status().needs_reindex;
    if json {
        return write_json(out, &Checked { entries, needs_reindex });
    }
    writeln!(out, "词典无误，共 {entries} 条")?;
    if needs_reindex {
        writeln!(out, "索引由其他词典建立，请运行 juanzong-indexer reindex")?;
    }
    Ok(())
}

impl AddCommand {
    fn addition(&self) -> Addition {
        match self.clone() {
            Self::Word { term, frequency } => Addition::Word { term, frequency },
            Self::Synonym { term, synonyms } => Addition::Synonyms { term, others: synonyms },
            Self::Agency {
                name,
                same_as,
                from,
                to,
                successors,
            } => Addition::Agency {
                name,
                same_as,
                from,
                to,
                successors,
            },
            Self::Matter {
                name,
                synonyms,
                category,
                agencies,
            } => Addition::Matter {
                name,
                category,
                agencies,
                synonyms,
            },
        }
    }
}

fn list(dictionaries: &Dictionaries, arguments: &ListArguments, out: &mut impl Write) -> Result<(), Failure> {
    let entries = dictionary_entries(dictionaries, arguments.which.kind(), &arguments.containing);
    if arguments.output.json {
        return write_json(out, &entries);
    }
    let mut table = Table::new(&[("名称", 30), ("说明", 80)]);
    for entry in &entries {
        table.row([one_line(&entry.name), one_line(&entry.details.join("；"))]);
    }
    Ok(table.write(out)?)
}

impl Which {
    fn kind(self) -> DictionaryKind {
        match self {
            Self::Words => DictionaryKind::Words,
            Self::Synonyms => DictionaryKind::Synonyms,
            Self::Agencies => DictionaryKind::Agencies,
            Self::Matters => DictionaryKind::Matters,
        }
    }
}
