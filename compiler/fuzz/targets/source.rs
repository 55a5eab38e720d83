//! Any bytes as a program: findings or a program, never a panic; what parses keeps its layout.

#![no_main]

use libfuzzer_sys::fuzz_target;
use polc::pipeline::{Loader, compile};

struct One<'b>(&'b [u8]);

impl Loader for One<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        if path == "t.pol" { Ok(self.0.to_vec()) } else { Err("it does not exist".to_owned()) }
    }

    fn folder(&self, _path: &str) -> Option<Vec<String>> {
        None
    }
}

fuzz_target!(|bytes: &[u8]| {
    let compilation = compile(&One(bytes), "t.pol");
    if let Some(compiled) = compilation.program {
        assert!(polc_runtime::Program::new(compiled.ir).is_ok());
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Some(once) = polc::format::format(text)
    {
        assert_eq!(polc::format::format(&once).as_deref(), Some(once.as_str()));
    }
});
