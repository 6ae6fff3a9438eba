//! A trip as a link. It is the fragment of `/plan`, so no server ever sees a trip, and the truth of
//! the page: a link opened anywhere restores the inputs and, when they are complete, plans at once.

use super::{Spot, TripInputs, limits};
use chongtu_model::LatLng;
use chongtu_model::decimal::parse_decimal;
use chongtu_model::provenance::LocalText;

/// What a link says.
#[derive(Clone, Debug, PartialEq, Default)]
pub(crate) struct TripLink {
    /// The inputs.
    pub inputs: TripInputs,
    /// The inputs are being changed: show them, do not plan.
    pub editing: bool,
}

impl TripInputs {
    /// The fragment of the link, without `#`. What has its default value and is rarely set is left out.
    pub(crate) fn to_fragment(&self, editing: bool) -> String {
        let usual = Self::default();
        let mut pairs: Vec<(&str, String)> = Vec::new();
        if let Some(spot) = &self.from {
            pairs.push(("from", encode_spot(spot)));
        }
        if let Some(spot) = &self.to {
            pairs.push(("to", encode_spot(spot)));
        }
        if let Some(car) = &self.car {
            pairs.push(("car", encode(car)));
        }
        pairs.push(("soc", self.departure.to_string()));
        pairs.push(("reserve", self.reserve.to_string()));
        pairs.push(("arrive", self.arrival.to_string()));
        if self.max_charge != usual.max_charge {
            pairs.push(("max", self.max_charge.to_string()));
        }
        if self.speed_kmh != usual.speed_kmh {
            pairs.push((
                "speed",
                self.speed_kmh
                    .map_or_else(|| "none".to_owned(), |v| v.to_string()),
            ));
        }
        if self.slower {
            pairs.push(("slower", "1".to_owned()));
        }
        if self.overhead_min != usual.overhead_min {
            pairs.push(("stop", self.overhead_min.to_string()));
        }
        if self.assume {
            pairs.push(("assume", "1".to_owned()));
        }
        if editing {
            pairs.push(("edit", "1".to_owned()));
        }
        pairs
            .iter()
            .map(|(k, v)| format!("{k}={v}"))
            .collect::<Vec<_>>()
            .join("&")
    }
}

impl TripLink {
    /// Reads a fragment, with or without `#`. Never fails: keys and values that cannot be read are
    /// ignored, numbers are brought within their limits.
    pub(crate) fn parse(fragment: &str) -> Self {
        let mut link = Self::default();
        let inputs = &mut link.inputs;
        for pair in fragment.trim_start_matches('#').split('&') {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            match key {
                "from" => inputs.from = decode_spot(value).or_else(|| inputs.from.take()),
                "to" => inputs.to = decode_spot(value).or_else(|| inputs.to.take()),
                "car" => inputs.car = Some(decode(value)).filter(|c| !c.is_empty()),
                "soc" => set_whole(&mut inputs.departure, value, limits::DEPARTURE),
                "reserve" => set_whole(&mut inputs.reserve, value, limits::RESERVE),
                "arrive" => set_whole(&mut inputs.arrival, value, limits::ARRIVAL),
                "max" => set_whole(&mut inputs.max_charge, value, limits::MAX_CHARGE),
                "stop" => set_whole(&mut inputs.overhead_min, value, limits::OVERHEAD_MIN),
                "speed" if value == "none" => inputs.speed_kmh = None,
                "speed" => {
                    if let Some(v) = parse_decimal(value) {
                        inputs.speed_kmh = Some(
                            (v.round() as u16).clamp(limits::SPEED_KMH.0, limits::SPEED_KMH.1),
                        );
                    }
                }
                "slower" => inputs.slower = is_yes(value),
                "assume" => inputs.assume = is_yes(value),
                "edit" => link.editing = is_yes(value),
                _ => {}
            }
        }
        link
    }

    /// Whether the link asks for a plan (else the inputs are shown).
    pub(crate) const fn asks_for_plan(&self) -> bool {
        self.inputs.is_complete() && !self.editing
    }
}

fn is_yes(value: &str) -> bool {
    matches!(value, "1" | "true" | "yes")
}

fn set_whole(into: &mut u8, value: &str, (least, most): (u8, u8)) {
    if let Some(v) = parse_decimal(value) {
        *into = (v.round().clamp(0.0, 255.0) as u8).clamp(least, most);
    }
}

/// `lat,lng`, then `~name` and `~name in English` where they are known.
fn encode_spot(spot: &Spot) -> String {
    let mut text = format!("{},{}", spot.position.lat, spot.position.lng);
    if let Some(name) = &spot.name {
        text.push('~');
        text.push_str(&encode(&name.text));
        if let Some(en) = &name.en {
            text.push('~');
            text.push_str(&encode(en));
        }
    }
    text
}

fn decode_spot(value: &str) -> Option<Spot> {
    let mut parts = value.split('~');
    // Some messengers write the comma as %2C.
    let place = decode(parts.next()?);
    let (lat, lng) = place.split_once(',')?;
    let position = LatLng::new(parse_decimal(lat.trim())?, parse_decimal(lng.trim())?).ok()?;
    let text = parts.next().map(decode).filter(|t| !t.is_empty());
    let en = parts.next().map(decode).filter(|t| !t.is_empty());
    Some(Spot::new(position, text.map(|text| LocalText { text, en })))
}

/// Percent-encodes all but letters, digits, `-`, `.` and `_`.
fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for &byte in text.as_bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') {
            out.push(char::from(byte));
        } else {
            const HEX: [u8; 16] = *b"0123456789ABCDEF";
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    out
}

