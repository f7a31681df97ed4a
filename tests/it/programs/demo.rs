//! `demo` serves each state of its folder that is saved and passes.

use super::{menus, write};
use crate::demo::{Demo, dial};
use crate::server::until;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_saved_is_served_if_it_passes() {
    let folder = tempfile::tempdir().expect("a folder");
    let saved = folder.path().join("mine");
    write(&menus(1), &saved);
    let demo = Demo::start(folder.path(), &["--menus", "mine"]);
    assert!(demo.banner.contains("Each save in mine"), "{}", demo.banner);
    let hooks = demo.address("serving its menus on");
    let mut number = 0;
    let mut shows = async |what: &str| {
        number += 1;
        let talk = dial(hooks, "*123#", &["--from", &format!("+9198123{number:05}")], "");
        talk.contains(what)
    };
    assert!(shows("Hello 1").await);
    write(&menus(2), &saved);
    until("what was saved is served", async || shows("Hello 2").await).await;

    std::fs::write(saved.join("home.yaml"), "menu: home\nscreens: {top: {show: Hello 3, next: nowhere}}\n")
        .expect("written");
    until("its findings are printed", async || {
        let said = demo.said();
        said.contains("error[M032]") && said.contains("what was saved before is served on")
    })
    .await;
    assert!(shows("Hello 2").await);

    // A department that was not there when it started, with its sandbox.
    let department =
        "department: pds\noperations:\n  card:\n    get: \"/card\"\n    answer:\n      name: {from: /name, text: 20}\n";
    let home = "menu: home\nscreens:\n  top: {call: pds.card, into: card, next: card, fails: {down: bye, late: bye}}\n  \
                card: {end: \"Card of {{ card.name }}\"}\n  bye: {end: Nothing}\n";
    let sandbox = |name: &str| format!("sandbox: pds\nanswers:\n  card:\n    - json: '{{\"name\": \"{name}\"}}'\n");
    std::fs::create_dir(saved.join("departments")).expect("a folder");
    for (path, text) in
        [("departments/pds.yaml", department), ("departments/pds.sandbox.yaml", &sandbox("Asha")), ("home.yaml", home)]
    {
        std::fs::write(saved.join(path), text).expect("written");
    }
    until("the department answers", async || shows("Card of Asha").await).await;
    std::fs::write(saved.join("departments/pds.sandbox.yaml"), sandbox("Ravi")).expect("written");
    until("the sandbox alone is saved", async || shows("Card of Ravi").await).await;
}
