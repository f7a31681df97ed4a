//! The system calls of the real program, as `strace` sees them: between the last byte of a callback and the first of its
//! reply, something is written to the write-ahead log and a sync of it completes.

use std::collections::HashMap;
use std::process::Command;

use tokio::task::JoinSet;

use crate::phones::{profile, wire};
use crate::server::{GATEWAYS, House, NO_RATES, Server, until};
use crate::walk::Walker;

/// One system call. Lines of the trace stand in the order in which the kernel stopped for them: a call that is shown in two
/// parts began at one line and ended at another.
#[derive(Debug)]
struct Call {
    thread: String,
    name: String,
    /// What its first argument, a file descriptor, stands for: `/path/gramsetu.db-wal`, `TCP:[local->remote]`.
    file: String,
    /// Its arguments as they were shown at its end.
    said: String,
    began: usize,
    ended: usize,
    result: i64,
}

/// Reads a trace that was written with `-f -yy`.
fn calls(trace: &str) -> Vec<Call> {
    let mut under_way: HashMap<String, (String, String, usize)> = HashMap::new();
    let mut calls = Vec::new();
    for (at, line) in trace.lines().enumerate() {
        let Some((thread, rest)) = line.split_once(' ') else { continue };
        let rest = rest.trim_start();
        let rest = rest.trim_start();
        let file = |rest: &str| {
            let (_, file) = rest.split_once('<').unwrap_or_default();
            // A connection's own arrow is within its brackets.
            let end = if file.starts_with("TCP") { "]>" } else { ">" };
            file.split(end).next().unwrap_or_default().to_owned()
        };
        let result = |rest: &str| {
            let (_, result) = rest.rsplit_once(" = ")?;
            result.split(' ').next()?.parse().ok()
        };
        if let Some(resumed) = rest.strip_prefix("<... ") {
            let Some((name, file, began)) = under_way.remove(thread) else { continue };
            let Some(result) = result(resumed) else { continue };
            let said = resumed.split_once("resumed>").unwrap_or_default().1.to_owned();
            calls.push(Call { thread: thread.to_owned(), name, file, said, began, ended: at, result });
        } else if let Some((name, arguments)) = rest.split_once('(') {
            if rest.ends_with("<unfinished ...>") {
                under_way.insert(thread.to_owned(), (name.to_owned(), file(arguments), at));
            } else if let Some(result) = result(rest) {
                let (thread, name, said) = (thread.to_owned(), name.to_owned(), arguments.to_owned());
                calls.push(Call { thread, name, file: file(arguments), said, began: at, ended: at, result });
            }
        }
    }
    calls
}

/// A callback and its reply, as lines of the trace.
#[derive(Debug)]
struct Exchange {
    received: usize,
    replied: usize,
}

fn exchanges(calls: &[Call], port: u16) -> Vec<Exchange> {
    let ours = format!("TCP:[127.0.0.1:{port}->");
    let mut requests: HashMap<&str, (bool, usize)> = HashMap::new();
    let mut exchanges = Vec::new();
    // By their ends: a call's data are there when it ends.
    let mut by_end: Vec<&Call> = calls.iter().filter(|call| call.file.starts_with(&ours) && call.result > 0).collect();
    by_end.sort_by_key(|call| call.ended);
    for call in by_end {
        if matches!(call.name.as_str(), "recvfrom" | "read" | "readv" | "recvmsg") {
            let begins = call.said.contains("/hooks/");
            let request = requests.entry(&call.file).or_insert((begins, call.ended));
            *request = (request.0 || begins, call.ended);
        } else if let Some((true, received)) = requests.remove(call.file.as_str()) {
            exchanges.push(Exchange { received, replied: call.began });
        }
    }
    exchanges
}

