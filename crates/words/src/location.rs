//! Words of the location sheet: chargers, hours, ways in, places nearby. What charging costs
//! stands in [`price`], an estimated bill in [`bill`].

use crate::{Lang, common};
use chongtu_model::provenance::Datum;
use chongtu_model::{FourWay, Status};

pub mod bill;
pub mod price;

words! {
    /// Heading: how to get in.
    access = "进站", "Getting in";
    /// Heading: the level it stands on.
    floor = "楼层", "Level";
    /// Heading: the highest vehicle that gets in.
    height_limit = "限高", "Height limit";
    /// Heading: who runs it.
    operator = "运营商", "Operator";
    /// Heading: whom to call.
    phone = "电话", "Phone";
    /// Heading: other places near this one.
    nearby = "附近可替代", "Nearby alternatives";
    /// There is no other place near this one.
    nearby_none = "20 km 内没有其他合适的电站。", "No other suitable site within 20 km.";
    /// What the places nearby have in common: a connector of the chosen car.
    nearby_my_car = "适配我的车", "Fit my car";
    /// What the places nearby have in common: a connector of the filter.
    nearby_filter = "符合筛选的接口", "Connectors as filtered";
    /// What the places nearby have in common: a connector of this one.
    nearby_same = "接口相同", "Same connectors";
    /// Button: keep as a favourite.
    favourite = "收藏", "Add to favourites";
    /// It is now a favourite.
    favourite_added = "已收藏", "Added to favourites";
    /// It is no longer a favourite.
    favourite_removed = "已取消收藏", "Removed from favourites";
    /// Button: share.
    share = "分享", "Share";
    /// Button: the whole of a long name.
    whole_name = "展开全名", "Show full name";
    /// Button: a long name in short.
    short_name = "收起", "Show less";
    /// Heading: every charger by itself, folded away.
    one_by_one = "逐个查看", "One by one";
    /// An EVSE can be reserved.
    reservable = "可预约", "Reservable";
    /// An EVSE can feed the grid.
    v2g = "V2G 放电", "V2G";
    /// An EVSE shares its power.
    shares_power = "共享功率", "Shared power";
    /// What shared power means.
    shares_power_text = "相邻的桩同时充电时，功率会低于标称。", "When neighbours charge too, each gives less than stated.";
    /// Every connector here fits the chosen car.
    all_fit = "均适配我的车", "all fit my car";
    /// No connector here fits the chosen car.
    none_fit = "没有适配我的车的接口", "none fits my car";
    /// Heading: the position.
    position = "坐标", "Coordinates";
}

/// What one EVSE is doing, as exactly as the source said it, and unknown where that is too old.
pub const fn evse_status(l: Lang, status: Status, shown: FourWay) -> &'static str {
    match (shown, status) {
        (FourWay::Occupied, Status::Charging) => l.pick("充电中", "Charging"),
        (FourWay::Occupied, Status::Reserved) => l.pick("已预约", "Reserved"),
        (FourWay::Occupied, Status::Blocked) => l.pick("被占位", "Blocked"),
        (FourWay::OutOfOrder, Status::Inoperative) => l.pick("停用", "Off"),
        _ => common::status(l, shown),
    }
}

/// The number of chargers, and how many fit the chosen car.
pub fn evses_fit(l: Lang, n: usize, fit: usize) -> String {
    let said = match (l, fit) {
        (_, 0) => none_fit(l).to_owned(),
        _ if fit == n => all_fit(l).to_owned(),
        (Lang::Zh, _) => format!("{fit} 个适配我的车"),
        (Lang::En, 1) => "1 fits my car".to_owned(),
        (Lang::En, _) => format!("{fit} fit my car"),
    };
    match l {
        Lang::Zh => format!("{n} 个，{said}"),
        Lang::En => format!("{n}, {said}"),
    }
}

/// The number of chargers.
pub fn evses_count(l: Lang, n: usize) -> String {
    match l {
        Lang::Zh => format!("{n} 个"),
        Lang::En => n.to_string(),
    }
}

/// A height in metres: `2.1 m`.
pub fn height(_l: Lang, cm: u16) -> String {
    format!("{}.{} m", cm / 100, cm % 100 / 10)
}

