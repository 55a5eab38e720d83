//! What the command line writes: results to standard output, files by `fmt`, `build` and `new`. A write that
//! fails is told, a file that was there stays whole, and nothing is left lying about.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::{command, folder, polc, status, text};
use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// A program whose files are not laid out, large enough to be cut in many places.
fn untidy(files: usize) -> String {
    let mut text = "program small   \"Small\" version 1\n  currency USD\nfact total:   int \"What it comes to\"\n".to_owned();
    for at in 0..files {
        text.push_str(&format!("decision d{at}:   int   =   total + {at}\n"));
    }
    text
}

fn small(name: &str) -> std::path::PathBuf {
    let folder = folder(name);
    fs::create_dir(folder.join("small")).unwrap();
    fs::write(folder.join("small/small.pol"), untidy(3)).unwrap();
    fs::write(
        folder.join("facts.json"),
        r#"{"as_of":"2026-01-01","total":1}"#,
    )
    .unwrap();
    fs::create_dir(folder.join("cycle")).unwrap();
    folder
}

/// The names in a folder, those that begin with a point included.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Every verb that prints results.
const PRINTING: [&str; 13] = [
    "eval small --facts facts.json",
    "eval small --facts facts.json --format json",
    "eval small --facts facts.json --in jsonl",
    "why small --facts facts.json --decision d0",
    "why small --facts facts.json --decision d0 --format json",
    "simulate small --facts facts.json --from 2026-01-01 --to 2026-01-02",
    "graph small --all",
    "test small",
    "fmt --check small",
    "build small --emit text",
    "schema small",
    "explain P0901",
    "completions bash",
];

#[test]
fn results_that_cannot_be_written_are_an_error() {
    let folder = small("full");
    let mut all: Vec<&str> = PRINTING.to_vec();
    all.extend([
        "check small --format json",
        "--help",
        "--version",
        "help eval",
    ]);
    for line in all {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let output = command(&folder)
            .args(line.split(' '))
            .stdin(Stdio::null())
            .stdout(full)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{line}");
        if !line.contains("help") && !line.contains("version") {
            let told = text(&output.stderr);
            assert!(
                told.contains("error: the results cannot be written"),
                "{line}: {told}"
            );
        }
    }
}

#[test]
fn a_reader_that_leaves_ends_the_output_quietly() {
    let folder = small("left");
    for line in PRINTING {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let whole = polc(&folder, &line.split(' ').collect::<Vec<_>>(), b"");
        let output = command(&folder)
            .args(line.split(' '))
            .stdin(Stdio::null())
            .stdout(writer)
            .output()
            .unwrap();
        assert_eq!(output.stderr, whole.stderr, "{line}");
        assert_eq!(status(&output), status(&whole), "{line}");
    }
    // A population goes no further.
    let many = "{\"as_of\":\"2026-01-01\",\"total\":1}\n".repeat(20_000);
    fs::write(folder.join("many.jsonl"), many).unwrap();
    let output = Command::new("sh")
        .args(["-c", "\"$0\" eval small --facts many.jsonl | head -n 1"])
        .arg(env!("CARGO_BIN_EXE_polc"))
        .current_dir(&folder)
        .output()
        .unwrap();
    assert_eq!(text(&output.stdout).lines().count(), 1);
    let told = text(&output.stderr);
    assert!(
        !told.contains("error:") && !told.contains("panic"),
        "{told}"
    );
}

