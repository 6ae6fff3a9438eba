//! `serve`: says where it listens, answers, and stops when asked.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests: a helper that fails is a test that fails"
)]

mod common;

use common::{check_one_sentence, folder, program};
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};

#[test]
fn serves_under_a_base_path_and_stops_on_a_signal() {
    let folder = folder("serve");
    fs::write(
        folder.join("index.html"),
        "<!doctype html><title>Chongtu</title>",
    )
    .unwrap();
    let mut child = program()
        .args([
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--base-path",
            "/portal/charge",
            "--app",
        ])
        .arg(&folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let address = line
        .trim()
        .strip_prefix("listening on http://")
        .and_then(|rest| rest.strip_suffix("/portal/charge/"));
    let address = address.unwrap_or_else(|| panic!("{line}"));
    let get = |path: &str| {
        let mut stream = TcpStream::connect(address).unwrap();
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    let page = get("/portal/charge/");
    assert!(
        page.starts_with("HTTP/1.1 200") && page.contains("Chongtu"),
        "{page}"
    );
    assert!(get("/elsewhere").starts_with("HTTP/1.1 404"));
    let killed = Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(killed.success());
    assert_eq!(
        child.wait().unwrap().code(),
        Some(0),
        "a stop that was asked for is no fault"
    );
}

#[test]
fn wrong_options_are_refused_before_listening() {
    let folder = folder("serve-refused");
    let app = folder.display().to_string();
    let serve = |rest: &[&str], parts: &[&str]| {
        check_one_sentence(
            &[&["serve", "--listen", "127.0.0.1:0", "--app", &app], rest].concat(),
            parts,
        );
    };
    serve(&[], &["index.html"]);
    fs::write(folder.join("index.html"), "x").unwrap();
    serve(&["--base-path", "/../x"], &["--base-path"]);
    serve(&["--frame-ancestors", "portal"], &["--frame-ancestors"]);
    for origin in ["tiles", "https://*.example", "https://tiles.example/x"] {
        serve(&["--base-map-origin", origin], &["--base-map-origin"]);
    }
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    check_one_sentence(
        &["serve", "--app", &app, "--listen", &address],
        &["cannot listen", "--listen"],
    );
}
