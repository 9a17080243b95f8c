//! Which parts a workbook has: its sheets in order, its strings, its styles.

use super::{
    super::Unreadable,
    archive::Archive,
    numbers::Epoch,
    xml::{Node, each},
};

/// No workbook has more, and each is a part that is opened.
const MOST_SHEETS: usize = 1024;

/// The parts that matter.
pub(super) struct Package {
    /// Those that are seen before those that are hidden.
    pub(super) sheets: Vec<Sheet>,
    pub(super) strings: Option<String>,
    pub(super) styles: Option<String>,
    pub(super) epoch: Epoch,
}

/// A sheet.
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) part: String,
}

struct Relationship {
    id: String,
    kind: String,
    part: String,
}

struct Listed {
    name: String,
    relationship: String,
    is_hidden: bool,
}

impl Package {
    pub(super) fn read(archive: &Archive<'_>) -> Result<Self, Unreadable> {
        let root = relationships(archive, "")?;
        let workbook = root.into_iter().find(|one| one.is("officeDocument")).map(|one| one.part);
        let workbook = workbook.unwrap_or_else(|| "xl/workbook.xml".to_owned());
        if archive.part(&workbook)?.is_none() {
            return Err(Unreadable::NotWorkbook);
        }
        let (mut listed, mut epoch) = (Vec::new(), Epoch::default());
        each(archive, &workbook, |node| {
            match node {
                Node::Start("workbookPr", attributes) if attributes.is_on("date1904") => epoch = Epoch::Of1904,
                Node::Start("sheet", attributes) if listed.len() < MOST_SHEETS => listed.push(Listed {
                    name: attributes.get("name").unwrap_or_default(),
                    relationship: attributes.get("id").unwrap_or_default(),
                    is_hidden: attributes.get("state").is_some_and(|state| state != "visible"),
                }),
                _ => {}
            }
            Ok(())
        })?;
        if listed.is_empty() {
            return Err(Unreadable::NotWorkbook);
        }
        listed.sort_by_key(|sheet| sheet.is_hidden);
        let all = relationships(archive, &workbook)?;
        let part = |kind| all.iter().find(|one| one.is(kind)).map(|one| one.part.clone());
        let sheets = listed.into_iter().filter_map(|Listed { name, relationship, .. }| {
            let one = all.iter().find(|one| one.id == relationship && one.is("worksheet"))?;
            Some(Sheet { name, part: one.part.clone() })
        });
        Ok(Self { sheets: sheets.collect(), strings: part("sharedStrings"), styles: part("styles"), epoch })
    }
}

impl Relationship {
    /// The kind is an address, of which there are two families.
    fn is(&self, kind: &str) -> bool {
        self.kind.rsplit('/').next() == Some(kind)
    }
}

/// What a part refers to.
fn relationships(archive: &Archive<'_>, part: &str) -> Result<Vec<Relationship>, Unreadable> {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    let of = resolved(folder, &format!("_rels/{file}.rels"));
    let mut all = Vec::new();
    each(archive, &of, |node| {
        if let Node::Start("Relationship", attributes) = node
            && all.len() < 2 * MOST_SHEETS
        {
            all.push(Relationship {
                id: attributes.get("Id").unwrap_or_default(),
                kind: attributes.get("Type").unwrap_or_default(),
                part: resolved(folder, &attributes.get("Target").unwrap_or_default()),
            });
        }
        Ok(())
    })?;
    Ok(all)
}

/// A path as seen from a folder.
fn resolved(folder: &str, path: &str) -> String {
    let path = path.replace('\\', "/");
    let mut names: Vec<&str> = if path.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for name in path.split('/') {
        match name {
            ".." => drop(names.pop()),
            name => names.push(name),
        }
    }
    names.retain(|name| !matches!(*name, "" | "."));
    names.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_seen_from_their_folder() {
        for (folder, path, want) in [
            ("xl", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl", "/xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl", "..\\xl\\styles.xml", "xl/styles.xml"),
            ("", "xl/workbook.xml", "xl/workbook.xml"),
            ("xl", "../../../a", "a"),
            ("", "_rels/.rels", "_rels/.rels"),
        ] {
            assert_eq!(resolved(folder, path), want, "{path} in {folder:?}");
        }
    }
}
