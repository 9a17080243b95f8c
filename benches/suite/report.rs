//! What was found: kept as `benches/results.json`, so that parts that were not run keep their rows, and shown as
//! `benches/README.md`.

use std::{collections::BTreeMap, fs, path::PathBuf};

use serde::{Deserialize, Serialize};

use crate::{Outcome, PARTS, machine::Run};

const INTRODUCTION: &str = include_str!("introduction.md");

/// What one part found.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Findings {
    pub(crate) aims: Vec<Aim>,
    pub(crate) tables: Vec<Table>,
    /// Sentences under the tables.
    pub(crate) notes: Vec<String>,
}

/// A figure that is to be reached, beside the one that was.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Aim {
    what: String,
    aim: String,
    measured: String,
    met: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Table {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Findings {
    pub(crate) fn aim(&mut self, what: impl Into<String>, aim: &str, measured: String, met: bool) {
        let what = what.into();
        println!("  {what}: aim {aim}, measured {measured}: {}", yes_or_no(met));
        self.aims.push(Aim { what, aim: aim.to_owned(), measured, met });
    }

    pub(crate) fn note(&mut self, sentence: impl Into<String>) {
        self.notes.push(sentence.into());
    }
}

impl Table {
    pub(crate) fn new(columns: &[&str]) -> Self {
        println!("  {}", columns.join(" | "));
        Self { columns: columns.iter().map(|&name| name.to_owned()).collect(), rows: Vec::new() }
    }

    /// A row is shown at once, so that somebody who waits sees how far it is.
    pub(crate) fn row(&mut self, cells: Vec<String>) {
        println!("  {}", cells.join(" | "));
        self.rows.push(cells);
    }

    fn rendered(&self) -> String {
        let line = |cells: &[String]| format!("| {} |\n", cells.iter().map(escaped).collect::<Vec<_>>().join(" | "));
        // The first column is words, the others are figures.
        let rule = format!("| --- |{}\n", " ---: |".repeat(self.columns.len().saturating_sub(1)));
        let rows: String = self.rows.iter().map(|row| line(row)).collect();
        format!("{}{rule}{rows}", line(&self.columns))
    }
}

/// A part's findings, and the run that made them.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Section {
    run: Run,
    findings: Findings,
}

/// The newest findings of each part, by its name.
#[derive(Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Report(BTreeMap<String, Section>);

impl Report {
    /// The findings of earlier runs; none where there are none yet.
    pub(crate) fn read() -> Outcome<Self> {
        match fs::read(in_benches("results.json")) {
            Ok(bytes) => Ok(serde_json::from_slice(&bytes)
                .map_err(|why| format!("benches/results.json cannot be read ({why}); restore or remove it."))?),
            Err(_) => Ok(Self::default()),
        }
    }

    /// Puts a part's findings in the place of its earlier ones, and writes both files.
    pub(crate) fn put(&mut self, part: &str, run: &Run, findings: Findings) -> Outcome<()> {
        self.0.insert(part.to_owned(), Section { run: run.clone(), findings });
        fs::write(in_benches("results.json"), serde_json::to_string_pretty(self)? + "\n")?;
        fs::write(in_benches("README.md"), self.rendered())?;
        Ok(())
    }

    fn rendered(&self) -> String {
        let newest = self.0.values().map(|section| &section.run).max_by(|a, b| a.date.cmp(&b.date));
        let misses = fs::read_to_string(in_benches("misses.md")).unwrap_or_default();
        let mut text = format!("{INTRODUCTION}\n## The aims\n\n{}\n{misses}", self.aims());
        if let Some(run) = newest {
            let mut table = "\n## The machine\n\n| | |\n| --- | --- |\n".to_owned();
            for (name, value) in &run.machine {
                table.push_str(&format!("| {name} | {} |\n", escaped(value)));
            }
            text.push_str(&table);
        }
        for part in &PARTS {
            let Some(section) = self.0.get(part.name) else { continue };
            text.push_str(&format!("\n## {}\n\n{}\n", part.title, part.about.trim()));
            for table in &section.findings.tables {
                text.push_str(&format!("\n{}", table.rendered()));
            }
            if !section.findings.notes.is_empty() {
                text.push('\n');
            }
            for note in &section.findings.notes {
                text.push_str(&format!("- {note}\n"));
            }
            text.push_str(&format!("\n{}\n", section.run.line(newest)));
        }
        text
    }

    fn aims(&self) -> String {
        let sections = PARTS.iter().filter_map(|part| Some((part.name, self.0.get(part.name)?)));
        let rows = sections.flat_map(|(name, section)| {
            section.findings.aims.iter().map(move |aim| {
                let met = yes_or_no(aim.met);
                format!("| {name} | {} | {} | {} | {met} |\n", escaped(&aim.what), aim.aim, escaped(&aim.measured))
            })
        });
        format!(
            "| part | what | aim | measured | met |\n| --- | --- | ---: | ---: | --- |\n{}",
            rows.collect::<String>()
        )
    }
}

fn yes_or_no(met: bool) -> &'static str {
    if met { "yes" } else { "**no**" }
}

/// A bar would end the cell.
fn escaped(text: impl AsRef<str>) -> String {
    text.as_ref().replace('|', "\\|")
}

fn in_benches(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("benches").join(name)
}