/// Undoes [`encode`]. A `%` without two digits stands for itself; bytes that are no UTF-8 become U+FFFD.
fn decode(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let digit = |at: usize| tail.get(at).and_then(|&b| char::from(b).to_digit(16));
        if *first == b'%'
            && let (Some(high), Some(low)) = (digit(0), digit(1))
        {
            out.push((high * 16 + low) as u8);
            rest = tail.get(2..).unwrap_or_default();
        } else {
            out.push(*first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A small generator (Knuth's MMIX constants): the tests say the seed when they fail.
    struct Random(u64);

    impl Random {
        fn next(&mut self, below: u64) -> u64 {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) % below
        }

        fn within(&mut self, (least, most): (u8, u8)) -> u8 {
            least + self.next(u64::from(most - least) + 1) as u8
        }

        fn text(&mut self) -> String {
            const PIECES: [&str; 16] = [
                "南京", "上海", "A", "z9", " ", "&", "=", "~", "%", "#", "+", ",", "%4", "é", "🚗",
                "/?",
            ];
            (0..=self.next(5))
                .map(|_| PIECES[self.next(16) as usize])
                .collect()
        }

        fn spot(&mut self) -> Option<Spot> {
            if self.next(5) == 0 {
                return None;
            }
            let lat = self.next(18_000_001) as f64 / 1e5 - 90.0;
            let lng = self.next(36_000_001) as f64 / 1e5 - 180.0;
            let name = match self.next(3) {
                0 => None,
                1 => Some(LocalText::plain(self.text())),
                _ => Some(LocalText::both(self.text(), self.text())),
            };
            Some(Spot::new(LatLng { lat, lng }, name))
        }

        fn inputs(&mut self) -> TripInputs {
            TripInputs {
                from: self.spot(),
                to: self.spot(),
                car: (self.next(4) > 0).then(|| self.text()),
                departure: self.within(limits::DEPARTURE),
                reserve: self.within(limits::RESERVE),
                arrival: self.within(limits::ARRIVAL),
                max_charge: self.within(limits::MAX_CHARGE),
                speed_kmh: (self.next(3) > 0).then(|| 20 + self.next(231) as u16),
                slower: self.next(2) == 1,
                overhead_min: self.within(limits::OVERHEAD_MIN),
                assume: self.next(2) == 1,
            }
        }
    }

    #[test]
    fn a_link_restores_every_trip() {
        for seed in 0..5_000 {
            let mut random = Random(seed);
            let (inputs, editing) = (random.inputs(), random.next(2) == 1);
            let fragment = inputs.to_fragment(editing);
            assert!(
                fragment.bytes().all(|b| b.is_ascii_graphic() && b != b'#'),
                "seed {seed}: {fragment}"
            );
            assert_eq!(
                TripLink::parse(&fragment),
                TripLink { inputs, editing },
                "seed {seed}: {fragment}"
            );
        }
    }

    #[test]
    fn any_text_is_a_link_within_limits() {
        const PIECES: [&str; 24] = [
            "from",
            "to",
            "car",
            "soc",
            "reserve",
            "arrive",
            "max",
            "speed",
            "stop",
            "=",
            "&",
            "~",
            "#",
            "%",
            "%E5",
            "-1",
            "1e9",
            "NaN",
            "40",
            "32.1,118.8",
            ",",
            "none",
            "inf",
            "南",
        ];
        for seed in 0..5_000 {
            let mut random = Random(seed);
            let text: String = (0..random.next(14))
                .map(|_| PIECES[random.next(24) as usize])
                .collect();
            let inputs = TripLink::parse(&text).inputs;
            let within = |v: u8, (least, most): (u8, u8)| (least..=most).contains(&v);
            assert!(
                within(inputs.departure, limits::DEPARTURE)
                    && within(inputs.reserve, limits::RESERVE)
                    && within(inputs.arrival, limits::ARRIVAL)
                    && within(inputs.max_charge, limits::MAX_CHARGE)
                    && within(inputs.overhead_min, limits::OVERHEAD_MIN)
                    && inputs
                        .speed_kmh
                        .is_none_or(|v| (limits::SPEED_KMH.0..=limits::SPEED_KMH.1).contains(&v)),
                "seed {seed}: {text}"
            );
            // What was read can be written and read again.
            assert_eq!(
                TripLink::parse(&inputs.to_fragment(false)).inputs,
                inputs,
                "seed {seed}: {text}"
            );
        }
    }

    #[test]
    fn a_link_written_by_hand() {
        let link = TripLink::parse(
            "#from=32.0603,118.7969~南京&to=31.2304%2C121.4737&car=byd-seal&soc=40&new=thing&max=300&speed=none",
        );
        assert!(link.asks_for_plan());
        let inputs = &link.inputs;
        assert_eq!(inputs.from.as_ref().unwrap().label(true), "南京");
        assert_eq!(
            inputs.to.as_ref().unwrap().label(false),
            "31.2304, 121.4737"
        );
        assert_eq!(
            (
                inputs.departure,
                inputs.reserve,
                inputs.max_charge,
                inputs.speed_kmh
            ),
            (40, 10, 100, None)
        );
        // Without a start there is nothing to plan, but the rest is kept.
        let link = TripLink::parse("to=31.2,121.4~上海~Shanghai&from=999,0");
        assert!(!link.asks_for_plan());
        assert_eq!(link.inputs.to.unwrap().label(true), "Shanghai");
        assert!(!TripLink::parse("from=32,118&to=31,121&car=x&edit=1").asks_for_plan());
    }
}
