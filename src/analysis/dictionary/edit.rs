//! Adding to an archive's own dictionaries.
//!
//! A row is written only when the dictionaries can be used with it; the file is replaced as a whole, so that a server that
//! looks at it never sees half of it.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{Agencies, Dictionaries, Error, Matters, Synonyms, Words, read};

/// Something to add to an archive's own dictionaries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Addition {
    /// A term that is one word. It changes the tokens, so the index has to be made anew.
    Word {
        /// Two or more Han characters.
        term: String,
        /// How often it is met, on the scale of the general dictionary (60 million words in all).
        frequency: usize,
    },
    /// Words of the same meaning as a term; those that it has already stay.
    Synonyms {
        /// The usual one.
        term: String,
        /// The others, at least one.
        others: Vec<String>,
    },
    /// A name of a kind of agency; what is left out stays as it was.
    Agency {
        /// The name without a place.
        name: String,
        /// The principal name of its kind, when it is another name of that kind.
        same_as: Option<String>,
        /// First year of the name.
        from: Option<u16>,
        /// Last year of the name.
        to: Option<u16>,
        /// Principal names of the kinds that took over; `~` before one: only part of the duties.
        successors: Vec<String>,
    },
    /// A matter; what is left out stays as it was.
    Matter {
        /// Its name.
        name: String,
        /// 普通, 特许, 认可, 核准, 登记 or 其他.
        category: Option<String>,
        /// Principal names of the kinds of agency that decide it.
        agencies: Vec<String>,
        /// Other names.
        synonyms: Vec<String>,
    },
}

/// What was added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Added {
    /// Name of the file.
    pub file: &'static str,
    /// The row as it stands there now.
    pub row: String,
    /// Whether the index has to be made anew before it counts.
    pub needs_reindex: bool,
}

/// An addition with which the dictionaries can be used, as long as nobody else changes them.
#[derive(Debug)]
pub struct CheckedAddition {
    folder: PathBuf,
    /// The whole file.
    text: String,
    added: Added,
}

impl CheckedAddition {
    /// What is going to be added.
    pub fn added(&self) -> &Added {
        &self.added
    }

    /// Writes it.
    ///
    /// # Errors
    /// When the file cannot be written; it is as it was then.
    pub fn write(self) -> Result<Added, EditError> {
        let file = self.added.file;
        let unwritable = |source| EditError::Unwritable { file, source };
        write_whole(&self.folder, file, &self.text).map_err(unwritable)?;
        Ok(self.added)
    }
}

/// Why nothing was added.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// The dictionaries as they are, or as they would be, cannot be used.
    #[error(transparent)]
    Dictionary(#[from] Error),
    /// The file cannot be written.
    #[error("dictionary `{file}` cannot be written")]
    Unwritable {
        /// Its name.
        file: &'static str,
        /// Why not.
        #[source]
        source: io::Error,
    },
}

impl Addition {
    /// Writes it into the folder of an archive's own dictionaries, which is made when it is missing.
    ///
    /// # Errors
    /// When the dictionaries cannot be used as they are or with the addition; nothing is changed then.
    pub fn write_to(&self, folder: &Path) -> Result<Added, EditError> {
        self.check(folder)?.write()
    }

    /// Checks it without writing anything, so that something can be done before it is written.
    ///
    /// # Errors
    /// When the dictionaries cannot be used as they are or with the addition.
    pub fn check(&self, folder: &Path) -> Result<CheckedAddition, EditError> {
        let before = Dictionaries::extended(folder)?;
        let (file, row) = self.row(&before);
        let text = with_row(&read(folder, file)?.unwrap_or_default(), &row);
        let after = Dictionaries::assembled_with(folder, file, &text)?;
        Ok(CheckedAddition {
            folder: folder.to_owned(),
            text,
            added: Added {
                file,
                row,
                needs_reindex: before.index_files() != after.index_files(),
            },
        })
    }

