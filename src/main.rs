//! The browser app: glue and views. Everything computed is computed in the workspace's pure
//! crates, most of it in the worker; this crate draws what they say.

#![expect(
    unreachable_pub,
    reason = "the properties of a component are made public by the macro"
)]

mod app;
mod components;
mod http;
mod js;
mod routes;
mod state;

fn main() {
    app::mount();
}
