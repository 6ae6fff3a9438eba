//! What a session cost, line by line in one sentence each, and what is wrong with a tariff or
//! with how a feed tells it.

use crate::location::bill::{finding as bill_finding, line_kind};
use crate::location::clock;
use crate::location::price::band;
use crate::{Lang, common};
use chongtu_model::money::{ExactAmount, UnitPrice};
use chongtu_model::pricing::{Bill, BillFinding, BillLine, LineKind, Measure, TariffFinding};
use chongtu_model::tariff::PriceDimension;
use chongtu_model::time::{LocalDate, TimeZone};
use chongtu_model::{Currency, Instant};

/// A line: `谷段 00:00–06:00 · 电费 12.3 kWh × ¥0.8634 = ¥10.62`. The clock is the place's.
pub fn line(l: Lang, line: &BillLine, currency: Currency, zone: &TimeZone) -> String {
    let kind = line_kind(l, line.kind);
    let sum = amount(l, line.after_taxes, currency);
    let unit = unit_price(line.price, currency);
    let Some(quantity) = quantity(l, line.billed) else {
        return match line.kind {
            LineKind::IdleCap | LineKind::ParkingCap | LineKind::MinPrice | LineKind::MaxPrice => {
                format!("{kind} ({unit}) {sum}")
            }
            _ => format!("{kind} {sum}"),
        };
    };
    // Overstay is priced by the minute, other time by the hour.
    let per = match line.billed {
        Measure::Kwh(_) | Measure::Once => "",
        Measure::Seconds(_) if line.kind == LineKind::Idle => l.pick("/分钟", "/min"),
        Measure::Seconds(_) => l.pick("/小时", "/h"),
    };
    let hours = span(line.from, line.to, zone);
    let hours = line
        .band
        .map_or_else(|| hours.clone(), |b| format!("{} {hours}", band(l, b)));
    let tax = line.vat.filter(|_| line.after_taxes != line.before_taxes);
    let tax = tax.map_or_else(String::new, |rate| match l {
        Lang::Zh => format!("（含税 {rate}%）"),
        Lang::En => format!(" (tax {rate}% included)"),
    });
    format!("{hours} · {kind} {quantity} × {unit}{per} = {sum}{tax}")
}

/// The sum, rounded once: `合计 ¥134.11`.
pub fn total(l: Lang, bill: &Bill) -> String {
    let sum = crate::location::bill::amount(l, bill.total);
    format!("{} {sum}", crate::location::bill::total(l))
}

/// What makes a bill doubtful, a gap with its hours.
pub fn finding(l: Lang, finding: &BillFinding, zone: &TimeZone) -> String {
    match finding {
        BillFinding::Gap { from, to, .. } => {
            let hours = span(*from, *to, zone);
            let what = bill_finding(l, finding);
            match l {
                Lang::Zh => format!("{hours}：{what}"),
                Lang::En => format!("{hours}: {what}"),
            }
        }
        other => bill_finding(l, other),
    }
}

