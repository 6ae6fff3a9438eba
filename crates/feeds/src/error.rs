//! Why a file cannot be imported at all.

/// A file that is not what it should be. Every message says what it looks like and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Another kind of file.
    #[error("this looks like {looks_like}, not a list of charging locations: {remedy}")]
    Foreign {
        /// What it looks like.
        looks_like: &'static str,
        /// What to do about it.
        remedy: &'static str,
    },
    /// JSON that stops in the middle.
    #[error(
        "the JSON ends in the middle (line {line}, column {column}): the file is truncated, get it again"
    )]
    Truncated {
        /// Where it ends, from 1.
        line: usize,
        /// Where it ends, from 1.
        column: usize,
    },
    /// JSON with an error in it.
    #[error("not valid JSON at line {line}, column {column}: {detail}")]
    Json {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What the parser says.
        detail: String,
    },
    /// JSON, but not GeoJSON.
    #[error(
        "this JSON is not GeoJSON: {found}; a FeatureCollection with a list of features is needed"
    )]
    NotGeoJson {
        /// What stands there instead.
        found: String,
    },
    /// A TOML file that cannot be read.
    #[error("{file}: {detail}")]
    Toml {
        /// Which of the region's files.
        file: &'static str,
        /// What the parser says, with the place.
        detail: String,
    },
    /// A value in a region's files that cannot be.
    #[error("{file}, {entry}, {field}: {why}")]
    Region {
        /// Which of the region's files.
        file: &'static str,
        /// The entry's kind and id.
        entry: String,
        /// Which field.
        field: &'static str,
        /// What is wrong, and what would be right.
        why: String,
    },
}

impl ImportError {
    /// Stable code, for interfaces to translate.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "file_empty",
            Self::Foreign { .. } => "file_foreign",
            Self::Truncated { .. } => "json_truncated",
            Self::Json { .. } => "json_invalid",
            Self::NotGeoJson { .. } => "json_not_geojson",
            Self::Toml { .. } => "toml_invalid",
            Self::Region { .. } => "region_invalid",
        }
    }

    pub(crate) fn of_json(error: &serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        if error.is_eof() {
            return Self::Truncated { line, column };
        }
        // serde_json appends " at line L column C", which is said already.
        let text = error.to_string();
        let detail = text
            .rsplit_once(" at line ")
            .map_or(text.as_str(), |(before, _)| before)
            .to_owned();
        Self::Json {
            line,
            column,
            detail,
        }
    }

    /// A TOML error in one sentence, with its place.
    pub(crate) fn of_toml(file: &'static str, text: &str, error: &toml::de::Error) -> Self {
        let at = error.span().map_or(0, |span| span.start);
        let before = text.get(..at).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let message = error
            .message()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        Self::Toml {
            file,
            detail: format!("line {line}: {message}"),
        }
    }
}
