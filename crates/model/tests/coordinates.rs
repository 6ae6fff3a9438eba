//! Coordinates as people paste them.

use AxisOrder::{LatLng as LatFirst, LngLat as LngFirst};
use OrderReason::{China, Marked, Nothing, Range};
use chongtu_model::LatLng;
use chongtu_model::datum::{Bd09, Gcj02};
use chongtu_model::gazetteer::{AxisOrder, OrderReason, read_coordinates};
use chongtu_model::provenance::Datum;

fn check(text: &str, expected: &[(f64, f64, AxisOrder, OrderReason)]) {
    let got = read_coordinates(text);
    assert_eq!(got.len(), expected.len(), "{text}: {got:?}");
    for (got, (lat, lng, order, reason)) in got.iter().zip(expected) {
        let near = (got.given.0 - lat).abs() < 1e-6 && (got.given.1 - lng).abs() < 1e-6;
        assert!(near, "{text}: {got:?}");
        assert_eq!((got.order, got.reason), (*order, *reason), "{text}");
    }
}

#[test]
fn as_people_paste_them() {
    let minutes = |d: f64, m: f64, s: f64| d + m / 60.0 + s / 3600.0;
    let (lat, lng) = (minutes(32.0, 3.0, 34.0), minutes(118.0, 47.0, 48.0));
    for (text, expected) in [
        ("32.06,118.8", (32.06, 118.8, LatFirst, Range)),
        (" 118.8, 32.06 ", (32.06, 118.8, LngFirst, Range)),
        ("119.1,32.2", (32.2, 119.1, LngFirst, Range)),
        ("３２．０６，１１８．８", (32.06, 118.8, LatFirst, Range)),
        ("118.8；32.06", (32.06, 118.8, LngFirst, Range)),
        ("32.06、118.8", (32.06, 118.8, LatFirst, Range)),
        ("32.06 118.8", (32.06, 118.8, LatFirst, Range)),
        ("32.06\u{3000}118.8", (32.06, 118.8, LatFirst, Range)),
        ("32.06\t118.8", (32.06, 118.8, LatFirst, Range)),
        ("(32.06, 118.8)", (32.06, 118.8, LatFirst, Range)),
        ("[118.8,32.06]", (32.06, 118.8, LngFirst, Range)),
        ("32,118", (32.0, 118.0, LatFirst, Range)),
        ("32°03'34\"N 118°47'48\"E", (lat, lng, LatFirst, Marked)),
        ("32°03′34″N, 118°47′48″E", (lat, lng, LatFirst, Marked)),
        ("32° 03’ 34” N 118º 47’ 48” E", (lat, lng, LatFirst, Marked)),
        ("118°47'48''E 32°03'34''N", (lat, lng, LngFirst, Marked)),
        ("N32°03'34\" E118°47'48\"", (lat, lng, LatFirst, Marked)),
        ("32°03'34\" 118°47'48\"", (lat, lng, LatFirst, Range)),
        ("32 03 34 N 118 47 48 E", (lat, lng, LatFirst, Marked)),
        ("32 03 34, 118 47 48", (lat, lng, LatFirst, Range)),
        (
            "北纬32度03分34秒 东经118度47分48秒",
            (lat, lng, LatFirst, Marked),
        ),
        ("东经118.8°，北纬32.06°", (32.06, 118.8, LngFirst, Marked)),
        ("经度:118.8 纬度:32.06", (32.06, 118.8, LngFirst, Marked)),
        ("N32 3.6 E118 48", (32.06, 118.8, LatFirst, Marked)),
        ("32.06N 118.8E", (32.06, 118.8, LatFirst, Marked)),
        ("118.8e,32.06n", (32.06, 118.8, LngFirst, Marked)),
        ("33.9S 70.5W", (-33.9, -70.5, LatFirst, Marked)),
        ("lat: 32.06, lng: 118.8", (32.06, 118.8, LatFirst, Marked)),
        ("lng=118.8&lat=32.06", (32.06, 118.8, LngFirst, Marked)),
        ("geo:32.06,118.8", (32.06, 118.8, LatFirst, Marked)),
        (
            "GEO:32.06,118.8,12;u=35?z=3",
            (32.06, 118.8, LatFirst, Marked),
        ),
        ("geo:2.35,48.85", (2.35, 48.85, LatFirst, Marked)),
        ("42.3, 80.1", (42.3, 80.1, LatFirst, China)),
        ("80.1, 42.3", (42.3, 80.1, LngFirst, China)),
        ("-33.9,-170.5", (-33.9, -170.5, LatFirst, Range)),
        ("−33.9,+170.5", (-33.9, 170.5, LatFirst, Range)),
    ] {
        check(text, &[expected]);
    }
}

