//! Variables and conditions, as far as they are known before a call.

use super::dialplan::Position;
use std::collections::BTreeMap;

/// Variables kept at most.
const VARIABLES_MAX: usize = 100;
/// Replacements in one text, and the longest text that comes of them.
const ROUNDS_MAX: usize = 32;
const TEXT_MAX: usize = 2000;

/// A subroutine in which a call is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Frame {
    /// Its first line. Whoever goes to another context does not come back.
    pub(super) from: Position,
    /// The line that called it.
    pub(super) back: Position,
    /// It ends with its last line.
    pub(super) is_macro: bool,
    /// The arguments of the one around it.
    pub(super) before: BTreeMap<String, String>,
}

/// What is known of a call at a place of the dialplan.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Known {
    variables: BTreeMap<String, String>,
    pub(super) digit_ms: Option<u64>,
    pub(super) response_ms: Option<u64>,
    /// The subroutines in which the call is, the innermost last.
    pub(super) frames: Vec<Frame>,
}

impl Known {
    pub(super) fn new(globals: &BTreeMap<String, String>) -> Self {
        let variables = globals.iter().take(VARIABLES_MAX);
        Self {
            variables: variables
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
            ..Self::default()
        }
    }

    pub(super) fn set(&mut self, name: &str, value: &str) {
        let name = name.trim_start_matches('_').to_uppercase();
        if self.variables.len() < VARIABLES_MAX || self.variables.contains_key(&name) {
            self.variables.insert(name, value.to_owned());
        }
    }

    pub(super) fn forget(&mut self, name: &str) {
        self.variables
            .remove(&name.trim_start_matches('_').to_uppercase());
    }

    /// What the innermost subroutine was given.
    pub(super) fn arguments(&self) -> BTreeMap<String, String> {
        let given = self.variables.iter();
        let given = given.filter(|(name, _)| is_argument(name));
        given
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }

    /// Goes into a subroutine.
    pub(super) fn enter(&mut self, frame: Frame, arguments: &[String]) {
        self.frames.push(frame);
        self.variables.retain(|name, _| !is_argument(name));
        for (place, value) in arguments.iter().enumerate() {
            // What was dialled is something else inside.
            let value = value.replace("${EXTEN", "${MACRO_EXTEN");
            self.set(&format!("ARG{}", place + 1), &value);
        }
    }

    /// Comes out of a subroutine; the line that called it.
    pub(super) fn leave(&mut self) -> Option<Position> {
        let frame = self.frames.pop()?;
        self.variables.retain(|name, _| !is_argument(name));
        self.variables.extend(frame.before);
        Some(frame.back)
    }

    /// What is known in a context: subroutines of another one are left for good.
    pub(super) fn within(&self, context: &str) -> Self {
        let mut known = self.clone();
        if known
            .frames
            .last()
            .is_some_and(|frame| frame.from.context != context)
        {
            known.frames.clear();
        }
        known
    }

    /// The text with `${…}` replaced by what is known; what is not stays.
    pub(super) fn fill(&self, text: &str, context: &str, extension: &str) -> String {
        let mut text = text.to_owned();
        let mut from = 0;
        for _ in 0..ROUNDS_MAX {
            // The innermost one first: it ends at the first brace.
            let Some(end) = text[from..].find('}').map(|at| at + from) else {
                break;
            };
            let Some(start) = text[..end].rfind("${") else {
                from = end + 1;
                continue;
            };
            let Some(value) = self.value(&text[start + 2..end], context, extension) else {
                from = end + 1;
                continue;
            };
            text.replace_range(start..=end, &value);
            if text.len() > TEXT_MAX {
                break;
            }
            from = 0;
        }
        text
    }

    fn value(&self, name: &str, context: &str, extension: &str) -> Option<String> {
        let name = name
            .strip_prefix("GLOBAL(")
            .map_or(name, |name| name.trim_end_matches(')'));
        let mut parts = name.split(':');
        let name = parts.next().unwrap_or(name);
        let value = match name {
            // The digits behind a pattern are not known.
            "EXTEN" if extension.starts_with('_') => return None,
            "EXTEN" => extension,
            "CONTEXT" => context,
            name => match self.variables.get(&name.to_uppercase()) {
                Some(value) => value,
                // What a subroutine is not given is empty.
                None if is_argument(name) && !self.frames.is_empty() => "",
                None => return None,
            },
        };
        let chars: Vec<char> = value.chars().collect();
        let number = |part: Option<&str>| part.and_then(|part| part.trim().parse::<i64>().ok());
        let size = chars.len() as i64;
        let offset = number(parts.next()).unwrap_or(0);
        let start = if offset < 0 {
            size.saturating_add(offset)
        } else {
            offset
        };
        let start = start.clamp(0, size);
        let end = match number(parts.next()) {
            Some(length) if length < 0 => size.saturating_add(length),
            Some(length) => start.saturating_add(length),
            None => size,
        };
        let end = end.clamp(start, size);
        Some(chars[start as usize..end as usize].iter().collect())
    }
}

/// `ARG1` and its like.
fn is_argument(name: &str) -> bool {
    let number = name.strip_prefix("ARG");
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|c| c.is_ascii_digit()))
}

/// Whether a condition holds, where both of its sides are known: `$["a" = "b"]`.
pub(super) fn holds(condition: &str) -> Option<bool> {
    let condition = condition.trim();
    if condition.contains("${") {
        return None;
    }
    let Some(inner) = condition
        .strip_prefix("$[")
        .and_then(|at| at.strip_suffix(']'))
    else {
        return condition.parse::<i64>().ok().map(|number| number != 0);
    };
    if inner.contains(['|', '&', '$']) {
        return None;
    }
    let plain = |side: &str| side.trim().trim_matches('"').to_owned();
    if let Some((one, other)) = inner.split_once("!=") {
        return Some(plain(one) != plain(other));
    }
    let (one, other) = inner.split_once('=')?;
    let is_equal = !one.trim_end().ends_with(['<', '>']);
    is_equal.then(|| plain(one) == plain(other.trim_start_matches('=')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_filled_in_where_they_are_known() {
        let globals = BTreeMap::from([("OPT".to_owned(), ",30".to_owned())]);
        let mut known = Known::new(&globals);
        known.set("__who", "anna");
        let fill = |text| known.fill(text, "desk", "2565551106");
        assert_eq!(fill("PJSIP/${EXTEN:6}${OPT}"), "PJSIP/1106,30");
        assert_eq!(
            fill("${EXTEN:-4} ${EXTEN:0:3} ${CONTEXT} ${WHO}"),
            "1106 256 desk anna"
        );
        assert_eq!(
            fill("${CUT(${EXTEN},5,1)} ${NOBODY}"),
            "${CUT(2565551106,5,1)} ${NOBODY}"
        );
        assert_eq!(known.fill("${EXTEN}", "desk", "_11XX"), "${EXTEN}");
        assert_eq!(fill("} ${ }"), "} ${ }");
    }

    #[test]
    fn conditions_are_decided_where_both_sides_are_known() {
        assert_eq!(holds("$[\"NOANSWER\" = \"BUSY\"]"), Some(false));
        assert_eq!(holds("$[a != b]"), Some(true));
        assert_eq!(holds("1"), Some(true));
        assert_eq!(holds("$[${X} = 1]"), None);
        assert_eq!(holds("$[3 >= 2]"), None);
    }
}