#[test]
fn fmt_and_build_keep_permissions_links_and_owners() {
    let folder = small("kept");
    let path = folder.join("small/small.pol");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("small/small.pol", folder.join("link.pol")).unwrap();
    symlink("link.pol", folder.join("second.pol")).unwrap();
    let owner = fs::metadata(&path).unwrap();
    assert_eq!(status(&polc(&folder, &["fmt", "second.pol"], b"")), 0);
    let after = fs::metadata(&path).unwrap();
    assert_eq!(after.permissions().mode() & 0o7777, 0o640);
    assert_eq!((after.uid(), after.gid()), (owner.uid(), owner.gid()));
    assert!(folder.join("second.pol").is_symlink() && folder.join("link.pol").is_symlink());
    assert!(!fs::read_to_string(&path).unwrap().contains("   "));

    // A new file, an old one, one behind a link, and one that a link names before it is there.
    fs::write(folder.join("old.polir"), "old").unwrap();
    fs::set_permissions(folder.join("old.polir"), fs::Permissions::from_mode(0o600)).unwrap();
    symlink("old.polir", folder.join("to_old")).unwrap();
    symlink("made.polir", folder.join("to_made")).unwrap();
    for target in ["new.polir", "to_old", "to_made"] {
        let output = polc(&folder, &["build", "small", "-o", target], b"");
        assert_eq!(status(&output), 0, "{target}: {}", text(&output.stderr));
    }
    let whole = fs::read(folder.join("new.polir")).unwrap();
    for made in ["old.polir", "made.polir"] {
        assert_eq!(fs::read(folder.join(made)).unwrap(), whole, "{made}");
    }
    let mode = fs::metadata(folder.join("old.polir"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o7777, 0o600);
    assert!(folder.join("to_old").is_symlink() && folder.join("to_made").is_symlink());
}

#[test]
fn a_pipe_or_a_device_is_written_directly() {
    let folder = small("direct");
    let made = Command::new("mkfifo")
        .arg(folder.join("pipe"))
        .status()
        .unwrap();
    assert!(made.success());
    let reading = {
        let path = folder.join("pipe");
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            File::open(path).unwrap().read_to_end(&mut bytes).unwrap();
            bytes
        })
    };
    assert_eq!(
        status(&polc(&folder, &["build", "small", "-o", "pipe"], b"")),
        0
    );
    let through_pipe = reading.join().unwrap();
    let output = polc(&folder, &["build", "small", "-o", "/dev/stdout"], b"");
    assert_eq!(output.stdout, through_pipe);
    assert!(through_pipe.starts_with(b"pol-ir "));
    assert_eq!(
        status(&polc(&folder, &["build", "small", "-o", "/dev/null"], b"")),
        0
    );
    let output = polc(&folder, &["build", "small", "-o", "/dev/full"], b"");
    assert_eq!(status(&output), 2);
    assert!(text(&output.stderr).contains("`/dev/full` cannot be written"));
    assert!(!fs::symlink_metadata(folder.join("pipe")).unwrap().is_file());
    assert_eq!(names(&folder), ["cycle", "facts.json", "pipe", "small"]);
}

#[test]
fn build_refuses_a_source_as_its_target() {
    let folder = small("source");
    let source = folder.join("small/small.pol");
    fs::hard_link(&source, folder.join("small.txt")).unwrap();
    symlink("small/small.pol", folder.join("link")).unwrap();
    assert_eq!(
        status(&polc(&folder, &["build", "small", "-o", "built"], b"")),
        0
    );
    for (program, target) in [
        ("small", "small/small.pol"),
        ("small", "./small/../small/small.pol"),
        ("small", "small.txt"),
        ("small", "link"),
        ("small", "small/other.pol"),
        ("small", "small/OTHER.POL"),
        ("small/small.pol", "small/small.pol"),
        ("built", "built"),
        ("built", "./built"),
    ] {
        let before = fs::read(&source).unwrap();
        let output = polc(&folder, &["build", program, "-o", target], b"");
        assert_eq!(status(&output), 2, "{program} -o {target}");
        let told = text(&output.stderr);
        assert!(
            told.contains("is a source, and would be lost"),
            "{target}: {told}"
        );
        assert_eq!(fs::read(&source).unwrap(), before, "{target}");
    }
    assert_eq!(names(&folder.join("small")), ["small.pol"]);
    let output = polc(&folder, &["build", "small", "-o", "cycle"], b"");
    assert_eq!(status(&output), 2);
    assert!(text(&output.stderr).contains("`cycle` cannot be written: it is a folder"));
}

#[test]
fn a_failed_command_replaces_nothing() {
    let folder = small("failed");
    let untidy = untidy(3);
    let (a, b) = (folder.join("small/small.pol"), folder.join("small/b.pol"));
    fs::write(&b, "decision x:   int =\n").unwrap();
    // One file of several does not parse.
    let output = polc(&folder, &["fmt", "small"], b"");
    assert_eq!(status(&output), 1);
    assert!(text(&output.stderr).contains("no file was changed"));
    assert_eq!(fs::read_to_string(&a).unwrap(), untidy);
    // One of several is no text, or not there.
    fs::write(&b, b"\xff").unwrap();
    assert_eq!(status(&polc(&folder, &["fmt", "small"], b"")), 1);
    fs::remove_file(&b).unwrap();
    symlink("nowhere", &b).unwrap();
    assert_eq!(status(&polc(&folder, &["fmt", "small"], b"")), 2);
    fs::remove_file(&b).unwrap();
    assert_eq!(fs::read_to_string(&a).unwrap(), untidy);
    // What it printed was lost.
    fs::write(folder.join("built"), "old").unwrap();
    for arguments in [
        &["fmt", "small"][..],
        &["build", "small", "-o", "built", "--emit", "text"],
    ] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let output = command(&folder)
            .args(arguments)
            .stdout(full)
            .output()
            .unwrap();
        assert_eq!(status(&output), 2, "{arguments:?}");
    }
    assert_eq!(fs::read_to_string(&a).unwrap(), untidy);
    // The program has errors.
    fs::write(&a, format!("{untidy}decision x: int = nothing_there\n")).unwrap();
    assert_eq!(
        status(&polc(&folder, &["build", "small", "-o", "built"], b"")),
        1
    );
    assert_eq!(fs::read_to_string(folder.join("built")).unwrap(), "old");
    assert_eq!(names(&folder), ["built", "cycle", "facts.json", "small"]);
    assert_eq!(names(&folder.join("small")), ["small.pol"]);
}

