//! The order of nodes in files and memory: along a Hilbert curve, so that neighbours on the
//! ground are neighbours in the columns (small differences, warm caches).

/// Sorts node numbers by where they lie on a Hilbert curve over the whole Earth; nodes of one
/// cell (a millionth of a degree) by number.
pub(crate) fn hilbert_order(nodes: &mut [u32], positions: &[[i32; 2]]) {
    nodes.sort_by_cached_key(|&n| {
        let [lat, lng] = positions[n as usize];
        // Shifted to be positive: latitude below 2^28, longitude below 2^29.
        let y = lat.saturating_add(90_000_000).max(0) as u32;
        let x = lng.saturating_add(180_000_000).max(0) as u32;
        (hilbert(x, y), n)
    });
}

const ORDER: u32 = 29;

/// Distance along the Hilbert curve of a cell (Wikipedia, "Hilbert curve", `xy2d`).
fn hilbert(mut x: u32, mut y: u32) -> u64 {
    let mut d = 0u64;
    let mut s = 1u32 << (ORDER - 1);
    while s > 0 {
        let rx = u32::from(x & s > 0);
        let ry = u32::from(y & s > 0);
        d += u64::from(s) * u64::from(s) * u64::from((3 * rx) ^ ry);
        if ry == 0 {
            if rx == 1 {
                x = (2 * s - 1).wrapping_sub(x) & (2 * s - 1);
                y = (2 * s - 1).wrapping_sub(y) & (2 * s - 1);
            }
            std::mem::swap(&mut x, &mut y);
        }
        s >>= 1;
    }
    d
}

#[cfg(test)]
mod tests {
    use super::hilbert;

    /// The curve's defining property: cells that follow each other touch.
    #[test]
    fn steps_to_a_neighbour() {
        let mut cells: Vec<(u64, i64, i64)> = (0..32i64)
            .flat_map(|x| (0..32i64).map(move |y| (x, y)))
            .map(|(x, y)| (hilbert(x as u32, y as u32), x, y))
            .collect();
        cells.sort_unstable();
        for pair in cells.windows(2) {
            let ((d, x, y), (e, v, w)) = (pair[0], pair[1]);
            assert_eq!(e, d + 1);
            assert_eq!((x - v).abs() + (y - w).abs(), 1, "{x},{y} to {v},{w}");
        }
    }
}
