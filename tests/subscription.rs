//! Choosing what Tencent sends, from the API of the window to the sandbox and back to the list of calls. Calltrail knows
//! nothing of the sandbox but its address and the key.

mod choosing;
mod demo;
mod drift;
mod signing;
mod team;
