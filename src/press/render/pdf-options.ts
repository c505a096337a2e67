export interface PdfHeading {
  readonly level: number;
  readonly text: string;
  /** Element id in the page. */
  readonly id: string;
}

interface PdfAttachment {
  /** File name, which readers of the PDF see. */
  readonly name: string;
  readonly mime: string;
  readonly bytes: Uint8Array;
}

/** What a PDF says besides its pages. */
export interface PdfOptions {
  readonly title: string;
  readonly author?: string;
  /** Language tag, `en`. */
  readonly language: string;
  /** ISO date: when the PDF says that it was made. */
  readonly date: string;
  /** The outline, in the order of the page. */
  readonly headings: readonly PdfHeading[];
  readonly attachments?: readonly PdfAttachment[];
}

/** A browser that was launched once and works. */
export interface BrowserCommand {
  readonly path: string;
  /** What it needs to start on this machine, for instance `--no-sandbox`. */
  readonly args: readonly string[];
}
