/** The text of a small notebook file, with parts replaced. */

export function fileOf(changes: object = {}, cell: object = {}): string {
  return JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: 'tslab', display_name: 'TypeScript' } },
    cells: [
      { cell_type: 'markdown', id: 'intro', metadata: {}, source: ['# Title\n', 'text'] },
      {
        cell_type: 'code',
        id: 'first',
        metadata: { tags: ['hide-input'], kept: { as: 'it is' } },
        source: 'const a = 1;\n',
        execution_count: null,
        outputs: [],
        ...cell,
      },
    ],
    ...changes,
  });
}
