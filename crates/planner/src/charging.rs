//! Charging time in closed form.
//!
//! Power at the battery is piecewise linear (or constant) in the state of charge: the car's curve,
//! cut off at what the plug gives. Over a piece from `p0` to `p1` the time is
//! `E·Δx·ln(p1/p0)/(p1 − p0)`: a logarithm, not a line.

use chongtu_model::vehicle::{ChargeCurve, Interpolation};

/// Charging at one kind of connector: `time(a, b)` and the power at a state of charge.
/// States of charge are shares of the usable battery, times seconds, powers kW.
#[derive(Clone, Debug, PartialEq)]
pub struct ChargeFunction {
    pieces: Vec<Piece>,
    capacity_kwh: f64,
}

/// A stretch of states of charge over which power is linear.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Piece {
    x0: f64,
    x1: f64,
    p0: f64,
    p1: f64,
    /// Seconds from 0 to `x0`.
    t0: f64,
}

impl Piece {
    fn power(&self, x: f64) -> f64 {
        if self.p0 == self.p1 {
            self.p0
        } else {
            self.p0 + (self.p1 - self.p0) * (x - self.x0) / (self.x1 - self.x0)
        }
    }

    /// Seconds from `x0` to `x`.
    fn time(&self, x: f64, capacity_kwh: f64) -> f64 {
        let dx = x - self.x0;
        let relative = (self.power(x) - self.p0) / self.p0;
        // ln(1 + r) / r tends to 1 with r.
        let shape = if relative.abs() < 1e-12 {
            1.0
        } else {
            libm::log1p(relative) / relative
        };
        3600.0 * capacity_kwh * dx / self.p0 * shape
    }
}

impl ChargeFunction {
    /// The car's curve, cut off at `limit_kw` at the battery. The curve must be valid
    /// ([`chongtu_model::Vehicle::validate`]) and the limit above 0.
    pub fn new(curve: &ChargeCurve, limit_kw: f64, capacity_kwh: f64) -> Self {
        let mut raw: Vec<(f64, f64, f64, f64)> = Vec::new();
        for (i, point) in curve.points.iter().enumerate() {
            let next = curve.points.get(i + 1);
            let (x0, p0) = (point[0], point[1]);
            let (x1, p1) = match (next, curve.interpolation) {
                (Some(n), Interpolation::Linear) => (n[0], n[1]),
                (Some(n), Interpolation::Step) => (n[0], p0),
                (None, _) => (1.0, p0),
            };
            if x1 > x0 {
                raw.push((x0, x1, p0, p1));
            }
        }
        let mut pieces: Vec<Piece> = Vec::new();
        let mut t0 = 0.0;
        let mut push = |x0: f64, x1: f64, p0: f64, p1: f64| {
            if x1 <= x0 {
                return;
            }
            // A plateau that goes on is one piece: fewer kinks, fewer candidates.
            if let Some(last) = pieces.last_mut()
                && last.p0 == last.p1
                && p0 == p1
                && last.p1 == p0
            {
                last.x1 = x1;
                t0 = last.t0 + last.time(x1, capacity_kwh);
                return;
            }
            let piece = Piece { x0, x1, p0, p1, t0 };
            t0 += piece.time(x1, capacity_kwh);
            pieces.push(piece);
        };
        for (x0, x1, p0, p1) in raw {
            if p0.max(p1) <= limit_kw {
                push(x0, x1, p0, p1);
            } else if p0.min(p1) >= limit_kw {
                push(x0, x1, limit_kw, limit_kw);
            } else {
                let cross = x0 + (x1 - x0) * (limit_kw - p0) / (p1 - p0);
                if p0 < limit_kw {
                    push(x0, cross, p0, limit_kw);
                    push(cross, x1, limit_kw, limit_kw);
                } else {
                    push(x0, cross, limit_kw, limit_kw);
                    push(cross, x1, limit_kw, p1);
                }
            }
        }
        Self {
            pieces,
            capacity_kwh,
        }
    }

    /// Seconds from an empty battery to `x`.
    pub fn time_to(&self, x: f64) -> f64 {
        let after = self.pieces.partition_point(|p| p.x0 < x).max(1);
        self.pieces
            .get(after - 1)
            .map_or(0.0, |p| p.t0 + p.time(x, self.capacity_kwh))
    }

    /// Seconds from `a` to `b`; 0 when `b <= a`.
    pub fn time(&self, a: f64, b: f64) -> f64 {
        if b <= a {
            0.0
        } else {
            self.time_to(b) - self.time_to(a)
        }
    }

    /// Power just below `x`, kW.
    pub fn power_below(&self, x: f64) -> f64 {
        let after = self.pieces.partition_point(|p| p.x0 < x).max(1);
        self.pieces.get(after - 1).map_or(0.0, |p| p.power(x))
    }

