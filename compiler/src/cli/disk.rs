//! The disk as a source of programs.

use crate::pipeline::{FILE_LIMIT, Loader};
use std::fs;
use std::io::Read;
use std::path::Path;

/// Reads programs from the disk.
pub(super) struct Disk;

impl Loader for Disk {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let file = fs::File::open(path).map_err(|error| words(&error))?;
        let mut bytes = Vec::new();
        // One byte more than is taken tells a file that is too large without reading all of it.
        let limit = FILE_LIMIT as u64 + 1;
        file.take(limit)
            .read_to_end(&mut bytes)
            .map_err(|error| words(&error))?;
        Ok(bytes)
    }

    fn folder(&self, path: &str) -> Option<Vec<String>> {
        pol_files(path)
    }
}

/// The `.pol` files directly in a folder, sorted.
fn pol_files(path: &str) -> Option<Vec<String>> {
    let mut files: Vec<String> = entries(path)?
        .into_iter()
        .filter(|entry| entry.ends_with(".pol") && Path::new(entry).is_file())
        .collect();
    files.sort();
    Some(files)
}

fn entries(path: &str) -> Option<Vec<String>> {
    if !Path::new(path).is_dir() {
        return None;
    }
    let base = path.trim_end_matches('/');
    let names = fs::read_dir(path).ok()?;
    let mut found: Vec<String> = names
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .map(|name| {
            if base.is_empty() {
                format!("/{name}")
            } else {
                format!("{base}/{name}")
            }
        })
        .collect();
    found.sort();
    Some(found)
}

/// A program, or files that only others use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Folder or file.
    pub(super) path: String,
    /// Its files all begin with `module`: nothing to check by itself.
    pub(super) module: bool,
}

/// The programs a path names: itself, or the ones below it.
pub(super) fn programs(path: &str) -> Result<Vec<Found>, String> {
    if !Path::new(path).exists() {
        return Err(format!("`{path}` does not exist"));
    }
    let Some(files) = pol_files(path) else {
        return Ok(vec![Found {
            path: path.to_owned(),
            module: false,
        }]);
    };
    if !files.is_empty() {
        let module = files.iter().all(|file| begins_with_module(file));
        return Ok(vec![Found {
            path: path.to_owned(),
            module,
        }]);
    }
    let mut found = Vec::new();
    for entry in entries(path).unwrap_or_default() {
        let hidden = entry
            .rsplit('/')
            .next()
            .is_some_and(|name| name.starts_with('.'));
        if Path::new(&entry).is_dir() && !hidden {
            found.extend(programs(&entry)?);
        }
    }
    Ok(found)
}

fn begins_with_module(path: &str) -> bool {
    fs::read_to_string(path).is_ok_and(|text| {
        text.lines()
            .find(|line| !line.trim().is_empty() && !line.starts_with('#'))
            .is_some_and(|line| line.starts_with("module "))
    })
}

/// The paths a command works on: those given, else `policies`, else this folder.
pub(super) fn paths(given: &[String]) -> Result<Vec<Found>, String> {
    let default = if Path::new("policies").is_dir() {
        "policies"
    } else {
        "."
    };
    let given = if given.is_empty() {
        vec![default.to_owned()]
    } else {
        given.to_vec()
    };
    let mut found = Vec::new();
    for path in given {
        let below = programs(&path)?;
        if below.is_empty() {
            return Err(format!("there is no `.pol` file in `{path}`"));
        }
        found.extend(below);
    }
    Ok(found)
}

/// An I/O error in words.
pub(super) fn words(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "it does not exist".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        std::io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    }
}
