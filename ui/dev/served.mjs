// The built screens, served on a free port.
import { preview } from "vite";

/** Serves them with the mock that the environment names, until it is closed. */
export async function served() {
  const server = await preview({ logLevel: "silent", preview: { port: 0, strictPort: false } });
  // A connection that is ended here at the moment at which it is used again would break what is asked on it.
  server.httpServer.keepAliveTimeout = 0;
  return server;
}
