/** A batch as it leaves: texts cut to what the wire takes, what is empty left out. */
export const toBody = (batch: object): string =>
  JSON.stringify(batch, (_, value) => (value?.trim ? value.slice(0, 1_000) : (value ?? undefined)));
