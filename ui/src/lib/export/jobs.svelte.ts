import { api } from "../api/client";
import { Problem } from "../api/problem";
import type { ExportRequest, ExportState, ReportRequest } from "../api/types";

const POLL_MS = 300;

/** The export that the desktop window runs: asks where to save, then follows the job. */
class ExportJob {
  /** `choosing` while the save dialog is open; undefined when there is nothing to show. */
  state = $state.raw<ExportState | "choosing">();
  problem = $state.raw<Problem>();

  start(request: ExportRequest): Promise<void> {
    return this.#follow(() => api.startExport(request));
  }

  /** The same of a report. */
  report(request: ReportRequest): Promise<void> {
    return this.#follow(() => api.startReport(request));
  }

  async #follow(begin: () => Promise<ExportState>): Promise<void> {
    if (this.running) return;
    this.problem = undefined;
    this.state = "choosing";
    try {
      let job = await begin();
      // Nothing was chosen in the save dialog: there is nothing to tell either.
      this.state = job.id === "" && job.state === "cancelled" ? undefined : job;
      while (job.state === "running") {
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
        job = await api.exportJob(job.id);
        this.state = job;
      }
    } catch (cause) {
      this.problem = Problem.from(cause);
      this.state = undefined;
    }
  }

  get running(): boolean {
    return this.state === "choosing" || this.state?.state === "running";
  }

  async cancel(): Promise<void> {
    if (this.state === undefined || this.state === "choosing") return;
    try {
      await api.cancelExport(this.state.id);
    } catch (cause) {
      this.problem = Problem.from(cause);
    }
  }

  /** Shows the file where it lies, in what the system manages files with. */
  async show(): Promise<void> {
    if (this.state === undefined || this.state === "choosing") return;
    try {
      await api.showExport(this.state.id);
    } catch (cause) {
      this.problem = Problem.from(cause);
    }
  }

  dismiss(): void {
    this.state = this.problem = undefined;
  }
}

export const exportJob = new ExportJob();