/// Runs a command under a limit on the size of files, in bytes; the signal that comes with it is ignored, as under most shells' `trap`.
fn limited(folder: &Path, bytes: usize, arguments: &[&str]) -> Option<i32> {
    let output = Command::new("sh")
        .args(["-c", "trap '' XFSZ; exec prlimit --fsize=\"$1\" \"$0\" $2"])
        .arg(env!("CARGO_BIN_EXE_polc"))
        .arg(bytes.to_string())
        .arg(arguments.join(" "))
        .current_dir(folder)
        .output()
        .unwrap();
    output.status.code()
}

#[test]
fn a_limit_on_file_size_leaves_the_old_file_whole() {
    if Command::new("prlimit").arg("--version").output().is_err() {
        return;
    }
    let folder = small("limit");
    let (source, built) = (folder.join("small/small.pol"), folder.join("built"));
    let untidy = untidy(40);
    fs::write(&source, &untidy).unwrap();
    assert_eq!(
        status(&polc(&folder, &["build", "small", "-o", "whole"], b"")),
        0
    );
    let whole = fs::read(folder.join("whole")).unwrap();
    let mut hit = 0;
    for at in 0..50 {
        for (target, new, arguments) in [
            (&source, untidy.len() - 40 * 4, &["fmt", "small"][..]),
            (&built, whole.len(), &["build", "small", "-o", "built"]),
        ] {
            fs::write(&source, &untidy).unwrap();
            fs::write(&built, "the old one").unwrap();
            let before = fs::read(target).unwrap();
            // Both ends are among the places.
            let status = limited(&folder, at * new / 49, arguments);
            let after = fs::read(target).unwrap();
            match status {
                Some(0) => assert_ne!(after, before, "{arguments:?} within {at}/49"),
                Some(2) => {
                    hit += 1;
                    assert_eq!(after, before, "{arguments:?} within {at}/49");
                }
                other => panic!("{arguments:?} within {at}/49: {other:?}"),
            }
        }
        assert_eq!(
            names(&folder),
            ["built", "cycle", "facts.json", "small", "whole"]
        );
        assert_eq!(names(&folder.join("small")), ["small.pol"]);
    }
    assert!(hit >= 90, "{hit}");
}

#[test]
fn a_run_that_is_killed_leaves_the_old_file_or_the_new_one() {
    let folder = small("killed");
    let (source, built) = (folder.join("small/small.pol"), folder.join("built"));
    let untidy = untidy(60);
    fs::write(&source, &untidy).unwrap();
    assert_eq!(status(&polc(&folder, &["fmt", "small"], b"")), 0);
    let tidy = fs::read(&source).unwrap();
    let began = std::time::Instant::now();
    assert_eq!(
        status(&polc(&folder, &["build", "small", "-o", "built"], b"")),
        0
    );
    let long = began.elapsed().as_micros() as u64;
    let new = fs::read(&built).unwrap();
    let (mut cut, mut done) = (0, 0);
    // Fixed numbers, spread evenly over the time a run takes: 100 kills of each.
    for at in 0..200_u64 {
        let build = at % 2 == 0;
        let arguments: &[&str] = match build {
            true => &["build", "small", "-o", "built"],
            false => &["fmt", "small"],
        };
        fs::write(
            &source,
            if build {
                tidy.as_slice()
            } else {
                untidy.as_bytes()
            },
        )
        .unwrap();
        fs::write(&built, "the old one").unwrap();
        let mut child = command(&folder)
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_micros(at * 7_919 % 200 * long / 190));
        child.kill().unwrap();
        let whole = child.wait().unwrap().success();
        *(if whole { &mut done } else { &mut cut }) += 1;
        let (text, bytes) = (fs::read(&source).unwrap(), fs::read(&built).unwrap());
        assert!(
            text == tidy || (!build && text == untidy.as_bytes()),
            "{at}: {arguments:?}"
        );
        assert!(
            bytes == b"the old one" || (build && bytes == new),
            "{at}: {arguments:?}"
        );
    }
    assert!(cut >= 50, "{cut} cut, {done} done");
    // The next run clears what is left, also where there is nothing for it to change.
    fs::write(folder.join("small/.small.pol.polc-1000001"), "left").unwrap();
    fs::write(folder.join(".built.polc-1000001"), "left").unwrap();
    fs::write(&source, &tidy).unwrap();
    assert_eq!(status(&polc(&folder, &["fmt", "small"], b"")), 0);
    assert_eq!(
        status(&polc(&folder, &["build", "small", "-o", "built"], b"")),
        0
    );
    assert_eq!(names(&folder), ["built", "cycle", "facts.json", "small"]);
    assert_eq!(names(&folder.join("small")), ["small.pol"]);
}

