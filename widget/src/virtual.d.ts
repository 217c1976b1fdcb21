/** Types of what the build puts in: the bundled help lines, and the stylesheet as text. */

declare module "virtual:help-lines" {
  const lines: import("./help-lines.ts").HelpLines;
  export default lines;
}

declare module "*.css?raw" {
  const css: string;
  export default css;
}
