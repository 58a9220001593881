//! The same scenario with other head counts: the same callers, and as many agents as are to be tried.

use super::model::Model;
use super::scenario::BASE;
use super::scenario::ScenarioFile;
use super::staff::Staff;
use super::steady;
use super::study::Cases;
use super::study::Unmanned;
use super::worker::Worker;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::source::Sources;
use std::path::Path;

/// A case of a study whose people are to be exchanged.
#[derive(Debug)]
pub struct Hiring<'c> {
    unmanned: Unmanned,
    /// With its own people, and its calls scaled.
    case: &'c Model,
    seed: u64,
    sources: &'c mut Sources,
}

impl<'c> Hiring<'c> {
    /// The case of this name, of a study that was loaded from this file and whose calls are scaled. None
    /// where there is no such case.
    pub fn new(
        path: &Path,
        (name, cases): (&str, &'c Cases),
        seed: u64,
        sources: &'c mut Sources,
    ) -> Option<Self> {
        // What is wrong or doubtful was told when the study was loaded.
        let mut told = Diagnostics::default();
        let mut file = ScenarioFile::read(path, sources, &mut told)?;
        let (_, case) = cases.all().find(|(known, _)| *known == name)?;
        if name != BASE {
            let mut what_ifs = file.what_ifs.iter();
            file = file.with(what_ifs.position(|what_if| what_if.name == name)?, sources);
        }
        let mut of_scenario = Diagnostics::default();
        let unmanned = Unmanned::read(&file, None, sources, (&mut told, &mut of_scenario))?;
        Some(Self {
            unmanned,
            case,
            seed,
            sources,
        })
    }

    /// The case as it is written.
    pub fn case(&self) -> &'c Model {
        self.case
    }

    /// The same with so many people.
    pub fn with(&mut self, staff: &Staff) -> Model {
        self.manned(self.unmanned.with(staff))
    }

    /// The same with these people.
    pub fn with_people(&mut self, workers: Vec<Worker>) -> Model {
        self.manned(self.unmanned.with_people(workers))
    }

    fn manned(&mut self, unmanned: Unmanned) -> Model {
        let manned = unmanned.manned(self.sources, &mut Diagnostics::default());
        let mut model = manned.expect("what compiles with some people does with others");
        model.first_attempts.clone_from(&self.case.first_attempts);
        model.settle(steady::find(&model, self.seed));
        model
    }
}