#[test]
fn a_file_that_is_being_written_is_not_cleared() {
    let folder = small("locked");
    let other = folder.join(".built.polc-77");
    let file = File::create(&other).unwrap();
    file.lock().unwrap();
    assert_eq!(
        status(&polc(&folder, &["build", "small", "-o", "built"], b"")),
        0
    );
    assert!(other.exists());
    drop(file);
    // A process that another test is just starting has the lock as well, until it is under way.
    for _ in 0..50 {
        assert_eq!(
            status(&polc(&folder, &["build", "small", "-o", "built"], b"")),
            0
        );
        if !other.exists() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("a file nobody writes any more is still there");
}

#[test]
fn a_new_program_comes_whole_or_not_at_all() {
    let folder = small("fresh");
    // What a run left that was killed.
    fs::create_dir(folder.join(".fresh.polc-new")).unwrap();
    fs::write(folder.join(".fresh.polc-new/program.pol"), "half").unwrap();
    assert_eq!(limited(&folder, 100, &["new", "fresh"]), Some(2));
    assert_eq!(names(&folder), ["cycle", "facts.json", "small"]);
    assert_eq!(status(&polc(&folder, &["new", "fresh"], b"")), 0);
    assert_eq!(
        names(&folder.join("fresh")),
        ["example.json", "program.pol"]
    );
}

/// What stands on a small disk before and after a command ran there while so many bytes of it were free.
const ON_A_DISK: &str = "set -e
mount -t tmpfs -o size=256k none disk
cp -r small built disk/
cd disk
cat /dev/zero 2>/dev/null >fill || true
truncate -s -\"$1\" fill
set +e
\"$0\" $2
status=$?
rm fill
cp -r . ../after
exit $status";

#[test]
fn a_full_disk_leaves_the_old_file_whole() {
    let folder = small("disk");
    fs::create_dir(folder.join("disk")).unwrap();
    let mounted = |line: &[&str]| {
        let mut command = Command::new("unshare");
        command.args(["-r", "-m", "sh", "-c"]).args(line);
        command.current_dir(&folder).output()
    };
    if !mounted(&["mount -t tmpfs none disk"]).is_ok_and(|output| output.status.success()) {
        println!("SKIPPED: this machine mounts no disk of its own for a test");
        return;
    }
    let (source, built) = (folder.join("small/small.pol"), folder.join("built"));
    fs::write(&source, untidy(150)).unwrap();
    let output = polc(&folder, &["build", "small", "-o", "built"], b"");
    assert_eq!(status(&output), 0, "{}", text(&output.stderr));
    let whole = fs::read(&built).unwrap();
    fs::write(&built, "the old one").unwrap();
    let (mut hit, mut written) = (0, 0);
    // A disk gives its room in pages.
    for free in (0..).map(|page| page * 4096) {
        let mut wrote = 0;
        for (name, arguments) in [
            ("small/small.pol", "fmt small"),
            ("built", "build small -o built"),
        ] {
            let polc = env!("CARGO_BIN_EXE_polc");
            let output = mounted(&[ON_A_DISK, polc, &free.to_string(), arguments]).unwrap();
            let after = folder.join("after");
            let (before, now) = (
                fs::read(folder.join(name)).unwrap(),
                fs::read(after.join(name)).unwrap(),
            );
            match output.status.code() {
                Some(0) => {
                    wrote += 1;
                    assert_ne!(now, before, "{arguments} with {free} bytes");
                    assert!(
                        name != "built" || now == whole,
                        "{arguments} with {free} bytes"
                    );
                }
                Some(2) => {
                    hit += 1;
                    assert_eq!(now, before, "{arguments} with {free} bytes");
                    let told = text(&output.stderr);
                    assert!(told.contains("cannot be written"), "{told}");
                }
                other => panic!(
                    "{arguments} with {free} bytes: {other:?} {}",
                    text(&output.stderr)
                ),
            }
            assert_eq!(
                names(&after),
                ["built", "small"],
                "{arguments} with {free} bytes"
            );
            assert_eq!(names(&after.join("small")), ["small.pol"]);
            fs::remove_dir_all(after).unwrap();
        }
        written += wrote;
        if wrote == 2 {
            break;
        }
    }
    assert!(hit >= 6 && written >= 2, "{hit} {written}");
}
