//! Closing a window as a window manager does when its cross is clicked: the message `WM_DELETE_WINDOW`, in X11's own words.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;

/// Asks the window to close.
pub(crate) fn close(display: &str, window: &str) {
    let window: u32 = window.parse().expect("xdotool prints decimal ids");
    let mut server = connect(display);
    let (protocols, delete) = (atom(&mut server, "WM_PROTOCOLS"), atom(&mut server, "WM_DELETE_WINDOW"));
    let mut message = vec![25, 0];
    message.extend(11_u16.to_le_bytes());
    message.extend(window.to_le_bytes());
    message.extend(0_u32.to_le_bytes());
    // The event itself: a ClientMessage of 32-bit words to that window.
    message.extend([33, 32, 0, 0]);
    for word in [window, protocols, delete, 0, 0, 0, 0] {
        message.extend(word.to_le_bytes());
    }
    server.write_all(&message).expect("the message is sent");
    // An answer to anything later means that the message was passed on.
    atom(&mut server, "WM_PROTOCOLS");
}

fn connect(display: &str) -> UnixStream {
    let socket = format!("/tmp/.X11-unix/X{}", display.trim_start_matches(':'));
    let mut server = UnixStream::connect(socket).expect("the X server listens");
    // Little-endian, protocol 11.0, no authorisation.
    server.write_all(&[b'l', 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0]).expect("the greeting is sent");
    let mut head = [0; 8];
    server.read_exact(&mut head).expect("the greeting is answered");
    assert_eq!(head[0], 1, "the X server lets us in");
    let mut rest = vec![0; usize::from(u16::from_le_bytes([head[6], head[7]])) * 4];
    server.read_exact(&mut rest).expect("the rest of the greeting");
    server
}

/// The number of a name (InternAtom).
fn atom(server: &mut UnixStream, name: &str) -> u32 {
    let length = u16::try_from(name.len()).expect("a short name");
    let words = length.div_ceil(4);
    let mut request = vec![16, 0];
    request.extend((2 + words).to_le_bytes());
    request.extend(length.to_le_bytes());
    request.extend([0, 0]);
    request.extend(name.as_bytes());
    request.resize(8 + usize::from(words) * 4, 0);
    server.write_all(&request).expect("the question is sent");
    let mut reply = [0; 32];
    // Events that everybody gets, such as a new keyboard, may come before the answer.
    while reply[0] != 1 {
        server.read_exact(&mut reply).expect("the question is answered");
        assert_ne!(reply[0], 0, "the X server understood the question");
    }
    u32::from_le_bytes([reply[8], reply[9], reply[10], reply[11]])
}
