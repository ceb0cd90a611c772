import type { en } from './en.ts';

/** One catalogue per language. English is the pattern: a key that another language lacks fails the type check. */
export type Words = Widened<typeof en>;

type Widened<T> = {
  readonly [Key in keyof T]: T[Key] extends string ? string : T[Key] extends Fn ? T[Key] : Widened<T[Key]>;
};
type Fn = (...parts: never[]) => string;
