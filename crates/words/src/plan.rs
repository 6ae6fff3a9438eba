//! Words of the plan view: inputs, results. Failures stand in [`failure`].

pub mod failure;
mod numbers;

pub use numbers::{
    charging_time, connector, cost_or_unknown, kw, kwh, money, percent, percent_range,
};

use crate::Lang;
use crate::common::{distance, duration};
use chongtu_model::StatusCounts;

words! {
    /// Heading of the inputs.
    title = "规划行程", "Plan a trip";
    /// Label of the first place.
    from = "起点", "From";
    /// Label of the last place.
    to = "终点", "To";
    /// What to type for the first place.
    from_hint = "从哪里出发？", "Where from?";
    /// What to type for the last place.
    to_hint = "去哪里？", "Where to?";
    /// Button: exchange from and to.
    swap = "调换起点和终点", "Swap from and to";
    /// Button of a field: choose the place by a tap on the map.
    pick_on_map = "在地图上选点", "Choose on the map";
    /// While choosing the start on the map.
    pick_from = "点按地图，选择起点", "Tap the map to set the start";
    /// While choosing the destination on the map.
    pick_to = "点按地图，选择终点", "Tap the map to set the destination";
    /// How to choose on the map without a pointer.
    pick_keyboard = "用方向键移动地图，按回车选地图中心。", "Arrow keys move the map; press Enter to take its centre.";
    /// Take the device's own position.
    my_position = "我的位置", "My location";
    /// The device's position could not be had.
    no_position = "没能取得位置。请在设置里允许定位，或输入地点。", "Could not get your location. Allow it in the settings, or type a place.";
    /// No suggestion fits.
    no_match = "没有找到。可以换个名字，或输入“纬度,经度”。", "Nothing found. Try another name, or type “latitude,longitude”.";
    /// Name of the list of suggestions.
    suggestions = "候选地点", "Suggestions";
    /// A suggestion that is a charging location.
    kind_location = "电站", "Charging site";
    /// A suggestion that is a junction.
    kind_junction = "枢纽", "Junction";
    /// A suggestion that is a typed position.
    kind_coordinates = "坐标", "Coordinates";
    /// Link: choose another car.
    change_car = "换车", "Change";
    /// Label of the car while none is chosen.
    car = "车型", "Car";
    /// Button while no car is chosen.
    choose_car = "选择车型", "Choose a car";
    /// Heading of the car list.
    cars = "选择车型", "Choose a car";
    /// Where a car's figures come from.
    cars_note = "续航按 110 km/h 匀速、从满电到用尽估算，来自公开数据。", "Range at a steady 110 km/h from full to empty, from public figures.";
    /// The car list cannot be shown yet.
    cars_loading = "正在读取车型…", "Reading cars…";
    /// Label of the charge at the start.
    charge_now = "现在电量", "Charge now";
    /// Short label at the knob of the slider.
    now = "现在", "Now";
    /// Label of the reserve.
    reserve = "保底", "Reserve";
    /// What the reserve means.
    reserve_long = "全程不低于", "Never below";
    /// Label of the least charge at the end.
    arrive_least = "到达至少", "Arrive with at least";
    /// Heading of the folded inputs.
    more = "更多条件", "More";
    /// Label: charging stops here at the latest.
    max_charge = "最多充到", "Charge to at most";
    /// Label of the speed cap.
    max_speed = "车速上限", "Speed limit";
    /// No speed cap.
    no_limit = "不限", "None";
    /// Toggle: also offer slower legs.
    slower = "需要时开慢一点", "Drive slower where it helps";
    /// What that means.
    slower_note = "也比较 110、100、90 km/h，省电可能更快到。", "Also tries 110, 100 and 90 km/h: less charging may be faster overall.";
    /// Label: time lost at each stop beside charging.
    overhead = "每停一次另花", "Extra time per stop";
    /// What that means.
    overhead_note = "下高速、插枪、付款", "Leaving the road, plugging in, paying";
    /// Toggle: assume power and connector where unknown.
    assume = "功率未知的电站也用", "Use sites of unknown power";
    /// What is assumed then.
    assume_note = "未知的按 60 kW、国标直流假设，并逐站标明。", "Assumes 60 kW GB/T DC where unknown, and says so at each stop.";
    /// The primary button.
    plan = "规划路线", "Plan route";
    /// Why the button does nothing yet: no start.
    need_from = "先选起点", "Choose a start first";
    /// Why the button does nothing yet: no destination.
    need_to = "先选终点", "Choose a destination first";
    /// Why the button does nothing yet: no car.
    need_car = "先选车型", "Choose a car first";
    /// Less of a number.
    less = "减少", "Less";
    /// More of a number.
    greater = "增加", "More";
    /// Back to the inputs.
    edit = "改条件", "Edit";
    /// Back.
    back = "返回", "Back";
    /// Cancel.
    cancel = "取消", "Cancel";
    /// While the region's data is still being read.
    waiting_for_data = "正在读取路网和电站…", "Reading roads and sites…";
    /// While the search runs.
    searching = "正在比较路线和充电站…", "Comparing routes and charging stops…";
    /// While the search looks for what would make the trip possible.
    explaining = "这样到不了，正在找可行的改法…", "Not possible like this; looking for changes that work…";
    /// After a cancelled search.
    cancelled = "已取消", "Cancelled";
    /// Plan again.
    again = "重新规划", "Plan again";
    /// Name of the result region.
    result = "规划结果", "Plan";
    /// The fastest plan.
    fastest = "最快", "Fastest";
    /// Heading of the chart.
    charge_along = "沿途电量", "Charge along the way";
    /// Heading of the stops.
    stops_heading = "行程", "The trip";
    /// Driving time.
    drive_time = "行驶", "Driving";
    /// Charging time.
    charge_time = "充电", "Charging";
    /// Time lost at stops.
    overhead_time = "停靠", "Stopping";
    /// Energy used.
    energy = "耗电", "Energy";
    /// Cost.
    cost = "充电费", "Cost";
    /// Charge at the end.
    at_arrival = "到达", "At arrival";
    /// A price that nobody published.
    not_published = "价格未公布", "Price not published";
    /// Between the charge on arrival and that on departure, for a screen reader.
    charged_to = "充至", "charged to";
    /// Power or connector was assumed.
    assumed = "按假设", "Assumed";
    /// Before the name of the backup.
    backup = "备选", "Backup";
    /// No backup in reach.
    no_backup = "到这里时电量够不到别的电站", "No other site in reach with the charge on arrival";
    /// Start of the trip in the list.
    start = "出发", "Start";
    /// End of the trip in the list.
    end = "到达", "Arrive";
    /// Button: copy the link.
    share = "分享", "Share";
    /// The link was copied.
    copied = "链接已复制。行程只在链接里，不经过服务器。", "Link copied. The trip is in the link only; no server sees it.";
    /// The link could not be copied.
    copy_failed = "没能复制，请从地址栏复制链接。", "Could not copy. Please copy the link from the address bar.";
    /// Assume for sites of unknown power, on the result.
    assume_button = "按 60 kW 计入", "Assume 60 kW";
    /// Heading of the folded assumptions.
    assumptions = "这份规划假设了什么", "What this plan assumes";
    /// Assumption: weather.
    assume_weather = "天气温和，不开暖风；没有拥堵。", "Mild weather, no heating; no traffic jams.";
    /// Assumption: prices.
    assume_prices = "只有一口价的电站给出费用；分时电价未计入。", "Costs are given for sites with one price all day; prices by time of day are not counted yet.";
    /// Assumption: status.
    assume_status = "空闲数是现在的，到站时可能不同；没有计入排队。", "Free chargers are as of now and may differ on arrival; queueing is not counted.";
    /// Assumption: demonstration data.
    assume_demo = "演示数据：道路和电站位置大致，运营商、价格和状态是编的。", "Demo data: roads and positions are approximate; operators, prices and status are invented.";
    /// Assumption: on which legs the plan is best.
    assume_exact = "在每段最快的路上，这是总时间最短的充电安排。", "Along the fastest road of each leg, this is the charging that takes the least total time.";
    /// Table alternative to the chart.
    as_table = "看表格", "As a table";
    /// Column: where.
    col_where = "地点", "Where";
    /// Column: kilometres since the start.
    col_km = "里程", "Distance";
    /// Column: charge on arrival.
    col_arrive = "到达", "Arrive";
    /// Column: charge on departure.
    col_leave = "离开", "Leave";
    /// Column: time.
    col_time = "用时", "Time";
    /// Name of the scrub control over the chart.
    scrub = "沿途查看电量", "Look along the way";
    /// A site whose name is not known.
    some_site = "途中电站", "a site on the way";
    /// The way shown along the chart, in the table's caption.
    table_caption = "沿途电量，逐站", "Charge along the way, stop by stop";
}

