/**
 * How records are read and flattened. `plain` parses and asks ajv, and is the only judge of what is
 * refused; `fast` works on bytes and leaves to `plain` whatever it is not sure of. Both give the same
 * verdicts and the same bytes (`test/fast`).
 */
export type Engine = 'plain' | 'fast';
