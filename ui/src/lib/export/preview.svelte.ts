import { api } from "../api/client";
import { Problem } from "../api/problem";
import type { ExportPreview, ExportRequest } from "../api/types";

/** A press on a box or an arrow is followed by others. */
const PAUSE_MS = 150;

/** What the export will be that a dialog asks about. */
export class Preview {
  /** The last answer, which stays until there is another one. */
  answer = $state.raw<ExportPreview>();
  problem = $state("");

  /** Looks after a moment. The answered function gives it up. */
  look(request: ExportRequest): () => void {
    const abort = new AbortController();
    const timer = setTimeout(() => void this.#ask(request, abort.signal), PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }

  /** Before another list is looked at: it has other columns. */
  forget(): void {
    this.answer = undefined;
  }

  async #ask(request: ExportRequest, signal: AbortSignal): Promise<void> {
    try {
      this.answer = await api.exportPreview(request, signal);
      this.problem = "";
    } catch (cause) {
      if (!signal.aborted) this.problem = Problem.from(cause).message;
    }
  }
}

/** One dialog is open at a time. */
export const exportPreview = new Preview();
