//! Built programs that are damaged, foreign or forged: each is refused, and the golden file holds the words.

use crate::harness::{Files, golden};
use polc_runtime::{Program, ir};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::path::Path;

const PROGRAM: &str = r#"program t "T" version 1
  currency USD
scale Tier { low < high }
record Sale dated on
  on: date
  amount: money >= 0
fact sales: list of Sale
judgement fine: yes, no by us
define turnover: money = sum of sales.amount
decision tier: Tier
  high when fine is yes and turnover >= $100
  low  otherwise
"#;

fn checksum(body: &[u8]) -> String {
    let sum = Sha256::digest(body);
    sum.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A file whose header is right whatever the body is.
fn with_header(body: &[u8]) -> Vec<u8> {
    let sum = checksum(body);
    let mut bytes = format!("pol-ir {} {sum} {}\n", ir::FORMAT_VERSION, body.len()).into_bytes();
    bytes.extend(body);
    bytes
}

/// A text with `N` for every number.
fn without_numbers(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '0'..='9' if out.ends_with('N') => {}
            '0'..='9' => out.push('N'),
            _ => out.push(letter),
        }
    }
    out
}

fn said(bytes: &[u8]) -> String {
    match Program::load(bytes) {
        Ok(_) => "accepted".to_owned(),
        Err(error) => error.to_string(),
    }
}

/// Bytes that are no program, each with what they are.
type Cases = Vec<(String, Vec<u8>)>;

/// Programs that end too early or too late, and files that are none.
fn cut_short(whole: &[u8], start: usize) -> Cases {
    let body = &whole[start..];
    let mut cases = Cases::new();
    let mut case = |name: &str, bytes: Vec<u8>| cases.push((name.to_owned(), bytes));
    case("whole", whole.to_vec());
    case("empty", Vec::new());
    case("random text", b"the quick brown fox\n".to_vec());
    case("random bytes", vec![0xff, 0x00, 0xfe, 0x80, 0x7f]);
    case("a source file", PROGRAM.as_bytes().to_vec());
    case("the body alone", body.to_vec());

    for length in [3, 6, 7, 8, 9, 20] {
        case(
            &format!("cut after {length} bytes"),
            whole[..length].to_vec(),
        );
    }
    case("cut in the length", whole[..start - 2].to_vec());
    case(
        "cut before the end of the header",
        whole[..start - 1].to_vec(),
    );
    case("cut after the header", whole[..start].to_vec());
    case(
        "cut in the middle of the body",
        whole[..start + body.len() / 2].to_vec(),
    );
    case(
        "cut before the last byte",
        whole[..whole.len() - 1].to_vec(),
    );
    case("with a byte too many", [whole, b"\n"].concat());
    case("twice", [whole, whole].concat());
    cases
}

/// Programs with one bit changed.
fn flipped(whole: &[u8], start: usize) -> Cases {
    let body = &whole[start..];
    let mut cases = Cases::new();
    let mut case = |name: &str, bytes: Vec<u8>| cases.push((name.to_owned(), bytes));
    // By 2, which makes no space of a hexadecimal digit.
    for at in [0, 5, 6, 7, 8, 9, 72, 73] {
        let mut flipped = whole.to_vec();
        flipped[at] ^= 0x02;
        case(&format!("byte {at} flipped"), flipped);
    }
    let mut joined = whole.to_vec();
    joined[start - 1] ^= 0x02;
    case("the end of the header flipped", joined);
    for (place, at) in [
        ("first", start),
        ("middle", start + body.len() / 2),
        ("last", whole.len() - 1),
    ] {
        for bit in [0x01, 0x80] {
            let mut flipped = whole.to_vec();
            flipped[at] ^= bit;
            case(
                &format!("{place} byte of the body flipped by {bit:#04x}"),
                flipped,
            );
        }
    }
    cases
}

/// Programs with another first line.
fn headers(whole: &[u8], start: usize) -> Cases {
    let body = &whole[start..];
    let mut cases = Cases::new();
    let mut case = |name: &str, bytes: Vec<u8>| cases.push((name.to_owned(), bytes));
    let text = std::str::from_utf8(whole).unwrap();
    let own = format!("pol-ir {} ", ir::FORMAT_VERSION);
    let version = |to: &str| text.replacen(&own, &format!("pol-ir {to} "), 1);
    for to in [
        "0",
        "1",
        "2",
        "4",
        "1.0",
        "01",
        "-1",
        "",
        "99999999999999999999",
        "\u{1b}[31m",
    ] {
        case(&format!("version {to:?}"), version(to).into_bytes());
    }
    let (header, _) = text.split_once('\n').unwrap();
    let shorter = header.rsplit_once(' ').unwrap().0;
    for length in ["0", "-1", "1e3", "99999999999", "18446744073709551616", "x"] {
        let mut bytes = format!("{shorter} {length}\n").into_bytes();
        bytes.extend(body);
        case(&format!("length {length}"), bytes);
    }
    case(
        "lines ended by CR LF",
        text.replacen('\n', "\r\n", 1).into_bytes(),
    );
    cases
}

