/** The words of the report of a period. */
export const report = {
  button: "Report",
  lastWeek: "Last week",
  lastMonth: "Last month",
  /** The period that the overview shows, by its name. */
  shown: (period: string) => `Shown: ${period}`,
  workbook: "Workbook",
  /** The same to be read by a screen reader, and as a tool tip. */
  workbookOf: (period: string) => `Report as a workbook (xlsx): ${period}`,
  page: "To print",
  pageOf: (period: string) => `Report to print (HTML): ${period}`,
  help: "Figures beside those of the period before, charts, and every call, room and case of follow-up. Weeks begin on Monday.",
  saved: "The page to print is saved as a file. Open it in a browser and print it there, on paper or as a PDF.",
};