/// Where a thread began to write to the log, and where the sync of it that the same thread made had completed.
fn syncs(calls: &[Call]) -> Vec<(usize, usize)> {
    let mut written: HashMap<&str, usize> = HashMap::new();
    let mut syncs = Vec::new();
    for call in calls.iter().filter(|call| call.file.ends_with(".db-wal")) {
        match call.name.as_str() {
            "pwrite64" => _ = written.entry(&call.thread).or_insert(call.began),
            "fsync" | "fdatasync" if call.result == 0 => {
                syncs.extend(written.remove(call.thread.as_str()).map(|written| (written, call.ended)));
            }
            _ => {}
        }
    }
    syncs
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sync_completes_between_a_callback_and_its_reply() {
    const TURNS: usize = 12;

    let house = House::new(NO_RATES).await;
    let trace = house.path("trace");
    let plain = house.command();
    let mut command = Command::new("strace");
    let version = command.arg("-V").output();
    assert!(version.is_ok(), "strace is missing, without which nothing is proved here: ./test installs it");
    let mut command = Command::new("strace");
    house.prepare(&mut command);
    // -D: the tracer stands aside, so that our child is the program itself.
    command.args(["-D", "-f", "--seccomp-bpf", "-yy", "-s", "48", "-e"]);
    command.arg("trace=fsync,fdatasync,pwrite64,read,readv,recvfrom,recvmsg,write,writev,sendto,sendmsg");
    command.arg("-o").arg(&trace).arg(plain.get_program()).args(plain.get_args());
    let server = Server::start(command).await;
    let (port, id) = (server.hooks.port(), server.id());

    let mut walking = JoinSet::new();
    for (n, name) in GATEWAYS.iter().cycle().take(2 * GATEWAYS.len()).enumerate() {
        let wire = wire(&server);
        let mut walker = Walker::new(&profile(name), &format!("+91981{n:07}"), n as u128);
        walking.spawn(async move {
            for _ in 0..TURNS {
                walker.step(&wire).await.expect("nothing interrupts it");
            }
        });
    }
    walking.join_all().await;
    server.terminate();
    let (status, log) = server.finished().await;
    assert_eq!(status.code(), Some(0), "{log}");
    // strace sets process ids to the left of a column of five.
    let end = format!("{id:<5} +++ exited with 0 +++");
    let read = || String::from_utf8_lossy(&std::fs::read(&trace).expect("a trace")).into_owned();
    until("the trace is complete", async || read().contains(&end)).await;

    let calls = calls(&read());
    let (exchanges, syncs) = (exchanges(&calls, port), syncs(&calls));
    assert_eq!(exchanges.len(), TURNS * 2 * GATEWAYS.len(), "every turn is in the trace");
    for Exchange { received, replied } in &exchanges {
        let durable = syncs.iter().any(|(written, synced)| received < written && synced < replied);
        assert!(durable, "received at line {received}, replied at line {replied}, with no sync between them");
    }
    println!("{} replies after {} syncs of batches", exchanges.len(), syncs.len());
}

#[test]
fn calls_in_two_parts_are_put_together() {
    let trace = r#"11    recvfrom(18<TCP:[127.0.0.1:1->127.0.0.1:2]>,  <unfinished ...>
12 fsync(12</tmp/x.db-wal> <unfinished ...>
11 <... recvfrom resumed>"POST /hooks/a"..., 8192, 0, NULL, NULL) = 239
11 recvfrom(18<TCP:[127.0.0.1:1->127.0.0.1:2]>, 0x7f, 128, 0, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)
12 <... fsync resumed>)              = 0
13 pwrite64(12</tmp/x.db-wal>, "\r"..., 4096, 56) = 4096
13 fsync(12</tmp/x.db-wal>)       = 0
11 writev(18<TCP:[127.0.0.1:1->127.0.0.1:2]>, [{iov_base="HTTP/1.1 200"..., iov_len=1}], 1) = 303
"#;
    let calls = calls(trace);
    let exchanges = exchanges(&calls, 1);
    assert_eq!(exchanges.iter().map(|e| (e.received, e.replied)).collect::<Vec<_>>(), [(2, 7)]);
    assert_eq!(syncs(&calls), [(5, 6)], "a sync of what another thread wrote does not count");
}
