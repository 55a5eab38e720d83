//! Exact numbers: checked fractions. Nothing wraps and nothing rounds unless it is asked to.

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::Ratio;
use num_traits::{CheckedAdd, CheckedDiv, CheckedMul, CheckedSub, ToPrimitive};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::cmp::Ordering;
use std::fmt;

/// Rounding mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Rounding {
    /// Halves away from zero.
    HalfUp,
    /// Halves to the even neighbour.
    HalfEven,
    /// Toward positive infinity.
    Up,
    /// Toward negative infinity.
    Down,
}

impl Rounding {
    /// Whether what lies between two multiples goes to the upper one: how it lies to the half, whether it is above zero,
    /// whether the lower one is odd.
    fn goes_up(self, against_half: Ordering, positive: bool, odd: bool) -> bool {
        let half = match self {
            Rounding::Up => return true,
            Rounding::Down => return false,
            Rounding::HalfUp => positive,
            Rounding::HalfEven => odd,
        };
        match against_half {
            Ordering::Less => false,
            Ordering::Greater => true,
            Ordering::Equal => half,
        }
    }
}

/// An exact number: a reduced fraction of two `i128`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number(Ratio<i128>);

impl Default for Number {
    fn default() -> Self {
        Number::ZERO
    }
}

impl Number {
    /// 0.
    pub const ZERO: Number = Number(Ratio::new_raw(0, 1));
    /// 1.
    pub const ONE: Number = Number(Ratio::new_raw(1, 1));

    /// A whole number.
    #[must_use]
    pub const fn from_i64(value: i64) -> Self {
        Number(Ratio::new_raw(value as i128, 1))
    }

    /// A whole number.
    #[must_use]
    pub const fn from_i128(value: i128) -> Self {
        Number(Ratio::new_raw(value, 1))
    }

    /// A fraction; none when the denominator is 0 or the fraction cannot be reduced within range.
    #[must_use]
    pub fn from_parts(numerator: i128, denominator: i128) -> Option<Self> {
        // The smallest i128 has no positive counterpart, which reducing would need.
        if denominator == 0 || numerator == i128::MIN || denominator == i128::MIN {
            return None;
        }
        Some(Number(Ratio::new(numerator, denominator)))
    }

    /// The numerator of the reduced fraction.
    #[must_use]
    pub fn numerator(self) -> i128 {
        *self.0.numer()
    }

    /// The denominator of the reduced fraction, above zero.
    #[must_use]
    pub fn denominator(self) -> i128 {
        *self.0.denom()
    }

    /// Whether it is whole.
    #[must_use]
    pub fn is_integer(self) -> bool {
        self.denominator() == 1
    }

    /// The value, if it is whole and fits.
    #[must_use]
    pub fn to_i64(self) -> Option<i64> {
        if self.is_integer() {
            i64::try_from(self.numerator()).ok()
        } else {
            None
        }
    }

    fn both_whole(self, other: Self) -> bool {
        self.is_integer() && other.is_integer()
    }