/// What is wrong with a tariff. Its elements and fees count from 1 for people.
pub fn tariff_finding(l: Lang, finding: &TariffFinding) -> String {
    let zh = l == Lang::Zh;
    match *finding {
        TariffFinding::NoPrices => l.pick("没有任何价格", "it has no price at all").to_owned(),
        TariffFinding::Gap {
            date,
            from_minute,
            to_minute,
        } => {
            let when = day_and_hours(date, from_minute, to_minute);
            if zh {
                format!("{when} 没有电价，按规则视为免费，应为漏填")
            } else {
                format!("{when}: no price for energy; free by the rule, most likely forgotten")
            }
        }
        TariffFinding::Overlap {
            first,
            second,
            dimension,
            date,
            from_minute,
            to_minute,
        } => {
            let when = day_and_hours(date, from_minute, to_minute);
            let what = dimension_name(l, dimension);
            let (first, second) = (first + 1, second + 1);
            if zh {
                format!("{when} 第 {first} 与第 {second} 条的{what}重叠，按第 {first} 条计")
            } else {
                format!(
                    "{when}: elements {first} and {second} both price {what}; element {first} is paid"
                )
            }
        }
        TariffFinding::Hidden { element, dimension } => of_element(
            l,
            element,
            &if zh {
                format!("的{}总被前面的条目覆盖", dimension_name(l, dimension))
            } else {
                format!(
                    "never prices {}: an earlier one always does",
                    dimension_name(l, dimension)
                )
            },
        ),
        TariffFinding::NeverHolds { element } => of_element(
            l,
            element,
            l.pick(
                "的限制条件永远不成立",
                "has restrictions that nothing can meet",
            ),
        ),
        TariffFinding::SecondComponent { element, dimension } => of_element(
            l,
            element,
            &if zh {
                format!("有两个{}价格，第二个不生效", dimension_name(l, dimension))
            } else {
                format!(
                    "prices {} twice: the second is ignored",
                    dimension_name(l, dimension)
                )
            },
        ),
        TariffFinding::NegativePrice { element, dimension } => of_element(
            l,
            element,
            &if zh {
                format!("的{}价格为负", dimension_name(l, dimension))
            } else {
                format!("prices {} below 0", dimension_name(l, dimension))
            },
        ),
        TariffFinding::NotOnTheClock { element } => of_element(
            l,
            element,
            l.pick(
                "的时刻或月份不存在",
                "names an hour or a month that does not exist",
            ),
        ),
        TariffFinding::IdleNeverHolds { fee } => {
            let n = fee + 1;
            if zh {
                format!("第 {n} 条占位费永远不成立")
            } else {
                format!("overstay fee {n} can never apply")
            }
        }
        TariffFinding::LimitsCrossed => l
            .pick("最低消费高于封顶价", "the least price is above the highest")
            .to_owned(),
        TariffFinding::NeverValid => l
            .pick("失效时间早于生效时间", "it ends before it begins")
            .to_owned(),
    }
}

/// What was found while reading a tariff of a feed, by its code; empty for one not known here.
pub const fn note(l: Lang, code: &str) -> &'static str {
    match code.as_bytes() {
        b"ocpi_object_dropped" => l.pick(
            "丢弃：缺少必要内容",
            "dropped: something it needs is missing",
        ),
        b"ocpi_dimension_unknown" => l.pick(
            "丢弃一个价格：计价项目未知",
            "a price was dropped: what it is for is not known",
        ),
        b"ocpi_price_unreadable" => l.pick(
            "丢弃一个价格：无法读取",
            "a price was dropped: it cannot be read",
        ),
        b"ocpi_restriction_unreadable" => l.pick(
            "丢弃一条：限制条件无法读取，否则会全时生效",
            "an element was dropped: without this restriction it would hold too often",
        ),
        b"ocpi_value_ignored" => l.pick("忽略：无法读取", "ignored: it cannot be read"),
        b"ocpi_type_unexpected" => l.pick(
            "类型不合规范，已按意思读取",
            "not of the specified type, and understood",
        ),
        b"ocpi_order_changed" => l.pick(
            "时段已按开始时间排序",
            "periods were put in order of their beginning",
        ),
        _ => "",
    }
}

/// What is priced.
pub const fn dimension_name(l: Lang, dimension: PriceDimension) -> &'static str {
    match dimension {
        PriceDimension::Energy => l.pick("电费", "energy"),
        PriceDimension::Service => l.pick("服务费", "the service fee"),
        PriceDimension::Time => l.pick("充电时长", "charging time"),
        PriceDimension::ParkingTime => l.pick("停留时长", "time not charging"),
        PriceDimension::Flat => l.pick("每次费用", "a session"),
    }
}

fn of_element(l: Lang, element: usize, what: &str) -> String {
    let n = element + 1;
    match l {
        Lang::Zh => format!("第 {n} 条{what}"),
        Lang::En => format!("element {n} {what}"),
    }
}