/// The number of stops: `2 停`.
pub fn stops(l: Lang, n_stops: usize) -> String {
    match (l, n_stops) {
        (Lang::Zh, 0) => "不用充电".to_owned(),
        (Lang::Zh, n) => format!("充电 {n} 次"),
        (Lang::En, 0) => "No charging".to_owned(),
        (Lang::En, 1) => "1 stop".to_owned(),
        (Lang::En, n) => format!("{n} stops"),
    }
}

/// A span as it is said aloud: `3 小时 21 分`.
pub fn spoken_duration(l: Lang, seconds: f64) -> String {
    let minutes = (seconds / 60.0).round() as i64;
    let (h, m) = (minutes / 60, minutes % 60);
    match (l, h, m) {
        (Lang::Zh, 0, m) => format!("{m} 分钟"),
        (Lang::Zh, h, 0) => format!("{h} 小时"),
        (Lang::Zh, h, m) => format!("{h} 小时 {m} 分"),
        (Lang::En, 0, m) => format!("{m} {}", if m == 1 { "minute" } else { "minutes" }),
        (Lang::En, h, m) => {
            let hours = format!("{h} {}", if h == 1 { "hour" } else { "hours" });
            if m == 0 {
                hours
            } else {
                format!("{hours} {m} {}", if m == 1 { "minute" } else { "minutes" })
            }
        }
    }
}