/// A minute of the day on the clock; 1440 is 24:00.
pub fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// A day as seen from today, in front of a time; nothing for today.
pub const fn day(l: Lang, days_ahead: i64, weekday: u8) -> &'static str {
    match days_ahead {
        0 => "",
        1 => l.pick("明天", "tomorrow"),
        _ => common::weekday(l, weekday),
    }
}

/// A time of a day that may be another one: `明天 02:00`.
pub fn moment(l: Lang, days_ahead: i64, weekday: u8, minute: u16) -> String {
    match day(l, days_ahead, weekday) {
        "" => clock(minute),
        day => format!("{day} {}", clock(minute)),
    }
}

/// A time of the day after.
pub fn next_day(l: Lang, minute: u16) -> String {
    match l {
        Lang::Zh => format!("次日 {}", clock(minute)),
        Lang::En => format!("{} (next day)", clock(minute)),
    }
}

/// In how long, `38 分钟后`.
pub fn in_time(l: Lang, seconds: i64) -> String {
    let minutes = (seconds + 59) / 60;
    match (l, minutes < 90) {
        (Lang::Zh, true) => format!("{minutes} 分钟后"),
        (Lang::Zh, false) => match minutes % 60 {
            0 => format!("{} 小时后", minutes / 60),
            rest => format!("{} 小时 {rest} 分后", minutes / 60),
        },
        (Lang::En, true) => format!("in {minutes} min"),
        (Lang::En, false) => format!("in {} h {} min", minutes / 60, minutes % 60),
    }
}

/// A blank stands between a clock and a Chinese word, none between two words.
fn gap(before: &str) -> &'static str {
    if before.ends_with(|c: char| c.is_ascii()) {
        " "
    } else {
        ""
    }
}

/// When it closes.
pub fn closes(l: Lang, when: &str) -> String {
    match l {
        Lang::Zh => format!("{when}{}关门", gap(when)),
        Lang::En => format!("closes {when}"),
    }
}

/// When it opens.
pub fn opens(l: Lang, when: &str) -> String {
    match l {
        Lang::Zh => format!("{when}{}开门", gap(when)),
        Lang::En => format!("opens {when}"),
    }
}

/// Where the position comes from: a note beside the coordinates.
pub fn datum(l: Lang, datum: Datum) -> &'static str {
    match datum {
        Datum::Wgs84 => "WGS-84",
        Datum::Gcj02 => l.pick("WGS-84，由 GCJ-02 换算", "WGS-84, converted from GCJ-02"),
        Datum::Bd09 => l.pick("WGS-84，由 BD-09 换算", "WGS-84, converted from BD-09"),
    }
}

/// What one reads aloud of a place nearby.
pub fn nearby_price(l: Lang, price: &str, differ: bool) -> String {
    match (l, differ) {
        (_, false) => price.to_owned(),
        (Lang::Zh, true) => format!("{price} 起"),
        (Lang::En, true) => format!("from {price}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_to_come() {
        for (s, zh, en) in [
            (1, "1 分钟后", "in 1 min"),
            (2_280, "38 分钟后", "in 38 min"),
            (5_340, "89 分钟后", "in 89 min"),
            (5_400, "1 小时 30 分后", "in 1 h 30 min"),
            (7_200, "2 小时后", "in 2 h 0 min"),
        ] {
            assert_eq!(
                (in_time(Lang::Zh, s), in_time(Lang::En, s)),
                (zh.into(), en.into())
            );
        }
        assert_eq!(moment(Lang::Zh, 1, 7, 120), "明天 02:00");
        assert_eq!(moment(Lang::En, 0, 7, 1440), "24:00");
        assert_eq!(moment(Lang::En, 3, 2, 61), "Tue 01:01");
    }

    #[test]
    fn a_stale_word_is_not_repeated() {
        assert_eq!(
            evse_status(Lang::Zh, Status::Charging, FourWay::Unknown),
            "未知"
        );
        assert_eq!(
            evse_status(Lang::Zh, Status::Charging, FourWay::Occupied),
            "充电中"
        );
        assert_eq!(
            evse_status(Lang::En, Status::Inoperative, FourWay::OutOfOrder),
            "Off"
        );
    }

    #[test]
    fn heights_in_metres() {
        assert_eq!(
            [height(Lang::Zh, 210), height(Lang::Zh, 205)],
            ["2.1 m", "2.0 m"]
        );
    }
}
