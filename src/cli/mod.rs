//! The command line of `juanzong`.
//!
//! Exit status: 0 done, 1 something failed (named on standard error), 2 wrong usage or configuration.

mod audit;
mod audit_report;
mod backup;
mod case;
mod code;
mod correct;
mod desk;
mod dictionary;
mod export;
mod failure;
mod findings;
mod key;
mod output;
mod result_set;
mod review;
mod samples;
mod search;
mod serve;
mod statistics;
mod status;
mod suggest;
mod taking_out;
mod token;
mod user;
mod verify;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::archive::Archive;
use crate::catalogue::DataDirectory;
use crate::config::{Config, DEFAULT_DATA, RawConfig};
use desk::{Desk, Office};
use failure::Failure;

/// 卷宗：行政审批档案全文检索 · Full-text search for scanned administrative-approval archives
#[derive(Debug, Parser)]
#[command(name = "juanzong", version, propagate_version = true)]
pub struct Cli {
    /// 数据目录 · Data directory
    #[arg(long, global = true, env = "JUANZONG_DATA", value_name = "DIR", default_value = DEFAULT_DATA)]
    data: PathBuf,
    /// 以此账户的可见范围操作；命令行使用者本身不受限制，但一律记入审计日志 · See what this account sees; what is done is logged in any case
    #[arg(long = "as", global = true, value_name = "ACCOUNT")]
    acting_as: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 启动检索服务 · Run the server
    Serve(ServeArguments),
    /// 检索案卷 · Search the cases
    Search(SearchArguments),
    /// 统计：件数、办理时限、不予率等，按年度、机关、事项等分组 · Statistics by year, agency, matter …
    Stats(statistics::StatisticsArguments),
    /// 导出检索到的全部案卷 · Export all cases that match
    Export(export::ExportArguments),
    /// 输入提示：文号、申请人、事项、机关 · Suggest numbers, applicants, matters, agencies
    Suggest(suggest::SuggestArguments),
    /// 查看案卷 · Look at a case
    #[command(subcommand)]
    Case(CaseCommand),
    /// 复核清单：需要人工查看之处 · What needs eyes
    #[command(subcommand)]
    Review(ReviewCommand),
    /// 核查发现：断号、超期、矛盾等 · Findings: gaps, delays, contradictions
    Findings(findings::FindingsArguments),
    /// 可复现抽样 · A sample that anybody can draw again
    SampleCases(samples::SampleArguments),
    /// 审计报告：指标、图表、核查发现及证据页、样本，可打印 · An audit report that prints: figures, findings with evidence, a sample
    AuditReport(audit_report::ReportArguments),
    /// 结果集：保存检索结果，以后比较 · Results that are kept and compared later
    #[command(subcommand)]
    ResultSet(result_set::ResultSetCommand),
    /// 本馆词典：词语、同义词、机关沿革、事项 · The archive's own dictionaries
    #[command(subcommand)]
    Dictionary(dictionary::DictionaryCommand),
    /// 账户与授权 · Accounts and what they may see
    #[command(subcommand)]
    User(user::UserCommand),
    /// 程序接口令牌 · Tokens of programs
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// 公众查询码：窗口签发、作废 · Access codes of citizens, issued at the counter
    #[command(subcommand)]
    Code(code::CodeCommand),
    /// 审计日志 · The audit log
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// 档案库的密钥 · The keys that seal the archive
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// 备份档案库，服务运行中亦可 · Back the archive up, also while it is being served
    Backup(backup::BackupArguments),
    /// 由备份恢复到空目录（--data），或演练恢复 · Restore a backup into an empty directory (--data), or prove that it could be
    Restore(backup::RestoreArguments),
    /// 四性检测：真实性、完整性、可用性、安全性 · Check authenticity, integrity, usability and security
    Verify(verify::VerifyArguments),
    /// 查看档案库状况 · Show how the archive is
    Status(JsonArgument),
}

#[derive(Debug, Args)]
struct ServeArguments {
    /// 监听地址 · Address to listen on [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
}