    /// The sum, unless it does not fit.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        if self.both_whole(other) {
            return self
                .numerator()
                .checked_add(other.numerator())
                .and_then(Self::whole);
        }
        self.0.checked_add(&other.0).map(Number)
    }

    /// The difference, unless it does not fit.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        if self.both_whole(other) {
            return self
                .numerator()
                .checked_sub(other.numerator())
                .and_then(Self::whole);
        }
        self.0.checked_sub(&other.0).map(Number)
    }

    /// The product, unless it does not fit.
    #[must_use]
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        if self.both_whole(other) {
            return self
                .numerator()
                .checked_mul(other.numerator())
                .and_then(Self::whole);
        }
        self.0.checked_mul(&other.0).map(Number)
    }

    /// The quotient, unless it does not fit or the divisor is 0.
    #[must_use]
    pub fn checked_div(self, other: Self) -> Option<Self> {
        if other == Number::ZERO {
            return None;
        }
        self.0.checked_div(&other.0).map(Number)
    }

    /// The negative.
    #[must_use]
    pub fn negated(self) -> Option<Self> {
        Number::ZERO.checked_sub(self)
    }

    fn whole(value: i128) -> Option<Self> {
        // Keeps i128::MIN out: its absolute value does not fit.
        (value != i128::MIN).then_some(Number::from_i128(value))
    }

    /// The multiple of a positive step that the mode chooses.
    #[must_use]
    pub fn round_to(self, step: Number, mode: Rounding) -> Option<Self> {
        if step <= Number::ZERO {
            return None;
        }
        let steps = self.checked_div(step)?;
        let (floor, rest) = steps.numerator().div_mod_floor(&steps.denominator());
        if rest == 0 {
            return Some(self);
        }
        // Compares rest with denominator − rest instead of doubling, which could overflow.
        let against_half = rest.cmp(&(steps.denominator() - rest));
        let up = mode.goes_up(against_half, steps > Number::ZERO, floor.is_odd());
        let whole = if up { floor.checked_add(1)? } else { floor };
        Number::whole(whole)?.checked_mul(step)
    }

    /// What is left of it after as many whole divisors as fit: from 0 to the divisor, with its sign. None when it does
    /// not fit or the divisor is 0.
    #[must_use]
    pub fn checked_modulo(self, divisor: Number) -> Option<Self> {
        if divisor == Number::ZERO {
            return None;
        }
        if self.both_whole(divisor) {
            return Self::whole(self.numerator().mod_floor(&divisor.numerator()));
        }
        let times = self.checked_div(divisor)?;
        let whole = Number::whole(Integer::div_floor(&times.numerator(), &times.denominator()))?;
        self.checked_sub(whole.checked_mul(divisor)?)
    }

    /// The power, unless it does not fit; with a rounding, the exact power rounded once, unless that does not fit.
    #[must_use]
    pub fn checked_power(self, exponent: u32, rounded: Option<(Rounding, Number)>) -> Option<Self> {
        let Some((mode, step)) = rounded else {
            let numerator = self.numerator().checked_pow(exponent)?;
            return Number::from_parts(numerator, self.denominator().checked_pow(exponent)?);
        };
        if step <= Number::ZERO {
            return None;
        }
        let power = |number: i128| BigInt::from(number).pow(exponent);
        let above = power(self.numerator()) * step.denominator();
        let below = power(self.denominator()) * step.numerator();
        let (floor, rest) = above.div_mod_floor(&below);
        let exact = rest == BigInt::ZERO;
        let against_half = (rest * 2_u32).cmp(&below);
        let up = !exact && mode.goes_up(against_half, above > BigInt::ZERO, floor.is_odd());
        let whole = (floor + u32::from(up)).to_i128()?;
        Number::whole(whole)?.checked_mul(step)
    }

    /// Reads `-12.50`, `1e3` or `43/9` exactly; none for anything else or what does not fit.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Some((numerator, denominator)) = text.split_once('/') {
            let numerator = Number::decimal(numerator)?;
            let denominator = Number::decimal(denominator)?;
            let whole =
                numerator.is_integer() && denominator > Number::ZERO && denominator.is_integer();
            return if whole {
                numerator.checked_div(denominator)
            } else {
                None
            };
        }
        match text.find(['e', 'E']) {
            Some(at) => {
                let (digits, exponent) = text.split_at(at);
                let exponent: i32 = exponent.get(1..)?.parse().ok()?;
                let power = 10_i128.checked_pow(exponent.unsigned_abs())?;
                let power = Number::whole(power)?;
                let value = Number::decimal(digits)?;
                if exponent < 0 {
                    value.checked_div(power)
                } else {
                    value.checked_mul(power)
                }
            }
            None => Number::decimal(text),
        }
    }

    /// Digits with at most one point between digits.
    fn decimal(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, places) = digits
            .split_once('.')
            .map_or((digits, None), |(a, b)| (a, Some(b)));
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !plain(whole) || places.is_some_and(|places| !plain(places)) {
            return None;
        }
        let decimal = Decimal::from_str_exact(text).ok()?;
        let power = 10_i128.checked_pow(decimal.scale())?;
        Number::from_parts(decimal.mantissa(), power)
    }

    /// The shortest exact decimal with at least this many places; `43/9` when there is none.
    #[must_use]
    pub fn render(self, places: usize) -> String {
        let mut denominator = self.denominator();
        let (mut twos, mut fives) = (0_usize, 0_usize);
        while denominator % 2 == 0 {
            denominator /= 2;
            twos += 1;
        }
        while denominator % 5 == 0 {
            denominator /= 5;
            fives += 1;
        }
        let exact = twos.max(fives);
        let width = exact.max(places);
        let scaled = u32::try_from(width)
            .ok()
            .and_then(|width| 10_i128.checked_pow(width))
            .and_then(|power| {
                self.numerator()
                    .checked_mul(power / self.denominator().max(1))
            });
        match scaled {
            Some(scaled) if denominator == 1 => {
                let sign = if scaled < 0 { "-" } else { "" };
                let digits = format!("{:0>fill$}", scaled.unsigned_abs(), fill = width + 1);
                let (whole, places) = digits.split_at(digits.len() - width);
                let point = if width == 0 { "" } else { "." };
                format!("{sign}{whole}{point}{places}")
            }
            _ => format!("{}/{}", self.numerator(), self.denominator()),
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.render(0))
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_integer() {
            return serializer.collect_str(&self.numerator());
        }
        serializer.collect_str(&format_args!("{}/{}", self.numerator(), self.denominator()))
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let (numerator, denominator) = text.split_once('/').unwrap_or((&text, "1"));
        let parts = numerator.parse().ok().zip(denominator.parse().ok());
        parts
            .filter(|(_, denominator)| *denominator > 0)
            .and_then(|(numerator, denominator)| Number::from_parts(numerator, denominator))
            .ok_or_else(|| de::Error::custom("not a number"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn n(text: &str) -> Number {
        Number::parse(text).unwrap()
    }

    #[test]
    fn remainders_have_the_sign_of_the_divisor() {
        let of = |a: &str, b: &str| n(a).checked_modulo(n(b));
        for (a, b, left) in [
            ("7", "3", "1"),
            ("-7", "3", "2"),
            ("7", "-3", "-2"),
            ("-7", "-3", "-1"),
            ("5.5", "2", "1.5"),
            ("-0.5", "1", "0.5"),
            ("6", "3", "0"),
        ] {
            assert_eq!(of(a, b), Some(n(left)), "{a} mod {b}");
        }
        assert_eq!(of("1", "0"), None);
    }

    #[test]
    fn powers_are_exact_or_rounded_once() {
        let rounded = |base: &str, exponent, mode, step: &str| {
            n(base).checked_power(exponent, Some((mode, n(step))))
        };
        assert_eq!(n("1.5").checked_power(3, None), Some(n("3.375")));
        assert_eq!(n("0").checked_power(0, None), Some(n("1")));
        assert_eq!(n("-2").checked_power(3, None), Some(n("-8")));
        assert_eq!(n("10").checked_power(39, None), None);
        // Worked out with as many digits as it has.
        assert_eq!(
            rounded("1.03", 100, Rounding::HalfUp, "0.0000000001"),
            Some(n("19.2186319809"))
        );
        assert_eq!(
            rounded("1.0001", 1000, Rounding::Down, "0.000001"),
            Some(n("1.105165"))
        );
        assert_eq!(
            rounded("-1.5", 3, Rounding::HalfUp, "0.25"),
            Some(n("-3.5"))
        );
        assert_eq!(rounded("1.5", 1, Rounding::HalfEven, "1"), Some(n("2")));
        assert_eq!(rounded("2.5", 1, Rounding::HalfEven, "1"), Some(n("2")));
        assert_eq!(rounded("7", 1000, Rounding::Up, "1"), None);
    }

    #[test]
    fn reads_exactly_and_prints_shortest() {
        for (text, shown) in [
            ("399999.99", "399999.99"),
            ("4.0", "4"),
            ("-0.05", "-0.05"),
            ("43/9", "43/9"),
            ("1e3", "1000"),
            ("2.5e-1", "0.25"),
        ] {
            assert_eq!(n(text).render(0), shown);
        }
        assert_eq!(n("400000").render(2), "400000.00");
        for bad in [
            "",
            "1_000",
            "+1",
            ".5",
            "5.",
            "1/0",
            "1.5/2",
            "0x1",
            "1e",
            "99999999999999999999999999999999",
        ] {
            assert_eq!(Number::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn rounds_as_asked() {
        let cases = [
            ("2.345", Rounding::HalfUp, "2.35"),
            ("2.345", Rounding::HalfEven, "2.34"),
            ("-2.345", Rounding::HalfUp, "-2.35"),
            ("2.341", Rounding::Up, "2.35"),
            ("2.349", Rounding::Down, "2.34"),
            ("-2.341", Rounding::Up, "-2.34"),
        ];
        for (value, mode, expected) in cases {
            assert_eq!(
                n(value).round_to(n("0.01"), mode),
                Some(n(expected)),
                "{value} {mode:?}"
            );
        }
    }

    #[test]
    fn never_wraps() {
        let big = Number::from_i128(i128::MAX);
        assert_eq!(big.checked_add(Number::ONE), None);
        assert_eq!(big.checked_mul(big), None);
        assert!(big > Number::from_parts(i128::MAX - 1, i128::MAX).unwrap());
    }
}
