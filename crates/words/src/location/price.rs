//! What charging costs: prices by the hour, parking, overstay.

use super::in_time;
use crate::{Lang, common};
use chongtu_model::pricing::EnergyPrice;
use chongtu_model::tariff::{IdleFee, ParkingFee, ParkingWaiver, PriceDimension, TimeBand};
use chongtu_model::{Currency, UnitPrice};

words! {
    /// Heading: prices of today.
    today_title = "今日电价", "Price today";
    /// Heading: prices of tomorrow.
    tomorrow_title = "明日电价", "Price tomorrow";
    /// Button: today.
    today = "今天", "Today";
    /// Button: tomorrow.
    tomorrow = "明天", "Tomorrow";
    /// Name of the choice of a day.
    which_day = "日期", "Day";
    /// Name of the choice of a tariff.
    which_tariff = "计价方式", "Tariff";
    /// What the prices are for.
    unit = "每 kWh，含服务费", "per kWh incl. service";
    /// What the prices are for, where no service fee is told.
    unit_energy = "每 kWh", "per kWh";
    /// Button: the table behind the chart.
    table = "明细", "Details";
    /// Column: hours.
    column_hours = "时间", "Hours";
    /// Column: what the operator calls these hours.
    column_band = "时段", "Period";
    /// It costs the same at all hours.
    same_all_day = "全天同价", "Same all day";
    /// Energy costs nothing.
    free = "充电免费", "Free charging";
    /// Something else than energy is paid for.
    not_by_energy = "不按电量计费", "Not priced by energy";
    /// The tariff does not hold.
    not_valid = "此价格现在无效", "This tariff is not valid now";
    /// It is not known.
    gap = "未公布", "Not published";
    /// Name of the chart.
    chart = "按小时电价", "Price by the hour";
    /// The price changes with the session.
    by_session = "价格随电量、功率或时长变化，这里是起始价格。", "Prices change with energy, power or time; these are for the start.";
    /// Heading: overstay.
    idle = "占位", "Overstay";
    /// There is no fee for overstay.
    idle_none = "未公布占位费", "No overstay fee published";
    /// Heading: the least price of a session.
    min_price = "最低消费", "Minimum charge";
    /// Heading: the highest price of a session.
    max_price = "封顶", "Maximum charge";
    /// Heading: time.
    time = "时长费", "Time fee";
    /// Heading: time without charging.
    parking_time = "未充电停留", "Time not charging";
    /// Heading: a fee once.
    once = "每次", "Per session";
    /// Between parts of a sentence.
    comma = "，", ", ";
    /// Between sentences of one fact.
    semicolon = "；", "; ";
    /// It does not hold always.
    varies = "视情况", "may vary";
}

/// What the operator calls these hours.
pub const fn band(l: Lang, band: TimeBand) -> &'static str {
    match band {
        TimeBand::Sharp => l.pick("尖峰", "Super-peak"),
        TimeBand::Peak => l.pick("峰段", "Peak"),
        TimeBand::Flat => l.pick("平段", "Shoulder"),
        TimeBand::Valley => l.pick("谷段", "Off-peak"),
        TimeBand::DeepValley => l.pick("深谷", "Super off-peak"),
    }
}

/// The same in one word, for the legend.
pub const fn band_short(l: Lang, name: TimeBand) -> &'static str {
    match name {
        TimeBand::Sharp => l.pick("尖", "Super-peak"),
        TimeBand::Peak => l.pick("峰", "Peak"),
        TimeBand::Flat => l.pick("平", "Shoulder"),
        TimeBand::Valley => l.pick("谷", "Off-peak"),
        TimeBand::DeepValley => l.pick("深谷", "Super off-peak"),
    }
}

/// The price of a kWh, or why there is none: `¥1.14`, `未公布`.
pub fn energy_price(l: Lang, price: &EnergyPrice, currency: Currency) -> String {
    match price {
        EnergyPrice::Priced(p) => common::price(l, p.sum(), currency),
        EnergyPrice::Free => free(l).to_owned(),
        EnergyPrice::NotByEnergy => not_by_energy(l).to_owned(),
        EnergyPrice::Gap => gap(l).to_owned(),
        EnergyPrice::NotValid => not_valid(l).to_owned(),
    }
}

/// The label of the line that marks now: `现在 平段 ¥1.14`.
pub fn now_label(l: Lang, price: &EnergyPrice, currency: Currency) -> String {
    format!("{} {}", l.pick("现在", "Now"), banded(l, price, currency))
}

/// A price with the name of its hours: `平段 ¥1.14`.
pub fn banded(l: Lang, price: &EnergyPrice, currency: Currency) -> String {
    let said = energy_price(l, price, currency);
    match price {
        EnergyPrice::Priced(p) => match p.band {
            Some(name) => format!("{} {said}", band(l, name)),
            None => said,
        },
        _ => said,
    }
}

/// The same at an hour: `14:00–15:00 平段 ¥1.14`.
pub fn at_hours(l: Lang, hours: &str, price: &EnergyPrice, currency: Currency) -> String {
    format!("{hours} {}", banded(l, price, currency))
}

