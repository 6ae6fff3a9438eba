//! What a kWh costs by the hour: the chart with its cursor, the legend, the table behind it.

use super::charge_chart::text_scale;
use super::local_clock::LocalClock;
use super::price_day::{self, Bar, Drawing};
use crate::js::dom;
use crate::state::{AppState, use_app};
use chongtu_model::decimal::parse_decimal;
use chongtu_model::pricing::{EnergyPrice, PriceSpan};
use chongtu_model::{Currency, Instant};
use chongtu_words::location::{self as location_words, price as words};
use chongtu_words::{Lang, common};
use chongtu_worker::catalogue::{LocationDetail, TariffDetail};
use leptos::prelude::*;
use std::sync::Arc;

/// What the parts of the sheet share that speak of money. Copies are the same.
#[derive(Clone, Copy)]
pub(crate) struct PriceView {
    /// What is shown.
    pub detail: RwSignal<Option<Arc<LocationDetail>>>,
    /// Which of its tariffs, by place in the list.
    pub chosen: RwSignal<usize>,
    tomorrow: RwSignal<bool>,
    /// Where the cursor is; `None`: at now.
    hour: RwSignal<Option<u32>>,
}

/// What there is to show of a tariff.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    /// No tariff is known.
    None,
    /// One price at all hours, or none to draw.
    Plain,
    /// Prices by the hour.
    Chart,
}

impl PriceView {
    /// Of that signal.
    pub(crate) fn new(detail: RwSignal<Option<Arc<LocationDetail>>>) -> Self {
        Self {
            detail,
            chosen: RwSignal::new(0),
            tomorrow: RwSignal::new(false),
            hour: RwSignal::new(None),
        }
    }

    /// Something of the chosen tariff; `or` when there is none.
    pub(crate) fn of_tariff<T>(
        self,
        or: T,
        f: impl FnOnce(&LocationDetail, &TariffDetail) -> T,
    ) -> T {
        let chosen = self.chosen.get();
        self.detail.with(|detail| {
            let Some(detail) = detail.as_deref() else {
                return or;
            };
            match detail.tariffs.get(chosen).or(detail.tariffs.first()) {
                Some(tariff) => f(detail, tariff),
                None => or,
            }
        })
    }

    fn shape(self) -> Shape {
        self.of_tariff(Shape::None, |_, t| {
            let changes = |spans: &[PriceSpan]| spans.len() > 1;
            if changes(&t.today) || changes(&t.tomorrow) {
                Shape::Chart
            } else {
                Shape::Plain
            }
        })
    }

    /// The day that is shown, and whether it is today.
    fn day(self, tariff: &TariffDetail) -> (Vec<Bar>, bool) {
        let tomorrow = self.tomorrow.get();
        let spans = if tomorrow {
            &tariff.tomorrow
        } else {
            &tariff.today
        };
        (price_day::bars(spans), !tomorrow)
    }
}

fn now(app: AppState) -> Instant {
    app.view.asked_at.get()
}

/// The clock of the place.
pub(crate) fn clock_of(detail: &LocationDetail, now: Instant) -> Option<LocalClock> {
    detail.zone.as_ref().map(|z| LocalClock::new(z, now))
}

/// The section: heading, choices, chart or figure, table.
pub(crate) fn price_section(s: PriceView) -> AnyView {
    let app = use_app();
    let labels = Memo::new(move |_| {
        let l = app.lang.get();
        let detail = s.detail.get();
        detail.map_or_else(Vec::new, |d| tariff_labels(l, &d))
    });
    let shape = Memo::new(move |_| s.shape());
    view! {
        <div class="sec-head">{move || head(app, s)}</div>
        {move || tariff_choice(app, s, labels.get(), shape.get() == Shape::Chart)}
        {move || match shape.get() {
            Shape::None => {
                view! { <p class="sub">{common::price_unknown(app.lang.get())}</p> }.into_any()
            }
            Shape::Plain => (move || plain(app, s)).into_any(),
            Shape::Chart => chart(app, s),
        }}
    }
    .into_any()
}

