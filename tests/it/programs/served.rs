//! Servers that run while something is published, by the real program.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use tokio::sync::Semaphore;

use super::{kept, menus, write};
use crate::phones::{Phone, profile, wire};
use crate::server::{House, NO_RATES, Server, get, patient_menus, until};
use crate::walk::Crowd;

/// `gramsetu publish` with the settings of the house; the status, and all that was said.
async fn publish(house: &House, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gramsetu"));
    house.prepare(&mut command);
    command.arg("publish").args(arguments).arg("--settings").arg(house.path("gramsetu.toml"));
    // Those who walk meanwhile are on this runtime.
    let ran = tokio::task::spawn_blocking(move || command.output().expect("it runs")).await;
    let output = ran.expect("no defect");
    (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).expect("UTF-8"))
}

/// The shipped menus with another greeting.
fn greeting(into: &Path, welcome: &str) {
    patient_menus(into);
    let home = into.join("home.yaml");
    let text = std::fs::read_to_string(&home).expect("readable");
    std::fs::write(home, text.replace("Welcome.", welcome)).expect("written");
    // The translations still say the same, and are read to be true.
    let mut stamp = Command::new(env!("CARGO_BIN_EXE_gramsetu"));
    stamp.args(["check", "--stamp"]).arg(into).args(["home.hi.yaml", "home.hi-Latn.yaml"]);
    assert!(stamp.output().expect("it runs").status.success());
}

/// What somebody is shown who dials now.
async fn greeted(server: &Server, n: u128) -> String {
    let mut phone = Phone::new(&profile("flares"), &format!("+919822{n:06}"), 50_000 + n);
    phone.dial(&wire(server), "*123#").await.expect("it is served").text
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn publishing_under_load_drops_no_turn_and_those_under_way_finish_on_their_menus() {
    const PHONES: usize = 12;
    const TURNS: u32 = 100;

    let house = House::new(&format!("menus = \"menus\"\n{NO_RATES}")).await;
    patient_menus(&house.path("menus"));
    let server = house.start().await;
    let mut crowd = Crowd::gather(PHONES, &wire(&server)).await;
    let answered = Arc::new(Semaphore::new(0));
    let mut walking = crowd.walk(&wire(&server), &answered);
    let mut turns = 0;
    for n in 1..=2_u32 {
        answered.acquire_many(TURNS).await.expect("it stays open").forget();
        turns += TURNS;
        let name = format!("menus{n}");
        greeting(&house.path(&name), &format!("Day {n}."));
        let (status, said) = publish(&house, &[&name]).await;
        assert!(status == Some(0) && said.contains(&format!("number {}", n + 1)), "{said}");
        let mut dialled = u128::from(n) * 1000;
        until("new sessions begin on it", async || {
            dialled += 1;
            greeted(&server, dialled).await.starts_with(&format!("Day {n}."))
        })
        .await;
    }
    answered.acquire_many(TURNS).await.expect("it stays open").forget();
    assert!(walking.try_join_next().is_none(), "somebody got no reply, or another page, after {turns} turns");
    assert_eq!(walking.len(), PHONES);
    let page = get(server.admin, "/metrics").await.expect("a page").text();
    for outcome in ["failed", "defect", "busy", "late"] {
        assert!(!page.contains(&format!("outcome=\"{outcome}\"")), "{page}");
    }
    assert!(page.contains("gramsetu_programs_refused_total 0"), "{page}");
    server.kill();
    crowd.come_back(walking).await;

    // A restart serves what is published, not its folder; and those under way still finish on their menus.
    let server = house.start().await;
    assert!(server.log().contains("to publish it: gramsetu publish"), "{}", server.log());
    assert!(greeted(&server, 9999).await.starts_with("Day 2."));
    for (walker, reference) in &mut crowd.walkers {
        walker.step_as(reference, &wire(&server)).await.expect("it is served");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_goes_on_with_what_it_has_where_it_cannot_serve_what_is_published() {
    let house = House::new("menus = \"menus1\"\n").await;
    for n in 1..=2 {
        write(&menus(n), &house.path(&format!("menus{n}")));
    }
    let server = house.start().await;
    assert!(greeted(&server, 1).await.starts_with("Hello 1"));
    // Published by somebody whose settings name no departments.
    std::fs::create_dir(house.path("menus2/departments")).expect("a folder");
    let department = "department: pds\noperations:\n  card: {get: \"/card?id={{ id }}\"}\n";
    std::fs::write(house.path("menus2/departments/pds.yaml"), department).expect("written");
    std::fs::write(house.path("other.toml"), format!("database = {:?}\n", house.path("gramsetu.db"))).expect("written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_gramsetu"));
    house.prepare(&mut command);
    let output = command.args(["publish", "menus2", "--settings", "other.toml"]).output().expect("it runs");
    assert!(output.status.success(), "{output:?}");
    let refused = async || {
        let page = get(server.admin, "/metrics").await.expect("a page").text();
        page.contains("gramsetu_programs_refused_total 1")
    };
    until("it is refused", refused).await;
    let told = |log: &str| log.contains("cannot be served by this node") && log.contains("department `pds`");
    until("it is said why", async || told(&server.log())).await;
    assert!(greeted(&server, 2).await.starts_with("Hello 1"));
    let version = kept(&menus(1)).version.to_string();
    assert_eq!(publish(&house, &["--version", &version]).await.0, Some(0));
    drop(server);

    // What is told to publish does, at its start.
    write(&menus(2), &house.path("menus1"));
    let mut command = house.command();
    command.arg("--publish");
    let server = Server::start(command).await;
    assert!(greeted(&server, 3).await.starts_with("Hello 2"));
}
