//! The texts that cells share, and what is special in the text of a workbook.

use super::{
    super::Unreadable,
    archive::Archive,
    xml::{Node, each},
};

/// All texts behind one another.
#[derive(Default)]
pub(super) struct Strings {
    text: String,
    ends: Vec<usize>,
}

impl Strings {
    /// A text by its number, from 0.
    pub(super) fn get(&self, number: usize) -> Option<&str> {
        let end = *self.ends.get(number)?;
        let start = number.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.text.get(start..end)
    }
}

/// Takes the text of a cell from its runs, without the pronunciation that Japanese Excel keeps beside it.
#[derive(Default)]
pub(super) struct Runs {
    is_text: bool,
    is_phonetic: bool,
}

impl Runs {
    pub(super) fn on(&mut self, node: &Node<'_>, text: &mut String) {
        match node {
            Node::Start("rPh", _) => self.is_phonetic = true,
            Node::End("rPh") => self.is_phonetic = false,
            Node::Start("t", _) => self.is_text = true,
            Node::End("t") => self.is_text = false,
            Node::Text(piece) if self.is_text && !self.is_phonetic => text.push_str(piece),
            _ => {}
        }
    }
}

/// Reads no more than `most` texts: each takes some memory, even when there is nothing in it.
pub(super) fn read(archive: &Archive<'_>, part: &str, most: usize) -> Result<Strings, Unreadable> {
    let mut strings = Strings::default();
    let (mut runs, mut one) = (Runs::default(), String::new());
    each(archive, part, |node| {
        match &node {
            Node::Start("si", _) => one.clear(),
            Node::End("si") => {
                if strings.ends.len() >= most {
                    return Err(Unreadable::TooManyCells);
                }
                strings.text.push_str(&unescaped(&one));
                strings.ends.push(strings.text.len());
            }
            node => runs.on(node, &mut one),
        }
        Ok(())
    })?;
    Ok(strings)
}

/// Characters that XML cannot hold are written as `_x000D_`, and `_x005F_` stands for the `_` of a text like that.
pub(super) fn unescaped(text: &str) -> String {
    let mut read = String::with_capacity(text.len());
    let mut units: Vec<u16> = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some((unit, behind)) = escape(rest) {
            units.push(unit);
            rest = behind;
            continue;
        }
        read.push_str(&String::from_utf16_lossy(&units));
        units.clear();
        read.push(c);
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    read.push_str(&String::from_utf16_lossy(&units));
    read
}

fn escape(text: &str) -> Option<(u16, &str)> {
    let digits = text.strip_prefix("_x")?;
    let (digits, behind) = digits.split_at_checked(4)?;
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let unit = u16::from_str_radix(digits, 16).ok().filter(|_| is_hex)?;
    Some((unit, behind.strip_prefix('_')?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_characters() {
        for (text, want) in [
            ("a_x000D_\nb", "a\r\nb"),
            ("_x005F_x000D_", "_x000D_"),
            ("_xD83D__xDE00_", "😀"),
            ("_xD83D_", "\u{fffd}"),
            ("_x00_ _x000G_ _x+00D_ user_x0001", "_x00_ _x000G_ _x+00D_ user_x0001"),
            ("张_x", "张_x"),
        ] {
            assert_eq!(unescaped(text), want, "{text}");
        }
    }
}
