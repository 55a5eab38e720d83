//! What the README and the pages in `docs/` say is true: their programs compile without a finding and
//! pass their tests, and the README prints what the program answers.

use polc::loader::Memory;
use polc::pipeline::{Compilation, Compiled, compile};
use polc_runtime::facts::Facts;
use polc_runtime::{Options, Program};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

type Checked = Result<(), Box<dyn Error>>;

const POLICY: &str = "policies/technology_partner";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A fenced block of a page.
struct Block {
    info: String,
    line: usize,
    text: String,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut open: Option<Block> = None;
    for (at, line) in page.lines().enumerate() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(info), None) => {
                open = Some(Block {
                    info: info.trim().to_owned(),
                    line: at + 1,
                    text: String::new(),
                });
            }
            (Some(_), Some(_)) => found.extend(open.take()),
            (None, Some(block)) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    found
}

/// The README and every page under `docs/`.
fn pages() -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut found = vec![root().join("README.md")];
    let mut folders = vec![root().join("docs")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "md") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn compile_text(text: &str) -> Compilation {
    let memory = Memory::default().with("block.pol", text);
    compile(&memory, "block.pol")
}

/// What is wrong with a block that claims to be a program.
fn problems(text: &str) -> Vec<String> {
    let compilation = compile_text(text);
    let mut found: Vec<String> = compilation
        .diagnostics
        .iter()
        .map(|finding| finding.message.clone())
        .collect();
    if let Some(Compiled { ir, tests, .. }) = compilation.program {
        match Program::new(ir) {
            Err(error) => found.push(error.to_string()),
            Ok(program) => {
                let report = polc::testing::run(&program, &tests, &compilation.sources);
                if !report.passed() {
                    found.push(report.text("block.pol", false));
                }
            }
        }
    }
    found
}

fn explain(compiled: Compiled, facts: &str, decision: &str) -> Result<String, Box<dyn Error>> {
    let program = Program::new(compiled.ir)?;
    let facts = Facts::from_json(program.ir(), facts)
        .map_err(|faults| faults.iter().map(ToString::to_string).collect::<String>())?;
    let as_of = facts.as_of().ok_or("the facts have no as_of")?;
    let explanation = program.explain(&facts, as_of, &Options::default(), decision);
    Ok(explanation?.text(false))
}

fn nth<'b>(blocks: &'b [Block], info: &str, n: usize) -> Result<&'b str, Box<dyn Error>> {
    let block = blocks.iter().filter(|block| block.info == info).nth(n);
    let block = block.ok_or_else(|| format!("README.md has no block {n} of `{info}`"))?;
    Ok(&block.text)
}

#[test]
fn programs_in_the_documentation_hold() -> Checked {
    let mut wrong = Vec::new();
    for page in pages()? {
        for block in blocks(&fs::read_to_string(&page)?) {
            // `pol fragment` and `pol wrong` do not claim to be whole programs.
            if block.info == "pol" {
                for problem in problems(&block.text) {
                    wrong.push(format!("{}:{}: {problem}", page.display(), block.line));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

#[test]
fn the_answer_in_the_readme_is_the_answer() -> Checked {
    let readme = blocks(&fs::read_to_string(root().join("README.md"))?);
    let compiled = compile_text(nth(&readme, "pol", 0)?).program;
    let compiled = compiled.ok_or("the program of the README does not compile")?;
    let answer = explain(compiled, nth(&readme, "json", 0)?, "tier")?;
    assert_eq!(answer.trim_end(), nth(&readme, "text", 0)?.trim_end());
    Ok(())
}

#[test]
fn the_run_command_of_the_readme_begins_as_printed() -> Checked {
    let mut memory = Memory::default();
    for entry in fs::read_dir(root().join(POLICY))? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "pol") {
            let name = path.file_name().and_then(|name| name.to_str());
            let name = name.ok_or("a file name that is not text")?;
            memory = memory.with(format!("{POLICY}/{name}"), fs::read(&path)?);
        }
    }
    let compiled = compile(&memory, POLICY).program;
    let compiled = compiled.ok_or("the policy does not compile")?;
    let facts = fs::read_to_string(root().join(POLICY).join("examples/acme.json"))?;
    let answer = explain(compiled, &facts, "eligible_tier")?;
    let readme = blocks(&fs::read_to_string(root().join("README.md"))?);
    let printed = nth(&readme, "text", 1)?.trim_end();
    assert!(
        answer.starts_with(printed),
        "the README prints\n{printed}\nbut the answer is\n{answer}"
    );
    Ok(())
}

#[test]
fn links_between_pages_lead_somewhere() -> Checked {
    let mut dead = Vec::new();
    for page in pages()? {
        let text = fs::read_to_string(&page)?;
        let targets = text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next());
        for target in targets.filter(|target| !target.contains("://")) {
            let file = target.split('#').next().unwrap_or_default();
            let folder = page.parent().ok_or("a page in no folder")?;
            if !file.is_empty() && !folder.join(file).exists() {
                dead.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert!(dead.is_empty(), "{}", dead.join("\n"));
    Ok(())
}
