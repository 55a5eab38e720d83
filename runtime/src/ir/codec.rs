//! The file form of a program: one header line with version, checksum and length, then JSON.

use super::{Fault, Program, verify};
use sha2::{Digest, Sha256};

/// Version of the file format; another version is refused.
pub const FORMAT_VERSION: u32 = 3;

const MAGIC: &str = "pol-ir";

/// Why a file cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DecodeError {
    /// It does not begin like a compiled program.
    #[error("this is not a compiled program")]
    NotIr,
    /// Written by another version.
    #[error("the format version is `{found}`, this version reads `{FORMAT_VERSION}`")]
    OtherVersion {
        /// What the header says.
        found: String,
    },
    /// The first line is no whole header.
    #[error("the file is damaged: its first line is not whole")]
    Header,
    /// Shorter than the header says.
    #[error("the file is cut short: {found} of {expected} bytes")]
    CutShort {
        /// Bytes the header promises.
        expected: usize,
        /// Bytes there are.
        found: usize,
    },
    /// The checksum differs.
    #[error("the file is damaged: its checksum does not match")]
    Damaged,
    /// The content is no program.
    #[error("the content is not a program: {0}")]
    Malformed(String),
    /// The program does not verify.
    #[error("the program does not verify: {}", .0.first().map(ToString::to_string).unwrap_or_default())]
    Invalid(Vec<Fault>),
}

/// The file form of a program.
#[must_use]
pub fn encode(program: &Program) -> Vec<u8> {
    // A program is made of plain structures with text keys, which always serialise.
    let body = serde_json::to_vec(program).unwrap_or_default();
    let mut bytes = format!(
        "{MAGIC} {FORMAT_VERSION} {} {}\n",
        checksum(&body),
        body.len()
    )
    .into_bytes();
    bytes.extend(body);
    bytes
}

/// Whether bytes look like a compiled program, so that a path may name either form.
#[must_use]
pub fn is_encoded(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC.as_bytes()) && bytes.get(MAGIC.len()) == Some(&b' ')
}

/// Reads and verifies a program.
///
/// # Errors
/// When the bytes are not a whole, undamaged, verified program of this version.
pub fn decode(bytes: &[u8]) -> Result<Program, DecodeError> {
    if !is_encoded(bytes) {
        return Err(DecodeError::NotIr);
    }
    let end = bytes
        .iter()
        .position(|byte| *byte == b'\n')
        .ok_or(DecodeError::Header)?;
    let header = bytes.get(..end).unwrap_or_default();
    let header = std::str::from_utf8(header).map_err(|_| DecodeError::NotIr)?;
    let mut words = header.split(' ').skip(1);
    let version = words.next().unwrap_or_default();
    if version != FORMAT_VERSION.to_string() {
        return Err(DecodeError::OtherVersion {
            found: version.to_owned(),
        });
    }
    let sum = words.next().unwrap_or_default();
    let expected: usize = words
        .next()
        .and_then(|length| length.parse().ok())
        .ok_or(DecodeError::Header)?;
    let body = bytes.get(end + 1..).unwrap_or_default();
    if body.len() < expected {
        return Err(DecodeError::CutShort {
            expected,
            found: body.len(),
        });
    }
    if body.len() > expected || checksum(body) != sum {
        return Err(DecodeError::Damaged);
    }
    let program: Program =
        serde_json::from_slice(body).map_err(|error| DecodeError::Malformed(error.to_string()))?;
    verify(&program).map_err(DecodeError::Invalid)?;
    Ok(program)
}

fn checksum(body: &[u8]) -> String {
    Sha256::digest(body)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
