//! `juanzong suggest`

use std::io::Write;
use std::time::{Duration, Instant};

use clap::Args;
use serde_json::json;

use super::desk::Desk;
use super::failure::Failure;
use super::{JsonArgument, write_json};
use crate::access::{Action, Right, masked_query};
use crate::search::SuggestRequest;
use crate::text_table::{Table, one_line};

/// Time for suggestions from the command line.
const SUGGEST_TIME: Duration = Duration::from_secs(20);

#[derive(Debug, Args)]
pub(super) struct SuggestArguments {
    /// 已输入的文字：文号、名称的任意部分，也可以是拼音或首字母 · What was typed: any part of a number or name, also pinyin or initials
    #[arg(value_name = "INPUT", allow_hyphen_values = true)]
    input: String,
    /// 最多条数 · Most suggestions
    #[arg(long, value_name = "N")]
    size: Option<String>,
    #[command(flatten)]
    output: JsonArgument,
}

/// Reads the arguments as the API reads its parameters.
pub(super) fn request(arguments: &SuggestArguments) -> Result<SuggestRequest, Failure> {
    let mut pairs = vec![("q", arguments.input.as_str())];
    pairs.extend(arguments.size.as_deref().map(|size| ("size", size)));
    Ok(SuggestRequest::from_pairs(pairs)?)
}

pub(super) async fn run(
    desk: &Desk,
    request: &SuggestRequest,
    arguments: &SuggestArguments,
    out: &mut impl Write,
) -> Result<(), Failure> {
    desk.may(Right::Search, Action::Suggest).await?;
    let deadline = Instant::now() + SUGGEST_TIME;
    let answer = desk.view().suggest(request, true, deadline).await?;
    let details = json!({"query": masked_query(request.input()), "suggestions": answer.suggestions.len()});
    desk.record(Action::Suggest, &details, None).await?;
    if arguments.output.json {
        return write_json(out, &answer);
    }
    let mut table = Table::new(&[("类别", 10), ("建议", 60), ("案卷", 8)]);
    for suggestion in &answer.suggestions {
        table.row([
            suggestion.label.clone(),
            one_line(&suggestion.text),
            suggestion.count.to_string(),
        ]);
    }
    Ok(table.write(out)?)
}
