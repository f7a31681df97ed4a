//! Menus of any size: services as offices have them, each of 22 screens with every verb, in three languages.

use gramsetu::menu;
use gramsetu::source::Files;

/// Screens of one service.
const SCREENS: usize = 22;
/// Options of a screen in the menus that lead to the services.
const OPTIONS: usize = 6;
/// Services that call the same department.
const OF_AN_OFFICE: usize = 8;

const BRIDGE: &str = "languages: {en: English, hi: हिन्दी, hi-Latn: Hindi (abc)}\nussd: {\"*123#\": home}\n\
                      profile: {district: text 40}\n";
const SERVICE: &str = include_str!("service/service.yaml");
const OFFICE: &str = include_str!("service/office.yaml");
const TRANSLATIONS: [(&str, &str); 2] =
    [("hi", include_str!("service/service.hi.yaml")), ("hi-Latn", include_str!("service/service.hi-Latn.yaml"))];
const RATING: &str = include_str!("service/rating.yaml");
/// Tables and the bridge's own texts are those that come with the program.
const SHIPPED: [(&str, &str); 5] = [
    ("tables/states.csv", include_str!("../../menus/tables/states.csv")),
    ("tables/districts.csv", include_str!("../../menus/tables/districts.csv")),
    ("system.yaml", include_str!("../../menus/system.yaml")),
    ("system.hi.yaml", include_str!("../../menus/system.hi.yaml")),
    ("system.hi-Latn.yaml", include_str!("../../menus/system.hi-Latn.yaml")),
];

/// Files with at least so many screens, each with its path.
pub(crate) fn with_screens(screens: usize) -> Vec<(String, String)> {
    let services = screens.div_ceil(SCREENS);
    let mut files: Vec<(String, String)> = vec![("bridge.yaml".to_owned(), BRIDGE.to_owned())];
    files.push(("rating.yaml".to_owned(), RATING.to_owned()));
    files.extend(SHIPPED.map(|(path, text)| (path.to_owned(), text.to_owned())));
    for office in 0..services.div_ceil(OF_AN_OFFICE) {
        files.push((format!("departments/office{office}.yaml"), OFFICE.replace('@', &office.to_string())));
    }
    for service in 0..services {
        let office = format!("office{}.", service / OF_AN_OFFICE);
        let text = |text: &str| text.replace("office@.", &office).replace('@', &service.to_string());
        let menu = text(SERVICE);
        for (language, translation) in TRANSLATIONS {
            let path = format!("service/s{service}.{language}.yaml");
            files.push((path, stamped(&menu, text(translation))));
        }
        files.push((format!("service/s{service}.yaml"), menu));
    }
    lead_to((0..services).map(|service| format!("service.s{service}")).collect(), &mut files);
    files
}

/// Menus of options, as many storeys as it takes, that lead from `home` to all of these.
fn lead_to(mut targets: Vec<String>, files: &mut Vec<(String, String)>) {
    let mut storey = 0;
    while targets.len() > OPTIONS {
        let groups: Vec<Vec<String>> = targets.chunks(OPTIONS).map(<[_]>::to_vec).collect();
        targets = (0..groups.len()).map(|group| format!("group.g{storey}_{group}")).collect();
        for (name, group) in targets.iter().zip(groups) {
            files.push((format!("{}.yaml", name.replace('.', "/")), group_of(name, &group)));
        }
        storey += 1;
    }
    files.push(("home.yaml".to_owned(), group_of("home", &targets)));
}

fn group_of(name: &str, targets: &[String]) -> String {
    let label = |target: &str| target.rsplit(['.', '_']).next().unwrap_or_default().to_owned();
    let option = |target: &String| format!("      {target}: \"No. {}\"", label(target));
    let options = targets.iter().map(option).collect::<Vec<_>>().join("\n");
    format!("menu: {name}\ntitle: Services\nscreens:\n  top:\n    choose: Which service?\n    options:\n{options}\n")
}

/// A translation with the fingerprints of the menu's texts.
fn stamped(menu: &str, translation: String) -> String {
    let mut files = Files::default();
    files.add("bridge.yaml", BRIDGE);
    files.add("menu.yaml", menu);
    let id = files.add("menu.xx.yaml", translation.clone());
    menu::stamp(&files, id, true).map_or(translation, |stamped| stamped.text)
}
