//! Who is on duty: a file of head counts, or the same people all the time.

use super::LENGTH_MAX;
use super::arrivals::Arrivals;
use super::check::Check;
use super::check::key_place;
use super::names::Names;
use super::what_if::WhatIf;
use crate::exchange::time::Span;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::fields::Fields;
use crate::menu::tree::Data;
use crate::menu::tree::Name;
use crate::sim::staff::AGENTS_MAX;
use crate::sim::staff::Staff;

/// Reads `staff`, a file's name or a table.
pub(super) fn read(
    root: &mut Fields<'_>,
    arrivals: Option<&Arrivals>,
    check: &mut Check<'_>,
) -> Option<Staff> {
    let length = arrivals.map_or(LENGTH_MAX, |arrivals| arrivals.length);
    let staff = match root.value("staff").map(|value| &value.data) {
        Some(Data::Table(_)) => constant(root.section("staff"), length, check)?,
        Some(_) => {
            let name = root.text("staff")?;
            let path = check.beside(&name.text);
            let start = arrivals.map(|arrivals| arrivals.start);
            let names = &check.names;
            Staff::read(&path, &name.place, start, names, check.sources, check.out)?
        }
        None if check.names.dialplan.queues.is_empty() => Staff::constant(length, Vec::new()),
        // Refused already.
        None if root.value("roster").is_some() => return None,
        None => {
            let help = "name a file of head counts: `staff = \"staff.csv\"`; \
                        or, for a steady state, write `[staff]`";
            root.missing("staff", help);
            return None;
        }
    };
    if arrivals.is_some() {
        gaps(&staff, length, root, check.names);
    }
    Some(staff)
}

/// Adds the people of a what-if.
pub(super) fn add_agents(
    what_if: &WhatIf,
    staff: &mut Staff,
    root: &mut Fields<'_>,
    names: Names<'_>,
) {
    for (name, heads) in &what_if.add_agents {
        match names.group(&name.text) {
            Some(group) => staff.add(group, *heads),
            None => root.push(unknown_group(name, names)),
        }
    }
}

/// None when a group is unknown: a warning that nobody is in another would only confuse.
fn constant(mut table: Fields<'_>, length: Span, check: &mut Check<'_>) -> Option<Staff> {
    let mut heads = Some(Vec::new());
    for entry in table.entries() {
        let count = table.integer(&entry.key.text, 0..=i64::from(AGENTS_MAX));
        let group = check.names.group(&entry.key.text);
        if group.is_none() {
            table.push(unknown_group(&entry.key, check.names));
        }
        match (&mut heads, group, count) {
            (Some(heads), Some(group), Some(count)) => heads.push((group, count as u32)),
            _ => heads = None,
        }
    }
    table.finish(check.out);
    Some(Staff::constant(length, heads?))
}

fn unknown_group(name: &Name, names: Names<'_>) -> Diagnostic {
    let message = format!("no group is called \"{}\"", name.text);
    Diagnostic::error("unknown-group", name.place.clone(), message)
        .suggest(&name.text, names.groups())
}

/// Warns of queues for whose group nobody ever comes, and of a day that is longer than the staff.
fn gaps(staff: &Staff, length: Span, root: &mut Fields<'_>, names: Names<'_>) {
    let place = key_place(root, "staff");
    for queue in &names.dialplan.queues {
        if !staff.has(queue.group) {
            let group = &names.dialplan.group(queue.group).name;
            let message = format!(
                "nobody is ever on duty in group \"{group}\", which answers the queue \"{}\"",
                queue.name
            );
            let warning = Diagnostic::warning("group-without-staff", place.clone(), message);
            root.push(warning);
        }
    }
    if staff.end() < length {
        let message = "the staff file ends before the forecast does: nobody is on duty then";
        root.push(Diagnostic::warning("staff-ends-early", place, message));
    }
}
