//! What a schema says of a value, for tests. That the editors' own engine reads the schemas alike is proved in tests/editors.

use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::{Value as Json, json};

pub(crate) struct Validator(Schemas, SchemaIndex);

impl Validator {
    /// A schema that its draft does not allow is refused here.
    pub(crate) fn new(schema: &Json) -> Self {
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        let mut schema = schema.clone();
        without_lookahead(&mut schema);
        compiler.add_resource("file:///schema.json", schema).expect("the name is an address");
        let index = compiler.compile("file:///schema.json", &mut schemas).unwrap_or_else(|error| panic!("{error:#}"));
        Self(schemas, index)
    }

    pub(crate) fn refuses(&self, value: &Json) -> Option<String> {
        self.0.validate(value, self.1).err().map(|error| error.to_string())
    }
}

/// `^(?!(a|b)$)c$` said without looking ahead, which Rust's regular expressions do not: `c`, and neither `a` nor `b`.
fn without_lookahead(schema: &mut Json) {
    if let Some((words, rest)) =
        schema["pattern"].as_str().and_then(|pattern| pattern.strip_prefix("^(?!")?.split_once("$)"))
    {
        let (words, rest) = (format!("^{words}$"), format!("^{rest}"));
        schema["pattern"] = json!(rest);
        schema["not"] = json!({ "pattern": words });
    }
    match schema {
        Json::Object(all) => all.values_mut().for_each(without_lookahead),
        Json::Array(all) => all.iter_mut().for_each(without_lookahead),
        _ => {}
    }
}