/// `22:00–02:00` on the place's clock, with the dates where it lasts a day or more. An end at
/// midnight is 24:00.
fn span(from: Instant, to: Instant, zone: &TimeZone) -> String {
    let (a, b) = (zone.local(from), zone.local(to));
    let (end_day, end) = match b.minute {
        0 if from < to => (b.day - 1, 1440),
        minute => (b.day, minute),
    };
    let hours = (clock(a.minute), clock(end));
    if to.unix_s() - from.unix_s() < 86_400 {
        format!("{}–{}", hours.0, hours.1)
    } else {
        let (first, last) = (LocalDate::from_days(a.day), LocalDate::from_days(end_day));
        format!("{first} {} – {last} {}", hours.0, hours.1)
    }
}

fn day_and_hours(date: LocalDate, from_minute: u16, to_minute: u16) -> String {
    format!("{date} {}–{}", clock(from_minute), clock(to_minute))
}

/// How much, to the Wh and the minute; `None` for what happens once.
fn quantity(l: Lang, measure: Measure) -> Option<String> {
    match measure {
        Measure::Kwh(q) => {
            let wh = (q.millionths() + 500).div_euclid(1000);
            let exact = chongtu_model::money::Quantity::from_millionths(wh * 1000);
            Some(format!("{exact} kWh"))
        }
        Measure::Seconds(s) if s % 60 == 0 => Some(match l {
            Lang::Zh => format!("{} 分钟", s / 60),
            Lang::En => format!("{} min", s / 60),
        }),
        Measure::Seconds(s) => Some(match l {
            Lang::Zh => format!("{} 分 {} 秒", s / 60, s % 60),
            Lang::En => format!("{} min {} s", s / 60, s % 60),
        }),
        Measure::Once => None,
    }
}

/// A price to its last place: `¥0.8634`.
fn unit_price(price: UnitPrice, currency: Currency) -> String {
    let sign = match currency {
        Currency::CNY => "¥".to_owned(),
        Currency::EUR => "€".to_owned(),
        Currency::GBP => "£".to_owned(),
        other => format!("{other} "),
    };
    match price.to_string().strip_prefix('-') {
        Some(positive) => format!("-{sign}{positive}"),
        None => format!("{sign}{price}"),
    }
}

