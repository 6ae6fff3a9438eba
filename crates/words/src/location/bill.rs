//! What a charge would cost, and the lines that explain it.

use crate::{Lang, common};
use chongtu_model::UnitPrice;
use chongtu_model::money::{Amount, ExactAmount};
use chongtu_model::pricing::{BillFinding, BillLine, LineKind, Measure};

words! {
    /// Heading: what a charge costs.
    title = "充一次多少钱", "What a charge costs";
    /// Name of the choice of how much.
    how_much = "充多少", "How much";
    /// Button: the chosen car.
    my_car = "我的车", "My car";
    /// The car's figures are on their way.
    car_loading = "正在读取车型…", "Loading the car…";
    /// The car cannot be plugged in here.
    car_does_not_fit = "接口不适配我的车", "No connector here fits my car";
    /// No such car.
    car_unknown = "没有读到车型数据", "The car's figures did not load";
    /// It is being computed.
    computing = "正在计算…", "Computing…";
    /// It cannot be said.
    unknown = "价格未公布，无法估算。", "No price is published: there is no estimate.";
    /// Heading: the bill.
    lines = "账单明细", "The bill, line by line";
    /// Heading: the sum.
    total = "合计", "Total";
    /// Column: for what.
    column_what = "项目", "Item";
    /// Column: how much.
    column_amount = "金额", "Amount";
}

/// So many kWh, as a button.
pub fn kwh(_l: Lang, n: u32) -> String {
    format!("{n} kWh")
}

/// What is charged: `充 30 kWh（从现在）`.
pub fn charging(l: Lang, energy: &str) -> String {
    match l {
        Lang::Zh => format!("充 {energy} kWh（从现在）"),
        Lang::En => format!("{energy} kWh, starting now"),
    }
}

/// From one state of charge to another.
pub fn soc(_l: Lang, from: u32, to: u32) -> String {
    format!("{from} % → {to} %")
}

/// About so much.
pub fn about(l: Lang, what: &str) -> String {
    match l {
        Lang::Zh => format!("约 {what}"),
        Lang::En => format!("about {what}"),
    }
}

/// For how long, roughly: `约 21 分钟`.
pub fn about_time(l: Lang, seconds: u32) -> String {
    let minutes = seconds.div_ceil(60);
    let said = match (l, minutes < 90) {
        (Lang::Zh, true) => format!("{minutes} 分钟"),
        (Lang::Zh, false) => format!("{} 小时 {} 分", minutes / 60, minutes % 60),
        (Lang::En, true) => format!("{minutes} min"),
        (Lang::En, false) => format!("{} h {} min", minutes / 60, minutes % 60),
    };
    about(l, &said)
}

/// What the time assumes: one power.
pub fn at_power(l: Lang, power: &str) -> String {
    match l {
        Lang::Zh => format!("按 {power} 一直充；车不收这么多时会更久。"),
        Lang::En => format!("At {power} throughout; longer if the car takes less."),
    }
}

/// What the time assumes: a car and its curve.
pub fn of_car(l: Lang, car: &str, power: &str) -> String {
    match l {
        Lang::Zh => format!("{car}，按它的充电曲线，最高 {power}。"),
        Lang::En => format!("{car}, along its charging curve, up to {power}."),
    }
}

/// A cheaper time to begin: `02:00 开始约 ¥25.98，省 ¥8.19`.
pub fn later(l: Lang, when: &str, cost: &str, saved: &str) -> String {
    match l {
        Lang::Zh => format!("{when} 开始约 {cost}，省 {saved}"),
        Lang::En => format!("Start {when}: about {cost}, saves {saved}"),
    }
}

/// An amount of money: `¥34.17`.
pub fn amount(l: Lang, amount: Amount) -> String {
    let per_unit = amount.currency.minor_per_unit();
    common::price(
        l,
        UnitPrice::from_millionths(amount.minor.saturating_mul(1_000_000 / per_unit)),
        amount.currency,
    )
}

/// What a line comes to, to the fourth place: lines are not rounded, the total is.
pub fn line_amount(_l: Lang, exact: ExactAmount) -> String {
    exact.rounded(4).to_string()
}

/// For what a line is.
pub const fn line_kind(l: Lang, kind: LineKind) -> &'static str {
    match kind {
        LineKind::Energy => l.pick("电费", "Energy"),
        LineKind::Service => l.pick("服务费", "Service fee"),
        LineKind::Time => l.pick("时长费", "Time fee"),
        LineKind::ParkingTime => l.pick("未充电停留", "Time not charging"),
        LineKind::Flat => l.pick("每次", "Per session"),
        LineKind::ReservationTime => l.pick("预约时长", "Reserved time"),
        LineKind::ReservationFee => l.pick("预约费", "Reservation"),
        LineKind::Idle => l.pick("占位费", "Overstay"),
        LineKind::IdleCap => l.pick("占位费封顶", "Overstay cap"),
        LineKind::Parking => l.pick("停车费", "Parking"),
        LineKind::ParkingCap => l.pick("停车费封顶", "Parking cap"),
        LineKind::MinPrice => l.pick("补足最低消费", "Up to the minimum"),
        LineKind::MaxPrice => l.pick("封顶减免", "Above the maximum"),
    }
}

/// How a line came about: `谷段 02:00–03:10 · 12.3 kWh × 0.8634`.
pub fn line_how(l: Lang, line: &BillLine, hours: &str) -> String {
    let measured = match line.billed {
        Measure::Kwh(q) => {
            // To the Wh: the millionths of a curve say nothing to anybody.
            let thousandths = (q.millionths() + 500).div_euclid(1_000);
            let exact = chongtu_model::money::Quantity::from_millionths(thousandths * 1_000);
            Some(format!("{exact} kWh × {}", line.price))
        }
        Measure::Seconds(s) => Some(format!(
            "{} × {}",
            common::duration(l, f64::from(s)),
            line.price
        )),
        Measure::Once => None,
    };
    let band = line.band.map(|b| super::price::band(l, b));
    let hours = match band {
        Some(band) => format!("{band} {hours}"),
        None => hours.to_owned(),
    };
    match measured {
        Some(measured) => format!("{hours} · {measured}"),
        None => String::new(),
    }
}

/// What makes a sum doubtful.
pub fn finding(l: Lang, finding: &BillFinding) -> String {
    match finding {
        BillFinding::Gap { energy_kwh, .. } => match l {
            Lang::Zh => format!("其中 {energy_kwh} kWh 的价格未公布，未计入。"),
            Lang::En => format!("{energy_kwh} kWh have no published price and are not counted."),
        },
        BillFinding::NotValid => l
            .pick("此价格现在无效。", "This tariff is not valid now.")
            .to_owned(),
        BillFinding::TaxNotKnown => l
            .pick(
                "税另计，税率未公布。",
                "Tax comes on top at a rate that is not published.",
            )
            .to_owned(),
        BillFinding::PowerNotKnown => l
            .pick(
                "价格随功率变化，功率未知。",
                "Prices depend on power, which is not known.",
            )
            .to_owned(),
        BillFinding::ParkingNotKnown => l
            .pick(
                "停车收费，价格未公布，未计入。",
                "Parking is charged at a price that is not published; not counted.",
            )
            .to_owned(),
    }
}
