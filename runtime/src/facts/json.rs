//! A JSON reader that keeps every number as its text and notes every repeated key.
//!
//! serde_json would turn numbers into binary fractions and let the last of two equal keys win; facts
//! must do neither.

/// A JSON value with numbers as written.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Json {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// What is wrong with the text, and at which byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) at: usize,
    pub(super) why: String,
    pub(super) help: &'static str,
}

/// A text that is JSON.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Document {
    pub(super) value: Json,
    /// Where a key stands again, in the words of a fact fault: `deals[2].mrr`.
    pub(super) repeated: Vec<String>,
}

/// Nesting beyond this is refused before it can exhaust the stack.
const DEPTH: usize = 64;

pub(super) fn read(text: &str) -> Result<Document, Fault> {
    let mut reader = Reader {
        bytes: text.as_bytes(),
        text,
        at: 0,
        repeated: Vec::new(),
    };
    reader.space();
    let value = reader.value(0)?;
    reader.space();
    match reader.peek() {
        None => Ok(Document {
            value,
            repeated: reader.repeated,
        }),
        Some(_) => Err(reader.wanted("nothing more")),
    }
}

/// A text as it may be printed: short, and without anything that steers a terminal.
pub(super) fn plain(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut out = String::new();
    for (at, letter) in text.chars().enumerate() {
        if at == LONGEST {
            out.push('…');
            break;
        }
        if letter.is_control() {
            out.extend(letter.escape_default());
        } else {
            out.push(letter);
        }
    }
    out
}

