//! `/plan`: from, to, car and charge; then the plan, or what is in its way.

mod drawing;
mod inputs;
mod session;

use crate::components::car_picker::CarPicker;
use crate::components::failure_view::{FailureActions, failure_view};
use crate::components::icon::icon;
use crate::components::plan_form::{FormActions, PlanForm, TripEnd};
use crate::components::plan_result::{RESULT_HEADING, ResultActions, plan_result};
use crate::components::sheet::{Rest, Sheet};
use crate::js::map::Padding;
use crate::state::catalogue::LoadState;
use crate::state::follow::follow;
use crate::state::planner;
use crate::state::trip::TripState;
use crate::state::use_app;
use chongtu_words::{map, plan as words};
use chongtu_worker::WorkerErrorCode;
use chongtu_worker::planner::CarSummary;
use leptos::prelude::*;
use session::{Session, View};

/// Height of the bar over the map on a phone with its margins, px.
const BAR: f64 = 68.0;

/// The page.
#[component]
pub(crate) fn PlanPage() -> impl IntoView {
    let app = use_app();
    let session = Session::start();
    let view = session.view;
    let cars = app.planner.cars;
    let car = Signal::derive(move || {
        let id = session.inputs.with(|i| i.car.clone())?;
        cars.with(|cars| cars.iter().find(|c| c.id == id).cloned())
    });
    let data_view = move || match view.get() {
        View::Form | View::Cars => "form",
        View::Picking(_) => "pick",
        View::Answer => "result",
    };
    // Beside the map there is room for the inputs while a place is tapped on it.
    let form_hidden = move || match view.get() {
        View::Form => false,
        View::Picking(_) => !app.wide.get(),
        View::Cars | View::Answer => true,
    };
    let actions = FormActions {
        commit: Callback::new(move |()| session.commit()),
        ask: Callback::new(move |(_, text)| session.ask(text)),
        pick: Callback::new(move |end| session.pick(end)),
        here: Callback::new(move |end| session.here(end)),
        cars: Callback::new(move |()| session.open_cars()),
        plan: Callback::new(move |()| session.plan()),
    };
    // What the bar and the sheet cover is no part of the map to fit a route into. Fully up, the
    // sheet leaves a strip only: the route stays where it was.
    follow(move || {
        if app.wide.get() || view.get() != View::Answer {
            app.map.set_padding(Padding::default());
            return;
        }
        let rest = app.sheet.get();
        let seen = if rest == Rest::Full { Rest::Half } else { rest };
        let bottom = seen.height(app.window_height.get(), app.elder.get());
        app.map.set_padding(Padding {
            top: BAR,
            bottom,
            ..Padding::default()
        });
    });
    // Esc takes the picking back behind our back.
    follow(move || {
        if !app.map.picking.get()
            && let View::Picking(end) = view.get_untracked()
        {
            session.pick_done(end);
        }
    });
    view! {
        <section class="plan" data-view=data_view aria-label=move || words::title(app.lang.get())>
            <div class="plan-page" hidden=form_hidden>
                <PlanForm inputs=session.inputs car suggestions=session.suggestions notice=session.notice actions />
            </div>
            <Show when=move || view.get() == View::Cars>
                <div class="plan-page">
                    <CarPicker
                        cars
                        chosen=Signal::derive(move || session.inputs.with(|i| i.car.clone()))
                        on_choose=Callback::new(move |id: String| session.choose_car(&id))
                        on_back=Callback::new(move |()| session.close_cars())
                    />
                </div>
            </Show>
            {move || match view.get() {
                View::Picking(end) => Some(pick_banner(session, end)),
                _ => None,
            }}
            <Show when=move || view.get() == View::Answer>
                <Answer session car />
            </Show>
        </section>
    }
}

