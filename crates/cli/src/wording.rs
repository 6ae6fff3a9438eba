//! English sentences for codes, until words of both languages are needed here.

use chongtu_feeds::Finding;
use chongtu_feeds::finding::code;
use chongtu_planner::FailureCode;
use serde::Serialize;

/// A finding with its sentence, as reports have it.
#[derive(Serialize)]
pub(crate) struct Worded<'a> {
    #[serde(flatten)]
    pub(crate) finding: &'a Finding,
    pub(crate) message: &'static str,
    pub(crate) suggestion: Option<&'static str>,
}

impl<'a> Worded<'a> {
    pub(crate) fn new(finding: &'a Finding) -> Self {
        let (message, suggestion) = sentence(finding.code);
        Self {
            finding,
            message,
            suggestion,
        }
    }
}

/// What a code means, and what to do about it.
pub(crate) fn sentence(code: &str) -> (&'static str, Option<&'static str>) {
    match code {
        code::NOT_A_FEATURE => ("dropped: not a GeoJSON feature", None),
        code::POSITION_MISSING => ("dropped: no geometry", None),
        code::GEOMETRY_NOT_POINT => (
            "dropped: the geometry is not a point",
            Some("give one point a site"),
        ),
        code::POSITION_UNREADABLE => ("dropped: the coordinates are not two numbers", None),
        code::POSITION_SWAPPED => (
            "dropped: latitude and longitude are swapped",
            Some("GeoJSON has [longitude, latitude]"),
        ),
        code::POSITION_OUT_OF_RANGE => ("dropped: not a position on Earth", None),
        code::POSITION_ZERO => ("dropped: 0, 0 stands for an unknown position", None),
        code::RECORD_REPEATED => ("dropped: repeats an earlier record in everything", None),
        code::ID_REPEATED => (
            "dropped: another record has this id",
            Some("give every site its own id"),
        ),
        code::ID_DERIVED => (
            "the id was derived from name and position",
            Some("give ids, so that links survive a move"),
        ),
        code::NAME_MISSING => ("no name: address, operator or id stand for it", None),
        code::POWER_UNREADABLE => ("power unknown: not a number", None),
        code::POWER_ZERO => ("power unknown: 0 stands for unknown", None),
        code::POWER_OUT_OF_RANGE => (
            "power unknown: not between 0 and 2,000 kW",
            Some("the unit is kW"),
        ),
        code::CONNECTOR_UNRECOGNISED => (
            "connector unknown: no standard has this name",
            Some("use OCPI's names, such as GBT_DC"),
        ),
        code::STALLS_OUT_OF_RANGE => (
            "kept as one EVSE: the count is no whole number from 1 to 1,000",
            None,
        ),
        code::OPENING_HOURS_UNREADABLE => (
            "hours unknown: not understood",
            Some("write such as \"Mo-Fr 21:00-06:00; Sa-Su 00:00-24:00\""),
        ),
        code::TIME_ZONE_UNKNOWN => (
            "no zone has this name",
            Some("use IANA names, such as Asia/Shanghai"),
        ),
        code::STATUS_UNRECOGNISED => (
            "status unknown: not one of OCPI's values",
            Some("use OCPI's values, such as AVAILABLE"),
        ),
        code::TEXT_EXPECTED => ("field ignored: a text was expected", None),
        _ => ("", None),
    }
}

/// Why there is no plan.
pub(crate) const fn failure(code: FailureCode) -> &'static str {
    match code {
        FailureCode::NoRoadNearby => "no road is near enough",
        FailureCode::OutOfCoverage => "outside the region that was loaded",
        FailureCode::Unreachable => "no road leads there",
        FailureCode::GapTooLong => "a leg needs more energy than the battery may give",
        FailureCode::NoCompatibleConnector => "no site takes this car",
        FailureCode::Contradiction => "the request contradicts itself",
        FailureCode::BudgetExceeded => "the search stopped at its budget of work",
    }
}

/// `1 h 05 min`, `12 min`.
pub(crate) fn duration(seconds: f64) -> String {
    let minutes = (seconds / 60.0).round() as u64;
    if minutes < 60 {
        format!("{minutes} min")
    } else {
        format!("{} h {:02} min", minutes / 60, minutes % 60)
    }
}

/// `142 km`, `3.4 km`.
pub(crate) fn distance(meters: f64) -> String {
    let km = meters / 1000.0;
    if km < 10.0 {
        format!("{km:.1} km")
    } else {
        format!("{km:.0} km")
    }
}

/// `38 %`.
pub(crate) fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_read_them() {
        assert_eq!(duration(0.0), "0 min");
        assert_eq!(duration(59.6 * 60.0), "1 h 00 min");
        assert_eq!(duration(3_900.0), "1 h 05 min");
        assert_eq!(distance(3_440.0), "3.4 km");
        assert_eq!(distance(142_400.0), "142 km");
        assert_eq!(percent(0.375), "38 %");
    }
}