fn head(app: AppState, s: PriceView) -> AnyView {
    let l = app.lang.get();
    let at = now(app);
    let title = if s.tomorrow.get() {
        words::tomorrow_title(l)
    } else {
        words::today_title(l)
    };
    let (unit, change) = s.of_tariff((None, None), |_, t| {
        let unit = match &t.now {
            EnergyPrice::Priced(p) if p.service.is_some() => Some(words::unit(l)),
            EnergyPrice::Priced(_) => Some(words::unit_energy(l)),
            _ => None,
        };
        let change = t.next.as_ref().map(|(when, price)| {
            let seconds = when.unix_s() - at.unix_s();
            let rises = price.per_kwh() > t.now.per_kwh() || price.per_kwh().is_none();
            (words::changes(l, seconds, price, t.currency), rises)
        });
        (unit, change)
    });
    let demonstration = s.detail.with(|d| {
        let source = d.as_ref().and_then(|d| d.source.as_ref());
        source.is_some_and(|s| s.demonstration)
    });
    view! {
        <h2>{title}</h2>
        <span class="meta">{unit}</span>
        {demonstration.then(|| view! { <span class="demo">{common::demonstration(l)}</span> })}
        {change
            .map(|(text, rises)| {
                let class = if rises { "end strong sub t-amber" } else { "end strong sub t-brand" };
                view! { <span class=class>{text}</span> }
            })}
    }
    .into_any()
}

/// What the tariffs of a location are called: by current, and by power where that is not enough.
fn tariff_labels(l: Lang, detail: &LocationDetail) -> Vec<String> {
    let of = |index: u32| {
        let groups = detail
            .groups
            .iter()
            .filter(move |g| g.tariff == Some(index));
        let power = groups.clone().filter_map(|g| g.power_w).max();
        let dc = groups.clone().any(|g| {
            g.standard
                .is_some_and(chongtu_model::ConnectorStandard::is_dc)
        });
        let current = if dc { common::dc(l) } else { common::ac(l) };
        (current, power)
    };
    let all: Vec<_> = detail.tariffs.iter().map(|t| of(t.index)).collect();
    let label = |(current, power): &(&'static str, Option<u32>)| {
        let alone = all.iter().filter(|(other, _)| other == current).count() == 1;
        match power {
            Some(w) if !alone => {
                let mut text = (*current).to_owned();
                text.push(' ');
                text.push_str(&common::power(l, *w));
                text
            }
            _ => (*current).to_owned(),
        }
    };
    all.iter().map(label).collect()
}

fn tariff_choice(app: AppState, s: PriceView, labels: Vec<String>, days: bool) -> AnyView {
    let l = app.lang.get();
    let many = labels.len() > 1;
    if !many && !days {
        return ().into_any();
    }
    let button = |label: String, is: Signal<bool>, choose: Box<dyn Fn()>| {
        view! {
            <button type="button" aria-pressed=move || if is.get() { "true" } else { "false" } on:click=move |_| choose()>
                {label}
            </button>
        }
        .into_any()
    };
    let tariffs = many.then(|| {
        let buttons: Vec<AnyView> = labels
            .into_iter()
            .enumerate()
            .map(|(i, label)| {
                let is = Signal::derive(move || s.chosen.get() == i);
                button(label, is, Box::new(move || s.chosen.set(i)))
            })
            .collect();
        view! { <div class="seg seg--fit" role="group" aria-label=words::which_tariff(l)>{buttons}</div> }
    });
    let days = days.then(|| {
        let buttons: Vec<AnyView> = [(false, words::today(l)), (true, words::tomorrow(l))]
            .into_iter()
            .map(|(tomorrow, label)| {
                let is = Signal::derive(move || s.tomorrow.get() == tomorrow);
                let choose = move || {
                    s.hour.set(None);
                    s.tomorrow.set(tomorrow);
                };
                button(label.to_owned(), is, Box::new(choose))
            })
            .collect();
        view! { <div class="seg seg--fit end" role="group" aria-label=words::which_day(l)>{buttons}</div> }
    });
    view! { <div class="price-choices">{tariffs}{days}</div> }.into_any()
}

