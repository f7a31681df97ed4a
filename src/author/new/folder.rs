//! `gramsetu new folder`: a folder of menus with all that it needs: a door, the bridge's own words, and a first menu in two
//! languages with its conversations. The words are those of the shipped menus.

/// Paths and texts. The folder passes `check` and `play` as it is.
pub const FOLDER: [(&str, &str); 6] = [
    ("bridge.yaml", include_str!("folder/bridge.yaml")),
    ("system.yaml", include_str!("../../../menus/system.yaml")),
    ("system.hi.yaml", include_str!("../../../menus/system.hi.yaml")),
    ("home.yaml", include_str!("folder/home.yaml")),
    ("home.hi.yaml", include_str!("folder/home.hi.yaml")),
    ("home.dialogue", include_str!("folder/home.dialogue")),
];
