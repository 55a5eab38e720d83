use polc_runtime::{Answer, Options, Program};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("name a built program")?;
    let program = Program::load(&std::fs::read(path)?)?;

    let facts = program.facts(r#"{ "id": "acme", "revenue": "210000.00", "certified": false }"#)?;
    let day = "2026-12-31".parse()?;

    match program.answer(&facts, day, "tier")? {
        Answer::Known(tier) => println!("tier: {tier}"),
        Answer::Unknown { needs, .. } => println!("supply {}", needs.join(", ")),
        other => println!("{other}"),
    }
    let why = program.explain(&facts, day, &Options::default(), "tier")?;
    print!("{}", why.text(false));
    Ok(())
}
