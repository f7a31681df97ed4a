//! The part of the contract that is about programs.

use gramsetu::menu::Version;
use gramsetu::store::{KeptProgram, PublishError, Published};

use super::{Engine, START, later};

fn program(byte: u8) -> KeptProgram {
    KeptProgram { version: Version([byte; 16]), files: vec![byte, 0, b'"', 0xff] }
}

pub(crate) async fn a_program_is_kept_under_its_version_and_the_last_published_counts(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    let programs = store.programs();
    assert_eq!(programs.published().await.expect("readable"), None);
    assert_eq!(programs.program(Version([1; 16])).await.expect("readable"), None);
    for (after, byte, at) in [(0, 1, later(1)), (1, 2, later(2)), (2, 1, later(3))] {
        let published = programs.publish(program(byte), after, at).await.expect("nothing came in between");
        assert_eq!(published, Published { number: after + 1, version: Version([byte; 16]), at });
        assert_eq!(programs.published().await.expect("readable"), Some(published));
    }
    assert_eq!(programs.program(Version([2; 16])).await.expect("readable"), Some(program(2)), "sessions may need it");
    let history = programs.history(2).await.expect("readable");
    assert_eq!(history.iter().map(|published| published.number).collect::<Vec<_>>(), [3, 2]);

    engine.kill();
    let store = engine.open(later(4)).await;
    assert_eq!(store.programs().history(9).await.expect("readable").len(), 3);
    assert_eq!(store.programs().program(Version([1; 16])).await.expect("readable"), Some(program(1)));
}

pub(crate) async fn of_two_that_publish_at_once_the_second_is_told(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    let programs = store.programs();
    let (one, two) = tokio::join!(programs.publish(program(1), 0, START), programs.publish(program(2), 0, later(1)));
    let (won, lost) = if one.is_ok() { (one, two) } else { (two, one) };
    let won = won.expect("one of them stands");
    assert!(matches!(lost, Err(PublishError::Overtaken(Some(published))) if published == won));
    assert_eq!(programs.history(9).await.expect("readable"), [won]);
    programs.publish(program(3), 1, later(2)).await.expect("it has seen what came in between");
}