#[test]
fn both_orders_where_nothing_says_which() {
    check(
        "48.85, 2.35",
        &[
            (48.85, 2.35, LatFirst, Nothing),
            (2.35, 48.85, LngFirst, Nothing),
        ],
    );
    check(
        "-33.9,-70.5",
        &[
            (-33.9, -70.5, LatFirst, Nothing),
            (-70.5, -33.9, LngFirst, Nothing),
        ],
    );
    check("10.5, 10.5", &[(10.5, 10.5, LatFirst, Range)]);
}

#[test]
fn what_is_no_position() {
    for text in [
        "",
        "南京",
        "32",
        "32.06",
        "32 118",
        "100,100",
        "10,190",
        "nan,1",
        "inf,1",
        "32.06,",
        ",118.8",
        "32.06,118.8,5",
        "1.2.3,4",
        "G42, 118",
        "G42 K120",
        "32.06N 118.8N",
        "32°70'N 118°E",
        "32.5°30'N 118°E",
        "1e3,2",
        "32.06,118.8 km",
        "-32.06,-118.8x",
        "geo:32.06",
        "geo:a,b",
        "95.0N 10E",
        "3号线",
        "---",
        "°°",
    ] {
        assert_eq!(read_coordinates(text), [], "{text}");
    }
    assert_eq!(read_coordinates(&"1,".repeat(300)), []);
}

#[test]
fn a_named_datum_is_turned_to_wgs_84() {
    // 新街口 in three datums, within a metre of the published formula.
    let wgs = LatLng {
        lat: 32.0415,
        lng: 118.7781,
    };
    let gcj = Gcj02::from(wgs);
    let bd = Bd09::from(gcj);
    for (text, datum) in [
        (format!("{},{}", wgs.lat, wgs.lng), None),
        (format!("WGS84 {},{}", wgs.lat, wgs.lng), Some(Datum::Wgs84)),
        (format!("gcj02 {},{}", gcj.lat, gcj.lng), Some(Datum::Gcj02)),
        (
            format!("{},{} GCJ-02", gcj.lng, gcj.lat),
            Some(Datum::Gcj02),
        ),
        (
            format!("火星坐标 {}，{}", gcj.lng, gcj.lat),
            Some(Datum::Gcj02),
        ),
        (format!("高德：{},{}", gcj.lng, gcj.lat), Some(Datum::Gcj02)),
        (format!("bd09: {},{}", bd.lat, bd.lng), Some(Datum::Bd09)),
        (
            format!("百度坐标系 {},{}", bd.lng, bd.lat),
            Some(Datum::Bd09),
        ),
        (
            format!("geo:{},{};crs=gcj02", gcj.lat, gcj.lng),
            Some(Datum::Gcj02),
        ),
    ] {
        let got = read_coordinates(&text);
        assert_eq!(got.len(), 1, "{text}: {got:?}");
        assert!(got[0].position.distance_m(wgs) < 0.01, "{text}: {got:?}");
        assert_eq!(got[0].datum, datum.unwrap_or_default(), "{text}");
        assert_eq!(got[0].datum_named, datum.is_some(), "{text}");
    }
    // The shift is some hundred metres there: a datum that is not believed would show.
    assert!(
        wgs.distance_m(LatLng {
            lat: gcj.lat,
            lng: gcj.lng
        }) > 300.0
    );
}

proptest::proptest! {
    #[test]
    fn nothing_makes_it_panic(text in "\\PC{0,40}", other in "[0-9NSEWnsew°'\",;.+\\- ]{0,30}") {
        for text in [text, other] {
            for reading in read_coordinates(&text) {
                let LatLng { lat, lng } = reading.position;
                assert!(LatLng::new(lat, lng).is_ok());
            }
        }
    }
}
