//! What to say when there is no plan, or when a part of the app cannot do its work.
//! Codes come in as the plain text that `chongtu_planner` prints for them, so that this crate
//! stays below the planner; a code it does not know gets a sentence that is still true.

use super::percent;
use crate::Lang;
use crate::common::{distance, duration};

words! {
    /// Heading of the changes that make the trip possible.
    fixes = "改一处就能到", "One change makes it work";
    /// How they are ordered.
    fixes_order = "按总时间排", "quickest first";
    /// Applies a change and plans again.
    apply = "应用", "Apply";
    /// No single change is enough.
    no_fixes = "只改一处还不够。试试换车、提高出发电量并降低车速，或换个终点。", "No single change is enough. Try another car, more charge together with a lower speed, or another destination.";
    /// Label of the missing charge at the chart.
    short = "差", "Short by";
    /// Choose another car.
    change_car = "换一辆车", "Change car";
}

/// An end of the trip, as it is named in a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The start.
    Origin,
    /// The destination.
    Destination,
    /// Neither, or not known.
    Other,
}

/// What failed, in one line.
pub fn title(l: Lang, code: &str, at: End) -> String {
    let place = match at {
        End::Origin => l.pick("起点", "The start"),
        End::Destination => l.pick("终点", "The destination"),
        End::Other => l.pick("起点或终点", "The start or the destination"),
    };
    match (l, code) {
        (Lang::Zh, "no_road_nearby") => format!("{place}附近没有道路"),
        (Lang::En, "no_road_nearby") => format!("{place} is too far from any road"),
        (Lang::Zh, "out_of_coverage") => format!("{place}不在现有地图范围内"),
        (Lang::En, "out_of_coverage") => format!("{place} is outside this map"),
        (Lang::Zh, "unreachable") => "没有路通到终点".to_owned(),
        (Lang::En, "unreachable") => "No road leads there".to_owned(),
        (Lang::Zh, "gap_too_long") => "有一段电量不够".to_owned(),
        (Lang::En, "gap_too_long") => "One leg needs more charge".to_owned(),
        (Lang::Zh, "no_compatible_connector") => "没有适合这辆车的电站".to_owned(),
        (Lang::En, "no_compatible_connector") => "No site fits this car".to_owned(),
        (Lang::Zh, "contradiction") => "条件互相矛盾".to_owned(),
        (Lang::En, "contradiction") => "The inputs contradict each other".to_owned(),
        (Lang::Zh, "budget_exceeded") => "搜索太大，没有算完".to_owned(),
        (Lang::En, "budget_exceeded") => "The search grew too large".to_owned(),
        (Lang::Zh, _) => "没能规划出路线".to_owned(),
        (Lang::En, _) => "No plan could be made".to_owned(),
    }
}

/// What to do about it.
pub fn remedy(l: Lang, code: &str) -> &'static str {
    match code {
        "no_road_nearby" => l.pick("最近的道路太远。换一个靠近道路的地点，或在地图上重新选点。", "The nearest road is too far. Choose a place near a road, or tap one on the map."),
        "out_of_coverage" => l.pick("这里没有路网数据。换一个地图范围内的地点。", "There is no road data there. Choose a place within the map."),
        "unreachable" => l.pick("路网里两地不相连（例如隔着海）。换一个地点。", "The road network does not join the two places (a sea between them, perhaps). Choose another place."),
        "gap_too_long" => l.pick("两座能用的电站之间太远，或出发电量太低。", "Two usable sites are too far apart, or the charge at the start is too low."),
        "no_compatible_connector" => l.pick("沿途电站的接口都不适合这辆车，或接口和功率未知。换一辆车，或把未知的也计入。", "No site has this car's connector, or connector and power are unknown. Choose another car, or use sites of unknown power."),
        "budget_exceeded" => l.pick("行程太长或条件太多。分成两段，或关掉“需要时开慢一点”。", "The trip is too long or has too many choices. Split it in two, or turn off “Drive slower where it helps”."),
        _ => l.pick("请改条件再试。", "Please change the inputs and try again."),
    }
}

