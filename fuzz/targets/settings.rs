//! A settings file, and below a line `=== ` environment variables, one a line: read or refused, and never shown whole.
#![no_main]

use gramsetu::settings::{Layer, Origin, read};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (file, environment) = text.split_once("\n=== \n").unwrap_or((text, ""));
    let Ok(layer) = Layer::toml(Origin::File("gramsetu.toml".to_owned()), file) else { return };
    let variables = environment.lines().filter_map(|line| line.split_once('='));
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let layers = std::iter::once(layer).chain(Layer::environment(variables)).collect();
    match read(layers) {
        Ok(read) => assert!(read.print().contains("limits.queue")),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
