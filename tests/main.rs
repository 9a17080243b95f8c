//! The integration tests of the library and the command, in one program so that they link once.

// Said again although a test program is nothing else: clippy allows unwrap and expect where it sees this.
#[cfg(test)]
mod api;
#[cfg(test)]
mod architecture;
#[cfg(test)]
mod commands;
#[cfg(test)]
#[cfg(unix)]
mod durability;
#[cfg(test)]
mod forward;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod hostile;
#[cfg(test)]
mod links;
#[cfg(test)]
mod listener;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod process;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod sandbox;
#[cfg(test)]
mod schedule;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod secrets;
#[cfg(test)]
mod serve;
#[cfg(test)]
mod service;
#[cfg(test)]
mod subscription;
#[cfg(test)]
mod supply;
#[cfg(test)]
mod support;
#[cfg(test)]
mod usersig;
#[cfg(test)]
mod window_config;
