//! `juanzong-indexer engines`: which recognisers there are, and which one is used.

use std::process::ExitCode;

use serde::Serialize;

use crate::ocr::Engine;
use crate::ocr::ppocr::models::{FOLDER_VARIABLE, ModelError, ModelFolder};

/// What `engines` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 以 JSON 输出 (as JSON)
    #[arg(long)]
    json: bool,
}

/// The engine asked for, else the best that is installed; says so when that isn't the best there is.
///
/// Checks its models here, once: damaged ones must stop the command, not fail each of a hundred thousand pages.
pub(super) fn choose(asked: Option<Engine>) -> Result<Engine, ModelError> {
    let engine = asked.unwrap_or_else(Engine::preferred);
    let models = ModelFolder::find();
    if engine == Engine::Ppocr || models.as_ref().is_ok_and(ModelFolder::is_complete) {
        let models = models?;
        for file in ModelFolder::files() {
            models.check(&file)?;
        }
    }
    if asked.is_none() && engine != Engine::Ppocr {
        eprintln!(
            "未安装 PP-OCR 模型，改用 tesseract，识别率较低；运行 make models 安装 \
             (no PP-OCR models are installed: tesseract is used, which reads less well; `make models` fetches them)"
        );
    }
    Ok(engine)
}

#[derive(Serialize)]
struct EngineState {
    engine: Engine,
    version: Option<String>,
    problem: Option<String>,
    preferred: bool,
    files: Vec<FileState>,
}

#[derive(Serialize)]
struct FileState {
    name: &'static str,
    purpose: &'static str,
    package: &'static str,
    sha256: &'static str,
    installed: bool,
    problem: Option<String>,
}

/// Starts each engine once, which checks its files; exit status 1 when the preferred one cannot be used.
#[allow(clippy::print_stdout)] // the answer of the command
pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let preferred = Engine::preferred();
    let states: Vec<EngineState> = [Engine::Ppocr, Engine::Tesseract]
        .into_iter()
        .map(|engine| state(engine, preferred))
        .collect();
    if args.json {
        println!("{}", serde_json::to_string_pretty(&states)?);
    } else {
        print!("{}", table(&states));
    }
    let usable = states.iter().any(|s| s.preferred && s.problem.is_none());
    Ok(ExitCode::from(u8::from(!usable)))
}

fn state(engine: Engine, preferred: Engine) -> EngineState {
    let (version, problem) = match engine.start() {
        Ok(reader) => (Some(reader.name()), None),
        Err(error) => (None, Some(error.to_string())),
    };
    let files = match engine {
        Engine::Ppocr => files(),
        Engine::Tesseract => Vec::new(),
    };
    EngineState {
        engine,
        version,
        problem,
        preferred: engine == preferred,
        files,
    }
}

fn files() -> Vec<FileState> {
    let folder = ModelFolder::find();
    ModelFolder::files()
        .into_iter()
        .map(|file| {
            let checked = match &folder {
                Ok(folder) => folder.check(&file).map(drop),
                Err(_) => Err(ModelError::NotInstalled),
            };
            FileState {
                name: file.name,
                purpose: file.purpose.code(),
                package: file.package,
                sha256: file.sha256,
                installed: checked.is_ok(),
                problem: checked.err().map(|e| e.to_string()),
            }
        })
        .collect()
}

fn table(states: &[EngineState]) -> String {
    let mut text = String::new();
    for state in states {
        let mark = if state.preferred { "  ← 默认 (default)" } else { "" };
        text.push_str(&format!("{}{mark}\n", state.engine));
        match (&state.version, &state.problem) {
            (Some(version), _) => text.push_str(&format!("  可用 (usable): {version}\n")),
            (None, Some(problem)) => text.push_str(&format!("  不可用 (not usable): {problem}\n")),
            (None, None) => {}
        }
        for file in &state.files {
            let sign = if file.installed { "✓" } else { "✗" };
            text.push_str(&format!(
                "  {sign} {:<11} {}  {}\n",
                file.purpose, file.name, file.package
            ));
            text.push_str(&format!("      SHA-256 {}\n", file.sha256));
            if let Some(problem) = &file.problem {
                text.push_str(&format!("      {problem}\n"));
            }
        }
    }
    match ModelFolder::find() {
        Ok(folder) => text.push_str(&format!("模型文件夹 (folder of models): {}\n", folder.path().display())),
        Err(_) => text.push_str(&format!(
            "未找到模型文件夹；运行 make models，或以 {FOLDER_VARIABLE} 指定 (no folder of models; run `make models` or name it in {FOLDER_VARIABLE})\n"
        )),
    }
    text
}
