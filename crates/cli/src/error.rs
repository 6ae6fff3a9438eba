//! Why the program stops, and with which exit status.

use std::io;

/// Why the program stops.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    /// Wrong use or unreadable input: one sentence with the place and the remedy.
    #[error("{0}")]
    Usage(String),
    /// The answer is "not possible", and was printed.
    #[error("not possible")]
    NotPossible,
    /// Nobody reads standard output any more.
    #[error("standard output was closed")]
    OutputClosed,
    /// A fault of the program or the machine.
    #[error("{0:#}")]
    Internal(#[from] anyhow::Error),
}

/// What every command gives.
pub(crate) type Result<T, E = CliError> = std::result::Result<T, E>;

impl CliError {
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self::Usage(text.into())
    }

    pub(crate) const fn exit_status(&self) -> u8 {
        match self {
            Self::OutputClosed => 0,
            Self::Internal(_) => 1,
            Self::Usage(_) => 2,
            Self::NotPossible => 3,
        }
    }

    /// An error while writing to a stream.
    pub(crate) fn writing(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::OutputClosed
        } else {
            Self::Internal(anyhow::Error::new(error).context("cannot write the output"))
        }
    }
}
