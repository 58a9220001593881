//! `strowger graph`: a line as a chart.

use super::Exit;
use super::output;
use crate::menu::chart;
use crate::menu::compile_chart;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::source::Sources;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Graph {
    /// The line.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// How to draw it.
    #[arg(long, value_enum, default_value = "svg")]
    format: GraphFormat,
}

/// How a chart is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum GraphFormat {
    /// A picture to put on the wall, for browsers and printers.
    Svg,
    /// For Graphviz.
    Dot,
    /// For Mermaid, which Markdown viewers draw.
    Mermaid,
    /// For programs.
    Json,
}

impl Graph {
    pub(super) fn run(self) -> Exit {
        let (mut sources, mut problems) = (Sources::default(), Diagnostics::default());
        let chart = compile_chart(self.file, &mut sources, &mut problems);
        let Some(chart) = chart else {
            return output::report(&problems, &sources);
        };
        output::print(&match self.format {
            GraphFormat::Svg => chart::svg(&chart),
            GraphFormat::Dot => chart::dot(&chart),
            GraphFormat::Mermaid => chart::mermaid(&chart),
            GraphFormat::Json => {
                let json = serde_json::to_string_pretty(&chart).expect("a chart is plain data");
                format!("{json}\n")
            }
        });
        Exit::Fine
    }
}
