//! `gramsetu schema`: what files look like, for editors.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum, ValueHint};
use serde_json::Value as Json;

use super::CommandError;
use crate::author::schema::{Dialect, any_of_a_folder, schema};
use crate::gateway;
use crate::menu::shapes;
use crate::settings::SETTINGS;

/// Print the JSON Schemas of the files that people write
///
/// Editors that know them complete keys, tell what a key means, and underline what has the wrong form. They see one file at a
/// time: what they accept `check` may still refuse. docs/authors.md shows the settings of an editor.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  gramsetu schema menu
  gramsetu schema --all .vscode/gramsetu")]
pub(super) struct Schema {
    /// The kind of file
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    kind: Option<Kind>,
    /// Write the schemas of all kinds into this folder, as `menu.json` and so on
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    all: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Any YAML file of a menus folder: which kind it is, is told by its keys
    Any,
    /// A menu
    Menu,
    /// A menu's translation, `claim.hi.yaml`
    Translation,
    /// bridge.yaml
    Bridge,
    /// system.yaml
    System,
    /// A translation of system.yaml, `system.hi.yaml`
    SystemTranslation,
    /// A department's operations, `departments/epfo.yaml`
    Department,
    /// What is sent as SMS, `messages/epfo.yaml`
    Messages,
    /// Answers that stand in for a department, `departments/epfo.sandbox.yaml`
    Sandbox,
    /// A gateway's profile, `gateways/crossgate.yaml`
    Gateway,
    /// gramsetu.toml
    Settings,
}

impl Kind {
    fn schema(self) -> Json {
        let map = match self {
            Self::Any => return any_of_a_folder(),
            Self::Settings => return schema(&SETTINGS, Dialect::Toml),
            Self::Menu => &shapes::MENU,
            Self::Translation => &shapes::TRANSLATION,
            Self::Bridge => &shapes::BRIDGE,
            Self::System => &shapes::SYSTEM,
            Self::SystemTranslation => &shapes::SYSTEM_TRANSLATION,
            Self::Department => &shapes::DEPARTMENT,
            Self::Messages => &shapes::MESSAGES,
            Self::Sandbox => &shapes::SANDBOX,
            Self::Gateway => &gateway::shapes::PROFILE,
        };
        schema(map, Dialect::Yaml)
    }
}

impl Schema {
    pub(super) fn run(self) -> Result<ExitCode, CommandError> {
        if let Some(kind) = self.kind {
            super::out::print(format!("{:#}\n", kind.schema()), "the schema")?;
        }
        if let Some(folder) = &self.all {
            write_all(folder)?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn write_all(folder: &Path) -> Result<(), CommandError> {
    let cannot = |path: &Path| CommandError::io(format!("writing `{}`", path.display()));
    std::fs::create_dir_all(folder).map_err(cannot(folder))?;
    for kind in Kind::value_variants() {
        let Some(name) = kind.to_possible_value() else { continue };
        let path = folder.join(format!("{}.json", name.get_name()));
        std::fs::write(&path, format!("{:#}\n", kind.schema())).map_err(cannot(&path))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::author::schema::validator::Validator;

    fn refusal(text: &str) -> Option<String> {
        let value: toml::Table = text.parse().expect("it is TOML");
        let json = serde_json::to_value(value).expect("it is JSON");
        Validator::new(&Kind::Settings.schema()).refuses(&json)
    }

    #[test]
    fn settings_that_are_shown_have_the_right_form_and_others_are_refused() {
        let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/operations.md"));
        let page = page.expect("the page is there");
        let example = page.split("```toml").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
        assert_eq!(refusal(example), None);
        assert_eq!(refusal(include_str!("../settings/defaults.toml")), None);
        for wrong in ["lisen = \"a\"", "listen = 8080", "log = \"xml\"", "limits.drain = \"20\"", "limits.queue = -1"] {
            assert!(refusal(wrong).is_some(), "{wrong}");
        }
    }

    /// Taplo reads draft 4.
    #[test]
    fn the_schema_of_settings_has_no_word_that_draft_4_has_not() {
        let text = Kind::Settings.schema().to_string();
        for word in ["\"if\"", "\"then\"", "\"const\"", "\"contains\"", "\"propertyNames\""] {
            assert!(!text.contains(word), "{word}");
        }
    }
}
