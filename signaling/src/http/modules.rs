//! A page's modules as one script.
//!
//! The client is written in many small modules, and what a reviewer reads is what a phone runs. But each module fetched by
//! itself costs a request with its head, and compresses badly: for a phone on a poor network that was half of what it waited
//! for. So the service puts the modules one behind the other when it starts, as it puts styles and words into pages.
//!
//! Every module keeps its text, in a function of its own so that its names stay its own. Only the lines by which modules name
//! each other change: `import` takes from the functions before it, and what is exported is returned. And lines that are
//! nothing but comments stay behind: they are for whoever reads the modules, and a third of the bytes. That takes a small part
//! of the language, the part our modules use; whatever goes beyond it is a fault of the page and never a guess.

use super::template::Fault;
use std::fmt::Write;

/// The module at `entry` behind all that it imports. Its `import()`s are looked for from where the script is served.
pub fn joined<'a>(entry: &str, file: &'a dyn Fn(&str) -> Option<&'a str>) -> Result<String, Fault> {
    let mut joining = Joining { file, done: Vec::new(), begun: Vec::new(), script: String::new() };
    joining.add(entry)?;
    Ok(joining.script)
}

struct Joining<'a> {
    file: &'a dyn Fn(&str) -> Option<&'a str>,
    /// The modules that stand in the script, by number.
    done: Vec<String>,
    /// The modules that wait for one they import.
    begun: Vec<String>,
    script: String,
}

impl Joining<'_> {
    /// Puts a module behind all that it imports, once; its number.
    fn add(&mut self, path: &str) -> Result<usize, Fault> {
        if let Some(number) = self.done.iter().position(|one| one == path) {
            return Ok(number);
        }
        let fault = |why| Fault::Module(path.into(), why);
        if self.begun.iter().any(|one| one == path) {
            return Err(fault("imports itself, by way of others"));
        }
        let text = (self.file)(path).filter(|_| path.ends_with(".js")).ok_or_else(|| fault("is missing"))?;
        self.begun.push(path.into());
        let (mut body, mut exported) = (String::with_capacity(text.len()), Vec::new());
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            // Else what looks like a comment or an import could be a part of a text.
            if line.matches('`').count() % 2 == 1 {
                return Err(fault("has a text over several lines"));
            }
            let bare = line.trim();
            if bare.is_empty() || bare.starts_with("//") {
                continue;
            }
            if let Some(comment) = bare.strip_prefix("/*") {
                let mut last = comment;
                while !last.contains("*/") {
                    last = lines.next().ok_or_else(|| fault("has a comment without an end"))?.trim();
                }
                if last.ends_with("*/") && last.matches("*/").count() == 1 {
                    continue;
                }
                if last != comment {
                    return Err(fault("has something behind a comment"));
                }
            }
            if line.starts_with("import ") {
                let mut statement = line.to_owned();
                while !statement.ends_with(';') {
                    statement.push_str(lines.next().ok_or_else(|| fault("has an import without an end"))?);
                }
                let (names, from) = import(&statement).ok_or_else(|| fault("imports in a way that isn't known here"))?;
                let from = beside(path, from).ok_or_else(|| fault("imports from outside"))?;
                let number = self.add(&from)?;
                let _ = writeln!(body, "const {names} = ${number};");
            } else if let Some(declaration) = line.strip_prefix("export ") {
                exported.push(declared(declaration).ok_or_else(|| fault("exports in a way that isn't known here"))?);
                let _ = writeln!(body, "{declaration}");
            } else {
                let _ = writeln!(body, "{line}");
            }
        }
        self.begun.pop();
        let number = self.done.len();
        self.done.push(path.into());
        let exported = exported.join(", ");
        let _ = write!(self.script, "// {path}\nconst ${number} = (() => {{\n{body}return {{ {exported} }};\n}})();\n");
        Ok(number)
    }
}

/// What an `import` takes, as a declaration takes it from an object, and from where.
fn import(statement: &str) -> Option<(String, &str)> {
    let (names, from) = statement.strip_prefix("import ")?.strip_suffix(';')?.rsplit_once(" from ")?;
    let from = from.trim().strip_prefix('"')?.strip_suffix('"')?;
    if let Some(whole) = names.trim().strip_prefix("* as ") {
        return is_name(whole).then(|| (whole.to_owned(), from));
    }
    let list = names.trim().strip_prefix('{')?.strip_suffix('}')?;
    let mut taken = Vec::new();
    for one in list.split(',').map(str::trim).filter(|one| !one.is_empty()) {
        let (name, here) = one.split_once(" as ").unwrap_or((one, one));
        if !is_name(name) || !is_name(here) {
            return None;
        }
        taken.push(if name == here { name.to_owned() } else { format!("{name}: {here}") });
    }
    Some((format!("{{ {} }}", taken.join(", ")), from))
}

