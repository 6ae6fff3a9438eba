//! Parts of the location sheet: chargers, hours, facts.

use super::icon::glyph;
use super::local_clock::LocalClock;
use super::price_chart::{PriceView, clock_of};
use super::price_facts::price_facts;
use crate::state::{AppState, pins};
use chongtu_model::hours::OpeningHours;
use chongtu_model::location::{Capability, Connector, Evse};
use chongtu_model::status::DEFAULT_STALE_AFTER_S;
use chongtu_model::time::Weekday;
use chongtu_model::{ConnectorStandard, FourWay, Instant, StatusCounts};
use chongtu_words::location::price as price_words;
use chongtu_words::{Lang, common, location as words, map as map_words};
use chongtu_worker::catalogue::LocationDetail;
use leptos::prelude::*;

/// Up to so many chargers are listed one by one; more are grouped, with the single ones folded away.
pub(crate) const LISTED_SINGLY: usize = 8;
/// It closes soon: within an hour.
const SOON_S: i64 = 3600;

type Word = fn(Lang) -> &'static str;

/// The capabilities that a driver asks for, and what they are called.
const CAPABILITIES: [(Capability, Word); 3] = [
    (Capability::Reservable, words::reservable),
    (Capability::VehicleToGrid, words::v2g),
    (Capability::SharesPower, words::shares_power),
];

/// `国标直流 120 kW`.
fn connector_words(l: Lang, standard: Option<ConnectorStandard>, power_w: Option<u32>) -> String {
    let standard = standard.map_or(common::connector_unknown(l), |s| common::connector(l, s));
    let power = power_w.map_or_else(
        || common::power_unknown(l).to_owned(),
        |w| common::power(l, w),
    );
    [standard, &power].join(" · ")
}

fn status_mark(class: FourWay, text: &'static str) -> AnyView {
    let mut classes = "status ".to_owned();
    classes.push_str(pins::status_class(class));
    view! { <span class=classes>{glyph(pins::status_glyph(class))}{text}</span> }.into_any()
}

fn tag(text: &'static str) -> AnyView {
    view! { " "<span class="tag">{text}</span> }.into_any()
}

/// The chargers that are places to go, with what is known of each now.
fn places(detail: &LocationDetail, now: Instant) -> Vec<(&Evse, FourWay)> {
    let stale = detail
        .source
        .as_ref()
        .map_or(Some(DEFAULT_STALE_AFTER_S), |s| s.stale_after_s);
    let shown = |e: &Evse| e.status.four_way_at(e.status_updated, now, stale);
    let evses = detail.location.evses.iter();
    evses.filter_map(|e| shown(e).map(|s| (e, s))).collect()
}

/// What all of them can do.
fn common_capabilities(places: &[(&Evse, FourWay)]) -> Vec<Capability> {
    let all = |c: Capability| {
        !places.is_empty() && places.iter().all(|(e, _)| e.capabilities.contains(&c))
    };
    CAPABILITIES
        .iter()
        .map(|(c, _)| *c)
        .filter(|c| all(*c))
        .collect()
}

/// How many there are, and how many fit the chosen car.
pub(crate) fn evses_meta(app: AppState, detail: &LocationDetail, now: Instant) -> String {
    let l = app.lang.get();
    let places = places(detail, now);
    let n = places.len();
    if n == 0 {
        return String::new();
    }
    let fits = |e: &Evse| {
        app.my_car.with(|car| {
            let inlets = car
                .as_ref()
                .map(|c| c.inlets.as_slice())
                .unwrap_or_default();
            let fit = |c: &Connector| c.standard.is_some_and(|s| inlets.contains(&s));
            e.connectors.iter().any(fit)
        })
    };
    if app.my_car.with(Option::is_none) {
        return words::evses_count(l, n);
    }
    let fit = places.iter().filter(|(e, _)| fits(e)).count();
    words::evses_fit(l, n, fit)
}

