//! Why the port could not be opened.

use std::io;
use std::net::SocketAddr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Why no callbacks arrive: a code with its arguments. `Display` is the English sentence: what is in the way, what to do, and why no
/// other port is tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
#[error("No callbacks arrive: {}.{}", self.what_and_remedy(), self.what_is_tried())]
pub enum PortClosed {
    /// Another program has it.
    PortTaken {
        /// The address and port.
        address: String,
        /// The port.
        port: u16,
    },
    /// This user may not open it.
    PortForbidden {
        /// The address and port.
        address: String,
    },
    /// This computer does not have the address, or not now.
    AddressMissing {
        /// The address without the port.
        ip: String,
    },
    /// Somebody wanted a pause. It ends by itself.
    Paused {
        /// When it ends, Unix milliseconds.
        until_ms: i64,
    },
    /// The system gave another reason.
    PortNotOpened {
        /// The address and port.
        address: String,
        /// The system's words.
        why: String,
    },
}

impl PortClosed {
    /// What a failure to open `address` means.
    pub(super) fn of(address: SocketAddr, error: &io::Error) -> Self {
        let (port, ip, address) = (address.port(), address.ip().to_string(), address.to_string());
        match error.kind() {
            io::ErrorKind::AddrInUse => Self::PortTaken { address, port },
            io::ErrorKind::PermissionDenied => Self::PortForbidden { address },
            io::ErrorKind::AddrNotAvailable => Self::AddressMissing { ip },
            _ => Self::PortNotOpened { address, why: error.to_string() },
        }
    }

    const fn what_is_tried(&self) -> &'static str {
        match self {
            Self::Paused { .. } => "",
            _ => {
                " Calltrail keeps trying this address and never takes another, because it is the one that is registered at Tencent."
            }
        }
    }

    fn what_and_remedy(&self) -> String {
        match self {
            Self::PortTaken { address, port } => format!(
                "{address} is taken by another program. Stop the program that uses port {port} (perhaps another Calltrail)"
            ),
            Self::PortForbidden { address } => format!(
                "this user may not open {address}. Ports below 1024 need a permission; choose a higher one and let a tunnel or proxy lead to it"
            ),
            Self::AddressMissing { ip } => format!(
                "this computer has no address {ip} now. Connect the network adapter that has it, or choose another address"
            ),
            Self::Paused { .. } => {
                "receiving is paused, and goes on by itself when the pause is over or somebody ends it".to_owned()
            }
            Self::PortNotOpened { address, why } => {
                format!("{address} could not be opened ({why}). Choose another address if this stays so")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_names_the_address_and_a_remedy() {
        let address: SocketAddr = "127.0.0.1:8787".parse().expect("an address");
        for (kind, want) in [
            (
                io::ErrorKind::AddrInUse,
                "127.0.0.1:8787 is taken by another program. Stop the program that uses port 8787",
            ),
            (io::ErrorKind::PermissionDenied, "may not open 127.0.0.1:8787. Ports below 1024"),
            (io::ErrorKind::AddrNotAvailable, "no address 127.0.0.1 now"),
            (io::ErrorKind::Other, "127.0.0.1:8787 could not be opened"),
        ] {
            let text = PortClosed::of(address, &io::Error::from(kind)).to_string();
            assert!(text.contains(want), "{kind:?}: {want:?} is missing from: {text}");
            assert!(text.contains("registered at Tencent"), "it says why no other port is tried: {text}");
        }
    }
}
