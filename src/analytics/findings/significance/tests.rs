use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};

use super::*;

/// Two-sided 5 % and 0.1 % points from published tables of Student's t.
#[test]
fn the_tails_are_those_of_the_tables() {
    for (freedom, t, expected) in [
        (1, 12.706, 0.05),
        (2, 4.303, 0.05),
        (3, 3.182, 0.05),
        (4, 2.776, 0.05),
        (7, 2.365, 0.05),
        (10, 2.228, 0.05),
        (3, 12.924, 0.001),
        (7, 5.408, 0.001),
        (10, 4.587, 0.001),
        (1_000, 3.300, 0.001),
    ] {
        let found = two_sided(t, freedom);
        assert!((found - expected).abs() < expected * 0.01, "{freedom} {t}: {found}");
    }
    assert!((two_sided(0.0, 5) - 1.0).abs() < 1e-12);
}

/// Values of published tables: ψ(1) = −γ, ψ'(1) = π²/6, ψ'(½) = π²/2, χ² of 10 at 95 %.
#[test]
fn the_functions_are_those_of_the_tables() {
    let pi_squared = std::f64::consts::PI.powi(2);
    assert!((digamma(1.0) + 0.577_215_664_9).abs() < 1e-8);
    assert!((digamma(10.0) - 2.251_752_589_1).abs() < 1e-8);
    assert!((trigamma(1.0) - pi_squared / 6.0).abs() < 1e-7);
    assert!((trigamma(0.5) - pi_squared / 2.0).abs() < 1e-7);
    for value in [0.01, 0.3, 2.0, 40.0] {
        assert!(
            (trigamma(inverse_trigamma(value)) / value - 1.0).abs() < 1e-6,
            "{value}"
        );
    }
    assert!((low_chi_square(10.0) - 3.940).abs() < 0.02);
}

#[test]
fn a_year_beside_itself_is_told_and_an_ordinary_one_is_not() {
    let year = |mean: f64| Year { mean, variance: 0.0004 };
    let usual: Vec<Year> = [0.10, 0.12, 0.11, 0.09, 0.13, 0.10, 0.11, 0.12, 0.10, 0.12]
        .map(year)
        .into();
    let spread = Spread::of(std::slice::from_ref(&usual));
    assert!(spread.improbability(year(0.6), &usual).unwrap() < 1e-6);
    assert!(spread.improbability(year(0.12), &usual).is_none_or(|p| p > 0.3));
    // Another outlier among the others does not hide it.
    let mut with_another = usual.clone();
    with_another.push(year(0.7));
    let spread = Spread::of(std::slice::from_ref(&with_another));
    assert!(spread.improbability(year(0.6), &with_another).unwrap() < 1e-5);
    assert!(spread.improbability(year(0.6), &usual[..4]).is_none());
    // All alike: what chance makes of them is the scale.
    let alike = [year(0.1); 8];
    let spread = Spread::of(&[alike.to_vec()]);
    assert!(spread.improbability(year(0.11), &alike).is_none_or(|p| p > 0.3));
}

/// A level that changed for good is history, and so are several years that went the same way.
#[test]
fn years_that_are_not_alone_are_no_exceptions() {
    let year = |mean: f64| Year {
        mean,
        variance: 0.000_1,
    };
    let others: Vec<Year> = [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.6, 0.6].map(year).into();
    let spread = Spread::of(std::slice::from_ref(&others));
    assert_eq!(spread.improbability(year(0.6), &others), None);
    assert!(spread.improbability(year(0.6), &others[..8]).is_some());
}

/// An archive that is invented for a test: what agencies are like.
#[derive(Clone, Copy)]
struct Like {
    agencies: usize,
    years: usize,
    /// Cases of a year.
    cases: (u32, u32),
    /// Usual share that is refused.
    rate: f64,
    /// How much years of an agency differ in truth, as `asin √p`; and how much agencies differ in that (of the logarithm).
    between: f64,
    unlike: f64,
    /// By how much the first agency rises over all its years.
    trend: f64,
}

const PLAIN: Like = Like {
    agencies: 20,
    years: 16,
    cases: (30, 90),
    rate: 0.06,
    between: 0.0,
    unlike: 0.0,
    trend: 0.0,
};

struct Invented {
    agencies: Vec<Vec<Year>>,
    unusual: Vec<(usize, usize)>,
}

/// Sums of twelve uniform values are nearly normal.
fn normal(rng: &mut SmallRng) -> f64 {
    (0..12).map(|_| rng.random::<f64>()).sum::<f64>() - 6.0
}