/// The groups, where there are too many chargers to list.
pub(crate) fn evse_groups(l: Lang, detail: &LocationDetail) -> AnyView {
    let groups: Vec<AnyView> = detail
        .groups
        .iter()
        .map(|group| {
            view! {
                <li class="evse evse--group">
                    <span class="what">
                        {connector_words(l, group.standard, group.power_w)}
                        {group.assumed.then(|| tag(map_words::assumed(l)))}
                    </span>
                    {count_marks(l, &group.counts)}
                </li>
            }
            .into_any()
        })
        .collect();
    view! { <ul class="well evselist">{groups}</ul> }.into_any()
}

/// The chargers one by one.
pub(crate) fn evse_list(l: Lang, detail: &LocationDetail, now: Instant) -> AnyView {
    let places = places(detail, now);
    if places.is_empty() {
        return view! { <p class="sub">{map_words::no_evses(l)}</p> }.into_any();
    }
    let shared = common_capabilities(&places);
    let rows: Vec<AnyView> = places
        .iter()
        .enumerate()
        .map(|(i, (evse, status))| evse_row(l, i + 1, evse, *status, &shared, now))
        .collect();
    view! { <ul class="well evselist">{rows}</ul> }.into_any()
}

fn evse_row(
    l: Lang,
    number: usize,
    evse: &Evse,
    status: FourWay,
    shared: &[Capability],
    now: Instant,
) -> AnyView {
    let age = evse
        .status_updated
        .map_or(common::age_unknown(l).to_owned(), |at| {
            common::age(l, now.unix_s() - at.unix_s())
        });
    let plugs: Vec<String> = evse
        .connectors
        .iter()
        .map(|c| connector_words(l, c.standard, c.power_w))
        .collect();
    let assumed = evse
        .connectors
        .iter()
        .any(|c| c.standard_assumed || c.power_assumed);
    let own: Vec<AnyView> = CAPABILITIES
        .iter()
        .filter(|(c, _)| evse.capabilities.contains(c) && !shared.contains(c))
        .map(|(_, word)| tag(word(l)))
        .collect();
    let mut n = number.to_string();
    if number < 10 {
        n.insert(0, '0');
    }
    view! {
        <li class="evse">
            <span class="n">{n}</span>
            <span class="what">{plugs.join(" / ")}{assumed.then(|| tag(map_words::assumed(l)))}{own}</span>
            {status_mark(status, words::evse_status(l, evse.status, status))}
            <span class="meta num">{age}</span>
        </li>
    }
    .into_any()
}

/// What every charger here can do, and what sharing power means.
pub(crate) fn evse_notes(l: Lang, detail: &LocationDetail, now: Instant) -> AnyView {
    let places = places(detail, now);
    let shared = common_capabilities(&places);
    let tags: Vec<AnyView> = CAPABILITIES
        .iter()
        .filter(|(c, _)| shared.contains(c))
        .map(|(_, word)| tag(word(l)))
        .collect();
    let shares = places
        .iter()
        .any(|(e, _)| e.capabilities.contains(&Capability::SharesPower));
    if tags.is_empty() && !shares {
        return ().into_any();
    }
    view! {
        <p class="meta evse-notes">
            {tags}
            {shares.then(|| view! { " "<span>{words::shares_power_text(l)}</span> })}
        </p>
    }
    .into_any()
}

/// How many are in each state, with glyph and word.
fn count_marks(l: Lang, counts: &StatusCounts) -> AnyView {
    let marks: Vec<AnyView> = [
        (counts.free, FourWay::Free),
        (counts.occupied, FourWay::Occupied),
        (counts.out_of_order, FourWay::OutOfOrder),
        (counts.unknown, FourWay::Unknown),
    ]
    .into_iter()
    .filter(|&(n, _)| n > 0)
    .map(|(n, s)| {
        view! { <span class="nowrap">{status_mark(s, common::status(l, s))}" "<b class="num">{n}</b></span> }
            .into_any()
    })
    .collect();
    view! { <span class="evse-counts">{marks}</span> }.into_any()
}

fn spans_of_day(l: Lang, spans: &[(u16, u16)]) -> String {
    if spans.is_empty() {
        return map_words::closed_day(l).to_owned();
    }
    let spans: Vec<String> = spans
        .iter()
        .map(|&(from, to)| map_words::span(l, from, to))
        .collect();
    spans.join(price_words::comma(l))
}

