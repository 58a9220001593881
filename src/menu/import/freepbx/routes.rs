//! Inbound routes: which calls come to the line, and which do not.

use super::super::asterisk::dialplan::Dialplan;
use super::super::asterisk::dialplan::Position;
use super::super::draft::Draft;
use super::super::number;
use super::tables::Row;
use super::tables::Tables;

/// Settings of a route, each with what it does; no step does it.
const SETTINGS: [(&str, &str); 6] = [
    ("alertinfo", "telephones are told how to ring (alertinfo)"),
    (
        "grppre",
        "the caller's name is written with something before it (grppre)",
    ),
    (
        "privacyman",
        "callers who withhold their number are asked for it (privacyman)",
    ),
    (
        "delay_answer",
        "the call is answered some seconds later (delay_answer)",
    ),
    (
        "mohclass",
        "callers wait to music of the route's own (mohclass): see `music` of [defaults]",
    ),
    (
        "language",
        "callers hear a language of the route's own (language): see `languages`",
    ),
];

impl Tables {
    /// Where the first inbound route leads that leads to one of these places. The numbers of all routes
    /// that lead there are the line's; of the others something is said.
    pub(super) fn inbound(&self, plan: &Dialplan, draft: &mut Draft) -> Option<Position> {
        let routes = self.rows("incoming");
        let (start, first) = routes.iter().find_map(|row| {
            let written = row.cell("destination");
            let destination = self.destination(written);
            let context = destination.split(',').next().unwrap_or("");
            let start = Position {
                context: context.to_owned(),
                extension: "s".to_owned(),
                priority: 1,
            };
            plan.line(&start).is_some().then_some((start, written))
        })?;
        for row in routes {
            match row.cell("destination") == first {
                true => self.route(row, draft),
                false => {
                    let note = format!(
                        "the inbound route {} leads to {}, and not to this line",
                        named(row),
                        row.cell("destination")
                    );
                    draft.tally.elsewhere(&row.place, 1, note);
                }
            }
        }
        Some(start)
    }

    /// A route that leads to the line.
    fn route(&self, row: &Row, draft: &mut Draft) {
        draft.tally.convert(&row.place);
        let dialled = row.cell("extension");
        let (caller, name) = (row.cell("cidnum"), named(row));
        let known = number::dialable(dialled).filter(|_| caller.is_empty());
        let todo = match (known, dialled) {
            (Some(number), _) => {
                if !draft.numbers.contains(&number) {
                    draft.numbers.push(number);
                }
                None
            }
            (None, _) if !caller.is_empty() => Some(format!(
                "the inbound route {name} is only for calls from {caller}: a line takes all calls of its \
                 numbers"
            )),
            (None, "") => Some(format!(
                "the inbound route {name} takes calls to any number: write yours out in `numbers`"
            )),
            (None, _) => Some(format!(
                "the inbound route {name} is a pattern: write the numbers that it stands for out in \
                 `numbers`"
            )),
        };
        if let Some(todo) = todo {
            draft.tally.approximate(&row.place, &todo);
            draft.todos.push(todo);
        }
        for (column, what) in SETTINGS {
            if row.is_on(column) && row.cell(column) != "default" {
                draft
                    .tally
                    .approximate(&row.place, format!("{what}; that is not carried over"));
            }
        }
        let module = self.rows("callrecording_module").iter();
        let mut modes =
            module.filter(|at| at.cell("display") == "did" && at.cell("extension") == dialled);
        if let Some(mode) = modes.find(|at| at.cell("cidnum") == caller) {
            let mode = mode.cell("callrecording");
            if super::passing::records(mode) == Some(true) {
                let todo = format!(
                    "the inbound route {name} has its calls recorded ({mode}): set recording = \"always\" \
                     in [defaults]"
                );
                draft.tally.approximate(&row.place, &todo);
                draft.todos.push(todo);
            }
        }
    }
}

/// How people know a route: by the number that is dialled, and what was written beside it.
fn named(row: &Row) -> String {
    let dialled = match row.cell("extension") {
        "" => "of any number",
        dialled => dialled,
    };
    match row.cell("description") {
        "" => dialled.to_owned(),
        description => format!("{dialled} (\"{description}\")"),
    }
}
