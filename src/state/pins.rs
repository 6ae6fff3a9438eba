//! What the index says, as marks for the map: words, glyph and colour of each pin and cluster.

use crate::js::map::MarkView;
use chongtu_model::index::{Cluster, Mark, Pin};
use chongtu_model::location::LocationKind;
use chongtu_model::{FourWay, LocationId, StatusCounts};
use chongtu_words::{Lang, common, map as words};

/// The CSS class of a status.
pub(crate) const fn status_class(status: FourWay) -> &'static str {
    match status {
        FourWay::Free => "free",
        FourWay::Occupied => "busy",
        FourWay::OutOfOrder => "fault",
        FourWay::Unknown => "unknown",
    }
}

/// The symbol of a status.
pub(crate) const fn status_glyph(status: FourWay) -> &'static str {
    match status {
        FourWay::Free => "g-free",
        FourWay::Occupied => "g-busy",
        FourWay::OutOfOrder => "g-fault",
        FourWay::Unknown => "g-unknown",
    }
}

/// `3/6`; `?/6` when nothing is known to be free but something is unknown; a word when all are out
/// of order; a dash where nothing is told.
pub(crate) fn counts_text(l: Lang, counts: &StatusCounts) -> String {
    let total = counts.total();
    match counts.summary() {
        FourWay::Free | FourWay::Occupied => format!("{}/{total}", counts.free),
        FourWay::OutOfOrder => words::out_of_use(l).to_owned(),
        FourWay::Unknown if total == 0 => "?".to_owned(),
        FourWay::Unknown => format!("?/{total}"),
    }
}

/// The marks to draw. The selected one stands out.
pub(crate) fn marks(l: Lang, marks: &[Mark], selected: Option<&LocationId>) -> Vec<MarkView> {
    marks
        .iter()
        .map(|mark| match mark {
            Mark::Pin(pin) => pin_view(l, pin, selected == Some(&pin.id)),
            Mark::Cluster(cluster) => cluster_view(l, cluster),
        })
        .collect()
}

fn pin_view(l: Lang, pin: &Pin, selected: bool) -> MarkView {
    let status = pin.counts.summary();
    let counts = counts_text(l, &pin.counts);
    let (shape, glyph, text, kind) = match (pin.kind, pin.has_dc) {
        (Some(LocationKind::BatterySwap), _) => (
            "pin--swap",
            "g-swap",
            words::swap(l).to_owned(),
            words::swap(l),
        ),
        (Some(LocationKind::Hydrogen), _) => (
            "pin--swap",
            "g-hydrogen",
            words::hydrogen(l).to_owned(),
            words::hydrogen(l),
        ),
        (_, true) => ("pin--dc", status_glyph(status), counts, common::dc(l)),
        (_, false) => ("pin--ac", status_glyph(status), counts, common::ac(l)),
    };
    let lifted = if selected { " is-selected" } else { "" };
    let mut label = words::pin_label(l, pin.name.get(l.is_english()), kind, &pin.counts);
    if status == FourWay::OutOfOrder && text != kind {
        // Who speaks to the screen says what stands there.
        label = words::joined(l, &label, &text);
    }
    MarkView {
        key: pin.id.as_str().to_owned(),
        position: pin.position,
        class: format!("pin {shape} is-{}{lifted}", status_class(status)),
        glyph,
        text,
        label,
        ring: None,
    }
}

fn cluster_view(l: Lang, cluster: &Cluster) -> MarkView {
    let [lat, lng] = cluster.position.to_e6();
    let s = cluster.by_status;
    MarkView {
        key: format!("{CLUSTER_KEY}{lat},{lng},{}", cluster.n_locations),
        position: cluster.position,
        class: if cluster.n_locations >= 20 {
            "cluster cluster--l"
        } else {
            "cluster"
        }
        .to_owned(),
        glyph: "",
        text: words::short_count(l, cluster.n_locations),
        label: words::cluster_label(l, cluster.n_locations, s.free),
        ring: Some([s.free, s.occupied, s.out_of_order, s.unknown]),
    }
}

/// How keys of clusters begin; no id of a location does.
pub(crate) const CLUSTER_KEY: &str = "@";

#[cfg(test)]
mod tests {
    use super::*;
    use chongtu_model::provenance::LocalText;
    use chongtu_model::{BoundingBox, LatLng};

    const AT: LatLng = LatLng {
        lat: 32.0,
        lng: 118.8,
    };

    fn counts(free: u32, occupied: u32, out_of_order: u32, unknown: u32) -> StatusCounts {
        StatusCounts {
            free,
            occupied,
            out_of_order,
            unknown,
        }
    }

    #[test]
    fn unknown_is_never_written_as_free() {
        for (c, expected) in [
            (counts(3, 2, 1, 0), "3/6"),
            (counts(0, 8, 0, 0), "0/8"),
            (counts(0, 1, 0, 5), "?/6"),
            (counts(0, 0, 2, 0), "停用"),
            (counts(0, 0, 0, 0), "?"),
            (counts(2, 0, 0, 4), "2/6"),
        ] {
            assert_eq!(counts_text(Lang::Zh, &c), expected);
        }
    }

    #[test]
    fn a_pin_says_kind_status_and_selection() {
        let pin = |kind, has_dc| Pin {
            index: 0,
            id: LocationId::new("x"),
            position: AT,
            counts: counts(0, 1, 0, 0),
            has_dc,
            kind,
            max_power_w: None,
            price_now: None,
            prices_differ: false,
            name: LocalText::both("甲", "A"),
        };
        let class = |kind, dc, selected: bool| {
            let list = [Mark::Pin(pin(kind, dc))];
            let id = LocationId::new("x");
            marks(Lang::En, &list, selected.then_some(&id))[0]
                .class
                .clone()
        };
        assert_eq!(class(None, true, false), "pin pin--dc is-busy");
        assert_eq!(
            class(Some(LocationKind::Public), false, true),
            "pin pin--ac is-busy is-selected"
        );
        assert_eq!(
            class(Some(LocationKind::BatterySwap), false, false),
            "pin pin--swap is-busy"
        );
    }

    #[test]
    fn cluster_keys_are_no_ids() {
        let cluster = Cluster {
            position: AT,
            n_locations: 1234,
            by_status: counts(1000, 0, 0, 234),
            bounds: BoundingBox::WORLD,
        };
        let view = &marks(Lang::Zh, &[Mark::Cluster(cluster)], None)[0];
        assert!(view.key.starts_with(CLUSTER_KEY));
        assert_eq!(view.ring, Some([1000, 0, 0, 234]));
    }
}
