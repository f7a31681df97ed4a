use proptest::prelude::*;

use super::*;

/// Up to twelve nodes with any arrows between them.
fn arrows() -> impl Strategy<Value = Arrows> {
    (1_usize..12)
        .prop_flat_map(|nodes| prop::collection::vec(prop::collection::vec(0..nodes, 0..4), nodes).prop_map(Arrows))
}

proptest! {
    #[test]
    fn a_component_is_what_leads_to_each_other(arrows in arrows()) {
        let components = arrows.components();
        let mut all: Vec<Node> = components.concat();
        all.sort_unstable();
        prop_assert_eq!(all, (0..arrows.0.len()).collect::<Vec<_>>());
        for (a, b) in (0..arrows.0.len()).flat_map(|a| (0..arrows.0.len()).map(move |b| (a, b))) {
            let together = components.iter().any(|component| component.contains(&a) && component.contains(&b));
            prop_assert_eq!(together, arrows.reach([a])[b] && arrows.reach([b])[a]);
        }
    }

    #[test]
    fn a_loop_is_found_where_there_is_one(arrows in arrows()) {
        for node in 0..arrows.0.len() {
            let comes_back = arrows.reach(arrows.0[node].iter().copied())[node];
            let found = arrows.loop_through(node);
            prop_assert_eq!(found.is_some(), comes_back);
            for step in found.iter().flat_map(|found| found.windows(2)) {
                prop_assert!(arrows.0[step[0]].contains(&step[1]));
            }
            if let Some(found) = found {
                prop_assert_eq!((found.first(), found.last()), (Some(&node), Some(&node)));
            }
        }
    }

    #[test]
    fn whoever_is_left_later_leads_back_only_within_a_loop(arrows in arrows()) {
        let order = arrows.leaving_order([0]);
        let reached = arrows.reach([0]);
        prop_assert_eq!(order.len(), reached.iter().filter(|reached| **reached).count());
        for (at, node) in order.iter().enumerate() {
            for head in &arrows.0[*node] {
                let left_before = order[..at].contains(head);
                prop_assert!(left_before || arrows.reach([*head])[*node]);
            }
        }
    }
}