/// Whether it is open, today's hours, and when that changes.
pub(crate) fn hours_now(l: Lang, detail: &LocationDetail, now: Instant) -> AnyView {
    let week = match &detail.location.opening_hours {
        None => return view! { {map_words::not_told(l)} }.into_any(),
        Some(OpeningHours::TwentyFourSeven) => {
            return view! { {map_words::always_open(l)} }.into_any();
        }
        Some(OpeningHours::Regular(_)) => detail.week().unwrap_or_default(),
    };
    let today = detail
        .weekday
        .and_then(|n| week.get(usize::from(n).checked_sub(1)?))
        .map(|spans| spans_of_day(l, spans));
    let clock = clock_of(detail, now);
    let changes = detail.open_changes.zip(clock).map(|(at, clock)| {
        let left = at.unix_s() - now.unix_s();
        let open = detail.open_now == Some(true);
        let when = if open && left <= SOON_S {
            words::in_time(l, left)
        } else {
            closing_time(l, &clock, now, at)
        };
        if open {
            (words::closes(l, &when), left <= SOON_S)
        } else {
            (words::opens(l, &when), false)
        }
    });
    let state = detail.open_now.map(|open| {
        if open {
            view! { <span class="strong t-free">{map_words::open_state(l)}</span> }
        } else {
            view! { <span class="strong t-amber">{map_words::closed_state(l)}</span> }
        }
    });
    view! {
        {state}
        {changes
            .map(|(text, soon)| {
                let class = if soon { "strong t-amber" } else { "" };
                view! { " · "<span class=class>{text}</span> }
            })}
        {today.map(|t| view! { <span class="block meta">{t}</span> })}
    }
    .into_any()
}

fn closing_time(l: Lang, clock: &LocalClock, now: Instant, at: Instant) -> String {
    let moment = clock.moment(l, at);
    // Midnight of today is the end of today.
    if clock.end(l, now, at) == words::clock(1440) {
        words::clock(1440)
    } else {
        moment
    }
}

/// The hours of the week; nothing where they are always the same.
pub(crate) fn hours_week(l: Lang, detail: &LocationDetail) -> AnyView {
    let Some(week) = detail.week() else {
        return ().into_any();
    };
    let days: Vec<AnyView> = Weekday::ALL
        .iter()
        .zip(&week)
        .map(|(day, spans)| {
            let today = detail.weekday == Some(day.number());
            view! {
                <div class="hours-day" class:strong=today>
                    <span>{common::weekday(l, day.number())}</span>
                    <span class="num">{spans_of_day(l, spans)}</span>
                </div>
            }
            .into_any()
        })
        .collect();
    view! { <div class="hours">{days}</div> }.into_any()
}

/// A line of facts.
fn fact(term: &'static str, value: impl IntoView + 'static) -> AnyView {
    view! { <dt>{term}</dt><dd>{value.into_any()}</dd> }.into_any()
}

/// A text of the data: whatever is in it, it stays within its place.
fn told(text: &str) -> AnyView {
    view! { <bdi class="told">{text.to_owned()}</bdi> }.into_any()
}

/// What charging and standing cost beside the kWh.
pub(crate) fn money_facts(app: AppState, s: PriceView) -> AnyView {
    let l = app.lang.get();
    let parking = s.detail.with(|d| d.as_ref().map(|d| parking_words(l, d)));
    let (own_parking, prices) = s.of_tariff((None, Vec::new()), |_, t| {
        let own = t
            .parking
            .as_ref()
            .map(|fee| price_words::parking_fee(l, fee, t.currency));
        (own, price_facts(l, t))
    });
    let prices: Vec<AnyView> = prices
        .into_iter()
        .map(|(term, value)| fact(term, value))
        .collect();
    let parking = match own_parking {
        Some(own) => fact(map_words::parking(l), own),
        None => fact(
            map_words::parking(l),
            parking.unwrap_or_else(|| ().into_any()),
        ),
    };
    view! { <dl class="kv">{parking}{prices}</dl> }.into_any()
}