#[allow(clippy::cast_precision_loss)]
fn invent(rng: &mut SmallRng, like: Like, unusual_rate: Option<f64>) -> Invented {
    let mut invented = Invented {
        agencies: Vec::new(),
        unusual: Vec::new(),
    };
    for agency in 0..like.agencies {
        let level = (like.rate * (0.3 * normal(rng)).exp()).min(0.9).sqrt().asin();
        let between = like.between * (like.unlike * normal(rng)).exp();
        let unusual = rng.random_range(0..like.years * 3);
        let years = (0..like.years).map(|year| {
            let cases = rng.random_range(like.cases.0..=like.cases.1);
            let trend = if agency == 0 { like.trend } else { 0.0 };
            let mean = level + trend * count(year) / count(like.years) + between * normal(rng);
            let mut rate = mean.clamp(0.0, 1.5).sin().powi(2);
            if let Some(unusual_rate) = unusual_rate.filter(|_| unusual == year) {
                invented.unusual.push((agency, year));
                rate = unusual_rate;
            }
            let refused = (0..cases).filter(|_| rng.random::<f64>() < rate).count() as f64;
            let cases = f64::from(cases);
            Year {
                mean: ((refused + 0.375) / (cases + 0.75)).sqrt().asin(),
                variance: 1.0 / (4.0 * cases + 2.0),
            }
        });
        invented.agencies.push(years.collect());
    }
    invented
}

/// Years that are told, as the rule tells them.
fn told(agencies: &[Vec<Year>]) -> Vec<(usize, usize)> {
    let spread = Spread::of(agencies);
    let bound = 0.01 / count(agencies.iter().map(Vec::len).sum());
    let mut told = Vec::new();
    for (agency, years) in agencies.iter().enumerate() {
        for at in 0..years.len() {
            let mut others = years.clone();
            let year = others.remove(at);
            if spread.improbability(year, &others).is_some_and(|p| p <= bound) {
                told.push((agency, at));
            }
        }
    }
    told
}

/// Of a hundred archives in which nothing is unusual one may have a false alarm; where agencies are unlike each other in how
/// much their years differ it is one year in two hundred at most.
#[test]
fn false_alarms_are_as_rare_as_they_are_said_to_be() {
    let mut rng = SmallRng::seed_from_u64(7);
    for (name, like, archives, most) in [
        ("plain", PLAIN, 60, 1),
        ("one agency", Like { agencies: 1, ..PLAIN }, 600, 6),
        (
            "one young agency",
            Like {
                agencies: 1,
                years: 6,
                ..PLAIN
            },
            600,
            6,
        ),
        (
            "three agencies",
            Like {
                agencies: 3,
                years: 8,
                between: 0.08,
                ..PLAIN
            },
            300,
            3,
        ),
        (
            "tiny counts",
            Like {
                rate: 0.004,
                cases: (20, 30),
                ..PLAIN
            },
            60,
            1,
        ),
        (
            "large counts",
            Like {
                cases: (800, 1_200),
                agencies: 10,
                ..PLAIN
            },
            10,
            1,
        ),
        ("years differ", Like { between: 0.08, ..PLAIN }, 60, 1),
        ("one rises", Like { trend: 0.5, ..PLAIN }, 60, 1),
        // 30 × 20 × 16 years: a two hundredth.
        (
            "unlike each other",
            Like {
                between: 0.08,
                unlike: 1.0,
                ..PLAIN
            },
            30,
            48,
        ),
    ] {
        let alarms: usize = (0..archives)
            .map(|_| told(&invent(&mut rng, like, None).agencies).len())
            .sum();
        assert!(alarms <= most, "{name}: {alarms} false alarms");
    }
}

/// Ten times the usual rate in one year is told, in archives of any size whose agencies have some history; of short ones a
/// little less.
#[test]
fn unusual_years_are_told() {
    let mut rng = SmallRng::seed_from_u64(8);
    for (name, like, archives, percent) in [
        ("plain", PLAIN, 20, 99),
        ("one agency", Like { agencies: 1, ..PLAIN }, 150, 99),
        ("five agencies", Like { agencies: 5, ..PLAIN }, 40, 99),
        ("a hundred agencies", Like { agencies: 100, ..PLAIN }, 4, 99),
        ("ten years", Like { years: 10, ..PLAIN }, 20, 95),
        (
            "large counts",
            Like {
                cases: (800, 1_200),
                agencies: 10,
                ..PLAIN
            },
            8,
            99,
        ),
    ] {
        let (mut all, mut found) = (0, 0);
        for _ in 0..archives {
            let invented = invent(&mut rng, like, Some(0.7));
            let told = told(&invented.agencies);
            all += invented.unusual.len();
            found += invented.unusual.iter().filter(|year| told.contains(year)).count();
        }
        assert!(all > 20 && found * 100 >= all * percent, "{name}: {found} of {all}");
    }
}
