//! What is suggested on the demonstration region.

#![allow(clippy::panic, clippy::unwrap_used, reason = "tests may")]

mod common;

use chongtu_worker::catalogue::{FromCatalogue, Suggestion, SuggestionKind, ToCatalogue};
use chongtu_worker::engine::{CatalogueEngine, Engine as _};
use common::{catalogue, load_catalogue, loaded, only, roads};

fn suggest(engine: &mut CatalogueEngine, text: &str, limit: u32) -> Vec<Suggestion> {
    let text = text.to_owned();
    let message = ToCatalogue::Suggest { id: 6, text, limit };
    match only(engine.handle(message, None)) {
        FromCatalogue::Suggest { id: 6, suggestions } => suggestions,
        other => panic!("{other:?}"),
    }
}

fn names(suggestions: &[Suggestion]) -> Vec<&str> {
    suggestions.iter().map(|s| s.name.get(false)).collect()
}

#[test]
fn a_place_by_any_of_its_names_comes_first() {
    let mut engine = loaded();
    for text in [
        "南京",
        " 南 京 ",
        "Nanjing",
        "NAN JING",
        "nanjing",
        "nj",
        "Ｎｊ",
        "nánjīng",
    ] {
        let got = suggest(&mut engine, text, 8);
        assert_eq!(got[0].name.get(false), "南京", "{text}: {:?}", names(&got));
        assert_eq!(got[0].kind, SuggestionKind::Place { rank: 1 });
    }
    // Every place of the region is found by each of its names.
    for place in roads().places() {
        let en = place.name.en.as_deref();
        for text in [Some(place.name.text.as_str()), en, place.pinyin.as_deref()] {
            let Some(text) = text else { continue };
            let got = suggest(&mut engine, text, 5);
            assert!(
                got.iter().any(|s| s.position == place.position),
                "{text}: {:?}",
                names(&got)
            );
        }
    }
}

#[test]
fn same_sound_both_cities_the_beginning_before_the_middle() {
    let mut engine = loaded();
    let got = suggest(&mut engine, "suzhou", 8);
    let cities: Vec<_> = names(&got).into_iter().take(2).collect();
    assert!(
        cities.contains(&"苏州") && cities.contains(&"宿州"),
        "{cities:?}"
    );

    let got = suggest(&mut engine, "站", 20);
    assert!(!got.is_empty());
    let got = suggest(&mut engine, "苏州", 20);
    assert_eq!(names(&got)[0], "苏州");
    let ends = |name: &&str| !name.starts_with("苏州");
    let first_within = names(&got).iter().position(ends).unwrap_or(got.len());
    assert!(
        names(&got)[first_within..].iter().all(ends),
        "{:?}",
        names(&got)
    );
}

#[test]
fn places_before_junctions_before_locations_among_equal_fits() {
    let mut engine = loaded();
    let got = suggest(&mut engine, "n", 100);
    let order = |s: &Suggestion| match &s.kind {
        SuggestionKind::Place { .. } => 0,
        SuggestionKind::Junction => 1,
        SuggestionKind::Location(_) => 2,
        SuggestionKind::Coordinates => 3,
    };
    // Those whose name begins so fit alike; names that only contain the letter come after them.
    let begins = |s: &Suggestion| s.name.get(true).to_lowercase().starts_with('n');
    let orders: Vec<_> = got.iter().filter(|s| begins(s)).map(order).collect();
    assert!(orders.is_sorted(), "{orders:?}");
    assert!(orders.contains(&0) && orders.contains(&1) && orders.contains(&2));
}

#[test]
fn locations_by_name_and_by_their_road() {
    let mut engine = loaded();
    let catalogue = catalogue();
    for location in &catalogue.locations {
        let got = suggest(&mut engine, &location.name.text, 3);
        let hit = got
            .iter()
            .find(|s| s.kind == SuggestionKind::Location(location.id.clone()));
        let hit = hit.unwrap_or_else(|| panic!("{}: {:?}", location.id, names(&got)));
        assert_eq!(hit.position, location.position);
        if location.address.is_some() {
            assert_eq!(hit.context, location.address);
        }
    }
    let got = suggest(&mut engine, "g42", 50);
    let on_g42 = |s: &&Suggestion| {
        let SuggestionKind::Location(id) = &s.kind else {
            return false;
        };
        let road = catalogue.find(id).and_then(|l| l.road.as_ref());
        road.is_some_and(|r| r.reference == "G42")
    };
    let all = catalogue.locations.iter();
    let all = all.filter(|l| l.road.as_ref().is_some_and(|r| r.reference == "G42"));
    assert_eq!(got.iter().filter(on_g42).count(), all.count());
    // Exact road numbers stand before those that only begin alike, such as G4211.
    let exact = got.iter().take_while(|s| on_g42(s)).count();
    assert_eq!(got.iter().filter(on_g42).count(), exact);
}

#[test]
fn places_say_their_city() {
    let mut engine = loaded();
    let got = suggest(&mut engine, "新街口", 1);
    assert_eq!(got[0].context.as_ref().unwrap().get(true), "Nanjing");
    assert_eq!(suggest(&mut engine, "南京", 1)[0].context, None);
}

#[test]
fn nothing_typed_gives_the_cities() {
    let mut engine = loaded();
    for text in ["", "  ", "\u{3000}"] {
        let got = suggest(&mut engine, text, 100);
        let cities = || roads().places().iter().filter(|p| p.rank <= 2).count();
        assert_eq!(got.len(), cities());
        let ranks: Vec<u8> = got
            .iter()
            .map(|s| match s.kind {
                SuggestionKind::Place { rank } => rank,
                _ => panic!("{s:?}"),
            })
            .collect();
        assert!(ranks.is_sorted() && ranks[0] == 1, "{ranks:?}");
    }
}

#[test]
fn coordinates_and_limits() {
    let mut engine = loaded();
    for text in ["32.06,118.8", "118.8，32.06"] {
        let got = suggest(&mut engine, text, 8);
        assert_eq!(got.len(), 1);
        assert_eq!(got[0].kind, SuggestionKind::Coordinates);
        assert_eq!((got[0].position.lat, got[0].position.lng), (32.06, 118.8));
    }
    assert_eq!(suggest(&mut engine, "南", 0), []);
    let all = suggest(&mut engine, "南", 100);
    for limit in 1..8 {
        let few = suggest(&mut engine, "南", limit);
        assert_eq!(few, all[..few.len()]);
        assert_eq!(few.len(), all.len().min(limit as usize));
    }
    assert!(suggest(&mut engine, "e", u32::MAX).len() <= 100);
    assert_eq!(
        suggest(&mut engine, "\u{1}\n\r", 100).len(),
        suggest(&mut engine, "", 100).len()
    );
    assert_eq!(suggest(&mut engine, "zzzzz", 8), []);
}

#[test]
fn a_new_catalogue_is_searched_at_once() {
    let mut engine = loaded();
    let mut catalogue = catalogue();
    assert_eq!(suggest(&mut engine, "qwertz", 8), []);
    catalogue.locations[3].name.en = Some("Qwertz Park".into());
    load_catalogue(&mut engine, &catalogue);
    let got = suggest(&mut engine, "qwertz", 8);
    assert_eq!(
        got[0].kind,
        SuggestionKind::Location(catalogue.locations[3].id.clone())
    );
}
