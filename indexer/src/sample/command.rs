//! The command `juanzong-indexer sample`.

use std::path::PathBuf;

use anyhow::Context as _;

use super::{Format, Level, SampleOptions, generate, volumes, write_lines};

/// Writes invented case files with their truth, for trying the program and for tests.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Directory to write into (`cases/`, `manifest.csv`, `truth/`); must be empty or new
    #[arg(long, value_name = "DIR", required_unless_present = "jsonl")]
    pub out: Option<PathBuf>,
    /// Write N cases as lines for `import` to standard output instead, up to 1,000,000: texts without scans
    #[arg(long, value_name = "N", conflicts_with_all = ["out", "cases", "level", "only_formats"],
        value_parser = clap::value_parser!(u32).range(..=1_000_000))]
    pub jsonl: Option<u32>,
    /// Number of cases
    #[arg(long, value_name = "N", default_value_t = 40)]
    pub cases: u32,
    /// Seed: the same seed gives the same bytes
    #[arg(long, value_name = "S", default_value_t = 7)]
    pub seed: u64,
    /// How badly the pages are scanned
    #[arg(long, value_enum, default_value = "mixed")]
    pub level: Level,
    /// Write only these formats (comma-separated)
    #[arg(long, value_enum, value_delimiter = ',', value_name = "FORMATS")]
    pub only_formats: Option<Vec<Format>>,
    /// Bind the documents of each case into one file; among them files that only look like volumes
    #[arg(long)]
    pub bound: bool,
}

/// Runs the command.
///
/// # Errors
/// Whatever [`generate()`] reports.
#[allow(clippy::print_stdout)] // the command's output
pub fn run(args: Args) -> anyhow::Result<()> {
    if let Some(count) = args.jsonl {
        let mut out = std::io::BufWriter::with_capacity(1 << 20, std::io::stdout().lock());
        return write_lines(&mut out, args.seed, count).context("样例无法写出 (cannot write the lines)");
    }
    let options = SampleOptions {
        // Asked for by the command line unless lines are.
        out: args.out.unwrap_or_default(),
        cases: args.cases,
        seed: args.seed,
        level: args.level,
        only_formats: args.only_formats,
    };
    let summary = if args.bound {
        volumes(&options)
    } else {
        generate(&options)
    };
    let summary = summary.context("样例案卷生成失败 (no sample written)")?;
    println!(
        "已生成 {} 卷 {} 件 {} 页 ({} cases, {} files, {} pages, {:.1} MB)",
        summary.cases,
        summary.files,
        summary.pages,
        summary.cases,
        summary.files,
        summary.pages,
        megabytes(summary.bytes),
    );
    println!("  {}", summary.cases_dir.display());
    println!("  {}", summary.manifest.display());
    println!("  {}", summary.truth_dir.display());
    Ok(())
}

#[allow(clippy::cast_precision_loss)] // for people to read
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
