declare module 'commonmark-spec' {
  interface Example {
    readonly markdown: string;
    readonly html: string;
    readonly section: string;
    /** From 1, as in the printed specification. */
    readonly number: number;
  }
  const spec: { readonly tests: readonly Example[] };
  export default spec;
}
