import type { en } from './en.ts';

/** One catalogue per language. English is the pattern: a key that another language lacks fails the type check. */
export type Words = Wording<typeof en>;

/** The same keys, whatever the language says under them. */
export type Wording<T> = {
  readonly [Key in keyof T]: T[Key] extends string ? string : T[Key] extends Fn ? T[Key] : Wording<T[Key]>;
};
type Fn = (...parts: never[]) => string;
