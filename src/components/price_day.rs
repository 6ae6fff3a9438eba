//! The shape of the price chart: a day of prices as bars, as one piece of SVG. The numbers come
//! from the worker; here they get a place.

use chongtu_model::pricing::{EnergyPrice, PriceSpan};
use chongtu_model::tariff::TimeBand;
use chongtu_model::{Instant, UnitPrice};

const HOUR_S: i64 = 3600;
/// The height of the highest bar, and what lies above it for the label and below for the hours, px
/// at the usual text size.
const PLOT: f64 = 92.0;
const ABOVE: f64 = 26.0;
const BELOW: f64 = 20.0;

/// A stretch of the day with one price, an hour long at most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Bar {
    /// From this instant.
    pub from: Instant,
    /// Until this instant.
    pub to: Instant,
    /// What the clock shows at its beginning.
    pub start_minute: u16,
    /// What it shows at its end, 1440 at midnight.
    pub end_minute: u16,
    /// The price.
    pub price: EnergyPrice,
}

/// The spans of a day, cut at every hour since its beginning.
pub(crate) fn bars(spans: &[PriceSpan]) -> Vec<Bar> {
    let Some(day) = spans.first().map(|s| s.from) else {
        return Vec::new();
    };
    let mut bars = Vec::new();
    for span in spans {
        let mut from = span.from;
        while from < span.to {
            let hour = (from.unix_s() - day.unix_s()) / HOUR_S;
            let to = day.plus_s((hour + 1) * HOUR_S).min(span.to);
            let minute = |at: Instant| {
                let passed = (at.unix_s() - span.from.unix_s()) / 60;
                (i64::from(span.start_minute) + passed).min(1440) as u16
            };
            bars.push(Bar {
                from,
                to,
                start_minute: minute(from),
                end_minute: if to == span.to {
                    span.end_minute
                } else {
                    minute(to)
                },
                price: span.price,
            });
            from = to;
        }
    }
    bars
}

/// The hours since midnight that the day has: 24, or one more or less where clocks change.
pub(crate) fn n_hours(bars: &[Bar]) -> u32 {
    let span = bars
        .first()
        .zip(bars.last())
        .map_or(0, |(first, last)| last.to.unix_s() - first.from.unix_s());
    ((span + HOUR_S - 1) / HOUR_S) as u32
}

/// The bars of an hour, counted from the beginning of the day.
pub(crate) fn of_hour(bars: &[Bar], hour: u32) -> Vec<Bar> {
    let Some(day) = bars.first().map(|b| b.from) else {
        return Vec::new();
    };
    let is = |b: &&Bar| (b.from.unix_s() - day.unix_s()) / HOUR_S == i64::from(hour);
    bars.iter().filter(is).copied().collect()
}

/// In which hour of the day an instant falls.
pub(crate) fn hour_of(bars: &[Bar], at: Instant) -> Option<u32> {
    let day = bars.first()?.from;
    let last = bars.last()?.to;
    (day <= at && at < last).then(|| ((at.unix_s() - day.unix_s()) / HOUR_S) as u32)
}

/// The colour of a bar: by the name of its hours; without one, by whether it is the day's
/// cheapest or dearest.
pub(crate) fn class_of(price: &EnergyPrice, range: (f64, f64)) -> &'static str {
    let EnergyPrice::Priced(p) = price else {
        return "pr-flat";
    };
    match p.band {
        Some(TimeBand::Sharp) => "pr-sharp",
        Some(TimeBand::Peak) => "pr-peak",
        Some(TimeBand::Flat) => "pr-flat",
        Some(TimeBand::Valley | TimeBand::DeepValley) => "pr-valley",
        None => {
            let sum = p.sum().as_f64();
            if range.0 == range.1 {
                "pr-flat"
            } else if sum <= range.0 {
                "pr-valley"
            } else if sum >= range.1 {
                "pr-peak"
            } else {
                "pr-flat"
            }
        }
    }
}

