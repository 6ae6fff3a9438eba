//! The catalogue worker's entry point. All it does is carry messages between the browser and
//! [`chongtu_worker::engine::CatalogueEngine`]; it exists for wasm32 only.

#[cfg(target_arch = "wasm32")]
mod scope;

#[cfg(target_arch = "wasm32")]
fn main() {
    scope::start::<chongtu_worker::engine::CatalogueEngine>();
}

/// Native: nothing to run. The engine is tested natively as a library.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}