/// What a line comes to, for reading: to two places. The total is rounded from what is exact.
fn amount(l: Lang, exact: ExactAmount, currency: Currency) -> String {
    let rounded = exact.rounded(2);
    if rounded.millionths() < 0 {
        let positive = UnitPrice::from_millionths(-rounded.millionths());
        format!("-{}", common::price(l, positive, currency))
    } else {
        common::price(l, rounded, currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chongtu_model::TariffId;
    use chongtu_model::money::{Quantity, TaxRate};
    use chongtu_model::pricing::{Session, SessionPeriod, bill_session, lint};
    use chongtu_model::tariff::{
        IdleFee, PriceComponent, Tariff, TariffElement, TariffRestrictions, TimeBand,
    };

    fn night(until: u16) -> Tariff {
        let energy = PriceComponent {
            vat: Some(TaxRate::from_millionths(100_000)),
            ..PriceComponent::new(PriceDimension::Energy, UnitPrice::from_millionths(863_400))
        };
        let element = TariffElement {
            components: vec![energy],
            restrictions: TariffRestrictions {
                end_minute: Some(until),
                ..TariffRestrictions::default()
            },
            band: Some(TimeBand::Valley),
        };
        let mut tariff = Tariff::new(TariffId::new("t"), Currency::CNY, vec![element]);
        tariff.tax_included = chongtu_model::tariff::TaxIncluded::Yes;
        tariff.idle_fees = vec![IdleFee {
            per_minute: UnitPrice::from_millionths(500_000),
            max: Some(UnitPrice::from_millionths(20_000_000)),
            ..IdleFee::default()
        }];
        tariff
    }

    fn bill(tariff: &Tariff, kwh: &str) -> Bill {
        let zone = TimeZone::shanghai();
        let date = LocalDate::parse("2026-04-15").unwrap();
        let session = Session {
            start: zone.day_start(date),
            periods: vec![
                SessionPeriod::charging(6 * 3600, Quantity::parse(kwh).unwrap()),
                SessionPeriod::parking(3000),
            ],
        };
        bill_session(tariff, &session, &zone)
    }

    #[test]
    fn lines_explain_themselves() {
        let bill = bill(&night(0), "12.3");
        let said = |l| -> Vec<String> {
            let zone = TimeZone::shanghai();
            bill.lines
                .iter()
                .map(|b| line(l, b, Currency::CNY, &zone))
                .chain([total(l, &bill)])
                .collect()
        };
        // 12.3 × 0.8634 = 10.61982; 50 minutes at 0.5 are 25, at most 20.
        assert_eq!(
            said(Lang::Zh),
            [
                "谷段 00:00–06:00 · 电费 12.3 kWh × ¥0.8634 = ¥10.62（含税 10%）",
                "06:00–06:50 · 占位费 50 分钟 × ¥0.50/分钟 = ¥25.00",
                "占位费封顶 (¥20.00) -¥5.00",
                "合计 ¥30.62",
            ]
        );
        assert_eq!(
            said(Lang::En),
            [
                "Off-peak 00:00–06:00 · Energy 12.3 kWh × ¥0.8634 = ¥10.62 (tax 10% included)",
                "06:00–06:50 · Overstay 50 min × ¥0.50/min = ¥25.00",
                "Overstay cap (¥20.00) -¥5.00",
                "Total ¥30.62",
            ]
        );
    }

    #[test]
    fn gaps_are_told_with_their_hours() {
        let tariff = night(4 * 60);
        let bill = bill(&tariff, "12");
        let zone = TimeZone::shanghai();
        let said: Vec<String> = bill
            .findings
            .iter()
            .map(|f| finding(Lang::En, f, &zone))
            .collect();
        assert_eq!(
            said,
            ["04:00–06:00: 4 kWh have no published price and are not counted."]
        );
        let wrong: Vec<String> = lint(&tariff)
            .iter()
            .map(|f| tariff_finding(Lang::Zh, f))
            .collect();
        assert_eq!(
            wrong,
            ["2026-01-01 04:00–24:00 没有电价，按规则视为免费，应为漏填"]
        );
    }

    #[test]
    fn every_finding_has_a_sentence_of_its_own_in_both_languages() {
        let dimension = PriceDimension::Energy;
        let date = LocalDate::from_days(0);
        let (from_minute, to_minute) = (60, 120);
        let all = [
            TariffFinding::NoPrices,
            TariffFinding::Gap {
                date,
                from_minute,
                to_minute,
            },
            TariffFinding::Overlap {
                first: 0,
                second: 1,
                dimension,
                date,
                from_minute,
                to_minute,
            },
            TariffFinding::Hidden {
                element: 0,
                dimension,
            },
            TariffFinding::NeverHolds { element: 0 },
            TariffFinding::SecondComponent {
                element: 0,
                dimension,
            },
            TariffFinding::NegativePrice {
                element: 0,
                dimension,
            },
            TariffFinding::NotOnTheClock { element: 0 },
            TariffFinding::IdleNeverHolds { fee: 0 },
            TariffFinding::LimitsCrossed,
            TariffFinding::NeverValid,
        ];
        for l in [Lang::Zh, Lang::En] {
            let said: std::collections::BTreeSet<String> =
                all.iter().map(|f| tariff_finding(l, f)).collect();
            assert_eq!(said.len(), all.len());
            // Elements are counted from 1.
            assert!(
                said.iter()
                    .all(|s| !s.contains("element 0") && !s.contains("第 0"))
            );
        }
    }
}
