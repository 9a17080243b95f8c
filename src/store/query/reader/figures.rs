//! Figures, as the API and the command line ask for them.

use crate::store::error::Error;
use crate::store::filter::Filter;
use crate::store::query::figures::{self, Question};
use crate::store::query::reader::Reader;
use crate::store::rows::{Comparison, Figures};
use crate::zone::Zone;

impl Reader {
    /// Figures of the calls that a filter finds, by the days and hours of a zone, beside those of an earlier period.
    pub fn figures(
        &self,
        filter: &Filter,
        zone: &Zone,
        compared: Option<Comparison>,
        now_ms: i64,
    ) -> Result<Figures, Error> {
        let question = Question { filter, zone, compared, now_ms };
        self.in_snapshot(|reader| figures::of_calls(reader.connection(), &question))
    }

    /// The same of those calls that a person was in, by any of the account ids; none of whom nobody ever heard.
    pub fn person_figures(
        &self,
        user: &str,
        filter: &Filter,
        zone: &Zone,
        compared: Option<Comparison>,
        now_ms: i64,
    ) -> Result<Option<Figures>, Error> {
        let question = Question { filter, zone, compared, now_ms };
        self.in_snapshot(|reader| figures::of_person(reader.connection(), user, &question))
    }
}
