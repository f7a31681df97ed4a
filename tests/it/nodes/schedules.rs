//! The law: whatever comes to which node and however it is delayed, the replies and the bookings are those of one node that
//! served the same callbacks one after the other, in some order.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use proptest::prelude::*;

use super::{Node, Nodes, program};

/// What may come once a cylinder can be booked. The first books, the second says no, the third was answered before; then
/// somebody dials again.
const CALLBACKS: [(&str, &str); 4] = [("ATUid_1", "3*1*1"), ("ATUid_1", "3*1*2"), ("ATUid_1", "3*1"), ("ATUid_2", "")];

/// Replies by callback, in the order in which those were sent; calls that the department heard of, and bookings.
type Outcome = (Vec<String>, (u64, u64));

async fn send(node: &Node, callback: usize) -> String {
    let (id, text) = CALLBACKS[callback];
    node.dialogue(id, text).await
}

/// Both nodes at once.
async fn raced(sent: &[(usize, bool)], chaos: u64) -> Outcome {
    let nodes = Nodes::with(&program(), Some(chaos)).await;
    nodes.before_booking().await;
    let tasks = sent.iter().map(|(callback, at_a)| {
        let (node, callback) = (if *at_a { nodes.a.clone() } else { nodes.b.clone() }, *callback);
        tokio::spawn(async move { send(&node, callback).await })
    });
    let mut replies = Vec::new();
    for task in tasks.collect::<Vec<_>>() {
        replies.push(task.await.expect("it is served"));
    }
    (replies, nodes.booked())
}

/// One node, one after the other. What has been played once is remembered.
async fn model(order: &[usize]) -> Outcome {
    static PLAYED: Mutex<Option<HashMap<Vec<usize>, Outcome>>> = Mutex::new(None);
    let played = || PLAYED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = played().get_or_insert_default().get(order) {
        return known.clone();
    }
    let nodes = Nodes::with(&program(), None).await;
    nodes.before_booking().await;
    let mut replies = Vec::new();
    for callback in order {
        replies.push(send(&nodes.a, *callback).await);
    }
    let outcome = (replies, nodes.booked());
    played().get_or_insert_default().insert(order.to_vec(), outcome.clone());
    outcome
}

/// Every order of so many things.
fn orders(of: usize) -> Vec<Vec<usize>> {
    let mut orders = vec![Vec::new()];
    for n in 0..of {
        let insert = |order: Vec<usize>| {
            (0..=order.len()).map(move |at| {
                let mut longer = order.clone();
                longer.insert(at, n);
                longer
            })
        };
        orders = orders.into_iter().flat_map(insert).collect();
    }
    orders
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn two_nodes_answer_as_one_in_some_order(
        sent in proptest::collection::vec((0..CALLBACKS.len(), any::<bool>()), 2..=4),
        chaos: u64,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let (replies, booked) = raced(&sent, chaos).await;
            let mut explained = false;
            for order in orders(sent.len()) {
                let callbacks: Vec<usize> = order.iter().map(|at| sent[*at].0).collect();
                let (expected, then_booked) = model(&callbacks).await;
                explained |= booked == then_booked && order.iter().zip(&expected).all(|(at, reply)| replies[*at] == *reply);
            }
            prop_assert!(explained, "{sent:?} in no order gives {replies:#?} and {booked:?}");
            prop_assert!(booked.1 <= 1, "booked twice");
            Ok(())
        })?;
    }
}
