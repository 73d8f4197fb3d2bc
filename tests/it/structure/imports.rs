//! What a file imports, and the paths that its code names.

use super::source::{Token, tokens};

pub(crate) type Path<'a> = Vec<&'a str>;

/// A path of a `use`, and the name that it gives to what is there.
pub(crate) struct Import<'a> {
    pub path: Path<'a>,
    pub name: &'a str,
    pub is_public: bool,
}

/// The imports of a file, and the words and paths of its other code, but for `mod` declarations.
pub(crate) fn imports_and_paths<'a>(tokens: &[Token<'a>]) -> (Vec<Import<'a>>, Vec<Path<'a>>) {
    let (mut imports, mut paths, mut at) = (Vec::new(), Vec::new(), 0);
    while at < tokens.len() {
        let before = tokens[..at].last().map_or("", |token| token.text);
        let mut end = at + 1;
        if tokens[at].text == "use" && before != "<" && before != "+" {
            end =
                tokens[at..].iter().position(|token| token.text == ";").map_or(tokens.len(), |n| at + n + 1);
            imports.extend(leaves(&tokens[at + 1..end], before == "pub" || before == ")"));
        } else if tokens[at].is_word() && before != "mod" {
            while end + 1 < tokens.len() && tokens[end].text == "::" && tokens[end + 1].is_word() {
                end += 2;
            }
            paths.push(tokens[at..end].iter().step_by(2).map(|token| token.text).collect());
        }
        at = end;
    }
    (imports, paths)
}

/// The paths of the tree between `use` and its semicolon, which is the last of `tokens`.
fn leaves<'a>(tokens: &[Token<'a>], is_public: bool) -> Vec<Import<'a>> {
    let (mut path, mut alias, mut is_new) = (Path::new(), None, false);
    let (mut braces, mut imports) = (vec![0], Vec::new());
    for (index, token) in tokens.iter().enumerate() {
        match token.text {
            "{" => braces.push(path.len()),
            "," | "}" | ";" => {
                if is_new {
                    let name = alias.take().unwrap_or(path[path.len() - 1]);
                    imports.push(Import { path: path.clone(), name, is_public });
                }
                path.truncate(braces[braces.len() - 1]);
                is_new = false;
                if token.text == "}" {
                    braces.pop();
                }
            }
            "as" | "::" => {}
            "self" if !path.is_empty() => is_new = true,
            text if index > 0 && tokens[index - 1].text == "as" => alias = Some(text),
            text => {
                path.push(text);
                is_new = true;
            }
        }
    }
    imports
}

/// A path that begins with `crate`, `self` or `super`, from the root of the crate.
pub(crate) fn absolute<'a>(module: &[&'a str], path: &[&'a str]) -> Option<Path<'a>> {
    let ups = path.iter().take_while(|part| **part == "super").count();
    match path[0] {
        "crate" => Some(path[1..].to_vec()),
        "self" => Some([module, &path[1..]].concat()),
        "super" => Some([&module[..module.len().saturating_sub(ups)], &path[ups..]].concat()),
        _ => None,
    }
}

#[test]
fn use_trees_and_paths_are_read() {
    let code = "pub(crate) use a::{self, b::{C, D as E}, f}; use super::g; fn h() { crate::i::J::k(l, Vec::<M>::new()) }";
    let tokens = tokens(code);
    let (imports, paths) = imports_and_paths(&tokens);
    let imports: Vec<String> =
        imports.iter().map(|i| format!("{} {} {}", i.is_public, i.path.join("."), i.name)).collect();
    assert_eq!(imports, ["true a a", "true a.b.C C", "true a.b.D E", "true a.f f", "false super.g g"]);
    let long: Vec<String> = paths.iter().filter(|path| path.len() > 1).map(|path| path.join(".")).collect();
    assert_eq!(long, ["crate.i.J.k"]);
    assert_eq!(absolute(&["a", "b"], &["super", "c"]), Some(vec!["a", "c"]));
    assert_eq!(absolute(&["a", "b"], &["super", "super", "c"]), Some(vec!["c"]));
    assert_eq!(absolute(&["a", "b"], &["std", "fmt"]), None);
}
