//! `docs/LINE.md`: every field of a line, from the shapes by which lines are read.

use std::fmt::Write as _;
use std::fs;
use strowger::menu::schema::Field;
use strowger::menu::schema::NAMES;
use strowger::menu::schema::Of;
use strowger::menu::schema::Shape;
use strowger::menu::schema::Type;
use strowger::menu::schema::Usual;
use strowger::menu::schema::line::LINE;

const PAGE: &str = "docs/LINE.md";
/// What stands above the tables.
const ABOVE: &str = include_str!("line.md");

/// The shapes of all tables of a line: each before those inside it, and each once.
pub(super) fn shapes() -> Vec<&'static Shape> {
    let mut shapes = Vec::new();
    add(&LINE, &mut shapes);
    shapes
}

fn add(shape: &'static Shape, shapes: &mut Vec<&'static Shape>) {
    if shapes.iter().any(|known| known.name == shape.name) {
        return;
    }
    shapes.push(shape);
    for field in shape.fields {
        if let Some(inner) = shape.inner(field.name) {
            add(inner, shapes);
        }
    }
}

/// What a field holds, in a few words.
fn holds(of: &Type) -> String {
    match of {
        Type::Words | Type::Label => "words".to_owned(),
        Type::Address => "an address".to_owned(),
        Type::Name(of) => name(*of).to_owned(),
        Type::Word(words) => {
            let words = words.iter().map(|word| format!("`\"{word}\"`"));
            words.collect::<Vec<_>>().join(", ")
        }
        Type::Integer(least, most) if least == most => format!("`{least}`"),
        Type::Integer(least, most) => format!("{least} to {most}"),
        Type::Number(least, most) => format!("{least} to {most}"),
        Type::Boolean => "`true` or `false`".to_owned(),
        Type::Duration(least, most) => format!("`\"{least}\"` to `\"{most}\"`"),
        Type::Date => "a day".to_owned(),
        Type::List(of) => format!("a list: {}", holds(of)),
        Type::Table(shape) => format!("[{}](#{})", shape.name, shape.name),
        Type::Map(NAMES, of) => format!("by name: {}", holds(of)),
        Type::By(Of::Language, of) => format!("by language: {}", holds(of)),
        Type::Map(_, of) => format!("for each: {}", holds(of)),
        Type::Either(types) => {
            let mut all: Vec<String> = types.iter().map(holds).collect();
            all.dedup();
            all.join(", or ")
        }
        _ => "text".to_owned(),
    }
}

fn name(of: Of) -> &'static str {
    match of {
        Of::Step => "a step",
        Of::Queue => "a queue",
        Of::Group => "a group",
        Of::Calendar => "a calendar",
        Of::Language => "a language",
        Of::TimeZone => "a time zone",
        Of::Value => "a saved value",
        Of::PauseReason => "a reason",
        Of::Number => "an entry",
        other => panic!("{other:?} is new on this page"),
    }
}

fn usual(field: &Field) -> String {
    match field.usual {
        None => "**has to be there**".to_owned(),
        Some(Usual::Means(means)) => means.to_owned(),
        Some(Usual::English(text)) => format!("“{text}”"),
        Some(usual) => format!("`{}`", usual.value()),
    }
}

fn page() -> String {
    let mut page = ABOVE.to_owned();
    for shape in shapes() {
        let _ = write!(page, "\n## {}\n\n{}\n\n", shape.name, shape.doc);
        page += "| field | holds | unless set | |\n|---|---|---|---|\n";
        for field in shape.fields {
            let cells = [&holds(&field.holds), &usual(field), field.doc];
            let cells = cells.map(|cell| cell.replace('|', "\\|")).join(" | ");
            let _ = writeln!(page, "| `{}` | {cells} |", field.name);
        }
    }
    page
}

/// `SNAPSHOTS=overwrite cargo test --test schema` makes it anew.
#[test]
fn the_page_of_all_fields_is_that_of_the_reader() {
    let now = page();
    if std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite") {
        fs::write(PAGE, &now).expect("the page can be written");
    }
    let kept = fs::read_to_string(PAGE).unwrap_or_default();
    assert!(kept == now, "{PAGE} is old");
}
