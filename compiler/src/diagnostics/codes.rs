//! The one table of codes. Numbers are never reused; each has a page in `docs/errors/`.

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The program cannot be used.
    Error,
    /// The program can be used; someone should look.
    Warning,
}

macro_rules! codes {
    ($($number:literal $variant:ident $slug:literal $severity:ident)*) => {
        /// What kind of finding a diagnostic is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "each code has a page in docs/errors")]
        pub enum Code { $($variant),* }

        impl Code {
            /// Every code, in order.
            pub const ALL: &'static [Code] = &[$(Code::$variant),*];

            /// `P0301`.
            #[must_use]
            pub fn number(self) -> &'static str {
                match self { $(Code::$variant => $number),* }
            }

            /// Which look at the program found it: the first two digits of the number.
            #[must_use]
            pub fn stage(self) -> &'static str {
                self.number().get(1..3).unwrap_or_default()
            }

            /// `unknown-name`.
            #[must_use]
            pub fn slug(self) -> &'static str {
                match self { $(Code::$variant => $slug),* }
            }

            /// Error or warning.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity),* }
            }

            /// The page `polc explain` prints.
            #[must_use]
            pub fn page(self) -> &'static str {
                match self {
                    $(Code::$variant => include_str!(concat!("../../../docs/errors/", $number, ".md"))),*
                }
            }
        }
    };
}

codes! {
    // P01: files and text
    "P0101" NotUtf8 "not-utf8" Error
    "P0102" FileTooLarge "file-too-large" Error
    "P0103" EmptyProgram "empty-program" Error
    "P0104" TabInText "tab-in-text" Error
    "P0105" CannotRead "cannot-read" Error
    "P0106" HiddenCharacter "hidden-character" Warning
    "P0107" FileLeftOut "file-left-out" Warning
    // P02: syntax
    "P0201" SyntaxError "syntax-error" Error
    "P0202" UnknownDeclaration "unknown-declaration" Error
    "P0203" UnclosedBracket "unclosed-bracket" Error
    "P0204" NestedTooDeep "nested-too-deep" Error
    "P0205" BareUntil "bare-until" Error
    "P0206" CommaInNumber "comma-in-number" Error
    "P0207" NoSuchDate "no-such-date" Error
    "P0208" UnclosedText "unclosed-text" Error
    "P0209" NumberTooLong "number-too-long" Error
    "P0210" MixedAndOr "mixed-and-or" Error
    "P0211" BadAccept "bad-accept" Error
    "P0212" StaleAccept "stale-accept" Warning
    // P03: names
    "P0301" UnknownName "unknown-name" Error
    "P0302" DuplicateName "duplicate-name" Error
    "P0303" AmbiguousName "ambiguous-name" Error
    "P0304" CyclicDefinition "cyclic-definition" Error
    "P0305" CyclicImport "cyclic-import" Error
    "P0306" UnknownClause "unknown-clause" Error
    "P0307" NoProgram "no-program" Error
    "P0308" UncitedClause "uncited-clause" Warning
    "P0309" UnusedFact "unused-fact" Warning
    "P0310" ReservedName "reserved-name" Error
    "P0311" UnusedName "unused-name" Warning
    "P0312" UncitedRule "uncited-rule" Warning
    "P0313" NameNeverThere "name-never-there" Warning
    "P0314" RuleNamedLikeField "rule-named-like-field" Error
    "P0315" WrongArguments "wrong-arguments" Error
    // P04: types
    "P0401" TypeMismatch "type-mismatch" Error
    "P0402" UnitMismatch "unit-mismatch" Error
    "P0403" NoneNotHandled "none-not-handled" Error
    "P0404" NotOrdered "not-ordered" Error
    "P0405" UnknownField "unknown-field" Error
    "P0406" CannotInfer "cannot-infer" Error
    "P0407" RecordedNonJudgement "recorded-non-judgement" Error
    "P0408" NotConstant "not-constant" Error
    "P0409" OutOfRange "out-of-range" Error
    "P0410" UnknownCurrency "unknown-currency" Error
    // P05: time
    "P0501" DatesOverlap "dates-overlap" Error
    "P0502" DatesLeaveHole "dates-leave-hole" Error
    "P0503" EmptyPeriod "empty-period" Error
    "P0504" BadSchedule "bad-schedule" Error
    "P0505" AmendmentsClash "amendments-clash" Error
    "P0506" AmendmentDates "amendment-dates" Error
    "P0507" CellNotInForce "cell-not-in-force" Error
    // P06: analysis
    "P0601" CasesLeaveGap "cases-leave-gap" Error
    "P0602" CasesNotProved "cases-not-proved" Warning
    "P0603" CaseNeverApplies "case-never-applies" Warning
    "P0604" ExceptionsClash "exceptions-clash" Error
    "P0605" ExceptionsNotProved "exceptions-not-proved" Warning
    "P0606" RowsOverlap "rows-overlap" Error
    "P0607" RowsLeaveGap "rows-leave-gap" Error
    "P0608" RowsNotProved "rows-not-proved" Warning
    "P0609" RowNeverApplies "row-never-applies" Warning
    "P0610" OtherwiseNeverApplies "otherwise-never-applies" Warning
    "P0611" ConditionDecidesNothing "condition-decides-nothing" Warning
    "P0612" WaiverLiftsNothing "waiver-lifts-nothing" Warning
    "P0613" AmendmentChangesNothing "amendment-changes-nothing" Warning
    "P0614" ExceptionNeverApplies "exception-never-applies" Warning
    "P0615" LoopsTooDeep "loops-too-deep" Error
    "P0616" OperandLeftOut "operand-left-out" Warning
    // P07: forms
    "P0701" TierMissing "tier-missing" Error
    "P0702" TierTwice "tier-twice" Error
    "P0703" WrongCellCount "wrong-cell-count" Error
    "P0704" UnknownRow "unknown-row" Error
    "P0705" BadCell "bad-cell" Error
    "P0706" UnknownTarget "unknown-target" Error
    "P0707" MissingAlternative "missing-alternative" Error
    "P0708" BadGroup "bad-group" Error
    "P0709" MissingPart "missing-part" Error
    "P0710" PrevailsCycle "prevails-cycle" Error
    "P0711" UnnamedOtherwise "unnamed-otherwise" Warning
    "P0712" OtherwiseTakesOther "otherwise-takes-other" Error
    // P08: tests
    "P0801" TestExpectsNothing "test-expects-nothing" Error
    "P0802" BadTest "bad-test" Error
    // P09: outside the program text
    "P0901" BadFacts "bad-facts" Error
    "P0902" BadIr "bad-ir" Error
    "P0903" BadUsage "bad-usage" Error
    // P10: lifecycles, duties and plans
    "P1001" UnreachableState "unreachable-state" Error
    "P1002" DeadEnd "dead-end" Error
    "P1003" LinesCompete "lines-compete" Error
    "P1004" LinesNotProved "lines-not-proved" Warning
    "P1005" DeadlineWithoutLate "deadline-without-late" Error
    "P1006" MayWithoutDecider "may-without-decider" Error
    "P1007" UnknownState "unknown-state" Error
    "P1008" DutyWithoutAddressee "duty-without-addressee" Error
    "P1009" OrderCycle "order-cycle" Error
    "P1010" UndatedStart "undated-start" Warning
}
