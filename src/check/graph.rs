//! One graph of a program: a node for every screen, a way for every target that a screen may lead to.
//!
//! The proofs differ in which ways they follow; each takes its own [`Arrows`] from the graph and asks those.

use std::collections::{BTreeSet, VecDeque};

use crate::menu::{Among, ChoiceOption, MenuId, Position, Program, Rows, Screen, ScreenId, Target, Verb};

/// A screen's number among all screens of the program, in the order of menus and screens.
pub(super) type Node = usize;

/// Where a way out of a screen leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leads {
    /// To a screen of the same menu.
    To(Node),
    /// To another menu's start, for good.
    Jump(Node),
    /// To the home menu's start.
    Home(Node),
    /// To the start of a menu that is run.
    Into(Node),
    Back,
    Return,
    Sorry,
}

/// One way out of a screen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    pub(super) leads: Leads,
    /// Whether a person has seen the screen and answered. An empty list goes where `none` says without that.
    pub(super) answered: bool,
    /// The menu that must have come back before this way is taken: what stands after a `run`.
    pub(super) after: Option<MenuId>,
}

impl Way {
    /// The screen that stands at its other end.
    pub(super) fn head(self) -> Option<Node> {
        match self.leads {
            Leads::To(node) | Leads::Jump(node) | Leads::Home(node) | Leads::Into(node) => Some(node),
            Leads::Back | Leads::Return | Leads::Sorry => None,
        }
    }
}

#[derive(Debug)]
pub(super) struct Graph<'p> {
    pub(super) program: &'p Program,
    positions: Vec<Position>,
    /// The node of each menu's first screen.
    offsets: Vec<Node>,
    ways: Vec<Vec<Way>>,
    /// From each screen to those that lead to it, `home` apart: going home begins anew.
    behind: Arrows,
    /// By node: whether any screen with a person comes before it.
    has_people_before: Vec<bool>,
}

impl<'p> Graph<'p> {
    pub(super) fn new(program: &'p Program) -> Self {
        let mut graph = Self {
            program,
            positions: Vec::new(),
            offsets: Vec::new(),
            ways: Vec::new(),
            behind: Arrows(Vec::new()),
            has_people_before: Vec::new(),
        };
        for (menu, declared) in (0..).map(MenuId).zip(&program.menus) {
            graph.offsets.push(graph.positions.len());
            let screens = (0..).map(ScreenId).take(declared.screens.len());
            graph.positions.extend(screens.map(|screen| Position { menu, screen }));
        }
        graph.ways = graph.positions.iter().map(|at| graph.ways_out_of(*at)).collect();
        let forward = graph.arrows(|_, way| if matches!(way.leads, Leads::Home(_)) { None } else { way.head() });
        graph.behind = forward.reversed();
        let seen = graph.nodes().filter(|node| graph.has_a_person(*node));
        graph.has_people_before = forward.reach(seen.flat_map(|node| forward.0[node].iter().copied()));
        graph
    }

    pub(super) fn nodes(&self) -> std::ops::Range<Node> {
        0..self.positions.len()
    }

    pub(super) fn node(&self, at: Position) -> Node {
        self.offsets[at.menu.index()] + at.screen.index()
    }

    pub(super) fn position(&self, node: Node) -> Position {
        self.positions[node]
    }

    pub(super) fn menu_of(&self, node: Node) -> MenuId {
        self.positions[node].menu
    }

