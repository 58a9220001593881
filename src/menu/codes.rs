//! What the codes of problems mean: a page each, in `docs/codes/`, with an example that draws the
//! code and the same example mended.

/// A kind of problem, and the page about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// Kebab-case, as diagnostics carry it.
    pub name: &'static str,
    /// The page, in Markdown.
    pub page: &'static str,
}

/// A list of codes with their pages.
macro_rules! codes {
    ($(#[$attribute:meta])* $list:ident: $($name:literal,)+) => {
        $(#[$attribute])*
        pub const $list: &[$crate::menu::codes::Code] = &[$(
            $crate::menu::codes::Code {
                name: $name,
                page: include_str!(concat!(
                    env!("CARGO_MANIFEST_DIR"), "/docs/codes/", $name, ".md"
                )),
            },
        )+];
    };
}
pub(crate) use codes;

/// A part of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block<'p> {
    /// A heading; the first one is the code.
    Heading(&'p str),
    /// A paragraph, on one line.
    Text(String),
    /// An example: a file, or tables of the line that all examples change.
    Example {
        /// The file, where it is another one than the line.
        file: Option<&'p str>,
        /// What is in it.
        text: &'p str,
    },
}

impl Code {
    /// What is wrong, in a sentence: the first paragraph of the page.
    pub fn summary(&self) -> String {
        let text = self.blocks().into_iter().find_map(|block| match block {
            Block::Text(text) => Some(text),
            Block::Heading(_) | Block::Example { .. } => None,
        });
        text.unwrap_or_default()
    }

    /// The page, cut into its parts.
    pub fn blocks(&self) -> Vec<Block<'static>> {
        const FENCE: &str = "```";
        let mut blocks = Vec::new();
        let mut rest = self.page;
        while !rest.is_empty() {
            let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
            rest = after;
            if let Some(language) = line.strip_prefix(FENCE) {
                let end = rest.find(FENCE).unwrap_or(rest.len());
                let file = language.split_once(' ').map(|(_, file)| file);
                let text = &rest[..end];
                blocks.push(Block::Example { file, text });
                rest = rest[end..].trim_start_matches('`');
            } else if let Some(heading) = line.strip_prefix('#') {
                blocks.push(Block::Heading(heading.trim_start_matches('#').trim()));
            } else if !line.is_empty() {
                let end = rest.find("\n\n").unwrap_or(rest.len());
                let end = if rest.starts_with('\n') { 0 } else { end };
                let lines = [line, &rest[..end]].join(" ");
                let words: Vec<&str> = lines.split_whitespace().collect();
                blocks.push(Block::Text(words.join(" ")));
                rest = &rest[end..];
            }
        }
        blocks
    }
}

/// The code with this name among several lists.
pub fn named<'c>(name: &str, lists: &[&'c [Code]]) -> Option<&'c Code> {
    let mut all = lists.iter().copied().flatten();
    all.find(|code| code.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_cut_into_headings_paragraphs_and_examples() {
        let page = "# a-code\n\nWhat is\nwrong.\n\nWhy.\n\n## For example\n\n```toml\n[a]\n\n[b]\n```\n\n\
                    ```csv calls.csv\nx\n```\n\n## Mended\n\nSo.\n";
        let code = Code {
            name: "a-code",
            page,
        };
        let example = |file, text| Block::Example { file, text };
        let expected = [
            Block::Heading("a-code"),
            Block::Text("What is wrong.".to_owned()),
            Block::Text("Why.".to_owned()),
            Block::Heading("For example"),
            example(None, "[a]\n\n[b]\n"),
            example(Some("calls.csv"), "x\n"),
            Block::Heading("Mended"),
            Block::Text("So.".to_owned()),
        ];
        assert_eq!(code.blocks(), expected);
        assert_eq!(code.summary(), "What is wrong.");
    }
}
