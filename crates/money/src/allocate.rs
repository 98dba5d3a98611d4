//! Splitting an amount so that the parts add up.

/// Splits `total` in proportion to `weights` by the largest remainder.
///
/// Every part is its exact share rounded down or up, the parts add up to `total`
/// exactly, and the units left over after rounding down go to the largest fractions,
/// the earlier index first among equals. A negative total is split like its magnitude.
///
/// A weight below zero counts as zero. When every weight is zero, the split is even.
/// Without weights there are no parts, whatever the total.
#[must_use]
pub fn allocate(total: i64, weights: &[i64]) -> Vec<i64> {
    // Weights that say nothing mean an even split.
    let mut weights: Vec<i128> = weights
        .iter()
        .map(|&weight| i128::from(weight.max(0)))
        .collect();
    if weights.iter().all(|&weight| weight == 0) {
        weights.fill(1);
    }
    let sum: i128 = weights.iter().sum();
    if sum == 0 {
        return Vec::new();
    }

    // Round every share down.
    let magnitude = i128::from(total).abs();
    let mut parts: Vec<i128> = weights
        .iter()
        .map(|weight| magnitude * weight / sum)
        .collect();

    // Hand what is left to the largest fractions; the sort is stable, so ties go by index.
    let left = magnitude - parts.iter().sum::<i128>();
    let mut by_fraction: Vec<usize> = (0..parts.len()).collect();
    by_fraction.sort_by_key(|&index| std::cmp::Reverse(magnitude * weights[index] % sum));
    let left = usize::try_from(left).expect("less than one unit per part is left");
    for &index in &by_fraction[..left] {
        parts[index] += 1;
    }

    let sign: i128 = if total < 0 { -1 } else { 1 };
    parts
        .into_iter()
        .map(|part| i64::try_from(sign * part).expect("no part is larger than the total"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::allocate;

    #[test]
    fn what_is_left_goes_to_the_largest_fraction_and_then_by_index() {
        assert_eq!(allocate(100, &[1, 1, 1]), [34, 33, 33]);
        assert_eq!(allocate(10, &[1, 2, 4]), [1, 3, 6], "1.43 2.86 5.71");
        assert_eq!(allocate(2, &[1, 1, 1]), [1, 1, 0]);
        assert_eq!(allocate(1, &[1, 3]), [0, 1]);
    }

    #[test]
    fn a_weight_of_zero_gets_nothing_unless_all_are() {
        assert_eq!(allocate(7, &[0, 3, 0, 3]), [0, 4, 0, 3]);
        assert_eq!(allocate(7, &[0, 0]), [4, 3]);
        assert_eq!(allocate(7, &[-5, 1]), [0, 7]);
    }

    #[test]
    fn a_negative_total_is_split_like_its_magnitude() {
        assert_eq!(allocate(-100, &[1, 1, 1]), [-34, -33, -33]);
        assert_eq!(allocate(i64::MIN, &[1]), [i64::MIN]);
    }

    #[test]
    fn nothing_to_split_and_nobody_to_get_it() {
        assert_eq!(allocate(0, &[5, 6]), [0, 0]);
        assert_eq!(allocate(5, &[]), [0_i64; 0]);
    }

    #[test]
    fn an_order_discount_over_three_lines_adds_up() {
        let shares = allocate(10_000, &[33_333, 33_333, 33_334]);
        assert_eq!(shares, [3_333, 3_333, 3_334]);
    }
}
