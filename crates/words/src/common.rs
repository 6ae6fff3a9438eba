//! Words that every view uses: names of things, units, status, ages.

use crate::Lang;
use chongtu_model::location::{Facility, LocationKind, ParkingCost, PlaceKind};
use chongtu_model::{ConnectorStandard, Currency, FourWay, StatusCounts, UnitPrice};

words! {
    /// The product's name.
    app_name = "充途", "Chongtu";
    /// The mark beside invented data.
    demonstration = "演示", "Demo";
    /// The mark for a region of invented data.
    demonstration_data = "演示数据", "Demo data";
    /// Tab: the map.
    tab_map = "地图", "Map";
    /// Tab: the planner.
    tab_plan = "规划", "Plan";
    /// Tab: preferences.
    tab_me = "我的", "Me";
    /// Name of the tabs.
    tabs = "主导航", "Main";
    /// First link of the page.
    skip_to_content = "跳到内容", "Skip to content";
    /// Button: switch to the other language, named in it.
    other_language = "English", "中文";
    /// Button: close.
    close = "关闭", "Close";
    /// Button: back to the map.
    back_to_map = "返回地图", "Back to the map";
    /// Button: try again.
    try_again = "重试", "Try again";
    /// No such page.
    not_found_title = "没有这个页面", "There is no such page";
    /// No such page: what now.
    not_found_text = "链接可能写错了，或页面已经移走。", "The link may be mistyped, or the page has moved.";
    /// Direct current.
    dc = "直流", "DC";
    /// Alternating current.
    ac = "交流", "AC";
    /// The connector is not known.
    connector_unknown = "接口未知", "Connector unknown";
    /// The power is not known.
    power_unknown = "功率未知", "Power unknown";
    /// There is no price.
    price_unknown = "未公布", "Not published";
    /// Status of unknown age.
    age_unknown = "更新时间未知", "Age unknown";
    /// The device has no network.
    offline = "当前离线：地图和规划照常可用，状态可能已过时。", "You are offline: map and planner still work; status may be out of date.";
}

/// One word for a status.
pub const fn status(l: Lang, status: FourWay) -> &'static str {
    match status {
        FourWay::Free => l.pick("空闲", "Free"),
        FourWay::Occupied => l.pick("占用", "In use"),
        FourWay::OutOfOrder => l.pick("故障", "Out of order"),
        FourWay::Unknown => l.pick("未知", "Unknown"),
    }
}

/// A sentence for the status of all EVSEs of a place: `空闲 3 / 6`.
pub fn status_counts(l: Lang, counts: &StatusCounts) -> String {
    let total = counts.total();
    let word = status(l, counts.summary());
    match counts.summary() {
        FourWay::Free | FourWay::Occupied => format!("{word} {}/{total}", counts.free),
        FourWay::OutOfOrder => word.to_owned(),
        FourWay::Unknown if total == 0 => word.to_owned(),
        FourWay::Unknown => format!("{word} ?/{total}"),
    }
}

/// A span of time: minutes below 90, then hours and minutes.
pub fn duration(_l: Lang, seconds: f64) -> String {
    let minutes = (seconds / 60.0).round() as i64;
    if minutes < 90 {
        format!("{minutes} min")
    } else {
        format!("{} h {} min", minutes / 60, minutes % 60)
    }
}

/// A distance: metres below 1 km, then kilometres with one place below 10.
pub fn distance(_l: Lang, meters: f64) -> String {
    if meters < 950.0 {
        format!("{} m", ((meters / 10.0).round() * 10.0) as i64)
    } else if meters < 9_950.0 {
        format!("{:.1} km", meters / 1000.0)
    } else {
        format!("{:.0} km", meters / 1000.0)
    }
}

/// How long ago something was said, in one unit.
pub fn age(l: Lang, seconds: i64) -> String {
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    match l {
        Lang::Zh if minutes < 1 => "刚刚".to_owned(),
        Lang::Zh if minutes < 60 => format!("{minutes} 分钟前"),
        Lang::Zh if hours < 24 => format!("{hours} 小时前"),
        Lang::Zh => format!("{days} 天前"),
        Lang::En if minutes < 1 => "just now".to_owned(),
        Lang::En if minutes < 60 => format!("{minutes} min ago"),
        Lang::En if hours < 24 => format!("{hours} h ago"),
        Lang::En if days == 1 => "1 day ago".to_owned(),
        Lang::En => format!("{days} days ago"),
    }
}

/// A connector by the name people use.
pub const fn connector(l: Lang, standard: ConnectorStandard) -> &'static str {
    match standard {
        ConnectorStandard::GbtAc => l.pick("国标交流", "GB/T AC"),
        ConnectorStandard::GbtDc => l.pick("国标直流", "GB/T DC"),
        ConnectorStandard::Chaoji => "ChaoJi",
        ConnectorStandard::Chademo => "CHAdeMO",
        ConnectorStandard::Iec62196T1 => "Type 1",
        ConnectorStandard::Iec62196T1Combo => "CCS1",
        ConnectorStandard::Iec62196T2 => "Type 2",
        ConnectorStandard::Iec62196T2Combo => "CCS2",
        ConnectorStandard::TeslaS => "Tesla",
        ConnectorStandard::SaeJ3400 => "NACS",
        ConnectorStandard::Domestic => l.pick("家用插座", "Household socket"),
    }
}

/// A power at the plug: `120 kW`, `3.5 kW`.
pub fn power(_l: Lang, watts: u32) -> String {
    if watts.is_multiple_of(1000) {
        format!("{} kW", watts / 1000)
    } else {
        format!("{:.1} kW", f64::from(watts) / 1000.0)
    }
}

