//! `check --watch` and `check --explain`, by the program itself.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Far longer than any check takes on a crowded machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// A watch that runs until this goes.
struct Watch {
    child: Child,
    lines: Receiver<String>,
}

impl Watch {
    fn start(folder: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gramsetu"));
        command.args(["check", "--watch"]).arg(folder).stdout(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let lines = lines(child.stdout.take().expect("its output"));
        Self { child, lines }
    }

    /// All that is printed up to the line that says that it waits.
    fn page(&self) -> String {
        let mut page = String::new();
        while !page.contains("(Ctrl-C ends)") {
            let line = self.lines.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("nothing more came after {page}"));
            page.push_str(&line);
            page.push('\n');
        }
        page
    }
}

/// Lines as they come, read by a thread of their own.
fn lines(output: ChildStdout) -> Receiver<String> {
    let (told, lines) = channel();
    std::thread::spawn(move || {
        BufReader::new(output).lines().map_while(Result::ok).try_for_each(|line| told.send(line))
    });
    lines
}

impl Drop for Watch {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn write(folder: &Path, home: &str) {
    std::fs::create_dir_all(folder).expect("a folder");
    std::fs::write(folder.join("bridge.yaml"), "languages: {en: English}\nussd: {\"*1#\": home}\n").expect("written");
    std::fs::write(folder.join("home.yaml"), home).expect("written");
}

const GOOD: &str = "menu: home\nscreens: {top: {end: Bye}}\n";

#[test]
fn a_saved_file_is_checked_again() {
    let outer = tempfile::tempdir().expect("a folder");
    let folder = outer.path().join("menus");
    write(&folder, GOOD);
    let watch = Watch::start(&folder);
    assert!(watch.page().contains("no errors, 0 warnings"));

    write(&folder, "menu: home\nscreens: {top: {show: Hello, next: by}, bye: {end: Bye}}\n");
    let page = watch.page();
    assert!(page.contains("error[M032]") && page.contains("did you mean `bye`?"), "{page}");
    assert!(page.contains("`gramsetu check --explain M032` tells more"), "{page}");
    assert!(page.contains("checked in ") && !page.contains('\x1b'), "no terminal is to be cleared: {page}");

    // As editors save: another file takes the place of this one.
    let beside = folder.join("home.yaml~");
    std::fs::write(&beside, GOOD).expect("written");
    std::fs::rename(&beside, folder.join("home.yaml")).expect("renamed");
    assert!(watch.page().contains("no errors, 0 warnings"));
}

#[test]
fn a_folder_that_is_gone_for_a_while_and_a_file_that_is_no_text_do_not_end_it() {
    let outer = tempfile::tempdir().expect("a folder");
    let folder = outer.path().join("menus");
    write(&folder, GOOD);
    let watch = Watch::start(&folder);
    assert!(watch.page().contains("no errors"));
    std::fs::rename(&folder, outer.path().join("elsewhere")).expect("renamed");
    let page = watch.page();
    assert!(page.contains("there is no folder") && page.contains("waiting for it to come back"), "{page}");
    std::fs::rename(outer.path().join("elsewhere"), &folder).expect("renamed");
    assert!(watch.page().contains("no errors"));
    std::fs::write(folder.join("home.yaml"), b"menu: home\nscreens: {top: {end: Caf\xe9").expect("written");
    assert!(watch.page().contains("Y014"));
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_with_success() {
    let outer = tempfile::tempdir().expect("a folder");
    write(outer.path(), GOOD);
    let mut watch = Watch::start(outer.path());
    watch.page();
    let told = Command::new("kill").args(["-INT", &watch.child.id().to_string()]).status().expect("`kill` is there");
    assert!(told.success());
    assert!(watch.child.wait().expect("it ends").success());
}

fn explain(code: &str) -> (bool, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_gramsetu")).args(["check", "--explain", code]).output();
    let output = output.expect("the program runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.success(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_finding_is_explained_with_an_example() {
    let (success, page, _) = explain("m032");
    assert!(success);
    insta::assert_snapshot!(page);
    let (success, page, error) = explain("M132");
    assert!(!success && page.is_empty());
    assert_eq!(error, "gramsetu: there is no finding with the code `M132`; did you mean `M032`?\n");
}
