//! The help of every command, as files. `BLESS=1 cargo test -p chongtu-cli` writes them anew.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests: a helper that fails is a test that fails"
)]

mod common;

use std::path::Path;

#[test]
fn help_is_as_recorded() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots");
    let bless = std::env::var_os("BLESS").is_some();
    for command in ["", "import", "roads", "plan", "serve", "info", "cars"] {
        let run = common::run(&format!("{command} --help"));
        assert_eq!((run.code, run.words.as_str()), (0, ""), "{command}");
        if !command.is_empty() {
            assert!(
                run.out.contains("Example:\n  chongtu "),
                "{command} has no example"
            );
        }
        let name = if command.is_empty() {
            "chongtu"
        } else {
            command
        };
        let file = folder.join(format!("{name}.txt"));
        if bless {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&file, &run.out).unwrap();
        }
        let recorded = std::fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(
            run.out, recorded,
            "{name}: the help changed; run with BLESS=1 if it should"
        );
    }
}

#[test]
fn wrong_use_is_status_2() {
    for args in [
        "",
        "fly",
        "plan",
        "plan --locations x --roads y --great-circle --car z --from a --to b",
        "plan --locations x --car z --from a --to b",
        "plan --locations x --roads y --car z --from a --to b --via c",
        "plan --locations x --roads y --car z --from a --to b --payload 100",
        "plan --locations x --roads y --car z --from a --to b --departure-soc 101",
        "plan --locations x --roads y --car z --from a --to b --overhead 5",
        "plan --locations x --roads y --car z --from a --to b --cruise-kmh 100",
        "plan --locations x --roads y --car z --from a --to b --assume-connector banana",
        "plan --locations x --roads y --car z --from a --to b --legs",
        "import x",
        "import x --out y --feed morse",
        "serve --listen nowhere",
    ] {
        let run = common::run(args);
        assert_eq!(
            (run.code, run.out.as_str()),
            (2, ""),
            "{args}: {}",
            run.words
        );
        assert!(!run.words.is_empty(), "{args}");
    }
    assert_eq!(common::run("--version").code, 0);
}