#[derive(Debug, Args)]
struct SearchArguments {
    /// 检索式，例如 `餐饮 -注销 年度:2015..2020` · What to search for
    #[arg(allow_hyphen_values = true)]
    query: String,
    /// 按分面筛选，可重复 · Filter by a facet; repeatable
    #[arg(long, value_name = "FACET=VALUE")]
    filter: Vec<String>,
    /// 要统计的分面，以逗号分隔，或 all · Facets to count, separated by commas, or all
    #[arg(long, value_name = "FACETS")]
    facets: Option<String>,
    /// 决定日期不早于 · Decided on this date or later
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// 决定日期不晚于 · Decided on this date or earlier
    #[arg(long, value_name = "DATE")]
    to: Option<String>,
    /// 排序 · Order: `relevance`, `date`, `date_asc`, `number`
    #[arg(long, value_name = "ORDER")]
    sort: Option<String>,
    /// 第几页 · Page of the answer
    #[arg(long, value_name = "N")]
    page: Option<String>,
    /// 从上一页之后续取：上一次应答给出的 next · Go on behind the last hit: the `next` of the answer before
    #[arg(long, value_name = "NEXT")]
    after: Option<String>,
    /// 每页条数 · Hits on a page
    #[arg(long, value_name = "N")]
    size: Option<String>,
    /// 只按原词检索，不扩展同义词、机关沿革和拼音 · Only what was typed: no synonyms, successors, pinyin
    #[arg(long)]
    no_expand: bool,
    #[command(flatten)]
    output: JsonArgument,
}

#[derive(Debug, Subcommand)]
enum CaseCommand {
    /// 显示一个案卷 · Show one case
    Show {
        /// 案卷标识或档号 · Id or archival code of the case
        #[arg(value_name = "ID|ARCHIVAL_CODE")]
        case: String,
        #[command(flatten)]
        output: JsonArgument,
    },
    /// 导出一个案卷 · Export one case
    Export(export::CaseExportArguments),
    /// 更正一个著录项或一行文字 · Correct a field or a line
    Correct(correct::CorrectArguments),
    /// 列出案卷的更正记录 · List the corrections of a case
    Corrections {
        /// 案卷标识或档号 · Id or archival code of the case
        #[arg(value_name = "ID|ARCHIVAL_CODE")]
        case: String,
        #[command(flatten)]
        output: JsonArgument,
    },
    /// 撤销一条更正（记录保留） · Take a correction back; it stays in the history
    Undo(correct::UndoArguments),
}

#[derive(Debug, Subcommand)]
enum ReviewCommand {
    /// 列出复核清单，代价最大者在前 · List what needs eyes, the dearest first
    List(review::ListArguments),
    /// 标记为已核对、照旧 · Say that something was checked and stands as it is
    Checked(review::CheckedArguments),
}

#[derive(Clone, Copy, Debug, Args)]
struct JsonArgument {
    /// 输出 JSON · Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs the program.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let mut stdout = io::stdout().lock();
    match execute(&cli, &mut stdout).and_then(|()| stdout.flush().map_err(Failure::from)) {
        Ok(()) => ExitCode::SUCCESS,
        // Nobody reads on, e.g. `juanzong search … | head`.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            // When standard error is gone too there is nobody to tell.
            let _ = failure.report(&mut io::stderr().lock());
            failure.exit_code()
        }
    }
}

