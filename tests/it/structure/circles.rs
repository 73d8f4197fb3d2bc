//! No two files import each other, not even by way of others: each can be read after those it uses.
//!
//! An import leads to the file that defines the item, through every re-export on the way. So a
//! `mod` declaration and a `pub use` of what a child defines are no imports.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::assert_none;
use super::imports::{Import, Path, absolute, imports_and_paths};
use super::source::{Source, sources, tokens};

/// The files that each file imports from.
type Edges<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

struct Graph<'a> {
    /// The file of each module.
    files: HashMap<Path<'a>, &'a str>,
    /// What a module calls by a name of its own: the path from the root of the crate.
    names: HashMap<(Path<'a>, &'a str), Path<'a>>,
}

impl<'a> Graph<'a> {
    fn new(sources: &'a [Source], imports: &[(&'a Source, Vec<Import<'a>>)]) -> Self {
        let files = sources.iter().filter(|source| source.path != "main.rs");
        let files = files.map(|source| (source.module_path(), source.path.as_str())).collect();
        let mut graph = Self { files, names: HashMap::new() };
        for (source, imports) in imports {
            let own: BTreeSet<&str> = imports.iter().map(|import| import.name).collect();
            for import in imports {
                let module = source.module_path();
                let path = graph.resolve(&module, &import.path).or_else(|| {
                    // by a name that another import of this file gives
                    own.contains(import.path[0]).then(|| [&module[..], &import.path].concat())
                });
                if let Some(path) = path.filter(|path| *path != [&module[..], &[import.name]].concat()) {
                    graph.names.entry((module, import.name)).or_insert(path);
                }
            }
        }
        graph
    }

    /// A path as it stands in `module`, from the root of the crate; `None` for another crate.
    fn resolve(&self, module: &[&'a str], path: &[&'a str]) -> Option<Path<'a>> {
        if let Some(absolute) = absolute(module, path) {
            return Some(absolute);
        }
        let child = [module, &path[..1]].concat();
        let named = self.names.get(&(module.to_vec(), path[0])).map(|named| [named, &path[1..]].concat());
        named.or_else(|| self.files.contains_key(&child).then(|| [module, path].concat()))
    }

    /// The file that defines what is at `path`; `None` if that is a module.
    fn definer(&self, path: &[&'a str], depth: usize) -> Option<&'a str> {
        for (at, name) in path.iter().enumerate() {
            let module = path[..at].to_vec();
            let is_child = self.files.contains_key(&path[..=at]);
            let named = self.names.get(&(module.clone(), *name)).filter(|_| depth < 20);
            // a function may have the name of the module that it is in
            if let Some(named) = named.filter(|_| !is_child || at + 1 == path.len()) {
                let file = self.definer(&[named, &path[at + 1..]].concat(), depth + 1);
                if file.is_some() || !is_child {
                    return file;
                }
            }
            if !is_child {
                return self.files.get(&module).copied();
            }
        }
        None
    }
}

fn edges(sources: &[Source]) -> Edges<'_> {
    let tokens: Vec<_> = sources.iter().map(|source| tokens(&source.product)).collect();
    let (mut imports, mut paths) = (Vec::new(), Vec::new());
    for (source, tokens) in sources.iter().zip(&tokens) {
        let (of_file, named) = imports_and_paths(tokens);
        imports.push((source, of_file));
        paths.push(named);
    }
    let graph = Graph::new(sources, &imports);
    let mut edges = BTreeMap::new();
    for ((source, imports), mut paths) in imports.iter().zip(paths) {
        let words: BTreeSet<&str> = paths.iter().map(|path| path[0]).collect();
        let used = imports.iter().filter(|import| !import.is_public || words.contains(import.name));
        let used: Vec<Path<'_>> = used.map(|import| import.path.clone()).collect();
        paths.retain(|path| path.len() > 1);
        let all = paths.iter().chain(&used).filter_map(|path| graph.resolve(&source.module_path(), path));
        let files = all.filter_map(|path| graph.definer(&path, 0)).filter(|file| *file != source.path);
        edges.insert(source.path.as_str(), files.collect());
    }
    edges
}