    pub(super) fn screen(&self, node: Node) -> &'p Screen {
        self.program.screen(self.positions[node])
    }

    pub(super) fn start(&self, menu: MenuId) -> Node {
        self.node(Position { menu, screen: self.program.menu(menu).start })
    }

    /// The menus with which a dialogue may begin, each once; the home menu first.
    pub(super) fn entries(&self) -> Vec<MenuId> {
        let mut entries = Vec::new();
        for menu in self.program.entered() {
            if !entries.contains(&menu) {
                entries.push(menu);
            }
        }
        entries
    }

    /// `epfo.balance/list`: a screen as messages name it.
    pub(super) fn name(&self, node: Node) -> String {
        format!("{}/{}", self.program.menu(self.menu_of(node)).name, self.screen(node).name)
    }

    pub(super) fn ways(&self, node: Node) -> &[Way] {
        &self.ways[node]
    }

    /// Whether a person is asked or shown something on the screen.
    pub(super) fn has_a_person(&self, node: Node) -> bool {
        self.screen(node).verb.has_a_person()
    }

    /// The screens with a person from which `node` is reached without another person in between: those that `back` can
    /// mean. What stands after a `run` is taken to follow the screens before the `run`.
    pub(super) fn people_before(&self, node: Node) -> Vec<Node> {
        let mut seen = BTreeSet::new();
        let mut open = self.behind.0[node].clone();
        while let Some(node) = open.pop() {
            if seen.insert(node) && !self.has_a_person(node) {
                open.extend(&self.behind.0[node]);
            }
        }
        seen.retain(|node| self.has_a_person(*node));
        seen.into_iter().collect()
    }

    /// Whether there are any of these: whoever comes after a person, however far, has one before.
    pub(super) fn has_people_before(&self, node: Node) -> bool {
        self.has_people_before[node]
    }

    /// The arrows that `follow` picks out of all ways.
    pub(super) fn arrows(&self, follow: impl Fn(Node, Way) -> Option<Node>) -> Arrows {
        let heads = |node: Node| self.ways[node].iter().filter_map(|way| follow(node, *way)).collect();
        Arrows(self.nodes().map(heads).collect())
    }

    /// Per menu, whether its start leads to a `return`, following only the ways that `follow` lets through and coming back
    /// from the menus that it runs only if they can return in the same manner.
    pub(super) fn returning(&self, follow: impl Fn(Node, Way) -> bool) -> Vec<bool> {
        let menus = self.program.menus.len();
        let mut returning = vec![false; menus];
        // Ways behind a `run` of a menu that is not known to return yet.
        let mut waiting: Vec<Vec<(MenuId, Leads)>> = vec![Vec::new(); menus];
        let mut seen = vec![false; self.positions.len()];
        let mut open: Vec<(MenuId, Leads)> =
            (0..).map(MenuId).take(menus).map(|menu| (menu, Leads::To(self.start(menu)))).collect();
        while let Some((menu, leads)) = open.pop() {
            match leads {
                Leads::To(node) if !std::mem::replace(&mut seen[node], true) => {
                    for way in self.ways[node].iter().filter(|way| follow(node, **way)) {
                        match way.after {
                            Some(run) if !returning[run.index()] => waiting[run.index()].push((menu, way.leads)),
                            _ => open.push((menu, way.leads)),
                        }
                    }
                }
                Leads::Return if !returning[menu.index()] => {
                    returning[menu.index()] = true;
                    open.append(&mut waiting[menu.index()]);
                }
                _ => {}
            }
        }
        returning
    }

    fn ways_out_of(&self, at: Position) -> Vec<Way> {
        let way = |target: Target, answered: bool| Way { leads: self.leads(at.menu, target), answered, after: None };
        let chosen = |options: &[ChoiceOption]| options.iter().map(|o| way(o.go, true)).collect::<Vec<_>>();
        let none = |rows: &Rows| rows.none.map(|target| way(target, false));
        match &self.program.screen(at).verb {
            Verb::Choose(choose) => match &choose.among {
                Among::Options(options) => chosen(options),
                Among::List { list, next, .. } => std::iter::once(way(*next, true)).chain(none(list)).collect(),
            },
            Verb::Ask(ask) => std::iter::once(ask.next).chain(ask.on_wrong).map(|target| way(target, true)).collect(),
            Verb::Show(show) => {
                let mut ways = chosen(&show.options);
                ways.extend(show.next.map(|target| way(target, true)));
                ways.extend(show.rows.as_ref().and_then(none));
                ways
            }
            Verb::End(_) => Vec::new(),
            Verb::Call(call) => std::iter::once(call.next)
                .chain(call.fails.iter().map(|(_, target)| *target))
                .map(|target| way(target, false))
                .collect(),
            Verb::Send(send) => vec![way(send.next, false)],
            // Who has been verified passes unasked, whose number is locked or can be sent nothing as well.
            Verb::Verify(verify) => vec![
                way(verify.next, false),
                way(verify.wrong, false),
                way(verify.expired, true),
                way(verify.unsent, false),
            ],
            Verb::Branch(arms) => arms.iter().map(|arm| way(arm.go, false)).collect(),
            Verb::Set(set) => vec![way(set.next, false)],
            Verb::Run(run) => {
                let into = Way { leads: Leads::Into(self.start(run.menu)), answered: false, after: None };
                vec![into, Way { after: Some(run.menu), ..way(run.next, false) }]
            }
        }
    }

    fn leads(&self, menu: MenuId, target: Target) -> Leads {
        match target {
            Target::Screen(screen) => Leads::To(self.node(Position { menu, screen })),
            Target::Menu(menu) => Leads::Jump(self.start(menu)),
            Target::Home => Leads::Home(self.start(self.program.home)),
            Target::Back => Leads::Back,
            Target::Return => Leads::Return,
            Target::Sorry => Leads::Sorry,
        }
    }
}