/// Programs whose body is none.
fn no_bodies() -> Cases {
    let mut cases = Cases::new();
    let mut case = |name: &str, bytes: Vec<u8>| cases.push((name.to_owned(), bytes));
    for (name, body) in [
        ("no JSON", "nonsense"),
        ("nothing", ""),
        ("null", "null"),
        ("a list", "[]"),
        ("an empty object", "{}"),
        ("a text that is not closed", "{\"name\": \"t"),
    ] {
        case(&format!("body: {name}"), with_header(body.as_bytes()));
    }
    case("body: not UTF-8", with_header(b"{\"name\": \"\xff\"}"));
    case(
        "body: nested deep",
        with_header("[".repeat(100_000).as_bytes()),
    );
    cases
}

/// Programs whose body says what cannot be.
fn forged(whole: &[u8], start: usize) -> Cases {
    let body = &whole[start..];
    let mut cases = Cases::new();
    let mut case = |name: &str, bytes: Vec<u8>| cases.push((name.to_owned(), bytes));
    let good: Json = serde_json::from_slice(body).unwrap();
    let last = good["nodes"].as_array().unwrap().len() - 1;
    let forged: [(&str, &str, Json); 12] = [
        ("a name that is a number", "/name", json!(1)),
        ("no nodes", "/nodes", json!([])),
        ("nodes that are no list", "/nodes", json!({})),
        (
            "an operation there is not",
            "/nodes/0/op",
            json!({"Guess": 1}),
        ),
        (
            "a node that reads itself",
            &format!("/nodes/{last}/op"),
            json!({"Not": last}),
        ),
        (
            "a node that reads a later one",
            "/nodes/0/op",
            json!({"Not": last}),
        ),
        (
            "a node that reads nothing there is",
            &format!("/nodes/{last}/op"),
            json!({"Not": 4_000_000_000_u32}),
        ),
        (
            "a negative index",
            &format!("/nodes/{last}/op"),
            json!({"Not": -1}),
        ),
        (
            "a fact there is not",
            &format!("/nodes/{last}/op"),
            json!({"Fact": 77}),
        ),
        (
            "a binder nothing binds",
            &format!("/nodes/{last}/op"),
            json!({"Item": 99}),
        ),
        (
            "a definition of no node",
            "/definitions/0/node",
            json!(9_999),
        ),
        (
            "an enumeration there is not",
            "/facts/1/ty",
            json!({"Enum": 50}),
        ),
    ];
    for (name, at, to) in forged {
        let mut json = good.clone();
        *json
            .pointer_mut(at)
            .unwrap_or_else(|| panic!("no {at} in {good}")) = to;
        case(
            &format!("forged: {name}"),
            with_header(json.to_string().as_bytes()),
        );
    }
    cases
}

#[test]
fn what_cannot_be_used_is_refused_in_words() {
    let program = Files::one(PROGRAM).program("t.pol");
    let whole = ir::encode(program.whole());
    let start = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let body = &whole[start..];
    assert_eq!(with_header(body), whole);
    let mut cases = cut_short(&whole, start);
    cases.extend(flipped(&whole, start));
    cases.extend(headers(&whole, start));
    cases.extend(no_bodies());
    cases.extend(forged(&whole, start));

    let mut golden_text = String::new();
    for (name, bytes) in &cases {
        // Lengths and places change with all that the compiler writes, and say nothing here.
        let whole_length = body.len().to_string();
        let mut said = said(bytes)
            .replace(&whole_length, "ALL")
            .replace(&(body.len() / 2).to_string(), "HALF")
            .replace(&(body.len() - 1).to_string(), "ALL BUT ONE")
            .replace(&checksum(body), "SUM");
        if name.starts_with("forged") {
            said = without_numbers(&said);
        }
        assert_eq!(said == "accepted", name == "whole", "{name}: {said}");
        writeln!(golden_text, "{name}: {said}").unwrap();
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/built");
    golden(&folder, "refused", &golden_text);
}
