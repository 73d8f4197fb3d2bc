//! Blowfish's initial tables: 1042 words that are the first 33,344 bits of the fraction of pi. Each hash begins
//! with them. Computed once a process, in a few milliseconds.

use std::sync::LazyLock;

use num_bigint::BigInt;

/// Words of the P-array.
pub(super) const P_WORDS: usize = 18;
/// The four S-boxes.
pub(super) type Boxes = [[u32; 256]; 4];

/// The P-array and the S-boxes before any key (Schneier, "Description of a new
/// variable-length key, 64-bit block cipher (Blowfish)", 1993).
pub(super) struct Tables {
    pub(super) p: [u32; P_WORDS],
    pub(super) s: Boxes,
}

/// The tables, computed at the first use.
pub(super) static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let mut words = fraction_of_pi(P_WORDS + 4 * 256).into_iter();
    let mut tables = Tables { p: [0; P_WORDS], s: [[0; 256]; 4] };
    let places = tables.p.iter_mut().chain(tables.s.as_flattened_mut());
    places.zip(&mut words).for_each(|(place, word)| *place = word);
    tables
});

/// The first `count` words of 32 bits of the fraction of pi.
///
/// Chudnovsky's series, summed by binary splitting: each term gives 47 bits.
/// 64 more bits are computed and dropped, which absorbs every rounding.
fn fraction_of_pi(count: usize) -> Vec<u32> {
    let bits = 32 * count as u64 + 64;
    let (_, q, t) = terms(1, bits / 47 + 2);
    let root = (BigInt::from(10_005) << (2 * bits)).sqrt();
    let pi: BigInt = (root * 426_880 * &q / (13_591_409 * q + t)) >> 64;
    let (_, mut words) = pi.to_u32_digits();
    words.truncate(count); // Least first, so this drops the 3 before the point.
    words.reverse();
    words
}

/// The terms `from..to` of the series, as the triple (P, Q, T) of binary
/// splitting (Haible and Papanikolaou, "Fast multiprecision evaluation of
/// series of rational numbers", 1998).
fn terms(from: u64, to: u64) -> (BigInt, BigInt, BigInt) {
    if to - from == 1 {
        let k = BigInt::from(from);
        let p: BigInt = (6u32 * &k - 5) * (2u32 * &k - 1) * (6u32 * &k - 1);
        let t: BigInt = &p * (13_591_409 + 545_140_134 * &k);
        let q = k.pow(3) * (640_320u64.pow(3) / 24);
        return (p, q, if from.is_multiple_of(2) { t } else { -t });
    }
    let middle = from.midpoint(to);
    let (p_low, q_low, t_low) = terms(from, middle);
    let (p_high, q_high, t_high) = terms(middle, to);
    let t = t_low * &q_high + &p_low * t_high;
    (p_low * p_high, q_low * q_high, t)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Machin's formula in fixed point, which shares nothing with the above:
    /// pi = 16 arctan(1/5) - 4 arctan(1/239).
    fn machin(count: usize) -> Vec<u32> {
        let one = BigInt::from(1) << (32 * count + 64);
        let arctan = |x: u32| {
            let (mut power, mut sum, mut odd) = (&one / x, BigInt::ZERO, 1u32);
            while power != BigInt::ZERO {
                let term = &power / odd;
                if odd % 4 == 1 {
                    sum += term
                } else {
                    sum -= term
                }
                power /= x * x;
                odd += 2;
            }
            sum
        };
        let pi: BigInt = (16 * arctan(5) - 4 * arctan(239)) >> 64;
        let (_, mut words) = pi.to_u32_digits();
        assert_eq!(words.pop(), Some(3));
        words.reverse();
        words
    }

    #[test]
    fn the_tables_are_the_digits_of_pi() {
        let words: Vec<u32> = TABLES.p.iter().chain(TABLES.s.as_flattened()).copied().collect();
        assert_eq!(words, machin(1042));
    }

    /// pi = 3.243F6A88 85A308D3 … in hexadecimal.
    #[test]
    fn the_first_and_the_last_word_are_those_of_blowfish() {
        assert_eq!(TABLES.p[..2], [0x243f_6a88, 0x85a3_08d3]);
        assert_eq!(TABLES.s[0][0], 0xd131_0ba6);
        assert_eq!(TABLES.s[3][255], 0x3ac3_72e6);
    }
}