/// All that a file imports, be it by way of others.
fn reached_from<'a>(edges: &Edges<'a>, start: &'a str) -> BTreeSet<&'a str> {
    let (mut reached, mut next) = (BTreeSet::new(), vec![start]);
    while let Some(file) = next.pop() {
        next.extend(edges[file].iter().filter(|other| reached.insert(**other)));
    }
    reached
}

/// The groups of files of which each one reaches all others.
fn circles<'a>(edges: &Edges<'a>) -> BTreeSet<Vec<&'a str>> {
    let reached: Edges<'_> = edges.keys().map(|file| (*file, reached_from(edges, file))).collect();
    let mut groups = BTreeSet::new();
    for (file, all) in reached.iter().filter(|(file, all)| all.contains(*file)) {
        groups.insert(all.iter().filter(|other| reached[*other].contains(file)).copied().collect::<Vec<_>>());
    }
    groups
}

/// Each file of a circle with those of the circle that it imports.
fn described(edges: &Edges<'_>, circle: &[&str]) -> String {
    let within = |file: &str| {
        let others: Vec<&str> = edges[file].iter().filter(|other| circle.contains(other)).copied().collect();
        format!("\n    {file} -> {}", others.join(" "))
    };
    format!("{} files{}", circle.len(), circle.iter().copied().map(within).collect::<String>())
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let sources: Vec<Source> = sources().into_iter().filter(|source| !source.product.is_empty()).collect();
    let edges = edges(&sources);
    assert!(edges.values().map(BTreeSet::len).sum::<usize>() > sources.len(), "imports are lost");
    let circles: Vec<String> = circles(&edges).iter().map(|circle| described(&edges, circle)).collect();
    assert_none("no files import each other in a circle", &circles);
}

#[test]
fn circles_are_noticed_and_re_exports_are_none() {
    let files = |files: &[(&str, &str)]| -> Vec<Source> {
        files.iter().map(|(path, text)| Source::new(path, text)).collect()
    };
    let sources = files(&[
        ("lib.rs", "mod a; mod b; pub use a::x::X;"),
        ("a/mod.rs", "mod x; mod y; pub use self::x::{X, helper as help}; pub use y::y;"),
        ("a/x.rs", "use super::y; use std::fmt::{self, Debug}; pub struct X; fn helper() { y::y() }"),
        ("a/y.rs", "use crate::b::{self, c::C}; pub fn y() { b::b() }"),
        ("b/mod.rs", "pub mod c; use crate::a; pub fn b() { a::help(C::new()) }"),
        ("b/c.rs", "pub struct C; #[cfg(test)] mod tests { use crate::a::X; }"),
    ]);
    let edges_of = |path: &str| edges(&sources)[path].iter().copied().collect::<Vec<_>>().join(" ");
    assert_eq!(edges_of("a/mod.rs"), "");
    assert_eq!(edges_of("a/x.rs"), "a/y.rs");
    assert_eq!(edges_of("a/y.rs"), "b/c.rs b/mod.rs");
    assert_eq!(edges_of("b/mod.rs"), "a/x.rs");
    assert_eq!(Vec::from_iter(circles(&edges(&sources))), [["a/x.rs", "a/y.rs", "b/mod.rs"]]);

    let sources = files(&[
        ("lib.rs", "mod a;"),
        ("a/mod.rs", "mod x; pub use x::X; pub struct A; fn of(x: X) {}"),
        ("a/x.rs", "pub struct X(super::A);"),
    ]);
    let edges = edges(&sources);
    let circles = Vec::from_iter(circles(&edges));
    assert_eq!(circles, [["a/mod.rs", "a/x.rs"]]);
    assert_eq!(described(&edges, &circles[0]), "2 files\n    a/mod.rs -> a/x.rs\n    a/x.rs -> a/mod.rs");
}
