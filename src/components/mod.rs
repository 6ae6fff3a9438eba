//! Props in, view out: no fetching, no JavaScript.

pub(crate) mod car_picker;
pub(crate) mod charge_chart;
pub(crate) mod charge_chart_shape;
pub(crate) mod failure_view;
pub(crate) mod filter_chips;
pub(crate) mod filter_panel;
pub(crate) mod icon;
pub(crate) mod location_list;
pub(crate) mod location_parts;
pub(crate) mod map_chrome;
pub(crate) mod navigation;
pub(crate) mod near_me;
pub(crate) mod notices;
pub(crate) mod nothing_found;
pub(crate) mod place_field;
pub(crate) mod plan_form;
pub(crate) mod plan_parts;
pub(crate) mod plan_result;
pub(crate) mod plan_slider;
pub(crate) mod profiles;
pub(crate) mod say;
pub(crate) mod search_box;
pub(crate) mod sheet;
pub(crate) mod stop_card;
