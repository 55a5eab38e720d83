//! What a rule is asked for with.

use polc_grammar::Rule;

use super::super::ast::{Name, Parameter, Takes, TypeExpr, TypeKind};
use super::{Builder, P, parts};
use crate::diagnostics::Code;

impl<'t> Builder<'t, '_> {
    /// `of Child`, `of Child c`, `(loan: Loan, risk: Risk)`
    pub(super) fn takes(&mut self, pair: P<'t>) -> Option<Takes> {
        let mut taken = Takes::default();
        for part in parts(pair) {
            if part.as_rule() == Rule::field_type {
                let (name, ty) = self.field_type(part)?;
                taken.parameters.push(Parameter {
                    name,
                    ty,
                    named: true,
                });
                continue;
            }
            let word = self.name(&part);
            match taken.parameters.first_mut() {
                Some(record) => {
                    record.name = word;
                    record.named = true;
                }
                None => taken.parameters.push(Parameter {
                    name: Name {
                        text: in_words(&word.text),
                        span: word.span,
                    },
                    ty: TypeExpr {
                        span: word.span,
                        kind: TypeKind::Named(word),
                    },
                    named: false,
                }),
            }
            taken.of_record = true;
        }
        Some(taken)
    }

    /// Reports a definition that takes parameters and must not.
    pub(super) fn may_take(&mut self, name: &Name, takes: &Takes, decision: bool) {
        let Some(first) = takes.parameters.first() else {
            return;
        };
        let lower = name.text.to_ascii_lowercase();
        if !takes.of_record && polc_grammar::FOREIGN.contains(&lower.as_str()) {
            self.error(
                Code::ReservedName,
                name.span,
                format!("`{}(…)` is a function of other languages", name.text),
                "choose another name: what is meant by it is said in other words here",
            );
        }
        if decision {
            self.error(
                Code::SyntaxError,
                first.name.span,
                "a decision takes no parameters",
                "write `define`, and ask for it in a `decision` with the values it is about",
            );
        }
    }
}

/// The name of a type as that of one of its values: `SalesEvent` is a `sales_event`.
fn in_words(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut words = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        let after = letters.get(at + 1);
        let begins = letter.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_numeric()
                    || before.is_uppercase() && after.is_some_and(|after| after.is_lowercase())
            });
        if begins {
            words.push('_');
        }
        words.extend(letter.to_lowercase());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn a_type_is_named_like_one_of_its_values() {
        let named = ["Child", "SalesEvent", "MRRRecord", "Step2Go", "old_name"].map(in_words);
        let wanted = ["child", "sales_event", "mrr_record", "step2_go", "old_name"];
        assert_eq!(named, wanted);
    }
}