/// Which two inputs contradict each other, and what to change; `what` as `chongtu_planner` writes it.
pub fn contradiction(l: Lang, what: &str) -> &'static str {
    match what {
        "reserve_soc>departure_soc" => l.pick("现在的电量已经低于保底。先充电，或把保底调低。", "The charge now is below the reserve. Charge first, or lower the reserve."),
        "reserve_soc>max_charge_soc" => l.pick("保底高过了充电上限。把保底调低，或把上限调高。", "The reserve is above the charging limit. Lower the reserve, or raise the limit."),
        "charger_arrival_soc>=max_charge_soc" => l.pick("到站电量不低于充电上限，就充不进电了。把保底调低，或把上限调高。", "Sites must be reached with as much as charging allows, so nothing could be charged. Lower the reserve, or raise the limit."),
        "arrival_soc>max_charge_soc" => l.pick("到达电量高过了充电上限。把到达电量调低，或把上限调高。", "The charge asked for at arrival is above the charging limit. Lower it, or raise the limit."),
        "overhead_s<0" => l.pick("每停一次另花的时间不能是负数。", "The extra time per stop cannot be negative."),
        "max_speed_kmh<20" => l.pick("车速上限要不低于 20 km/h。", "The speed limit must be at least 20 km/h."),
        _ => l.pick("请检查电量、保底和上限。", "Please check charge, reserve and limits."),
    }
}

/// The missing charge of a leg: `从起点出发差 28% 电量`. `leg` says which leg it is.
pub fn gap_title(l: Lang, leg: GapLeg, missing_soc: f64) -> String {
    // Rounded up: 0.3 % missing is not "0 % missing".
    let missing = format!("{}%", (missing_soc * 100.0 - 1e-6).ceil().max(1.0) as i64);
    match (l, leg) {
        (Lang::Zh, GapLeg::Whole) => format!("到终点差 {missing} 电量"),
        (Lang::Zh, GapLeg::First) => format!("第 1 段差 {missing} 电量"),
        (Lang::Zh, GapLeg::Last) => format!("最后一段差 {missing} 电量"),
        (Lang::Zh, GapLeg::Middle) => format!("途中一段差 {missing} 电量"),
        (Lang::En, GapLeg::Whole) => format!("{missing} short of the destination"),
        (Lang::En, GapLeg::First) => format!("Leg 1 is {missing} short"),
        (Lang::En, GapLeg::Last) => format!("The last leg is {missing} short"),
        (Lang::En, GapLeg::Middle) => format!("A leg on the way is {missing} short"),
    }
}

/// Which leg it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GapLeg {
    /// From start to destination.
    Whole,
    /// From the start to a site.
    First,
    /// From a site to the destination.
    Last,
    /// Between two sites.
    Middle,
}

/// The numbers of the gap in one sentence. `needed_soc` and `available_soc` are at the leg's start.
pub fn gap_sentence(
    l: Lang,
    from: &str,
    to: &str,
    distance_m: f64,
    needed_soc: f64,
    available_soc: f64,
    at_origin: bool,
) -> String {
    let (d, needed, available) = (
        distance(l, distance_m),
        percent(needed_soc),
        percent(available_soc),
    );
    match (l, at_origin) {
        (Lang::Zh, true) => {
            format!("{from}到{to} {d}，出发要有 {needed}（含保底），现在只有 {available}。")
        }
        (Lang::Zh, false) => {
            format!("{from}到{to} {d}，出发要有 {needed}（含保底），最多只能有 {available}。")
        }
        (Lang::En, true) => format!(
            "{from} to {to} is {d}: it needs {needed} at the start, reserve included, and there is {available}."
        ),
        (Lang::En, false) => format!(
            "{from} to {to} is {d}: it needs {needed} at its start, reserve included, and {available} is the most it can have."
        ),
    }
}

/// More than a full battery: no charge at the start is enough.
pub fn beyond_full(l: Lang) -> &'static str {
    l.pick("充满也不够。", "Even a full battery is not enough.")
}

/// How far the car gets on that leg: `128 km 到保底`.
pub fn reach(l: Lang, reach_m: f64) -> String {
    let d = distance(l, reach_m);
    match l {
        Lang::Zh => format!("{d} 到保底"),
        Lang::En => format!("Reserve after {d}"),
    }
}

/// The needed line's label: `出发要有 74%`.
pub fn needed(l: Lang, needed_soc: f64) -> String {
    format!("{} {}", l.pick("出发要有", "Needs"), percent(needed_soc))
}

/// The missing energy: `少 12.4 kWh`.
pub fn missing_kwh(l: Lang, gap_kwh: f64) -> String {
    format!("{} {}", l.pick("少", "Missing"), super::kwh(gap_kwh))
}