/// What to do while the map is tapped.
fn pick_banner(session: Session, end: TripEnd) -> impl IntoView {
    let app = session.app();
    view! {
        <div class="plan-pick" role="group">
            <div class="plan-pick-words" role="status">
                <p class="strong">
                    {move || {
                        let l = app.lang.get();
                        match end {
                            TripEnd::From => words::pick_from(l),
                            TripEnd::To => words::pick_to(l),
                        }
                    }}
                </p>
                <p class="meta">{move || words::pick_keyboard(app.lang.get())}</p>
            </div>
            <button type="button" class="btn md" on:click=move |_| session.pick_done(end)>
                {move || words::cancel(app.lang.get())}
            </button>
        </div>
    }
}

/// The bar over the map and the sheet with what came of planning.
#[component]
fn Answer(session: Session, #[prop(into)] car: Signal<Option<CarSummary>>) -> impl IntoView {
    let app = session.app();
    let from_to = move || {
        let english = app.lang.get().is_english();
        session.inputs.with(|i| {
            let label = |spot: &Option<crate::state::trip::Spot>| {
                spot.as_ref().map(|s| s.label(english)).unwrap_or_default()
            };
            words::from_to(&label(&i.from), &label(&i.to))
        })
    };
    let with_what = move || {
        let l = app.lang.get();
        let name = car.with(|c| c.as_ref().map(|c| c.name.get(l.is_english()).to_owned()));
        words::leaving_with(
            l,
            name.as_deref(),
            session.inputs.with(|i| f64::from(i.departure) / 100.0),
        )
    };
    // The same view stays while progress comes in: only what changed is drawn.
    let busy = Memo::new(move |_| session.state.with(TripState::is_busy));
    let found = Memo::new(move |_| session.state.with(|s| matches!(s, TripState::Found(_))));
    let finished = Memo::new(move |_| {
        session.state.with(|s| {
            if s.is_busy() {
                None
            } else {
                Some(Arrived(s.clone()))
            }
        })
    });
    view! {
        <div class="plan-bar">
            <button type="button" class="iconbtn" aria-label=move || words::edit(app.lang.get()) on:click=move |_| session.edit()>
                {icon("back")}
            </button>
            <div class="plan-bar-words">
                <h1 id=RESULT_HEADING tabindex="-1" class="clip">
                    {from_to}
                </h1>
                <p class="meta clip">{with_what}</p>
            </div>
        </div>
        <Sheet label=Signal::derive(move || words::result(app.lang.get()).to_owned())>
            <div class="sheet-body plan-sheet-body" aria-busy=move || if busy.get() { "true" } else { "false" }>
                {move || busy.get().then(|| progress(session))}
                {move || finished.get().map(|arrived| answer(session, car, &arrived.0))}
            </div>
            {move || session.notice.get().map(|text| view! { <p class="plan-note">{text}</p> })}
            <div class="plan-dock">
                {move || {
                    let l = app.lang.get();
                    let has_plan = found.get();
                    view! {
                        <button type="button" class="btn grow" class:line=!has_plan on:click=move |_| session.edit()>
                            {words::edit(l)}
                        </button>
                        {has_plan
                            .then(|| {
                                view! {
                                    <button type="button" class="btn primary plan-share" on:click=move |_| session.share()>
                                        {icon("share")}
                                        {words::share(l)}
                                    </button>
                                }
                            })}
                    }
                }}
            </div>
        </Sheet>
    }
}

/// A finished state; equal only to itself, so that equal plans of different runs are drawn anew.
#[derive(Clone)]
struct Arrived(TripState);

impl PartialEq for Arrived {
    fn eq(&self, other: &Self) -> bool {
        use std::sync::Arc;
        match (&self.0, &other.0) {
            (TripState::Found(a), TripState::Found(b)) => Arc::ptr_eq(a, b),
            (TripState::Failed(a), TripState::Failed(b)) => Arc::ptr_eq(a, b),
            _ => false,
        }
    }
}

