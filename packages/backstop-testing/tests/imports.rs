//! Modules of a crate import each other one way only: who reads one need not
//! have read the others first. Modules side by side are compared, at every level;
//! a module and those inside of it may know each other.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// A module's path in its crate.
type Module = Vec<String>;

#[test]
fn no_modules_side_by_side_import_each_other_in_a_circle() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (mut found, mut read_of_all) = (vec![], 0);
    for group in ["packages", "contracts"] {
        for entry in fs::read_dir(root.join(group)).unwrap() {
            let package = entry.unwrap().path();
            // The stakers' page is no crate.
            if !package.join("Cargo.toml").exists() {
                continue;
            }
            let mut modules = BTreeMap::new();
            read(&package.join("src"), &vec![], &mut modules);
            assert!(!modules.is_empty(), "{package:?} has no modules");
            read_of_all += modules.len();
            let circles = circles(&modules);
            let name = package.file_name().unwrap().to_string_lossy().into_owned();
            found.extend(circles.into_iter().map(|circle| format!("{name}: {circle}")));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(
        read_of_all > 200,
        "{read_of_all} modules in all: are some not read?"
    );
}

/// Where Cargo does not look for tests by itself, one that nothing names would never run.
#[test]
fn every_file_of_tests_that_cargo_does_not_find_is_named() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (mut named, mut programs) = (0, 0);
    for group in ["packages", "contracts"] {
        for package in fs::read_dir(root.join(group)).unwrap() {
            let package = package.unwrap().path();
            let manifest = fs::read_to_string(package.join("Cargo.toml")).unwrap_or_default();
            if !manifest.contains("\nautotests = false") {
                assert!(group == "packages", "{package:?}: its tests are one program each");
                continue;
            }
            let all = fs::read_to_string(package.join("tests/all.rs")).unwrap();
            programs += 1;
            for entry in fs::read_dir(package.join("tests")).unwrap() {
                let entry = entry.unwrap().path();
                let name = entry.file_stem().unwrap().to_string_lossy().into_owned();
                // A folder without a program is the support of some file.
                let rust = entry.extension().is_some_and(|ends| ends == "rs");
                if rust || entry.join("main.rs").exists() {
                    let module = all.lines().any(|line| line == format!("mod {name};"));
                    let program = manifest.contains(&format!("[[test]]\nname = \"{name}\"\n"));
                    assert!(module != program, "{entry:?}: one of them must name it");
                    named += 1;
                }
            }
        }
    }
    assert!(named > 110, "{named} files in all: are some not read?");
    assert!(programs >= 7, "{programs} packages: are some not read?");
}

#[test]
fn a_circle_is_found_through_a_re_export_and_out_of_a_folder() {
    let modules = |texts: &[(&str, &str)]| -> BTreeMap<Module, String> {
        let texts = texts.iter().map(|(path, text)| {
            let parts = path.split("::").filter(|part| !part.is_empty());
            (parts.map(str::to_string).collect(), text.to_string())
        });
        texts.collect()
    };
    let one_way = modules(&[
        ("", ""),
        ("a", "use crate::b::{self, c::Thing};"),
        ("b", "pub use c::Thing;"),
        ("b::c", "// use crate::a;"),
    ]);
    assert_eq!(circles(&one_way), Vec::<String>::new());
    let through = modules(&[
        ("", "pub use a::Thing;"),
        ("a", "use crate::b::c::Other;"),
        ("b", ""),
        ("b::c", "use crate::Thing;"),
    ]);
    assert_eq!(circles(&through), ["a -> b -> a"]);
    let inside = modules(&[
        ("", ""),
        ("b", ""),
        ("b::c", "use super::d::Thing;"),
        ("b::d", "fn f() { super::c::g() }"),
    ]);
    assert_eq!(circles(&inside), ["c -> d -> c"]);
}

/// Every module's text without comments and its tests at the end.
fn read(folder: &Path, at: &Module, modules: &mut BTreeMap<Module, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        let inside = [at.as_slice(), std::slice::from_ref(&stem)].concat();
        if path.is_dir() {
            read(&path, &inside, modules);
        } else if path.extension().is_some_and(|extension| extension == "rs") && stem != "main" {
            let module = if stem == "mod" || stem == "lib" {
                at.clone()
            } else {
                inside
            };
            let text = fs::read_to_string(&path).unwrap();
            let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            modules.insert(module, text.to_string());
        }
    }
}

