//! Words of the map, the list, the filters, the location sheet, and the page of preferences.

use crate::{Lang, common};
use chongtu_model::index::ListSort;
use chongtu_model::{FourWay, StatusCounts};

words! {
    /// What the map is called for who cannot see it.
    map_title = "充电地图。用方向键移动，加减键缩放；相同内容见列表。", "Charging map. Arrow keys move it, plus and minus zoom; the list holds the same.";
    /// Name of the region that holds map and buttons.
    map_region = "地图", "Map";
    /// Title of the map page.
    page_title = "充电地图", "Charging map";
    /// Name of the list of locations.
    list = "电站列表", "Charging sites";
    /// What can be typed into the search field.
    search_hint = "地名、电站、道路或坐标", "Place, site, road or coordinates";
    /// Name of the search field.
    search = "搜索", "Search";
    /// Name of the list of suggestions.
    suggestions = "搜索建议", "Suggestions";
    /// Nothing was found.
    nothing_found = "没有找到。可以换个名字，或输入“纬度,经度”。", "Nothing found. Try another name, or type “latitude,longitude”.";
    /// Empties the search field.
    clear_search = "清空搜索", "Clear search";
    /// A junction of expressways.
    kind_junction = "枢纽", "Junction";
    /// A charging location.
    kind_location = "电站", "Charging site";
    /// A city, district or landmark.
    kind_place = "地点", "Place";
    /// Typed coordinates.
    kind_coordinates = "坐标", "Coordinates";
    /// Filter: an EVSE is free now.
    free_now = "现在空闲", "Free now";
    /// Filter: direct current.
    dc_only = "直流快充", "DC fast";
    /// Filter: open now.
    open_now = "营业中", "Open now";
    /// Filter: free parking.
    parking_free = "停车免费", "Free parking";
    /// Filter: usable with a wheelchair.
    accessible = "无障碍", "Accessible";
    /// Button: all filters.
    all_filters = "全部筛选", "All filters";
    /// Heading of all filters.
    filters = "筛选", "Filters";
    /// Heading: least power.
    least_power = "最低功率", "Minimum power";
    /// Any.
    any = "不限", "Any";
    /// Heading: connectors.
    connectors = "充电接口", "Connector";
    /// Heading: operators.
    operators = "运营商", "Operator";
    /// Heading: kinds.
    kinds = "类型", "Type";
    /// Heading: further demands.
    conditions = "条件", "Conditions";
    /// Button: no filter at all.
    clear_filters = "清除筛选", "Clear filters";
    /// Name of the choice of order.
    sort = "排序", "Sort by";
    /// Pins: all EVSEs are out of order.
    out_of_use = "停用", "Off";
    /// Pins: battery swap.
    swap = "换电", "Swap";
    /// Pins: hydrogen.
    hydrogen = "加氢", "H₂";
    /// Button: nearer.
    zoom_in = "放大", "Zoom in";
    /// Button: farther.
    zoom_out = "缩小", "Zoom out";
    /// Button: the whole region.
    whole_region = "看全区域", "Whole region";
    /// Button: where I am.
    locate = "我的位置", "My location";
    /// Handle of the sheet: larger.
    sheet_larger = "展开面板", "Expand panel";
    /// Handle of the sheet: smaller.
    sheet_smaller = "收起面板", "Collapse panel";
    /// The map cannot draw.
    map_failed = "地图画不出来：浏览器没有 WebGL，或文件没有下载成功。列表和规划照常可用。", "The map cannot be drawn: the browser has no WebGL, or a file did not arrive. List and planner work all the same.";
    /// None in view, without filters.
    none_here = "视野内没有电站", "No charging sites in view";
    /// None in view, without filters: what now.
    none_here_text = "缩小或移动地图，看看别处。", "Zoom out or move the map to look elsewhere.";
    /// None match the filters.
    none_match = "没有符合条件的电站", "No site matches the filters";
    /// Some match, but not in view.
    none_match_here = "视野内没有符合条件的电站", "No site in view matches the filters";
    /// Heading: how the app works, loading.
    loading_list = "正在读取电站…", "Loading charging sites…";
    /// Loading has failed.
    load_failed = "电站数据没有读到", "The charging data did not load";
    /// A list price stands for what.
    per_kwh = "/kWh", "/kWh";
    /// Not open now.
    closed_now = "未营业", "Closed";
    /// No EVSE is listed.
    no_evses = "没有列出充电桩。", "No chargers are listed.";
    /// Heading: EVSEs.
    evses = "充电桩", "Chargers";
    /// Heading: price.
    price = "价格", "Price";
    /// Prices by the hour exist and cannot be shown as one figure.
    price_by_hour = "按时段计价", "Varies by hour";
    /// Heading: energy.
    price_energy = "电费", "Energy";
    /// Heading: service fee.
    price_service = "服务费", "Service fee";
    /// Heading: both together.
    price_sum = "合计", "Total";
    /// Heading: parking.
    parking = "停车", "Parking";
    /// Heading: opening hours.
    hours = "开放时间", "Opening hours";
    /// Open day and night.
    always_open = "全天开放", "Open 24 hours";
    /// Not open that day.
    closed_day = "不开放", "Closed";
    /// Whether it is open: yes.
    open_state = "营业中", "Open now";
    /// Whether it is open: no.
    closed_state = "现在不开放", "Closed now";
    /// Not told.
    not_told = "未提供", "Not provided";
    /// Heading: facilities.
    facilities = "设施", "Facilities";
    /// Usable with a wheelchair.
    wheelchair = "无障碍通行", "Wheelchair accessible";
    /// Heading: the road it serves.
    road = "所在道路", "Road";
    /// Heading: where.
    coordinates = "坐标", "Coordinates";
    /// Heading: for whom.
    kind = "类型", "Type";
    /// Heading: where the data comes from.
    source = "数据来源", "Source";
    /// Heading: licence.
    licence = "许可", "Licence";
    /// Licence not told.
    licence_unknown = "未注明许可", "No licence stated";
    /// Button: plan a trip to here.
    plan_to_here = "规划到这里", "Plan to here";
    /// Button: copy the link.
    share = "复制链接", "Copy link";
    /// The link was copied.
    copied = "链接已复制", "Link copied";
    /// The link could not be copied.
    copy_failed = "浏览器不允许复制。请从地址栏复制链接。", "The browser does not allow copying. Copy the link from the address bar.";
    /// No such location.
    no_location = "没有这座电站", "There is no such site";
    /// No such location: why.
    no_location_text = "它可能已经撤除，或不在这个区域的数据里。", "It may be gone, or lie outside this region's data.";
    /// Name of the part of the location sheet that scrolls.
    details = "电站详情", "Site details";
    /// A location is on its way.
    loading_location = "正在读取电站…", "Loading the site…";
    /// This mark stands beside assumed values.
    assumed = "推定", "Assumed";
    /// Invented data: what it means.
    demonstration_text = "演示数据：地点和道路是真实的，位置为近似值；运营商、价格和状态是虚构的。", "Demo data: places and roads are real, positions approximate; operators, prices and status are invented.";
    /// Heading of the preferences.
    me = "我的", "Me";
    /// Heading: how it looks.
    appearance = "显示", "Display";
    /// Preference: language.
    language = "语言", "Language";
    /// Preference: theme.
    theme = "深浅色", "Theme";
    /// As the device has it.
    theme_auto = "跟随系统", "System";
    /// Light.
    theme_light = "浅色", "Light";
    /// Dark.
    theme_dark = "深色", "Dark";
    /// Preference: elder mode.
    elder = "大字模式", "Large text";
    /// Elder mode: what it does.
    elder_text = "文字放大 1.3 倍，按钮更大", "Text 1.3 times as large, larger buttons";
    /// Heading: privacy.
    privacy = "隐私", "Privacy";
    /// What is stored, in general.
    privacy_text = "位置和行程只在这台设备上计算，不会发送出去。", "Positions and trips are computed on this device and never sent.";
    /// What stands before the list of what is stored.
    stored = "这台设备上只存有这些设置：", "Only these settings are stored on this device:";
    /// Nothing is stored.
    nothing_stored = "这台设备上没有存任何设置。", "Nothing is stored on this device.";
    /// Button: delete all.
    delete_all = "全部删除", "Delete all";
    /// Heading: about.
    about = "关于", "About";
    /// What the app is.
    about_text = "充电地图与行程规划，全部在浏览器里计算。", "A charging map and trip planner that computes everything in the browser.";
    /// Heading: data sources.
    sources = "数据来源与许可", "Data sources and licences";
    /// Heading: software.
    software = "软件", "Software";
    /// Version.
    version = "版本", "Version";
    /// Heading: region.
    region = "区域", "Region";
    /// A setting: car.
    setting_car = "车型", "Car";
    /// Land and water of the base map.
    natural_earth = "陆地轮廓：Natural Earth（公有领域）", "Land: Natural Earth (public domain)";
    /// Where the map comes from, folded away.
    attribution = "地图来源", "Map sources";
    /// The program that draws the map.
    maplibre = "地图绘制：MapLibre GL JS（BSD-3-Clause）", "Map drawing: MapLibre GL JS (BSD-3-Clause)";
    /// The worker stopped for good.
    worker_other_build = "页面有新版本，请刷新。", "There is a new version. Reload the page.";
    /// Button: load the page anew.
    reload = "刷新页面", "Reload";
    /// The map is waiting for a tap.
    picking = "点按地图选点，按 Esc 取消", "Tap the map to choose a point; Esc cancels";
    /// Button: stop choosing on the map.
    cancel = "取消", "Cancel";
}