/// What a price is made of: `电费 0.739 + 服务费 0.40`.
pub fn parts(l: Lang, energy: Option<UnitPrice>, service: Option<UnitPrice>) -> Option<String> {
    let (energy, service) = (energy?, service?);
    Some(match l {
        Lang::Zh => format!("电费 {energy} + 服务费 {service}"),
        Lang::En => format!("energy {energy} + service {service}"),
    })
}

/// The next change of price: `38 分钟后转峰段`; without a name of the hours, to which price.
pub fn changes(l: Lang, seconds: i64, to: &EnergyPrice, currency: Currency) -> String {
    let when = in_time(l, seconds);
    let name = match to {
        EnergyPrice::Priced(p) => p.band.map(|b| band(l, b)),
        _ => None,
    };
    match (l, name) {
        (Lang::Zh, Some(name)) => format!("{when}转{name}"),
        (Lang::Zh, None) => format!("{when} {}", energy_price(l, to, currency)),
        (Lang::En, Some(name)) => format!("{name} {when}"),
        (Lang::En, None) => format!("{} {when}", energy_price(l, to, currency)),
    }
}

/// When a kWh costs least: `最便宜 明天 02:00–06:00 ¥0.86`.
pub fn cheapest(l: Lang, hours: &str, price: &str) -> String {
    match l {
        Lang::Zh => format!("最便宜 {hours} {price}"),
        Lang::En => format!("Cheapest {hours}: {price}"),
    }
}

/// It costs least now.
pub fn cheapest_now(l: Lang, until: &str, price: &str) -> String {
    match l {
        Lang::Zh => format!("现在最便宜，到 {until}，{price}"),
        Lang::En => format!("Cheapest now, until {until}: {price}"),
    }
}

/// From one time to another, as they are said.
pub fn from_to(_l: Lang, from: &str, to: &str) -> String {
    format!("{from}–{to}")
}

/// Hours without a price: `02:00–04:00 未公布`.
pub fn gaps(l: Lang, hours: &[String]) -> String {
    match l {
        Lang::Zh => format!("{} 未公布价格", hours.join("、")),
        Lang::En => format!("No price published for {}", hours.join(", ")),
    }
}

/// The service fee in the legend.
pub fn service_legend(l: Lang, price: &str) -> String {
    match l {
        Lang::Zh => format!("服务费 {price}"),
        Lang::En => format!("Service {price}"),
    }
}

/// Minutes for free: `首小时`, `15 分钟`.
fn minutes(l: Lang, n: u16) -> String {
    match (l, n) {
        (Lang::Zh, n) if n >= 60 && n.is_multiple_of(60) => format!("{} 小时", n / 60),
        (Lang::Zh, n) => format!("{n} 分钟"),
        (Lang::En, 60) => "hour".to_owned(),
        (Lang::En, n) if n > 60 && n.is_multiple_of(60) => format!("{} hours", n / 60),
        (Lang::En, n) => format!("{n} min"),
    }
}

/// What the place to stand costs, in full.
pub fn parking_fee(l: Lang, fee: &ParkingFee, currency: Currency) -> String {
    let waiver = match (l, fee.waiver) {
        (_, ParkingWaiver::Unknown) => String::new(),
        (_, ParkingWaiver::Free) => l.pick("免费", "Free").to_owned(),
        (_, ParkingWaiver::Paid) if fee.per_hour.is_some() => String::new(),
        (_, ParkingWaiver::Paid) => l.pick("收费", "Paid").to_owned(),
        (Lang::Zh, ParkingWaiver::FreeMinutes(60)) => "首小时免费".to_owned(),
        (Lang::Zh, ParkingWaiver::FreeMinutes(n)) => format!("前 {}免费", minutes(l, n)),
        (Lang::En, ParkingWaiver::FreeMinutes(n)) => format!("First {} free", minutes(l, n)),
        (Lang::Zh, ParkingWaiver::WhenCharging(Some(60))) => "充电首小时免费".to_owned(),
        (Lang::Zh, ParkingWaiver::WhenCharging(Some(n))) => {
            format!("充电可免 {}", minutes(l, n))
        }
        (Lang::En, ParkingWaiver::WhenCharging(Some(n))) => {
            format!("First {} free when charging", minutes(l, n))
        }
        (_, ParkingWaiver::WhenCharging(None)) => {
            l.pick("充电期间免费", "Free while charging").to_owned()
        }
        (_, ParkingWaiver::FreeForATime) => l.pick("限时免费", "Free for a time").to_owned(),
        (_, ParkingWaiver::WhenChargingForATime) => l
            .pick("充电限时免费", "Free for a time when charging")
            .to_owned(),
    };
    let rate = fee.per_hour.map(|p| {
        let price = common::price(l, p, currency);
        let step = match (l, fee.step_s) {
            (_, 0) => String::new(),
            (Lang::Zh, 3600) => "（不足 1 小时按 1 小时）".to_owned(),
            (Lang::En, 3600) => " (every hour begun)".to_owned(),
            (Lang::Zh, s) => format!("（每 {} 分钟计）", s / 60),
            (Lang::En, s) => format!(" (every {} min begun)", s / 60),
        };
        match l {
            Lang::Zh => format!("{price}/小时{step}"),
            Lang::En => format!("{price}/h{step}"),
        }
    });
    let most = fee.max.map(|p| most(l, p, currency));
    let is_free = matches!(fee.waiver, ParkingWaiver::Free);
    let then = match rate {
        Some(rate) if !waiver.is_empty() && !is_free => match l {
            Lang::Zh => Some(format!("之后 {rate}")),
            Lang::En => Some(format!("then {rate}")),
        },
        Some(_) if is_free => None,
        rate => rate,
    };
    join(l, [Some(waiver).filter(|w| !w.is_empty()), then, most])
}

