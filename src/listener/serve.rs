//! One connection: HTTP/1.1 with keep-alive, watched for silence, closed so that the last answer arrives.

use std::{
    convert::Infallible,
    future::{Future, poll_fn},
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf},
    net::TcpStream,
    sync::watch,
    time::timeout,
};

use super::{
    connections::{Connection, Phase},
    foreign::{self, Protocol},
    handler::Handler,
    reply::Reply,
    stopped,
};

/// Room for a request's head: a query of 8 KiB and as much again in headers.
const HEAD_BYTES: usize = 32 * 1024;
/// More headers than any sender or proxy needs.
const HEADERS: usize = 64;
/// After an answer that came before the end of the body, so much of the rest is read, so that closing does not take the
/// answer away from the sender.
const LINGER_BYTES: usize = 2 * 1024 * 1024;
const LINGER: Duration = Duration::from_secs(1);

/// What becomes of the requests of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Welcome {
    /// They are answered.
    Serve,
    /// There are too many connections: they are asked to come back.
    TurnAway,
}

/// An answer on its way; boxed, because hyper's polling without shutdown wants it to be movable.
type Answering = Pin<Box<dyn Future<Output = Result<Reply, Infallible>> + Send>>;

/// Serves a connection until it ends, or until `stop` says so and its request in flight is answered.
pub(super) async fn serve(
    stream: TcpStream,
    connection: Arc<Connection>,
    handler: Arc<Handler>,
    welcome: Welcome,
    mut stop: watch::Receiver<bool>,
) {
    let service = service_fn(|request: Request<Incoming>| {
        let (connection, handler) = (Arc::clone(&connection), Arc::clone(&handler));
        let answering: Answering = Box::pin(async move {
            let _request = connection.begin_request();
            Ok(guarded(&handler, &connection, request, welcome).await)
        });
        answering
    });
    let watched = Watched {
        stream,
        connection: Arc::clone(&connection),
        first: Vec::with_capacity(foreign::FIRST),
        untaken: false,
        unread: false,
    };
    // hyper's own timer for heads also runs while a connection is idle, which would close those of Tencent after seconds.
    // The accept loop closes whoever is overdue (`connections.rs`).
    let mut http = http1::Builder::new()
        .half_close(true)
        .header_read_timeout(None)
        .max_buf_size(HEAD_BYTES)
        .max_headers(HEADERS)
        .serve_connection(TokioIo::new(watched), service);
    let mut stopping = false;
    let ended = loop {
        tokio::select! {
            ended = poll_fn(|cx| http.poll_without_shutdown(cx)) => break ended,
            () = stopped(&mut stop), if !stopping => {
                if connection.phase() == Phase::Opened {
                    return;
                }
                stopping = true;
                Pin::new(&mut http).graceful_shutdown();
            }
        }
    };
    let Watched { mut stream, first, .. } = http.into_parts().io.into_inner();
    if ended.is_err_and(|error| error.is_parse()) {
        connection.leave_unread();
        let protocol = Protocol::of(&first);
        if protocol == Some(Protocol::Http2) {
            // hyper leaves it unanswered. Whoever is gone need not be told.
            let _ = stream.write_all(foreign::HTTP_1_1_REQUIRED).await;
        }
        handler.note_not_http(&connection, protocol);
    }
    close(stream, connection.has_unread()).await;
}

/// Answers a request; a fault in our own code costs this request and nothing else.
async fn guarded(handler: &Handler, connection: &Connection, request: Request<Incoming>, welcome: Welcome) -> Reply {
    if welcome == Welcome::TurnAway {
        return handler.turn_away(&request, connection);
    }
    let mut answer = pin!(handler.answer(request, connection));
    let caught = poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| answer.as_mut().poll(cx))) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(reply)) => Poll::Ready(Some(reply)),
        Err(_) => Poll::Ready(None),
    });
    match caught.await {
        Some(reply) => reply,
        None => {
            tracing::error!("a request made the listener fail; it was not acknowledged");
            handler.note_fault(connection)
        }
    }
}

async fn close(mut stream: TcpStream, unread: bool) {
    // Both ends may have gone already, which is what closing is for.
    let _ = stream.shutdown().await;
    if unread {
        let rest = async {
            let mut buffer = vec![0; 16 * 1024];
            let mut read = 0;
            while read < LINGER_BYTES {
                match stream.read(&mut buffer).await {
                    Ok(0) | Err(_) => break,
                    Ok(more) => read += more,
                }
            }
        };
        let _ = timeout(LINGER, rest).await;
    }
}

/// A stream that tells its connection when bytes arrive and when answers are not taken. Whoever does not take its answers is
/// not read from any more: hyper would go on answering and keep every answer in memory.
struct Watched {
    stream: TcpStream,
    connection: Arc<Connection>,
    /// The first bytes that came.
    first: Vec<u8>,
    /// Something was written that did not fit.
    untaken: bool,
    /// Reading was put off because of that.
    unread: bool,
}

impl Watched {
    /// Notes whether what was written fitted.
    fn wrote(&mut self, cx: &Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if written.is_pending() {
            self.untaken = true;
            self.connection.answers_wait();
            self.connection.looks.found_nothing(cx.waker());
        }
        written
    }
}

impl AsyncRead for Watched {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.untaken {
            // The stream wakes this task when it can write again; the end of the writing is below.
            self.unread = true;
            return Poll::Pending;
        }
        let before = buffer.filled().len();
        let Poll::Ready(read) = Pin::new(&mut self.stream).poll_read(cx, buffer) else {
            self.connection.looks.found_nothing(cx.waker());
            return Poll::Pending;
        };
        read?;
        let more = buffer.filled().get(before..).unwrap_or_default();
        if !more.is_empty() {
            self.connection.bytes_arrived();
        }
        let wanted = foreign::FIRST.saturating_sub(self.first.len());
        self.first.extend(more.iter().take(wanted));
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.wrote(cx, written)
    }

    /// hyper flushes when it has written everything.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
        if self.untaken {
            self.untaken = false;
            self.connection.answers_taken();
        }
        if self.unread {
            self.unread = false;
            cx.waker().wake_by_ref();
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.wrote(cx, written)
    }
}
