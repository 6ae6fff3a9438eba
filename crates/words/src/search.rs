//! What search says beyond the names it finds.

use crate::Lang;
use chongtu_model::gazetteer::{AxisOrder, CoordinateReading, OrderReason};
use chongtu_model::provenance::Datum;

words! {
    /// A suggestion that is a road.
    kind_road = "道路", "Road";
    /// A suggestion that is who runs chargers.
    kind_operator = "运营商", "Operator";
}

/// How typed coordinates were read: the order of the two numbers, and the datum where it was named.
pub fn coordinates_read(l: Lang, reading: &CoordinateReading) -> String {
    let order = match (reading.order, reading.reason) {
        (AxisOrder::LatLng, OrderReason::Nothing) => {
            l.pick("若纬度在前", "If the latitude comes first")
        }
        (AxisOrder::LngLat, OrderReason::Nothing) => {
            l.pick("若经度在前", "If the longitude comes first")
        }
        (AxisOrder::LatLng, _) => l.pick("纬度在前", "Latitude first"),
        (AxisOrder::LngLat, _) => l.pick("经度在前", "Longitude first"),
    };
    let datum = match (reading.datum, reading.datum_named) {
        (_, false) => return order.to_owned(),
        (Datum::Wgs84, true) => "WGS-84",
        (Datum::Gcj02, true) => l.pick("由 GCJ-02（火星坐标）换算", "converted from GCJ-02"),
        (Datum::Bd09, true) => l.pick("由 BD-09（百度坐标）换算", "converted from BD-09"),
    };
    let joined = l.pick("，", ", ");
    format!("{order}{joined}{datum}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use chongtu_model::gazetteer::read_coordinates;

    #[test]
    fn says_order_and_datum() {
        let said = |text: &str, l| -> Vec<String> {
            let readings = read_coordinates(text);
            readings.iter().map(|r| coordinates_read(l, r)).collect()
        };
        assert_eq!(said("32.06,118.8", Lang::Zh), ["纬度在前"]);
        assert_eq!(
            said("gcj02 118.8,32.06", Lang::En),
            ["Longitude first, converted from GCJ-02"]
        );
        assert_eq!(
            said("48.85, 2.35", Lang::En),
            [
                "If the latitude comes first",
                "If the longitude comes first"
            ]
        );
    }
}
