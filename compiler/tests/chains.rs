//! Chains of definitions that each use the one before more than once: the number of ways down such a chain
//! doubles with every link, and no command may walk them all.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{command, folder};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Links of a chain: 2 to this power ways.
const LINKS: usize = 30;
/// Far more than any of them takes, far less than all the ways take.
const BOUND: Duration = Duration::from_secs(120);

const HEAD: &str = "program chain \"Chain\" version 1
  currency USD
enum Color { red, green, blue }
scale Tier { low < high }
fact number: int 0..9
fact color: Color
fact flag: bool
fact perhaps: int 0..9 or none
fact amount: money >= 0
";
const FACTS: &str =
    r#"{"number": 4, "color": "red", "flag": true, "perhaps": 3, "amount": "500.00"}"#;

/// Name, type of the links, the first link, and a link: `@` is the one before, `#` its own number.
const FORMS: [(&str, &str, &str, &str); 17] = [
    (
        "ints",
        "int",
        "number",
        "table link#\n  | @ | -> v: int |\n  | < 5 | 3 |\n  | >= 5 | 7 |",
    ),
    (
        "three rows",
        "int",
        "number",
        "table link#\n  | @ | -> v: int |\n  | < 3 | 3 |\n  | 3..6 | 7 |\n  | > 6 | 1 |",
    ),
    (
        "enums",
        "Color",
        "color",
        "table link#\n  | @ | -> v: Color |\n  | red | green |\n  | green | blue |\n  | blue | red |",
    ),
    (
        "bools",
        "bool",
        "flag",
        "table link#\n  | @ | -> v: bool |\n  | yes | no |\n  | no | yes |",
    ),
    (
        "if",
        "bool",
        "flag",
        "define link#: bool = if @ then flag else not @",
    ),
    (
        "either way",
        "bool",
        "flag",
        "define link# = (@ and number > 3) or (not @ and color is red)",
    ),
    (
        "twice",
        "bool",
        "flag",
        "define link# = (@ and number > 3) or (@ and color is red)",
    ),
    (
        "conditions of one condition",
        "bool",
        "flag",
        "define a# = @ and number > 3\ndefine b# = @ and number < 8\ndefine link# = a# and b#",
    ),
    (
        "cases",
        "int",
        "number",
        "define link#: int\n  @ when @ > 4\n  2 when @ < 3\n  number otherwise",
    ),
    (
        "sums",
        "int",
        "number",
        "define link#: int\n  @ + 1 when @ > 4\n  @ - number otherwise",
    ),
    (
        "sum of itself",
        "int",
        "number",
        "define link#: int = @ + @ - @",
    ),
    (
        "largest",
        "int",
        "number",
        "define link#: int = largest of (@, @, @, number)",
    ),
    (
        "at least",
        "bool",
        "flag",
        "define link# = at least 2 of (@, not @, number > 3, color is red)",
    ),
    (
        "exceptions",
        "bool",
        "flag",
        "define link# = @ or number > 3\nexception e# to link# when @ and color is red\n  use no",
    ),
    (
        "or else",
        "int or none",
        "perhaps",
        "define link#: int or none\n  none when @ or else 3 > 5\n  @ or else number otherwise",
    ),
    (
        "marginal",
        "money",
        "amount",
        "table link# marginal\n  | @ | -> r: percent |\n  | $0..$100 | 50% |\n  | > $100 | 100% |",
    ),
    (
        "grids",
        "bool",
        "flag",
        "requirements grid# for Tier\n  | | low | high |\n  | x: @ | mandatory | - |\n  | y: number > cell | 3 | 5 |\ndefine best# = highest Tier meeting grid#\ndefine link# = best# is not none and best# is high",
    ),
];

fn chain(ty: &str, first: &str, link: &str) -> String {
    let mut program = HEAD.to_owned();
    let mut before = first.to_owned();
    for at in 1..=LINKS {
        let link = link.replace('#', &at.to_string()).replace('@', &before);
        writeln!(program, "{link}").unwrap();
        before = format!("link{at}");
    }
    writeln!(program, "decision last: {ty} = {before}").unwrap();
    program
}

fn lifecycles() -> String {
    let mut program = format!("{HEAD}define link0 = flag\n");
    for at in 1..=LINKS {
        let before = at - 1;
        writeln!(
            program,
            "lifecycle life{at} starts first\n  state first\n    when link{before} and number > 3 -> second\n    \
             when link{before} and number < 3 -> third\n  final second, third\n\
             define link{at} = life{at} is second or (life{at} is third and flag)"
        )
        .unwrap();
    }
    writeln!(program, "decision last: bool = link{LINKS}").unwrap();
    program
}

/// The exit status of a command, or none where it does not end.
fn ends(folder: &Path, arguments: &[&str]) -> Option<i32> {
    let mut child = command(folder)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let start = Instant::now();
    while start.elapsed() < BOUND {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        sleep(Duration::from_millis(10));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    None
}

#[test]
fn check_and_why_end_on_a_chain_of_links_that_use_the_one_before_twice() {
    let folder = folder("chains");
    fs::write(folder.join("facts.json"), FACTS).unwrap();
    let mut programs: Vec<(&str, String)> = FORMS
        .iter()
        .map(|(name, ty, first, link)| (*name, chain(ty, first, link)))
        .collect();
    programs.push(("lifecycles", lifecycles()));
    let asked = [
        "--facts",
        "facts.json",
        "--as-of",
        "2027-01-01",
        "chain.pol",
    ];
    let commands = [
        vec!["check", "chain.pol"],
        [&["why", "--decision", "last"], asked.as_slice()].concat(),
    ];
    for (name, program) in programs {
        fs::write(folder.join("chain.pol"), program).unwrap();
        for command in &commands {
            assert_eq!(ends(&folder, command), Some(0), "{name}: {command:?}");
        }
    }
}