/// Words, a bar and a way to stop; a skeleton until it takes long enough for words.
fn progress(session: Session) -> impl IntoView {
    let app = session.app();
    let share = move || {
        session.state.with(|s| {
            if let TripState::Planning { share, .. } = s {
                Some(*share)
            } else {
                None
            }
        })
    };
    let what = move || {
        let l = app.lang.get();
        session.state.with(|s| match s {
            TripState::Planning {
                explaining: true, ..
            } => words::explaining(l),
            TripState::Planning { .. } => words::searching(l),
            _ => words::waiting_for_data(l),
        })
    };
    view! {
        <div class="plan-busy">
            <Show when=move || session.slow.get()>
                <div class="plan-busy-head">
                    <p role="status">{what}</p>
                    <button type="button" class="btn md" on:click=move |_| session.cancel()>
                        {move || words::cancel(app.lang.get())}
                    </button>
                </div>
                <progress class="plan-progress" max="1" aria-label=what prop:value=move || share().unwrap_or(0.0)></progress>
                <p class="meta">{move || share().map(|s| words::progress(app.lang.get(), s))}</p>
            </Show>
            <div class="plan-skeleton" aria-hidden="true">
                <span class="skel"></span>
                <span class="skel"></span>
                <span class="skel tall"></span>
                <span class="skel"></span>
            </div>
        </div>
    }
}

fn answer(session: Session, car: Signal<Option<CarSummary>>, state: &TripState) -> AnyView {
    let app = session.app();
    let l = app.lang.get();
    let inputs = session.inputs.get_untracked();
    match state {
        TripState::Found(plan) => {
            let Some(itinerary) = plan.itineraries.first() else {
                return broken(session, WorkerErrorCode::Internal);
            };
            let actions = ResultActions {
                scrub: Callback::new(move |at| app.map.set_scrub(at)),
                assume: Callback::new(move |()| session.assume()),
            };
            let demonstration = app.region.is_demonstration();
            let content = car.with(|c| {
                plan_result(
                    l,
                    plan,
                    itinerary,
                    &inputs,
                    c.as_ref(),
                    demonstration,
                    actions,
                )
            });
            view! { <div class="plan-answer">{content}</div> }.into_any()
        }
        TripState::Failed(failure) => {
            let found = session.gap_names.get();
            let ends = failure
                .gap
                .as_ref()
                .map(|gap| drawing::gap_names(l, &inputs, gap, &found))
                .unwrap_or_default();
            let actions = FailureActions {
                apply: Callback::new(move |relaxation| session.apply(relaxation)),
                cars: Callback::new(move |()| session.open_cars()),
                assume: Callback::new(move |()| session.assume()),
            };
            view! { <div class="plan-answer">{failure_view(l, failure, &inputs, [&ends[0], &ends[1]], app.elder.get(), actions)}</div> }.into_any()
        }
        TripState::Broken(code) => broken(session, *code),
        _ => view! {
            <div class="plan-answer">
                <p class="note plain">{words::cancelled(l)}</p>
                <button type="button" class="btn soft" on:click=move |_| session.plan()>
                    {words::again(l)}
                </button>
            </div>
        }
        .into_any(),
    }
}

/// A part of the app could not do its work: what, and the button that helps.
fn broken(session: Session, code: WorkerErrorCode) -> AnyView {
    let app = session.app();
    let l = app.lang.get();
    // Data that did not arrive has its own words, with what the network said.
    let trouble = match app.planner.load.get_untracked() {
        LoadState::Failed(trouble) => Some(map::load_trouble(l, trouble)),
        _ => None,
    };
    let what =
        trouble.unwrap_or_else(|| words::failure::worker(l, &format!("{code:?}")).to_owned());
    let again = move |_| {
        if matches!(code, WorkerErrorCode::NotLoaded | WorkerErrorCode::Internal) {
            planner::retry(app);
        }
        session.plan();
    };
    view! {
        <div class="plan-answer">
            <p class="note" role="alert">
                {icon("alert")}
                <span>{what}</span>
            </p>
            {if code == WorkerErrorCode::BadCar {
                view! {
                    <button type="button" class="btn soft" on:click=move |_| session.open_cars()>
                        {words::choose_car(l)}
                    </button>
                }
                    .into_any()
            } else {
                view! {
                    <button type="button" class="btn soft" on:click=again>
                        {words::again(l)}
                    </button>
                }
                    .into_any()
            }}
        </div>
    }
    .into_any()
}