/// What standing on after charging costs.
pub fn idle_fee(l: Lang, fee: &IdleFee, currency: Currency) -> String {
    let rate = common::price(l, fee.per_minute, currency);
    let main = match (l, fee.free_minutes) {
        (Lang::Zh, 0) => format!("充完即计 {rate}/分钟"),
        (Lang::Zh, n) => format!("充完 {n} 分钟后 {rate}/分钟"),
        (Lang::En, 0) => format!("{rate}/min once charging ends"),
        (Lang::En, n) => format!("{rate}/min from {n} min after charging ends"),
    };
    let hours = (fee.start_minute.is_some() || fee.end_minute.is_some()).then(|| {
        let end = fee.end_minute.filter(|&m| m > 0).unwrap_or(1440);
        let (from, to) = (fee.start_minute.unwrap_or(0), end);
        format!("{}–{}", super::clock(from), super::clock(to))
    });
    let full = fee.per_minute_when_full.map(|p| {
        let price = common::price(l, p, currency);
        match l {
            Lang::Zh => format!("车位已满时 {price}/分钟"),
            Lang::En => format!("{price}/min while the site is full"),
        }
    });
    let most = fee.max.map(|p| most(l, p, currency));
    join(l, [hours, Some(main), full, most])
}

fn most(l: Lang, price: UnitPrice, currency: Currency) -> String {
    let price = common::price(l, price, currency);
    match l {
        Lang::Zh => format!("最多 {price}"),
        Lang::En => format!("at most {price}"),
    }
}

fn join<const N: usize>(l: Lang, parts: [Option<String>; N]) -> String {
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(l.pick("，", ", "))
}

/// What else is paid for, and per what.
pub const fn other(l: Lang, dimension: PriceDimension) -> (&'static str, &'static str) {
    let hour = l.pick("/小时", "/h");
    match dimension {
        PriceDimension::Time => (time(l), hour),
        PriceDimension::ParkingTime => (parking_time(l), hour),
        PriceDimension::Flat => (once(l), ""),
        PriceDimension::Energy => (l.pick("电费", "Energy"), "/kWh"),
        PriceDimension::Service => (l.pick("服务费", "Service fee"), "/kWh"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn price(text: &str) -> UnitPrice {
        UnitPrice::parse(text).unwrap()
    }

    #[test]
    fn parking_says_what_is_free_and_what_is_not() {
        let fee = |waiver, per_hour: Option<&str>, step_s, max: Option<&str>| ParkingFee {
            waiver,
            per_hour: per_hour.map(price),
            step_s,
            max: max.map(price),
        };
        for (fee, zh, en) in [
            (fee(ParkingWaiver::Free, None, 0, None), "免费", "Free"),
            (
                fee(ParkingWaiver::WhenCharging(Some(60)), Some("10"), 0, None),
                "充电首小时免费，之后 ¥10.00/小时",
                "First hour free when charging, then ¥10.00/h",
            ),
            (
                fee(ParkingWaiver::FreeMinutes(15), Some("6"), 3600, Some("30")),
                "前 15 分钟免费，之后 ¥6.00/小时（不足 1 小时按 1 小时），最多 ¥30.00",
                "First 15 min free, then ¥6.00/h (every hour begun), at most ¥30.00",
            ),
            (
                fee(ParkingWaiver::Paid, Some("8"), 1800, None),
                "¥8.00/小时（每 30 分钟计）",
                "¥8.00/h (every 30 min begun)",
            ),
            (fee(ParkingWaiver::Paid, None, 0, None), "收费", "Paid"),
        ] {
            let said = |l| parking_fee(l, &fee, Currency::CNY);
            assert_eq!((said(Lang::Zh), said(Lang::En)), (zh.into(), en.into()));
        }
    }

    #[test]
    fn overstay_with_its_free_minutes_and_its_cap() {
        let fee = IdleFee {
            per_minute: price("0.5"),
            free_minutes: 15,
            max: Some(price("30")),
            start_minute: Some(480),
            ..IdleFee::default()
        };
        assert_eq!(
            idle_fee(Lang::Zh, &fee, Currency::CNY),
            "08:00–24:00，充完 15 分钟后 ¥0.50/分钟，最多 ¥30.00"
        );
    }
}