/// One figure in place of a chart.
fn plain(app: AppState, s: PriceView) -> AnyView {
    let l = app.lang.get();
    s.of_tariff(().into_any(), |_, t| {
        let parts = match &t.now {
            EnergyPrice::Priced(p) => words::parts(l, p.energy, p.service),
            _ => None,
        };
        let priced = matches!(t.now, EnergyPrice::Priced(_));
        view! {
            <div class="well price">
                <p class="price-line">
                    <span class="price-sum num"><b>{words::energy_price(l, &t.now, t.currency)}</b></span>
                    {priced.then(|| view! { <span class="sub">{words::same_all_day(l)}</span> })}
                    <span class="sub end">{parts}</span>
                </p>
            </div>
        }
        .into_any()
    })
}

/// What the cursor is at, in words: all prices of the hour.
fn said(l: Lang, bars: &[Bar], hour: u32, currency: Currency) -> String {
    let parts: Vec<String> = price_day::of_hour(bars, hour)
        .iter()
        .map(|b| {
            let (from, to) = (
                location_words::clock(b.start_minute),
                location_words::clock(b.end_minute),
            );
            let hours = words::from_to(l, &from, &to);
            words::at_hours(l, &hours, &b.price, currency)
        })
        .collect();
    parts.join(words::comma(l))
}

fn drawing(app: AppState, s: PriceView) -> String {
    let (l, at) = (app.lang.get(), now(app));
    let text_scale = text_scale(app.elder.get());
    let hour = s.hour.get();
    s.of_tariff(String::new(), |_, t| {
        let (bars, is_today) = s.day(t);
        let both: Vec<PriceSpan> = t.today.iter().chain(&t.tomorrow).copied().collect();
        let label = match hour {
            Some(hour) => said(l, &bars, hour, t.currency),
            None => words::now_label(l, &t.now, t.currency),
        };
        price_day::svg(&Drawing {
            bars: &bars,
            range: price_day::range(&both),
            now: is_today.then_some(at),
            hour,
            label: &label,
            text_scale,
        })
    })
}

fn chart(app: AppState, s: PriceView) -> AnyView {
    let l = move || app.lang.get();
    let last_hour =
        move || s.of_tariff(23, |_, t| price_day::n_hours(&s.day(t).0).saturating_sub(1));
    // Where the cursor stands, or would: at now, or at the day's beginning.
    let at_hour = move || {
        let at = now(app);
        s.hour.get().unwrap_or_else(|| {
            s.of_tariff(0, |_, t| price_day::hour_of(&s.day(t).0, at).unwrap_or(0))
        })
    };
    let value_text = move || {
        let hour = at_hour();
        s.of_tariff(String::new(), |_, t| {
            said(l(), &s.day(t).0, hour, t.currency)
        })
    };
    let height = move || {
        let px = price_day::height(text_scale(app.elder.get()));
        let mut text = (px.round() as u32).to_string();
        text.push_str("px");
        text
    };
    view! {
        <div class="well pricebox">
            <div class="pricechart" style:height=height>
                <svg aria-hidden="true" inner_html=move || drawing(app, s)></svg>
                <input
                    type="range"
                    class="price-scrub"
                    min="0"
                    step="1"
                    max=move || last_hour().to_string()
                    prop:value=move || at_hour().to_string()
                    aria-label=move || words::chart(l())
                    aria-valuetext=value_text
                    on:input=move |ev| {
                        s.hour.set(parse_decimal(&dom::value(&ev)).map(|v| v as u32));
                    }
                    on:blur=move |_| s.hour.set(None)
                    on:keydown=move |ev| {
                        if dom::key(&ev) == "Escape" && s.hour.get_untracked().is_some() {
                            ev.prevent_default();
                            ev.stop_propagation();
                            s.hour.set(None);
                        }
                    }
                />
            </div>
            {move || legend(app, s)}
            {move || advice(app, s)}
        </div>
        <details class="fold">
            <summary>{move || words::table(l())}</summary>
            {move || table(app, s)}
        </details>
    }
    .into_any()
}

