//! How deep a line is nested, counted from its words before it is read.

/// Brackets inside brackets that are still read.
const MAX_NESTING: usize = 64;
/// Operators that may follow each other in one stretch between separators.
const MAX_CHAIN: usize = 400;

/// How deep the tree of a line may be so far; an upper bound, counted from the words.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Depth {
    /// `if` and `for each`, which reach to the end of their brackets.
    far: usize,
    /// Words that hold an operand, such as `count of`; they end before `and` and `or`.
    near: usize,
    /// Operators.
    pub(super) chain: usize,
}

impl Depth {
    /// Takes in a word; `base` is the depth at the bracket around it.
    pub(super) fn word(&mut self, word: &[u8], base: Depth) {
        match word {
            b"and" | b"or" => {
                self.near = base.near;
                self.chain += 1;
            }
            b"if" | b"each" => self.far += 1,
            b"of" | b"where" | b"any" | b"all" | b"no" | b"not" | b"within" | b"ever" | b"next"
            | b"previous" | b"distinct" | b"flatten" | b"by" | b"from" => self.near += 1,
            b"else" | b"rounded" | b"as" => self.chain += 1,
            _ => {}
        }
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
