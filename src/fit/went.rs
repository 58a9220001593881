//! Where calls went, by numbers: their lines and queues are named in very many records.

use std::collections::BTreeMap;

/// The most queues that are told apart here; calls to others count as to none.
const QUEUES_MAX: usize = 50_000;

/// Lines, each with the queues in which its calls waited last; a queue without a name is none.
#[derive(Debug, Default)]
pub(super) struct Went {
    numbers: BTreeMap<String, BTreeMap<String, u16>>,
    names: Vec<(String, String)>,
}

impl Went {
    pub(super) fn way(&mut self, line: &str, queue: Option<&str>) -> u16 {
        let queue = queue.unwrap_or("");
        let known = |went: &Self, queue| went.numbers.get(line)?.get(queue).copied();
        if let Some(way) = known(self, queue) {
            return way;
        }
        if self.names.len() < QUEUES_MAX {
            return self.add(line, queue);
        }
        known(self, "").unwrap_or_else(|| self.add(line, ""))
    }

    fn add(&mut self, line: &str, queue: &str) -> u16 {
        let way = u16::try_from(self.names.len()).expect("few lines, and a limit for queues");
        let queues = self.numbers.entry(line.to_owned()).or_default();
        queues.insert(queue.to_owned(), way);
        self.names.push((line.to_owned(), queue.to_owned()));
        way
    }

    pub(super) fn at(&self, way: u16) -> (&str, Option<&str>) {
        let (line, queue) = &self.names[usize::from(way)];
        (line, Some(queue.as_str()).filter(|queue| !queue.is_empty()))
    }
}