/// The answer in one sentence, for the live region.
pub fn announce_found(l: Lang, total_s: f64, n_stops: usize, arrival_soc: f64) -> String {
    let (time, charge) = (spoken_duration(l, total_s), percent(arrival_soc));
    match (l, n_stops) {
        (Lang::Zh, 0) => format!("找到方案：{time}，不用充电，到达时剩 {charge}。"),
        (Lang::Zh, n) => format!("找到方案：{time}，充电 {n} 次，到达时剩 {charge}。"),
        (Lang::En, 0) => format!("Plan found: {time}, no charging needed, arriving with {charge}."),
        (Lang::En, n) => format!(
            "Plan found: {time}, {n} charging {}, arriving with {charge}.",
            if n == 1 { "stop" } else { "stops" }
        ),
    }
}

/// Heading of the result: `南京 → 上海`.
pub fn from_to(from: &str, to: &str) -> String {
    format!("{from} → {to}")
}

/// Under the heading of the result: `小鹏 G6 · 40% 出发`.
pub fn leaving_with(l: Lang, car: Option<&str>, departure_soc: f64) -> String {
    let charge = match l {
        Lang::Zh => format!("{} 出发", percent(departure_soc)),
        Lang::En => format!("leaving with {}", percent(departure_soc)),
    };
    car.map_or_else(|| charge.clone(), |car| format!("{car} · {charge}"))
}

/// The share of work done, beside the progress bar.
pub fn progress(l: Lang, share: f64) -> String {
    let done = percent(share.clamp(0.0, 1.0));
    match l {
        Lang::Zh => format!("已完成 {done}"),
        Lang::En => format!("{done} done"),
    }
}

/// Distance and energy under the chart's heading: `456 km · 77.5 kWh ± 10%`.
pub fn chart_caption(l: Lang, distance_m: f64, energy_kwh: f64, band_share: f64) -> String {
    let band = if band_share > 0.0 {
        format!(" ± {}", percent(band_share))
    } else {
        String::new()
    };
    format!("{} · {}{band}", distance(l, distance_m), kwh(energy_kwh))
}

/// The chart in words.
pub fn chart_summary(
    l: Lang,
    departure_soc: f64,
    arrival_soc: f64,
    n_stops: usize,
    reserve_soc: f64,
) -> String {
    let (a, b, r) = (
        percent(departure_soc),
        percent(arrival_soc),
        percent(reserve_soc),
    );
    match l {
        Lang::Zh => format!(
            "沿途电量图：{a} 出发，{b} 到达，{}，保底 {r}。数字见下面的表格。",
            stops(l, n_stops)
        ),
        Lang::En => format!(
            "Charge along the way: leave with {a}, arrive with {b}, {}, reserve {r}. The table below has the numbers.",
            stops(l, n_stops).to_lowercase()
        ),
    }
}