/// Why a file of the region could not be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadTrouble {
    /// No answer.
    Network,
    /// The server answered with this status.
    Status(u16),
    /// It came, but cannot be read.
    Damaged,
    /// The worker stopped.
    Worker,
}

/// What happened and what to do, for a file that could not be had.
pub fn load_trouble(l: Lang, trouble: LoadTrouble) -> String {
    match trouble {
        LoadTrouble::Network => l
            .pick(
                "没有网络，或服务器没有回应。连上网络后重试。",
                "No network, or the server does not answer. Connect and try again.",
            )
            .to_owned(),
        LoadTrouble::Status(code) => match l {
            Lang::Zh => format!("服务器回应 {code}。稍后重试；一直如此请告知运营方。"),
            Lang::En => format!(
                "The server answered {code}. Try again later; if it persists, tell whoever runs this service."
            ),
        },
        LoadTrouble::Damaged => l
            .pick(
                "文件不完整，或与页面版本不符。刷新页面重试。",
                "The file is damaged or of another version. Reload the page and try again.",
            )
            .to_owned(),
        LoadTrouble::Worker => l
            .pick(
                "后台计算意外停止。重试会重新读取数据。",
                "The background computation stopped. Trying again loads the data afresh.",
            )
            .to_owned(),
    }
}

