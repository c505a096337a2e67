declare module 'markdown-it-deflist' {
  import type { PluginSimple } from 'markdown-it';

  const definitionList: PluginSimple;
  export default definitionList;
}
