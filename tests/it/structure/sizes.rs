//! How long files and functions may be. Tests may be longer.

use super::assert_none;
use super::source::{Source, end_of_item, sources, tokens};

/// In a file: lines of code, without comments and blank lines.
const MOST_LINES: usize = 300;
/// In a function: lines from its `fn` to its last brace.
const MOST_FUNCTION_LINES: usize = 60;

fn long_file(source: &Source) -> Option<String> {
    let lines = source.product.lines().filter(|line| !line.trim().is_empty()).count();
    (lines > MOST_LINES).then(|| format!("src/{} has {lines} lines of code", source.path))
}

fn long_functions(source: &Source) -> Vec<String> {
    let code = &source.product;
    let tokens = tokens(code);
    let mut long = Vec::new();
    for (index, pair) in tokens.windows(2).enumerate() {
        // `fn(` is the type of a pointer
        if pair[0].text != "fn" || !pair[1].is_word() {
            continue;
        }
        let (first, last) = (pair[0], tokens[end_of_item(&tokens, index) - 1]);
        let lines = code[first.at..last.at].matches('\n').count() + 1;
        if lines > MOST_FUNCTION_LINES {
            let line = first.line_in(code);
            long.push(format!("src/{}:{line} {} has {lines} lines", source.path, pair[1].text));
        }
    }
    long
}

#[test]
fn files_have_at_most_300_lines_of_code() {
    let long: Vec<String> = sources().iter().filter_map(long_file).collect();
    assert_none("a file has at most 300 lines of code", &long);
}

#[test]
fn functions_have_at_most_60_lines() {
    let long: Vec<String> = sources().iter().flat_map(long_functions).collect();
    assert_none("a function has at most 60 lines", &long);
}

#[test]
fn long_files_and_functions_are_noticed() {
    let statements = |count| "    call();\n".repeat(count);
    let file = |text: String| Source::new("a.rs", &text);

    assert!(long_file(&file("// comment\n\nfn a() {}\n".repeat(300))).is_none());
    assert!(long_file(&file(format!("#[cfg(test)]\nmod tests {{\n{}}}\n", statements(400)))).is_none());
    assert_eq!(long_file(&file(statements(301))).unwrap(), "src/a.rs has 301 lines of code");

    assert!(long_functions(&file(format!("fn a() {{\n{}}}\n", statements(58)))).is_empty());
    let text = format!("trait B {{\n  fn b(x: [u8; 2]);\n  fn c() {{\n{}}}\n}}\n", statements(59));
    assert_eq!(long_functions(&file(text)), ["src/a.rs:3 c has 61 lines"]);
}