fn parking_words(l: Lang, detail: &LocationDetail) -> AnyView {
    let location = &detail.location;
    let rule = location.parking_rule.as_ref();
    let said = rule.map(|r| price_words::parking_fee(l, &r.fee, r.currency));
    let said = said.filter(|text| !text.is_empty()).unwrap_or_else(|| {
        let short = location.parking.map(|p| common::parking(l, p));
        short.unwrap_or(map_words::not_told(l)).to_owned()
    });
    let note = rule.and_then(|r| r.note.as_ref());
    view! {
        {said}
        {note.map(|n| view! { <span class="block meta">{told(n.get(l.is_english()))}</span> })}
    }
    .into_any()
}

/// How to get there and in, who runs it, where the data comes from.
pub(crate) fn place_facts(l: Lang, detail: &LocationDetail) -> AnyView {
    let english = l.is_english();
    let location = &detail.location;
    let mut rows: Vec<AnyView> = Vec::new();
    let texts = [
        (
            words::access(l),
            location.access_note.as_ref().map(|n| n.get(english)),
        ),
        (words::floor(l), location.floor.as_deref()),
    ];
    for (term, text) in texts {
        rows.extend(text.map(|t| fact(term, told(t))));
    }
    if let Some(cm) = location.max_vehicle_height_cm {
        rows.push(fact(words::height_limit(l), words::height(l, cm)));
    }
    if let Some(road) = &location.road {
        let direction = road.direction.as_ref().map(|d| d.get(english));
        let side = map_words::road_side(l, &road.reference, direction);
        rows.push(fact(map_words::road(l), told(&side)));
    }
    let kinds = [
        location.kind.map(|k| common::kind(l, k)),
        location.place.map(|p| common::place(l, p)),
    ];
    let kinds: Vec<&str> = kinds.into_iter().flatten().collect();
    if !kinds.is_empty() {
        rows.push(fact(map_words::kind(l), kinds.join(" · ")));
    }
    let mut facilities: Vec<&str> = location
        .facilities
        .iter()
        .map(|&f| common::facility(l, f))
        .collect();
    if location.accessible == Some(true) {
        facilities.push(map_words::wheelchair(l));
    }
    if !facilities.is_empty() {
        rows.push(fact(map_words::facilities(l), facilities.join(" · ")));
    }
    if let Some(operator) = &detail.operator {
        rows.push(fact(words::operator(l), told(operator.name.get(english))));
    }
    if let Some(phone) = &location.phone {
        rows.push(fact(words::phone(l), phone_link(phone)));
    }
    let [lat, lng] = location.position.to_e6();
    let degrees = |e6: i32| {
        let e5 = (i64::from(e6).abs() + 5) / 10;
        let sign = if e6 < 0 { "-" } else { "" };
        format!("{sign}{}.{:05}", e5 / 100_000, e5 % 100_000)
    };
    let position = [degrees(lat), degrees(lng)].join(", ");
    let datum = detail.source.as_ref().map(|s| words::datum(l, s.datum));
    rows.push(fact(
        words::position(l),
        view! { {position}<span class="block meta">{datum}</span> },
    ));
    if let Some(source) = &detail.source {
        let licence = source.licence.clone();
        let licence = licence.unwrap_or_else(|| map_words::licence_unknown(l).to_owned());
        let name = source.name.get(english).to_owned();
        rows.push(fact(
            map_words::source(l),
            view! {
                <bdi class="told">{name}</bdi>
                {source.demonstration.then(|| view! { " "<span class="demo">{common::demonstration(l)}</span> })}
                <span class="block meta">{told(&licence)}</span>
            },
        ));
    }
    view! { <dl class="kv">{rows}</dl> }.into_any()
}

/// A telephone number to call; what is none stays text.
fn phone_link(phone: &str) -> AnyView {
    let dialled: String = phone
        .chars()
        .filter(|c| c.is_ascii_digit() || *c == '+')
        .collect();
    if dialled.len() < 3 {
        return told(phone);
    }
    let mut href = "tel:".to_owned();
    href.push_str(&dialled);
    view! { <a class="link phone" href=href target="_self"><bdi>{phone.to_owned()}</bdi></a> }
        .into_any()
}
