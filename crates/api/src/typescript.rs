//! The UI's types, made from the Rust types.

use std::{any::TypeId, collections::BTreeMap, fmt::Write as _};

use ts_rs::{Config, TS, TypeVisitor};

use crate::types::*;

struct Declarations {
    config: Config,
    seen: Vec<TypeId>,
    /// By name, so that the file does not depend on the order of visits.
    by_name: BTreeMap<String, String>,
}

impl Declarations {
    fn add<T: TS + 'static + ?Sized>(&mut self) {
        if self.seen.contains(&TypeId::of::<T>()) {
            return;
        }
        self.seen.push(TypeId::of::<T>());
        // Only types of ours have a file of their own; lists and options are seen through.
        if T::output_path().is_some() {
            let docs = T::docs().unwrap_or_default();
            let text = format!("{docs}export {}", T::decl(&self.config));
            self.by_name.insert(T::name(&self.config), text);
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

impl TypeVisitor for Declarations {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        self.add::<T>();
    }
}

/// `ui/src/api/types.ts`: every type of the operations, and `Operations`, the map from name to input and output.
pub fn typescript() -> String {
    let mut declarations = Declarations {
        // JSON numbers; counts stay far below 2^53.
        config: Config::new().with_large_int("number"),
        seen: Vec::new(),
        by_name: BTreeMap::new(),
    };
    declarations.add::<ApiError>();
    let mut map = String::from("/** Every operation with its input and output. */\nexport type Operations = {\n");
    macro_rules! each {
        ($($name:ident : $input:ty => $output:ty [$need:ident, $module:ident :: $function:ident];)*) => {$(
            declarations.add::<$input>();
            declarations.add::<$output>();
            let _ = writeln!(
                map,
                "  {}: {{ input: {}; output: {} }};",
                stringify!($name),
                <$input as TS>::name(&declarations.config),
                <$output as TS>::name(&declarations.config)
            );
        )*};
    }
    crate::operations!(each);
    map.push_str("};\n");
    let mut text = String::from("// Generated from crates/api by `cargo xtask gen-types`. Do not edit.\n\n");
    for declaration in declarations.by_name.values() {
        text.push_str(declaration);
        text.push_str("\n\n");
    }
    text.push_str(&map);
    text
}

#[cfg(test)]
mod tests {
    /// Fails when Rust types changed and the UI's file did not; `cargo xtask gen-types` mends it.
    #[test]
    fn the_file_of_the_ui_is_the_generated_one() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/api/types.ts");
        let made = super::typescript();
        if std::env::var_os("CLINOTYPE_GEN_TYPES").is_some() {
            clinotype_genome::fs::create_dir_all(path.parent().unwrap()).unwrap();
            clinotype_genome::fs::write_atomic(&path, made.as_bytes()).unwrap();
        }
        let there = clinotype_genome::fs::read_to_string(&path).unwrap();
        assert!(
            there == made,
            "ui/src/api/types.ts is not what crates/api makes: run `cargo xtask gen-types`"
        );
    }
}
