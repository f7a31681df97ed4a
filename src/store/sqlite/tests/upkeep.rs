//! Folding, trimming and forgetting.

use super::*;

async fn keep_up(engine: &mut Sqlite, now: Timestamp) {
    while engine.tidy(now).await.expect("tidied") {}
}

#[tokio::test]
async fn the_journal_is_trimmed_as_far_as_nobody_needs_it() {
    let folder = folder();
    let (mut engine, reader) = engine(&folder).await;
    for number in 1..=5 {
        engine.write(vec![turn(1, number, vec![1])]).await;
    }
    engine.write(vec![turn(2, 1, vec![2])]).await;
    keep_up(&mut engine, NOW).await;
    assert_eq!(number(&mut engine.connection, "SELECT min(seq) FROM journal").await, 5, "four were replaced");

    engine.options.tail = 1;
    keep_up(&mut engine, NOW).await;
    assert_eq!(
        number(&mut engine.connection, "SELECT count(*) FROM journal").await,
        1,
        "the longer is folded, idle or not"
    );
    assert_eq!(number(&mut engine.connection, "SELECT count(*) FROM runs").await, 1);
    assert_eq!(reader.live(), 1);

    let later = after(Duration::from_secs(601));
    keep_up(&mut engine, later).await;
    for table in ["SELECT count(*) FROM journal", "SELECT count(*) FROM runs", "SELECT count(*) FROM blocks"] {
        assert_eq!(number(&mut engine.connection, table).await, 0, "{table}");
    }
    assert_eq!(reader.live(), 0);

    let outcome = engine.write(vec![turn(1, 1, vec![1])]).await;
    assert!(outcome.iter().all(Result::is_ok), "{outcome:?}");
    assert_eq!(number(&mut engine.connection, "SELECT seq FROM journal").await, 7, "rows are numbered on");
}

#[tokio::test]
async fn journeys_are_there_from_the_first_moment_and_stay_when_their_turns_go() {
    let folder = folder();
    let (mut engine, _reader) = engine(&folder).await;
    let all = "SELECT count(*) FROM journeys";
    for turns in 1..=3 {
        let journeys = vec![journey(NOW), journey(after(Duration::from_secs(turns)))];
        engine.write(vec![Commit { journeys, ..turn(1, turns, vec![1]) }, turn(2, turns, vec![2])]).await;
        assert_eq!(number(&mut engine.connection, all).await, 2 * turns.cast_signed());
        keep_up(&mut engine, NOW).await;
        assert_eq!(number(&mut engine.connection, "SELECT count(*) FROM journal").await, 1);
        assert_eq!(number(&mut engine.connection, all).await, 2 * turns.cast_signed());
    }
    let later = after(Duration::from_secs(601));
    keep_up(&mut engine, later).await;
    assert_eq!(number(&mut engine.connection, "SELECT count(*) FROM journal").await, 0);
    engine.close().await.expect("closed");
    let (mut engine, _reader) = self::engine(&folder).await;
    engine.write(vec![Commit { journeys: vec![journey(NOW)], ..turn(1, 1, vec![1]) }]).await;
    keep_up(&mut engine, later).await;
    assert_eq!(number(&mut engine.connection, "SELECT count(*) FROM journal").await, 0);
    assert_eq!(number(&mut engine.connection, all).await, 7, "rows are numbered on");
}

#[tokio::test]
async fn many_are_folded_in_blocks_and_found_by_subscriber_and_by_leg() {
    let folder = folder();
    let (mut engine, reader) = engine(&folder).await;
    for part in 0..10 {
        let batch = (100 * part..100 * part + 100).map(|subscriber| turn(subscriber, 1, vec![1])).collect();
        engine.write(batch).await;
    }
    (engine.options.idle, engine.options.run) = (Duration::ZERO, 1);
    keep_up(&mut engine, NOW).await;
    assert_eq!(reader.live(), 0);
    assert_eq!(number(&mut engine.connection, "SELECT count(*) FROM runs").await, 1);
    assert_eq!(number(&mut engine.connection, "SELECT count(*) FROM blocks").await, 125);
    engine.close().await.expect("closed");

    let (mut engine, reader) = self::engine(&folder).await;
    for subscriber in 0..1000 {
        for lookup in [Lookup::Subscriber(hash(subscriber)), Lookup::Leg(hash(subscriber + 1000))] {
            let found = reader.conversation(lookup, NOW).await.expect("readable").expect("it is folded");
            assert_eq!((found.subscriber, found.turn), (hash(subscriber), 1));
        }
    }
    let stale = engine.write((0..50).map(|subscriber| turn(subscriber, 1, vec![2])).collect()).await;
    assert!(stale.iter().all(|outcome| matches!(outcome, Err(CommitError::Lost(winner)) if winner.sealed == [1])));
    keep_up(&mut engine, after(Duration::from_secs(601))).await;
    assert_eq!(number(&mut engine.connection, "SELECT count(*) FROM blocks").await, 0);
}