/// How far a download is: `1.2 / 3.4 MB`.
pub fn bytes_progress(_l: Lang, done: u64, total: u64) -> String {
    let mb = |bytes: u64| bytes as f64 / 1e6;
    if total == 0 {
        format!("{:.1} MB", mb(done))
    } else {
        format!("{:.1} / {:.1} MB", mb(done), mb(total))
    }
}

/// Filter: at least so many kW.
pub fn at_least_kw(_l: Lang, kw: u32) -> String {
    format!("≥ {kw} kW")
}

/// Heading of the list.
pub fn in_view(l: Lang, n: u32) -> String {
    match l {
        Lang::Zh => format!("视野内 {n} 座"),
        Lang::En if n == 1 => "1 site in view".to_owned(),
        Lang::En => format!("{n} sites in view"),
    }
}

/// How many of them have a free EVSE.
pub fn with_free(l: Lang, n: u32) -> String {
    match l {
        Lang::Zh => format!("{n} 座有空闲"),
        Lang::En => format!("{n} free now"),
    }
}

/// How many match all over the region.
pub fn matching_elsewhere(l: Lang, n: u32) -> String {
    match l {
        Lang::Zh => format!("全区域有 {n} 座符合。缩小地图，或减少条件。"),
        Lang::En if n == 1 => {
            "1 site in the region matches. Zoom out, or drop a filter.".to_owned()
        }
        Lang::En => format!("{n} sites in the region match. Zoom out, or drop a filter."),
    }
}

/// Button: all filters, with how many are set beyond the chips.
pub fn all_filters_set(l: Lang, n: usize) -> String {
    match l {
        Lang::Zh => format!("全部筛选 · {n}"),
        Lang::En => format!("All filters · {n}"),
    }
}

/// An order of the list.
pub const fn sort_by(l: Lang, sort: ListSort) -> &'static str {
    match sort {
        ListSort::Distance => l.pick("按距离", "Nearest"),
        ListSort::Power => l.pick("按功率", "Most powerful"),
        ListSort::Price => l.pick("按价格", "Cheapest"),
        ListSort::Free => l.pick("按空闲", "Most free"),
    }
}

/// What a pin says: `德基广场，直流，空闲 3/6`.
pub fn pin_label(l: Lang, name: &str, current: &str, counts: &StatusCounts) -> String {
    let status = common::status_counts(l, counts);
    match l {
        Lang::Zh => format!("{name}，{current}，{status}"),
        Lang::En => format!("{name}, {current}, {status}"),
    }
}

/// Two phrases after each other.
pub fn joined(l: Lang, first: &str, second: &str) -> String {
    match l {
        Lang::Zh => format!("{first}，{second}"),
        Lang::En => format!("{first}, {second}"),
    }
}

