//! tantivy as it is mostly used for Chinese: tokens of a text, all of which must occur, ranked by BM25.

use jieba_rs::Jieba;
use juanzong::record::CaseRecord;
use tantivy::collector::{DocSetCollector, TopDocs};
use tantivy::query::{BooleanQuery, EmptyQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions, Value};
use tantivy::tokenizer::{PreTokenizedString, Token};
use tantivy::{Index, IndexWriter, Searcher, TantivyDocument, Term};

use crate::fts5::folded;
use crate::measure::Engine;
use crate::queries::letters;

/// How a text becomes tokens.
pub(crate) enum Cut {
    /// Words of jieba in search mode, with its statistical model, as its tokenizers for tantivy do by default.
    Words(Box<Jieba>),
    /// Pairs of letters; a lone letter is one by itself.
    Pairs,
}

impl Cut {
    fn tokens(&self, text: &str, query: bool) -> Vec<String> {
        match self {
            Self::Words(jieba) => {
                let words = if query {
                    jieba.cut(text, true)
                } else {
                    jieba.cut_for_search(text, true)
                };
                let words = words.into_iter().map(|token| letters(token.word));
                words.filter(|word| !word.is_empty()).collect()
            }
            Self::Pairs => {
                let chars: Vec<char> = text.chars().collect();
                let pairs = chars
                    .windows(2)
                    .filter(|pair| !pair.contains(&'\n'))
                    .map(|pair| pair.iter().collect());
                if !query {
                    let singles = chars.iter().filter(|c| **c != '\n').map(char::to_string);
                    return pairs.chain(singles).collect();
                }
                if chars.len() == 1 {
                    vec![text.to_owned()]
                } else {
                    pairs.collect()
                }
            }
        }
    }
}

pub(crate) struct Plain {
    cut: Cut,
    body: Field,
    number: Field,
    searcher: Searcher,
}

impl Plain {
    pub(crate) fn new<'a>(cut: Cut, cases: impl Iterator<Item = &'a CaseRecord>) -> Self {
        let mut schema = Schema::builder();
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("raw")
            .set_index_option(IndexRecordOption::WithFreqs);
        let body = schema.add_text_field("body", TextOptions::default().set_indexing_options(indexing));
        let number = schema.add_u64_field("number", tantivy::schema::STORED);
        let index = Index::create_in_ram(schema.build());
        let mut writer: IndexWriter = index.writer(200_000_000).unwrap();
        for (key, case) in (0_u64..).zip(cases) {
            let text = match cut {
                Cut::Words(_) => case
                    .documents
                    .iter()
                    .flat_map(|document| &document.pages)
                    .map(|page| page.text.text())
                    .collect::<Vec<_>>()
                    .join("\n"),
                Cut::Pairs => folded(case),
            };
            let tokens = cut
                .tokens(&text, false)
                .into_iter()
                .enumerate()
                .map(|(position, text)| Token {
                    position,
                    text,
                    ..Token::default()
                });
            let mut document = TantivyDocument::new();
            document.add_u64(number, key);
            document.add_pre_tokenized_text(
                body,
                PreTokenizedString {
                    text: String::new(),
                    tokens: tokens.collect(),
                },
            );
            writer.add_document(document).unwrap();
        }
        writer.commit().unwrap();
        let searcher = index.reader().unwrap().searcher();
        Self {
            cut,
            body,
            number,
            searcher,
        }
    }

    fn query(&self, query: &str) -> Box<dyn Query> {
        let words = query.split_whitespace().flat_map(|word| match self.cut {
            Cut::Words(_) => self.cut.tokens(word, true),
            Cut::Pairs => self.cut.tokens(&letters(word), true),
        });
        let terms: Vec<Box<dyn Query>> = words
            .map(|word| {
                let term = Term::from_field_text(self.body, &word);
                Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)) as Box<dyn Query>
            })
            .collect();
        if terms.is_empty() {
            Box::new(EmptyQuery)
        } else {
            Box::new(BooleanQuery::intersection(terms))
        }
    }

    fn number_of(&self, address: tantivy::DocAddress) -> u32 {
        let document: TantivyDocument = self.searcher.doc(address).unwrap();
        u32::try_from(document.get_first(self.number).unwrap().as_u64().unwrap()).unwrap()
    }
}

impl Engine for Plain {
    fn name(&self) -> &'static str {
        match self.cut {
            Cut::Words(_) => "tantivy, jieba words, AND",
            Cut::Pairs => "tantivy, unordered bigrams",
        }
    }

    fn top(&self, query: &str) -> Vec<u32> {
        let top = self
            .searcher
            .search(&self.query(query), &TopDocs::with_limit(10).order_by_score())
            .unwrap();
        top.into_iter().map(|(_, address)| self.number_of(address)).collect()
    }

    fn all(&self, query: &str) -> Vec<u32> {
        let found = self.searcher.search(&self.query(query), &DocSetCollector).unwrap();
        found.into_iter().map(|address| self.number_of(address)).collect()
    }
}