/// The name that a declaration declares. Not `let`: who imports it would see only its first value.
fn declared(declaration: &str) -> Option<&str> {
    let kinds = ["function ", "async function ", "class ", "const "];
    let rest = kinds.iter().find_map(|kind| declaration.strip_prefix(kind))?;
    let name = rest.split(|letter: char| !is_of_name(letter)).next()?;
    is_name(name).then_some(name)
}

/// The path of a module named beside another: `./` and `../`, within the client.
fn beside(path: &str, from: &str) -> Option<String> {
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    if !from.starts_with("./") && !from.starts_with("../") {
        return None;
    }
    for part in from.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(is_of_name) && !name.starts_with(|first: char| first.is_ascii_digit())
}

/// Without `$`: those are the modules themselves.
fn is_of_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(files: &[(&str, &str)]) -> Result<String, Fault> {
        let file = |path: &str| files.iter().find(|(name, _)| *name == path).map(|(_, text)| *text);
        joined("join/main.js", &file)
    }

    #[test]
    fn every_module_stands_once_behind_all_that_it_imports() {
        let script = of(&[
            (
                "join/main.js",
                "// The page.\nimport { a, b as c } from \"./one.js\";\nimport * as two from \"../parts/two.js\";\n\nc(a, two);\n",
            ),
            ("join/one.js", "import { two } from \"../parts/two.js\";\nexport const a = two;\nexport async function b() {}\n"),
            ("parts/two.js", "let n = 0;\nexport function two() {\n  n += 1;\n}\nexport class Two {}\n"),
        ]);
        let expected = "// parts/two.js\nconst $0 = (() => {\nlet n = 0;\nfunction two() {\n  n += 1;\n}\nclass Two {}\nreturn { two, Two };\n})();\n\
            // join/one.js\nconst $1 = (() => {\nconst { two } = $0;\nconst a = two;\nasync function b() {}\nreturn { a, b };\n})();\n\
            // join/main.js\nconst $2 = (() => {\nconst { a, b: c } = $1;\nconst two = $0;\nc(a, two);\nreturn {  };\n})();\n";
        assert_eq!(script.as_deref(), Ok(expected));
    }

    #[test]
    fn comments_stay_behind_where_they_fill_their_lines() {
        let script = |main: &str| of(&[("join/main.js", main)]);
        let body = |main: &str| script(main).unwrap().lines().skip(2).map(str::to_owned).collect::<Vec<_>>();
        let whole = "  // one\n/* two */\n\n  /**\n   * three\n   * `four`\n   */\na(\"// five\", `/* six */`); // seven\n  /** @type {b} */ (c);\n";
        let left = ["a(\"// five\", `/* six */`); // seven", "  /** @type {b} */ (c);", "return {  };", "})();"];
        assert_eq!(body(whole), left);
        let fault = |main: &str| script(main).err();
        let of_main = |why| Some(Fault::Module("join/main.js".into(), why));
        assert_eq!(fault("/**\n * one\n"), of_main("has a comment without an end"));
        assert_eq!(fault("/**\n * one */ a();\n"), of_main("has something behind a comment"));
        assert_eq!(fault("const a = `\n// not a comment\n`;\n"), of_main("has a text over several lines"));
    }

    #[test]
    fn an_import_may_take_several_lines() {
        let script = of(&[
            ("join/main.js", "import {\n  a,\n  b,\n} from \"./one.js\";\n"),
            ("join/one.js", "export const a = 1;\nexport const b = 2;\n"),
        ]);
        assert!(script.unwrap().contains("const { a, b } = $0;"));
    }

    #[test]
    fn what_isnt_understood_is_a_fault_and_never_a_guess() {
        let fault =
            |main: &str| of(&[("join/main.js", main), ("join/one.js", "import { b } from \"./main.js\";\nexport const a = 1;\n")]).err();
        let of_main = |why| Some(Fault::Module("join/main.js".into(), why));
        for import in
            ["import a from \"./one.js\";", "import \"./one.js\";", "import { a } from './one.js';", "import { a as } from \"./one.js\";"]
        {
            assert_eq!(fault(import), of_main("imports in a way that isn't known here"), "{import}");
        }
        for export in [
            "export default 1;",
            "export let a = 1;",
            "export * from \"./one.js\";",
            "export { a };",
            "export const { a } = b;",
            "export const $0 = 1;",
        ] {
            assert_eq!(fault(export), of_main("exports in a way that isn't known here"), "{export}");
        }
        for outside in ["one.js", "https://a.org/one.js", "../../one.js"] {
            assert_eq!(fault(&format!("import {{ a }} from \"{outside}\";")), of_main("imports from outside"), "{outside}");
        }
        assert_eq!(fault("import { a } from \"./one.js\";"), of_main("imports itself, by way of others"));
        assert_eq!(fault("import { a,"), of_main("has an import without an end"));
        assert_eq!(fault("import { a } from \"./two.js\";"), Some(Fault::Module("join/two.js".into(), "is missing")));
    }
}
