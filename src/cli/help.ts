/** The help text, hand-written and read as one block. */

export const HELP: string = `marginalia: notebooks in TypeScript beside papers, and the reports they print

Usage
  marginalia build [notebook ...] [options]  run notebooks, print reports
  marginalia check [notebook ...] [options]  look for mistakes, run nothing
  marginalia setup                           fetch engine and browser
  marginalia doctor                          show what is installed and missing

A notebook is a path, or the beginning of a name in notebooks/book.yml ("01").
Without a name, build and check take all notebooks of the book.

Options of build
  --to html,pdf        what to print (default: both)
  --profile NAME       smoke: seconds, no verdicts; quick: minutes (default);
                       full: hours for all, shown beside later quick runs
  --no-execute         run nothing; print the outputs of the last build
  --out DIR            where the reports go (default: reports)
  --jobs N             notebooks that run at once, after the first (default: 2)
  --timeout SECONDS    limit of a cell without progress (default: 600)
  --debug              show the stack of an error

Options of check
  --json               one JSON document; README.md describes it
  --debug              show the stack of an error

Other options
  --help               this text
  --version            the version

Environment
  MARGINALIA_CACHE            folder for engine, browser, models and results
  MARGINALIA_ENGINE           native or cpu (default: native where it loads)
  PUPPETEER_EXECUTABLE_PATH   the Chromium that prints PDF
`;