/// Circles among modules that are side by side, in words.
fn circles(modules: &BTreeMap<Module, String>) -> Vec<String> {
    let paths: BTreeMap<&Module, Vec<(Module, bool)>> = modules
        .iter()
        .map(|(module, text)| (module, paths(modules, module, text)))
        .collect();
    let mut exported: BTreeMap<Module, Module> = BTreeMap::new();
    for (module, paths) in &paths {
        for (path, _) in paths.iter().filter(|(_, public)| *public) {
            let name = path.last().cloned();
            exported.insert(module.iter().cloned().chain(name).collect(), path.clone());
        }
    }
    let mut side_by_side: BTreeMap<Module, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for (module, paths) in &paths {
        for (path, _) in paths.iter().filter(|(_, public)| !*public) {
            let of = home(modules, &exported, path);
            let shared = module
                .iter()
                .zip(&of)
                .take_while(|(one, other)| one == other)
                .count();
            if let (Some(from), Some(to)) = (module.get(shared), of.get(shared)) {
                let level = side_by_side.entry(module[..shared].to_vec()).or_default();
                level.entry(from.clone()).or_default().insert(to.clone());
            }
        }
    }
    let mut found = BTreeMap::new();
    for level in side_by_side.values() {
        for start in level.keys() {
            if let Some(circle) = circle(level, start) {
                let members: BTreeSet<String> = circle.iter().cloned().collect();
                found.entry(members).or_insert(circle.join(" -> "));
            }
        }
    }
    found.into_values().collect()
}

/// From `start` back to it, if there is a way.
fn circle(level: &BTreeMap<String, BTreeSet<String>>, start: &str) -> Option<Vec<String>> {
    let mut ways = vec![vec![start.to_string()]];
    let mut seen = BTreeSet::new();
    while let Some(way) = ways.pop() {
        for next in level.get(way.last()?).into_iter().flatten() {
            let longer = [way.as_slice(), std::slice::from_ref(next)].concat();
            if next == start {
                return Some(longer);
            }
            if seen.insert(next.clone()) {
                ways.push(longer);
            }
        }
    }
    None
}

/// The module that an item is written in, re-exports followed.
fn home(modules: &BTreeMap<Module, String>, exported: &BTreeMap<Module, Module>, path: &Module) -> Module {
    let mut path = path.clone();
    for _ in 0..8 {
        let longest = (0..=path.len()).rev().find(|n| modules.contains_key(&path[..*n]));
        let length = longest.unwrap_or(0);
        let item = path.get(..=length).and_then(|item| exported.get(item));
        match item {
            Some(target) => path = [target.as_slice(), &path[length + 1..]].concat(),
            None => return path[..length].to_vec(),
        }
    }
    path
}

/// What a module's text names in its crate, and whether it is re-exported.
fn paths(modules: &BTreeMap<Module, String>, module: &Module, text: &str) -> Vec<(Module, bool)> {
    let code = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default());
    let code = code.collect::<Vec<_>>().join("\n");
    let mut found = vec![];
    for statement in code.split(';') {
        let (before, tree) = match statement.rsplit_once("use ") {
            Some((before, tree)) if before.trim_end().is_empty() || before.ends_with(['\n', ' ']) => {
                (before, tree)
            }
            _ => ("", ""),
        };
        let public = before.trim_end().ends_with("pub") || before.trim_end().ends_with("pub(crate)");
        let named = expand(tree).into_iter().map(|path| (path, public));
        // What is named without an import.
        let words = statement.split(|c: char| !c.is_alphanumeric() && !"_:".contains(c));
        let direct = words.filter(|word| word.starts_with("crate::") || word.starts_with("super::"));
        let direct = direct
            .filter(|_| tree.is_empty())
            .map(|path| (path.to_string(), false));
        let all = named.chain(direct);
        found.extend(all.filter_map(|(path, public)| Some((absolute(modules, module, &path)?, public))));
    }
    found
}

/// The paths of a tree such as `a::{b, c::d}`.
fn expand(tree: &str) -> Vec<String> {
    let tree = tree.trim();
    let Some((before, body)) = tree.strip_suffix('}').and_then(|tree| tree.split_once('{')) else {
        return vec![tree.split(" as ").next().unwrap_or_default().to_string()];
    };
    let (mut parts, mut depth) = (vec![String::new()], 0);
    for c in body.chars() {
        depth += i32::from(c == '{') - i32::from(c == '}');
        match parts.last_mut() {
            _ if c == ',' && depth == 0 => parts.push(String::new()),
            Some(part) => part.push(c),
            None => {}
        }
    }
    let parts = parts.iter().filter(|part| !part.trim().is_empty());
    parts
        .flat_map(|part| expand(&format!("{before}{}", part.trim())))
        .collect()
}

/// A path from the crate's root; none if it is another crate's.
fn absolute(modules: &BTreeMap<Module, String>, module: &Module, path: &str) -> Option<Module> {
    let mut parts: Vec<String> = path.split("::").map(|part| part.trim().to_string()).collect();
    let mut base = match parts.first().map(String::as_str) {
        Some("crate") => vec![],
        Some("self" | "super") => module.clone(),
        Some(first) if modules.contains_key(&[module.as_slice(), &[first.to_string()]].concat()) => {
            module.clone()
        }
        _ => return None,
    };
    parts.retain(|part| match part.as_str() {
        "super" => base.pop().is_none(),
        part => part != "crate" && part != "self",
    });
    base.extend(parts);
    Some(base)
}