    /// The file and the whole row, with what the row has already.
    fn row(&self, before: &Dictionaries) -> (&'static str, String) {
        match self {
            Self::Word { term, frequency } => (Words::FILE, format!("{term}\t{frequency}")),
            Self::Synonyms { term, others } => {
                let group = before.synonyms.groups().find(|group| group.contains(term));
                let known = group.map_or(&[][..], |group| group);
                // The row is found by the first term of the group, whichever was named.
                let first = known.first().unwrap_or(term);
                let all = joined(known.iter().skip(1).chain(others), first);
                (Synonyms::FILE, format!("{first}\t{all}"))
            }
            Self::Agency {
                name,
                same_as,
                from,
                to,
                successors,
            } => {
                let known = before.agencies.iter().find(|agency| agency.name == *name);
                let kind = known.map(|agency| agency.kind.as_str()).filter(|kind| kind != name);
                let code = known.and_then(|agency| agency.code.as_deref());
                let year = |new: Option<u16>, old: Option<u16>| new.or(old).map_or("-".to_owned(), |y| y.to_string());
                let old = before.agencies.successors(name);
                let old: Vec<String> = old
                    .iter()
                    .filter(|(to, _)| !successors.iter().any(|new| new.trim_start_matches('~') == *to))
                    .map(|(to, partial)| format!("{}{to}", if *partial { "~" } else { "" }))
                    .collect();
                let row = [
                    name.clone(),
                    same_as.as_deref().or(kind).unwrap_or("-").to_owned(),
                    code.unwrap_or("-").to_owned(),
                    year(*from, known.and_then(|agency| agency.from)),
                    year(*to, known.and_then(|agency| agency.to)),
                    joined(old.iter().chain(successors), name),
                ];
                (Agencies::FILE, row.join("\t"))
            }
            Self::Matter {
                name,
                category,
                agencies,
                synonyms,
            } => {
                let known = before.matters.iter().find(|matter| matter.name == *name);
                let old = known.map_or("其他", |matter| matter.category.name());
                let empty = Vec::new();
                let row = [
                    name.clone(),
                    category.as_deref().unwrap_or(old).to_owned(),
                    joined(
                        known.map_or(&empty, |matter| &matter.agencies).iter().chain(agencies),
                        name,
                    ),
                    joined(
                        known.map_or(&empty, |matter| &matter.synonyms).iter().chain(synonyms),
                        name,
                    ),
                ];
                (Matters::FILE, row.join("\t"))
            }
        }
    }
}

/// The values of a column, each once; `-` for none.
fn joined<'a>(values: impl Iterator<Item = &'a String>, except: &str) -> String {
    let mut all: Vec<&str> = Vec::new();
    for value in values {
        if value != except && !all.contains(&value.as_str()) {
            all.push(value);
        }
    }
    if all.is_empty() { "-".to_owned() } else { all.join("|") }
}

/// A text with a row: in place of the one with the same first column, else at the end. What stands beside it, comments
/// too, stays as it is.
fn with_row(text: &str, row: &str) -> String {
    let key = row.split('\t').next().unwrap_or_default();
    let same = |line: &str| line.strip_prefix('!').unwrap_or(line).split('\t').next() == Some(key);
    let mut lines: Vec<&str> = text.lines().collect();
    match lines.iter().position(|line| same(line)) {
        Some(at) => lines[at] = row,
        None => lines.push(row),
    }
    lines.join("\n") + "\n"
}

fn write_whole(folder: &Path, file: &str, text: &str) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let draft = folder.join(format!("{file}.tmp"));
    let mut written = File::create(&draft)?;
    written.write_all(text.as_bytes())?;
    written.sync_all()?;
    fs::rename(&draft, folder.join(file))?;
    File::open(folder)?.sync_all()
}

