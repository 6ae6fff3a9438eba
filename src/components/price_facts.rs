//! What is paid beside energy.

use chongtu_model::pricing::EnergyPrice;
use chongtu_words::location::price as words;
use chongtu_words::{Lang, common};
use chongtu_worker::catalogue::TariffDetail;

/// Time, overstay, least and highest price, as rows of facts.
pub(crate) fn price_facts(l: Lang, tariff: &TariffDetail) -> Vec<(&'static str, String)> {
    let currency = tariff.currency;
    let mut rows = Vec::new();
    for other in &tariff.others {
        let (term, unit) = words::other(l, other.dimension);
        let mut text = common::price(l, other.price, currency);
        text.push_str(unit);
        if other.varies {
            text.push_str(words::comma(l));
            text.push_str(words::varies(l));
        }
        rows.push((term, text));
    }
    let idle: Vec<String> = tariff
        .idle_fees
        .iter()
        .map(|fee| words::idle_fee(l, fee, currency))
        .collect();
    let idle = if idle.is_empty() {
        words::idle_none(l).to_owned()
    } else {
        idle.join(words::semicolon(l))
    };
    rows.push((words::idle(l), idle));
    for (term, limit) in [
        (words::min_price(l), &tariff.min_price),
        (words::max_price(l), &tariff.max_price),
    ] {
        let limit = limit
            .as_ref()
            .and_then(|p| p.after_taxes.or(p.before_taxes));
        if let Some(price) = limit {
            rows.push((term, common::price(l, price, currency)));
        }
    }
    let by_session = matches!(&tariff.now, EnergyPrice::Priced(p) if p.depends_on_session);
    if by_session {
        rows.push((words::column_band(l), words::by_session(l).to_owned()));
    }
    rows
}