/// Plain arrows between nodes: what one proof follows.
#[derive(Debug)]
pub(super) struct Arrows(pub(super) Vec<Vec<Node>>);

impl Arrows {
    /// Which nodes can be reached from `seeds`, themselves included.
    pub(super) fn reach(&self, seeds: impl IntoIterator<Item = Node>) -> Vec<bool> {
        let mut reached = vec![false; self.0.len()];
        let mut open: Vec<Node> = seeds.into_iter().collect();
        while let Some(node) = open.pop() {
            if !std::mem::replace(&mut reached[node], true) {
                open.extend(&self.0[node]);
            }
        }
        reached
    }

    pub(super) fn reversed(&self) -> Self {
        let mut reversed = vec![Vec::new(); self.0.len()];
        for (tail, heads) in self.0.iter().enumerate() {
            for head in heads {
                reversed[*head].push(tail);
            }
        }
        Self(reversed)
    }

    /// Every node after all that it leads to, as far as loops allow: the order in which a walk in depth from `seeds` leaves
    /// the nodes. Nodes out of reach are not in it.
    pub(super) fn leaving_order(&self, seeds: impl IntoIterator<Item = Node>) -> Vec<Node> {
        let mut order = Vec::new();
        let mut entered = vec![false; self.0.len()];
        for seed in seeds {
            if std::mem::replace(&mut entered[seed], true) {
                continue;
            }
            // The walk keeps its own stack: a chain of thousands of screens must not be as many calls deep.
            let mut walk = vec![(seed, 0)];
            while let Some((node, next)) = walk.last_mut() {
                if let Some(head) = self.0[*node].get(*next) {
                    *next += 1;
                    if !std::mem::replace(&mut entered[*head], true) {
                        walk.push((*head, 0));
                    }
                } else {
                    order.push(*node);
                    walk.pop();
                }
            }
        }
        order
    }

    /// The strongly connected components (Kosaraju), each in ascending order, ordered by their first node.
    pub(super) fn components(&self) -> Vec<Vec<Node>> {
        let reversed = self.reversed();
        let mut taken = vec![false; self.0.len()];
        let mut components = Vec::new();
        for root in self.leaving_order(0..self.0.len()).into_iter().rev() {
            let mut component = Vec::new();
            let mut open = vec![root];
            while let Some(node) = open.pop() {
                if !std::mem::replace(&mut taken[node], true) {
                    component.push(node);
                    open.extend(&reversed.0[node]);
                }
            }
            if !component.is_empty() {
                component.sort_unstable();
                components.push(component);
            }
        }
        components.sort_unstable();
        components
    }

    /// A shortest way from `start` back to itself, `start` at both its ends.
    pub(super) fn loop_through(&self, start: Node) -> Option<Vec<Node>> {
        let mut came_from: Vec<Option<Node>> = vec![None; self.0.len()];
        let mut open = VecDeque::from([start]);
        while let Some(node) = open.pop_front() {
            for &head in &self.0[node] {
                if came_from[head].is_some() {
                    continue;
                }
                came_from[head] = Some(node);
                if head == start {
                    let mut back = vec![start];
                    let mut at = node;
                    while at != start {
                        back.push(at);
                        at = came_from[at]?;
                    }
                    back.push(start);
                    back.reverse();
                    return Some(back);
                }
                open.push_back(head);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests;
