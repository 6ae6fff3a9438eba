//! What the map shows of a trip. Pure.

use crate::js::map::RouteDrawing;
use crate::state::trip::{TripInputs, TripState};
use chongtu_model::BoundingBox;
use chongtu_model::provenance::LocalText;
use chongtu_words::{Lang, common, plan as words};
use chongtu_worker::plan::Itinerary;
use chongtu_worker::plan::failure::{FailurePlace, Gap};

/// The names of a gap's ends: those of the trip, or of sites as far as `found` has them.
pub(super) fn gap_names(
    l: Lang,
    inputs: &TripInputs,
    gap: &Gap,
    found: &[Option<LocalText>; 2],
) -> [String; 2] {
    let english = l.is_english();
    let name = |place: &FailurePlace, found: &Option<LocalText>| {
        let known = match place {
            FailurePlace::Origin => inputs.from.as_ref().map(|s| s.label(english)),
            FailurePlace::Destination => inputs.to.as_ref().map(|s| s.label(english)),
            _ => found.as_ref().map(|n| n.get(english).to_owned()),
        };
        known.unwrap_or_else(|| words::some_site(l).to_owned())
    };
    [name(&gap.from, &found[0]), name(&gap.to, &found[1])]
}

/// What to draw for a trip in its state. `found` are the names of a gap's sites.
pub(super) fn drawing(
    l: Lang,
    inputs: &TripInputs,
    state: &TripState,
    found: &[Option<LocalText>; 2],
) -> RouteDrawing {
    let mut drawing = ends(l, inputs);
    match state {
        TripState::Found(plan) => {
            if let Some(itinerary) = plan.itineraries.first() {
                add_plan(l, &mut drawing, inputs, itinerary);
            }
        }
        TripState::Failed(failure) => {
            if let Some(gap) = &failure.gap {
                add_gap(l, &mut drawing, gap, gap_names(l, inputs, gap, found));
            }
        }
        _ => {}
    }
    drawing
}

/// The start and the end as far as they are chosen.
fn ends(l: Lang, inputs: &TripInputs) -> RouteDrawing {
    let end = |spot: &Option<crate::state::trip::Spot>| {
        spot.as_ref()
            .map(|s| (s.position(), s.label(l.is_english())))
    };
    RouteDrawing {
        start: end(&inputs.from),
        end: end(&inputs.to),
        ..RouteDrawing::default()
    }
}

fn add_plan(l: Lang, drawing: &mut RouteDrawing, inputs: &TripInputs, itinerary: &Itinerary) {
    drawing.lines = itinerary
        .legs
        .iter()
        .map(|leg| leg.geometry.clone())
        .collect();
    drawing.stops = itinerary
        .stops
        .iter()
        .zip(1..)
        .map(|(stop, n)| (stop.position, format!("{n}")))
        .collect();
    let with_charge = |spot: &crate::state::trip::Spot, soc| {
        let name = spot.name.as_ref().map(|n| n.get(l.is_english()).to_owned());
        let charge = words::percent(soc);
        (
            spot.position(),
            name.map_or_else(|| charge.clone(), |n| format!("{} {charge}", short(&n))),
        )
    };
    drawing.start = inputs
        .from
        .as_ref()
        .map(|s| with_charge(s, itinerary.departure_soc));
    drawing.end = inputs
        .to
        .as_ref()
        .map(|s| with_charge(s, itinerary.arrival_soc));
}

/// The leg that fails, with the charge there is at its start and how long it is.
fn add_gap(l: Lang, drawing: &mut RouteDrawing, gap: &Gap, [from, to]: [String; 2]) {
    drawing.failed = Some([gap.from_position, gap.to_position]);
    drawing.start = Some((
        gap.from_position,
        format!("{} {}", short(&from), words::percent(gap.available_soc)),
    ));
    drawing.end = Some((
        gap.to_position,
        format!("{} {}", short(&to), common::distance(l, gap.distance_m)),
    ));
}

/// A name as short as a mark on the map has room for.
fn short(name: &str) -> String {
    const ROOM: u32 = 12;
    let mut width = 0;
    let kept: String = name
        .chars()
        .take_while(|c| {
            width += if c.is_ascii() { 1 } else { 2 };
            width <= ROOM
        })
        .collect();
    if kept.len() == name.len() {
        kept
    } else {
        format!("{}…", kept.trim_end())
    }
}

/// How much wider than itself a route's box must be on either side, as a share of its width, so
/// that the names of its ends have room: on a map of that many px, of which `edge` px stay free anyway.
pub(super) fn room_beside(drawing: &RouteDrawing, map_px: f64, edge: f64) -> f64 {
    let label_px = |text: &str| {
        text.chars()
            .map(|c| if c.is_ascii() { 7.0 } else { 12.0 })
            .sum::<f64>()
            + 36.0
    };
    let widest = drawing
        .start
        .iter()
        .chain(&drawing.end)
        .map(|(_, text)| label_px(text))
        .fold(0.0, f64::max);
    let need = (widest - edge).max(0.0);
    let left = map_px - 2.0 * (edge + need);
    if left > 0.0 {
        (need / left).min(0.8)
    } else {
        0.8
    }
}

