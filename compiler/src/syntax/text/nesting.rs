//! How deep a line is nested, counted from its words before it is read.

/// Brackets inside brackets that are still read.
const MAX_NESTING: usize = 160;
/// Operators that may follow each other in one stretch between separators.
const MAX_CHAIN: usize = 400;

/// How deep the tree of a line may be so far; an upper bound, counted from the words.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Depth {
    /// `if` and `for each`, which reach to the end of their brackets.
    far: usize,
    /// Words that hold an operand, such as `count of`; they end before `and`, `or` and `give`.
    near: usize,
    /// The last thing read was such a word: a bracket around its operand is no level of its own.
    holds: bool,
    /// Operators.
    pub(super) chain: usize,
}

impl Depth {
    /// Takes in a word; `base` is the depth at the bracket around it.
    pub(super) fn word(&mut self, word: &[u8], base: Depth) {
        self.holds = false;
        match word {
            b"give" => self.near = base.near,
            b"and" | b"or" => {
                self.near = base.near;
                self.chain += 1;
            }
            b"if" | b"each" => self.far += 1,
            b"of" | b"where" | b"not" | b"within" | b"ever" | b"next" | b"previous"
            | b"distinct" | b"flatten" | b"by" | b"from" => {
                self.near += 1;
                self.holds = true;
            }
            b"else" | b"rounded" | b"as" => self.chain += 1,
            _ => {}
        }
    }

    /// Takes in an opening bracket.
    pub(super) fn bracket(&mut self) {
        self.near -= usize::from(std::mem::take(&mut self.holds));
    }

    /// What of it is more than is read, in words.
    pub(super) fn too_much(self, brackets: usize) -> Option<String> {
        if self.chain > MAX_CHAIN {
            return Some(format!("this line holds more than {MAX_CHAIN} operators"));
        }
        (brackets + self.far + self.near > MAX_NESTING)
            .then(|| format!("this is nested more than {MAX_NESTING} deep"))
    }
}
