//! What the command line says about an import, a road network or a plan. One line a function;
//! sentences of findings stand in [`crate::finding`], those of failures in [`crate::plan::failure`].

use crate::Lang;
use crate::common::{distance, duration};
use crate::plan::{charging_time, kw, kwh, percent};

words! {
    /// Beside invented data on a line of its own.
    demonstration = "[演示]", "[demonstration]";
    /// Beside a value that was assumed by flag.
    assumed = "（假定）", "(assumed)";
    /// A relaxation whose limit was not set before.
    none = "不限", "none";
}

/// The first line of an import's report.
pub fn import_totals(
    l: Lang,
    records: u32,
    locations: u32,
    evses: u32,
    dropped: u32,
    bytes: usize,
    out: &str,
) -> String {
    match l {
        Lang::Zh => format!(
            "{records} 条记录：{locations} 座站、{evses} 个桩，丢弃 {dropped} 条；{out} 共 {bytes} 字节"
        ),
        Lang::En => format!(
            "{records} records: {locations} locations with {evses} EVSEs, {dropped} dropped; {bytes} bytes in {out}"
        ),
    }
}

/// What an import does not know, and what it assumed.
pub fn import_unknown(
    l: Lang,
    [power, connector, stalls]: [u32; 3],
    [power_assumed, connector_assumed]: [u32; 2],
) -> String {
    match l {
        Lang::Zh => format!(
            "未知：功率 {power}、接口 {connector}、桩数 {stalls}；假定：功率 {power_assumed}、接口 {connector_assumed}"
        ),
        Lang::En => format!(
            "unknown: power {power}, connector {connector}, number of EVSEs {stalls}; assumed: power {power_assumed}, connector {connector_assumed}"
        ),
    }
}

/// More findings than are shown.
pub fn more_findings(l: Lang, n: usize) -> String {
    match l {
        Lang::Zh => format!("还有 {n} 条；--report FILE 列出全部"),
        Lang::En => format!("and {n} more; --report FILE lists all"),
    }
}

/// Where a finding was: `row 12 (id 7)`.
pub fn record(l: Lang, row: Option<u32>, id: Option<&str>) -> String {
    let row = match (l, row) {
        (Lang::Zh, Some(row)) => format!("第 {row} 条"),
        (Lang::En, Some(row)) => format!("row {row}"),
        (_, None) => l.pick("某条记录", "a record").to_owned(),
    };
    match (l, id) {
        (_, None) => row,
        (Lang::Zh, Some(id)) => format!("{row}（编号 {id}）"),
        (Lang::En, Some(id)) => format!("{row} (id {id})"),
    }
}

/// The counts of a road network's report.
#[derive(Clone, Copy, Debug)]
pub struct RoadCounts {
    /// Nodes in the file.
    pub nodes_read: usize,
    /// Edges in the file.
    pub edges_read: usize,
    /// Nodes kept.
    pub nodes: usize,
    /// Edges kept.
    pub edges: usize,
    /// Nodes of degree two that were contracted.
    pub nodes_contracted: usize,
    /// Connected components.
    pub components: usize,
    /// Length of all roads, metres.
    pub total_length_m: f64,
    /// Bytes of the file written.
    pub bytes: usize,
}

/// The first line of a road network's report.
pub fn roads_totals(l: Lang, c: RoadCounts, out: &str) -> String {
    let length = distance(l, c.total_length_m);
    match l {
        Lang::Zh => format!(
            "读入 {} 个节点、{} 条边：保留 {} 个节点、{} 条边，收缩 {} 个节点，道路 {length}，{} 个连通分量；{out} 共 {} 字节",
            c.nodes_read, c.edges_read, c.nodes, c.edges, c.nodes_contracted, c.components, c.bytes
        ),
        Lang::En => format!(
            "{} nodes and {} edges read: {} nodes and {} edges kept, {} nodes contracted, {length} of road, {} components; {} bytes in {out}",
            c.nodes_read, c.edges_read, c.nodes, c.edges, c.nodes_contracted, c.components, c.bytes
        ),
    }
}

/// Progress of a search, on a terminal.
pub fn planning(l: Lang, share: f64) -> String {
    format!("{} {:3.0} %", l.pick("规划中", "planning"), share * 100.0)
}

/// The sum of a plan; times in seconds.
#[derive(Clone, Debug)]
pub struct Totals {
    /// From start to end.
    pub total_s: f64,
    /// Driving.
    pub drive_s: f64,
    /// At the plug.
    pub charge_s: f64,
    /// Waiting.
    pub wait_s: f64,
    /// Lost at stops beside charging.
    pub overhead_s: f64,
    /// Number of stops.
    pub n_stops: usize,
    /// Length, metres.
    pub distance_m: f64,
    /// Energy driven with.
    pub energy_kwh: f64,
    /// What the stops cost, in words; `None`: there is no stop.
    pub cost: Option<String>,
    /// Charge at the end, 0..=1.
    pub arrival_soc: f64,
}

