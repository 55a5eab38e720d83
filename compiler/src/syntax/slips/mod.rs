//! Slips that come from other languages, spreadsheets and word processors: what was meant, and the edit where that
//! is certain. Looked for in a line that does not read, so that nothing legal is taken for one.

mod calls;
mod cases;
mod comparisons;
mod dates;
mod money;
mod pairs;
mod ranges;
mod signs;
mod words;

use std::ops::Range;

pub(super) use dates::with_slashes;
pub(super) use pairs::pair;

/// What is wrong with a line and what was meant; places are bytes of the line.
#[derive(Debug)]
pub(super) struct Slip {
    pub(super) at: Range<usize>,
    pub(super) message: String,
    pub(super) help: String,
    /// The edit that is certain to be meant.
    pub(super) edit: Option<(Range<usize>, String)>,
    /// The lines around it are written in the same way: one finding is enough for all of them.
    pub(super) goes_on: bool,
}

impl Slip {
    fn new(at: Range<usize>, message: String, help: impl Into<String>) -> Slip {
        Slip {
            at,
            message,
            help: help.into(),
            edit: None,
            goes_on: false,
        }
    }

    fn edit(mut self, at: Range<usize>, text: impl Into<String>) -> Slip {
        self.edit = Some((at, text.into()));
        self
    }
}

/// A line that does not read, and what is known of the place where reading ended.
pub(super) struct Stuck<'t> {
    /// The line.
    pub(super) words: &'t str,
    /// Where reading ended.
    pub(super) at: usize,
    /// What stands there.
    pub(super) found: &'t str,
    /// What may stand there: "`when` or a value".
    pub(super) expected: &'t str,
    /// A value or a name may stand there.
    pub(super) value: bool,
    /// The line declares something with a range.
    pub(super) ranged: bool,
    /// The line is a case.
    pub(super) case: bool,
    /// The line may begin with a name and a colon.
    pub(super) named: bool,
    /// A legal form of the line.
    pub(super) form: &'t str,
    /// The whole file.
    pub(super) file: &'t str,
}

impl Stuck<'_> {
    /// "`x` is not expected here: expected …"
    fn unexpected(&self, written: &str) -> String {
        match self.expected {
            "" => format!("`{written}` is not expected here"),
            expected => format!("`{written}` is not expected here: expected {expected}"),
        }
    }
}

/// The first slip of a line.
pub(super) fn find(stuck: &Stuck<'_>) -> Option<Slip> {
    let whole = [pairs::in_a_body, pairs::dashes, cases::case];
    if let Some(slip) = whole.iter().find_map(|look| look(stuck)) {
        return Some(slip);
    }
    let masked = masked(stuck.words);
    let anywhere = [
        calls::call,
        signs::choice,
        dates::with_points,
        money::sign,
        words::rounding,
        signs::quote,
        signs::comment,
        signs::operator,
    ];
    let first = masked.char_indices().find_map(|(at, _)| {
        let rest = masked.get(at..)?;
        anywhere.iter().find_map(|look| look(stuck, at, rest))
    });
    let at_the_end = [
        ranges::range,
        ranges::optional,
        ranges::given,
        money::code_behind,
        money::apart,
        comparisons::decimal_comma,
        comparisons::between,
        comparisons::in_words,
        comparisons::of_days,
        words::capitals,
        words::key_word,
    ];
    let here = || at_the_end.iter().find_map(|look| look(stuck));
    match first {
        Some(slip) if slip.at.start <= stuck.at => Some(slip),
        other => here().or(other),
    }
}

/// The line with the inside of texts and quoted names blanked; as long as the line.
fn masked(words: &str) -> String {
    let mut inside = None;
    let mut masked = String::with_capacity(words.len());
    for letter in words.chars() {
        match inside {
            Some(quote) if letter == quote => inside = None,
            None if matches!(letter, '"' | '`') => inside = Some(letter),
            Some(_) => {
                masked.extend(std::iter::repeat_n('"', letter.len_utf8()));
                continue;
            }
            None => {}
        }
        masked.push(letter);
    }
    masked
}

/// What belongs to the operand at the beginning of a text: up to a bracket, a bar, a comma, or a word that goes on
/// with the line.
fn operand(rest: &str) -> &str {
    let signs = rest.find(['|', ')', ']', '}', ',']).unwrap_or(rest.len());
    let words = [
        " when ",
        " otherwise",
        " cite ",
        " from ",
        " through ",
        " under ",
    ];
    let word = words.iter().filter_map(|word| rest.find(word)).min();
    let end = word.map_or(signs, |word| word.min(signs));
    rest.get(..end).unwrap_or(rest).trim_end()
}

/// Whether a word may begin here: nothing of a word stands before it.
fn begins(text: &str, at: usize) -> bool {
    let before = text.get(..at).and_then(|before| before.chars().next_back());
    before.is_none_or(|letter| !letter.is_alphanumeric() && !matches!(letter, '_' | '.'))
}

/// The word at the beginning of a text.
fn word(text: &str) -> &str {
    let end = text.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
    text.get(..end.unwrap_or(text.len())).unwrap_or("")
}
