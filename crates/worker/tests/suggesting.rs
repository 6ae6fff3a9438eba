//! What is suggested on the demonstration region.

#![allow(clippy::panic, clippy::unwrap_used, reason = "tests may")]

mod common;

use chongtu_model::LatLng;
use chongtu_worker::catalogue::{
    FromCatalogue, Highlight, Suggestion, SuggestionKind, ToCatalogue,
};
use chongtu_worker::engine::{CatalogueEngine, Engine as _};
use common::{NANJING, SHANGHAI, catalogue, load_catalogue, loaded, only, roads};

fn suggest(engine: &mut CatalogueEngine, text: &str, limit: u32) -> Vec<Suggestion> {
    suggest_near(engine, text, limit, None)
}

fn suggest_near(
    engine: &mut CatalogueEngine,
    text: &str,
    limit: u32,
    near: Option<LatLng>,
) -> Vec<Suggestion> {
    let text = text.to_owned();
    let message = ToCatalogue::Suggest {
        id: 6,
        text,
        limit,
        near,
    };
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

/// What a person expects first, chosen by hand.
#[test]
fn what_comes_first() {
    let han: &[(&str, &str)] = &[
        ("南京", "南京"),
        ("南京南", "南京南站"),
        ("新街口", "新街口"),
        ("夫子庙", "夫子庙"),
        ("禄口国", "禄口国际机场"),
        ("六合", "六合区"),
        ("鼓楼", "鼓楼区"),
        ("西湖", "西湖"),
        ("玄武湖", "玄武湖公园"),
        ("瘦西", "瘦西湖"),
        ("虹桥", "虹桥枢纽"),
        ("浦东 机场", "浦东国际机场"),
        ("沪蓉", "沪蓉高速"),
        ("G42", "沪蓉高速"),
        ("g25", "长深高速"),
        ("Ｓ３８", "沿江高速"),
        ("示例蓝雀", "示例蓝雀充电"),
        ("仙人山 上海", "仙人山服务区 上海方向"),
        ("安德门换", "安德门换乘停车场"),
    ];
    let pinyin: &[(&str, &str)] = &[
        ("nanjing", "南京"),
        ("nanj", "南京"),
        ("nanjingnan", "南京南站"),
        ("nanjingnanzhan", "南京南站"),
        ("luhe", "六合区"),
        ("liuhe", "六合区"),
        ("lishui", "溧水区"),
        ("pukou", "浦口区"),
        ("qixia", "栖霞区"),
        ("gulou", "鼓楼区"),
        ("hefei", "合肥"),
        ("wuhu", "芜湖"),
        ("bengbu", "蚌埠"),
        ("bangbu", "蚌埠"),
        ("lianyungang", "连云港"),
        ("huaian", "淮安"),
        ("huai'an", "淮安"),
        ("xuyi", "盱眙"),
        ("luan", "六安"),
        ("xihuqu", "西湖区"),
        ("waitan", "外滩"),
        ("yuantouzhu", "鼋头渚"),
        ("xinjiekou", "新街口"),
        ("shouxihu", "瘦西湖"),
        ("huronggaosu", "沪蓉高速"),
    ];
    let initials: &[(&str, &str)] = &[
        ("nj", "南京"),
        ("njnz", "南京南站"),
        ("njn", "南京南站"),
        ("sh", "上海"),
        ("hz", "杭州"),
        ("hf", "合肥"),
        ("sz", "苏州"),
        ("lyg", "连云港"),
        ("mas", "马鞍山"),
        ("xjk", "新街口"),
        ("fzm", "夫子庙"),
        ("lkgjjc", "禄口国际机场"),
        ("nanjingnz", "南京南站"),
        ("nanjing n", "南京南站"),
        ("njnan", "南京南站"),
        ("南jing", "南京"),
        ("xinjk", "新街口"),
    ];
    let english: &[(&str, &str)] = &[
        ("nanjing south", "南京南站"),
        ("south nanj", "南京南站"),
        ("confucius", "夫子庙"),
        ("west lake", "西湖"),
        ("bund", "外滩"),
        ("people's squ", "人民广场"),
        ("pudong airport", "浦东国际机场"),
        ("sun yat", "中山陵"),
        ("disney", "上海迪士尼"),
        ("olympic", "奥体中心"),
        ("blue finch", "示例蓝雀充电"),
        ("shenyang haikou", "沈海高速"),
        ("plum wind", "演示梅风充电"),
    ];
    let typos: &[(&str, &str)] = &[
        ("nanjign", "南京"),
        ("nanjng", "南京"),
        ("lanjing", "南京"),
        ("shangahi", "上海"),
        ("hangzhuo", "杭州"),
        ("suzhuo", "苏州"),
        ("xinjeikou", "新街口"),
        ("zhenjinag", "镇江"),
        ("lianyungnag", "连云港"),
        ("hefie", "合肥"),
        ("maashan", "马鞍山"),
        ("confucuis", "夫子庙"),
        ("nanjingnanzahn", "南京南站"),
        ("nanjing suoth", "南京南站"),
        ("禄口国际飞机场", "禄口国际机场"),
    ];
    let mut engine = loaded();
    let mut wrong = Vec::new();
    for (text, expected) in [han, pinyin, initials, english, typos].concat() {
        let got = suggest(&mut engine, text, 5);
        if got.first().map(|s| s.name.get(false)) != Some(expected) {
            wrong.push(format!("{text}: {expected} expected, {:?}", names(&got)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn same_sound_both_cities() {
    let mut engine = loaded();
    let got = suggest(&mut engine, "suzhou", 8);
    let cities: Vec<_> = names(&got).into_iter().take(2).collect();
    assert_eq!(cities, ["苏州", "宿州"]);
    // Who looks at Anhui means the other one.
    let suzhou_in_anhui = roads()
        .places()
        .iter()
        .find(|p| p.name.text == "宿州")
        .unwrap()
        .position;
    let got = suggest_near(&mut engine, "suzhou", 8, Some(suzhou_in_anhui));
    assert_eq!(names(&got)[0], "宿州");
}

#[test]
fn nearer_locations_first() {
    let mut engine = loaded();
    let near = |engine: &mut CatalogueEngine, at| -> Vec<f64> {
        let got = suggest_near(engine, "停车场", 8, Some(at));
        got.iter().map(|s| s.position.distance_m(at)).collect()
    };
    let (nanjing, shanghai) = (NANJING, SHANGHAI);
    assert!(near(&mut engine, nanjing).iter().all(|&m| m < 30_000.0));
    assert!(near(&mut engine, shanghai).iter().all(|&m| m < 30_000.0));
}

#[test]
fn operators_and_roads_say_what_they_are() {
    let mut engine = loaded();
    let catalogue = catalogue();
    for (i, operator) in catalogue.operators.iter().enumerate() {
        let got = suggest_near(&mut engine, &operator.name.text, 3, Some(SHANGHAI));
        assert_eq!(got[0].kind, SuggestionKind::Operator(operator.id.clone()));
        // The nearest of its locations.
        let sites = catalogue.locations.iter();
        let sites = sites.filter(|l| l.operator == Some(i as u32));
        let nearest = sites
            .map(|l| l.position.distance_m(SHANGHAI))
            .fold(f64::INFINITY, f64::min);
        assert_eq!(got[0].position.distance_m(SHANGHAI), nearest);
    }
    let got = suggest(&mut engine, "g42", 3);
    let reference = "G42".to_owned();
    assert_eq!(got[0].kind, SuggestionKind::Road { reference });
    let network = roads();
    let on_it = network
        .edges()
        .filter(|&e| network.edge_refs(e).contains(&"G42".to_owned()));
    let mut nodes = on_it.map(|e| network.edge_endpoints(e).0);
    let near = |n| network.node_position(n).distance_m(got[0].position) < 20_000.0;
    assert!(nodes.any(near));
}

#[test]
fn what_was_typed_is_highlighted() {
    let mut engine = loaded();
    for (text, english, expected) in [
        ("jingnan", false, "京南"),
        ("njnz", false, "南京南站"),
        ("南站", false, "南站"),
        ("south", true, "South"),
        ("nanjing south", true, "Nanjing South"),
    ] {
        let got = suggest(&mut engine, text, 20);
        let hit = got.iter().find(|s| s.name.text == "南京南站").unwrap();
        let of = |h: &Highlight| -> String {
            let name = hit.name.get(h.english).chars();
            name.skip(h.start as usize)
                .take((h.end - h.start) as usize)
                .collect()
        };
        let marked: Vec<_> = hit.highlights.iter().map(|h| (h.english, of(h))).collect();
        assert_eq!(marked, [(english, expected.to_owned())], "{text}");
    }
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
    let is_road = |s: &&Suggestion| matches!(s.kind, SuggestionKind::Road { .. });
    let exact = got.iter().skip_while(is_road).take_while(on_g42).count();
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
    for text in ["32.06,118.8", "118.8，32.06", "32°3.6'N 118°48'E"] {
        let got = suggest(&mut engine, text, 8);
        assert_eq!(got.len(), 1);
        let SuggestionKind::Coordinates(reading) = &got[0].kind else {
            panic!("{got:?}");
        };
        assert_eq!(reading.position, got[0].position);
        assert_eq!(got[0].name.text, "32.06, 118.8");
    }
    let both = suggest(&mut engine, "48.85, 2.35", 8);
    assert_eq!(names(&both), ["48.85, 2.35", "2.35, 48.85"]);
    let gcj = suggest(&mut engine, "gcj02 32.06,118.8", 8);
    let wgs = LatLng::new(32.06, 118.8).unwrap();
    assert!((300.0..800.0).contains(&gcj[0].position.distance_m(wgs)));
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
