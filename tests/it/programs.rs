//! Programs by version: sessions finish on what they began with, new ones begin on what is published, wherever they are served.

mod demo;
mod published;
mod served;
mod sessions;

use gramsetu::menu;
use gramsetu::source::Files;
use gramsetu::store::KeptProgram;

/// Three screens that say which menus they are of. The second menu of even ones moves every number that a session holds.
pub(crate) fn menus(n: u8) -> Files {
    let mut files = Files::default();
    files.add("bridge.yaml", "languages: {en: English}\nussd: {\"*123#\": home}\n");
    let more = if n.is_multiple_of(2) { "  before: {end: Never}\n" } else { "" };
    let way = if n.is_multiple_of(2) { ", c: {label: Never, go: before}" } else { "" };
    let top = format!(
        "  top:\n    choose: Hello {n}\n    options: {{a: {{label: On, go: more}}, b: {{label: Out, go: bye}}{way}}}\n"
    );
    let rest = format!("  more: {{show: More {n}, next: bye}}\n  bye: {{end: Bye {n}}}\n");
    files.add("home.yaml", format!("menu: home\nstart: top\nscreens:\n{more}{top}{rest}"));
    files
}

pub(crate) fn kept(files: &Files) -> KeptProgram {
    KeptProgram { version: menu::version(files), files: menu::pack(files) }
}

/// The same in a folder.
pub(crate) fn write(files: &Files, into: &std::path::Path) {
    for (_, file) in files.iter() {
        let path = into.join(&file.path);
        std::fs::create_dir_all(path.parent().expect("below the folder")).expect("a folder");
        std::fs::write(path, file.text.as_bytes()).expect("written");
    }
}

/// Names the tests of sessions for an engine, as `contract!` does those of stores.
macro_rules! every_session {
    ($engine:expr; $($test:ident)*) => {
        $(
            #[tokio::test]
            async fn $test() {
                crate::programs::sessions::$test(&mut $engine).await;
            }
        )*
    };
    ($engine:expr) => {
        crate::programs::every_session! { $engine;
            a_session_finishes_on_what_it_began_with
            it_does_so_after_a_restart
            it_does_so_on_another_node
            a_dropped_session_is_offered_in_its_own_menus
            what_is_kept_no_more_or_damaged_begins_anew
            what_a_node_cannot_serve_is_refused_once
        }
    };
}
pub(crate) use every_session;

mod on_a_file {
    crate::programs::every_session!(crate::store_sqlite::Files::new());
}

mod on_postgres {
    crate::programs::every_session!(crate::store_postgres::Node::new().await);
}
