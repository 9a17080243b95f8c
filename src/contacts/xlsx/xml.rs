//! The XML of a part, one piece after the other.

use std::io;

use quick_xml::{
    Error, Reader,
    escape::resolve_xml_entity,
    events::{BytesStart, Event},
};

use super::{
    super::Unreadable,
    archive::{Archive, Part},
};

/// A piece of XML. Names are without their prefix.
pub(super) enum Node<'a> {
    /// An element begins.
    Start(&'a str, Attributes<'a>),
    /// An element ends.
    End(&'a str),
    /// Text, of which there may be several pieces in an element.
    Text(&'a str),
}

/// The attributes of an element.
pub(super) struct Attributes<'a>(&'a BytesStart<'a>);

impl Attributes<'_> {
    /// The value of one, by its name without prefix.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let mut all = self.0.attributes();
        let attribute =
            all.with_checks(false).flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
        attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
    }

    /// The value of one that is a number.
    pub(super) fn number(&self, name: &str) -> Option<u32> {
        self.get(name)?.parse().ok()
    }

    /// True for one that is switched on.
    pub(super) fn is_on(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| value == "1" || value == "true")
    }
}

/// Gives every piece of a part to `on`. A part that is not there has none.
pub(super) fn each(
    archive: &Archive<'_>,
    name: &str,
    mut on: impl FnMut(Node<'_>) -> Result<(), Unreadable>,
) -> Result<(), Unreadable> {
    let Some(part) = archive.part(name)? else { return Ok(()) };
    let mut reader: Reader<Part<'_>> = Reader::from_reader(part);
    reader.config_mut().expand_empty_elements = true;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|why| failed(name, &why))? {
            Event::Start(start) => on(Node::Start(start.local_name().as_ref(), Attributes(&start)))?,
            Event::End(end) => on(Node::End(end.local_name().as_ref()))?,
            Event::Text(text) => on(Node::Text(&text.xml10_content()))?,
            Event::CData(text) => on(Node::Text(&text.xml10_content()))?,
            Event::GeneralRef(reference) => {
                let damaged = || Unreadable::damaged(name);
                match reference.resolve_char_ref().map_err(|_| damaged())? {
                    Some(c) => on(Node::Text(c.encode_utf8(&mut [0; 4])))?,
                    // Entities that a document declares itself are in no workbook, only in attacks.
                    None => on(Node::Text(resolve_xml_entity(reference.as_ref()).ok_or_else(damaged)?))?,
                }
            }
            Event::Eof => return Ok(()),
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
}

fn failed(part: &str, why: &Error) -> Unreadable {
    match why {
        Error::Io(why) if why.kind() == io::ErrorKind::FileTooLarge => Unreadable::UnpacksTooLarge,
        _ => Unreadable::damaged(part),
    }
}