/// A price with two places, without its unit: `¥1.13`.
pub fn price(_l: Lang, price: UnitPrice, currency: Currency) -> String {
    let sign = match currency {
        Currency::CNY => "¥".to_owned(),
        Currency::EUR => "€".to_owned(),
        Currency::GBP => "£".to_owned(),
        other => format!("{other} "),
    };
    // Half up on the exact millionths, not on a float.
    let cents = (price.millionths() + 5_000).div_euclid(10_000);
    format!("{sign}{}.{:02}", cents / 100, cents.rem_euclid(100))
}

/// For whom a location is.
pub const fn kind(l: Lang, kind: LocationKind) -> &'static str {
    match kind {
        LocationKind::Public => l.pick("公共", "Public"),
        LocationKind::DepotPublicHours => l.pick("场站限时开放", "Depot, public hours"),
        LocationKind::PrivateShared => l.pick("私桩共享", "Private, shared"),
        LocationKind::BatterySwap => l.pick("换电", "Battery swap"),
        LocationKind::Hydrogen => l.pick("加氢", "Hydrogen"),
    }
}

/// What kind of place a location stands at.
pub const fn place(l: Lang, place: PlaceKind) -> &'static str {
    match place {
        PlaceKind::ServiceArea => l.pick("高速服务区", "Service area"),
        PlaceKind::Roadside => l.pick("路边", "Roadside"),
        PlaceKind::ParkAndRide => l.pick("换乘停车场", "Park and ride"),
        PlaceKind::Mall => l.pick("商场", "Mall"),
        PlaceKind::Residential => l.pick("小区", "Residential"),
        PlaceKind::LampPost => l.pick("灯杆", "Lamp post"),
        PlaceKind::PetrolStation => l.pick("加油站", "Petrol station"),
        PlaceKind::Depot => l.pick("场站", "Depot"),
        PlaceKind::Office => l.pick("单位园区", "Office"),
        PlaceKind::Hotel => l.pick("酒店", "Hotel"),
        PlaceKind::Station => l.pick("交通枢纽", "Transport hub"),
        PlaceKind::Other => l.pick("其他", "Other"),
    }
}

/// What else is at a location.
pub const fn facility(l: Lang, facility: Facility) -> &'static str {
    match facility {
        Facility::Toilets => l.pick("卫生间", "Toilets"),
        Facility::Restaurant => l.pick("餐厅", "Restaurant"),
        Facility::Cafe => l.pick("咖啡", "Café"),
        Facility::Shop => l.pick("便利店", "Shop"),
        Facility::Wifi => l.pick("无线网络", "Wi-Fi"),
        Facility::Hotel => l.pick("酒店", "Hotel"),
        Facility::CarWash => l.pick("洗车", "Car wash"),
    }
}

/// What parking costs.
pub const fn parking(l: Lang, cost: ParkingCost) -> &'static str {
    match cost {
        ParkingCost::Free => l.pick("停车免费", "Free parking"),
        ParkingCost::FreeWhileCharging => l.pick("充电期间停车免费", "Free while charging"),
        ParkingCost::Paid => l.pick("停车收费", "Paid parking"),
    }
}

/// A weekday by its number (1 = Monday).
pub const fn weekday(l: Lang, number: u8) -> &'static str {
    match number {
        1 => l.pick("周一", "Mon"),
        2 => l.pick("周二", "Tue"),
        3 => l.pick("周三", "Wed"),
        4 => l.pick("周四", "Thu"),
        5 => l.pick("周五", "Fri"),
        6 => l.pick("周六", "Sat"),
        _ => l.pick("周日", "Sun"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_in_one_unit() {
        for (s, zh, en) in [
            (0, "刚刚", "just now"),
            (59, "刚刚", "just now"),
            (120, "2 分钟前", "2 min ago"),
            (3_599, "59 分钟前", "59 min ago"),
            (3_600, "1 小时前", "1 h ago"),
            (86_400, "1 天前", "1 day ago"),
            (200_000, "2 天前", "2 days ago"),
        ] {
            assert_eq!(
                (age(Lang::Zh, s).as_str(), age(Lang::En, s).as_str()),
                (zh, en)
            );
        }
    }

    #[test]
    fn prices_are_rounded_half_up_from_exact_millionths() {
        for (text, shown) in [
            ("1.0358", "¥1.04"),
            ("1.135", "¥1.14"),
            ("1.1349", "¥1.13"),
            ("0.005", "¥0.01"),
            ("2", "¥2.00"),
        ] {
            let exact = UnitPrice::parse(text).unwrap();
            assert_eq!(price(Lang::Zh, exact, Currency::CNY), shown, "{text}");
        }
    }

    #[test]
    fn status_never_calls_unknown_free() {
        let counts = |free, occupied, out_of_order, unknown| StatusCounts {
            free,
            occupied,
            out_of_order,
            unknown,
        };
        for (c, words) in [
            (counts(3, 3, 0, 0), "空闲 3/6"),
            (counts(0, 8, 0, 0), "占用 0/8"),
            (counts(0, 0, 0, 6), "未知 ?/6"),
            (counts(0, 0, 2, 0), "故障"),
            (counts(0, 0, 0, 0), "未知"),
        ] {
            assert_eq!(status_counts(Lang::Zh, &c), words);
        }
    }

    #[test]
    fn powers_and_distances() {
        assert_eq!(power(Lang::En, 120_000), "120 kW");
        assert_eq!(power(Lang::En, 3_500), "3.5 kW");
        for (m, shown) in [
            (0.0, "0 m"),
            (944.0, "940 m"),
            (951.0, "1.0 km"),
            (9_949.0, "9.9 km"),
            (9_951.0, "10 km"),
        ] {
            assert_eq!(distance(Lang::Zh, m), shown);
        }
    }
}
