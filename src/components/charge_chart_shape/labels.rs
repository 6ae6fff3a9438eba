//! Where the labels of a chart stand. Pure.

/// Where a label stands: percent of the plot, and which of its corners is there.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Label {
    /// What it says.
    pub text: String,
    /// How it looks.
    pub kind: LabelKind,
    /// Percent from the left.
    pub left: f64,
    /// Percent from the top.
    pub top: f64,
    /// How it is aligned to its point.
    pub anchor: Anchor,
}

/// What a label is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LabelKind {
    /// A charge or the minutes of a stop.
    Strong,
    /// A range.
    Light,
    /// The reserve.
    Reserve,
    /// What is missing.
    Missing,
}

/// How a label stands to its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    /// Centred above it.
    Above,
    /// Above it, beginning at it.
    AboveRight,
    /// Above it, ending at it.
    AboveLeft,
    /// To its right.
    Right,
    /// To its left.
    Left,
    /// Below it, beginning at it.
    BelowRight,
    /// Below it, ending at it.
    BelowLeft,
}

/// Places labels so that none covers another; what finds no room is left out (the table has it).
#[derive(Debug)]
pub(crate) struct LabelPlacer {
    /// Width and height of the plot, CSS pixels.
    size: (f64, f64),
    /// How much larger than usual text is.
    text_scale: f64,
    taken: Vec<[f64; 4]>,
    /// What was placed.
    pub labels: Vec<Label>,
}

impl LabelPlacer {
    /// For a plot of about this size in CSS pixels.
    pub(crate) const fn new(size: (f64, f64), text_scale: f64) -> Self {
        Self {
            size,
            text_scale,
            taken: Vec::new(),
            labels: Vec::new(),
        }
    }

    /// Keeps a place free, such as that of a dot: its point in percent and its radius in pixels.
    pub(crate) fn keep_free(&mut self, (left, top): (f64, f64), radius: f64) {
        let (x, y) = (left / 100.0 * self.size.0, top / 100.0 * self.size.1);
        self.taken
            .push([x - radius, y - radius, x + radius, y + radius]);
    }

    /// Puts a label at a point (percent), at the first of the anchors where it has room. Whether
    /// there was any.
    pub(crate) fn place(
        &mut self,
        text: String,
        kind: LabelKind,
        (left, top): (f64, f64),
        anchors: &[Anchor],
    ) -> bool {
        let width = text_width(&text) * self.text_scale;
        let height = 15.0 * self.text_scale;
        let (x, y) = (left / 100.0 * self.size.0, top / 100.0 * self.size.1);
        for &anchor in anchors {
            let (x0, y0) = match anchor {
                Anchor::Above => (x - width / 2.0, y - height - 6.0),
                Anchor::AboveRight => (x, y - height - 6.0),
                Anchor::AboveLeft => (x - width, y - height - 6.0),
                Anchor::Right => (x + 8.0, y - height / 2.0),
                Anchor::Left => (x - 8.0 - width, y - height / 2.0),
                Anchor::BelowRight => (x, y + 4.0),
                Anchor::BelowLeft => (x - width, y + 4.0),
            };
            let shape = [x0, y0, x0 + width, y0 + height];
            // A label may stand in the margin above the plot, but not beyond its sides.
            let inside = x0 >= -2.0 && shape[2] <= self.size.0 + 10.0 && shape[3] <= self.size.1;
            let free = self.taken.iter().all(|t| {
                shape[2] <= t[0] || t[2] <= shape[0] || shape[3] <= t[1] || t[3] <= shape[1]
            });
            if inside && free {
                self.taken.push(shape);
                self.labels.push(Label {
                    text,
                    kind,
                    left,
                    top,
                    anchor,
                });
                return true;
            }
        }
        false
    }
}

/// About how wide a text is at 12 px: wide characters 12, others 7.
fn text_width(text: &str) -> f64 {
    text.chars()
        .map(|c| {
            if c.is_ascii() || c == '–' {
                7.0
            } else {
                12.0
            }
        })
        .sum()
}

/// The distances to write below the chart: the start, every stop and the end, without those too
/// close to their neighbour (the ends stay).
pub(crate) fn ticks(distance_m: f64, stops_m: &[f64], least_share: f64) -> Vec<f64> {
    let mut kept = vec![0.0];
    for &at in stops_m {
        let last = kept.last().copied().unwrap_or(0.0);
        if at - last >= distance_m * least_share && distance_m - at >= distance_m * least_share {
            kept.push(at);
        }
    }
    kept.push(distance_m);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_never_cover_each_other() {
        let mut placer = LabelPlacer::new((320.0, 120.0), 1.3);
        for i in 0..40 {
            let at = (f64::from(i * 37 % 100), f64::from(i * 53 % 100));
            placer.place(
                format!("{i} min"),
                LabelKind::Strong,
                at,
                &[
                    Anchor::Above,
                    Anchor::Right,
                    Anchor::Left,
                    Anchor::BelowRight,
                ],
            );
        }
        let t = &placer.taken;
        assert!(placer.labels.len() >= 10, "some find room");
        for (i, a) in t.iter().enumerate() {
            for b in &t[i + 1..] {
                assert!(a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1]);
            }
        }
    }

    #[test]
    fn ticks_keep_their_distance() {
        assert_eq!(
            ticks(100.0, &[5.0, 40.0, 45.0, 70.0, 95.0], 0.12),
            [0.0, 40.0, 70.0, 100.0]
        );
        assert_eq!(ticks(100.0, &[], 0.12), [0.0, 100.0]);
    }
}
