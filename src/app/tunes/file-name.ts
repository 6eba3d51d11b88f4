/** The last part of a path: `tune.mid` for `out/tune.mid`. Both `/` and `\` separate folders. */
export const fileName = (path: string): string => path.replace(/^.*[/\\]/s, '');
