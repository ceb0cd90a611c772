/** Writes the snippet's files into `outDir`. Throws if one is over its byte budget. */
export declare function buildSnippet(outDir: string): Promise<void>;
