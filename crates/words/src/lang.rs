//! The two languages.

/// A language of the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// Chinese, the first language.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Whether it is English: for [`chongtu_model::provenance::LocalText::get`].
    pub const fn is_english(self) -> bool {
        matches!(self, Self::En)
    }

    /// The BCP 47 tag for `<html lang>`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// From a BCP 47 tag: English for `en…`, Chinese for all else.
    pub fn from_tag(tag: &str) -> Self {
        if tag.get(..2).is_some_and(|p| p.eq_ignore_ascii_case("en")) {
            Self::En
        } else {
            Self::Zh
        }
    }

    /// One of two.
    pub const fn pick<T: Copy>(self, zh: T, en: T) -> T {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}

/// Words without parameters: `words! { /// doc; name = "中文", "English"; }` makes
/// `pub const fn name(l: Lang) -> &'static str`.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident = $zh:literal, $en:literal;)*) => {
        $($(#[$doc])*
        pub const fn $name(l: $crate::Lang) -> &'static str {
            l.pick($zh, $en)
        })*
    };
}
