//! Exact fractions.

use std::cmp::Ordering;
use std::fmt;

/// A reduced fraction with a positive denominator.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fraction {
    over: i128,
    under: i128,
}

/// How to round.
#[derive(Debug, Clone, Copy)]
pub enum To {
    HalfUp,
    HalfEven,
    Up,
    Down,
}

fn common(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a as i128
}

impl Fraction {
    pub const ZERO: Fraction = Fraction { over: 0, under: 1 };

    pub fn whole(n: i64) -> Fraction {
        Fraction {
            over: n.into(),
            under: 1,
        }
    }

    /// `None` where the denominator is zero or a part does not fit.
    fn new(over: i128, under: i128) -> Option<Fraction> {
        if under == 0 {
            return None;
        }
        let by = common(over, under).max(1) * under.signum();
        Some(Fraction {
            over: over / by,
            under: under / by,
        })
    }

    /// `1_000`, `-2.50` or `5/3`.
    pub fn parse(text: &str) -> Option<Fraction> {
        if let Some((over, under)) = text.split_once('/') {
            return Fraction::new(over.parse().ok()?, under.parse().ok()?);
        }
        let (whole, places) = text.split_once('.').unwrap_or((text, ""));
        let digits: i128 = format!("{whole}{places}").parse().ok()?;
        Fraction::new(digits, 10_i128.checked_pow(places.len() as u32)?)
    }

    pub fn add(self, other: Fraction) -> Option<Fraction> {
        let left = self.over.checked_mul(other.under)?;
        let right = other.over.checked_mul(self.under)?;
        Fraction::new(
            left.checked_add(right)?,
            self.under.checked_mul(other.under)?,
        )
    }

    pub fn minus(self) -> Fraction {
        Fraction {
            over: -self.over,
            under: self.under,
        }
    }

    pub fn times(self, other: Fraction) -> Option<Fraction> {
        Fraction::new(
            self.over.checked_mul(other.over)?,
            self.under.checked_mul(other.under)?,
        )
    }

    /// `None` for a divisor of zero as well.
    pub fn by(self, other: Fraction) -> Option<Fraction> {
        Fraction::new(
            self.over.checked_mul(other.under)?,
            self.under.checked_mul(other.over)?,
        )
    }

    /// What is left after as many whole divisors as fit; with the sign of the divisor.
    pub fn modulo(self, other: Fraction) -> Option<Fraction> {
        let times = self.by(other)?;
        let whole = times.rounded(To::Down, Fraction::whole(1))?;
        self.add(whole.times(other)?.minus())
    }

    /// The product of so many of it.
    pub fn power(self, times: i64) -> Option<Fraction> {
        (0..times).try_fold(Fraction::whole(1), |power, _| power.times(self))
    }

    /// The number, when it has no fraction.
    pub fn to_whole(self) -> Option<i64> {
        (self.under == 1)
            .then(|| i64::try_from(self.over).ok())
            .flatten()
    }

    pub fn compare(self, other: Fraction) -> Option<Ordering> {
        let left = self.over.checked_mul(other.under)?;
        let right = other.over.checked_mul(self.under)?;
        Some(left.cmp(&right))
    }

    /// The multiple of a step that is nearest in the sense asked for.
    pub fn rounded(self, to: To, step: Fraction) -> Option<Fraction> {
        let steps = self.by(step)?;
        let floor = steps.over.div_euclid(steps.under);
        let rest = steps.over.rem_euclid(steps.under);
        let double = rest.checked_mul(2)?;
        let up = match to {
            To::Down => false,
            To::Up => rest > 0,
            To::HalfUp if double == steps.under => steps.over > 0,
            To::HalfEven if double == steps.under => floor % 2 != 0,
            To::HalfUp | To::HalfEven => double > steps.under,
        };
        Fraction::new(floor + i128::from(up), 1)?.times(step)
    }
}

impl fmt::Debug for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.under {
            1 => write!(f, "{}", self.over),
            under => write!(f, "{}/{under}", self.over),
        }
    }
}

#[test]
fn halves_go_where_the_mode_says() {
    let of = |text: &str| Fraction::parse(text).unwrap();
    let all = [To::HalfUp, To::HalfEven, To::Up, To::Down];
    let whole =
        |text: &str| all.map(|to| of(text).rounded(to, of("1")).unwrap().to_whole().unwrap());
    assert_eq!(whole("2.5"), [3, 2, 3, 2]);
    assert_eq!(whole("-2.5"), [-3, -2, -2, -3]);
    assert_eq!(whole("3.5"), [4, 4, 4, 3]);
    assert_eq!(whole("2.4"), [2, 2, 3, 2]);
    assert_eq!(
        of("2.99")
            .by(of("3"))
            .unwrap()
            .rounded(To::Down, of("0.05")),
        Some(of("0.95"))
    );
    assert_eq!(of("6/4"), of("1.5"));
}