/// The colours of the day with their prices.
fn legend(app: AppState, s: PriceView) -> AnyView {
    let l = app.lang.get();
    s.of_tariff(().into_any(), |_, t| {
        let spans = if s.tomorrow.get() {
            &t.tomorrow
        } else {
            &t.today
        };
        let both: Vec<PriceSpan> = t.today.iter().chain(&t.tomorrow).copied().collect();
        let range = price_day::range(&both);
        let mut seen: Vec<(&'static str, String)> = Vec::new();
        let mut services: Vec<String> = Vec::new();
        let mut sorted: Vec<&PriceSpan> = spans.iter().collect();
        sorted.sort_by_key(|span| span.price.per_kwh());
        for span in sorted {
            let EnergyPrice::Priced(p) = &span.price else {
                continue;
            };
            let mut text = p
                .band
                .map_or_else(String::new, |b| words::band_short(l, b).to_owned());
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&common::price(l, p.sum(), t.currency));
            let entry = (price_day::class_of(&span.price, range), text);
            if !seen.contains(&entry) {
                seen.push(entry);
            }
            if let Some(service) = p.service {
                let service = common::price(l, service, t.currency);
                if !services.contains(&service) {
                    services.push(service);
                }
            }
        }
        seen.extend(
            services
                .iter()
                .map(|price| ("pr-service", words::service_legend(l, price))),
        );
        let items: Vec<AnyView> = seen
            .into_iter()
            .map(|(class, text)| {
                view! { <span class="pr-key"><i class=class></i>{text}</span> }.into_any()
            })
            .collect();
        view! { <p class="legend">{items}</p> }.into_any()
    })
}

/// When it is cheapest, and what is not known.
fn advice(app: AppState, s: PriceView) -> AnyView {
    let (l, at) = (app.lang.get(), now(app));
    s.of_tariff(().into_any(), |detail, t| {
        let clock = clock_of(detail, at);
        let cheapest = t.cheapest.zip(clock.as_ref()).map(|(c, clock)| {
            let price = common::price(l, c.per_kwh, t.currency);
            if c.from <= at {
                words::cheapest_now(l, &clock.end(l, at, c.to), &price)
            } else {
                words::cheapest(l, &clock.span(l, c.from, c.to), &price)
            }
        });
        let spans = if s.tomorrow.get() {
            &t.tomorrow
        } else {
            &t.today
        };
        let gaps: Vec<String> = spans
            .iter()
            .filter(|span| matches!(span.price, EnergyPrice::Gap | EnergyPrice::NotValid))
            .map(|span| hours_of(l, span))
            .collect();
        view! {
            {cheapest.map(|text| view! { <p class="price-advice strong">{text}</p> })}
            {(!gaps.is_empty()).then(|| view! { <p class="price-advice t-amber">{words::gaps(l, &gaps)}</p> })}
        }
        .into_any()
    })
}

fn hours_of(l: Lang, span: &PriceSpan) -> String {
    let (from, to) = (
        location_words::clock(span.start_minute),
        location_words::clock(span.end_minute),
    );
    words::from_to(l, &from, &to)
}

/// The day as a table: what the chart shows, for who reads or hears it.
fn table(app: AppState, s: PriceView) -> AnyView {
    let l = app.lang.get();
    s.of_tariff(().into_any(), |_, t| {
        let spans = if s.tomorrow.get() {
            &t.tomorrow
        } else {
            &t.today
        };
        let rows: Vec<AnyView> = spans
            .iter()
            .map(|span| {
                let (band, energy, service) = match &span.price {
                    EnergyPrice::Priced(p) => (p.band, p.energy, p.service),
                    _ => (None, None, None),
                };
                let number = |price: Option<chongtu_model::UnitPrice>| {
                    price.map_or_else(|| "–".to_owned(), |p| p.to_string())
                };
                view! {
                    <tr>
                        <th scope="row">{hours_of(l, span)}</th>
                        <td>{band.map(|b| words::band(l, b))}</td>
                        <td class="num">{number(energy)}</td>
                        <td class="num">{number(service)}</td>
                        <td class="num strong">{words::energy_price(l, &span.price, t.currency)}</td>
                    </tr>
                }
                .into_any()
            })
            .collect();
        view! {
            <div class="table-scroll">
                <table class="table price-table">
                    <thead>
                        <tr>
                            <th scope="col">{words::column_hours(l)}</th>
                            <th scope="col">{words::column_band(l)}</th>
                            <th scope="col" class="num">{chongtu_words::map::price_energy(l)}</th>
                            <th scope="col" class="num">{chongtu_words::map::price_service(l)}</th>
                            <th scope="col" class="num">{chongtu_words::map::price_sum(l)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    })
}
