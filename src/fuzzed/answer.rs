//! Any answer in the place of Tencent's.

pub(super) use crate::tencent::any_answer::check;