struct Reader<'t> {
    bytes: &'t [u8],
    text: &'t str,
    at: usize,
    repeated: Vec<String>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn fault(&self, why: &str) -> Fault {
        Fault {
            at: self.at,
            why: why.to_owned(),
            help: "correct the text there",
        }
    }

    /// Something else stands here than what is wanted.
    fn wanted(&self, what: &str) -> Fault {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let length = match rest.find(|letter: char| !letter.is_alphanumeric()) {
            Some(0) => rest.chars().next().map_or(0, char::len_utf8),
            Some(length) => length,
            None => rest.len(),
        };
        let found = match rest.get(..length) {
            None | Some("") => "the text ends".to_owned(),
            Some(word) => format!("`{}` stands", plain(word)),
        };
        self.fault(&format!("{what} is wanted, but {found} here"))
    }

    /// What was repeated in a value that has been read since is repeated below this step.
    fn below(&mut self, known: usize, step: &dyn Fn() -> String) {
        for path in self.repeated.iter_mut().skip(known) {
            let dot = if path.starts_with('[') { "" } else { "." };
            *path = format!("{}{dot}{path}", step());
        }
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn expect(&mut self, byte: u8, fault: impl Fn(&Self) -> Fault) -> Result<(), Fault> {
        if self.peek() == Some(byte) {
            self.at += 1;
            return Ok(());
        }
        Err(fault(self))
    }

    fn word(&mut self, word: &str, value: Json) -> Result<Json, Fault> {
        if self
            .bytes
            .get(self.at..)
            .is_some_and(|rest| rest.starts_with(word.as_bytes()))
        {
            self.at += word.len();
            return Ok(value);
        }
        Err(self.wanted("a value"))
    }

    fn value(&mut self, depth: usize) -> Result<Json, Fault> {
        if depth > DEPTH {
            return Err(self.fault(&format!("more than {DEPTH} values stand inside each other")));
        }
        match self.peek() {
            Some(b'n') => self.word("null", Json::Null),
            Some(b't') => self.word("true", Json::Bool(true)),
            Some(b'f') => self.word("false", Json::Bool(false)),
            Some(b'"') => Ok(Json::Text(self.string()?)),
            Some(b'[') => self.list(depth),
            Some(b'{') => self.object(depth),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => Err(self.wanted("a value")),
        }
    }

    fn list(&mut self, depth: usize) -> Result<Json, Fault> {
        self.at += 1;
        let mut items = Vec::new();
        self.space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Json::List(items));
        }
        loop {
            self.space();
            let known = self.repeated.len();
            let at = items.len();
            items.push(self.value(depth + 1)?);
            self.below(known, &|| format!("[{at}]"));
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(Json::List(items));
                }
                _ => return Err(self.wanted("`,` or `]`")),
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Json, Fault> {
        self.at += 1;
        let mut entries: Vec<(String, Json)> = Vec::new();
        let mut keys = std::collections::BTreeSet::new();
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Json::Object(entries));
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                let mut fault = self.wanted("a key in quotes");
                if matches!(self.peek(), Some(b'0'..=b'9')) {
                    fault.help = "write a number without separators: 1234.50";
                }
                return Err(fault);
            }
            let key = self.string()?;
            self.space();
            self.expect(b':', |reader| reader.wanted("`:`"))?;
            self.space();
            let known = self.repeated.len();
            let value = self.value(depth + 1)?;
            self.below(known, &|| plain(&key));
            if keys.insert(key.clone()) {
                entries.push((key, value));
            } else {
                self.repeated.push(plain(&key));
            }
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(Json::Object(entries));
                }
                _ => return Err(self.wanted("`,` or `}`")),
            }
        }
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        self.at - start
    }

    fn number(&mut self) -> Result<Json, Fault> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let zero = self.peek() == Some(b'0');
        match self.digits() {
            0 => return Err(self.wanted("a digit")),
            count if zero && count > 1 => return Err(self.fault("a number does not begin with 0")),
            _ => {}
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            if self.digits() == 0 {
                return Err(self.wanted("a digit"));
            }
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            if self.digits() == 0 {
                return Err(self.wanted("a digit"));
            }
        }
        Ok(Json::Number(
            self.text
                .get(start..self.at)
                .unwrap_or_default()
                .replace('+', ""),
        ))
    }

    fn string(&mut self) -> Result<String, Fault> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let start = self.at;
            while !matches!(self.peek(), None | Some(b'"' | b'\\' | 0..=0x1f)) {
                self.at += 1;
            }
            out.push_str(self.text.get(start..self.at).unwrap_or_default());
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => {
                    self.at += 1;
                    out.push(self.escape()?);
                }
                None | Some(b'\n' | b'\r') => return Err(self.fault("a text is not closed")),
                Some(_) => return Err(self.fault("a control character stands in a text")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let escaped = self.peek();
        self.at += 1;
        Ok(match escaped {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return Err(self.fault("there is no such escape")),
        })
    }

    fn hex(&mut self) -> Result<u32, Fault> {
        let digits = self.text.get(self.at..self.at + 4).unwrap_or_default();
        let plain = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        match u32::from_str_radix(digits, 16) {
            Ok(value) if plain => {
                self.at += 4;
                Ok(value)
            }
            _ => Err(self.fault("`\\u` takes four hexadecimal digits")),
        }
    }

    fn unicode(&mut self) -> Result<char, Fault> {
        let first = self.hex()?;
        let code = if (0xd800..0xdc00).contains(&first) {
            let alone = |reader: &Self| reader.fault("half a character stands alone");
            self.expect(b'\\', alone)?;
            self.expect(b'u', alone)?;
            let second = self.hex()?;
            if !(0xdc00..0xe000).contains(&second) {
                return Err(self.fault("half a character stands alone"));
            }
            0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)
        } else {
            first
        };
        char::from_u32(code).ok_or_else(|| self.fault("this is no character"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_numbers_as_written() {
        assert_eq!(
            read("[1.10, -0, 1e+5]").map(|document| document.value),
            Ok(Json::List(vec![
                Json::Number("1.10".into()),
                Json::Number("-0".into()),
                Json::Number("1e5".into()),
            ]))
        );
    }

    #[test]
    fn notes_where_a_key_is_repeated() {
        let text = r#"{"a": [{"b": 1}, {"b": 1, "b": 2}], "a": {"c": 1, "c": 1}, "d": [[{"e": 1, "e": 1}]]}"#;
        let repeated = read(text).map(|document| document.repeated);
        let paths = ["a[1].b", "a.c", "a", "d[0][0].e"];
        assert_eq!(repeated, Ok(paths.map(str::to_owned).to_vec()));
    }

    #[test]
    fn refuses_what_json_refuses() {
        for bad in [
            "",
            "{",
            "[1,]",
            "01",
            "1.",
            "\"a",
            "nul",
            "[1] 2",
            "\"\\ud800\"",
            "\"\u{1}\"",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
        assert!(read(&"[".repeat(100_000)).is_err());
    }
}