/// The sum of a plan in one line.
pub fn totals(l: Lang, t: &Totals) -> String {
    let d = |s| duration(l, s);
    let mut parts = match l {
        Lang::Zh => vec![
            format!("全程 {}", d(t.total_s)),
            format!("行驶 {}", d(t.drive_s)),
        ],
        Lang::En => vec![
            format!("{} in all", d(t.total_s)),
            format!("driving {}", d(t.drive_s)),
        ],
    };
    parts.push(format!("{} {}", l.pick("充电", "charging"), d(t.charge_s)));
    if t.wait_s > 0.0 {
        parts.push(format!("{} {}", l.pick("等待", "waiting"), d(t.wait_s)));
    }
    parts.push(format!(
        "{} {}",
        l.pick("停站另花", "overhead"),
        d(t.overhead_s)
    ));
    parts.push(match (l, t.n_stops) {
        (Lang::Zh, n) => format!("停 {n} 次"),
        (Lang::En, 1) => "1 stop".to_owned(),
        (Lang::En, n) => format!("{n} stops"),
    });
    parts.push(distance(l, t.distance_m));
    parts.push(kwh(t.energy_kwh));
    parts.extend(t.cost.clone());
    parts.push(format!(
        "{} {}",
        l.pick("到达剩", "arriving with"),
        percent(t.arrival_soc)
    ));
    parts.join(l.pick("，", ", "))
}

/// A leg: distance, time, charge at its ends.
pub fn leg(l: Lang, distance_m: f64, duration_s: f64, from_soc: f64, to_soc: f64) -> String {
    format!(
        "  {}   {:>8}  {:>12}  {:>5} → {:>5}",
        l.pick("行驶", "drive"),
        distance(l, distance_m),
        duration(l, duration_s),
        percent(from_soc),
        percent(to_soc)
    )
}

/// The speed that a leg is driven at most with.
pub fn at_most(l: Lang, speed_kmh: f64) -> String {
    match l {
        Lang::Zh => format!("（不超过 {speed_kmh:.0} km/h）"),
        Lang::En => format!("(at most {speed_kmh:.0} km/h)"),
    }
}

/// A charge: energy, time, charge at its ends, the site and its connector.
pub fn charge(
    l: Lang,
    energy_kwh: f64,
    charge_s: f64,
    (from_soc, to_soc): (f64, f64),
    site: &str,
    standard: &str,
    power_kw: f64,
) -> String {
    format!(
        "  {}  {:>9}  {:>12}  {:>5} → {:>5}  {site}, {standard} {}",
        l.pick("充电", "charge"),
        kwh(energy_kwh),
        charging_time(l, charge_s),
        percent(from_soc),
        percent(to_soc),
        kw(power_kw)
    )
}

/// Where else to charge.
pub fn backup(l: Lang, site: &str, distance_m: f64, arrival_soc: f64) -> String {
    let (d, p) = (distance(l, distance_m), percent(arrival_soc));
    match l {
        Lang::Zh => format!("          备选 {site}，再开 {d}，到达剩 {p}"),
        Lang::En => format!("          else {site}, {d} further, arriving with {p}"),
    }
}

/// Sites that planning left out: power unknown, connector unknown, not for this car, no road nearby.
pub fn left_out(l: Lang, [power, connector, not_compatible, no_road]: [u32; 4]) -> String {
    let all = power + connector + not_compatible + no_road;
    match l {
        Lang::Zh => format!(
            "{all} 座站没有计入：功率未知 {power}、接口未知 {connector}、不适合这辆车 {not_compatible}、附近没有道路 {no_road}"
        ),
        Lang::En => format!(
            "{all} sites left out: power unknown {power}, connector unknown {connector}, not for this car {not_compatible}, no road nearby {no_road}"
        ),
    }
}

/// There is no plan: what, its code, and where.
pub fn not_possible(l: Lang, title: &str, code: &str, at: &str) -> String {
    match l {
        Lang::Zh => format!("不可行：{title}（{code}，在 {at}）"),
        Lang::En => format!("Not possible: {title} ({code}, at {at})"),
    }
}

/// A change that makes it possible.
pub fn possible_with(l: Lang, change: &str, total_s: f64) -> String {
    let total = duration(l, total_s);
    match l {
        Lang::Zh => format!("  可行的改法：{change}：全程 {total}"),
        Lang::En => format!("  possible: {change}: {total} in all"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_name_every_part_once() {
        let t = Totals {
            total_s: 7_800.0,
            drive_s: 6_000.0,
            charge_s: 1_200.0,
            wait_s: 0.0,
            overhead_s: 600.0,
            n_stops: 1,
            distance_m: 201_400.0,
            energy_kwh: 33.26,
            cost: Some("¥12.00".to_owned()),
            arrival_soc: 0.104,
        };
        assert_eq!(
            totals(Lang::En, &t),
            "2 h 10 min in all, driving 1 h 40 min, charging 20 min, overhead 10 min, 1 stop, 201 km, 33.3 kWh, ¥12.00, arriving with 10%"
        );
        assert_eq!(
            totals(Lang::Zh, &t),
            "全程 2 h 10 min，行驶 1 h 40 min，充电 20 min，停站另花 10 min，停 1 次，201 km，33.3 kWh，¥12.00，到达剩 10%"
        );
        assert!(totals(Lang::En, &Totals { wait_s: 60.0, ..t }).contains("waiting 1 min"));
    }
}