/// What a cluster says.
pub fn cluster_label(l: Lang, n: u32, n_free: u32) -> String {
    match l {
        Lang::Zh => format!("{n} 座电站，{n_free} 座有空闲；点按放大"),
        Lang::En => format!("{n} sites, {n_free} with a free charger; press to zoom in"),
    }
}

/// A count in a small circle: `96`, `1.2k`, `1.2万`.
pub fn short_count(l: Lang, n: u32) -> String {
    let tenths = |unit: u32| {
        let tenths = n / (unit / 10);
        if tenths >= 100 || tenths.is_multiple_of(10) {
            format!("{}", tenths / 10)
        } else {
            format!("{}.{}", tenths / 10, tenths % 10)
        }
    };
    match l {
        _ if n < 1000 => n.to_string(),
        Lang::Zh if n < 10_000 => n.to_string(),
        Lang::Zh => format!("{}万", tenths(10_000)),
        Lang::En => format!("{}k", tenths(1000)),
    }
}

/// The EVSEs of a location in words, all four states that occur: `6 个：空闲 3 · 占用 2 · 故障 1`.
pub fn counts_in_full(l: Lang, counts: &StatusCounts) -> String {
    let parts: Vec<String> = [
        (counts.free, FourWay::Free),
        (counts.occupied, FourWay::Occupied),
        (counts.out_of_order, FourWay::OutOfOrder),
        (counts.unknown, FourWay::Unknown),
    ]
    .into_iter()
    .filter(|&(n, _)| n > 0)
    .map(|(n, s)| format!("{} {n}", common::status(l, s)))
    .collect();
    let total = counts.total();
    match l {
        Lang::Zh => format!("{total} 个：{}", parts.join(" · ")),
        Lang::En => format!("{total}: {}", parts.join(" · ")),
    }
}

/// The carriageway that a service area serves.
pub fn road_side(l: Lang, reference: &str, direction: Option<&str>) -> String {
    match (l, direction) {
        (_, None) => reference.to_owned(),
        (_, Some(direction)) => format!("{reference} · {direction}"),
    }
}

/// Where an age comes from: `2 分钟前 · 来源 X`.
pub fn age_and_source(l: Lang, age: &str, source: Option<&str>) -> String {
    match (l, source) {
        (_, None) => age.to_owned(),
        (Lang::Zh, Some(source)) => format!("{age} · 来源 {source}"),
        (Lang::En, Some(source)) => format!("{age} · source {source}"),
    }
}

/// A span of a day, `21:00–06:00`; one that ends the next day says so.
pub fn span(l: Lang, begin: u16, end: u16) -> String {
    let clock = |m: u16| format!("{:02}:{:02}", m / 60, m % 60);
    if end > begin {
        return format!("{}–{}", clock(begin), clock(end));
    }
    match l {
        Lang::Zh => format!("{}–次日 {}", clock(begin), clock(end)),
        Lang::En => format!("{}–{} (next day)", clock(begin), clock(end)),
    }
}

/// The list as screen readers announce it.
pub fn announce_list(l: Lang, n: u32, n_free: u32) -> String {
    format!("{} · {}", in_view(l, n), with_free(l, n_free))
}

/// The approval number of the map.
pub fn map_approval(l: Lang, number: &str) -> String {
    match l {
        Lang::Zh => format!("审图号：{number}"),
        Lang::En => format!("Map approval {number}"),
    }
}

/// What the region holds.
pub fn region_holds(l: Lang, n_locations: u32, n_evses: u32) -> String {
    match l {
        Lang::Zh => format!("{n_locations} 座电站，{n_evses} 个充电桩"),
        Lang::En => format!("{n_locations} sites, {n_evses} chargers"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_stay_short() {
        for (n, zh, en) in [
            (7, "7", "7"),
            (999, "999", "999"),
            (1_000, "1000", "1k"),
            (1_250, "1250", "1.2k"),
            (12_345, "1.2万", "12k"),
            (10_000, "1万", "10k"),
            (200_000, "20万", "200k"),
        ] {
            assert_eq!(
                (
                    short_count(Lang::Zh, n).as_str(),
                    short_count(Lang::En, n).as_str()
                ),
                (zh, en)
            );
        }
    }

    #[test]
    fn hours_past_midnight_say_so() {
        assert_eq!(span(Lang::Zh, 540, 1320), "09:00–22:00");
        assert_eq!(span(Lang::Zh, 1260, 360), "21:00–次日 06:00");
        assert_eq!(span(Lang::En, 0, 1440), "00:00–24:00");
    }
}