/// The lowest and the highest sum of those that are known.
pub(crate) fn range(spans: &[PriceSpan]) -> (f64, f64) {
    let sums = spans.iter().filter_map(|s| s.price.per_kwh());
    sums.map(UnitPrice::as_f64)
        .fold((f64::MAX, 0.0_f64), |(lo, hi), p| (lo.min(p), hi.max(p)))
}

/// What the chart shows.
pub(crate) struct Drawing<'a> {
    /// The bars of the day.
    pub bars: &'a [Bar],
    /// The lowest and the highest price of the scale.
    pub range: (f64, f64),
    /// Where now is; `None` when the day is another one.
    pub now: Option<Instant>,
    /// Where the cursor is, when it is not at now.
    pub hour: Option<u32>,
    /// What stands over the line. It is plain text: our own words and numbers.
    pub label: &'a str,
    /// 1.3 in elder mode.
    pub text_scale: f64,
}

/// The height of the drawing, px.
pub(crate) fn height(text_scale: f64) -> f64 {
    PLOT + (ABOVE + BELOW) * text_scale
}

fn number(out: &mut String, tenths: i64) {
    use core::fmt::Write as _;
    let _ = write!(out, "{}.{}", tenths / 10, tenths % 10);
}

/// `<rect>` of some class; x and width in percent, y and height in px.
fn rect(out: &mut String, class: &str, x: (f64, f64), y: (f64, f64)) {
    out.push_str("<rect class=\"");
    out.push_str(class);
    out.push_str("\" rx=\"2\" x=\"");
    let tenths = |v: f64| (v * 10.0).round().max(0.0) as i64;
    // Percent to a hundredth would be finer than a pixel.
    number(out, tenths(x.0));
    out.push_str("%\" width=\"");
    number(out, tenths(x.1));
    out.push_str("%\" y=\"");
    number(out, tenths(y.0));
    out.push_str("\" height=\"");
    number(out, tenths(y.1));
    out.push_str("\"/>");
}

fn text(out: &mut String, class: &str, x: f64, y: f64, words: &str) {
    // At the ends the text leans inwards.
    let anchor = match x {
        x if x < 22.0 => "start",
        x if x > 78.0 => "end",
        _ => "middle",
    };
    let anchor = match class {
        "pr-hour" if x > 0.5 && x < 99.5 => "middle",
        _ => anchor,
    };
    out.push_str("<text class=\"");
    out.push_str(class);
    out.push_str("\" text-anchor=\"");
    out.push_str(anchor);
    out.push_str("\" x=\"");
    number(out, (x * 10.0).round() as i64);
    out.push_str("%\" y=\"");
    number(out, (y * 10.0).round() as i64);
    out.push_str("\">");
    out.push_str(words);
    out.push_str("</text>");
}