/// The cursor of the chart: `128 km · 43%（40–46%）· 1 h 32 min`.
pub fn scrub_value(
    l: Lang,
    distance_m: f64,
    soc: f64,
    range: (f64, f64),
    elapsed_s: f64,
) -> String {
    let (km, charge, time) = (
        distance(l, distance_m),
        percent(soc),
        duration(l, elapsed_s),
    );
    let (low, high) = range;
    if percent(low) == percent(high) {
        return format!("{km} · {charge} · {time}");
    }
    let range = percent_range(low, high);
    match l {
        Lang::Zh => format!("{km} · {charge}（{range}）· {time}"),
        Lang::En => format!("{km} · {charge} ({range}) · {time}"),
    }
}

/// The reserve line's label: `保底 10%`.
pub fn reserve_at(l: Lang, share: f64) -> String {
    format!("{} {}", reserve(l), percent(share))
}

/// The slider's value as text.
pub fn charge_now_value(l: Lang, share: f64, range_m: Option<f64>) -> String {
    match (l, range_m) {
        (_, None) => percent(share),
        (Lang::Zh, Some(m)) => format!("{}，约 {}", percent(share), distance(l, m)),
        (Lang::En, Some(m)) => format!("{}, about {}", percent(share), distance(l, m)),
    }
}

/// How far the charge goes above the reserve, beside the slider: `约 210 km`.
pub fn above_reserve(l: Lang, range_m: f64) -> String {
    match l {
        Lang::Zh => format!("保底以上约 {}", distance(l, range_m)),
        Lang::En => format!("about {} above reserve", distance(l, range_m)),
    }
}

/// The folded inputs on one line: `110 km/h · 最多充到 100%`.
pub fn more_summary(l: Lang, speed_kmh: Option<f64>, max_charge: f64) -> String {
    match l {
        Lang::Zh => format!(
            "{} · 充到 {}",
            speed_kmh.map_or_else(|| "不限速".to_owned(), |v| format!("{v:.0} km/h")),
            percent(max_charge)
        ),
        Lang::En => format!(
            "{} · to {}",
            speed_kmh.map_or_else(|| "no limit".to_owned(), |v| format!("{v:.0} km/h")),
            percent(max_charge)
        ),
    }
}

/// A car's figures on one line: `60.5 kWh · 续航约 420 km`.
pub fn car_facts(l: Lang, usable_kwh: f64, range_m: f64) -> String {
    match l {
        Lang::Zh => format!("{} · 约 {}", kwh(usable_kwh), distance(l, range_m)),
        Lang::En => format!("{} · about {}", kwh(usable_kwh), distance(l, range_m)),
    }
}

/// A car's fastest charging: `最高 150 kW`.
pub fn car_power(l: Lang, max_power_kw: f64) -> String {
    format!("{} {}", l.pick("最高", "up to"), kw(max_power_kw))
}

/// How many EVSEs are free of how many whose status is known, in words.
pub fn free_of(l: Lang, counts: StatusCounts) -> String {
    let total = counts.total();
    if counts.known() == 0 {
        return match l {
            Lang::Zh => format!("{total} 桩，状态未知"),
            Lang::En => format!("{total} EVSEs, status unknown"),
        };
    }
    let (free, known) = (counts.free, counts.known());
    match l {
        Lang::Zh => format!("空闲 {free}/{known}"),
        Lang::En => format!("{free}/{known} free"),
    }
}

/// The backup's line after its name: `4.1 km，空闲 4/8`.
pub fn backup_facts(l: Lang, distance_m: f64, counts: StatusCounts, arrival_soc: f64) -> String {
    let (d, free, left) = (
        distance(l, distance_m),
        free_of(l, counts),
        percent(arrival_soc),
    );
    match l {
        Lang::Zh => format!("{d}，到那里剩 {left}，{free}"),
        Lang::En => format!("{d}, {left} left there, {free}"),
    }
}

/// A leg's line: `186 km · 1 h 52 min`.
pub fn leg_facts(l: Lang, distance_m: f64, duration_s: f64) -> String {
    format!("{} · {}", distance(l, distance_m), duration(l, duration_s))
}

