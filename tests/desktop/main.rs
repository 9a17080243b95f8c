//! The real desktop window, driven as a person drives it: WebKit's own WebDriver under Xvfb, keys for the native dialogs.
//!
//! A test program of its own, because it needs the built window: `cargo xtask e2e` builds it and names it in
//! `CALLTRAIL_DESKTOP`. Every test has a display, a home and a data folder of its own, so they run side by side.

#[cfg(test)]
mod callbacks;
#[cfg(test)]
mod calls;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod file_manager;
#[cfg(test)]
mod first_run;
#[cfg(test)]
mod hook;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod instance;
#[cfg(test)]
mod morning;
#[cfg(test)]
mod photographs;
#[cfg(test)]
mod quit;
#[cfg(test)]
mod schedule;
#[cfg(test)]
mod screen;
#[cfg(test)]
mod stays;
#[cfg(test)]
mod tencent;
#[cfg(test)]
mod window;
#[cfg(test)]
mod x11;