/// One piece of upkeep after each batch, as under load: none of it may wait for a quiet moment.
#[tokio::test]
async fn upkeep_keeps_pace_with_ever_new_subscribers() {
    for (size, tail, batches) in [(1_u64, 128, 400_u64), (32, 256, 300), (512, 2048, 40)] {
        let folder = folder();
        let (mut engine, _reader) = engine(&folder).await;
        engine.options.tail = tail;
        let size_of = usize::try_from(size).expect("small");
        for batch in 0..batches {
            let now = after(Duration::from_secs(5 * batch));
            let new = |place: u64| {
                let mut commit = turn((size * batch + place).into(), 1, vec![1]);
                if let Some(TurnRecord { conversation, .. }) = &mut commit.turn {
                    (conversation.at, conversation.expires) = (now, now.plus(Duration::from_mins(10)));
                }
                commit
            };
            let outcomes = engine.write((0..size).map(new).collect()).await;
            assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
            engine.tidy(now).await.expect("tidied");

            let rows = number(&mut engine.connection, "SELECT count(*) FROM journal").await;
            let bound = 2 * tail / size_of + 40;
            assert!(rows <= i64::try_from(bound).expect("small"), "{rows} rows after {batch} batches of {size}");
            // Each took a quarter of the journal, and goes when it has expired, after 120 batches.
            let runs = number(&mut engine.connection, "SELECT count(*) FROM runs").await;
            let bound = 120 * size_of / (tail / 4) + 3;
            assert!(runs <= i64::try_from(bound).expect("small"), "{runs} runs after {batch} batches of {size}");
            assert!(engine.low + rows == engine.next, "rows are in a row");
        }
        let last = size * batches - 1;
        engine.close().await.expect("closed");
        let (_engine, reader) = self::engine(&folder).await;
        let now = after(Duration::from_secs(5 * batches));
        for back in 0..size * 30 {
            let found = reader.conversation(Lookup::Subscriber(hash((last - back).into())), now).await;
            assert!(found.expect("readable").is_some(), "{back} from the last");
        }
    }
}

#[tokio::test]
async fn blocks_of_a_run_that_never_came_to_its_end_go_at_the_next_start() {
    let folder = folder();
    let (mut engine, _reader) = engine(&folder).await;
    engine.write((0..1000).map(|subscriber| turn(subscriber, 1, vec![1])).collect()).await;
    (engine.options.idle, engine.options.run) = (Duration::ZERO, 1);
    assert!(engine.tidy(NOW).await.expect("tidied"));
    let blocks = "SELECT count(*) FROM blocks";
    assert_eq!(number(&mut engine.connection, blocks).await, 64, "half of them");
    engine.close().await.expect("closed");
    let (mut engine, reader) = self::engine(&folder).await;
    assert_eq!(number(&mut engine.connection, blocks).await, 0);
    assert_eq!(reader.live(), 1000);

    (engine.options.idle, engine.options.run) = (Duration::ZERO, 1);
    keep_up(&mut engine, NOW).await;
    engine.close().await.expect("closed");
    let (mut engine, _reader) = self::engine(&folder).await;
    assert_eq!(number(&mut engine.connection, blocks).await, 125, "those of a run stay");
}

/// Four of its blocks as one, as they once were.
#[tokio::test]
async fn a_run_of_larger_blocks_is_read_beside_others() {
    let folder = folder();
    let (mut engine, _reader) = engine(&folder).await;
    engine.write((0..60).map(|subscriber| turn(subscriber, 1, vec![1])).collect()).await;
    (engine.options.idle, engine.options.run) = (Duration::ZERO, 1);
    keep_up(&mut engine, NOW).await;
    let former: Vec<(i64, Vec<u8>)> = sqlx::query_as("SELECT number, conversations FROM blocks ORDER BY number")
        .fetch_all(&mut engine.connection)
        .await
        .expect("blocks");
    let undo =
        "DELETE FROM blocks; ALTER TABLE runs DROP COLUMN per_block; DELETE FROM _sqlx_migrations WHERE version = 7";
    sqlx::raw_sql(undo).execute(&mut engine.connection).await.expect("as it was");
    for (number, four) in (former[0].0..).zip(former.chunks(4)) {
        let [version, ..] = four[0].1[..] else { panic!("{four:?}") };
        let turns = four.iter().flat_map(|(_, block)| &block[1..]).copied();
        let block: Vec<u8> = std::iter::once(version).chain(turns).collect();
        let keep = sqlx::query("INSERT INTO blocks VALUES (?, ?)").bind(number).bind(block);
        keep.execute(&mut engine.connection).await.expect("kept");
    }
    engine.close().await.expect("closed");

    let (mut engine, reader) = self::engine(&folder).await;
    engine.write((60..120).map(|subscriber| turn(subscriber, 1, vec![1])).collect()).await;
    (engine.options.idle, engine.options.run) = (Duration::ZERO, 1);
    keep_up(&mut engine, NOW).await;
    assert_eq!(reader.live(), 0);
    let blocks = "SELECT group_concat(per_block || ' from ' || first, ', ') FROM (SELECT * FROM runs ORDER BY first)";
    let blocks: String = sqlx::query_scalar(blocks).fetch_one(&mut engine.connection).await.expect("runs");
    assert_eq!(blocks, "32 from 1, 8 from 3");
    for subscriber in 0..120 {
        let found = reader.conversation(Lookup::Subscriber(hash(subscriber)), NOW).await.expect("readable");
        assert_eq!(found.map(|found| found.subscriber), Some(hash(subscriber)));
    }
}