/// The drawing, to be put into an `<svg>` as high as [`height`] and as wide as there is room.
pub(crate) fn svg(d: &Drawing<'_>) -> String {
    let mut out = String::with_capacity(8_000);
    let (Some(first), Some(last)) = (d.bars.first(), d.bars.last()) else {
        return out;
    };
    let above = ABOVE * d.text_scale;
    let base = above + PLOT;
    let day_s = (last.to.unix_s() - first.from.unix_s()).max(1) as f64;
    let x = |at: Instant| (at.unix_s() - first.from.unix_s()) as f64 / day_s * 100.0;
    let top = if d.range.1 > 0.0 { d.range.1 } else { 1.0 };
    for line in [above, above + PLOT / 2.0] {
        rect(&mut out, "pr-grid", (0.0, 100.0), (line, 1.0));
    }
    for bar in d.bars {
        let left = x(bar.from) + 0.2;
        let width = (x(bar.to) - 0.2 - left).max(0.3);
        let past = d.now.is_some_and(|now| bar.to <= now);
        let chosen = d
            .hour
            .is_some_and(|hour| hour_of(d.bars, bar.from) == Some(hour));
        if past {
            out.push_str("<g class=\"past\">");
        }
        if chosen {
            rect(&mut out, "pr-chosen", (left, width), (above, PLOT));
        }
        match &bar.price {
            EnergyPrice::Priced(p) => {
                let px = |price: Option<UnitPrice>| {
                    price.map_or(0.0, |p| (p.as_f64() / top * PLOT).clamp(0.0, PLOT))
                };
                let (service, energy) = (px(p.service), px(p.energy));
                let gap = if service > 0.0 && energy > 0.0 {
                    2.0
                } else {
                    0.0
                };
                if service > 0.0 {
                    rect(
                        &mut out,
                        "pr-service",
                        (left, width),
                        (base - service, service),
                    );
                }
                let y = (base - service - energy).max(above);
                let class = class_of(&bar.price, d.range);
                rect(&mut out, class, (left, width), (y, (energy - gap).max(1.0)));
            }
            EnergyPrice::Free => rect(&mut out, "pr-valley", (left, width), (base - 3.0, 3.0)),
            _ => rect(&mut out, "pr-gap", (left, width), (base - 28.0, 28.0)),
        }
        if past {
            out.push_str("</g>");
        }
        if bar.start_minute.is_multiple_of(360) {
            let hour = (bar.start_minute / 60).to_string();
            let y = base + BELOW * d.text_scale - 4.0;
            text(&mut out, "pr-hour", x(bar.from), y, &hour);
        }
    }
    let y = base + BELOW * d.text_scale - 4.0;
    text(&mut out, "pr-hour", 100.0, y, "24");
    let at = match d.hour {
        Some(hour) => of_hour(d.bars, hour)
            .first()
            .map(|b| f64::midpoint(x(b.from), x(b.to))),
        None => d.now.map(x).filter(|x| (0.0..=100.0).contains(x)),
    };
    if let Some(at) = at {
        if d.hour.is_none() {
            let line_top = above - 6.0;
            out.push_str("<line class=\"pr-now\" x1=\"");
            number(&mut out, (at * 10.0).round() as i64);
            out.push_str("%\" x2=\"");
            number(&mut out, (at * 10.0).round() as i64);
            out.push_str("%\" y1=\"");
            number(&mut out, (line_top * 10.0) as i64);
            out.push_str("\" y2=\"");
            number(&mut out, (base * 10.0) as i64);
            out.push_str("\"/>");
        }
        text(&mut out, "pr-label", at, 14.0 * d.text_scale, d.label);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use chongtu_model::pricing::PricePerKwh;

    fn priced(energy: &str, band: Option<TimeBand>) -> EnergyPrice {
        EnergyPrice::Priced(PricePerKwh {
            energy: Some(UnitPrice::parse(energy).unwrap()),
            service: Some(UnitPrice::parse("0.4").unwrap()),
            band,
            depends_on_session: false,
        })
    }

    fn day(parts: &[(u16, u16, EnergyPrice)]) -> Vec<PriceSpan> {
        let at = |minute: u16| Instant::from_unix_s(1_000_000 + i64::from(minute) * 60);
        parts
            .iter()
            .map(|&(from, to, price)| PriceSpan {
                from: at(from),
                to: at(to),
                start_minute: from,
                end_minute: to,
                price,
            })
            .collect()
    }

    #[test]
    fn bars_are_hours_cut_where_the_price_changes() {
        let spans = day(&[
            (0, 630, priced("0.5", Some(TimeBand::Valley))),
            (630, 1440, priced("1.0", Some(TimeBand::Peak))),
        ]);
        let bars = bars(&spans);
        assert_eq!(bars.len(), 25, "24 hours, the eleventh in two");
        assert_eq!(n_hours(&bars), 24);
        assert!(
            bars.windows(2)
                .all(|w| w[0].to == w[1].from && w[0].end_minute == w[1].start_minute)
        );
        assert!(bars.iter().all(|b| b.to.unix_s() - b.from.unix_s() <= 3600));
        let eleventh = of_hour(&bars, 10);
        let minutes: Vec<_> = eleventh
            .iter()
            .map(|b| (b.start_minute, b.end_minute))
            .collect();
        assert_eq!(minutes, [(600, 630), (630, 660)]);
        assert_eq!(bars.last().unwrap().end_minute, 1440);
        assert_eq!(
            hour_of(&bars, Instant::from_unix_s(1_000_000 + 3_599)),
            Some(0)
        );
        assert_eq!(hour_of(&bars, Instant::from_unix_s(1_000_000 - 1)), None);
        assert_eq!(bars_of_nothing(), (0, 0));
    }

    fn bars_of_nothing() -> (usize, u32) {
        let none = bars(&[]);
        (none.len(), n_hours(&none))
    }

    #[test]
    fn a_day_of_23_hours_has_23_bars() {
        // The clock jumps from 02:00 to 03:00 after two hours.
        let at = |h: i64| Instant::from_unix_s(1_000_000 + h * HOUR_S);
        let span = |from, to, start_minute, end_minute| PriceSpan {
            from: at(from),
            to: at(to),
            start_minute,
            end_minute,
            price: priced("0.5", None),
        };
        let bars = bars(&[span(0, 2, 0, 120), span(2, 23, 180, 1440)]);
        assert_eq!((bars.len(), n_hours(&bars)), (23, 23));
        assert_eq!(of_hour(&bars, 2)[0].start_minute, 180);
        assert_eq!(bars.last().unwrap().end_minute, 1440);
    }

    #[test]
    fn what_is_past_is_dimmed_and_what_is_unknown_is_no_bar() {
        let spans = day(&[
            (0, 120, priced("0.5", None)),
            (120, 240, EnergyPrice::Gap),
            (240, 1440, priced("1.0", None)),
        ]);
        let bars = bars(&spans);
        let drawn = |now: Option<Instant>| {
            svg(&Drawing {
                bars: &bars,
                range: range(&spans),
                now,
                hour: None,
                label: "now",
                text_scale: 1.0,
            })
        };
        let count = |text: &str, what: &str| text.matches(what).count();
        let svg = drawn(Some(bars[5].from.plus_s(60)));
        assert_eq!(count(&svg, "class=\"past\""), 5);
        assert_eq!(count(&svg, "pr-gap"), 2);
        assert_eq!(count(&svg, "pr-service"), 22);
        assert_eq!((count(&svg, "pr-valley"), count(&svg, "pr-peak")), (2, 20));
        assert_eq!(count(&svg, "pr-now"), 1);
        let tomorrow = drawn(None);
        assert_eq!(count(&tomorrow, "past") + count(&tomorrow, "pr-now"), 0);
    }

    #[test]
    fn no_bar_stands_out_of_the_plot() {
        let spans = day(&[
            (0, 60, priced("0", None)),
            (60, 1440, priced("9000000", None)),
        ]);
        let bars = bars(&spans);
        // A scale that the prices do not keep to.
        let svg = svg(&Drawing {
            bars: &bars,
            range: (0.0, 1.0),
            now: None,
            hour: Some(3),
            label: "",
            text_scale: 1.3,
        });
        for part in svg.split("<rect").skip(1) {
            let value = |name: &str| -> f64 {
                let from = part.find(name).unwrap() + name.len();
                let rest = &part[from..];
                rest[..rest.find(['"', '%']).unwrap()].parse().unwrap()
            };
            let (y, h) = (value(" y=\""), value("height=\""));
            assert!(y >= 0.0 && y + h <= height(1.3) + 0.2, "{part}");
            assert!(value(" x=\"") + value("width=\"") <= 100.1, "{part}");
        }
    }
}