/// Driven under a lower cap than asked for: `按 100 km/h 行驶`.
pub fn leg_cap(l: Lang, cap_kmh: f64) -> String {
    match l {
        Lang::Zh => format!("按不超过 {cap_kmh:.0} km/h"),
        Lang::En => format!("at most {cap_kmh:.0} km/h"),
    }
}

/// Metres of a leg beyond the road network.
pub fn off_road(l: Lang, meters: f64) -> String {
    let d = distance(l, meters);
    match l {
        Lang::Zh => format!("路网外 {d} 按直线估算"),
        Lang::En => format!("{d} off the road network, estimated as the crow flies"),
    }
}

/// Why locations were left out: how many for each reason that occurs, as whole sentences.
pub fn skipped(
    l: Lang,
    power_unknown: u32,
    connector_unknown: u32,
    no_road_nearby: u32,
) -> Vec<String> {
    let mut lines = Vec::new();
    if power_unknown > 0 {
        lines.push(match l {
            Lang::Zh => format!("{power_unknown} 座电站因功率未知未参与规划。"),
            Lang::En => format!(
                "{power_unknown} {} left out: power unknown.",
                sites(power_unknown)
            ),
        });
    }
    if connector_unknown > 0 {
        lines.push(match l {
            Lang::Zh => format!("{connector_unknown} 座电站因接口未知未参与规划。"),
            Lang::En => format!(
                "{connector_unknown} {} left out: connector unknown.",
                sites(connector_unknown)
            ),
        });
    }
    if no_road_nearby > 0 {
        lines.push(match l {
            Lang::Zh => format!("{no_road_nearby} 座电站附近没有道路，未参与规划。"),
            Lang::En => format!(
                "{no_road_nearby} {} left out: no road nearby.",
                sites(no_road_nearby)
            ),
        });
    }
    lines
}

fn sites(n: u32) -> &'static str {
    if n == 1 { "site" } else { "sites" }
}

/// Assumption: how uncertain consumption is.
pub fn assume_band(l: Lang, band_share: f64) -> String {
    let band = percent(band_share);
    match l {
        Lang::Zh => format!("耗电可能差 ± {band}，图上的浅色带就是它。"),
        Lang::En => format!("Consumption may be off by ± {band}: the pale band of the chart."),
    }
}

/// Assumption: the car; where its figures come from stands behind it.
pub fn assume_car(l: Lang, car: &str) -> String {
    match l {
        Lang::Zh => format!("车辆参数：{car}。"),
        Lang::En => format!("Car figures: {car}."),
    }
}

/// How far a full battery goes, beside the car's name.
pub fn full_range(l: Lang, range_m: f64) -> String {
    match l {
        Lang::Zh => format!("满电约 {}", distance(l, range_m)),
        Lang::En => format!("about {} full", distance(l, range_m)),
    }
}

/// A speed: `110 km/h`, or that there is no limit.
pub fn speed(l: Lang, kmh: Option<f64>) -> String {
    kmh.map_or_else(|| no_limit(l).to_owned(), |v| format!("{v:.0} km/h"))
}

/// A number of minutes: `5 min`.
pub fn minutes(_l: Lang, minutes: u32) -> String {
    format!("{minutes} min")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_carry_whole_hours() {
        for (seconds, zh, en) in [
            (3_599.0, "1 小时", "1 hour"),
            (12_060.0, "3 小时 21 分", "3 hours 21 minutes"),
            (60.0, "1 分钟", "1 minute"),
            (3_660.0, "1 小时 1 分", "1 hour 1 minute"),
        ] {
            assert_eq!(spoken_duration(Lang::Zh, seconds), zh);
            assert_eq!(spoken_duration(Lang::En, seconds), en);
        }
    }

    #[test]
    fn unknown_is_not_counted_as_taken() {
        let counts = StatusCounts {
            free: 2,
            occupied: 1,
            out_of_order: 1,
            unknown: 4,
        };
        assert_eq!(free_of(Lang::Zh, counts), "空闲 2/4");
        let unknown = StatusCounts {
            unknown: 6,
            ..StatusCounts::default()
        };
        assert!(free_of(Lang::Zh, unknown).contains("未知"));
    }
}