fn execute(cli: &Cli, out: &mut impl Write) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Failure::Runtime)?;
    runtime.block_on(async {
        match &cli.command {
            Command::Serve(arguments) => serve::run(&cli.data, arguments, out).await,
            Command::Search(arguments) => {
                // A wrong request is told before the archive is opened, which takes a moment.
                let request = search::request(arguments)?;
                search::run(&Desk::open(cli).await?, request, arguments, out).await
            }
            Command::Stats(arguments) => {
                let request = arguments.request()?;
                statistics::run(&Desk::open(cli).await?, request, arguments, out).await
            }
            Command::Export(arguments) => {
                let request = arguments.request()?;
                export::cases(&Desk::open(cli).await?, request, arguments, out).await
            }
            Command::Case(CaseCommand::Export(arguments)) => {
                arguments.check()?;
                export::case(&Desk::open(cli).await?, arguments, out).await
            }
            Command::Suggest(arguments) => {
                let request = suggest::request(arguments)?;
                suggest::run(&Desk::open(cli).await?, &request, arguments, out).await
            }
            Command::Dictionary(command) => dictionary::run(&cli.data, command, out),
            Command::Case(CaseCommand::Show { case, output }) => {
                case::show(&Desk::open(cli).await?, case, output.json, out).await
            }
            Command::Case(CaseCommand::Correct(arguments)) => {
                correct::correct(&Desk::open(cli).await?, arguments, out).await
            }
            Command::Case(CaseCommand::Corrections { case, output }) => {
                correct::list(&Desk::open(cli).await?, case, output.json, out).await
            }
            Command::Case(CaseCommand::Undo(arguments)) => correct::undo(&Desk::open(cli).await?, arguments, out).await,
            Command::Review(ReviewCommand::List(arguments)) => {
                review::list(&Desk::open(cli).await?, arguments, out).await
            }
            Command::Review(ReviewCommand::Checked(arguments)) => {
                review::checked(&Desk::open(cli).await?, arguments, out).await
            }
            Command::SampleCases(arguments) => {
                let request = arguments.request()?;
                samples::run(&Desk::open(cli).await?, request, arguments, out).await
            }
            Command::AuditReport(arguments) => {
                let request = arguments.request()?;
                audit_report::run(&Desk::open(cli).await?, request, arguments, out).await
            }
            Command::ResultSet(command) => result_set::run(&Desk::open(cli).await?, command, out).await,
            Command::Findings(arguments) => findings::run(&Desk::open(cli).await?, arguments, out).await,
            Command::User(command) => user::run(&Office::open(cli).await?, command, out).await,
            Command::Token(command) => token::run(&Office::open(cli).await?, command, out).await,
            Command::Code(command) => {
                let (_, config) = configured(cli)?;
                let input = io::stdin().lock();
                code::run(&Office::open(cli).await?, &config.citizen, command, input, out).await
            }
            Command::Audit(command) => audit::run(&Office::open(cli).await?, command, out).await,
            Command::Key(command) => key::run(cli, command, out).await,
            Command::Backup(arguments) => backup::backup(cli, arguments, out).await,
            Command::Restore(arguments) => backup::restore(cli, arguments, out).await,
            Command::Verify(arguments) => verify::run(cli, arguments, out).await,
            Command::Status(output) => status::run(&open(cli).await?, output.json, out).await,
        }
    })
}

/// Opens an archive that is there already.
async fn open(cli: &Cli) -> Result<Archive, Failure> {
    let (directory, config) = configured(cli)?;
    crate::telemetry::start(&config.log_filter)?;
    Ok(Archive::open(directory).await?)
}

/// The data directory of an archive that is there already, and how it is configured.
fn configured(cli: &Cli) -> Result<(DataDirectory, Config), Failure> {
    let directory = DataDirectory::existing(&cli.data)?;
    let config = configure(&directory, None)?;
    Ok((directory.with_keys(config.keys.clone()), config))
}

fn configure(directory: &DataDirectory, listen: Option<&str>) -> Result<Config, Failure> {
    Ok(RawConfig::read(&directory.config_path())?.validate(listen)?)
}

/// Writes JSON with a line end.
fn write_json(out: &mut impl Write, value: &impl serde::Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string(value).map_err(|error| Failure::Output(error.into()))?;
    Ok(writeln!(out, "{text}")?)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_query_may_begin_with_an_exclusion() {
        let cli = Cli::try_parse_from(["juanzong", "search", "-注销", "--size", "5"]).unwrap();
        let Command::Search(arguments) = cli.command else {
            panic!("another command")
        };
        assert_eq!(
            (arguments.query.as_str(), arguments.size.as_deref()),
            ("-注销", Some("5"))
        );
    }
}
