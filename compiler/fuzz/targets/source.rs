//! Any bytes as a program: findings or a program, never a panic; what parses keeps its layout.

#![no_main]

use libfuzzer_sys::fuzz_target;
use polc::loader::Memory;
use polc::pipeline::compile;

fuzz_target!(|bytes: &[u8]| {
    let compilation = compile(&Memory::default().with("t.pol", bytes), "t.pol");
    if let Some(compiled) = compilation.program {
        assert!(polc_runtime::Program::new(compiled.ir).is_ok());
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Some(once) = polc::format::format(text)
    {
        assert_eq!(polc::format::format(&once).as_deref(), Some(once.as_str()));
    }
});