/// The box around all that is drawn, or around the leg that fails, with `beside` times its width more on either side: the names
/// of the ends stand there.
pub(super) fn bounds(drawing: &RouteDrawing, beside: f64) -> Option<BoundingBox> {
    let ends = drawing
        .start
        .iter()
        .chain(&drawing.end)
        .chain(&drawing.stops)
        .map(|(at, _)| *at);
    let lines = drawing.lines.iter().flatten().copied();
    // A leg that fails is what matters then, not the whole way.
    let tight = match drawing.failed {
        Some(leg) => BoundingBox::of(leg)?,
        None => BoundingBox::of(ends.chain(lines))?,
    };
    let more = (tight.east - tight.west) * beside;
    Some(BoundingBox {
        west: (tight.west - more).max(-180.0),
        east: (tight.east + more).min(180.0),
        ..tight
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::trip::TripLink;
    use chongtu_model::LatLng;
    use chongtu_worker::plan::{FailureCode, PlanFailure};

    const NO_NAMES: [Option<LocalText>; 2] = [None, None];
    use std::sync::Arc;

    fn inputs() -> TripInputs {
        TripLink::parse("from=32,118~南京~Nanjing&to=31,121&car=x").inputs
    }

    #[test]
    fn draws_the_ends_before_there_is_a_plan() {
        let drawing = drawing(Lang::En, &inputs(), &TripState::Editing, &NO_NAMES);
        assert_eq!(
            drawing.start,
            Some((
                LatLng {
                    lat: 32.0,
                    lng: 118.0
                },
                "Nanjing".to_owned()
            ))
        );
        assert_eq!(
            drawing.end.as_ref().map(|e| e.1.as_str()),
            Some("31.0000, 121.0000")
        );
        assert!(drawing.lines.is_empty() && drawing.failed.is_none());
        let around = bounds(&drawing, 0.0).unwrap();
        assert_eq!(
            (around.west, around.south, around.east, around.north),
            (118.0, 31.0, 121.0, 32.0)
        );
        let wider = bounds(&drawing, 0.5).unwrap();
        assert_eq!(
            (wider.west, wider.south, wider.east, wider.north),
            (116.5, 31.0, 122.5, 32.0)
        );
    }

    #[test]
    fn draws_the_leg_that_fails() {
        let (a, b) = (
            LatLng {
                lat: 33.0,
                lng: 117.0,
            },
            LatLng {
                lat: 31.5,
                lng: 120.0,
            },
        );
        let mut failure = PlanFailure::new(FailureCode::GapTooLong, FailurePlace::Everywhere);
        failure.gap = Some(Gap {
            from: FailurePlace::Origin,
            to: FailurePlace::Location("a".to_owned()),
            from_position: a,
            to_position: b,
            distance_m: 68_000.0,
            available_soc: 0.2,
            needed_soc: 0.4,
            reach_m: 0.5,
        });
        let names = [None, Some(LocalText::plain("B"))];
        let drawing = drawing(
            Lang::Zh,
            &inputs(),
            &TripState::Failed(Arc::new(failure)),
            &names,
        );
        assert_eq!(drawing.failed, Some([a, b]));
        assert_eq!(
            drawing.start.as_ref().map(|e| e.1.as_str()),
            Some("南京 20%")
        );
        assert_eq!(drawing.end.as_ref().map(|e| e.1.as_str()), Some("B 68 km"));
        let around = bounds(&drawing, 0.0).unwrap();
        assert_eq!(
            (around.west, around.south, around.east, around.north),
            (117.0, 31.5, 120.0, 33.0)
        );
    }

    #[test]
    fn names_of_ends_have_room() {
        let mut drawing = RouteDrawing::default();
        assert_eq!(room_beside(&drawing, 390.0, 48.0), 0.0);
        let at = LatLng { lat: 0.0, lng: 0.0 };
        drawing.end = Some((at, "Shanghai 10%".to_owned()));
        // 12 letters of 7 px and 36 px around them are 120: 72 more than the edge on either side.
        assert!((room_beside(&drawing, 390.0, 48.0) - 72.0 / 150.0).abs() < 1e-12);
        drawing.start = Some((
            at,
            "a name that leaves no room for anything at all".to_owned(),
        ));
        assert_eq!(room_beside(&drawing, 390.0, 48.0), 0.8);
        assert_eq!(short("南京"), "南京");
        assert_eq!(short("议堂服务区 连云港方向"), "议堂服务区…");
    }

    #[test]
    fn nothing_chosen_is_nothing_drawn() {
        let drawing = drawing(
            Lang::Zh,
            &TripInputs::default(),
            &TripState::Editing,
            &NO_NAMES,
        );
        assert_eq!(drawing, RouteDrawing::default());
        assert_eq!(bounds(&drawing, 0.2), None);
    }
}
