//! Energy for driving at a speed.

use chongtu_model::Vehicle;
use chongtu_model::vehicle::{Consumption, Interpolation, OutOfRange, SpeedTable};

/// A car's consumption, ready to be asked.
#[derive(Clone, Debug)]
pub struct Consumer {
    table: SpeedTable,
    auxiliary_kw: f64,
}

impl Consumer {
    /// Of a vehicle that has been validated.
    pub fn new(vehicle: &Vehicle) -> Self {
        let Consumption::SpeedTable(table) = &vehicle.consumption;
        Self {
            table: table.clone(),
            auxiliary_kw: vehicle.auxiliary_kw,
        }
    }

    /// Wh out of the battery for a kilometre at a constant speed: the table's value plus the
    /// auxiliary power over the time that the kilometre takes.
    pub fn wh_per_km(&self, speed_kmh: f64) -> f64 {
        self.table_value(speed_kmh) + self.auxiliary_kw * 1000.0 / speed_kmh
    }

    fn table_value(&self, speed: f64) -> f64 {
        let points = &self.table.points;
        let above = points.partition_point(|p| p[0] <= speed);
        let (Some(first), Some(last)) = (points.first(), points.last()) else {
            return 0.0;
        };
        let on_line =
            |a: &[f64; 2], b: &[f64; 2]| a[1] + (b[1] - a[1]) * (speed - a[0]) / (b[0] - a[0]);
        match (
            above.checked_sub(1).and_then(|i| points.get(i)),
            points.get(above),
        ) {
            (Some(a), Some(b)) => match self.table.interpolation {
                Interpolation::Linear => on_line(a, b),
                Interpolation::Step => a[1],
            },
            (None, _) => match (self.table.out_of_range, points.get(1)) {
                (OutOfRange::Extrapolate, Some(second))
                    if self.table.interpolation == Interpolation::Linear =>
                {
                    on_line(first, second).max(0.0)
                }
                _ => first[1],
            },
            (Some(_), None) => match (
                self.table.out_of_range,
                points.len().checked_sub(2).and_then(|i| points.get(i)),
            ) {
                (OutOfRange::Extrapolate, Some(before))
                    if self.table.interpolation == Interpolation::Linear =>
                {
                    on_line(before, last).max(0.0)
                }
                _ => last[1],
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn consumer(
        interpolation: Interpolation,
        out_of_range: OutOfRange,
        auxiliary_kw: f64,
    ) -> Consumer {
        let points = vec![[50.0, 130.0], [90.0, 160.0], [120.0, 220.0]];
        Consumer {
            table: SpeedTable {
                points,
                interpolation,
                out_of_range,
            },
            auxiliary_kw,
        }
    }

    #[test]
    fn tables_by_hand() {
        use Interpolation::{Linear, Step};
        use OutOfRange::{Clamp, Extrapolate};
        for (interpolation, out_of_range, speed, expected) in [
            (Linear, Clamp, 50.0, 130.0),
            (Linear, Clamp, 70.0, 145.0),
            (Linear, Clamp, 105.0, 190.0),
            (Linear, Clamp, 10.0, 130.0),
            (Linear, Clamp, 150.0, 220.0),
            (Linear, Extrapolate, 150.0, 280.0),
            (Linear, Extrapolate, 10.0, 100.0),
            (Step, Clamp, 89.9, 130.0),
            (Step, Clamp, 90.0, 160.0),
            (Step, Extrapolate, 150.0, 220.0),
        ] {
            let got = consumer(interpolation, out_of_range, 0.0).wh_per_km(speed);
            assert!(
                (got - expected).abs() < 1e-9,
                "{interpolation:?} {out_of_range:?} {speed}: {got}"
            );
        }
        // 0.5 kW over a kilometre at 100 km/h is 5 Wh.
        let got = consumer(Linear, Clamp, 0.5).wh_per_km(100.0);
        assert!((got - (180.0 + 5.0)).abs() < 1e-9);
    }
}