impl Dictionaries {
    /// As [`Self::extended`], with another text for one file.
    fn assembled_with(folder: &Path, changed: &str, text: &str) -> Result<Self, Error> {
        let mut files = super::BUILTIN.map(|(file, built_in)| (file, built_in.to_owned(), None));
        for (file, _, own) in &mut files {
            let own_text = match *file == changed {
                true => Some(text.to_owned()),
                false => read(folder, file)?,
            };
            *own = Some(own_text.unwrap_or_default());
        }
        Self::assemble(&files)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(folder: &Path, addition: &Addition) -> Added {
        addition.write_to(folder).unwrap()
    }

    fn synonyms(term: &str, others: &[&str]) -> Addition {
        Addition::Synonyms {
            term: term.to_owned(),
            others: others.iter().map(|&other| other.to_owned()).collect(),
        }
    }

    #[test]
    fn what_is_there_already_stays() {
        let data = tempfile::tempdir().unwrap();
        let folder = data.path().join("dictionaries");
        // 餐馆 stands in the group of 饭店.
        let added = add(&folder, &synonyms("餐馆", &["灶房", "餐厅"]));
        assert_eq!(added.row, "饭店\t餐馆|餐厅|饭馆|酒楼|灶房");
        assert!(!added.needs_reindex);
        add(&folder, &synonyms("饭店", &["饭庄"]));
        let edited = Dictionaries::extended(&folder).unwrap();
        let of: Vec<&str> = edited.synonyms.of("饭庄").collect();
        assert_eq!(of, ["饭店", "餐馆", "餐厅", "饭馆", "酒楼", "灶房"]);
        let text = fs::read_to_string(folder.join("synonyms.tsv")).unwrap();
        assert_eq!(text.lines().count(), 1);
    }

    #[test]
    fn each_dictionary_can_be_added_to() {
        let data = tempfile::tempdir().unwrap();
        let word = Addition::Word {
            term: "综窗受理".to_owned(),
            frequency: 300,
        };
        assert!(add(data.path(), &word).needs_reindex);
        assert!(!add(data.path(), &word).needs_reindex, "it is there already");
        let agency = |name: &str, successors: &[&str]| Addition::Agency {
            name: name.to_owned(),
            same_as: None,
            from: None,
            to: Some(2021),
            successors: successors.iter().map(|&name| name.to_owned()).collect(),
        };
        assert_eq!(
            add(data.path(), &agency("盐业管理局", &["市场监督管理局"])).row,
            "盐业管理局\t-\t-\t-\t2021\t市场监督管理局"
        );
        assert_eq!(
            add(data.path(), &agency("物价局", &["市场监督管理局"])).row,
            "物价局\t-\tWJG\t-\t2021\t~发展和改革局|市场监督管理局"
        );
        let matter = Addition::Matter {
            name: "食品经营许可".to_owned(),
            category: None,
            agencies: Vec::new(),
            synonyms: vec!["食经许可".to_owned()],
        };
        add(data.path(), &matter);
        let edited = Dictionaries::extended(data.path()).unwrap();
        assert_eq!(edited.matters.find("食经许可")[0].name, "食品经营许可");
        assert_eq!(edited.matters.find("食品经营许可证")[0].name, "食品经营许可");
        assert_eq!(edited.agencies.successors("盐业管理局"), [("市场监督管理局", false)]);
    }

    #[test]
    fn what_cannot_be_used_is_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("synonyms.tsv");
        fs::write(&file, "# ours\n灶房\t伙房\n").unwrap();
        // 执照 stands in the group of 营业执照, 伙房 in our own.
        for (addition, message) in [
            (
                synonyms("甲证", &["执照"]),
                "synonyms.tsv:3: `执照` is already in built-in synonyms.tsv:6",
            ),
            (
                synonyms("甲证", &["伙房"]),
                "synonyms.tsv:3: `伙房` is already on line 2",
            ),
            (
                synonyms("甲\t证", &["乙"]),
                "synonyms.tsv:3: 3 columns separated by tabs instead of 2",
            ),
            (
                synonyms("甲", &[]),
                "synonyms.tsv:3: `-` in column `synonyms` is not at least one synonym",
            ),
        ] {
            let error = addition.write_to(folder.path()).unwrap_err();
            assert_eq!(error.to_string(), message);
            assert_eq!(fs::read_to_string(&file).unwrap(), "# ours\n灶房\t伙房\n");
        }
    }
}