/// The failure chart in words.
pub fn chart_summary(l: Lang, reach_m: f64, distance_m: f64, to: &str) -> String {
    let (r, d) = (distance(l, reach_m), distance(l, distance_m));
    match l {
        Lang::Zh => format!("电量图：开 {r} 就降到保底，到不了 {d} 处的{to}。"),
        Lang::En => {
            format!("Charge chart: the reserve is reached after {r}, short of {to} at {d}.")
        }
    }
}

/// A change, as the heading of its row; `change` and `to` as the planner gives them (percent for
/// charges, km/h for speed).
pub fn change(l: Lang, change: &str, to: f64) -> String {
    let v = to.round() as i64;
    match (l, change) {
        (Lang::Zh, "max_speed_kmh") => format!("车速不超过 {v} km/h"),
        (Lang::En, "max_speed_kmh") => format!("Drive at most {v} km/h"),
        (Lang::Zh, "departure_soc") => format!("出发前充到 {v}%"),
        (Lang::En, "departure_soc") => format!("Charge to {v}% before leaving"),
        (Lang::Zh, "reserve_soc") => format!("保底降到 {v}%"),
        (Lang::En, "reserve_soc") => format!("Lower the reserve to {v}%"),
        (Lang::Zh, "arrival_soc") => format!("到达只留 {v}%"),
        (Lang::En, "arrival_soc") => format!("Arrive with {v}%"),
        (Lang::Zh, "max_charge_soc") => format!("每次最多充到 {v}%"),
        (Lang::En, "max_charge_soc") => format!("Charge up to {v}%"),
        (Lang::Zh, _) => format!("改为 {v}"),
        (Lang::En, _) => format!("Change to {v}"),
    }
}

/// What the plan is like then.
pub fn change_facts(l: Lang, total_s: f64) -> String {
    let time = duration(l, total_s);
    match l {
        Lang::Zh => format!("全程 {time}"),
        Lang::En => format!("{time} in total"),
    }
}

/// What the app says when its worker could not do something, and what to do. `code` is the name of
/// the worker's error code.
pub fn worker(l: Lang, code: &str) -> &'static str {
    match code {
        "BadMessage" => l.pick("页面和后台程序版本不一致。请刷新页面。", "The page and its background program are of different versions. Please reload."),
        "BadLocations" => l.pick("电站数据读不出来：文件损坏或版本不符。请刷新；仍然不行请告诉运营方。", "The site data cannot be read: damaged, or of another version. Reload; if it stays, tell whoever runs this page."),
        "BadRoads" => l.pick("路网数据读不出来：文件损坏或版本不符。请刷新；仍然不行请告诉运营方。", "The road data cannot be read: damaged, or of another version. Reload; if it stays, tell whoever runs this page."),
        "BadCars" => l.pick("车型数据读不出来。请刷新；仍然不行请告诉运营方。", "The car data cannot be read. Reload; if it stays, tell whoever runs this page."),
        "NotLoaded" => l.pick("数据还没有读完，请稍后再试。", "The data is not loaded yet. Please try again in a moment."),
        "BadCar" => l.pick("没有这款车，或它的参数不合理。请换一辆车。", "There is no such car, or its figures cannot be. Please choose another."),
        _ => l.pick("后台程序出错了。请再试一次；仍然不行请刷新页面。", "The background program failed. Try again; if it stays, reload the page."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The codes of CLI.md; each must have its own sentences in both languages.
    const CODES: [&str; 7] = [
        "no_road_nearby",
        "out_of_coverage",
        "unreachable",
        "gap_too_long",
        "no_compatible_connector",
        "contradiction",
        "budget_exceeded",
    ];

    #[test]
    fn every_code_has_its_own_title() {
        for l in [Lang::Zh, Lang::En] {
            let mut titles: Vec<_> = CODES.iter().map(|c| title(l, c, End::Origin)).collect();
            assert!(!titles.contains(&title(l, "something new", End::Origin)));
            titles.sort();
            titles.dedup();
            assert_eq!(titles.len(), CODES.len());
        }
    }

    #[test]
    fn every_code_but_the_contradiction_has_its_own_remedy() {
        for l in [Lang::Zh, Lang::En] {
            for code in CODES {
                assert_eq!(
                    remedy(l, code) == remedy(l, "something new"),
                    code == "contradiction",
                    "{code}"
                );
            }
        }
    }

    #[test]
    fn a_small_gap_is_not_zero() {
        assert!(gap_title(Lang::Zh, GapLeg::First, 0.001).contains("1%"));
        assert!(gap_title(Lang::Zh, GapLeg::First, 0.28).contains("28%"));
        assert!(gap_title(Lang::En, GapLeg::Last, 0.2801).contains("29%"));
    }
}
