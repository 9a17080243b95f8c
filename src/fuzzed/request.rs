//! One callback as bytes that a person can read and a fuzzer can change: the query, headers, an empty line, the body.

use crate::callback::{AppClaim, Callback, Query, claimed_app, parse};

/// A request as its bytes tell it.
#[derive(Clone, Debug, Default)]
pub(super) struct Request {
    /// The first line, without a question mark.
    pub(super) query: Vec<u8>,
    /// The other lines before the empty one.
    pub(super) head: Vec<Vec<u8>>,
    /// Everything after it; all of it where there is none.
    pub(super) body: Vec<u8>,
}

impl Request {
    /// Reads any bytes.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let Some(at) = bytes.windows(2).position(|two| two == b"\n\n") else {
            return Self { body: bytes.to_vec(), ..Self::default() };
        };
        let (head, rest) = bytes.split_at(at);
        let mut lines = head.split(|byte| *byte == b'\n').map(<[u8]>::to_vec);
        Self {
            query: lines.next().unwrap_or_default(),
            head: lines.collect(),
            body: rest.get(2..).unwrap_or_default().to_vec(),
        }
    }

    /// The bytes that give this request.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut lines = vec![self.query.clone()];
        lines.extend(self.head.iter().cloned());
        let mut bytes = lines.join(&b'\n');
        bytes.extend_from_slice(b"\n\n");
        bytes.extend_from_slice(&self.body);
        bytes
    }

    /// The query as text.
    pub(super) fn query(&self) -> String {
        String::from_utf8_lossy(&self.query).into_owned()
    }

    /// The headers as they would be kept.
    pub(super) fn headers(&self) -> Vec<(String, String)> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        let header = |line: &Vec<u8>| {
            let at = line.iter().position(|byte| *byte == b':')?;
            let (name, value) = line.split_at(at);
            Some((text(name).to_ascii_lowercase(), text(value.get(1..)?)))
        };
        self.head.iter().filter_map(header).collect()
    }

    /// What the parser makes of it.
    pub(super) fn parse(&self) -> Callback {
        parse(&Query::parse(&self.query()), &self.headers(), &self.body)
    }

    /// The application that it names; the first where it names several, empty where it names none.
    pub(super) fn app(&self) -> String {
        match claimed_app(&Query::parse(&self.query()), &self.headers()) {
            AppClaim::One(app) => app,
            AppClaim::Absent => String::new(),
            AppClaim::Conflict(apps) => apps.into_iter().next().unwrap_or_default(),
        }
    }
}
