//! More connections than the system lets the program have.

use std::process::Command;

use tokio::net::TcpStream;

use crate::server::{House, Server, get, pause, until};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_out_of_descriptors_says_so_once_and_goes_on_when_it_has_some() {
    let house = House::new("").await;
    let plain = house.command();
    let mut command = Command::new("sh");
    house.prepare(&mut command);
    command.args(["-c", "ulimit -n 64; exec \"$0\" \"$@\""]).arg(plain.get_program()).args(plain.get_args());
    let server = Server::start(command).await;
    let mut crowd = Vec::new();
    for _ in 0..80 {
        crowd.push(TcpStream::connect(server.hooks).await.expect("the system queues it"));
    }
    let refused = || server.log().matches("accepted; they wait").count();
    until("it has none left", async || refused() > 0).await;
    for _ in 0..50 {
        pause().await;
    }
    assert_eq!(refused(), 1, "{}", server.log());
    drop(crowd);
    let hooks = server.hooks;
    until("it serves again", async || get(hooks, "/health").await.is_ok_and(|heard| heard.status == 200)).await;
}
