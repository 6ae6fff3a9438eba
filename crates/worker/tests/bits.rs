//! The same plan, bit for bit, on the native target and in WebAssembly.
//!
//! Natively this prints a digest over every bit of the plans of seeded trips on the demonstration
//! region; built for wasm32 and run in Node with that digest in `CHONGTU_EXPECTED_BITS`, it must
//! come to the same. `cargo xtask test` does both.

#![expect(clippy::expect_used, reason = "a test that fails says why")]

use chongtu_feeds::import_region;
use chongtu_model::{LatLng, Soc, Vehicle};
use chongtu_planner::{Assumptions, Travel, TripRequest, World, plan_trip};
use chongtu_roads::parse_region;
use std::rc::Rc;

const CARS: [&str; 3] = [
    include_str!("../../../data/cars/byd-dolphin-2023-60.json"),
    include_str!("../../../data/cars/xpeng-g6-2023-87.json"),
    include_str!("../../../data/cars/wuling-bingo-2023-32.json"),
];

/// FNV-1a over 64 bits.
struct Digest(u64);

impl Digest {
    fn bytes(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

/// The digest, how many plans were found, and how many stops they have.
fn digest() -> (u64, usize, usize) {
    let (network, _) = parse_region(
        include_str!("../../../data/yangtze/roads.toml"),
        Some(include_str!("../../../data/yangtze/places.toml")),
    )
    .expect("our own roads");
    let places: Vec<LatLng> = network.places().iter().map(|p| p.position).collect();
    let imported = import_region(
        include_str!("../../../data/yangtze/locations.toml"),
        include_str!("../../../data/yangtze/operators.toml"),
    )
    .expect("our own locations");
    let world = Rc::new(World::new(
        Rc::new(imported.catalogue),
        Travel::roads(Rc::new(network)),
    ));
    let mut digest = Digest(0xcbf2_9ce4_8422_2325);
    let (mut plans, mut stops) = (0, 0);
    let mut seed = 0x5EED_u64;
    let mut pick = |n: usize| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % n
    };
    for (number, car) in CARS.iter().cycle().take(36).enumerate() {
        let vehicle: Vehicle = serde_json::from_str(car).expect("our own car");
        let mut request = TripRequest::new(places[pick(places.len())], places[pick(places.len())]);
        request.departure_soc = Soc::new(0.3 + 0.02 * number as f64).expect("at most 1");
        request.allow_slower = number % 2 == 0;
        // Every figure of the answer, as its eight bytes.
        let answer = plan_trip(&world, &vehicle, &request, &Assumptions::default(), true);
        if let Ok(plan) = &answer {
            plans += 1;
            stops += plan
                .itineraries
                .iter()
                .map(|i| i.stops.len())
                .sum::<usize>();
        }
        digest.bytes(&postcard::to_allocvec(&answer).expect("an answer can be sent"));
    }
    (digest.0, plans, stops)
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn native_digest() {
    let (digest, plans, stops) = digest();
    assert!(
        plans >= 18 && stops >= 18,
        "{plans} plans with {stops} stops are too few to compare"
    );
    println!("bits: {digest:016x}");
}

#[cfg(target_arch = "wasm32")]
#[wasm_bindgen_test::wasm_bindgen_test]
fn wasm_equals_native() {
    let expected = option_env!("CHONGTU_EXPECTED_BITS")
        .expect("the native digest; cargo xtask test hands it over");
    let (digest, plans, stops) = digest();
    assert_eq!(
        format!("{digest:016x}"),
        expected,
        "{plans} plans with {stops} stops"
    );
}