    /// Power just above `x`, kW.
    pub fn power_above(&self, x: f64) -> f64 {
        let after = self.pieces.partition_point(|p| p.x0 <= x).max(1);
        self.pieces.get(after - 1).map_or(0.0, |p| p.power(x))
    }

    /// Where power changes its slope or jumps, ascending, without 0 and 1.
    pub fn kinks(&self) -> impl Iterator<Item = f64> + '_ {
        self.pieces.iter().skip(1).map(|p| p.x0)
    }

    /// States of charge `x` in `(lo, hi)` where this power at `x` equals the other's at `x - shift`,
    /// each found on a stretch over which both are linear and not equal throughout.
    pub fn equal_power(&self, other: &Self, shift: f64, lo: f64, hi: f64, found: &mut Vec<f64>) {
        for a in &self.pieces {
            for b in &other.pieces {
                let left = a.x0.max(b.x0 + shift).max(lo);
                let right = a.x1.min(b.x1 + shift).min(hi);
                if left >= right {
                    continue;
                }
                let d0 = a.power(left) - b.power(left - shift);
                let d1 = a.power(right) - b.power(right - shift);
                if (d0 < 0.0 && d1 > 0.0) || (d0 > 0.0 && d1 < 0.0) {
                    found.push(left + (right - left) * d0 / (d0 - d1));
                }
            }
        }
    }

    /// The highest power between `a` and `b`, kW.
    pub fn max_power(&self, a: f64, b: f64) -> f64 {
        self.pieces
            .iter()
            .filter(|p| p.x0 <= b && p.x1 >= a)
            .map(|p| p.power(p.x0.max(a)).max(p.power(p.x1.min(b))))
            .fold(0.0, f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(points: &[[f64; 2]], interpolation: Interpolation) -> ChargeCurve {
        ChargeCurve {
            points: points.to_vec(),
            interpolation,
        }
    }

    /// Small midpoint steps of dx / P: independent of the closed form.
    fn integrate(f: impl Fn(f64) -> f64, a: f64, b: f64, capacity: f64) -> f64 {
        let n = 200_000;
        let dx = (b - a) / f64::from(n);
        (0..n)
            .map(|i| 3600.0 * capacity * dx / f(a + (f64::from(i) + 0.5) * dx))
            .sum()
    }

    #[test]
    fn closed_form_equals_small_steps() {
        let points = [
            [0.0, 60.0],
            [0.1, 120.0],
            [0.5, 110.0],
            [0.8, 50.0],
            [1.0, 5.0],
        ];
        for interpolation in [Interpolation::Linear, Interpolation::Step] {
            for limit in [1000.0, 100.0, 55.0, 4.0] {
                let f = ChargeFunction::new(&curve(&points, interpolation), limit, 64.0);
                for (a, b) in [(0.0, 1.0), (0.1, 0.8), (0.05, 0.55), (0.79, 0.81)] {
                    let by_hand = |x: f64| {
                        let i = points.partition_point(|p| p[0] <= x) - 1;
                        let p = match (interpolation, points.get(i + 1)) {
                            (Interpolation::Linear, Some(n)) => {
                                points[i][1]
                                    + (n[1] - points[i][1]) * (x - points[i][0])
                                        / (n[0] - points[i][0])
                            }
                            _ => points[i][1],
                        };
                        p.min(limit)
                    };
                    let expected = integrate(by_hand, a, b, 64.0);
                    let got = f.time(a, b);
                    assert!(
                        (got - expected).abs() < expected * 2e-5 + 1e-3,
                        "{interpolation:?} {limit} {a}-{b}: {got} {expected}"
                    );
                }
            }
        }
    }

    #[test]
    fn equal_power_is_found() {
        let a = ChargeFunction::new(
            &curve(&[[0.0, 100.0], [1.0, 10.0]], Interpolation::Linear),
            1e9,
            50.0,
        );
        let b = ChargeFunction::new(
            &curve(&[[0.0, 20.0], [1.0, 80.0]], Interpolation::Linear),
            1e9,
            50.0,
        );
        // 100 - 90 x = 20 + 60 (x - 0.3)  =>  x = 98 / 150.
        let mut found = Vec::new();
        a.equal_power(&b, 0.3, 0.0, 1.0, &mut found);
        assert_eq!(found.len(), 1);
        assert!((found[0] - 98.0 / 150.0).abs() < 1e-12);
    }

    #[test]
    fn plateaus_join() {
        let f = ChargeFunction::new(
            &curve(
                &[[0.0, 90.0], [0.5, 80.0], [1.0, 70.0]],
                Interpolation::Linear,
            ),
            50.0,
            60.0,
        );
        assert_eq!(f.kinks().count(), 0);
        // 60 kWh at 50 kW: 72 minutes.
        assert!((f.time(0.0, 1.0) - 4320.0).abs() < 1e-9);
    }
}
