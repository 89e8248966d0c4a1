//! SQLite FTS5 with the trigram tokenizer, brackets folded on both sides.

use juanzong::record::CaseRecord;
use sqlx::{Connection, Row, SqliteConnection};

use crate::measure::Engine;
use crate::queries::letters;

pub(crate) struct Fts5 {
    runtime: tokio::runtime::Runtime,
    connection: std::sync::Mutex<SqliteConnection>,
}

impl Fts5 {
    pub(crate) fn new<'a>(cases: impl Iterator<Item = &'a CaseRecord>) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let connection = runtime.block_on(async {
            let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
            sqlx::query("CREATE VIRTUAL TABLE cases USING fts5(body, tokenize = 'trigram')")
                .execute(&mut connection)
                .await
                .unwrap();
            let mut transaction = connection.begin().await.unwrap();
            for (number, case) in (1_i64..).zip(cases) {
                sqlx::query("INSERT INTO cases(rowid, body) VALUES ($1, $2)")
                    .bind(number)
                    .bind(folded(case))
                    .execute(&mut *transaction)
                    .await
                    .unwrap();
            }
            transaction.commit().await.unwrap();
            connection
        });
        Self {
            runtime,
            connection: std::sync::Mutex::new(connection),
        }
    }

    fn run(&self, query: &str, limit: i64) -> Vec<u32> {
        let words: Vec<String> = query
            .split_whitespace()
            .map(letters)
            .filter(|word| !word.is_empty())
            .collect();
        let (short, long): (Vec<&String>, Vec<&String>) = words.iter().partition(|word| word.chars().count() < 3);
        let mut conditions: Vec<String> = Vec::new();
        if !long.is_empty() {
            conditions.push("cases MATCH $1".to_owned());
        }
        conditions.extend(short.iter().map(|word| format!("body LIKE '%{word}%'")));
        if conditions.is_empty() {
            return Vec::new();
        }
        let order = if long.is_empty() { "rowid" } else { "rank" };
        let sql = format!(
            "SELECT rowid FROM cases WHERE {} ORDER BY {order} LIMIT $2",
            conditions.join(" AND ")
        );
        let phrases: Vec<String> = long.iter().map(|word| format!("\"{word}\"")).collect();
        let mut connection = self.connection.lock().unwrap();
        let rows = self.runtime.block_on(async {
            sqlx::query(sqlx::AssertSqlSafe(sql))
                .bind(phrases.join(" AND "))
                .bind(limit)
                .fetch_all(&mut *connection)
                .await
                .unwrap()
        });
        rows.iter()
            .map(|row| u32::try_from(row.get::<i64, _>(0) - 1).unwrap())
            .collect()
    }
}

/// The letters of a case's pages; nothing between them, so that lines may wrap anywhere.
pub(crate) fn folded(case: &CaseRecord) -> String {
    let pages = case.documents.iter().flat_map(|document| &document.pages);
    pages
        .map(|page| letters(&page.text.text()))
        .collect::<Vec<_>>()
        .join("\n")
}

impl Engine for Fts5 {
    fn name(&self) -> &'static str {
        "SQLite FTS5 trigram"
    }

    fn top(&self, query: &str) -> Vec<u32> {
        self.run(query, 10)
    }

    fn all(&self, query: &str) -> Vec<u32> {
        self.run(query, 1_000_000)
    }
}