/// Which goes only as a whole: nobody in it is kept much longer than is said.
#[tokio::test]
async fn a_run_is_of_one_hour() {
    let folder = folder();
    let (mut engine, reader) = engine(&folder).await;
    let (hour, day) = (Duration::from_hours(1), Duration::from_hours(24));
    for hours in 0..4 {
        let mut commit = turn(hours.into(), 1, vec![1]);
        if let Some(TurnRecord { conversation, .. }) = &mut commit.turn {
            (conversation.at, conversation.expires) = (after(hour * hours), after(hour * hours + day));
        }
        engine.write(vec![commit]).await;
    }
    (engine.options.idle, engine.options.run) = (Duration::ZERO, 1);
    keep_up(&mut engine, after(hour * 4)).await;
    assert_eq!((number(&mut engine.connection, "SELECT count(*) FROM runs").await, reader.live()), (2, 0));
    keep_up(&mut engine, after(day + hour + hour / 2)).await;
    assert_eq!(number(&mut engine.connection, "SELECT count(*) FROM runs").await, 1);
}

#[tokio::test]
async fn an_empty_journal_begins_where_it_goes_on() {
    let folder = folder();
    let (mut engine, _reader) = engine(&folder).await;
    let later = after(Duration::from_secs(601));
    for number in 1..=100 {
        engine.write(vec![Commit { journeys: vec![journey(NOW)], ..turn(1, number, vec![1]) }]).await;
    }
    keep_up(&mut engine, later).await;
    engine.close().await.expect("closed");
    let (mut engine, _reader) = self::engine(&folder).await;
    assert_eq!((engine.low, engine.next), (101, 101));
    assert!(!engine.tidy(later).await.expect("tidied"), "there is nothing to be trimmed");
}

#[tokio::test]
async fn turns_and_journeys_that_come_while_a_run_is_written_are_kept() {
    let folder = folder();
    let (mut engine, reader) = engine(&folder).await;
    let all = |number| (0..1000).map(|subscriber| turn(subscriber, number, vec![1])).collect::<Vec<_>>();
    engine.write(all(1)).await;
    (engine.options.idle, engine.options.run) = (Duration::ZERO, 1);
    let mut number_of_turns = 1;
    for pieces in 0..2 {
        assert!(engine.tidy(NOW).await.expect("tidied"), "piece {pieces}");
        if pieces == 0 {
            number_of_turns += 1;
            let outcomes = engine.write(all(number_of_turns).into_iter().take(10).collect()).await;
            assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
        }
    }
    engine.options.run = usize::MAX;
    keep_up(&mut engine, NOW).await;
    assert_eq!(reader.live(), 10, "they had a later turn");
    engine.close().await.expect("closed");
    let (_engine, reader) = self::engine(&folder).await;
    for subscriber in 0..1000 {
        let found = reader.conversation(Lookup::Subscriber(hash(subscriber)), NOW).await.expect("readable");
        assert_eq!(found.map(|found| found.turn), Some(if subscriber < 10 { 2 } else { 1 }), "{subscriber}");
    }
}

#[tokio::test]
async fn a_damaged_block_fails_whoever_is_in_it_alone() {
    let folder = folder();
    let (mut engine, reader) = engine(&folder).await;
    engine.write((0..64).map(|subscriber| turn(subscriber, 1, vec![1])).collect()).await;
    (engine.options.idle, engine.options.run) = (Duration::ZERO, 1);
    keep_up(&mut engine, NOW).await;
    let damage = "UPDATE blocks SET conversations = x'02' WHERE number = (SELECT min(number) FROM blocks)";
    sqlx::query(damage).execute(&mut engine.connection).await.expect("damaged");

    let outcomes = engine.write((0..100).map(|subscriber| turn(subscriber, 2, vec![2])).collect()).await;
    assert_eq!(outcomes.len(), 100);
    let is_damaged = |subscriber: &u128| engine.live.read().expect("no panic").last(hash(*subscriber)).is_none();
    let damaged: Vec<_> = (0..100).filter(is_damaged).collect();
    assert_eq!(damaged.len(), 8, "of those that were folded, an eighth");
    for (subscriber, outcome) in (0..100).zip(outcomes) {
        assert_eq!(outcome.is_err(), damaged.contains(&subscriber), "{subscriber}: {outcome:?}");
        let found = reader.conversation(Lookup::Subscriber(hash(subscriber)), NOW).await;
        assert_eq!(found.map(|found| found.map(|found| found.turn)).ok(), outcome.ok().map(|()| Some(2)));
    }
}
